"""How an invented child grows: near its own curve of the WHO standards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from trellis.core.growth.standards import Sex, table
from trellis.synthetic import parameters
from trellis.synthetic.chance import Chance


TERM_DAYS: Final = 280
FETAL_POWER: Final = 3.0
WIDEST_Z: Final = 2.0
WEIGHT_ON_LENGTH: Final = 0.6
HEAD_ON_LENGTH: Final = 0.4
STANDING_FROM_DAYS: Final = 731
HEAD_UNTIL_DAYS: Final = 761


@dataclass(frozen=True, slots=True)
class Curve:
    """A child's own place on the curves (z), and how many days early it was born."""

    sex: Sex
    born: date
    early_days: int
    weight_z: float
    length_z: float
    head_z: float


@dataclass(frozen=True, slots=True)
class Size:
    """Grams and millimetres. ``position`` l or h; the head is None from 25 months."""

    weight_g: int
    length_mm: int
    head_mm: int | None
    position: Literal["l", "h"]


def curve(chance: Chance, *, sex: Sex, born: date, gestation_days: int) -> Curve:
    """A place on the curves; weight leans on length, as in children it does."""
    length_z = _held(
        chance.gauss(parameters.LENGTH_Z_MEAN.value, parameters.LENGTH_Z_SPREAD.value)
    )
    beyond = chance.gauss(
        parameters.WEIGHT_Z_MEAN.value, parameters.WEIGHT_Z_SPREAD.value
    )
    head = chance.gauss(0, parameters.HEAD_Z_SPREAD.value)
    return Curve(
        sex=sex,
        born=born,
        early_days=max(0, TERM_DAYS - gestation_days),
        weight_z=_held(WEIGHT_ON_LENGTH * length_z + beyond),
        length_z=length_z,
        head_z=_held(HEAD_ON_LENGTH * length_z + head),
    )


def size_at_birth(own: Curve) -> Size:
    """Weight, length and head on the day of birth, smaller when born early."""
    share = (TERM_DAYS - own.early_days) / TERM_DAYS
    return Size(
        weight_g=_weight_g(own, 0, own.weight_z, share**FETAL_POWER),
        length_mm=round(10 * _value(own, "length", 0, own.length_z) * share),
        head_mm=round(10 * _value(own, "head", 0, own.head_z) * share),
        position="l",
    )


def size_on(own: Curve, on: date, before: Size | None, chance: Chance) -> Size:
    """The size on a day: its own curve, a little noise, and never shrinking."""
    age = (on - own.born).days
    day = max(0, age - round(parameters.CATCH_UP.value * own.early_days))
    is_standing = age >= STANDING_FROM_DAYS
    size = Size(
        weight_g=_weight_g(own, day, own.weight_z + chance.gauss(0, 0.12), 1),
        length_mm=round(10 * _value(own, "length", day, _near(own.length_z, chance))),
        head_mm=(
            None
            if age >= HEAD_UNTIL_DAYS
            else round(10 * _value(own, "head", day, _near(own.head_z, chance)))
        ),
        position="h" if is_standing else "l",
    )
    return size if before is None else _not_smaller(size, before)


def _not_smaller(size: Size, before: Size) -> Size:
    head = size.head_mm
    if head is not None and before.head_mm is not None:
        head = max(head, before.head_mm)
    return Size(
        max(size.weight_g, before.weight_g + 10),
        max(size.length_mm, before.length_mm),
        head,
        size.position,
    )


def _near(z: float, chance: Chance) -> float:
    return z + chance.gauss(0, 0.1)


def _held(z: float) -> float:
    return max(-WIDEST_Z, min(WIDEST_Z, z))


def _weight_g(own: Curve, day: int, z: float, share: float) -> int:
    return round(100 * _value(own, "weight", day, z) * share) * 10


def _value(
    own: Curve, standard: Literal["weight", "length", "head"], day: int, z: float
) -> float:
    row = table(standard, own.sex).at(day)
    if row is None:
        message = f"day {day} lies outside the WHO tables"
        raise ValueError(message)
    return row.value_at(z)
