"""Every address, as nobody, as a member of another site, and as each of eleven roles.

What is expected comes from the matrix and the area marks (``walk_rules``); a route that
is not in that table fails. For record addresses, a record that exists and is forbidden
answers as one that does not exist: status, body and number of statements.
"""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.urls import reverse

from tests.factories import NINE
from tests.integration.access.walk_rules import RULES, Rule
from tests.routes import all_routes
from tests.world import a_world, browser_of
from trellis.core.access.vocabulary import Role
from trellis.records.accounts.models import Membership
from trellis.web import viewers
from trellis.web.areas import mark_of


pytestmark = pytest.mark.django_db
OPEN = {"GET": {200, 204}, "POST": {200, 204, 302, 409, 422}}
PUBLIC = {"accounts:switch-persona"}  # open by its mark; refuses outside the demo
VARIES = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"|[0-9a-f-]{36}')


@pytest.fixture
def world(monkeypatch):
    monkeypatch.setattr(viewers, "now", lambda: NINE)
    return a_world()


def ours():
    return {
        route.name: route
        for route in all_routes()
        if route.is_ours and not route.name.startswith("gallery:")
    }


def address_of(name: str, rule: Rule, keys) -> str:
    """The address with its arguments; ``=word`` stands for the word itself."""
    found = {
        argument: key[1:] if key.startswith("=") else str(keys[key])
        for argument, key in rule.arguments.items()
    }
    return reverse(name, kwargs=found)


class Counter:
    """Counts statements, without keeping them."""

    def __init__(self):
        self.statements = 0

    def __call__(self, execute, *given):
        self.statements += 1
        return execute(*given)


class Missing(dict):
    """Keys of records that do not exist."""

    def __missing__(self, _):
        return uuid4()


def ask(browser, key: str, rule: Rule, keys, world, user):
    """One request, undone afterwards: its answer and how many statements it took."""
    method, name = key.split(" ")
    address = address_of(name, rule, keys)
    body = {
        field: world.keys.get(value, value) if isinstance(value, str) else value
        for field, value in (rule.body or {}).items()
    }
    if body.get("membership") == "held" and user is not None:
        body["membership"] = Membership.objects.get(user=user).pk
    kept = browser.cookies.get("sessionid")  # a change of role makes a new session
    session = kept.value if kept else None
    counter = Counter()
    with transaction.atomic(), connection.execute_wrapper(counter):
        if method == "GET":
            answer = browser.get(address)
        else:
            answer = browser.post(address, body)
        transaction.set_rollback(True)
    if session:
        browser.cookies["sessionid"] = session
    return answer, counter.statements


def expected_of(rule: Rule, mark, role: Role | None, *, is_home: bool) -> str:
    """The one table: "sign-in", "closed", "missing" or "open"."""
    if role is None:
        return "sign-in"
    if role not in mark.roles:
        return "closed"
    if is_of_record(rule) and not is_home:
        return "missing"
    return "open" if rule.is_open(role) else "missing"


def is_of_record(rule: Rule) -> bool:
    return (rule.is_of_record and bool(rule.arguments)) or "visit" in (rule.body or {})


def said_by(answer, method: str) -> str:
    """The same words for what was answered."""
    if answer.status_code == 302 and "/account/login/" in answer["Location"]:
        return "sign-in"
    words = {403: "closed", 404: "missing"}
    if answer.status_code in words:
        return words[answer.status_code]
    is_open = answer.status_code in OPEN[method]
    return "open" if is_open else f"status {answer.status_code}"


def test_every_address_is_in_the_table():
    named = {key.split(" ")[1] for key in RULES}
    assert set(ours()) - named - PUBLIC == set()
    assert named - set(ours()) == set()


def test_every_address_answers_as_the_matrix_says(world, figure, client):
    askers = [(None, None, True)]
    for role in Role:
        askers.append((role, world.people[role], True))
        askers.append((role, world.doubles[role], False))
    differences, count = [], 0
    for role, user, is_home in askers:
        browser = client if user is None else browser_of(user)
        for key, rule in RULES.items():
            method, name = key.split(" ")
            mark = mark_of(ours()[name].view)
            wanted = expected_of(rule, mark, role, is_home=is_home)
            answer, _ = ask(browser, key, rule, world.keys, world, user)
            said, count = said_by(answer, method), count + 1
            if said != wanted:
                where = "home" if is_home else "other site"
                differences.append(f"{key} {role} ({where}): {said}, not {wanted}")
    figure(f"URL walk: {count} requests, {len(differences)} differences")
    assert not differences, "\n".join(differences)


def test_a_forbidden_record_looks_like_a_missing_one(world, figure):
    differences, count = [], 0
    for role in Role:
        for user, is_home in ((world.people[role], True), (world.doubles[role], False)):
            browser = browser_of(user)
            for key, rule in RULES.items():
                mark = mark_of(ours()[key.split(" ")[1]].view)
                wanted = expected_of(rule, mark, role, is_home=is_home)
                if wanted != "missing" or not rule.arguments:
                    continue
                there, many = ask(browser, key, rule, world.keys, world, user)
                gone, few = ask(browser, key, rule, Missing(), world, user)
                count += 1
                if there.status_code != gone.status_code:
                    differences.append(f"{key} {role}: {there.status_code}")
                elif plain(there) != plain(gone):
                    differences.append(f"{key} {role} ({is_home}): another body")
                elif many != few and not (is_home and rule.is_known(role)):
                    differences.append(f"{key} {role} ({is_home}): {many}, not {few}")
    figure(f"forbidden or missing: {count} pairs, {len(differences)} differences")
    assert not differences, "\n".join(differences)


def plain(answer) -> bytes:
    return VARIES.sub(b"", answer.content)
