"""What the groups' templates show: lines of the records in the words of the screen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from trellis.core.access.viewer import Viewer
from trellis.core.groups.agendas import GROUP_VISITS
from trellis.core.groups.cohorts import Fit, shared_window, slack_days
from trellis.core.groups.session import PRESENT, PlaceState, SessionStatus
from trellis.core.people.visit_states import StateOfVisit
from trellis.records.groups import queries
from trellis.records.groups.board import PlaceLine, SessionHead
from trellis.records.groups.caregivers import CaregiverAtDoor
from trellis.records.groups.cohorts.queries import Calendar, CohortPage, SeriesLine
from trellis.records.groups.families import Family
from trellis.records.groups.queries import Preparation, SessionBoard
from trellis.web.areas import ROLES_OF, Area
from trellis.web.groups import words
from trellis.web.groups.drawings import spread_drawing, windows_drawing
from trellis.web.people.words import AUTHORITY, KINDS
from trellis.web.requests import TrellisRequest
from trellis.web.role_labels import ROLE_LABELS


Label = str | Promise
PAGE_DIGITS = 5
LATE_IN_MINUTES = 120  # from there on the time of arrival is easier to read
SHOWN = {
    "all": frozenset(PlaceState),
    "waiting": frozenset({PlaceState.EXPECTED}),
    "here": PRESENT,
    "absent": frozenset({PlaceState.ABSENT}),
}
ASKED_WHO_CAME = frozenset({PlaceState.EXPECTED, PlaceState.ARRIVED, PlaceState.LATE})
AFTER = {  # the buttons beside a name, by what stands there
    PlaceState.EXPECTED: ("arrived", "late", "absent"),
    PlaceState.ARRIVED: ("left_early", "late", "expected"),
    PlaceState.LATE: ("left_early", "arrived", "expected"),
    PlaceState.ABSENT: ("arrived", "late", "expected"),
    PlaceState.LEFT_EARLY: ("arrived", "expected"),
}


def mark_words() -> dict[str, str]:
    """The buttons' words."""
    return {
        "arrived": _("Present"),
        "late": _("Late"),
        "absent": _("Absent"),
        "left_early": _("Left early"),
        "expected": _("Undo"),
    }


@dataclass(frozen=True, slots=True)
class Button:
    """One press: what it sends, and what stands on it."""

    value: str
    label: str
    variant: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the board, ready to draw."""

    line: PlaceLine
    who: str
    with_whom: str
    age: str
    state: Label
    state_kind: str
    detail: str
    tags: tuple[tuple[Label, str], ...]
    buttons: tuple[Button, ...]
    may_be_absent: bool
    language: str
    search: str
    url: str
    make_up: Label
    came_with: Label
    may_note_who_came: bool
    caregivers: tuple[tuple[str, str], ...]


def board_context(
    request: TrellisRequest, board: SessionBoard, revision: str
) -> dict[str, Any]:
    """Context of the list of a session, whole page or fragment."""
    shown = request.GET.get("show", "all")
    wanted = SHOWN.get(shown, SHOWN["all"])
    viewer = request.viewer
    rows = [
        _row(board.head, line, viewer) for line in board.lines if line.state in wanted
    ]
    is_today = board.head.on == timezone.localdate(viewer.at)
    return {
        "board": board,
        "head": board.head,
        "title": words.session_title(board.head.visit),
        "status": words.STATUSES[board.head.status],
        "rows": rows,
        "reasons": words.REASONS.items(),
        "kinds": KINDS.items(),
        "may_open": board.may_write_record
        and is_today
        and board.head.status == SessionStatus.PLANNED,
        "show": shown if shown in SHOWN else "all",
        "filters": _filters(board, shown),
        "revision": revision,
        "languages": [words.language_word(code) for code in board.languages],
        "is_over": board.head.status in {"closed", "cancelled"},
        "here": PRESENT,
    }


def preparation_context(seen: Preparation) -> dict[str, Any]:
    """Context of the page before a session."""
    head = seen.board.head
    rows = [_row(head, line) for line in seen.board.lines]
    return {
        "seen": seen,
        "board": seen.board,
        "head": head,
        "title": words.session_title(head.visit),
        "rows": rows,
        "outside": [(_row(head, one), words.fit_text(one.fit)) for one in seen.outside],
        "team": team_words(seen.board),
        "is_over": head.status in {"closed", "cancelled"},
        "languages": [words.language_word(code) for code in seen.board.languages],
        "may_lay_out": seen.board.may_plan
        or any(one.may_open_visit for one in seen.board.lines),
    }


def paper_context(board: SessionBoard) -> dict[str, Any]:
    """Context of the run sheet: no colour, no button, a line to write on."""
    starts = timezone.localtime(board.head.starts)
    return {
        "board": board,
        "head": board.head,
        "title": words.session_title(board.head.visit),
        "team": team_words(board),
        "rows": [
            {"row": _row(board.head, one), "due": [word for word, _k in due_words(one)]}
            for one in board.lines
        ],
        "agenda": [
            (starts + timedelta(minutes=int(item["minute"])), item["title"])
            for item in board.head.agenda
        ],
        "languages": [words.language_word(code) for code in board.languages],
    }


def team_words(board: SessionBoard) -> list[tuple[str, Label]]:
    """Who is in the team, and as what."""
    labels = {role.value: label for role, label in ROLE_LABELS.items()}
    return [(one.name, labels.get(one.role, one.role)) for one in board.team]


def family_choice(one: Family, on: date) -> str:
    """A family to choose: the child, the age on the day, the parent."""
    named = f"{one.child_name}, {words.age_text(one.age(on))}".strip(", ")
    return f"{named} ({one.parent_name})" if one.parent_name else named


def expect_context(
    head: SessionHead, found: tuple[Family, ...], form: Form
) -> dict[str, Any]:
    """Context of the page that adds families to one session."""
    return {
        "form": form,
        "found": found,
        "crumbs": session_crumbs(head, _("Add families")),
        "eyebrow": f"{head.cohort_name}, {head.on:%Y-%m-%d}",
        "lead": _("Families whose child is of the age for this session."),
        "nobody": _("Every family with a child of this age is on the list."),
    }


def cohort_context(page: CohortPage, today: date) -> dict[str, Any]:
    """Context of a cohort's page."""
    return {
        "page": page,
        "head": page.head,
        "language": words.language_word(page.head.language),
        "warnings": [words.WARNINGS[warning] for warning in page.warnings],
        "spread": spread_drawing(page.members),
        "members": [_member(one, today) for one in page.members],
        "series": [_series(line) for line in page.series],
    }


