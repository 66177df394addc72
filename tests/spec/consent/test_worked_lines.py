"""The three worked lines of the JSON contract (privacy.md 4.4), byte for byte."""

import json

import pytest

from trellis.cli.commands.consent_decide import answer_to


NURSE = (
    '{"id":"1","actor":{"id":"u7","role":"nurse","org":"o1","unit":"peds",'
    '"medical_personnel":true,"duties":[]},"relationship":"care_team",'
    '"purpose":"TREAT","action":"write","data_class":"child_wellchild",'
    '"origin":"hipaa","origin_org":"o1","author_org":"o1","subject_id":"p1",'
    '"recipient_org":null,"at":"2026-11-22T14:00:00Z",'
    '"env":{"kiosk":false,"network":"site"},'
    '"facts":{"care_team":true,"programme_side":true},"consents":[],'
    '"break_glass":null}'
)
PARTNER = (
    '{"id":"NUMBER","actor":{"id":"u7","role":"paediatrics","org":"o2","unit":"peds",'
    '"medical_personnel":true,"duties":[]},"relationship":"care_team",'
    '"purpose":"TREAT","action":"read","data_class":"sud_treatment",'
    '"origin":"part2","origin_org":"o1","author_org":"o1","subject_id":"p1",'
    '"recipient_org":"o2","at":"2026-11-22T14:00:00Z",'
    '"env":{"kiosk":false,"network":"site"},'
    '"facts":{"care_team":true,"treating":true},"consents":[{"id":"c1","version":1,'
    '"kind":"TPO","subject_id":"p1","grantor":{"capacity":"self","id":"p1"},'
    '"disclosers":[{"org":"o1"}],"recipients":[{"class":"TREATING_PROVIDERS"}],'
    '"data_classes":["sud_treatment","ob_postpartum"],'
    '"purposes":["TREAT","HPAYMT","HOPERAT"],"starts_at":"2026-10-01T04:00:00Z",'
    '"ends_at":null,"expiry_event":"none","expiry_event_at":null,'
    '"signed_on":"2026-10-01","signature_sha256":"SIGNATURE",'
    '"elements":{"patient_name":true,"disclosers":true,"information":true,'
    '"recipients":true,"purpose":true,"right_to_revoke":true,"expiry":true,'
    '"signature":true,"date":true,"redisclosure_statement":true,'
    '"refusal_statement":true},"separate_document":true,"form":{"text_id":"tpo-en",'
    '"version":3,"language":"en","active_on_signing":true},"denies":[],'
    '"revoked_at":REVOKED,"known_false_at":null}],"break_glass":null}'
).replace("SIGNATURE", "0" * 64)


@pytest.mark.parametrize(
    ("given", "answered"),
    [
        pytest.param(
            NURSE,
            '{"id":"1","effect":"PERMIT","view":"write","view_name":null,'
            '"reasons":["BASIS_CARE_TEAM"],"consent_ids":[],"obligations":["AUDIT"],'
            '"policy_version":"2026.1","cacheable_until":null}',
            id="a nurse of the programme writes a weight",
        ),
        pytest.param(
            PARTNER.replace("NUMBER", "2").replace("REVOKED", "null"),
            '{"id":"2","effect":"PERMIT","view":"minimum","view_name":"MOUD_LIST",'
            '"reasons":["BASIS_TPO"],"consent_ids":["c1"],"obligations":["AUDIT",'
            '"ATTACH_NOTICE","ATTACH_CONSENT","LOG_DISCLOSURE","NO_REDISCLOSE_LEGAL"],'
            '"policy_version":"2026.1","cacheable_until":null}',
            id="a partner's paediatrician reads the medicine list under a TPO",
        ),
        pytest.param(
            PARTNER.replace("NUMBER", "3").replace("REVOKED", '"2026-11-20T09:00:00Z"'),
            '{"id":"3","effect":"DENY","view":"none","view_name":null,'
            '"reasons":["NO_BASIS","CONSENT_REVOKED"],"consent_ids":[],'
            '"obligations":["AUDIT"],"policy_version":"2026.1","cacheable_until":null}',
            id="the same after revocation",
        ),
    ],
)
def test_the_worked_lines_are_answered_as_published(given, answered):
    answer, problem = answer_to(given.encode())
    assert problem == ""
    assert json.dumps(answer, separators=(",", ":")) == answered
