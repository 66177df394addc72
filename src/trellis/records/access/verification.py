"""Whether the audit trail is whole: its chain, and the anchors kept outside it.

The chain shows what was changed, dropped or put elsewhere. Entries taken off its end
leave a chain that holds: an anchor, written down elsewhere earlier, shows those.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from trellis.records.audit import queries
from trellis.records.audit.chain import Link, first_bad


CHANGED: Final = "changed, moved, or one before it is missing"
NOT_AS_ANCHORED: Final = "another entry stands where an anchor was taken"
CUT_OFF: Final = "the trail ends before this entry, which an anchor names"


@dataclass(frozen=True, slots=True)
class BadEntry:
    """The first entry that is wrong; ``at`` and ``action`` None where it is gone."""

    sequence: int
    at: datetime | None
    action: str | None
    why: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many entries were read, the first bad one, and where the chain ends."""

    checked: int
    bad: BadEntry | None
    end: tuple[int, str] | None


def verify_trail(
    anchors: Mapping[int, str], *, progress: Callable[[int], None]
) -> Verdict:
    """Walk the whole trail once; ``anchors`` are hashes by sequence.

    ``progress`` is told the number of entries read. Statements: 1, read in steps.
    """
    walk = _Walk(anchors, progress)
    checked, link, _end = first_bad(walk.links())
    bad = walk.bad
    if link is not None and (bad is None or link.sequence <= bad.sequence):
        bad = BadEntry(link.sequence, link.event.at, link.event.action, CHANGED)
    if bad is None:
        bad = walk.cut_off()
    return Verdict(checked, bad, walk.end)


def end_of_trail() -> tuple[int, str] | None:
    """Sequence and hash of the last entry, to be written down as an anchor."""
    return queries.end_of_chain()


def is_anchored(sequence: int, own: str) -> bool:
    """Whether this entry is still there, as the anchor has it (1 statement)."""
    return queries.hash_at(sequence) == own


class _Walk:
    """The links on their way to the chain's check, each compared with its anchor."""

    def __init__(
        self, anchors: Mapping[int, str], progress: Callable[[int], None]
    ) -> None:
        self.anchors = anchors
        self.progress = progress
        self.bad: BadEntry | None = None
        self.end: tuple[int, str] | None = None

    def links(self) -> Iterator[Link]:
        for count, link in enumerate(queries.links(), start=1):
            self.end = (link.sequence, link.own)
            anchored = self.anchors.get(link.sequence)
            if self.bad is None and anchored not in {None, link.own}:
                self.bad = BadEntry(
                    link.sequence, link.event.at, link.event.action, NOT_AS_ANCHORED
                )
            self.progress(count)
            yield link

    def cut_off(self) -> BadEntry | None:
        last = self.end[0] if self.end else 0
        missing = [sequence for sequence in self.anchors if sequence > last]
        return BadEntry(min(missing), None, None, CUT_OFF) if missing else None
