"""The database of the tests is as strict as the one in use."""

from __future__ import annotations

import pytest
from django.db import connection


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
def test_a_test_that_commits_is_cleaned_up():
    assert connection.in_atomic_block is False
