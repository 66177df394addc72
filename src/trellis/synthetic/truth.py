"""The truth file: what was put in, with its basis, and what came out of the draw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from trellis.synthetic.entities import Network, SiteData
from trellis.synthetic.parameters import (
    ARRANGED,
    ASSUMPTION,
    MIXTURES,
    PARAMETERS,
    SHEET_EDITIONS,
)


FORMAT = "trellis-demo-truth-1"


def truth(network: Network) -> dict[str, object]:
    """Parameters and realised counts, as plain values for JSON."""
    plan = network.plan
    return {
        "format": FORMAT,
        "synthetic": True,
        "seed": plan.seed,
        "as_of": plan.as_of.isoformat(),
        "parameters": [
            {
                "name": one.name,
                "value": one.value,
                "unit": one.unit,
                "basis": one.basis,
                "is_assumption": ASSUMPTION in one.basis,
            }
            for one in PARAMETERS
        ],
        "mixtures": [
            {
                "name": one.name,
                "shares": dict(one.shares),
                "basis": one.basis,
                "is_assumption": ASSUMPTION in one.basis,
            }
            for one in MIXTURES
        ],
        "sheet_editions": {
            cvx: edition.isoformat() for cvx, edition in SHEET_EDITIONS.items()
        },
        "arranged": list(ARRANGED),
        "realised": _realised(network.sites),
        "sites": [
            {"site": data.site.id, "name": data.site.name, **_realised([data])}
            for data in network.sites
        ],
    }


def _realised(sites: Iterable[SiteData]) -> dict[str, object]:
    sites = list(sites)
    due = sum(tally.due for data in sites for tally in data.tallies)
    completed = sum(tally.completed for data in sites for tally in data.tallies)
    counted: dict[str, object] = {
        name: sum(len(getattr(data, name)) for data in sites)
        for name in (
            "parents",
            "caregivers",
            "children",
            "pregnancies",
            "dyads",
            "episodes",
            "cohorts",
            "sessions",
            "places",
            "out_of_window",
            "make_ups",
            "encounters",
            "measurements",
            "doses",
            "care_links",
        )
    }
    return counted | {
        "visits_due": due,
        "visits_completed": completed,
        "places_by_status": _counts(
            place.status for data in sites for place in data.places
        ),
        "places_with_agreement": sum(
            place.has_agreement for data in sites for place in data.places
        ),
        "parents_by_language": _counts(
            parent.language for data in sites for parent in data.parents
        ),
        "parents_by_ethnicity": _counts(
            parent.ethnicity for data in sites for parent in data.parents
        ),
        "dyads_by_kind": _counts(dyad.kind for data in sites for dyad in data.dyads),
        "still_pregnant": sum(
            pregnancy.ended_on is None
            for data in sites
            for pregnancy in data.pregnancies
        ),
    }


def _counts(words: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(words).items()))
