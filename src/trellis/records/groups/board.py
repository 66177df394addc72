"""The lines of a session's list: one for each child, in the viewer's part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from trellis.core.access.viewer import Viewer
from trellis.core.access.vocabulary import Action, DataClass, Origin, Write
from trellis.core.groups.cohorts import DatedFit, fit_on
from trellis.core.groups.make_ups import Deadline, DeadlineReason, make_up_deadline
from trellis.core.groups.session import PlaceState, minutes_late
from trellis.core.people.visits import Visit
from trellis.records.access import gate
from trellis.records.access.gate import Key
from trellis.records.groups.caregivers import LEGAL, CaregiverAtDoor, at_the_door
from trellis.records.groups.due_visits import (
    WITH_ITEMS,
    Charts,
    Done,
    DueLine,
    charts,
    due_line,
)
from trellis.records.groups.families import OF_ONE_PERSON, Family


ATTENDANCE: Final = DataClass.COHORT_ATTENDANCE


class SessionHead(NamedTuple):
    """A session without anybody in it. ``zone``: the site's time zone."""

    session_id: UUID
    site_id: int
    cohort_id: UUID
    cohort_name: str
    visit: str
    starts: datetime
    ends: datetime
    room: str
    places: int
    status: str
    topic: str
    agenda: list[dict[str, int | str]]
    circle_record: str
    version: int
    revision: int
    conflicts: int
    closed_at: datetime | None
    zone: str
    gives_hepb2_at_1m: bool

    @property
    def on(self) -> date:
        """The date at the site."""
        return self.starts.astimezone(ZoneInfo(self.zone)).date()

    @property
    def planned_visit(self) -> Visit | None:
        """The visit of the schedule it is planned for."""
        return Visit(self.visit) if self.visit else None


HEAD: Final = (
    "pk",
    "site_id",
    "cohort_id",
    "cohort__name",
    *SessionHead._fields[4:17],
    "zone",
    "hepb2",
)


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """One child on the list of a session, in the viewer's part.

    ``done`` is None where the chart is closed to the viewer; ``make_up_by`` is the
    deadline of an absence; ``fit``: how the date lies to the child's planning window.
    ``came_with`` (a caregiver's kind) and ``caregivers`` are told to whom may note it.
    """

    place_id: UUID
    family: Family
    state: PlaceState
    version: int
    minutes_late: int
    arrived_at: datetime | None
    absence_reason: str
    came_with: str
    caregivers: tuple[CaregiverAtDoor, ...]
    has_agreement: bool
    encounter_id: UUID | None
    due: DueLine
    done: Done | None
    fit: DatedFit | None
    make_up_by: date | None
    make_up_why: DeadlineReason | None
    make_up_id: UUID | None
    make_up_state: str
    make_up_version: int
    may_change_make_up: bool
    may_note_who_came: bool
    may_mark: bool
    may_mark_absent: bool
    may_open_visit: bool


class PlaceRow(NamedTuple):
    """A place as it is stored, with its make-up, in the order of ``PLACE``."""

    place_id: UUID
    state: str
    version: int
    arrived_at: datetime | None
    absence_reason: str
    came_with: str
    has_agreement: bool
    encounter_id: UUID | None
    origin: str
    origin_org_id: int
    author_org_id: int
    make_up_id: UUID | None
    make_up_version: int | None
    make_up_due_by: date | None
    make_up_why_by: str | None
    make_up_state: str | None
    make_up_origin: str | None
    make_up_org_id: int | None
    make_up_author_org_id: int | None

    def key(self, one: Family) -> Key | None:
        """Whose consent counts for the place; None where the parent is closed."""
        if one.parent_id is None:
            return None
        return Key(one.parent_id, self.origin, self.origin_org_id, self.author_org_id)

    def make_up_key(self, one: Family) -> Key | None:
        """Whose consent counts for the make-up; None where there is none."""
        origin, org = self.make_up_origin, self.make_up_org_id
        author = self.make_up_author_org_id
        if one.parent_id is None or origin is None or org is None or author is None:
            return None
        return Key(one.parent_id, origin, org, author)


PLACE: Final = (
    "pk",
    *PlaceRow._fields[1:11],
    "make_up__pk",
    "make_up__version",
    "make_up__due_by",
    "make_up__why_by",
    "make_up__state",
    "make_up__origin",
    "make_up__origin_org_id",
    "make_up__author_org_id",
)


def place_lines(
    viewer: Viewer, head: SessionHead, places: list[tuple[PlaceRow, Family]]
) -> tuple[PlaceLine, ...]:
    """The lines in the order of names. Statements: 2, for the charts.

    2 more for whoever may note who came with a child.
    """
    children = [
        one.child_id
        for _, one in places
        if one.child_id is not None and one.is_due_open
    ]
    known = charts(viewer, children) if children else Charts({}, {})
    may = _may(viewer, places)
    brought = {
        one.child_id
        for row, one in places
        if one.child_id is not None and row.place_id in may.note_who_came
    }
    door = at_the_door(viewer, brought, head.on) if brought else {}
    beside = _Beside(known, may, door)
    lines = (_line(head, row, one, beside) for row, one in places)
    return tuple(sorted(lines, key=lambda line: line.family.sort_name))


def tells_why(one: Family) -> bool:
    """Whether the reason of a deadline is open: it tells of doses a child has had."""
    return one.is_due_open and one.due_view in WITH_ITEMS


