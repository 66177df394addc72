"""The project as a whole: licence, series of Django, targets, documents."""

from __future__ import annotations

import hashlib
import re
import tomllib

import django
import pytest
from tests.architecture import tree
from tools import clinical_docs, privacy_register

from trellis.cli.registry import ENTRIES


TARGETS = (
    *("help", "env", "assets", "demo", "test"),
    *("test-long", "check", "fix", "bench", "docs"),
)
DOCUMENTS = (
    *("README.md", "CONTRIBUTING.md", "GLOSSARY.md", "SECURITY.md", "CHANGELOG.md"),
    "docs/architecture.md",
)
# SHA-256 of the licence text as published by the Apache Software Foundation
APACHE = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"
AREA_CELLS = 6
ADR_HEADINGS = ("## Question", "## Decision", "## Instead of", "## Consequences")


def text_of(name):
    return (tree.ROOT / name).read_text(encoding="utf-8")


def all_documents():
    docs = (tree.ROOT / "docs").rglob("*.md")
    return "\n".join(
        path.read_text("utf-8") for path in [*docs, *tree.ROOT.glob("*.md")]
    )


def test_django_is_of_the_series_we_hold():
    assert django.VERSION[:2] == (5, 2)


def test_the_licence_is_apache_2():
    assert hashlib.sha256(text_of("LICENSE").encode()).hexdigest() == APACHE
    project = tomllib.loads(text_of("pyproject.toml"))["project"]
    assert project["license"] == "Apache-2.0"


@pytest.mark.parametrize("target", TARGETS)
def test_every_make_target_exists_and_is_explained(target):
    assert re.search(rf"^{target}:.*  ## ", text_of("Makefile"), re.MULTILINE)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_document_a_newcomer_needs_is_there(name):
    assert text_of(name).strip()


def test_ci_runs_the_words_of_the_makefile():
    runner = tree.ROOT / ".ci" / "run"
    assert runner.stat().st_mode & 0o111
    assert "make check" in text_of(".ci/run")
    assert "make test" in text_of(".ci/run")


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: " ".join(entry.words))
def test_every_command_is_named_in_the_documents(entry):
    command = f"trellis {' '.join(entry.words)}"
    assert command in all_documents(), "name it in README.md or below docs/"


def test_every_variable_of_the_environment_is_explained():
    read = re.compile(r"""environ(?:\.get\(|\[)\s*["']([A-Z_]+)["']""")
    names = {
        name
        for path in tree.modules("config", "cli")
        for name in read.findall(path.read_text("utf-8"))
    }
    names -= {"DJANGO_SETTINGS_MODULE"}
    settings = text_of("docs/operations/settings.md")
    assert sorted(name for name in names if f"`{name}`" not in settings) == []


def test_the_pages_of_clinical_rules_are_current():
    stale = [
        path.name
        for path, text in clinical_docs.pages().items()
        if not path.is_file() or path.read_text("utf-8") != text
    ]
    assert stale == [], "run `make docs` and read what changed"


def test_every_table_of_clinical_rules_is_whole():
    for path, text in clinical_docs.pages().items():
        rows = [line for line in text.splitlines() if line.startswith("|")]
        assert [row for row in rows if not row.endswith("|")] == [], path.name
        assert [row for row in rows if not row.strip("| ")] == [], path.name
        assert re.search(r"^## |^- ", text, re.MULTILINE), path.name


def test_every_stored_field_has_a_reason_and_no_reason_stands_alone():
    assert privacy_register.gaps() == [], "write it in tools/privacy_reasons.toml"


def test_the_register_of_stored_fields_is_current():
    written = text_of("docs/privacy.md")
    assert written == privacy_register.page(), "run `make docs`"


def test_the_table_of_areas_says_which_tests_there_are():
    folders = {"unit": "unit/core", "spec": "spec", "integration": "integration"}
    wrong = []
    for line in text_of("docs/architecture.md").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("| ") or len(cells) != AREA_CELLS or cells[0] == "area":
            continue
        there = [
            kind
            for kind, folder in folders.items()
            if list((tree.ROOT / "tests" / folder / cells[0]).glob("test_*.py"))
        ]
        if cells[4] != (", ".join(there) or "-"):
            wrong.append(f"{cells[0]}: {there}")
    assert wrong == []


def test_every_link_between_documents_leads_somewhere():
    dead = []
    for path in [*(tree.ROOT / "docs").rglob("*.md"), *tree.ROOT.glob("*.md")]:
        text = re.sub(r"```.*?```", "", path.read_text("utf-8"), flags=re.DOTALL)
        for target in re.findall(r"\]\(([^)#\s]+)", text):
            if "://" not in target and not (path.parent / target).exists():
                dead.append(f"{path.name}: {target}")
    assert dead == []


def test_decision_records_are_numbered_and_complete():
    records = sorted((tree.ROOT / "docs" / "adr").glob("*.md"))
    numbers = [int(path.name[:4]) for path in records]
    assert numbers == list(range(1, len(records) + 1))
    for path in records:
        text = path.read_text("utf-8")
        assert [h for h in ADR_HEADINGS if h not in text] == [], path.name


def test_no_file_names_this_or_any_developers_machine():
    found = []
    for pattern in ("*.md", "*.toml", "*.in", "*.lock", "Makefile", ".npmrc"):
        for path in tree.ROOT.glob(pattern):
            homes = re.findall(r"/(?:home|Users|root)/\w+", path.read_text("utf-8"))
            found += [f"{path.name}: {home}" for home in homes]
    assert found == []
