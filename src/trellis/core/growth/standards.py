"""The WHO standards as tables one can ask: row in, L, M and S out.

Texts become numbers at the first use of each table, so that importing costs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import Final, Literal

from trellis.core.tables import (
    who_bmi_for_age,
    who_head_circumference_for_age,
    who_length_height_for_age,
    who_weight_for_age,
    who_weight_for_height,
    who_weight_for_length,
)


Sex = Literal["m", "f"]
Standard = Literal[
    "weight", "length", "head", "bmi", "weight-for-length", "weight-for-height"
]

LM_SCALE: Final = 10_000
S_SCALE: Final = 100_000
MODULES: Final = {
    "weight": who_weight_for_age,
    "length": who_length_height_for_age,
    "head": who_head_circumference_for_age,
    "bmi": who_bmi_for_age,
    "weight-for-length": who_weight_for_length,
    "weight-for-height": who_weight_for_height,
}


@dataclass(frozen=True, slots=True)
class Lms:
    """Box-Cox power, median and coefficient of variation at one row."""

    power: float
    median: float
    variation: float

    def value_at(self, z: float) -> float:
        """The measure (kg, cm or kg/m²) that stands ``z`` standard deviations off."""
        factor: float = (1 + self.power * self.variation * z) ** (1 / self.power)
        return self.median * factor

    def z_of(self, measure: float) -> float:
        """The z-score of a measure above zero, without restriction of the tails."""
        ratio: float = (measure / self.median) ** self.power
        return (ratio - 1) / (self.variation * self.power)


@dataclass(frozen=True, slots=True)
class LmsTable:
    """One standard for one sex; row ``first`` is the first of ``rows``."""

    first: int
    rows: tuple[Lms, ...]

    def at(self, row: int) -> Lms | None:
        """L, M and S of the row (day of age, or tenth of a cm); None outside."""
        index = row - self.first
        return self.rows[index] if 0 <= index < len(self.rows) else None


@cache
def table(standard: Standard, sex: Sex) -> LmsTable:
    """The table of a standard and sex, unpacked once.

    Source: WHO Child Growth Standards, core/tables/SOURCE.md.
    """
    module = MODULES[standard]
    texts = (
        (module.BOYS_L, module.BOYS_M, module.BOYS_S)
        if sex == "m"
        else (module.GIRLS_L, module.GIRLS_M, module.GIRLS_S)
    )
    power, median, variation = (_unpacked(text) for text in texts)
    rows = tuple(
        Lms(el / LM_SCALE, em / LM_SCALE, es / S_SCALE)
        for el, em, es in zip(power, median, variation, strict=True)
    )
    return LmsTable(module.FIRST, rows)


def _unpacked(text: str) -> list[int]:
    """First value and differences, ``d*n`` for a repeated one, as running sums."""
    steps: list[int] = []
    for word in text.split():
        step, _, count = word.partition("*")
        steps.extend([int(step)] * int(count or 1))
    return list(accumulate(steps))
