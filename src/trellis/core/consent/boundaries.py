"""Until when a decision stays true: the next instant at which any fact changes."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from trellis.core.consent.consents import Consent
from trellis.core.consent.facts import BreakGlass, Facts, Period
from trellis.core.consent.requests import Request


def next_boundary(
    request: Request,
    facts: Facts,
    consents: Collection[Consent],
    break_glass: BreakGlass | None,
) -> datetime | None:
    """The first instant after ``request.at`` at which the answer may differ.

    None when nothing known is dated later. It may name an instant at which the answer
    stays the same, never one too late.
    """
    if not consents and break_glass is None and not facts.is_dated:
        return None
    later = [
        instant
        for instant in _instants(request, facts, consents, break_glass)
        if instant is not None and instant > request.at
    ]
    return min(later, default=None)


def _instants(
    request: Request,
    facts: Facts,
    consents: Collection[Consent],
    break_glass: BreakGlass | None,
) -> Iterator[datetime | None]:
    yield from _of_periods(facts)
    yield from _of_facts(facts)
    for consent in consents:
        if consent.subject_id == request.subject_id:
            yield from consent.boundaries(facts.zone)
    if break_glass is not None:
        yield from (break_glass.opened_at, break_glass.ends_at, break_glass.overdue_at)


def _of_periods(facts: Facts) -> Iterator[datetime | None]:
    for dated in (facts.integrated_unit, facts.qsoa, facts.agreement_2_53):
        if dated is not None:
            yield from dated.period.bounds(facts.zone)
    if facts.own_session is not None:
        yield from facts.own_session.period.bounds(facts.zone)
    if facts.state_pack is not None:
        review = Period(None, facts.state_pack.review_until)
        yield from review.bounds(facts.zone)


def _of_facts(facts: Facts) -> Iterator[datetime | None]:
    if facts.administered is not None:
        yield facts.administered.settled_at
    if facts.address_release is not None:
        yield from (facts.address_release.starts_at, facts.address_release.ends_at)
    if facts.clinician_review is not None:
        yield facts.clinician_review.at
    if facts.tombstone is not None:
        yield facts.tombstone.since
    if facts.policy is not None:
        yield facts.policy.valid_until
    for approval in facts.approvals:
        yield approval.at
    for restriction in facts.restrictions:
        yield from (restriction.starts_at, restriction.withdrawn_at)
