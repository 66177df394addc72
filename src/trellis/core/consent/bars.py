"""What closes a request before any basis is asked: steps 1, 2, 3 and 5."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from trellis.core.access.matrix import Cell
from trellis.core.access.vocabulary import (
    Action,
    DataClass,
    Purpose,
    Relationship,
    Role,
    Token,
    Write,
)
from trellis.core.consent.codes import Reason
from trellis.core.consent.consents import (
    Consent,
    ConsentKind,
    has_come,
    scope_concerns,
)
from trellis.core.consent.facts import (
    Facts,
    Period,
    Restriction,
    RestrictionKind,
)
from trellis.core.consent.openings import Case
from trellis.core.consent.requests import Request


WRITING: Final = frozenset({Action.WRITE, Action.SIGN})
SIGNATURES: Final = frozenset({Write.SIGN, Write.SIGN_SCREEN})
# Bases that a restriction or denial of the patient does not close (privacy.md 4.3).
BEYOND_DENIAL: Final = frozenset(
    {
        Token.AUTHOR,
        Token.AUTHOR_ORG,
        Token.SELF,
        Token.SUPPRESSED,
        Token.PRIVACY_OFFICER,
        Token.BTG,
    }
)
# Bases that still open a restricted record to an actor who is not named (8.11).
BEYOND_RESTRICTED: Final = frozenset({Token.BTG, Token.SUPPRESSED})
# Answers under AUDITEVAL that are not rows of people.
NOT_ROW_LEVEL: Final = (
    Token.SUPPRESSED,
    Token.PUBLISHED,
    Token.DEIDENTIFIED,
    Token.PRIVACY_OFFICER,
)


def structural_bar(request: Request, facts: Facts, cell: Cell) -> Reason | None:
    """Step 1, up to the action: what no fact about the subject can change."""
    policy = facts.policy
    if policy is not None and has_come(policy.valid_until, request.at):
        return Reason.POLICY_EXPIRED
    if cell.is_never:
        return Reason.ROLE_NEVER
    if request.relationship is Relationship.OTHER_SITE:
        return Reason.WRONG_SITE
    if request.environment.kiosk and not (cell.is_own and request.action in WRITING):
        return Reason.KIOSK
    if not _allows_action(cell, request.action):
        return Reason.ACTION_NOT_ALLOWED
    return None


def _allows_action(cell: Cell, action: Action) -> bool:
    if action is Action.WRITE:
        return bool(cell.writes)
    if action is Action.SIGN:
        return not SIGNATURES.isdisjoint(cell.writes)
    return True


def restricted_to(request: Request, facts: Facts) -> frozenset[Token] | None:
    """The bases left in play by a restricted record; None where nothing is closed.

    The subject opens the own record as a parent, never through a staff sign-in.
    """
    if facts.restricted is None or request.actor.id in facts.restricted.named:
        return None
    if request.actor.role is Role.PARENT:
        return BEYOND_RESTRICTED | {Token.SELF}
    return BEYOND_RESTRICTED


def silencing_bar(request: Request, facts: Facts) -> Reason | None:
    """The rest of step 1: silence after a loss, and state rules not in force."""
    tombstone = facts.tombstone
    is_message = request.action is Action.MESSAGE
    if is_message and tombstone is not None and tombstone.since <= request.at:
        return Reason.TOMBSTONE
    if request.purpose is not Purpose.CAPTA:
        return None
    pack = facts.state_pack
    if pack is None or not pack.active:
        return Reason.PACK_INACTIVE
    if not Period(None, pack.review_until).contains(request.at, facts.zone):
        return Reason.PACK_EXPIRED
    return None


def legal_bar(case: Case, cell: Cell, consents: Collection[Consent]) -> Reason | None:
    """Step 2."""
    request = case.request
    if request.purpose is Purpose.LEGAL:
        return None if _has_legal_consent(case, consents) else Reason.LEGAL_BAR
    if request.data_class is DataClass.COUNSELLING_NOTES:
        return _counselling_bar(case, cell)
    if request.purpose is Purpose.AUDIT_EVALUATION:
        return _agreement_bar(case, cell)
    return None


def _has_legal_consent(case: Case, consents: Collection[Consent]) -> bool:
    request, facts = case.request, case.facts
    return any(
        consent.kind is ConsentKind.LEGAL
        and consent.covers(request, facts)
        and not consent.standing(request.at, facts.zone)
        for consent in consents
    )


def _counselling_bar(case: Case, cell: Cell) -> Reason | None:
    is_open = (
        cell.is_own or Token.COUNSELLING in case.carrying or case.holds(Token.AUTHOR)
    )
    return None if is_open else Reason.COUNSELLING_BAR


def _agreement_bar(case: Case, cell: Cell) -> Reason | None:
    if case.request.data_class is DataClass.AGGREGATES:
        return None
    listed = {token for opening in cell.openings for token in opening.needed}
    is_open = case.holds(Token.AGREEMENT_2_53) or any(
        token in listed and case.holds(token) for token in NOT_ROW_LEVEL
    )
    return None if is_open else Reason.AGREEMENT_MISSING


def blocking_provisions(
    request: Request, facts: Facts, consents: Collection[Consent]
) -> tuple[Reason, tuple[str, ...]] | None:
    """Steps 3 and 5: the patient said no. The ids are those of denying consents."""
    if not facts.restrictions and not consents:
        return None
    in_force = [r for r in facts.restrictions if _is_in_force(r, request, facts)]
    if any(r.kind is RestrictionKind.AGREED for r in in_force):
        return Reason.RESTRICTION_AGREED, ()
    denying = sorted({c.id for c in consents if c.denies_request(request, facts)})
    if denying or in_force:
        return Reason.CONSENT_DENIES, tuple(denying)
    return None


def _is_in_force(restriction: Restriction, request: Request, facts: Facts) -> bool:
    scope = restriction.scope
    # A restriction names no intermediary: "those who treat" is taken at its widest.
    receiving = frozenset({request.receiving_org})
    return (
        restriction.starts_at <= request.at
        and not has_come(restriction.withdrawn_at, request.at)
        and scope_concerns(scope, request)
        and (
            not scope.recipients
            or any(
                party.receives(
                    request, is_treating=facts.treating, participants=receiving
                )
                for party in scope.recipients
            )
        )
    )
