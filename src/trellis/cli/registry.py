"""Every command of the console script: one entry each.

Summary and example stand here, not in the command's module, so that
``trellis --help`` imports no command. A command's module has the constants ``HELP``,
``EXAMPLE`` and ``NEEDS_DJANGO`` and the functions ``add_arguments(parser)`` and
``run(options)``, which returns an exit status (exits.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Entry:
    """One command: its area word, the words typed, where it lives, how it is shown."""

    area: str
    words: tuple[str, ...]
    module: str
    summary: str
    example: str


ENTRIES: Final[tuple[Entry, ...]] = (
    Entry(
        "service",
        ("demo",),
        "trellis.cli.commands.demo",
        "Make a network of families who never existed, and serve it here.",
        "trellis demo --sites 3 --families 300",
    ),
    Entry(
        "service",
        ("serve",),
        "trellis.cli.commands.serve",
        "Serve this installation, after checking that it is safe to.",
        "trellis serve --bind 127.0.0.1:8000 --workers 4",
    ),
    Entry(
        "service",
        ("audit", "verify"),
        "trellis.cli.commands.audit_verify",
        "Check that the audit trail is whole; names the first bad entry.",
        "trellis audit verify --json",
    ),
    Entry(
        "import",
        ("import", "roster"),
        "trellis.cli.commands.import_roster",
        "Bring in families from a roster, CSV or workbook.",
        "trellis import roster families.csv --dry-run",
    ),
    Entry(
        "import",
        ("import", "fhir"),
        "trellis.cli.commands.import_fhir",
        "Bring in children's records, FHIR R4.",
        "trellis import fhir mina.json noor.json",
    ),
    Entry(
        "import",
        ("import", "iis"),
        "trellis.cli.commands.import_iis",
        "Bring in answers of immunization registries.",
        "trellis import iis answers.hl7",
    ),
    Entry(
        "consent",
        ("consent", "decide"),
        "trellis.cli.commands.consent_decide",
        "Answer access requests, one JSON object a line.",
        "trellis consent decide < requests.jsonl > answers.jsonl",
    ),
    Entry(
        "consent",
        ("consent", "matrix"),
        "trellis.cli.commands.consent_matrix",
        "Print which role may open which class of data, and by what.",
        "trellis consent matrix --csv",
    ),
    Entry(
        "growth",
        ("growth",),
        "trellis.cli.commands.growth",
        "Z-scores of weight, length and head by the WHO standards.",
        "trellis growth measured.csv scores.csv",
    ),
    Entry(
        "iis",
        ("iis", "parse"),
        "trellis.cli.commands.iis_parse",
        "Read HL7 v2 answers of immunization registries, one line a message.",
        "trellis iis parse answers/ answers.jsonl",
    ),
)
