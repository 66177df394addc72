"""The demo's own data folder: what is in it, and that nothing real is.

``demo.json`` marks the folder as the demo's and says what was asked for; without it a
folder with a database in it is somebody's real data and is left alone.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Final

from trellis.core.errors import InvalidInput


MARK: Final = "demo.json"
TRUTH: Final = "truth.json"
DATABASE: Final = "trellis.sqlite3"
KEYS: Final = "keys.json"
OWN_FILES: Final = (
    DATABASE,
    f"{DATABASE}-wal",
    f"{DATABASE}-shm",
    KEYS,
    MARK,
    TRUTH,
    "audit-anchors.jsonl",
    "trellis-errors.log",
)
FORMAT: Final = "trellis-demo-1"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the demo network is made from; ``as_of`` is the day it was made for."""

    seed: int
    as_of: date
    sites: int
    families: int


def read_mark(folder: Path) -> Wanted | None:
    """What the folder's demo was made from; None where there is no demo.

    Raises:
        InvalidInput: the folder holds something that is not a demo.
    """
    mark = folder / MARK
    if mark.is_file():
        held = json.loads(mark.read_text(encoding="utf-8"))
        return Wanted(
            held["seed"],
            date.fromisoformat(held["as_of"]),
            held["sites"],
            held["families"],
        )
    if (folder / DATABASE).exists() or (folder / KEYS).exists():
        raise InvalidInput(
            "--data",
            folder,
            accepted="a folder of the demo's own, or a new one",
            hint="There is a database in it that is not a demo. Name another folder.",
        )
    return None


def write_mark(folder: Path, wanted: Wanted) -> None:
    """Mark the folder as the demo's, before anything else is in it."""
    folder.mkdir(parents=True, exist_ok=True)
    content = asdict(wanted) | {"as_of": wanted.as_of.isoformat(), "format": FORMAT}
    write_json(folder / MARK, content)


def write_json(path: Path, content: dict[str, object]) -> None:
    """Write whole or not at all: beside, then moved into place."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "w", encoding="utf-8") as target:
        json.dump(content, target, ensure_ascii=False, indent=1)
    Path(temporary).replace(path)


def clear(folder: Path) -> None:
    """Remove the demo's own files, by name; anything else in the folder stays.

    Raises:
        InvalidInput: the folder holds something that is not a demo.
    """
    if read_mark(folder) is None:
        return
    for name in OWN_FILES:
        (folder / name).unlink(missing_ok=True)
    shutil.rmtree(folder / "static", ignore_errors=True)
