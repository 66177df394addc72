"""One child's history from elsewhere, attached to the child it is about.

A history never makes a child: a child stands in the record through a caregiver, so the
roster (or a person) names it first. What another system recorded is brought in unread
by whoever may import: this is the import's own write rule (decision 17); it opens
nothing, and asks the gate only for the child's identity.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal
from uuid import UUID

from trellis.core.access.viewer import Permission, Viewer
from trellis.core.access.vocabulary import Origin
from trellis.core.people.histories import ChildHistory
from trellis.core.people.names import PersonFacts
from trellis.records.access import gate, vault
from trellis.records.access.models import provenance
from trellis.records.clinical.models import Encounter, Immunization
from trellis.records.immunization.operations import replace_forecasts
from trellis.records.imports.families.setting import Decided, Question
from trellis.records.imports.histories.facts_told import Told, facts_told, sender_of
from trellis.records.imports.ledger import Ledger, columns_of
from trellis.records.imports.outcomes import Fate, LineRefused
from trellis.records.imports.people_here import Here, PeopleHere
from trellis.records.people.models import Child, ChildIdentifier


HistoryKind = Literal["fhir", "iis"]


@dataclass(slots=True)
class HistorySetting:
    """The children open to the importer, earlier decisions, and the run's ledger."""

    kind: HistoryKind
    ledger: Ledger
    children: PeopleHere
    by_key: Mapping[UUID, Here]
    decided: Mapping[tuple[int, str], Decided]
    left: Counter[str] = field(default_factory=Counter)


def _line_key(kind: str, history: ChildHistory) -> str:
    """Stable across repeats of a file, and nothing to read."""
    if history.identifiers:
        first = history.identifiers[0]
        text = f"{first.system}|{first.value}"
    else:
        name = history.name
        text = f"{name.given}|{name.family}|{history.born.isoformat()}"
    return f"{kind}:{vault.blind_index(text)}"


@gate.writes
def bring_in_history(
    *, by: Viewer, history: ChildHistory, setting: HistorySetting
) -> tuple[Counter[Fate], tuple[Question, ...]]:
    """Attach a history, or say which children here it may be about.

    Returns the fates of the child and of each fact, or the questions.

    Raises:
        LineRefused: no child here matches, or the match cannot be trusted.
    """
    by.require(Permission.IMPORTS_FILE_IMPORT)
    line_key = _line_key(setting.kind, history)
    found = _match(by, history, setting, line_key)
    if isinstance(found, Here):
        return attach_history(by=by, here=found, history=history, setting=setting), ()
    return Counter(), found


def _match(
    by: Viewer, history: ChildHistory, setting: HistorySetting, line_key: str
) -> Here | tuple[Question, ...]:
    known = _known_by_identifier(by, history, setting)
    if known is not None:
        return known
    decided = [setting.decided.get((site, line_key)) for site in sorted(by.site_ids)]
    answers = [one for one in decided if one is not None]
    for one in answers:
        if one.is_subject is not None and one.is_subject in setting.by_key:
            return setting.by_key[one.is_subject]
    name, mother = history.name, history.mother_family_name
    facts = PersonFacts(name.given, name.family, history.born, history.sex, mother)
    exact = setting.children.exact(facts)
    if len(exact) == 1:
        return exact[0]
    not_these = frozenset[UUID]().union(*(one.is_not for one in answers))
    near = setting.children.near(facts, apart_from=not_these)
    questions = [Question("child", line_key, *pair) for pair in near]
    if questions:
        return tuple(questions)
    raise LineRefused(
        "name, birth date and sex",
        "No child here matches this record. Bring in the roster that names the child "
        "first, then this file again.",
    )


def _known_by_identifier(
    by: Viewer, history: ChildHistory, setting: HistorySetting
) -> Here | None:
    """The child who already has one of the identifiers.

    Raises:
        LineRefused: two children have them, or the birth dates differ.
    """
    wanted = {(one.system, one.value) for one in history.identifiers if one.system}
    if not wanted:
        return None
    rows = ChildIdentifier.ungated.filter(
        site_id__in=by.site_ids, value__in={value for _, value in wanted}
    ).values_list("system", "value", "child_id")
    keys = {child for system, value, child in rows if (system, value) in wanted}
    known = [setting.by_key[key] for key in sorted(keys) if key in setting.by_key]
    if len(known) > 1:
        raise LineRefused(
            "identifier",
            "Its identifiers belong to two children here; a person has to look.",
        )
    if known and known[0].facts.born != history.born:
        raise LineRefused(
            "birth date",
            "The child here with this identifier has another birth date; "
            "a person has to look.",
        )
    return known[0] if known else None


