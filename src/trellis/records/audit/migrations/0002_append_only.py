"""The trail is append-only in the database itself, on both databases."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


SQLITE = (
    """create trigger audit_entry_never_changes before update on audit_auditentry
    begin select raise(abort, 'the audit trail is append-only'); end""",
    """create trigger audit_entry_never_goes before delete on audit_auditentry
    begin select raise(abort, 'the audit trail is append-only'); end""",
)
POSTGRESQL = (
    """create function audit_is_append_only() returns trigger language plpgsql as $$
    begin raise exception 'the audit trail is append-only'; end $$""",
    """create trigger audit_entry_never_changes before update or delete
    on audit_auditentry for each row execute function audit_is_append_only()""",
)


def forwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in SQLITE if editor.connection.vendor == "sqlite" else POSTGRESQL:
        editor.execute(statement)


def backwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    on = "" if editor.connection.vendor == "sqlite" else " on audit_auditentry"
    editor.execute(f"drop trigger audit_entry_never_changes{on}")
    if editor.connection.vendor == "sqlite":
        editor.execute("drop trigger audit_entry_never_goes")
    else:
        editor.execute("drop function audit_is_append_only()")


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
