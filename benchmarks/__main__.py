"""``make bench``: CPU of each page as a ratio to an empty signed-in page.

The network is made once for a size and kept in build/bench; the figures go to
``benchmarks/results``. Nothing is asserted: they depend on the machine, which is named
beside them. How many statements a page may take is asserted by the tests.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path


ROOT = Path(__file__).parent.parent
FAMILIES, SITES, REPEATS = 4700, 11, 7


def main() -> int:
    options = _options()
    folder = ROOT / "build" / "bench" / f"{options.sites}-sites-{options.families}"
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["TRELLIS_DATA"] = str(folder)
    os.environ["TRELLIS_INSECURE"] = "1"
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    sys.path.insert(0, str(ROOT / "src"))

    from trellis.records.access.keys import make_keys

    make_keys(folder / "keys.json")  # what is sealed today is opened in the next run
    import django

    django.setup()
    from benchmarks import data, pages, results

    network = data.network(sites=options.sites, families=options.families)
    measured = pages.measure(network, repeats=options.repeats)
    results.show(measured, network)
    results.write(measured, network, ROOT / "benchmarks" / "results" / options.name)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--families", type=int, default=FAMILIES)
    parser.add_argument("--sites", type=int, default=SITES)
    parser.add_argument("--repeats", type=int, default=REPEATS)
    parser.add_argument("--name", default="pages.json")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
