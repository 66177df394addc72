"""Growth charts as SVG, drawn on the server: the same drawing for page and print.

No script and no ``style`` attribute (the Content-Security-Policy forbids both), no
meaning in colour alone, every curve and point labelled where it is. The page puts the
table of the same values beneath, always.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Final, Literal

from trellis.core.growth.scores import DAYS_IN_MONTH, STANDING_FROM_DAYS
from trellis.core.growth.standards import Sex, table


Indicator = Literal["weight", "length", "head"]

WIDTH, HEIGHT = 420, 400
LEFT, RIGHT, TOP, BOTTOM = 44, 384, 30, 348
CURVES: Final = (-3, -2, 0, 2, 3)
# Each kind of curve has its own line, not only its own colour.
CURVE_LINES: Final = {
    0: 'stroke="#005ea2" stroke-width="1.8"',
    2: 'stroke="#565c65" stroke-width="1.1" stroke-dasharray="6 3"',
    3: 'stroke="#565c65" stroke-width="1.1" stroke-dasharray="1.5 2.5"',
}
SPANS_MONTHS: Final = {12: 2, 24: 3, 36: 6}  # length of the age axis: months a tick
TICKS: Final[dict[Indicator, int]] = {"weight": 2, "length": 10, "head": 5}
DAYS_BETWEEN_CURVE_POINTS: Final = 7
LETTER_WIDTH: Final = 6.4
LABEL_HEIGHT: Final = 13.0
MARKER_RADIUS: Final = 4.5
INK: Final = "#1b1b1b"
GRID: Final = "#dfe1e2"
AXIS: Final = "#71767a"


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """One measurement: ``value`` in kg or cm, ``label`` as it is written beside it.

    ``is_corrected``: the age is corrected for a birth before 37+0; such a point is
    drawn as an open diamond, any other as a filled circle.
    """

    age_days: int
    value: float
    label: str
    is_corrected: bool = False


@dataclass(frozen=True, slots=True)
class ChartWords:
    """The words on a chart; pages pass them translated."""

    age: str = "Age in months"
    weight: str = "Weight, kg"
    length: str = "Length or height, cm"
    head: str = "Head circumference, cm"
    standard: str = "WHO Child Growth Standards"
    girls: str = "girls"
    boys: str = "boys"
    z_score: str = "z-score"
    since_birth: str = "age since birth"
    corrected: str = "corrected age"

    def value(self, indicator: Indicator) -> str:
        """The title of the value axis, with its unit."""
        return {"weight": self.weight, "length": self.length, "head": self.head}[
            indicator
        ]


@dataclass(frozen=True, slots=True)
class Scale:
    """From age and value to places on the drawing."""

    months: int
    least: float
    most: float

    def x(self, age_days: float) -> float:
        """Place of an age in days, from the left."""
        share = age_days / (self.months * DAYS_IN_MONTH)
        return LEFT + (RIGHT - LEFT) * share

    def y(self, value: float) -> float:
        """Place of a value in kg or cm, from the top."""
        share = (value - self.least) / (self.most - self.least)
        return BOTTOM - (BOTTOM - TOP) * share


def growth_chart(
    sex: Sex,
    indicator: Indicator,
    points: Sequence[ChartPoint],
    *,
    title: str,
    description: str,
    words: ChartWords | None = None,
    chart_id: str | None = None,
) -> str:
    """One growth chart as an ``svg`` element, ready for a page or a printed sheet.

    The WHO curves at z-scores -3, -2, 0, +2 and +3 from birth to 12, 24 or 36 months,
    as far as the points go (nothing switches at 24 months), and the points. ``title``
    and ``description`` are read out by screen readers. ``chart_id`` must be unique on
    the page. All text is escaped; labels that would cover each other are left to the
    table beneath, the latest first.
    """
    spoken = words or ChartWords()
    shown = sorted(
        (p for p in points if 0 <= p.age_days <= max(SPANS_MONTHS) * DAYS_IN_MONTH),
        key=lambda point: point.age_days,
    )
    name = escape(chart_id or f"growth-{indicator}", quote=True)
    scale = _scale(sex, indicator, shown)
    parts = (
        _head(name, title, description),
        *_grid(scale, indicator),
        *_curves(scale, sex, indicator),
        *_points(scale, shown),
        *_labels(scale, shown),
        *_captions(sex, indicator, spoken, shown),
        "</svg>",
    )
    return "\n".join(parts)


def _scale(sex: Sex, indicator: Indicator, points: Sequence[ChartPoint]) -> Scale:
    """The shortest age axis that holds all points, and whole ticks of the value."""
    last = max((point.age_days for point in points), default=0)
    months = next(m for m in SPANS_MONTHS if last <= m * DAYS_IN_MONTH)
    rows = table(indicator, sex)
    days = range(round(months * DAYS_IN_MONTH) + 1)
    values = [point.value for point in points]
    for day in (days[0], days[-1]):
        lms = rows.at(day)
        if lms is not None:
            values += [lms.value_at(CURVES[0]), lms.value_at(CURVES[-1])]
    tick = TICKS[indicator]
    least = math.floor(min(values) / tick) * tick
    return Scale(months, least, math.ceil(max(values) / tick) * tick)


def _head(name: str, title: str, description: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="growth-chart" role="img" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'aria-labelledby="{name}-title {name}-desc" font-size="12" fill="{INK}" '
        f'font-family="Source Sans Pro Web, Helvetica Neue, Helvetica, Arial, '
        f'sans-serif">\n'
        f'<title id="{name}-title">{escape(title)}</title>\n'
        f'<desc id="{name}-desc">{escape(description)}</desc>'
    )


def _grid(scale: Scale, indicator: Indicator) -> Iterator[str]:
    """Ticks with their numbers, light lines through the plot, the two axes."""
    step = SPANS_MONTHS[scale.months]
    for month in range(0, scale.months + 1, step):
        x = scale.x(month * DAYS_IN_MONTH)
        yield _line((x, TOP), (x, BOTTOM), GRID)
        yield _text(x, BOTTOM + 16, str(month), anchor="middle")
    tick = TICKS[indicator]
    for value in range(int(scale.least), int(scale.most) + 1, tick):
        y = scale.y(value)
        yield _line((LEFT, y), (RIGHT, y), GRID)
        yield _text(LEFT - 6, y + 4, str(value), anchor="end")
    yield _line((LEFT, BOTTOM), (RIGHT, BOTTOM), AXIS)
    yield _line((LEFT, TOP), (LEFT, BOTTOM), AXIS)


def _curves(scale: Scale, sex: Sex, indicator: Indicator) -> Iterator[str]:
    """The band between -2 and +2, and the five curves with their z-scores."""
    stretches = list(_stretches(scale, indicator))
    for days in stretches:
        upper = _places(scale, sex, indicator, days, 2)
        lower = _places(scale, sex, indicator, days, -2)
        outline = _path([*upper, *reversed(lower)])
        yield f'<path class="growth-band" d="{outline}Z" fill="#e8f5fa"/>'
    for z in CURVES:
        drawn = [_places(scale, sex, indicator, days, z) for days in stretches]
        yield (
            f'<path class="growth-curve" d="{"".join(map(_path, drawn))}" '
            f'fill="none" {CURVE_LINES[abs(z)]}/>'
        )
        label = f"{z:+d}".replace("-", "\N{MINUS SIGN}") if z else "0"
        _, y = drawn[-1][-1]
        yield _text(RIGHT + 6, y + 4, label, weight="bold" if z == 0 else "normal")


def _stretches(scale: Scale, indicator: Indicator) -> Iterator[list[int]]:
    """Days of the curves; length breaks where it becomes standing height."""
    last = round(scale.months * DAYS_IN_MONTH)
    has_break = indicator == "length" and last > STANDING_FROM_DAYS
    borders = [0, STANDING_FROM_DAYS, last + 1] if has_break else [0, last + 1]
    for first, end in pairwise(borders):
        days = list(range(first, end, DAYS_BETWEEN_CURVE_POINTS))
        yield days if days[-1] == end - 1 else [*days, end - 1]


def _places(
    scale: Scale, sex: Sex, indicator: Indicator, days: Iterable[int], z: int
) -> list[tuple[float, float]]:
    rows = table(indicator, sex)
    found = ((day, rows.at(day)) for day in days)
    return [(scale.x(day), scale.y(lms.value_at(z))) for day, lms in found if lms]


def _path(places: Iterable[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)


def _points(scale: Scale, points: Sequence[ChartPoint]) -> Iterator[str]:
    """Each series joined by a line; circles since birth, diamonds corrected."""
    for is_corrected in (False, True):
        series = [p for p in points if p.is_corrected is is_corrected]
        places = [(scale.x(p.age_days), scale.y(p.value)) for p in series]
        if len(places) > 1:
            dashes = ' stroke-dasharray="3 3"' if is_corrected else ""
            yield (
                f'<path class="growth-line" d="{_path(places)}" fill="none" '
                f'stroke="{INK}" stroke-width="1.6"{dashes}/>'
            )
        for x, y in places:
            yield _marker(x, y, is_corrected=is_corrected)


def _marker(x: float, y: float, *, is_corrected: bool) -> str:
    r = MARKER_RADIUS
    if is_corrected:
        corners = f"M{x:.1f} {y - r - 1:.1f}l{r + 1} {r + 1}l{-r - 1} {r + 1}"
        return (
            f'<path class="growth-point-corrected" d="{corners}l{-r - 1} {-r - 1}Z" '
            f'fill="#fff" stroke="{INK}" stroke-width="1.6"/>'
        )
    return (
        f'<circle class="growth-point" cx="{x:.1f}" cy="{y:.1f}" r="{r}" '
        f'fill="{INK}" stroke="#fff" stroke-width="1.5"/>'
    )


def _labels(scale: Scale, points: Sequence[ChartPoint]) -> Iterator[str]:
    """The points' labels, latest first, each where it covers nothing else.

    A corrected point repeats the value of its circle, so its label is left out.
    """
    has_circles = any(not point.is_corrected for point in points)
    r = MARKER_RADIUS
    places = [(scale.x(p.age_days), scale.y(p.value)) for p in points]
    taken = [(x - r, y - r, x + r, y + r) for x, y in places]
    for point, (x, y) in reversed(list(zip(points, places, strict=True))):
        if has_circles and point.is_corrected:
            continue
        half = len(point.label) * LETTER_WIDTH / 2
        middle = min(max(x, LEFT + half + 2), RIGHT - half)
        for base in (y - r - 5, y + r + 14):
            box = (middle - half, base - LABEL_HEIGHT + 2, middle + half, base + 2)
            is_inside = box[1] >= TOP and box[3] <= BOTTOM
            if is_inside and not any(_overlap(box, other) for other in taken):
                taken.append(box)
                yield _text(middle, base, point.label, anchor="middle", has_halo=True)
                break


Box = tuple[float, float, float, float]


def _overlap(one: Box, other: Box) -> bool:
    across = one[0] < other[2] and other[0] < one[2]
    return across and one[1] < other[3] and other[1] < one[3]


def _captions(
    sex: Sex, indicator: Indicator, words: ChartWords, points: Sequence[ChartPoint]
) -> Iterator[str]:
    """Titles of the axes, the standard used, and what circle and diamond mean."""
    yield _text(4, 16, words.value(indicator), weight="bold")
    yield _text(WIDTH - 4, 16, words.z_score, anchor="end")
    middle = (LEFT + RIGHT) / 2
    yield _text(middle, BOTTOM + 33, words.age, anchor="middle", weight="bold")
    who = words.girls if sex == "f" else words.boys
    yield _text(
        middle, HEIGHT - 4, f"{words.standard}, {who}", anchor="middle", size=11
    )
    if any(point.is_corrected for point in points):
        yield from _key(words)


def _key(words: ChartWords) -> Iterator[str]:
    """What circle and diamond mean, at the lower right, where no curve passes."""
    named = ((words.since_birth, False), (words.corrected, True))
    widest = max(len(word) for word, _ in named) * LETTER_WIDTH
    for line, (word, is_corrected) in enumerate(named):
        y = BOTTOM - 30 + 18 * line
        yield _marker(RIGHT - widest - 12, y, is_corrected=is_corrected)
        yield _text(RIGHT - widest, y + 4, word)


def _line(start: tuple[float, float], end: tuple[float, float], colour: str) -> str:
    return (
        f'<line x1="{start[0]:.1f}" y1="{start[1]:.1f}" x2="{end[0]:.1f}" '
        f'y2="{end[1]:.1f}" stroke="{colour}"/>'
    )


def _text(
    x: float,
    y: float,
    content: str,
    *,
    anchor: str = "start",
    weight: str = "normal",
    size: int = 12,
    has_halo: bool = False,
) -> str:
    halo = (
        ' stroke="#fff" stroke-width="3" stroke-linejoin="round" paint-order="stroke"'
        if has_halo
        else ""
    )
    bold = ' font-weight="bold"' if weight == "bold" or has_halo else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}"'
        f"{bold}{halo}>{escape(content)}</text>"
    )
