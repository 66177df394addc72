"""What a nurse is asked before an unusual measurement is kept.

Source: WHO flags (measures.md section 12 rule 10); limits of change are our choice.
"""

import pytest

from trellis.core.errors import InvalidInput
from trellis.core.growth.plausible import (
    SENTENCES,
    Measurement,
    check_possible,
    unusual,
)


def keys(now, before=None, **more):
    found = unusual(now, sex="f", before=before, **more)
    return [reason.key for reason in found]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param(
            Measurement(122, 6400, 621, 405), [], id="median girl of 4 months"
        ),
        pytest.param(
            Measurement(122, 64, None, None),
            InvalidInput,
            id="weight in hundreds of grams",
        ),
        pytest.param(
            Measurement(122, 14_100, None, None),
            ["weight-for-age"],
            id="pounds entered as kilograms",
        ),
        pytest.param(
            Measurement(122, None, 245, None),
            ["length-for-age"],
            id="inches entered as centimetres",
        ),
        pytest.param(
            Measurement(122, None, None, 621),
            ["head-for-age"],
            id="length typed into the field of the head",
        ),
        pytest.param(
            Measurement(122, 12_000, 600, None),
            ["weight-for-age", "weight-for-length"],
            id="weight that fits neither age nor length",
        ),
        pytest.param(
            Measurement(0, 900, 350, 250),
            ["weight-for-age", "length-for-age", "head-for-age"],
            id="birth weight of 900 g",
        ),
    ],
)
def test_a_value_far_from_the_standard_is_asked_about(now, expected):
    if expected is InvalidInput:
        with pytest.raises(InvalidInput, match="64 g"):
            keys(now)
        return
    assert keys(now) == expected


@pytest.mark.parametrize(
    ("days", "now_g", "expected"),
    [
        pytest.param(3, 2_970, [], id="newborn lost exactly 10 percent"),
        pytest.param(3, 2_969, ["weight-lost"], id="newborn lost a gram more"),
        pytest.param(0, 3_600, [], id="300 g more on the same day"),
        pytest.param(0, 3_601, ["weight-gained"], id="301 g more on the same day"),
        pytest.param(30, 6_300, [], id="100 g a day"),
        pytest.param(30, 6_301, ["weight-gained"], id="more than 100 g a day"),
    ],
)
def test_change_of_weight(days, now_g, expected):
    before = Measurement(2, weight_g=3_300)
    found = keys(Measurement(2 + days, weight_g=now_g), before)
    assert [key for key in found if key != "weight-for-age"] == expected


@pytest.mark.parametrize(
    ("days", "now_mm", "expected"),
    [
        pytest.param(20, 590, [], id="10 mm shorter"),
        pytest.param(20, 589, ["length-shrank"], id="11 mm shorter"),
        pytest.param(5, 630, [], id="30 mm longer in five days"),
        pytest.param(5, 631, ["length-gained"], id="31 mm longer in five days"),
        pytest.param(20, 660, [], id="3 mm a day"),
        pytest.param(20, 661, ["length-gained"], id="more than 3 mm a day"),
    ],
)
def test_change_of_length(days, now_mm, expected):
    before = Measurement(100, length_mm=600)
    assert keys(Measurement(100 + days, length_mm=now_mm), before) == expected


@pytest.mark.parametrize(
    ("days", "now_mm", "expected"),
    [
        pytest.param(10, 395, [], id="5 mm smaller"),
        pytest.param(10, 394, ["head-shrank"], id="6 mm smaller"),
        pytest.param(3, 410, [], id="10 mm larger in three days"),
        pytest.param(3, 411, ["head-gained"], id="11 mm larger in three days"),
        pytest.param(10, 420, [], id="2 mm a day"),
        pytest.param(10, 421, ["head-gained"], id="more than 2 mm a day"),
    ],
)
def test_change_of_head(days, now_mm, expected):
    before = Measurement(120, head_mm=400)
    assert keys(Measurement(120 + days, head_mm=now_mm), before) == expected


def test_a_reason_is_a_plain_sentence_with_its_values():
    before = Measurement(100, weight_g=5_000)
    (reason,) = unusual(Measurement(109, weight_g=4_400), sex=None, before=before)
    assert reason.field == "weight_g"
    assert reason.sentence == "The weight is 12.0 % less than 9 days before."


def test_every_key_has_a_sentence_that_can_be_filled_in():
    values = {"z": "1.00", "percent": "1", "days": "2", "change": "3"}
    assert all(sentence % values for sentence in SENTENCES.values())


def test_nothing_is_asked_about_what_was_not_measured():
    assert keys(Measurement(100), Measurement(90, 5_000, 600, 400)) == []
    assert keys(Measurement(100, 5_500, 610, 405), Measurement(90)) == []


@pytest.mark.parametrize(
    ("field", "accepted", "refused"),
    [
        ("weight_g", (200, 40_000), (199, 40_001)),
        ("length_mm", (200, 1_300), (199, 1_301)),
        ("head_mm", (150, 650), (149, 651)),
    ],
)
def test_only_what_no_child_can_measure_is_refused(field, accepted, refused):
    for value in accepted:
        check_possible(**{field: value})
    for value in refused:
        with pytest.raises(InvalidInput, match="Check the value and its unit"):
            check_possible(**{field: value})
