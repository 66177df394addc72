# One row a rule, as in the table of the document.
# ruff: noqa: E501
"""The eight steps of the decision table, one row a rule.

Sources: privacy.md 4.3 (steps), 3.3 (bases), 8.4, 8.8, 8.11, 8.14; 42 CFR 2.12(c)(3),
2.26, 2.31, 2.51, 2.53.
"""

import pytest
from tests.alternatives.consent_examples import a_consent, a_grant, a_request

from trellis.core.consent.wire import line_from


MEDICAL = {"medical_personnel": True}
INSIDE = {"org": "o1"}
SUD = "sud_treatment"
TPO = a_consent("TPO", SUD, "adult_identity")
SPECIFIC = a_consent("SPECIFIC", SUD, "adult_identity", id="c2")
ALL = {"data_classes": [], "purposes": [], "recipients": []}
AGREED = {"id": "x1", "kind": "agreed", "from": "2026-11-01T00:00:00Z", **ALL}
DENIED = {**AGREED, "kind": "deny"}
YESTERDAY, TOMORROW = "2026-11-21T14:00:00Z", "2026-11-23T14:00:00Z"
UNIT = {"id": "i1", "programme_org": "o1", "unit": "peds", "from": "2026-01-01"}
UNIT = {**UNIT, "until": "2026-11-22"}
OFFICER = {"duties": ["privacy_officer"]}


def paediatrics(*consents, data_class=SUD, **changes):
    return a_request("paediatrics", data_class, consents=list(consents), **changes)


def emergency(grant=None, actor=MEDICAL, **changes):
    changes = {"break_glass": grant or a_grant(), "purpose": "BTG", **changes}
    return paediatrics(actor=actor, **changes)


def counsellor(data_class=SUD, **changes):
    changes = {"actor": INSIDE, "author_org": "o9", **changes}
    facts = {"care_team": True, "programme_side": True, **changes.pop("facts", {})}
    return a_request("sud_counsellor", data_class, facts=facts, **changes)


def parent(data_class, facts=None, **changes):
    changes = {"purpose": "PATRQT", "relationship": "proxy", **changes}
    return a_request("parent", data_class, facts=facts or {}, **changes)


