"""The circle's record names nobody of the session."""

import pytest

from trellis.core.errors import RuleRefused
from trellis.core.groups.group_record import check_names_nobody, named_word


NAMES = ("José", "Núñez-Ortega", "Mina", "O'Brien", "de la Cruz", "Jo", "Anne Marie")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        pytest.param("Jose asked about sleep", "Jose", id="without the accent"),
        pytest.param("We heard JOSÉ.", "JOSÉ", id="in capitals, before a full stop"),
        pytest.param("José’s night", "José’s", id="possessive"),
        pytest.param("Mina: better", "Mina", id="before a colon"),
        pytest.param("the Ortega family", "Ortega", id="half of a double name"),
        pytest.param("OBrien spoke", "OBrien", id="without the apostrophe"),
        pytest.param("Brien spoke", "Brien", id="after the apostrophe"),
        pytest.param("(Cruz)", "Cruz", id="in brackets, without its particles"),
        pytest.param("Jo laughed", "Jo", id="two letters"),
        pytest.param("Marie laughed", "Marie", id="a second given name"),
    ],
)
def test_a_name_is_found(text, word):
    assert named_word(text, names=NAMES) == word


@pytest.mark.parametrize(
    "text",
    [
        "We talked about sleep and the nights of the first weeks.",
        "De la leche a la comida: la primera papilla.",
        "Joy, minatory, joseph, and other words that hold a name.",
        "",
    ],
)
def test_ordinary_words_pass(text):
    check_names_nobody(text, names=NAMES, identifiers=("A-17",))


def test_the_refusal_says_which_word_and_not_whose():
    with pytest.raises(RuleRefused) as refusal:
        check_names_nobody("Mina slept", names=NAMES)
    assert "“Mina”" in str(refusal.value)
    assert "Brien" not in str(refusal.value)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Call (617) 555-0142", id="phone number"),
        pytest.param("Call +1 617 555 0142 later", id="with its country"),
        pytest.param("ana@example.org wrote", id="e-mail"),
        pytest.param("born 2027-01-05", id="full date"),
        pytest.param("born 1/5/2027", id="full date, American"),
        pytest.param("chart 8841207", id="long number"),
        pytest.param("number a-17 asked", id="identifier of a member"),
    ],
)
def test_a_number_of_a_person_is_found(text):
    with pytest.raises(RuleRefused, match="names nobody"):
        check_names_nobody(text, names=(), identifiers=("A-17",))


@pytest.mark.parametrize(
    "text",
    ["From 10:00 to 12:00", "6 of 8 came, 120 minutes", "3-4 naps a day", "2027"],
)
def test_ordinary_numbers_pass(text):
    check_names_nobody(text, names=NAMES)
