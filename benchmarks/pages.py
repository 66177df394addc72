"""The pages of a day, each as the role that opens it most, against the empty page."""

from __future__ import annotations

import gc
import re
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.test import Client
from django.urls import reverse

from benchmarks.data import Network
from benchmarks.instrument import PARTS, Clock, instrumented


@dataclass(frozen=True)
class Page:
    """One page: its name, whose day it belongs to, and how its address is found."""

    name: str
    email: str
    address: Callable[[Client], str]


@dataclass(frozen=True)
class Measured:
    """CPU of one page in milliseconds; ``shares`` add up to one."""

    page: str
    rows: int
    bytes: int
    statements: int
    median_ms: float
    p90_ms: float
    ratio: float
    shares: dict[str, float]


def measure(network: Network, *, repeats: int) -> list[Measured]:
    """Each page in turn, as often as asked; the empty page first."""
    measured: list[Measured] = []
    for page in pages():
        browser = _signed_in(page.email)
        address = page.address(browser)
        base = measured[0].median_ms if measured else None
        measured.append(_measure(page.name, browser, address, repeats, base))
    return measured


def _measure(
    name: str, browser: Client, address: str, repeats: int, base: float | None
) -> Measured:
    _time(browser, address)  # templates are compiled, facts of the process are warm
    totals = sorted(_time(browser, address) for _ in range(repeats))
    clock = Clock()
    gc.collect()
    with instrumented(clock):
        whole = -time.process_time()
        answer = browser.get(address)
        whole += time.process_time()
    parts = {part: clock.seconds[part] / whole for part in PARTS}
    median = statistics.median(totals)
    text = answer.content.decode()
    return Measured(
        page=name,
        rows=len(re.findall(r"<tr[ >]|data-row", text)),
        bytes=len(answer.content),
        statements=clock.statements,
        median_ms=round(median, 2),
        p90_ms=round(totals[int(0.9 * (len(totals) - 1) + 0.5)], 2),
        ratio=round(median / base, 2) if base else 1.0,
        shares={
            **{part: round(share, 3) for part, share in parts.items()},
            "rest": round(1 - sum(parts.values()), 3),
        },
    )


def _time(browser: Client, address: str) -> float:
    """Milliseconds of CPU of one request."""
    gc.collect()
    began = time.process_time()
    answer = browser.get(address)
    spent = time.process_time() - began
    if answer.status_code != 200:
        raise SystemExit(f"{address} answered {answer.status_code}")
    return spent * 1000


def _signed_in(email: str) -> Client:
    from trellis.records.accounts.models import User
    from trellis.web.accounts.second_factor import PERSONA

    browser = Client(headers={"host": "localhost"})
    browser.force_login(User.objects.get(email=email))
    session = browser.session
    session[PERSONA] = True  # the demo's one click
    session.save()
    return browser


def _named(name: str, **query: str) -> Callable[[Client], str]:
    return lambda _browser: reverse(name, query=query or None)


def _first_link(start: str, pattern: str) -> Callable[[Client], str]:
    """The first address of this shape on a page that leads there."""

    def find(browser: Client) -> str:
        text = browser.get(start).content.decode()
        found = re.search(f'href="({pattern})"', text)
        if found is None:
            raise SystemExit(f"{start} has no link like {pattern}")
        return found.group(1)

    return find


COORDINATOR, NURSE = "coordinator.site1@demo.example", "nurse.site1@demo.example"
DIRECTOR, PAEDIATRICIAN = "director@demo.example", "paediatrics.site1@demo.example"
KEY = "[0-9a-f-]{36}"
TODAY, PEOPLE, GROUPS = "/", "/people/", "/groups/"
COHORTS = "/groups/cohorts/"


def pages() -> list[Page]:
    """Every page that is timed; the first is the one the others are held to."""
    board = _first_link(GROUPS, f"/groups/{KEY}/")
    return [
        Page("empty signed-in page", COORDINATOR, _named("empty")),
        Page("find, one site", COORDINATOR, _named("people:find")),
        Page("find, network", DIRECTOR, _named("people:find")),
        Page("find by name, network", DIRECTOR, _named("people:find", q="ma")),
        Page(
            "sessions to come", COORDINATOR, _named("groups:sessions", when="upcoming")
        ),
        Page("sessions past", DIRECTOR, _named("groups:sessions", when="past")),
        Page("cohorts", COORDINATOR, _named("groups:cohorts")),
        Page("make-ups", COORDINATOR, _named("groups:make-ups")),
        Page("board, coordinator", COORDINATOR, board),
        Page("board, nurse", NURSE, board),
        Page("cohort", COORDINATOR, _first_link(COHORTS, f"/groups/cohorts/{KEY}/")),
        Page("dyad", COORDINATOR, _first_link(PEOPLE, f"/people/(?:dyads/)?{KEY}/")),
        Page("chart", NURSE, _first_link(TODAY, f"/children/{KEY}/")),
        Page("to sign", PAEDIATRICIAN, _named("clinical:sign")),
        Page("today, coordinator", COORDINATOR, _named("today:today")),
        Page("today, nurse", NURSE, _named("today:today")),
        Page("today, network", DIRECTOR, _named("today:today")),
    ]
