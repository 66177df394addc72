"""Cohorts: who belongs together, and the dates laid out for them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.contrib import messages
from django.forms import BaseFormSet, formset_factory
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
from trellis.core.people.visits import Visit
from trellis.records.groups.cohorts import operations, queries
from trellis.records.groups.cohorts.operations import PlannedDate
from trellis.web.areas import area
from trellis.web.groups import pages, words
from trellis.web.groups.calendars import cohort_calendar_file
from trellis.web.groups.forms import (
    ChangeCohortForm,
    CohortForm,
    DateForm,
    MembersForm,
    VersionForm,
    offer,
)
from trellis.web.requests import TrellisRequest, only_site


DATES = 4
AROUND_DAYS = 31
DateFormSet = formset_factory(DateForm, extra=DATES, max_num=12)


@area("groups")
@require_GET
def cohorts(request: TrellisRequest) -> HttpResponse:
    """Every cohort, or those that are closed."""
    is_closed = request.GET.get("state") == "closed"
    page = pages.page_number(request)
    lines = queries.cohort_list(viewer=request.viewer, is_closed=is_closed, page=page)
    context = {
        "tabs": pages.session_tabs("cohorts"),
        "lines": [
            {
                "line": line,
                "language": words.language_word(line.head.language),
                "warnings": [words.WARNINGS[one] for one in line.warnings],
            }
            for line in lines[: queries.PAGE]
        ],
        "is_closed": is_closed,
        "page": page,
        "has_more": len(lines) > queries.PAGE,
        "may_plan": request.viewer.may(Permission.GROUPS_COHORT_PLAN),
    }
    return render(request, "groups/cohorts.html", context)


@area("groups")
@require_GET
def cohort(request: TrellisRequest, cohort_id: UUID) -> HttpResponse:
    """One cohort: births, members, and each date with each child's window."""
    page = queries.cohort_page(viewer=request.viewer, cohort_id=cohort_id)
    today = timezone.localdate(request.viewer.at)
    context = {
        **pages.cohort_context(page, today),
        "crumbs": pages.crumbs(
            (_("Cohorts"), pages.cohorts_url()), (page.head.name, "")
        ),
        "version": VersionForm(initial={"version": page.head.version}),
    }
    return render(request, "groups/cohort.html", context)


@area("groups")
@require_http_methods(["GET", "POST"])
def new_cohort(request: TrellisRequest) -> HttpResponse:
    """Open a cohort."""
    request.viewer.require(Permission.GROUPS_COHORT_PLAN)
    form = CohortForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        today = timezone.localdate(request.viewer.at)
        try:
            operations.open_cohort(
                by=request.viewer, site_id=only_site(request), opened_on=today, **given
            )
        except (InvalidInput, RuleRefused) as refusal:
            form.add_error("name", words.refusal_text(refusal))
        else:
            return redirect("groups:cohort", given["key"])
    crumbs = pages.crumbs((_("Cohorts"), pages.cohorts_url()), (_("Open a cohort"), ""))
    context = {"form": form, "crumbs": crumbs, "title": _("Open a cohort")}
    status = 422 if form.errors else 200
    return render(request, "groups/new_cohort.html", context, status=status)


@area("groups")
@require_http_methods(["GET", "POST"])
def change_cohort(request: TrellisRequest, cohort_id: UUID) -> HttpResponse:
    """Change a cohort's name, language or places."""
    request.viewer.require(Permission.GROUPS_COHORT_PLAN)
    head = queries.cohort_page(viewer=request.viewer, cohort_id=cohort_id).head
    form = ChangeCohortForm(request.POST or None, initial=head._asdict())
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_cohort(
                by=request.viewer, cohort_id=cohort_id, **form.cleaned_data
            )
        except (InvalidInput, RuleRefused) as refusal:
            form.add_error("name", words.refusal_text(refusal))
        else:
            return redirect("groups:cohort", cohort_id)
    crumbs = pages.crumbs((head.name, pages.cohort_url(cohort_id)), (_("Change"), ""))
    context = {"form": form, "crumbs": crumbs, "title": _("Change the cohort")}
    status = 422 if form.errors else 200
    return render(request, "groups/new_cohort.html", context, status=status)


@area("groups")
@require_POST
def close_cohort(request: TrellisRequest, cohort_id: UUID) -> HttpResponse:
    """Close a cohort."""
    form = VersionForm(request.POST)
    if not form.is_valid():
        raise InvalidInput("Version", "", accepted="as the page had it", hint="")
    today = timezone.localdate(request.viewer.at)
    operations.close_cohort(
        by=request.viewer, cohort_id=cohort_id, on=today, **form.cleaned_data
    )
    return redirect("groups:cohort", cohort_id)