STRUCTURE = [
    ("policy has expired", counsellor(facts={"policy": {"version": "1", "valid_until": YESTERDAY}}), "POLICY_EXPIRED"),
    ("policy still valid", counsellor(facts={"policy": {"version": "1", "valid_until": TOMORROW}}), "BASIS_CARE_TEAM"),
    ("a closed cell", a_request("director", SUD, facts={"site_ops": True}), "ROLE_NEVER"),
    ("a member of another site", counsellor(relationship="other_site"), "WRONG_SITE"),
    ("staff cell on a kiosk", counsellor(env={"kiosk": True, "network": "site"}), "KIOSK"),
    ("own record read on a kiosk", parent("mental_health", relationship="self", env={"kiosk": True, "network": "site"}), "KIOSK"),
    ("own answers on a kiosk", parent("mental_health", relationship="self", action="write", env={"kiosk": True, "network": "site"}), "BASIS_SELF"),
    ("director writes identity", a_request("director", "adult_identity", action="write"), "ACTION_NOT_ALLOWED"),
    ("nurse signs", a_request("nurse", "child_wellchild", action="sign"), "ACTION_NOT_ALLOWED"),
    ("restricted, not named", counsellor(facts={"restricted": {"named": ["u8"]}}), "RESTRICTED_RECORD"),
    ("restricted, named", counsellor(facts={"restricted": {"named": ["u7"]}}), "BASIS_CARE_TEAM"),
    ("restricted, own copy", parent(SUD, {"restricted": {"named": []}}, relationship="self"), "BASIS_SELF"),
    ("restricted, emergency", emergency(facts={"restricted": {"named": []}}), "BASIS_BTG"),
    ("message after a loss", counsellor(action="message", facts={"tombstone": {"scope": "child", "since": YESTERDAY}}), "TOMBSTONE"),
    ("message before a loss", counsellor(action="message", facts={"tombstone": {"scope": "child", "since": TOMORROW}}), "BASIS_CARE_TEAM"),
    ("state notice, no pack", counsellor(purpose="CAPTA"), "PACK_INACTIVE"),
    ("state notice, pack not activated", counsellor(purpose="CAPTA", facts={"state_pack": {"code": "MA", "active": False, "review_until": "2027-01-01"}}), "PACK_INACTIVE"),
    ("state notice, review passed", counsellor(purpose="CAPTA", facts={"state_pack": {"code": "MA", "active": True, "review_until": "2026-11-21"}}), "PACK_EXPIRED"),
    ("state notice opens no cell", counsellor(purpose="CAPTA", facts={"state_pack": {"code": "MA", "active": True, "review_until": "2026-11-22"}}), "NO_BASIS"),
]  # fmt: skip
BARS = [
    ("legal request, nothing signed", counsellor(purpose="LEGAL"), "LEGAL_BAR"),
    ("legal request, TPO names it", counsellor(purpose="LEGAL", consents=[a_consent("TPO", SUD, purposes=["LEGAL"], recipients=[{"org": "o1"}])]), "LEGAL_BAR"),
    ("legal request, LEGAL consent", counsellor(purpose="LEGAL", consents=[a_consent("LEGAL", SUD, purposes=["LEGAL"], recipients=[{"org": "o1"}])]), "NO_BASIS"),
    ("counselling note of a colleague", counsellor("counselling_notes"), "COUNSELLING_BAR"),
    ("own counselling note", counsellor("counselling_notes", facts={"author_id": "u7"}), "BASIS_AUTHOR"),
    ("counselling note by its consent", paediatrics(a_consent("COUNSELLING", "counselling_notes"), data_class="counselling_notes"), "BASIS_COUNSELLING"),
    ("counselling note by a specific one", paediatrics(a_consent("SPECIFIC", "counselling_notes"), data_class="counselling_notes"), "COUNSELLING_BAR"),
    ("counselling note, combined consent", paediatrics(a_consent("COUNSELLING", "counselling_notes", separate_document=False), data_class="counselling_notes"), "COUNSELLING_BAR"),
    ("own notes, not reviewed", parent("counselling_notes", relationship="self"), "NO_BASIS"),
    ("own notes, reviewed", parent("counselling_notes", {"clinician_review": {"by": "u1", "at": YESTERDAY}}, relationship="self"), "BASIS_SELF"),
    ("evaluation of rows", counsellor(purpose="AUDITEVAL"), "AGREEMENT_MISSING"),
    ("evaluation of rows, agreement", counsellor(purpose="AUDITEVAL", facts={"agreement_2_53": {"id": "a", "org": "o1", "from": "2026-01-01"}}), "NO_BASIS"),
    ("trail read by the privacy officer", a_request("director", "audit_log", actor=OFFICER, purpose="AUDITEVAL"), "BASIS_PRIVACY_OFFICER"),
    ("trail read by a director", a_request("director", "audit_log", purpose="AUDITEVAL"), "AGREEMENT_MISSING"),
    ("protected table, not protected yet", a_request("evaluator_funder", "aggregates", purpose="AUDITEVAL"), "NO_BASIS"),
    ("protected table", a_request("evaluator_funder", "aggregates", purpose="AUDITEVAL", facts={"suppressed": True}), "BASIS_SUPPRESSED"),
]  # fmt: skip
NO_OF_THE_PATIENT = [
    ("restriction agreed", counsellor(facts={"restrictions": [AGREED]}), "RESTRICTION_AGREED"),
    ("restriction not begun", counsellor(facts={"restrictions": [{**AGREED, "from": TOMORROW}]}), "BASIS_CARE_TEAM"),
    ("restriction withdrawn", counsellor(facts={"restrictions": [{**AGREED, "withdrawn_at": YESTERDAY}]}), "BASIS_CARE_TEAM"),
    ("restriction of another class", counsellor(facts={"restrictions": [{**AGREED, "data_classes": ["toxicology"]}]}), "BASIS_CARE_TEAM"),
    ("restriction of another recipient", counsellor(facts={"restrictions": [{**AGREED, "recipients": [{"person": "u8"}]}]}), "BASIS_CARE_TEAM"),
    ("restriction of this person", counsellor(facts={"restrictions": [{**AGREED, "recipients": [{"person": "u7"}]}]}), "RESTRICTION_AGREED"),
    ("denial", counsellor(facts={"restrictions": [DENIED]}), "CONSENT_DENIES"),
    ("denial in a revoked consent stays", paediatrics(a_consent("TPO", SUD, denies=[ALL], revoked_at=YESTERDAY), SPECIFIC), "CONSENT_DENIES"),
    ("denial of another person", paediatrics(a_consent("TPO", SUD, denies=[{**ALL, "recipients": [{"person": "u8"}]}])), "BASIS_TPO"),
    ("denial, an author sees the own rows", a_request("obstetrics", SUD, author_org="o2", facts={"restrictions": [DENIED]}), "BASIS_AUTHOR_ORG"),
    ("denial, emergency", emergency(facts={"restrictions": [AGREED]}), "BASIS_BTG"),
]  # fmt: skip
CONSENTS = [
    ("nothing signed", paediatrics(), "NO_BASIS"),
    ("TPO", paediatrics(TPO), "BASIS_TPO"),
    ("the second one covers", paediatrics(a_consent("TPO", "toxicology"), SPECIFIC), "BASIS_SPECIFIC"),
    ("two are never stitched together", paediatrics(a_consent("TPO", SUD, recipients=[{"org": "o3"}]), a_consent("TPO", "toxicology", id="c9")), "NO_BASIS"),
    ("of another patient", paediatrics({**TPO, "subject_id": "p2"}), "NO_BASIS"),
    ("for another purpose", paediatrics({**TPO, "purposes": ["HPAYMT"]}), "NO_BASIS"),
    ("from another organisation", paediatrics({**TPO, "disclosers": [{"org": "o4"}]}), "NO_BASIS"),
    ("from a unit alone", paediatrics({**TPO, "disclosers": [{"unit": "x"}]}), "NO_BASIS"),
    ("to those who treat, not treating", paediatrics({**TPO, "recipients": [{"class": "TREATING_PROVIDERS"}]}), "NO_BASIS"),
    ("to those who treat, treating", paediatrics({**TPO, "recipients": [{"class": "TREATING_PROVIDERS"}]}, facts={"treating": True}), "BASIS_TPO"),
    ("to payers for payment", a_request("obstetrics", SUD, purpose="HPAYMT", consents=[{**TPO, "purposes": ["HPAYMT"], "recipients": [{"class": "PAYERS"}]}]), "BASIS_TPO"),
    ("to this unit", paediatrics({**TPO, "recipients": [{"unit": "peds"}]}), "BASIS_TPO"),
    ("to this person", paediatrics({**TPO, "recipients": [{"person": "u7"}]}), "BASIS_TPO"),
    ("to this person, not to a third party", paediatrics({**TPO, "recipients": [{"person": "u7"}]}, recipient_org="o3"), "NO_BASIS"),
    ("participants of no exchange", paediatrics({**TPO, "recipients": [{"class": "PARTICIPANTS_TREATING"}]}, facts={"treating": True}), "NO_BASIS"),
    ("another kind opens no cell", paediatrics({**TPO, "kind": "RESEARCH"}), "NO_BASIS"),
    ("a consent gives no write", a_request("obstetrics", SUD, action="write", consents=[TPO]), "NO_BASIS"),
    ("a care team tells no third party", counsellor(recipient_org="o3"), "NO_BASIS"),
]  # fmt: skip
BASES = [
    ("care team outside the programme", counsellor(facts={"programme_side": False}), "NO_BASIS"),
    ("care team by a service agreement", counsellor(facts={"programme_side": False, "service": "group", "qsoa": {"id": "q", "programme_org": "o1", "org": "o1", "services": ["group"], "from": "2026-01-01"}}), "BASIS_CARE_TEAM"),
    ("service agreement for another service", counsellor(facts={"programme_side": False, "service": "other", "qsoa": {"id": "q", "programme_org": "o1", "org": "o1", "services": ["group"], "from": "2026-01-01"}}), "NO_BASIS"),
    ("unit listed, last day", paediatrics(facts={"care_team": True, "integrated_unit": UNIT}), "BASIS_INTEGRATED"),
    ("unit listed, next day", paediatrics(facts={"care_team": True, "integrated_unit": UNIT}, at="2026-11-23T00:00:00Z"), "NO_BASIS"),
    ("unit listed, last day at the site", paediatrics(facts={"care_team": True, "site_tz": "America/New_York", "integrated_unit": UNIT}, at="2026-11-23T04:59:59Z"), "BASIS_INTEGRATED"),
    ("screen given", paediatrics(facts={"administered": {"screen_id": "s", "actor_ids": ["u7"]}}), "BASIS_ADMINISTERED"),
    ("screen signed and settled", paediatrics(facts={"administered": {"screen_id": "s", "actor_ids": ["u7"], "signed_at": YESTERDAY, "disposition_at": YESTERDAY}}), "NO_BASIS"),
    ("third day before the own session", a_request("facilitator", "adult_identity", facts={"own_session": {"session_id": "g", "on": "2026-11-25"}}), "BASIS_OWN_SESSION"),
    ("fourth day before the own session", a_request("facilitator", "adult_identity", facts={"own_session": {"session_id": "g", "on": "2026-11-26"}}), "NO_BASIS"),
    ("substitute from tomorrow", a_request("facilitator", "adult_identity", facts={"own_session": {"session_id": "g", "on": "2026-11-23", "from": "2026-11-23"}}), "NO_BASIS"),
    ("address released", a_request("peer_coach", "safe_address", facts={"address_release": {"id": "r", "released_by": "u1", "to_actor": "u7", "subject_id": "p1", "visit_id": "v", "from": YESTERDAY, "until": TOMORROW}}), "BASIS_ADDRESS_RELEASE"),
    ("own training record", a_request("nurse", "staff_training", purpose="STAFF", relationship="self"), "BASIS_SELF"),
    ("training of the site", a_request("coordinator", "staff_training", purpose="STAFF", facts={"own_site": True}), "BASIS_OWN_SITE"),
    ("training in a protected table", a_request("evaluator_funder", "staff_training", purpose="STAFF", facts={"suppressed": True}), "BASIS_SUPPRESSED"),
    ("protected table for staff", a_request("director", "aggregates", purpose="STAFF", facts={"suppressed": True}), "NO_BASIS"),
    ("published table, a parent", parent("aggregates", {"suppressed": True}), "BASIS_SUPPRESSED"),
    ("child of a representative", parent("child_wellchild", {"guardian": "representative"}), "BASIS_SELF"),
    ("exposure, another representative", parent("child_exposure", {"guardian": "representative"}), "NO_BASIS"),
    ("exposure, own care", parent("child_exposure", {"own_care": True}), "BASIS_SELF"),
    ("safety plan is hidden from a proxy", parent("ipv_safety", {"own_care": True}), "NO_BASIS"),
    ("another guardian", parent("child_wellchild", {"guardian": "other"}), "BASIS_GUARDIAN"),
    ("a stranger", parent("child_wellchild", {"guardian": "other"}, relationship="external"), "NO_BASIS"),
    ("rows, two approvers", a_request("evaluator_funder", "row_extract", purpose="AUDITEVAL", facts={"deidentified": True, "approvals": [{"by": "u1", "at": YESTERDAY}, {"by": "u2", "at": YESTERDAY}]}), "BASIS_DEIDENTIFIED"),
    ("rows, the asker approves", a_request("evaluator_funder", "row_extract", purpose="AUDITEVAL", facts={"deidentified": True, "approvals": [{"by": "u7", "at": YESTERDAY}, {"by": "u2", "at": YESTERDAY}]}), "NO_BASIS"),
]  # fmt: skip
EMERGENCY = [
    ("open", emergency(), "BASIS_BTG"),
    ("not medical personnel", emergency(actor={}), "BTG_NOT_MEDICAL"),
    ("sixty minutes later", emergency(at="2026-11-22T14:50:00Z"), "BTG_EXPIRED"),
    ("closed before", emergency(a_grant(closed_at="2026-11-22T13:55:00Z")), "BTG_EXPIRED"),
    ("not open yet", emergency(at="2026-11-22T13:49:59Z"), "NO_BASIS"),
    ("review overdue", emergency(a_grant(unreviewed_since="2026-11-19T14:00:00Z")), "BTG_REVIEW_OVERDUE"),
    ("review not overdue", emergency(a_grant(unreviewed_since="2026-11-19T14:00:01Z")), "BASIS_BTG"),
    ("consent could be asked for", emergency(a_grant(consent_not_obtainable=False)), "NO_BASIS"),
    ("closed by a disaster", emergency(a_grant(consent_not_obtainable=False, reason_type="disaster_closure")), "BASIS_BTG"),
    ("of another patient", emergency(a_grant(subject_id="p2")), "NO_BASIS"),
    ("a class without a star", emergency(data_class="plan_of_safe_care"), "NO_BASIS"),
    ("no emergency declared", emergency(purpose="TREAT"), "NO_BASIS"),
]  # fmt: skip
DEAD = [
    ("active", {}, []),
    ("expired", {"ends_at": "2026-11-22T14:00:00Z"}, ["CONSENT_EXPIRED"]),
    ("ends a second later", {"ends_at": "2026-11-22T14:00:01Z"}, []),
    ("its event has come", {"expiry_event_at": YESTERDAY}, ["CONSENT_EXPIRED"]),
    ("revoked this instant", {"revoked_at": "2026-11-22T14:00:00Z"}, ["CONSENT_REVOKED"]),
    ("known false", {"known_false_at": YESTERDAY}, ["CONSENT_FALSE"]),
    ("not begun", {"starts_at": "2026-11-22T14:00:01Z"}, ["CONSENT_NOT_YET"]),
    ("neither end nor event", {"expiry_event": None}, ["CONSENT_DEFICIENT"]),
    ("unsigned", {"signature_sha256": None}, ["CONSENT_DEFICIENT"]),
    ("undated", {"signed_on": None}, ["CONSENT_DEFICIENT"]),
    ("dated tomorrow", {"signed_on": "2026-11-23"}, ["CONSENT_DEFICIENT"]),
    ("no statement on refusing", {"elements": {**TPO["elements"], "refusal_statement": False}}, ["CONSENT_DEFICIENT"]),
    ("statement missing", {"elements": {}}, ["CONSENT_DEFICIENT"]),
    ("text not active", {"form": {**TPO["form"], "active_on_signing": False}}, ["CONSENT_DEFICIENT"]),
    ("several at once", {"ends_at": YESTERDAY, "revoked_at": YESTERDAY}, ["CONSENT_EXPIRED", "CONSENT_REVOKED"]),
]  # fmt: skip


