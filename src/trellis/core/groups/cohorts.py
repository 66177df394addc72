"""Who fits together: birth spread, places, and each child's window beside a date.

No window is held here: they are those of core.people.visits. A child that falls out of
a date gets an individual visit; a window is never stretched to keep the group. Source:
domain.md section 3.3.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from trellis.core.errors import InvalidInput
from trellis.core.people.visits import (
    Visit,
    Window,
    counting_window,
    planning_window,
)


WIDE_SPREAD_DAYS: Final = 45  # a cohort formed by hand is warned above
LEAST_MEMBERS: Final = 3
PLACES: Final = range(1, 13)
AROUND_DAYS: Final = 31  # to look among families for one session, on both sides
UNDER_3_YEARS: Final = timedelta(days=3 * 366)


class CohortWarning(StrEnum):
    """What to look at again; never a refusal."""

    WIDE_SPREAD = "wide-spread"
    TOO_FEW = "too-few"
    OVER_PLACES = "over-places"


class Fit(StrEnum):
    """How a date lies to a child's planning window."""

    INSIDE = "inside"
    OPENS_LATER = "opens-later"
    CLOSED = "closed"
    INDIVIDUAL = "individual"  # the visit is never a group session


@dataclass(frozen=True, slots=True)
class DatedFit:
    """A child's window beside a date.

    ``days``: inside, the days left after the date; opens later, the days until it
    opens; closed, the days since its last day.
    """

    fit: Fit
    window: Window | None
    days: int = 0


def check_places(places: int) -> None:
    """Return if a group may have so many places.

    Raises:
        InvalidInput: fewer than 1 or more than 12.
    """
    if places not in PLACES:
        raise InvalidInput(
            "Places",
            places,
            accepted="%(least)s to %(most)s",
            hint="Open a second cohort for more families.",
            least=PLACES[0],
            most=PLACES[-1],
        )


def birth_spread_days(births: Iterable[date]) -> int | None:
    """Days from the oldest to the youngest child; None without children."""
    known = sorted(births)
    return (known[-1] - known[0]).days if known else None


def cohort_warnings(
    births: Iterable[date], places: int | None = None
) -> tuple[CohortWarning, ...]:
    """What a person should look at again before going on."""
    known = tuple(births)
    spread = birth_spread_days(known)
    found = []
    if spread is not None and spread > WIDE_SPREAD_DAYS:
        found.append(CohortWarning.WIDE_SPREAD)
    if len(known) < LEAST_MEMBERS:
        found.append(CohortWarning.TOO_FEW)
    if places is not None and len(known) > places:
        found.append(CohortWarning.OVER_PLACES)
    return tuple(found)


def fit_on(
    visit: Visit, born: date, on: date, *, gives_hepb2_at_1m: bool = False
) -> DatedFit:
    """How the date lies to the planning window of this child for this visit."""
    window = planning_window(visit, born, gives_hepb2_at_1m=gives_hepb2_at_1m)
    if window is None:
        return DatedFit(Fit.INDIVIDUAL, None)
    if on < window.starts:
        return DatedFit(Fit.OPENS_LATER, window, (window.starts - on).days)
    if window.holds(on):
        return DatedFit(Fit.INSIDE, window, (window.last_day - on).days)
    return DatedFit(Fit.CLOSED, window, (on - window.last_day).days)


def births_for(visit: Visit | None, on: date) -> tuple[date, date]:
    """Births to look among for a session on a day: half-open, and wider than exact.

    A month more than the visit's planning window on both sides, for children who are
    a little early or late. No visit, or one that has no window: under 3 years.
    """
    window = planning_window(visit, on) if visit is not None else None
    if window is None:
        return on - UNDER_3_YEARS, on + timedelta(days=1)
    around = timedelta(days=AROUND_DAYS)
    youngest, oldest = window.starts - on, window.ends - on
    return on - oldest - around, min(on, on - youngest + around) + timedelta(days=1)


def shared_window(
    visit: Visit, births: Iterable[date], *, gives_hepb2_at_1m: bool = False
) -> Window | None:
    """The days on which every child is inside its window; None if there are none."""
    shared: Window | None = None
    for born in births:
        window = planning_window(visit, born, gives_hepb2_at_1m=gives_hepb2_at_1m)
        if window is None:
            return None
        shared = window if shared is None else shared.shared_with(window)
        if shared is None:
            return None
    return shared


def slack_days(
    visit: Visit, births: Iterable[date], *, gives_hepb2_at_1m: bool = False
) -> int | None:
    """How many days later than the first shared day a session may still be.

    Below zero: so many days are missing between the youngest child's opening and the
    oldest child's last day. None: no children, or the visit is individual.
    """
    windows = [
        planning_window(visit, born, gives_hepb2_at_1m=gives_hepb2_at_1m)
        for born in births
    ]
    known = [window for window in windows if window is not None]
    if not known or len(known) < len(windows):
        return None
    opens = max(window.starts for window in known)
    closes = min(window.last_day for window in known)
    return (closes - opens).days


def visit_for(planned: Visit | None, born: date, on: date) -> Visit | None:
    """Which visit of the schedule a child's visit on this day is.

    The planned one where its counting window holds the day; else the first whose
    window does; else the planned one, which is then done late.
    """
    if planned is not None and counting_window(planned, born).holds(on):
        return planned
    holding = (visit for visit in Visit if counting_window(visit, born).holds(on))
    return next(holding, planned)
