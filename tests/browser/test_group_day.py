"""The first group day, end to end, by three people at three devices.

Eight children's records, their parents' roster and two registry answers are brought in;
the families are put into a cohort with a session; the day is run, seen, signed and
closed; and nobody saw what is not theirs. With ``TRELLIS_TOUR_DIR`` set, the pictures
of docs/tour.md are taken on the way.
"""

from __future__ import annotations

import io
import os
import re
import time
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from playwright.sync_api import expect
from pypdf import PdfReader
from tests import factories as make
from tests.browser.checks import check_page
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.eight_children import (
    PARENTS,
    THE_DAY,
    eight_children,
    registry_answer,
    roster,
)
from tests.browser.test_sign_in import SECRET, sign_in_by_hand
from tests.factories import stored

from trellis.core.access.vocabulary import Role
from trellis.fhir.reading import read_fhir_file
from trellis.records.audit.models import AuditEntry
from trellis.records.clinical.models import Encounter, Immunization, Measurement
from trellis.records.groups.models import GroupSession, MakeUp, Place
from trellis.records.people.models import Child, Dyad, Parent


pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both]
SEEN_WITHIN_SECONDS = 3.0
LATE, ABSENT = 1, 2  # which of the eight
PRESENT = [n for n in range(8) if n != ABSENT]
LOTS = (("Vaxelis", "VX-77"), ("Prevnar 20", "PV-20"))


@pytest.fixture
def team():
    """A coordinator, a nurse and a paediatrician of one integrated site."""
    site = make.SiteFactory(name="Harbor House", neutral_name="Harbor Family Health")
    people = {}
    for role, name in (
        (Role.COORDINATOR, "Rosa Field"),
        (Role.NURSE, "Sam Tolan"),
        (Role.PAEDIATRICS, "Jo Marsh"),
    ):
        user = make.UserFactory(email=f"{role.value}@harbor.example", name=name)
        make.MembershipFactory(
            user=user,
            site=site,
            role=role.value,
            is_medical_personnel=role in make.LICENSED,
        )
        TOTP.activate(user, SECRET)
        people[role] = user
    return people


def tick(box):
    """By the keyboard: the kit draws its boxes and puts the real ones off screen."""
    if not box.is_checked():
        box.press("Space")


class Tour:
    """Takes the pictures of the tour where a folder is named."""

    def __init__(self):
        folder = os.environ.get("TRELLIS_TOUR_DIR")
        self.folder = Path(folder) if folder else None

    def picture(self, page, name):
        if self.folder is None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        for size in (DESKTOP, PHONE):
            page.set_viewport_size(size)
            page.wait_for_timeout(150)
            path = self.folder / f"{name}-{size['width']}.png"
            page.screenshot(path=path, full_page=size is DESKTOP)
        page.set_viewport_size(DESKTOP)


