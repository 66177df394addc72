"""The chart of one child, beginning a visit from it, and the list to sign."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from trellis.core.access.viewer import Permission
from trellis.core.errors import RuleRefused
from trellis.core.people.visits import visit_on
from trellis.records.clinical import operations, queries
from trellis.records.immunization.queries import registry_forecasts
from trellis.web.areas import area
from trellis.web.clinical import pages
from trellis.web.clinical.forms import BeginForm, SignForm
from trellis.web.clinical.words import refusal_text
from trellis.web.requests import TrellisRequest


@area("charts")
@require_GET
def chart(request: TrellisRequest, child_id: UUID) -> HttpResponse:
    """Growth, vaccines, visits and problems of one child."""
    found = queries.child_chart(viewer=request.viewer, child_id=child_id)
    context = pages.chart_page(found)
    return render(request, "clinical/chart.html", context)


@area("charts")
@require_GET
def registry(request: TrellisRequest, child_id: UUID) -> HttpResponse:
    """What registries say is due, as theirs: a part of the chart, or a page."""
    lines = registry_forecasts(viewer=request.viewer, child_id=child_id)
    context = {"rows": pages.registry_rows(lines), "child_id": child_id}
    name = "_registry.html" if request.htmx else "registry.html"
    return render(request, f"clinical/{name}", context)


@area("charts")
@require_POST
def begin(request: TrellisRequest, child_id: UUID) -> HttpResponse:
    """Begin today's visit of a child, or go to the one begun already."""
    form = BeginForm(request.POST)
    if not form.is_valid():
        return redirect("clinical:chart", child_id)
    on = timezone.localdate(request.viewer.at)
    found = queries.child_chart(viewer=request.viewer, child_id=child_id)
    encounter_id = operations.begin_encounter(
        by=request.viewer,
        encounter_id=form.cleaned_data["key"],
        child_id=child_id,
        on=on,
        visit=visit_on(found.child.born, on) or "",
    )
    return redirect("clinical:visit", encounter_id)


@area("charts")
@require_GET
def signing(request: TrellisRequest) -> HttpResponse:
    """The visits that wait for a signature."""
    return _signing(request, None)


@area("charts")
@require_POST
def sign(request: TrellisRequest) -> HttpResponse:
    """Sign the chosen visits, each of which was opened before."""
    form = SignForm(request.POST)
    chosen = form.chosen() if form.is_valid() else ()
    try:
        count = operations.sign_opened(by=request.viewer, encounter_ids=chosen)
    except RuleRefused as refusal:
        return _signing(request, refusal_text(refusal))
    if not count:
        return _signing(request, _("Choose the visits to sign; open them first."))
    told = ngettext("%(n)s visit signed.", "%(n)s visits signed.", count)
    messages.success(request, told % {"n": count})
    return redirect("clinical:sign")


def _signing(request: TrellisRequest, refusal: str | None) -> HttpResponse:
    request.viewer.require(Permission.CLINICAL_ENCOUNTER_SIGN)
    on = timezone.localdate(request.viewer.at)
    lines = queries.signing_list(viewer=request.viewer, on=on)
    context = {**pages.signing_context(lines), "refusal": refusal}
    status = 422 if refusal else 200
    return render(request, "clinical/signing.html", context, status=status)
