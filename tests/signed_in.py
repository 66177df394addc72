"""A session opened past the sign-in page, as if password and code had been given."""

import time

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY


def with_second_factor(client):
    """Note both factors in the session of a client that is already signed in."""
    session = client.session
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "password", "at": time.time()},
        {"method": "mfa", "at": time.time()},
    ]
    session.save()
