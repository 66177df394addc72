"""What the people pages show, made from frozen lines: rows, links, labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trellis.core.access.viewer import Viewer
from trellis.core.access.vocabulary import Role
from trellis.core.people.names import Match
from trellis.core.people.stages import Stage
from trellis.records.care.lines import (
    CaregiverLine,
    CareTeam,
    ChildSide,
    ChildToLink,
    DyadPage,
    EpisodeLine,
    ParentPage,
    ParentSide,
    SiblingLine,
)
from trellis.records.groups.family_page.queries import FamilyPage
from trellis.records.people.lines import (
    ChildOfFamily,
    DuplicateLine,
    FamiliesPage,
    FamilyLine,
)
from trellis.web.areas import ROLES_OF, Area
from trellis.web.people import blocks, words
from trellis.web.role_labels import ROLE_LABELS


Row = dict[str, Any]
REGISTERING: Final = frozenset({Role.COORDINATOR, Role.CASE_MANAGER})
PARENT_TERMS: Final[Mapping[str, str | Promise]] = {
    "legal_name": gettext_lazy("Name on papers"),
    "born": gettext_lazy("Birth date"),
    "external_id": gettext_lazy("Site's own number"),
    "language": gettext_lazy("Language"),
    "needs_interpreter": gettext_lazy("Needs an interpreter"),
    "payer": gettext_lazy("Insurance"),
    "races": gettext_lazy("Race, self-reported"),
    "ethnicity": gettext_lazy("Ethnicity, self-reported"),
}
CONTACT_TERMS: Final[Mapping[str, str | Promise]] = {
    "reach_via": gettext_lazy("Safe ways"),
    "phone": gettext_lazy("Phone"),
    "email": gettext_lazy("E-mail"),
    "address": gettext_lazy("Address"),
}


def address(name: str, *args: object) -> str:
    """An address of another area; empty where that area has no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def found(viewer: Viewer, told: FamiliesPage, text: str) -> dict[str, Any]:
    """The page of the list."""
    return {
        "text": text,
        "rows": [_family_row(viewer, line) for line in told.lines],
        "number": told.number,
        "pages": told.pages,
        "total": told.total,
        "query": urlencode({"q": text}) if text else "",
        "may_register": viewer.role in REGISTERING,
        "shows_stage": any(line.stage for line in told.lines),
        "shows_language": any(line.language for line in told.lines),
        "shows_born": any(line.parent_born for line in told.lines),
    }


def family(viewer: Viewer, page: FamilyPage) -> dict[str, Any]:
    """The page of a dyad with the child's visits and the family's group."""
    told = page.pair
    chart = _chart(viewer, told.child) if told.child else ""
    return {
        **pair(viewer, told),
        "visits": blocks.visits(page.visits, chart) if page.visits else None,
        "group": blocks.group(page.group, told.dyad_id) if page.group else None,
    }


def pair(viewer: Viewer, told: DyadPage) -> dict[str, Any]:
    """The two people of a dyad."""
    sides = (told.parent, told.child)
    names = [side.facts["name"] for side in sides if side is not None]
    return {
        "title": _(" and ").join(names),
        "dyad": told,
        "crumbs": _crumbs(names[0]),
        "switch": _switch(told.siblings, told.dyad_id),
        "parent": parent_side(told.parent) if told.parent else None,
        "child": _child_side(viewer, told) if told.child else None,
        "actions": _actions(viewer, told),
    }


def alone(told: ParentPage) -> dict[str, Any]:
    """The page of a parent."""
    name = told.parent.facts["name"]
    return {
        "title": name,
        "crumbs": _crumbs(name),
        "children": _switch(told.children, None),
        "parent": parent_side(told.parent),
        "add_child": _edit(told.parent, "child", "people:add-child"),
    }


