"""Imports: choose a file, look at it, bring it in, answer what is unclear, undo."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from trellis.core.errors import InvalidInput, RuleRefused
from trellis.records.imports import queries
from trellis.records.imports.operations import save_mapping
from trellis.records.imports.outcomes import Fate
from trellis.records.imports.reviews.operations import decide_review
from trellis.records.imports.templates import template_csv, template_xlsx
from trellis.records.imports.undoing.operations import undo_import
from trellis.records.imports.uploads.operations import (
    check_upload,
    confirm_upload,
    discard_upload,
    map_upload,
)
from trellis.web import answers
from trellis.web.areas import area
from trellis.web.imports import pages
from trellis.web.imports.forms import MappingForm, UploadForm
from trellis.web.imports.words import STEPS
from trellis.web.requests import TrellisRequest


WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@area("imports")
@require_GET
def list_runs(request: TrellisRequest) -> HttpResponse:
    """What was brought in, when and by whom."""
    given = request.GET.get("page", "")
    number = int(given[:6]) if given.isdecimal() and int(given[:6]) else 1
    found = queries.runs(viewer=request.viewer, page=number)
    return render(request, "imports/list.html", pages.list_page(found, number))


@area("imports")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: TrellisRequest) -> HttpResponseBase:
    """Choose files; they are looked at, and nothing is saved yet."""
    mappings = queries.saved_mappings(viewer=request.viewer)
    form = UploadForm(request.POST or None, request.FILES or None, mappings=mappings)
    if request.method == "POST" and form.is_valid():
        try:
            run_id = check_upload(
                by=request.viewer,
                upload_id=form.cleaned_data["key"],
                kind=form.cleaned_data["kind"],
                files=form.contents,
                mapping=form.columns,
            )
            return redirect("imports:run", run_id)
        except (InvalidInput, RuleRefused) as refusal:
            form.add_error("uploads", answers.refusal_text(refusal))
    context = {"form": form, "crumbs": pages.crumbs(_("New import"))}
    context |= {"steps": STEPS}
    return render(request, "imports/new.html", context, status=_status(form))


@area("imports")
@require_GET
def run(request: TrellisRequest, run_id: UUID) -> HttpResponse:
    """What came of a file, or what would."""
    found = queries.run(viewer=request.viewer, run_id=run_id)
    return render(request, "imports/run.html", pages.run_page(found))


@area("imports")
@require_POST
def confirm(request: TrellisRequest, run_id: UUID) -> HttpResponseBase:
    """Bring in a file that was looked at."""
    try:
        outcome = confirm_upload(by=request.viewer, run_id=run_id)
    except (InvalidInput, RuleRefused) as refusal:
        return _refused_run(request, run_id, refusal)
    if outcome.created + outcome.updated + outcome.review:
        messages.success(request, _("The file was brought in."))
    else:
        messages.info(request, _("Nothing was changed."))
    return redirect("imports:run", run_id)


@area("imports")
@require_POST
def discard(request: TrellisRequest, run_id: UUID) -> HttpResponseBase:
    """Forget a file that was looked at."""
    discard_upload(by=request.viewer, run_id=run_id)
    messages.info(request, _("The file was discarded; nothing of it was kept."))
    return redirect("imports:list")


@area("imports")
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: TrellisRequest, run_id: UUID) -> HttpResponseBase:
    """Ask, then take an import back."""
    if request.method == "POST":
        try:
            undo_import(by=request.viewer, run_id=run_id)
        except RuleRefused as refusal:
            return _refused_run(request, run_id, refusal)
        messages.success(request, _("Undone: everything is as it was before."))
        return redirect("imports:run", run_id)
    found = queries.run(viewer=request.viewer, run_id=run_id)
    return render(request, "imports/undo.html", pages.run_page(found))


@area("imports")
@require_http_methods(["GET", "HEAD", "POST"])
def mapping(request: TrellisRequest, run_id: UUID) -> HttpResponseBase:
    """Which heading of the file means which column."""
    viewer = request.viewer
    headings = queries.headings(viewer=viewer, run_id=run_id)
    form = MappingForm(request.POST or None, headings=headings)
    if request.method == "POST" and form.is_valid():
        map_upload(by=viewer, run_id=run_id, mapping=form.columns)
        if form.cleaned_data["name"]:
            save_mapping(
                by=viewer, name=form.cleaned_data["name"], columns=form.columns
            )
        return redirect("imports:run", run_id)
    context = {"form": form, "run_id": run_id, "steps": STEPS}
    context |= {"crumbs": pages.crumbs(_("Columns"))}
    return render(request, "imports/mapping.html", context, status=_status(form))


@area("imports")
@require_GET
def reviews(request: TrellisRequest) -> HttpResponse:
    """Records that may be of somebody here already."""
    rows = pages.review_rows(queries.waiting_reviews(viewer=request.viewer))
    crumbs = pages.crumbs(_("To review"))
    return render(request, "imports/reviews.html", {"rows": rows, "crumbs": crumbs})


@area("imports")
@require_POST
def decide(request: TrellisRequest, item_id: UUID) -> HttpResponseBase:
    """Same person or another."""
    is_same = pages.is_same(request.POST.get("answer", ""))
    fate = decide_review(by=request.viewer, item_id=item_id, is_same=is_same)
    said = {
        Fate.CREATED: _("Saved: a new person was made."),
        Fate.UPDATED: _("Saved: the record was added to the person here."),
        Fate.REFUSED: _("Noted: the record is of nobody here, and stays out."),
        Fate.REVIEW: _("Noted. One more question about this record is open."),
    }
    messages.success(request, said.get(fate, _("Noted; nothing had to change.")))
    return redirect("imports:reviews")


@area("imports")
@require_GET
def template(request: TrellisRequest, form: str) -> HttpResponse:
    """An empty roster to fill in."""
    is_book = form == "xlsx"
    content = template_xlsx() if is_book else template_csv()
    answer = HttpResponse(content, content_type=WORKBOOK if is_book else "text/csv")
    answer["Content-Disposition"] = f'attachment; filename="roster.{form}"'
    return answer


def _refused_run(
    request: TrellisRequest, run_id: UUID, refusal: InvalidInput | RuleRefused
) -> HttpResponse:
    """The run as it stands, and above it why nothing was done."""
    found = queries.run(viewer=request.viewer, run_id=run_id)
    context = pages.run_page(found) | {"refusal": answers.refusal_text(refusal)}
    status = 422 if isinstance(refusal, InvalidInput) else 409
    return render(request, "imports/run.html", context, status=status)


def _status(form: UploadForm | MappingForm) -> int:
    return 422 if form.is_bound and not form.is_valid() else 200
