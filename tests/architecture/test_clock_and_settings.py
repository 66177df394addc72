"""Below the entry points nobody reads the clock, chance or a setting."""

from __future__ import annotations

from tests.architecture import tree


BELOW = ("core", "planning", "synthetic", "records")
CLOCK = frozenset({"today", "now", "utcnow", "localdate", "localtime", "time_ns"})


def test_nobody_below_the_entry_points_reads_the_clock():
    found = [
        f"{tree.at(path, line)} {name}()"
        for path in tree.modules(*BELOW)
        for line, name in tree.calls(path)
        if name in CLOCK
    ]
    assert found == []


def test_nobody_below_the_entry_points_reads_a_setting_or_the_environment():
    found = [
        f"{tree.at(path, line)} {name}"
        for path in tree.modules(*BELOW)
        for line, name in tree.imports(path)
        if name in {"django.conf.settings", "os.environ", "os.getenv"}
    ]
    found += [
        f"{tree.at(path, line)} {name}"
        for path in tree.modules(*BELOW)
        for line, name in tree.attributes(path)
        if name in {"environ", "getenv"}
    ]
    assert found == []


def test_no_transaction_spans_a_whole_request():
    word = "ATOMIC" + "_REQUESTS"
    found = [path for path in tree.modules() if word in path.read_text("utf-8")]
    assert found == []
