"""The bulk writer: whole, once, checked, audited; sites stay apart."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.factories import in_context_of, stored
from tests.integration import network
from trellis.cli.demo import filling
from trellis.core.errors import InvalidInput, NotFound, RuleRefused
from trellis.records.accounts.models import Membership, User
from trellis.records.audit.models import AuditEntry
from trellis.records.clinical.models import Encounter, Immunization, Measurement
from trellis.records.clinical.notes import Note, is_as_signed
from trellis.records.groups.models import GroupSession, MakeUp, Place, SessionVaccine
from trellis.records.journeys import fill_network
from trellis.records.people.models import Child, Dyad, Parent
from trellis.records.sites.models import Site
from trellis.synthetic.parts import parts_of


pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def two_sites():
    return network.fill()


def key_of(index):
    return Site.objects.get(code=f"site{index + 1}").pk


def rows(model, index):
    return stored(model, key_of(index))


def test_every_family_visit_and_dose_of_both_sites_is_there(two_sites):
    for index in (0, 1):
        data = network.data_of(index)
        assert len(rows(Parent, index)) == len(data.parents) + len(data.caregivers)
        assert len(rows(Child, index)) == len(data.children)
        assert len(rows(Dyad, index)) == len(data.dyads)
        assert len(rows(Encounter, index)) == len(data.encounters)
        assert len(rows(Immunization, index)) == len(data.doses)
        assert len(rows(Place, index)) == len(data.places)
        assert len(rows(GroupSession, index)) == len(data.sessions)


def test_a_measurement_is_three_rows_and_a_birth_three_more(two_sites):
    data = network.data_of(0)
    heads = sum(row.head_mm is not None for row in data.measurements)
    found = rows(Measurement, 0)
    births = 3 * len(data.children)
    assert len(found) == 2 * len(data.measurements) + heads + births


def test_a_window_that_closed_without_a_visit_leaves_no_make_up(two_sites):
    expected = Counter(row.state for row in network.data_of(0).make_ups)
    found = Counter(row.state for row in rows(MakeUp, 0))
    assert found == {word: n for word, n in expected.items() if word != "expired"}


def test_a_second_filling_changes_nothing(two_sites):
    before = [len(rows(model, 0)) for model in (Parent, Place, SessionVaccine)]
    people = Membership.objects.count()
    network.fill()
    assert [len(rows(model, 0)) for model in (Parent, Place, SessionVaccine)] == before
    assert Membership.objects.count() == people


def test_an_interrupted_filling_is_gone_on_with(monkeypatch):
    monkeypatch.setattr(filling, "FAMILIES_A_PART", 5)
    filler = network.Filler(network.plan(), network.MORNING)
    data = network.data_of(0)
    parts = list(parts_of(data, families=5))
    writer = filler._writer_at(data)
    for part in parts[:2]:  # cohorts and sessions, and the first families
        fill_network.fill_site(by=writer, data=part, organisations=filler.organisations)
    assert not Membership.objects.filter(role="nurse").exists()  # not ready yet
    network.fill(sites=1)
    assert len(rows(Parent, 0)) == len(data.parents) + len(data.caregivers)
    assert len(rows(Place, 0)) == len(data.places)


def test_a_signature_stands_under_exactly_what_is_stored(two_sites):
    for visit in rows(Encounter, 0)[:20]:
        note = Note(visit.history, visit.examination, visit.assessment, visit.plan)
        assert visit.status == Encounter.SIGNED
        assert is_as_signed(visit.signed_content, visit.signed_hash, note)


def test_charts_are_of_the_clinic_and_the_rest_of_the_programme(two_sites):
    partner = key_of(1)
    with in_context_of(partner):
        visit = Encounter.ungated.filter(site_id=partner).first()
        parent = Parent.ungated.filter(site_id=partner).first()
    assert visit.origin == "hipaa"
    assert parent.origin == "part2"
    assert visit.author_org_id != parent.author_org_id


def test_the_trail_names_the_families_and_the_writer(two_sites):
    entries = AuditEntry.objects.filter(action="journeys.fill-site")
    named = {key for entry in entries for key in entry.subjects}
    everybody = {str(row.pk) for index in (0, 1) for row in rows(Parent, index)}
    assert everybody <= named
    assert {entry.actor_id for entry in entries} == {two_sites.filler.writer.user_id}


def test_nobody_can_sign_in_as_the_writer_or_with_a_password(two_sites):
    assert not User.objects.get(pk=two_sites.filler.writer.user_id).is_active
    assert not any(user.has_usable_password() for user in User.objects.all())


def test_a_writer_of_another_site_writes_nothing(two_sites):
    other = replace(two_sites.filler.writer, site_ids=frozenset({key_of(1)}))
    with pytest.raises(NotFound):
        fill_network.fill_site(
            by=other,
            data=network.data_of(0),
            organisations=two_sites.filler.organisations,
        )


def first_part(**changes):
    part = list(parts_of(network.data_of(0), families=16))[1]
    return replace(part, **changes)


def refused(part, error):
    filler = network.Filler(network.plan(), network.MORNING)
    writer = filler._writer_at(network.data_of(0))
    with pytest.raises(error):
        fill_network.fill_site(by=writer, data=part, organisations=filler.organisations)
    assert rows(Parent, 0) == []


def test_an_impossible_weight_is_refused_and_nothing_is_kept():
    part = first_part()
    sizes = (replace(part.measurements[0], weight_g=90_000), *part.measurements[1:])
    refused(replace(part, measurements=sizes), InvalidInput)


def test_a_dose_after_the_expiry_of_its_lot_is_refused():
    part = first_part()
    dose = next(row for row in part.doses if row.expires_on)
    late = replace(dose, on=dose.expires_on + timedelta(days=1))
    refused(replace(part, doses=(late,)), InvalidInput)


def test_an_arrival_without_a_time_is_refused():
    part = first_part()
    place = next(row for row in part.places if row.status == "arrived")
    refused(replace(part, places=(replace(place, arrived_at=None),)), RuleRefused)


def test_the_next_session_is_rolled_to_today_once_and_keeps_its_hour(two_sites):
    later = network.AS_OF + timedelta(days=9)
    assert two_sites.filler.roll(0, later) == 1
    assert two_sites.filler.roll(0, later) == 0
    entry = AuditEntry.objects.get(action="journeys.roll-to-today")
    moved = next(
        row for row in rows(GroupSession, 0) if str(row.pk) in entry.detail["sessions"]
    )
    assert moved.starts.date() == later
    assert moved.status == GroupSession.PLANNED


def test_nothing_moves_where_a_session_is_today_already(two_sites):
    assert two_sites.filler.roll(0, network.AS_OF) == 0
