"""Bringing files in: a dry run and the real thing are the same steps.

One transaction a call, a savepoint a file and a line: a line that is refused leaves
nothing, a file that cannot be read leaves nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID, uuid4

from django.db import transaction

from trellis.core.access.viewer import Permission, Viewer
from trellis.core.access.vocabulary import Action, DataClass, Origin
from trellis.core.errors import InvalidInput, NotFound, RuleRefused
from trellis.core.people.histories import ChildHistory, PlaceInFile
from trellis.core.people.roster import RosterLine, RosterReading, parse_rows
from trellis.records.access import gate, vault
from trellis.records.access.models import provenance
from trellis.records.imports import sealed_lines
from trellis.records.imports.families.operations import (
    bring_in_line,
    check_new_families,
)
from trellis.records.imports.families.setting import Question, Setting
from trellis.records.imports.files import read_sheet
from trellis.records.imports.histories.operations import (
    HistoryKind,
    HistorySetting,
    bring_in_history,
)
from trellis.records.imports.ledger import Ledger
from trellis.records.imports.models import (
    ColumnMapping,
    ImportChange,
    ImportRun,
    ReviewItem,
)
from trellis.records.imports.outcomes import (
    Fate,
    ImportOutcome,
    LineRefused,
    Tally,
)
from trellis.records.imports.people_here import PeopleHere
from trellis.records.imports.readers import reader
from trellis.records.imports.runs import kept_of, name_of, review_cell
from trellis.records.imports.standing.operations import (
    children_here,
    decisions_of,
    foresee_families,
    parents_here,
    sites_open,
    today_of,
)


LONGEST_PLACE = 120
File = tuple[str, bytes]


@gate.writes
def import_roster(
    *,
    by: Viewer,
    file_name: str,
    content: bytes,
    mapping: Mapping[str, str] | None = None,
    is_dry_run: bool,
    run_id: UUID | None = None,
) -> ImportOutcome:
    """Bring in a roster of families, or say what that would do.

    ``run_id`` names the upload that was looked at before, if any.

    Raises:
        InvalidInput: the file as a whole cannot be read; nothing is saved.
        NotFound: may not import.
    """
    _require_import(by)
    sheet = read_sheet(content)
    reading = parse_rows(
        sheet.header,
        sheet.rows,
        mapping=mapping,
        file=file_name,
        as_of=today_of(by=by),
        header_line=sheet.header_line,
    )
    files = ((file_name, content),)
    job = _Job(by, ImportRun.ROSTER, files, is_dry_run=is_dry_run)
    job.tally.left.update(f"column {name}" for name in reading.unknown_columns)
    job.tally.problems.extend(reading.problems)
    refused = reading.rows_read - len(reading.lines)
    job.tally.add(Fate.REFUSED, refused)
    if not reading.lines:
        return job.tally.outcome(None)
    with transaction.atomic():
        job.begin(run_id)
        _bring_in_families(job, reading, file_name)
        return job.finish()


@gate.writes
def import_histories(
    *,
    by: Viewer,
    kind: HistoryKind,
    files: Sequence[File],
    is_dry_run: bool,
    run_id: UUID | None = None,
) -> ImportOutcome:
    """Bring in records of children from elsewhere, or say what that would do.

    Of several files one that cannot be read is a problem of its own; the others count.

    Raises:
        InvalidInput: no file can be read; nothing is saved.
        NotFound: may not import.
    """
    _require_import(by)
    job = _Job(by, kind, files, is_dry_run=is_dry_run)
    histories = list(_read_all(job, kind, files))
    here = children_here(by=by)
    with transaction.atomic():
        job.begin(run_id)
        setting = HistorySetting(
            kind=kind,
            ledger=job.ledger,
            children=PeopleHere.of(here),
            by_key={person.key: person for person in here},
            decided=decisions_of(by=by),
        )
        for history in histories:
            _bring_in_child(job, history, setting)
        job.tally.left.update(setting.left)
        return job.finish()


@gate.writes
def save_mapping(
    *, by: Viewer, name: str, columns: Mapping[str, str], site_id: int | None = None
) -> UUID:
    """Keep a site's own headings under a name; the same name is replaced.

    Raises:
        InvalidInput: no name.
        NotFound: not the actor's site, or may not import.
    """
    _require_import(by)
    site = min(by.site_ids) if site_id is None else site_id
    if site not in by.site_ids:
        raise NotFound
    if not name.strip():
        raise InvalidInput(
            "Name", "an empty name", accepted="up to 60 letters", hint="Name it."
        )
    row, _ = ColumnMapping.ungated.update_or_create(
        site_id=site,
        name=name.strip()[:60],
        defaults={"columns": dict(columns)},
    )
    gate.note(by, "imports.save-mapping", mapping=str(row.pk))
    return row.pk


def _require_import(by: Viewer) -> None:
    by.require(Permission.IMPORTS_FILE_IMPORT)
    gate.site_sight(by, Action.READ, DataClass.CONFIGURATION)


def _bring_in_families(job: _Job, reading: RosterReading, file_name: str) -> None:
    by = job.by
    lines = reading.lines
    numbers = foresee_families(
        by=by,
        parents=[line.parent.external_id for line in lines],
        children=[line.child.external_id for line in lines if line.child],
    )
    setting = Setting(
        sites=sites_open(by=by),
        today=today_of(by=by),
        ledger=job.ledger,
        parents=PeopleHere.of(parents_here(by=by)),
        children=PeopleHere.of(children_here(by=by)),
        decided=decisions_of(by=by),
        numbers=set(numbers),
    )
    for line in lines:
        _bring_in_family(job, line, setting, PlaceInFile(file_name, "row", line.line))
    setting.ledger.flush()
    try:
        check_new_families(by=by, setting=setting)
    except LineRefused as refusal:
        raise RuleRefused(str(refusal)) from refusal


def _bring_in_family(
    job: _Job, line: RosterLine, setting: Setting, place: PlaceInFile
) -> None:
    site_id = setting.sites.get(line.parent.site, 0)
    child_number = line.child.external_id if line.child else ""
    setting.settle(
        ("parent", site_id, line.parent.external_id), ("child", site_id, child_number)
    )
    mark = setting.mark()
    try:
        fate, questions = bring_in_line(by=job.by, line=line, setting=setting)
    except LineRefused as refusal:
        setting.forget_after(mark)
        job.tally.refuse(place, refusal)
        return
    job.tally.add(fate)
    job.ask(questions, line, place)


def _read_all(
    job: _Job, kind: HistoryKind, files: Sequence[File]
) -> Iterator[ChildHistory]:
    """Every child of the files; a file that cannot be read is a problem, unless alone.

    Raises:
        InvalidInput: none of the files can be read.
    """
    as_of = today_of(by=job.by)
    unreadable: list[InvalidInput] = []
    for name, content in files:
        try:
            read = reader(kind)(content, file=name, as_of=as_of)
        except InvalidInput as refusal:
            unreadable.append(refusal)
            place = PlaceInFile(name, "")
            job.tally.refuse(place, LineRefused(refusal.field, str(refusal)))
            continue
        job.tally.refuse_all(read.problems)
        job.tally.left.update(dict(read.not_understood))
        yield from read.children
    if unreadable and len(unreadable) == len(files):
        raise unreadable[0]


def _bring_in_child(job: _Job, history: ChildHistory, setting: HistorySetting) -> None:
    mark = setting.ledger.mark()
    told = 1 + sum(
        len(facts)
        for facts in (
            history.doses,
            history.measurements,
            history.visits,
            history.problems_elsewhere,
            history.forecasts,
        )
    )
    job.tally.left.update(dict(history.not_understood))
    try:
        fates, questions = bring_in_history(by=job.by, history=history, setting=setting)
    except LineRefused as refusal:
        setting.ledger.forget_after(mark)
        job.tally.refuse(history.place, refusal)
        job.tally.add(Fate.REFUSED, told - 1)
        return
    job.tally.refuse_all(history.problems)
    for fate, number in fates.items():
        job.tally.add(fate, number)
    if questions:
        job.tally.add(Fate.REVIEW, told)
        job.ask(questions, history, history.place)


class _Job:
    """One run: its row first, its changes and counts at the end."""

    def __init__(
        self, by: Viewer, kind: str, files: Sequence[File], *, is_dry_run: bool
    ) -> None:
        self.by, self.kind, self.is_dry_run = by, kind, is_dry_run
        self.name = name_of([name for name, _ in files])
        digests = sorted(hashlib.sha256(content).hexdigest() for _, content in files)
        whole = hashlib.sha256("".join(digests).encode()).hexdigest()
        self.sha256 = digests[0] if len(digests) == 1 else whole
        self.tally = Tally()
        self.ledger = Ledger(uuid4())

    def begin(self, run_id: UUID | None) -> None:
        """Make the run's row, or take the one of an upload looked at before."""
        if run_id is not None:
            self.ledger.run_id = run_id
            return
        ImportRun.ungated.create(
            id=self.ledger.run_id,
            site_id=min(self.by.site_ids),
            kind=self.kind,
            file_name=self.name,
            sha256=self.sha256,
            by_id=self.by.user_id,
            at=self.by.at,
        )

    def ask(
        self,
        questions: Sequence[Question],
        record: RosterLine | ChildHistory,
        place: PlaceInFile,
    ) -> None:
        """Let a record wait for a person; once for each person it may be."""
        for question in questions:
            person = question.person
            held = ReviewItem.ungated.filter(
                site_id=person.site_id,
                line_key=question.line_key,
                subject_id=person.key,
            )
            if held.exists():
                continue
            line = f", line {place.line}" if place.line else f", {place.pointer}"
            item = ReviewItem(
                **provenance(self.by, site_id=person.site_id, origin=Origin.PART2),
                run_id=self.ledger.run_id,
                subject_id=person.key,
                subject_kind=question.kind,
                place=f"{place.file}{line}"[:LONGEST_PLACE],
                line_key=question.line_key,
                score=question.likeness.score,
                reasons=[reason.value for reason in question.likeness.reasons],
            )
            item.line_sealed = vault.seal(
                sealed_lines.as_text(record), review_cell(item.pk)
            )
            item.save(force_insert=True)

    def finish(self) -> ImportOutcome:
        """Keep what was done; of a dry run nothing."""
        outcome = self.tally.outcome(None if self.is_dry_run else self.ledger.run_id)
        action = "imports.dry-run" if self.is_dry_run else f"imports.{self.kind}"
        detail: dict[str, object] = dict(outcome.counts)
        if self.is_dry_run:
            transaction.set_rollback(True)
            gate.note(self.by, action, (), **detail)
            return outcome
        ImportChange.ungated.bulk_create(self.ledger.changes, batch_size=500)
        ImportRun.ungated.filter(pk=self.ledger.run_id).update(
            status=ImportRun.DONE,
            content_sealed="",
            at=self.by.at,
            by_id=self.by.user_id,
            **kept_of(outcome, self.ledger.run_id),
        )
        detail["run"] = str(self.ledger.run_id)
        gate.note(self.by, action, set(self.ledger.patients), **detail)
        return outcome
