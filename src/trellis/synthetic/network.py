"""The synthetic network: a plan, its sites one by one, or all of it."""

from __future__ import annotations

from datetime import date
from typing import Final

from trellis.core.errors import InvalidInput
from trellis.synthetic import names, places
from trellis.synthetic.chance import Chance
from trellis.synthetic.entities import Network, NetworkPlan
from trellis.synthetic.site import make_site


LEAST_FAMILIES_AT_A_SITE: Final = 8
SIZE_SPREAD: Final = 0.25
PARTNER_SITE: Final = 10


def make_plan(
    *, seed: int, as_of: date, sites: int = 11, families: int = 1048
) -> NetworkPlan:
    """How many parents each site has; the cheap step before ``make_site``.

    The partner practice has the eleventh site, or the last of a smaller network of at
    least two.

    Raises:
        InvalidInput: more sites than there are names for, or too few families.
    """
    if sites not in range(1, len(names.SITES) + 1):
        raise InvalidInput(
            "Sites",
            sites,
            accepted=f"1 to {len(names.SITES)}",
            hint="The demo network has eleven.",
        )
    least = LEAST_FAMILIES_AT_A_SITE * sites
    if families < least:
        raise InvalidInput(
            "Families",
            families,
            accepted=f"{least} or more for {sites} sites",
            hint="Each site needs a group that is due today.",
        )
    partner = None if sites == 1 else min(PARTNER_SITE, sites - 1)
    return NetworkPlan(seed, as_of, _shared_out(seed, sites, families), partner)


def make_network(
    *, seed: int, as_of: date, sites: int = 11, families: int = 1048
) -> Network:
    """The whole network as it stands on the morning of ``as_of``.

    The same seed and date give the same network in every process.

    Raises:
        InvalidInput: see ``make_plan``.
    """
    plan = make_plan(seed=seed, as_of=as_of, sites=sites, families=families)
    return Network(
        plan=plan,
        organisations=places.organisations(plan),
        staff=places.network_staff(plan),
        sites=tuple(make_site(plan, index) for index in range(sites)),
    )


def _shared_out(seed: int, sites: int, families: int) -> tuple[int, ...]:
    """Families a site: the least for each, the rest by sizes that differ somewhat."""
    chance = Chance("plan", seed)
    weights = [chance.uniform(1 - SIZE_SPREAD, 1 + SIZE_SPREAD) for _ in range(sites)]
    rest = families - LEAST_FAMILIES_AT_A_SITE * sites
    shares = [int(rest * weight / sum(weights)) for weight in weights]
    left = rest - sum(shares)
    return tuple(
        LEAST_FAMILIES_AT_A_SITE + share + (index < left)
        for index, share in enumerate(shares)
    )
