"""The page of one visit: measuring, vaccines, the note; live on every device."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from trellis.core.access.viewer import Permission
from trellis.core.errors import InvalidInput, NeedsConfirmation, RuleRefused
from trellis.records.clinical import operations, queries
from trellis.records.clinical.lines import VisitPage
from trellis.records.groups import queries as groups
from trellis.web.areas import area
from trellis.web.clinical import pages
from trellis.web.clinical.forms import (
    AddendumForm,
    MeasureForm,
    NoteForm,
    ReasonForm,
)
from trellis.web.clinical.words import reasons_to_look, refusal_text
from trellis.web.requests import TrellisRequest


CARDS = {"measure": "clinical/_measure.html", "note": "clinical/_note.html"}


@area("charts")
@require_GET
def visit(request: TrellisRequest, encounter_id: UUID) -> HttpResponse:
    """The working page; for who signs, opening it is reading it."""
    return _page(request, encounter_id)


@area("charts")
@require_GET
def live(request: TrellisRequest, encounter_id: UUID) -> HttpResponse:
    """204 while nothing changed, else the changed parts; asked every two seconds."""
    seen = request.GET.get("seen", "")
    now = queries.visit_revision(viewer=request.viewer, encounter_id=encounter_id)
    if seen == str(now):
        return HttpResponse(status=204)
    context = pages.visit_context(request, _read(request, encounter_id))
    return render(request, "clinical/_live.html", {**context, "is_oob": True})


@area("charts")
@require_POST
def measure(request: TrellisRequest, encounter_id: UUID) -> HttpResponse:
    """Keep weight, length and head; z-scores come back at once."""
    form = MeasureForm(request.POST)
    asked: list[str] = []
    if form.is_valid():
        try:
            operations.record_measurements(
                by=request.viewer, encounter_id=encounter_id, **form.as_measured()
            )
        except NeedsConfirmation as unusual:
            asked = reasons_to_look(unusual)
        except (RuleRefused, InvalidInput) as refusal:
            form.add_error(None, refusal_text(refusal))
    if form.errors or asked:
        bound = {"measure_form": form, "asked": asked}
        return _again(request, encounter_id, "measure", bound)
    return _done(request, encounter_id, "measure", _("Measurements saved."))


@area("charts")
@require_POST
def dose(request: TrellisRequest, encounter_id: UUID) -> HttpResponse:
    """Record one dose given to this child."""
    page = queries.visit_page(viewer=request.viewer, encounter_id=encounter_id)
    lots = groups.laid_out(viewer=request.viewer, encounter_id=encounter_id)
    form = pages.dose_form(request, page, lots, data=request.POST)
    if form.is_valid():
        try:
            operations.give_dose(
                by=request.viewer,
                key=form.cleaned_data["key"],
                encounter_id=encounter_id,
                dose=form.dose(),
                name_confirmed=form.cleaned_data["name_confirmed"],
                born_confirmed=form.cleaned_data["born_confirmed"],
            )
        except (RuleRefused, InvalidInput) as refusal:
            form.add_error(None, refusal_text(refusal))
    if form.errors:
        return _dose_page(request, encounter_id, form)
    messages.success(request, _("Dose recorded."))
    return redirect("clinical:visit", encounter_id)


@area("charts")
@require_GET
def new_dose(request: TrellisRequest, encounter_id: UUID) -> HttpResponse:
    """The form of one dose, with the lots laid out for today."""
    return _dose_page(request, encounter_id, None)


@area("charts")
@require_POST
def note(request: TrellisRequest, encounter_id: UUID) -> HttpResponse:
    """Save the note, or save and sign it in one act."""
    form = NoteForm(request.POST)
    is_signing = request.POST.get("then") == "sign"
    if form.is_valid():
        try:
            _write(request, encounter_id, form, is_signing=is_signing)
        except (RuleRefused, InvalidInput) as refusal:
            form.add_error(None, refusal_text(refusal))
    if form.errors:
        return _again(request, encounter_id, "note", {"note_form": form})
    if is_signing:
        messages.success(request, _("Visit signed."))
        return _go(request, encounter_id)
    return _done(request, encounter_id, "note", _("Note saved."))


@area("charts")
@require_POST
def addendum(request: TrellisRequest, encounter_id: UUID) -> HttpResponse:
    """Add to a signed visit."""
    form = AddendumForm(request.POST)
    if form.is_valid():
        try:
            operations.add_addendum(
                by=request.viewer, encounter_id=encounter_id, **form.cleaned_data
            )
        except (RuleRefused, InvalidInput) as refusal:
            form.add_error(None, refusal_text(refusal))
    if form.errors:
        return _page(request, encounter_id, addendum_form=form, status=422)
    messages.success(request, _("Addendum saved."))
    return redirect("clinical:visit", encounter_id)


@area("charts")
@require_http_methods(["GET", "POST"])
def in_error(request: TrellisRequest, encounter_id: UUID) -> HttpResponse:
    """Mark the whole visit as entered in error, with a reason."""
    return _wrong_entry(
        request,
        encounter_id,
        _("Mark this visit as entered in error"),
        partial(operations.mark_entered_in_error, encounter_id=encounter_id),
    )


@area("charts")
@require_http_methods(["GET", "POST"])
def void_dose(
    request: TrellisRequest, encounter_id: UUID, dose_id: UUID
) -> HttpResponse:
    """Mark one dose as entered in error, with a reason."""
    return _wrong_entry(
        request,
        encounter_id,
        _("Void a dose"),
        partial(operations.void_dose, dose_id=dose_id),
    )


@area("charts")
@require_http_methods(["GET", "POST"])
def strike_out(
    request: TrellisRequest, encounter_id: UUID, measurement_id: UUID
) -> HttpResponse:
    """Mark one measurement as entered in error, with a reason."""
    return _wrong_entry(
        request,
        encounter_id,
        _("Mark a measurement as wrong"),
        partial(operations.mark_measurement_in_error, measurement_id=measurement_id),
    )


def _wrong_entry(
    request: TrellisRequest, encounter_id: UUID, title: str, act: Callable[..., None]
) -> HttpResponse:
    page = queries.visit_page(viewer=request.viewer, encounter_id=encounter_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            act(by=request.viewer, reason=form.cleaned_data["reason"])
        except (RuleRefused, InvalidInput) as refusal:
            form.add_error(None, refusal_text(refusal))
        else:
            messages.success(request, _("Marked. The entry stays readable."))
            return redirect("clinical:visit", encounter_id)
    context = {**pages.visit_context(request, page), "form": form, "title": title}
    status = 422 if form.errors else 200
    return render(request, "clinical/wrong_entry.html", context, status=status)


def _read(request: TrellisRequest, encounter_id: UUID) -> VisitPage:
    """The visit; who may sign a draft has opened it by having it shown."""
    page = queries.visit_page(viewer=request.viewer, encounter_id=encounter_id)
    may_sign = request.viewer.may(Permission.CLINICAL_ENCOUNTER_SIGN)
    if may_sign and page.is_draft and not page.is_opened_by_viewer:
        operations.open_for_signing(
            by=request.viewer, encounter_id=encounter_id, revision=page.revision
        )
    return page


def _page(
    request: TrellisRequest, encounter_id: UUID, *, status: int = 200, **bound: object
) -> HttpResponse:
    page = _read(request, encounter_id)
    context = pages.visit_context(request, page, **bound)
    return render(request, "clinical/visit.html", context, status=status)


def _again(
    request: TrellisRequest, encounter_id: UUID, card: str, bound: dict[str, Any]
) -> HttpResponse:
    """The form with what was typed and why it was not kept."""
    if not request.htmx:
        return _page(request, encounter_id, status=422, **bound)
    page = queries.visit_page(viewer=request.viewer, encounter_id=encounter_id)
    context = pages.visit_context(request, page, **bound)
    return render(request, CARDS[card], context, status=422)


def _done(
    request: TrellisRequest, encounter_id: UUID, card: str, told: str
) -> HttpResponse:
    """The card as it stands now (htmx), or back to the page."""
    if not request.htmx:
        messages.success(request, told)
        return redirect("clinical:visit", encounter_id)
    context = pages.visit_context(request, _read(request, encounter_id), told=told)
    answer = render(request, CARDS[card], context)
    answer["HX-Trigger"] = "visit-changed"
    return answer


def _go(request: TrellisRequest, encounter_id: UUID) -> HttpResponse:
    """Load the page anew, with or without htmx."""
    answer = redirect("clinical:visit", encounter_id)
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": answer["Location"]})
    return answer


def _write(
    request: TrellisRequest, encounter_id: UUID, form: NoteForm, *, is_signing: bool
) -> None:
    saved: dict[str, Any] = {
        "by": request.viewer,
        "encounter_id": encounter_id,
        "version": form.cleaned_data["version"],
        "note": form.note(),
    }
    if is_signing:
        revision = form.cleaned_data["revision"] or 0
        operations.sign_encounter(revision=revision, **saved)
    else:
        operations.write_note(**saved)


def _dose_page(
    request: TrellisRequest, encounter_id: UUID, bound: object
) -> HttpResponse:
    page = queries.visit_page(viewer=request.viewer, encounter_id=encounter_id)
    lots = groups.laid_out(viewer=request.viewer, encounter_id=encounter_id)
    form = bound or pages.dose_form(request, page, lots)
    context = pages.visit_context(request, page, form=form)
    status = 422 if bound else 200
    return render(request, "clinical/dose.html", context, status=status)
