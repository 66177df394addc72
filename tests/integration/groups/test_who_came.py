"""Who came with the child, families added to one session, opening it, make-ups."""

from datetime import timedelta

import pytest
from django.urls import reverse
from tests.factories import (
    NINE,
    OTHER_SITE,
    TODAY,
    DyadFactory,
    GroupSessionFactory,
    MembershipFactory,
    ParentFactory,
    SiteFactory,
    UserFactory,
    a_viewer,
    in_context_of,
    stored,
    user_id_of,
)

from trellis.core.access.vocabulary import Role
from trellis.core.errors import InvalidInput, NotFound
from trellis.records.groups import operations, queries
from trellis.records.groups.cohorts import queries as cohorts
from trellis.records.groups.models import GroupSession, MakeUp, Place


pytestmark = pytest.mark.django_db
TEAM = (Role.NURSE, Role.PAEDIATRICS, Role.FACILITATOR)


@pytest.fixture(autouse=True)
def nine_in_the_morning(monkeypatch):
    monkeypatch.setattr("trellis.web.viewers.now", lambda: NINE)


@pytest.fixture
def dyad():
    return DyadFactory(
        child__first_name="Mina",
        parent__first_name="Ada",
        may_attend=True,
        may_consent=True,
    )


@pytest.fixture
def session(dyad):
    return GroupSessionFactory(expects=[dyad], team=TEAM)


@pytest.fixture
def place(session):
    return stored(Place)[0]


@pytest.fixture
def as_(client):
    def sign_in(role):
        user = UserFactory(id=user_id_of(role), email=f"{role.value}@clinic.example")
        MembershipFactory(user=user, site=SiteFactory(), role=role.value)
        client.force_login(user)
        return client

    return sign_in


def at(name, *keys):
    return reverse(f"groups:{name}", args=keys)


def line_of(session, role=Role.COORDINATOR):
    board = queries.session_board(viewer=a_viewer(role), session_id=session.pk)
    return board.lines[0]


def a_relative(dyad, **fields):
    parent = ParentFactory(first_name="Rosa", enrolled=False)
    return DyadFactory(child=dyad.child, parent=parent, kind="kin", **fields)


def absent_with_a_make_up(place):
    by = a_viewer(Role.COORDINATOR)
    operations.mark_absent(by=by, place_id=place.pk, version=1, reason="illness")
    (session,) = stored(GroupSession)
    operations.mark_closed(by=by, session_id=session.pk, version=session.version)
    return stored(MakeUp)[0]


@pytest.mark.both
def test_the_coordinator_notes_who_came_with_the_arrival_or_after_it(place):
    by = a_viewer()
    operations.check_in(by=by, place_id=place.pk, version=1)
    assert stored(Place)[0].came_with == ""
    operations.check_in(by=by, place_id=place.pk, version=2, came_with="kin")
    assert (stored(Place)[0].state, stored(Place)[0].came_with) == ("arrived", "kin")


@pytest.mark.both
def test_undoing_the_arrival_takes_back_who_came(place):
    by = a_viewer()
    operations.check_in(by=by, place_id=place.pk, version=1, came_with="kin")
    operations.undo(by=by, place_id=place.pk, version=2)
    assert stored(Place)[0].came_with == ""


@pytest.mark.parametrize("role", TEAM)
def test_the_room_checks_in_and_notes_nobody_s_custody(place, role):
    with pytest.raises(NotFound):
        operations.check_in(
            by=a_viewer(role), place_id=place.pk, version=1, came_with="kin"
        )
    assert stored(Place)[0].state == "expected"


def test_who_came_is_a_kind_of_caregiver(place):
    with pytest.raises(InvalidInput, match="Who came"):
        operations.check_in(
            by=a_viewer(), place_id=place.pk, version=1, came_with="neighbour"
        )


def test_the_door_is_told_who_may_bring_the_child_and_who_consents(dyad, session):
    a_relative(dyad, may_attend=True, may_consent=False)
    told = line_of(session).caregivers
    assert [(one.name, one.may_attend, one.may_consent) for one in told] == [
        ("Ada Example", True, True),
        ("Rosa Example", True, False),
    ]


def test_a_caregiver_of_former_days_is_not_told(dyad, session):
    a_relative(dyad, ends=TODAY)
    assert [one.name for one in line_of(session).caregivers] == ["Ada Example"]


@pytest.mark.parametrize("role", TEAM)
def test_the_room_is_told_nothing_of_it(dyad, session, place, role):
    operations.check_in(by=a_viewer(), place_id=place.pk, version=1, came_with="kin")
    line = line_of(session, role)
    assert (line.came_with, line.caregivers, line.may_note_who_came) == ("", (), False)


