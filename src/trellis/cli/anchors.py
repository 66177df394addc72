"""The anchors of the audit trail: one line each in a file beside the database.

An anchor says which hash stood at which entry. Copy the file elsewhere every day: who
holds the keys could make a new chain, and a new file, but not the copy.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from trellis.core.errors import InvalidInput


FILE: Final = "audit-anchors.jsonl"


def read_anchors(folder: Path) -> Mapping[int, str]:
    """The hashes by sequence; empty where no anchor was taken yet.

    Raises:
        InvalidInput: a line is not an anchor; names its number.
    """
    path = folder / FILE
    if not path.is_file():
        return {}
    found = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        try:
            anchor = json.loads(line)
            found[int(anchor["sequence"])] = str(anchor["hash"])
        except (ValueError, KeyError, TypeError) as wrong:
            raise InvalidInput(
                f"{path}, line {number}",
                line[:60],
                accepted='{"at", "sequence", "hash"}',
                hint="Compare it with the copy kept elsewhere.",
            ) from wrong
    return found


def append_anchor(folder: Path, end: tuple[int, str], at: datetime) -> None:
    """Write down where the chain ends now; an anchor is never taken out again."""
    sequence, own = end
    if read_anchors(folder).get(sequence) == own:
        return
    line = json.dumps({"at": at.isoformat(), "sequence": sequence, "hash": own})
    handle = os.open(folder / FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8") as target:
        target.write(line + "\n")
        target.flush()
        os.fsync(target.fileno())