@gate.writes
def attach_history(
    *, by: Viewer, here: Here, history: ChildHistory, setting: HistorySetting
) -> Counter[Fate]:
    """Save what is new about this child; facts known already stay as they are."""
    by.require(Permission.IMPORTS_FILE_IMPORT)
    # locked: two files about one child are saved one after the other
    child = Child.ungated.select_for_update().get(pk=here.key)
    sender = sender_of(setting.kind, history)
    new = provenance(by, site_id=child.site_id, origin=Origin.HIPAA)
    new |= {"child_id": child.pk, "import_id": setting.ledger.run_id}
    fates: Counter[Fate] = Counter()
    fates[_save_identifiers(child, history, setting, new)] += 1
    told = list(facts_told(history, sender, setting.left))
    fates += _save_facts(child, told, setting, new)
    if setting.kind == "iis":
        done = replace_forecasts(
            by=by,
            child=child,
            sender=sender,
            forecasts=history.forecasts,
            ledger=setting.ledger,
        )
        fates[Fate(done)] += len(history.forecasts)
    setting.ledger.flush()
    return fates


def _save_identifiers(
    child: Child, history: ChildHistory, setting: HistorySetting, new: dict[str, Any]
) -> Fate:
    held = ChildIdentifier.ungated.filter(site_id=child.site_id)
    known = set(
        held.filter(value__in=[one.value for one in history.identifiers]).values_list(
            "system", "value"
        )
    )
    fate = Fate.UNCHANGED
    for one in dict.fromkeys(history.identifiers):
        if not one.system or (one.system, one.value) in known:
            continue
        if len(one.system) > 200 or len(one.value) > 120:  # noqa: PLR2004 - the columns
            setting.left["identifier too long to keep"] += 1
            continue
        row = ChildIdentifier(**new, system=one.system, value=one.value)
        setting.ledger.create(row, child.site_id, child.pk)
        fate = Fate.UPDATED
    return fate


def _save_facts(
    child: Child, told: Iterable[Told], setting: HistorySetting, new: dict[str, Any]
) -> Counter[Fate]:
    fates: Counter[Fate] = Counter()
    by_table: dict[type, list[Told]] = {}
    for fact in told:
        by_table.setdefault(fact.table, []).append(fact)
    for facts in by_table.values():
        rows = facts[0].table.ungated.filter(child=child).exclude(external_key="")
        known: dict[str, Any] = {row.external_key: row for row in rows}
        is_of_doses = facts[0].table is Immunization
        standing = _doses_standing(child) if is_of_doses else set()
        for fact in facts:
            row = known.get(fact.key)
            if row is not None:
                fates[_update_fact(row, fact, setting)] += 1
                continue
            row = fact.table(**new, **fact.columns, external_key=fact.key)
            if isinstance(row, Immunization):
                dose = (row.on, row.cvx, row.source)
                if dose in standing:  # the same sender told it under another key
                    fates[Fate.UNCHANGED] += 1
                    continue
                if row.status == Immunization.COMPLETED:
                    standing.add(dose)
            setting.ledger.create(row, child.site_id, child.pk)
            known[fact.key] = row
            fates[Fate.CREATED] += 1
    return fates


def _doses_standing(child: Child) -> set[tuple[date, str, str]]:
    """Day, CVX and sender of each dose of the child that stands."""
    rows = Immunization.ungated.filter(child=child, status=Immunization.COMPLETED)
    return set(rows.values_list("on", "cvx", "source"))


def _update_fact(row: Any, fact: Told, setting: HistorySetting) -> Fate:  # noqa: ANN401 - any table of the chart
    """Take over what the sender corrected; what was marked an error here stays so."""
    before = columns_of(row)
    status = row.status if isinstance(row, Encounter) else Encounter.ELSEWHERE
    is_ours_now = getattr(row, "status", "") in ("entered_in_error", "corrected")
    if is_ours_now or status != Encounter.ELSEWHERE:
        return Fate.UNCHANGED
    for name, value in fact.columns.items():
        setattr(row, name, value)
    if columns_of(row) == before:
        return Fate.UNCHANGED
    setting.ledger.update(row, before, row.site_id, row.child_id)
    return Fate.UPDATED
