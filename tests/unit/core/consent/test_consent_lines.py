"""Unusable lines are answered with BAD_REQUEST and name the field."""

import json

import pytest
from tests.alternatives.consent_examples import a_consent, a_grant, a_request

from trellis.cli.commands.consent_decide import answer_to


def asked(**changes):
    return a_request("nurse", "child_wellchild", **changes)


def without(name):
    line = asked()
    del line[name]
    return line


def with_consent(**changes):
    return asked(consents=[a_consent("TPO", "toxicology", **changes)])


@pytest.mark.parametrize(
    ("line", "field"),
    [
        pytest.param(without("purpose"), "purpose", id="missing"),
        pytest.param(asked(purpose="FUN"), "purpose", id="unknown word"),
        pytest.param(asked(origin=7), "origin", id="number for a word"),
        pytest.param(asked(actor={"medical_personnel": 1}), "actor.medical", id="1"),
        pytest.param(asked(actor={"duties": "legal"}), "actor.duties", id="no list"),
        pytest.param(asked(at="2026-11-22T14:00:00+00:00"), "at", id="no Z"),
        pytest.param(asked(at="2026-02-30T14:00:00Z"), "at", id="no such day"),
        pytest.param(asked(env=[]), "env", id="no object"),
        pytest.param(asked(facts={"site_tz": "Mars/Base"}), "facts.site_tz", id="zone"),
        pytest.param(asked(facts={"care_team": None}), "facts.care_team", id="null"),
        pytest.param(
            asked(facts={"policy": {}}), "facts.policy.version", id="nested, missing"
        ),
        pytest.param(
            asked(facts={"own_session": {"session_id": "g", "on": "2026-02-30"}}),
            "facts.own_session.on",
            id="impossible date",
        ),
        pytest.param(
            asked(facts={"own_session": {"session_id": "g", "on": "20261122"}}),
            "facts.own_session.on",
            id="another way to write a date",
        ),
        pytest.param(with_consent(version=True), "consents[0].version", id="version"),
        pytest.param(with_consent(purposes=[]), "consents[0].purposes", id="empty"),
        pytest.param(
            with_consent(recipients=[{"org": "a", "unit": "b"}]),
            "consents[0].recipients[0]",
            id="two keys",
        ),
        pytest.param(
            with_consent(recipients=[{"class": "PROGRAMME"}]),
            "consents[0].recipients[0].class",
            id="a discloser class as recipient",
        ),
        pytest.param(
            with_consent(signature_sha256="abc"), "signature_sha256", id="signature"
        ),
        pytest.param(
            asked(break_glass=a_grant(reason_text=" ")),
            "break_glass.reason_text",
            id="no reason for the emergency",
        ),
        pytest.param(
            asked(break_glass=a_grant(expires_at="2026-11-22T14:50:01Z")),
            "break_glass.expires_at",
            id="over sixty minutes",
        ),
    ],
)
def test_an_unusable_line_names_the_field(line, field):
    answer, problem = answer_to(json.dumps(line).encode())
    assert problem.startswith(field) or field in problem.split(":")[0]
    assert answer == {
        "id": "1",
        "effect": "DENY",
        "view": "none",
        "view_name": None,
        "reasons": ["BAD_REQUEST"],
        "consent_ids": [],
        "obligations": ["AUDIT"],
        "policy_version": None,
        "cacheable_until": None,
    }


@pytest.mark.parametrize(
    "raw",
    [b"", b"[]", b"7", b"{", b"\xff", b"[" * 100_000, b'{"id": 7}'],
    ids=["empty", "list", "number", "cut off", "not UTF-8", "deep", "id no text"],
)
def test_a_line_that_is_no_object_is_answered_without_an_id(raw):
    answer, problem = answer_to(raw)
    assert problem
    assert (answer["id"], answer["reasons"]) == (None, ["BAD_REQUEST"])


def test_unknown_keys_are_ignored():
    answer, problem = answer_to(json.dumps(asked(colour="blue")).encode())
    assert problem == ""
    assert answer["reasons"] == ["NO_BASIS"]


def test_a_whole_line_with_every_fact_is_read():
    scope = {"data_classes": [], "purposes": [], "recipients": [{"org": "o9"}]}
    consent = a_consent(
        "INTERMEDIARY",
        "toxicology",
        recipients=[{"class": "PARTICIPANTS_TREATING"}],
        intermediary={"name": "hie", "participants": ["o2"]},
    )
    facts = {
        "treating": True,
        "clinician_review": {"by": "u1", "at": "2026-11-20T00:00:00Z"},
        "restrictions": [
            {"id": "x", "kind": "deny", "from": "2026-11-01T00:00:00Z", **scope}
        ],
        "tombstone": {"scope": "adult", "since": "2026-11-01T00:00:00Z"},
        "restricted": {"named": ["u7"]},
        "guardian": "other",
    }
    line = a_request("obstetrics", "toxicology", facts=facts, consents=[consent])
    answer, problem = answer_to(json.dumps(line).encode())
    assert problem == ""
    assert answer["reasons"] == ["NO_BASIS"]
