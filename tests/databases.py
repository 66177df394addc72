"""The test database on SQLite or PostgreSQL, and the two roles of the latter.

On PostgreSQL the owner role makes and migrates the database; the tests connect as
``trellis_test``, which owns nothing. A superuser would pass every row-level security
policy, and an owner could change one. ``tools/postgres.sh`` makes both roles.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from django.test.utils import setup_databases, teardown_databases


GRANTS = (
    "grant usage on schema public to {role}",
    "grant select, insert, update, delete on all tables in schema public to {role}",
    "grant usage, select on all sequences in schema public to {role}",
)


def create(*, verbosity: int) -> Callable[[], None]:
    """Make and migrate the test database; returns the function that removes it."""
    _let_the_owner_clean_up()
    if connection.vendor != "postgresql":
        return _create(verbosity)
    if not os.environ.get("OWNER_DATABASE_URL"):
        pytest.exit("Set OWNER_DATABASE_URL as well: see tools/postgres.sh.", 4)
    role = connection.settings_dict["USER"]
    with as_owner():
        remove = _create(verbosity)
        with connection.cursor() as cursor:
            for grant in GRANTS:
                cursor.execute(grant.format(role=connection.ops.quote_name(role)))

    def remove_as_owner() -> None:
        with as_owner():
            remove()

    return remove_as_owner


@contextmanager
def as_owner() -> Iterator[None]:
    """Connect as the role that owns the tables; on SQLite nothing changes."""
    if connection.vendor != "postgresql":
        yield
        return
    parts = urlsplit(os.environ["OWNER_DATABASE_URL"])
    tester = {key: connection.settings_dict[key] for key in ("USER", "PASSWORD")}
    owner = {
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
    }
    connection.close()
    connection.settings_dict.update(owner)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(tester)


def _create(verbosity: int) -> Callable[[], None]:
    # Nothing is serialized: the owner may not read rows under FORCE ROW LEVEL SECURITY.
    made = setup_databases(verbosity, interactive=False, serialized_aliases=set())
    return lambda: teardown_databases(made, verbosity)


def _let_the_owner_clean_up() -> None:
    """After a test that commits, the owner of the tables empties them.

    The audit trail refuses to lose rows, on SQLite by a trigger that is set aside for
    the moment (TRUNCATE on PostgreSQL fires none). The throttle's table is no model.
    """
    clean_up = TransactionTestCase._fixture_teardown

    def clean_up_as_owner(self: TransactionTestCase) -> None:
        with as_owner(), _triggers_set_aside():
            clean_up(self)
            cache.clear()

    TransactionTestCase._fixture_teardown = clean_up_as_owner


@contextmanager
def _triggers_set_aside() -> Iterator[None]:
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("select name, sql from sqlite_master where type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f"drop trigger {connection.ops.quote_name(name)}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for _, statement in triggers:
                cursor.execute(statement)
