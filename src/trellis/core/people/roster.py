"""A roster file's rows as families: one line is one parent with at most one child.

Twins are two lines with the same ``external_id``. A line with any problem is refused
whole; every problem names line, column and what to do. Columns: ``roster_columns``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from typing import Any, Final

from trellis.core.dates import add_months_clamped
from trellis.core.errors import InvalidInput
from trellis.core.people.dyads import CaregiverKind
from trellis.core.people.histories import PlaceInFile, Problem
from trellis.core.people.roster_columns import BY_NAME, COLUMNS, Column, folded
from trellis.core.people.roster_values import (
    Unacceptable,
    read_choice,
    read_choices,
    read_date,
    read_text,
    read_whole_number,
)


_CHILD_COLUMNS: Final = tuple(
    column.name for column in COLUMNS if column.name.startswith("child_")
)
_WITH_A_CHILD: Final = (
    "child_external_id",
    "child_last_name",
    "child_birth_date",
    "relationship",
)
_YEAR: Final = 12
_PARENT_YEARS: Final = (10, 80)
_CHILD_YEARS: Final = 18
_DUE_DAYS: Final = (-42, 300)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet: ``line`` is the first line of the file it stands on."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RosterParent:
    """The parent's facts; texts are "" and dates None where the cell was empty."""

    external_id: str
    site: str
    first_name: str
    last_name: str
    chosen_name: str
    born: date
    phone: str
    email: str
    language: str
    needs_interpreter: bool | None
    race: tuple[str, ...]
    ethnicity: str
    payer: str
    safe_contact: str
    due_on: date | None
    referred_on: date | None
    enrolled_on: date | None
    stage: str


