"""The people pages through the browser's door: forms, refusals, statement counts."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories import (
    OTHER_SITE,
    SITE,
    TODAY,
    CareLinkFactory,
    DyadFactory,
    MembershipFactory,
    ParentFactory,
    SiteFactory,
    UserFactory,
    stored,
    user_id_of,
)

from trellis.core.access.vocabulary import Role
from trellis.records.people.models import Child, Dyad, Parent
from trellis.web import viewers


pytestmark = [pytest.mark.django_db, pytest.mark.both]
REFERRED = (TODAY - timedelta(days=20)).isoformat()


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    """The clock of the tests stands at the group day."""
    from tests.factories import NINE

    monkeypatch.setattr(viewers, "now", lambda: NINE)


def signed_in(client, role=Role.COORDINATOR):
    user = UserFactory(id=user_id_of(role))
    MembershipFactory(user=user, site=SiteFactory(), role=role.value)
    client.force_login(user)
    return client


def a_form(**more):
    return {
        "key": str(uuid4()),
        "first_name": "Ana",
        "last_name": "Núñez",
        "born": "1996-05-14",
        "phone": "617 555 0142",
        "language": "es",
        "races": ["white", "black"],
        "referred_on": REFERRED,
        "enrolled_on": REFERRED,
        "stage": "early_postpartum",
        "child_first_name": "Luz",
        "child_last_name": "Núñez",
        "child_born": (TODAY - timedelta(days=15)).isoformat(),
        "child_sex": "f",
        "gestation": "36+2",
        **more,
    }


def register(client, form):
    return client.post("/people/register/", form)


def text_of(answer):
    return answer.content.decode()


def test_a_registered_family_is_shown_on_its_page(client):
    signed_in(client)
    answer = register(client, a_form())
    [dyad] = stored(Dyad)
    assert answer.headers["Location"] == f"/people/{dyad.pk}/"
    page = text_of(client.get(answer.headers["Location"]))
    for told in ("Ana Núñez", "Luz Núñez", "2 weeks", "(617) 555-0142", "Spanish"):
        assert told in page


def test_the_same_form_sent_twice_registers_one_family(client):
    signed_in(client)
    form = a_form()
    assert (
        register(client, form).headers["Location"]
        == (register(client, form).headers["Location"])
    )
    assert [len(stored(model)) for model in (Parent, Child, Dyad)] == [1, 1, 1]


def test_a_likely_duplicate_is_shown_with_its_reasons_and_can_be_registered(client):
    signed_in(client)
    register(client, a_form())
    again = a_form(first_name="ANA", last_name="Nunez", child_first_name="")
    again |= {"child_last_name": "", "child_born": ""}
    answer = register(client, again)
    page = text_of(answer)
    assert answer.status_code == 422
    assert "same name, same birth date" in page
    assert f"/people/parents/{stored(Parent)[0].pk}/" in page
    assert 'value="ANA"' in page
    assert register(client, {**again, "is_confirmed": "yes"}).status_code == 302
    assert len(stored(Parent)) == 2


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        pytest.param({"first_name": " "}, "This field is required", id="no name"),
        pytest.param({"phone": "12"}, "ten digits", id="phone"),
        pytest.param({"child_born": ""}, "needs a birth date", id="child undated"),
        pytest.param({"child_first_name": ""}, "Baby is fine", id="child unnamed"),
        pytest.param({"gestation": "36 2/7"}, "for example 36+2", id="gestation"),
        pytest.param({"gestation": "50"}, "Between 22+0 and 44+6", id="too long"),
        pytest.param({"enrolled_on": "2020-01-01"}, "before the referral", id="order"),
        pytest.param({"referred_on": "2031-01-01"}, "Referral", id="future"),
    ],
)
def test_what_cannot_be_is_said_and_everything_typed_is_kept(client, change, sentence):
    signed_in(client)
    answer = register(client, a_form(email="ana@example.org", **change))
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert 'value="ana@example.org"' in text_of(answer)
    assert stored(Parent) == []


@pytest.mark.parametrize(
    "role", sorted(frozenset(Role) - {Role.COORDINATOR, Role.CASE_MANAGER})
)
def test_registering_is_closed_to_the_others(client, role):
    assert signed_in(client, role).get("/people/register/").status_code == 403


def test_a_change_on_an_older_version_is_a_conflict(client):
    signed_in(client)
    parent = ParentFactory(version=4)
    path = f"/people/parents/{parent.pk}/edit/"
    assert 'name="version" value="4"' in text_of(client.get(path))
    form = {"first_name": "Dee", "version": "3"}
    answer = client.post(path, form)
    assert answer.status_code == 409
    assert "Somebody changed this record" in text_of(answer)
    assert stored(Parent)[0].first_name == parent.first_name
    assert client.post(path, {**form, "version": "4"}).status_code == 302
    assert stored(Parent)[0].first_name == "Dee"


def test_a_baby_is_added_at_birth_and_a_twin_is_another_child(client):
    signed_in(client)
    parent = ParentFactory()
    path = f"/people/parents/{parent.pk}/child/"
    for name in ("Luz", "Sol"):
        form = {
            "key": str(uuid4()),
            "child_first_name": name,
            "child_last_name": "Example",
            "child_born": TODAY.isoformat(),
        }
        assert client.post(path, form).status_code == 302
    assert len(stored(Dyad)) == 2
    page = text_of(client.get(f"/people/{stored(Dyad)[0].pk}/"))
    assert "Luz Example" in page
    assert "Sol Example" in page


def test_contact_and_safe_ways_are_changed_on_one_form(client):
    signed_in(client)
    parent = ParentFactory()
    path = f"/people/parents/{parent.pk}/contact/"
    form = {"version": "1", "phone": "+1 617 555 0199", "reach_via": "Text only"}
    assert "address" not in text_of(client.get(path)).lower().replace("no address", "")
    assert client.post(path, form).status_code == 302
    page = text_of(client.get(f"/people/parents/{parent.pk}/"))
    assert "(617) 555-0199" in page
    assert "Text only" in page


def test_a_case_manager_records_stage_pregnancy_and_kin(client):
    signed_in(client, Role.CASE_MANAGER)
    dyad = DyadFactory()
    CareLinkFactory(parent=dyad.parent, role=Role.CASE_MANAGER.value)
    parent = f"/people/parents/{dyad.parent_id}/"
    stage = {"seen": "postpartum", "stage": "parenting", "since": TODAY.isoformat()}
    due = {"key": str(uuid4()), "due_on": (TODAY + timedelta(days=90)).isoformat()}
    kin = {
        "key": str(uuid4()),
        "first_name": "Rosa",
        "kind": "kin",
        "authority": ["may_attend"],
        "starts": TODAY.isoformat(),
    }
    assert client.post(f"{parent}stage/", stage).status_code == 302
    assert client.post(f"{parent}pregnancy/", due).status_code == 302
    assert client.post(f"/people/{dyad.pk}/caregiver/", kin).status_code == 302
    page = text_of(client.get(f"/people/{dyad.pk}/"))
    for told in ("Parenting", "due May 30, 2027", "Rosa", "may not consent to care"):
        assert told in page


def test_authority_is_changed_and_a_dyad_ended_by_the_case_manager(client):
    signed_in(client, Role.CASE_MANAGER)
    dyad = DyadFactory()
    CareLinkFactory(parent=dyad.parent, role=Role.CASE_MANAGER.value)
    path = f"/people/{dyad.pk}/"
    form = {"kind": "guardian", "authority": ["may_consent"]}
    assert client.get(f"{path}authority/").status_code == 200
    assert client.post(f"{path}authority/", form).status_code == 302
    assert client.post(f"{path}end/", {"ends": TODAY.isoformat()}).status_code == 302
    [row] = stored(Dyad)
    assert (row.kind, row.may_attend, row.ends) == ("guardian", False, TODAY)


def test_a_child_s_name_is_corrected(client):
    signed_in(client)
    dyad = DyadFactory()
    form = {
        "version": "1",
        "child_first_name": "Lev",
        "child_last_name": "Example",
        "child_born": dyad.child.born.isoformat(),
    }
    assert client.get(f"/people/{dyad.pk}/child/").status_code == 200
    assert client.post(f"/people/{dyad.pk}/child/", form).status_code == 302
    assert stored(Child)[0].first_name == "Lev"


@pytest.mark.parametrize(
    "path",
    [
        "/people/{dyad}/",
        "/people/{dyad}/child/",
        "/people/parents/{parent}/",
        "/people/parents/{parent}/edit/",
        "/people/parents/{parent}/contact/",
        "/people/parents/{parent}/child/",
        "/people/parents/{parent}/pregnancy/",
        "/people/parents/{parent}/stage/",
    ],
)
def test_another_site_and_nothing_read_the_same(client, path):
    signed_in(client)
    elsewhere = DyadFactory(site_id=OTHER_SITE)
    there = client.get(path.format(dyad=elsewhere.pk, parent=elsewhere.parent_id))
    nowhere = client.get(path.format(dyad=uuid4(), parent=uuid4()))
    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert text_of(there) == text_of(nowhere)


def test_the_director_reads_and_finds_no_way_to_change(client):
    signed_in(client, Role.DIRECTOR)
    dyad = DyadFactory()
    page = text_of(client.get(f"/people/{dyad.pk}/"))
    assert "/edit/" not in page
    assert "/child/" not in page
    assert client.get(f"/people/parents/{dyad.parent_id}/edit/").status_code == 404


@pytest.mark.parametrize(
    ("path", "limit"),
    [("/people/", 10), ("/people/?q=ada", 10), ("/people/{dyad}/", 25)],
)
def test_statements_of_a_request(client, django_assert_max_num_queries, path, limit):
    signed_in(client)
    for _ in range(12):
        dyad = DyadFactory(parent=ParentFactory(folded="ada example"))
    SiteFactory(id=SITE)
    # PostgreSQL adds the site context and its transaction.
    extra = 0 if connection.vendor == "sqlite" else 4
    with django_assert_max_num_queries(limit + extra):
        assert client.get(path.format(dyad=dyad.pk)).status_code == 200


def test_a_page_number_that_is_none_is_the_first_page(client):
    assert signed_in(client).get("/people/?page=x").status_code == 200


def test_what_was_searched_is_shown_as_text(client):
    page = text_of(signed_in(client).get("/people/?q=<b>ana</b>"))
    assert "<b>ana" not in page


@pytest.mark.parametrize(
    "path",
    [
        "/people/{dyad}/",
        "/people/{dyad}/authority/",
        "/people/{dyad}/caregiver/",
        "/people/{dyad}/child/",
        "/people/{dyad}/end/",
        "/people/parents/{parent}/",
        "/people/parents/{parent}/edit/",
        "/people/parents/{parent}/stage/",
    ],
)
def test_a_closed_page_takes_as_many_statements_as_a_missing_one(client, path):
    signed_in(client, Role.CASE_MANAGER)
    closed = DyadFactory()
    CareLinkFactory(role=Role.CASE_MANAGER.value)
    counts = []
    for dyad, parent in ((closed.pk, closed.parent_id), (uuid4(), uuid4())):
        with CaptureQueriesContext(connection) as statements:
            answer = client.get(path.format(dyad=dyad, parent=parent))
        assert answer.status_code == 404
        counts.append(len(statements))
    assert counts[0] == counts[1]
