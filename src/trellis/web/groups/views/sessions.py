"""A session on its day: the one list, marking, the circle's record, closing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from trellis.core.access.viewer import Permission
from trellis.core.errors import Conflict, InvalidInput, RuleRefused
from trellis.records.groups import operations, queries
from trellis.records.journeys.close_session import close_session
from trellis.web.answers import NOTICE_TARGET
from trellis.web.areas import area
from trellis.web.groups import pages, words
from trellis.web.groups.forms import (
    AgreementForm,
    CircleForm,
    MakeUpForm,
    MarkForm,
    VersionForm,
)
from trellis.web.requests import TrellisRequest


CHANGED = {"HX-Trigger": "session-changed"}
WHEN = (queries.TODAY, queries.UPCOMING, queries.PAST)


@area("groups")
@require_GET
def sessions(request: TrellisRequest) -> HttpResponse:
    """Sessions of today, to come, or past."""
    when = request.GET.get("when", queries.TODAY)
    when = when if when in WHEN else queries.TODAY
    page = pages.page_number(request)
    midnight = timezone.localtime(request.viewer.at).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    lines = queries.session_list(
        viewer=request.viewer, when=when, day_starts=midnight, page=page
    )
    context = {
        "tabs": pages.session_tabs(when),
        "lines": [pages.session_line(line) for line in lines[: queries.PAGE]],
        "when": when,
        "page": page,
        "has_more": len(lines) > queries.PAGE,
    }
    return render(request, "groups/sessions.html", context)


@area("groups")
@require_GET
def session(request: TrellisRequest, session_id: UUID) -> HttpResponse:
    """The page of a session."""
    return _session_page(request, session_id)


@area("groups")
@require_GET
def live(request: TrellisRequest, session_id: UUID) -> HttpResponse:
    """204 while nothing changed since ``seen``; else the list as it stands."""
    viewer = request.viewer
    revision = queries.session_revision(viewer=viewer, session_id=session_id)
    if revision == request.GET.get("seen"):
        return HttpResponse(status=204)
    board = queries.session_board(viewer=viewer, session_id=session_id)
    context = {**pages.board_context(request, board, revision), "is_live": True}
    return render(request, "groups/_board.html", context)


@area("groups")
@require_POST
def open_session(request: TrellisRequest, session_id: UUID) -> HttpResponse:
    """Open the session before anybody came."""
    operations.open_session(by=request.viewer, session_id=session_id)
    messages.success(request, _("The session is open."))
    return redirect("groups:session", session_id)


@area("groups")
@require_POST
def mark(request: TrellisRequest, session_id: UUID, place_id: UUID) -> HttpResponse:
    """Mark one family as present, late, absent, gone early; or undo it."""
    form = MarkForm(request.POST)
    if not form.is_valid():
        raise InvalidInput("Mark", "", accepted="one of the buttons", hint="")
    given = form.cleaned_data
    act = _marking(given["mark"], given["reason"], given["came_with"])
    try:
        act(by=request.viewer, place_id=place_id, version=given["version"])
    except Conflict as conflict:
        yours = pages.mark_words()[given["mark"]]
        return _conflict(request, session_id, conflict, yours)
    return _done(request, session_id)


@area("groups")
@require_POST
def agreement(
    request: TrellisRequest, session_id: UUID, place_id: UUID
) -> HttpResponse:
    """Note whether a family's agreement is on file."""
    form = AgreementForm(request.POST)
    if not form.is_valid():
        raise InvalidInput("Agreement", "", accepted="yes or no", hint="")
    try:
        operations.note_agreement(
            by=request.viewer, place_id=place_id, **form.cleaned_data
        )
    except Conflict as conflict:
        return _conflict(request, session_id, conflict, _("Agreement on file"))
    return redirect("groups:prepare", session_id)


@area("groups")
@require_POST
def begin_visit(request: TrellisRequest, place_id: UUID) -> HttpResponse:
    """Begin the visit note of a child that came, or open the one that stands."""
    encounter_id = operations.begin_visit(by=request.viewer, place_id=place_id)
    return redirect("clinical:visit", encounter_id)


@area("groups")
@require_POST
def circle(request: TrellisRequest, session_id: UUID) -> HttpResponse:
    """Write the circle's record; a refusal keeps what was typed."""
    form = CircleForm(request.POST)
    if form.is_valid():
        try:
            operations.write_circle_record(
                by=request.viewer, session_id=session_id, **form.cleaned_data
            )
        except Conflict as conflict:
            yours = form.cleaned_data["text"]
            return _conflict(request, session_id, conflict, yours, form=form)
        except RuleRefused as refusal:
            form.add_error("text", words.refusal_text(refusal))
    if form.errors:
        return _session_page(request, session_id, circle_form=form, status=422)
    messages.success(request, _("The circle's record is saved."))
    return redirect("groups:session", session_id)