@dataclass(frozen=True, slots=True)
class RosterChild:
    """The child's facts; ``first_name`` is "" while the child has no name yet."""

    external_id: str
    first_name: str
    last_name: str
    born: date
    sex: str | None
    birth_order: int | None
    gestation_weeks: int | None


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One acceptable line. ``relationship`` is None exactly where ``child`` is."""

    line: int
    parent: RosterParent
    child: RosterChild | None = None
    relationship: CaregiverKind | None = None

    @property
    def key(self) -> tuple[str, str]:
        """Site and external id: what makes two lines speak of one parent."""
        return self.parent.site, self.parent.external_id


@dataclass(frozen=True, slots=True)
class RosterReading:
    """The lines that can be used, the problems, and headers that were not read."""

    lines: tuple[RosterLine, ...]
    problems: tuple[Problem, ...]
    unknown_columns: tuple[str, ...] = ()
    rows_read: int = 0


@dataclass(slots=True)
class _Reader:
    file: str
    as_of: date
    places: dict[str, int]
    headers: tuple[str, ...]
    problems: list[Problem] = field(default_factory=list)

    def problem(self, line: int, column: str, message: str) -> None:
        place = PlaceInFile(self.file, f"column {column}" if column else "row", line)
        self.problems.append(Problem(place, column, message))


def parse_rows(
    header: Sequence[str],
    rows: Iterable[Row],
    *,
    mapping: Mapping[str, str] | None = None,
    file: str,
    as_of: date,
    header_line: int = 1,
) -> RosterReading:
    """Read the rows of a sheet.

    ``mapping`` gives a site's own headers our column names; it comes before our own
    names. Headers match without regard to case, blanks, hyphens and underscores.

    Raises:
        InvalidInput: ``mapping`` names a column that does not exist.
    """
    places, unknown, faults = _match_header(header, mapping or {})
    reader = _Reader(file, as_of, places, tuple(header))
    for name, sentence in faults:
        reader.problem(header_line, name, sentence)
    if reader.problems:
        return RosterReading((), tuple(reader.problems), unknown)
    lines: list[RosterLine] = []
    read = 0
    for row in rows:
        if not any(cell.strip() for cell in row.cells):
            continue
        read += 1
        line = _read_row(reader, row)
        if line is not None:
            lines.append(line)
    kept = _without_contradictions(reader, _without_duplicates(reader, lines))
    problems = sorted(reader.problems, key=lambda one: one.place.line or 0)
    return RosterReading(tuple(kept), tuple(problems), unknown, read)


def _match_header(
    header: Sequence[str], mapping: Mapping[str, str]
) -> tuple[dict[str, int], tuple[str, ...], list[tuple[str, str]]]:
    """Column name to place, headers not read, and what is wrong with the header."""
    own = {folded(theirs): ours for theirs, ours in mapping.items()}
    for ours in own.values():
        if ours not in BY_NAME:
            raise InvalidInput(
                "mapping",
                ours,
                accepted=", ".join(BY_NAME),
                hint="Choose one of these columns, or leave the header out.",
            )
    ours_by_name = {folded(name): name for name in BY_NAME}
    places: dict[str, int] = {}
    unknown: list[str] = []
    faults: list[tuple[str, str]] = []
    for place, text in enumerate(header):
        name = own.get(folded(text)) or ours_by_name.get(folded(text))
        if name is None:
            unknown.extend([text.strip()] if text.strip() else [])
        elif name in places:
            sentence = f"Two headers mean {name}: {text.strip()!r} is the second."
            faults.append(
                (name, f"{sentence} Delete one, or map it to another column.")
            )
        else:
            places[name] = place
    for column in COLUMNS:
        if column.is_required and column.name not in places:
            sentence = f"The header has no column {column.name}, which is required."
            faults.append((column.name, f"{sentence} Add it, or map a header to it."))
    return places, tuple(unknown), faults


def _read_row(reader: _Reader, row: Row) -> RosterLine | None:
    before = len(reader.problems)
    if len(row.cells) != len(reader.headers):
        more = len(row.cells) > len(reader.headers)
        why = "a text with a comma needs quotes" if more else "the file may be cut off"
        sentence = (
            f"This row has {len(row.cells)} cells, the header {len(reader.headers)}; "
            f"{why}. The row was not used."
        )
        reader.problem(row.line, "", sentence)
        return None
    values = {
        column.name: _cell(reader, row, column)
        for column in COLUMNS
        if column.name in reader.places
    }
    for name, sentence in (*_missing(values), *_impossible(values, reader.as_of)):
        is_known = any(
            one.field == name and one.place.line == row.line
            for one in reader.problems[before:]
        )
        if not is_known:
            reader.problem(row.line, name, sentence)
    return _line(row.line, values) if len(reader.problems) == before else None


def _cell(reader: _Reader, row: Row, column: Column) -> Any:  # noqa: ANN401 - by kind
    """The value of one cell by its kind; None and a problem where it has none."""
    cell = row.cells[reader.places[column.name]]
    try:
        if column.kind == "date":
            return read_date(column, cell)
        if column.kind == "choices":
            return read_choices(column, cell)
        if column.kind == "choice":
            return read_choice(column, cell)
        if column.kind == "whole number":
            return read_whole_number(column, cell)
        return read_text(column, cell)
    except Unacceptable as problem:
        reader.problem(row.line, column.name, str(problem))
        return None


def _has_child(values: Mapping[str, Any]) -> bool:
    return any(values.get(name) for name in _CHILD_COLUMNS)


def _missing(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for column in COLUMNS:
        if column.is_required and not values.get(column.name):
            yield column.name, f"Empty, but required: {column.accepted}."
    if _has_child(values):
        for name in _WITH_A_CHILD:
            if not values.get(name):
                accepted = BY_NAME[name].accepted
                yield name, f"Empty, but required with a child: {accepted}."
    elif values.get("relationship"):
        yield "relationship", "A relationship without a child; fill in the child."


def _impossible(values: Mapping[str, Any], as_of: date) -> Iterator[tuple[str, str]]:
    """Dates that cannot be: each with a sentence."""
    yield from _impossible_ages(values, as_of)
    due = values.get("due_date")
    first, last = (as_of + timedelta(days=days) for days in _DUE_DAYS)
    if due and not first <= due <= last:
        sentence = f"{due} is not between {first} and {last}. If the child is born, "
        yield "due_date", sentence + "give the child and leave this empty."
    for name in ("referred_on", "enrolled_on"):
        if values.get(name) and values[name] > as_of:
            yield name, f"{values[name]} lies in the future."
    referred, enrolled = values.get("referred_on"), values.get("enrolled_on")
    if referred and enrolled and enrolled < referred:
        yield "enrolled_on", f"{enrolled} is before the referral on {referred}."


def _impossible_ages(
    values: Mapping[str, Any], as_of: date
) -> Iterator[tuple[str, str]]:
    born = values.get("birth_date")
    if born:
        youngest, oldest = (
            add_months_clamped(as_of, -years * _YEAR) for years in _PARENT_YEARS
        )
        if not oldest <= born <= youngest:
            yield "birth_date", f"{born} is not a parent's birth date; check the year."
    child = values.get("child_birth_date")
    if child and child > as_of:
        yield "child_birth_date", f"{child} lies in the future; use due_date."
    elif child and child <= add_months_clamped(as_of, -_CHILD_YEARS * _YEAR):
        yield "child_birth_date", f"{child} is no child's birth date; check the year."


def _line(line: int, values: Mapping[str, Any]) -> RosterLine:
    def text(name: str) -> str:
        return values.get(name) or ""

    parent = RosterParent(
        external_id=text("external_id"),
        site=text("site"),
        first_name=text("first_name"),
        last_name=text("last_name"),
        chosen_name=text("chosen_name"),
        born=values["birth_date"],
        phone=text("phone"),
        email=text("email"),
        language=text("language"),
        needs_interpreter={"yes": True, "no": False}.get(text("needs_interpreter")),
        race=values.get("race") or (),
        ethnicity=text("ethnicity"),
        payer=text("payer"),
        safe_contact=text("safe_contact"),
        due_on=values.get("due_date"),
        referred_on=values.get("referred_on"),
        enrolled_on=values.get("enrolled_on"),
        stage=text("stage"),
    )
    if not _has_child(values):
        return RosterLine(line, parent)
    child = RosterChild(
        external_id=text("child_external_id"),
        first_name=text("child_first_name"),
        last_name=text("child_last_name"),
        born=values["child_birth_date"],
        sex=text("child_sex") if text("child_sex") in ("f", "m") else None,
        birth_order=values.get("child_birth_order"),
        gestation_weeks=values.get("child_gestation_weeks"),
    )
    return RosterLine(line, parent, child, CaregiverKind(text("relationship")))


def _without_duplicates(
    reader: _Reader, lines: list[RosterLine]
) -> Iterator[RosterLine]:
    """The same parent with the same child (or with none) may stand once only."""
    seen: dict[tuple[tuple[str, str], str], int] = {}
    for line in lines:
        child = line.child.external_id if line.child else ""
        first = seen.setdefault((line.key, child), line.line)
        if first == line.line:
            yield line
            continue
        what = f" with child {child}" if child else ""
        sentence = (
            f"{line.parent.external_id} at site {line.parent.site}{what} stands on "
            f"line {first} and again on line {line.line}; only the first was used."
        )
        reader.problem(line.line, "external_id", sentence)


def _without_contradictions(
    reader: _Reader, lines: Iterable[RosterLine]
) -> list[RosterLine]:
    """Lines of one parent, or of one child, must say the same: else none is used."""
    kept = list(lines)
    refused: set[int] = set()
    parents: dict[tuple[str, str], RosterLine] = {}
    children: dict[tuple[str, str], RosterLine] = {}
    for line in kept:
        first = parents.setdefault(line.key, line)
        differing = _differing(first.parent, line.parent)
        if line.child:
            key = (line.parent.site, line.child.external_id)
            other = children.setdefault(key, line)
            if other.child and (found := _differing(other.child, line.child)):
                first, differing = other, tuple(f"child {name}" for name in found)
        if differing:
            refused |= {first.line, line.line}
            names = ", ".join(name.replace("_", " ") for name in differing)
            sentence = (
                f"Lines {first.line} and {line.line} are about the same person and say "
                f"different things ({names}); make them equal. Neither was used."
            )
            reader.problem(line.line, "external_id", sentence)
    # a family is used whole or not at all
    families = {line.key for line in kept if line.line in refused}
    return [line for line in kept if line.key not in families]


def _differing(
    one: RosterParent | RosterChild, other: RosterParent | RosterChild
) -> tuple[str, ...]:
    return tuple(
        part.name
        for part in fields(one)
        if getattr(one, part.name) != getattr(other, part.name)
    )
