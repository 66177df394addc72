"""Nobody works here on a password alone: the second factor, asked at the door.

allauth asks for the code of whoever has set one up. This closes what is left: an
account without a second factor is led to set it up before anything else opens.
"""

from __future__ import annotations

from typing import Any, Final

from allauth.account.authentication import get_authentication_records
from allauth.mfa.signals import authenticator_added
from django.dispatch import receiver
from django.http import HttpRequest


PERSONA: Final = "demo_persona"  # one click, in the demo alone (personas.py)
JUST_SET_UP: Final = "second_factor_set_up"


def is_missing(request: HttpRequest) -> bool:
    """Whether this session was opened without a second factor. No statement."""
    session = request.session
    if session.get(PERSONA) or session.get(JUST_SET_UP):
        return False
    records = get_authentication_records(request, request.user)
    return all(record.get("method") != "mfa" for record in records)


@receiver(authenticator_added)
def remember_set_up(request: HttpRequest, **_sent: Any) -> None:  # noqa: ANN401 - Django's signature
    """Setting it up took a valid code: this session need not be asked again."""
    request.session[JUST_SET_UP] = True
