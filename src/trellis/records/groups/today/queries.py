"""What the day asks of each role: the next groups, who is expected, what is owed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F, OuterRef, Q, Subquery

from trellis.core.access.viewer import Viewer
from trellis.core.access.vocabulary import DataClass, Role
from trellis.core.groups.cohorts import DatedFit, Fit, fit_on
from trellis.core.people.visits import Visit
from trellis.records.access import gate
from trellis.records.access.gate import reads
from trellis.records.groups.facts import stood_by
from trellis.records.groups.families import FAMILY, Family, families, of_one_person
from trellis.records.groups.models import (
    CohortMember,
    GroupSession,
    MakeUp,
    Place,
    SessionStaff,
)
from trellis.records.sites.models import Site


ATTENDANCE: Final = DataClass.COHORT_ATTENDANCE
RECORD: Final = DataClass.GROUP_RECORD
AHEAD_DAYS: Final = 120
COMING: Final = 3  # sessions after today
OWED: Final = 6  # visits to book
CAME: Final = frozenset({Place.ARRIVED, Place.LATE, Place.LEFT_EARLY})


class SessionCard(NamedTuple):
    """A session without anybody in it. ``zone``: the site's time zone."""

    session_id: UUID
    site_id: int
    cohort_id: UUID
    cohort_name: str
    visit: str
    starts: datetime
    ends: datetime
    room: str
    status: str
    topic: str
    agenda: list[dict[str, int | str]]
    zone: str
    site_name: str

    @property
    def on(self) -> date:
        """The date at the site."""
        return self.starts.astimezone(ZoneInfo(self.zone)).date()


CARD: Final = (
    "pk",
    "site_id",
    "cohort_id",
    "cohort__name",
    *SessionCard._fields[4:11],
    "zone",
    "site_name",
)


@dataclass(frozen=True, slots=True)
class ExpectedLine:
    """A family expected today, in the viewer's part."""

    family: Family
    state: str


@dataclass(frozen=True, slots=True)
class DaySession:
    """A session of today. ``expected`` counts what is open; None where nothing is."""

    card: SessionCard
    expected: int | None
    came: int | None
    absent: int | None
    is_own: bool
    lines: tuple[ExpectedLine, ...]


@dataclass(frozen=True, slots=True)
class OwedVisit:
    """An individual visit to book."""

    family: Family
    due_by: date | None
    state: str


@dataclass(frozen=True, slots=True)
class OutsideLine:
    """A child whose planning window does not hold the date of its next session."""

    card: SessionCard
    family: Family
    fit: DatedFit


@dataclass(frozen=True, slots=True)
class DaySheet:
    """The day at the viewer's sites; ``owed_count`` counts all of ``owed`` and more."""

    today: tuple[DaySession, ...]
    coming: tuple[SessionCard, ...]
    owed: tuple[OwedVisit, ...]
    owed_count: int
    outside: tuple[OutsideLine, ...]


@reads("groups.today")
def day_sheet(
    *, viewer: Viewer, on: date, with_families: bool = True, with_owed: bool = False
) -> DaySheet:
    """Sessions of this date and the next ones, with what is open of who is expected.

    ``with_owed``: visits to book and children outside the window, too. Statements: 5,
    with ``with_owed`` 9; the gate's facts (at most 6), audit 2 or 3.
    """
    cards = _cards(viewer, on)
    now = [card for card in cards if card.on == on]
    coming = tuple(card for card in cards if card.on > on)[:COMING]
    _foresee(viewer, now, coming if with_owed else ())
    places = _places(viewer, now, with_families=with_families)
    own = _own(viewer, now)
    owed, count = _owed(viewer) if with_owed else ((), 0)
    return DaySheet(
        today=tuple(_day(card, places, card.session_id in own) for card in now),
        coming=coming,
        owed=owed,
        owed_count=count,
        outside=_outside(viewer, coming) if with_owed else (),
    )


@dataclass(frozen=True, slots=True)
class OwnDate:
    """A parent's own appointment: when, where, and what her group talks about."""

    starts: datetime
    ends: datetime
    zone: str
    place: str
    room: str
    topic: str
    agenda: tuple[str, ...]


@reads("groups.own-dates")
def own_dates(*, viewer: Viewer) -> tuple[OwnDate, ...]:
    """The parent's coming appointments, the next one first; empty for everybody else.

    Twins come to one appointment. Statements: 3, the gate's facts, audit.
    """
    if viewer.role is not Role.PARENT or viewer.subject_id is None:
        return ()
    among = Q(dyad__parent_id=viewer.subject_id, session__ends__gte=viewer.at)
    scope = Place.scoped(viewer, reads={ATTENDANCE, RECORD}, among=among)
    site = Site.objects.filter(pk=OuterRef("site_id"))
    rows = scope.rows.annotate(
        zone=Subquery(site.values("time_zone")),
        called=Subquery(site.values("neutral_name")),
    )
    columns = rows.order_by("session__starts").values_list(
        "session__starts",
        "session__ends",
        "zone",
        "called",
        "session__room",
        "session__topic",
        "session__agenda",
    )
    return tuple(
        OwnDate(*row[:6], agenda=tuple(str(point["title"]) for point in row[6]))
        for row in {row[0]: row for row in columns}.values()
    )


