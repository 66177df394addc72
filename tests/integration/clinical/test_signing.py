"""Draft, signed, addendum, entered in error: who may move a visit, and when."""

from dataclasses import replace
from uuid import uuid4

import pytest

from tests.factories import CareLinkFactory, a_viewer, stored, user_id_of
from tests.integration.clinical.charts import NOTE, a_visit, staff
from trellis.core.access.vocabulary import Role
from trellis.core.errors import Conflict, NotFound, RuleRefused
from trellis.records.clinical import operations
from trellis.records.clinical.models import Addendum, Measurement
from trellis.records.clinical.notes import is_as_signed


pytestmark = [pytest.mark.django_db, pytest.mark.both]


def test_a_clinician_signs_what_she_opened():
    visit = a_visit()
    visit.measure(weight_g=5300)
    visit.give()
    visit.signed()
    row = visit.row
    assert (row.status, row.signed_by_name) == ("signed", "Omar Haddad")
    assert row.signed_by_id == user_id_of(Role.PAEDIATRICS)
    assert "PT77A" in row.signed_content
    assert "5300" in row.signed_content
    assert is_as_signed(row.signed_content, row.signed_hash, NOTE)


def test_a_changed_word_does_not_pass_for_what_was_signed():
    row = a_visit().signed().row
    altered = replace(NOTE, plan="Something else.")
    assert not is_as_signed(row.signed_content, row.signed_hash, altered)
    assert not is_as_signed(row.signed_content + " ", row.signed_hash, NOTE)


def test_a_nurse_does_not_sign():
    visit = a_visit()
    visit.write()
    with pytest.raises(NotFound):
        visit.open(by=visit.nurse)
    with pytest.raises(NotFound):
        visit.sign(by=visit.nurse)
    assert visit.row.status == "draft"


def test_nothing_is_signed_unread():
    visit = a_visit()
    visit.write()
    with pytest.raises(RuleRefused, match="Open this visit"):
        visit.sign()


def test_another_clinicians_reading_does_not_count():
    visit = a_visit()
    visit.write()
    colleague = replace(visit.doctor, user_id=uuid4())
    CareLinkFactory(parent=visit.dyad.parent, staff_id=colleague.user_id)
    visit.open(by=colleague)
    with pytest.raises(RuleRefused, match="Open this visit"):
        visit.sign()


def test_what_changed_after_opening_is_looked_at_again():
    visit = a_visit()
    visit.write()
    visit.open()
    seen = visit.row.revision
    visit.measure(weight_g=5300)
    with pytest.raises(Conflict, match="changed after you opened"):
        visit.sign(revision=seen)
    with pytest.raises(RuleRefused, match="Open this visit"):
        visit.sign()
    visit.open()
    visit.sign()
    assert visit.row.status == "signed"


@pytest.mark.parametrize("missing", ["assessment", "plan"])
def test_an_empty_assessment_or_plan_is_not_signed(missing):
    visit = a_visit()
    visit.write(replace(NOTE, **{missing: "  "}))
    visit.open()
    with pytest.raises(RuleRefused, match=f"Write the {missing}"):
        visit.sign()


def test_the_text_on_the_form_is_saved_and_signed_in_one_act_or_not_at_all():
    visit = a_visit()
    visit.open()
    with pytest.raises(RuleRefused):
        visit.sign(version=1, note=replace(NOTE, plan=""))
    assert visit.row.history == ""
    visit.sign(version=1, note=NOTE)
    assert (visit.row.status, visit.row.plan) == ("signed", NOTE.plan)


def test_signing_twice_signs_once():
    visit = a_visit().signed()
    at = visit.row.signed_at
    visit.sign()
    assert visit.row.signed_at == at


def test_a_signed_visit_takes_no_change():
    visit = a_visit().signed()
    for act in (
        lambda: visit.measure(weight_g=5300),
        visit.give,
        lambda: visit.write(replace(NOTE, plan="New."), version=2),
    ):
        with pytest.raises(RuleRefused, match="This visit is signed"):
            act()
    assert visit.row.plan == NOTE.plan


def test_an_addendum_stands_beside_what_was_signed():
    visit, key = a_visit().signed(), uuid4()
    for _ in range(2):
        operations.add_addendum(
            by=visit.nurse,
            key=key,
            encounter_id=visit.encounter_id,
            text="Called about the rash: gone.",
        )
    (addendum,) = stored(Addendum)
    assert (addendum.text, addendum.author_name) == (
        "Called about the rash: gone.",
        "Nia Brooks",
    )
    assert is_as_signed(visit.row.signed_content, visit.row.signed_hash, NOTE)


def test_a_draft_takes_no_addendum():
    visit = a_visit()
    with pytest.raises(RuleRefused, match="Only a signed visit"):
        operations.add_addendum(
            by=visit.nurse, key=uuid4(), encounter_id=visit.encounter_id, text="Late."
        )


def in_error(visit, by, reason="Wrong child's chart."):
    operations.mark_entered_in_error(
        by=by, encounter_id=visit.encounter_id, reason=reason
    )


def test_a_signed_visit_in_error_stays_readable_and_marked():
    visit = a_visit()
    visit.measure(weight_g=5300)
    visit.signed()
    with pytest.raises(NotFound):
        in_error(visit, visit.nurse)
    with pytest.raises(RuleRefused, match="Say why"):
        in_error(visit, visit.doctor, " ")
    in_error(visit, visit.doctor)
    in_error(visit, visit.doctor)
    row = visit.row
    assert (row.status, row.error_reason, row.plan) == (
        "entered_in_error",
        "Wrong child's chart.",
        NOTE.plan,
    )
    assert is_as_signed(row.signed_content, row.signed_hash, NOTE)
    assert [m.status for m in stored(Measurement)] == ["entered_in_error"]


def test_a_draft_in_error_is_a_matter_of_whoever_writes():
    visit = a_visit()
    in_error(visit, visit.nurse)
    assert visit.row.status == "entered_in_error"
    with pytest.raises(RuleRefused, match="entered in error"):
        visit.write()


def test_a_visit_with_standing_doses_is_not_marked_in_error():
    visit = a_visit()
    visit.give()
    with pytest.raises(RuleRefused, match="Void the doses"):
        in_error(visit, visit.doctor)


def test_a_dose_of_a_signed_visit_is_voided_by_who_may_sign_it():
    visit, key = a_visit(), uuid4()
    visit.give(key=key)
    visit.signed()
    with pytest.raises(NotFound):
        operations.void_dose(by=visit.nurse, dose_id=key, reason="Not given.")
    operations.void_dose(by=visit.doctor, dose_id=key, reason="Not given.")
    (dose,) = visit.doses
    assert dose.status == "entered_in_error"
    assert "PT77A" in visit.row.signed_content


def test_a_batch_holds_only_what_was_opened_one_by_one():
    first, second = a_visit(), a_visit()
    for visit in (first, second):
        visit.write()
    first.open()
    both = {first.encounter_id, second.encounter_id}
    with pytest.raises(RuleRefused, match="not opened by you"):
        operations.sign_opened(by=first.doctor, encounter_ids=both)
    assert {first.row.status, second.row.status} == {"draft"}
    second.open()
    assert operations.sign_opened(by=first.doctor, encounter_ids=both) == 2
    assert operations.sign_opened(by=first.doctor, encounter_ids=both) == 0


def test_obstetrics_reads_and_does_not_sign():
    visit = a_visit()
    staff(Role.OBSTETRICS, "Ruth Okafor")
    with pytest.raises(NotFound):
        visit.open(by=a_viewer(Role.OBSTETRICS))
