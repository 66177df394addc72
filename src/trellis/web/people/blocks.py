"""The two blocks beside a pair: the child's visits, and the family's group."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trellis.core.people.visit_states import StateOfVisit, VisitState
from trellis.records.groups.due_visits import DueLine, DueVisit
from trellis.records.groups.family_page.queries import (
    GroupOfFamily,
    OpenMakeUp,
    VisitsOfChild,
)
from trellis.web.people import words


Row = dict[str, Any]
# What stands on the tag of a visit, and its kind.
STATES: Final[dict[StateOfVisit, tuple[str | Promise, str]]] = {
    StateOfVisit.DONE: (gettext_lazy("Done"), "good"),
    StateOfVisit.DONE_LATE: (gettext_lazy("Done late"), "good"),
    StateOfVisit.OPEN: (gettext_lazy("Open"), "info"),
    StateOfVisit.NOT_YET: (gettext_lazy("Next"), ""),
    StateOfVisit.MISSED: (gettext_lazy("Missed"), "warn"),
    StateOfVisit.EXCUSED: (gettext_lazy("Excused"), ""),
    StateOfVisit.NOT_ASSESSABLE: (gettext_lazy("Not clear"), ""),
    StateOfVisit.EXTRA: (gettext_lazy("Extra"), "good"),
}


def visits(told: VisitsOfChild, chart: str) -> Row:
    """The block of the child's visits; ``chart``: its address, "" where closed."""
    return {
        "rows": [_state_row(one) for one in told.states]
        + [_due_row(one) for one in told.due.items],
        "flag": _flag(told.due),
        "chart": chart,
    }


def group(told: GroupOfFamily, dyad_id: UUID) -> Row:
    """The block of the family's group."""
    coming = told.next_session
    session = ""
    if coming is not None and told.may_open:
        session = reverse("groups:session", args=[coming.session_id])
    return {
        "cohorts": [
            {"name": one.name, "url": reverse("groups:cohort", args=[one.cohort_id])}
            for one in told.cohorts
        ],
        "shows_none": told.may_open and not told.cohorts and coming is None,
        "next_at": timezone.localtime(coming.starts) if coming else None,
        "next_url": session,
        "make_ups": [_make_up_row(one) for one in told.make_ups],
        "make_ups_url": reverse("groups:make-ups") if told.may_open else "",
        "place": reverse("groups:place", args=[dyad_id]) if told.may_place else "",
    }


def _state_row(one: VisitState) -> Row:
    label, kind = STATES[one.state]
    return {
        "visit": _visit_word(one),
        "label": label,
        "kind": kind,
        "when": _when(one),
    }


def _visit_word(one: VisitState) -> str:
    named = words.word(words.VISITS, one.visit.value)
    return _("Near %(visit)s") % {"visit": named} if _is_extra(one) else named


def _is_extra(one: VisitState) -> bool:
    return one.state is StateOfVisit.EXTRA


def _when(one: VisitState) -> str:
    if one.made_on is not None:
        return _day(one.made_on)
    if one.state is StateOfVisit.NOT_YET:
        return _("from %(date)s") % {"date": _day(one.window.starts)}
    until = _day(one.window.last_day)
    if one.state is StateOfVisit.OPEN:
        return _("until %(date)s") % {"date": until}
    if one.state is StateOfVisit.MISSED:
        return _("was open until %(date)s") % {"date": until}
    return ""


def _due_row(one: DueVisit) -> Row:
    """A visit by name and date alone; late is what is not made and still can be."""
    label, kind = STATES[one.state]
    dates = {
        StateOfVisit.NOT_YET: (_("from %(date)s"), one.starts),
        StateOfVisit.OPEN: (_("until %(date)s"), one.until),
        StateOfVisit.MISSED: (_("was open until %(date)s"), one.until),
    }
    text, day = dates.get(one.state, ("%(date)s", one.until))
    return {
        "visit": words.word(words.VISITS, one.visit.value),
        "label": label,
        "kind": kind,
        "when": text % {"date": _day(day)},
    }


def _flag(due: DueLine) -> Row | None:
    """One sentence for those who see no item: due or not, or to call."""
    if due.please_call:
        return {"label": _("Please call"), "kind": "warn"}
    if due.items or due.is_due is None:
        return None
    if due.is_due:
        return {"label": _("A visit is due"), "kind": "warn"}
    return {"label": _("No visit is due"), "kind": "good"}


def _make_up_row(one: OpenMakeUp) -> Row:
    return {
        "missed": _day(timezone.localdate(one.missed_at)),
        "by": _day(one.due_by) if one.due_by else "",
        "label": _("Booked") if one.is_booked else _("To book"),
        "kind": "info" if one.is_booked else "warn",
    }


def _day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")
