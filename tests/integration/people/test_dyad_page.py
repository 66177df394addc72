"""What each role sees of a pair: the open fields, and no trace of the others."""

from datetime import timedelta

import pytest
from django.db import connection
from tests.factories import (
    OTHER_SITE,
    TODAY,
    CareLinkFactory,
    ChildFactory,
    DyadFactory,
    GroupSessionFactory,
    ParentFactory,
    UserFactory,
    a_viewer,
    user_id_of,
)

from trellis.core.access.vocabulary import Role
from trellis.core.errors import NotFound
from trellis.records.care import queries
from trellis.records.people import operations as people


pytestmark = [pytest.mark.django_db, pytest.mark.both]

NAMES = {"name", "born", "phone", "email", "external_id", "legal_name"}
PLANNED = {"language", "needs_interpreter", "races", "ethnicity", "payer"}
VISIT = {"language", "needs_interpreter", "payer"}
CHILD = {"name", "born", "age", "sex", "birth_order", "external_id"}
CHART = {"chart_view", "gestation", "corrected_days"}


@pytest.fixture
def pair():
    """Everything is recorded, and everybody but director and evaluator is linked."""
    parent = ParentFactory(chosen_name="Dee", races=["white"], payer="medicaid")
    pair = DyadFactory(parent=parent, child=ChildFactory(gestation_days=35 * 7))
    DyadFactory(
        parent=ParentFactory(enrolled=False), child=pair.child, kind="kin", starts=TODAY
    )
    people.record_pregnancy(
        by=a_viewer(),
        key=pair.pk,
        parent_id=parent.pk,
        due_on=TODAY + timedelta(days=200),
    )
    people.change_contact(
        by=a_viewer(), parent_id=parent.pk, version=1, reach_via="Text only"
    )
    GroupSessionFactory(expects=[pair], team=[Role.FACILITATOR])
    return pair


def linked(role, pair):
    CareLinkFactory(parent=pair.parent, role=role.value)
    subject = pair.parent_id if role is Role.PARENT else None
    return a_viewer(role, subject_id=subject)


TABLE = [
    # role, parent's fields, child's fields, authority of the caregivers, kind?, more?
    (Role.DIRECTOR, NAMES | PLANNED, CHILD, set(), False, True),
    (
        Role.COORDINATOR,
        NAMES | PLANNED | {"reach_via"},
        CHILD | {"chart_view"},
        {"may_consent", "may_attend"},
        False,
        True,
    ),
    (Role.NURSE, NAMES | VISIT, CHILD | CHART, {"may_consent"}, False, False),
    (Role.PAEDIATRICS, NAMES | VISIT, CHILD | CHART, {"may_consent"}, False, False),
    (Role.OBSTETRICS, NAMES | VISIT, CHILD | CHART, {"may_consent"}, False, False),
    (Role.SUD_COUNSELLOR, NAMES | PLANNED | {"reach_via"}, CHILD, set(), False, True),
    (
        Role.PEER_COACH,
        NAMES | {"language", "reach_via"},
        CHILD | {"chart_view"},
        set(),
        False,
        False,
    ),
    (
        Role.CASE_MANAGER,
        NAMES | PLANNED | {"reach_via", "address"},
        CHILD | {"chart_view"},
        {"may_consent", "may_attend", "may_be_messaged", "may_see_record"},
        True,
        True,
    ),
    (
        Role.FACILITATOR,
        {"name", "language", "needs_interpreter"},
        {"name", "chart_view"},
        {"may_attend"},
        False,
        False,
    ),
]


@pytest.mark.parametrize(
    ("role", "of_parent", "of_child", "authority", "has_kind", "has_programme"),
    [pytest.param(*row, id=row[0].value) for row in TABLE],
)
def test_each_role_sees_its_fields_and_no_other(
    pair, role, of_parent, of_child, authority, has_kind, has_programme
):
    page = queries.dyad_page(viewer=linked(role, pair), dyad_id=pair.pk)
    assert set(page.parent.facts) == of_parent
    assert set(page.child.facts) == of_child
    own = next(each for each in page.child.caregivers if each.is_current)
    assert set(own.authority) == authority
    assert (own.kind is not None) == has_kind
    assert bool(page.parent.pregnancies) == has_programme
    assert bool(page.parent.care_team) == has_programme
    assert page.parent.shows_programme == has_programme


