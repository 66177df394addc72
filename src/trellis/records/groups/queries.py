"""The day of a session as each role may see it: the lists, the board, the numbers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, Subquery, Sum

from trellis.core.access.viewer import Permission, Viewer
from trellis.core.access.vocabulary import Action, DataClass, Write
from trellis.core.errors import NotFound
from trellis.core.groups.agendas import SUPPLIES, USUAL_VACCINES
from trellis.core.groups.cohorts import Fit
from trellis.core.groups.make_ups import DeadlineReason
from trellis.core.groups.session import (
    PRESENT,
    Counts,
    PlaceState,
    counts_of,
)
from trellis.records.access import gate
from trellis.records.access.gate import Key, peeks, reads
from trellis.records.access.models import Scope
from trellis.records.accounts.models import User
from trellis.records.groups.board import (
    PLACE,
    PlaceLine,
    PlaceRow,
    SessionHead,
    place_lines,
    tells_why,
)
from trellis.records.groups.facts import own_session_facts, stands_by, stood_by
from trellis.records.groups.families import (
    FAMILY,
    Family,
    families,
    of_one_person,
)
from trellis.records.groups.heads import heads, session_head
from trellis.records.groups.models import (
    GroupSession,
    MakeUp,
    Place,
    SessionStaff,
    SessionVaccine,
)


ATTENDANCE: Final = DataClass.COHORT_ATTENDANCE
RECORD: Final = DataClass.GROUP_RECORD
PAGE: Final = 50
UPCOMING, TODAY, PAST = "upcoming", "today", "past"


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session in a list. ``expected`` and ``came`` count families open to the viewer;
    None where the roster is closed to the role.
    """

    head: SessionHead
    expected: int | None
    came: int | None


@dataclass(frozen=True, slots=True)
class TeamLine:
    """Somebody in the team of a session."""

    user_id: UUID
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class LaidOutLine:
    """A lot laid out for a session."""

    vaccine_id: UUID
    cvx: str
    product: str
    lot: str
    expires_on: date
    vis_edition_on: date | None
    route: str


@dataclass(frozen=True, slots=True)
class SessionBoard:
    """Everything on the page of a session, in the viewer's part.

    ``languages``: those the session needs, where they are open.
    """

    head: SessionHead
    lines: tuple[PlaceLine, ...]
    counts: Counts
    team: tuple[TeamLine, ...]
    vaccines: tuple[LaidOutLine, ...]
    languages: tuple[str, ...]
    interpreters: int
    is_roster_open: bool
    may_write_record: bool
    may_close: bool
    may_plan: bool


@reads("groups.session-list")
def session_list(
    *, viewer: Viewer, when: str, day_starts: datetime, page: int = 1
) -> tuple[SessionLine, ...]:
    """Sessions that are upcoming, today or past, fifty a page and one more if any.

    ``day_starts``: the midnight with which today began at the viewer's site.
    Statements: 3, the gate's facts, audit.
    """
    rows = heads(viewer).filter(_when(when, day_starts))
    order = "-starts" if when == PAST else "starts"
    first = (page - 1) * PAGE
    shown = rows.order_by(order)[first : first + PAGE + 1]
    found = [SessionHead(*row) for row in shown]
    own = stood_by(viewer, (head.session_id for head in found))
    numbers = _numbers(viewer, own)
    return tuple(
        SessionLine(head, *_counted(numbers, head.session_id, own)) for head in found
    )


@reads("groups.session-board")
def session_board(*, viewer: Viewer, session_id: UUID) -> SessionBoard:
    """The one list of a session.

    Statements: 8, the gate's facts (at most 6), audit 2 or 3; 25 with the page's frame.

    Raises:
        NotFound: no such session, or group records are not open to the viewer.
    """
    return _board(viewer, session_id)


@dataclass(frozen=True, slots=True)
class Preparation:
    """What to see to before a session. ``doses``: the visit's usual vaccines."""

    board: SessionBoard
    outside: tuple[PlaceLine, ...]
    without_agreement: tuple[PlaceLine, ...]
    doses: tuple[str, ...]
    supplies: tuple[str, ...]


@reads("groups.session-preparation")
def session_preparation(*, viewer: Viewer, session_id: UUID) -> Preparation:
    """Who falls out of the date, whose agreement is missing, what to lay out.

    Statements and refusals: as ``session_board``.
    """
    board = _board(viewer, session_id)
    lines = [line for line in board.lines if line.state is not PlaceState.ABSENT]
    dated = [line for line in lines if line.fit is not None]
    visit = board.head.planned_visit
    return Preparation(
        board=board,
        outside=tuple(x for x in dated if x.fit and x.fit.fit is not Fit.INSIDE),
        without_agreement=tuple(x for x in lines if not x.has_agreement),
        doses=USUAL_VACCINES.get(visit, ()) if visit else (),
        supplies=SUPPLIES,
    )


