"""The keys of an installation: one small file outside the database, mode 0600.

``secret`` signs sessions, ``audit`` chains the trail, ``fields`` seals addresses (the
last one seals, all open), ``index`` makes look-up values.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path


KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Keys:
    """Hexadecimal key material; ``is_kept`` is False for keys of this process only."""

    secret: str
    audit: str
    fields: tuple[tuple[str, str], ...]  # (key id, key)
    index: str
    is_kept: bool


def new_keys(*, is_kept: bool) -> Keys:
    """Fresh random keys."""
    return Keys(
        secret=secrets.token_hex(KEY_BYTES * 2),
        audit=secrets.token_hex(KEY_BYTES),
        fields=(("k1", secrets.token_hex(KEY_BYTES)),),
        index=secrets.token_hex(KEY_BYTES),
        is_kept=is_kept,
    )


def read_keys(file: Path) -> Keys | None:
    """The keys of the file, or None where there is no file."""
    if not file.is_file():
        return None
    held = json.loads(file.read_text(encoding="utf-8"))
    return Keys(
        secret=held["secret"],
        audit=held["audit"],
        fields=tuple((name, key) for name, key in held["fields"]),
        index=held["index"],
        is_kept=True,
    )


def make_keys(file: Path) -> Keys:
    """The keys of the file; made and written (mode 0600) where there is none."""
    held = read_keys(file)
    if held is not None:
        return held
    keys = new_keys(is_kept=True)
    file.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(
        {
            "secret": keys.secret,
            "audit": keys.audit,
            "fields": keys.fields,
            "index": keys.index,
        }
    )
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        handle.write(text)
    return keys
