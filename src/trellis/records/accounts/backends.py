"""Signing in by e-mail and password; one statement fetches user and memberships."""

from __future__ import annotations

from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend

from trellis.records.accounts.models import Membership, User


class MembersBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth is untyped
    """allauth's back end, whose users arrive with their memberships."""

    def get_user(self, user_id: UUID) -> User | None:
        """The active user; ``user.held`` lists the memberships (1 statement)."""
        rows = Membership.objects.filter(user_id=user_id, user__is_active=True)
        held = list(
            rows.select_related("user", "organisation", "site", "integrated_unit")
        )
        if not held:
            return User.objects.filter(pk=user_id, is_active=True).first()
        user = held[0].user
        user.held = held  # type: ignore[attr-defined]  # read by accounts.queries
        return user