def team(told: CareTeam) -> dict[str, Any]:
    """The page of a care team, for whoever may change it."""
    return {
        "name": told.name,
        "crumbs": _crumbs_below(told.parent_id, told.name, _("Care team")),
        "lines": [
            {
                "name": line.name,
                "role": ROLE_LABELS[Role(line.role)],
                "since": line.since,
                "end": reverse(
                    "people:end-care-link", args=[told.parent_id, line.link_id]
                ),
            }
            for line in told.lines
        ],
    }


def episodes(side: ParentSide) -> dict[str, Any]:
    """The page of the episodes: the open one, what may be recorded, earlier ones."""
    current, name = current_episode(side), side.facts["name"]
    whole = [line for line in side.episodes if line.is_whole]
    return {
        "name": name,
        "crumbs": _crumbs_below(side.parent_id, name, _("In the programme")),
        "now": _now(current) if current else None,
        "earlier": [_episode_row(line) for line in whole if line is not current],
        "actions": [
            {"label": label, "url": reverse(name, args=[side.parent_id])}
            for label, name in _steps(whole, current)
        ],
    }


def current_episode(side: ParentSide) -> EpisodeLine | None:
    """The open episode, where the programme's record is open as a whole."""
    whole = (line for line in side.episodes if line.is_whole)
    return next((line for line in whole if line.ended_on is None), None)


def link_registered(
    child: ChildToLink, dyad_id: UUID, text: str, *, has_found: bool
) -> dict[str, Any]:
    """The page on which an adult who is registered is linked to a child."""
    back = reverse("people:dyad", args=[dyad_id])
    return {
        "name": child.name,
        "text": text,
        "has_found": has_found,
        "may_record_kind": child.may_record_kind,
        "back": back,
        "crumbs": [
            {"label": _("People"), "url": reverse("people:find")},
            {"label": child.name, "url": back},
            {"label": _("Link a caregiver")},
        ],
    }


def _steps(
    whole: list[EpisodeLine], current: EpisodeLine | None
) -> Iterable[tuple[str, str]]:
    """What may be recorded now; after a death nothing more."""
    if current is None:
        if not any(line.stage is Stage.DECEASED for line in whole):
            yield _("Open a new episode"), "people:open-episode"
        return
    if current.enrolled_on is None:
        yield _("Record the enrolment"), "people:enrol"
    yield _("Next stage"), "people:stage"
    yield _("End the episode"), "people:end-episode"


def _now(line: EpisodeLine) -> Row:
    days = [
        (_("Stage since"), line.stage_since),
        (_("Referred"), line.referred_on),
        (_("Enrolled"), line.enrolled_on),
    ]
    rows = [{"term": term, "value": _day(day)} for term, day in days]
    return {"stage": words.STAGES[line.stage.value], "rows": rows}


def _crumbs_below(parent_id: UUID, name: str, title: str) -> list[Row]:
    return [
        {"label": _("People"), "url": reverse("people:find")},
        {"label": name, "url": reverse("people:parent", args=[parent_id])},
        {"label": title},
    ]


def parent_side(side: ParentSide) -> dict[str, Any]:
    """The parent as rows; a closed field has no row."""
    facts = side.facts
    whole = [line for line in side.episodes if line.is_whole]
    current = current_episode(side)
    stage = side.episodes[0].stage if side.episodes else None
    return {
        "id": side.parent_id,
        "name": facts["name"],
        "rows": _rows(PARENT_TERMS, facts),
        "contact": _rows(CONTACT_TERMS, facts),
        "stage": words.STAGES[stage.value] if stage else "",
        "stage_url": _edit(side, "planning", "people:stage") if current else "",
        "shows_programme": side.shows_programme,
        "episodes": [_episode_row(line) for line in whole],
        "pregnancies": [
            {
                "term": _("Pregnancy, ended") if line.ended_on else _("Pregnancy"),
                "value": _("due %(date)s") % {"date": _day(line.due_on)},
            }
            for line in side.pregnancies
        ],
        "care_team": [
            {
                "term": ROLE_LABELS[Role(line.role)],
                "value": line.name,
                "hint": _("since %(date)s")
                % {"date": _day(timezone.localdate(line.since))},
            }
            for line in side.care_team
        ],
        "team_url": _edit(side, "planning", "people:care-team"),
        "episode_url": _edit(side, "planning", "people:episode"),
        "edit": _edit(side, "identity", "people:edit-parent"),
        "edit_contact": _edit(side, "contact", "people:edit-contact"),
        "add_pregnancy": _edit(side, "planning", "people:pregnancy"),
    }


