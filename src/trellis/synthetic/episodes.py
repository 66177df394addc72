"""Stays in the programme and the stages a participant passes through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from trellis.core.dates import add_months_clamped
from trellis.synthetic.entities import Episode, Parent, StageSpan


OUTREACH_AFTER_DAYS: Final = 1
INTAKE_BEFORE_DAYS: Final = 2
IN_HOSPITAL_DAYS: Final = 4
EARLY_POSTPARTUM_DAYS: Final = 84
PARENTING_MONTHS: Final = 12
TRANSITION_MONTHS: Final = 34


@dataclass(frozen=True, slots=True)
class Stay:
    """From referral to leaving; ``enrolled_on`` None while she is being reached."""

    referred_on: date
    enrolled_on: date | None
    ended_on: date | None
    end_reason: str


def episode(key: UUID, parent: Parent, stay: Stay, born: date, as_of: date) -> Episode:
    """The episode of a stay with its stages up to ``as_of`` (domain 3.2)."""
    return Episode(
        key=key,
        parent_key=parent.key,
        site_id=parent.site_id,
        referred_on=stay.referred_on,
        enrolled_on=stay.enrolled_on,
        ended_on=stay.ended_on,
        end_reason=stay.end_reason,
        stages=_stages(stay, born, as_of),
    )


def _stages(stay: Stay, born: date, as_of: date) -> tuple[StageSpan, ...]:
    """Each stage until the next begins; the last until the stay ends."""
    begins = _reaching(stay) + _caring(stay, born)
    begun = [(stage, on) for stage, on in begins if on <= as_of]
    if stay.ended_on is not None:
        begun = [(stage, on) for stage, on in begun if on < stay.ended_on]
    ends = [on for _, on in begun[1:]] + [stay.ended_on]
    return tuple(
        StageSpan(stage, starts, end)
        for (stage, starts), end in zip(begun, ends, strict=True)
        if end is None or starts < end
    )


def _reaching(stay: Stay) -> list[tuple[str, date]]:
    begins = [
        ("referral", stay.referred_on),
        ("outreach", stay.referred_on + timedelta(days=OUTREACH_AFTER_DAYS)),
    ]
    if stay.enrolled_on is not None:
        intake = stay.enrolled_on - timedelta(days=INTAKE_BEFORE_DAYS)
        begins.append(("intake", intake))
    return [(stage, on) for stage, on in begins if on >= stay.referred_on]


def _caring(stay: Stay, born: date) -> list[tuple[str, date]]:
    """The stages after enrolment, the one she is in on that day first."""
    if stay.enrolled_on is None:
        return []
    by_birth = [
        ("prenatal", born - timedelta(days=280)),
        ("birth_hospitalisation", born),
        ("early_postpartum", born + timedelta(days=IN_HOSPITAL_DAYS)),
        ("postpartum", born + timedelta(days=EARLY_POSTPARTUM_DAYS)),
        ("parenting", add_months_clamped(born, PARENTING_MONTHS)),
        ("transition", add_months_clamped(born, TRANSITION_MONTHS)),
    ]
    before = [row for row in by_birth if row[1] <= stay.enrolled_on]
    after = [row for row in by_birth if row[1] > stay.enrolled_on]
    current = [(before[-1][0], stay.enrolled_on)] if before else []
    return current + after
