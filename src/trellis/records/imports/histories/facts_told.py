"""Facts of a history as the rows of a child's chart, before they are saved."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from trellis.core.people.histories import ChildHistory, DoseGiven, Measured
from trellis.records.clinical.models import (
    Condition,
    Encounter,
    Immunization,
    Measurement,
)


LONGEST_KEY: Final = 200
LONGEST_OF_DOSE: Final = {"mvx": 8, "lot": 30}
Chart = type[Immunization] | type[Measurement] | type[Encounter] | type[Condition]


@dataclass(frozen=True, slots=True)
class Told:
    """One fact: the table, the key it has there, and its columns."""

    table: Chart
    key: str
    columns: dict[str, Any]


def sender_of(kind: str, history: ChildHistory) -> str:
    """``fhir:`` or ``iis:`` and who keeps the record, as its first identifier says."""
    system = history.identifiers[0].system if history.identifiers else ""
    name = urlsplit(system).hostname or system.removeprefix("urn:oid:")
    return f"{kind}:{name}" if name else kind


def facts_told(
    history: ChildHistory, sender: str, left: Counter[str]
) -> Iterator[Told]:
    """Every fact for the chart; a text that is too long to keep is counted."""
    for dose in history.doses:
        yield _told(Immunization, dose.key, sender, _dose(dose, left))
    for measured in history.measurements:
        yield _told(Measurement, measured.key, sender, _measured(measured))
    for visit in history.visits:
        columns = {
            "on": visit.on,
            "kind": visit.kind[:60],
            "is_well_child": visit.is_well_child,
            "status": Encounter.ELSEWHERE,
        }
        yield _told(Encounter, visit.key, sender, columns)
    for problem in history.problems_elsewhere:
        columns = {
            "system": problem.system[:120],
            "code": problem.code[:40],
            "text": problem.text[:250],
            "onset_on": problem.onset,
            "abated_on": problem.abated,
        }
        yield _told(Condition, problem.key, sender, columns)


def _told(table: Chart, key: str, sender: str, columns: dict[str, Any]) -> Told:
    columns["source"] = sender[: 60 if table is Immunization else 20]
    whole = f"{sender}/{key}"
    if len(whole) > LONGEST_KEY:
        whole = hashlib.sha256(whole.encode()).hexdigest()
    return Told(table, whole, columns)


def _dose(dose: DoseGiven, left: Counter[str]) -> dict[str, Any]:
    found: dict[str, Any] = {"on": dose.on, "cvx": dose.cvx}
    for name, text in (("mvx", dose.mvx), ("lot", dose.lot)):
        longest = LONGEST_OF_DOSE[name]
        is_kept = text is None or len(text) <= longest
        found[name] = (text or "") if is_kept else ""
        if not is_kept:  # half a lot number would be a wrong lot number
            left[f"{name} of a dose, longer than {longest} signs"] += 1
    found["product"] = (dose.product or "")[:80]
    return found


def _measured(measured: Measured) -> dict[str, Any]:
    values = {
        Measurement.WEIGHT: measured.weight_g,
        Measurement.LENGTH: measured.length_mm,
        Measurement.HEAD: measured.head_mm,
    }
    kind, value = next((k, v) for k, v in values.items() if v is not None)
    position = measured.position or ""
    return {"on": measured.on, "kind": kind, "value": value, "position": position}
