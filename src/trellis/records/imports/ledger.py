"""Every row an import makes, changes or takes away, so that undoing is exact."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import models

from trellis.records.access import vault
from trellis.records.access.vault import Cell
from trellis.records.imports.models import ImportChange


ROWS_A_STATEMENT: Final = 200


def columns_of(row: models.Model) -> dict[str, Any]:
    """Every stored column as JSON can hold it."""
    return {
        part.attname: _plain(getattr(row, part.attname))
        for part in row._meta.concrete_fields
    }


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def digest_of(row: models.Model) -> str:
    """SHA-256 of the row as it stands."""
    text = json.dumps(columns_of(row), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def restored(model: type[models.Model], columns: Mapping[str, Any]) -> models.Model:
    """The row of ``columns_of`` again, not yet saved."""
    by_name = {part.attname: part for part in model._meta.concrete_fields}
    return model(
        **{name: by_name[name].to_python(value) for name, value in columns.items()}
    )


def cell_of(change_id: UUID) -> Cell:
    """Where the earlier state of a changed row is sealed."""
    return Cell(ImportChange._meta.db_table, change_id, "before_sealed")


@dataclass(slots=True)
class Ledger:
    """The changes of one run, in order; ``patients`` are the people they are about.

    New rows are gathered in ``pending`` and saved together by ``flush``. Flush before a
    statement that must see them, and never inside a savepoint that may be rolled back
    while rows of an earlier record are pending.
    """

    run_id: UUID
    first: int = 0
    changes: list[ImportChange] = field(default_factory=list)
    patients: list[UUID] = field(default_factory=list)
    pending: dict[UUID, models.Model] = field(default_factory=dict)

    def mark(self) -> int:
        """The point to fall back to."""
        return len(self.changes)

    def forget_after(self, mark: int) -> None:
        """The rows after the mark were rolled back."""
        for change in self.changes[mark:]:
            self.pending.pop(change.row_id, None)
        del self.changes[mark:]
        del self.patients[mark:]

    def create(self, row: models.Model, site_id: int, patient: UUID) -> None:
        """Gather a new row, to be saved by ``flush``."""
        self.pending[row.pk] = row
        self._note(row, site_id, patient, before="", after=digest_of(row))

    def flush(self) -> None:
        """Save the new rows, one statement a table."""
        by_table: dict[type[models.Model], list[models.Model]] = {}
        for row in self.pending.values():
            by_table.setdefault(type(row), []).append(row)
        for table, rows in by_table.items():
            ungated: models.Manager[models.Model] = getattr(table, "ungated")  # noqa: B009 - of every table here
            ungated.bulk_create(rows, batch_size=ROWS_A_STATEMENT)
        self.pending.clear()

    def update(
        self, row: models.Model, before: dict[str, Any], site_id: int, patient: UUID
    ) -> None:
        """Save a changed row; ``before`` is ``columns_of`` from before the change."""
        if row.pk in self.pending:
            self.flush()
        row.save(force_update=True)
        text = json.dumps(before, ensure_ascii=False)
        self._note(row, site_id, patient, before=text, after=digest_of(row))

    def remove(self, row: models.Model, site_id: int, patient: UUID) -> None:
        """Take a row away; only what another source said and now says otherwise."""
        text = json.dumps(columns_of(row), ensure_ascii=False)
        self._note(row, site_id, patient, before=text, after="")
        row.delete()

    def _note(
        self, row: models.Model, site_id: int, patient: UUID, *, before: str, after: str
    ) -> None:
        change = ImportChange(
            site_id=site_id,
            run_id=self.run_id,
            table=row._meta.label_lower,
            row_id=row.pk,
            after_sha256=after,
            position=self.first + len(self.changes),
        )
        change.before_sealed = vault.seal(before, cell_of(change.pk))
        self.changes.append(change)
        self.patients.append(patient)
