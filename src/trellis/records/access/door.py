"""The audit of what happens before there is a viewer: signing in, or failing to."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from trellis.core.access.vocabulary import Purpose
from trellis.records.audit import operations as audit
from trellis.records.audit.chain import Event


def note_at_the_door(action: str, *, at: datetime, account: UUID | None) -> None:
    """Leave an entry of somebody who is in no role; ``account`` None for a stranger."""
    event = Event(
        at=at,
        actor_id=account,
        role="",
        purpose=Purpose.STAFF.value,
        action=action,
        site_ids=(),
        subjects=(),
        detail={},
    )
    with transaction.atomic():
        audit.append([event])
