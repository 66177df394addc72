"""Calendar arithmetic. Two ways of adding months exist, and each has one place.

``add_months_clamped`` serves everything but immunization; ``add_months_cdsi`` is for
immunization alone (docs/adr, "Dates").
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import Final


MONTHS_IN_YEAR: Final = 12


def add_months_clamped(start: date, months: int) -> date:
    """The same day ``months`` later, or that month's last day if it has no such day.

    31 August + 6 months = 28 (or 29) February. Negative months go back.
    """
    year, month = _shifted(start, months)
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def add_months_cdsi(start: date, months: int) -> date:
    """The same day ``months`` later, or the first of the next month if there is none.

    31 August + 6 months = 1 March. Source: CDC CDSi Logic Specification, date rule
    CALCDT-5.
    """
    year, month = _shifted(start, months)
    last = monthrange(year, month)[1]
    if start.day <= last:
        return date(year, month, start.day)
    return date(year, month, last) + timedelta(days=1)


def whole_months_between(start: date, end: date) -> int:
    """Completed calendar months from ``start`` to ``end``, clamped month ends."""
    months = (end.year - start.year) * MONTHS_IN_YEAR + end.month - start.month
    return months if add_months_clamped(start, months) <= end else months - 1


def _shifted(start: date, months: int) -> tuple[int, int]:
    index = start.year * MONTHS_IN_YEAR + start.month - 1 + months
    return divmod(index, MONTHS_IN_YEAR)[0], index % MONTHS_IN_YEAR + 1
