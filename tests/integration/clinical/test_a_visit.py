"""Measuring, vaccinating and writing: nothing overwritten silently, nothing erased."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from tests.factories import (
    OTHER_SITE,
    TODAY,
    EncounterFactory,
    a_viewer,
    stored,
    user_id_of,
)
from tests.integration.clinical.charts import BORN, KINDS, NOTE, a_visit
from trellis.core.access.vocabulary import Role
from trellis.core.errors import (
    Conflict,
    InvalidInput,
    NeedsConfirmation,
    NotFound,
    RuleRefused,
)
from trellis.records.audit.models import AuditEntry
from trellis.records.clinical import operations
from trellis.records.clinical.models import Encounter, Measurement
from trellis.records.clinical.notes import Note


pytestmark = [pytest.mark.django_db, pytest.mark.both]


def values(status="current"):
    rows = stored(Measurement)
    return {row.kind: row.value for row in rows if row.status == status}


def test_beginning_a_visit_twice_makes_one():
    visit = a_visit()
    again = operations.begin_encounter(
        by=visit.doctor,
        encounter_id=uuid4(),
        child_id=visit.child.pk,
        on=TODAY,
        visit="2m",
    )
    assert again == visit.encounter_id
    assert len(stored(Encounter)) == 1


@pytest.mark.parametrize(
    ("on", "visit"),
    [
        pytest.param(BORN - timedelta(days=1), "2m", id="before birth"),
        pytest.param(TODAY + timedelta(days=3), "2m", id="after today"),
        pytest.param(TODAY, "7m", id="no visit of the schedule"),
    ],
)
def test_a_visit_has_a_possible_day_and_a_known_kind(on, visit):
    here = a_visit()
    with pytest.raises(InvalidInput):
        operations.begin_encounter(
            by=here.nurse,
            encounter_id=uuid4(),
            child_id=here.child.pk,
            on=on,
            visit=visit,
        )


def test_what_was_measured_is_kept_with_who_measured_it():
    visit = a_visit()
    visit.measure(weight_g=5300, length_mm=580, position="l", head_mm=392)
    assert values() == {"weight": 5300, "length": 580, "head": 392}
    assert {row.author_id for row in stored(Measurement)} == {user_id_of(Role.NURSE)}


def test_an_unusual_weight_asks_and_is_kept_once_confirmed():
    visit = a_visit()
    with pytest.raises(NeedsConfirmation) as asked:
        visit.measure(weight_g=11500)
    assert [field for field, _, _ in asked.value.reasons] == ["weight_g"]
    assert values() == {}
    visit.measure(weight_g=11500, confirm=True)
    assert [row.is_confirmed for row in stored(Measurement)] == [True]


def test_a_loss_against_the_visit_before_asks():
    visit = a_visit()
    before = EncounterFactory(child=visit.child, on=TODAY - timedelta(days=30))
    with_weight = replace(visit, encounter_id=before.pk)
    with_weight.measure(weight_g=4800)
    with pytest.raises(NeedsConfirmation, match="less than 30 days before"):
        visit.measure(weight_g=4200)


def test_what_no_child_weighs_is_refused():
    with pytest.raises(InvalidInput, match="Weight"):
        a_visit().measure(weight_g=53, confirm=True)


def test_a_correction_is_a_new_row_beside_the_old_one():
    visit = a_visit()
    visit.measure(weight_g=5300)
    old = visit.current()["weight"]
    visit.measure(weight_g=5200)
    assert values() == {"weight": 5200}
    assert values("corrected") == {"weight": 5300}
    new = next(row for row in stored(Measurement) if row.status == "current")
    assert new.replaces_id == old


def test_two_people_entering_different_values_are_told():
    visit = a_visit()
    visit.measure(weight_g=5300, seen={})
    with pytest.raises(Conflict, match="Somebody else") as told:
        visit.measure(by=visit.doctor, weight_g=5200, seen={})
    assert "5300" in told.value.current
    assert values() == {"weight": 5300}


def test_two_people_entering_the_same_value_agree():
    visit = a_visit()
    visit.measure(weight_g=5300, seen={})
    visit.measure(by=visit.doctor, weight_g=5300, seen={})
    assert len(stored(Measurement)) == 1


def test_the_same_form_sent_twice_counts_once():
    visit = a_visit()
    keys = {kind: uuid4() for kind in KINDS}
    for _ in range(2):
        visit.measure(keys=keys, seen={}, weight_g=5300, head_mm=392)
    assert len(stored(Measurement)) == 2


def test_an_old_form_sent_again_does_not_undo_a_correction():
    visit = a_visit()
    keys = {kind: uuid4() for kind in KINDS}
    visit.measure(keys=keys, seen={}, weight_g=5300)
    visit.measure(weight_g=5200)
    visit.measure(keys=keys, seen={}, weight_g=5300)
    assert values() == {"weight": 5200}


def test_a_value_struck_out_stays_readable_with_its_reason():
    visit = a_visit()
    visit.measure(weight_g=5300)
    key = visit.current()["weight"]
    for _ in range(2):
        operations.mark_measurement_in_error(
            by=visit.nurse, measurement_id=key, reason="Another child's scale."
        )
    (row,) = stored(Measurement)
    assert (row.status, row.value) == ("entered_in_error", 5300)
    assert row.reason == "Another child's scale."


def test_a_dose_is_kept_with_all_that_a_recall_needs():
    visit = a_visit()
    visit.give()
    (dose,) = visit.doses
    assert (dose.cvx, dose.lot, dose.body_site, dose.funding) == (
        "120",
        "PT77A",
        "LT",
        "V02",
    )
    assert dose.vaccinator_name == "Nia Brooks"
    assert dose.vaccinator_id == user_id_of(Role.NURSE)


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"born": BORN + timedelta(days=1)}, id="another birth date"),
        pytest.param({"confirmed": False}, id="name not confirmed"),
        pytest.param({"expires_on": TODAY - timedelta(days=1)}, id="expired lot"),
        pytest.param({"body_site": "nose"}, id="unknown body site"),
    ],
)
def test_a_dose_that_cannot_be_right_is_not_recorded(wrong):
    visit = a_visit()
    with pytest.raises((RuleRefused, InvalidInput)):
        visit.give(**wrong)
    assert visit.doses == []


def test_the_same_dose_sent_twice_counts_once():
    visit, key = a_visit(), uuid4()
    visit.give(key=key)
    visit.give(key=key)
    assert len(visit.doses) == 1
    with pytest.raises(Conflict):
        visit.give(key=key, cvx="216", lot="PV1")


def test_the_same_vaccine_twice_on_a_day_is_refused_until_the_first_is_void():
    visit, key = a_visit(), uuid4()
    visit.give(key=key)
    with pytest.raises(RuleRefused, match="already recorded"):
        visit.give(lot="OTHER")
    operations.void_dose(by=visit.nurse, dose_id=key, reason="Wrong child.")
    visit.give(lot="OTHER")
    assert sorted(dose.status for dose in visit.doses) == [
        "completed",
        "entered_in_error",
    ]


def test_a_void_dose_stays_readable_with_its_reason():
    visit, key = a_visit(), uuid4()
    visit.give(key=key)
    with pytest.raises(RuleRefused, match="Say why"):
        operations.void_dose(by=visit.nurse, dose_id=key, reason=" ")
    operations.void_dose(by=visit.nurse, dose_id=key, reason="Wrong lot read.")
    (dose,) = visit.doses
    assert (dose.status, dose.error_reason, dose.lot) == (
        "entered_in_error",
        "Wrong lot read.",
        "PT77A",
    )


def test_a_note_is_saved_as_written_and_nothing_is_filled_in():
    visit = a_visit()
    visit.write(Note(history="Sleeps through."))
    row = visit.row
    assert (row.history, row.examination, row.assessment, row.plan) == (
        "Sleeps through.",
        "",
        "",
        "",
    )


def test_measuring_does_not_disturb_who_is_writing():
    visit = a_visit()
    visit.measure(weight_g=5300)
    visit.write(version=1)
    assert visit.row.plan == NOTE.plan


def test_a_note_saved_by_somebody_else_meanwhile_is_not_overwritten():
    visit = a_visit()
    visit.write(by=visit.nurse)
    with pytest.raises(Conflict):
        visit.write(replace(NOTE, plan="Back in a week."), version=1)
    visit.write(version=1)  # exactly what stands there: nothing to tell
    assert visit.row.plan == NOTE.plan


OF_ANOTHER = {
    "other site": lambda: a_viewer(Role.NURSE, sites=(OTHER_SITE,)),
    "director": lambda: a_viewer(Role.DIRECTOR),
    "coordinator": lambda: a_viewer(Role.COORDINATOR),
    "facilitator": lambda: a_viewer(Role.FACILITATOR),
    "peer coach": lambda: a_viewer(Role.PEER_COACH),
    "nurse of a partner without consent": lambda: a_viewer(
        Role.NURSE, user_id=uuid4(), org=2, is_integrated=False
    ),
}


@pytest.mark.parametrize("who", OF_ANOTHER.values(), ids=OF_ANOTHER)
def test_whom_the_chart_is_closed_to_changes_nothing(who):
    visit, key = a_visit(), uuid4()
    visit.give(key=key)
    for act in (
        lambda: visit.measure(by=who(), weight_g=5300),
        lambda: visit.give(by=who(), cvx="216"),
        lambda: visit.write(by=who()),
        lambda: operations.void_dose(by=who(), dose_id=key, reason="x"),
        lambda: operations.begin_encounter(
            by=who(),
            encounter_id=uuid4(),
            child_id=visit.child.pk,
            on=TODAY,
            visit="2m",
        ),
    ):
        with pytest.raises(NotFound):
            act()
    assert [dose.status for dose in visit.doses] == ["completed"]
    assert values() == {}
    assert visit.row.history == ""


def test_each_act_leaves_its_entry_with_keys_alone():
    visit = a_visit()
    visit.measure(weight_g=5300)
    visit.give()
    visit.write()
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == [
        "clinical.begin-encounter",
        "clinical.measure",
        "clinical.give-dose",
        "clinical.write-note",
    ]
    assert "5300" not in str(list(AuditEntry.objects.values_list("detail", flat=True)))
