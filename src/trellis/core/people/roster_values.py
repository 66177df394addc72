"""One cell of a roster as a value, or a sentence that says what to do about it."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Final

from trellis.core.people.roster_columns import Column, folded


# A spreadsheet runs a text that begins so as a formula, here or wherever it is exported
# to. It is refused, never quietly changed: a changed name would be a wrong name.
FORMULA_SIGNS: Final = ("=", "+", "-", "@")
MAX_TEXT: Final = {"external_id": 60, "child_external_id": 60, "safe_contact": 500}
MAX_NAME: Final = 80
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_US: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_KEY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/\-]*", re.ASCII)
_EMAIL: Final = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\".]+(\.[^@\s,;<>\".]+)+")
_PHONE: Final = re.compile(r"\+?[\d\s().\-]+", re.ASCII)
_PHONE_DIGITS: Final = range(10, 16)
_SHOWN: Final = 40
# Signs that turn the direction of writing can make one name look like another.
_DIRECTIONS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_UNPRINTABLE: Final = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})


class Unacceptable(Exception):
    """The sentence that says why a cell cannot be used."""


def _unacceptable(column: Column, given: str, hint: str = "") -> Unacceptable:
    shown = given if len(given) <= _SHOWN else given[:_SHOWN] + "…"
    sentence = f"{shown!r} is not accepted; accepted: {column.accepted}."
    return Unacceptable(f"{sentence} {hint}".strip())


def read_text(column: Column, cell: str) -> str:
    """A text, normalised to NFC and trimmed.

    Raises:
        Unacceptable: a formula, a control character, or too long.
    """
    value = unicodedata.normalize("NFC", cell).strip()
    is_phone = column.name == "phone" and _PHONE.fullmatch(value)
    if value.startswith(FORMULA_SIGNS) and not is_phone:
        hint = "It reads as a formula; type the text itself, or leave the cell empty."
        raise _unacceptable(column, value, hint)
    if any(s in _DIRECTIONS or unicodedata.category(s) in _UNPRINTABLE for s in value):
        hint = "It holds a line break or an unprintable sign; type it again."
        raise _unacceptable(column, value, hint)
    longest = MAX_TEXT.get(column.name, MAX_NAME)
    if len(value) > longest:
        raise _unacceptable(column, value, f"It has {len(value)} signs.")
    _check_form(column, value)
    return value


def _check_form(column: Column, value: str) -> None:
    if not value:
        return
    if column.name in ("external_id", "child_external_id", "site"):
        if not _KEY.fullmatch(value):
            raise _unacceptable(
                column, value, "Use letters, digits and . _ : / - only."
            )
    elif column.name == "email" and not _EMAIL.fullmatch(value):
        raise _unacceptable(column, value, "Check the address.")
    elif column.name == "phone":
        digits = re.sub(r"\D", "", value)
        if not _PHONE.fullmatch(value) or len(digits) not in _PHONE_DIGITS:
            raise _unacceptable(column, value, "Check the number.")


def read_date(column: Column, cell: str) -> date | None:
    """A date: ISO, or US with the month first; two-digit years are never guessed.

    Raises:
        Unacceptable: another form or no such day.
    """
    value = cell.strip()
    if not value:
        return None
    iso, us = _ISO.fullmatch(value), _US.fullmatch(value)
    if iso:
        year, month, day = (int(part) for part in iso.groups())
    elif us:
        month, day, year = (int(part) for part in us.groups())
    else:
        raise _unacceptable(column, value)
    try:
        return date(year, month, day)
    except ValueError:
        hint = "There is no such day in the calendar."
        if us and month > 12 >= day:  # noqa: PLR2004 - months of a year
            hint = "The month stands first: write 12/31/2026, not 31/12/2026."
        raise _unacceptable(column, value, hint) from None


def read_choice(column: Column, cell: str) -> str:
    """The value of one word, or "".

    Raises:
        Unacceptable: no word of this column.
    """
    words = column.words or {}
    value = folded(cell)
    if value and value not in words:
        raise _unacceptable(column, cell.strip())
    return words.get(value, "")


def read_choices(column: Column, cell: str) -> tuple[str, ...]:
    """The values of several words apart by ; , or |, each once.

    Raises:
        Unacceptable: one of them is no word of this column.
    """
    parts = (part for part in re.split(r"[;,|]", cell) if part.strip())
    return tuple(dict.fromkeys(read_choice(column, part) for part in parts))


def read_whole_number(column: Column, cell: str) -> int | None:
    """A whole number within the bounds of the column.

    Raises:
        Unacceptable: no digits, or out of bounds.
    """
    value = cell.strip()
    if not value:
        return None
    low, high = (int(bound) for bound in re.findall(r"\d+", column.accepted)[:2])
    if not re.fullmatch(r"\d{1,3}", value, re.ASCII) or not low <= int(value) <= high:
        raise _unacceptable(column, value)
    return int(value)