def session_tabs(current: str) -> list[dict[str, Any]]:
    """The parts of the groups' area."""
    sessions = reverse("groups:sessions")
    items = [
        ("today", _("Today"), sessions),
        ("upcoming", _("To come"), f"{sessions}?when=upcoming"),
        ("past", _("Past"), f"{sessions}?when=past"),
        ("cohorts", _("Cohorts"), reverse("groups:cohorts")),
        ("make-ups", _("Make-ups"), reverse("groups:make-ups")),
    ]
    return [
        {"label": label, "url": url, "is_current": key == current, "count": None}
        for key, label, url in items
    ]


def session_line(line: queries.SessionLine) -> dict[str, Any]:
    """A session in a list."""
    label, kind = words.STATUSES[line.head.status]
    return {
        "head": line.head,
        "title": words.session_title(line.head.visit),
        "status": label,
        "kind": kind,
        "expected": line.expected,
        "came": line.came,
    }


def crumbs(*items: tuple[Label, str]) -> list[dict[str, Label]]:
    """Groups, then what lies between, then the page itself (without address)."""
    whole = ((_("Groups"), reverse("groups:sessions")), *items)
    return [
        {"label": label, "url": url} if url else {"label": label}
        for label, url in whole
    ]


def cohorts_url() -> str:
    """The list of cohorts."""
    return reverse("groups:cohorts")


def cohort_url(cohort_id: UUID) -> str:
    """The page of a cohort."""
    return reverse("groups:cohort", args=[cohort_id])


def plan_context(page: CohortPage, calendar: Calendar, today: date) -> dict[str, Any]:
    """The shared days that are still to come, to look at while dates are laid out."""
    births = [one.born for one in page.members if one.born is not None]
    hepb2 = page.gives_hepb2_at_1m
    lines = []
    for visit in GROUP_VISITS:
        shared = shared_window(visit, births, gives_hepb2_at_1m=hepb2)
        slack = slack_days(visit, births, gives_hepb2_at_1m=hepb2)
        is_past = shared is not None and shared.ends <= today
        if slack is not None and not is_past:
            lines.append(
                {"visit": words.VISITS[visit], "shared": shared, "missing": -slack}
            )
    return {
        "head": page.head,
        "lines": lines,
        "calendar": calendar,
        "crumbs": crumbs(
            (page.head.name, cohort_url(page.head.cohort_id)), (_("Plan dates"), "")
        ),
    }


def session_crumbs(head: SessionHead, last: Label = "") -> list[dict[str, Label]]:
    """Groups, the session, and a page of it."""
    day = timezone.localtime(head.starts)
    label = f"{head.cohort_name}, {day:%Y-%m-%d}"
    if not last:
        return crumbs((label, ""))
    url = reverse("groups:session", args=[head.session_id])
    return crumbs((label, url), (last, ""))


def page_number(request: HttpRequest) -> int:
    """The page asked for; the first where the number is none."""
    given = request.GET.get("page", "1")
    return max(1, int(given)) if given.isdecimal() and len(given) <= PAGE_DIGITS else 1


def due_words(line: PlaceLine) -> list[tuple[Label, str]]:
    """What is due for a child, as tags."""
    found: list[tuple[Label, str]] = []
    for item in line.due.items:
        age = {"age": words.VISITS[item.visit]}
        if item.state is StateOfVisit.OPEN:
            found.append((_("Due: %(age)s") % age, "info"))
        elif item.state is StateOfVisit.MISSED:
            found.append((_("Late: %(age)s") % age, "warn"))
        else:
            found.append((_("Next: %(age)s") % age, ""))
    if not line.due.items and line.due.is_due:
        found.append((_("Visit due"), "info"))
    if line.due.please_call:
        found.append((_("Please call"), "warn"))
    return found


