"""Sign-in, codes and passwords in our own frame; nobody signs up."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value

from trellis.records.accounts.models import User


pytestmark = pytest.mark.django_db
PASSWORD = "a long quiet river"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def nurse():
    return User.objects.create_user("sam@clinic.example", PASSWORD, "Sam T.")


@pytest.fixture
def signed_in(client, nurse):
    client.post("/account/login/", entry(nurse))
    return client


@pytest.fixture
def confirmed(signed_in):
    """Changes to the codes ask for the password once more."""
    sure = {"password": PASSWORD, "next": "/account/2fa/"}
    assert signed_in.post("/account/reauthenticate/", sure).status_code == 302
    return signed_in


def entry(user, password=PASSWORD):
    return {"login": user.email, "password": password, "next": "/account/2fa/"}


def page(answer):
    html = answer.content.decode()
    assert '<main id="main"' in html
    assert not re.search(r"\sstyle=", html)
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    return html


def test_the_sign_in_page_is_in_our_frame_and_offers_no_sign_up(client):
    html = page(client.get("/account/login/"))
    assert "Sign in" in html
    assert "signup" not in html


def test_a_wrong_password_is_explained_above_the_form(client, nurse):
    html = page(client.post("/account/login/", entry(nurse, "not the password")))
    assert "data-error-summary" in html
    assert "There is a problem" in html


def test_nobody_signs_up(client):
    answer = client.get("/account/signup/")
    html = page(answer)
    assert "administrator of your site" in html
    assert "password1" not in html


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/account/password/change/", "Change password"),
        ("/account/2fa/", "Sign-in codes"),
        ("/account/2fa/totp/activate/", "Set up the authenticator app"),
        ("/account/logout/", "Sign out"),
        ("/account/reauthenticate/", "Confirm it is you"),
    ],
)
def test_the_account_pages_are_in_our_frame(confirmed, path, title):
    answer = confirmed.get(path)
    assert answer.status_code == 200
    assert title in page(answer)
    assert "no-store" in answer["Cache-Control"]


def test_the_qr_code_is_a_data_image_the_policy_allows(confirmed):
    html = page(confirmed.get("/account/2fa/totp/activate/"))
    assert 'src="data:image/svg+xml' in html


def test_with_an_authenticator_app_the_code_is_asked_for(client, nurse):
    TOTP.activate(nurse, SECRET)
    answer = client.post("/account/login/", entry(nurse), follow=True)
    assert "Enter your code" in page(answer)
    wrong = client.post("/account/2fa/authenticate/", {"code": "000000"})
    assert "data-error-summary" in page(wrong)
    counter = int(time.time()) // 30
    code = format_hotp_value(hotp_value(SECRET, counter))
    right = client.post("/account/2fa/authenticate/", {"code": code})
    assert right.status_code == 302


def test_setting_up_the_app_asks_for_the_password_once_more(signed_in):
    answer = signed_in.get("/account/2fa/totp/activate/")
    assert answer["Location"].startswith("/account/reauthenticate/")


def test_recovery_codes_are_listed_once_made(confirmed, nurse):
    TOTP.activate(nurse, SECRET)
    made = confirmed.post("/account/2fa/recovery-codes/generate/", follow=True)
    html = page(made)
    assert "Recovery codes" in html
    assert html.count("<li>") >= 10
    assert Authenticator.objects.filter(user=nurse).count() == 2
