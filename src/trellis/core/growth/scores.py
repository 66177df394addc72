"""Z-scores of weight, length, body mass index and head by the WHO standards.

Source of every rule here: measures.md section 12 (rules 1 to 10), after the WHO Child
Growth Standards, methods and development, 2006 and 2007. The standards are used from
birth to 36 months and beyond to day 1826; nothing switches at 24 months (our choice).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

from trellis.core.growth.standards import Lms, LmsTable, Sex, Standard, table


Position = Literal["l", "h"]

DAYS_IN_MONTH: Final = 30.4375
SCORES_BEFORE_MONTHS: Final = 60
STANDING_FROM_MONTHS: Final = 9
STANDING_FROM_DAYS: Final = 731
STANDING_FROM_CM: Final = 87.0
LYING_MINUS_STANDING_CM: Final = 0.7
TENTHS_IN_CM: Final = 10
TAIL_Z: Final = 3
LEAST_LENGTH_Z: Final = -6.0
MOST_LENGTH_Z: Final = 6.0
LEAST_WEIGHT_Z: Final = -6.0
MOST_WEIGHT_Z: Final = 5.0
LEAST_OTHER_Z: Final = -5.0
MOST_OTHER_Z: Final = 5.0


@dataclass(frozen=True, slots=True)
class Scores:
    """Z-scores to two decimals and flags; None where one cannot be computed.

    ``zlen`` length or height for age, ``zwei`` weight for age, ``zwfl`` weight for
    length or height, ``zbmi`` body mass index for age, ``zhc`` head circumference for
    age. A flag (``flen`` ...) is true where WHO calls the z-score implausible.
    ``clenhei_cm`` is the length or height after the change of position, ``bmi`` is
    kg/m² from it. ``is_position_doubtful``: a standing height under 9 months, whose
    position was taken as unknown.
    """

    zlen: float | None = None
    zwei: float | None = None
    zwfl: float | None = None
    zbmi: float | None = None
    zhc: float | None = None
    flen: bool | None = None
    fwei: bool | None = None
    fwfl: bool | None = None
    fbmi: bool | None = None
    fhc: bool | None = None
    clenhei_cm: float | None = None
    bmi: float | None = None
    is_position_doubtful: bool = False


def days_from_months(age_months: float) -> int:
    """Age in days of an age in months, rounded half up (rule 1)."""
    return math.floor(age_months * DAYS_IN_MONTH + 0.5)


def assess(
    *,
    sex: Sex | None,
    age_days: int | None,
    weight_kg: float | None = None,
    lenhei_cm: float | None = None,
    measure: Position | None = None,
    headc_cm: float | None = None,
    oedema: bool = False,
) -> Scores:
    """The child's z-scores and flags by the WHO standards.

    ``measure`` says how ``lenhei_cm`` was taken: lying ("l"), standing ("h") or not
    known. Measures at or below zero count as missing, and so does an age below zero
    (a corrected age before the due date has no row). Without an age only weight for
    length is possible; without a sex nothing is.

    For a child born preterm call twice, with the age since birth and with the
    corrected age, and label both (rule 11); neither replaces the other.
    """
    weight, lenhei, head = map(_measured, (weight_kg, lenhei_cm, headc_cm))
    known, is_doubtful = _trusted_position(measure, age_days)
    length = _by_age_position(lenhei, known, age_days)
    bmi = weight / (length / 100) ** 2 if weight and length else None
    if sex is None:
        return Scores(clenhei_cm=length, bmi=bmi, is_position_doubtful=is_doubtful)
    weighed = None if oedema else weight
    zlen = _for_age("length", sex, age_days, length)
    zwei = _for_age("weight", sex, age_days, weighed)
    zbmi = _for_age("bmi", sex, age_days, None if oedema else bmi)
    zhc = _for_age("head", sex, age_days, head)
    zwfl = _for_length(sex, age_days, known, length, weighed)
    return Scores(
        zlen=zlen,
        zwei=zwei,
        zwfl=zwfl,
        zbmi=zbmi,
        zhc=zhc,
        flen=_flag(zlen, LEAST_LENGTH_Z, MOST_LENGTH_Z),
        fwei=_flag(zwei, LEAST_WEIGHT_Z, MOST_WEIGHT_Z),
        fwfl=_flag(zwfl, LEAST_OTHER_Z, MOST_OTHER_Z),
        fbmi=_flag(zbmi, LEAST_OTHER_Z, MOST_OTHER_Z),
        fhc=_flag(zhc, LEAST_OTHER_Z, MOST_OTHER_Z),
        clenhei_cm=length,
        bmi=bmi,
        is_position_doubtful=is_doubtful,
    )


def _measured(value: float | None) -> float | None:
    return value if value is not None and value > 0 else None


def _trusted_position(
    measure: Position | None, age_days: int | None
) -> tuple[Position | None, bool]:
    """Rule 3: nobody stands for a measurement under 9 months; then it is unknown."""
    if measure != "h" or age_days is None:
        return measure, False
    is_doubtful = age_days / DAYS_IN_MONTH < STANDING_FROM_MONTHS
    return (None if is_doubtful else measure), is_doubtful


def _by_age_position(
    lenhei: float | None, measure: Position | None, age_days: int | None
) -> float | None:
    """Rule 3: lying length before day 731, standing height from then on, in cm."""
    if lenhei is None or age_days is None:
        return lenhei
    if measure == "h" and age_days < STANDING_FROM_DAYS:
        return lenhei + LYING_MINUS_STANDING_CM
    if measure == "l" and age_days >= STANDING_FROM_DAYS:
        return lenhei - LYING_MINUS_STANDING_CM
    return lenhei


def _for_age(
    standard: Standard, sex: Sex, age_days: int | None, measure: float | None
) -> float | None:
    """Rules 2, 4, 5: restricted tails for weight and body mass index only."""
    if measure is None or not _has_scores(age_days):
        return None
    lms = table(standard, sex).at(age_days or 0)
    if lms is None:
        return None
    is_restricted = standard in ("weight", "bmi")
    z = _restricted_z(lms, measure) if is_restricted else lms.z_of(measure)
    return round(z, 2)


def _has_scores(age_days: int | None) -> bool:
    return (
        age_days is not None
        and age_days >= 0
        and age_days / DAYS_IN_MONTH < SCORES_BEFORE_MONTHS
    )


def _for_length(
    sex: Sex,
    age_days: int | None,
    measure: Position | None,
    length: float | None,
    weight: float | None,
) -> float | None:
    """Rule 7: weight for length, or for height from day 731, between 0.1 cm rows."""
    if length is None or weight is None:
        return None
    if age_days is not None and age_days / DAYS_IN_MONTH >= SCORES_BEFORE_MONTHS:
        return None
    is_lying = _is_by_length(age_days, measure, length)
    rows = table("weight-for-length" if is_lying else "weight-for-height", sex)
    lms = _between_rows(rows, length)
    return None if lms is None else round(_restricted_z(lms, weight), 2)


def _is_by_length(
    age_days: int | None, measure: Position | None, length_cm: float
) -> bool:
    if age_days is not None:
        return age_days < STANDING_FROM_DAYS
    if measure is not None:
        return measure == "l"
    return length_cm < STANDING_FROM_CM


def _between_rows(rows: LmsTable, length_cm: float) -> Lms | None:
    """L, M and S at a length, linear between its two neighbours; None outside."""
    tenths = length_cm * TENTHS_IN_CM
    lower = math.trunc(tenths)
    below, above = rows.at(lower), rows.at(lower + 1)
    share = tenths - lower
    if below is None or (above is None and share > 0):
        return None
    if above is None or share == 0:
        return below
    return Lms(
        below.power + share * (above.power - below.power),
        below.median + share * (above.median - below.median),
        below.variation + share * (above.variation - below.variation),
    )


def _restricted_z(lms: Lms, measure: float) -> float:
    """Rule 5: beyond 3 either way, counted in widths of the last interval."""
    z = lms.z_of(measure)
    if z > TAIL_Z:
        outer, inner = lms.value_at(TAIL_Z), lms.value_at(TAIL_Z - 1)
        return TAIL_Z + (measure - outer) / (outer - inner)
    if z < -TAIL_Z:
        outer, inner = lms.value_at(-TAIL_Z), lms.value_at(1 - TAIL_Z)
        return -TAIL_Z + (measure - outer) / (inner - outer)
    return z


def _flag(z: float | None, least: float, most: float) -> bool | None:
    """Rule 10: judged on the rounded z; no z, no flag."""
    return None if z is None else z < least or z > most
