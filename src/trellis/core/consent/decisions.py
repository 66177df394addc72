"""May this actor do this with this subject's data? Decided here and nowhere else.

The eight steps of privacy.md 4.3, in their order. No role passes around them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from trellis.core.access.matrix import CELLS, CONSENT_TOKENS
from trellis.core.access.vocabulary import Action, Token, View
from trellis.core.consent.bars import (
    BEYOND_DENIAL,
    WRITING,
    blocking_provisions,
    legal_bar,
    restricted_to,
    silencing_bar,
    structural_bar,
)
from trellis.core.consent.bases import is_granted
from trellis.core.consent.boundaries import next_boundary
from trellis.core.consent.codes import Obligation, Reason
from trellis.core.consent.consents import Consent, has_come
from trellis.core.consent.facts import BreakGlass, Facts
from trellis.core.consent.openings import Case, Trial, carrying_consents, first_true
from trellis.core.consent.openings import trials as trials_of
from trellis.core.consent.requests import Request


# The edition of the rules of this package, where the policy snapshot names none.
POLICY_VERSION: Final = "2026.1"


class Effect(StrEnum):
    """The answer in one word."""

    PERMIT = "PERMIT"
    DENY = "DENY"


class ViewKind(StrEnum):
    """How much is open; NONE if and only if denied."""

    FULL = "full"
    MINIMUM = "minimum"
    AGGREGATE = "aggregate"
    OWN = "own"
    WRITE = "write"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to one request, with its reasons and duties.

    ``view_name`` is the named view or the narrow write; None is the whole class.
    ``reasons`` begin with the deciding one. The answer holds until
    ``cacheable_until``, under the same policy version and the same consents.
    """

    effect: Effect
    view: ViewKind
    view_name: str | None
    reasons: tuple[str, ...]
    consent_ids: tuple[str, ...]
    obligations: tuple[str, ...]
    policy_version: str | None
    cacheable_until: datetime | None

    @property
    def is_permit(self) -> bool:
        """Whether anything at all is open."""
        return self.effect is Effect.PERMIT


def decide(
    request: Request,
    facts: Facts,
    consents: Collection[Consent],
    *,
    break_glass: BreakGlass | None = None,
) -> Decision:
    """Decide one request. Pure and total: whatever goes wrong inside closes.

    ``consents`` are all of the subject's, dead ones included; their order never
    matters. Source: 42 CFR 2.12, 2.13, 2.26, 2.31, 2.33, 2.51, 2.53.
    """
    try:
        return _decide(request, facts, consents, break_glass)
    except Exception:  # noqa: BLE001 - an unforeseen fault must close, never open
        return _denied(Reason.INTERNAL_ERROR)


def unusable_request() -> Decision:
    """The answer to a request that could not be read."""
    return _denied(Reason.BAD_REQUEST)


def _denied(reason: Reason) -> Decision:
    return Decision(
        effect=Effect.DENY,
        view=ViewKind.NONE,
        view_name=None,
        reasons=(reason.value,),
        consent_ids=(),
        obligations=(Obligation.AUDIT.value,),
        policy_version=None,
        cacheable_until=None,
    )


def _decide(
    request: Request,
    facts: Facts,
    consents: Collection[Consent],
    break_glass: BreakGlass | None,
) -> Decision:
    carrying = carrying_consents(request, facts, consents) if consents else {}
    case = Case(request, facts, break_glass, carrying)
    outcome = _outcome(case, consents)
    if isinstance(outcome, Trial):
        effect, view, name = Effect.PERMIT, _view_kind(case, outcome), outcome.name
        reason = f"BASIS_{outcome.basis.value}"
        obligations = _obligations(case, outcome)
        ids = _carrying_ids(case, outcome)
    else:
        effect, view, name = Effect.DENY, ViewKind.NONE, None
        reason, ids = outcome[0].value, outcome[1]
        obligations = (Obligation.AUDIT.value,)
    return Decision(
        effect=effect,
        view=view,
        view_name=name,
        reasons=(reason, *_dead_consents(request, facts, consents)),
        consent_ids=ids,
        obligations=obligations,
        policy_version=facts.policy.version if facts.policy else POLICY_VERSION,
        cacheable_until=next_boundary(request, facts, consents, break_glass),
    )


