"""A signed consent: is it valid now, and does it cover this request?

Sources: 42 CFR 2.31 (elements), 2.31(c) (void consents); privacy.md 1.2, 4.2, 4.4.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum
from typing import Final

from trellis.core.access.vocabulary import DataClass, Purpose, Token
from trellis.core.consent.codes import Reason
from trellis.core.consent.facts import Facts, Scope, start_of
from trellis.core.consent.recipients import Party
from trellis.core.consent.requests import Request


class ConsentKind(StrEnum):
    """What a consent is for; only the first three open cells of the matrix."""

    TPO = "TPO"
    SPECIFIC = "SPECIFIC"
    COUNSELLING = "COUNSELLING"
    LEGAL = "LEGAL"
    RESEARCH = "RESEARCH"
    INTERMEDIARY = "INTERMEDIARY"
    CAPTA = "CAPTA"
    PDMP = "PDMP"


class Capacity(StrEnum):
    """In which capacity somebody signed."""

    SELF = "self"
    MINOR = "minor"
    GUARDIAN = "guardian"
    COURT = "court"
    DECEDENT_REPRESENTATIVE = "decedent_representative"


class ExpiryEvent(StrEnum):
    """The event that ends a consent without an end date."""

    NONE = "none"
    END_OF_TREATMENT = "end_of_treatment"
    END_OF_STUDY = "end_of_study"
    OTHER = "other"


class Element(StrEnum):
    """The statements of 42 CFR 2.31(a); the last two belong to a TPO consent."""

    PATIENT_NAME = "patient_name"
    DISCLOSERS = "disclosers"
    INFORMATION = "information"
    RECIPIENTS = "recipients"
    PURPOSE = "purpose"
    RIGHT_TO_REVOKE = "right_to_revoke"
    EXPIRY = "expiry"
    SIGNATURE = "signature"
    DATE = "date"
    REDISCLOSURE_STATEMENT = "redisclosure_statement"
    REFUSAL_STATEMENT = "refusal_statement"


TPO_ELEMENTS: Final = frozenset(Element)
COMMON_ELEMENTS: Final = TPO_ELEMENTS - {
    Element.REDISCLOSURE_STATEMENT,
    Element.REFUSAL_STATEMENT,
}
STANDS_ALONE: Final = frozenset({ConsentKind.COUNSELLING, ConsentKind.LEGAL})
TOKEN_OF_KIND: Final = {
    ConsentKind.TPO: Token.TPO,
    ConsentKind.SPECIFIC: Token.SPECIFIC,
    ConsentKind.COUNSELLING: Token.COUNSELLING,
}


@dataclass(frozen=True, slots=True)
class Grantor:
    """Who signed; the id is absent for a court."""

    capacity: Capacity
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """The text that was shown; a text not active when signed is no consent."""

    text_id: str
    version: int
    language: str
    active_on_signing: bool


@dataclass(frozen=True, slots=True)
class Intermediary:
    """A health information exchange and the organisations that take part in it."""

    name: str
    participants: frozenset[str]


@dataclass(frozen=True, slots=True)
class Consent:
    """One immutable version. Its period is half-open; its standing is derived.

    ``elements`` are those statements of 42 CFR 2.31 that the form carries.
    """

    id: str
    version: int
    kind: ConsentKind
    subject_id: str
    grantor: Grantor
    disclosers: frozenset[Party]
    recipients: frozenset[Party]
    data_classes: frozenset[DataClass]
    purposes: frozenset[Purpose]
    starts_at: datetime
    ends_at: datetime | None
    expiry_event: ExpiryEvent | None
    expiry_event_at: datetime | None
    signed_on: date | None
    signature_sha256: str | None
    elements: frozenset[Element]
    separate_document: bool
    form: Form
    denies: tuple[Scope, ...] = ()
    revoked_at: datetime | None = None
    known_false_at: datetime | None = None
    intermediary: Intermediary | None = None

    def is_complete(self) -> bool:
        """Whether the document holds everything 42 CFR 2.31 asks for."""
        required = TPO_ELEMENTS if self.kind is ConsentKind.TPO else COMMON_ELEMENTS
        has_end = self.ends_at is not None or self.expiry_event is not None
        is_signed = self.signed_on is not None and self.signature_sha256 is not None
        may_be_combined = self.kind not in STANDS_ALONE
        return (
            required <= self.elements
            and has_end
            and is_signed
            and (self.separate_document or may_be_combined)
            and self.form.active_on_signing
        )

    def standing(self, at: datetime, zone: tzinfo) -> frozenset[Reason]:
        """What makes it void, ended or not begun at the instant; empty = active."""
        reasons = set()
        if not self.is_complete() or not has_come(self._signed_at(zone), at):
            reasons.add(Reason.CONSENT_DEFICIENT)
        if at < self.starts_at:
            reasons.add(Reason.CONSENT_NOT_YET)
        if has_come(self.ends_at, at) or has_come(self.expiry_event_at, at):
            reasons.add(Reason.CONSENT_EXPIRED)
        if has_come(self.revoked_at, at):
            reasons.add(Reason.CONSENT_REVOKED)
        if has_come(self.known_false_at, at):
            reasons.add(Reason.CONSENT_FALSE)
        return frozenset(reasons)

    def covers(self, request: Request, facts: Facts) -> bool:
        """Whether it alone names class, purpose, discloser and recipient.

        Time is a matter of ``standing``. Two consents are never stitched together.
        """
        return (
            self.subject_id == request.subject_id
            and request.data_class in self.data_classes
            and request.purpose in self.purposes
            and any(party.discloses_for(request) for party in self.disclosers)
            and self._names_recipient(request, facts, self.recipients)
        )

    def denies_request(self, request: Request, facts: Facts) -> bool:
        """Whether a deny provision forbids it; void and ended consents still deny.

        A provision begins with the consent and ends only by withdrawal.
        """
        return (
            bool(self.denies)
            and self.subject_id == request.subject_id
            and self.starts_at <= request.at
            and any(
                scope_concerns(scope, request)
                and (
                    not scope.recipients
                    or self._names_recipient(request, facts, scope.recipients)
                )
                for scope in self.denies
            )
        )

    def boundaries(self, zone: tzinfo) -> tuple[datetime | None, ...]:
        """The instants at which its effect may change."""
        return (
            self.starts_at,
            self.ends_at,
            self.expiry_event_at,
            self.revoked_at,
            self.known_false_at,
            self._signed_at(zone),
        )

    def _signed_at(self, zone: tzinfo) -> datetime | None:
        return None if self.signed_on is None else start_of(self.signed_on, zone)

    def _names_recipient(
        self, request: Request, facts: Facts, parties: AbstractSet[Party]
    ) -> bool:
        members = self.intermediary.participants if self.intermediary else frozenset()
        return any(
            party.receives(request, is_treating=facts.treating, participants=members)
            for party in parties
        )


def has_come(instant: datetime | None, at: datetime) -> bool:
    """Whether the instant is known and not after ``at``."""
    return instant is not None and instant <= at


def scope_concerns(scope: Scope, request: Request) -> bool:
    """Whether class and purpose of the request fall under a denial."""
    return (not scope.data_classes or request.data_class in scope.data_classes) and (
        not scope.purposes or request.purpose in scope.purposes
    )
