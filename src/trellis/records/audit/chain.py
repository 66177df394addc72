"""The hash chain of the audit trail: each entry is bound to the one before it.

A keyed hash (HMAC-SHA-256) over the previous hash and the entry's canonical JSON.
Whoever changes, drops or reorders an entry without the key breaks the chain there.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID


START: Final = "0" * 64
_key: list[bytes] = []


def use_key(key_hex: str) -> None:
    """Take the installation's audit key; called once, at start-up."""
    _key[:] = [bytes.fromhex(key_hex)]


@dataclass(frozen=True, slots=True)
class Event:
    """What one entry says, before it is chained."""

    at: datetime
    actor_id: UUID | None
    role: str
    purpose: str
    action: str
    site_ids: tuple[int, ...]
    subjects: tuple[str, ...]
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Link:
    """A stored entry as the verifier sees it."""

    sequence: int
    event: Event
    previous: str
    own: str


def link_hash(previous: str, event: Event) -> str:
    """The keyed hash, in hexadecimal, of ``event`` following ``previous``.

    Raises:
        RuntimeError: no key was handed over at start-up.
    """
    if not _key:
        raise RuntimeError("The audit chain has no key; start through Trellis.")
    content = json.dumps(
        [
            previous,
            event.at.astimezone(UTC).isoformat(),
            str(event.actor_id) if event.actor_id else None,
            event.role,
            event.purpose,
            event.action,
            list(event.site_ids),
            list(event.subjects),
            event.detail,
        ],
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=True,
    )
    return hmac.new(_key[0], content.encode(), hashlib.sha256).hexdigest()


def first_bad(links: Iterable[Link]) -> tuple[int, Link | None, str]:
    """Walk the chain: how many entries were read, the first bad one, its last hash.

    The second value is None when every entry holds.
    """
    expected, count = START, 0
    for link in links:
        count += 1
        if link.previous != expected or link.own != link_hash(expected, link.event):
            return count, link, expected
        expected = link.own
    return count, None, expected
