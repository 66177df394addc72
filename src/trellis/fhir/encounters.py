"""Encounter: visits elsewhere, so that a child's visit history is whole."""

from __future__ import annotations

from typing import Final

from trellis.core.people.histories import Problem, VisitElsewhere
from trellis.fhir.documents import Entry
from trellis.fhir.values import (
    SNOMED,
    Left,
    Lifetime,
    codings,
    read_day,
    text,
    words_of,
)


# SNOMED CT concept ids as facts (no descriptions are shipped).
WELL_CHILD: Final = frozenset({"410620009", "185349003", "170258001"})
OTHER_VISIT: Final = frozenset({"185345009", "185347001", "50849002", "371883000"})
_HAPPENED: Final = frozenset(
    {"finished", "in-progress", "onleave", "triaged", "arrived"}
)


def read_encounter(entry: Entry, lifetime: Lifetime) -> VisitElsewhere | Problem | Left:
    """The visit, why it is none, or Left where it did not happen (yet)."""
    resource = entry.resource
    kind = words_of(resource, "type") or text(resource, "class", "code") or "visit"
    status = text(resource, "status")
    if status == "entered-in-error":
        return entry.problem("status", f"{kind} was a wrong entry; it was not kept.")
    if status not in _HAPPENED:
        return Left(f"Encounter ({status or 'no status'})")
    try:
        on = read_day(text(resource, "period", "start"))
    except ValueError as problem:
        return entry.problem("period.start", f"{kind}: {problem} Not kept.")
    refusal = lifetime.refusal(on, kind)
    if refusal:
        return entry.problem("period.start", refusal)
    number = text(resource, "id")
    return VisitElsewhere(
        key=f"Encounter/{number}" if number else f"{on.isoformat()}:{kind}",
        on=on,
        kind=kind,
        is_well_child=_is_well_child(entry),
    )


def _is_well_child(entry: Entry) -> bool | None:
    codes = {
        one.code for one in codings(entry.resource, "type") if one.system in SNOMED
    }
    if codes & WELL_CHILD:
        return True
    return False if codes & OTHER_VISIT else None
