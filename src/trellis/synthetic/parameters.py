"""The true parameters of the demo network, each with its basis.

They are written beside the data (``truth``), so that what the product measures can
be compared with what was put in. What has no source is called an assumption.
Sources and fits: docs/measures.md, "Simulation parameters".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final


ASSUMPTION: Final = "assumption"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number: what it is, its value, its unit, and where it comes from."""

    name: str
    value: float
    unit: str
    basis: str


@dataclass(frozen=True, slots=True)
class Mixture:
    """Shares of words; they are normalised when drawn."""

    name: str
    shares: tuple[tuple[str, float], ...]
    basis: str


GOYAL = "Goyal 2020; beta-binomial fitted to median 6 (IQR 5-7) of 8 visits"
CHUNG = "Chung 2020, Philadelphia MAT dyads (138)"
BOSTON = "Boston cohort (113), PMC6153027"
CONTINUITY = "Weibull fitted to Schiff 2021 and Zhou 2026"

VISIT_MEAN = Parameter("visits completed, mean", 0.73, "share of due visits", GOYAL)
VISIT_CORRELATION = Parameter(
    "visits completed, correlation within a family", 0.10, "rho", GOYAL
)
COHORT_ICC = Parameter("effect shared by a cohort", 0.03, "intraclass", ASSUMPTION)
COMPLETED_AS_PLANNED = Parameter(
    "completed visits that take place on the planned day",
    0.88,
    "share of completed visits",
    ASSUMPTION,
)
ARRIVED_LATE = Parameter("arrived late", 0.12, "share of arrivals", ASSUMPTION)
LEFT_EARLY = Parameter("left early", 0.04, "share of arrivals", ASSUMPTION)
DOSE_ACCEPTED = Parameter(
    "doses given when due at a visit", 0.97, "share of doses due", ASSUMPTION
)
BIRTH_DOSE = Parameter(
    "hepatitis B dose in hospital", 0.90, "share of children", ASSUMPTION
)
CONTINUITY_SHAPE = Parameter("continuity, Weibull shape", 0.90, "", CONTINUITY)
CONTINUITY_SCALE = Parameter("continuity, Weibull scale", 29.5, "months", CONTINUITY)
RETURNED = Parameter("returned after leaving", 0.10, "share of leavers", ASSUMPTION)
AGE_MEAN = Parameter(
    "age of parents at birth, mean", 28.5, "years", f"{BOSTON}; {CHUNG}"
)
AGE_SPREAD = Parameter("age of parents, standard deviation", 5.0, "years", ASSUMPTION)
WHITE_NON_HISPANIC = Parameter(
    "White, not Hispanic: mean over sites", 0.805, "share of parents", BOSTON
)
SITE_SPREAD = Parameter(
    "spread of race mix between sites (rho)", 0.05, "rho", ASSUMPTION
)
SPANISH = Parameter(
    "Spanish as first language", 0.40, "share of Hispanic parents", ASSUMPTION
)
GROUP_UPTAKE = Parameter(
    "families with a child who chose group care",
    0.68,
    "share of families",
    "Goyal 2023: 68 % likely or very likely to use visits at the treatment centre; "
    "that as many do is an assumption",
)
PREGNANT = Parameter("pregnant at the as-of date", 0.09, "share of parents", ASSUMPTION)
ENROLLED_PREGNANT = Parameter(
    "enrolled before birth", 0.55, "share of parents", ASSUMPTION
)
TWINS = Parameter("twin births", 0.031, "share of births", ASSUMPTION)
PRETERM = Parameter("born before 37+0", 0.14, "share of births", ASSUMPTION)
SECOND_PREGNANCY = Parameter(
    "second pregnancy in the programme", 0.08, "share of families", ASSUMPTION
)
OTHER_CARER = Parameter(
    "child lived with kin or foster family at some time",
    0.12,
    "share of families",
    ASSUMPTION,
)
OTHER_CARER_ENDED = Parameter(
    "of these, now living with the birth parent again", 0.5, "share", ASSUMPTION
)
CHOSEN_NAME = Parameter("uses a chosen name", 0.10, "share of parents", ASSUMPTION)
OUTSIDE_BIRTH_WINDOW = Parameter(
    "member born outside the cohort's birth window", 0.04, "share", ASSUMPTION
)
TWINS_PRETERM = Parameter(
    "twins born before 37+0", 0.5, "share of twin births", ASSUMPTION
)
GIRLS = Parameter("girls", 0.49, "share of births", ASSUMPTION)
CARER_BRINGS = Parameter(
    "visits to which the other carer brings the child, while there is one",
    0.8,
    "share of visits",
    ASSUMPTION,
)
AGREEMENT_ON_FILE = Parameter(
    "agreement to keep the circle private is on file",
    0.875,
    "share of families",
    ASSUMPTION,
)
LENGTH_Z_MEAN = Parameter("length for age, mean", -0.15, "WHO z", ASSUMPTION)
LENGTH_Z_SPREAD = Parameter("length for age, spread", 0.8, "WHO z", ASSUMPTION)
WEIGHT_Z_MEAN = Parameter("weight beyond length, mean", -0.15, "WHO z", ASSUMPTION)
WEIGHT_Z_SPREAD = Parameter("weight beyond length, spread", 0.6, "WHO z", ASSUMPTION)
HEAD_Z_SPREAD = Parameter("head beyond length, spread", 0.7, "WHO z", ASSUMPTION)
CATCH_UP = Parameter(
    "days born early by which a child's curve stays behind",
    0.85,
    "share of days",
    ASSUMPTION,
)

