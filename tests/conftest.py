"""What holds for every test: no network, no database for rules, slow ones listed.

The network ban is in ``pyproject.toml`` (``--allow-hosts``); the data folder and the
environment of a run are in ``tests/settings.py``.
"""

from __future__ import annotations

import os
from pathlib import Path

import hypothesis
import pytest
from django.test import Client
from django.utils import translation

from tests import databases, reference_data, signed_in


hypothesis.settings.register_profile(
    "test", max_examples=60, deadline=None, derandomize=True
)
hypothesis.settings.register_profile("long", max_examples=2_000, deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or "test")

TESTS = Path(__file__).parent
WITHOUT_DATABASE = (TESTS / "unit", TESTS / "spec")
DATABASE_FIXTURES = frozenset({"db", "transactional_db", "live_server"})
MAY_BE_SLOW = frozenset({"long", "browser", "fault"})
SLOW_SECONDS = 1.0
slow: list[tuple[float, str]] = []
figures: list[str] = []


@pytest.fixture
def figure(record_property):
    """A function that keeps a line of figures for the end of the run."""
    return lambda line: record_property("figure", line)


@pytest.fixture(autouse=True)
def no_database_for_rules(request):
    """Unit and spec tests are about plain Python: a database is refused."""
    is_plain = any(request.node.path.is_relative_to(part) for part in WITHOUT_DATABASE)
    asks = DATABASE_FIXTURES & set(request.fixturenames)
    if is_plain and (asks or request.node.get_closest_marker("django_db")):
        pytest.fail("A test below unit/ or spec/ asks for a database: move it.")


@pytest.fixture(scope="session")
def django_db_setup(
    request, django_test_environment, django_db_blocker, django_db_modify_db_settings
):
    """The test database: made and migrated by its owner, used by a lesser role."""
    with django_db_blocker.unblock():
        remove = databases.create(verbosity=request.config.option.verbose)
    yield
    with django_db_blocker.unblock():
        remove()


@pytest.fixture(autouse=True)
def language_of_the_settings():
    """No test inherits the language in which another read a page."""
    translation.deactivate()


@pytest.fixture(scope="session")
def reference_folder():
    """The function that finds a folder of the reference data, or skips."""
    return reference_data.folder


def pytest_configure():
    """``force_login`` stands for password and code; tests of sign-in do it by hand."""
    plain = Client.force_login

    def force_login(client, *args, **kwargs):
        plain(client, *args, **kwargs)
        signed_in.with_second_factor(client)

    Client.force_login = force_login


def pytest_runtest_logreport(report):
    """Remember figures, and what took over a second without a mark that explains it."""
    if report.when == "call":
        figures.extend(
            line for name, line in report.user_properties if name == "figure"
        )
    is_slow = report.when == "call" and report.duration > SLOW_SECONDS
    if is_slow and not MAY_BE_SLOW & set(report.keywords):
        slow.append((report.duration, report.nodeid))


def pytest_terminal_summary(terminalreporter):
    """Show the figures, and the slow unmarked tests: make them faster or mark them."""
    if figures:
        terminalreporter.section("figures")
        for line in figures:
            terminalreporter.line(line)
    if slow:
        terminalreporter.section("unmarked tests over 1 s")
        for seconds, name in sorted(slow, reverse=True)[:20]:
            terminalreporter.line(f"{seconds:6.1f} s  {name}")
