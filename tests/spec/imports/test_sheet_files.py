"""Bytes of a sheet as rows: line numbers, encodings, limits, and bombs.

Source: RFC 4180 (CSV), ECMA-376 (workbooks); limits are our choice, docs/imports.md.
"""

import io
import struct
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from tests.reference_data import REPOSITORY

from trellis.core.errors import InvalidInput
from trellis.core.people.roster import Row, parse_rows
from trellis.core.people.roster_columns import COLUMNS
from trellis.records.imports.files import (
    MAX_BYTES,
    MAX_CELL,
    MAX_COLUMNS,
    MAX_ROWS,
    Sheet,
    read_sheet,
)
from trellis.records.imports.templates import template_csv, template_xlsx


TEXT = 'id,note\n1,"two\nlines"\n\n2,Núñez\n'


def _refusal(data):
    with pytest.raises(InvalidInput) as refused:
        read_sheet(data)
    return str(refused.value)


def _workbook(*rows, title="Roster", change=None):
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    if change:
        change(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _archive(parts, *, compression=zipfile.ZIP_DEFLATED):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


WORKBOOK = _workbook(["id", "note"], ["1", "x"])


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv_with_its_delimiter_and_true_line_numbers(mark, delimiter, end):
    data = mark + TEXT.replace(",", delimiter).replace("\n", end).encode()
    sheet = read_sheet(data)
    assert sheet.header == ("id", "note")
    assert sheet.rows[0] == Row(2, ("1", f"two{end}lines"))
    assert sheet.rows[-1] == Row(5, ("2", "Núñez"))


def test_the_separator_line_of_excel_is_skipped_and_counted():
    sheet = read_sheet(b"sep=;\r\nid;note\r\n1;a,b,c\r\n")
    assert sheet.header_line == 2
    assert sheet.rows == (Row(3, ("1", "a,b,c")),)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "an empty file"),
        (b"\n \n", "an empty file"),
        ("id,name\n1,Núñez\n".encode("latin-1"), "byte 12 (on line 2)"),
        ("id,name".encode("utf-16"), "UTF-16"),
        (b"id,name\n1,Da\0na\n", "line 2: a NUL character"),
        (b'id,name\n1,"Dana\n2,Mina\n', "line 2: a quote that is never closed"),
        (b'id,name\n1,"Da"na\n', "line 2"),
        (b"id\n" + b"x" * (MAX_CELL + 1), f"a cell of {MAX_CELL + 1:,} signs"),
        (b"," * MAX_COLUMNS, "201 columns"),
        (b"id\n" + b"1\n" * (MAX_ROWS + 1), "more than 20,000 rows"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "with a password"),
    ],
)
def test_an_unusable_file_gets_a_sentence(data, words):
    assert words in _refusal(data)


def test_a_wrong_encoding_says_how_to_save():
    assert "CSV UTF-8" in _refusal("é".encode("latin-1"))


def test_an_enormous_file_is_refused():
    assert "at most 20,000,000 bytes" in _refusal(b"x" * (MAX_BYTES + 1))


def test_a_workbook_gives_texts_whole_numbers_and_iso_dates():
    data = _workbook(
        ["id", "born", "weeks", "ratio", "yes", "end"],
        [7, date(2026, 8, 30), 38.0, 1.5, True, None],
        [None],
        ["8", datetime(2026, 8, 31, 9, 30), None],  # noqa: DTZ001 - cells have no zone
    )
    sheet = read_sheet(data)
    assert sheet.rows == (
        Row(2, ("7", "2026-08-30", "38", "1.5", "yes", "")),
        Row(4, ("8", "2026-08-31", "", "", "", "")),
    )


def test_the_sheet_named_roster_comes_before_the_first():
    def other(book):
        book.create_sheet("roster ").append(["id"])

    sheet = read_sheet(_workbook(["x"], title="Notes", change=other))
    assert sheet.header == ("id",)


def test_formulas_and_errors_are_shown_and_then_refused_with_their_place():
    header = [column.name for column in COLUMNS]
    family = {
        "external_id": "P-1",
        "site": "harbor",
        "first_name": '=CONCAT("Da","na")',
        "last_name": "Alder",
        "birth_date": date(1996, 5, 14),
    }
    sheet = read_sheet(_workbook(header, [family.get(name) for name in header]))
    reading = parse_rows(
        sheet.header, sheet.rows, file="r.xlsx", as_of=date(2026, 9, 1)
    )
    assert reading.lines == ()
    (problem,) = reading.problems
    assert (problem.place.line, problem.field) == (2, "first_name")
    assert "formula" in problem.message