RACE_OTHERS = Mixture(
    "race and ethnicity of parents who are not White non-Hispanic",
    (
        ("hispanic", 0.55),
        ("black", 0.22),
        ("american_indian_alaska_native", 0.05),
        ("asian", 0.04),
        ("several", 0.07),
        ("declined", 0.07),
    ),
    ASSUMPTION,
)
RACE_OF_HISPANIC = Mixture(
    "race reported by Hispanic parents",
    (("white", 0.55), ("black", 0.15), ("declined", 0.30)),
    ASSUMPTION,
)
PAYER = Mixture(
    "payer of parents",
    (("medicaid", 0.93), ("private", 0.05), ("uninsured", 0.02)),
    f"{CHUNG}: Medicaid 93 %; the rest {ASSUMPTION}",
)
ABSENCE_REASONS = Mixture(
    "reasons of absence",
    (
        ("transport", 0.24),
        ("child_ill", 0.17),
        ("parent_ill", 0.09),
        ("work", 0.14),
        ("other_appointment", 0.10),
        ("child_care", 0.08),
        ("not_reached", 0.18),
    ),
    ASSUMPTION,
)
END_REASONS = Mixture(
    "how an episode ended before graduation",
    (("left", 0.60), ("transferred", 0.22), ("paused", 0.18)),
    ASSUMPTION,
)
CARER_KIND = Mixture("other carers", (("kin", 0.6), ("foster", 0.4)), ASSUMPTION)

PARAMETERS: Final[tuple[Parameter, ...]] = (
    VISIT_MEAN,
    VISIT_CORRELATION,
    COHORT_ICC,
    COMPLETED_AS_PLANNED,
    ARRIVED_LATE,
    LEFT_EARLY,
    DOSE_ACCEPTED,
    BIRTH_DOSE,
    CONTINUITY_SHAPE,
    CONTINUITY_SCALE,
    RETURNED,
    AGE_MEAN,
    AGE_SPREAD,
    WHITE_NON_HISPANIC,
    SITE_SPREAD,
    SPANISH,
    GROUP_UPTAKE,
    PREGNANT,
    ENROLLED_PREGNANT,
    TWINS,
    PRETERM,
    SECOND_PREGNANCY,
    OTHER_CARER,
    OTHER_CARER_ENDED,
    CHOSEN_NAME,
    OUTSIDE_BIRTH_WINDOW,
    TWINS_PRETERM,
    GIRLS,
    CARER_BRINGS,
    AGREEMENT_ON_FILE,
    LENGTH_Z_MEAN,
    LENGTH_Z_SPREAD,
    WEIGHT_Z_MEAN,
    WEIGHT_Z_SPREAD,
    HEAD_Z_SPREAD,
    CATCH_UP,
)
MIXTURES: Final[tuple[Mixture, ...]] = (
    RACE_OTHERS,
    RACE_OF_HISPANIC,
    PAYER,
    ABSENCE_REASONS,
    END_REASONS,
    CARER_KIND,
)
# Dates printed on the sheets handed out with a vaccine, by CVX: invented for the demo,
# in the years in which the true ones lie. A real site reads them off its own sheets.
SHEET_EDITIONS: Final = {
    "03": date(2021, 8, 9),
    "08": date(2022, 5, 16),
    "21": date(2021, 8, 9),
    "83": date(2021, 10, 18),
    "119": date(2021, 10, 18),
    "120": date(2020, 7, 27),
    "140": date(2021, 8, 9),
    "216": date(2022, 5, 16),
}
# Said in the truth file: where the demo was arranged, not drawn.
ARRANGED: Final = (
    "At every site a group of six to eight families is due on the as-of date.",
    "These families have not left, and one of them speaks Spanish.",
    "No death and no loss of a child is drawn.",
    "The edition dates of vaccine information sheets are invented.",
)
