"""What a nurse is asked before an unusual measurement is kept.

Nothing here blocks: an unusual value is shown again with the reason, and kept when a
person confirms it. Only a value that cannot be a child's is refused. The z-score
limits are WHO's flags; every other limit below is our choice, set so wide that a
healthy child hardly ever meets it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from trellis.core.errors import InvalidInput
from trellis.core.growth.scores import Position, assess
from trellis.core.growth.standards import Sex


GRAMS_IN_KG: Final = 1_000
MM_IN_CM: Final = 10

# Hard limits: outside, the value is a slip of the pen. Our choice.
POSSIBLE_WEIGHT_G: Final = range(200, 40_001)
POSSIBLE_LENGTH_MM: Final = range(200, 1_301)
POSSIBLE_HEAD_MM: Final = range(150, 651)

# Change against the measurement before. Our choice.
MOST_WEIGHT_LOST_PERCENT: Final = 10
MOST_WEIGHT_GAIN_G_A_DAY: Final = 100
ALLOWED_WEIGHT_GAIN_G: Final = 300  # another scale, clothes, a full stomach
MOST_SHRINKING_LENGTH_MM: Final = 10
MOST_LENGTH_GAIN_MM_A_DAY: Final = 3
ALLOWED_LENGTH_GAIN_MM: Final = 30
MOST_SHRINKING_HEAD_MM: Final = 5  # two tapes, two people
MOST_HEAD_GAIN_MM_A_DAY: Final = 2
ALLOWED_HEAD_GAIN_MM: Final = 10

SENTENCES: Final[dict[str, str]] = {
    "weight-for-age": "The weight is unusual for this age: z-score %(z)s.",
    "length-for-age": "The length or height is unusual for this age: z-score %(z)s.",
    "head-for-age": "The head circumference is unusual for this age: z-score %(z)s.",
    "weight-for-length": "The weight is unusual for this length: z-score %(z)s.",
    "weight-lost": "The weight is %(percent)s %% less than %(days)s days before.",
    "weight-gained": "The weight is %(change)s g more than %(days)s days before.",
    "length-shrank": "The length is %(change)s mm less than %(days)s days before.",
    "length-gained": "The length is %(change)s mm more than %(days)s days before.",
    "head-shrank": (
        "The head circumference is %(change)s mm less than %(days)s days before."
    ),
    "head-gained": (
        "The head circumference is %(change)s mm more than %(days)s days before."
    ),
}


@dataclass(frozen=True, slots=True)
class Measurement:
    """What was measured on one day; None for what was not."""

    age_days: int
    weight_g: int | None = None
    length_mm: int | None = None
    head_mm: int | None = None


@dataclass(frozen=True, slots=True)
class Unusual:
    """One reason to look again: the field, a message key and the values it names."""

    field: str
    key: str
    values: tuple[tuple[str, str], ...]

    @property
    def sentence(self) -> str:
        """The reason in English; pages translate ``SENTENCES[key]`` and fill it in."""
        return SENTENCES[self.key] % dict(self.values)


def check_possible(
    *,
    weight_g: int | None = None,
    length_mm: int | None = None,
    head_mm: int | None = None,
) -> None:
    """Refuse what no child to three years can measure.

    Raises:
        InvalidInput: weight outside 200 to 40,000 g, length outside 200 to 1,300 mm,
            or head outside 150 to 650 mm.
    """
    _check("Weight", weight_g, POSSIBLE_WEIGHT_G, "g")
    _check("Length or height", length_mm, POSSIBLE_LENGTH_MM, "mm")
    _check("Head circumference", head_mm, POSSIBLE_HEAD_MM, "mm")


def unusual(
    now: Measurement,
    *,
    sex: Sex | None,
    position: Position | None = None,
    oedema: bool = False,
    before: Measurement | None = None,
) -> tuple[Unusual, ...]:
    """The reasons to ask a person before this measurement is kept; none if usual.

    ``before`` is the last measurement kept; its values may come from several days, as
    long as ``age_days`` is that of the latest. Without a sex no z-score is judged.

    Raises:
        InvalidInput: as ``check_possible``.

    Source: WHO flags, measures.md section 12 rule 10; changes are our choice.
    """
    check_possible(weight_g=now.weight_g, length_mm=now.length_mm, head_mm=now.head_mm)
    flagged = _flagged(now, sex, position, oedema)
    changed = () if before is None else _changed(now, before)
    return (*flagged, *changed)


def _check(field: str, given: int | None, possible: range, unit: str) -> None:
    if given is not None and given not in possible:
        raise InvalidInput(
            field,
            f"{given} {unit}",
            accepted="%(least)s to %(most)s %(unit)s",
            hint="Check the value and its unit.",
            least=possible[0],
            most=possible[-1],
            unit=unit,
        )


def _flagged(
    now: Measurement, sex: Sex | None, position: Position | None, oedema: bool
) -> Iterator[Unusual]:
    scores = assess(
        sex=sex,
        age_days=now.age_days,
        weight_kg=None if now.weight_g is None else now.weight_g / GRAMS_IN_KG,
        lenhei_cm=None if now.length_mm is None else now.length_mm / MM_IN_CM,
        measure=position,
        headc_cm=None if now.head_mm is None else now.head_mm / MM_IN_CM,
        oedema=oedema,
    )
    judged = (
        ("weight_g", "weight-for-age", scores.fwei, scores.zwei),
        ("length_mm", "length-for-age", scores.flen, scores.zlen),
        ("head_mm", "head-for-age", scores.fhc, scores.zhc),
        ("weight_g", "weight-for-length", scores.fwfl, scores.zwfl),
    )
    for field, key, is_flagged, z in judged:
        if is_flagged:
            yield Unusual(field, key, (("z", f"{z:.2f}"),))


def _changed(now: Measurement, before: Measurement) -> Iterator[Unusual]:
    days = max(0, now.age_days - before.age_days)
    yield from _weight_changed(now.weight_g, before.weight_g, days)
    yield from _size_changed(
        "length",
        (now.length_mm, before.length_mm),
        days,
        most_lost=MOST_SHRINKING_LENGTH_MM,
        most_gained=max(ALLOWED_LENGTH_GAIN_MM, MOST_LENGTH_GAIN_MM_A_DAY * days),
    )
    yield from _size_changed(
        "head",
        (now.head_mm, before.head_mm),
        days,
        most_lost=MOST_SHRINKING_HEAD_MM,
        most_gained=max(ALLOWED_HEAD_GAIN_MM, MOST_HEAD_GAIN_MM_A_DAY * days),
    )


def _weight_changed(
    weight_g: int | None, before_g: int | None, days: int
) -> Iterator[Unusual]:
    if weight_g is None or before_g is None:
        return
    lost_g = before_g - weight_g
    if lost_g * 100 > before_g * MOST_WEIGHT_LOST_PERCENT:
        percent = f"{lost_g * 100 / before_g:.1f}"
        values = (("percent", percent), ("days", str(days)))
        yield Unusual("weight_g", "weight-lost", values)
    if -lost_g > max(ALLOWED_WEIGHT_GAIN_G, MOST_WEIGHT_GAIN_G_A_DAY * days):
        values = (("change", str(-lost_g)), ("days", str(days)))
        yield Unusual("weight_g", "weight-gained", values)


def _size_changed(
    name: str,
    pair: tuple[int | None, int | None],
    days: int,
    *,
    most_lost: int,
    most_gained: int,
) -> Iterator[Unusual]:
    now_mm, before_mm = pair
    if now_mm is None or before_mm is None:
        return
    change = now_mm - before_mm
    values = (("change", str(abs(change))), ("days", str(days)))
    if -change > most_lost:
        yield Unusual(f"{name}_mm", f"{name}-shrank", values)
    if change > most_gained:
        yield Unusual(f"{name}_mm", f"{name}-gained", values)
