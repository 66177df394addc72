"""Switching role, and signing in as a persona of the demo."""

from __future__ import annotations

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from trellis.core.errors import NotFound
from trellis.records.accounts import operations, queries
from trellis.web.accounts.personas import is_open_to
from trellis.web.accounts.second_factor import PERSONA
from trellis.web.areas import area, public
from trellis.web.requests import TrellisRequest
from trellis.web.today import tour
from trellis.web.viewers import ACTIVE_ROLE, now


BACKEND = "trellis.records.accounts.backends.MembersBackend"
MOST_DIGITS = 18  # of a key, as the databases count


@area("account")
@require_POST
def switch_role(request: TrellisRequest) -> HttpResponse:
    """One tap: the other role from here on, never both."""
    given = request.POST.get("membership", "")
    if not given.isdecimal() or len(given) > MOST_DIGITS:
        raise NotFound
    operations.switch_role(by=request.viewer, membership_id=int(given))
    request.session[ACTIVE_ROLE] = int(given)
    request.session.cycle_key()
    return redirect("today:today")


@public
@require_POST
def switch_persona(request: HttpRequest) -> HttpResponse:
    """Sign in with one click, in the demo, from this machine."""
    person = queries.persona_account(request.POST.get("persona", ""))
    if person is None or not is_open_to(request):
        raise NotFound
    at = now()
    held = queries.held_memberships(person, at.date())
    if not held:
        raise NotFound
    kept = tour.state_of(request)
    login(request, person, backend=BACKEND)
    request.session.pop(ACTIVE_ROLE, None)
    request.session[PERSONA] = True
    tour.keep(request, kept)
    operations.note_sign_in(by=queries.viewer_of(held[0], at=at), is_demo=True)
    return redirect("today:today")
