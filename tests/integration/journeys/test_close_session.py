"""Closing a session: a signed visit of each child, numbers, make-ups; or nothing."""

import json

import pytest

from tests.factories import (
    OTHER_SITE,
    CohortMemberFactory,
    DyadFactory,
    GroupSessionFactory,
    ParentFactory,
    PlaceFactory,
    a_viewer,
    in_context_of,
    stored,
)
from tests.integration.clinical.charts import NOTE, a_visit
from trellis.core.access.vocabulary import Role
from trellis.core.errors import Conflict, NotFound, RuleRefused
from trellis.records.access import gate
from trellis.records.audit import operations as audit
from trellis.records.audit.models import AuditEntry
from trellis.records.clinical.models import Encounter
from trellis.records.clinical.notes import is_as_signed
from trellis.records.groups import operations as groups
from trellis.records.groups.models import GroupSession, MakeUp, Place
from trellis.records.journeys.close_session import close_session


pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def day():
    """One child that came, whose visit is signed, and one family that was absent."""
    visit = a_visit()
    visit.measure(weight_g=5300)
    visit.signed()
    session = GroupSessionFactory()
    came = PlaceFactory(session=session, dyad=visit.dyad)
    absent = PlaceFactory(session=session, dyad=DyadFactory())
    for dyad in (visit.dyad, absent.dyad):
        CohortMemberFactory(cohort=session.cohort, dyad=dyad)
    coordinator = a_viewer(Role.COORDINATOR)
    groups.check_in(by=coordinator, place_id=came.pk, version=1)
    groups.mark_absent(by=coordinator, place_id=absent.pk, version=1, reason="illness")
    with in_context_of(1):
        Place.ungated.filter(pk=came.pk).update(encounter_id=visit.encounter_id)
    return visit


def close(day, *, by=None, version=None):
    (session,) = stored(GroupSession)
    return close_session(
        by=by or a_viewer(Role.COORDINATOR),
        session_id=session.pk,
        version=version or session.version,
    )


def what_stands():
    (session,) = stored(GroupSession)
    return (
        session.status,
        session.version,
        session.counts,
        len(stored(MakeUp)),
        AuditEntry.objects.filter(action="groups.close-session").count(),
    )


def test_closing_leaves_signed_visits_numbers_and_make_ups(day):
    closed = close(day)
    assert (closed.came, closed.absent, closed.signed, closed.make_ups) == (1, 1, 1, 1)
    (session,) = stored(GroupSession)
    assert session.status == "closed"
    (make_up,) = stored(MakeUp)
    assert make_up.due_by is not None


def test_each_child_that_came_has_a_signed_visit_that_stands_alone(day):
    close(day)
    (encounter,) = stored(Encounter)
    assert encounter.status == "signed"
    assert is_as_signed(encounter.signed_content, encounter.signed_hash, NOTE)
    (session,) = stored(GroupSession)
    told = encounter.signed_content + "".join(
        str(getattr(encounter, field.attname))
        for field in Encounter._meta.concrete_fields
    )
    assert str(session.pk) not in told
    assert str(session.cohort_id) not in told


def test_the_groups_record_holds_no_fact_of_a_family(day):
    close(day)
    (session,) = stored(GroupSession)
    told = json.dumps([session.counts, session.agenda, session.circle_record])
    for word in (day.child.first_name, str(day.child.pk), str(day.dyad.parent_id)):
        assert word not in told


def broken(*_arguments, **_more):
    raise RuntimeError("the power went")


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        pytest.param(groups, "_open_make_ups", id="make-ups"),
        pytest.param(groups, "counts_of", id="numbers"),
        pytest.param(GroupSession, "revise", id="the session's state"),
        pytest.param(gate, "note", id="the entry of the act"),
        pytest.param(audit, "append", id="the trail"),
    ],
)
def test_whatever_step_breaks_nothing_remains(day, monkeypatch, owner, name):
    before = what_stands()
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, broken)
        with pytest.raises(RuntimeError, match="the power went"):
            close(day)
    assert what_stands() == before
    close(day)
    assert what_stands()[0] == "closed"


def test_an_unsigned_visit_keeps_the_session_open(day):
    with in_context_of(1):
        Encounter.ungated.filter(pk=day.encounter_id).update(status="draft")
    before = what_stands()
    with pytest.raises(RuleRefused, match="not signed yet"):
        close(day)
    assert what_stands() == before


def test_a_session_changed_since_is_not_closed(day):
    with pytest.raises(Conflict):
        close(day, version=99)


@pytest.mark.parametrize("role", [Role.NURSE, Role.PAEDIATRICS, Role.DIRECTOR])
def test_closing_is_the_coordinators_act(day, role):
    before = what_stands()
    with pytest.raises(NotFound):
        close(day, by=a_viewer(role))
    assert what_stands() == before


def test_another_site_finds_no_session(day):
    with pytest.raises(NotFound):
        close(day, by=a_viewer(Role.COORDINATOR, sites=(OTHER_SITE,)))


@pytest.mark.parametrize("other_comes", [True, False])
def test_a_child_expected_with_two_caregivers_has_one_visit(day, other_comes):
    (session,) = stored(GroupSession)
    kin = DyadFactory(
        parent=ParentFactory(enrolled=False), child=day.dyad.child, kind="kin"
    )
    place = PlaceFactory(session=session, dyad=kin)
    coordinator = a_viewer(Role.COORDINATOR)
    if other_comes:
        groups.check_in(by=coordinator, place_id=place.pk, version=1)
    else:
        said = {"place_id": place.pk, "version": 1, "reason": "illness"}
        groups.mark_absent(by=coordinator, **said)
    counts = close(day)
    assert (counts.signed, counts.make_ups) == (1, 1)  # of the family that was absent


def test_the_second_caregiver_s_line_opens_the_same_visit():
    dyad = DyadFactory()
    kin = DyadFactory(
        parent=ParentFactory(enrolled=False), child=dyad.child, kind="kin"
    )
    session = GroupSessionFactory(team=[Role.NURSE])
    places = [PlaceFactory(session=session, dyad=one) for one in (dyad, kin)]
    nurse = a_viewer(Role.NURSE)
    for place in places:
        groups.check_in(by=nurse, place_id=place.pk, version=1)
    first, second = (groups.begin_visit(by=nurse, place_id=p.pk) for p in places)
    assert first == second
    assert len(stored(Encounter)) == 1
