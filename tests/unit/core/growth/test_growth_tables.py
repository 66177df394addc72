"""The WHO tables: made again they are the same, and every value is the source's."""

import csv
import hashlib
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests import reference_data

from trellis.core.growth.standards import MODULES, table


REPOSITORY = reference_data.REPOSITORY
TABLES = REPOSITORY / "src" / "trellis" / "core" / "tables"
SOURCES = {
    "weight": ("weight_for_age", "age_days", 1),
    "length": ("length_height_for_age", "age_days", 1),
    "head": ("head_circumference_for_age", "age_days", 1),
    "bmi": ("bmi_for_age", "age_days", 1),
    "weight-for-length": ("weight_for_length", "length_cm", 10),
    "weight-for-height": ("weight_for_height", "height_cm", 10),
}


def test_the_script_makes_the_same_files_again(tmp_path):
    source = reference_data.folder("growth") / "who_lms"
    script = REPOSITORY / "tools" / "make_growth_tables.py"
    subprocess.run([sys.executable, script, source, tmp_path], check=True)
    made = sorted(path.name for path in tmp_path.iterdir())
    assert len(made) == 7
    for name in made:
        assert (tmp_path / name).read_bytes() == (TABLES / name).read_bytes(), name


@pytest.mark.parametrize("standard", SOURCES)
def test_every_value_is_that_of_the_source(standard):
    name, key, per_unit = SOURCES[standard]
    path = reference_data.folder("growth") / "who_lms" / f"{name}.csv"
    compared = 0
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            at = round(float(row[key]) * per_unit)
            lms = table(standard, row["sex"]).at(at)
            values = (lms.power, lms.median, lms.variation)
            assert values == tuple(float(row[column]) for column in "lms"), row
            compared += 1
    rows = 2 * len(table(standard, "m").rows)
    assert compared == rows


def test_the_page_of_sources_names_the_checksum_of_each_module():
    page = (TABLES / "SOURCE.md").read_text(encoding="utf-8")
    named = dict(re.findall(r"\| `(who_\w+\.py)` \| `([0-9a-f]{64})`", page))
    found = {
        Path(module.__file__).name: hashlib.sha256(
            Path(module.__file__).read_bytes()
        ).hexdigest()
        for module in MODULES.values()
    }
    assert named == found


@pytest.mark.parametrize("row", [-1, 1827])
def test_there_is_no_row_before_birth_or_after_the_last_day(row):
    assert table("weight", "m").at(row) is None
    assert table("weight", "f").at(row) is None


def test_the_tables_cover_what_their_page_says():
    assert len(table("weight", "m").rows) == 1827
    assert len(table("weight-for-length", "f").rows) == 651
    assert len(table("weight-for-height", "f").rows) == 551
