"""Today, and the steps of the guided tour."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from trellis.web.areas import area
from trellis.web.requests import TrellisRequest
from trellis.web.today import pages, tour


MOST_DIGITS = 3  # of a step


@area("today")
@require_GET
def today(request: TrellisRequest) -> HttpResponse:
    """What the day asks of the active role."""
    context = pages.context_of(request.viewer) | {"tour": tour.shown_step(request)}
    return render(request, pages.template_of(request.viewer.role), context)


@area("today")
@require_POST
def tour_step(request: TrellisRequest) -> HttpResponse:
    """Move to a step of the tour, or put it away (step 0)."""
    given = request.POST.get("step", "")
    is_step = given.isdecimal() and len(given) <= MOST_DIGITS
    number = int(given) if is_step else tour.AWAY
    tour.keep(request, number if number <= len(tour.STEPS) else tour.AWAY)
    return redirect("today:today")
