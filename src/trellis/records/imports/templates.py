"""The empty roster a site fills in, as CSV and as a workbook with choices."""

from __future__ import annotations

import io
from typing import Any, Final

from trellis.core.people.roster_columns import COLUMNS, Column


_LAST_ROW: Final = 2_000
_LONGEST_LIST: Final = 255  # Excel's limit for the choices of a cell


def template_csv() -> bytes:
    """The header line in UTF-8 with its mark, so that Excel keeps accents."""
    header = ",".join(column.name for column in COLUMNS)
    return ("\ufeff" + header + "\r\n").encode("utf-8")


def template_xlsx() -> bytes:
    """Sheet "Roster" with header and choices, sheet "Columns" with what is accepted."""
    from xlsxwriter import Workbook  # heavy: only where a template is asked for

    target = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with Workbook(target, options) as book:
        _write_roster(book)
        _write_columns(book)
    return target.getvalue()


def _write_roster(book: Any) -> None:  # noqa: ANN401 - xlsxwriter has no types
    sheet = book.add_worksheet("Roster")
    bold = book.add_format({"bold": True})
    # text cells keep leading zeros of numbers; dates are dates
    formats = {
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "text": book.add_format({"num_format": "@"}),
    }
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(COLUMNS):
        form = formats.get(column.kind, formats["text"])
        sheet.set_column(place, place, max(14, len(column.name) + 2), form)
        sheet.write_string(0, place, column.name, bold)
        choices = _choices(column)
        if choices:
            rule = {"validate": "list", "source": choices}
            sheet.data_validation(1, place, _LAST_ROW, place, rule)


def _choices(column: Column) -> list[str]:
    """The values of a choice that a cell can offer; none where several may stand."""
    if column.kind != "choice" or not column.words:
        return []
    values = list(dict.fromkeys(column.words.values()))
    return values if len(",".join(values)) <= _LONGEST_LIST else []


def _write_columns(book: Any) -> None:  # noqa: ANN401 - xlsxwriter has no types
    sheet = book.add_worksheet("Columns")
    bold = book.add_format({"bold": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for place, (title, width) in enumerate(
        (
            ("column", 24),
            ("type", 14),
            ("required", 10),
            ("accepted", 70),
            ("example", 30),
        )
    ):
        sheet.set_column(place, place, width, wrapped)
        sheet.write_string(0, place, title, bold)
    for line, column in enumerate(COLUMNS, start=1):
        required = "yes" if column.is_required else "no"
        texts = (column.name, column.kind, required, column.accepted, column.example)
        for place, text in enumerate(texts):
            sheet.write_string(line, place, text)
