"""``trellis audit verify``: is the audit trail whole, from first entry to last."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Final

from trellis.cli.exits import DONE, FOUND_SOMETHING_WRONG


if TYPE_CHECKING:
    from trellis.records.access.verification import Verdict

HELP: Final = (
    "Walks the whole audit trail and checks that every entry is as it was written and\n"
    "in its place, and that none is missing, also at the end (by the anchors kept in\n"
    "audit-anchors.jsonl). A good trail leaves a new anchor."
)
EXAMPLE: Final = "trellis audit verify --json"
NEEDS_DJANGO: Final = True
MARK_EVERY: Final = 20_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare ``--json``."""
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def run(options: argparse.Namespace) -> int:
    """Verify; 1 when an entry is bad or missing.

    Raises:
        InvalidInput: there is no trail here, or its keys or anchors cannot be read.
    """
    from django.conf import settings
    from django.utils import timezone

    from trellis.cli.anchors import append_anchor, read_anchors
    from trellis.cli.installation import check_installed
    from trellis.records.access.verification import verify_trail

    check_installed()
    anchors = read_anchors(settings.DATA_DIR)
    verdict = verify_trail(anchors, progress=_mark_progress)
    if verdict.bad is None and verdict.end is not None:
        append_anchor(settings.DATA_DIR, verdict.end, timezone.now())
    _report(verdict, is_json=options.json)
    return DONE if verdict.bad is None else FOUND_SOMETHING_WRONG


def _mark_progress(count: int) -> None:
    if count % MARK_EVERY == 0 and sys.stderr.isatty():
        sys.stderr.write(f"\r{count} entries read")


def _report(verdict: Verdict, *, is_json: bool) -> None:
    bad = verdict.bad
    if is_json:
        at = bad.at.isoformat() if bad and bad.at else None
        shown = bad and {
            "sequence": bad.sequence,
            "at": at,
            "action": bad.action,
            "why": bad.why,
        }
        sequence, own = verdict.end or (None, None)
        document = {
            "checked": verdict.checked,
            "is_whole": bad is None,
            "first_bad": shown,
            "end": {"sequence": sequence, "hash": own},
        }
        sys.stdout.write(json.dumps(document) + "\n")
    elif bad is None:
        sys.stdout.write(f"The audit trail is whole: {verdict.checked} entries.\n")
    else:
        when = f" ({bad.at.isoformat()}, {bad.action})" if bad.at else ""
        sys.stdout.write(f"Entry {bad.sequence}{when} is bad: {bad.why}.\n")
