"""A group session as the team sees it: expected, present, free places, and outcomes.

Source: domain.md section 3.4. What an arrival, a late arrival, an absence and an early
leave may follow on is one table, ``TRANSITIONS``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from trellis.core.errors import InvalidInput, NotOnRoster, RuleRefused, SessionFull


class PlaceState(StrEnum):
    """Where a family's place in a session stands."""

    EXPECTED = "expected"
    ARRIVED = "arrived"
    LATE = "late"
    ABSENT = "absent"
    LEFT_EARLY = "left_early"


class SessionStatus(StrEnum):
    """Where a session stands; it never goes back."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


LONGEST_HOURS: Final = 8
PRESENT: Final = frozenset({PlaceState.ARRIVED, PlaceState.LATE, PlaceState.LEFT_EARLY})
# Back to expected is the undo of a slip of the finger; it is open from everywhere.
TRANSITIONS: Final[dict[PlaceState, frozenset[PlaceState]]] = {
    PlaceState.EXPECTED: frozenset(
        {PlaceState.ARRIVED, PlaceState.LATE, PlaceState.ABSENT}
    ),
    PlaceState.ARRIVED: frozenset(
        {PlaceState.LATE, PlaceState.LEFT_EARLY, PlaceState.EXPECTED}
    ),
    PlaceState.LATE: frozenset(
        {PlaceState.ARRIVED, PlaceState.LEFT_EARLY, PlaceState.EXPECTED}
    ),
    PlaceState.ABSENT: frozenset(
        {PlaceState.ARRIVED, PlaceState.LATE, PlaceState.EXPECTED}
    ),
    PlaceState.LEFT_EARLY: frozenset(
        {PlaceState.ARRIVED, PlaceState.LATE, PlaceState.EXPECTED}
    ),
}


@dataclass(frozen=True, slots=True)
class Session:
    """Places count dyads (one child with one caregiver), not heads."""

    places: int
    expected: frozenset[UUID]
    present: frozenset[UUID]

    def check_may_arrive(self, dyad_id: UUID) -> None:
        """Return if the dyad may be checked in now.

        Raises:
            NotOnRoster: it is not expected here.
            SessionFull: every place is taken by others.
        """
        if dyad_id not in self.expected:
            raise NotOnRoster("This family is not on today's list. Add them first.")
        if dyad_id not in self.present and len(self.present) >= self.places:
            raise SessionFull(
                "Every place is taken (%(places)s). Offer the next session, or ask "
                "the coordinator to raise the number of places.",
                places=self.places,
            )


@dataclass(frozen=True, slots=True)
class Day:
    """When a session is, seen from now: ``today`` and ``on`` are dates of the site."""

    status: SessionStatus
    on: date
    starts: datetime
    today: date

    def check_may_mark(self, state: PlaceState, at: datetime) -> None:
        """Return if somebody's place may be marked so at this instant.

        An absence may be told before the day; an arrival may not.

        Raises:
            RuleRefused: the session is closed, or lies ahead.
        """
        if self.status is SessionStatus.CLOSED:
            raise RuleRefused("This session is closed. Its list no longer changes.")
        if self.status is SessionStatus.CANCELLED:
            raise RuleRefused("This session was cancelled. Its list no longer changes.")
        if state in PRESENT and self.today < self.on:
            raise RuleRefused(
                "This session is on %(on)s. Families are checked in on the day.",
                on=self.on,
            )
        if state is PlaceState.LATE and at < self.starts:
            raise RuleRefused(
                "The session has not started yet, so nobody is late. Choose Present."
            )


def check_transition(
    before: PlaceState, after: PlaceState, *, has_visit_note: bool
) -> None:
    """Return if a place may go from one state to the other.

    ``has_visit_note``: a visit note of this session was begun for the child and is not
    marked as entered in error. Whoever has one was here.

    Raises:
        RuleRefused: it may not.
    """
    if after not in TRANSITIONS[before]:
        raise RuleRefused(_refusal(after))
    if has_visit_note and after not in PRESENT:
        raise RuleRefused(
            "A visit note was begun for this child, so the child was here. If the "
            "note is wrong, mark it as entered in error first."
        )


def _refusal(after: PlaceState) -> str:
    if after is PlaceState.LEFT_EARLY:
        return "Only somebody who came can leave early. Choose Present first."
    if after is PlaceState.ABSENT:
        return "This family came. Choose Undo first if that was a mistake."
    return "This family is marked so already."


def minutes_late(starts: datetime, arrived_at: datetime) -> int:
    """Whole minutes after the start; 0 for whoever came before it."""
    return max(0, int((arrived_at - starts).total_seconds() // 60))


def check_times(starts: datetime, ends: datetime) -> None:
    """Return if a session may run from ``starts`` until ``ends``.

    Raises:
        InvalidInput: it ends before it starts, or runs longer than a working day.
    """
    if not starts < ends:
        raise InvalidInput(
            "End", f"{ends:%H:%M}", accepted="a time after the start", hint=""
        )
    if (ends - starts).total_seconds() > LONGEST_HOURS * 3600:
        raise InvalidInput(
            "End",
            f"{ends:%H:%M}",
            accepted="at most %(hours)s hours after the start",
            hint="Check the times.",
            hours=LONGEST_HOURS,
        )


class StillOpen(RuleRefused):
    """A session is not ready to be closed: how much is open, and never whose.

    ``waiting``: families without an outcome; ``missing``: children who came and have
    no note; ``unsigned``: notes without a signature.
    """

    def __init__(self, *, waiting: int, missing: int, unsigned: int) -> None:
        self.waiting, self.missing, self.unsigned = waiting, missing, unsigned
        sentences = (
            _counted(waiting, "family has", "families have", "no outcome yet"),
            _counted(
                missing, "child came and has", "children came and have", "no note"
            ),
            _counted(unsigned, "visit note is", "visit notes are", "not signed yet"),
        )
        open_points = " ".join(sentence for sentence in sentences if sentence)
        super().__init__(f"Not closed. {open_points} Finish these, then close.")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one family's place says at closing."""

    state: PlaceState
    has_note: bool
    is_signed: bool


