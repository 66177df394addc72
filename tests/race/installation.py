"""An installation of its own for a race: database, seed, and gunicorn on loopback.

The server runs on the product's settings, so SQLite keeps IMMEDIATE transactions and
``synchronous=FULL``. Where the tests run on PostgreSQL, the race has a database of its
own in the same server: its owner migrates it, the application is a lesser role there.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

from tests.databases import GRANTS
from trellis.records.access.keys import make_keys


GIVEN_BACK_TRIES = 100  # of 0.2 s
PRODUCT_SETTINGS = "trellis.config.settings"
ROWS = "select, insert, update, delete"
WORKERS, THREADS = 2, 10
START_SECONDS = 60


class Installation:
    """Where a race runs: ``port`` once it serves, ``log`` with what the server said."""

    def __init__(self, folder: Path):
        self.folder, self.port = folder, 0
        self.log = folder / "server.log"
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("TRELLIS_")},
            "TRELLIS_DATA": str(folder),
            "TRELLIS_INSECURE": "1",
            "DJANGO_SETTINGS_MODULE": PRODUCT_SETTINGS,
            "PYTHONPATH": os.pathsep.join(p for p in sys.path if p),
        }

    def run(self, *words: str, settings: str = PRODUCT_SETTINGS) -> str:
        """Run Python with these words in the installation; what it wrote."""
        done = subprocess.run(
            [sys.executable, *words],
            env={**self.environment, "DJANGO_SETTINGS_MODULE": settings},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-4000:]
        return done.stdout

    def seed(self, module: str, *words: str) -> dict:
        """Run a seeding module; it prints one JSON object."""
        return json.loads(self.run("-m", module, *words))

    @contextmanager
    def serving(self, settings: str = PRODUCT_SETTINGS):
        """Serve until the block ends."""
        self.port = _free_port()
        command = [
            *(sys.executable, "-m", "gunicorn", "trellis.config.wsgi:application"),
            *("--bind", f"127.0.0.1:{self.port}", "--workers", str(WORKERS)),
            *("--worker-class", "gthread", "--threads", str(THREADS)),
            *("--no-control-socket", "--log-level", "warning"),
        ]
        environment = {**self.environment, "DJANGO_SETTINGS_MODULE": settings}
        with self.log.open("wb") as log:
            server = subprocess.Popen(
                command, env=environment, stdout=log, stderr=subprocess.STDOUT
            )
            try:
                self._wait(server)
                yield self
            finally:
                server.terminate()
                server.wait(timeout=20)

    def _wait(self, server):
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and server.poll() is None:
            connection = http.client.HTTPConnection("127.0.0.1", self.port)
            try:
                connection.request("GET", "/account/login/")
                status = connection.getresponse().status
            except OSError:
                time.sleep(0.1)
                continue
            finally:
                connection.close()
            if status == 200:
                return
            break
        said = self.log.read_text()
        raise AssertionError(f"The server did not start: ... {said[-2000:]}")


@contextmanager
def an_installation(folder: Path):
    """A migrated, empty installation on the database the tests run on."""
    installation = Installation(folder)
    make_keys(folder / "keys.json")  # one secret for the seed and for every worker
    with _database(installation):
        installation.run("-m", "trellis", "migrate", "--verbosity", "0")
        installation.run("-m", "trellis", "createcachetable")
        yield installation


@contextmanager
def _database(installation: Installation):
    owner_url = os.environ.get("OWNER_DATABASE_URL")
    if not owner_url:
        installation.environment.pop("DATABASE_URL", None)  # SQLite in the folder
        yield
        return
    name = f"race_{uuid4().hex[:12]}"
    environment = installation.environment
    role = urlsplit(environment["DATABASE_URL"]).username
    for key in ("DATABASE_URL", "OWNER_DATABASE_URL"):
        environment[key] = environment[key].rsplit("/", 1)[0] + "/" + name
    _as_owner(owner_url, "postgres", f"create database {name}")
    rights = (
        f"alter default privileges grant {ROWS} on tables to {role}",
        f"alter default privileges grant usage, select on sequences to {role}",
        GRANTS[0].format(role=role),
    )
    _as_owner(owner_url, name, *rights)
    try:
        yield
    finally:
        _drop(owner_url, name)


def _drop(owner_url: str, name: str) -> None:
    """Once the server's last connection is gone: the owner may not end another's."""
    import psycopg

    for attempt in range(GIVEN_BACK_TRIES):
        try:
            _as_owner(owner_url, "postgres", f"drop database {name}")
        except psycopg.errors.ObjectInUse:
            if attempt == GIVEN_BACK_TRIES - 1:
                raise
            time.sleep(0.2)
        else:
            return


def _as_owner(url: str, name: str, *statements: str) -> None:
    import psycopg

    with psycopg.connect(url.rsplit("/", 1)[0] + "/" + name, autocommit=True) as link:
        for statement in statements:
            link.execute(statement)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
