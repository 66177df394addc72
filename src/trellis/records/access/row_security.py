"""Row-level security on PostgreSQL: the second net, which keeps sites apart.

Used by migrations. The policy reads ``app.site_ids`` without the missing-ok flag, so a
statement outside a marked call is an error and never an empty answer (privacy.md 5).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


POLICY = "rows_of_the_viewers_sites"
CONDITION = "site_id = any (current_setting('app.site_ids')::bigint[])"

Step = Callable[[StateApps, BaseDatabaseSchemaEditor], None]


def protect(tables: Sequence[str]) -> Step:
    """A migration step that forces the policy on the tables; nothing on SQLite."""

    def forwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor != "postgresql":
            return
        for table in tables:
            name = editor.quote_name(table)
            editor.execute(f"alter table {name} enable row level security")
            editor.execute(f"alter table {name} force row level security")
            editor.execute(
                f"create policy {POLICY} on {name} "
                f"using ({CONDITION}) with check ({CONDITION})"
            )

    return forwards


def unprotect(tables: Sequence[str]) -> Step:
    """The way back."""

    def backwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor != "postgresql":
            return
        for table in tables:
            name = editor.quote_name(table)
            editor.execute(f"drop policy {POLICY} on {name}")
            editor.execute(f"alter table {name} no force row level security")
            editor.execute(f"alter table {name} disable row level security")

    return backwards