def check_may_close(status: SessionStatus, outcomes: tuple[Outcome, ...]) -> None:
    """Return if the session may be closed: everybody has an outcome, notes are signed.

    Whoever left early before a note was begun needs none; a make-up is raised instead.

    Raises:
        StillOpen: says how much is open, and never whose.
        RuleRefused: closed already, or cancelled.
    """
    if status is SessionStatus.CLOSED:
        raise RuleRefused("This session is closed already.")
    if status is SessionStatus.CANCELLED:
        raise RuleRefused("This session was cancelled. There is nothing to close.")
    waiting = sum(one.state is PlaceState.EXPECTED for one in outcomes)
    missing = sum(_lacks_note(one) for one in outcomes)
    unsigned = sum(one.has_note and not one.is_signed for one in outcomes)
    if waiting or missing or unsigned:
        raise StillOpen(waiting=waiting, missing=missing, unsigned=unsigned)


def _lacks_note(one: Outcome) -> bool:
    return not one.has_note and one.state in {PlaceState.ARRIVED, PlaceState.LATE}


def _counted(number: int, singular: str, plural: str, rest: str) -> str:
    if not number:
        return ""
    return f"{number} {singular if number == 1 else plural} {rest}."


def needs_make_up(one: Outcome) -> bool:
    """Absent, or gone before a visit note was begun."""
    return one.state is PlaceState.ABSENT or (
        one.state is PlaceState.LEFT_EARLY and not one.has_note
    )


@dataclass(frozen=True, slots=True)
class Counts:
    """Who came, in numbers alone. ``came`` includes late and left early."""

    invited: int
    came: int
    late: int
    left_early: int
    absent: int
    waiting: int


def counts_of(states: tuple[PlaceState, ...]) -> Counts:
    """Count the places of one session."""
    return Counts(
        invited=len(states),
        came=sum(state in PRESENT for state in states),
        late=states.count(PlaceState.LATE),
        left_early=states.count(PlaceState.LEFT_EARLY),
        absent=states.count(PlaceState.ABSENT),
        waiting=states.count(PlaceState.EXPECTED),
    )
