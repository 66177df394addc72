"""The words in which access is decided; each value is its name in the matrix.

Source of roles, classes, purposes and views: docs/privacy.md, access matrix.
"""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """The one active role of a login session."""

    DIRECTOR = "director"
    COORDINATOR = "coordinator"
    NURSE = "nurse"
    PAEDIATRICS = "paediatrics"
    OBSTETRICS = "obstetrics"
    SUD_COUNSELLOR = "sud_counsellor"
    PEER_COACH = "peer_coach"
    CASE_MANAGER = "case_manager"
    FACILITATOR = "facilitator"
    EVALUATOR_FUNDER = "evaluator_funder"
    PARENT = "parent"


class Duty(StrEnum):
    """A flag on a membership. Opens no record by itself."""

    ADMINISTRATOR = "administrator"
    SUPERVISOR = "supervisor"
    PRIVACY_OFFICER = "privacy_officer"
    LEGAL = "legal"
    ON_CALL = "on_call"


class DataClass(StrEnum):
    """Every stored field belongs to exactly one."""

    ADULT_IDENTITY = "adult_identity"
    SAFE_ADDRESS = "safe_address"
    COHORT_ATTENDANCE = "cohort_attendance"
    CHILD_WELLCHILD = "child_wellchild"
    CHILD_EXPOSURE = "child_exposure"
    SUD_TREATMENT = "sud_treatment"
    TOXICOLOGY = "toxicology"
    COUNSELLING_NOTES = "counselling_notes"
    PEER_NOTES = "peer_notes"
    MENTAL_HEALTH = "mental_health"
    OB_POSTPARTUM = "ob_postpartum"
    IPV_SAFETY = "ipv_safety"
    NEEDS_REFERRALS = "needs_referrals"
    PLAN_OF_SAFE_CARE = "plan_of_safe_care"
    CPS_CUSTODY_LEGAL = "cps_custody_legal"
    CONSENTS_ACCOUNTING = "consents_accounting"
    STAFF_TRAINING = "staff_training"
    AUDIT_LOG = "audit_log"
    ROW_EXTRACT = "row_extract"
    AGGREGATES = "aggregates"
    CHILD_IDENTITY = "child_identity"
    DYAD_LINK = "dyad_link"
    PROGRAMME_RECORD = "programme_record"
    GROUP_RECORD = "group_record"
    CONFIGURATION = "configuration"


class Origin(StrEnum):
    """Which law a row is under; ``derived`` came out of a Part 2 record."""

    PART2 = "part2"
    DERIVED = "derived"
    HIPAA = "hipaa"


class Purpose(StrEnum):
    """Why a record is opened; written to the audit entry."""

    TREATMENT = "TREAT"
    PAYMENT = "HPAYMT"
    OPERATIONS = "HOPERAT"
    PATIENT_REQUEST = "PATRQT"
    RESEARCH = "HRESCH"
    AUDIT_EVALUATION = "AUDITEVAL"
    PUBLIC_HEALTH = "PUBHLTH"
    CAPTA = "CAPTA"
    ABUSE_REPORT = "ABUSERPT"
    BREAK_GLASS = "BTG"
    LEGAL = "LEGAL"
    STAFF = "STAFF"


class Action(StrEnum):
    """What is asked; ``list`` and ``count`` are decided like ``read``."""

    READ = "read"
    LIST = "list"
    COUNT = "count"
    WRITE = "write"
    SIGN = "sign"
    EXPORT = "export"
    MESSAGE = "message"


class Relationship(StrEnum):
    """How the actor stands to the subject."""

    CARE_TEAM = "care_team"
    SAME_SITE = "same_site"
    OTHER_SITE = "other_site"
    EXTERNAL = "external"
    SELF = "self"
    PROXY = "proxy"
