"""Reading and writing the two files of ``trellis growth`` (cli.md)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeVar

from trellis.core.errors import InvalidInput
from trellis.core.growth.scores import Position, Scores, assess
from trellis.core.growth.standards import Sex


IN_COLUMNS: Final = (
    "id",
    "sex",
    "age_days",
    "weight",
    "lenhei",
    "measure",
    "headc",
    "oedema",
)
OUT_COLUMNS: Final = (
    "id",
    "zlen",
    "zwei",
    "zwfl",
    "zbmi",
    "zhc",
    "flen",
    "fwei",
    "fwfl",
    "fbmi",
    "fhc",
)
SEXES: Final[dict[str, Sex | None]] = {
    "1": "m",
    "2": "f",
    "m": "m",
    "f": "f",
    "": None,
}
POSITIONS: Final[dict[str, Position | None]] = {"l": "l", "h": "h", "": None}
ANSWERS: Final = {"y": True, "n": False, "": False}
# No "nan", no "inf", no "1_000": the float of Python would take them all.
NUMBER: Final = re.compile(r"[+-]?(\d{1,9}(\.\d{0,20})?|\.\d{1,20})(e[+-]?\d)?")
MOST_LINE_LETTERS: Final = 10_000
T = TypeVar("T")
CORRECT_IT: Final = "Correct the line and run the command again."


@dataclass(frozen=True, slots=True)
class Child:
    """One line of the file: what was measured of one child on one day."""

    id: str
    sex: Sex | None
    age_days: int | None
    weight_kg: float | None
    lenhei_cm: float | None
    measure: Position | None
    headc_cm: float | None
    has_oedema: bool


class Header:
    """Where the columns stand; further columns are ignored.

    Raises:
        InvalidInput: a column is missing or stands there twice.
    """

    def __init__(self, line: str) -> None:
        self.names = [
            name.strip().lower() for name in cells(line.removeprefix("\ufeff"))
        ]
        for wanted in IN_COLUMNS:
            if self.names.count(wanted) != 1:
                raise InvalidInput(
                    "Line 1",
                    f"{self.names.count(wanted)} columns named {wanted!r}",
                    accepted="one each of " + ",".join(IN_COLUMNS),
                    hint="Name the columns in the first line.",
                )

    def child_of(self, line: str) -> Child:
        """The child of one line.

        Raises:
            InvalidInput: a cell cannot be right, or their number is not the header's.
        """
        found = [cell.strip() for cell in cells(line)]
        if len(found) != len(self.names):
            raise InvalidInput(
                "Line",
                f"{len(found)} cells",
                accepted=f"{len(self.names)} cells, as in the first line",
                hint=CORRECT_IT,
            )
        cell = dict(zip(self.names, found, strict=True))
        return Child(
            id=cell["id"],
            sex=_word("sex", cell["sex"], SEXES, "1 or M, 2 or F, or empty"),
            age_days=_days(cell["age_days"]),
            weight_kg=_number("weight", cell["weight"], "kg"),
            lenhei_cm=_number("lenhei", cell["lenhei"], "cm"),
            measure=_word("measure", cell["measure"], POSITIONS, "l, h, or empty"),
            headc_cm=_number("headc", cell["headc"], "cm"),
            has_oedema=_word("oedema", cell["oedema"], ANSWERS, "y, n, or empty"),
        )


def cells(line: str) -> list[str]:
    """The cells of one line; a quoted cell ends on its line.

    Raises:
        InvalidInput: not UTF-8, NUL, too long, or a quote that is never closed.
    """
    if any("\ud800" <= sign <= "\udfff" for sign in line):
        raise _unreadable("bytes that are not UTF-8", "text in UTF-8")
    if "\0" in line:
        raise _unreadable("a NUL character", "text without NUL")
    if len(line) > MOST_LINE_LETTERS:
        raise _unreadable(f"{len(line)} letters", f"at most {MOST_LINE_LETTERS}")
    try:
        return next(csv.reader([line], strict=True), [])
    except csv.Error:
        raise _unreadable("a quote that is not closed", "closed quotes") from None


def scored(child: Child) -> Scores:
    """The child's scores and flags."""
    return assess(
        sex=child.sex,
        age_days=child.age_days,
        weight_kg=child.weight_kg,
        lenhei_cm=child.lenhei_cm,
        measure=child.measure,
        headc_cm=child.headc_cm,
        oedema=child.has_oedema,
    )


def as_line(child_id: str, scores: Scores) -> str:
    """One line of the answer: z-scores to two decimals, flags 0 or 1, else empty."""
    z_scores = (scores.zlen, scores.zwei, scores.zwfl, scores.zbmi, scores.zhc)
    flags = (scores.flen, scores.fwei, scores.fwfl, scores.fbmi, scores.fhc)
    return csv_line(
        (
            child_id,
            *("" if z is None else f"{z + 0.0:.2f}" for z in z_scores),
            *("" if flag is None else str(int(flag)) for flag in flags),
        )
    )


def csv_line(values: Iterable[str]) -> str:
    """The values as one line of CSV, with its end."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(values)
    return text.getvalue()


def _unreadable(given: str, accepted: str) -> InvalidInput:
    return InvalidInput("Line", given, accepted=accepted, hint=CORRECT_IT)


def _word(field: str, given: str, known: dict[str, T], accepted: str) -> T:
    word = given.lower()
    if word not in known:
        raise InvalidInput(field, _shown(given), accepted=accepted, hint=CORRECT_IT)
    return known[word]


def _number(field: str, given: str, unit: str) -> float | None:
    if not given:
        return None
    if not NUMBER.fullmatch(given.lower()):
        accepted = f"a number in {unit} such as 7.45, or empty"
        raise InvalidInput(field, _shown(given), accepted=accepted, hint=CORRECT_IT)
    return float(given)


def _days(given: str) -> int | None:
    if not given:
        return None
    is_number = bool(NUMBER.fullmatch(given.lower()))
    if not is_number or Decimal(given) < 0 or Decimal(given) % 1:
        accepted = "completed days since birth, 0 or more, or empty"
        raise InvalidInput(
            "age_days", _shown(given), accepted=accepted, hint=CORRECT_IT
        )
    return int(Decimal(given))


def _shown(given: str) -> str:
    return repr(given[:40])
