"""Every page, as every role: each link followed, each page checked, none left out.

The network is a small one of the demo's own making. In ``test`` each kind of page is
checked once and each role's first page too; ``test-long`` checks each kind of page as
each role, on several records. A kind of page is a pattern of the URL configuration.
"""

from __future__ import annotations

from collections import defaultdict
from urllib.parse import urljoin, urlsplit
from uuid import uuid4

import pytest
from django.urls import Resolver404, resolve
from tests.browser.checks import faults_of
from tests.browser.conftest import TUESDAY_AT_NINE
from tests.factories import in_context_of
from tests.routes import all_routes

from trellis.cli.demo.filling import Filler
from trellis.core.access.vocabulary import Role
from trellis.records.accounts.models import Membership, User
from trellis.records.accounts.queries import viewer_of
from trellis.records.clinical import operations as clinical
from trellis.records.clinical.notes import Note
from trellis.records.groups import operations as groups
from trellis.records.groups.models import Place
from trellis.records.imports import operations as imports
from trellis.records.imports.uploads import operations as uploads
from trellis.records.people.models import Parent
from trellis.synthetic.network import make_plan


pytestmark = pytest.mark.django_db(transaction=True)
SEED, SITES, FAMILIES = 1, 2, 40
FIRST_SITE = "site1"  # by its code: keys go on counting from test to test
ROSTER = "external_id,site,first_name,last_name,birth_date"
FOUND_ONLY = "a[href], form[action], [hx-get], [hx-post]"
ADDRESSES = """query => Array.from(document.querySelectorAll(query)).map(e =>
  [e.getAttribute("href") || e.getAttribute("hx-get") || e.getAttribute("action")
    || e.getAttribute("hx-post"), e.tagName === "A"])"""
# Reached by no link: each with its reason.
WITHOUT_A_LINK = {
    "set_language": "posted by the language switch, which asks for no page",
    "people:enrol": "offered only while a family has not enrolled",
    "people:open-episode": "offered only where no episode is open",
    "groups:open": "offered only until the first family has come",
}


@pytest.fixture
def network(clock, settings):
    """Two sites, the second co-located; a session of each is today and has begun.

    The demo's own frame is on, and files were brought in: one is done, one is looked
    at and not decided, and one of its lines may be somebody already here.
    """
    settings.DEMO_MODE = True
    on = TUESDAY_AT_NINE.date()
    plan = make_plan(seed=SEED, as_of=on, sites=SITES, families=FAMILIES)
    filler = Filler(plan, TUESDAY_AT_NINE)
    for index in range(SITES):
        filler.fill(index)
        filler.roll(index, on)
    by = viewer_of(
        Membership.objects.get(role="coordinator", site__code=FIRST_SITE),
        at=clock.now(),
    )
    begin_the_day(by, clock.now())
    bring_in(by)


def begin_the_day(by, at):
    """Two families of the first site have come; the visit of one has begun."""
    (site_id,) = by.site_ids
    with in_context_of(site_id):
        places = Place.ungated.filter(
            site_id=site_id, session__starts__date=at.date(), state="expected"
        )
        first, second = places.order_by("pk").values_list("pk", "version")[:2]
    for place_id, version in (first, second):
        groups.check_in(by=by, place_id=place_id, version=version)
    nurse = viewer_of(
        Membership.objects.get(role="nurse", site__code=FIRST_SITE), at=at
    )
    encounter_id = groups.begin_visit(by=nurse, place_id=first[0])
    clinical.write_note(
        by=nurse,
        encounter_id=encounter_id,
        version=1,
        note=Note(history="Feeds well.", examination="", assessment="", plan=""),
    )


def bring_in(by):
    """Rosters of somebody new, and of somebody who may be here already."""
    (site_id,) = by.site_ids
    with in_context_of(site_id):
        today = Place.ungated.filter(
            site_id=site_id, state="arrived", session__status="open"
        )
        here = Parent.ungated.get(pk=today.values("dyad__parent_id")[:1])
    known = f"Z1,site1,{here.first_name},{here.last_name},{here.born}"
    imports.import_roster(
        by=by,
        file_name="families.csv",
        content=f"{ROSTER}\nZ2,site1,Odalys,Quist,1994-02-03\n{known}\n".encode(),
        is_dry_run=False,
    )
    waiting = f"{ROSTER}\nZ3,site1,Thora,Vance,1991-07-08\n".encode()
    uploads.check_upload(
        by=by, upload_id=uuid4(), kind="roster", files=[("more.csv", waiting)]
    )


