"""The page of a family: the pair, what is due for the child, and its group.

It stands above people and care because it joins them with the groups: one call, so that
the gate is asked once and one entry of the trail names the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet

from trellis.core.access.viewer import Permission, Viewer
from trellis.core.access.vocabulary import Action, DataClass, Origin, View
from trellis.core.errors import NotFound
from trellis.core.people.visit_states import StateOfVisit, VisitState, visit_states
from trellis.records.access import gate
from trellis.records.access.gate import Key, reads
from trellis.records.care.dyad_page import pair
from trellis.records.care.lines import ChildSide, DyadPage
from trellis.records.groups.due_visits import (
    ChildVisits,
    DueLine,
    charts,
    due_in_view,
)
from trellis.records.groups.facts import stood_by
from trellis.records.groups.families import FAMILY, OF_ONE_PERSON, Family, families
from trellis.records.groups.models import GroupSession, MakeUp, Place
from trellis.records.people.models import Dyad


ATTENDANCE, LINK = DataClass.COHORT_ATTENDANCE, DataClass.DYAD_LINK
PROGRAMME: Final = DataClass.PROGRAMME_RECORD
# The parts of a chart in which something is due; any other part shows no block.
DUE_VIEWS: Final = frozenset({None, View.DUE_LIST, View.DUE_FLAG, View.CALL_FLAG})
MEMBER: Final = (
    "parent_id",
    *(f"memberships__{name}" for name in Dyad.KEY),
    "memberships__cohort_id",
    "memberships__cohort__name",
)
PLACE: Final = (
    "parent_id",
    *(f"places__{name}" for name in Place.KEY),
    *(f"places__make_up__{name}" for name in (*MakeUp.KEY, "state", "due_by")),
    "places__state",
    "places__session_id",
    *(f"places__session__{name}" for name in ("starts", "ends", "status")),
)
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class VisitsOfChild:
    """The visits of the schedule: ``states`` of the whole chart, else ``due`` alone.

    ``states`` ends with the next visit to come; extra visits follow it.
    """

    states: tuple[VisitState, ...]
    due: DueLine


@dataclass(frozen=True, slots=True)
class CohortName:
    """A cohort the family belongs to, under its neutral name."""

    cohort_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class SessionDate:
    """A session at which the family is expected."""

    session_id: UUID
    starts: datetime


@dataclass(frozen=True, slots=True)
class OpenMakeUp:
    """An individual visit that an absence opened, not done yet."""

    missed_at: datetime
    due_by: date | None
    is_booked: bool


@dataclass(frozen=True, slots=True)
class GroupOfFamily:
    """What is open of the family's group.

    ``may_open``: the pages of groups and sessions; ``may_place``: into a cohort.
    """

    cohorts: tuple[CohortName, ...]
    next_session: SessionDate | None
    make_ups: tuple[OpenMakeUp, ...]
    may_open: bool
    may_place: bool


@dataclass(frozen=True, slots=True)
class FamilyPage:
    """A pair with its two blocks; a block that is closed to the viewer is None."""

    pair: DyadPage
    visits: VisitsOfChild | None
    group: GroupOfFamily | None


@reads("care.dyad")
def family_page(*, viewer: Viewer, dyad_id: UUID) -> FamilyPage:
    """A parent and a child together, the child's visits, the family's group.

    At most 22 statements.

    Raises:
        NotFound: no such dyad for the viewer, or their link is not open.
    """
    told = pair(viewer, dyad_id)
    visits = _visits(viewer, told.child) if told.child is not None else None
    group = _group(viewer, dyad_id) if told.parent is not None else None
    return FamilyPage(told, visits, group)


@dataclass(frozen=True, slots=True)
class FamilyInGroups:
    """One family, to be placed in a cohort."""

    family: Family
    group: GroupOfFamily


@reads("groups.family")
def family_in_groups(*, viewer: Viewer, dyad_id: UUID) -> FamilyInGroups:
    """The family's names and its group. At most 10 statements.

    Raises:
        NotFound: no such dyad, or its attendance is closed to the viewer.
    """
    group = _group(viewer, dyad_id)
    if group is None:
        raise NotFound
    scope = Dyad.scoped(viewer, reads={LINK}, among=Q(pk=dyad_id))
    columns = ("pk", *(name.removeprefix("dyad__") for name in FAMILY[1:]))
    seen = families(viewer, scope.rows.values_list(*columns))
    if dyad_id not in seen:
        raise NotFound
    return FamilyInGroups(seen[dyad_id], group)


def _visits(viewer: Viewer, child: ChildSide) -> VisitsOfChild | None:
    """The block, None where nothing due is open: no statement then, else 2."""
    born, view = child.facts.get("born"), child.facts.get("chart_view")
    if born is None or "chart_view" not in child.facts or view not in DUE_VIEWS:
        return None
    if born > viewer.today:
        return None
    known = charts(viewer, [child.child_id]).visits[child.child_id]
    if view is None:
        return VisitsOfChild(_states(born, known, viewer.today), DueLine())
    due = due_in_view(view, born, known, viewer.today)
    return VisitsOfChild((), due) if due != DueLine() else None


def _states(born: date, known: ChildVisits, on: date) -> tuple[VisitState, ...]:
    """Each visit as far as the next one to come; then the extra visits."""
    states = visit_states(
        born, known.made_on, as_of=on, unknown_visits_on=known.unknown_on
    )
    coming = [one for one in states if one.state is StateOfVisit.NOT_YET]
    later = frozenset(one.visit for one in coming[1:])
    return tuple(
        one
        for one in states
        if one.state is not StateOfVisit.NOT_YET or one.visit not in later
    )


def _group(viewer: Viewer, dyad_id: UUID) -> GroupOfFamily | None:
    """The block, None where attendance is closed, or a part of it holds nothing.

    4 statements at most.
    """
    scope = Dyad.scoped(viewer, reads={LINK}, among=Q(pk=dyad_id))
    link = next(iter(scope.views), None)
    seen = gate.look(viewer, Action.READ, {ATTENDANCE}, [link] if link else [])
    if link is None or link not in seen:
        return None
    may_open = _opens_groups(viewer)
    tells_cohorts = may_open and seen[link][ATTENDANCE].name is None
    places = [row for row in _places(viewer, scope.rows) if _is_open(viewer, row)]
    coming = _next_session(viewer, places)
    make_ups = tuple(_make_ups(viewer, places))
    if not (tells_cohorts or coming or make_ups):
        return None
    new = gate.new_row(viewer, link.patient, Origin.PART2)
    return GroupOfFamily(
        cohorts=_cohorts(viewer, scope.rows) if tells_cohorts else (),
        next_session=coming,
        make_ups=make_ups,
        may_open=may_open,
        may_place=viewer.may(Permission.GROUPS_COHORT_PLAN)
        and bool(gate.writable(viewer, ATTENDANCE, [new])),
    )


def _opens_groups(viewer: Viewer) -> bool:
    """Whether groups have pages for the viewer at all; parents are told dates alone."""
    try:
        gate.site_sight(viewer, Action.READ, DataClass.GROUP_RECORD)
    except NotFound:
        return False
    return True


def _key(row: Row, path: str) -> Key:
    return Key(row["parent_id"], *(row[f"{path}__{name}"] for name in Dyad.KEY))


def _is_open(viewer: Viewer, row: Row, path: str = "places") -> bool:
    key = _key(row, path)
    return key in gate.look(viewer, Action.READ, {ATTENDANCE}, [key])


def _cohorts(viewer: Viewer, dyad: QuerySet[Dyad]) -> tuple[CohortName, ...]:
    in_one = Q(memberships__isnull=False, memberships__ends=None)
    rows = dyad.filter(in_one).order_by("memberships__cohort__name").values(*MEMBER)
    return tuple(
        CohortName(row["memberships__cohort_id"], row["memberships__cohort__name"])
        for row in rows
        if _is_open(viewer, row, "memberships")
    )


def _places(viewer: Viewer, dyad: QuerySet[Dyad]) -> list[Row]:
    """Places at sessions to come, and those with an open make-up, by date."""
    standing = [GroupSession.PLANNED, GroupSession.OPEN]
    to_come = Q(
        places__session__ends__gt=viewer.at, places__session__status__in=standing
    )
    owed = Q(places__make_up__state__in=[MakeUp.OPEN, MakeUp.BOOKED])
    rows = dyad.filter(to_come | owed).order_by("places__session__starts")
    return list(rows.values(*PLACE))


def _next_session(viewer: Viewer, places: Iterable[Row]) -> SessionDate | None:
    """The first session to come that the viewer stands by."""
    coming = {
        row["places__session_id"]: row["places__session__starts"]
        for row in places
        if row["places__session__ends"] > viewer.at
        and row["places__state"] != Place.ABSENT
        and row["places__session__status"] in {GroupSession.PLANNED, GroupSession.OPEN}
    }
    first = next(iter(stood_by(viewer, coming)), None)
    return SessionDate(first, coming[first]) if first is not None else None


def _make_ups(viewer: Viewer, places: Iterable[Row]) -> Iterable[OpenMakeUp]:
    """Make-ups not done yet, where the programme's record tells of one person."""
    for row in places:
        state = row["places__make_up__state"]
        if state is None or state == MakeUp.DONE:
            continue
        key = _key(row, "places__make_up")
        seen = gate.look(viewer, Action.READ, {PROGRAMME}, [key]).get(key)
        if seen is not None and seen[PROGRAMME].name in OF_ONE_PERSON:
            yield OpenMakeUp(
                missed_at=row["places__session__starts"],
                due_by=row["places__make_up__due_by"],
                is_booked=state == MakeUp.BOOKED,
            )
