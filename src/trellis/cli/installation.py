"""What a command that touches records needs to find before it starts."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import connection

from trellis.core.errors import InvalidInput


def check_installed() -> None:
    """Return if there are a database with its tables, and the keys that fit it.

    Raises:
        InvalidInput: one of them is not there.
    """
    folder = settings.DATA_DIR
    hint = "Set TRELLIS_DATA to the folder of the installation."
    if not settings.KEYS.is_kept:
        accepted = "a folder with keys.json in it"
        raise InvalidInput("TRELLIS_DATA", folder, accepted=accepted, hint=hint)
    name = settings.DATABASES["default"]["NAME"]
    if connection.vendor == "sqlite" and not Path(name).is_file():
        accepted = "a folder with the database in it"
        raise InvalidInput("TRELLIS_DATA", folder, accepted=accepted, hint=hint)
    if "audit_auditentry" not in connection.introspection.table_names():
        raise InvalidInput(
            "Database",
            name,
            accepted="a database of Trellis",
            hint="Run `trellis migrate` first.",
        )