def _row(head: SessionHead, line: PlaceLine, viewer: Viewer | None = None) -> Row:
    """One line; on paper and before the day (no viewer) names lead nowhere."""
    family = line.family
    label, kind = words.STATES[line.state]
    may_be_absent = line.may_mark_absent and "absent" in AFTER[line.state]
    return Row(
        line=line,
        who=family.child_name or family.parent_name,
        with_whom=family.parent_name if family.child_name else "",
        age=words.age_text(family.age(head.on)),
        state=label,
        state_kind=kind,
        detail=_detail(line),
        tags=tuple(_tags(line)),
        buttons=tuple(_buttons(line)),
        may_be_absent=may_be_absent,
        language=words.language_word(family.language) if family.language else "",
        search=f"{family.child_name} {family.parent_name} {label}",
        url=family_url(family, viewer) if viewer is not None else "",
        make_up=words.MAKE_UP_STATES.get(line.make_up_state, ("", ""))[0],
        came_with=KINDS.get(line.came_with, ""),
        may_note_who_came=line.may_note_who_came and line.state in ASKED_WHO_CAME,
        caregivers=tuple((one.name, _authority(one)) for one in line.caregivers),
    )


def family_url(family: Family, viewer: Viewer) -> str:
    """The chart for who reads all of it, else the page of the pair, where open."""
    is_charted = family.is_due_open and family.due_view is None
    if is_charted and family.child_id and viewer.role in ROLES_OF[Area.CHARTS]:
        return reverse("clinical:chart", args=[family.child_id])
    is_pair = family.parent_id is not None and family.child_id is not None
    if not is_pair or viewer.role not in ROLES_OF[Area.PEOPLE]:
        return ""
    return reverse("people:dyad", args=[family.dyad_id])


def _authority(one: CaregiverAtDoor) -> str:
    """What a caregiver may do, in words; that nothing is recorded is said too."""
    told = ((one.may_attend, "may_attend"), (one.may_consent, "may_consent"))
    may = [str(AUTHORITY[name]) for is_so, name in told if is_so]
    return ", ".join(may) if may else _("may not bring the child")


def _detail(line: PlaceLine) -> str:
    if line.state is PlaceState.ABSENT:
        return str(words.REASONS.get(line.absence_reason, ""))
    if 0 < line.minutes_late <= LATE_IN_MINUTES:
        return _("%(n)s min") % {"n": line.minutes_late}
    if line.arrived_at is not None:
        return f"{timezone.localtime(line.arrived_at):%H:%M}"
    return ""


def _tags(line: PlaceLine) -> Iterable[tuple[Label, str]]:
    yield from due_words(line)
    if line.fit is not None and line.fit.fit is not Fit.INSIDE:
        yield words.fit_text(line.fit), "warn"
    if line.done is not None:
        steps = (
            (line.done.is_measured, _("Measured")),
            (line.done.is_vaccinated, _("Vaccinated")),
            (line.done.is_seen and not line.done.is_signed, _("Seen")),
            (line.done.is_signed, _("Signed")),
        )
        yield from ((word, "done") for is_done, word in steps if is_done)
    if not line.has_agreement:
        yield _("No agreement on file"), "warn"


def _buttons(line: PlaceLine) -> Iterable[Button]:
    if not line.may_mark:
        return
    labels = mark_words()
    for value in AFTER[line.state]:
        is_absence = value == "absent" or (
            value == "expected" and line.state is PlaceState.ABSENT
        )
        if value == "absent" or (is_absence and not line.may_mark_absent):
            continue
        is_next = value == "arrived" and line.state is PlaceState.EXPECTED
        variant = "" if is_next else "secondary"
        yield Button(value, labels[value], "quiet" if value == "expected" else variant)


def _filters(board: SessionBoard, shown: str) -> list[dict[str, Any]]:
    labels = {
        "all": _("All"),
        "waiting": _("Expected"),
        "here": _("Here"),
        "absent": _("Absent"),
    }
    url = reverse("groups:session", args=[board.head.session_id])
    return [
        {
            "label": label,
            "url": f"{url}?show={key}" if key != "all" else url,
            "is_current": key == shown,
            "count": sum(line.state in SHOWN[key] for line in board.lines),
        }
        for key, label in labels.items()
    ]


def _member(one: Family, today: date) -> dict[str, Any]:
    return {
        "family": one,
        "age": words.age_text(one.age(today)),
        "language": words.language_word(one.language) if one.language else "",
    }


def _series(line: SeriesLine) -> dict[str, Any]:
    label, kind = words.STATUSES[line.status]
    return {
        "line": line,
        "visit": words.VISITS[line.visit],
        "status": label,
        "kind": kind,
        "windows": windows_drawing(line),
        "outside": [
            (one.family.child_name or one.family.parent_name, words.fit_text(one.fit))
            for one in line.members
            if one.fit.fit is not Fit.INSIDE
        ],
    }
