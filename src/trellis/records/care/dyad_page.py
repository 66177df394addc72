"""The shared page of a pair: what is open of the parent, of the child, of their link.

Every row is asked about by its own class and columns; what is closed is left out, and
nothing counts or mentions it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from trellis.core.access.viewer import Viewer
from trellis.core.access.vocabulary import Action, DataClass, Origin, Role, View
from trellis.core.errors import NotFound
from trellis.core.people.stages import Stage
from trellis.records.access import gate
from trellis.records.access.gate import Key
from trellis.records.accounts.models import User
from trellis.records.accounts.queries import staff_of
from trellis.records.care.lines import (
    CaregiverLine,
    CareTeam,
    ChildSide,
    ChildToLink,
    DyadPage,
    EpisodeLine,
    ParentPage,
    ParentSide,
    PregnancyLine,
    SiblingLine,
    StaffChoice,
    StaffLine,
)
from trellis.records.care.models import CareLink, Episode
from trellis.records.people.models import Child, Dyad, Parent, Pregnancy
from trellis.records.people.sides import (
    PARENT_COLUMNS,
    STAGE_VIEWS,
    child_facts,
    full_name,
    parent_facts,
    parts_writable,
)


ADULT, CHILD = DataClass.ADULT_IDENTITY, DataClass.CHILD_IDENTITY
LINK, LEGAL = DataClass.DYAD_LINK, DataClass.CPS_CUSTODY_LEGAL
PROGRAMME = DataClass.PROGRAMME_RECORD
JOINED: Final = (("parent", Parent), ("child", Child))
PERSON: Final = ("first_name", "last_name")
CHILD_FIELDS: Final = (
    *PERSON,
    "born",
    "sex",
    "birth_order",
    "gestation_days",
    "external_id",
)
COLUMNS: Final = (
    "id",
    "starts",
    "ends",
    "kind",
    "may_consent",
    "may_attend",
    "may_be_messaged",
    "may_see_record",
    *Dyad.KEY,
    "parent_id",
    *(f"parent__{name}" for name in (*Parent.KEY, *PERSON, "chosen_name")),
    "child_id",
    *(f"child__{name}" for name in (*Child.KEY, *CHILD_FIELDS)),
)
# Fields of the caregiver's authority, by what is open of class 15 (privacy.md 3.4).
AUTHORITY: Final[Mapping[View | None, tuple[str, ...]]] = {
    None: ("may_consent", "may_attend", "may_be_messaged", "may_see_record"),
    View.CHECK_IN_AUTHORITY: ("may_consent", "may_attend"),
    View.WHO_MAY_CONSENT: ("may_consent",),
    View.PICKUP_RULE: ("may_attend",),
}
# Who stands by a family through a care link; the others stand by site or session.
TEAM_ROLES: Final = (
    Role.NURSE,
    Role.PAEDIATRICS,
    Role.OBSTETRICS,
    Role.SUD_COUNSELLOR,
    Role.PEER_COACH,
    Role.CASE_MANAGER,
)
Row = Mapping[str, Any]


def pair(viewer: Viewer, dyad_id: UUID) -> DyadPage:
    """The page of one dyad, with siblings and the child's other caregivers."""
    rows = _open_dyads(
        viewer,
        Q(pk=dyad_id) | Q(parent__dyads=dyad_id) | Q(child__dyads=dyad_id),
    )
    own = next((row for row in rows if row["id"] == dyad_id), None)
    if own is None:
        raise NotFound
    parent = _parent_side(viewer, own["parent_id"])
    child = _child_side(viewer, own, rows)
    if parent is None and child is None:
        raise NotFound
    siblings = [row for row in rows if row["parent_id"] == own["parent_id"]]
    return DyadPage(
        dyad_id=dyad_id,
        starts=own["since"],
        ends=own["until"],
        parent=parent,
        child=child,
        siblings=_siblings(viewer, siblings, dyad_id),
    )


def adult(viewer: Viewer, parent_id: UUID) -> ParentPage:
    """The page of one parent and the open children."""
    rows = _open_dyads(viewer, Q(parent_id=parent_id))
    parent = _parent_side(viewer, parent_id)
    if parent is None:
        raise NotFound
    return ParentPage(parent, _siblings(viewer, rows, None))


