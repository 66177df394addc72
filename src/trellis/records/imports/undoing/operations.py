"""Taking an import back: exactly, or not at all."""

from __future__ import annotations

import json
from collections import Counter
from typing import Final
from uuid import UUID

from django.db import models, transaction
from django.db.models import ProtectedError

from trellis.core.access.viewer import Permission, Viewer
from trellis.core.errors import NotFound, RuleRefused
from trellis.records.access import gate, vault
from trellis.records.care.models import Episode
from trellis.records.clinical.models import (
    Condition,
    Encounter,
    Immunization,
    Measurement,
)
from trellis.records.immunization.models import RegistryForecast
from trellis.records.imports.ledger import cell_of, digest_of, restored
from trellis.records.imports.models import ImportChange, ImportRun, ReviewItem
from trellis.records.imports.runs import files_of
from trellis.records.people.models import (
    Child,
    ChildIdentifier,
    Dyad,
    Parent,
    Pregnancy,
)


Protected = type[
    Parent
    | Child
    | ChildIdentifier
    | Pregnancy
    | Dyad
    | Episode
    | Encounter
    | Measurement
    | Immunization
    | Condition
    | RegistryForecast
]
TABLES: dict[str, Protected] = {
    table._meta.label_lower: table
    for table in (
        Parent,
        Child,
        ChildIdentifier,
        Pregnancy,
        Dyad,
        Episode,
        Encounter,
        Measurement,
        Immunization,
        Condition,
        RegistryForecast,
    )
}


BUILT_ON: Final = (
    "This import cannot be undone: somebody has worked with it since (%(what)s). "
    "Nothing was taken back; correct the single records instead."
)


@gate.writes
def undo_import(*, by: Viewer, run_id: UUID) -> int:
    """Take away what the run made and restore what it changed; the number of rows.

    An import undone already stays so.

    Raises:
        NotFound: no such run at the actor's sites, or may not import.
        RuleRefused: somebody has built on it since; nothing is taken back.
    """
    by.require(Permission.IMPORTS_FILE_IMPORT)
    # locked: undone by two people at once, once
    runs = ImportRun.ungated.select_for_update().filter(site_id__in=by.site_ids)
    run = runs.filter(files_of(by), pk=run_id).first()
    if run is None:
        raise NotFound
    if run.status == ImportRun.UNDONE:
        return 0
    if run.status != ImportRun.DONE:
        raise RuleRefused("This file was only looked at; there is nothing to undo.")
    changes = list(run.changes(manager="ungated").order_by("-position"))
    blocked: Counter[str] = Counter()
    patients: set[UUID] = set()
    with transaction.atomic():
        for change in changes:
            patients |= _take_back(change, blocked)
        if blocked:
            transaction.set_rollback(True)
    if blocked:
        raise RuleRefused(BUILT_ON, what=_what_blocks(blocked))
    ReviewItem.ungated.filter(run=run).delete()
    ImportChange.ungated.filter(run=run).delete()
    run.status = ImportRun.UNDONE
    run.undone_at, run.undone_by_id = by.at, by.user_id
    run.save(update_fields=["status", "undone_at", "undone_by_id"])
    gate.note(by, "imports.undo", patients, run=str(run.pk), rows=len(changes))
    return len(changes)


def _take_back(change: ImportChange, blocked: Counter[str]) -> set[UUID]:
    """Undo one change; whose row it was."""
    model = TABLES[change.table]
    # locked: the row is compared, then changed
    row = model.ungated.select_for_update().filter(pk=change.row_id).first()
    stands = digest_of(row) if row is not None else ""
    if stands != change.after_sha256:
        blocked[f"changed {_noun(model, 1)}"] += 1
        return set()
    before = vault.unseal(change.before_sealed, cell_of(change.pk))
    if before:
        earlier = restored(model, json.loads(before))
        earlier.save(force_insert=row is None, force_update=row is not None)
        return {getattr(earlier, model.PATIENT)}
    if row is None:
        return set()
    patient: UUID = getattr(row, model.PATIENT)
    try:
        with transaction.atomic():
            row.delete()
    except ProtectedError as refusal:
        for holder in refusal.protected_objects:
            blocked[_noun(type(holder), 1)] += 1
    return {patient}


def _noun(model: type[models.Model], number: int) -> str:
    names = model._meta.verbose_name, model._meta.verbose_name_plural
    return str(names[0] if number == 1 else names[1])


def _what_blocks(blocked: Counter[str]) -> str:
    return ", ".join(f"{number} × {what}" for what, number in sorted(blocked.items()))
