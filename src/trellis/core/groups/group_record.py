"""The record of the circle: nobody of the session may be recognised in it.

Source: privacy.md 1.7. Names are compared as folded words, so "José's" finds "Jose".
The refusal says which word, never whose it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from trellis.core.errors import RuleRefused
from trellis.core.people.names import folded


# Parts of family names that are ordinary words of English or Spanish.
PARTICLES: Final = frozenset(
    [
        "a",
        "al",
        "an",
        "and",
        "da",
        "das",
        "de",
        "del",
        "der",
        "di",
        "do",
        "dos",
        "e",
        "el",
        "la",
        "las",
        "le",
        "los",
        "of",
        "san",
        "santa",
        "st",
        "the",
        "van",
        "von",
        "y",
    ]
)
LEAST_LETTERS: Final = 2
PART_LETTERS: Final = 4  # of a name split at its apostrophe: "Brien" of "O'Brien"
APOSTROPHES: Final = re.compile("['\u2019\u02bc`\u00b4]")
WORDS: Final = re.compile(r"[^\s,.;:!?()\[\]{}\"\u201c\u201d/\\|<>*_=+-]+")
PHONE: Final = re.compile(r"(?<!\w)\+?\d[\d\s().-]{5,}\d(?!\w)")
DIGITS_OF_A_PHONE: Final = 7
DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{2,4}")
EMAIL: Final = re.compile(r"\S+@\S+\.\w+")
NUMBER: Final = re.compile(r"(?<![\d.])\d{6,}(?!\d)")


def check_names_nobody(
    text: str, *, names: Iterable[str], identifiers: Iterable[str] = ()
) -> None:
    """Return if the text names nobody.

    ``names``: first, last and chosen names of everybody expected at the session.
    ``identifiers``: their numbers in other systems.

    Raises:
        RuleRefused: it holds a name, a number of a person, a phone number, an e-mail
            address or a full date (a birthday would be one).
    """
    word = named_word(text, names=names) or _identifier(text, identifiers)
    if word:
        raise RuleRefused(
            "The group's record names nobody: “%(word)s” is a name or number of "
            "somebody on this session's list. Write it without.",
            word=word,
        )
    word = _contact(text)
    if word:
        raise RuleRefused(
            "The group's record names nobody: “%(word)s” looks like a phone number, "
            "an address, a number of a person or a date. Write it without.",
            word=word,
        )


def named_word(text: str, *, names: Iterable[str]) -> str:
    """The first word of the text that is part of one of the names; "" if none is."""
    wanted = {part for name in names for part in _parts(name)} - PARTICLES
    for match in WORDS.finditer(text):
        if wanted.intersection(_spellings(match.group())):
            return match.group()
    return ""


def _parts(name: str) -> Iterator[str]:
    """Each word of a name as searched for, and the long end after an apostrophe."""
    for chunk in WORDS.findall(name):
        whole = folded(chunk)
        yield from (word for word in whole.split() if len(word) >= LEAST_LETTERS)
        for part in APOSTROPHES.split(chunk)[1:]:
            if len(part) >= PART_LETTERS:
                yield folded(part)


def _spellings(word: str) -> Iterator[str]:
    """A written word, with and without its "'s" and the parts around apostrophes."""
    yield folded(word)
    for part in APOSTROPHES.split(word):
        if len(part) >= LEAST_LETTERS:
            yield folded(part)


def _identifier(text: str, identifiers: Iterable[str]) -> str:
    lowered = text.casefold()
    for identifier in identifiers:
        wanted = identifier.strip().casefold()
        if wanted and re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", lowered):
            return identifier
    return ""


def _contact(text: str) -> str:
    for pattern in (EMAIL, DATE, NUMBER):
        found = pattern.search(text)
        if found:
            return found.group()
    for found in PHONE.finditer(text):
        if sum(sign.isdigit() for sign in found.group()) >= DIGITS_OF_A_PHONE:
            return found.group()
    return ""
