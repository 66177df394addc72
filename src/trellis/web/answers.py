"""The pages that say no, and the one that says the fault is ours."""

from __future__ import annotations

import logging
import sys
from secrets import token_hex

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from trellis.core.errors import InvalidInput, NotFound, RuleRefused, TrellisError


log = logging.getLogger(__name__)

# Where an htmx request would put a refusal: never over the list it came from.
NOTICE_TARGET = {"HX-Retarget": "#page-notice", "HX-Reswap": "innerHTML"}


def refusal_text(refusal: TrellisError) -> str:
    """The sentence of a refusal in the language of the page, then filled in."""
    if isinstance(refusal, RuleRefused):
        sentence = _(refusal.sentence)
        return sentence % refusal.values if refusal.values else sentence
    if isinstance(refusal, InvalidInput):
        return _not_accepted(refusal)
    return _(str(refusal))


def _not_accepted(refusal: InvalidInput) -> str:
    """A value that cannot be right; what somebody typed is never translated."""
    accepted = _(refusal.accepted)
    words = {
        "field": _(refusal.field),
        "given": _("nothing") if refusal.given == "nothing" else refusal.given,
        "accepted": accepted % refusal.values if refusal.values else accepted,
        "hint": _(refusal.hint) if refusal.hint else "",  # "" is the file's own head
    }
    text = _("%(field)s: %(given)s is not accepted (%(accepted)s). %(hint)s") % words
    return text.rstrip()


def refused(
    request: HttpRequest, status: int, title: str, message: str, hint: str = ""
) -> HttpResponse:
    """A refusal as a page, or as a notice above the content for htmx."""
    context = {"title": title, "message": message, "hint": hint}
    if getattr(request, "htmx", False):
        answer = render(request, "_refused.html", context, status=status)
        for name, value in NOTICE_TARGET.items():
            answer[name] = value
        return answer
    template = f"{status}.html" if status in {403, 404} else "refused.html"
    return render(request, template, context, status=status)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """One page for a missing address, a missing record and a closed one."""
    return refused(
        request,
        404,
        _("Page not found"),
        _(str(NotFound())),
        _("Check the address, or start again from Today."),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A whole part of the site that the role never has."""
    return refused(
        request,
        403,
        _("Not part of your role"),
        _("This part of the site does not belong to your role."),
        _("If you also work in another role, switch to it in the menu."),
    )


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form came without its token: an old page, or from elsewhere."""
    return refused(
        request,
        403,
        _("Please send that again"),
        _("This page was open for too long, so nothing was saved."),
        _("Go back, reload the page and send the form again."),
    )


def bad_request(
    request: HttpRequest, exception: Exception | None = None
) -> HttpResponse:
    """What came could not be read as a request at all."""
    return refused(
        request,
        400,
        _("That could not be read"),
        _("Nothing was saved. Go back and try again."),
    )


def server_fault(request: HttpRequest) -> HttpResponse:
    """A bug: the traceback goes to the log under the number shown."""
    reference = token_hex(4)
    log.error("fault %s", reference, exc_info=sys.exc_info())
    return render(request, "500.html", {"reference": reference}, status=500)