class Day:
    """The devices, the children, and what is done with them."""

    def __init__(self, a_device, people, clock, *, script=True):
        self.clock, self.people, self.tour = clock, people, Tour()
        self.children = eight_children()
        self.coordinator, self.nurse, self.paediatrician = (
            a_device(DESKTOP, user=people[role], script=script)
            for role in (Role.COORDINATOR, Role.NURSE, Role.PAEDIATRICS)
        )
        self.board = ""

    def upload(self, kind, files):
        """Bring files in through the Imports page: look, then bring in."""
        page = self.coordinator
        page.goto("/imports/new/")
        tick(page.locator(f"input[name=kind][value={kind}]"))
        page.locator("input[type=file]").set_input_files(
            [
                {"name": name, "mimeType": "application/octet-stream", "buffer": data}
                for name, data in files
            ]
        )
        page.get_by_role("button", name="Look at the file").click()
        expect(page.get_by_text("Nothing is saved yet.")).to_be_visible()

    def bring_in(self):
        page = self.coordinator
        page.get_by_role("button", name="Bring it in now").click()
        expect(page.get_by_role("link", name="Undo this import")).to_be_visible()

    def import_everything(self):
        page = self.coordinator
        self.upload("roster", [("families.csv", roster(self.children, site="site1"))])
        self.tour.picture(page, "01-roster-looked-at")
        check_page(page)
        self.bring_in()
        self.upload("fhir", [(one.name, one.content) for one in self.children])
        self.bring_in()
        self.tour.picture(page, "02-records-brought-in")
        answers = [
            (f"registry-{n}.hl7", registry_answer(self.children[n], n)) for n in (0, 3)
        ]
        self.upload("iis", answers)
        self.bring_in()
        assert len(stored(Parent)) == len(stored(Child)) == len(stored(Dyad)) == 8

    def open_cohort(self):
        page = self.coordinator
        page.goto("/groups/cohorts/new/")
        page.get_by_label("Name").fill("Tuesday Wrens")
        page.get_by_role("button", name="Save").click()
        page.get_by_role("link", name="Add families").click()
        for box in page.locator("input[name=dyad]").all():
            tick(box)
        page.get_by_role("button", name="Add these families").click()
        expect(page.get_by_text("8 of 8 places")).to_be_visible()
        self.tour.picture(page, "03-cohort")
        check_page(page)

    def plan_session(self):
        page = self.coordinator
        page.get_by_role("link", name="Plan dates").click()
        first = page.locator("fieldset").first
        first.get_by_label("Visit").select_option("2m")
        first.get_by_label("Date").fill(THE_DAY.isoformat())
        first.get_by_label("From").fill("09:00")
        first.get_by_label("Until").fill("11:00")
        page.get_by_role("button", name="Plan these dates").click()
        page.locator(f"a[href^='/groups/']:has-text('{THE_DAY.day} Mar')").first.click()
        self.board = re.search(r"/groups/[0-9a-f-]{36}/", page.url)[0]

    def prepare(self):
        page = self.coordinator
        page.goto(f"{self.board}team/")
        for box in page.locator("input[name=team]").all():
            tick(box)
        page.get_by_role("button", name="Save").click()
        for product, lot in LOTS:
            page.goto(f"{self.board}prepare/")
            choice = page.locator("select[name=product]")
            value = choice.locator(f"option:has-text('{product}')").get_attribute(
                "value"
            )
            choice.select_option(value)
            page.get_by_label("Lot").fill(lot)
            page.get_by_label("Expires").fill("2028-01-31")
            page.get_by_label("Date of the information sheet").fill("2026-10-01")
            page.get_by_role("button", name="Lay out").click()
            expect(page.get_by_text(lot)).to_be_visible()
        self.tour.picture(page, "04-prepared")
        check_page(page)

    def row(self, page, number, state=""):
        kind = f"li.g-row--{state}" if state else "li.g-row"
        return page.locator(kind, has_text=self.children[number].given)

    def mark(self, page, number, button):
        row = self.row(page, number)
        row.get_by_role("button", name=button).first.click()

    def check_in(self):
        """The coordinator marks; how long until the nurse's device shows it."""
        for page in (self.coordinator, self.nurse):
            page.goto(self.board)
        self.tour.picture(self.coordinator, "05-board")
        seen_after = []
        for number in (0, 3, 4, 5, 6, 7):
            self.mark(self.coordinator, number, "Present")
            began = time.monotonic()
            here = self.row(self.nurse, number, state="arrived")
            expect(here).to_be_visible(timeout=10_000)
            seen_after.append(time.monotonic() - began)
        self.clock.move(minutes=20)
        self.mark(self.coordinator, LATE, "Late")
        for page in (self.nurse, self.coordinator):
            expect(self.row(page, LATE, state="late")).to_be_visible()
        row = self.row(self.coordinator, ABSENT)
        row.locator(".g-absent > summary").click()
        row.get_by_label("Reason").select_option("illness")
        row.get_by_role("button", name="Mark absent").click()
        expect(self.row(self.coordinator, ABSENT, state="absent")).to_be_visible()
        self.tour.picture(self.coordinator, "06-checked-in")
        check_page(self.coordinator)
        return seen_after

    def begin_visits(self):
        page = self.nurse
        for number in PRESENT:
            page.goto(self.board)
            self.mark(page, number, "Begin visit")
            page.wait_for_url("**/children/visits/**")
            self.visits[number] = re.search(r"/children/visits/[^/]+/", page.url)[0]

    visits: dict[int, str]

    def last_values(self, number):
        """Weight in g, length and head in mm of the record, some weeks ago."""
        child = self.children[number]
        read = read_fhir_file(child.content, file=child.name, as_of=THE_DAY)
        found = {}
        for one in sorted(read.children[0].measurements, key=lambda one: one.on):
            for kind in ("weight_g", "length_mm", "head_mm"):
                if getattr(one, kind) is not None:
                    found[kind] = getattr(one, kind)
        return found

    def measure(self, number, *, unusual=False):
        page, last = self.nurse, self.last_values(number)
        page.goto(self.visits[number])
        weight = last.get("weight_g", 4300) + 850
        form = page.locator("#measure form")
        form.get_by_label("Weight").fill(f"{(9900 if unusual else weight) / 1000}")
        form.get_by_label("Length or height").fill(
            f"{(last.get('length_mm', 545) + 30) / 10}"
        )
        tick(form.locator("input[name=position][value=l]"))
        form.get_by_label("Head circumference").fill(
            f"{(last.get('head_mm', 370) + 15) / 10}"
        )
        form.get_by_role("button", name="Save measurements").click()
        again = page.locator("input[name=is_confirmed]")
        saved = page.get_by_text("Measurements saved.")
        expect(again.or_(saved).first).to_be_visible()
        if unusual:
            self.tour.picture(page, "08-look-again")
            assert again.count() == 1
        if again.count():
            tick(again)
            page.get_by_role("button", name="Save measurements").click()
        expect(saved).to_be_visible()

    def vaccinate(self, number, product="Vaxelis"):
        page = self.nurse
        page.goto(f"{self.visits[number]}dose/")
        tick(page.locator("input[name=dose-name_confirmed]"))
        tick(page.get_by_label(re.compile(product)))
        tick(page.locator("input[name=dose-body_site][value=LT]"))
        page.get_by_label("Funding").select_option("V02")
        if number == 0 and product == "Vaxelis":
            self.tour.picture(page, "09-dose")
            check_page(page)
        page.get_by_role("button", name="Record this dose").click()
        page.wait_for_url(f"**{self.visits[number]}")

    def void_a_dose(self, number):
        page = self.nurse
        page.locator("#given").get_by_role("link", name=re.compile("Void")).last.click()
        page.get_by_label("Reason").fill("Given to another child")
        page.locator("main form button").first.click()
        page.wait_for_url(f"**{self.visits[number]}")
        expect(page.locator("#given s")).to_have_count(1)

    def write_note(self, number):
        page = self.paediatrician
        page.goto(self.visits[number])
        for label, text in (
            ("History", "Feeds well, sleeps between feeds."),
            ("Examination", "Alert. Heart and hips without findings today."),
            ("Assessment", "Two-month visit, growing along her curve."),
            ("Plan", "Next visit at four months. Call at once with fever."),
        ):
            page.get_by_label(label, exact=True).fill(text)
        page.get_by_role("button", name="Save note").click()
        expect(page.get_by_text("Note saved.")).to_be_visible()

    def sign_all(self):
        page = self.paediatrician
        page.goto(self.visits[0])
        self.tour.picture(page, "10-visit")
        check_page(page)
        page.get_by_role("button", name="Save and sign the visit").click()
        expect(page.get_by_text("Signed by Jo Marsh")).to_be_visible()
        for number in PRESENT[1:]:  # a batch holds what was opened one by one
            page.goto(self.visits[number])
        page.goto("/children/signing/")
        self.tour.picture(page, "11-to-sign")
        check_page(page)
        for box in page.locator("input[name=visit]").all():
            tick(box)
        page.get_by_role("button", name=re.compile("^Sign")).click()
        expect(page.get_by_text("6 visits signed.")).to_be_visible()

    def close(self):
        page = self.coordinator
        page.goto(self.board)
        page.get_by_role("link", name="Close the session").click()
        self.tour.picture(page, "12-close")
        page.get_by_role("button", name="Close the session").click()
        expect(page.get_by_text("The session is closed.")).to_be_visible()
        page.goto("/groups/make-ups/")
        expect(page.get_by_text(self.children[ABSENT].given).first).to_be_visible()
        self.tour.picture(page, "13-make-ups")
        check_page(page)

    def papers(self):
        """Run sheet, count and the visit summary; what they say."""
        page = self.coordinator
        told = {}
        for name in ("run-sheet", "count"):
            answer = page.goto(f"{self.board}{name}/")
            assert answer.status == 200
            self.tour.picture(page, f"14-{name}")
            told[name] = page.locator("main").inner_text()
        answer = self.nurse.context.request.get(f"{self.visits[0]}summary/en/")
        assert answer.headers["content-type"] == "application/pdf"
        pages = PdfReader(io.BytesIO(answer.body())).pages
        told["summary"] = "\n".join(one.extract_text() for one in pages)
        return told


