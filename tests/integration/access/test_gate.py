"""The gate between protected rows and everything above it."""

from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import connection

from tests.factories import (
    OTHER_SITE,
    CareLinkFactory,
    ChildFactory,
    DyadFactory,
    GroupSessionFactory,
    ParentFactory,
    a_viewer,
    in_context_of,
)
from trellis.core.access.vocabulary import (
    Action,
    DataClass,
    Origin,
    Role,
    View,
    Write,
)
from trellis.core.errors import NotFound
from trellis.records.access import gate
from trellis.records.audit.models import AuditEntry
from trellis.records.people.models import Child, Parent


pytestmark = [pytest.mark.django_db, pytest.mark.both]
ADULT, CHILD = DataClass.ADULT_IDENTITY, DataClass.CHILD_IDENTITY


@gate.reads("people.names-of-parents")
def names_of_parents(*, viewer):
    scope = Parent.scoped(viewer, reads={ADULT})
    return [
        (first, scope.views[gate.Key(*key)][ADULT].name)
        for first, *key in scope.rows.values_list("first_name", "id", *Parent.KEY)
    ]


@gate.reads("people.names-of-children")
def names_of_children(*, viewer):
    scope = Child.scoped(viewer, reads={CHILD})
    return list(scope.rows.values_list("first_name", flat=True))


@gate.writes
def touch(*, by, patient, data_class=ADULT, narrow=None):
    key = gate.new_row(by, patient, Origin.PART2)
    gate.require_write(by, data_class, key, narrow=narrow)
    gate.note(by, "people.touch", [patient])


@pytest.mark.parametrize(
    ("role", "is_linked", "view"),
    [
        pytest.param(Role.COORDINATOR, False, "all", id="coordinator, by the site"),
        pytest.param(Role.DIRECTOR, False, "all", id="director, by the site"),
        pytest.param(Role.NURSE, False, "all", id="nurse, as the practice's own"),
        pytest.param(Role.PEER_COACH, False, None, id="peer coach of nobody here"),
        pytest.param(Role.PEER_COACH, True, "all", id="peer coach of the care team"),
        pytest.param(Role.EVALUATOR_FUNDER, True, None, id="evaluator never"),
    ],
)
def test_who_sees_a_parent_name(role, is_linked, view):
    parent = ParentFactory()
    if is_linked:
        CareLinkFactory(parent=parent, role=role.value)
    expected = [] if view is None else [(parent.first_name, None)]
    assert names_of_parents(viewer=a_viewer(role)) == expected


def test_a_nurse_of_another_practice_sees_her_own_families_in_the_integrated_unit():
    mine, _other = ParentFactory.create_batch(2)
    CareLinkFactory(parent=mine)
    nurse = replace(a_viewer(Role.NURSE), org_id=2)
    assert names_of_parents(viewer=nurse) == [(mine.first_name, None)]


def test_a_nurse_outside_the_integrated_unit_sees_no_parent_without_consent():
    parent = ParentFactory()
    CareLinkFactory(parent=parent)
    partner = a_viewer(Role.NURSE, org=2, is_integrated=False)
    assert names_of_parents(viewer=partner) == []


def test_the_facilitator_sees_first_names_of_the_own_session():
    dyad = DyadFactory()
    GroupSessionFactory(expects=[dyad], team=[Role.FACILITATOR])
    seen = names_of_parents(viewer=a_viewer(Role.FACILITATOR))
    assert seen == [(dyad.parent.first_name, View.FIRST_NAME)]


def test_a_child_stands_where_its_caregiver_stands():
    dyad = DyadFactory()
    ChildFactory()  # nobody's: stays closed
    assert names_of_children(viewer=a_viewer()) == [dyad.child.first_name]


def test_rows_of_another_site_do_not_exist():
    ParentFactory(site_id=OTHER_SITE)
    assert names_of_parents(viewer=a_viewer()) == []


def test_every_reading_leaves_one_entry_with_the_subjects_it_opened():
    parent = ParentFactory()
    names_of_parents(viewer=a_viewer())
    entry = AuditEntry.objects.get()
    assert entry.action == "people.names-of-parents"
    assert entry.subjects == [str(parent.pk)]
    assert entry.detail["views"] == ["adult_identity"]


def test_an_empty_answer_is_audited_too():
    names_of_parents(viewer=a_viewer())
    assert AuditEntry.objects.get().subjects == []


def test_a_refused_write_leaves_an_entry_and_nothing_else():
    with pytest.raises(NotFound):
        touch(by=a_viewer(Role.PEER_COACH), patient=uuid4())
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.detail) == ("access.touch", {"refused": True})


def test_a_narrow_write_opens_its_own_act_alone():
    dyad = DyadFactory()
    GroupSessionFactory(expects=[dyad], team=[Role.NURSE])
    nurse = a_viewer(Role.NURSE)
    attendance = DataClass.COHORT_ATTENDANCE
    touch(
        by=nurse,
        patient=dyad.parent_id,
        data_class=attendance,
        narrow=Write.MARK_ARRIVAL,
    )
    with pytest.raises(NotFound):
        touch(by=nurse, patient=dyad.parent_id, data_class=attendance)


def test_outside_a_marked_call_the_gate_does_not_answer():
    with pytest.raises(RuntimeError, match="inside @reads and @writes"):
        gate.look(a_viewer(), Action.READ, [ADULT], [])


def test_there_is_no_way_past_the_gate():
    dyad = DyadFactory()
    assert not hasattr(Parent, "objects")
    with pytest.raises(RuntimeError, match=r"Model\.scoped"), in_context_of(1):
        dyad.parent.dyads.count()


@pytest.mark.parametrize("families", [1, 12])
def test_a_list_of_parents_takes_the_same_statements_whatever_its_size(
    django_assert_max_num_queries, families
):
    ParentFactory.create_batch(families)
    # PostgreSQL adds the site context and the lock of the trail's end.
    with django_assert_max_num_queries(7 if connection.vendor == "sqlite" else 10):
        names_of_parents(viewer=a_viewer())
