"""What is read about people: frozen lines, each field open to whoever holds it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from trellis.core.people.ages import AgeInWords
from trellis.core.people.names import Match, Reason


@dataclass(frozen=True, slots=True)
class ParentRecord:
    """An adult for a form. ``facts`` holds the fields that are open, and no other.

    ``may_write`` names the parts the viewer may change: identity, contact, planning,
    reach_via, address, pregnancy, child, caregiver.
    """

    parent_id: UUID
    name: str
    version: int
    facts: Mapping[str, Any]
    may_write: frozenset[str]


@dataclass(frozen=True, slots=True)
class ChildRecord:
    """A child for a form, whole."""

    child_id: UUID
    name: str
    version: int
    first_name: str
    last_name: str
    born: date
    sex: str
    birth_order: int | None
    external_id: str
    may_write: bool


@dataclass(frozen=True, slots=True)
class DuplicateLine:
    """Somebody already registered who is like the one on the form."""

    patient_id: UUID
    is_child: bool
    name: str
    born: date | None
    match: Match
    reasons: tuple[Reason, ...]
    dyad_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ChildOfFamily:
    """A child in the list of families; None where the field is not open."""

    child_id: UUID
    dyad_id: UUID | None
    name: str
    born: date | None
    age: AgeInWords | None


@dataclass(frozen=True, slots=True)
class FamilyLine:
    """One family in the list; a child alone where its caregiver is not open."""

    parent_id: UUID | None
    parent_name: str
    parent_born: date | None
    children: tuple[ChildOfFamily, ...]
    stage: str | None
    language: str | None
    is_first_name_only: bool = False


@dataclass(frozen=True, slots=True)
class FamiliesPage:
    """A page of families; ``total`` counts what is open to the viewer."""

    lines: tuple[FamilyLine, ...]
    number: int
    pages: int
    total: int
