"""What somebody types about a person, made ready to be kept.

Names are stored as Unicode NFC without signs that turn the direction of writing, which
can make one name look like another (privacy.md 10).
"""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Final

from trellis.core.dates import whole_months_between
from trellis.core.errors import InvalidInput, RuleRefused
from trellis.core.people.names import folded


LONGEST_NAME: Final = 80
LONGEST_SEARCHED: Final = 250
DIRECTIONS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
UNPRINTABLE: Final = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
ADULT_FROM_MONTHS: Final = 10 * 12
OLDEST_ADULT_MONTHS: Final = 100 * 12
OLDEST_CHILD_MONTHS: Final = 18 * 12
DUE_AT_MOST_DAYS: Final = 300
DUE_SINCE_AT_MOST_DAYS: Final = 42
BORN_EARLY_AT_MOST_DAYS: Final = 18 * 7  # at 22+0, the earliest charted birth


def kept_text(text: str) -> str:
    """NFC, one blank between words, nothing unprintable or turning direction."""
    normal = unicodedata.normalize("NFC", text)
    seen = "".join(" " if _is_unseen(sign) else sign for sign in normal)
    return " ".join(seen.split())


def kept_name(field: str, text: str, *, is_required: bool = False) -> str:
    """A name ready to be kept.

    Raises:
        InvalidInput: missing though required, or longer than 80 signs.
    """
    name = kept_text(text)
    if is_required and not name:
        raise InvalidInput(
            field, "nothing", accepted="a name", hint="One-word names are fine."
        )
    if len(name) > LONGEST_NAME:
        raise InvalidInput(
            field,
            len(name),
            accepted="up to %(most)s letters",
            hint="Shorten it as the person would.",
            most=LONGEST_NAME,
        )
    return name


def searched_name(*names: str) -> str:
    """The names of one person as they are searched for, in the order given."""
    return folded(" ".join(name for name in names if name))[:LONGEST_SEARCHED].strip()


def check_born_adult(born: date | None, on: date) -> None:
    """A parent is 10 to 100 years old, if the birth date is known.

    Raises:
        InvalidInput: another age.
    """
    if born is None:
        return
    months = whole_months_between(born, on)
    if not ADULT_FROM_MONTHS <= months < OLDEST_ADULT_MONTHS:
        raise InvalidInput(
            "Parent's birth date",
            born,
            accepted="an age of 10 to 99 years",
            hint="Check the year.",
        )


def check_born_child(born: date, on: date) -> None:
    """A child is born, and under 18.

    Raises:
        InvalidInput: in the future, or 18 years or older.
    """
    if born > on or whole_months_between(born, on) >= OLDEST_CHILD_MONTHS:
        raise InvalidInput(
            "Child's birth date",
            born,
            accepted="%(day)s or earlier, under 18 years",
            hint="Check the year.",
            day=on,
        )


def check_due_date(due_on: date, on: date) -> None:
    """An expected date lies at most 42 days back and 300 days ahead.

    Raises:
        InvalidInput: it does not.
    """
    days = (due_on - on).days
    if not -DUE_SINCE_AT_MOST_DAYS <= days <= DUE_AT_MOST_DAYS:
        raise InvalidInput(
            "Due date",
            due_on,
            accepted="42 days ago to 300 days ahead",
            hint="Check the year.",
        )


def check_not_future(field: str, day: date, on: date) -> None:
    """A thing that has happened did not happen tomorrow.

    Raises:
        InvalidInput: the day lies after ``on``.
    """
    if day > on:
        raise InvalidInput(
            field, day, accepted="%(day)s or earlier", hint="Check the date.", day=on
        )


def check_enrolled(referred_on: date, enrolled_on: date | None) -> None:
    """Nobody enrols before the referral.

    Raises:
        RuleRefused: the enrolment lies before it.
    """
    if enrolled_on is not None and enrolled_on < referred_on:
        raise RuleRefused("The enrolment lies before the referral. Check both dates.")


def _is_unseen(sign: str) -> bool:
    return sign in DIRECTIONS or unicodedata.category(sign) in UNPRINTABLE
