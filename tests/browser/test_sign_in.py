"""The way in: password and code, with and without JavaScript, checked as any page."""

import time

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from tests.browser.checks import check_page
from tests.browser.conftest import PHONE
from tests.factories import MembershipFactory, UserFactory


pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "correct horse battery"


@pytest.fixture
def member():
    user = UserFactory(email="sam@clinic.example", name="Sam T.")
    MembershipFactory(user=user)
    TOTP.activate(user, SECRET)
    return user


def current_code():
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))


def sign_in_by_hand(page, user):
    """As a person does it: address, password, then the code of the telephone."""
    page.goto("/account/login/")
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.locator("input[name=code]").fill(current_code())
    page.locator("main form button").first.click()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_password_and_code_open_the_day(a_device, member, script):
    page = a_device(PHONE, script=script)
    sign_in_by_hand(page, member)
    page.wait_for_url(lambda url: "/account/" not in url)
    assert "sessionid" in {cookie["name"] for cookie in page.context.cookies()}


def test_the_sign_in_page_passes_every_check(a_device):
    page = a_device()
    check_page(page, page.goto("/account/login/"))
