"""How allauth behaves here: members only, no sign-up."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class MembersOnlyAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # untyped
    """Accounts are made by an administrator; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def populate_username(self, request: HttpRequest, user: Any) -> None:  # noqa: ANN401 - allauth's signature
        """Nothing to do: the e-mail address is the name."""