def _outcome(
    case: Case, consents: Collection[Consent]
) -> Trial | tuple[Reason, tuple[str, ...]]:
    """What opens the request, or the first reason, in step order, why nothing does."""
    request, facts = case.request, case.facts
    cell = CELLS[request.data_class, request.actor.role]
    if reason := structural_bar(request, facts, cell):
        return reason, ()
    trials = trials_of(
        request.data_class, request.actor.role, request.action, request.purpose
    )
    among = restricted_to(request, facts)
    if among is not None and not first_true(case, trials, among):
        return Reason.RESTRICTED_RECORD, ()
    if reason := silencing_bar(request, facts) or legal_bar(case, cell, consents):
        return reason, ()
    blocked = blocking_provisions(request, facts, consents)
    if blocked:
        among = BEYOND_DENIAL if among is None else BEYOND_DENIAL & among
    opened = first_true(case, trials, among)
    return opened or blocked or (_nothing_opens(case, trials), ())


def _nothing_opens(case: Case, trials: tuple[Trial, ...]) -> Reason:
    """Step 8, with the reason why an emergency grant did not open the cell."""
    grant, request = case.break_glass, case.request
    is_starred = any(trial.basis is Token.BTG for trial in trials)
    if grant is None or not is_starred or not is_granted(grant, request):
        return Reason.NO_BASIS
    if not request.actor.medical_personnel:
        return Reason.BTG_NOT_MEDICAL
    if has_come(grant.ends_at, request.at):
        return Reason.BTG_EXPIRED
    if has_come(grant.overdue_at, request.at):
        return Reason.BTG_REVIEW_OVERDUE
    return Reason.NO_BASIS


def _dead_consents(
    request: Request, facts: Facts, consents: Collection[Consent]
) -> list[str]:
    """Step 4: why consents of the subject count as absent, sorted, each once."""
    if not consents:
        return []
    return sorted(
        {
            reason.value
            for consent in consents
            if consent.subject_id == request.subject_id
            for reason in consent.standing(request.at, facts.zone)
        }
    )


def _view_kind(case: Case, opened: Trial) -> ViewKind:
    if case.request.action in WRITING:
        return ViewKind.WRITE
    if opened.basis is Token.SUPPRESSED:
        return ViewKind.AGGREGATE
    if opened.basis is Token.SELF:
        return ViewKind.OWN
    return ViewKind.FULL if opened.name is None else ViewKind.MINIMUM


def _carrying_ids(case: Case, opened: Trial) -> tuple[str, ...]:
    if opened.basis not in CONSENT_TOKENS:
        return ()
    return (case.carrying[opened.basis],)


def _obligations(case: Case, opened: Trial) -> tuple[str, ...]:
    """What must be done with a permit, in the order of the answer."""
    request, basis = case.request, opened.basis
    duties = [Obligation.AUDIT.value]
    if basis is Token.BTG:
        duties.append(Obligation.NOTIFY_PRIVACY.value)
    if basis in CONSENT_TOKENS and _goes_elsewhere(request):
        duties += DUTIES_OF_DISCLOSURE
    if request.action is Action.EXPORT:
        duties.append(Obligation.WATERMARK.value)
    # HIV is told to the child's clinicians only where a state's rule allows it.
    if opened.name == View.INFANT_RELEVANT and not case.facts.state_rule_hiv:
        duties.append(f"{Obligation.REDACT}:hiv")
    if basis is Token.SUPPRESSED:
        duties.append(Obligation.SUPPRESS.value)
    if (ends_at := _end_of(case, basis)) is not None:
        duties.append(f"{Obligation.EXPIRE_AT}:{instant_text(ends_at)}")
    if basis in (Token.BTG, Token.ADDRESS_RELEASE):
        duties.append(Obligation.NO_PRINT.value)
    return tuple(duties)


DUTIES_OF_DISCLOSURE: Final = (
    Obligation.ATTACH_NOTICE.value,
    Obligation.ATTACH_CONSENT.value,
    Obligation.LOG_DISCLOSURE.value,
    Obligation.NO_REDISCLOSE_LEGAL.value,
)


def _goes_elsewhere(request: Request) -> bool:
    """Whether a Part 2 row is disclosed to another organisation than its origin."""
    return request.is_part2 and request.receiving_org != request.origin_org


def _end_of(case: Case, basis: Token) -> datetime | None:
    """When what was opened must be closed again, for the bases that are dated."""
    facts = case.facts
    if basis is Token.BTG and case.break_glass is not None:
        return case.break_glass.ends_at
    if basis is Token.ADDRESS_RELEASE and facts.address_release is not None:
        return facts.address_release.ends_at
    if basis is Token.OWN_SESSION and facts.own_session is not None:
        return facts.own_session.period.bounds(facts.zone)[1]
    return None


def instant_text(instant: datetime) -> str:
    """RFC 3339 in UTC with ``Z``, as in the answers and obligations."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
