"""What a person says about a record that may be somebody already here."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Max

from trellis.core.access.viewer import Permission, Viewer
from trellis.core.access.vocabulary import Action, DataClass
from trellis.core.errors import Conflict, NotFound, RuleRefused
from trellis.core.people.histories import ChildHistory
from trellis.core.people.roster import RosterLine
from trellis.records.access import gate, vault
from trellis.records.access.gate import Key
from trellis.records.imports import sealed_lines
from trellis.records.imports.families.operations import (
    bring_in_line,
    check_new_families,
)
from trellis.records.imports.families.setting import Setting
from trellis.records.imports.histories.operations import (
    HistorySetting,
    attach_history,
)
from trellis.records.imports.ledger import Ledger
from trellis.records.imports.models import ImportChange, ImportRun, ReviewItem
from trellis.records.imports.outcomes import Fate, LineRefused
from trellis.records.imports.people_here import PeopleHere
from trellis.records.imports.runs import review_cell
from trellis.records.imports.standing.operations import (
    children_here,
    decisions_of,
    parents_here,
    sites_open,
    today_of,
)
from trellis.records.people.models import Child, Parent


@gate.writes
def decide_review(*, by: Viewer, item_id: UUID, is_same: bool) -> Fate:
    """Attach the record to the person here, or keep the two apart; once.

    A roster line that is nobody here makes new people; a history that is nobody's here
    stays out. The fate tells which; REVIEW where other people are still to be asked.

    Raises:
        NotFound: no such question open to the actor.
        Conflict: somebody answered otherwise.
        RuleRefused: the record cannot be saved; the question stays.
    """
    by.require(Permission.IMPORTS_FILE_IMPORT)
    # locked: one question is answered once
    items = ReviewItem.ungated.select_for_update().filter(site_id__in=by.site_ids)
    item = items.filter(pk=item_id).first()
    if item is None:
        raise NotFound
    _require_subject(by, item)
    wanted = ReviewItem.SAME if is_same else ReviewItem.DIFFERENT
    if item.state == wanted:
        return Fate.UNCHANGED
    if item.state != ReviewItem.WAITING:
        raise Conflict(
            "Somebody has answered this question already; nothing was changed.",
            current=item.state,
        )
    about_line = list(items.filter(line_key=item.line_key, site_id=item.site_id))
    _answer(by, item, wanted)
    if is_same:
        others = (one for one in about_line if one.pk != item.pk)
        for other in others:
            _answer(by, other, ReviewItem.DIFFERENT)
    elif _still_waiting(about_line, item):
        return _noted(by, item, Fate.REVIEW)
    try:
        return _noted(by, item, _resolve(by, item))
    except LineRefused as refusal:
        raise RuleRefused(f"{refusal.field}: {refusal}") from refusal


def _require_subject(by: Viewer, item: ReviewItem) -> None:
    is_parent = item.subject_kind == "parent"
    model: type[Parent | Child] = Parent if is_parent else Child
    row = model.ungated.filter(pk=item.subject_id, site_id=item.site_id).first()
    if row is None:
        raise NotFound
    key = Key(row.pk, row.origin, row.origin_org_id, row.author_org_id)
    kind = DataClass.ADULT_IDENTITY if is_parent else DataClass.CHILD_IDENTITY
    gate.require(by, Action.READ, kind, key)
    gate.require_write(by, kind, key)


def _answer(by: Viewer, item: ReviewItem, state: str) -> None:
    item.state, item.decided_by_id, item.decided_at = state, by.user_id, by.at
    item.save(update_fields=["state", "decided_by_id", "decided_at"])


def _still_waiting(about_line: Iterable[ReviewItem], answered: ReviewItem) -> bool:
    return any(
        one.state == ReviewItem.WAITING for one in about_line if one.pk != answered.pk
    )


def _noted(by: Viewer, item: ReviewItem, fate: Fate) -> Fate:
    gate.note(
        by,
        "imports.decide-review",
        [item.subject_id],
        item=str(item.pk),
        answer=item.state,
        fate=fate.value,
    )
    return fate


def _resolve(by: Viewer, item: ReviewItem) -> Fate:
    run = ImportRun.ungated.get(pk=item.run_id)
    changes = ImportChange.ungated.filter(run=run)
    last = changes.aggregate(last=Max("position"))["last"]
    ledger = Ledger(run.pk, first=0 if last is None else last + 1)
    text = vault.unseal(item.line_sealed, review_cell(item.pk))
    if run.kind == ImportRun.ROSTER:
        fate = _resolve_line(by, sealed_lines.from_text(RosterLine, text), ledger)
    else:
        history = sealed_lines.from_text(ChildHistory, text)
        fate = _resolve_history(by, item, run.kind, history, ledger)
    ImportChange.ungated.bulk_create(ledger.changes)
    return fate


def _resolve_line(by: Viewer, line: RosterLine, ledger: Ledger) -> Fate:
    """The line again, with the answer; its child may still have to be asked about."""
    setting = Setting(
        sites=sites_open(by=by),
        today=today_of(by=by),
        ledger=ledger,
        parents=PeopleHere.of(parents_here(by=by)),
        children=PeopleHere.of(children_here(by=by)),
        decided=decisions_of(by=by),
    )
    fate, _ = bring_in_line(by=by, line=line, setting=setting)
    ledger.flush()
    check_new_families(by=by, setting=setting)
    return fate


def _resolve_history(
    by: Viewer, item: ReviewItem, kind: str, history: ChildHistory, ledger: Ledger
) -> Fate:
    if item.state != ReviewItem.SAME:
        return Fate.REFUSED
    here = {person.key: person for person in children_here(by=by)}
    setting = HistorySetting(
        kind="iis" if kind == ImportRun.IIS else "fhir",
        ledger=ledger,
        children=PeopleHere(),
        by_key=here,
        decided={},
    )
    attach_history(by=by, here=here[item.subject_id], history=history, setting=setting)
    return Fate.UPDATED