@pytest.fixture
def day(a_device, team, clock):
    made = Day(a_device, team, clock)
    made.visits = {}
    return made


def test_the_first_group_day(day, figure):
    day.import_everything()
    day.open_cohort()
    day.plan_session()
    day.prepare()
    seen_after = day.check_in()
    day.begin_visits()
    for number in PRESENT:
        day.measure(number, unusual=number == PRESENT[-1])
    day.tour.picture(day.nurse, "07-measured")
    for number in PRESENT:
        day.vaccinate(number)
    day.vaccinate(0, "Prevnar 20")
    day.void_a_dose(0)
    for number in PRESENT:
        day.write_note(number)
    day.sign_all()
    day.close()
    papers = day.papers()
    figure(
        f"group day: a change is on the other device after {max(seen_after):.1f} s "
        f"at most, {sorted(seen_after)[len(seen_after) // 2]:.1f} s in the middle"
    )
    assert max(seen_after) < SEEN_WITHIN_SECONDS
    what_stands(day)
    who_saw_what(day, papers)


def what_stands(day):
    """The records of the day: nothing missing, nothing twice."""
    (session,) = stored(GroupSession)
    assert session.status == GroupSession.CLOSED
    assert session.counts["came"] == 7
    states = sorted(place.state for place in stored(Place))
    assert states == ["absent", *["arrived"] * 6, "late"]
    here = [one for one in stored(Encounter) if one.source == "here"]
    assert [one.status for one in here] == [Encounter.SIGNED] * 7
    measured = [m for m in stored(Measurement) if m.source == "here"]
    assert len(measured) == 3 * 7
    assert any(one.is_confirmed for one in measured)
    given = [dose for dose in stored(Immunization) if dose.source == "here"]
    assert sorted(dose.status for dose in given) == ["completed"] * 7 + [
        "entered_in_error"
    ]
    (make_up,) = stored(MakeUp)
    assert make_up.due_by is not None


