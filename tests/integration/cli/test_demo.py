"""``trellis demo`` and ``trellis serve`` as they are started: processes, files."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest


TRELLIS = [sys.executable, "-m", "trellis"]
SMALL = ["--sites", "2", "--families", "24", "--seed", "1"]
READY_SECONDS = 60


def environment(**more):
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("TRELLIS_", "DJANGO_", "DATABASE_", "COV_"))
    }
    return kept | more


def run(*words, **more):
    return subprocess.run(
        [*TRELLIS, *words],
        capture_output=True,
        text=True,
        env=environment(**more),
        timeout=120,
    )


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def fetched(address):
    """The page, once the server answers."""
    until = time.monotonic() + READY_SECONDS
    while True:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                return answer.read().decode()
        except OSError:  # refused, or too slow for now
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def counted(folder):
    with sqlite3.connect(folder / "trellis.sqlite3") as database:
        tables = ("people_parent", "clinical_encounter", "groups_place")
        return [
            database.execute(f"select count(*) from {table}").fetchone()[0]
            for table in (*tables, "accounts_membership")
        ]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A small demo, made and not served."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    done = run("demo", *SMALL, "--data", str(folder), "--no-serve")
    assert done.returncode == 0, done.stderr
    return folder


def test_the_demo_has_a_folder_of_its_own_with_truth_and_keys(made):
    truth = json.loads((made / "truth.json").read_text())
    assert truth["synthetic"] is True
    assert len(truth["sites"]) == 2
    assert truth["realised"]["parents"] == 24
    assert (made / "keys.json").stat().st_mode & 0o777 == 0o600
    assert counted(made)[0] == 24 + truth["realised"]["caregivers"]


def test_a_repeated_start_reuses_the_data(made):
    before = counted(made)
    assert run("demo", "--data", str(made), "--no-serve").returncode == 0
    assert counted(made) == before


def test_other_numbers_for_the_same_folder_are_refused(made):
    done = run("demo", "--sites", "3", "--data", str(made), "--no-serve")
    assert done.returncode == 2
    assert "--fresh" in done.stderr


def test_the_trail_of_the_demo_is_whole(made):
    done = run("audit", "verify", "--json", TRELLIS_DATA=str(made))
    assert done.returncode == 0
    assert json.loads(done.stdout)["is_whole"] is True


def test_the_demo_is_never_served_beyond_this_machine(made):
    done = run("serve", "--bind", "0.0.0.0:8000", TRELLIS_DATA=str(made))
    assert done.returncode == 1
    assert "stays on this machine" in done.stderr


def test_a_folder_with_other_data_is_left_alone(tmp_path):
    (tmp_path / "trellis.sqlite3").write_bytes(b"somebody's records")
    for fresh in ([], ["--fresh"]):
        done = run("demo", *fresh, "--data", str(tmp_path), "--no-serve")
        assert done.returncode == 2
        assert "not a demo" in done.stderr
    assert (tmp_path / "trellis.sqlite3").read_bytes() == b"somebody's records"


@pytest.mark.parametrize(
    "words",
    [
        ["--sites", "0"],
        ["--sites", "99"],
        ["--families", "1"],
        ["--as-of", "2027-02-30"],
        ["--port", "99999"],
    ],
)
def test_numbers_that_do_not_fit_are_refused_before_anything_is_made(tmp_path, words):
    done = run("demo", *words, "--data", str(tmp_path / "new"))
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "new").exists()


def test_a_port_in_use_is_named(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = run("demo", "--port", port, "--data", str(tmp_path / "new"))
    assert done.returncode == 2
    assert "--port" in done.stderr


def test_serve_refuses_a_folder_without_keys(tmp_path):
    done = run("serve", TRELLIS_DATA=str(tmp_path))
    assert done.returncode == 1
    assert "keys.json" in done.stderr


@pytest.fixture
def served(made):
    """The demo, served; stopped at the end by its own process id."""
    port = free_port()
    started = subprocess.Popen(
        [*TRELLIS, "demo", "--data", str(made), "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment(),
    )
    yield started, f"http://localhost:{port}"
    if started.poll() is None:
        started.terminate()
    started.communicate(timeout=60)


def test_the_page_answers_on_localhost_and_stops_at_once(served):
    started, address = served
    page = fetched(f"{address}/account/login/")
    assert 'value="coordinator.site1@demo.example"' in page
    assert "Synthetic data" in page
    started.send_signal(signal.SIGINT)
    told, _ = started.communicate(timeout=60)
    assert started.returncode == 0
    assert address in told
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(address, timeout=5)


def children_of(pid):
    """Process ids and commands of whatever this process has started, by ``ps``."""
    told = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid=,args="],
        capture_output=True,
        text=True,
        check=True,
    )
    rows = (line.split(None, 2) for line in told.stdout.splitlines())
    return {int(own): args for own, parent, args in rows if int(parent) == pid}


def is_running(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.long
@pytest.mark.skipif(shutil.which("ps") is None, reason="needs ps")
def test_sigterm_stops_the_server_and_the_filling_behind_it(tmp_path):
    port, folder = free_port(), tmp_path / "demo"
    words = ["demo", "--sites", "4", "--families", "400", "--data", str(folder)]
    started = subprocess.Popen(
        [*TRELLIS, *words, "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment(),
    )
    fetched(f"http://localhost:{port}/account/login/")
    children = children_of(started.pid)
    assert any("demo.filling" in args for args in children.values()), children
    assert sum("gunicorn" in args for args in children.values()) > 0, children
    started.send_signal(signal.SIGTERM)
    assert started.wait(timeout=40) == 0
    until = time.monotonic() + 5
    while time.monotonic() < until and any(map(is_running, children)):
        time.sleep(0.1)
    assert [args for pid, args in children.items() if is_running(pid)] == []


@pytest.mark.long
def test_a_start_killed_half_way_is_gone_on_with(tmp_path):
    folder = tmp_path / "demo"
    words = ["demo", *SMALL, "--data", str(folder), "--no-serve"]
    half = subprocess.Popen(
        [*TRELLIS, *words], env=environment(), stderr=subprocess.DEVNULL
    )
    until = time.monotonic() + READY_SECONDS
    while not _has_families(folder) and time.monotonic() < until:
        time.sleep(0.02)
    half.kill()
    half.wait(timeout=30)
    done = run(*words)
    assert done.returncode == 0, done.stderr
    truth = json.loads((folder / "truth.json").read_text())["realised"]
    assert counted(folder)[:3] == [
        truth["parents"] + truth["caregivers"],
        truth["encounters"],
        truth["places"],
    ]


def _has_families(folder: Path):
    if not (folder / "trellis.sqlite3").exists():
        return False
    try:
        return counted(folder)[0] > 0
    except sqlite3.Error:
        return False
