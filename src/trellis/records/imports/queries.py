"""What the Imports pages show: runs, waiting questions, columns of an upload."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value, Window
from django.db.models.functions import Coalesce

from trellis.core.access.viewer import Permission, Viewer
from trellis.core.access.vocabulary import DataClass
from trellis.core.errors import NotFound
from trellis.core.people.roster_columns import COLUMNS, folded
from trellis.records.access import gate, vault
from trellis.records.accounts.models import User
from trellis.records.imports.files import read_sheet
from trellis.records.imports.models import ColumnMapping, ImportRun, ReviewItem
from trellis.records.imports.runs import (
    content_cell,
    files_of,
    review_cell,
    told_problems,
)
from trellis.records.people.models import Child, Parent
from trellis.records.sites.models import Site


PAGE: Final = 50
SAMPLES: Final = 3
IMPORTING: Final = Permission.IMPORTS_FILE_IMPORT


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run in the list. ``status``: checked, done, undone or lapsed."""

    id: UUID
    kind: str
    file_name: str
    status: str
    counts: Mapping[str, int]
    at: datetime
    by_name: str


@dataclass(frozen=True, slots=True)
class RunList:
    """One page of runs, and how many questions wait."""

    runs: tuple[RunLine, ...]
    total: int
    waiting: int


@dataclass(frozen=True, slots=True)
class RunPage:
    """One run whole. ``problems``: file, line, field, message.

    ``may_decide``: whether its file is open to the viewer, to bring in, map or undo.
    """

    run: RunLine
    problems: tuple[Mapping[str, Any], ...]
    not_understood: tuple[tuple[str, int], ...]
    mapping: Mapping[str, str]
    waiting: int
    may_decide: bool


@dataclass(frozen=True, slots=True)
class Heading:
    """One column of an uploaded file: its heading, samples, and what it maps to."""

    text: str
    samples: tuple[str, ...]
    column: str


@dataclass(frozen=True, slots=True)
class SavedMapping:
    """A site's own headings under a name."""

    id: UUID
    name: str
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PersonShown:
    """Who a record is about, on either side of a question."""

    name: str
    born: date | None
    sex: str
    number: str


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A record of a file beside the person here it may be about."""

    id: UUID
    kind: str  # parent or child
    place: str
    score: int
    reasons: tuple[str, ...]
    told: PersonShown
    here: PersonShown


@gate.reads("imports.runs")
def runs(*, viewer: Viewer, page: int = 1) -> RunList:
    """The runs at the viewer's sites, newest first; 2 statements, and the facts.

    Raises:
        NotFound: may not import.
    """
    viewer.require(IMPORTING)
    rows = ImportRun.at_sites(viewer, reads=DataClass.CONFIGURATION)
    start = (max(page, 1) - 1) * PAGE
    ordered = rows.order_by("-at", "pk")
    lines, total = _lines(ordered[start : start + PAGE])
    return RunList(lines, total, _waiting(viewer, Q()))


@gate.reads("imports.run")
def run(*, viewer: Viewer, run_id: UUID) -> RunPage:
    """One run; 4 statements, and the facts. Its problems quote the file.

    Raises:
        NotFound: no such run at the viewer's sites, or may not import.
    """
    viewer.require(IMPORTING)
    rows = ImportRun.at_sites(viewer, reads=DataClass.CONFIGURATION).filter(pk=run_id)
    lines, _ = _lines(rows)
    if not lines:
        raise NotFound
    kept = rows.values_list("not_understood", "mapping").get()
    left, mapping = kept
    quoted = rows.filter(files_of(viewer))
    sealed = quoted.values_list("problems_sealed", flat=True).first()
    waiting = _waiting(viewer, Q(run_id=run_id))
    ordered = tuple(sorted(left.items()))
    problems = told_problems(sealed or "", run_id)
    return RunPage(lines[0], problems, ordered, mapping, waiting, sealed is not None)


@gate.reads("imports.upload-columns")
def headings(*, viewer: Viewer, run_id: UUID) -> tuple[Heading, ...]:
    """The columns of an uploaded roster that waits for a decision; 1 statement.

    Raises:
        NotFound: no such upload at the viewer's sites, or may not import.
    """
    viewer.require(IMPORTING)
    rows = ImportRun.at_sites(viewer, reads=DataClass.CONFIGURATION)
    waiting = rows.filter(pk=run_id, kind=ImportRun.ROSTER, status=ImportRun.CHECKED)
    found = (
        waiting.filter(files_of(viewer))
        .values_list("content_sealed", "mapping")
        .first()
    )
    if found is None:
        raise NotFound
    sealed, mapping = found
    ((_, body),) = json.loads(vault.unseal(sealed, content_cell(run_id)))
    sheet = read_sheet(zlib.decompress(base64.b64decode(body)))
    ours = {folded(column.name): column.name for column in COLUMNS}
    own = {folded(theirs): name for theirs, name in mapping.items()}
    return tuple(
        Heading(
            text.strip(),
            tuple(
                row.cells[place][:40]
                for row in sheet.rows[:SAMPLES]
                if place < len(row.cells) and row.cells[place].strip()
            ),
            own.get(folded(text)) or ours.get(folded(text), ""),
        )
        for place, text in enumerate(sheet.header)
        if text.strip()
    )


@gate.reads("imports.mappings")
def saved_mappings(*, viewer: Viewer) -> tuple[SavedMapping, ...]:
    """The mappings of the viewer's sites, by name; 1 statement."""
    viewer.require(IMPORTING)
    rows = ColumnMapping.at_sites(viewer, reads=DataClass.CONFIGURATION)
    found = rows.order_by("name").values_list("pk", "name", "columns")
    return tuple(SavedMapping(*row) for row in found)