class Crawl:
    """What was reached: addresses of pages, kinds of pages, and what was wrong."""

    def __init__(self, *, records: int, as_each_role: bool):
        self.records, self.as_each_role = records, as_each_role
        self.opened: defaultdict[object, set[str]] = defaultdict(set)
        self.reached: set[str] = set()
        self.faults: list[str] = []
        self.checked = 0

    def as_role(self, page, role: Role) -> None:
        """From the first page on, whatever leads on from there."""
        waiting, seen = ["/"], {"/"}
        while waiting:
            address = waiting.pop(0)
            if not self._is_wanted(address, role):
                continue
            for found, is_link in self._open(page, address, role):
                self.reached.add(kind_of(found))
                if is_link and found not in seen:
                    seen.add(found)
                    waiting.append(found)

    def _is_wanted(self, address: str, role: Role) -> bool:
        key = (kind_of(address), role)
        path = urlsplit(address).path
        if path not in self.opened[key] and len(self.opened[key]) >= self.records:
            return False
        self.opened[key].add(path)
        return True

    def _open(self, page, address: str, role: Role):
        answer = page.context.request.get(address)
        if answer.status != 200:
            self.faults.append(f"{role} {address}: status {answer.status}")
            return
        if not answer.headers["content-type"].startswith("text/html"):
            return
        shown = page.goto(address)
        kind = kind_of(address)
        if self._is_checked(kind, role):
            self.checked += 1
            faults = faults_of(page, shown)
            self.faults += [f"{role} {address}: {fault}" for fault in faults]
        for found, is_link in page.evaluate(ADDRESSES, FOUND_ONLY):
            whole = urljoin(page.url, found or "")
            if urlsplit(whole).netloc == urlsplit(page.url).netloc:
                parts = urlsplit(whole)
                query = f"?{parts.query}" if parts.query else ""
                yield parts.path + query, is_link

    def _is_checked(self, kind: str, role: Role) -> bool:
        by = (kind, role) if self.as_each_role or kind == "today:today" else kind
        times = len(self.opened["checked", by])
        self.opened["checked", by].add(str(times))
        return times < (self.records if self.as_each_role else 1)


def kind_of(address: str) -> str:
    """The name of the pattern an address belongs to; empty for none of ours."""
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return ""


def account_of(role: Role) -> User:
    """A member in this role at the first site; the network's own where it has none."""
    held = Membership.objects.filter(role=role.value).order_by("site_id", "pk")
    return (held.filter(site__code=FIRST_SITE).first() or held.first()).user


def crawl_all(a_device, crawl: Crawl) -> Crawl:
    for role in Role:
        crawl.as_role(a_device(user=account_of(role)), role)
    return crawl


def kinds_to_reach() -> set[str]:
    ours = {route.name for route in all_routes() if route.is_ours}
    return ours - set(WITHOUT_A_LINK) - {n for n in ours if n.startswith("gallery:")}


def test_each_kind_of_page_is_a_good_page(a_device, network, figure):
    crawl = crawl_all(a_device, Crawl(records=2, as_each_role=False))
    figure(f"crawl: {crawl.checked} pages checked, {len(crawl.reached)} kinds reached")
    assert not crawl.faults, "\n".join(crawl.faults)
    assert sorted(kinds_to_reach() - crawl.reached) == []


@pytest.mark.long
def test_each_page_is_a_good_page_for_each_role(a_device, network, figure):
    crawl = crawl_all(a_device, Crawl(records=3, as_each_role=True))
    figure(f"crawl: {crawl.checked} pages checked, {len(crawl.reached)} kinds reached")
    assert not crawl.faults, "\n".join(crawl.faults)
    assert sorted(kinds_to_reach() - crawl.reached) == []
