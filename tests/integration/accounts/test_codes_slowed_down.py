"""The second factor is no shorter way in: wrong codes are slowed down too."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.urls import reverse

from tests.factories import MembershipFactory


pytestmark = pytest.mark.django_db


def test_after_five_wrong_codes_the_right_one_is_not_even_looked_at(client):
    user = MembershipFactory(user__email="jo@clinic.example").user
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    password = {"login": "jo@clinic.example", "password": "correct horse battery"}
    asked = client.post(reverse("account_login"), password)
    assert asked["Location"] == reverse("mfa_authenticate")
    for _ in range(6):
        last = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "_auth_user_id" not in client.session
    text = last.content.decode()
    assert last.status_code == 429 or "Too many" in text, text[-3000:]
