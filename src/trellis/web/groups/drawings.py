"""Where to draw births and windows: numbers for the SVG of a cohort's page.

A drawing is 600 wide. The same facts stand in words beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from trellis.core.groups.cohorts import Fit
from trellis.records.groups.cohorts.queries import SeriesLine
from trellis.records.groups.families import Family


WIDTH: Final = 600
MARGIN: Final = 12
LEAST_DAYS: Final = 14
ROW_HEIGHT: Final = 16


@dataclass(frozen=True, slots=True)
class Scale:
    """A line of days as a line of the drawing."""

    first: date
    last: date

    def x(self, on: date) -> float:
        """Where a day lies, from the left."""
        days = max((self.last - self.first).days, 1)
        along = (on - self.first).days / days
        return round(MARGIN + along * (WIDTH - 2 * MARGIN), 1)


@dataclass(frozen=True, slots=True)
class Spread:
    """Births on a line: points, and the first and last as text."""

    points: tuple[float, ...]
    first: date
    last: date


def spread_drawing(members: tuple[Family, ...]) -> Spread | None:
    """The births of the members; None where none is open."""
    births = sorted(one.born for one in members if one.born is not None)
    if not births:
        return None
    free = max(0, LEAST_DAYS - (births[-1] - births[0]).days)
    margin = timedelta(days=free // 2 + 1)
    scale = Scale(births[0] - margin, births[-1] + margin)
    return Spread(tuple(scale.x(born) for born in births), births[0], births[-1])


@dataclass(frozen=True, slots=True)
class WindowBar:
    """One child's planning window as a bar."""

    x: float
    y: int
    width: float
    is_inside: bool


@dataclass(frozen=True, slots=True)
class Windows:
    """The windows of one date's children, and the date as an upright line."""

    bars: tuple[WindowBar, ...]
    date_x: float
    height: int
    first: date
    last: date


def windows_drawing(line: SeriesLine) -> Windows | None:
    """The windows beside one date; None where no child has one."""
    dated = [
        (one.fit, one.fit.window) for one in line.members if one.fit.window is not None
    ]
    if not dated:
        return None
    first = min(line.on, *(window.starts for _, window in dated))
    last = max(line.on, *(window.ends for _, window in dated))
    scale = Scale(first, last)
    bars = tuple(
        WindowBar(
            x=scale.x(window.starts),
            y=4 + place * ROW_HEIGHT,
            width=round(scale.x(window.ends) - scale.x(window.starts), 1),
            is_inside=fit.fit is Fit.INSIDE,
        )
        for place, (fit, window) in enumerate(dated)
    )
    height = 4 + len(bars) * ROW_HEIGHT
    return Windows(bars, scale.x(line.on), height, first, last)
