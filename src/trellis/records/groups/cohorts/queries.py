"""Cohorts, their members and their dates; what a session needs beforehand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Min, Q

from trellis.core.access.viewer import Permission, Viewer
from trellis.core.access.vocabulary import Action, DataClass
from trellis.core.errors import NotFound
from trellis.core.groups.cohorts import (
    CohortWarning,
    DatedFit,
    Fit,
    birth_spread_days,
    births_for,
    cohort_warnings,
    fit_on,
    shared_window,
    slack_days,
)
from trellis.core.people.visits import Visit, Window
from trellis.records.access import gate
from trellis.records.access.gate import reads
from trellis.records.accounts.models import Membership
from trellis.records.groups.board import SessionHead
from trellis.records.groups.families import FAMILY, Family, families
from trellis.records.groups.heads import session_head
from trellis.records.groups.models import (
    Cohort,
    GroupSession,
)
from trellis.records.people.models import Dyad
from trellis.records.sites.models import ClosedDay, Room, Site


ATTENDANCE: Final = DataClass.COHORT_ATTENDANCE
RECORD: Final = DataClass.GROUP_RECORD
PAGE: Final = 50


class CohortHead(NamedTuple):
    """A cohort without anybody in it."""

    cohort_id: UUID
    site_id: int
    name: str
    language: str
    places: int
    opened_on: date
    closed_on: date | None
    version: int


HEAD: Final = ("pk", *CohortHead._fields[1:])


@dataclass(frozen=True, slots=True)
class CohortLine:
    """A cohort in a list. ``members`` and ``spread_days`` count what is open."""

    head: CohortHead
    members: int
    spread_days: int | None
    warnings: tuple[CohortWarning, ...]
    next_session: datetime | None


@reads("groups.cohort-list")
def cohort_list(
    *, viewer: Viewer, is_closed: bool = False, page: int = 1
) -> tuple[CohortLine, ...]:
    """Cohorts by name, fifty a page and one more if any.

    Statements: 4, the gate's facts, audit.
    """
    first = (page - 1) * PAGE
    rows = Cohort.at_sites(viewer, reads=RECORD).filter(closed_on__isnull=not is_closed)
    # the first session to come, of those that stand
    standing = Q(sessions__status__in=["planned", "open"])
    coming = standing & Q(sessions__starts__gte=viewer.at)
    dated = rows.annotate(next_session=Min("sessions__starts", filter=coming))
    columns = dated.order_by("name").values_list(*HEAD, "next_session")
    shown = list(columns[first : first + PAGE + 1])
    births = _births(viewer, [row[0] for row in shown])
    return tuple(
        _cohort_line(CohortHead(*row[:-1]), births[row[0]], row[-1]) for row in shown
    )


@dataclass(frozen=True, slots=True)
class MemberFit:
    """One member beside one date."""

    family: Family
    fit: DatedFit


@dataclass(frozen=True, slots=True)
class SeriesLine:
    """A session of the series, with each child's planning window beside its date.

    ``shared``: the days on which every child is inside; ``slack_days`` below zero: so
    many days are missing. ``outside``: how many children fall out of the date.
    """

    session_id: UUID
    visit: str
    on: date
    starts: datetime
    ends: datetime
    room: str
    status: str
    version: int
    members: tuple[MemberFit, ...]
    shared: Window | None
    slack_days: int | None

    @property
    def outside(self) -> int:
        """How many children's windows do not hold the date."""
        return sum(one.fit.fit is not Fit.INSIDE for one in self.members)


@dataclass(frozen=True, slots=True)
class CohortPage:
    """A cohort, its members as far as they are open, and its series."""

    head: CohortHead
    members: tuple[Family, ...]
    spread_days: int | None
    warnings: tuple[CohortWarning, ...]
    series: tuple[SeriesLine, ...]
    may_plan: bool
    gives_hepb2_at_1m: bool


@reads("groups.cohort-page")
def cohort_page(*, viewer: Viewer, cohort_id: UUID) -> CohortPage:
    """A cohort with its members and its dates.

    Statements: 6, the gate's facts, audit.

    Raises:
        NotFound: no such cohort at the viewer's sites, or group records are closed.
    """
    head = _cohort_head(viewer, cohort_id)
    members = _members(viewer, cohort_id)
    births = [one.born for one in members if one.born is not None]
    gives_hepb2, zone = _site(head.site_id)
    sessions = GroupSession.at_sites(viewer, reads=RECORD).filter(cohort_id=cohort_id)
    rows = sessions.order_by("starts").values_list(*_SessionRow._fields)
    series = tuple(
        _series_line(_SessionRow(*row), members, zone, gives_hepb2=gives_hepb2)
        for row in rows
    )
    return CohortPage(
        head=head,
        members=members,
        spread_days=birth_spread_days(births),
        warnings=cohort_warnings(births, head.places) if births else (),
        series=series,
        may_plan=viewer.may(Permission.GROUPS_COHORT_PLAN),
        gives_hepb2_at_1m=gives_hepb2,
    )


