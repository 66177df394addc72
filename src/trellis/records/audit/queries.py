"""The trail as it is stored. Called by records/access alone; names keys, no person."""

from __future__ import annotations

from collections.abc import Iterator

from trellis.records.audit.chain import Event, Link
from trellis.records.audit.models import AuditEntry


READ_AT_ONCE = 2_000


def links() -> Iterator[Link]:
    """Every entry in order, a few at a time: memory does not grow with the trail."""
    rows = AuditEntry.objects.order_by("sequence")
    for row in rows.iterator(chunk_size=READ_AT_ONCE):
        event = Event(
            at=row.at,
            actor_id=row.actor_id,
            role=row.role,
            purpose=row.purpose,
            action=row.action,
            site_ids=tuple(row.site_ids),
            subjects=tuple(row.subjects),
            detail=row.detail,
        )
        yield Link(row.sequence, event, row.previous, row.own)


def end_of_chain() -> tuple[int, str] | None:
    """Sequence and hash of the last entry; None of an empty trail (1 statement)."""
    rows = AuditEntry.objects.order_by("-sequence").values_list("sequence", "own")
    return rows.first()


def hash_at(sequence: int) -> str | None:
    """The hash of one entry; None where there is no such entry (1 statement)."""
    rows = AuditEntry.objects.filter(sequence=sequence)
    return rows.values_list("own", flat=True).first()
