"""Names for searching, and how likely two records are of the same person.

A likely match is a question to a person, never an answer: nothing is merged by a
score. Weights and thresholds are our choice; the spec table shows what they do.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final


PROBABLE_FROM: Final = 90
POSSIBLE_FROM: Final = 70
MOST_IF_GIVEN_NAMES_DIFFER: Final = 89
TYPO_FROM_LETTERS: Final = 4
TWO_TYPOS_FROM_LETTERS: Final = 8

GIVEN_EQUAL, GIVEN_NEAR, GIVEN_UNKNOWN = 20, 14, 12
FAMILY_EQUAL, FAMILY_NEAR = 25, 17
BORN_EQUAL, BORN_SWAPPED, BORN_ONE_DIGIT, BORN_UNKNOWN = 40, 34, 30, 20
SEX_EQUAL, SEX_UNKNOWN = 5, 2
MOTHER_EQUAL, MOTHER_NEAR, MOTHER_UNKNOWN = 10, 8, 4

# Letters that Unicode does not take apart into a letter and an accent.
LETTERS: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
)
APOSTROPHES: Final = frozenset("'’‘`´ʼ")
# What registries write for a newborn who has no given name yet.
PLACEHOLDERS: Final = frozenset(
    {"baby", "boy", "girl", "babyboy", "babygirl", "bb", "bg", "infant", "newborn"}
)


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What is known of a person when looking for duplicates; None means unknown.

    ``mother_name`` is the mother's full name, of children only. ``birth_order`` is 1,
    2, ... for a child of a multiple birth.
    """

    given: str
    family: str
    born: date | None = None
    sex: str | None = None
    mother_name: str | None = None
    birth_order: int | None = None


class Match(StrEnum):
    """What a score means."""

    PROBABLE = "probable"
    POSSIBLE = "possible"
    NONE = "none"


class Reason(StrEnum):
    """Why two records look like one person, or do not."""

    SAME_NAME = "same-name"
    SWAPPED_NAMES = "given-and-family-name-swapped"
    SIMILAR_GIVEN = "similar-given-name"
    SIMILAR_FAMILY = "similar-family-name"
    GIVEN_NOT_NAMED_YET = "given-name-not-known-yet"
    OTHER_FAMILY = "other-family-name"
    SAME_BIRTH_DATE = "same-birth-date"
    DAY_AND_MONTH_SWAPPED = "day-and-month-of-birth-swapped"
    ONE_DIGIT = "one-digit-of-the-birth-date"
    BIRTH_DATE_UNKNOWN = "birth-date-unknown"
    SAME_SEX = "same-sex"
    OTHER_SEX = "other-sex"
    SAME_MOTHER = "same-mother"
    SIMILAR_MOTHER = "similar-name-of-the-mother"
    OTHER_MOTHER = "other-mother"
    TWINS = "twins-or-siblings"


