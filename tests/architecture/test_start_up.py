"""Pure commands start fast: they load neither Django nor a heavy library."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from tests.architecture import tree

from trellis.cli.registry import ENTRIES


HEAVY = ("django", "duckdb", "numpy", "openpyxl", "ortools", "scipy", "typst")
MUST_BE_PURE = {("growth",), ("iis", "parse"), ("consent", "matrix")}
LOADED = """
import importlib
import json
import sys
from trellis.cli import main
module = importlib.import_module(MODULE)
loaded = sorted(set(HEAVY) & set(sys.modules))
print(json.dumps({"needs_django": module.NEEDS_DJANGO, "loaded": loaded}))
"""
HELP = """
import sys
from trellis.cli.main import main
status = main(WORDS)
bad = sorted(set(HEAVY) & set(sys.modules))
assert not bad, f"loads {bad}"
sys.exit(status)
"""


def run(program, **values):
    """Run a program in a Python of its own; its standard output."""
    head = "".join(f"{name} = {value!r}\n" for name, value in values.items())
    done = subprocess.run(
        [sys.executable, "-c", head + program],
        capture_output=True,
        text=True,
        cwd=tree.ROOT,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_help_of_all_commands_loads_nothing_heavy():
    assert "trellis growth" in run(HELP, HEAVY=HEAVY, WORDS=["--help"])


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: " ".join(entry.words))
def test_a_pure_command_loads_nothing_heavy(entry):
    facts = json.loads(run(LOADED, HEAVY=HEAVY, MODULE=entry.module))
    if entry.words in MUST_BE_PURE:
        assert not facts["needs_django"]
    if not facts["needs_django"]:
        assert facts["loaded"] == []


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: " ".join(entry.words))
def test_each_command_explains_itself_before_it_loads_anything(entry):
    shown = run(HELP, HEAVY=HEAVY, WORDS=[*entry.words, "--help"])
    assert "Example: trellis " in shown
