"""Sites as each role may know them. No patient in any of it."""

from __future__ import annotations

from trellis.core.access.viewer import Viewer
from trellis.core.access.vocabulary import Action, DataClass, Role
from trellis.records.access import gate
from trellis.records.access.gate import peeks
from trellis.records.sites.models import Site


@peeks
def site_names(*, viewer: Viewer) -> dict[int, str]:
    """The viewer's sites by key: for parents under their neutral names.

    A label beside other lists, without any person: no audit entry. Statements: 1.

    Raises:
        NotFound: nothing about sites is open to the role.
    """
    is_public = viewer.role is Role.PARENT
    gate.site_sight(viewer, Action.READ, DataClass.CONFIGURATION, published=is_public)
    column = "neutral_name" if is_public else "name"
    rows = Site.objects.filter(pk__in=viewer.site_ids).order_by("pk")
    return dict(rows.values_list("pk", column))
