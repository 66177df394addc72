"""``trellis demo``: a synthetic network in a folder of its own, served on loopback."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from trellis.cli.demo import folder as data_folder
from trellis.cli.demo.folder import Wanted
from trellis.cli.demo.serving import become_server, check_port, loopback
from trellis.cli.exits import DONE
from trellis.core.errors import InvalidInput
from trellis.synthetic import places


if TYPE_CHECKING:
    from trellis.cli.demo.filling import Filler

HELP: Final = (
    "A network of clinics with families who never existed, in its own data folder,\n"
    "served to this machine alone. The first site is ready within a minute, the rest\n"
    "follows behind. Starting it again goes on with the same data; --fresh begins anew."
)
EXAMPLE: Final = "trellis demo --sites 3 --families 300"
NEEDS_DJANGO: Final = False  # set up below, once the folder is known

FOLDER: Final = Path("data") / "demo"
SITES, FAMILIES, SEED, PORT = 11, 1048, 1, 8000
WORKERS, THREADS = 2, 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Size, seed, date, folder and port."""
    parser.add_argument("--sites", type=int, help=f"how many (default {SITES})")
    parser.add_argument("--families", type=int, help=f"parents (default {FAMILIES})")
    parser.add_argument("--seed", type=int, help=f"of the draw (default {SEED})")
    parser.add_argument(
        "--as-of",
        metavar="DATE",
        help="the day the network shows, YYYY-MM-DD; the clock is moved there",
    )
    parser.add_argument("--data", type=Path, default=FOLDER, metavar="DIR")
    parser.add_argument("--no-serve", action="store_true", help="make it, and end")
    parser.add_argument("--port", type=int, default=PORT)
    parser.add_argument("--fresh", action="store_true", help="remove the demo first")


def run(options: argparse.Namespace) -> int:
    """Make the network and serve it; 0 when stopped.

    Raises:
        InvalidInput: the folder holds other data, the port is taken, or the numbers
            do not fit together.
    """
    began = time.monotonic()
    folder = options.data.resolve()
    as_of = _date(options.as_of)
    if not options.no_serve:
        check_port(options.port)
    if options.fresh:
        data_folder.clear(folder)
    held = data_folder.read_mark(folder)
    wanted = _wanted(options, held, as_of)
    _environment(folder, wanted, as_of)
    filler = _first_site(folder, wanted, is_new=held is None)
    moved = as_of is None and filler.roll(0, _today()) > 0
    if options.no_serve:
        return _fill_all(filler, folder, None if as_of else _today())
    _announce(options.port, began, is_moved=moved)
    _fill_behind(folder, is_rolling=as_of is None)
    become_server(loopback(options.port), workers=WORKERS, threads=THREADS)


def _date(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise InvalidInput(
            "--as-of", text, accepted="a date as YYYY-MM-DD", hint="Correct the date."
        ) from wrong


def _wanted(
    options: argparse.Namespace, held: Wanted | None, as_of: date | None
) -> Wanted:
    """What to make: what the folder holds, or what was asked for.

    Raises:
        InvalidInput: the folder holds a demo made otherwise.
    """
    from trellis.cli.demo.filling import plan_of

    if held is None:
        made = Wanted(
            seed=SEED if options.seed is None else options.seed,
            as_of=as_of or datetime.now(ZoneInfo(places.TIME_ZONE)).date(),
            sites=SITES if options.sites is None else options.sites,
            families=_families(options),
        )
        plan_of(made)  # refuses numbers that do not fit together
        return made
    given = {
        "--seed": (options.seed, held.seed),
        "--sites": (options.sites, held.sites),
        "--families": (options.families, held.families),
        "--as-of": (as_of, held.as_of),
    }
    for name, (asked, stands) in given.items():
        if asked is not None and asked != stands:
            raise InvalidInput(
                name,
                asked,
                accepted=f"{stands}, as the demo in {options.data} was made",
                hint="Add --fresh to make it anew, or name another folder.",
            )
    return held


def _families(options: argparse.Namespace) -> int:
    if options.families is not None:
        return int(options.families)
    sites = SITES if options.sites is None else options.sites
    return max(1, round(FAMILIES * sites / SITES))


def _environment(folder: Path, wanted: Wanted, as_of: date | None) -> None:
    """Tell the settings, which read the environment, that this is the demo."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "trellis.config.settings"
    os.environ["TRELLIS_DATA"] = str(folder)
    os.environ["TRELLIS_DEMO"] = "1"
    os.environ["TRELLIS_DEMO_SITES"] = str(wanted.sites)
    os.environ.pop("DATABASE_URL", None)  # never a database of somebody else
    os.environ.pop("TRELLIS_AS_OF", None)
    if as_of is not None:
        os.environ["TRELLIS_AS_OF"] = as_of.isoformat()


def _first_site(folder: Path, wanted: Wanted, *, is_new: bool) -> Filler:
    """Folder, keys, tables and the first site."""
    from trellis.records.access.keys import make_keys

    if is_new:
        data_folder.write_mark(folder, wanted)
        sys.stderr.write(f"Making the demo in {folder}.\n")
    make_keys(folder / data_folder.KEYS)
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from trellis.cli.demo.filling import Filler, plan_of

    call_command("migrate", verbosity=0, interactive=False)
    filler = Filler(plan_of(wanted), timezone.now())
    filler.fill(0)
    return filler


def _today() -> date:
    from django.utils import timezone

    return timezone.localdate()


def _fill_all(filler: Filler, folder: Path, roll_to: date | None) -> int:
    from trellis.cli.demo.filling import fill_all

    fill_all(filler, folder, roll_to=roll_to)
    return DONE


def _fill_behind(folder: Path, *, is_rolling: bool) -> None:
    """A process of its own fills the other sites; it ends when the server does."""
    from django.db import connections

    connections.close_all()  # the server takes this process over
    arguments = [sys.executable, "-m", "trellis.cli.demo.filling", str(folder)]
    arguments += ["--for", str(os.getpid())]
    if is_rolling:
        arguments.append("--roll")
    subprocess.Popen(arguments)  # noqa: S603 - our own interpreter and module


def _announce(port: int, began: float, *, is_moved: bool) -> None:
    """The address and who may sign in, on standard output."""
    from trellis.records.accounts.queries import personas

    shown = [one for one in personas() if ".site" not in one.email]
    shown += [one for one in personas() if ".site1@" in one.email]
    lines = [
        f"Trellis demo is at http://localhost:{port}",
        f"Ready after {time.monotonic() - began:.0f} s. Stop it with Ctrl-C.",
        "Everybody in it is made up. Sign in with one click as one of:",
    ]
    lines += [f"  {one.role.value:<18}{one.name}, {one.site_name}" for one in shown]
    if is_moved:
        lines.append("The next session of each site was moved to today.")
    sys.stdout.write("\n".join(lines) + "\n")
