"""How allauth behaves here: members only, no sign-up, every sign-in audited."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

from trellis.records.access.door import note_at_the_door
from trellis.records.access.vault import Cell, seal, unseal
from trellis.records.accounts import operations, queries
from trellis.web.viewers import now


class MembersOnlyAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # untyped
    """Accounts are made by an administrator; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def populate_username(self, request: HttpRequest, user: Any) -> None:  # noqa: ANN401 - allauth's signature
        """Nothing to do: the e-mail address is the name."""

    def login(self, request: HttpRequest, user: Any) -> None:  # noqa: ANN401 - allauth's signature
        """Sign in, after the second factor where there is one, and say so."""
        super().login(request, user)
        at = now()
        held = queries.held_memberships(user, at.date())
        if held:
            operations.note_sign_in(by=queries.viewer_of(held[0], at=at))
        else:
            note_at_the_door("accounts.sign-in", at=at, account=user.pk)

    def logout(self, request: HttpRequest) -> None:
        """Say so, and sign out."""
        viewer = getattr(request, "viewer", None)
        if viewer is not None:
            operations.note_sign_out(by=viewer)
        super().logout(request)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:  # noqa: ANN401 - allauth's signature
        """A wrong password: an entry that names the account, never what was typed."""
        super().authentication_failed(request, **credentials)
        account = queries.account_of(str(credentials.get("email") or ""))
        note_at_the_door(
            "accounts.sign-in-refused",
            at=now(),
            account=account.pk if account else None,
        )


class SealedCodesAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # untyped
    """Keeps what an authenticator app shares with us sealed by the vault.

    allauth does not say which row it is about to write, so the cell is the column's.
    """

    CELL = Cell("mfa_authenticator", UUID(int=0), "data")

    def encrypt(self, text: str) -> str:
        """Sealed, for the database."""
        return seal(text, self.CELL)

    def decrypt(self, encrypted_text: str) -> str:
        """As it was."""
        return unseal(encrypted_text, self.CELL)
