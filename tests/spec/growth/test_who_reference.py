"""WHO growth: every reference row, to two decimals, and every flag.

Source: rows made with WHO's R package `anthro`; the survey of WHO's igrowup macros
with its Stata results. Read from the reference data, never copied.
"""

import csv

import pytest
from tests import reference_data

from trellis.core.growth.scores import assess, days_from_months


Z_SCORES = ("zlen", "zwei", "zwfl", "zbmi", "zhc")
FLAGS = ("flen", "fwei", "fwfl", "fbmi", "fhc")
SEXES = {"1": "m", "2": "f"}


def rows(name):
    path = reference_data.folder("growth") / name
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(text):
    return float(text) if text else None


def answers(row, rename=lambda name: name):
    z_scores = {name: number(row[rename(name)]) for name in Z_SCORES}
    flags = {
        name: None if row[rename(name)] == "" else row[rename(name)] == "1"
        for name in FLAGS
    }
    return z_scores | flags


def differences(scores, expected):
    return [
        (name, getattr(scores, name), value)
        for name, value in expected.items()
        if getattr(scores, name) != value
    ]


def test_every_cell_of_the_rows_with_an_age_in_days_is_equal():
    found, cells, filled = [], 0, 0
    for row in rows("who_ref_6000.dev.csv"):
        scores = assess(
            sex=SEXES.get(row["sex"]),
            age_days=int(row["age_days"]) if row["age_days"] else None,
            weight_kg=number(row["weight_kg"]),
            lenhei_cm=number(row["lenhei_cm"]),
            measure=row["measure"] or None,
            headc_cm=number(row["headc_cm"]),
            oedema=row["oedema"] == "y",
        )
        expected = answers(row)
        cells += len(expected)
        filled += sum(value is not None for value in expected.values())
        found += [(row["id"], *cell) for cell in differences(scores, expected)]
        for mine, theirs in ((scores.clenhei_cm, "clenhei"), (scores.bmi, "cbmi")):
            assert mine == pytest.approx(number(row[theirs]), abs=1e-5)
    assert found == []
    assert (cells, filled > 30_000) == (36_400, True)


def test_every_row_with_an_age_in_months_is_equal():
    found = []
    every = rows("who_ref_months_500.dev.csv")
    for row in every:
        scores = assess(
            sex=SEXES[row["sex"]],
            age_days=days_from_months(float(row["age_months"])),
            weight_kg=number(row["weight"]),
        )
        flag = None if row["fwei"] == "" else row["fwei"] == "1"
        expected = {"zwei": number(row["zwei"]), "fwei": flag}
        found += [(row, *cell) for cell in differences(scores, expected)]
    assert found == []
    assert len(every) == 310


def test_the_survey_is_equal_but_for_four_children_past_the_last_day():
    """Stata's macros scored days 1827 to 1856; WHO's R package and we stop at 1826."""
    found = {}
    every = rows("pygrowup_survey_z_st.csv")
    for row in every:
        age_days = int(row["_agedays"]) if row["_agedays"] else None
        scores = assess(
            sex=SEXES.get(row["GENDER"]),
            age_days=age_days,
            weight_kg=number(row["WEIGHT"]),
            lenhei_cm=number(row["HEIGHT"]),
            measure=row["measure"] or None,
            headc_cm=number(row["HEAD"]),
            oedema=row["oedema"] == "y",
        )
        differing = differences(scores, answers(row, lambda name: f"_{name.upper()}"))
        if differing:
            found[row["id"]] = (age_days, {mine for _, mine, _ in differing})
    assert len(every) == 498
    assert {row: none for row, (_, none) in found.items()} == {
        "4": {None},
        "44": {None},
        "95": {None},
        "343": {None},
    }
    assert all(age_days > 1826 for age_days, _ in found.values())
