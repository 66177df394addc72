"""Every component on one page; in demo mode and tests alone."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from trellis.web.areas import public
from trellis.web.gallery.forms import GalleryForm


@public
@require_GET
def components(request: HttpRequest) -> HttpResponse:
    """The gallery."""
    bound = GalleryForm({"weight_kg": "-4"})
    context = {"form": GalleryForm(prefix="empty"), "bound": bound, **_examples()}
    return render(request, "gallery/components.html", context)


def _examples() -> dict[str, Any]:
    return {
        "crumbs": [
            {"label": _("Groups"), "url": "#"},
            {"label": _("Spring babies"), "url": "#"},
            {"label": _("Components")},
        ],
        "tabs": [
            {"label": _("Overview"), "url": "#", "is_current": False, "count": None},
            {"label": _("Children"), "url": "#", "is_current": True, "count": 8},
            {"label": _("Record"), "url": "#", "is_current": False, "count": None},
        ],
        "steps": [_("Choose a file"), _("Check the columns"), _("Look"), _("Save")],
        "summary": [
            {"term": _("Language"), "value": _("Spanish"), "url": "#"},
            {"term": _("Payer"), "value": ""},
            {"term": _("Weight"), "value": "6.42 kg", "hint": _("z-score -0.31")},
        ],
        "families": [
            ("Ana R.", "Luz", _("Arrived"), "good", 2),
            ("Dee M.", "Noor", _("Late"), "warn", 0),
            ("Joy K.", "Theo", _("Absent"), "", 1),
        ],
        "table_columns": [_("Site"), _("Families"), _("Seen")],
        "table_rows": [
            {
                "cells": [
                    {"text": site},
                    {"text": families, "label": _("Families")},
                    {"text": seen, "label": _("Seen")},
                ]
            }
            for site, families, seen in (("Elm Street", 94, 81), ("Harbor", 61, None))
        ],
    }