def duplicates(lines: Iterable[DuplicateLine]) -> list[Row]:
    """Who is like the person on the form, with reasons and a link to them."""
    return [
        {
            "name": line.name,
            "born": line.born,
            "is_child": line.is_child,
            "is_probable": line.match is Match.PROBABLE,
            "reasons": ", ".join(str(words.REASONS[each]) for each in line.reasons),
            "url": _duplicate_url(line),
        }
        for line in lines
    ]


def _duplicate_url(line: DuplicateLine) -> str:
    if not line.is_child:
        return reverse("people:parent", args=[line.patient_id])
    return f"{reverse('people:find')}?{urlencode({'q': line.name})}"


def _family_row(viewer: Viewer, line: FamilyLine) -> Row:
    return {
        "name": line.parent_name,
        "born": line.parent_born,
        "url": _family_url(viewer, line),
        "children": [_child_row(viewer, kid) for kid in line.children],
        "stage": words.word(words.STAGES, line.stage or ""),
        "language": words.word(words.LANGUAGES, line.language or ""),
    }


def _family_url(viewer: Viewer, line: FamilyLine) -> str:
    if line.parent_id is None:
        return _child_url(viewer, line.children[0])
    dyad_id = next((kid.dyad_id for kid in line.children if kid.dyad_id), None)
    if dyad_id is not None:
        return reverse("people:dyad", args=[dyad_id])
    return reverse("people:parent", args=[line.parent_id])


def _child_row(viewer: Viewer, kid: ChildOfFamily) -> Row:
    return {
        "name": kid.name,
        "born": kid.born,
        "age": words.age(kid.age),
        "url": _child_url(viewer, kid),
    }


def _child_url(viewer: Viewer, kid: ChildOfFamily) -> str:
    if kid.dyad_id is not None:
        return reverse("people:dyad", args=[kid.dyad_id])
    has_charts = viewer.role in ROLES_OF[Area.CHARTS]
    return address("clinical:chart", kid.child_id) if has_charts else ""


def _crumbs(name: str) -> list[Row]:
    return [{"label": _("People"), "url": reverse("people:find")}, {"label": name}]


def _switch(siblings: tuple[SiblingLine, ...], dyad_id: UUID | None) -> list[Row]:
    """Tabs of the children; none for an only child that is shown."""
    if dyad_id is not None and len(siblings) < 2:  # noqa: PLR2004 - one is no choice
        return []
    return [
        {
            "label": line.name,
            "url": reverse("people:dyad", args=[line.dyad_id]),
            "is_current": line.is_current,
        }
        for line in siblings
    ]


def _child_side(viewer: Viewer, told: DyadPage) -> dict[str, Any]:
    side = told.child
    if side is None:
        return {}
    may_link = told.parent is not None and "caregiver" in told.parent.may_write
    return {
        "id": side.child_id,
        "name": side.facts["name"],
        "rows": list(_child_rows(side)),
        "caregivers": [_caregiver_row(line, may_link) for line in side.caregivers],
        "edit": reverse("people:edit-child", args=[told.dyad_id])
        if side.may_write
        else "",
        "add_caregiver": reverse("people:link-caregiver", args=[told.dyad_id])
        if may_link
        else "",
        "link_registered": reverse("people:link-registered", args=[told.dyad_id])
        if _may_link_registered(viewer, told)
        else "",
        "chart": _chart(viewer, side),
    }


def _may_link_registered(viewer: Viewer, told: DyadPage) -> bool:
    is_open = told.parent is not None and "child" in told.parent.may_write
    return is_open and viewer.role in REGISTERING


