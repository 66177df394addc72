"""A form's key that stands for something else is told, not a fault of ours."""

from uuid import uuid4

import pytest
from django.db import IntegrityError

from tests.factories import (
    PARTNER,
    CareLinkFactory,
    DyadFactory,
    EncounterFactory,
    GroupSessionFactory,
    a_viewer,
    stored,
)
from trellis.core.access.vocabulary import Role
from trellis.core.errors import Conflict, NotFound
from trellis.records.access import gate
from trellis.records.clinical import operations as clinical
from trellis.records.clinical.models import Encounter, Measurement
from trellis.records.groups.models import GroupSession
from trellis.records.people import operations as people
from trellis.records.people.entries import ChildIdentity, NewChild
from trellis.records.people.models import Child


pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def two():
    pairs = DyadFactory.create_batch(2)
    for pair in pairs:
        CareLinkFactory(parent=pair.parent)
    return pairs


def test_a_visit_is_not_begun_under_the_key_of_another_child_s(two):
    theirs = EncounterFactory(child=two[1].child)
    with pytest.raises(Conflict):
        clinical.begin_encounter(
            by=a_viewer(Role.NURSE),
            encounter_id=theirs.pk,
            child_id=two[0].child_id,
            on=theirs.on,
            visit="",
        )
    assert [row.child_id for row in stored(Encounter)] == [two[1].child_id]


def test_a_weight_is_not_kept_under_the_key_of_another_weight(two):
    key, nurse = uuid4(), a_viewer(Role.NURSE)
    visits = [EncounterFactory(child=pair.child) for pair in two]
    keys = {"weight": key, "length": uuid4(), "head": uuid4()}
    said = {"keys": keys, "seen": {}, "is_confirmed": True}
    clinical.record_measurements(
        by=nurse, encounter_id=visits[0].pk, weight_g=5200, **said
    )
    with pytest.raises(Conflict):
        clinical.record_measurements(
            by=nurse, encounter_id=visits[1].pk, weight_g=5300, **said
        )
    assert [row.value for row in stored(Measurement)] == [5200]


@gate.writes
def break_a_row(*, by, session_id):
    GroupSession.ungated.filter(pk=session_id).update(status="nonsense")


def test_a_broken_row_stays_a_fault():
    session = GroupSessionFactory()
    with pytest.raises(IntegrityError):
        break_a_row(by=a_viewer(), session_id=session.pk)


def test_who_may_not_read_a_parent_adds_no_child_to_her():
    pair = DyadFactory()
    partner = a_viewer(Role.NURSE, org=PARTNER, is_integrated=False)
    child = NewChild(uuid4(), ChildIdentity("Ina", "Other", pair.child.born))
    for parent_id in (pair.parent_id, uuid4()):
        with pytest.raises(NotFound):
            people.add_child(by=partner, parent_id=parent_id, child=child)
    assert len(stored(Child)) == 1
