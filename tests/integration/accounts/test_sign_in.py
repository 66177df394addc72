"""Signing in, as a persona or properly, and the role switch: all audited."""

import pytest
from django.test import Client

from tests.factories import SITE, MembershipFactory, SiteFactory, UserFactory
from tests.integration import network
from trellis.core.access.vocabulary import Role
from trellis.records.audit.models import AuditEntry
from trellis.records.sites.models import Site


pytestmark = [pytest.mark.django_db]
NURSE = {"persona": "nurse.site1@demo.example"}


@pytest.fixture
def demo(settings):
    settings.DEMO_MODE = True
    settings.DEMO_SITES = 2
    return network.fill(sites=1)


@pytest.fixture
def here():
    return Client(REMOTE_ADDR="127.0.0.1", headers={"host": "localhost:8000"})


def actions():
    entries = AuditEntry.objects.filter(action__startswith="accounts.")
    return list(entries.order_by("sequence").values_list("action", flat=True))


def test_one_click_signs_in_as_a_persona_and_is_audited(demo, here):
    answer = here.post("/account/persona/", NURSE)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert actions() == ["accounts.demo-sign-in"]
    assert AuditEntry.objects.last().role == "nurse"


def test_outside_the_demo_there_are_no_personas(demo, here, settings):
    settings.DEMO_MODE = False
    assert here.post("/account/persona/", NURSE).status_code == 404
    assert actions() == []


@pytest.mark.parametrize(
    ("address", "host"),
    [("10.0.0.7", "localhost"), ("127.0.0.1", "trellis.example.org")],
)
def test_a_persona_signs_in_from_this_machine_alone(demo, settings, address, host):
    settings.ALLOWED_HOSTS = ["*"]
    away = Client(REMOTE_ADDR=address, headers={"host": host})
    assert away.post("/account/persona/", NURSE).status_code == 404
    assert "persona" not in away.get("/account/login/").content.decode()


def test_an_account_that_is_no_persona_never_signs_in_with_one_click(demo, here):
    user = UserFactory(email="ana@example.org")
    MembershipFactory(user=user, site=Site.objects.earliest("pk"))
    answer = here.post("/account/persona/", {"persona": "ana@example.org"})
    assert answer.status_code == 404


def test_a_click_needs_the_token_of_the_page(demo):
    strict = Client(
        enforce_csrf_checks=True,
        REMOTE_ADDR="127.0.0.1",
        headers={"host": "localhost:8000"},
    )
    assert strict.post("/account/persona/", NURSE).status_code == 403


def test_the_sign_in_page_lists_the_personas_and_what_is_still_prepared(demo, here):
    page = here.get("/account/login/").content.decode()
    assert 'value="nurse.site1@demo.example"' in page
    assert "1 more site is being prepared (1 of 2 ready)" in page


def test_a_right_and_a_wrong_password_and_leaving_are_audited(client):
    user = UserFactory(email="ana@example.org")
    MembershipFactory(user=user)
    client.post("/account/login/", {"login": user.email, "password": "wrong"})
    client.post(
        "/account/login/", {"login": user.email, "password": "correct horse battery"}
    )
    client.post("/account/logout/")
    assert actions() == [
        "accounts.sign-in-refused",
        "accounts.sign-in",
        "accounts.sign-out",
    ]
    entries = AuditEntry.objects.filter(action__startswith="accounts.")
    assert {entry.actor_id for entry in entries} == {user.pk}
    assert "wrong" not in str(list(entries.values_list("detail", flat=True)))


def test_a_password_for_nobody_is_an_entry_without_a_name(client):
    client.post("/account/login/", {"login": "no@example.org", "password": "x"})
    entry = AuditEntry.objects.get(action="accounts.sign-in-refused")
    assert entry.actor_id is None


@pytest.fixture
def two_roles(client):
    user = UserFactory()
    site = SiteFactory(id=SITE)
    MembershipFactory(user=user, site=site, role=Role.COORDINATOR.value)
    other = MembershipFactory(user=user, site=site, role=Role.NURSE.value)
    client.force_login(user)
    return other


def test_switching_role_is_one_tap_and_audited(two_roles, client):
    client.post("/account/role/", {"membership": two_roles.pk})
    assert AuditEntry.objects.get(action="accounts.switch-role").role == "nurse"
    assert "Nurse" in client.get("/").content.decode()


def test_nobody_switches_to_the_role_of_somebody_else(two_roles, client):
    theirs = MembershipFactory(user=UserFactory(), role=Role.PAEDIATRICS.value)
    answer = client.post("/account/role/", {"membership": theirs.pk})
    assert answer.status_code == 404
    assert not AuditEntry.objects.filter(
        action="accounts.switch-role", role="paediatrics"
    ).exists()


@pytest.mark.parametrize("given", ["", "x", "-1", "99999"])
def test_a_role_that_is_none_is_not_found(two_roles, client, given):
    assert client.post("/account/role/", {"membership": given}).status_code == 404
