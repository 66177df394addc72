"""What is read about a family in care: frozen lines with the open fields alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from trellis.core.people.stages import Stage


@dataclass(frozen=True, slots=True)
class SiblingLine:
    """Another child of the same caregiver: the switch on top of the dyad page."""

    dyad_id: UUID
    name: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class CaregiverLine:
    """A caregiver of the child. ``authority``: what is open of it, by field name.

    ``starts`` and ``ends`` are None where only a part of the link is open.
    """

    dyad_id: UUID
    parent_id: UUID
    name: str
    starts: date | None
    ends: date | None
    kind: str | None
    authority: Mapping[str, bool]
    is_current: bool


@dataclass(frozen=True, slots=True)
class EpisodeLine:
    """An episode of care; of a part of the class only the stage is given."""

    episode_id: UUID
    stage: Stage
    stage_since: date | None
    referred_on: date | None
    enrolled_on: date | None
    ended_on: date | None
    is_whole: bool


@dataclass(frozen=True, slots=True)
class PregnancyLine:
    """A pregnancy by its due date; ``ended_on`` once it is over."""

    due_on: date
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class StaffLine:
    """Somebody of the care team."""

    link_id: UUID
    staff_id: UUID
    name: str
    role: str
    since: datetime


@dataclass(frozen=True, slots=True)
class ParentSide:
    """The parent as far as open; every list is empty where its class is closed."""

    parent_id: UUID
    facts: Mapping[str, Any]
    version: int
    episodes: tuple[EpisodeLine, ...]
    pregnancies: tuple[PregnancyLine, ...]
    care_team: tuple[StaffLine, ...]
    may_write: frozenset[str]
    shows_programme: bool


@dataclass(frozen=True, slots=True)
class ChildSide:
    """The child as far as open."""

    child_id: UUID
    facts: Mapping[str, Any]
    caregivers: tuple[CaregiverLine, ...]
    may_write: bool


@dataclass(frozen=True, slots=True)
class DyadPage:
    """A parent and a child together; a side that is not open is None."""

    dyad_id: UUID
    starts: date | None
    ends: date | None
    parent: ParentSide | None
    child: ChildSide | None
    siblings: tuple[SiblingLine, ...]


@dataclass(frozen=True, slots=True)
class ParentPage:
    """A parent without looking at one child: while pregnant, or all the children."""

    parent: ParentSide
    children: tuple[SiblingLine, ...]


@dataclass(frozen=True, slots=True)
class StaffChoice:
    """Somebody of the site who could join a care team, in one role."""

    staff_id: UUID
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class CareTeam:
    """The care team of a family for whoever may change it, and who could join."""

    parent_id: UUID
    name: str
    lines: tuple[StaffLine, ...]
    choices: tuple[StaffChoice, ...]


@dataclass(frozen=True, slots=True)
class ChildToLink:
    """The child of a dyad, for linking another caregiver.

    ``may_record_kind``: what the caregiver is to the child and may do.
    """

    child_id: UUID
    parent_id: UUID
    name: str
    may_link: bool
    may_record_kind: bool
