"""What the import commands have in common: who acts, the files, what is said."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from trellis.cli.exits import DONE, FOUND_SOMETHING_WRONG, UNUSABLE_INPUT
from trellis.core.errors import InvalidInput


if TYPE_CHECKING:
    from trellis.core.access.viewer import Viewer
    from trellis.records.imports.outcomes import ImportOutcome

MOST_BYTES: Final = 50_000_001  # one more than any reader takes
SHOWN: Final = 50


def add_common_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare ``--dry-run``, ``--json``, ``--site`` and ``--as-user``."""
    parser.add_argument(
        "--dry-run", action="store_true", help="save nothing; the counts are the same"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument(
        "--site", metavar="CODE", help="look at the families of this site alone"
    )
    parser.add_argument(
        "--as-user",
        metavar="EMAIL",
        help="act as this person; without it, as the import service account",
    )


def actor(options: argparse.Namespace) -> Viewer:
    """Who acts, now.

    Raises:
        InvalidInput: no such account or site.
    """
    from django.utils import timezone

    from trellis.cli.installation import check_installed
    from trellis.records.accounts.queries import viewer_for
    from trellis.records.imports.service import import_account

    check_installed()
    at = timezone.now()
    if not options.as_user:
        return import_account(at=at, site_code=options.site)
    viewer = viewer_for(options.as_user, at=at, site_code=options.site)
    if options.site is None:
        return viewer
    site = import_account(at=at, site_code=options.site).site_ids
    return replace(viewer, site_ids=viewer.site_ids & site)


def content_of(path: Path) -> bytes:
    """The bytes of a file, of a large one no more than is refused anyway.

    Raises:
        InvalidInput: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES)
    except OSError as problem:
        raise InvalidInput(
            "FILE",
            path,
            accepted="a file that can be read",
            hint=f"{problem.strerror}.",
        ) from problem


def report(outcome: ImportOutcome, options: argparse.Namespace) -> int:
    """Print counts, problems and what was not understood; the exit status.

    1 where something was refused, 2 where nothing of the file could be used.
    """
    from trellis.records.imports.outcomes import problem_json

    problems = [problem_json(one) for one in outcome.problems]
    for one in problems[:SHOWN]:
        line = f", line {one['line']}" if one["line"] else ""
        about = f", {one['field']}" if one["field"] else ""
        sys.stderr.write(f"{one['file']}{line}{about}: {one['message']}\n")
    if len(problems) > SHOWN:
        rest = len(problems) - SHOWN
        sys.stderr.write(f"and {rest} more problems; --json lists all.\n")
    for kind, number in outcome.not_understood:
        sys.stderr.write(f"not kept: {number} × {kind}\n")
    if options.json:
        whole = {**outcome.counts, "problems": problems}
        sys.stdout.write(json.dumps(whole, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(_summary(outcome, is_dry_run=options.dry_run))
    if problems and not outcome.read:
        return UNUSABLE_INPUT
    return FOUND_SOMETHING_WRONG if outcome.refused else DONE


def _summary(outcome: ImportOutcome, *, is_dry_run: bool) -> str:
    named = ", ".join(f"{number} {name}" for name, number in outcome.counts.items())
    if is_dry_run:
        return f"{named}. Nothing was saved: this was a dry run.\n"
    if outcome.created + outcome.updated == 0:
        return f"{named}. Nothing was changed.\n"
    return f"{named}. The Imports page can undo this.\n"