class _May(NamedTuple):
    """The places that the viewer may mark, mark absent and chart, whose make-up may be
    changed, with whom the child came be noted; and those whose make-up and reason of
    absence are open.
    """

    mark: frozenset[UUID]
    mark_absent: frozenset[UUID]
    chart: frozenset[UUID]
    make_up: frozenset[UUID]
    reason: frozenset[UUID]
    change_make_up: frozenset[UUID]
    note_who_came: frozenset[UUID]


class _Beside(NamedTuple):
    """What every line is read with."""

    known: Charts
    may: _May
    door: Mapping[UUID, tuple[CaregiverAtDoor, ...]]


def _may(viewer: Viewer, places: list[tuple[PlaceRow, Family]]) -> _May:
    held = {row.place_id: row.key(one) for row, one in places}
    charted = {
        row.place_id: Key(one.child_id, Origin.HIPAA, viewer.org_id, viewer.org_id)
        for row, one in places
        if one.child_id is not None and one.is_due_open and one.due_view is None
    }
    owed = {row.place_id: row.make_up_key(one) for row, one in places}
    mark = gate.writable(viewer, ATTENDANCE, _known(held), narrow=Write.MARK_ARRIVAL)
    full = gate.writable(viewer, ATTENDANCE, _known(held))
    chart = gate.writable(viewer, DataClass.CHILD_WELLCHILD, _known(charted))
    held_keys = gate.look(viewer, Action.READ, {ATTENDANCE}, _known(held))
    whole = {key for key, seen in held_keys.items() if seen[ATTENDANCE].name is None}
    programme = DataClass.PROGRAMME_RECORD
    told = gate.look(viewer, Action.READ, {programme}, _known(owed))
    open_to = {
        key for key, seen in told.items() if seen[programme].name in OF_ONE_PERSON
    }
    tasks = gate.writable(viewer, programme, _known(owed), narrow=Write.MARK_TASK)
    noting = gate.writable(viewer, LEGAL, _known(held), narrow=Write.NOTE_WHO_CAME)
    return _May(
        mark=frozenset(place for place, key in held.items() if key in mark),
        mark_absent=frozenset(place for place, key in held.items() if key in full),
        chart=frozenset(place for place, key in charted.items() if key in chart),
        make_up=frozenset(place for place, key in owed.items() if key in open_to),
        reason=frozenset(place for place, key in held.items() if key in whole),
        change_make_up=frozenset(place for place, key in owed.items() if key in tasks),
        note_who_came=frozenset(place for place, key in held.items() if key in noting),
    )


def _known(keys: Mapping[UUID, Key | None]) -> frozenset[Key]:
    return frozenset(key for key in keys.values() if key is not None)


def _line(head: SessionHead, row: PlaceRow, one: Family, beside: _Beside) -> PlaceLine:
    known, may, door = beside
    state = PlaceState(row.state)
    deadline = _deadline(head, row, one, may)
    is_charted = one.is_due_open and one.due_view is None
    visits = known.visits.get(one.child_id) if one.child_id is not None else None
    note = known.notes.get(row.encounter_id) if row.encounter_id is not None else None
    planned = head.planned_visit
    return PlaceLine(
        place_id=row.place_id,
        family=one,
        state=state,
        version=row.version,
        minutes_late=_late(head, row, state),
        arrived_at=row.arrived_at,
        absence_reason=row.absence_reason if row.place_id in may.reason else "",
        came_with=row.came_with if row.place_id in may.note_who_came else "",
        caregivers=door.get(one.child_id, ()) if one.child_id is not None else (),
        has_agreement=row.has_agreement,
        encounter_id=row.encounter_id if is_charted else None,
        due=due_line(one, visits, head.on) if visits is not None else DueLine(),
        done=(note or Done()) if is_charted else None,
        fit=_fit(head, planned, one.born) if planned and one.born else None,
        make_up_by=deadline.on if deadline else None,
        make_up_why=deadline.reason if deadline and tells_why(one) else None,
        make_up_id=row.make_up_id if row.place_id in may.make_up else None,
        make_up_state=(row.make_up_state or "") if row.place_id in may.make_up else "",
        make_up_version=row.make_up_version or 0,
        may_change_make_up=row.place_id in may.make_up & may.change_make_up,
        may_note_who_came=row.place_id in may.note_who_came,
        may_mark=row.place_id in may.mark,
        may_mark_absent=row.place_id in may.mark_absent,
        may_open_visit=row.place_id in may.chart and row.place_id in may.mark,
    )


def _fit(head: SessionHead, visit: Visit, born: date) -> DatedFit:
    return fit_on(visit, born, head.on, gives_hepb2_at_1m=head.gives_hepb2_at_1m)


def _late(head: SessionHead, row: PlaceRow, state: PlaceState) -> int:
    if state is not PlaceState.LATE or row.arrived_at is None:
        return 0
    return minutes_late(head.starts, row.arrived_at)


def _deadline(
    head: SessionHead, row: PlaceRow, one: Family, may: _May
) -> Deadline | None:
    """The stored deadline of a make-up; before closing, the one it would have."""
    if row.place_id in may.make_up and row.make_up_due_by is not None:
        reason = DeadlineReason(row.make_up_why_by or DeadlineReason.VISIT_WINDOW)
        return Deadline(row.make_up_due_by, reason)
    if row.state != PlaceState.ABSENT or one.born is None or not one.is_due_open:
        return None
    return make_up_deadline(head.planned_visit, one.born, head.on)
