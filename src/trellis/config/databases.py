"""Which database, from ``DATABASE_URL``; SQLite in the data folder without it."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit


SQLITE_OPTIONS = {
    # IMMEDIATE: a writer waits for its turn instead of failing (docs/adr/0003).
    "transaction_mode": "IMMEDIATE",
    "timeout": 10,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
}


def database(url: str | None, data_dir: Path) -> dict[str, Any]:
    """The ``default`` entry of DATABASES.

    Raises:
        ValueError: the address is neither ``postgresql://`` nor ``sqlite:///``.
    """
    if not url:
        return _sqlite(data_dir / "trellis.sqlite3")
    parts = urlsplit(url)
    if parts.scheme in {"postgres", "postgresql"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    if parts.scheme == "sqlite":
        return _sqlite(Path(parts.path))
    raise ValueError(
        f"DATABASE_URL: {parts.scheme or 'no scheme'} is not accepted (postgresql://"
        "user@host:port/name or sqlite:///file). Correct it and start again."
    )


def _sqlite(file: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "OPTIONS": dict(SQLITE_OPTIONS),
        "CONN_MAX_AGE": 60,
        # A file, so that tests run in WAL mode, with several threads (stack of ADR 3).
        "TEST": {"NAME": str(file.with_name("test-trellis.sqlite3"))},
    }
