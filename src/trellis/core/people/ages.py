"""Ages of children. Dates in, whole units out; nothing here reads the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from trellis.core.dates import MONTHS_IN_YEAR, whole_months_between
from trellis.core.errors import InvalidInput


CHARTED_WEEKS: Final = range(22, 45)
DAYS_IN_WEEK: Final = 7
PRETERM_BEFORE_DAYS: Final = 37 * DAYS_IN_WEEK
DUE_DATE_DAYS: Final = 40 * DAYS_IN_WEEK
WEEKS_FROM_DAYS: Final = 14
MONTHS_FROM_MONTHS: Final = 3
YEARS_FROM_MONTHS: Final = 36


@dataclass(frozen=True, slots=True, order=True)
class Gestation:
    """Length of pregnancy at birth, as charted: ``Gestation(34, 2)`` is 34+2."""

    weeks: int
    days: int = 0

    def __post_init__(self) -> None:
        if self.weeks not in CHARTED_WEEKS or self.days not in range(DAYS_IN_WEEK):
            raise InvalidInput(
                "Gestation at birth",
                f"{self.weeks}+{self.days}",
                accepted="22+0 to 44+6, weeks+days",
                hint="Leave it empty if it is not known; do not enter 0.",
            )

    @property
    def total_days(self) -> int:
        """Whole days of pregnancy."""
        return self.weeks * DAYS_IN_WEEK + self.days

    @property
    def is_preterm(self) -> bool:
        """Born before 37+0."""
        return self.total_days < PRETERM_BEFORE_DAYS


class AgeUnit(StrEnum):
    """The unit an age is spoken in; pages translate it."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class AgeInWords:
    """An age as people say it, without the words: 3 and week, 4 and month."""

    number: int
    unit: AgeUnit


def age_days(born: date, on: date) -> int:
    """Completed days since birth; the day of birth is day 0.

    Raises:
        InvalidInput: ``on`` lies before ``born``.
    """
    age = (on - born).days
    if age < 0:
        raise InvalidInput(
            "Date",
            on,
            accepted="%(day)s or later",
            hint="Check the date of birth.",
            day=born,
        )
    return age


def corrected_age_days(born: date, gestation: Gestation | None, on: date) -> int:
    """Days since the due date if born before 37+0, otherwise days since birth.

    Below zero until the due date of a preterm child. Unknown gestation (None)
    counts as term.

    Raises:
        InvalidInput: ``on`` lies before ``born``.

    Source: AAP, Pediatrics 2004;114:1362, doi:10.1542/peds.2004-1915. Correcting
    only below 37+0 is our choice: docs/adr, "Corrected age".
    """
    age = age_days(born, on)
    if gestation is None or not gestation.is_preterm:
        return age
    return age - (DUE_DATE_DAYS - gestation.total_days)


def age_words(born: date, on: date) -> AgeInWords:
    """The age as staff say it: days, then weeks, months and years, all completed.

    Days under two weeks, weeks under three calendar months, months under three
    years. The borders are our choice.

    Raises:
        InvalidInput: ``on`` lies before ``born``.
    """
    days = age_days(born, on)
    months = whole_months_between(born, on)
    if days < WEEKS_FROM_DAYS:
        return AgeInWords(days, AgeUnit.DAY)
    if months < MONTHS_FROM_MONTHS:
        return AgeInWords(days // DAYS_IN_WEEK, AgeUnit.WEEK)
    if months < YEARS_FROM_MONTHS:
        return AgeInWords(months, AgeUnit.MONTH)
    return AgeInWords(months // MONTHS_IN_YEAR, AgeUnit.YEAR)
