"""Writing the audit trail. Called by the gate, which collects a call's entries."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, connection, transaction

from trellis.records.audit.chain import START, Event, link_hash
from trellis.records.audit.models import AuditEntry


CHAIN_LOCK = 0x7E11A5  # any fixed number; one lock for the one chain
ATTEMPTS = 50


def append(events: Sequence[Event]) -> None:
    """Chain the events in order, at the very end of the caller's transaction.

    The chain's end is locked from here to the commit and no longer. Inside a
    transaction SQLite holds its one write lock already, and PostgreSQL takes an
    advisory lock that it gives back with the commit. A single event outside a
    transaction (a read on SQLite) needs no lock: no two entries can follow the same
    one (``one_entry_follows_an_entry``), so whoever comes second tries again.
    Statements: 2, on PostgreSQL 3.

    Raises:
        IntegrityError: the chain's end moved on more often than is believable.
    """
    if not events:
        return
    if len(events) == 1 and not connection.in_atomic_block:
        _append_one(events[0])
        return
    with transaction.atomic(savepoint=False):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
        previous = _last_hash()
        rows = []
        for event in events:
            own = link_hash(previous, event)
            rows.append(_row(event, previous, own))
            previous = own
        AuditEntry.objects.bulk_create(rows)


def _append_one(event: Event) -> None:
    for attempt in range(ATTEMPTS):
        previous = _last_hash()
        try:
            _row(event, previous, link_hash(previous, event)).save(force_insert=True)
        except IntegrityError:
            if attempt == ATTEMPTS - 1:
                raise
        else:
            return


def _last_hash() -> str:
    last = AuditEntry.objects.order_by("-sequence").values_list("own", flat=True)
    return last.first() or START


def _row(event: Event, previous: str, own: str) -> AuditEntry:
    return AuditEntry(
        at=event.at,
        actor_id=event.actor_id,
        role=event.role,
        purpose=event.purpose,
        action=event.action,
        site_ids=list(event.site_ids),
        subjects=list(event.subjects),
        detail=event.detail,
        previous=previous,
        own=own,
    )
