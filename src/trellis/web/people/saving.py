"""Saving a form about people: what was refused is said on it, nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from trellis.core.errors import (
    Conflict,
    InvalidInput,
    NeedsConfirmation,
    RuleRefused,
)
from trellis.web import answers
from trellis.web.people import forms
from trellis.web.requests import TrellisRequest


form_page = require_http_methods(["GET", "POST"])


def is_saved(form: forms.Sectioned, save: Callable[[], None]) -> bool:
    """Whether a valid form was saved; a refusal is put on the form."""
    if not form.is_bound or not form.is_valid():
        return False
    try:
        save()
    except NeedsConfirmation as asked:
        form.is_asked = True
        form.add_error(None, answers.refusal_text(asked))
    except (InvalidInput, RuleRefused) as refusal:
        form.is_conflict = isinstance(refusal, Conflict)
        form.add_error(None, answers.refusal_text(refusal))
    else:
        return True
    return False


def form_answer(
    request: TrellisRequest,
    form: forms.Sectioned,
    title: str,
    *,
    back: str,
    alike: list[dict[str, Any]] | None = None,
) -> HttpResponse:
    """The page of a form: as it was asked for, refused, or overtaken by somebody."""
    status = 409 if form.is_conflict else 422 if form.errors else 200
    context = {
        "form": form,
        "title": title,
        "back": back,
        "alike": alike or [],
        "crumbs": [
            {"label": _("People"), "url": reverse("people:find")},
            {"label": title},
        ],
    }
    return render(request, "people/form.html", context, status=status)


def today_in(request: TrellisRequest, field: str = "referred_on") -> dict[str, Any]:
    """The date at the site as the first content of a field."""
    return {field: timezone.localdate(request.viewer.at)}
