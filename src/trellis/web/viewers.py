"""Makes the viewer of a request: the active role of the signed-in person, and now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from trellis.records.accounts.queries import held_memberships, viewer_of


ACTIVE_ROLE = "active_membership"


def now() -> datetime:
    """The instant of the request; in the demonstration, on the date it shows.

    ``TRELLIS_AS_OF`` moves the date and keeps the time of day, in demo mode alone.
    """
    real = timezone.now()
    if not (settings.DEMO_MODE and settings.DEMO_AS_OF):
        return real
    zone = ZoneInfo(settings.TIME_ZONE)
    shown = datetime.fromisoformat(settings.DEMO_AS_OF).date()
    shift = shown - real.astimezone(zone).date()
    return (real + timedelta(days=shift.days)).astimezone(UTC)


class ViewerMiddleware:
    """Set ``request.viewer`` (None for nobody) and the site's time zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, with its viewer."""
        at = now()
        request.viewer = None  # type: ignore[attr-defined]  # TrellisRequest declares it
        request.membership = None  # type: ignore[attr-defined]
        if request.user.is_authenticated:
            held = held_memberships(request.user, at.date())
            wanted = request.session.get(ACTIVE_ROLE)
            active = next(
                (m for m in held if m.pk == wanted), held[0] if held else None
            )
            if active is not None:
                request.viewer = viewer_of(active, at=at)  # type: ignore[attr-defined]
                request.membership = active  # type: ignore[attr-defined]
                zone = active.site.time_zone if active.site else settings.TIME_ZONE
                with timezone.override(ZoneInfo(zone)):
                    return self.get_response(request)
        return self.get_response(request)
