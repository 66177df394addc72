"""``trellis serve``: the production server, and what must be right before it starts."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from trellis.cli.demo.folder import MARK
from trellis.cli.demo.serving import become_server
from trellis.cli.exits import FOUND_SOMETHING_WRONG
from trellis.core.errors import InvalidInput


HELP: Final = (
    "Serves this installation (TRELLIS_DATA). Before it listens it checks keys,\n"
    "tables and the settings of the database, and says why it does not start. A\n"
    "server for HTTPS stands in front of it on the same machine."
)
EXAMPLE: Final = "trellis serve --bind 127.0.0.1:8000 --workers 4"
NEEDS_DJANGO: Final = True
BIND: Final = "127.0.0.1:8000"
THREADS: Final = 4
PORTS: Final = range(1, 65_536)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare ``--bind`` and ``--workers``."""
    parser.add_argument("--bind", default=BIND, metavar="HOST:PORT")
    parser.add_argument("--workers", type=int, default=max(2, os.cpu_count() or 1))


def run(options: argparse.Namespace) -> int:
    """Serve; 1 with the reasons when something is unsafe.

    Raises:
        InvalidInput: the address is none, or there is no installation here.
    """
    host = _host(options.bind)
    if options.workers not in range(1, 65):
        raise InvalidInput(
            "--workers", options.workers, accepted="1 to 64", hint="Two per core do."
        )
    reasons = [*_unsafe_settings(host), *_unsafe_data(host)]
    for reason in reasons:
        sys.stderr.write(f"Not started: {reason}\n")
    if reasons:
        return FOUND_SOMETHING_WRONG
    _collect_static()
    _anchor()
    from django.db import connections

    connections.close_all()
    sys.stderr.write(f"Trellis listens on {options.bind}.\n")
    become_server((options.bind,), workers=options.workers, threads=THREADS)


def _host(bind: str) -> str:
    host, colon, port = bind.rpartition(":")
    is_port = port.isdecimal() and int(port) in PORTS
    if not (colon and host and is_port):
        raise InvalidInput(
            "--bind", bind, accepted=f"host and port, as in {BIND}", hint="Correct it."
        )
    return host.strip("[]")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _unsafe_settings(host: str) -> Iterator[str]:
    from django.conf import settings

    if settings.DEBUG:
        yield "DEBUG is on; it shows records on error pages."
    if not settings.KEYS.is_kept:
        yield f"there is no keys.json in {settings.DATA_DIR}; its keys would be lost."
    if not settings.SESSION_COOKIE_SECURE and not _is_loopback(host):
        yield "TRELLIS_INSECURE is set; cookies would travel without HTTPS."


def _unsafe_data(host: str) -> Iterator[str]:
    """What the folder and the database say; nothing is asked where there is neither."""
    from django.conf import settings

    from trellis.records.access.database_checks import missing_migrations, weaknesses

    is_demo = settings.DEMO_MODE or (settings.DATA_DIR / MARK).is_file()
    if is_demo and not _is_loopback(host):
        yield "this is the demo, which anybody may enter; it stays on this machine."
    if not settings.KEYS.is_kept:
        return
    missing = missing_migrations()
    if missing:
        yield f"{len(missing)} steps of the tables are missing; run `trellis migrate`."
        return
    yield from weaknesses()
    if _is_cut_off(settings.DATA_DIR):
        yield "the audit trail is not as last anchored; run `trellis audit verify`."


def _is_cut_off(folder: Path) -> bool:
    from trellis.cli.anchors import read_anchors
    from trellis.records.access.verification import is_anchored

    anchors = read_anchors(folder)
    if not anchors:
        return False
    last = max(anchors)
    return not is_anchored(last, anchors[last])


def _anchor() -> None:
    """Write down where the trail ends at every start."""
    from django.conf import settings
    from django.utils import timezone

    from trellis.cli.anchors import append_anchor
    from trellis.records.access.verification import end_of_trail

    end = end_of_trail()
    if end is not None:
        append_anchor(settings.DATA_DIR, end, timezone.now())


def _collect_static() -> None:
    """Collect the front-end files where they are missing or older than their source."""
    from django.conf import settings
    from django.core.management import call_command

    collected = settings.STATIC_ROOT / ".collected"
    sources = (path for folder in settings.STATICFILES_DIRS for path in _files(folder))
    newest = max((path.stat().st_mtime for path in sources), default=0.0)
    if not collected.is_file() or collected.stat().st_mtime < newest:
        sys.stderr.write("Collecting the front-end files.\n")
        call_command("collectstatic", interactive=False, verbosity=0)
        collected.touch()


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in Path(folder).rglob("*") if path.is_file())
