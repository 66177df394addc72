"""What people do with their accounts: each leaves an audit entry. Opens no record."""

from __future__ import annotations

from trellis.core.access.viewer import Viewer
from trellis.core.errors import NotFound
from trellis.records.access import gate
from trellis.records.accounts.models import Membership
from trellis.records.accounts.queries import viewer_of


@gate.writes
def note_sign_in(*, by: Viewer, is_demo: bool = False) -> None:
    """Somebody signed in; as a persona of the demo with one click, or properly."""
    gate.note(by, "accounts.demo-sign-in" if is_demo else "accounts.sign-in")


@gate.writes
def note_sign_out(*, by: Viewer) -> None:
    """Somebody signed out."""
    gate.note(by, "accounts.sign-out")


@gate.writes
def switch_role(*, by: Viewer, membership_id: int) -> Viewer:
    """The viewer of another membership of the same person; the union never exists.

    Raises:
        NotFound: it is not the person's own, or not in force.
    """
    on = by.at.date()
    held = Membership.objects.filter(pk=membership_id, user_id=by.user_id)
    wanted = held.select_related("site", "organisation", "integrated_unit").first()
    if wanted is None or wanted.starts > on:
        raise NotFound
    if wanted.ends is not None and wanted.ends <= on:
        raise NotFound
    after = viewer_of(wanted, at=by.at)
    gate.note(after, "accounts.switch-role", membership=membership_id, was=by.role)
    return after
