"""Headers of every answer, the entrance of every area, and errors turned into pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from trellis.core.errors import (
    AreaClosed,
    Conflict,
    InvalidInput,
    NotFound,
    RuleRefused,
    TrellisError,
)
from trellis.web import answers
from trellis.web.accounts import second_factor
from trellis.web.areas import Area, AreaMark, mark_of, refuse_closed_area


Answer = Callable[[HttpRequest], HttpResponseBase]

# No inline script or style anywhere, so one constant serves every page;
# data: is for the QR code of the authenticator app.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), "
        "browsing-topics=()"
    ),
}
NO_STORE = "no-store, private"

# Views of other packages, by module: open before sign-in, or to any signed-in person.
# (allauth asks for sign-in itself where its view needs it.)
PUBLIC_MODULES = (
    "django.contrib.staticfiles.",
    "django.views.i18n",
    "django.views.static",
    "allauth.",
)


class SecurityHeadersMiddleware:
    """Sets the headers; whatever a person sees is never stored by the browser."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the headers added; a view's stricter header stays."""
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response["Cache-Control"] = NO_STORE
        return response


class AreaMarkMiddleware:
    """Deny by default: a view without a mark is a fault, not an open door."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on; the decision is taken once the view is known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], *_arguments: object
    ) -> HttpResponseBase | None:
        """Refuse an unmarked view, send strangers to sign-in, close closed areas."""
        mark = mark_of(view)
        if mark is None:
            return None if _is_foreign(view) else _unmarked(request, view)
        if mark.is_public:
            return None
        return _at_the_door(request, mark)


class DomainErrorMiddleware:
    """Turns errors meant for people into pages; once, for every view."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on; the work is in ``process_exception``."""
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        """The page of an error of the tree; None for a bug."""
        if isinstance(exception, TrellisError):
            return domain_answer(request, exception)
        return None


def domain_answer(request: HttpRequest, error: TrellisError) -> HttpResponse:
    """The refusal of one error, with the status of docs/architecture.md, Errors."""
    if isinstance(error, NotFound):
        return answers.not_found(request)
    if isinstance(error, AreaClosed):
        return answers.forbidden(request)
    hint = _("Nothing was saved. Go back and try again.")
    text = answers.refusal_text(error)
    if isinstance(error, Conflict):
        title = _("Somebody changed this meanwhile")
        return answers.refused(request, 409, title, text, error.current or hint)
    if isinstance(error, RuleRefused):
        return answers.refused(request, 409, _("Not possible"), text, hint)
    status = 422 if isinstance(error, InvalidInput) else 400
    return answers.refused(request, status, _("Not accepted"), text, hint)


def _at_the_door(request: HttpRequest, mark: AreaMark) -> HttpResponseBase | None:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return _to_sign_in(request)
    viewer = getattr(request, "viewer", None)
    if viewer is None:
        return answers.forbidden(request)  # an account without a membership in force
    if second_factor.is_missing(request) and mark.area is not Area.ACCOUNT:
        return _to_second_factor(request)
    try:
        refuse_closed_area(mark, viewer.role)
    except AreaClosed as closed:
        return domain_answer(request, closed)
    return None


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    if getattr(request, "htmx", False):
        # a fragment of the sign-in page inside a list would help nobody
        answer = HttpResponse(status=204)
        answer["HX-Refresh"] = "true"
        return answer
    return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)


def _to_second_factor(request: HttpRequest) -> HttpResponseBase:
    messages.info(request, _("Set up your second factor first. It takes a minute."))
    return redirect("mfa_activate_totp")


def _is_foreign(view: Callable[..., Any]) -> bool:
    module = getattr(view, "__module__", "")
    view_class = getattr(view, "view_class", None)
    name = view_class.__module__ if view_class else module
    return f"{name}.".startswith(PUBLIC_MODULES)


def _unmarked(request: HttpRequest, view: Callable[..., Any]) -> HttpResponseBase:
    name = f"{view.__module__}.{getattr(view, '__qualname__', view)}"
    if settings.IS_TEST:
        raise ImproperlyConfigured(f"{name} has no area mark (trellis.web.areas)")
    answers.log.error("view without an area mark: %s", name)
    return answers.forbidden(request)