@dataclass(frozen=True, slots=True)
class CalendarDate:
    """One entry of a calendar."""

    session_id: UUID
    starts: datetime
    ends: datetime
    room: str


@dataclass(frozen=True, slots=True)
class CohortCalendar:
    """Dates under the neutral name of the site."""

    cohort_id: UUID
    neutral_name: str
    place: str
    dates: tuple[CalendarDate, ...]


@reads("groups.calendar")
def cohort_calendar(*, viewer: Viewer, cohort_id: UUID) -> CohortCalendar:
    """The dates of a cohort that stand, for a calendar: no name in it.

    Statements: 3, audit.

    Raises:
        NotFound: no such cohort at the viewer's sites, or group records are closed.
    """
    head = _cohort_head(viewer, cohort_id)
    sessions = GroupSession.at_sites(viewer, reads=RECORD).filter(cohort_id=cohort_id)
    rows = sessions.exclude(status=GroupSession.CANCELLED).order_by("starts")
    site = Site.objects.values_list("neutral_name", "place").get(pk=head.site_id)
    dates = tuple(
        CalendarDate(*row) for row in rows.values_list("pk", "starts", "ends", "room")
    )
    return CohortCalendar(cohort_id, *site, dates)


@reads("groups.placeable")
def placeable_families(
    *, viewer: Viewer, born_from: date, born_until: date
) -> tuple[Family, ...]:
    """Families in no cohort now, whose child was born in the half-open period.

    Statements: 2, the gate's facts, audit.
    """
    in_one = Q(memberships__isnull=False, memberships__ends=None)
    groups = Count("memberships", filter=in_one)
    on = viewer.today
    among = (Q(ends=None) | Q(ends__gt=on)) & Q(
        child__born__gte=born_from, child__born__lt=born_until
    )
    needed = {DataClass.DYAD_LINK}
    scope = Dyad.scoped(viewer, reads=needed, among=among)
    free = scope.rows.annotate(groups=groups).filter(groups=0)
    columns = [column.removeprefix("dyad__") for column in FAMILY[1:]]
    rows = free.order_by("child__born").values_list("pk", *columns)[:PAGE]
    return tuple(families(viewer, rows).values())


@reads("groups.expectable")
def expectable_families(
    *, viewer: Viewer, session_id: UUID
) -> tuple[SessionHead, tuple[Family, ...]]:
    """A session, and families not on its list whose child is of the age for it.

    The age is that of its visit's window, a month more on both sides; without a visit
    any under 3 years. Fifty at most, the youngest first. Statements: 3, the gate's
    facts, audit.

    Raises:
        NotFound: no such session, or it is not the viewer's to plan.
    """
    head = session_head(viewer, session_id)
    _require_planner(viewer, head.site_id)
    born_from, born_until = births_for(head.planned_visit, head.on)
    holds = Q(starts__lte=head.on) & (Q(ends=None) | Q(ends__gt=head.on))
    among = holds & Q(
        site_id=head.site_id, child__born__gte=born_from, child__born__lt=born_until
    )
    scope = Dyad.scoped(viewer, reads={DataClass.DYAD_LINK}, among=among)
    columns = [column.removeprefix("dyad__") for column in FAMILY[1:]]
    free = scope.rows.exclude(places__session_id=session_id)
    rows = free.order_by("-child__born", "pk").values_list("pk", *columns)[:PAGE]
    return head, tuple(families(viewer, rows).values())


@dataclass(frozen=True, slots=True)
class StaffLine:
    """Somebody who works at a site, in one role."""

    user_id: UUID
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """Where and when a session can be: rooms, closed days, the site's time zone."""

    rooms: tuple[tuple[str, int], ...]
    closed_days: tuple[tuple[date, str], ...]
    zone: str


@reads("groups.staff")
def staff_of_site(*, viewer: Viewer, site_id: int) -> tuple[StaffLine, ...]:
    """Who can stand in a session's team. Statements: 1, audit.

    Raises:
        NotFound: planning is not the viewer's act, or it is another site.
    """
    _require_planner(viewer, site_id)
    on = viewer.today
    in_force = Q(starts__lte=on) & (Q(ends=None) | Q(ends__gt=on))
    rows = Membership.objects.filter(in_force, site_id=site_id, user__is_active=True)
    columns = rows.exclude(role="parent").order_by("role", "user__name")
    return tuple(
        StaffLine(*row) for row in columns.values_list("user_id", "user__name", "role")
    )