def team(viewer: Viewer, parent_id: UUID) -> CareTeam:
    """The care team of one parent, and the staff of the site, for a change of it."""
    scope = Parent.scoped(viewer, reads={ADULT}, among=Q(pk=parent_id))
    row = scope.rows.values(*PARENT_COLUMNS, "site_id").first()
    new = gate.new_row(viewer, parent_id, Origin.PART2)
    if row is None or not gate.writable(viewer, PROGRAMME, [new]):
        raise NotFound
    staff = staff_of(row["site_id"], TEAM_ROLES, on=viewer.today)
    return CareTeam(
        parent_id=parent_id,
        name=parent_facts(viewer, row)["name"],
        lines=_care_team(viewer, parent_id),
        choices=tuple(StaffChoice(*each) for each in staff),
    )


def child_to_link(viewer: Viewer, dyad_id: UUID) -> ChildToLink:
    """The child of a dyad and whether the viewer may link a caregiver to it."""
    rows = _open_dyads(viewer, Q(pk=dyad_id))
    facts = _facts_of_child(viewer, rows[0]) if rows else {}
    if "name" not in facts:
        raise NotFound
    parent_id = rows[0]["parent_id"]
    new = gate.new_row(viewer, parent_id, Origin.PART2)
    return ChildToLink(
        child_id=rows[0]["child_id"],
        parent_id=parent_id,
        name=facts["name"],
        may_link=bool(gate.writable(viewer, LINK, [new])),
        may_record_kind=bool(gate.writable(viewer, LEGAL, [new])),
    )


def _open_dyads(viewer: Viewer, among: Q) -> list[Row]:
    """The dyads whose link is open, each with both people's columns (2 statements)."""
    keys = Dyad.keys_at_sites(viewer, among, also=JOINED)
    patients = {key.patient for row in keys for key in row if key is not None}
    gate.foresee(viewer, patients)
    links = list(dict.fromkeys(row[0] for row in keys if row[0] is not None))
    views = gate.views(viewer, Action.READ, {LINK}, links)
    if not views:
        return []
    rows = Dyad.opened(viewer, views).filter(among).distinct()
    found = rows.order_by("starts", "pk").values(*COLUMNS)
    return [{**row, **_dates_told(row, views)} for row in found]


def _dates_told(row: Row, views: gate.Sights) -> dict[str, date | None]:
    """Since and until when; a part of the class holds neither."""
    view = views[_key(row, "", row["parent_id"])][LINK].name
    if view is not None:
        return {"since": None, "until": None}
    return {"since": row["starts"], "until": row["ends"]}


def _key(row: Row, path: str, patient: UUID) -> Key:
    return Key(patient, *(row[f"{path}{name}"] for name in Parent.KEY))


def _siblings(
    viewer: Viewer, rows: Iterable[Row], dyad_id: UUID | None
) -> tuple[SiblingLine, ...]:
    """The open children of one caregiver, eldest first; a current dyad of each."""
    found: list[tuple[date, str, SiblingLine]] = []
    for row in rows:
        if row["id"] != dyad_id and not _is_current(row, viewer.today):
            continue
        facts = _facts_of_child(viewer, row)
        if "name" in facts:
            line = SiblingLine(row["id"], facts["name"], row["id"] == dyad_id)
            found.append((facts.get("born", date.min), facts["name"], line))
    return tuple(line for *_, line in sorted(found, key=lambda each: each[:2]))


def _is_current(row: Row, on: date) -> bool:
    return row["ends"] is None or bool(row["ends"] > on)


def _facts_of_child(viewer: Viewer, row: Row) -> dict[str, Any]:
    columns = {name: row[f"child__{name}"] for name in CHILD_FIELDS}
    key = _key(row, "child__", row["child_id"])
    return child_facts(viewer, key, columns, on=viewer.today)


def _child_side(viewer: Viewer, own: Row, rows: Iterable[Row]) -> ChildSide | None:
    facts = _facts_of_child(viewer, own)
    if not facts:
        return None
    key = _key(own, "child__", own["child_id"])
    caregivers = (row for row in rows if row["child_id"] == own["child_id"])
    return ChildSide(
        child_id=own["child_id"],
        facts=facts,
        caregivers=tuple(
            line
            for row in caregivers
            if (line := _caregiver(viewer, row, own["id"])) is not None
        ),
        may_write=bool(gate.writable(viewer, CHILD, [key])),
    )


