"""The trail as it is stored. Called by records/access alone; names keys, no person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from trellis.records.audit.chain import Event, Link
from trellis.records.audit.models import AuditEntry


READ_AT_ONCE = 2_000
SHOWN_AT_ONCE = 500


def links() -> Iterator[Link]:
    """Every entry in order, a few at a time: memory does not grow with the trail."""
    rows = AuditEntry.objects.order_by("sequence")
    for row in rows.iterator(chunk_size=READ_AT_ONCE):
        yield _link(row)


def newest_links(
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    actor_id: UUID | None = None,
    subject: UUID | None = None,
    action: str = "",
    before: int | None = None,
) -> Iterator[Link]:
    """Entries from the newest back, 500 a statement, as far as the caller reads.

    ``action`` is a beginning; ``before`` a sequence; ``until`` is exclusive.
    """
    rows = AuditEntry.objects.filter(action__startswith=action)
    if since is not None:
        rows = rows.filter(at__gte=since)
    if until is not None:
        rows = rows.filter(at__lt=until)
    if actor_id is not None:
        rows = rows.filter(actor_id=actor_id)
    if subject is not None:
        rows = rows.filter(subjects__icontains=str(subject))
    last = before
    while True:
        further = rows if last is None else rows.filter(sequence__lt=last)
        chunk = list(further.order_by("-sequence")[:SHOWN_AT_ONCE])
        yield from (_link(row) for row in chunk)
        if len(chunk) < SHOWN_AT_ONCE:
            return
        last = chunk[-1].sequence


def end_of_chain() -> tuple[int, str] | None:
    """Sequence and hash of the last entry; None of an empty trail (1 statement)."""
    rows = AuditEntry.objects.order_by("-sequence").values_list("sequence", "own")
    return rows.first()


def hash_at(sequence: int) -> str | None:
    """The hash of one entry; None where there is no such entry (1 statement)."""
    rows = AuditEntry.objects.filter(sequence=sequence)
    return rows.values_list("own", flat=True).first()


def _link(row: AuditEntry) -> Link:
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
    return Link(row.sequence, event, row.previous, row.own)
