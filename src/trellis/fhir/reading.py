"""A FHIR R4 file as children's histories.

Patient, RelatedPerson, Immunization, Observation (growth), Encounter and Condition are
understood; everything else is counted by type. Resources are tied to their child by
reference, never by their order in the file.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from trellis.core.people.histories import (
    ChildHistory,
    DoseGiven,
    HistoriesRead,
    Measured,
    Problem,
    ProblemElsewhere,
    VisitElsewhere,
)
from trellis.fhir import patients
from trellis.fhir.conditions import read_condition
from trellis.fhir.documents import Entry, read_document
from trellis.fhir.encounters import read_encounter
from trellis.fhir.immunizations import read_immunization
from trellis.fhir.observations import read_observation
from trellis.fhir.values import Left, Lifetime, text


# Where a resource names its patient.
_SUBJECT: Final = {
    "RelatedPerson": "patient",
    "Immunization": "patient",
    "Observation": "subject",
    "Encounter": "subject",
    "Condition": "subject",
}
Kept = DoseGiven | Measured | VisitElsewhere | ProblemElsewhere
Outcome = Kept | Problem | Left


@dataclass(slots=True)
class _Child:
    entry: Entry
    lifetime: Lifetime
    doses: dict[tuple[date, str], DoseGiven] = field(default_factory=dict)
    kept: dict[str, Kept] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)
    mother: str | None = None


@dataclass(slots=True)
class _File:
    as_of: date
    children: list[_Child] = field(default_factory=list)
    # None: a patient of the file who is not imported (an adult, or refused)
    by_reference: dict[str, _Child | None] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)


def read_fhir_file(data: bytes, *, file: str, as_of: date) -> HistoriesRead:
    """Every child of a Bundle, a single resource or NDJSON.

    Facts after ``as_of`` or before birth, doses not done and entries in error are
    problems, not facts.

    Raises:
        InvalidInput: the file as a whole cannot be read.
    """
    entries, problems = read_document(data, file=file)
    reading = _File(as_of, problems=problems)
    for entry in entries:
        if entry.kind == "Patient":
            _add_patient(reading, entry)
    for entry in entries:
        if entry.kind in _SUBJECT:
            _add_fact(reading, entry)
        elif entry.kind != "Patient":
            reading.left[entry.kind] += 1
    return _read(reading)


def _read(reading: _File) -> HistoriesRead:
    """Where the file is about one child, all that was left belongs to that child."""
    problems = reading.problems
    if len(reading.children) == 1:
        reading.children[0].left.update(reading.left)
        reading.left = Counter()
    return HistoriesRead(
        tuple(_history(child) for child in reading.children),
        tuple(problems),
        tuple(sorted(reading.left.items())),
    )


def _add_patient(reading: _File, entry: Entry) -> None:
    names = _references(entry)
    known = [name for name in names if name in reading.by_reference]
    if known:
        sentence = f"{known[0]} stands twice in this file; the second was not used."
        reading.problems.append(entry.problem("id", sentence))
        return
    born = patients.read_born(entry, reading.as_of)
    child = None
    if isinstance(born, Problem):
        reading.problems.append(born)
    elif isinstance(born, Left):
        reading.left[born.kind] += 1
    else:
        child = _Child(entry, Lifetime(born, reading.as_of))
        child.mother = patients.read_maiden_name(entry.resource)
        reading.children.append(child)
    reading.by_reference.update(dict.fromkeys(names, child))


def _references(entry: Entry) -> list[str]:
    number = text(entry.resource, "id")
    names = [f"Patient/{number}", f"urn:uuid:{number}"] if number else []
    return [*names, entry.full_url] if entry.full_url not in ("", *names) else names


def _add_fact(reading: _File, entry: Entry) -> None:
    subject = _SUBJECT[entry.kind]
    reference = text(entry.resource, subject, "reference").split("/_history/")[0]
    if not reference:
        sentence = f"This {entry.kind} names no patient; it was not kept."
        reading.problems.append(entry.problem(subject, sentence))
        return
    if reference not in reading.by_reference:
        reference = "/".join(reference.split("/")[-2:])
    if reference not in reading.by_reference:
        reading.left[f"{entry.kind} of a patient who is not in this file"] += 1
        return
    child = reading.by_reference[reference]
    if child is None:
        reading.left[f"{entry.kind} of a patient who was not imported"] += 1
        return
    _add_to_child(child, entry)


def _add_to_child(child: _Child, entry: Entry) -> None:
    if entry.kind == "RelatedPerson":
        mother = patients.read_mother(entry)
        child.mother = mother or child.mother
        child.left["RelatedPerson"] += 0 if mother else 1
        return
    outcome = _outcome(child, entry)
    if isinstance(outcome, Problem):
        child.problems.append(outcome)
    elif isinstance(outcome, Left):
        child.left[outcome.kind] += 1
    elif outcome.key in child.kept:
        child.left[f"{entry.kind} (repeated)"] += 1
    elif isinstance(outcome, DoseGiven) and _is_known(child, outcome):
        child.left["Immunization (same vaccine and day)"] += 1
    else:
        child.kept[outcome.key] = outcome


def _is_known(child: _Child, dose: DoseGiven) -> bool:
    known = child.doses.setdefault((dose.on, dose.cvx), dose)
    return known is not dose


def _outcome(child: _Child, entry: Entry) -> Outcome:
    if entry.kind == "Immunization":
        return read_immunization(entry, child.lifetime)
    if entry.kind == "Observation":
        return read_observation(entry, child.lifetime)
    if entry.kind == "Encounter":
        return read_encounter(entry, child.lifetime)
    kept, problems = read_condition(entry, child.lifetime.as_of)
    child.problems.extend(problems)
    return kept


def _history(child: _Child) -> ChildHistory:
    resource = child.entry.resource
    kept = tuple(child.kept.values())
    return ChildHistory(
        place=child.entry.place,
        identifiers=patients.read_identifiers(resource),
        name=patients.read_name(resource),
        born=child.lifetime.born,
        sex=patients.read_sex(resource),
        doses=tuple(one for one in kept if isinstance(one, DoseGiven)),
        measurements=tuple(one for one in kept if isinstance(one, Measured)),
        visits=tuple(one for one in kept if isinstance(one, VisitElsewhere)),
        problems_elsewhere=tuple(o for o in kept if isinstance(o, ProblemElsewhere)),
        mother_family_name=child.mother,
        not_understood=tuple(sorted((+child.left).items())),
        problems=tuple(child.problems),
    )
