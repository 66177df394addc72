"""What is due for the child, and the group, beside the pair: each role its part."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse
from tests.factories import (
    NINE,
    OTHER_SITE,
    TODAY,
    CohortFactory,
    DyadFactory,
    EncounterFactory,
    GroupSessionFactory,
    a_viewer,
    stored,
)
from tests.world import a_world, browser_of

from trellis.core.access.vocabulary import Role
from trellis.core.errors import NotFound
from trellis.core.people.visit_states import StateOfVisit
from trellis.core.people.visits import Visit
from trellis.records.groups.family_page.queries import family_in_groups, family_page
from trellis.records.groups.models import CohortMember, MakeUp, Place
from trellis.records.people.models import Dyad
from trellis.web import viewers


pytestmark = [pytest.mark.django_db, pytest.mark.both]
WHOLE, ITEMS, FLAG, CALL, NONE = "whole", "items", "flag", "call", "none"
VISITS = {
    Role.DIRECTOR: NONE,
    Role.COORDINATOR: ITEMS,
    Role.NURSE: WHOLE,
    Role.PAEDIATRICS: WHOLE,
    Role.OBSTETRICS: WHOLE,
    Role.SUD_COUNSELLOR: NONE,
    Role.PEER_COACH: CALL,
    Role.CASE_MANAGER: FLAG,
    Role.FACILITATOR: NONE,
    Role.PARENT: WHOLE,
}
# cohort named, next session linked, open make-up told, may place
GROUP = {
    Role.COORDINATOR: (True, True, True, True),
    Role.FACILITATOR: (False, True, False, False),
    Role.PARENT: (False, False, True, False),
}
OTHERS = (True, True, True, False)
STAFF = sorted(frozenset(Role) - {Role.EVALUATOR_FUNDER, Role.PARENT})


@pytest.fixture
def world(monkeypatch):
    monkeypatch.setattr(viewers, "now", lambda: NINE)
    return a_world()


def viewer_in(role, world, dyad="absent_dyad"):
    [own] = [one for one in _dyads() if one.pk == world.keys[dyad]]
    return a_viewer(role, subject_id=own.parent_id if role is Role.PARENT else None)


def _dyads():
    return stored(Dyad)


def shown(role, world, dyad="absent_dyad"):
    viewer = viewer_in(role, world, dyad)
    return family_page(viewer=viewer, dyad_id=world.keys[dyad])


@pytest.mark.parametrize(("role", "part"), [(r, VISITS[r]) for r in sorted(VISITS)])
def test_each_role_sees_its_part_of_what_is_due(world, role, part):
    """The child of 65 days has made no visit: two were missed, one is open."""
    told = shown(role, world).visits
    if part == NONE:
        assert told is None
        return
    assert bool(told.states) == (part == WHOLE)
    assert bool(told.due.items) == (part == ITEMS)
    assert told.due.is_due == (True if part in {ITEMS, FLAG} else None)
    assert told.due.please_call == (part == CALL)


@pytest.mark.parametrize("role", sorted(VISITS))
def test_each_role_sees_its_part_of_the_group(world, role):
    group = shown(role, world).group
    told = (
        [one.name for one in group.cohorts] == ["Monday Robins"],
        group.may_open and group.next_session.session_id == world.keys["session"],
        [one.due_by for one in group.make_ups] == [TODAY + timedelta(days=20)],
        group.may_place,
    )
    assert told == GROUP.get(role, OTHERS)


def test_the_evaluator_and_another_site_find_no_page(world):
    for viewer in (
        a_viewer(Role.EVALUATOR_FUNDER),
        a_viewer(sites=(OTHER_SITE,)),
        a_viewer(Role.PEER_COACH, user_id=uuid4()),
    ):
        with pytest.raises(NotFound):
            family_page(viewer=viewer, dyad_id=world.keys["dyad"])


def test_the_whole_chart_tells_every_visit_as_far_as_the_next(world):
    dyad = world.keys["dyad"]
    states = family_page(viewer=a_viewer(Role.NURSE), dyad_id=dyad).visits.states
    assert [(one.visit, one.state) for one in states] == [
        (Visit.DAYS_3_TO_5, StateOfVisit.MISSED),
        (Visit.MONTH_1, StateOfVisit.DONE),
        (Visit.MONTHS_2, StateOfVisit.OPEN),
        (Visit.MONTHS_4, StateOfVisit.NOT_YET),
    ]


def test_a_late_visit_is_told_apart_from_one_on_time(world):
    [pair] = _pairs(world.keys["absent_dyad"])
    first, second = (pair.child.born + timedelta(days=days) for days in (20, 30))
    for on in (first, second):
        a_visit(pair.child, "1m", on)
    told = {one.visit: one for one in shown(Role.NURSE, world).visits.states}
    late, in_time = told[Visit.DAYS_3_TO_5], told[Visit.MONTH_1]
    assert (late.state, late.made_on) == (StateOfVisit.DONE_LATE, second)
    assert (in_time.state, in_time.made_on) == (StateOfVisit.DONE, first)


def a_visit(child, visit, on):
    EncounterFactory(
        child=child,
        on=on,
        visit=visit,
        status="signed",
        signed_at=NINE,
        signed_by_name="Jo Field",
    )


def _pairs(dyad_id):
    return Dyad.ungated.select_related("child").filter(pk=dyad_id)


def test_the_facilitator_is_told_the_own_session_and_no_other_one(world):
    dyads = [one for one in _dyads() if one.pk == world.keys["dyad"]]
    GroupSessionFactory(
        starts=NINE - timedelta(hours=1), ends=NINE + timedelta(hours=1), expects=dyads
    )
    viewer = a_viewer(Role.FACILITATOR)
    group = family_page(viewer=viewer, dyad_id=world.keys["dyad"]).group
    assert group.next_session.session_id == world.keys["session"]


def test_after_the_own_session_the_facilitator_is_told_of_no_group(world):
    later = NINE + timedelta(hours=3)
    told = family_page(
        viewer=a_viewer(Role.FACILITATOR, at=later), dyad_id=world.keys["dyad"]
    )
    assert told.group is None


def test_a_family_in_no_cohort_is_said_to_be_in_none(world):
    dyad = DyadFactory()
    browser = browser_of(world.people[Role.COORDINATOR])
    page = browser.get(reverse("people:dyad", args=[dyad.pk])).content.decode()
    assert "In no cohort yet" in page


@pytest.mark.parametrize("role", sorted(frozenset(Role) - {Role.EVALUATOR_FUNDER}))
def test_the_page_takes_at_most_twenty_five_statements(
    world, role, django_assert_max_num_queries
):
    limit = 25 if connection.vendor == "sqlite" else 29
    browser = browser_of(world.people[role])
    with django_assert_max_num_queries(limit):
        answer = browser.get(reverse("people:dyad", args=[world.keys["dyad"]]))
    assert answer.status_code == 200


# A change of the facts of a class that is closed to these leaves their page alone.
CLOSED_CHART = (Role.DIRECTOR, Role.SUD_COUNSELLOR, Role.FACILITATOR)
VARIES = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')


@pytest.mark.parametrize("role", CLOSED_CHART)
def test_a_visit_leaves_the_page_of_who_sees_no_chart_byte_for_byte(world, role):
    before = page_of(role, world)
    [pair] = _pairs(world.keys["absent_dyad"])
    for visit, days in (("1m", 20), ("2m", 60)):
        on = pair.child.born + timedelta(days=days)
        a_visit(pair.child, visit, on)
    assert page_of(role, world) == before


def test_a_make_up_leaves_the_page_of_the_facilitator_byte_for_byte(world):
    before = page_of(Role.FACILITATOR, world)
    MakeUp.ungated.filter(pk=world.keys["make_up"]).delete()
    assert page_of(Role.FACILITATOR, world) == before


def page_of(role, world):
    browser = browser_of(world.people[role])
    answer = browser.get(reverse("people:dyad", args=[world.keys["absent_dyad"]]))
    return VARIES.sub(b"", answer.content)


WORDS = {
    Role.COORDINATOR: ("Missed", "was open until", "Place in a cohort", "To book"),
    Role.NURSE: ("Missed", "Open the chart", "To book"),
    Role.CASE_MANAGER: ("A visit is due", "Monday Robins"),
    Role.PEER_COACH: ("Please call", "Monday Robins"),
    Role.FACILITATOR: ("Next session",),
    Role.PARENT: ("Missed",),
}
NEVER = {
    Role.CASE_MANAGER: ("Missed", "2 months", "was open until"),
    Role.PEER_COACH: ("Missed", "2 months", "A visit is due"),
    Role.FACILITATOR: ("Visits", "Monday Robins", "To book"),
    Role.NURSE: ("Place in a cohort",),
}


@pytest.mark.parametrize("role", sorted(WORDS))
def test_the_blocks_are_said_in_the_words_of_the_role(world, role):
    if role is Role.PARENT:
        dyad, said = "dyad", ("Next session", "Missed")
    else:
        dyad, said = "absent_dyad", WORDS[role]
    browser = browser_of(world.people[role])
    page = browser.get(reverse("people:dyad", args=[world.keys[dyad]]))
    text = page.content.decode()
    main = text[text.index("<main") :]
    for word in said:
        assert word in main
    for word in NEVER.get(role, ()):
        assert word not in main


def test_a_family_is_placed_in_a_cohort_from_its_own_page(world):
    cohort = CohortFactory(name="Tuesday Wrens")
    coming = NINE + timedelta(days=3)
    session = GroupSessionFactory(
        cohort=cohort, starts=coming, ends=coming + timedelta(hours=2)
    )
    browser = browser_of(world.people[Role.COORDINATOR])
    address = reverse("groups:place", args=[world.keys["dyad"]])
    page = browser.get(address).content.decode()
    assert "Tuesday Wrens" in page
    assert f'value="{world.keys["cohort"]}"' not in page  # in it already
    for _ in range(2):
        answer = browser.post(address, {"cohort": str(cohort.pk)})
        assert answer.status_code in {302, 422}
    members = [one for one in stored(CohortMember) if one.cohort_id == cohort.pk]
    assert [one.dyad_id for one in members] == [world.keys["dyad"]]
    assert [one.dyad_id for one in stored(Place) if one.session_id == session.pk] == [
        world.keys["dyad"]
    ]


def test_nothing_chosen_is_said(world):
    CohortFactory(name="Tuesday Wrens")
    browser = browser_of(world.people[Role.COORDINATOR])
    address = reverse("groups:place", args=[world.keys["dyad"]])
    assert browser.post(address, {}).status_code == 422


def test_a_family_of_another_site_is_not_placed():
    elsewhere = DyadFactory(site_id=OTHER_SITE)
    for key in (elsewhere.pk, uuid4()):
        with pytest.raises(NotFound):
            family_in_groups(viewer=a_viewer(), dyad_id=key)
