"""No two entries follow the same one, whoever is at work at the same time."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from trellis.records.audit.chain import START
from trellis.records.audit.models import AuditEntry


def entry(own):
    return AuditEntry(
        at=datetime(2026, 11, 25, 14, tzinfo=UTC),
        role="nurse",
        purpose="TREAT",
        action="people.find",
        site_ids=[1],
        subjects=[],
        detail={},
        previous=START,
        own=own,
    )


@pytest.mark.both
@pytest.mark.django_db
def test_a_second_entry_after_the_same_one_is_refused_by_the_database():
    entry("a" * 64).save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        entry("b" * 64).save(force_insert=True)
    assert AuditEntry.objects.count() == 1
