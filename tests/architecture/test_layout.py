"""Names and places: one word per area at every level, nothing in a bag of its own."""

from __future__ import annotations

import re

import pytest
from tests.architecture import tree


DOCUMENT = tree.ROOT / "docs" / "architecture.md"
BAGS = frozenset({"utils", "util", "helpers", "helper", "common", "general", "manager"})
ENTRY_POINTS = {"cli", "fhir", "iis", "synthetic"}
NO_AREA = {
    "core": {"tables"},
    "records": {"journeys"},
    "web": {
        *("today", "gallery", "printing"),
        *("templatetags", "static", "templates", "formats"),
    },
}


def area_table():
    """Rows of the table in docs/architecture.md: area, then a cell for each level."""
    text = DOCUMENT.read_text(encoding="utf-8")
    rows = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and len(cells) == 6 and cells[0] != "area":
            levels = zip(("core", "records", "web"), cells[1:4], strict=True)
            rows[cells[0]] = dict(levels)
    return rows


def test_the_table_of_areas_can_be_read():
    assert {"access", "consent", "people", "groups"} <= set(area_table())


@pytest.mark.parametrize("level", ["core", "records", "web"])
def test_the_tree_is_the_area_table(level):
    named = set()
    for area, cells in area_table().items():
        if f"`{level}/" in cells[level]:
            assert f"`{level}/{area}`" in cells[level], "one word at every level"
            named.add(area)
    assert tree.packages(level) - NO_AREA[level] == named


def test_no_module_is_a_bag():
    names = [path for path in tree.modules() if path.stem in BAGS]
    names += [path for path in tree.PACKAGE.rglob("*") if path.name in BAGS]
    assert [str(path.relative_to(tree.ROOT)) for path in names] == []


def test_no_module_stands_beside_a_package_of_its_name():
    both = [path for path in tree.modules() if path.with_suffix("").is_dir()]
    assert [str(path.relative_to(tree.ROOT)) for path in both] == []


def test_unit_and_spec_tests_mirror_the_core():
    for kind in ("unit/core", "spec"):
        folder = tree.ROOT / "tests" / kind
        areas = {path.name for path in folder.glob("*") if path.is_dir()}
        areas -= {"__pycache__"}
        assert areas - ENTRY_POINTS <= set(area_table()), kind


def test_every_import_contract_names_what_it_forbids():
    text = (tree.ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert len(re.findall(r"\[\[tool\.importlinter\.contracts\]\]", text)) >= 6
