"""Showing the figures, and keeping them with the machine that gave them."""

from __future__ import annotations

import json
import platform
import sqlite3
import sys
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from benchmarks.data import Network
from benchmarks.pages import Measured


def show(measured: list[Measured], network: Network) -> None:
    print(
        f"{network.dyads} dyads, {network.parents} parents, {network.sites} sites; "
        f"{_processor()}"
    )
    print(f"{'page':<24}{'rows':>5}{'SQL':>5}{'ms':>8}{'p90':>8}{'ratio':>7}", end="")
    print(f"{'template':>10}{'orm':>7}{'db':>7}{'rest':>7}")
    for one in measured:
        shares = " ".join(f"{share:>6.0%}" for share in one.shares.values())
        print(
            f"{one.page:<24}{one.rows:>5}{one.statements:>5}{one.median_ms:>8.1f}"
            f"{one.p90_ms:>8.1f}{one.ratio:>7.1f}    {shares}"
        )


def write(measured: list[Measured], network: Network, path: Path) -> None:
    content = {
        "network": asdict(network),
        "machine": {
            "processor": _processor(),
            "python": platform.python_version(),
            "django": version("django"),
            "sqlite": sqlite3.sqlite_version,
            "system": platform.system(),
        },
        "pages": [asdict(one) for one in measured],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    print(f"written to {path.relative_to(Path.cwd())}", file=sys.stderr)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    named = (line.split(":", 1)[1].strip() for line in lines if "model name" in line)
    return next(named, platform.machine())
