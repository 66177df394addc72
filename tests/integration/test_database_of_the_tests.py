"""The database of the tests is as strict as the one in use."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection

from trellis.records.audit.models import AuditEntry


pytestmark = [pytest.mark.django_db, pytest.mark.both]


def asked(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()


def test_the_tests_own_no_table_and_are_no_superuser():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no roles")
    role = (
        "select current_user, rolsuper, rolbypassrls, rolcreatedb "
        "from pg_roles where rolname = current_user"
    )
    assert asked(role) == ("trellis_test", False, False, False)
    owned = "select count(*) from pg_tables where tableowner = current_user"
    assert asked(owned) == (0,)


def test_sqlite_runs_in_write_ahead_mode_with_foreign_keys():
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no pragmas")
    assert asked("PRAGMA journal_mode") == ("wal",)
    assert asked("PRAGMA foreign_keys") == (1,)
    assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", ["first", "second"])
def test_what_a_test_commits_is_gone_before_the_next(turn):
    assert not AuditEntry.objects.exists()
    assert cache.get("turn") is None
    cache.set("turn", turn)
    AuditEntry.objects.create(
        at=datetime(2027, 3, 1, 14, tzinfo=UTC),
        role="coordinator",
        purpose="TREAT",
        action="tests.commit",
        site_ids=[],
        subjects=[],
        detail={},
        previous="0" * 64,
        own="1" * 64,
    )


@pytest.mark.django_db(transaction=True)
def test_the_audit_trail_still_refuses_to_lose_rows():
    test_what_a_test_commits_is_gone_before_the_next("alone")
    with pytest.raises(DatabaseError, match="append-only"):
        AuditEntry.objects.all().delete()
