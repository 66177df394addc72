"""The filter above the access trail."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trellis.records.access.queries import TrailFilter
from trellis.records.accounts.queries import account_of
from trellis.web.widgets import IsoDateInput


ACTIONS = (
    ("", gettext_lazy("Everything")),
    ("accounts.", gettext_lazy("Signing in and roles")),
    ("people.", gettext_lazy("Families")),
    ("clinical.", gettext_lazy("Charts")),
    ("groups.", gettext_lazy("Groups")),
    ("imports.", gettext_lazy("Imports")),
    ("access.", gettext_lazy("This trail")),
)


EVER = date(1900, 1, 1)  # nothing was recorded before
NEVER = date(2900, 1, 1)


def _midnight(day: date | None) -> datetime | None:
    """The instant a day began at the site; None where it lies before any entry."""
    if day is None or day < EVER:
        return None
    return datetime.combine(min(day, NEVER), time(), timezone.get_current_timezone())


class TrailForm(forms.Form):
    """Dates at the site, one account, one kind of action."""

    since = forms.DateField(
        label=gettext_lazy("From"), required=False, widget=IsoDateInput()
    )
    until = forms.DateField(
        label=gettext_lazy("Up to"), required=False, widget=IsoDateInput()
    )
    person = forms.EmailField(
        label=gettext_lazy("E-mail address of the account"), required=False
    )
    action = forms.ChoiceField(
        label=gettext_lazy("What"), required=False, choices=ACTIONS
    )
    before = forms.IntegerField(
        required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput()
    )

    def clean(self) -> dict[str, Any]:
        """The end does not lie before the beginning; the account exists."""
        cleaned: dict[str, Any] = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("The end lies before the beginning."))
        email = cleaned.get("person")
        if email:
            account = account_of(email)
            if account is None:
                self.add_error("person", _("No account has this address."))
            cleaned["actor_id"] = account.pk if account else None
        return cleaned

    def among(self) -> TrailFilter:
        """The filter asked for; everything while something wrong is typed."""
        if not self.is_bound or not self.is_valid():
            return TrailFilter()
        given = self.cleaned_data
        until = given["until"]
        is_open_ended = until is None or until >= NEVER
        return TrailFilter(
            since=_midnight(given["since"]),
            until=None if is_open_ended else _midnight(until + timedelta(days=1)),
            actor_id=given.get("actor_id"),
            action=given["action"],
            before=given["before"],
        )
