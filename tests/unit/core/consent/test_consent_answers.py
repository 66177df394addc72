"""Views, obligations and the next boundary of an answer."""

import pytest
from tests.alternatives.consent_examples import a_consent, a_grant, a_request

from trellis.core.consent.codes import CITATIONS, Reason
from trellis.core.consent.wire import line_from


SESSION = {"session_id": "g", "on": "2026-11-22"}
NEW_YORK = "America/New_York"
RELEASE = {
    "id": "r",
    "released_by": "u1",
    "to_actor": "u7",
    "subject_id": "p1",
    "visit_id": "v",
    "from": "2026-11-22T10:00:00Z",
    "until": "2026-11-22T16:00:00Z",
}


def answer(line):
    return line_from(line).answer()


def shown(line):
    found = answer(line)
    return found["view"], found["view_name"]


TEAM = {"care_team": True, "programme_side": True}


@pytest.mark.parametrize(
    ("line", "view"),
    [
        pytest.param(
            a_request("case_manager", "safe_address", facts=TEAM),
            ("full", None),
            id="the whole class",
        ),
        pytest.param(
            a_request("peer_coach", "sud_treatment", facts=TEAM),
            ("minimum", "GOALS"),
            id="a view",
        ),
        pytest.param(
            a_request(
                "director", "aggregates", purpose="HOPERAT", facts={"suppressed": True}
            ),
            ("aggregate", None),
            id="a protected table",
        ),
        pytest.param(
            a_request("parent", "audit_log", relationship="self", purpose="PATRQT"),
            ("own", "WHO_SAW_ME"),
            id="own record",
        ),
        pytest.param(
            a_request(
                "paediatrics",
                "programme_record",
                action="write",
                author_org="o2",
                origin="hipaa",
            ),
            ("write", "MARK_TASK+RAISE_MAKE_UP"),
            id="two narrow writes",
        ),
        pytest.param(
            a_request("paediatrics", "mental_health", action="sign", author_org="o2"),
            ("write", "SIGN_SCREEN"),
            id="signature of a screen",
        ),
        pytest.param(
            a_request("paediatrics", "child_wellchild", action="sign", author_org="o2"),
            ("write", None),
            id="signature of an entry",
        ),
    ],
)
def test_the_view_says_how_much_is_open(line, view):
    assert shown(line) == view


def test_the_whole_class_wins_over_a_view():
    consents = [
        a_consent("TPO", "sud_treatment"),
        a_consent("SPECIFIC", "sud_treatment", id="c2"),
    ]
    found = answer(a_request("paediatrics", "sud_treatment", consents=consents))
    assert (found["view"], found["reasons"]) == ("full", ["BASIS_SPECIFIC"])


@pytest.mark.parametrize(
    ("line", "obligations"),
    [
        pytest.param(
            a_request(
                "paediatrics",
                "child_exposure",
                purpose="BTG",
                actor={"medical_personnel": True},
                break_glass=a_grant(),
            ),
            ["AUDIT", "NOTIFY_PRIVACY", "EXPIRE_AT:2026-11-22T14:50:00Z", "NO_PRINT"],
            id="emergency",
        ),
        pytest.param(
            a_request("peer_coach", "safe_address", facts={"address_release": RELEASE}),
            ["AUDIT", "EXPIRE_AT:2026-11-22T16:00:00Z", "NO_PRINT"],
            id="address of one visit",
        ),
        pytest.param(
            a_request(
                "facilitator",
                "adult_identity",
                facts={"own_session": SESSION, "site_tz": NEW_YORK},
            ),
            ["AUDIT", "EXPIRE_AT:2026-11-26T05:00:00Z"],
            id="own session, to the end of the third day at the site",
        ),
        pytest.param(
            a_request("nurse", "ob_postpartum", author_org="o2", action="export"),
            ["AUDIT", "WATERMARK", "REDACT:hiv"],
            id="export without a state rule on HIV",
        ),
        pytest.param(
            a_request(
                "nurse",
                "ob_postpartum",
                author_org="o2",
                facts={"state_rule_hiv": True},
            ),
            ["AUDIT"],
            id="with the state rule",
        ),
        pytest.param(
            a_request(
                "director", "aggregates", purpose="HOPERAT", facts={"suppressed": True}
            ),
            ["AUDIT", "SUPPRESS:11"],
            id="protected table",
        ),
    ],
)
def test_obligations_stand_in_the_published_order(line, obligations):
    assert answer(line)["obligations"] == obligations


@pytest.mark.parametrize(
    ("facts", "until"),
    [
        pytest.param({}, None, id="nothing dated"),
        pytest.param(
            {"policy": {"version": "7", "valid_until": "2027-01-01T00:00:00.25Z"}},
            "2027-01-01T00:00:00.250000Z",
            id="policy",
        ),
        pytest.param(
            {
                "state_pack": {
                    "code": "MA",
                    "active": True,
                    "review_until": "2026-12-01",
                }
            },
            "2026-12-02T00:00:00Z",
            id="review date, valid through the day",
        ),
        pytest.param(
            {"agreement_2_53": {"id": "a", "org": "o", "from": "0001-01-01"}},
            None,
            id="from always",
        ),
        pytest.param(
            {
                "qsoa": {
                    "id": "q",
                    "programme_org": "o1",
                    "org": "o2",
                    "services": [],
                    "from": "2026-01-01",
                    "until": "9999-12-31",
                }
            },
            None,
            id="until never",
        ),
    ],
)
def test_an_answer_may_be_kept_until_the_next_boundary(facts, until):
    line = a_request("nurse", "child_identity", facts=facts)
    assert answer(line)["cacheable_until"] == until


def test_the_policy_in_force_is_named():
    facts = {"policy": {"version": "7"}}
    assert (
        answer(a_request("nurse", "toxicology", facts=facts))["policy_version"] == "7"
    )


def test_every_reason_from_step_2_on_cites_its_rule():
    listed = list(Reason)
    lawful = listed[listed.index(Reason.LEGAL_BAR) :]
    assert set(CITATIONS) == set(lawful) - {Reason.INTERNAL_ERROR}
