"""What a session's team tells the gate: 3 days before to 3 days after, by site date.

The facilitator of a session stands by it (``OWN_SESSION``); everybody else in its team
is on the care team of the families expected there. Source: privacy.md 3.3. At most 1
statement a call.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Q, Subquery

from trellis.core.access.viewer import Viewer
from trellis.core.access.vocabulary import Role
from trellis.core.consent.facts import OwnSession
from trellis.records.access.gate import Fact
from trellis.records.care.facts import BY_SITE, team_facts
from trellis.records.groups.models import SessionStaff
from trellis.records.sites.models import Site


AROUND_DAYS: Final = 3
NOT_BY_SESSION: Final = BY_SITE | {Role.EVALUATOR_FUNDER, Role.PARENT}


def session_team(viewer: Viewer, patients: frozenset[UUID]) -> Iterator[Fact]:
    """Facts about the families and children expected at the viewer's sessions."""
    if viewer.role in NOT_BY_SESSION:
        return
    people = ("session__expected__dyad__parent_id", "session__expected__dyad__child_id")
    for _, (own, zone_name), (parent, child) in _sessions(viewer, *people):
        for patient in {parent, child} & patients:
            if viewer.role is Role.FACILITATOR:
                yield patient, "own_session", own
                yield patient, "site_tz", zone_name
            else:
                yield from team_facts(viewer, [patient])


def _sessions(
    viewer: Viewer, *columns: str
) -> Iterator[tuple[UUID, tuple[OwnSession, str], list[UUID]]]:
    """The sessions around now in whose team the viewer stands in the active role.

    Each with the further columns asked for: once for each family expected, if these
    are asked.
    """
    wide = timedelta(days=AROUND_DAYS + 1)  # the site's date is checked below
    around = Q(session__starts__gte=viewer.at - wide)
    around &= Q(session__starts__lte=viewer.at + wide)
    zone_of_site = Site.objects.filter(pk=OuterRef("site_id")).values("time_zone")
    rows = SessionStaff.ungated.filter(
        around | Q(starts__isnull=False),  # a substitute's dates are the row's own
        user_id=viewer.user_id,
        role=viewer.role.value,
        site_id__in=viewer.site_ids,
    ).annotate(zone=Subquery(zone_of_site))
    found = rows.values_list(
        "session_id", "session__starts", "starts", "ends", "zone", *columns
    )
    for session_id, begins, starts, ends, zone_name, *more in found:
        zone = ZoneInfo(zone_name)
        on, now = begins.astimezone(zone).date(), viewer.at.astimezone(zone).date()
        first = starts or on - timedelta(days=AROUND_DAYS)
        last = ends or on + timedelta(days=AROUND_DAYS)
        if first <= now <= last:
            own = OwnSession(
                session_id=str(session_id), on=on, starts_on=starts, until_on=ends
            )
            yield session_id, (own, zone_name), more


def own_session_facts(viewer: Viewer, session_id: UUID) -> dict[str, object]:
    """What ``gate.site_sight`` must know of one session: whether it is the viewer's.

    Empty where the viewer does not facilitate it now. At most 1 statement.
    """
    if viewer.role is not Role.FACILITATOR:
        return {}
    for found, (own, zone_name), _ in _sessions(viewer):
        if found == session_id:
            return {"own_session": own, "site_tz": zone_name}
    return {}


def stood_by(viewer: Viewer, session_ids: Iterable[UUID]) -> list[UUID]:
    """Of the sessions, those the viewer stands by. At most 1 statement."""
    sessions = list(session_ids)
    if viewer.role is not Role.FACILITATOR or not sessions:
        return sessions
    own = {found for found, _, _ in _sessions(viewer)}
    return [session for session in sessions if session in own]


def stands_by(viewer: Viewer, session_id: UUID) -> bool:
    """Whether the viewer's role sees who is expected at this session at all.

    A facilitator knows the families of the own sessions, and of these alone: what is
    open of a family for today's session opens nothing of another one it came to. At
    most 1 statement.
    """
    if viewer.role is not Role.FACILITATOR:
        return True
    return bool(own_session_facts(viewer, session_id))
