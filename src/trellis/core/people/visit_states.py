"""Which visits a child has had, missed or still to come, on a given day.

Source: measures.md section 2.1, states of a visit: two passes, each well-child visit
used once, so that no visit is ever worth nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Final

from trellis.core.people.visits import Visit, Window, counting_window


class StateOfVisit(StrEnum):
    """Where a visit stands."""

    NOT_YET = "not-yet"
    OPEN = "open"
    DONE = "done"
    DONE_LATE = "done-late"
    MISSED = "missed"
    EXCUSED = "excused"
    NOT_ASSESSABLE = "not-assessable"
    EXTRA = "extra"


SUCCESSORS: Final = dict(pairwise(Visit))


@dataclass(frozen=True, slots=True)
class VisitState:
    """One visit of the schedule and where it stands, or one extra visit.

    ``visit`` is the visit of the schedule; for an extra visit the one whose window is
    nearest. ``window`` is its counting window. ``made_on`` is the day of the visit
    that was assigned. ``days_off``: days after the window's last day (done late), or
    from the nearest window of an extra visit, below zero before it opens.
    """

    visit: Visit
    state: StateOfVisit
    window: Window
    made_on: date | None = None
    days_off: int = 0


@dataclass(frozen=True, slots=True)
class Enrolment:
    """When the family was in the programme: ``left_on`` is the first day no longer in.

    None for ``enrolled_on``: in the programme since the child's birth. None for
    ``left_on``: still in. ``is_known`` false: nobody recorded it.
    """

    enrolled_on: date | None = None
    left_on: date | None = None
    is_known: bool = True


def visit_states(
    born: date,
    visits_on: Iterable[date],
    *,
    as_of: date,
    enrolled_on: date | None = None,
    left_on: date | None = None,
    is_enrolment_known: bool = True,
    unknown_visits_on: Iterable[date] = (),
    excused: Collection[Visit] = (),
) -> tuple[VisitState, ...]:
    """Each visit of the schedule in order, then the extra visits by date.

    ``visits_on`` are the days of well-child visits, anywhere; those after ``as_of``
    are ignored, and two on one day are one visit. ``unknown_visits_on`` are days of
    visits whose type is not known: an unmet visit with such a day in its window
    cannot be assessed. ``excused`` names visits excused for another reason (a stay in
    neonatal intensive care, a death).

    Done and done late are told apart and never added to each other. An unmet visit is
    excused where the family came after the window's mid-point or left before its last
    day. After the last visit of the schedule no window closes, so that a later visit
    is late for it however late it comes.
    """
    windows = {visit: counting_window(visit, born) for visit in Visit}
    made = sorted({on for on in visits_on if born <= on <= as_of})
    done = _in_window(windows, made)
    late, extra = _after_window(windows, done, made)
    enrolment = Enrolment(enrolled_on, left_on, is_enrolment_known)
    unknown = [on for on in unknown_visits_on if on <= as_of]
    states: list[VisitState] = []
    for visit, window in windows.items():
        if visit in done:
            state = VisitState(visit, StateOfVisit.DONE, window, done[visit])
        elif visit in late:
            days = (late[visit] - window.last_day).days
            state = VisitState(visit, StateOfVisit.DONE_LATE, window, late[visit], days)
        else:
            kind = _unmet(window, as_of, enrolment, unknown, visit in excused)
            state = VisitState(visit, kind, window)
        states.append(state)
    return (*states, *(_extra(windows, on) for on in extra))


def next_visit(
    born: date,
    visits_on: Iterable[date],
    *,
    as_of: date,
    left_on: date | None = None,
) -> VisitState | None:
    """The first visit that is open or still to come; None after the last."""
    waiting = (StateOfVisit.OPEN, StateOfVisit.NOT_YET)
    states = visit_states(born, visits_on, as_of=as_of, left_on=left_on)
    return next((state for state in states if state.state in waiting), None)


def _in_window(windows: dict[Visit, Window], made: list[date]) -> dict[Visit, date]:
    """Pass 1: by closing date, each window takes the earliest unused visit inside.

    The order of the schedule is the order of closing dates, for every birth date.
    """
    done: dict[Visit, date] = {}
    for visit, window in windows.items():
        used = set(done.values())
        inside = (on for on in made if window.holds(on) and on not in used)
        first = next(inside, None)
        if first is not None:
            done[visit] = first
    return done


def _after_window(
    windows: dict[Visit, Window], done: dict[Visit, date], made: list[date]
) -> tuple[dict[Visit, date], list[date]]:
    """Pass 2: unused visits in date order, each to the latest closed unmet visit.

    Only while that visit's successor has not closed; the rest are extra.
    """
    late: dict[Visit, date] = {}
    extra: list[date] = []
    used = set(done.values())
    for on in made:
        if on in used:
            continue
        unmet = (
            visit
            for visit in reversed(Visit)
            if visit not in done and visit not in late
            if windows[visit].ends <= on and not _is_overtaken(windows, visit, on)
        )
        visit = next(unmet, None)
        if visit is None:
            extra.append(on)
        else:
            late[visit] = on
    return late, extra


def _is_overtaken(windows: dict[Visit, Window], visit: Visit, on: date) -> bool:
    successor = SUCCESSORS.get(visit)
    return successor is not None and windows[successor].ends <= on


def _unmet(
    window: Window,
    as_of: date,
    enrolment: Enrolment,
    unknown_visits_on: list[date],
    is_excused: bool,
) -> StateOfVisit:
    if is_excused or _is_outside(window, as_of, enrolment):
        return StateOfVisit.EXCUSED
    if as_of < window.starts:
        return StateOfVisit.NOT_YET
    is_unclear = not enrolment.is_known or any(map(window.holds, unknown_visits_on))
    if is_unclear:
        return StateOfVisit.NOT_ASSESSABLE
    return StateOfVisit.OPEN if as_of < window.ends else StateOfVisit.MISSED


def _is_outside(window: Window, as_of: date, enrolment: Enrolment) -> bool:
    """Came after the mid-point, or had left (by ``as_of``) before the last day."""
    came, left = enrolment.enrolled_on, enrolment.left_on
    if came is not None:
        to_last_day = (window.last_day - window.starts).days
        if 2 * (came - window.starts).days > to_last_day:
            return True
    return left is not None and left <= as_of and left <= window.last_day


def _extra(windows: dict[Visit, Window], on: date) -> VisitState:
    """An extra visit, named by the window nearest to it."""

    def days_off(window: Window) -> int:
        if on < window.starts:
            return (on - window.starts).days
        return max(0, (on - window.last_day).days)

    nearest = min(windows, key=lambda visit: abs(days_off(windows[visit])))
    window = windows[nearest]
    return VisitState(nearest, StateOfVisit.EXTRA, window, on, days_off(window))