def test_the_evaluator_sees_no_page(pair):
    with pytest.raises(NotFound):
        queries.dyad_page(viewer=linked(Role.EVALUATOR_FUNDER, pair), dyad_id=pair.pk)


def test_a_parent_sees_the_own_page_and_the_own_child(pair):
    page = queries.dyad_page(viewer=linked(Role.PARENT, pair), dyad_id=pair.pk)
    assert page.parent.facts["name"] == "Dee Example"
    assert page.child.facts["born"] == pair.child.born
    assert [each.is_current for each in page.child.caregivers] == [True]


def test_the_peer_coach_is_told_the_stage_and_no_date_of_it(pair):
    page = queries.dyad_page(viewer=linked(Role.PEER_COACH, pair), dyad_id=pair.pk)
    [episode] = page.parent.episodes
    assert (episode.stage.value, episode.referred_on) == ("postpartum", None)


def test_the_facilitator_reads_first_names(pair):
    page = queries.dyad_page(viewer=a_viewer(Role.FACILITATOR), dyad_id=pair.pk)
    assert page.parent.facts["name"] == "Dee"
    assert " " not in page.child.facts["name"]
    assert page.parent.may_write == frozenset()


@pytest.mark.parametrize(
    ("role", "parts"),
    [
        (Role.DIRECTOR, set()),
        (
            Role.COORDINATOR,
            {"identity", "contact", "planning", "reach_via", "child"},
        ),
        (Role.NURSE, {"identity", "contact", "child"}),
        (
            Role.CASE_MANAGER,
            {
                "identity",
                "contact",
                "planning",
                "reach_via",
                "address",
                "child",
                "caregiver",
            },
        ),
        (Role.PEER_COACH, {"identity", "contact"}),
    ],
)
def test_the_buttons_are_those_of_the_role(pair, role, parts):
    page = queries.dyad_page(viewer=linked(role, pair), dyad_id=pair.pk)
    assert page.parent.may_write == parts


def test_a_pair_of_another_site_is_as_good_as_missing():
    elsewhere = DyadFactory(site_id=OTHER_SITE)
    with pytest.raises(NotFound):
        queries.dyad_page(viewer=a_viewer(), dyad_id=elsewhere.pk)


def test_twins_are_a_switch_away(pair):
    other = DyadFactory(parent=pair.parent)
    page = queries.dyad_page(viewer=a_viewer(), dyad_id=pair.pk)
    assert {line.dyad_id for line in page.siblings} == {pair.pk, other.pk}
    assert [line.dyad_id for line in page.siblings if line.is_current] == [pair.pk]


def test_the_care_team_is_named(pair):
    UserFactory(id=user_id_of(Role.NURSE), name="Joy Adams")
    CareLinkFactory(parent=pair.parent)
    page = queries.dyad_page(viewer=a_viewer(), dyad_id=pair.pk)
    assert [(line.name, line.role) for line in page.parent.care_team] == [
        ("Joy Adams", "nurse")
    ]


def test_the_page_takes_at_most_twenty_three_statements(
    pair, django_assert_max_num_queries
):
    viewer = linked(Role.CASE_MANAGER, pair)
    with django_assert_max_num_queries(23 if connection.vendor == "sqlite" else 26):
        queries.dyad_page(viewer=viewer, dyad_id=pair.pk)


def test_the_facilitator_reads_no_day_since_when_which_is_often_the_birth_date(pair):
    page = queries.dyad_page(viewer=a_viewer(Role.FACILITATOR), dyad_id=pair.pk)
    caregivers = [(line.starts, line.ends) for line in page.child.caregivers]
    assert (page.starts, page.ends) == (None, None)
    assert caregivers == [(None, None)]
