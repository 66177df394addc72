"""What Today shows to each role: plain values for the template."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from trellis.core.access.viewer import Permission, Viewer
from trellis.core.access.vocabulary import Role
from trellis.records.clinical import queries as clinical
from trellis.records.groups.today import queries as day
from trellis.records.groups.today.queries import (
    DaySession,
    ExpectedLine,
    OutsideLine,
    OwedVisit,
    SessionCard,
)
from trellis.records.imports import queries as imports
from trellis.web.clinical.words import VISITS, age_text
from trellis.web.today import words


TEMPLATES: Final = {
    Role.PARENT: "today/parent.html",
    Role.EVALUATOR_FUNDER: "today/evaluator.html",
    Role.DIRECTOR: "today/sites.html",
}
STAFF_TEMPLATE: Final = "today/staff.html"
SOON_MINUTES: Final = 180
NEAR_DAYS: Final = 7
WITH_CHARTS: Final = frozenset({Role.NURSE, Role.PAEDIATRICS, Role.OBSTETRICS})


def template_of(role: Role) -> str:
    """The template of a role's Today."""
    return TEMPLATES.get(role, STAFF_TEMPLATE)


def context_of(viewer: Viewer) -> dict[str, Any]:
    """Everything the template needs, in the viewer's part.

    Statements: at most 25 with those of the page's frame.
    """
    on = timezone.localdate(viewer.at)
    context: dict[str, Any] = {"on": on}
    if viewer.role is Role.PARENT:
        return context | {"dates": day.own_dates(viewer=viewer)}
    if viewer.role is Role.EVALUATOR_FUNDER:
        return context | {"explanation": words.EVALUATOR}
    return context | _of_staff(viewer, on)


def _of_staff(viewer: Viewer, on: date) -> dict[str, Any]:
    sheet = day.day_sheet(
        viewer=viewer,
        on=on,
        with_families=viewer.role is not Role.DIRECTOR,
        with_owed=viewer.role is Role.COORDINATOR,
    )
    context = {
        "sessions": [_session(one, viewer) for one in sheet.today],
        "coming": [_card(card) for card in sheet.coming],
        "owed": [_owed(one, on) for one in sheet.owed],
        "owed_count": sheet.owed_count,
        "outside": [_outside(one) for one in sheet.outside],
        "has_owed": viewer.role is Role.COORDINATOR,
        "make_ups_url": address("groups:make-ups"),
        "sessions_url": address("groups:sessions"),
    }
    if viewer.role is Role.COORDINATOR and viewer.may(Permission.IMPORTS_FILE_IMPORT):
        waiting = imports.waiting_reviews(viewer=viewer)
        context |= {
            "to_review": len(waiting),
            "reviews_url": address("imports:reviews"),
        }
    if viewer.role is Role.PAEDIATRICS:
        to_sign = clinical.signing_list(viewer=viewer, on=on)
        context |= {
            "signs": True,
            "to_sign": len(to_sign),
            "sign_url": address("clinical:sign"),
        }
    return context


def address(name: str, *arguments: object) -> str:
    """An address; empty where the page does not exist."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""


def _session(one: DaySession, viewer: Viewer) -> dict[str, Any]:
    shown = _card(one.card)
    minutes = round((one.card.starts - viewer.at).total_seconds() / 60)
    return shown | {
        "expected": one.expected,
        "came": one.came,
        "absent": one.absent,
        "is_own": one.is_own,
        "minutes_until": minutes if 0 < minutes <= SOON_MINUTES else None,
        "agenda": [_point(p) for p in one.card.agenda],
        "lines": [_line(line, one.card.on, viewer) for line in one.lines],
    }


def _card(card: SessionCard) -> dict[str, Any]:
    zone = ZoneInfo(card.zone)
    label, kind = words.SESSION_STATES[card.status]
    return {
        "url": address("groups:session", card.session_id),
        "cohort": card.cohort_name,
        "visit": VISITS.get(card.visit, ""),
        "on": card.on,
        "starts": card.starts.astimezone(zone),
        "ends": card.ends.astimezone(zone),
        "room": card.room,
        "topic": card.topic,
        "site": card.site_name,
        "state": label,
        "state_kind": kind,
    }


def _point(point: dict[str, int | str]) -> dict[str, object]:
    return {"minute": point.get("minute", 0), "title": point.get("title", "")}


def _line(line: ExpectedLine, on: date, viewer: Viewer) -> dict[str, Any]:
    family = line.family
    label, kind = words.STATES[line.state]
    return {
        "parent": family.parent_name,
        "child": family.child_name,
        "url": _family_url(family.dyad_id, family.child_id, viewer),
        "age": age_text(family.born, on) if family.born else "",
        "state": label,
        "state_kind": kind,
    }


def _family_url(dyad_id: UUID, child_id: UUID | None, viewer: Viewer) -> str:
    if viewer.role is Role.FACILITATOR:
        return ""
    if viewer.role in WITH_CHARTS:
        return address("clinical:chart", child_id) if child_id else ""
    return address("people:dyad", dyad_id)


def _owed(one: OwedVisit, on: date) -> dict[str, Any]:
    days = (one.due_by - on).days if one.due_by else None
    return {
        "parent": one.family.parent_name,
        "child": one.family.child_name,
        "url": address("people:dyad", one.family.dyad_id),
        "due_by": one.due_by,
        "is_late": days is not None and days < 0,
        "is_near": days is not None and 0 <= days <= NEAR_DAYS,
        "is_booked": one.state == "booked",
    }


def _outside(one: OutsideLine) -> dict[str, Any]:
    return _card(one.card) | {
        "child": one.family.child_name,
        "parent": one.family.parent_name,
        "fit": str(words.FITS[one.fit.fit.value]) % {"days": one.fit.days},
        "window": one.fit.window,
    }
