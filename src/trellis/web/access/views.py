"""The access trail: for the privacy officer, and for a parent her own list of looks."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from trellis.core.access.vocabulary import Role
from trellis.records.access import queries
from trellis.web.access import pages
from trellis.web.access.forms import TrailForm
from trellis.web.areas import area
from trellis.web.requests import TrellisRequest


MOST_DIGITS = 18  # of a sequence, as the databases count


@area("access-trail")
@require_GET
def trail(request: TrellisRequest) -> HttpResponse:
    """Who did what and when; a parent sees who looked at her record."""
    if request.viewer.role is Role.PARENT:
        return _who_saw_me(request)
    form = TrailForm(request.GET or None)
    status = 200 if not form.is_bound or form.is_valid() else 422
    lines = queries.trail(viewer=request.viewer, among=form.among())
    context = pages.trail_context(request.viewer, form, lines)
    return render(request, "access/trail.html", context, status=status)


def _who_saw_me(request: TrellisRequest) -> HttpResponse:
    given = request.GET.get("before", "")
    is_sequence = given.isdecimal() and len(given) <= MOST_DIGITS
    before = int(given) if is_sequence else None
    looks = queries.who_saw_me(viewer=request.viewer, before=before)
    context = pages.looks_context(request.viewer, looks)
    return render(request, "access/who_saw_me.html", context)
