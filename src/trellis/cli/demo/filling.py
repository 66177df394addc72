"""Fills the demo's database site by site; goes on where it was stopped.

``python -m trellis.cli.demo.filling FOLDER --for PID`` fills what is missing while the
server, process PID, already answers. It stops within a second once that is gone.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from trellis.cli.demo.folder import TRUTH, Wanted, read_mark, write_json
from trellis.cli.exits import DONE, UNUSABLE_INPUT
from trellis.core.access.viewer import Viewer
from trellis.core.access.vocabulary import Purpose, Role
from trellis.synthetic import places
from trellis.synthetic.entities import Network, NetworkPlan, SiteData
from trellis.synthetic.network import make_plan
from trellis.synthetic.parts import parts_of
from trellis.synthetic.site import make_site
from trellis.synthetic.truth import truth


WRITER: Final = UUID("7e111500-0000-4000-8000-000000000001")
LOOKS_EVERY_SECONDS: Final = 0.5
FAMILIES_A_PART: Final = 40  # about a quarter of a second of the one write lock


def plan_of(wanted: Wanted) -> NetworkPlan:
    """The plan of the network.

    Raises:
        InvalidInput: more sites than there are names for, or too few families.
    """
    return make_plan(
        seed=wanted.seed,
        as_of=wanted.as_of,
        sites=wanted.sites,
        families=wanted.families,
    )


class Filler:
    """Stores the sites of one plan. ``at`` of the writer is the moment of starting."""

    def __init__(self, plan: NetworkPlan, at: datetime) -> None:
        # here, because these modules need Django to be set up
        from trellis.records.journeys import fill_network

        self._steps = fill_network
        self.plan = plan
        self.writer = Viewer(
            user_id=WRITER,
            role=Role.COORDINATOR,
            org_id=0,
            site_ids=frozenset(),
            purpose=Purpose.OPERATIONS,
            at=at,
        )
        self.organisations: Mapping[int, int] = fill_network.prepare(
            by=self.writer, plan=plan
        )
        programme = self.organisations[places.PROGRAMME.id]
        self.writer = replace(self.writer, org_id=programme)

    def fill(self, index: int) -> SiteData:
        """Store what is missing of a site; its data."""
        data = make_site(self.plan, index)
        by = self._writer_at(data)
        steps, organisations = self._steps, self.organisations
        for part in parts_of(data, families=FAMILIES_A_PART):
            steps.fill_site(by=by, data=part, organisations=organisations)
        steps.complete_site(
            by=by, plan=self.plan, data=data, organisations=organisations
        )
        return data

    def roll(self, index: int, on: date) -> int:
        """Move a site's next session to ``on``; how many were moved."""
        by = self._writer_at(make_site(self.plan, index))
        return len(self._steps.roll_to_today(by=by, on=on))

    def _writer_at(self, data: SiteData) -> Viewer:
        site_id = self._steps.open_site(
            by=self.writer, site=data.site, organisations=self.organisations
        )
        return replace(self.writer, site_ids=frozenset({site_id}))


def fill_all(filler: Filler, folder: Path, *, roll_to: date | None) -> None:
    """Every site, then the truth file. ``roll_to``: today, where it has moved on."""
    began = time.monotonic()
    sites = []
    for number, data in enumerate(_filled(filler, roll_to), start=1):
        sites.append(data)
        sys.stderr.write(
            f"{data.site.name} is ready ({number} of {len(filler.plan.families_at)}, "
            f"{time.monotonic() - began:.0f} s).\n"
        )
    write_truth(filler.plan, sites, folder)


def write_truth(plan: NetworkPlan, sites: list[SiteData], folder: Path) -> None:
    """What was put in and what came out of the draw, beside the data."""
    network = Network(
        plan=plan,
        organisations=places.organisations(plan),
        staff=places.network_staff(plan),
        sites=tuple(sites),
    )
    write_json(folder / TRUTH, truth(network))


def main(folder: Path, *, is_rolling: bool) -> int:
    """Fill what is missing in a demo's folder; started by ``trellis demo``."""
    wanted = read_mark(folder)
    if wanted is None:
        sys.stderr.write(f"There is no demo in {folder}.\n")
        return UNUSABLE_INPUT
    import django

    django.setup()
    from django.utils import timezone

    at = timezone.now()
    today = timezone.localdate(at)
    filler = Filler(plan_of(wanted), at)
    fill_all(filler, folder, roll_to=today if is_rolling else None)
    return DONE


def _filled(filler: Filler, roll_to: date | None) -> Iterator[SiteData]:
    for index in range(len(filler.plan.families_at)):
        data = filler.fill(index)
        if roll_to is not None:
            filler.roll(index, roll_to)
        yield data


def _leave_with(server: int) -> None:
    """Leave once the server that this filling is for has gone, however it ended.

    At once, in the middle of a step too: what is not committed is made again.
    """
    while os.getppid() == server:
        time.sleep(LOOKS_EVERY_SECONDS)
    os._exit(DONE)


if __name__ == "__main__":
    folder_named, _, server_pid, *words = sys.argv[1:]
    threading.Thread(target=_leave_with, args=[int(server_pid)], daemon=True).start()
    sys.exit(main(Path(folder_named), is_rolling="--roll" in words))