def who_saw_what(day, papers):
    """Canaries: a count names nobody, a chart no group, a summary no programme."""
    children = [child.full_name for child in day.children]
    parents = [" ".join(name) for name in PARENTS]
    for name in [*children, *parents]:
        assert name not in papers["count"]
    for parent in parents:
        assert parent not in papers["summary"]
    for word in ("Trellis", "Harbor House", "Tuesday Wrens", "recovery", "treatment"):
        assert word.lower() not in papers["summary"].lower()
    for address in day.visits.values():
        shown = day.coordinator.context.request.get(address)
        assert shown.status == 404  # a coordinator has no notes
    chart = day.nurse.content()
    assert "Tuesday Wrens" not in chart
    signed = AuditEntry.objects.filter(action="clinical.sign")
    assert {entry.role for entry in signed} == {Role.PAEDIATRICS.value}


def test_sign_in_and_the_day_without_javascript(a_device, team, clock):
    """The named flows of a phone whose script does not run."""
    day = Day(a_device, team, clock)
    day.visits = {}
    day.import_everything()
    day.open_cohort()
    day.plan_session()
    day.prepare()
    plain = {}
    for role, user in team.items():
        plain[role] = a_device(PHONE, script=False)
        sign_in_by_hand(plain[role], user)
    day.coordinator, day.nurse, day.paediatrician = plain.values()
    page = day.coordinator
    page.goto("/people/?q=alder")
    page.get_by_role("link", name=re.compile("Alder")).first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto(day.board)
    day.mark(page, 0, "Present")
    expect(day.row(page, 0, state="arrived")).to_be_visible()
    day.nurse.goto(day.board)
    day.mark(day.nurse, 0, "Begin visit")
    day.visits[0] = re.search(r"/children/visits/[^/]+/", day.nurse.url)[0]
    day.measure(0)
    day.write_note(0)
    page = day.paediatrician
    page.get_by_role("button", name="Save and sign the visit").click()
    expect(page.get_by_text("Signed by Jo Marsh")).to_be_visible()
    answer = day.nurse.context.request.get(f"{day.visits[0]}summary/es/")
    assert answer.headers["content-type"] == "application/pdf"
