"""Reading one JSON object field by field, naming the field that is not usable."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Final, TypeVar

from trellis.core.errors import InvalidInput


W = TypeVar("W", bound=StrEnum)
T = TypeVar("T")
INSTANT: Final = re.compile(
    r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?Z", flags=re.ASCII
)
DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", flags=re.ASCII)
SHOWN_CHARACTERS: Final = 40


class Fields:
    """The fields of one JSON object; ``path`` says where it stands in the line."""

    def __init__(self, value: object, path: str = "") -> None:
        if not isinstance(value, Mapping):
            raise refused(path or "line", value, "a JSON object")
        self._values = value
        self._path = path

    def has(self, name: str) -> bool:
        """Whether the field is there and not null."""
        return self._values.get(name) is not None

    def is_given(self, name: str) -> bool:
        """Whether the field is there, if only as null."""
        return name in self._values

    def where(self, name: str) -> str:
        """The field's full name for a message."""
        return f"{self._path}.{name}" if self._path else name

    def raw(self, name: str) -> object:
        """The value as it stands; a missing field is refused."""
        if name not in self._values:
            raise InvalidInput(
                self.where(name), "nothing", accepted="required", hint="Add the field."
            )
        return self._values[name]

    def text(self, name: str) -> str:
        """A string."""
        return _text(self.raw(name), self.where(name))

    def flag(self, name: str) -> bool:
        """True or false; numbers and words are refused."""
        value = self.raw(name)
        if not isinstance(value, bool):
            raise refused(self.where(name), value, "true or false")
        return value

    def whole_number(self, name: str) -> int:
        """An integer."""
        value = self.raw(name)
        if isinstance(value, bool) or not isinstance(value, int):
            raise refused(self.where(name), value, "a whole number")
        return value

    def word(self, name: str, words: type[W]) -> W:
        """One of a closed list of words."""
        return _word(self.raw(name), self.where(name), words)

    def instant(self, name: str) -> datetime:
        """RFC 3339 in UTC with ``Z``; digits beyond microseconds are dropped."""
        text = self.text(name)
        matched = INSTANT.fullmatch(text)
        accepted = "an instant such as 2026-11-22T14:00:00Z"
        if not matched:
            raise refused(self.where(name), text, accepted)
        fraction = (matched[2] or ".0")[1:7].ljust(6, "0")
        try:
            whole = datetime.fromisoformat(matched[1])
        except ValueError:
            raise refused(self.where(name), text, accepted) from None
        return whole.replace(microsecond=int(fraction), tzinfo=UTC)

    def day(self, name: str) -> date:
        """A calendar day, ``YYYY-MM-DD``."""
        text = self.text(name)
        try:
            if DAY.fullmatch(text):
                return date.fromisoformat(text)
        except ValueError:
            pass
        raise refused(self.where(name), text, "a day such as 2026-11-22")

    def nested(self, name: str) -> Fields:
        """A nested object."""
        return Fields(self.raw(name), self.where(name))

    def optional(self, name: str, read: Callable[[str], T]) -> T | None:
        """What ``read`` makes of the field, or None where it is null or missing."""
        return read(name) if self.has(name) else None

    def nullable(self, name: str, read: Callable[[str], T]) -> T | None:
        """The same for a field that must be there, if only as null."""
        return None if self.raw(name) is None else read(name)

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of strings."""
        return tuple(_text(v, w) for v, w in self._items(name))

    def words(self, name: str, words: type[W]) -> frozenset[W]:
        """A list of words of a closed list."""
        return frozenset(_word(v, w, words) for v, w in self._items(name))

    def objects(self, name: str) -> tuple[Fields, ...]:
        """A list of nested objects."""
        return tuple(Fields(v, w) for v, w in self._items(name))

    def some(self, name: str, found: frozenset[T]) -> frozenset[T]:
        """``found``, refused where it is empty."""
        if not found:
            raise refused(self.where(name), [], "at least one")
        return found

    def _items(self, name: str) -> list[tuple[object, str]]:
        value = self.raw(name)
        if not isinstance(value, list):
            raise refused(self.where(name), value, "a list")
        return [(v, f"{self.where(name)}[{i}]") for i, v in enumerate(value)]


def refused(field: str, given: object, accepted: str) -> InvalidInput:
    """The message for a value of the wrong type or outside its list."""
    return InvalidInput(
        field,
        repr(given)[:SHOWN_CHARACTERS],
        accepted=accepted,
        hint="The fields of a request are listed in docs/consent-decide.md.",
    )


def _text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise refused(where, value, "text")
    return value


def _word(value: object, where: str, words: type[W]) -> W:
    try:
        return words(_text(value, where))
    except ValueError:
        raise refused(where, value, "one of " + ", ".join(words)) from None
