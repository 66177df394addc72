"""Today: what each role needs now, and nothing that is closed to it."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.integration import network
from trellis.records.accounts.queries import persona_account
from trellis.records.groups.today import queries
from trellis.web import viewers


pytestmark = [pytest.mark.django_db]
STAFF = (
    "coordinator.site1",
    "nurse.site1",
    "paediatrics.site1",
    "obstetrics.site1",
    "sud_counsellor.site1",
    "peer_coach.site1",
    "case_manager.site1",
    "facilitator.site1",
    "director",
    "nurse.site2",
)


@pytest.fixture
def morning(settings, monkeypatch):
    settings.DEMO_MODE = True
    settings.DEMO_SITES = 2
    monkeypatch.setattr(viewers, "now", lambda: network.MORNING)
    return network.fill()


def page_of(client, login):
    client.force_login(persona_account(f"{login}@demo.example"))
    with CaptureQueriesContext(connection) as asked:
        answer = client.get("/")
    assert answer.status_code == 200
    return answer.content.decode(), len(asked)


def children_today():
    data = network.data_of(0)
    session = next(
        row for row in data.sessions if row.starts_at.date() == network.AS_OF
    )
    keys = [row.child_key for row in data.places if row.session_key == session.key]
    return [child for child in data.children if child.key in keys]


@pytest.mark.parametrize("login", [*STAFF, "evaluator_funder", "parent.site1"])
def test_every_role_has_a_day_of_at_most_25_statements(morning, client, login):
    page, statements = page_of(client, login)
    assert "<h1" in page
    assert statements <= 25


@pytest.mark.parametrize(
    "login", ["coordinator.site1", "nurse.site1", "paediatrics.site1"]
)
def test_who_runs_the_day_sees_whom_to_expect(morning, client, login):
    page, _ = page_of(client, login)
    for child in children_today():
        assert f"{child.first_name} {child.last_name}" in page


def test_a_facilitator_sees_first_names_and_the_agenda(morning, client):
    page, _ = page_of(client, "facilitator.site1")
    for child in children_today():
        assert child.first_name in page
        assert child.last_name not in page
    assert "Agenda" in page


def test_a_director_sees_counts_of_each_site_and_no_family(morning, client):
    page, _ = page_of(client, "director")
    assert "Riverside Family Health" in page
    for child in children_today():
        assert child.last_name not in page


def test_an_evaluator_is_told_that_nothing_is_open(morning, client):
    page, _ = page_of(client, "evaluator_funder")
    assert "Nothing is open to you yet" in page
    assert "t-stat" not in page


def test_a_partner_s_staff_see_no_family_without_consent(morning, client):
    page, _ = page_of(client, "nurse.site2")
    names = [child.last_name for child in network.data_of(1).children]
    assert not [name for name in names if name in page]


def test_a_parent_sees_the_next_appointment_in_neutral_words(morning, client):
    page, _ = page_of(client, "parent.site1")
    main = re.search(r"(?s)<main.*?</main>", page).group()
    assert "Your next appointment" in main
    assert "Family Health, Millbrook" in main
    assert not re.search(r"(?i)treatment|substance|recovery|Riverside", main)


def test_a_coordinator_sees_visits_to_book_by_deadline(morning, client):
    coordinator = morning.viewer("coordinator.site1")
    sheet = queries.day_sheet(viewer=coordinator, on=network.AS_OF, with_owed=True)
    deadlines = [one.due_by for one in sheet.owed if one.due_by]
    assert deadlines == sorted(deadlines)
    page, _ = page_of(client, "coordinator.site1")
    assert "Visits to book" in page


def test_another_site_s_day_is_not_on_the_page(morning):
    coordinator = morning.viewer("coordinator.site1")
    sheet = queries.day_sheet(viewer=coordinator, on=network.AS_OF)
    assert {one.card.site_name for one in sheet.today} == {"Riverside Family Health"}


def test_nobody_s_day_is_a_stranger_s(client):
    assert client.get("/")["Location"].startswith("/account/login/")


def test_the_tour_moves_on_switches_person_and_is_put_away(morning, client):
    page, _ = page_of(client, "coordinator.site1")
    assert "step 1 of 7" in page
    client.post("/tour/", {"step": "3"})
    page = client.get("/").content.decode()
    assert "step 3 of 7" in page
    assert 'value="nurse.site1@demo.example"' in page
    client.post("/account/persona/", {"persona": "nurse.site1@demo.example"})
    assert "step 3 of 7" in client.get("/").content.decode()
    client.post("/tour/", {"step": "0"})
    assert "Guided tour" not in client.get("/").content.decode()


@pytest.mark.parametrize("given", ["", "x", "-3", "99", "٣"])
def test_a_step_that_is_none_ends_the_tour(morning, client, given):
    page_of(client, "coordinator.site1")
    assert client.post("/tour/", {"step": given}).status_code == 302


def test_outside_the_demo_there_is_no_tour(morning, client, settings):
    settings.DEMO_MODE = False
    page, _ = page_of(client, "coordinator.site1")
    assert "Guided tour" not in page