MAYBE_TWINS: Final = frozenset({Reason.SIMILAR_GIVEN, Reason.GIVEN_NOT_NAMED_YET})


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two records are: 0 to 100, and why."""

    score: int
    reasons: tuple[Reason, ...]

    @property
    def match(self) -> Match:
        """Probable from 90, possible from 70."""
        if self.score >= PROBABLE_FROM:
            return Match.PROBABLE
        return Match.POSSIBLE if self.score >= POSSIBLE_FROM else Match.NONE


def folded(name: str) -> str:
    """The name without case, accents, apostrophes and other punctuation.

    "Núñez-O'Brien" is "nunez obrien". Letters of every script are kept.
    """
    spread = unicodedata.normalize("NFKD", name.casefold().translate(LETTERS))
    letters = "".join(
        " " if _is_gap(sign) else sign
        for sign in spread
        if not unicodedata.combining(sign) and sign not in APOSTROPHES
    )
    return " ".join(letters.split())


def likely_same(one: PersonFacts, other: PersonFacts) -> Likeness:
    """How likely two records are of the same person, with the reasons.

    Children born on one day into one family with different given names, sex or birth
    order are twins: 0, never the same person. Given names one slip of the pen apart
    ("Jon", "John"), or not given yet, are at most possible: they may be twins.
    """
    if _are_twins(one, other):
        return Likeness(0, (Reason.TWINS,))
    parts = (
        _names(one, other),
        _birth_dates(one.born, other.born),
        _sexes(one.sex, other.sex),
        _mothers(one.mother_name, other.mother_name),
    )
    score = sum(points for points, _ in parts)
    reasons = tuple(reason for _, found in parts for reason in found)
    if not parts[0][0]:
        return Likeness(0, reasons)
    if not MAYBE_TWINS.isdisjoint(reasons):
        score = min(score, MOST_IF_GIVEN_NAMES_DIFFER)
    return Likeness(score, reasons)


def _is_gap(sign: str) -> bool:
    return not sign.isalnum()


def _are_twins(one: PersonFacts, other: PersonFacts) -> bool:
    """Born on one day into one family, and yet different."""
    if one.born is None or one.born != other.born:
        return False
    if not _alike(folded(one.family), folded(other.family)):
        return False
    orders = {one.birth_order, other.birth_order} - {None}
    is_other_order = len(orders) > 1
    given, given_other = _given(one.given), _given(other.given)
    if not given or not given_other:
        return is_other_order
    is_other_name = not _alike(given, given_other)
    is_other_sex = given != given_other and _differ(one.sex, other.sex)
    is_multiple = given != given_other and bool(orders)
    return is_other_order or is_other_name or is_other_sex or is_multiple


def _given(name: str) -> str:
    """The folded given name; empty where it only says that there is none yet."""
    words = folded(name).split()
    is_placeholder = bool(PLACEHOLDERS.intersection(words[:1]))
    return "" if is_placeholder else " ".join(words)


def _differ(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one != other


def _names(one: PersonFacts, other: PersonFacts) -> tuple[int, tuple[Reason, ...]]:
    given, given_other = _given(one.given), _given(other.given)
    family, family_other = folded(one.family), folded(other.family)
    if (given, family) == (given_other, family_other) and given and family:
        return GIVEN_EQUAL + FAMILY_EQUAL, (Reason.SAME_NAME,)
    if (given, family) == (family_other, given_other) and given and family:
        return GIVEN_EQUAL + FAMILY_EQUAL, (Reason.SWAPPED_NAMES,)
    for_given, why_given = _given_points(given, given_other)
    for_family, why_family = _family_points(family, family_other)
    if not for_given or (not for_family and for_given < GIVEN_EQUAL):
        return 0, ()
    return for_given + for_family, (*why_given, *why_family)


def _given_points(one: str, other: str) -> tuple[int, tuple[Reason, ...]]:
    if not one or not other:
        return GIVEN_UNKNOWN, (Reason.GIVEN_NOT_NAMED_YET,)
    if one == other:
        return GIVEN_EQUAL, ()
    return (GIVEN_NEAR, (Reason.SIMILAR_GIVEN,)) if _alike(one, other) else (0, ())


def _family_points(one: str, other: str) -> tuple[int, tuple[Reason, ...]]:
    if one and one == other:
        return FAMILY_EQUAL, ()
    if _alike(one, other):
        return FAMILY_NEAR, (Reason.SIMILAR_FAMILY,)
    return 0, (Reason.OTHER_FAMILY,)


def _birth_dates(
    one: date | None, other: date | None
) -> tuple[int, tuple[Reason, ...]]:
    if one is None or other is None:
        return BORN_UNKNOWN, (Reason.BIRTH_DATE_UNKNOWN,)
    if one == other:
        return BORN_EQUAL, (Reason.SAME_BIRTH_DATE,)
    if (one.year, one.month, one.day) == (other.year, other.day, other.month):
        return BORN_SWAPPED, (Reason.DAY_AND_MONTH_SWAPPED,)
    digits = zip(f"{one:%Y%m%d}", f"{other:%Y%m%d}", strict=True)
    if sum(a != b for a, b in digits) == 1:
        return BORN_ONE_DIGIT, (Reason.ONE_DIGIT,)
    return 0, ()


def _sexes(one: str | None, other: str | None) -> tuple[int, tuple[Reason, ...]]:
    if one is None or other is None:
        return SEX_UNKNOWN, ()
    return (SEX_EQUAL, (Reason.SAME_SEX,)) if one == other else (0, (Reason.OTHER_SEX,))


def _mothers(one: str | None, other: str | None) -> tuple[int, tuple[Reason, ...]]:
    mother, mother_other = folded(one or ""), folded(other or "")
    if not mother or not mother_other:
        return MOTHER_UNKNOWN, ()
    if mother == mother_other:
        return MOTHER_EQUAL, (Reason.SAME_MOTHER,)
    if _alike(mother, mother_other):
        return MOTHER_NEAR, (Reason.SIMILAR_MOTHER,)
    return 0, (Reason.OTHER_MOTHER,)


def _alike(one: str, other: str) -> bool:
    """Equal, one a part of the other ("Ana", "Ana Maria"), or a slip of the pen apart.

    A slip: one edit in names of four letters or more, two from eight; never in the
    first letter, where "Kayla" and "Layla" are two people.
    """
    if one == other:
        return True
    words, words_other = set(one.split()), set(other.split())
    if not words or not words_other:
        return False
    if words <= words_other or words_other <= words:
        return True
    shorter = min(len(one), len(other))
    if one[0] != other[0] or max(len(one), len(other)) < TYPO_FROM_LETTERS:
        return False
    allowed = 2 if shorter >= TWO_TYPOS_FROM_LETTERS else 1
    return edits_between(one, other) <= allowed


def edits_between(one: str, other: str) -> int:
    """Fewest letters put in, left out, changed, or swapped with their neighbour."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        row = [i]
        for j, letter_other in enumerate(other, start=1):
            change = last[j - 1] + (letter != letter_other)
            best = min(last[j] + 1, row[j - 1] + 1, change)
            is_swap = (
                i > 1
                and j > 1
                and letter == other[j - 2]
                and one[i - 2] == letter_other
            )
            row.append(min(best, before[j - 2] + 1) if is_swap else best)
        before, last = last, row
    return last[-1]
