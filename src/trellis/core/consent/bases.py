"""When each basis of access without a consent holds (privacy.md 3.3).

The consent tokens are decided from the consents themselves, in decisions.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from trellis.core.access.vocabulary import (
    DataClass,
    Duty,
    Purpose,
    Relationship,
    Token,
    View,
)
from trellis.core.consent.consents import has_come
from trellis.core.consent.facts import BreakGlass, Facts, GuardianKind
from trellis.core.consent.requests import Request


Basis = Callable[[Request, Facts], bool]

CARE: Final = frozenset({Purpose.TREATMENT, Purpose.OPERATIONS})
TREATMENT: Final = frozenset({Purpose.TREATMENT})
TPO: Final = CARE | {Purpose.PAYMENT}
# These run only through their own workflows and open no cell (privacy.md 3.3).
WORKFLOW_PURPOSES: Final = frozenset(
    {Purpose.LEGAL, Purpose.CAPTA, Purpose.ABUSE_REPORT}
)
ANY_PURPOSE: Final = frozenset(Purpose) - WORKFLOW_PURPOSES
PURPOSES: Final[Mapping[Token, frozenset[Purpose]]] = {
    Token.CARE_TEAM: CARE,
    Token.SITE_OPS: CARE,
    Token.INTEGRATED: CARE,
    Token.ADMINISTERED: TREATMENT,
    Token.ADDRESS_RELEASE: TREATMENT,
    Token.AUTHOR: TPO,
    Token.AUTHOR_ORG: TPO,
    Token.TPO: TPO,
    Token.SPECIFIC: ANY_PURPOSE,
    Token.COUNSELLING: ANY_PURPOSE,
    Token.BTG: frozenset({Purpose.BREAK_GLASS}),
    Token.SELF: frozenset({Purpose.PATIENT_REQUEST}),
    Token.GUARDIAN: frozenset({Purpose.PATIENT_REQUEST}),
    Token.OWN_SESSION: CARE,
    Token.TOLD_BY_PATIENT: TREATMENT,
    Token.OWN_SITE: CARE,
    Token.OWN_PROGRAMME: CARE,
    Token.PUBLISHED: frozenset(
        {Purpose.AUDIT_EVALUATION, Purpose.PATIENT_REQUEST, Purpose.OPERATIONS}
    ),
    Token.SUPPRESSED: frozenset(
        {Purpose.OPERATIONS, Purpose.AUDIT_EVALUATION, Purpose.PUBLIC_HEALTH}
    ),
    Token.PRIVACY_OFFICER: frozenset({Purpose.OPERATIONS, Purpose.AUDIT_EVALUATION}),
    Token.AGREEMENT_2_53: frozenset({Purpose.AUDIT_EVALUATION}),
    Token.DEIDENTIFIED: frozenset(
        {Purpose.AUDIT_EVALUATION, Purpose.RESEARCH, Purpose.PUBLIC_HEALTH}
    ),
    Token.DUAL_APPROVAL: ANY_PURPOSE,
    Token.CLINICIAN_REVIEW: frozenset({Purpose.PATIENT_REQUEST}),
}
STAFF_RECORD_TOKENS: Final = frozenset(
    {Token.SELF, Token.OWN_SITE, Token.OWN_PROGRAMME}
)
ORDINARY_CHILD_CLASSES: Final = frozenset(
    {DataClass.CHILD_WELLCHILD, DataClass.CHILD_IDENTITY}
)
# Bases for talk inside the programme, 42 CFR 2.12(c)(3): none of them lets a Part 2
# row leave for a third organisation.
INSIDE_ONLY: Final = frozenset(
    {
        Token.CARE_TEAM,
        Token.SITE_OPS,
        Token.INTEGRATED,
        Token.ADMINISTERED,
        Token.ADDRESS_RELEASE,
        Token.AUTHOR,
        Token.AUTHOR_ORG,
        Token.OWN_SESSION,
        Token.TOLD_BY_PATIENT,
    }
)


def serves_purpose(
    token: Token, purpose: Purpose, data_class: DataClass, view: View | None
) -> bool:
    """Whether the basis may be used for the purpose, in this class and view."""
    if data_class is DataClass.STAFF_TRAINING and token in STAFF_RECORD_TOKENS:
        return purpose is Purpose.STAFF
    if token is Token.SUPPRESSED and purpose is Purpose.STAFF:
        return data_class is DataClass.STAFF_TRAINING
    if token is Token.SUPPRESSED and purpose is Purpose.PATIENT_REQUEST:
        return view is View.PUBLIC
    return purpose in PURPOSES[token]


def is_programme_side(request: Request, facts: Facts) -> bool:
    """Employee, direct control, or a QSOA for the named service."""
    if facts.programme_side:
        return True
    agreement = facts.qsoa
    return (
        agreement is not None
        and agreement.org == request.actor.org
        and agreement.programme_org == request.origin_org
        and facts.service in agreement.services
        and agreement.period.contains(request.at, facts.zone)
    )


def is_granted(grant: BreakGlass | None, request: Request) -> bool:
    """Whether a break-glass grant for this actor and patient exists at all."""
    return (
        grant is not None
        and grant.actor_id == request.actor.id
        and grant.subject_id == request.subject_id
        and grant.opened_at <= request.at
    )


def is_emergency_open(grant: BreakGlass | None, request: Request) -> bool:
    """Whether the grant opens the emergency view now (42 CFR 2.51, privacy.md 8.4)."""
    return (
        grant is not None
        and is_granted(grant, request)
        and request.actor.medical_personnel
        and request.at < grant.ends_at
        and not has_come(grant.overdue_at, request.at)
        and bool(grant.reason_text.strip())
        and (grant.consent_not_obtainable or grant.reason_type == "disaster_closure")
    )


def _care_team(request: Request, facts: Facts) -> bool:
    return facts.care_team and (
        not request.is_part2 or is_programme_side(request, facts)
    )


def _integrated(request: Request, facts: Facts) -> bool:
    unit = facts.integrated_unit
    return (
        facts.care_team
        and unit is not None
        and unit.unit == request.actor.unit
        and unit.programme_org == request.origin_org
        and unit.period.contains(request.at, facts.zone)
    )


def _administered(request: Request, facts: Facts) -> bool:
    screen = facts.administered
    return (
        screen is not None
        and request.actor.id in screen.actor_ids
        and not has_come(screen.settled_at, request.at)
    )


def _address_release(request: Request, facts: Facts) -> bool:
    release = facts.address_release
    return (
        release is not None
        and release.to_actor == request.actor.id
        and release.subject_id == request.subject_id
        and release.starts_at <= request.at < release.ends_at
    )


def _own_session(request: Request, facts: Facts) -> bool:
    session = facts.own_session
    return session is not None and session.period.contains(request.at, facts.zone)


def _self(request: Request, facts: Facts) -> bool:
    """The subject; or as a proxy, for what concerns the own care or an ordinary child.

    Violence and safety are hidden from every proxy.
    """
    if request.relationship is Relationship.SELF:
        return True
    if request.relationship is not Relationship.PROXY:
        return False
    if request.data_class is DataClass.IPV_SAFETY:
        return False
    return facts.own_care or (
        facts.guardian is GuardianKind.REPRESENTATIVE
        and request.data_class in ORDINARY_CHILD_CLASSES
    )


def _guardian(request: Request, facts: Facts) -> bool:
    is_proxy = request.relationship is Relationship.PROXY
    return is_proxy and facts.guardian is GuardianKind.OTHER


def _agreement(request: Request, facts: Facts) -> bool:
    agreement = facts.agreement_2_53
    return (
        agreement is not None
        and agreement.org == request.actor.org
        and agreement.period.contains(request.at, facts.zone)
    )


def _dual_approval(request: Request, facts: Facts) -> bool:
    approvers = {a.by for a in facts.approvals if a.at <= request.at}
    return len(approvers - {request.actor.id}) > 1


def _clinician_review(request: Request, facts: Facts) -> bool:
    review = facts.clinician_review
    return review is not None and review.at <= request.at


BASES: Final[Mapping[Token, Basis]] = {
    Token.CARE_TEAM: _care_team,
    Token.SITE_OPS: lambda request, facts: facts.site_ops,
    Token.INTEGRATED: _integrated,
    Token.ADMINISTERED: _administered,
    Token.ADDRESS_RELEASE: _address_release,
    Token.AUTHOR: lambda request, facts: facts.author_id == request.actor.id,
    Token.AUTHOR_ORG: lambda request, facts: request.author_org == request.actor.org,
    Token.SELF: _self,
    Token.GUARDIAN: _guardian,
    Token.OWN_SESSION: _own_session,
    Token.TOLD_BY_PATIENT: lambda request, facts: facts.told_by_patient,
    Token.OWN_SITE: lambda request, facts: facts.own_site,
    Token.OWN_PROGRAMME: lambda request, facts: facts.own_programme,
    Token.PUBLISHED: lambda request, facts: facts.published,
    Token.SUPPRESSED: lambda request, facts: facts.suppressed,
    Token.PRIVACY_OFFICER: lambda request, facts: (
        Duty.PRIVACY_OFFICER in request.actor.duties
    ),
    Token.AGREEMENT_2_53: _agreement,
    Token.DEIDENTIFIED: lambda request, facts: facts.deidentified,
    Token.DUAL_APPROVAL: _dual_approval,
    Token.CLINICIAN_REVIEW: _clinician_review,
}
