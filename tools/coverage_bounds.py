"""Hold the joined coverage of a whole run against its bounds.

Lines and branches count alike. Who may see what is decided in two packages whose every
branch must have been taken; the rest of what decides or writes may miss a tenth.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from coverage import Coverage


SOURCE = "src/trellis/"
BOUNDS = {
    "core/access": 100.0,
    "core/consent": 100.0,
    "core/immunization": 100.0,
    "core": 90.0,
    "planning": 90.0,
    "records": 90.0,
}
Counts = Mapping[str, int]


def percent(summaries: Iterable[Counts]) -> float | None:
    """Covered lines and branches of all files together; None where there are none."""
    covered = total = 0
    for counts in summaries:
        covered += counts["covered_lines"] + counts["covered_branches"]
        total += counts["num_statements"] + counts["num_branches"]
    return 100 * covered / total if total else None


def below(folder: str, files: Mapping[str, Counts]) -> dict[str, Counts]:
    """The files of one folder of the package."""
    start = f"{SOURCE}{folder}/"
    return {name: counts for name, counts in files.items() if name.startswith(start)}


def missed(files: Mapping[str, Counts]) -> list[str]:
    """Names of files with an untaken line or branch, most first."""
    gaps = {
        name: counts["missing_lines"] + counts["missing_branches"]
        for name, counts in files.items()
    }
    worst = sorted((name for name in gaps if gaps[name]), key=lambda name: -gaps[name])
    return [f"    {gaps[name]:4d} missed in {name}" for name in worst[:12]]


def judge(files: Mapping[str, Counts]) -> bool:
    """Print one line per bound, with the files that miss most; True when all hold."""
    is_good = True
    for folder, bound in BOUNDS.items():
        part = below(folder, files)
        reached = percent(part.values())
        if reached is None:
            continue
        holds = reached >= bound
        is_good = is_good and holds
        verdict = "ok" if holds else "BELOW"
        print(f"coverage {folder:<18} {reached:6.2f} %  (bound {bound:g} %)  {verdict}")
        if not holds:
            print("\n".join(missed(part)))
    return is_good


def main() -> int:
    """Read ``.coverage`` of this folder."""
    coverage = Coverage()
    coverage.load()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "coverage.json"
        coverage.json_report(outfile=str(report))
        files = json.loads(report.read_text(encoding="utf-8"))["files"]
    return 0 if judge({name: entry["summary"] for name, entry in files.items()}) else 1


if __name__ == "__main__":
    sys.exit(main())