@area("groups")
@require_http_methods(["GET", "POST"])
def members(request: TrellisRequest, cohort_id: UUID) -> HttpResponse:
    """Put families into a cohort: those in none, with children of about this age."""
    request.viewer.require(Permission.GROUPS_COHORT_PLAN)
    page = queries.cohort_page(viewer=request.viewer, cohort_id=cohort_id)
    today = timezone.localdate(request.viewer.at)
    found = queries.placeable_families(
        viewer=request.viewer, **_births_around(page, today)
    )
    choices = [(str(one.dyad_id), pages.family_choice(one, today)) for one in found]
    form = offer(MembersForm(request.POST or None), "dyad", choices)
    if request.method == "POST" and form.is_valid():
        warnings = operations.place_in_cohort(
            by=request.viewer,
            cohort_id=cohort_id,
            dyad_ids=tuple(UUID(key) for key in form.cleaned_data["dyad"]),
            on=today,
        )
        for warning in warnings:
            messages.warning(request, str(words.WARNINGS[warning]))
        return redirect("groups:cohort", cohort_id)
    crumbs = pages.crumbs(
        (page.head.name, pages.cohort_url(cohort_id)), (_("Add families"), "")
    )
    context = {
        "form": form,
        "found": found,
        "crumbs": crumbs,
        "eyebrow": page.head.name,
        "lead": _("Families in no cohort, with children of about this age."),
        "nobody": _("Every family with a child of this age is in a cohort."),
    }
    status = 422 if form.errors else 200
    return render(request, "groups/members.html", context, status=status)


@area("groups")
@require_POST
def leave(request: TrellisRequest, cohort_id: UUID, dyad_id: UUID) -> HttpResponse:
    """End a family's membership."""
    today = timezone.localdate(request.viewer.at)
    operations.leave_cohort(
        by=request.viewer, cohort_id=cohort_id, dyad_id=dyad_id, on=today
    )
    return redirect("groups:cohort", cohort_id)


@area("groups")
@require_http_methods(["GET", "POST"])
def plan(request: TrellisRequest, cohort_id: UUID) -> HttpResponse:
    """Lay out dates of a cohort by hand, with the windows to look at beside them."""
    request.viewer.require(Permission.GROUPS_COHORT_PLAN)
    page = queries.cohort_page(viewer=request.viewer, cohort_id=cohort_id)
    calendar = queries.site_calendar(viewer=request.viewer, site_id=page.head.site_id)
    forms = DateFormSet(request.POST or None)
    refusal = ""
    if request.method == "POST" and forms.is_valid():
        dates = _dates(forms)
        try:
            new = operations.plan_series(
                by=request.viewer, cohort_id=cohort_id, dates=dates
            )
        except (InvalidInput, RuleRefused) as refused:
            refusal = words.refusal_text(refused)
        else:
            words_new = ngettext(
                "%(n)s session planned.", "%(n)s sessions planned.", new
            )
            messages.success(request, words_new % {"n": new})
            return redirect("groups:cohort", cohort_id)
    context = {
        **pages.plan_context(page, calendar, timezone.localdate(request.viewer.at)),
        "forms": forms,
        "problems": [*filter(None, [refusal]), *_problems(forms)],
    }
    status = 422 if context["problems"] else 200
    return render(request, "groups/plan.html", context, status=status)


@area("groups")
@require_GET
def calendar(request: TrellisRequest, cohort_id: UUID) -> HttpResponse:
    """The dates of a cohort as a calendar file, under a neutral title."""
    dates = queries.cohort_calendar(viewer=request.viewer, cohort_id=cohort_id)
    body = cohort_calendar_file(dates, _("Appointment"), at=request.viewer.at)
    return HttpResponse(
        body,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="appointments.ics"'},
    )


def _births_around(page: queries.CohortPage, today: date) -> dict[str, date]:
    """Births within a month of those of the cohort; of an empty one, the last year."""
    births = [one.born for one in page.members if one.born is not None]
    if not births:
        return {
            "born_from": today - timedelta(days=365),
            "born_until": today + timedelta(days=1),
        }
    around = timedelta(days=AROUND_DAYS)
    return {"born_from": min(births) - around, "born_until": max(births) + around}


def _dates(forms: BaseFormSet[DateForm]) -> tuple[PlannedDate, ...]:
    given = (form.cleaned_data for form in forms if form.has_changed())
    return tuple(
        PlannedDate(
            key=line["key"],
            visit=Visit(line["visit"]) if line["visit"] else None,
            starts=_at_site(line["on"], line["starts"]),
            ends=_at_site(line["on"], line["ends"]),
            room=line["room"],
        )
        for line in given
        if line.get("on")
    )


def _problems(forms: BaseFormSet[DateForm]) -> list[str]:
    """What is wrong, line by line, for the summary above the lines."""
    return [
        f"{_('Date')} {number}: {error}"
        for number, form in enumerate(forms, start=1)
        for errors in form.errors.values()
        for error in errors
    ]


def _at_site(on: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(on, at))