def answer(line):
    return line_from(line).answer()


def rows(*tables):
    return [
        pytest.param(line, reason, id=title)
        for table in tables
        for title, line, reason in table
    ]


@pytest.mark.parametrize(("line", "reason"), rows(STRUCTURE))
def test_step_1_structure_comes_first(line, reason):
    assert answer(line)["reasons"][0] == reason


@pytest.mark.parametrize(("line", "reason"), rows(BARS))
def test_step_2_bars_of_the_law(line, reason):
    assert answer(line)["reasons"][0] == reason


@pytest.mark.parametrize(("line", "reason"), rows(NO_OF_THE_PATIENT))
def test_steps_3_and_5_the_patient_said_no(line, reason):
    assert answer(line)["reasons"][0] == reason


@pytest.mark.parametrize(
    ("change", "reasons"), [pytest.param(c, r, id=t) for t, c, r in DEAD]
)
def test_step_4_a_dead_consent_permits_nothing_and_says_why(change, reasons):
    first = "NO_BASIS" if reasons else "BASIS_TPO"
    assert answer(paediatrics({**TPO, **change}))["reasons"] == [first, *reasons]


@pytest.mark.parametrize(("line", "reason"), rows(CONSENTS))
def test_step_6_one_single_consent_covers(line, reason):
    assert answer(line)["reasons"][0] == reason


@pytest.mark.parametrize(("line", "reason"), rows(BASES))
def test_step_7_bases_without_consent(line, reason):
    assert answer(line)["reasons"][0] == reason


@pytest.mark.parametrize(("line", "reason"), rows(EMERGENCY))
def test_steps_7_and_8_an_emergency(line, reason):
    assert answer(line)["reasons"][0] == reason