@gate.reads("imports.reviews")
def waiting_reviews(*, viewer: Viewer) -> tuple[ReviewLine, ...]:
    """Questions that wait, of people open to the viewer; 50 at most, 5 statements.

    Raises:
        NotFound: may not import.
    """
    viewer.require(IMPORTING)
    scope = ReviewItem.scoped(
        viewer,
        reads={DataClass.PROGRAMME_RECORD},
        among=Q(state=ReviewItem.WAITING),
    )
    ordered = scope.rows.order_by("place", "-subject_kind", "-score", "pk").values_list(
        "pk", "subject_kind", "subject_id", "place", "score", "reasons", "line_sealed"
    )
    rows = list(ordered[:PAGE])
    people = _people(viewer, {row[2] for row in rows})
    found = []
    for key, kind, subject, place, score, reasons, sealed in rows:
        if subject in people:
            told = _told(kind, json.loads(vault.unseal(sealed, review_cell(key))))
            here = people[subject]
            line = ReviewLine(key, kind, place, score, tuple(reasons), told, here)
            found.append(line)
    return tuple(found)


@gate.reads("imports.sites")
def site_codes(*, viewer: Viewer) -> tuple[str, ...]:
    """The codes a roster may name in its column ``site``; 1 statement."""
    viewer.require(IMPORTING)
    rows = Site.objects.filter(pk__in=viewer.site_ids).order_by("code")
    return tuple(rows.values_list("code", flat=True))


def _waiting(viewer: Viewer, among: Q) -> int:
    scope = ReviewItem.scoped(
        viewer,
        reads={DataClass.PROGRAMME_RECORD},
        among=Q(state=ReviewItem.WAITING) & among,
    )
    return scope.rows.count()


def _lines(rows: QuerySet[ImportRun]) -> tuple[tuple[RunLine, ...], int]:
    """The lines, and how many there are without the slice; 1 statement."""
    who = User.objects.filter(pk=OuterRef("by_id")).values("name")[:1]
    found = list(
        rows.values_list(
            "pk",
            "kind",
            "file_name",
            "status",
            "counts",
            "at",
            Coalesce(Subquery(who), Value("")),
            Window(Count("pk")),
        )
    )
    return tuple(RunLine(*row[:7]) for row in found), found[0][7] if found else 0


def _people(viewer: Viewer, keys: Iterable[UUID]) -> dict[UUID, PersonShown]:
    among = Q(pk__in=set(keys))
    parents = Parent.scoped(viewer, reads={DataClass.ADULT_IDENTITY}, among=among)
    children = Child.scoped(viewer, reads={DataClass.CHILD_IDENTITY}, among=among)
    columns = ("pk", "first_name", "last_name", "born", "external_id")
    found = {
        key: PersonShown(f"{first} {last}".strip(), born, "", number)
        for key, first, last, born, number in parents.rows.values_list(*columns)
    }
    for key, first, last, born, number, sex in children.rows.values_list(
        *columns, "sex"
    ):
        name = f"{first} {last}".strip()
        found[key] = PersonShown(name, born, sex, number)
    return found


def _told(kind: str, record: Mapping[str, Any]) -> PersonShown:
    """The person in a sealed roster line or history."""
    if "name" in record:
        name, born = record["name"], date.fromisoformat(record["born"])
        full = f"{name['given']} {name['family']}".strip()
        return PersonShown(full, born, record["sex"] or "", "")
    person = record[kind]
    return PersonShown(
        f"{person['first_name']} {person['last_name']}".strip(),
        date.fromisoformat(person["born"]),
        person.get("sex") or "",
        person["external_id"],
    )
