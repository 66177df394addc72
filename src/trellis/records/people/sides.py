"""What is shown of a parent and of a child: the open fields, and no trace of others.

Source of what each view holds: privacy.md 3.4. A view that is not named here opens
nothing of the class.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from trellis.core.access.viewer import Viewer
from trellis.core.access.vocabulary import Action, DataClass, Origin, View, Write
from trellis.core.people.ages import age_words, corrected_age_days
from trellis.records.access import gate
from trellis.records.access.gate import Key, Sight
from trellis.records.access.vault import Cell, unseal
from trellis.records.people.entries import gestation_of
from trellis.records.people.models import Parent
from trellis.records.people.phones import spoken


Facts = dict[str, Any]
ADULT, CHILD = DataClass.ADULT_IDENTITY, DataClass.CHILD_IDENTITY
PROGRAMME, SAFE = DataClass.PROGRAMME_RECORD, DataClass.SAFE_ADDRESS
LINK, LEGAL = DataClass.DYAD_LINK, DataClass.CPS_CUSTODY_LEGAL

PARENT_COLUMNS: Final = (
    "id",
    *Parent.KEY,
    "external_id",
    "first_name",
    "last_name",
    "chosen_name",
    "born",
    "phone",
    "email",
    "address_sealed",
    "reach_via_sealed",
    "language",
    "needs_interpreter",
    "races",
    "ethnicity",
    "payer",
    "version",
)
PLANNING: Final[Mapping[View | None, tuple[str, ...]]] = {
    None: ("language", "needs_interpreter", "races", "ethnicity", "payer"),
    View.VISIT_ADMIN: ("language", "needs_interpreter", "payer"),
    View.COACH_CARD: ("language",),
    View.LANGUAGE_NEEDS: ("language", "needs_interpreter"),
}
STAGE_VIEWS: Final = frozenset({None, View.COACH_CARD})
# A corrected age is spoken of until two years (domain.md, DOM-COH-5).
CORRECTED_UNTIL_DAYS: Final = 731


def full_name(first: str, last: str, chosen: str = "") -> str:
    """The name as shown: the chosen one, where there is one."""
    return " ".join(part for part in (chosen or first, last) if part)


def parent_facts(viewer: Viewer, row: Mapping[str, Any]) -> Facts:
    """The open fields of an adult's row (``PARENT_COLUMNS``); empty if none is.

    No statement if the gate was asked about this patient before.
    """
    key = Key(row["id"], *(row[name] for name in Parent.KEY))
    classes = (ADULT, PROGRAMME, SAFE)
    open_ = gate.look(viewer, Action.READ, classes, [key]).get(key, {})
    facts: Facts = {}
    if ADULT in open_:
        facts |= _identity(open_[ADULT], row)
    if PROGRAMME in open_:
        shown = PLANNING.get(open_[PROGRAMME].name, ())
        facts |= {name: row[name] for name in shown}
    if SAFE in open_:
        facts |= _safe(open_[SAFE], row)
    return facts


def child_facts(viewer: Viewer, key: Key, row: Mapping[str, Any], *, on: date) -> Facts:
    """The open fields of a child's row; empty if none is. No further statement."""
    classes = (CHILD, DataClass.CHILD_WELLCHILD)
    open_ = gate.look(viewer, Action.READ, classes, [key]).get(key, {})
    if CHILD not in open_:
        return {}
    facts = _child_identity(open_[CHILD], row, on)
    chart = open_.get(DataClass.CHILD_WELLCHILD)
    if chart is not None:
        facts["chart_view"] = chart.name
        if chart.name is None:
            facts |= _gestation(row, on)
    return facts


def parts_writable(viewer: Viewer, key: Key) -> frozenset[str]:
    """Which parts of an adult's record the viewer may change; shows or hides a button.

    No statement if the gate was asked about this patient before.
    """
    new = gate.new_row(viewer, key.patient, Origin.PART2)
    asked = {
        "identity": gate.writable(viewer, ADULT, [key]),
        "contact": gate.writable(viewer, ADULT, [key], narrow=Write.OWN_CONTACT),
        "planning": gate.writable(viewer, PROGRAMME, [key]),
        "reach_via": gate.writable(viewer, SAFE, [key], narrow=Write.EDIT_REACH_VIA),
        "address": gate.writable(viewer, SAFE, [key]),
        "child": gate.writable(viewer, LINK, [new]),
        "caregiver": gate.writable(viewer, LEGAL, [new]),
    }
    return frozenset(part for part, keys in asked.items() if keys)


def _identity(sight: Sight, row: Mapping[str, Any]) -> Facts:
    first, last, chosen = row["first_name"], row["last_name"], row["chosen_name"]
    if sight.name is View.FIRST_NAME:
        return {"name": chosen or first}
    if sight.name is not None:
        return {}
    facts: Facts = {"name": full_name(first, last, chosen)}
    if chosen and chosen != first:
        facts["legal_name"] = full_name(first, last)
    return facts | {
        "born": row["born"],
        "phone": spoken(row["phone"]),
        "email": row["email"],
        "external_id": row["external_id"],
    }


def _safe(sight: Sight, row: Mapping[str, Any]) -> Facts:
    shown = {
        None: ("reach_via", "address"),
        View.REACH_VIA: ("reach_via",),
        View.VISIT_ADDRESS: ("address",),
    }.get(sight.name, ())
    return {name: _unsealed(row["id"], f"{name}_sealed", row) for name in shown}


def _unsealed(parent_id: UUID, column: str, row: Mapping[str, Any]) -> str:
    return unseal(row[column], Cell(Parent._meta.db_table, parent_id, column))


def _child_identity(sight: Sight, row: Mapping[str, Any], on: date) -> Facts:
    if sight.name is View.FIRST_NAME:
        return {"name": row["first_name"]}
    if sight.name not in {None, View.CLEAN_CHART}:
        return {}
    facts: Facts = {
        "name": full_name(row["first_name"], row["last_name"]),
        "born": row["born"],
        "age": age_words(row["born"], on) if row["born"] <= on else None,
        "sex": row["sex"],
    }
    if sight.name is None:
        facts["birth_order"] = row["birth_order"]
        facts["external_id"] = row["external_id"]
    return facts


def _gestation(row: Mapping[str, Any], on: date) -> Facts:
    gestation = gestation_of(row["gestation_days"])
    facts: Facts = {"gestation": gestation}
    if gestation is None or not gestation.is_preterm or row["born"] > on:
        return facts
    if (on - row["born"]).days < CORRECTED_UNTIL_DAYS:
        facts["corrected_days"] = corrected_age_days(row["born"], gestation, on)
    return facts
