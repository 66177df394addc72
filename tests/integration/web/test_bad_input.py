"""Whatever a form sends, it is answered: never a fault of ours, never half kept."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import transaction
from tests.factories import NINE
from tests.integration.access.test_url_walk import address_of, ours
from tests.integration.access.walk_rules import RULES
from tests.world import a_world, browser_of

from trellis.core.access.vocabulary import Role
from trellis.web import viewers


pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.both]
NUL, LONG, TURNED = "a\x00b", "x" * 10_000, "\u202eadA \U0001f600"
DIGITS = "9" * 5_000
TEXTS = (NUL, LONG, TURNED, "")
DATES = ("9999-12-31", "0001-01-01", "2027-02-30", NUL)
NUMBERS = (DIGITS, "-1", "1e99", "\u0663", NUL)
KEYS = ("x", NUL, "00000000-0000-0000-0000-000000000000")
TIMES = ("24:00", "23:59:59.999999", NUL)
OVER = ("9999-12-31", "23:30")  # an instant that UTC has no date for
PERSON = {"first_name": "Ina", "last_name": "Reed", "born": "1995-02-03"}
BABY = {"child_first_name": "Noa", "child_born": "2027-01-05", "gestation": "38+2"}
PHONE = {"phone": "617 555 0142", "email": "ina@example.org"}
CARE = {"kind": "kin", "authority": "may_attend", "starts": "2027-02-01"}
FIRST_DATE = {
    "form-TOTAL_FORMS": "1",
    "form-INITIAL_FORMS": "0",
    "form-0-key": "5b0c2c66-6d0c-4a4b-9d0e-111111111111",
    "form-0-on": "2027-04-05",
    "form-0-starts": "09:00",
    "form-0-ends": "11:00",
    "form-0-room": "Room 2",
}
KEY = {"key": "5b0c2c66-6d0c-4a4b-9d0e-222222222222"}
# Forms that the walk sends empty.
FILLED = {
    "people:register": PERSON | BABY | PHONE | KEY | {"referred_on": "2027-02-01"},
    "people:add-child": BABY | KEY,
    "people:edit-child": BABY | {"version": "1"},
    "people:edit-parent": PERSON | {"version": "1"},
    "people:edit-contact": PHONE | {"reach_via": "Text only", "version": "1"},
    "people:pregnancy": KEY | {"due_on": "2027-06-01"},
    "people:stage": {"seen": "postpartum", "stage": "parenting", "since": "2027-02-01"},
    "people:link-caregiver": PERSON | PHONE | CARE | KEY,
    "people:authority": {"kind": "kin", "authority": "may_attend"},
    "people:end-dyad": {"ends": "2027-02-01"},
    "groups:plan": FIRST_DATE,
    "accounts:switch-role": {"membership": "1"},
}
TOGETHER = (  # what is wrong only when several fields come together
    (
        "groups:plan",
        FIRST_DATE | dict(zip(("form-0-on", "form-0-ends"), OVER, strict=True)),
    ),
    ("groups:plan", FIRST_DATE | {"form-TOTAL_FORMS": "1001"}),
)
QUERIES = ("page", "q", "seen", "show", "state", "when", "before", "since", "until")


def likely_bad(value: str) -> tuple[str, ...]:
    """What to send in place of a value of this look."""
    if value.isdecimal():
        return NUMBERS
    if len(value) == len("2027-03-01") and value[4:5] == "-":
        return DATES
    if len(value) == len("09:00") and value[2:3] == ":":
        return TIMES
    try:
        UUID(value)
    except ValueError:
        return TEXTS
    return KEYS


def role_for(key, route):
    """A role to whom the route is open."""
    rule = RULES[key]
    return next(r for r in Role if r in route.mark.roles and rule.is_open(r))


def bodies_of(name, rule, keys):
    """The form as it should be, with one field gone wrong at a time; or sent twice."""
    good = {
        field: str(keys.get(value, value)) if isinstance(value, str) else value
        for field, value in (FILLED.get(name) or rule.body or {}).items()
    }
    yield good
    yield from (body for one, body in TOGETHER if one == name)
    for field, value in good.items():
        yield {**good, field: [value, value]}
        for bad in likely_bad(str(value)):
            yield {**good, field: bad}


def fault_of(browser, method, address, given):
    with transaction.atomic():
        send = browser.get if method == "GET" else browser.post
        answer = send(address, given)
        transaction.set_rollback(True)
    if answer.status_code < 500:
        return None
    return f"{method} {address} {str(given)[:200]}: {answer.status_code}"


@pytest.fixture
def world(monkeypatch):
    monkeypatch.setattr(viewers, "now", lambda: NINE)
    return a_world()


def walk(world, method):
    """Every route of the method with a browser of somebody to whom it is open."""
    routes = ours()
    for key, rule in RULES.items():
        word, name = key.split(" ")
        if word == method and name in routes:
            user = world.people[role_for(key, routes[name])]
            yield browser_of(user), address_of(name, rule, world.keys), name, rule


def test_no_form_makes_a_fault(world):
    faults = [
        fault_of(browser, "POST", address, body)
        for browser, address, name, rule in walk(world, "POST")
        for body in bodies_of(name, rule, world.keys)
    ]
    assert [fault for fault in faults if fault] == []


def test_no_address_makes_a_fault(world):
    faults = [
        fault_of(browser, "GET", address, query)
        for browser, address, *_ in walk(world, "GET")
        for query in (
            *(dict.fromkeys(QUERIES, bad) for bad in (NUL, LONG, DIGITS, TURNED)),
            {"since": "0001-01-01", "until": "9999-12-31"},
        )
    ]
    assert [fault for fault in faults if fault] == []
