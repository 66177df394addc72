"""The eight children of the group day: shifted by whole weeks, close in age, read.

Source: eight children of the Synthea sample data, moved in time by whole weeks; all are
invented.
"""

import json
from datetime import date

import pytest
from tests import reference_data
from tests.browser.eight_children import (
    CHOSEN,
    THE_DAY,
    eight_children,
    registry_answer,
    roster,
)

from trellis.core.people.visits import Visit, planning_window
from trellis.fhir.reading import read_fhir_file
from trellis.iis.reading import read_registry_file


@pytest.fixture(scope="module")
def children():
    return eight_children()


def test_they_are_infants_of_one_visit(children):
    ages = [(THE_DAY - child.born).days for child in children]
    assert max(ages) - min(ages) <= 7
    for child in children:
        assert planning_window(Visit("2m"), child.born).holds(THE_DAY)


def test_each_file_is_read_without_a_problem(children):
    for child in children:
        read = read_fhir_file(child.content, file=child.name, as_of=THE_DAY)
        assert not read.problems, child.name
        (history,) = read.children
        assert history.born == child.born
        assert history.doses
        assert history.measurements


def test_the_registry_knows_the_dose_at_birth(children):
    answer = registry_answer(children[0], 0)
    read = read_registry_file(answer, file="registry.hl7", as_of=THE_DAY)
    assert not read.problems
    (history,) = read.children
    assert [(dose.on, dose.cvx) for dose in history.doses] == [(children[0].born, "08")]


def test_the_roster_names_each_child(children):
    text = roster(children, site="site1").decode()
    assert all(child.family in text for child in children)


@pytest.mark.parametrize("key", CHOSEN)
def test_a_record_is_shifted_by_whole_weeks(key, children):
    folder = reference_data.folder("fhir") / "synthea_children"
    text = (folder / f"{key}.json").read_text(encoding="utf-8")
    before = next(
        date.fromisoformat(entry["resource"]["birthDate"])
        for entry in json.loads(text)["entry"]
        if entry["resource"]["resourceType"] == "Patient"
    )
    after = next(child for child in children if child.name == f"{key}.json").born
    assert (after - before).days % 7 == 0