def test_present_is_one_press_and_who_came_is_beside_it(as_, session, place):
    client = as_(Role.COORDINATOR)
    html = client.get(at("session", session.pk)).content.decode()
    assert "Who came with the child" in html
    assert "may bring the child" in html
    client.post(
        at("mark", session.pk, place.pk),
        {"version": 1, "mark": "arrived", "came_with": "foster-parent"},
    )
    html = client.get(at("session", session.pk)).content.decode()
    assert "Came with: Foster parent" in html


def test_names_lead_to_the_chart_or_to_the_pair_and_never_further(as_, dyad, session):
    chart = reverse("clinical:chart", args=[dyad.child_id])
    pair = reverse("people:dyad", args=[dyad.pk])
    for role, url in ((Role.NURSE, chart), (Role.COORDINATOR, pair)):
        client = as_(role)
        html = client.get(at("session", session.pk)).content.decode()
        assert f'<a href="{url}">Mina' in html
        assert client.get(url).status_code == 200


def test_each_name_on_a_board_leads_to_a_page_that_opens(as_, dyad, session):
    for role in (Role.FACILITATOR, Role.PAEDIATRICS, Role.DIRECTOR):
        client = as_(role)
        html = client.get(at("session", session.pk)).content.decode()
        urls = (
            reverse("clinical:chart", args=[dyad.child_id]),
            reverse("people:dyad", args=[dyad.pk]),
        )
        for url in urls:
            if f'<a href="{url}">' in html:
                assert client.get(url).status_code == 200, (role, url)


def test_a_planned_session_of_today_is_opened_by_a_button(as_, session):
    client = as_(Role.COORDINATOR)
    assert (
        at("open", session.pk) in client.get(at("session", session.pk)).content.decode()
    )
    answer = client.post(at("open", session.pk), follow=True)
    assert "The session is open." in answer.content.decode()
    assert stored(GroupSession)[0].status == "open"
    assert at("open", session.pk) not in answer.content.decode()


def test_a_session_to_come_has_no_such_button(as_, session):
    with in_context_of(1):
        GroupSession.ungated.update(
            starts=NINE + timedelta(days=1), ends=NINE + timedelta(days=1, hours=1)
        )
    html = as_(Role.COORDINATOR).get(at("session", session.pk)).content.decode()
    assert at("open", session.pk) not in html


def test_families_of_the_age_are_added_to_one_session(as_, session):
    young = DyadFactory(child__first_name="Noa")
    DyadFactory(child__first_name="Bram", child__born=TODAY - timedelta(days=700))
    client = as_(Role.COORDINATOR)
    html = client.get(at("expect", session.pk)).content.decode()
    assert "Noa" in html
    assert "Bram" not in html
    assert "Mina" not in html
    answer = client.post(at("expect", session.pk), {"dyad": [str(young.pk)]})
    assert answer.status_code == 302
    assert young.pk in {place.dyad_id for place in stored(Place)}


def test_nobody_else_adds_families(as_, session):
    young = DyadFactory()
    answer = as_(Role.NURSE).post(at("expect", session.pk), {"dyad": [str(young.pk)]})
    assert answer.status_code == 404
    assert young.pk not in {place.dyad_id for place in stored(Place)}


def test_a_session_of_another_site_offers_nobody():
    session = GroupSessionFactory(site_id=OTHER_SITE)
    with pytest.raises(NotFound):
        cohorts.expectable_families(viewer=a_viewer(), session_id=session.pk)


def test_statements_of_adding_families(session, django_assert_max_num_queries):
    DyadFactory.create_batch(6)
    with django_assert_max_num_queries(12):
        _, found = cohorts.expectable_families(viewer=a_viewer(), session_id=session.pk)
    assert len(found) == 6


def test_an_absent_family_s_make_up_is_booked_from_the_list(as_, session, place):
    make_up = absent_with_a_make_up(place)
    client = as_(Role.COORDINATOR)
    html = client.get(at("session", session.pk)).content.decode()
    assert "Individual visit booked" in html
    answer = client.post(
        at("note-make-up", make_up.pk),
        {"version": 1, "state": "booked", "session": str(session.pk)},
    )
    assert answer.url == at("session", session.pk)
    assert stored(MakeUp)[0].state == "booked"
    html = client.get(at("session", session.pk)).content.decode()
    assert "Individual visit booked" not in html
    assert "Visit made up" in html


def test_the_facilitator_books_nothing(as_, session, place):
    absent_with_a_make_up(place)
    html = as_(Role.FACILITATOR).get(at("session", session.pk)).content.decode()
    assert "/make-ups/" not in html.split('id="board"')[1].split("</section>")[0]


@pytest.mark.parametrize("families", [1, 8])
def test_statements_of_a_board_with_relatives(django_assert_max_num_queries, families):
    dyads = DyadFactory.create_batch(families)
    for one in dyads:
        a_relative(one)
    session = GroupSessionFactory(expects=dyads, team=TEAM)
    viewer = a_viewer()
    with django_assert_max_num_queries(22):
        queries.session_board(viewer=viewer, session_id=session.pk)
