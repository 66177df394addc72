"""Whether the database keeps what it is told: read back from the database itself.

Weaker settings lost acknowledged commits in simulated power cuts (docs/adr/0003).
"""

from __future__ import annotations

import sqlite3
from typing import Final

from django.db import connection
from django.db.migrations.executor import MigrationExecutor


LEAST_SQLITE: Final = (3, 40)
FULL: Final = 2
BUSY_MS: Final = 10_000


def weaknesses() -> tuple[str, ...]:
    """A sentence for each setting weaker than it must be; none where all is well."""
    if connection.vendor == "sqlite":
        return tuple(_of_sqlite())
    return tuple(_of_postgresql())


def missing_migrations() -> tuple[str, ...]:
    """The steps of the tables that were not taken yet, by name."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return tuple(f"{step.app_label}.{step.name}" for step, _backwards in plan)


def _of_sqlite() -> list[str]:
    found = []
    if _pragma("journal_mode") != "wal":
        found.append("SQLite: journal_mode is not wal.")
    if _pragma("synchronous") != FULL:
        found.append("SQLite: synchronous is not FULL.")
    if _pragma("foreign_keys") != 1:
        found.append("SQLite: foreign_keys are off.")
    waits = _pragma("busy_timeout")
    if not isinstance(waits, int) or waits < BUSY_MS:
        found.append("SQLite: a writer waits less than 10 seconds for its turn.")
    if getattr(connection, "transaction_mode", None) != "IMMEDIATE":
        found.append("SQLite: transactions are not IMMEDIATE.")
    if sqlite3.sqlite_version_info < LEAST_SQLITE:
        found.append(f"SQLite {sqlite3.sqlite_version} is older than 3.40.")
    return found


def _of_postgresql() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select rolsuper or rolbypassrls from pg_roles where rolname = current_user"
        )
        passes = cursor.fetchone()
        cursor.execute(
            "select count(*) from pg_class where relname = 'people_parent' and "
            "(pg_get_userbyid(relowner) = current_user or not relforcerowsecurity)"
        )
        owned = cursor.fetchone()
    found = []
    if passes and passes[0]:
        found.append("PostgreSQL: this role passes row-level security.")
    if owned and owned[0]:
        found.append("PostgreSQL: this role owns the tables, or nothing forces policy.")
    return found


def _pragma(name: str) -> str | int | None:
    with connection.cursor() as cursor:
        cursor.execute(f"pragma {name}")
        row = cursor.fetchone()
    return row[0] if row else None
