"""What a session's team tells the gate: 3 days before to 3 days after, by site date.

The facilitator of a session stands by it (``OWN_SESSION``); everybody else in its team
is on the care team of the families expected there. Source: privacy.md 3.3. At most 2
statements a call.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Q, Subquery

from trellis.core.access.viewer import Viewer
from trellis.core.access.vocabulary import Role
from trellis.core.consent.facts import OwnSession
from trellis.records.access.gate import Fact
from trellis.records.care.facts import BY_SITE, unit_facts
from trellis.records.groups.models import Place, SessionStaff
from trellis.records.sites.models import Site


AROUND_DAYS: Final = 3
NOT_BY_SESSION: Final = BY_SITE | {Role.EVALUATOR_FUNDER, Role.PARENT}


def session_team(viewer: Viewer, patients: frozenset[UUID]) -> Iterator[Fact]:
    """Facts about the families and children expected at the viewer's sessions."""
    if viewer.role in NOT_BY_SESSION:
        return
    sessions = dict(_sessions(viewer))
    if not sessions:
        return
    places = Place.ungated.filter(session_id__in=sessions).values_list(
        "session_id", "dyad__parent_id", "dyad__child_id"
    )
    for session_id, parent, child in places:
        for patient in {parent, child} & patients:
            if viewer.role is Role.FACILITATOR:
                yield patient, "own_session", sessions[session_id][0]
                yield patient, "site_tz", sessions[session_id][1]
            else:
                yield patient, "care_team", True
                yield from unit_facts(viewer, [patient])


def _sessions(viewer: Viewer) -> Iterator[tuple[UUID, tuple[OwnSession, str]]]:
    """The sessions around now in whose team the viewer stands in the active role."""
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
    columns = rows.values_list(
        "session_id", "session__starts", "starts", "ends", "zone"
    )
    for session_id, begins, starts, ends, zone_name in columns:
        zone = ZoneInfo(zone_name)
        on, now = begins.astimezone(zone).date(), viewer.at.astimezone(zone).date()
        first = starts or on - timedelta(days=AROUND_DAYS)
        last = ends or on + timedelta(days=AROUND_DAYS)
        if first <= now <= last:
            own = OwnSession(
                session_id=str(session_id), on=on, starts_on=starts, until_on=ends
            )
            yield session_id, (own, zone_name)


def own_session_facts(viewer: Viewer, session_id: UUID) -> dict[str, object]:
    """What ``gate.site_sight`` must know of one session: whether it is the viewer's.

    Empty where the viewer does not facilitate it now. At most 1 statement.
    """
    if viewer.role is not Role.FACILITATOR:
        return {}
    for found, (own, zone_name) in _sessions(viewer):
        if found == session_id:
            return {"own_session": own, "site_tz": zone_name}
    return {}