@pytest.mark.parametrize("name", ["xl/media/big.bin", "xl/worksheets/sheet1.xml"])
def test_a_zip_bomb_is_refused_by_its_ratio(name):
    parts = {"[Content_Types].xml": "", "xl/workbook.xml": "", name: b"\0" * 9_000_000}
    assert "packed tighter than 1 to 100" in _refusal(_archive(parts))


def test_a_zip_bomb_is_refused_by_its_size_and_its_parts():
    many = {f"xl/{number}.xml": "" for number in range(501)}
    assert "501 parts" in _refusal(_archive(many))
    archive = bytearray(_archive({"xl/workbook.xml": "x", "[Content_Types].xml": "x"}))
    at = archive.rfind(b"PK\x01\x02")
    archive[at + 24 : at + 28] = struct.pack("<I", 4_000_000_000)
    assert "bytes unpacked" in _refusal(bytes(archive))


def test_macros_passwords_and_other_archives_are_refused():
    parts = {"[Content_Types].xml": "", "xl/workbook.xml": ""}
    assert "macros" in _refusal(_archive(parts | {"xl/vbaProject.bin": ""}))
    assert "no workbook" in _refusal(_archive({"a.txt": "x"}))
    locked = bytearray(_archive(parts))
    at = locked.find(b"PK\x01\x02")
    locked[at + 8] |= 1
    assert "password" in _refusal(bytes(locked))


def test_a_cut_off_or_hollow_workbook_is_damaged():
    assert "damaged" in _refusal(WORKBOOK[: len(WORKBOOK) // 2])
    hollow = {"[Content_Types].xml": "<x/>", "xl/workbook.xml": "<x/>"}
    assert "damaged" in _refusal(_archive(hollow))


def test_entities_in_a_workbook_are_refused():
    evil = '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    parts = {}
    with zipfile.ZipFile(io.BytesIO(WORKBOOK)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/workbook.xml"] = evil
    assert "damaged" in _refusal(_archive(parts))


def test_a_sheet_that_claims_to_be_enormous_is_refused_or_short():
    def far(book):
        book.active["A900000"] = "x"

    assert "more than" in _refusal(_workbook(["id"], change=far))


def test_the_templates_are_read_back_with_every_column():
    names = tuple(column.name for column in COLUMNS)
    for data in (template_csv(), template_xlsx()):
        sheet = read_sheet(data)
        assert sheet.header == names
        assert sheet.rows == ()
        reading = parse_rows(sheet.header, [], file="t", as_of=date(2026, 9, 1))
        assert reading.problems == ()


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_or_read(data):
    try:
        sheet = read_sheet(data)
    except InvalidInput:
        return
    assert isinstance(sheet, Sheet)


@given(
    st.sampled_from([WORKBOOK, TEXT.encode()]),
    st.floats(0, 1),
    st.binary(max_size=8),
    st.integers(0, 8),
)
def test_damaged_sheets_are_refused_or_read(whole, share, put, drop):
    at = int(share * len(whole))
    try:
        sheet = read_sheet(whole[:at] + put + whole[at + drop :])
    except InvalidInput:
        return
    assert isinstance(sheet, Sheet)


@given(st.sampled_from(["xl/workbook.xml", "xl/worksheets/sheet1.xml"]), st.data())
def test_damaged_parts_of_a_workbook_are_refused_or_read(name, data):
    with zipfile.ZipFile(io.BytesIO(WORKBOOK)) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    at = data.draw(st.integers(0, len(parts[name])))
    put = data.draw(st.binary(max_size=4))
    parts[name] = parts[name][:at] + put + parts[name][at + len(put) :]
    try:
        sheet = read_sheet(_archive(parts))
    except InvalidInput:
        return
    assert isinstance(sheet, Sheet)


def test_the_documentation_lists_every_column_as_it_is():
    text = (REPOSITORY / "docs" / "imports.md").read_text("utf-8")
    for column in COLUMNS:
        required = "yes" if column.is_required else "no"
        cells = (f"`{column.name}`", column.kind, required, column.accepted)
        assert f"| {' | '.join(cells)} | {column.example} |" in text
    for limit in (MAX_BYTES, MAX_ROWS, MAX_CELL, MAX_COLUMNS):
        assert f"{limit:,}" in text
