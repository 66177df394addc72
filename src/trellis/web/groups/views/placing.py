"""One family into a cohort, from the family's own page."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from trellis.core.access.viewer import Permission
from trellis.core.errors import RuleRefused
from trellis.records.groups.cohorts import operations
from trellis.records.groups.cohorts.queries import CohortLine, cohort_list
from trellis.records.groups.families import Family
from trellis.records.groups.family_page.queries import (
    FamilyInGroups,
    family_in_groups,
)
from trellis.web.areas import area
from trellis.web.groups import words
from trellis.web.groups.forms import offer
from trellis.web.requests import TrellisRequest


class PlaceForm(forms.Form):
    """Which cohort."""

    cohort = forms.ChoiceField(
        label=gettext_lazy("Cohort"), choices=(), widget=forms.RadioSelect
    )


@area("groups")
@require_http_methods(["GET", "POST"])
def place(request: TrellisRequest, dyad_id: UUID) -> HttpResponse:
    """Choose a cohort for one family."""
    request.viewer.require(Permission.GROUPS_COHORT_PLAN)
    told = family_in_groups(viewer=request.viewer, dyad_id=dyad_id)
    choices = _choices(cohort_list(viewer=request.viewer), told)
    sent = request.POST if request.method == "POST" else None
    form = offer(PlaceForm(sent), "cohort", choices)
    if form.is_valid() and _is_placed(request, form, told):
        return redirect("people:dyad", dyad_id=dyad_id)
    name, url = _name(told.family), reverse("people:dyad", args=[dyad_id])
    context = {
        "form": form,
        "name": name,
        "has_choice": bool(choices),
        "back": url,
        "crumbs": [
            {"label": _("People"), "url": reverse("people:find")},
            {"label": name, "url": url},
            {"label": _("Place in a cohort")},
        ],
    }
    status = 422 if form.errors else 200
    return render(request, "groups/place.html", context, status=status)


def _is_placed(request: TrellisRequest, form: forms.Form, told: FamilyInGroups) -> bool:
    """Whether the family is in the cohort now; a refusal is put on the form."""
    try:
        warnings = operations.place_in_cohort(
            by=request.viewer,
            cohort_id=UUID(form.cleaned_data["cohort"]),
            dyad_ids=(told.family.dyad_id,),
            on=request.viewer.today,
        )
    except RuleRefused as refusal:
        form.add_error("cohort", words.refusal_text(refusal))
        return False
    for warning in warnings:
        messages.warning(request, str(words.WARNINGS[warning]))
    messages.success(request, _("The family is in the cohort."))
    return True


def _choices(
    lines: tuple[CohortLine, ...], told: FamilyInGroups
) -> list[tuple[str, str]]:
    """The open cohorts but those the family is in."""
    own = {one.cohort_id for one in told.group.cohorts}
    others = (one for one in lines if one.head.cohort_id not in own)
    return [(str(one.head.cohort_id), _choice(one)) for one in others]


def _name(family: Family) -> str:
    names = (family.parent_name, family.child_name)
    return _(" and ").join(name for name in names if name)


def _choice(one: CohortLine) -> str:
    """Monday Robins, English, 6 families, next session March 1, 2027."""
    n = one.members
    families = ngettext("%(n)s family", "%(n)s families", n) % {"n": n}
    parts = [one.head.name, words.language_word(one.head.language), families]
    if one.next_session is not None:
        on = date_format(timezone.localdate(one.next_session), "DATE_FORMAT")
        parts.append(_("next session %(date)s") % {"date": on})
    return " · ".join(parts)
