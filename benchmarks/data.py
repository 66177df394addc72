"""The network that is timed: synthetic, by seed and date, stored as in the demo."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management import call_command


SEED = 1
SITE_ZONE = ZoneInfo("America/New_York")


@dataclass(frozen=True)
class Network:
    """What stands in the database; ``people``: an account of each role, by role."""

    sites: int
    parents: int
    dyads: int


def network(*, sites: int, families: int) -> Network:
    """The network, made if it does not stand yet; a session of each site is today."""
    from trellis.cli.demo.filling import Filler
    from trellis.records.people.models import Dyad, Parent
    from trellis.synthetic.network import make_plan

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    now = datetime.now(UTC)
    today = now.astimezone(SITE_ZONE).date()
    mark = Path(settings.DATA_DIR) / "made-on"
    made_on = date.fromisoformat(mark.read_text()) if mark.exists() else today
    plan = make_plan(seed=SEED, as_of=made_on, sites=sites, families=families)
    filler, began = Filler(plan, now), time.monotonic()
    for index in range(sites):
        if not mark.exists():
            filler.fill(index)
            _say(f"site {index + 1} of {sites}: {time.monotonic() - began:.0f} s")
        filler.roll(index, today)
    mark.write_text(made_on.isoformat())
    return Network(sites, Parent.ungated.count(), Dyad.ungated.count())


def _say(text: str) -> None:
    print(text, file=sys.stderr)
