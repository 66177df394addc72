"""The visit summary that the family takes home, in its language.

Only what belongs to the child: measurements, vaccines of the day, the plan for the next
visit. Under the site's neutral name; no place, group or person beside the child and the
people who signed and gave the vaccines.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from trellis.core.people.visit_states import VisitState, next_visit
from trellis.records.clinical.lines import VisitPage
from trellis.web.clinical import words


LANGUAGES = ("en", "es")


def summary_data(page: VisitPage, language: str, *, at: datetime) -> dict[str, Any]:
    """What the template prints, as plain text in the language asked for."""
    with translation.override(language):
        child = page.child
        return {
            "language": language,
            "place": page.place_name,
            "printed": _printed(page, at),
            "title": _("Visit summary"),
            "child": child.full_name,
            "facts": [
                [_("Date of birth"), date_format(child.born, "DATE_FORMAT")],
                [_("Age"), words.age_text(child.born, page.on)],
                [_("Visit"), str(words.VISITS.get(page.visit, words.VISITS[""]))],
                [_("Date"), date_format(page.on, "DATE_FORMAT")],
            ],
            "growth": _growth(page),
            "vaccines": _vaccines(page),
            "next": _next(page),
            "signature": _signature(page),
        }


def _growth(page: VisitPage) -> dict[str, Any]:
    today, before = page.today, page.before
    rows = []
    for kind, field in (
        ("weight", "weight_g"),
        ("length", "length_mm"),
        ("head", "head_mm"),
    ):
        now = getattr(today, field) if today else None
        last = getattr(before, field) if before else None
        if now is not None:
            rows.append(
                [
                    str(words.KINDS[kind]),
                    words.value_text(kind, now),
                    words.value_text(kind, last) or "–",
                ]
            )
    return {
        "title": _("Growth"),
        "head": [_("Measure"), _("Today"), _("Visit before")],
        "rows": rows,
        "none": _("Nothing was measured today."),
    }


def _vaccines(page: VisitPage) -> dict[str, Any]:
    given = [dose for dose in page.doses if not dose.is_void]
    return {
        "title": _("Vaccines given today"),
        "head": [_("Vaccine"), _("Where"), _("Lot")],
        "rows": [
            [
                words.dose_name(dose),
                str(words.BODY_SITES.get(dose.body_site, _("by mouth"))),
                dose.lot,
            ]
            for dose in given
        ],
        "none": _("No vaccine was given today."),
    }


def _next(page: VisitPage) -> dict[str, str]:
    coming = next_visit(page.child.born, [page.on], as_of=page.on)
    return {
        "title": _("Next visit"),
        "text": _window(coming) if coming else _("Ask us when the next visit is."),
        "advice": _(
            "If you are worried about your child before then, call us. In an "
            "emergency, call 911."
        ),
    }


def _printed(page: VisitPage, at: datetime) -> str:
    """When this copy was made, and of which visit: the number leads to the trail."""
    when = date_format(timezone.localtime(at), "DATETIME_FORMAT")
    number = str(page.encounter_id)[:8]
    return _("Printed %(when)s, no. %(number)s") % {"when": when, "number": number}


def _window(coming: VisitState) -> str:
    return _("%(visit)s: between %(first)s and %(last)s.") % {
        "visit": words.VISITS[coming.visit],
        "first": date_format(coming.window.starts, "DATE_FORMAT"),
        "last": date_format(coming.window.last_day, "DATE_FORMAT"),
    }


def _signature(page: VisitPage) -> str:
    if page.is_signed:
        return pgettext("summary", "Signed by %(who)s.") % {"who": page.signed_by_name}
    return _("Not signed yet: ask for a signed copy.")