def _chart(viewer: Viewer, side: ChildSide) -> str:
    """The chart's address for who reads all of it; a part has no page of its own."""
    is_whole = "chart_view" in side.facts and side.facts["chart_view"] is None
    has_charts = viewer.role in ROLES_OF[Area.CHARTS]
    return address("clinical:chart", side.child_id) if is_whole and has_charts else ""


def _child_rows(side: ChildSide) -> Iterable[Row]:
    facts = side.facts
    if "born" in facts:
        age = words.age(facts["age"])
        yield {"term": _("Birth date"), "value": _day(facts["born"]), "hint": age}
    if "corrected_days" in facts:
        corrected = words.corrected_age(facts["corrected_days"])
        yield {"term": _("Corrected age"), "value": corrected}
    if "gestation" in facts:
        weeks = words.gestation(facts["gestation"])
        yield {"term": _("Pregnancy lasted"), "value": weeks}
    if "sex" in facts:
        sex = words.word(words.SEXES, facts["sex"])
        yield {"term": _("Sex"), "value": sex}
    if facts.get("birth_order"):
        yield {"term": _("Birth order"), "value": str(facts["birth_order"])}
    if facts.get("external_id"):
        yield {"term": _("Site's own number"), "value": facts["external_id"]}


def _caregiver_row(line: CaregiverLine, may_link: bool) -> Row:
    authority = [
        str((words.AUTHORITY if is_so else words.NO_AUTHORITY)[field])
        for field, is_so in line.authority.items()
    ]
    return {
        "name": line.name,
        "url": reverse("people:dyad", args=[line.dyad_id]),
        "is_current": line.is_current,
        "kind": words.word(words.KINDS, line.kind) if line.kind else "",
        "authority": authority,
        "starts": line.starts,
        "ends": line.ends,
        "edit": reverse("people:authority", args=[line.dyad_id]) if may_link else "",
        "end": reverse("people:end-dyad", args=[line.dyad_id])
        if may_link and line.ends is None
        else "",
    }


def _actions(viewer: Viewer, told: DyadPage) -> list[Row]:
    """Quick actions of the page's head, the first one filled."""
    actions = []
    if told.child is not None and (chart := _chart(viewer, told.child)):
        actions.append({"label": _("Open the chart"), "url": chart})
    if told.parent is not None and "child" in told.parent.may_write:
        url = reverse("people:add-child", args=[told.parent.parent_id])
        actions.append({"label": _("Add a child"), "url": url})
    return [action for action in actions if action["url"]]


def _edit(side: ParentSide, part: str, name: str) -> str:
    return reverse(name, args=[side.parent_id]) if part in side.may_write else ""


def _episode_row(line: EpisodeLine) -> Row:
    days = [
        (_("referred %(date)s"), line.referred_on),
        (_("enrolled %(date)s"), line.enrolled_on),
        (_("ended %(date)s"), line.ended_on),
    ]
    return {
        "term": words.STAGES[line.stage.value],
        "value": ", ".join(text % {"date": _day(day)} for text, day in days if day),
    }


def _rows(terms: Mapping[str, str | Promise], facts: Mapping[str, Any]) -> list[Row]:
    return [
        {"term": term, "value": _value(name, facts[name])}
        for name, term in terms.items()
        if name in facts
    ]


def _value(name: str, value: Any) -> str:  # noqa: ANN401 - each field has its type
    if name == "born":
        return _day(value)
    if name == "needs_interpreter":
        return "" if value is None else _("Yes") if value else _("No")
    if name == "races":
        return ", ".join(words.word(words.RACES, code) for code in value)
    known = {
        "language": words.LANGUAGES,
        "payer": words.PAYERS,
        "ethnicity": words.ETHNICITIES,
    }.get(name)
    return words.word(known, value) if known else str(value)


def _day(day: Any) -> str:  # noqa: ANN401 - a date or None
    return date_format(day, "DATE_FORMAT") if day else ""
