"""The trail on the screen: for the privacy officer, and for a parent her own looks."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.integration import network
from trellis.core.access.viewer import Permission
from trellis.core.errors import NotFound
from trellis.records.access import queries
from trellis.records.access.queries import TrailFilter
from trellis.records.accounts.queries import persona_account
from trellis.records.audit.models import AuditEntry
from trellis.records.groups.today.queries import day_sheet, own_dates
from trellis.web import viewers


pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def stored(monkeypatch):
    monkeypatch.setattr(viewers, "now", lambda: network.MORNING)
    return network.fill()


@pytest.fixture
def looks(stored):
    """The coordinator of the first site looked at today's families."""
    day_sheet(viewer=stored.viewer("coordinator.site1"), on=network.AS_OF)
    return stored


def trail(stored, login="privacy.director", **among):
    return queries.trail(viewer=stored.viewer(login), among=TrailFilter(**among))


def test_the_privacy_officer_sees_who_opened_how_many_and_what(looks):
    line = trail(looks, action="groups.today")[0]
    coordinator = looks.viewer("coordinator.site1")
    assert line.actor_id == coordinator.user_id
    assert line.role == "coordinator"
    assert line.people > 2
    assert "child_identity" in line.classes


@pytest.mark.parametrize(
    "login", ["director", "coordinator.site1", "nurse.site1", "evaluator_funder"]
)
def test_nobody_else_reads_the_trail(looks, login):
    with pytest.raises(NotFound):
        trail(looks, login)


def test_a_refused_look_at_the_trail_is_in_the_trail(looks):
    director = looks.viewer("director")
    assert Permission.ACCESS_TRAIL_READ not in director.permissions
    with pytest.raises(NotFound):
        queries.trail(viewer=director, among=TrailFilter())
    assert trail(looks, action="access.trail")[0].is_refused


def test_the_trail_is_filtered_by_person_action_and_time(looks):
    coordinator = looks.viewer("coordinator.site1")
    mine = trail(looks, actor_id=coordinator.user_id)
    assert {line.actor_id for line in mine} == {coordinator.user_id}
    assert trail(looks, since=network.MORNING, action="groups.")
    assert trail(looks, until=network.MORNING) == ()


def test_the_trail_shows_fifty_and_one_more_and_goes_on_from_there(looks):
    for _ in range(60):
        own_dates(viewer=looks.viewer("coordinator.site1"))
    first = trail(looks)
    assert len(first) == 51
    second = trail(looks, before=first[49].sequence)
    assert second[0].sequence == first[50].sequence


def test_entries_of_sites_of_others_are_not_among_them(looks):
    day_sheet(viewer=looks.viewer("coordinator.site2"), on=network.AS_OF)
    at_partner = looks.viewer("coordinator.site2").user_id
    assert trail(looks, actor_id=at_partner) == ()


def test_a_parent_sees_who_looked_and_no_name(looks):
    parent = looks.viewer("parent.site1")
    look = queries.who_saw_me(viewer=parent)[0]
    assert (look.role, look.area, look.is_change) == ("coordinator", "groups", False)
    assert not hasattr(look, "actor_id")


def test_a_parent_s_own_looks_are_marked_as_hers(looks):
    parent = looks.viewer("parent.site1")
    own_dates(viewer=parent)
    assert queries.who_saw_me(viewer=parent)[0].is_own


def test_looks_at_other_families_are_not_in_a_parent_s_list(looks):
    parent = looks.viewer("parent.site1")
    found = queries.who_saw_me(viewer=parent)
    entries = AuditEntry.objects.in_bulk([look.sequence for look in found])
    assert all(str(parent.subject_id) in e.subjects for e in entries.values())


def test_staff_have_no_list_of_their_own(looks):
    with pytest.raises(NotFound):
        queries.who_saw_me(viewer=looks.viewer("nurse.site1"))


def visit(client, login, path="/access/"):
    client.force_login(persona_account(f"{login}@demo.example"))
    with CaptureQueriesContext(connection) as asked:
        return client.get(path), len(asked)


@pytest.mark.parametrize(
    ("login", "status"),
    [
        ("privacy.director", 200),
        ("parent.site1", 200),
        ("director", 404),
        ("coordinator.site1", 403),
        ("evaluator_funder", 403),
    ],
)
def test_the_page_opens_to_the_privacy_officer_and_parents(
    looks, client, login, status
):
    answer, statements = visit(client, login)
    assert answer.status_code == status
    if connection.vendor == "sqlite":  # row security sets its context in more
        assert statements <= 10


@pytest.mark.parametrize(
    "query", ["person=x", "since=2027-02-30", "since=2027-03-02&until=2027-03-01"]
)
def test_a_filter_that_cannot_be_right_is_said_so(looks, client, query):
    answer, _ = visit(client, "privacy.director", f"/access/?{query}")
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()


@pytest.mark.parametrize("before", ["x", "-1", "99999999999999999999999", "٣"])
def test_a_parent_s_page_takes_any_address(looks, client, before):
    answer, _ = visit(client, "parent.site1", f"/access/?before={before}")
    assert answer.status_code == 200
