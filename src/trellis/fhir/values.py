"""Reading values of a resource that may be missing, of another type, or impossible."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from trellis.fhir.documents import Json


_DAY: Final = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})"
    r"(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?",
    re.ASCII,
)
CVX: Final = ("http://hl7.org/fhir/sid/cvx", "urn:oid:2.16.840.1.113883.12.292")
MVX: Final = (
    "http://hl7.org/fhir/sid/mvx",
    "http://terminology.hl7.org/CodeSystem/MVX",
)
LOINC: Final = ("http://loinc.org", "urn:oid:2.16.840.1.113883.6.1")
SNOMED: Final = ("http://snomed.info/sct", "urn:oid:2.16.840.1.113883.6.96")


@dataclass(frozen=True, slots=True)
class Coding:
    """One code of one system, with its display."""

    system: str
    code: str
    display: str


@dataclass(frozen=True, slots=True)
class Left:
    """What was read and is not kept, to be counted: "Claim", "Observation 6690-2"."""

    kind: str


@dataclass(frozen=True, slots=True)
class Lifetime:
    """From birth to the day of the import: facts outside are refused."""

    born: date
    as_of: date

    def refusal(self, day: date, what: str) -> str:
        """A sentence where ``day`` lies before birth or in the future, else ""."""
        if day < self.born:
            return f"{what} on {day.isoformat()} is before birth; it was not kept."
        if day > self.as_of:
            return (
                f"{what} on {day.isoformat()} lies in the future "
                f"(after {self.as_of.isoformat()}); it was not kept."
            )
        return ""


def text(resource: Json, *path: str) -> str:
    """The text at a path of keys, or ""."""
    value: Any = resource
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value.strip() if isinstance(value, str) else ""


def objects(resource: Json, key: str) -> tuple[Json, ...]:
    """The objects of a list; a single object counts as a list of one."""
    value = resource.get(key)
    found = value if isinstance(value, list) else [value]
    return tuple(item for item in found if isinstance(item, dict))


def object_at(resource: Json, key: str) -> Json:
    """The object at a key, or an empty one."""
    value = resource.get(key)
    return value if isinstance(value, dict) else {}


def codings(resource: Json, key: str) -> Iterator[Coding]:
    """Every coding of a CodeableConcept, or of a list of them."""
    for concept in objects(resource, key):
        for one in objects(concept, "coding"):
            yield Coding(text(one, "system"), text(one, "code"), text(one, "display"))


def code_of(resource: Json, key: str, systems: tuple[str, ...]) -> str:
    """The first code of one of the systems, or ""."""
    found = (c.code for c in codings(resource, key) if c.system in systems and c.code)
    return next(found, "")


def words_of(resource: Json, key: str) -> str:
    """The text of a concept: its own, else the first display, else the first code."""
    concepts = objects(resource, key)
    own = next((text(one, "text") for one in concepts if text(one, "text")), "")
    listed = tuple(codings(resource, key))
    shown = next((one.display for one in listed if one.display), "")
    return own or shown or next((one.code for one in listed if one.code), "")


def read_day(value: str) -> date:
    """The calendar day of a FHIR date or dateTime, as the sender wrote it.

    Raises:
        ValueError: a year or month alone, another form, or no such day; a sentence.
    """
    found = _DAY.fullmatch(value)
    if not found:
        message = f"{value[:40]!r} is not a whole date (YYYY-MM-DD)."
        raise ValueError(message)
    try:
        return date(*(int(part) for part in found.groups()[:3]))
    except ValueError:
        message = f"{value[:40]!r} is not a day of the calendar."
        raise ValueError(message) from None
