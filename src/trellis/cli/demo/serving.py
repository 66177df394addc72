"""Hands this process over to gunicorn, so that stopping it stops everything."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Sequence
from contextlib import closing
from typing import Final, NoReturn

from trellis.core.errors import InvalidInput


APPLICATION: Final = "trellis.config.wsgi:application"
TIMEOUT_SECONDS: Final = 60


def check_port(port: int) -> None:
    """Return if something may listen there.

    Raises:
        InvalidInput: no such port, or another program holds it.
    """
    try:
        with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
    except (OSError, OverflowError) as taken:
        raise InvalidInput(
            "--port",
            port,
            accepted="a free port from 1024 to 65535",
            hint="Another program may be using it: stop it, or name another port.",
        ) from taken


def loopback(port: int) -> tuple[str, ...]:
    """The loopback addresses of this machine: browsers try ``localhost`` on both."""
    addresses = [f"127.0.0.1:{port}"]
    if socket.has_ipv6:
        try:
            with closing(socket.socket(socket.AF_INET6, socket.SOCK_STREAM)) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(("::1", port))
        except OSError:
            return tuple(addresses)
        addresses.append(f"[::1]:{port}")
    return tuple(addresses)


def become_server(binds: Sequence[str], *, workers: int, threads: int) -> NoReturn:
    """Replace this process by the server; it ends with Ctrl-C or SIGTERM."""
    arguments = [sys.executable, "-m", "gunicorn", APPLICATION]
    arguments += ["--worker-class", "gthread", "--workers", str(workers)]
    arguments += ["--threads", str(threads), "--timeout", str(TIMEOUT_SECONDS)]
    arguments += ["--log-level", "warning", "--no-control-socket"]
    for bind in binds:
        arguments += ["--bind", bind]
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, arguments)  # noqa: S606 - no shell; our own interpreter