@area("groups")
@require_http_methods(["GET", "POST"])
def close(request: TrellisRequest, session_id: UUID) -> HttpResponse:
    """Look once more, then close."""
    request.viewer.require(Permission.GROUPS_SESSION_CLOSE)
    form = VersionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            counts = close_session(
                by=request.viewer, session_id=session_id, version=version
            )
        except RuleRefused as refusal:
            form.add_error(None, words.refusal_text(refusal))
        else:
            text = _("The session is closed. %(n)s make-ups are open.")
            messages.success(request, text % {"n": counts.make_ups})
            return redirect("groups:session", session_id)
    return _close_page(request, session_id, form)


@area("groups")
@require_GET
def make_ups(request: TrellisRequest) -> HttpResponse:
    """Individual visits to book, by deadline."""
    is_done = request.GET.get("state") == "done"
    page = pages.page_number(request)
    lines = queries.make_up_list(viewer=request.viewer, is_done=is_done, page=page)
    context = {
        "tabs": pages.session_tabs("make-ups"),
        "lines": [
            {
                "line": line,
                "url": pages.family_url(line.family, request.viewer),
                "visit": words.VISITS[line.visit],
                "why": words.DEADLINES[line.why_by] if line.why_by else "",
                "state": words.MAKE_UP_STATES[line.state],
            }
            for line in lines[: queries.PAGE]
        ],
        "is_done": is_done,
        "today": timezone.localdate(request.viewer.at),
        "page": page,
        "has_more": len(lines) > queries.PAGE,
    }
    return render(request, "groups/make_ups.html", context)


@area("groups")
@require_POST
def note_make_up(request: TrellisRequest, make_up_id: UUID) -> HttpResponse:
    """Say how far a make-up is."""
    form = MakeUpForm(request.POST)
    if not form.is_valid():
        raise InvalidInput("State", "", accepted="open, booked or done", hint="")
    session_id = form.cleaned_data.pop("session")
    operations.note_make_up(
        by=request.viewer, make_up_id=make_up_id, **form.cleaned_data
    )
    if session_id is not None:
        return redirect("groups:session", session_id)
    return redirect("groups:make-ups")


def _marking(mark: str, reason: str, came_with: str) -> Callable[..., None]:
    acts: dict[str, Callable[..., None]] = {
        "arrived": partial(operations.check_in, came_with=came_with),
        "late": partial(operations.mark_late, came_with=came_with),
        "absent": partial(operations.mark_absent, reason=reason),
        "left_early": operations.mark_left_early,
        "expected": operations.undo,
    }
    return acts[mark]


def _done(request: TrellisRequest, session_id: UUID) -> HttpResponse:
    """Saved: the list asks for itself (htmx), or the page is shown again."""
    if request.htmx:
        return HttpResponse(status=204, headers=CHANGED)
    return redirect("groups:session", session_id)


def _conflict(
    request: TrellisRequest,
    session_id: UUID,
    conflict: Conflict,
    yours: str,
    form: CircleForm | None = None,
) -> HttpResponse:
    """Show theirs and yours, and count it. What was typed stays in its form."""
    operations.count_conflict(by=request.viewer, session_id=session_id)
    label, _kind = words.STATES.get(conflict.current, (conflict.current, ""))
    text = words.refusal_text(conflict)
    notice = {"message": text, "theirs": label, "yours": yours}
    if request.htmx:
        answer = render(request, "groups/_conflict.html", notice, status=409)
        for name, value in {**NOTICE_TARGET, **CHANGED}.items():
            answer[name] = value
        return answer
    return _session_page(
        request, session_id, circle_form=form, conflict=notice, status=409
    )


def _session_page(
    request: TrellisRequest,
    session_id: UUID,
    *,
    circle_form: CircleForm | None = None,
    conflict: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    viewer = request.viewer
    revision = queries.session_revision(viewer=viewer, session_id=session_id)
    board = queries.session_board(viewer=viewer, session_id=session_id)
    head = board.head
    written = {
        "version": head.version,
        "topic": head.topic,
        "text": head.circle_record,
    }
    context = {
        **pages.board_context(request, board, revision),
        "crumbs": pages.session_crumbs(head),
        "team": pages.team_words(board),
        "circle_form": circle_form or CircleForm(initial=written),
        "conflict": conflict,
    }
    return render(request, "groups/session.html", context, status=status)


def _close_page(
    request: TrellisRequest, session_id: UUID, form: VersionForm
) -> HttpResponse:
    seen = queries.session_counts(viewer=request.viewer, session_id=session_id)
    fresh = VersionForm(initial={"version": seen.head.version})
    context = {
        "seen": seen,
        "head": seen.head,
        "title": words.session_title(seen.head.visit),
        "crumbs": pages.session_crumbs(seen.head, _("Close")),
        "form": form,
        "fresh": fresh,
    }
    status = 422 if form.errors else 200
    return render(request, "groups/close.html", context, status=status)
