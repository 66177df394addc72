"""Which visit of the schedule is due for each child of a list, and what was done.

Only well-child visits count; what an exposure makes due has no place on these lists.
Items and dates are given as far as the viewer's part of the chart goes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Count, Q

from trellis.core.access.viewer import Viewer
from trellis.core.access.vocabulary import DataClass, View
from trellis.core.people.visit_states import (
    SUCCESSORS,
    StateOfVisit,
    VisitState,
    visit_states,
)
from trellis.core.people.visits import Visit, counting_window
from trellis.records.clinical.models import Encounter
from trellis.records.groups.families import Family


COUNTED: Final = (Encounter.SIGNED, Encounter.ELSEWHERE)
WITH_ITEMS: Final = frozenset({None, View.DUE_LIST})


@dataclass(frozen=True, slots=True)
class DueVisit:
    """One visit that is open, overdue, or next. ``until``: its window's last day."""

    visit: Visit
    state: StateOfVisit
    starts: date
    until: date


@dataclass(frozen=True, slots=True)
class Done:
    """How far today's visit note of a child has come."""

    is_measured: bool = False
    is_vaccinated: bool = False
    is_seen: bool = False
    is_signed: bool = False


@dataclass(frozen=True, slots=True)
class DueLine:
    """What is due for one child: ``items`` or a flag, as the viewer's part goes.

    ``is_due``: open or overdue; None where not even that is open. ``please_call``:
    overdue, for those who only call.
    """

    items: tuple[DueVisit, ...] = ()
    is_due: bool | None = None
    please_call: bool = False


@dataclass(frozen=True, slots=True)
class ChildVisits:
    """The days of a child's visits, and the notes by key."""

    made_on: tuple[date, ...]
    unknown_on: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Charts:
    """What the list needs of the charts of its children."""

    visits: dict[UUID, ChildVisits]
    notes: dict[UUID, Done]


def charts(viewer: Viewer, children: Collection[UUID]) -> Charts:
    """The visits of these children, as far as any part of their charts is open.

    Statements: 2, and the gate's facts for children not yet asked about.
    """
    scope = Encounter.scoped(
        viewer,
        reads={DataClass.CHILD_WELLCHILD},
        among=Q(child_id__in=children) & ~Q(status=Encounter.ERROR),
    )
    rows = scope.rows.annotate(
        values=Count("measurements", Q(measurements__status="current"), distinct=True),
        doses=Count(
            "immunizations", Q(immunizations__status="completed"), distinct=True
        ),
    ).values_list(
        "pk",
        "child_id",
        "on",
        "is_well_child",
        "status",
        "reviewed_at",
        "values",
        "doses",
    )
    made: dict[UUID, list[date]] = defaultdict(list)
    unknown: dict[UUID, list[date]] = defaultdict(list)
    notes: dict[UUID, Done] = {}
    for pk, child, on, is_well, status, reviewed_at, values, doses in rows:
        if status in COUNTED and is_well is not False:
            (made if is_well else unknown)[child].append(on)
        is_signed = status == Encounter.SIGNED
        notes[pk] = Done(
            bool(values), bool(doses), is_signed or reviewed_at is not None, is_signed
        )
    visits = {
        child: ChildVisits(tuple(made[child]), tuple(unknown[child]))
        for child in children
    }
    return Charts(visits, notes)


def due_line(family: Family, visits: ChildVisits, on: date) -> DueLine:
    """What is due for the family's child on a day, in the viewer's part."""
    if family.born is None or not family.is_due_open:
        return DueLine()
    return due_in_view(family.due_view, family.born, visits, on)


def due_in_view(
    view: View | None, born: date, visits: ChildVisits, on: date
) -> DueLine:
    """What is due for a child on a day, as far as one view of the chart goes.

    ``view`` None: the whole chart. Nothing for a view that shows nothing due.
    """
    if on < born:
        return DueLine()
    items = _due(born, visits, on)
    waiting = [item for item in items if item.state is not StateOfVisit.NOT_YET]
    if view in WITH_ITEMS:
        return DueLine(items, bool(waiting))
    if view is View.DUE_FLAG:
        return DueLine(is_due=bool(waiting))
    if view is View.CALL_FLAG:
        missed = any(item.state is StateOfVisit.MISSED for item in waiting)
        return DueLine(please_call=missed)
    return DueLine()


def _due(born: date, visits: ChildVisits, on: date) -> tuple[DueVisit, ...]:
    """Overdue visits that can still be made late, the open one, else the next."""
    states = visit_states(
        born, visits.made_on, as_of=on, unknown_visits_on=visits.unknown_on
    )
    shown = [state for state in states if _is_waiting(state, born, on)]
    if not shown:
        shown = [state for state in states if state.state is StateOfVisit.NOT_YET][:1]
    return tuple(
        DueVisit(s.visit, s.state, s.window.starts, s.window.last_day) for s in shown
    )


def _is_waiting(state: VisitState, born: date, on: date) -> bool:
    """Open, or missed while a visit now would still count for it, late."""
    if state.state is not StateOfVisit.MISSED:
        return state.state is StateOfVisit.OPEN
    successor = SUCCESSORS.get(state.visit)
    return successor is None or on < counting_window(successor, born).ends
