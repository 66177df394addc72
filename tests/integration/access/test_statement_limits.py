"""Every page that is read: how many statements it takes, for who works with it.

Lists take at most 10 statements a request, all other pages at most 25, on SQLite; the
frame of a transaction (BEGIN, SAVEPOINT, RELEASE) is not counted. The network is small:
that a number does not grow with the families is asked beside each query.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse

from tests.integration import network
from tests.integration.access.walk_rules import RULES
from tests.routes import all_routes
from tests.world import browser_of
from trellis.core.access.vocabulary import Role
from trellis.core.groups.doses import Dose
from trellis.records.accounts.models import User
from trellis.records.clinical import operations as clinical
from trellis.records.clinical.models import Encounter
from trellis.records.groups import operations as groups
from trellis.records.groups.models import GroupSession, Place
from trellis.records.imports.uploads.operations import check_upload, confirm_upload
from trellis.records.people.models import Child, Dyad
from trellis.web import viewers


pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        connection.vendor != "sqlite", reason="row security adds its context"
    ),
]

MOST_OF_A_LIST, MOST_OF_A_PAGE = 10, 25
FRAME = ("BEGIN", "SAVEPOINT", "RELEASE SAVEPOINT", "COMMIT")
LISTS = frozenset(
    {
        "people:find",
        "groups:sessions",
        "groups:cohorts",
        "groups:make-ups",
        "imports:list",
        "imports:reviews",
        "clinical:sign",
        "access:trail",
    }
)
LOGINS = {
    Role.COORDINATOR: "coordinator.site1",
    Role.NURSE: "nurse.site1",
    Role.PAEDIATRICS: "paediatrics.site1",
    Role.FACILITATOR: "facilitator.site1",
    Role.PEER_COACH: "peer_coach.site1",
    Role.CASE_MANAGER: "case_manager.site1",  # for what only case managers change
    Role.DIRECTOR: "privacy.director",  # for the trail
}
HEADING = b"external_id,site,first_name,last_name,birth_date\n"
GIVEN = Dose(
    cvx="110",
    product="Pediarix",
    mvx="SKB",
    lot="L77",
    expires_on=network.AS_OF + timedelta(days=300),
    vis_edition_on=date(2021, 10, 15),
    body_site="LT",
    route="IM",
    funding="V02",
    vaccinator_name="Jo Field",
)


class Counter:
    """Counts statements outside the frame of transactions."""

    def __init__(self):
        self.statements = 0

    def __call__(self, execute, sql, *given):
        self.statements += not sql.startswith(FRAME)
        return execute(sql, *given)


@dataclass(frozen=True)
class Opened:
    """A page that somebody opened: its name, the role, how many statements."""

    name: str
    role: Role
    statements: int

    @property
    def most(self) -> int:
        return MOST_OF_A_LIST if self.name in LISTS else MOST_OF_A_PAGE

    def __str__(self):
        return f"{self.name} as {self.role}: {self.statements}, not {self.most}"


@pytest.fixture
def keys(monkeypatch):
    monkeypatch.setattr(viewers, "now", lambda: network.MORNING)
    stored = network.fill(sites=1)
    return {**a_visit_of_today(stored), **imports(stored)}


def a_visit_of_today(stored):
    """A family of today's session that was seen before, checked in and measured."""
    session = GroupSession.ungated.get(starts__date=network.AS_OF)
    signed = Encounter.ungated.filter(status=Encounter.SIGNED)
    places = Place.ungated.filter(session=session)
    place = places.filter(dyad__child_id__in=signed.values("child_id"))[0]
    absent = places.exclude(pk=place.pk)[0]
    dyad = Dyad.ungated.get(pk=place.dyad_id)
    nurse = stored.viewer(LOGINS[Role.NURSE])
    groups.check_in(by=nurse, place_id=place.pk, version=place.version)
    visit = groups.begin_visit(by=nurse, place_id=place.pk)
    weight, dose = uuid4(), uuid4()
    clinical.record_measurements(
        by=nurse,
        encounter_id=visit,
        keys={"weight": weight},
        seen={"weight": None},
        weight_g=6_000,
        is_confirmed=True,
    )
    clinical.give_dose(
        by=nurse,
        key=dose,
        encounter_id=visit,
        dose=GIVEN,
        name_confirmed=True,
        born_confirmed=Child.ungated.get(pk=dyad.child_id).born,
    )
    return {
        "session": session.pk,
        "cohort": session.cohort_id,
        "place": place.pk,
        "dyad": dyad.pk,
        "absent_dyad": absent.dyad_id,
        "parent": dyad.parent_id,
        "child": dyad.child_id,
        "encounter": visit,
        "signed_encounter": signed.filter(child_id=dyad.child_id)[0].pk,
        "measurement": weight,
        "dose": dose,
    }


def imports(stored):
    """A file that was brought in, and one that waits for its confirmation."""
    by = stored.viewer(LOGINS[Role.COORDINATOR])
    made = [
        check_upload(by=by, upload_id=uuid4(), kind="roster", files=[(name, content)])
        for name, content in (("no.csv", HEADING), ("more.csv", HEADING + b"\n"))
    ]
    confirm_upload(by=by, run_id=made[0])
    return {"run": made[0], "checked_run": made[1]}


def pages():
    """Every page that is read, with its rule: polls and downloads among them."""
    return {
        key.removeprefix("GET "): rule
        for key, rule in RULES.items()
        if key.startswith("GET ")
    }


def opened_by(role, keys):
    """What this role may open, each page with its statements."""
    browser = browser_of(User.objects.get(email=f"{LOGINS[role]}@demo.example"))
    browser.get(reverse("today:today"))  # what is looked up once and kept
    for name, rule in pages().items():
        arguments = {
            argument: key[1:] if key.startswith("=") else keys[key]
            for argument, key in rule.arguments.items()
        }
        counter = Counter()
        with connection.execute_wrapper(counter):
            answer = browser.get(reverse(name, kwargs=arguments))
        if answer.status_code in {200, 204}:
            yield Opened(name, role, counter.statements)
        else:
            assert answer.status_code in {403, 404}, f"{name} as {role}"


def test_every_page_stays_within_its_statements(keys, figure):
    opened = [page for role in LOGINS for page in opened_by(role, keys)]
    lists = [page for page in opened if page.name in LISTS]
    others = [page for page in opened if page.name not in LISTS]
    figure(
        f"statements a page: {len(lists)} lists at most "
        f"{max(page.statements for page in lists)}, {len(others)} others at most "
        f"{max(page.statements for page in others)}"
    )
    assert {page.name for page in opened} == set(pages())
    over = [str(page) for page in opened if page.statements > page.most]
    assert not over, "\n".join(over)


def test_the_lists_are_pages_of_the_application():
    assert {route.name for route in all_routes()} >= LISTS