@reads("groups.site-calendar")
def site_calendar(*, viewer: Viewer, site_id: int) -> Calendar:
    """Rooms and closed days of a site to come. Statements: 3, audit.

    Raises:
        NotFound: planning is not the viewer's act, or it is another site.
    """
    _require_planner(viewer, site_id)
    rooms = Room.objects.filter(site_id=site_id).order_by("name")
    closed = ClosedDay.objects.filter(site_id=site_id, on__gte=viewer.today)
    _, zone = _site(site_id)
    return Calendar(
        tuple(rooms.values_list("name", "places")),
        tuple(closed.order_by("on").values_list("on", "name")),
        zone.key,
    )


class _SessionRow(NamedTuple):
    pk: UUID
    visit: str
    starts: datetime
    ends: datetime
    room: str
    status: str
    version: int


def _require_planner(viewer: Viewer, site_id: int) -> None:
    viewer.require(Permission.GROUPS_COHORT_PLAN)
    if site_id not in viewer.site_ids:
        raise NotFound


def _cohort_head(viewer: Viewer, cohort_id: UUID) -> CohortHead:
    rows = Cohort.at_sites(viewer, reads=RECORD).filter(pk=cohort_id)
    row = rows.values_list(*HEAD).first()
    if row is None:
        raise NotFound
    return CohortHead(*row)


def _site(site_id: int) -> tuple[bool, ZoneInfo]:
    rows = Site.objects.filter(pk=site_id)
    gives_hepb2, zone = rows.values_list("gives_hepb2_at_1m", "time_zone").get()
    return gives_hepb2, ZoneInfo(zone)


def _member_rows(
    viewer: Viewer, cohort_ids: Iterable[UUID]
) -> list[tuple[UUID, tuple[Any, ...]]]:
    """Cohort and family columns of the members whose attendance is open.

    Read through the cohorts in one statement; each row is asked of the gate.
    """
    law = ("dyad__parent_id", "origin", "origin_org_id", "author_org_id")
    columns = [f"members__{column}" for column in (*law, *FAMILY)]
    rows = list(
        Cohort.at_sites(viewer, reads=RECORD)
        .filter(pk__in=cohort_ids, members__isnull=False, members__ends=None)
        .values_list("pk", *columns)
    )
    parent_at, child_at = (
        FAMILY.index("dyad__parent_id"),
        FAMILY.index("dyad__child_id"),
    )
    families_of = [(row[0], gate.Key(*row[1:5]), row[5:]) for row in rows]
    people = {one[at] for _, _, one in families_of for at in (parent_at, child_at)}
    gate.foresee(viewer, people)
    keys = {key for _, key, _ in families_of}
    seen = gate.views(viewer, Action.READ, {ATTENDANCE}, keys)
    return [(cohort, one) for cohort, key, one in families_of if key in seen]


def _births(
    viewer: Viewer, cohort_ids: list[UUID]
) -> defaultdict[UUID, list[date | None]]:
    """For each cohort its members' birth dates, None where only the row is open."""
    found: defaultdict[UUID, list[date | None]] = defaultdict(list)
    if not cohort_ids:
        return found
    rows = _member_rows(viewer, cohort_ids)
    seen = families(viewer, (row for _, row in rows))
    for cohort_id, (dyad_id, *_) in rows:
        if dyad_id in seen:
            found[cohort_id].append(seen[dyad_id].born)
    return found


def _cohort_line(
    head: CohortHead, births: list[date | None], next_session: datetime | None
) -> CohortLine:
    known = [born for born in births if born is not None]
    return CohortLine(
        head=head,
        members=len(births),
        spread_days=birth_spread_days(known),
        warnings=cohort_warnings(known, head.places) if known else (),
        next_session=next_session,
    )


def _members(viewer: Viewer, cohort_id: UUID) -> tuple[Family, ...]:
    rows = _member_rows(viewer, [cohort_id])
    seen = families(viewer, (row for _, row in rows)).values()
    return tuple(sorted(seen, key=lambda one: (one.born or date.max, one.sort_name)))


def _series_line(
    row: _SessionRow,
    members: tuple[Family, ...],
    zone: ZoneInfo,
    *,
    gives_hepb2: bool,
) -> SeriesLine:
    on = row.starts.astimezone(zone).date()
    visit = Visit(row.visit) if row.visit else None
    dated = [(one, one.born) for one in members if one.born is not None]
    births = [born for _, born in dated]
    fits: tuple[MemberFit, ...] = ()
    shared, slack = None, None
    if visit is not None:
        fits = tuple(
            MemberFit(one, fit_on(visit, born, on, gives_hepb2_at_1m=gives_hepb2))
            for one, born in dated
        )
        shared = shared_window(visit, births, gives_hepb2_at_1m=gives_hepb2)
        slack = slack_days(visit, births, gives_hepb2_at_1m=gives_hepb2)
    return SeriesLine(
        session_id=row.pk,
        visit=row.visit,
        on=on,
        starts=row.starts,
        ends=row.ends,
        room=row.room,
        status=row.status,
        version=row.version,
        members=fits,
        shared=shared,
        slack_days=slack,
    )
