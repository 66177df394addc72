"""Reason and obligation codes of a decision, each with the rule it rests on.

Source: privacy.md 4.3 and 4.4. A permit's reason is ``BASIS_`` and the token.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Reason(StrEnum):
    """Why a request is denied, by step of the table; ``CONSENT_*`` may follow."""

    BAD_REQUEST = "BAD_REQUEST"
    POLICY_EXPIRED = "POLICY_EXPIRED"
    ROLE_NEVER = "ROLE_NEVER"
    WRONG_SITE = "WRONG_SITE"
    KIOSK = "KIOSK"
    ACTION_NOT_ALLOWED = "ACTION_NOT_ALLOWED"
    RESTRICTED_RECORD = "RESTRICTED_RECORD"
    TOMBSTONE = "TOMBSTONE"
    PACK_INACTIVE = "PACK_INACTIVE"
    PACK_EXPIRED = "PACK_EXPIRED"
    LEGAL_BAR = "LEGAL_BAR"
    COUNSELLING_BAR = "COUNSELLING_BAR"
    AGREEMENT_MISSING = "AGREEMENT_MISSING"
    RESTRICTION_AGREED = "RESTRICTION_AGREED"
    CONSENT_DENIES = "CONSENT_DENIES"
    NO_BASIS = "NO_BASIS"
    BTG_NOT_MEDICAL = "BTG_NOT_MEDICAL"
    BTG_EXPIRED = "BTG_EXPIRED"
    BTG_REVIEW_OVERDUE = "BTG_REVIEW_OVERDUE"
    INTERNAL_ERROR = "INTERNAL_ERROR"
    CONSENT_EXPIRED = "CONSENT_EXPIRED"
    CONSENT_REVOKED = "CONSENT_REVOKED"
    CONSENT_DEFICIENT = "CONSENT_DEFICIENT"
    CONSENT_FALSE = "CONSENT_FALSE"
    CONSENT_NOT_YET = "CONSENT_NOT_YET"


class Obligation(StrEnum):
    """What whoever acts on a decision must do, in the order of the answer.

    ``REDACT`` and ``EXPIRE_AT`` are followed by a colon and their value.
    """

    AUDIT = "AUDIT"
    NOTIFY_PRIVACY = "NOTIFY_PRIVACY"
    ATTACH_NOTICE = "ATTACH_NOTICE"
    ATTACH_CONSENT = "ATTACH_CONSENT"
    LOG_DISCLOSURE = "LOG_DISCLOSURE"
    NO_REDISCLOSE_LEGAL = "NO_REDISCLOSE_LEGAL"
    WATERMARK = "WATERMARK"
    REDACT = "REDACT"
    SUPPRESS = "SUPPRESS:11"
    EXPIRE_AT = "EXPIRE_AT"
    NO_PRINT = "NO_PRINT"


# Shown beside a code on the screen and in documents; never part of the answer line.
CITATIONS: Final[dict[Reason, str]] = {
    Reason.LEGAL_BAR: "42 CFR 2.31(d), 2.61 to 2.67",
    Reason.COUNSELLING_BAR: "42 CFR 2.31(b)",
    Reason.AGREEMENT_MISSING: "42 CFR 2.53",
    Reason.RESTRICTION_AGREED: "42 CFR 2.26",
    Reason.CONSENT_DENIES: "42 CFR 2.31",
    Reason.NO_BASIS: "42 CFR 2.13(a)",
    Reason.BTG_NOT_MEDICAL: "42 CFR 2.51",
    Reason.BTG_EXPIRED: "42 CFR 2.51",
    Reason.BTG_REVIEW_OVERDUE: "42 CFR 2.51",
    Reason.CONSENT_EXPIRED: "42 CFR 2.31(c)(1)",
    Reason.CONSENT_DEFICIENT: "42 CFR 2.31(c)(2)",
    Reason.CONSENT_REVOKED: "42 CFR 2.31(c)(3)",
    Reason.CONSENT_FALSE: "42 CFR 2.31(c)(4)",
    Reason.CONSENT_NOT_YET: "42 CFR 2.31(a)(7)",
}