def _cards(viewer: Viewer, on: date) -> list[SessionCard]:
    """Sessions from this date on; read a little wide, because sites differ in zone."""
    site = Site.objects.filter(pk=OuterRef("site_id"))
    rows = GroupSession.at_sites(viewer, reads=RECORD).filter(
        starts__gte=viewer.at - timedelta(days=2),
        starts__lt=viewer.at + timedelta(days=AHEAD_DAYS),
    )
    rows = rows.exclude(status=GroupSession.CANCELLED).annotate(
        zone=Subquery(site.values("time_zone")),
        site_name=Subquery(site.values("name")),
    )
    cards = (SessionCard(*row) for row in rows.order_by("starts").values_list(*CARD))
    return [card for card in cards if card.on >= on]


def _foresee(
    viewer: Viewer, now: Iterable[SessionCard], coming: Iterable[SessionCard]
) -> None:
    """Let the gate ask its facts of everybody on the page in one go. 1 statement."""
    sessions = GroupSession.at_sites(viewer, reads=RECORD)
    expected = ("expected__dyad__parent_id", "expected__dyad__child_id")
    members = ("cohort__members__dyad__parent_id", "cohort__members__dyad__child_id")
    pairs = sessions.filter(pk__in=[card.session_id for card in now])
    people = pairs.order_by().values_list(*expected)
    later = [card.session_id for card in coming]
    if later:
        waiting = [MakeUp.OPEN, MakeUp.BOOKED]
        owed = sessions.filter(expected__make_up__state__in=waiting)
        people = people.union(
            owed.order_by().values_list(*expected),
            sessions.filter(pk__in=later).order_by().values_list(*members),
        )
    found = {one for pair in people for one in pair if one is not None}
    gate.foresee(viewer, found)


class _Expected(NamedTuple):
    session_id: UUID
    state: str
    family: Family | None


def _places(
    viewer: Viewer, cards: Iterable[SessionCard], *, with_families: bool
) -> Mapping[UUID, list[_Expected]]:
    sessions = stood_by(viewer, (card.session_id for card in cards))
    if not sessions:
        return {}
    among = Q(session_id__in=sessions)
    rows = Place.scoped(viewer, reads={ATTENDANCE}, among=among).rows
    found: dict[UUID, list[_Expected]] = {}
    if not with_families:
        for session, state in rows.values_list("session_id", "state"):
            found.setdefault(session, []).append(_Expected(session, state, None))
        return found
    full = list(rows.values_list("session_id", "state", *FAMILY))
    seen = families(viewer, (row[2:] for row in full))
    for session, state, dyad, *_rest in full:
        line = _Expected(session, state, seen.get(dyad))
        found.setdefault(session, []).append(line)
    return found


def _day(
    card: SessionCard, places: Mapping[UUID, list[_Expected]], is_own: bool
) -> DaySession:
    expected = places.get(card.session_id)
    if expected is None:
        return DaySession(card, None, None, None, is_own=is_own, lines=())
    lines = [
        ExpectedLine(one.family, one.state)
        for one in expected
        if one.family is not None
    ]
    return DaySession(
        card,
        expected=len(expected),
        came=sum(one.state in CAME for one in expected),
        absent=sum(one.state == Place.ABSENT for one in expected),
        is_own=is_own,
        lines=tuple(sorted(lines, key=lambda line: line.family.sort_name)),
    )


def _own(viewer: Viewer, cards: Iterable[SessionCard]) -> frozenset[UUID]:
    """Of these sessions, those in whose team the viewer stands."""
    sessions = [card.session_id for card in cards]
    if not sessions:
        return frozenset()
    team = SessionStaff.at_sites(viewer, reads=RECORD).filter(
        user_id=viewer.user_id, session_id__in=sessions
    )
    return frozenset(team.values_list("session_id", flat=True))


def _owed(viewer: Viewer) -> tuple[tuple[OwedVisit, ...], int]:
    """The visits to book with the nearest deadlines, and how many there are."""
    waiting = ~Q(state=MakeUp.DONE)
    reads = {DataClass.PROGRAMME_RECORD, ATTENDANCE}
    told = of_one_person(MakeUp.scoped(viewer, reads=reads, among=waiting))
    told_rows = MakeUp.opened(viewer, told).filter(waiting)
    of_family = [f"place__{column}" for column in FAMILY]
    order = F("due_by").asc(nulls_last=True)
    rows = list(
        told_rows.order_by(order, "pk").values_list("due_by", "state", *of_family)
    )
    seen = families(viewer, (row[2:] for row in rows[:OWED]))
    found = (
        OwedVisit(seen[row[2]], row[0], row[1]) for row in rows[:OWED] if row[2] in seen
    )
    return tuple(found), len(rows)


def _outside(viewer: Viewer, cards: tuple[SessionCard, ...]) -> tuple[OutsideLine, ...]:
    """Members of these sessions' cohorts whose window does not hold the date."""
    by_cohort = {card.cohort_id: card for card in reversed(cards) if card.visit}
    if not by_cohort:
        return ()
    current = Q(ends=None) | Q(ends__gt=viewer.today)
    among = current & Q(cohort_id__in=by_cohort)
    rows = CohortMember.scoped(viewer, reads={ATTENDANCE}, among=among).rows
    full = list(rows.values_list("cohort_id", *FAMILY))
    seen = families(viewer, (row[1:] for row in full))
    found = []
    for cohort, dyad, *_rest in full:
        card, family = by_cohort[cohort], seen.get(dyad)
        if family is None or family.born is None:
            continue
        fit = fit_on(Visit(card.visit), family.born, card.on)
        if fit.fit in {Fit.OPENS_LATER, Fit.CLOSED}:
            found.append(OutsideLine(card, family, fit))
    return tuple(found)
