"""Near-duplicates: which two records a person is asked about.

Weights and thresholds are our choice: probable from 90, possible from 70. Twins are
never called the same person. All names are invented.
"""

from datetime import date

import pytest
from hypothesis import given, strategies

from trellis.core.people.names import (
    PersonFacts,
    edits_between,
    folded,
    likely_same,
)


BORN = date(2025, 3, 4)
NOA = PersonFacts("Noa", "Castillo", BORN, "f", "Inés Castillo")


def child(given="Noa", family="Castillo", born=BORN, sex="f", **more):
    return PersonFacts(given, family, born, sex, more.get("mother"), more.get("order"))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param(NOA, NOA, "probable", id="everything equal"),
        pytest.param(
            NOA,
            child("NOA", "castillo", mother="Ines  Castillo"),
            "probable",
            id="case, accents and spaces differ",
        ),
        pytest.param(child(), child(), "probable", id="mother not known"),
        pytest.param(child(), child("Castillo", "Noa"), "probable", id="names swapped"),
        pytest.param(
            NOA,
            child(born=date(2025, 4, 3), mother="Inés Castillo"),
            "probable",
            id="day and month swapped, same mother",
        ),
        pytest.param(
            child(), child(born=date(2025, 4, 3)), "possible", id="day, month swapped"
        ),
        pytest.param(
            child(), child(born=date(2025, 3, 14)), "possible", id="one digit of date"
        ),
        pytest.param(
            child(), child(born=date(2025, 9, 17)), "none", id="another birth date"
        ),
        pytest.param(child(), child(born=None), "possible", id="birth date unknown"),
        pytest.param(
            child(), child(family="Castilo"), "possible", id="a slip in family name"
        ),
        pytest.param(
            child("Marisol"), child("Marisal"), "possible", id="a slip in given name"
        ),
        pytest.param(
            child("Marisol", mother="Inés Castillo"),
            child("Marisal", mother="Inés Castillo"),
            "possible",
            id="a slip in the given name is never probable, they may be twins",
        ),
        pytest.param(
            child("Ana"), child("Ana María"), "possible", id="second given name"
        ),
        pytest.param(
            child(family="Castillo"),
            child(family="Castillo Vega"),
            "possible",
            id="second family name",
        ),
        pytest.param(
            child("Baby Girl", mother="Inés Castillo"),
            child("Noa", mother="Inés Castillo"),
            "possible",
            id="not named yet when the registry heard of her",
        ),
        pytest.param(
            NOA,
            child(family="Rivera", mother="Inés Castillo"),
            "possible",
            id="the father's family name, same mother",
        ),
        pytest.param(
            child(), child(family="Rivera"), "none", id="another family, same day"
        ),
        pytest.param(child(), child(sex="m"), "possible", id="sex entered wrongly"),
        pytest.param(child(sex=None), child(), "probable", id="sex unknown"),
        pytest.param(
            child("Leo", "Castillo"),
            child("Tariq", "Osei"),
            "none",
            id="another child, born on the same day",
        ),
        pytest.param(
            child("", "", None, None), child("", "", None, None), "none", id="nothing"
        ),
    ],
)
def test_who_is_asked_about(one, other, expected):
    assert likely_same(one, other).match == expected
    assert likely_same(other, one) == likely_same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(child("Noa"), child("Leo", sex="m"), id="a girl and a boy"),
        pytest.param(child("Noa"), child("Mia"), id="two girls"),
        pytest.param(child("Kayla"), child("Layla"), id="names one letter apart"),
        pytest.param(child("Mia"), child("Mio"), id="short names one letter apart"),
        pytest.param(
            child("Jaden", order=1), child("Jayden", order=2), id="first and second"
        ),
        pytest.param(child("Jaden", order=1), child("Jayden"), id="a twin, like name"),
        pytest.param(
            child("Marion", sex="f"), child("Marian", sex="m"), id="like names, sex"
        ),
        pytest.param(
            child("Baby Boy", order=1), child("Baby Boy", order=2), id="not named yet"
        ),
        pytest.param(
            child("Noa", "Castillo", mother="Inés Castillo"),
            child("Eva", "Castillo Vega", mother="Inés Castillo"),
            id="family name written in two ways",
        ),
    ],
)
def test_twins_are_never_called_the_same_person(one, other):
    likeness = likely_same(one, other)
    assert (likeness.score, likeness.reasons) == (0, ("twins-or-siblings",))
    assert likely_same(other, one) == likeness


def test_the_reasons_are_said():
    reasons = likely_same(NOA, child(born=date(2025, 4, 3), mother="Inés Castilla"))
    assert reasons.reasons == (
        "same-name",
        "day-and-month-of-birth-swapped",
        "same-sex",
        "similar-name-of-the-mother",
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Núñez-O'Brien", "nunez obrien"),
        ("  JOSÉ   maría ", "jose maria"),
        ("Łukasz Bjørn Weiß", "lukasz bjorn weiss"),
        ("D’Angelo, Jr.", "dangelo jr"),
        ("Nguyễn Thị Đào", "nguyen thi dao"),
        ("张伟", "张伟"),
        ("Олена", "олена"),
        ("", ""),
        ("- . '", ""),
    ],
)
def test_names_are_folded_for_searching(name, expected):
    assert folded(name) == expected


@given(strategies.text(max_size=30))
def test_folding_twice_changes_nothing(name):
    assert folded(folded(name)) == folded(name)


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [
        ("", "", 0),
        ("ana", "ana", 0),
        ("ana", "anna", 1),
        ("jhon", "john", 1),
        ("kitten", "sitting", 3),
        ("", "abc", 3),
    ],
)
def test_edits_between_names(one, other, edits):
    assert edits_between(one, other) == edits
    assert edits_between(other, one) == edits


PERSONS = strategies.builds(
    PersonFacts,
    given=strategies.sampled_from(["Noa", "Nóa", "Marisol", "Marisal", "Baby", ""]),
    family=strategies.sampled_from(["Castillo", "Castilo", "Noa", "Rivera", ""]),
    born=strategies.sampled_from([None, BORN, date(2025, 4, 3), date(2025, 3, 14)]),
    sex=strategies.sampled_from([None, "m", "f"]),
    mother_name=strategies.sampled_from([None, "Inés Castillo", "Ada Osei"]),
    birth_order=strategies.sampled_from([None, 1, 2]),
)


@given(PERSONS, PERSONS)
def test_a_score_lies_between_0_and_100_and_order_does_not_matter(one, other):
    likeness = likely_same(one, other)
    assert 0 <= likeness.score <= 100
    assert likely_same(other, one) == likeness
