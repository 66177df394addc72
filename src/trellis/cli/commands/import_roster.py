"""``trellis import roster``: families from a CSV file or a workbook."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Final

from trellis.cli.exits import DONE
from trellis.cli.import_files import actor, add_common_arguments, content_of, report
from trellis.core.errors import InvalidInput


HELP: Final = (
    "Bring in families from a roster (CSV in UTF-8, or .xlsx). docs/imports.md lists\n"
    "the columns; --template prints an empty file. The same file twice changes nothing."
)
EXAMPLE: Final = "trellis import roster families.csv --dry-run"
NEEDS_DJANGO: Final = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file, or ``--template``; ``--mapping`` and what all imports have."""
    parser.add_argument("file", metavar="FILE", type=Path, nargs="?")
    add_common_arguments(parser)
    parser.add_argument(
        "--mapping",
        metavar="FILE.json",
        type=Path,
        help='your own headings: {"Mother\'s number": "external_id", ...}',
    )
    parser.add_argument(
        "--template",
        nargs="?",
        const="csv",
        choices=("csv", "xlsx"),
        help="write an empty roster to standard output and stop",
    )


def run(options: argparse.Namespace) -> int:
    """Import; 1 where a line was refused, 2 where the file cannot be used.

    Raises:
        InvalidInput: no file is named, or it cannot be read.
    """
    from trellis.records.imports.operations import import_roster

    if options.template:
        return _write_template(options.template)
    if options.file is None:
        raise InvalidInput(
            "FILE",
            "nothing",
            accepted="a CSV file or a workbook",
            hint="`trellis import roster --template` prints an empty one.",
        )
    outcome = import_roster(
        by=actor(options),
        file_name=options.file.name,
        content=content_of(options.file),
        mapping=_mapping(options.mapping) if options.mapping else None,
        is_dry_run=options.dry_run,
    )
    return report(outcome, options)


def _write_template(form: str) -> int:
    from trellis.records.imports.templates import template_csv, template_xlsx

    content = template_xlsx() if form == "xlsx" else template_csv()
    sys.stdout.buffer.write(content)
    return DONE


def _mapping(path: Path) -> dict[str, str]:
    try:
        found = json.loads(content_of(path))
    except (ValueError, RecursionError) as problem:
        raise _no_mapping(path, f"{problem}.") from problem
    if not isinstance(found, dict) or not all(
        isinstance(value, str) for value in found.values()
    ):
        raise _no_mapping(path, "Each heading of yours names one column.")
    return found


def _no_mapping(path: Path, hint: str) -> InvalidInput:
    return InvalidInput(
        "--mapping", path, accepted='JSON such as {"Heading": "column"}', hint=hint
    )