def _caregiver(viewer: Viewer, row: Row, dyad_id: UUID) -> CaregiverLine | None:
    key = _key(row, "parent__", row["parent_id"])
    opened = gate.look(viewer, Action.READ, {ADULT}, [key]).get(key)
    if opened is None:
        return None
    first, last = row["parent__first_name"], row["parent__last_name"]
    chosen = row["parent__chosen_name"]
    is_whole = opened[ADULT].name is None
    name = full_name(first, last, chosen) if is_whole else chosen or first
    own = _key(row, "", row["parent_id"])
    legal = gate.look(viewer, Action.READ, {LEGAL}, [own]).get(own)
    view = legal[LEGAL].name if legal else None
    shown = AUTHORITY.get(view, ()) if legal else ()
    return CaregiverLine(
        dyad_id=row["id"],
        parent_id=row["parent_id"],
        name=name,
        starts=row["since"],
        ends=row["until"],
        kind=row["kind"] if legal and view is None else None,
        authority={field: row[field] for field in shown},
        is_current=row["id"] == dyad_id,
    )


def _parent_side(viewer: Viewer, parent_id: UUID) -> ParentSide | None:
    scope = Parent.scoped(viewer, reads={ADULT}, among=Q(pk=parent_id))
    row = scope.rows.values(*PARENT_COLUMNS).first()
    if row is None:
        return None
    key = _key(row, "", parent_id)
    return ParentSide(
        parent_id=parent_id,
        facts=parent_facts(viewer, row),
        version=row["version"],
        episodes=_episodes(viewer, parent_id),
        pregnancies=_pregnancies(viewer, parent_id),
        care_team=_care_team(viewer, parent_id),
        may_write=parts_writable(viewer, key),
        shows_programme=_is_whole_programme(viewer, key),
    )


def _is_whole_programme(viewer: Viewer, key: Key) -> bool:
    opened = gate.look(viewer, Action.READ, {PROGRAMME}, [key]).get(key)
    return opened is not None and opened[PROGRAMME].name is None


def _episodes(viewer: Viewer, parent_id: UUID) -> tuple[EpisodeLine, ...]:
    """The newest first; of a part of the class the stage of the newest alone."""
    among = Q(parent_id=parent_id)
    scope = Episode.scoped(viewer, reads={PROGRAMME}, among=among)
    dates = ("stage_since", "referred_on", "enrolled_on", "ended_on")
    found: list[EpisodeLine] = []
    rows = scope.rows.order_by("-referred_on").values(
        "id", "stage", *dates, "parent_id", *Episode.KEY
    )
    for row in rows:
        view = scope.views[_key(row, "", parent_id)][PROGRAMME].name
        if view not in STAGE_VIEWS or (view is not None and found):
            continue
        told = {name: row[name] if view is None else None for name in dates}
        found.append(
            EpisodeLine(row["id"], Stage(row["stage"]), is_whole=view is None, **told)
        )
    return tuple(found)


def _pregnancies(viewer: Viewer, parent_id: UUID) -> tuple[PregnancyLine, ...]:
    among = Q(parent_id=parent_id)
    scope = Pregnancy.scoped(viewer, reads={PROGRAMME}, among=among)
    rows = scope.rows.order_by("-due_on").values("due_on", "ended_on", *Pregnancy.KEY)
    return tuple(
        PregnancyLine(row["due_on"], row["ended_on"])
        for row in rows
        if scope.views[_key(row, "", parent_id)][PROGRAMME].name is None
    )


def _care_team(viewer: Viewer, parent_id: UUID) -> tuple[StaffLine, ...]:
    in_force = Q(starts__lte=viewer.at) & (Q(ends=None) | Q(ends__gt=viewer.at))
    among = in_force & Q(parent_id=parent_id)
    scope = CareLink.scoped(viewer, reads={PROGRAMME}, among=among)
    rows = [
        row
        for row in scope.rows.order_by("role", "starts").values(
            "id", "staff_id", "role", "starts", *CareLink.KEY
        )
        if scope.views[_key(row, "", parent_id)][PROGRAMME].name is None
    ]
    if not rows:
        return ()
    staff = User.objects.filter(pk__in=[row["staff_id"] for row in rows])
    names = dict(staff.values_list("pk", "name"))
    return tuple(
        StaffLine(
            row["id"],
            row["staff_id"],
            names.get(row["staff_id"], ""),
            row["role"],
            row["starts"],
        )
        for row in rows
    )
