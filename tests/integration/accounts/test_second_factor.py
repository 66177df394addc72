"""Nobody works here on a password alone."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client

from tests.factories import MembershipFactory, UserFactory


pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
SET_UP = "/account/2fa/totp/activate/"


@pytest.fixture
def member():
    user = UserFactory(email="sam@clinic.example")
    MembershipFactory(user=user)
    return user


@pytest.fixture
def by_password(member):
    browser = Client()
    entry = {"login": member.email, "password": PASSWORD}
    assert browser.post("/account/login/", entry).status_code == 302
    return browser


@pytest.mark.parametrize("address", ["/", "/people/", "/groups/", "/imports/"])
def test_a_password_alone_leads_to_setting_up_the_second_factor(by_password, address):
    answer = by_password.get(address)
    assert (answer.status_code, answer["Location"]) == (302, SET_UP)


def test_the_way_out_stays_open(by_password):
    assert by_password.get("/account/logout/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_once_it_is_set_up_the_day_opens(by_password):
    page = by_password.get(SET_UP)
    if page.status_code == 302:  # the password once more, before a change like this
        by_password.post(page["Location"], {"password": PASSWORD})
        page = by_password.get(SET_UP)
    code = format_hotp_value(
        hotp_value(page.context["form"].secret, int(time.time()) // 30)
    )
    assert by_password.post(SET_UP, {"code": code}).status_code == 302
    assert by_password.get("/").status_code == 200


def test_wrong_passwords_are_slowed_down(member):
    browser = Client()
    entry = {"login": member.email, "password": "not this one"}
    answers = [browser.post("/account/login/", entry) for _ in range(7)]
    right = browser.post("/account/login/", {**entry, "password": PASSWORD})
    assert answers[0].status_code == 200
    assert right.status_code != 302
    assert "_auth_user_id" not in browser.session


@pytest.mark.parametrize(
    "address",
    [
        "/account/password/reset/",
        "/account/email/",
        "/account/confirm-email/",
        "/account/login/code/confirm/",
    ],
)
def test_nothing_is_done_by_mail(client, address):
    assert client.get(address).status_code == 404


def test_what_the_app_shares_with_us_is_sealed(member):
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    TOTP.activate(member, secret)
    kept = Authenticator.objects.get(user=member)
    assert secret not in str(kept.data)
    assert TOTP(kept).validate_code(
        format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    )
