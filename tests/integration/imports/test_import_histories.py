"""Records of children from elsewhere: attached to a child here, or not at all."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.factories import (
    NINE,
    OTHER_SITE,
    SITE,
    ChildFactory,
    DyadFactory,
    SiteFactory,
    a_viewer,
    stored,
)
from tests.integration.imports.files import answer, bundle, everything
from trellis.core.access.vocabulary import Role
from trellis.core.errors import Conflict, InvalidInput, NotFound, RuleRefused
from trellis.records.clinical.models import (
    Condition,
    Encounter,
    Immunization,
    Measurement,
)
from trellis.records.immunization.models import RegistryForecast
from trellis.records.immunization.queries import registry_forecasts
from trellis.records.imports.models import ImportRun, ReviewItem
from trellis.records.imports.operations import import_histories
from trellis.records.imports.reviews.operations import decide_review
from trellis.records.imports.undoing.operations import undo_import
from trellis.records.imports.uploads.operations import (
    check_upload,
    confirm_upload,
    discard_upload,
)
from trellis.records.people.models import Child, ChildIdentifier


pytestmark = [pytest.mark.django_db, pytest.mark.both]
BORN = date(2026, 12, 20)


@pytest.fixture(autouse=True)
def sites():
    SiteFactory(id=SITE, code="site-1")
    SiteFactory(id=OTHER_SITE, code="site-2")


@pytest.fixture
def mina():
    child = ChildFactory(first_name="Mina", last_name="Alder", born=BORN, sex="f")
    DyadFactory(child=child)
    return child


def bring_in(*contents, kind="fhir", by=None, is_dry_run=False):
    files = [(f"file{n}", content) for n, content in enumerate(contents, start=1)]
    return import_histories(
        by=by or a_viewer(), kind=kind, files=files, is_dry_run=is_dry_run
    )


def counts(outcome):
    return {name: n for name, n in outcome.counts.items() if n}


def test_a_record_goes_to_the_child_of_that_name_birth_date_and_sex(mina):
    outcome = bring_in(bundle())
    assert counts(outcome) == {"read": 5, "created": 4, "updated": 1}
    assert outcome.not_understood == (("Claim", 1),)
    (dose,) = stored(Immunization)
    assert (dose.child_id, dose.cvx, dose.lot) == (mina.pk, "08", "A1")
    assert dose.source == "fhir:clinic.example"
    (measurement,) = stored(Measurement)
    assert (measurement.kind, measurement.value) == ("weight", 4200)
    assert stored(Encounter)[0].status == Encounter.ELSEWHERE
    assert stored(Condition)[0].code == "L20.9"
    assert stored(ChildIdentifier)[0].value == "7"


def test_the_same_record_twice_changes_nothing(mina):
    bring_in(bundle())
    before = everything(SITE)
    assert counts(bring_in(bundle())) == {"read": 5, "unchanged": 5}
    assert everything(SITE) == before


def test_a_dry_run_counts_the_same_and_saves_nothing(mina):
    before = everything(SITE)
    dry = bring_in(bundle(), is_dry_run=True)
    assert everything(SITE) == before
    assert bring_in(bundle()).counts == dry.counts


def test_a_registry_tells_doses_and_its_own_forecast(mina):
    outcome = bring_in(answer(), kind="iis")
    assert counts(outcome) == {"read": 4, "created": 3, "updated": 1}
    nurse = a_viewer(Role.NURSE)
    lines = registry_forecasts(viewer=nurse, child_id=mina.pk)
    assert [line.recommended_on for line in lines] == [
        date(2027, 2, 20),
        date(2027, 4, 20),
    ]
    assert registry_forecasts(viewer=a_viewer(), child_id=mina.pk) == ()


def test_a_registrys_forecast_is_replaced_as_a_whole(mina):
    bring_in(answer(), kind="iis")
    outcome = bring_in(answer(recommended="20270225"), kind="iis")
    assert counts(outcome) == {"read": 4, "updated": 2, "unchanged": 2}
    assert len(stored(RegistryForecast)) == 2
    before = everything(SITE)
    undo_import(by=a_viewer(), run_id=bring_in(answer(), kind="iis").run_id)
    assert everything(SITE) == before


def test_both_sources_keep_their_own_row_of_one_dose(mina):
    bring_in(bundle())
    bring_in(answer(), kind="iis")
    assert {dose.source for dose in stored(Immunization)} == {
        "fhir:clinic.example",
        "iis:REG",
    }


def test_without_a_child_here_nothing_is_saved_and_the_roster_is_asked_for():
    outcome = bring_in(bundle())
    assert counts(outcome) == {"read": 5, "refused": 5}
    assert "roster" in outcome.problems[0].message
    assert stored(Child) == []


def test_a_child_of_another_site_is_not_found():
    child = ChildFactory(
        first_name="Mina", last_name="Alder", born=BORN, sex="f", site_id=OTHER_SITE
    )
    DyadFactory(child=child, site_id=OTHER_SITE, parent__site_id=OTHER_SITE)
    assert bring_in(bundle()).refused == 5
    assert stored(Immunization, OTHER_SITE) == []


def test_an_identifier_with_another_birth_date_is_not_trusted(mina):
    bring_in(bundle())
    outcome = bring_in(bundle(born="2026-11-20"))
    assert outcome.created == outcome.updated == 0
    assert "another birth date" in outcome.problems[0].message


def test_a_known_identifier_finds_a_child_who_was_renamed(mina):
    bring_in(bundle())
    assert counts(bring_in(bundle(given="Mina Rose"))) == {"read": 5, "unchanged": 5}


def test_one_of_two_files_that_cannot_be_read_is_named(mina):
    outcome = bring_in(b'{"resourceType": "Bun', bundle())
    assert (outcome.created, outcome.refused) == (4, 1)
    assert outcome.problems[0].place.file == "file1"


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b"[" * 500, b'{"a": NaN}'])
def test_a_file_that_cannot_be_read_saves_nothing(mina, content):
    with pytest.raises(InvalidInput):
        bring_in(content)
    assert stored(ImportRun) == []


def test_who_may_not_import_finds_nothing(mina):
    with pytest.raises(NotFound):
        bring_in(bundle(), by=a_viewer(Role.PAEDIATRICS))


def test_undo_restores_every_row_exactly(mina):
    before = everything(SITE)
    outcome = bring_in(bundle())
    undo_import(by=a_viewer(), run_id=outcome.run_id)
    assert everything(SITE) == before


def test_a_dose_marked_as_an_error_here_is_not_revived(mina):
    bring_in(bundle())
    (dose,) = stored(Immunization)
    dose.status, dose.error_reason = Immunization.ERROR, "another child's"
    dose.save()
    assert bring_in(bundle()).created == 0
    assert stored(Immunization)[0].status == Immunization.ERROR


def test_a_similar_child_waits_for_a_person_who_says_same(mina):
    outcome = bring_in(bundle(given="Minna"))
    assert counts(outcome) == {"read": 5, "review": 5}
    (item,) = stored(ReviewItem)
    decide_review(by=a_viewer(), item_id=item.pk, is_same=True)
    assert stored(Immunization)[0].child_id == mina.pk
    assert counts(bring_in(bundle(given="Minna"))) == {"read": 5, "unchanged": 5}
    with pytest.raises(Conflict):
        decide_review(by=a_viewer(), item_id=item.pk, is_same=False)


def test_a_similar_child_who_is_another_stays_out(mina):
    bring_in(bundle(given="Minna"))
    (item,) = stored(ReviewItem)
    decide_review(by=a_viewer(), item_id=item.pk, is_same=False)
    assert stored(Immunization) == []
    assert bring_in(bundle(given="Minna")).refused == 5


class TestUpload:
    def check(self, upload_id, by=None):
        return check_upload(
            by=by or a_viewer(),
            upload_id=upload_id,
            kind="fhir",
            files=[("mina.json", bundle())],
        )

    def test_it_is_kept_sealed_and_brought_in_once(self, mina, uuid):
        before = everything(SITE)
        self.check(uuid)
        self.check(uuid)  # pressed twice
        (run,) = stored(ImportRun)
        assert run.status == ImportRun.CHECKED
        assert run.counts["created"] == 4
        assert "Mina" not in run.content_sealed
        assert everything(SITE) == before
        outcome = confirm_upload(by=a_viewer(), run_id=uuid)
        assert outcome.created == 4
        (run,) = stored(ImportRun)
        assert (run.status, run.content_sealed) == (ImportRun.DONE, "")
        with pytest.raises(RuleRefused, match="already"):
            confirm_upload(by=a_viewer(), run_id=uuid)

    def test_after_a_day_it_is_gone(self, mina, uuid):
        self.check(uuid)
        later = a_viewer(at=NINE + timedelta(hours=25))
        self.check(uuid.__class__(int=uuid.int + 1), by=later)
        with pytest.raises(RuleRefused, match="more than a day"):
            confirm_upload(by=later, run_id=uuid)

    def test_it_can_be_discarded(self, mina, uuid):
        self.check(uuid)
        discard_upload(by=a_viewer(), run_id=uuid)
        assert stored(ImportRun) == []

    def test_another_site_does_not_see_it(self, mina, uuid):
        self.check(uuid)
        with pytest.raises(NotFound):
            confirm_upload(by=a_viewer(sites=(OTHER_SITE,)), run_id=uuid)


@pytest.fixture
def uuid():
    return ChildIdentifier().pk
