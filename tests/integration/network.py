"""The synthetic network in the test database: small, whole, and the same every time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache

from trellis.cli.demo.filling import Filler
from trellis.records.accounts.models import Membership
from trellis.records.accounts.queries import viewer_of
from trellis.synthetic.network import make_plan
from trellis.synthetic.site import make_site


AS_OF = date(2027, 3, 1)  # a Monday
MORNING = datetime(2027, 3, 1, 13, 30, tzinfo=UTC)  # half past eight at the sites


@cache
def plan(sites=2, families=16):
    return make_plan(seed=1, as_of=AS_OF, sites=sites, families=families)


@cache
def data_of(index, sites=2, families=16):
    return make_site(plan(sites, families), index)


@dataclass
class Stored:
    """A network that was filled, and the people in it as viewers."""

    filler: Filler

    def viewer(self, login, *, at=MORNING):
        email = f"{login}@demo.example"
        rows = Membership.objects.filter(user__email=email).order_by("pk")
        return viewer_of(rows.select_related("integrated_unit")[0], at=at)


def fill(sites=2):
    filler = Filler(plan(), MORNING)
    for index in range(sites):
        filler.fill(index)
    return Stored(filler)
