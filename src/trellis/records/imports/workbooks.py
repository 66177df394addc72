"""XLSX as rows of text: checked as an archive first, then read without computing."""

from __future__ import annotations

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final

from trellis.core.errors import InvalidInput
from trellis.core.people.roster import Row


MAX_MEMBERS: Final = 500
MAX_UNPACKED: Final = 60_000_000
MAX_RATIO: Final = 100
_RATIO_FROM: Final = 1_000_000  # small parts of XML may be packed tighter
_LAST_LINE: Final = 60_000
_ROSTER_SHEET: Final = "roster"
_ENCRYPTED: Final = 0x1
# What zipfile, expat and openpyxl raise on damaged workbooks; any of it means the same.
_DAMAGED: Final = (
    ValueError,  # also defusedxml's refusals of entities
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    SyntaxError,  # xml.etree.ElementTree.ParseError
    EOFError,
    OSError,
    RuntimeError,
    zipfile.BadZipFile,
    zlib.error,
)


def rows_of_workbook(data: bytes) -> Iterator[Row]:
    """The rows of the sheet named Roster, else of the first one.

    Values only: a formula comes as its text with "=", an error cell as "=#REF!", a date
    in ISO form, a whole number without a point.

    Raises:
        InvalidInput: no workbook, damaged, packed as a bomb, with macros or a password.
    """
    _check_archive(data)
    try:
        yield from _rows(data)
    except InvalidInput:
        raise
    except _DAMAGED:
        hint = (
            "Open it in your spreadsheet program, save it again, or export CSV UTF-8."
        )
        raise _unusable("a damaged workbook", hint) from None


def _unusable(
    given: str, hint: str, accepted: str = "an .xlsx workbook"
) -> InvalidInput:
    return InvalidInput("file", given, accepted=accepted, hint=hint)


def _check_archive(data: bytes) -> None:
    """Judge the archive by its directory, before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except _DAMAGED:
        hint = "It may be cut off; send it again, or export CSV UTF-8."
        raise _unusable("a damaged workbook", hint) from None
    unpacked = sum(member.file_size for member in members)
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED or _is_tight(members):
        raise _unusable(
            f"a workbook of {len(members):,} parts and {unpacked:,} bytes unpacked",
            "Save only the roster in a new workbook, or export CSV UTF-8.",
            f"at most {MAX_MEMBERS} parts and {MAX_UNPACKED:,} bytes unpacked, no part "
            f"packed tighter than 1 to {MAX_RATIO}",
        )
    names = {member.filename for member in members}
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise _unusable("a workbook with a password", "Save it without a password.")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise _unusable("a workbook with macros", "Save it as .xlsx without macros.")
    if not {"[Content_Types].xml", "xl/workbook.xml"} <= names:
        raise _unusable("an archive that is no workbook", "Save the roster as .xlsx.")


def _is_tight(members: list[zipfile.ZipInfo]) -> bool:
    return any(
        member.file_size > _RATIO_FROM
        and member.file_size > MAX_RATIO * max(member.compress_size, 1)
        for member in members
    )


def _rows(data: bytes) -> Iterator[Row]:
    book = _opened(data)
    try:
        sheets = {sheet.title.strip().lower(): sheet for sheet in book.worksheets}
        sheet = sheets.get(_ROSTER_SHEET) or book.worksheets[0]
        sheet.reset_dimensions()  # the file's own word for its size may be a lie
        for line, cells in enumerate(_quietly(sheet.iter_rows()), start=1):
            if line > _LAST_LINE:
                raise _unusable(
                    f"a sheet with more than {_LAST_LINE:,} lines",
                    "Delete the empty rows below the roster.",
                )
            texts = _texts(cells)
            if texts:
                yield Row(line, texts)
    finally:
        book.close()


def _opened(data: bytes) -> Any:  # noqa: ANN401 - openpyxl has no types
    from openpyxl import load_workbook  # heavy: only where a workbook is read

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # features of the workbook that are not read
        return load_workbook(
            io.BytesIO(data), read_only=True, data_only=False, keep_links=False
        )


def _quietly(rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """The rows without openpyxl's warnings; a date out of range comes as an error."""
    while True:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            cells = next(rows, None)
        if cells is None:
            return
        yield cells


def _texts(cells: tuple[Any, ...]) -> tuple[str, ...]:
    """The cells as texts, without the empty ones at the end."""
    texts = [_text(cell) for cell in cells]
    while texts and not texts[-1].strip():
        texts.pop()
    return tuple(texts)


def _text(cell: Any) -> str:  # noqa: ANN401 - a cell of openpyxl, which has no types
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":  # an array formula is an object with its text
        formula = str(getattr(value, "text", value) or "")
        return formula if formula.startswith("=") else f"={formula}"
    if cell.data_type == "e":
        return f"={value}"
    return _plain(value)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
