"""Writing the audit trail. Called by the gate, which collects a call's entries."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, transaction

from trellis.records.audit.chain import START, Event, link_hash
from trellis.records.audit.models import AuditEntry


CHAIN_LOCK = 0x7E11A5  # any fixed number; one lock for the one chain


def append(events: Sequence[Event]) -> None:
    """Chain the events in order, at the very end of the caller's transaction.

    The chain's end is locked from here to the commit and no longer: SQLite's
    IMMEDIATE transaction holds the only write lock already; PostgreSQL takes an
    advisory lock that it gives back with the commit. Statements: 2, on PostgreSQL 3.
    """
    if not events:
        return
    with transaction.atomic(savepoint=False):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
        last = AuditEntry.objects.order_by("-sequence").values_list("own", flat=True)
        previous = last.first() or START
        rows = []
        for event in events:
            own = link_hash(previous, event)
            rows.append(_row(event, previous, own))
            previous = own
        AuditEntry.objects.bulk_create(rows)


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
