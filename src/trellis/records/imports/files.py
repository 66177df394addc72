"""Bytes of a sheet as rows: CSV or XLSX, with the limits that keep a server alive.

What the file *is* decides how it is read, never its name. Nothing is unpacked before
its size is known; a workbook's formulas are shown to the reader as they stand
("=A1+1"), so that they are refused with line and column, never computed.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from trellis.core.errors import InvalidInput
from trellis.core.people.roster import Row
from trellis.records.imports.workbooks import rows_of_workbook


MAX_BYTES: Final = 20_000_000
MAX_ROWS: Final = 20_000
MAX_COLUMNS: Final = 200
MAX_CELL: Final = 5_000
DELIMITERS: Final = (",", ";", "\t")
_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0"  # old .xls, and every workbook with a password
# Excel writes this line first where the list separator of the machine is another.
_DECLARED: Final = re.compile(r"sep=([,;\t])\r?\n")
_SAVE_AS: Final = (
    "In Excel choose Save As and the type 'CSV UTF-8 (comma delimited)'; "
    "in LibreOffice choose Unicode (UTF-8)."
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The first row that is not empty, and the rows below it with their line."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    header_line: int = 1


def read_sheet(data: bytes) -> Sheet:
    """The rows of a CSV (UTF-8; comma, semicolon or tab) or XLSX file.

    Raises:
        InvalidInput: too large, of another kind, another encoding, with NUL, damaged,
            protected by a password, with macros, or packed suspiciously tight. The text
            names the place and says what to do.
    """
    if len(data) > MAX_BYTES:
        raise InvalidInput(
            "file",
            f"{len(data):,} bytes",
            accepted=f"at most {MAX_BYTES:,} bytes",
            hint="Split the roster into several files.",
        )
    if data.startswith(_OLE):
        raise _unusable(
            "file",
            "an old .xls workbook or one with a password",
            "Save it as .xlsx without a password, or as CSV UTF-8.",
        )
    is_workbook = data.startswith(_ZIP)
    rows = rows_of_workbook(data) if is_workbook else _rows_of_text(data)
    return _sheet(_limited(rows), pads=is_workbook)


def _unusable(field: str, given: str, hint: str) -> InvalidInput:
    return InvalidInput(field, given, accepted="CSV in UTF-8 or .xlsx", hint=hint)


def _limited(rows: Iterable[Row]) -> Iterator[Row]:
    """Stop at the first row that breaks a limit, before the next one is read."""
    for count, row in enumerate(rows):
        if count > MAX_ROWS:
            raise _too_much(row.line, f"more than {MAX_ROWS:,} rows")
        if len(row.cells) > MAX_COLUMNS:
            raise _too_much(row.line, f"{len(row.cells):,} columns")
        longest = max((len(cell) for cell in row.cells), default=0)
        if longest > MAX_CELL:
            raise _too_much(row.line, f"a cell of {longest:,} signs")
        yield row


def _too_much(line: int, given: str) -> InvalidInput:
    return InvalidInput(
        f"line {line}",
        given,
        accepted=(
            f"at most {MAX_ROWS:,} rows, {MAX_COLUMNS} columns, "
            f"{MAX_CELL:,} signs in a cell"
        ),
        hint="Delete what does not belong to the roster, or split the file.",
    )


def _sheet(rows: Iterator[Row], *, pads: bool) -> Sheet:
    """Header and rows; a workbook leaves out empty cells at the end, a CSV never."""
    header = next((row for row in rows if any(c.strip() for c in row.cells)), None)
    if header is None:
        raise _unusable("file", "an empty file", "Check that it was saved whole.")
    width = len(header.cells)
    if not pads:
        return Sheet(header.cells, tuple(rows), header.line)
    padded = (
        Row(row.line, row.cells + ("",) * (width - len(row.cells))) for row in rows
    )
    return Sheet(header.cells, tuple(padded), header.line)


def _rows_of_text(data: bytes) -> Iterator[Row]:
    text = _decoded(data)
    declared = _DECLARED.match(text)
    before = 1 if declared else 0
    body = text[declared.end() :] if declared else text
    delimiter = declared.group(1) if declared else _delimiter(body)
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True)
    while True:
        started = before + reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as problem:
            is_open = "end of data" in str(problem)
            given = "a quote that is never closed" if is_open else str(problem)
            hint = "Check the quotes of this line; the file may be cut off."
            raise _unusable(f"line {started}", given, hint) from None
        yield Row(started, tuple(cells))


def _decoded(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise _unusable("encoding", "UTF-16", _SAVE_AS)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        given = f"byte {problem.start + 1} (on line {line}), which is not UTF-8,"
        raise _unusable("encoding", given, _SAVE_AS) from None
    at = text.find("\0")
    if at >= 0:
        line = len(re.findall(r"\r\n|\r|\n", text[:at])) + 1
        hint = "The file is damaged or no CSV; export it again."
        raise _unusable(f"line {line}", "a NUL character", hint)
    return text


def _delimiter(text: str) -> str:
    """The one of the three that stands most often in the header, outside quotes."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    bare = re.sub(r'"[^"]*"?', "", first)
    return max(DELIMITERS, key=bare.count)
