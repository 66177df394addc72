"""What holds for every request (privacy.md 6), and a second engine that agrees."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.alternatives import consent_naive
from tests.alternatives.consent_examples import a_consent, a_request
from tests.alternatives.consent_lines import lines

from trellis.core.access.matrix import CELLS
from trellis.core.access.vocabulary import DataClass, Purpose, Token
from trellis.core.consent.consents import ConsentKind
from trellis.core.consent.decisions import decide
from trellis.core.consent.facts import Restriction, RestrictionKind, Scope
from trellis.core.consent.wire import line_from


BEYOND_DENIAL = {
    "BASIS_AUTHOR",
    "BASIS_AUTHOR_ORG",
    "BASIS_SELF",
    "BASIS_SUPPRESSED",
    "BASIS_PRIVACY_OFFICER",
    "BASIS_BTG",
}
requests = lines().map(line_from)


def decided(line, **changes):
    known = {"facts": line.facts, "consents": line.consents, **changes}
    request = known.pop("request", line.request)
    return decide(
        request, known["facts"], known["consents"], break_glass=line.break_glass
    )


@given(lines())
def test_a_second_plain_engine_gives_the_same_answer(line):
    answer, expected = line_from(line).answer(), consent_naive.answer(line)
    assert {name: answer[name] for name in expected} == expected


@given(requests)
def test_no_role_opens_a_denied_record(line):
    denial = Restriction(
        "x9", RestrictionKind.DENY, Scope(), line.request.at - timedelta(1)
    )
    denied = replace(line.facts, restrictions=(denial,))
    decision = decided(line, facts=denied)
    assert not decision.is_permit or decision.reasons[0] in BEYOND_DENIAL


@given(requests)
def test_adding_a_denial_never_opens(line):
    denial = Restriction(
        "x9", RestrictionKind.AGREED, Scope(), line.request.at - timedelta(1)
    )
    denied = replace(line.facts, restrictions=(*line.facts.restrictions, denial))
    if decided(line, facts=denied).is_permit:
        assert decided(line).is_permit


@given(requests, st.randoms(use_true_random=False))
def test_the_order_of_consents_is_irrelevant(line, order):
    shuffled = list(line.consents)
    order.shuffle(shuffled)
    assert decided(line, consents=shuffled) == decided(line)


@given(requests)
def test_revoking_never_opens(line):
    revoked = [replace(c, revoked_at=line.request.at) for c in line.consents]
    if decided(line, consents=revoked).is_permit:
        assert decided(line).is_permit


@given(requests, st.floats(0, 1, exclude_max=True))
def test_a_decision_holds_until_its_next_boundary(line, share):
    decision = decided(line)
    until, at = decision.cacheable_until, line.request.at
    assert until is None or until > at
    later = at + share * ((until - at) if until else timedelta(days=4000))
    again = decided(line, request=replace(line.request, at=later))
    assert (again.effect, again.view, again.view_name, again.reasons) == (
        decision.effect,
        decision.view,
        decision.view_name,
        decision.reasons,
    )


@given(requests)
def test_a_disclosure_by_consent_carries_its_duties(line):
    decision = decided(line)
    by_consent = {"BASIS_TPO", "BASIS_SPECIFIC", "BASIS_COUNSELLING"}
    request = line.request
    leaves = request.is_part2 and request.receiving_org != request.origin_org
    duties = {"ATTACH_NOTICE", "ATTACH_CONSENT", "LOG_DISCLOSURE"}
    if decision.reasons[0] in by_consent and leaves:
        assert duties <= set(decision.obligations)
        assert len(decision.consent_ids) == 1


@given(requests)
def test_counselling_notes_and_legal_requests_never_open_by_a_tpo(line):
    for changes in (
        {"data_class": DataClass.COUNSELLING_NOTES},
        {"purpose": Purpose.LEGAL},
    ):
        tpo = [replace(c, kind=ConsentKind.TPO) for c in line.consents]
        request = replace(line.request, **changes)
        assert decided(line, request=request, consents=tpo).reasons[0] not in {
            "BASIS_TPO",
            "BASIS_SPECIFIC",
        }


def test_anything_unforeseen_closes():
    decision = decide(None, None, None)
    assert decision.reasons == ("INTERNAL_ERROR",)
    assert not decision.is_permit


def test_of_two_consents_the_lower_id_is_cited():
    both = [a_consent("TPO", "toxicology", id=i) for i in ("c2", "c1")]
    line = a_request("obstetrics", "toxicology", consents=both)
    assert line_from(line).answer()["consent_ids"] == ["c1"]


def test_every_basis_of_the_matrix_can_be_decided():
    named = {t for cell in CELLS.values() for o in cell.openings for t in o.needed}
    assert named == set(Token)
