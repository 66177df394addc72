"""A dyad: one child with one caregiver, for a time, with what the caregiver may do.

Source: domain.md section 3.1. Several dyads of one child may run at once; twins are
two children, so two dyads, with one mother.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Final

from trellis.core.errors import InvalidInput, RuleRefused


class CaregiverKind(StrEnum):
    """What the caregiver is to the child."""

    BIRTH_PARENT = "birth-parent"
    ADOPTIVE_PARENT = "adoptive-parent"
    KIN = "kin"
    FOSTER_PARENT = "foster-parent"
    GUARDIAN = "guardian"


@dataclass(frozen=True, slots=True)
class Authority:
    """What a caregiver may do for the child; nothing, until somebody records it."""

    may_consent_to_care: bool = False
    may_attend: bool = False
    may_be_messaged: bool = False
    may_see_child_record: bool = False


ALL: Final = Authority(
    may_consent_to_care=True,
    may_attend=True,
    may_be_messaged=True,
    may_see_child_record=True,
)
COMES_ALONG: Final = Authority(may_attend=True, may_be_messaged=True)
USUAL_AUTHORITY: Final[dict[CaregiverKind, Authority]] = {
    CaregiverKind.BIRTH_PARENT: ALL,
    CaregiverKind.ADOPTIVE_PARENT: ALL,
    CaregiverKind.GUARDIAN: ALL,
    CaregiverKind.KIN: COMES_ALONG,
    CaregiverKind.FOSTER_PARENT: COMES_ALONG,
}


def usual_authority(kind: CaregiverKind) -> Authority:
    """What a form offers first for this kind; a person confirms or changes it.

    Our choice, on the safe side: kin and foster parents come along and get messages;
    consent and the record need a document that somebody has seen.
    """
    return USUAL_AUTHORITY[kind]


@dataclass(frozen=True, slots=True)
class DyadPeriod:
    """When child and caregiver are a dyad: ``ends`` is the first day they are not.

    Raises:
        InvalidInput: ``ends`` is not after ``starts``.
    """

    starts: date
    ends: date | None = None

    def __post_init__(self) -> None:
        if self.ends is not None and self.ends <= self.starts:
            raise InvalidInput(
                "End of the dyad",
                self.ends,
                accepted="a day after %(day)s",
                hint="The end is the first day on which they are not a dyad.",
                day=self.starts,
            )

    def holds(self, on: date) -> bool:
        """Whether they are a dyad on this day."""
        return self.starts <= on and (self.ends is None or on < self.ends)


def check_starts_after_birth(period: DyadPeriod, born: date) -> None:
    """A dyad starts on the child's birth date or later.

    Raises:
        InvalidInput: it starts before.
    """
    if period.starts < born:
        raise InvalidInput(
            "Start of the dyad",
            period.starts,
            accepted="%(day)s or later",
            hint="Check the child's date of birth.",
            day=born,
        )


def check_one_at_a_time(periods: Iterable[DyadPeriod]) -> None:
    """The dyads of the same child and the same caregiver never overlap.

    One may start on the day on which the one before ends.

    Raises:
        RuleRefused: two of them share a day.
    """
    in_order = sorted(periods, key=lambda period: period.starts)
    for before, after in pairwise(in_order):
        if before.ends is None or after.starts < before.ends:
            raise RuleRefused(
                "This child and this caregiver are already a dyad on %(day)s. "
                "End that one first, or change its dates.",
                day=after.starts,
            )
