"""Chromium as stack.md names it, a clock that can be set, and people who are signed in.

Browser tests run in one process (tools/test.sh). A device is a browser of its own: own
cookies, own window; what it logs, blocks or fetches elsewhere is remembered by
``tests.browser.checks`` and refused at the end of the test.
"""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.browser.checks import Watch

from trellis.web import viewers


DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
TUESDAY_AT_NINE = datetime(2027, 3, 2, 14, 0, tzinfo=UTC)  # 09:00 at the site
FLAGS = (
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-domain-reliability",
    "--disable-default-apps",
    "--metrics-recording-only",
)


def pytest_collection_modifyitems(items):
    """Everything here needs Chromium: marked so, also where a test forgets it."""
    for item in items:
        if item.path.is_relative_to(os.path.dirname(__file__)):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """The Chromium of the machine: Playwright's own is never downloaded."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        pytest.fail("Chromium is missing: apt-get install chromium")
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {
        **browser_type_launch_args,
        "executable_path": program,
        "args": [*FLAGS, *as_root],
    }


class Clock:
    """What the site takes for now: it can be set, and runs on from there."""

    def __init__(self, shown):
        self.set(shown)

    def set(self, shown):
        self.shown, self.since = shown, timezone.now()

    def move(self, **by):
        self.set(self.now() + timedelta(**by))

    def now(self):
        return self.shown + (timezone.now() - self.since)


@pytest.fixture
def clock(monkeypatch):
    """The clock of every request, on a Tuesday at nine."""
    clock = Clock(TUESDAY_AT_NINE)
    monkeypatch.setattr(viewers, "now", clock.now)
    return clock


@pytest.fixture
def a_device(browser, live_server):
    """A function that opens a browser of its own: ``a_device(PHONE, script=False)``."""
    contexts = []

    def open_one(viewport=None, *, script=True, user=None, language="en-US"):
        context = browser.new_context(
            viewport=viewport or DESKTOP,
            base_url=live_server.url,
            java_script_enabled=script,
            locale=language,
            reduced_motion="reduce",
        )
        context.set_default_timeout(15_000)
        if user is not None:
            sign_in(context, live_server.url, user)
        page = context.new_page()
        page.watch = Watch(page, live_server.url)
        contexts.append(context)
        return page

    yield open_one
    for context in contexts:
        context.close()


def sign_in(context, url, user):
    """Put a session of this person into the browser, past the sign-in page."""
    client = Client()
    client.force_login(user)
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": url}])
