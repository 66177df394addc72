"""Families: found, registered, looked at, corrected."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from trellis.core.access.vocabulary import Role
from trellis.core.errors import (
    NotFound,
)
from trellis.core.people.dyads import CaregiverKind
from trellis.core.people.stages import Stage
from trellis.records.care import operations as care
from trellis.records.care import queries
from trellis.records.groups.family_page.queries import family_page
from trellis.records.people import operations
from trellis.records.people import queries as people
from trellis.records.people.lines import ChildRecord, ParentRecord
from trellis.web.areas import area
from trellis.web.people import forms, pages
from trellis.web.people.saving import form_answer, form_page, is_saved, today_in
from trellis.web.requests import TrellisRequest, only_site


ONLY_CASE_MANAGERS = frozenset({Role.CASE_MANAGER})


@area("people")
@require_GET
def find(request: TrellisRequest) -> HttpResponse:
    """Search box, and the families open to the viewer."""
    text = request.GET.get("q", "").strip()[:100]
    number = request.GET.get("page", "1")
    told = queries.families(
        viewer=request.viewer,
        text=text,
        page=int(number[:9]) if number.isascii() and number.isdigit() else 1,
    )
    return render(request, "people/find.html", pages.found(request.viewer, told, text))


@area("people")
@require_GET
def dyad(request: TrellisRequest, dyad_id: UUID) -> HttpResponse:
    """A parent and a child together."""
    told = family_page(viewer=request.viewer, dyad_id=dyad_id)
    return render(request, "people/dyad.html", pages.family(request.viewer, told))


@area("people")
@require_GET
def parent(request: TrellisRequest, parent_id: UUID) -> HttpResponse:
    """A parent, with the children open to the viewer."""
    told = queries.parent_page(viewer=request.viewer, parent_id=parent_id)
    return render(request, "people/parent.html", pages.alone(told))


@area("people", roles=pages.REGISTERING)
@form_page
def register(request: TrellisRequest) -> HttpResponse:
    """Register a family; somebody very like it is shown first."""
    form = forms.RegisterForm(request.POST or None, initial=today_in(request))
    site_id = only_site(request)
    saved: list[UUID | None] = []

    def save() -> None:
        family = form.family(site_id)
        made = care.register_family(
            by=request.viewer, family=family, is_confirmed=_is_confirmed(request)
        )
        saved.append(made)

    if is_saved(form, save):
        messages.success(request, _("The family is registered."))
        dyad_id = saved[0]
        return _to_pair(dyad_id) if dyad_id else _to_parent(form.cleaned_data["key"])
    title, back = _("Register a family"), reverse("people:find")
    return form_answer(request, form, title, back=back, alike=_alike(request, form))


@area("people")
@form_page
def add_child(request: TrellisRequest, parent_id: UUID) -> HttpResponse:
    """A baby at birth, a twin, or another child."""
    record = people.parent_record(viewer=request.viewer, parent_id=parent_id)
    if "child" not in record.may_write:
        raise NotFound
    form = forms.AddChildForm(request.POST or None)
    saved: list[UUID] = []

    def save() -> None:
        child = form.new_child(form.cleaned_data["key"])
        made = operations.add_child(
            by=request.viewer,
            parent_id=parent_id,
            child=child,
            is_confirmed=_is_confirmed(request),
        )
        saved.append(made)

    if is_saved(form, save):
        messages.success(request, _("The child is registered."))
        return _to_pair(saved[0])
    title = _("Add a child of %(name)s") % {"name": record.name}
    back = reverse("people:parent", args=[parent_id])
    return form_answer(request, form, title, back=back, alike=_alike(request, form))


@area("people")
@form_page
def edit_parent(request: TrellisRequest, parent_id: UUID) -> HttpResponse:
    """Names, and what the programme plans by."""
    record = people.parent_record(viewer=request.viewer, parent_id=parent_id)
    if "identity" not in record.may_write:
        raise NotFound
    form = forms.ParentForm(request.POST or None, initial=_initial(record))
    form.limit_to(record.may_write)

    def save() -> None:
        operations.change_parent(
            by=request.viewer,
            parent_id=parent_id,
            version=form.cleaned_data["version"],
            identity=form.identity(),
            planning=form.plans,
        )

    if is_saved(form, save):
        return _to_parent(parent_id)
    title = _("Change the record of %(name)s") % {"name": record.name}
    return form_answer(
        request, form, title, back=reverse("people:parent", args=[parent_id])
    )


@area("people")
@form_page
def edit_contact(request: TrellisRequest, parent_id: UUID) -> HttpResponse:
    """Phone, e-mail, safe ways, address."""
    record = people.parent_record(viewer=request.viewer, parent_id=parent_id)
    if "contact" not in record.may_write:
        raise NotFound
    form = forms.ContactForm(request.POST or None, initial=_initial(record))
    form.limit_to(record.may_write)

    def save() -> None:
        operations.change_contact(
            by=request.viewer,
            parent_id=parent_id,
            version=form.cleaned_data["version"],
            contact=form.contact(),
            reach_via=form.cleaned_data.get("reach_via"),
            address=form.cleaned_data.get("address"),
        )

    if is_saved(form, save):
        return _to_parent(parent_id)
    title = _("How to reach %(name)s") % {"name": record.name}
    return form_answer(
        request, form, title, back=reverse("people:parent", args=[parent_id])
    )


@area("people")
@form_page
def pregnancy(request: TrellisRequest, parent_id: UUID) -> HttpResponse:
    """A pregnancy by its due date."""
    record = people.parent_record(viewer=request.viewer, parent_id=parent_id)
    if "planning" not in record.may_write:
        raise NotFound
    form = forms.PregnancyForm(request.POST or None)

    def save() -> None:
        operations.record_pregnancy(
            by=request.viewer, parent_id=parent_id, **form.cleaned_data
        )

    if is_saved(form, save):
        return _to_parent(parent_id)
    title = _("Pregnancy of %(name)s") % {"name": record.name}
    return form_answer(
        request, form, title, back=reverse("people:parent", args=[parent_id])
    )


@area("people")
@form_page
def stage(request: TrellisRequest, parent_id: UUID) -> HttpResponse:
    """Move the open episode on."""
    told = queries.parent_page(viewer=request.viewer, parent_id=parent_id).parent
    current = next((e for e in told.episodes if e.is_whole and not e.ended_on), None)
    if current is None or "planning" not in told.may_write:
        raise NotFound
    now = current.stage
    initial = {"seen": now.value, "stage": now.value, **today_in(request, "since")}
    form = forms.StageForm(request.POST or None, initial=initial)
    form.offer_after(now)

    def save() -> None:
        care.set_stage(
            by=request.viewer,
            episode_id=current.episode_id,
            seen=Stage(form.cleaned_data["seen"]),
            stage=Stage(form.cleaned_data["stage"]),
            since=form.cleaned_data["since"],
        )

    if is_saved(form, save):
        return _to_parent(parent_id)
    title = _("Stage of %(name)s") % {"name": told.facts["name"]}
    return form_answer(
        request, form, title, back=reverse("people:parent", args=[parent_id])
    )


@area("people")
@form_page
def edit_child(request: TrellisRequest, dyad_id: UUID) -> HttpResponse:
    """Correct who a child is."""
    record = _child_of(request, dyad_id)
    if not record.may_write:
        raise NotFound
    names = ("first_name", "last_name", "born", "sex", "birth_order")
    initial = {f"child_{name}": getattr(record, name) for name in names}
    initial["version"] = record.version
    form = forms.ChildForm(request.POST or None, initial=initial)

    def save() -> None:
        operations.change_child(
            by=request.viewer,
            child_id=record.child_id,
            version=form.cleaned_data["version"],
            identity=form.child_identity(record.external_id),
        )

    if is_saved(form, save):
        return _to_pair(dyad_id)
    title = _("Change the record of %(name)s") % {"name": record.name}
    return form_answer(
        request, form, title, back=reverse("people:dyad", args=[dyad_id])
    )


@area("people", roles=ONLY_CASE_MANAGERS)
@form_page
def link_caregiver(request: TrellisRequest, dyad_id: UUID) -> HttpResponse:
    """Another caregiver: kin, a foster parent, a guardian."""
    record = _child_of(request, dyad_id)
    initial = {"kind": CaregiverKind.KIN.value, **today_in(request, "starts")}
    form = forms.CaregiverForm(request.POST or None, initial=initial)
    saved: list[UUID] = []

    def save() -> None:
        caregiver, link = form.caregiver(only_site(request), record)
        made = operations.register_caregiver(
            by=request.viewer, caregiver=caregiver, child_id=record.child_id, link=link
        )
        saved.append(made)

    if is_saved(form, save):
        return _to_pair(saved[0])
    title = _("Add a caregiver of %(name)s") % {"name": record.name}
    return form_answer(
        request, form, title, back=reverse("people:dyad", args=[dyad_id])
    )


@area("people", roles=ONLY_CASE_MANAGERS)
@form_page
def authority(request: TrellisRequest, dyad_id: UUID) -> HttpResponse:
    """What the caregiver is to the child and may do."""
    told = queries.dyad_page(viewer=request.viewer, dyad_id=dyad_id)
    if told.parent is None or told.child is None:
        raise NotFound
    line = next(each for each in told.child.caregivers if each.is_current)
    ticked = [field for field, is_so in line.authority.items() if is_so]
    form = forms.AuthorityForm(
        request.POST or None, initial={"kind": line.kind, "authority": ticked}
    )

    def save() -> None:
        kind, may = form.told()
        operations.change_authority(
            by=request.viewer, dyad_id=dyad_id, kind=kind, authority=may
        )

    if is_saved(form, save):
        return _to_pair(dyad_id)
    title = _("What %(name)s may do") % {"name": line.name}
    return form_answer(
        request, form, title, back=reverse("people:dyad", args=[dyad_id])
    )


@area("people", roles=ONLY_CASE_MANAGERS)
@form_page
def end_dyad(request: TrellisRequest, dyad_id: UUID) -> HttpResponse:
    """The two are no dyad from a day on."""
    told = queries.dyad_page(viewer=request.viewer, dyad_id=dyad_id)
    if told.parent is None:
        raise NotFound
    form = forms.EndForm(request.POST or None, initial=today_in(request, "ends"))

    def save() -> None:
        operations.end_dyad(by=request.viewer, dyad_id=dyad_id, **form.cleaned_data)

    if is_saved(form, save):
        return _to_pair(dyad_id)
    name = told.parent.facts["name"]
    title = _("%(name)s no longer cares for the child") % {"name": name}
    return form_answer(
        request, form, title, back=reverse("people:dyad", args=[dyad_id])
    )


def _alike(
    request: TrellisRequest, form: forms.RegisterForm | forms.AddChildForm
) -> list[dict[str, Any]]:
    """Who is like the people on a form that needs a second look."""
    if not form.is_asked:
        return []
    told = people.likely_duplicates(
        viewer=request.viewer,
        parent=form.identity() if isinstance(form, forms.RegisterForm) else None,
        children=[child.identity for child in form.children()],
    )
    return pages.duplicates(told)


def _is_confirmed(request: TrellisRequest) -> bool:
    return request.POST.get("is_confirmed") == "yes"


def _child_of(request: TrellisRequest, dyad_id: UUID) -> ChildRecord:
    told = queries.dyad_page(viewer=request.viewer, dyad_id=dyad_id)
    if told.child is None:
        raise NotFound
    return people.child_record(viewer=request.viewer, child_id=told.child.child_id)


def _initial(record: ParentRecord) -> dict[str, Any]:
    facts = dict(record.facts)
    if "needs_interpreter" in facts:
        answers = {True: "yes", False: "no"}
        facts["needs_interpreter"] = answers.get(facts["needs_interpreter"], "")
    return {**facts, "version": record.version}


def _to_pair(dyad_id: UUID) -> HttpResponse:
    return redirect("people:dyad", dyad_id=dyad_id)


def _to_parent(parent_id: UUID) -> HttpResponse:
    return redirect("people:parent", parent_id=parent_id)
