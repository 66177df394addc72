"""``trellis growth``: z-scores by the WHO standards, one line a child and day."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final, TextIO

from trellis.cli.exits import DONE, FOUND_SOMETHING_WRONG
from trellis.cli.growth_file import OUT_COLUMNS, Header, as_line, csv_line, scored
from trellis.core.errors import InvalidInput


HELP: Final = (
    "Weight, length, body mass index and head circumference of children as z-scores\n"
    "by the WHO Child Growth Standards, from birth to 36 months and to day 1826.\n"
    "IN.csv: id,sex(1|2 or M|F),age_days,weight,lenhei,measure(l|h),headc,oedema(y|n)\n"
    "in kg and cm; an empty cell means unknown."
)
EXAMPLE: Final = "trellis growth measured.csv scores.csv"
NEEDS_DJANGO: Final = False

SILENT_SECONDS: Final = 2.0
LINES_BETWEEN_MARKS: Final = 5_000
BAR_LETTERS: Final = 20


@dataclass(frozen=True, slots=True)
class Refused:
    """One line that was not used: where, which field, and a whole sentence."""

    file: str
    line: int
    field: str
    message: str


@dataclass(slots=True)
class Tally:
    """What came of the lines of a file."""

    read: int = 0
    written: int = 0
    has_bar: bool = False
    problems: list[Refused] = field(default_factory=list)

    def as_json(self) -> str:
        """One JSON document."""
        counts = {"read": self.read, "written": self.written}
        problems = [asdict(problem) for problem in self.problems]
        return json.dumps(
            {**counts, "refused": len(problems), "problems": problems},
            ensure_ascii=False,
        )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The two files, ``--strict`` and ``--json``."""
    parser.add_argument("source", metavar="IN.csv", type=Path)
    parser.add_argument("target", metavar="OUT.csv", type=Path)
    parser.add_argument(
        "--strict",
        action="store_true",
        help="stop at the first line that cannot be right, and write no file",
    )
    parser.add_argument(
        "--json", action="store_true", help="print a summary as one JSON document"
    )


def run(options: argparse.Namespace) -> int:
    """Write the scores; 1 if a line was refused.

    Raises:
        InvalidInput: a file cannot be read or written, or its first line does not
            name the columns.
    """
    tally = Tally()
    try:
        with options.source.open(encoding="utf-8", errors="surrogateescape") as source:
            header = Header(source.readline().rstrip("\n"))
            lines = _scored_lines(source, header, tally, options)
            _write(options.target, lines, tally, is_strict=options.strict)
    except OSError as problem:
        raise InvalidInput(
            "File",
            problem.filename or options.source,
            accepted="a file that can be read, and one that can be written",
            hint=f"{problem.strerror}.",
        ) from problem
    return _reported(tally, options)


def _scored_lines(
    source: TextIO, header: Header, tally: Tally, options: argparse.Namespace
) -> Iterator[str]:
    """The answer line by line; with ``--strict`` nothing after a refused line."""
    yield csv_line(OUT_COLUMNS)
    began = time.monotonic()
    for number, line in enumerate(source, start=2):
        if not line.strip():
            continue
        tally.read += 1
        try:
            child = header.child_of(line.rstrip("\n"))
        except InvalidInput as refused:
            problem = Refused(str(options.source), number, refused.field, str(refused))
            tally.problems.append(problem)
            if options.strict:
                return
            continue
        yield as_line(child.id, scored(child))
        tally.written += 1
        if number % LINES_BETWEEN_MARKS == 0:
            _mark_progress(source, began, tally)


def _mark_progress(source: TextIO, began: float, tally: Tally) -> None:
    """The share read, on a terminal and after two seconds only."""
    if not sys.stderr.isatty() or time.monotonic() - began < SILENT_SECONDS:
        return
    size = os.fstat(source.fileno()).st_size
    read = os.lseek(source.fileno(), 0, os.SEEK_CUR)
    if size:
        tally.has_bar = True
        bar = ("#" * (BAR_LETTERS * read // size)).ljust(BAR_LETTERS, ".")
        sys.stderr.write(f"\r[{bar}] {100 * read // size} %")


def _write(path: Path, lines: Iterator[str], tally: Tally, *, is_strict: bool) -> None:
    """Write beside ``path`` and move into place: whole, or not at all."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as target:
            target.writelines(lines)
            target.flush()
            os.fsync(target.fileno())
        if not (is_strict and tally.problems):
            # mkstemp lets only the owner read; the answer gets the usual permissions
            mask = os.umask(0)
            os.umask(mask)
            Path(temporary).chmod(0o666 & ~mask)
            Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)


def _reported(tally: Tally, options: argparse.Namespace) -> int:
    """List the refused lines on standard error; the summary where it was asked for."""
    if tally.has_bar:
        sys.stderr.write("\n")
    for problem in tally.problems:
        sys.stderr.write(f"{problem.file}, line {problem.line}: {problem.message}\n")
    if tally.problems and options.strict:
        tally.written = 0
        sys.stderr.write("Stopped at the first refused line; no file was written.\n")
    if options.json:
        sys.stdout.write(tally.as_json() + "\n")
    else:
        sys.stderr.write(
            f"{tally.read} lines read, {tally.written} written, "
            f"{len(tally.problems)} refused.\n"
        )
    return FOUND_SOMETHING_WRONG if tally.problems else DONE
