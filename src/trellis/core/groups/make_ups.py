"""By when a missed session must be made up, and why then.

An absence opens an individual visit. Its deadline is the first clock that runs out:
the visit's counting window, the first 15 months (W30-A), rotavirus, or the second
birthday (childhood immunization status). Sources: measures.md 2.1 and 2.2; rotavirus:
CDSi 4.64, first dose by 14 weeks 6 days, last dose by 8 months 0 days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from trellis.core.dates import add_months_clamped
from trellis.core.people.visits import Visit, counting_window


FIRST_BIRTHDAY_MONTHS: Final = 12
SECOND_BIRTHDAY_MONTHS: Final = 24
W30_DAYS_AFTER_FIRST_BIRTHDAY: Final = 90
ROTAVIRUS_FIRST_BY_DAYS: Final = 104
ROTAVIRUS_LAST_BY_MONTHS: Final = 8
ROTAVIRUS_DOSES: Final = 3
IN_FIRST_15_MONTHS: Final = frozenset(Visit) - {
    Visit.MONTHS_15,
    Visit.MONTHS_18,
    Visit.MONTHS_24,
    Visit.MONTHS_30,
}


class DeadlineReason(StrEnum):
    """Which clock runs out first."""

    VISIT_WINDOW = "visit-window"
    FIRST_15_MONTHS = "first-15-months"
    ROTAVIRUS_FIRST = "rotavirus-first-dose"
    ROTAVIRUS_LAST = "rotavirus-last-dose"
    SECOND_BIRTHDAY = "second-birthday"


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day on which the make-up still serves, and the clock that says so."""

    on: date
    reason: DeadlineReason


def deadlines(
    visit: Visit | None,
    born: date,
    missed_on: date,
    *,
    rotavirus_doses: int | None = None,
) -> tuple[Deadline, ...]:
    """Every clock that still runs on the day after ``missed_on``, the first first.

    Of two on one day the harder limit stands before the visit's window.

    ``visit``: the visit that was missed; None if it is not known. ``rotavirus_doses``:
    doses given so far; None where nobody knows, and then the clock counts.
    """
    found = [*_clocks(visit, born), *_rotavirus(born, rotavirus_doses)]
    if visit is not None:
        last_day = counting_window(visit, born).last_day
        found.append(Deadline(last_day, DeadlineReason.VISIT_WINDOW))
    running = [deadline for deadline in found if deadline.on > missed_on]
    return tuple(sorted(running, key=lambda deadline: deadline.on))


def make_up_deadline(
    visit: Visit | None,
    born: date,
    missed_on: date,
    *,
    rotavirus_doses: int | None = None,
) -> Deadline | None:
    """The first clock that runs out; None when none is left."""
    running = deadlines(visit, born, missed_on, rotavirus_doses=rotavirus_doses)
    return running[0] if running else None


def _clocks(visit: Visit | None, born: date) -> list[Deadline]:
    second = add_months_clamped(born, SECOND_BIRTHDAY_MONTHS)
    found = [Deadline(second, DeadlineReason.SECOND_BIRTHDAY)]
    if visit is None or visit in IN_FIRST_15_MONTHS:
        first = add_months_clamped(born, FIRST_BIRTHDAY_MONTHS)
        date_15 = first + timedelta(days=W30_DAYS_AFTER_FIRST_BIRTHDAY)
        found.append(Deadline(date_15, DeadlineReason.FIRST_15_MONTHS))
    return found


def _rotavirus(born: date, doses: int | None) -> list[Deadline]:
    if doses is not None and doses >= ROTAVIRUS_DOSES:
        return []
    last = add_months_clamped(born, ROTAVIRUS_LAST_BY_MONTHS)
    found = [Deadline(last, DeadlineReason.ROTAVIRUS_LAST)]
    if not doses:
        first = born + timedelta(days=ROTAVIRUS_FIRST_BY_DAYS)
        found.append(Deadline(first, DeadlineReason.ROTAVIRUS_FIRST))
    return found
