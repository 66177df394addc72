"""``trellis consent matrix``: the role by class table as the engine has it."""

from __future__ import annotations

import argparse
import csv
import sys
from typing import Final

from trellis.cli.exits import DONE
from trellis.core.access.matrix import CELLS
from trellis.core.access.vocabulary import DataClass, Role


HELP: Final = "Print which role may open which class of data, and by what."
EXAMPLE: Final = "trellis consent matrix --csv"
NEEDS_DJANGO: Final = False

COLUMNS: Final = ("data_class", "role", "default", "unlocked_by", "note", "write")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare ``--csv``."""
    parser.add_argument(
        "--csv",
        action="store_true",
        help="one line a cell, with what unlocks it and what may be written",
    )


def run(options: argparse.Namespace) -> int:
    """Print the table; always done."""
    if options.csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(
            (c.data_class, c.role, c.default, c.unlocked_by, c.note, c.write)
            for c in CELLS.values()
        )
        return DONE
    sys.stdout.write(_as_grid())
    return DONE


def _as_grid() -> str:
    """One line a class, one column a role: the defaults of the table."""
    width = max(len(data_class) for data_class in DataClass)
    lines = [" " * width + "".join(f"  {role}" for role in Role)]
    for data_class in DataClass:
        marks = (f"  {CELLS[data_class, role].default:<{len(role)}}" for role in Role)
        lines.append(f"{data_class:<{width}}" + "".join(marks))
    return "\n".join(line.rstrip() for line in lines) + "\n"
