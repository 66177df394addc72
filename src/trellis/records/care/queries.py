"""Reading about families in care: the list, a pair's page, a parent's."""

from __future__ import annotations

from uuid import UUID

from trellis.core.access.viewer import Viewer
from trellis.records.access.gate import reads
from trellis.records.care.dyad_page import adult, child_to_link, pair, team
from trellis.records.care.family_list import families_page
from trellis.records.care.lines import CareTeam, ChildToLink, DyadPage, ParentPage
from trellis.records.people.lines import FamiliesPage


@reads("care.families")
def families(*, viewer: Viewer, text: str = "", page: int = 1) -> FamiliesPage:
    """The families open to the viewer, by name, 50 a page.

    ``text``: words of names (all must match, whatever their case and accents), the
    site's own number, or a birth date as 2026-08-30. The total is counted after the
    gate. At most 10 statements with the request's own, for every role.
    """
    return families_page(viewer, text, page)


@reads("care.dyad")
def dyad_page(*, viewer: Viewer, dyad_id: UUID) -> DyadPage:
    """A parent and a child together. At most 22 statements.

    Raises:
        NotFound: no such dyad for the viewer, or their link is not open.
    """
    return pair(viewer, dyad_id)


@reads("care.parent")
def parent_page(*, viewer: Viewer, parent_id: UUID) -> ParentPage:
    """A parent with the open children. At most 22 statements.

    Raises:
        NotFound: no such adult for the viewer.
    """
    return adult(viewer, parent_id)


@reads("care.team")
def care_team(*, viewer: Viewer, parent_id: UUID) -> CareTeam:
    """The care team of a family, for whoever may change it. At most 12 statements.

    Raises:
        NotFound: no such adult for the viewer, or the team is not theirs to change.
    """
    return team(viewer, parent_id)


@reads("care.child-to-link")
def child_of_dyad(*, viewer: Viewer, dyad_id: UUID) -> ChildToLink:
    """The child of a dyad, before a caregiver is linked. At most 8 statements.

    Raises:
        NotFound: no such dyad for the viewer, or the child is not open.
    """
    return child_to_link(viewer, dyad_id)
