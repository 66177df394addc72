"""An upload between the look at it and the decision: sealed, a day at most."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final, Literal
from uuid import UUID

from trellis.core.access.viewer import Permission, Viewer
from trellis.core.errors import NotFound, RuleRefused
from trellis.records.access import gate, vault
from trellis.records.imports.models import ImportRun
from trellis.records.imports.operations import (
    File,
    import_histories,
    import_roster,
)
from trellis.records.imports.outcomes import ImportOutcome
from trellis.records.imports.runs import content_cell, files_of, kept_of, name_of


KEPT_FOR: Final = timedelta(hours=24)
ImportKind = Literal["roster", "fhir", "iis"]


@gate.writes
def check_upload(
    *,
    by: Viewer,
    upload_id: UUID,
    kind: ImportKind,
    files: Sequence[File],
    mapping: Mapping[str, str] | None = None,
) -> UUID:
    """Look at files without saving any record, and keep them sealed to decide on.

    ``upload_id`` is made with the form: sending it twice keeps one upload.

    Raises:
        InvalidInput: the files cannot be read; nothing is kept.
        NotFound: may not import.
    """
    by.require(Permission.IMPORTS_FILE_IMPORT)
    _forget_old(by)
    held = ImportRun.ungated.filter(pk=upload_id, site_id__in=by.site_ids)
    if held.exists() and not held.filter(status=ImportRun.CHECKED).exists():
        return upload_id  # decided already
    outcome = _run(by, kind, files, dict(mapping or {}), run_id=None)
    row = held.first() or ImportRun(id=upload_id, site_id=min(by.site_ids))
    row.kind, row.status = kind, ImportRun.CHECKED
    row.file_name = name_of([name for name, _ in files])
    row.mapping = dict(mapping or {})
    row.by_id, row.at = by.user_id, by.at
    row.content_sealed = vault.seal(_packed(files), content_cell(row.pk))
    for name, value in kept_of(outcome, row.pk).items():
        setattr(row, name, value)
    row.save()
    return row.pk


@gate.writes
def confirm_upload(*, by: Viewer, run_id: UUID) -> ImportOutcome:
    """Bring in files that were looked at; the sealed copy is then gone.

    Raises:
        NotFound: no such upload at the actor's sites, or may not import.
        RuleRefused: older than a day, or decided already.
    """
    by.require(Permission.IMPORTS_FILE_IMPORT)
    _forget_old(by)
    # locked: brought in once, however often the button is pressed
    runs = ImportRun.ungated.select_for_update().filter(site_id__in=by.site_ids)
    run = runs.filter(files_of(by), pk=run_id).first()
    if run is None:
        raise NotFound
    if run.status == ImportRun.LAPSED:
        raise RuleRefused(
            "This file was looked at more than a day ago and is no longer kept; "
            "choose it again."
        )
    if run.status != ImportRun.CHECKED:
        raise RuleRefused("This file was brought in already.")
    files = _unpacked(vault.unseal(run.content_sealed, content_cell(run.pk)))
    return _run(by, run.kind, files, run.mapping, run_id=run.pk)


@gate.writes
def map_upload(*, by: Viewer, run_id: UUID, mapping: Mapping[str, str]) -> None:
    """Look at an uploaded roster again, with these headings of the site's own.

    Raises:
        NotFound: no such upload at the actor's sites, or may not import.
        InvalidInput: the mapping names a column that does not exist.
    """
    by.require(Permission.IMPORTS_FILE_IMPORT)
    held = ImportRun.ungated.filter(
        files_of(by),
        pk=run_id,
        site_id__in=by.site_ids,
        kind=ImportRun.ROSTER,
        status=ImportRun.CHECKED,
    )
    run = held.first()
    if run is None:
        raise NotFound
    files = _unpacked(vault.unseal(run.content_sealed, content_cell(run.pk)))
    check_upload(by=by, upload_id=run_id, kind="roster", files=files, mapping=mapping)


@gate.writes
def discard_upload(*, by: Viewer, run_id: UUID) -> None:
    """Forget files that were looked at and are not wanted.

    Raises:
        NotFound: no such upload at the actor's sites, or may not import.
    """
    by.require(Permission.IMPORTS_FILE_IMPORT)
    here = ImportRun.ungated.filter(site_id__in=by.site_ids)
    held = here.filter(files_of(by), pk=run_id)
    if not held.filter(status=ImportRun.CHECKED).delete()[0] and not held.exists():
        raise NotFound
    gate.note(by, "imports.discard", (), run=str(run_id))


def _run(
    by: Viewer,
    kind: str,
    files: Sequence[File],
    mapping: Mapping[str, str],
    *,
    run_id: UUID | None,
) -> ImportOutcome:
    is_dry_run = run_id is None
    if kind == ImportRun.ROSTER:
        name, content = files[0]
        return import_roster(
            by=by,
            file_name=name,
            content=content,
            mapping=mapping,
            is_dry_run=is_dry_run,
            run_id=run_id,
        )
    return import_histories(
        by=by,
        kind="iis" if kind == ImportRun.IIS else "fhir",
        files=files,
        is_dry_run=is_dry_run,
        run_id=run_id,
    )


def _forget_old(by: Viewer) -> None:
    ImportRun.ungated.filter(
        site_id__in=by.site_ids, status=ImportRun.CHECKED, at__lt=by.at - KEPT_FOR
    ).update(status=ImportRun.LAPSED, content_sealed="")


def _packed(files: Sequence[File]) -> str:
    plain = [
        [name, base64.b64encode(zlib.compress(content)).decode()]
        for name, content in files
    ]
    return json.dumps(plain)


def _unpacked(text: str) -> tuple[File, ...]:
    return tuple(
        (name, zlib.decompress(base64.b64decode(body)))
        for name, body in json.loads(text)
    )
