"""``trellis import fhir``: children's records as FHIR R4."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from trellis.cli.import_files import actor, add_common_arguments, content_of, report


HELP: Final = (
    "Bring in records of children: FHIR R4 Bundles (JSON), resources or NDJSON.\n"
    "Each goes to the child here of that identifier, or of that name, birth date and\n"
    "sex; the roster names the children first. The same file twice changes nothing."
)
EXAMPLE: Final = "trellis import fhir mina.json noor.json"
NEEDS_DJANGO: Final = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The files, and what all imports have."""
    parser.add_argument("files", metavar="FILE", type=Path, nargs="+")
    add_common_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Import; 1 where something was refused.

    Raises:
        InvalidInput: a file is missing, or none can be read.
    """
    from trellis.records.imports.operations import import_histories

    outcome = import_histories(
        by=actor(options),
        kind="fhir",
        files=[(path.name, content_of(path)) for path in options.files],
        is_dry_run=options.dry_run,
    )
    return report(outcome, options)