@peeks
def session_revision(*, viewer: Viewer, session_id: UUID) -> str:
    """A word that is another one whenever anything on the board changed.

    It counts changes of the session and of its visit notes; it tells nothing else.
    Statements: 1.

    Raises:
        NotFound: no such session, or group records are not open to the viewer.
    """
    rows = GroupSession.at_sites(viewer, reads=RECORD).filter(pk=session_id)
    numbers = rows.values_list(
        "revision", "version", Sum("expected__encounter__revision")
    ).first()
    if numbers is None:
        raise NotFound
    return "-".join(str(number or 0) for number in numbers)


@reads("groups.laid-out")
def laid_out(*, viewer: Viewer, encounter_id: UUID) -> tuple[LaidOutLine, ...]:
    """The lots laid out where this visit takes place; none for a visit by itself.

    Statements: 3, the gate's facts and the audit entry.
    """
    among = Q(encounter_id=encounter_id)
    scope = Place.scoped(viewer, reads={ATTENDANCE}, among=among)
    session_id = scope.rows.values_list("session_id", flat=True).first()
    return () if session_id is None else _laid_out(viewer, session_id)


@dataclass(frozen=True, slots=True)
class CountOfWhoCame:
    """One page: numbers, and nobody's name."""

    head: SessionHead
    counts: Counts
    signed: int
    make_ups: int


@reads("groups.session-counts")
def session_counts(*, viewer: Viewer, session_id: UUID) -> CountOfWhoCame:
    """How many were invited, came, were late, left early, and were absent.

    Signed visits and make-ups as written at closing. Statements: 4, facts, audit.

    Raises:
        NotFound: no such session, or attendance is not open to the viewer.
    """
    head = session_head(viewer, session_id)
    scope = _expected(viewer, session_id)
    states = tuple(PlaceState(s) for s in scope.rows.values_list("state", flat=True))
    if not states and not viewer.may(Permission.GROUPS_COHORT_PLAN):
        raise NotFound
    written = _counts_at_closing(viewer, session_id) if states else {}
    return CountOfWhoCame(
        head,
        counts_of(states),
        signed=written.get("signed", 0),
        make_ups=written.get("make_ups", 0),
    )


@dataclass(frozen=True, slots=True)
class MakeUpLine:
    """An individual visit to book, with its deadline."""

    make_up_id: UUID
    family: Family
    cohort_name: str
    missed_at: datetime
    visit: str
    due_by: date | None
    why_by: DeadlineReason | None
    state: str
    note: str
    version: int
    may_change: bool


class _MakeUpRow(NamedTuple):
    pk: UUID
    origin: str
    origin_org_id: int
    author_org_id: int
    parent: UUID
    cohort_name: str
    missed_at: datetime
    visit: str
    due_by: date | None
    why_by: str
    state: str
    note: str
    version: int

    @property
    def key(self) -> Key:
        return Key(self.parent, self.origin, self.origin_org_id, self.author_org_id)


MAKE_UP: Final = (
    *_MakeUpRow._fields[:4],
    "place__dyad__parent_id",
    "place__session__cohort__name",
    "place__session__starts",
    "place__session__visit",
    *_MakeUpRow._fields[8:],
)
MAKE_UP_FAMILY: Final = tuple(f"place__{column}" for column in FAMILY)


@reads("groups.make-up-list")
def make_up_list(
    *, viewer: Viewer, is_done: bool = False, page: int = 1
) -> tuple[MakeUpLine, ...]:
    """Make-ups by deadline, fifty a page and one more if any; those without one last.

    Statements: 2, the gate's facts, audit.
    """
    wanted = Q(state=MakeUp.DONE) if is_done else ~Q(state=MakeUp.DONE)
    programme = DataClass.PROGRAMME_RECORD
    told = of_one_person(
        MakeUp.scoped(viewer, reads={programme, ATTENDANCE}, among=wanted)
    )
    rows_told = MakeUp.opened(viewer, told).filter(wanted)
    first = (page - 1) * PAGE
    ordered = rows_told.order_by(F("due_by").asc(nulls_last=True), "pk")
    columns = ordered.values_list(*MAKE_UP, *MAKE_UP_FAMILY)
    rows = list(columns[first : first + PAGE + 1])
    width = len(MAKE_UP)
    seen = families(viewer, (row[width:] for row in rows))
    shown = [(_MakeUpRow(*row[:width]), seen.get(row[width])) for row in rows]
    keys = {row.key for row, _ in shown}
    may = gate.writable(viewer, programme, keys, narrow=Write.MARK_TASK)
    return tuple(
        _make_up_line(row, one, may_change=row.key in may)
        for row, one in shown
        if one is not None
    )


def _make_up_line(row: _MakeUpRow, one: Family, *, may_change: bool) -> MakeUpLine:
    return MakeUpLine(
        make_up_id=row.pk,
        family=one,
        cohort_name=row.cohort_name,
        missed_at=row.missed_at,
        visit=row.visit,
        due_by=row.due_by,
        why_by=DeadlineReason(row.why_by) if row.why_by and tells_why(one) else None,
        state=row.state,
        note=row.note,
        version=row.version,
        may_change=may_change,
    )


