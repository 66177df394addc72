"""A form with every kind of control, for the gallery alone."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from trellis.web.widgets import IsoDateInput, MeasureInput, TimeInput


ARRIVALS = [("on_time", _("On time")), ("late", _("Late")), ("absent", _("Absent"))]
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]


class GalleryForm(forms.Form):
    """Nothing is saved; the bound copy shows what errors look like."""

    chosen_name = forms.CharField(
        label=_("Chosen name"), help_text=_("The name the family wants to hear.")
    )
    born_on = forms.DateField(label=_("Date of birth"), widget=IsoDateInput)
    weight_kg = forms.DecimalField(
        label=_("Weight"), min_value=0, widget=MeasureInput, help_text=_("Undressed.")
    )
    arrives_at = forms.TimeField(label=_("Arrives"), widget=TimeInput, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    arrival = forms.ChoiceField(
        label=_("Arrival"), choices=ARRIVALS, widget=forms.RadioSelect
    )
    needs = forms.MultipleChoiceField(
        label=_("Needs for the day"),
        choices=[("ride", _("A ride")), ("interpreter", _("An interpreter"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    is_confirmed = forms.BooleanField(
        label=_("I checked the child's name and birth date")
    )
    note = forms.CharField(label=_("Note"), widget=forms.Textarea, required=False)
