"""Care of a family: who stands by it, its episodes, another caregiver of a child."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from trellis.core.access.vocabulary import Role
from trellis.core.errors import NotFound
from trellis.core.people.stages import Stage
from trellis.records.care import operations as care
from trellis.records.care import queries
from trellis.records.care.lines import ChildToLink, EpisodeLine, ParentSide
from trellis.records.people import operations
from trellis.records.people.lines import FamilyLine
from trellis.web.areas import area
from trellis.web.people import care_forms as forms
from trellis.web.people import pages
from trellis.web.people.saving import form_answer, form_page, is_saved, today_in
from trellis.web.requests import TrellisRequest


LINKING: Final = frozenset({Role.COORDINATOR, Role.CASE_MANAGER})
SHOWN: Final = 20  # adults of one search; more letters find fewer


@area("people")
@form_page
def care_team(request: TrellisRequest, parent_id: UUID) -> HttpResponse:
    """Who stands by a family; somebody joins."""
    told = queries.care_team(viewer=request.viewer, parent_id=parent_id)
    form = forms.TeamForm(request.POST or None, initial=today_in(request, "starts"))
    form.offer(told.choices)

    def save() -> None:
        staff_id, role = form.member_told()
        care.link_staff(
            by=request.viewer,
            parent_id=parent_id,
            staff_id=staff_id,
            role=role,
            starts=form.cleaned_data["starts"],
        )

    if is_saved(form, save):
        return redirect("people:care-team", parent_id=parent_id)
    context = {"form": form, **pages.team(told)}
    status = 422 if form.errors else 200
    return render(request, "people/team.html", context, status=status)


@area("people")
@require_POST
def end_care_link(
    request: TrellisRequest, parent_id: UUID, link_id: UUID
) -> HttpResponse:
    """Somebody leaves the care team; with it their access ends at once."""
    told = queries.care_team(viewer=request.viewer, parent_id=parent_id)
    line = next((each for each in told.lines if each.link_id == link_id), None)
    if line is None:
        raise NotFound
    care.end_link(by=request.viewer, link_id=link_id)
    messages.success(request, _("%(name)s left the care team.") % {"name": line.name})
    is_own = line.staff_id == request.viewer.user_id
    if is_own and line.role == request.viewer.role.value:
        return redirect("people:find")
    return redirect("people:care-team", parent_id=parent_id)


@area("people")
@require_GET
def episode(request: TrellisRequest, parent_id: UUID) -> HttpResponse:
    """The episodes of a family, and what may be recorded now."""
    parent = _changeable(request, parent_id)
    return render(request, "people/episode.html", pages.episodes(parent))


@area("people")
@form_page
def enrol(request: TrellisRequest, parent_id: UUID) -> HttpResponse:
    """Record the day of enrolment."""
    parent = _changeable(request, parent_id)
    current = _current(parent)
    form = forms.EnrolForm(request.POST or None, initial=today_in(request, "on"))

    def save() -> None:
        on = form.cleaned_data["on"]
        care.enrol(by=request.viewer, episode_id=current.episode_id, on=on)

    if is_saved(form, save):
        return redirect("people:episode", parent_id=parent_id)
    return form_answer(request, form, _("Enrolment"), back=_episode_url(parent_id))


@area("people")
@form_page
def end_episode(request: TrellisRequest, parent_id: UUID) -> HttpResponse:
    """End the open episode; coming back opens a new one."""
    parent = _changeable(request, parent_id)
    current = _current(parent)
    form = forms.EndEpisodeForm(request.POST or None, initial=today_in(request, "on"))

    def save() -> None:
        care.end_episode(
            by=request.viewer,
            episode_id=current.episode_id,
            reason=Stage(form.cleaned_data["reason"]),
            on=form.cleaned_data["on"],
        )

    if is_saved(form, save):
        return redirect("people:episode", parent_id=parent_id)
    title = _("End the episode of %(name)s") % {"name": parent.facts["name"]}
    return form_answer(request, form, title, back=_episode_url(parent_id))


@area("people")
@form_page
def open_episode(request: TrellisRequest, parent_id: UUID) -> HttpResponse:
    """Open a new episode: a first referral, or coming back."""
    parent = _changeable(request, parent_id)
    form = forms.OpenEpisodeForm(request.POST or None, initial=today_in(request))

    def save() -> None:
        care.open_episode(
            by=request.viewer,
            key=form.cleaned_data["key"],
            parent_id=parent_id,
            episode=form.episode(),
        )

    if is_saved(form, save):
        return redirect("people:episode", parent_id=parent_id)
    title = _("New episode of %(name)s") % {"name": parent.facts["name"]}
    return form_answer(request, form, title, back=_episode_url(parent_id))


@area("people", roles=LINKING)
@form_page
def link_registered(request: TrellisRequest, dyad_id: UUID) -> HttpResponse:
    """An adult who is registered already becomes another caregiver of the child."""
    child = queries.child_of_dyad(viewer=request.viewer, dyad_id=dyad_id)
    if not child.may_link:
        raise NotFound
    text = request.GET.get("q", "").strip()[:100]
    found = _adults(request, child, text) if text else []
    form = forms.LinkRegisteredForm(
        request.POST or None, initial=today_in(request, "starts")
    )
    form.offer(found, may_record_kind=child.may_record_kind)
    saved: list[UUID] = []

    def save() -> None:
        saved.append(_link(request, child, form))

    if is_saved(form, save):
        return redirect("people:dyad", dyad_id=saved[0])
    context = pages.link_registered(child, dyad_id, text, has_found=bool(found))
    status = 409 if form.is_conflict else 422 if form.errors else 200
    return render(
        request, "people/link_registered.html", {"form": form, **context}, status=status
    )


def _link(
    request: TrellisRequest, child: ChildToLink, form: forms.LinkRegisteredForm
) -> UUID:
    kind, authority = form.told()
    data: dict[str, Any] = form.cleaned_data
    return operations.link_caregiver(
        by=request.viewer,
        key=data["key"],
        child_id=child.child_id,
        parent_id=UUID(data["adult"]),
        kind=kind,
        starts=data["starts"],
        authority=authority,
    )


def _adults(request: TrellisRequest, child: ChildToLink, text: str) -> list[FamilyLine]:
    """The adults found by name, but the caregiver the page is about."""
    told = queries.families(viewer=request.viewer, text=text)
    others = (one for one in told.lines if one.parent_id not in {None, child.parent_id})
    return list(others)[:SHOWN]


def _changeable(request: TrellisRequest, parent_id: UUID) -> ParentSide:
    told = queries.parent_page(viewer=request.viewer, parent_id=parent_id).parent
    if "planning" not in told.may_write:
        raise NotFound
    return told


def _current(parent: ParentSide) -> EpisodeLine:
    current = pages.current_episode(parent)
    if current is None:
        raise NotFound
    return current


def _episode_url(parent_id: UUID) -> str:
    return reverse("people:episode", args=[parent_id])
