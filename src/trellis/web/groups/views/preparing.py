"""Before a session, and on paper: what to lay out, who stands in it, forms."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from trellis.core.access.viewer import Permission
from trellis.core.errors import InvalidInput, RuleRefused
from trellis.records.groups import queries
from trellis.records.groups.board import SessionHead
from trellis.records.groups.cohorts import operations
from trellis.records.groups.cohorts import queries as cohorts
from trellis.records.groups.cohorts.operations import TeamMember
from trellis.web.areas import area
from trellis.web.groups import pages, words
from trellis.web.groups.forms import (
    MembersForm,
    MoveForm,
    TeamForm,
    VaccineForm,
    VersionForm,
    offer,
)
from trellis.web.requests import TrellisRequest
from trellis.web.role_labels import ROLE_LABELS


@area("groups")
@require_GET
def prepare(request: TrellisRequest, session_id: UUID) -> HttpResponse:
    """Who falls out of the date, whose agreement is missing, what to lay out."""
    return _prepare_page(request, session_id, VaccineForm())


@area("groups")
@require_POST
def lay_out(request: TrellisRequest, session_id: UUID) -> HttpResponse:
    """Lay out a lot."""
    form = VaccineForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        product_key = given.pop("product")
        try:
            operations.lay_out_vaccine(
                by=request.viewer,
                session_id=session_id,
                product_key=product_key,
                **given,
            )
        except (InvalidInput, RuleRefused) as refusal:
            form.add_error("lot", words.refusal_text(refusal))
        else:
            return redirect("groups:prepare", session_id)
    return _prepare_page(request, session_id, form, status=422)


@area("groups")
@require_POST
def put_away(
    request: TrellisRequest, session_id: UUID, vaccine_id: UUID
) -> HttpResponse:
    """Put a lot away."""
    operations.put_away_vaccine(
        by=request.viewer, session_id=session_id, vaccine_id=vaccine_id
    )
    return redirect("groups:prepare", session_id)


@area("groups")
@require_http_methods(["GET", "POST"])
def team(request: TrellisRequest, session_id: UUID) -> HttpResponse:
    """Who stands in the team of a session."""
    request.viewer.require(Permission.GROUPS_COHORT_PLAN)
    board = queries.session_board(viewer=request.viewer, session_id=session_id)
    staff = cohorts.staff_of_site(viewer=request.viewer, site_id=board.head.site_id)
    labels = {role.value: label for role, label in ROLE_LABELS.items()}
    choices = [
        (f"{one.user_id} {one.role}", f"{one.name}, {labels.get(one.role, one.role)}")
        for one in staff
    ]
    now = {"team": [f"{one.user_id} {one.role}" for one in board.team]}
    form = offer(TeamForm(request.POST or None, initial=now), "team", choices)
    if request.method == "POST" and form.is_valid():
        chosen = (key.split(" ", 1) for key in form.cleaned_data["team"])
        operations.set_team(
            by=request.viewer,
            session_id=session_id,
            team=tuple(TeamMember(UUID(user), role) for user, role in chosen),
        )
        return redirect("groups:prepare", session_id)
    crumbs = pages.session_crumbs(board.head, _("Team"))
    context = {"form": form, "head": board.head, "crumbs": crumbs, "title": _("Team")}
    return render(request, "groups/change_session.html", context)


@area("groups")
@require_http_methods(["GET", "POST"])
def move(request: TrellisRequest, session_id: UUID) -> HttpResponse:
    """Move a session to another time or room."""
    request.viewer.require(Permission.GROUPS_COHORT_PLAN)
    head = queries.session_board(viewer=request.viewer, session_id=session_id).head
    starts, ends = timezone.localtime(head.starts), timezone.localtime(head.ends)
    now = {
        "version": head.version,
        "on": starts.date(),
        "starts": starts.time(),
        "ends": ends.time(),
        "room": head.room,
    }
    form = MoveForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid() and _moved(request, head, form):
        messages.success(request, _("The session is moved."))
        return redirect("groups:session", session_id)
    crumbs = pages.session_crumbs(head, _("Move"))
    context = {
        "form": form,
        "head": head,
        "crumbs": crumbs,
        "title": _("Move the session"),
        "cancel": VersionForm(initial={"version": head.version}),
    }
    status = 422 if form.errors else 200
    return render(request, "groups/change_session.html", context, status=status)


@area("groups")
@require_http_methods(["GET", "POST"])
def expect(request: TrellisRequest, session_id: UUID) -> HttpResponse:
    """Add families to the list of this one session."""
    request.viewer.require(Permission.GROUPS_COHORT_PLAN)
    head, found = cohorts.expectable_families(
        viewer=request.viewer, session_id=session_id
    )
    choices = [(str(one.dyad_id), pages.family_choice(one, head.on)) for one in found]
    form = offer(MembersForm(request.POST or None), "dyad", choices)
    if request.method == "POST" and form.is_valid():
        dyad_ids = tuple(UUID(key) for key in form.cleaned_data["dyad"])
        try:
            new = operations.expect_dyads(
                by=request.viewer, session_id=session_id, dyad_ids=dyad_ids
            )
        except RuleRefused as refusal:
            form.add_error(None, words.refusal_text(refusal))
        else:
            added = ngettext("%(n)s family added.", "%(n)s families added.", new)
            messages.success(request, added % {"n": new})
            return redirect("groups:session", session_id)
    context = pages.expect_context(head, found, form)
    status = 422 if form.errors else 200
    return render(request, "groups/members.html", context, status=status)


@area("groups")
@require_POST
def cancel(request: TrellisRequest, session_id: UUID) -> HttpResponse:
    """Cancel a session that has not begun."""
    form = VersionForm(request.POST)
    if not form.is_valid():
        raise InvalidInput("Version", "", accepted="as the page had it", hint="")
    operations.cancel_session(
        by=request.viewer, session_id=session_id, **form.cleaned_data
    )
    messages.success(request, _("The session is cancelled."))
    return redirect("groups:session", session_id)


@area("groups")
@require_POST
def stop_expecting(
    request: TrellisRequest, session_id: UUID, dyad_id: UUID
) -> HttpResponse:
    """Take a family off the list of a session."""
    operations.stop_expecting(by=request.viewer, session_id=session_id, dyad_id=dyad_id)
    return redirect("groups:prepare", session_id)


@area("groups")
@require_GET
def run_sheet(request: TrellisRequest, session_id: UUID) -> HttpResponse:
    """The list on paper, and a blank form for each child."""
    seen = queries.session_preparation(viewer=request.viewer, session_id=session_id)
    context = {
        **pages.paper_context(seen.board),
        "crumbs": pages.session_crumbs(seen.board.head, _("Run sheet")),
    }
    return render(request, "groups/run_sheet.html", context)


@area("groups")
@require_GET
def count(request: TrellisRequest, session_id: UUID) -> HttpResponse:
    """Who came, in numbers, on one page."""
    seen = queries.session_counts(viewer=request.viewer, session_id=session_id)
    context = {
        "seen": seen,
        "head": seen.head,
        "title": words.session_title(seen.head.visit),
        "status": words.STATUSES[seen.head.status],
        "crumbs": pages.session_crumbs(seen.head, _("Count of who came")),
    }
    return render(request, "groups/count.html", context)


def _prepare_page(
    request: TrellisRequest, session_id: UUID, form: VaccineForm, *, status: int = 200
) -> HttpResponse:
    seen = queries.session_preparation(viewer=request.viewer, session_id=session_id)
    context = {
        **pages.preparation_context(seen),
        "form": form,
        "crumbs": pages.session_crumbs(seen.board.head, _("Prepare")),
    }
    return render(request, "groups/prepare.html", context, status=status)


def _moved(request: TrellisRequest, head: SessionHead, form: Form) -> bool:
    given = form.cleaned_data
    try:
        operations.move_session(
            by=request.viewer,
            session_id=head.session_id,
            version=given["version"],
            starts=timezone.make_aware(datetime.combine(given["on"], given["starts"])),
            ends=timezone.make_aware(datetime.combine(given["on"], given["ends"])),
            room=given["room"],
        )
    except (InvalidInput, RuleRefused) as refusal:
        form.add_error(None, words.refusal_text(refusal))
        return False
    return True
