"""What the groups' pages send. Shape only; the rules live in core.groups."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from trellis.core.groups.agendas import GROUP_VISITS
from trellis.core.groups.cohorts import PLACES
from trellis.core.groups.vaccine_products import PRODUCTS
from trellis.web.groups.words import LANGUAGES, REASONS, VISITS
from trellis.web.people.words import KINDS
from trellis.web.sentences import product_label
from trellis.web.widgets import IsoDateInput, TimeInput


MARKS = ("arrived", "late", "absent", "left_early", "expected")
NO_CHOICE = ("", "–")


class KeyForm(forms.Form):
    """A form that makes something: its key is the new row's, and made once."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class MarkForm(forms.Form):
    """Who came: one press beside a name."""

    version = forms.IntegerField(min_value=1)
    mark = forms.ChoiceField(choices=[(mark, mark) for mark in MARKS])
    reason = forms.ChoiceField(choices=[NO_CHOICE, *REASONS.items()], required=False)
    came_with = forms.ChoiceField(choices=[NO_CHOICE, *KINDS.items()], required=False)


class AgreementForm(forms.Form):
    """Whether a family's agreement is on file."""

    version = forms.IntegerField(min_value=1)
    has_agreement = forms.BooleanField(required=False)


class CircleForm(forms.Form):
    """What the circle talked about."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    topic = forms.CharField(label=_("Topics"), max_length=200, required=False)
    text = forms.CharField(
        label=_("Circle record"),
        help_text=_("What the group talked about. Nobody is named, no family's facts."),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class CohortForm(KeyForm):
    """A new cohort."""

    name = forms.CharField(
        label=_("Name"),
        max_length=60,
        help_text=_("A neutral name, such as Monday Robins."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES.items())
    places = forms.IntegerField(
        label=_("Places"),
        min_value=PLACES[0],
        max_value=PLACES[-1],
        initial=8,
        help_text=_("Families, from 1 to 12."),
    )


class ChangeCohortForm(forms.Form):
    """Name, language and places of a cohort."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label=_("Name"), max_length=60)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES.items())
    places = forms.IntegerField(
        label=_("Places"), min_value=PLACES[0], max_value=PLACES[-1]
    )


class MembersForm(forms.Form):
    """Families to put into a cohort, or on the list of a session."""

    dyad = forms.MultipleChoiceField(
        label=_("Families"), widget=forms.CheckboxSelectMultiple
    )


class DateForm(KeyForm):
    """One date of a series; an empty line plans nothing."""

    use_required_attribute = False
    visit = forms.ChoiceField(
        label=_("Visit"),
        choices=[NO_CHOICE, *((visit, VISITS[visit]) for visit in GROUP_VISITS)],
        required=False,
    )
    on = forms.DateField(label=_("Date"), widget=IsoDateInput, required=False)
    starts = forms.TimeField(label=_("From"), widget=TimeInput, required=False)
    ends = forms.TimeField(label=_("Until"), widget=TimeInput, required=False)
    room = forms.CharField(label=_("Room"), max_length=60, required=False)

    def clean(self) -> dict[str, Any]:
        """A line with a date has its times too."""
        given = super().clean() or {}
        if given.get("on"):
            for name in ("starts", "ends"):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, _("Enter a time."))
        return given


class MoveForm(forms.Form):
    """Another time or room for a session."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    on = forms.DateField(label=_("Date"), widget=IsoDateInput)
    starts = forms.TimeField(label=_("From"), widget=TimeInput)
    ends = forms.TimeField(label=_("Until"), widget=TimeInput)
    room = forms.CharField(label=_("Room"), max_length=60, required=False)


class VersionForm(forms.Form):
    """An act on something as it was seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class VaccineForm(KeyForm):
    """A lot laid out for a session."""

    product = forms.ChoiceField(
        label=_("Vaccine"),
        choices=[
            NO_CHOICE,
            *((one.key, product_label(one.name, one.disease)) for one in PRODUCTS),
        ],
    )
    lot = forms.CharField(label=_("Lot"), max_length=30)
    expires_on = forms.DateField(label=_("Expires"), widget=IsoDateInput)
    vis_edition_on = forms.DateField(
        label=_("Date of the information sheet"),
        widget=IsoDateInput,
        required=False,
        help_text=_("Printed at the foot of the sheet handed out."),
    )


class TeamForm(forms.Form):
    """Who stands in the team of a session."""

    team = forms.MultipleChoiceField(
        label=_("Team"), required=False, widget=forms.CheckboxSelectMultiple
    )


def offer(form: forms.Form, field: str, choices: list[tuple[str, str]]) -> forms.Form:
    """The form with these choices in a field of it."""
    chosen = form.fields[field]
    if isinstance(chosen, forms.ChoiceField):
        chosen.choices = choices
    return form


class MakeUpForm(forms.Form):
    """How far a make-up is."""

    version = forms.IntegerField(min_value=1)
    state = forms.ChoiceField(
        choices=[(word, word) for word in ("open", "booked", "done")]
    )
    session = forms.UUIDField(required=False)  # the page it was pressed on