def _board(viewer: Viewer, session_id: UUID) -> SessionBoard:
    head = session_head(viewer, session_id)
    _foresee(viewer, session_id)
    scope = _expected(viewer, session_id)
    width = len(PLACE)
    rows = list(scope.rows.values_list(*PLACE, *FAMILY))
    seen = families(viewer, (row[width:] for row in rows))
    places = [
        (PlaceRow(*row[:width]), seen[row[width]]) for row in rows if row[width] in seen
    ]
    lines = place_lines(viewer, head, places)
    languages = {one.session_language for _, one in places if one.session_language}
    return SessionBoard(
        head=head,
        lines=lines,
        counts=counts_of(tuple(line.state for line in lines)),
        team=_team(viewer, session_id),
        vaccines=_laid_out(viewer, session_id),
        languages=tuple(sorted(languages)),
        interpreters=sum(one.needs_interpreter for _, one in places),
        is_roster_open=bool(rows) or viewer.may(Permission.GROUPS_COHORT_PLAN),
        may_write_record=_may_write_record(viewer, session_id),
        may_close=viewer.may(Permission.GROUPS_SESSION_CLOSE),
        may_plan=viewer.may(Permission.GROUPS_COHORT_PLAN),
    )


def _counts_at_closing(viewer: Viewer, session_id: UUID) -> Mapping[str, int]:
    rows = GroupSession.at_sites(viewer, reads=RECORD).filter(pk=session_id)
    return dict(rows.values_list("counts", flat=True).get())


def _expected(viewer: Viewer, session_id: UUID) -> Scope[Place]:
    """The places of a session that are open; none at another's for a facilitator."""
    is_own = stands_by(viewer, session_id)
    among = Q(session_id=session_id) if is_own else Q(pk__in=())
    return Place.scoped(viewer, reads={ATTENDANCE}, among=among)


def _when(when: str, day_starts: datetime) -> Q:
    day_ends = day_starts + timedelta(days=1)
    if when == TODAY:
        return Q(starts__gte=day_starts, starts__lt=day_ends)
    return Q(starts__lt=day_starts) if when == PAST else Q(starts__gte=day_ends)


def _numbers(viewer: Viewer, session_ids: list[UUID]) -> Mapping[UUID, tuple[int, int]]:
    if not session_ids:
        return {}
    law = ("dyad__parent_id", "origin", "origin_org_id", "author_org_id")
    rows = (
        GroupSession.at_sites(viewer, reads=RECORD)
        .filter(pk__in=session_ids, expected__isnull=False)
        .values("pk", *(f"expected__{column}" for column in law))
        .annotate(
            number=Count("expected"),
            came=Count("expected", filter=Q(expected__state__in=PRESENT)),
        )
        .values_list("pk", *(f"expected__{column}" for column in law), "number", "came")
    )
    keyed = [(session, Key(*key), number, came) for session, *key, number, came in rows]
    keys = {key for _, key, _, _ in keyed}
    seen = gate.views(viewer, Action.READ, {ATTENDANCE}, keys)
    totals: dict[UUID, tuple[int, int]] = {}
    for session, key, number, came in keyed:
        if key in seen:
            expected, here = totals.get(session, (0, 0))
            totals[session] = expected + number, here + came
    return totals


def _counted(
    numbers: Mapping[UUID, tuple[int, int]], session_id: UUID, own: Collection[UUID]
) -> tuple[int | None, int | None]:
    if session_id not in own:
        return None, None
    return numbers.get(session_id, (0, 0))


def _foresee(viewer: Viewer, session_id: UUID) -> None:
    """Let the gate ask its facts of parents and children in one go."""
    rows = GroupSession.at_sites(viewer, reads=RECORD).filter(pk=session_id)
    pairs = rows.values_list(
        "expected__dyad__parent_id",
        "expected__dyad__child_id",
        "expected__dyad__child__dyads__parent_id",  # whoever else may bring the child
    )
    expected = pairs.filter(expected__isnull=False)
    gate.foresee(viewer, {person for pair in expected for person in pair})


def _team(viewer: Viewer, session_id: UUID) -> tuple[TeamLine, ...]:
    person = User.objects.filter(pk=OuterRef("user_id")).values("name")
    rows = SessionStaff.at_sites(viewer, reads=RECORD).filter(session_id=session_id)
    named = rows.annotate(name=Subquery(person)).order_by("role", "name")
    return tuple(
        TeamLine(user_id, name or "", role)
        for user_id, name, role in named.values_list("user_id", "name", "role")
    )


def _laid_out(viewer: Viewer, session_id: UUID) -> tuple[LaidOutLine, ...]:
    rows = SessionVaccine.at_sites(viewer, reads=RECORD).filter(session_id=session_id)
    columns = rows.order_by("product", "lot").values_list(
        "pk", "cvx", "product", "lot", "expires_on", "vis_edition_on", "route"
    )
    return tuple(LaidOutLine(*row) for row in columns)


def _may_write_record(viewer: Viewer, session_id: UUID) -> bool:
    own = own_session_facts(viewer, session_id)
    try:
        gate.site_sight(viewer, Action.WRITE, RECORD, **own)
    except NotFound:
        return False
    return True
