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


class Token(StrEnum):
    """What may open a cell of the matrix (privacy.md 3.3)."""

    CARE_TEAM = "CARE_TEAM"
    SITE_OPS = "SITE_OPS"
    INTEGRATED = "INTEGRATED"
    ADMINISTERED = "ADMINISTERED"
    ADDRESS_RELEASE = "ADDRESS_RELEASE"
    AUTHOR = "AUTHOR"
    AUTHOR_ORG = "AUTHOR_ORG"
    TPO = "TPO"
    SPECIFIC = "SPECIFIC"
    COUNSELLING = "COUNSELLING"
    BTG = "BTG"
    SELF = "SELF"
    GUARDIAN = "GUARDIAN"
    OWN_SESSION = "OWN_SESSION"
    TOLD_BY_PATIENT = "TOLD_BY_PATIENT"
    OWN_SITE = "OWN_SITE"
    OWN_PROGRAMME = "OWN_PROGRAMME"
    PUBLISHED = "PUBLISHED"
    SUPPRESSED = "SUPPRESSED"
    PRIVACY_OFFICER = "PRIVACY_OFFICER"
    AGREEMENT_2_53 = "AGREEMENT_2_53"
    DEIDENTIFIED = "DEIDENTIFIED"
    DUAL_APPROVAL = "DUAL_APPROVAL"
    CLINICIAN_REVIEW = "CLINICIAN_REVIEW"


class View(StrEnum):
    """A part of a class with a field list of its own (privacy.md 3.4)."""

    FIRST_NAME = "FIRST_NAME"
    SESSION_ROSTER = "SESSION_ROSTER"
    SESSION_CHECKLIST = "SESSION_CHECKLIST"
    LANGUAGE_NEEDS = "LANGUAGE_NEEDS"
    REACH_VIA = "REACH_VIA"
    VISIT_ADDRESS = "VISIT_ADDRESS"
    DUE_LIST = "DUE_LIST"
    DUE_FLAG = "DUE_FLAG"
    CALL_FLAG = "CALL_FLAG"
    PARENT_DUE = "PARENT_DUE"
    SCREEN_OPEN = "SCREEN_OPEN"
    CLEAN_CHART = "CLEAN_CHART"
    MOUD_LIST = "MOUD_LIST"
    GOALS = "GOALS"
    RESULT_FLAG = "RESULT_FLAG"
    FOLLOW_UP_FLAG = "FOLLOW_UP_FLAG"
    PULL_ASIDE_FLAG = "PULL_ASIDE_FLAG"
    INFANT_RELEVANT = "INFANT_RELEVANT"
    CARE_NEEDS_FLAG = "CARE_NEEDS_FLAG"
    CHILD_SAFETY_FLAG = "CHILD_SAFETY_FLAG"
    CODE_WORD = "CODE_WORD"
    NEEDS_SUMMARY = "NEEDS_SUMMARY"
    POSC_STATUS = "POSC_STATUS"
    OWN_TASKS = "OWN_TASKS"
    PEER_SUMMARY = "PEER_SUMMARY"
    WHO_MAY_CONSENT = "WHO_MAY_CONSENT"
    PICKUP_RULE = "PICKUP_RULE"
    CHECK_IN_AUTHORITY = "CHECK_IN_AUTHORITY"
    VISIT_ADMIN = "VISIT_ADMIN"
    COACH_CARD = "COACH_CARD"
    OWN_GROUP_AGENDA = "OWN_GROUP_AGENDA"
    WORKPLACE = "WORKPLACE"
    DEFINITIONS = "DEFINITIONS"
    SITE_CARD = "SITE_CARD"
    CONSENT_EFFECT = "CONSENT_EFFECT"
    WHO_SAW_ME = "WHO_SAW_ME"
    PUBLIC = "PUBLIC"
    EMERGENCY = "EMERGENCY"


class Write(StrEnum):
    """What a cell lets its role write; all but FULL and SIGN are narrow."""

    FULL = "FULL"
    SIGN = "SIGN"
    GIVE_SCREEN = "GIVE_SCREEN"
    SIGN_SCREEN = "SIGN_SCREEN"
    MARK_ARRIVAL = "MARK_ARRIVAL"
    NOTE_WHO_CAME = "NOTE_WHO_CAME"
    MARK_TASK = "MARK_TASK"
    RAISE_MAKE_UP = "RAISE_MAKE_UP"
    EDIT_GOALS = "EDIT_GOALS"
    EDIT_REACH_VIA = "EDIT_REACH_VIA"
    RELEASE = "RELEASE"
    OWN_ANSWERS = "OWN_ANSWERS"
    OWN_CONTACT = "OWN_CONTACT"
    ANSWER_INVITATION = "ANSWER_INVITATION"
    SEND_PULSE = "SEND_PULSE"
    SIGN_REVOKE = "SIGN_REVOKE"
