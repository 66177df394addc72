"""Secret keys: from the environment, else from ``keys.json`` in the data folder.

Keys live outside the database, so that a copy of the database alone opens nothing.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path


NAMES = ("secret", "field", "blind", "audit")


@dataclass(frozen=True, slots=True)
class Keys:
    """Signing of sessions, encryption of fields, blind index, audit chain."""

    secret: str
    field: bytes
    blind: bytes
    audit: bytes


def load_keys(data_dir: Path) -> Keys:
    """The installation's keys; made once, readable by its owner only.

    Raises:
        ValueError: the file exists and is not a complete set of keys.
    """
    path = data_dir / "keys.json"
    if not path.exists():
        _create(path)
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        values = {name: str(found[name]) for name in NAMES}
    except (KeyError, TypeError, json.JSONDecodeError) as error:
        raise ValueError(
            f"{path.name} does not hold the keys {', '.join(NAMES)}. Restore it from "
            "the backup of this installation; without it encrypted fields stay closed."
        ) from error
    return Keys(
        secret=os.environ.get("TRELLIS_SECRET_KEY", values["secret"]),
        field=bytes.fromhex(os.environ.get("TRELLIS_FIELD_KEY", values["field"])),
        blind=bytes.fromhex(values["blind"]),
        audit=bytes.fromhex(os.environ.get("TRELLIS_AUDIT_KEY", values["audit"])),
    )


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = {name: secrets.token_hex(32) for name in NAMES}
    partial = path.with_suffix(f".{os.getpid()}")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(fresh, file)
    try:
        os.link(partial, path)  # the first of several processes wins, none overwrites
    except FileExistsError:
        pass
    finally:
        partial.unlink()
