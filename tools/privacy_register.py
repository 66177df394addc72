"""Render the register of stored fields into ``docs/privacy.md``.

    python tools/privacy_register.py [--check]

Tables, fields and classes come from each model's ``CLASSES``; why a field is kept and
what a court could reach are written by hand in ``privacy_reasons.toml``. Tables of
configuration alone hold nobody's facts and are only named. ``--check`` writes nothing.
"""

from __future__ import annotations

import os
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path


ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "privacy.md"
REASONS = Path(__file__).with_name("privacy_reasons.toml")
BEGIN, END = "<!-- register: begin -->", "<!-- register: end -->"
CONFIGURATION = "configuration"
COURT = "court"
KEPT = "kept"
SHORTER = {  # (table, field): what is true instead of KEPT
    ("imports_importrun", "content_sealed"): (
        "emptied at the decision, or at the site's next upload after a day"
    ),
}


def classed_tables() -> dict[str, Mapping[str, str]]:
    """The fields of every table with their classes, by name of the table."""
    from django.apps import apps

    return {
        model._meta.db_table: {f: c.value for f, c in model.CLASSES.items()}
        for model in apps.get_models()
        if getattr(model, "CLASSES", None)
    }


def sensitive_tables() -> dict[str, Mapping[str, str]]:
    """Those with at least one field that is not configuration."""
    return {
        table: fields
        for table, fields in classed_tables().items()
        if set(fields.values()) != {CONFIGURATION}
    }


def read_reasons() -> dict[str, dict[str, str]]:
    """The hand-written part: table -> field (or ``court``) -> reason."""
    return tomllib.loads(REASONS.read_text(encoding="utf-8"))


def gaps() -> list[str]:
    """Fields without a reason, and reasons without a field."""
    found = []
    tables, reasons = sensitive_tables(), read_reasons()
    for table in sorted(tables.keys() | reasons.keys()):
        stored = {*tables.get(table, ()), COURT}
        written = {name for name, text in reasons.get(table, {}).items() if text}
        found += [f"{table}.{name}: no reason" for name in sorted(stored - written)]
        found += [f"{table}.{name}: no field" for name in sorted(written - stored)]
    return found


def register() -> Iterator[str]:
    """The register, a table of Markdown for each table of the database."""
    reasons = read_reasons()
    tables = sensitive_tables()
    classes = Counter(c for fields in tables.values() for c in fields.values())
    yield f"{sum(classes.values())} fields in {len(tables)} tables.\n"
    for table, fields in tables.items():
        why = reasons[table]
        yield f"### `{table}`\n"
        yield f"A court order could reach: {why[COURT]}.\n"
        yield "| field | class | serves | kept |"
        yield "|---|---|---|---|"
        for name, data_class in fields.items():
            kept = SHORTER.get((table, name), KEPT)
            yield f"| `{name}` | {data_class} | {why[name]} | {kept} |"
        yield ""
    others = sorted(classed_tables().keys() - tables.keys())
    yield f"Configuration alone, nobody's facts: {', '.join(f'`{t}`' for t in others)}."


def page() -> str:
    """The whole page as it should be: what is written by hand, and the register."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    return f"{before}{BEGIN}\n\n" + "\n".join(register()) + f"\n\n{END}{after}"


def main(arguments: list[str]) -> int:
    """Write the page; 1 with the gaps, or with ``--check`` when it is out of date."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trellis.config.settings")
    import django

    django.setup()
    missing = gaps()
    for line in missing:
        print(line)
    if missing:
        return 1
    if "--check" in arguments:
        return int(PAGE.read_text(encoding="utf-8") != page())
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
