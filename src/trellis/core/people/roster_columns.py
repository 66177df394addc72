"""The columns of a roster file: names, what is accepted, an example.

One place for reader, template and ``docs/imports.md``. The first two columns are
the key: what a site calls the family stays the same from file to file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``words`` maps what people write (folded) to the value kept."""

    name: str
    kind: str  # text, date, choice, choices, whole number
    is_required: bool
    accepted: str
    example: str
    words: dict[str, str] | None = None


def folded(header: str) -> str:
    """A header or word without regard to case, blanks, hyphens and underscores."""
    return re.sub(r"[\s_\-./]+", " ", header).strip().casefold()


def _choice(
    name: str, words: dict[str, str], example: str, *, several: bool = False
) -> Column:
    values = ", ".join(dict.fromkeys(words.values()))
    accepted = f"one or more of {values}, apart by ;" if several else f"one of {values}"
    everything = {folded(value): value for value in words.values()}
    everything |= {folded(word): value for word, value in words.items()}
    kind = "choices" if several else "choice"
    return Column(name, kind, False, accepted, example, everything)


def _text(name: str, example: str, accepted: str, *, needed: bool = False) -> Column:
    return Column(name, "text", needed, accepted, example)


def _date(name: str, example: str, accepted: str, *, needed: bool = False) -> Column:
    form = "YYYY-MM-DD or M/D/YYYY (month first)"
    return Column(name, "date", needed, f"{form}; {accepted}", example)


LANGUAGES: Final = {
    "English": "en",
    "Spanish": "es",
    "Espanol": "es",
    "Español": "es",
    "Portuguese": "pt",
    "Haitian Creole": "ht",
    "Cape Verdean Creole": "kea",
    "Vietnamese": "vi",
    "Khmer": "km",
    "Chinese": "zh",
    "Arabic": "ar",
    "Russian": "ru",
    "French": "fr",
}
RACES: Final = {
    "White": "white",
    "Black or African American": "black",
    "African American": "black",
    "Asian": "asian",
    "American Indian or Alaska Native": "american_indian_alaska_native",
    "Native Hawaiian or Other Pacific Islander": "native_hawaiian_pacific_islander",
    "Middle Eastern or North African": "middle_eastern_north_african",
    "Other": "other",
    "Prefer not to say": "declined",
}
ETHNICITIES: Final = {
    "Hispanic or Latino": "hispanic",
    "Hispanic": "hispanic",
    "Not Hispanic or Latino": "not_hispanic",
    "Non-Hispanic": "not_hispanic",
    "Prefer not to say": "declined",
}
PAYERS: Final = {
    "Medicaid": "medicaid",
    "Private insurance": "private",
    "Commercial": "private",
    "Other public insurance": "other_public",
    "None": "uninsured",
    "Self pay": "uninsured",
}
STAGES: Final = {
    stage: stage
    for stage in (
        "referral",
        "outreach",
        "intake",
        "prenatal",
        "birth_hospitalisation",
        "early_postpartum",
        "postpartum",
        "parenting",
        "transition",
        "paused",
        "transferred",
        "left",
    )
} | {"birth hospitalization": "birth_hospitalisation"}
SEXES: Final = {"F": "f", "Female": "f", "M": "m", "Male": "m", "Unknown": "unknown"}
ANSWERS: Final = {"yes": "yes", "y": "yes", "true": "yes", "1": "yes"} | {
    "no": "no",
    "n": "no",
    "false": "no",
    "0": "no",
}
RELATIONSHIPS: Final = {
    "birth parent": "birth-parent",
    "mother": "birth-parent",
    "birth": "birth-parent",
    "adoptive parent": "adoptive-parent",
    "adoptive": "adoptive-parent",
    "kin": "kin",
    "foster parent": "foster-parent",
    "foster": "foster-parent",
    "guardian": "guardian",
}

COLUMNS: Final = (
    _text(
        "external_id",
        "P-1042",
        "the parent's number in your own system, up to 60 letters and digits",
        needed=True,
    ),
    _text("site", "harbor", "the key of the site in Trellis", needed=True),
    _text("first_name", "Dana", "up to 80 letters", needed=True),
    _text("last_name", "Alder", "up to 80 letters", needed=True),
    _text("chosen_name", "Dee", "up to 80 letters; what the person is called"),
    _date("birth_date", "1996-05-14", "an age of 10 to 80 years", needed=True),
    _text("phone", "(617) 555-0142", "ten digits, or + and country code"),
    _text("email", "dana@example.org", "one address"),
    _choice("language", LANGUAGES, "en"),
    _choice("needs_interpreter", ANSWERS, "no"),
    _choice("race", RACES, "white; black", several=True),
    _choice("ethnicity", ETHNICITIES, "not_hispanic"),
    _choice("payer", PAYERS, "medicaid"),
    _text("safe_contact", "Text only, no voice message", "up to 500 letters"),
    _date("due_date", "2027-02-03", "42 days ago to 300 days ahead; while pregnant"),
    _date("referred_on", "2026-09-01", "not in the future"),
    _date("enrolled_on", "2026-09-20", "not in the future, not before referred_on"),
    _choice("stage", STAGES, "postpartum"),
    _text(
        "child_external_id",
        "C-2107",
        "the child's number in your own system; required with a child",
    ),
    _text("child_first_name", "Mina", "up to 80 letters; empty if not named yet"),
    _text("child_last_name", "Alder", "up to 80 letters; required with a child"),
    _date(
        "child_birth_date",
        "2026-08-30",
        "not in the future, under 18 years; required with a child",
    ),
    _choice("child_sex", SEXES, "f"),
    Column("child_birth_order", "whole number", False, "1 to 6; of twins or more", "1"),
    Column("child_gestation_weeks", "whole number", False, "22 to 44", "38"),
    _choice("relationship", RELATIONSHIPS, "birth-parent"),
)
BY_NAME: Final = {column.name: column for column in COLUMNS}
