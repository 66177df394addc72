"""The one table of well-child visit windows, from 3 to 5 days to 30 months.

No other module holds a window of its own. Source: measures.md section 2.1; the
American Academy of Pediatrics publishes visit ages, the windows are ours. Ages are
chronological for every child, born preterm or not.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from trellis.core.dates import add_months_clamped
from trellis.core.errors import InvalidInput


LEAST_DAYS_LEFT_FOR_A_DOSE: Final = 7
ONE_DAY: Final = timedelta(days=1)


class Visit(StrEnum):
    """A visit of the periodicity schedule that has a window."""

    DAYS_3_TO_5 = "3-5d"
    MONTH_1 = "1m"
    MONTHS_2 = "2m"
    MONTHS_4 = "4m"
    MONTHS_6 = "6m"
    MONTHS_9 = "9m"
    MONTHS_12 = "12m"
    MONTHS_15 = "15m"
    MONTHS_18 = "18m"
    MONTHS_24 = "24m"
    MONTHS_30 = "30m"


@dataclass(frozen=True, slots=True)
class Window:
    """Days on which something may happen: from ``starts`` until before ``ends``.

    Half-open as every period here: ``ends`` is the day after the last day inside.

    Raises:
        InvalidInput: it would hold no day.
    """

    starts: date
    ends: date

    def __post_init__(self) -> None:
        if self.ends <= self.starts:
            raise InvalidInput(
                "Window",
                f"{self.starts} to {self.ends}",
                accepted="an end after its start",
                hint="The end is the day after the last day inside.",
            )

    @property
    def last_day(self) -> date:
        """The last day inside."""
        return self.ends - ONE_DAY

    @property
    def days(self) -> int:
        """How many days it holds."""
        return (self.ends - self.starts).days

    def holds(self, on: date) -> bool:
        """Whether the day lies inside."""
        return self.starts <= on < self.ends

    def shared_with(self, other: Window) -> Window | None:
        """The days both hold; None where there are none."""
        starts, ends = max(self.starts, other.starts), min(self.ends, other.ends)
        return Window(starts, ends) if starts < ends else None


@dataclass(frozen=True, slots=True)
class AgeMark:
    """An age as ``months`` calendar months (clamped) and then ``days`` days.

    ``least_days``: the day of age it never falls below.
    """

    months: int
    days: int
    least_days: int = 0

    def on(self, born: date) -> date:
        """The date on which a child born on ``born`` has this age."""
        marked = add_months_clamped(born, self.months) + timedelta(days=self.days)
        return max(marked, born + timedelta(days=self.least_days))


@dataclass(frozen=True, slots=True)
class VisitRule:
    """The windows of one visit; both last ages lie inside their window.

    ``planned_*`` is None where the visit is individual and never a group session.
    """

    counted_from: AgeMark
    counted_to: AgeMark
    planned_from: AgeMark | None
    planned_to: AgeMark | None


def _ages(months: int, days: int, least_days: int = 0) -> AgeMark:
    return AgeMark(months, days, least_days)


# What opens a planning window (CDSi 4.64, without the 4-day grace): 6 weeks for the
# first doses, 10 for the second, 24 weeks for hepatitis B 3, 12 months for MMR and
# varicella, 15 for DTaP 4, 18 for hepatitis A 2.
RULES: Final[dict[Visit, VisitRule]] = {
    Visit.DAYS_3_TO_5: VisitRule(_ages(0, 2), _ages(0, 14), None, None),
    Visit.MONTH_1: VisitRule(_ages(0, 15), _ages(0, 45), _ages(0, 21), _ages(0, 45)),
    Visit.MONTHS_2: VisitRule(_ages(0, 42), _ages(2, 45), _ages(0, 42), _ages(2, 30)),
    Visit.MONTHS_4: VisitRule(_ages(4, -15), _ages(4, 45), _ages(4, -15), _ages(4, 30)),
    Visit.MONTHS_6: VisitRule(
        _ages(6, -15), _ages(6, 45), _ages(6, -15, least_days=168), _ages(6, 30)
    ),
    Visit.MONTHS_9: VisitRule(_ages(9, -15), _ages(9, 45), _ages(9, -15), _ages(9, 45)),
    Visit.MONTHS_12: VisitRule(
        _ages(12, -15), _ages(12, 60), _ages(12, 0), _ages(12, 45)
    ),
    Visit.MONTHS_15: VisitRule(
        _ages(15, -15), _ages(15, 60), _ages(15, 0), _ages(15, 45)
    ),
    Visit.MONTHS_18: VisitRule(
        _ages(18, -15), _ages(18, 60), _ages(18, 0), _ages(18, 45)
    ),
    Visit.MONTHS_24: VisitRule(
        _ages(24, -30), _ages(24, 90), _ages(24, -15), _ages(24, 45)
    ),
    Visit.MONTHS_30: VisitRule(
        _ages(30, -30), _ages(30, 90), _ages(30, -15), _ages(30, 60)
    ),
}
MONTH_1_WITH_HEPATITIS_B_2: Final = _ages(0, 28)


def counting_window(visit: Visit, born: date) -> Window:
    """The days on which the visit counts as made when it should be."""
    rule = RULES[visit]
    return Window(rule.counted_from.on(born), rule.counted_to.on(born) + ONE_DAY)


def planning_window(
    visit: Visit, born: date, *, gives_hepb2_at_1m: bool = False
) -> Window | None:
    """The days on which a group session for the visit may be put; None: individual.

    ``gives_hepb2_at_1m``: the site gives the second hepatitis B dose at the 1-month
    visit, which then opens at 4 weeks.
    """
    rule = RULES[visit]
    opens, closes = rule.planned_from, rule.planned_to
    if opens is None or closes is None:
        return None
    if visit is Visit.MONTH_1 and gives_hepb2_at_1m:
        opens = MONTH_1_WITH_HEPATITIS_B_2
    return Window(opens.on(born), closes.on(born) + ONE_DAY)


def cut_window(
    window: Window, enrolled_on: date | None, left_on: date | None
) -> Window | None:
    """The part of a window in which the family is in the programme; None if no day is.

    ``enrolled_on`` is the first day in, ``left_on`` the first day no longer in (the
    exclusive end of the episode). None: no cut on that side.
    """
    starts = window.starts if enrolled_on is None else max(window.starts, enrolled_on)
    ends = window.ends if left_on is None else min(window.ends, left_on)
    return Window(starts, ends) if starts < ends else None


def opened_for_dose(window: Window, earliest: date) -> Window:
    """The planning window opened later, for a dose that may not be given before.

    Stands as it is where fewer than 7 days would remain: the dose then moves to
    another visit.
    """
    if earliest <= window.starts:
        return window
    if (window.ends - earliest).days < LEAST_DAYS_LEFT_FOR_A_DOSE:
        return window
    return Window(earliest, window.ends)


def visit_on(
    born: date,
    on: date,
    *,
    gives_hepb2_at_1m: bool = False,
    done: Collection[Visit] = (),
) -> Visit | None:
    """The visit whose planning window holds the day; None if there is none.

    The windows of 1 and 2 months share four days: the one that closes first is
    answered, unless it is among ``done``.
    """
    for visit in Visit:
        window = planning_window(visit, born, gives_hepb2_at_1m=gives_hepb2_at_1m)
        if window is not None and window.holds(on) and visit not in done:
            return visit
    return None
