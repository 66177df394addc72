"""Many people at one list: nothing is lost, and whoever came second is told.

Twenty browsers mark families of one session as fast as they can, each in what it was
shown last, on the product's own settings. Then pairs of the same form are sent at once,
as an impatient double tap sends them.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from threading import Barrier

import pytest
from django.urls import reverse

from tests.race.clients import Client, all_at_once, form_to, forms_of
from tests.race.installation import an_installation


pytestmark = [pytest.mark.both, pytest.mark.fault]
WEAK = "tests.race.weak_settings"
CLIENTS = 20
REASONS = ("illness", "transport", "weather")
SHOWN = "Somebody else"


@pytest.fixture
def installation(tmp_path):
    with an_installation(tmp_path) as installation:
        yield installation


class Race:
    """Edits of one list by many browsers, and what each was answered."""

    def __init__(self, installation, seeded):
        self.installation, self.seeded = installation, seeded
        self.answers = Counter()
        self.session = seeded["session"]
        self.page = reverse("groups:session", args=[self.session])

    def run(self, edits: int) -> None:
        """Until every browser has had its share of edits saved."""
        sessions = self.seeded["coordinators"]
        clients = [Client(self.installation.port, key) for key in sessions]
        share = edits // len(clients)
        start = Barrier(len(clients))

        def work(index, client):
            chance = random.Random(index)  # the same order of choices in every run
            start.wait()
            saved = 0
            for _ in range(share * 20):
                saved += self._edit(client, chance)
                if saved == share:
                    return

        all_at_once(clients, work)

    def _edit(self, client, chance) -> bool:
        """Press one button of the list as it was shown; whether it was saved."""
        shown = client.get(self.page)
        offered = [
            (form, value)
            for form in forms_of(shown.text)
            for name, value in form.buttons or [("", "")]
            if "/mark/" in form.action and (value or form.fields.get("mark"))
        ]
        if not offered:
            self.answers[f"status {shown.status}"] += 1
            return False
        form, value = chance.choice(offered)
        given = {**form.fields, "mark": value or form.fields["mark"]}
        if given["mark"] == "absent":
            given["reason"] = chance.choice(REASONS)
        given.pop("csrfmiddlewaretoken", None)
        answer = client.post_fragment(form.action, **given)
        self.answers[self._kind(answer)] += 1
        return answer.status == 204

    def _kind(self, answer) -> str:
        if answer.status == 204:
            return "saved"
        if answer.status == 409:
            return "conflict" if SHOWN in answer.text else "refused by a rule"
        return f"status {answer.status}"

    def faults(self) -> list[str]:
        """What must not be: edits lost, conflicts not counted, other answers."""
        told = self.installation.seed("tests.race.tally", self.session)
        grown = sum(version - 1 for version in told["versions"].values())
        done = sum(told["marked"].values())
        found = []
        if grown != done:
            found.append(f"{done - grown} of {done} edits lost")
        if done > self.answers["saved"]:
            found.append(f"{done - self.answers['saved']} edits nobody was told of")
        if told["conflicts"] != self.answers["conflict"]:
            found.append(
                f"{self.answers['conflict']} conflicts shown, "
                f"{told['conflicts']} counted"
            )
        expected = {"saved", "conflict", "refused by a rule"}
        return found + [
            f"{count} times {kind}"
            for kind, count in self.answers.items()
            if kind not in expected
        ]


def race(installation, edits: int) -> Race:
    run = Race(installation, installation.seed("tests.race.seed", str(CLIENTS)))
    with installation.serving():
        run.run(edits)
    return run


@pytest.mark.parametrize(
    "edits", [60, pytest.param(500, marks=pytest.mark.long)], ids=["few", "many"]
)
def test_no_edit_of_one_list_is_lost(installation, edits, figure):
    run = race(installation, edits)
    figure(f"race: {CLIENTS} clients, {dict(run.answers)}")
    assert not run.faults()
    assert run.answers["saved"] == edits
    assert run.answers["conflict"]


def test_the_race_notices_a_database_that_is_set_up_weakly(installation):
    run = Race(installation, installation.seed("tests.race.seed", str(CLIENTS)))
    with installation.serving(WEAK):
        run.run(40)
    assert run.faults()


class Twice:
    """The same form sent twice at once, as a double tap sends it."""

    def __init__(self, installation, seeded):
        port = installation.port
        self.coordinator = [Client(port, seeded["coordinators"][0]) for _ in range(2)]
        self.nurse = [Client(port, seeded["nurses"][0]) for _ in range(2)]
        self.seeded, self.answers = seeded, Counter()
        self.visits: list[str] = []

    def send(self, pair, action, given):
        """Both at once; each answer is remembered by its status."""
        given = {k: v for k, v in given.items() if k != "csrfmiddlewaretoken"}
        start = Barrier(2)

        def work(_index, client):
            start.wait()
            return client.post(action, **given)

        for answer in all_at_once(pair, work):
            self.answers[answer.status] += 1

    def check_in_and_begin(self):
        """Every family present, every child's visit begun: one each."""
        session = self.seeded["session"]
        page = reverse("groups:session", args=[session])
        for place in self.seeded["places"]:
            action = reverse("groups:mark", args=[session, place])
            form = form_to(self.coordinator[0].get(page).text, action)
            self.send(self.coordinator, action, {**form.fields, "mark": "arrived"})
            self.send(self.nurse, reverse("groups:begin-visit", args=[place]), {})
        shown = self.nurse[0].get(page).text
        found = re.findall(r'href="(/children/visits/[0-9a-f-]{36}/)"', shown)
        self.visits = sorted(set(found))

    def measure(self, grams):
        """One weight for each child: a correction of the last, or the first."""
        for visit in self.visits:
            form = form_to(self.nurse[0].get(visit).text, f"{visit}measure/")
            weight = {"weight_kg": f"{grams / 1000}", "position": "l"}
            confirmed = {"is_confirmed": "on"}
            given = {**form.fields, **weight, **confirmed}
            self.send(self.nurse, form.action, given)

    def give_and_void(self):
        """One dose for each child, then the same one voided."""
        for visit in self.visits:
            form = form_to(
                self.nurse[0].get(f"{visit}dose/").text, f"{visit}dose/give/"
            )
            chosen = {
                "dose-lot_laid_out": self.seeded["vaccine"],
                "dose-name_confirmed": "on",
                "dose-body_site": "LT",
                "dose-funding": "V02",
            }
            self.send(self.nurse, form.action, {**form.fields, **chosen})
            shown = self.nurse[0].get(visit).text
            (void,) = re.findall(rf'href="({visit}doses/[^"]*/void/)"', shown)
            self.send(self.nurse, void, {"reason": "Entered for another child"})

    def register(self, number):
        """One family."""
        page = reverse("people:register")
        form = next(
            one
            for one in forms_of(self.coordinator[0].get(page).text)
            if "key" in " ".join(one.fields) and "first_name" in " ".join(one.fields)
        )
        letters = "".join(chr(ord("a") + int(d)) for d in f"{number:06}")
        stages = [word for word in form.choices["stage"] if word]
        named = {
            **form.fields,
            "first_name": f"Twice{letters}",
            "last_name": letters[::-1].title() * 2,
            "stage": form.fields["stage"] or stages[0],
            "is_confirmed": "yes",
        }
        self.send(self.coordinator, page, named)


@pytest.mark.parametrize(
    "rounds", [1, pytest.param(21, marks=pytest.mark.long)], ids=["few", "many"]
)
def test_a_form_sent_twice_has_one_effect(installation, rounds, figure):
    seeded = installation.seed("tests.race.seed", "1")
    with installation.serving():
        twice = Twice(installation, seeded)
        twice.check_in_and_begin()
        for number in range(rounds):
            twice.measure(4800 + 10 * number)
            twice.give_and_void()
            for family in range(12):
                twice.register(number * 1000 + family)
    told = installation.seed("tests.race.tally", seeded["session"])
    children = len(seeded["places"])
    figure(f"double submits: {sum(twice.answers.values()) // 2}, {dict(twice.answers)}")
    assert set(told["marked"].values()) == {1}
    assert len(twice.visits) == children
    assert told["measurements"]["current"] == children
    assert told["measurements"].get("corrected", 0) == children * (rounds - 1)
    assert told["doses"] == {"entered_in_error": children * rounds}
    assert told["parents"] == children + 12 * rounds
    assert not [status for status in twice.answers if status >= 500]
