"""WHO growth: both sides of every border of the rules (measures.md section 12).

Source: WHO Child Growth Standards, as in the macros WHO publishes.
"""

import pytest

from trellis.core.growth.scores import assess, days_from_months
from trellis.core.growth.standards import table


FIELDS = {
    "length": ("lenhei_cm", "zlen", "flen"),
    "weight": ("weight_kg", "zwei", "fwei"),
    "head": ("headc_cm", "zhc", "fhc"),
}


def value_at(standard, sex, row, z):
    """The measure at a z-score, by the rule for the tails turned round."""
    lms = table(standard, sex).at(row)
    if abs(z) <= 3 or standard in ("length", "head"):
        return lms.value_at(z)
    sign = 1 if z > 0 else -1
    outer, inner = lms.value_at(3 * sign), lms.value_at(2 * sign)
    return outer + (abs(z) - 3) * (outer - inner)


@pytest.mark.parametrize("sex", ["m", "f"])
@pytest.mark.parametrize("age_days", [0, 1, 60, 365, 730, 731, 1826])
@pytest.mark.parametrize(
    ("standard", "z", "is_flagged"),
    [
        ("length", -6.00, False),
        ("length", -6.01, True),
        ("length", 6.00, False),
        ("length", 6.01, True),
        ("weight", -5.99, False),
        ("weight", 5.00, False),
        ("weight", 5.01, True),
        ("head", -5.00, False),
        ("head", -5.01, True),
        ("head", 5.00, False),
        ("head", 5.01, True),
    ],
)
def test_a_flag_begins_just_past_its_limit(sex, age_days, standard, z, is_flagged):
    field, score, flag = FIELDS[standard]
    measure = value_at(standard, sex, age_days, z)
    scores = assess(sex=sex, age_days=age_days, **{field: measure})
    assert (getattr(scores, score), getattr(scores, flag)) == (z, is_flagged)


@pytest.mark.parametrize("sex", ["m", "f"])
def test_a_weight_below_minus_six_is_flagged(sex):
    measure = value_at("weight", sex, 1000, -6.01)
    scores = assess(sex=sex, age_days=1000, weight_kg=measure)
    assert (scores.zwei, scores.fwei) == (-6.01, True)


@pytest.mark.parametrize("z", [-5.01, -5.0, 5.0, 5.01])
def test_body_mass_index_and_weight_for_length_are_flagged_past_five(z):
    weight = value_at("weight-for-length", "f", 700, z)
    scores = assess(sex="f", age_days=300, weight_kg=weight, lenhei_cm=70)
    assert (scores.zwfl, scores.fwfl) == (z, abs(z) > 5)
    index = value_at("bmi", "f", 300, z)
    scores = assess(sex="f", age_days=300, weight_kg=index, lenhei_cm=100)
    assert (scores.zbmi, scores.fbmi) == (z, abs(z) > 5)


@pytest.mark.parametrize(
    ("age_days", "has_scores"),
    [(-1, False), (0, True), (1826, True), (1827, False)],
    ids=["before birth", "day of birth", "last day", "day after the last"],
)
def test_scores_for_age_exist_from_birth_to_day_1826(age_days, has_scores):
    scores = assess(sex="m", age_days=age_days, weight_kg=8, lenhei_cm=70, headc_cm=44)
    for z in (scores.zlen, scores.zwei, scores.zbmi, scores.zhc):
        assert (z is not None) is has_scores


@pytest.mark.parametrize(
    ("age_days", "measure", "lenhei_cm", "expected"),
    [
        (730, "h", 85.0, 85.7),
        (730, "l", 85.0, 85.0),
        (731, "h", 85.0, 85.0),
        (731, "l", 85.0, 84.3),
        (730, None, 85.0, 85.0),
        (731, None, 85.0, 85.0),
        (None, "h", 85.0, 85.0),
        (273, "h", 70.0, 70.0),
        (274, "h", 70.0, 70.7),
    ],
)
def test_length_is_lying_before_day_731_and_standing_after(
    age_days, measure, lenhei_cm, expected
):
    scores = assess(sex="f", age_days=age_days, lenhei_cm=lenhei_cm, measure=measure)
    assert scores.clenhei_cm == pytest.approx(expected)


@pytest.mark.parametrize(
    ("age_days", "is_doubtful"), [(273, True), (274, False), (None, False)]
)
def test_a_standing_height_under_nine_months_is_doubtful(age_days, is_doubtful):
    scores = assess(sex="f", age_days=age_days, lenhei_cm=70, measure="h")
    assert scores.is_position_doubtful is is_doubtful


@pytest.mark.parametrize(
    ("age_days", "lenhei_cm", "exists"),
    [
        (100, 44.9, False),
        (100, 45.0, True),
        (100, 110.0, True),
        (100, 110.1, False),
        (900, 64.9, False),
        (900, 65.0, True),
        (900, 120.0, True),
        (900, 120.1, False),
    ],
)
def test_weight_for_length_ends_with_its_table(age_days, lenhei_cm, exists):
    scores = assess(sex="m", age_days=age_days, weight_kg=9, lenhei_cm=lenhei_cm)
    assert (scores.zwfl is not None) is exists


@pytest.mark.parametrize(
    ("measure", "lenhei_cm", "standard"),
    [
        ("l", 90.0, "weight-for-length"),
        ("h", 80.0, "weight-for-height"),
        (None, 86.9, "weight-for-length"),
        (None, 87.0, "weight-for-height"),
    ],
)
def test_without_an_age_only_weight_for_length_is_possible(
    measure, lenhei_cm, standard
):
    weight = value_at(standard, "m", round(lenhei_cm * 10), 1.5)
    scores = assess(
        sex="m", age_days=None, weight_kg=weight, lenhei_cm=lenhei_cm, measure=measure
    )
    assert scores.zwfl == 1.5
    assert (scores.zlen, scores.zwei, scores.zbmi, scores.zhc) == (None,) * 4


def test_oedema_leaves_length_and_head_only():
    scores = assess(
        sex="f", age_days=200, weight_kg=7, lenhei_cm=65, headc_cm=42, oedema=True
    )
    assert (scores.zwei, scores.zwfl, scores.zbmi) == (None, None, None)
    assert (scores.fwei, scores.fwfl, scores.fbmi) == (None, None, None)
    assert scores.zlen is not None
    assert scores.zhc is not None


@pytest.mark.parametrize("value", [0, -1, 0.0, None])
def test_a_measure_at_or_below_zero_is_missing(value):
    scores = assess(
        sex="f", age_days=200, weight_kg=value, lenhei_cm=value, headc_cm=value
    )
    assert {scores.zlen, scores.zwei, scores.zwfl, scores.zbmi, scores.zhc} == {None}


def test_without_a_sex_there_are_no_scores():
    scores = assess(sex=None, age_days=200, weight_kg=7, lenhei_cm=65)
    assert (scores.zwei, scores.zwfl, scores.clenhei_cm) == (None, None, 65)


@pytest.mark.parametrize(
    ("months", "days"), [(0, 0), (1, 30), (4, 122), (12, 365), (59.99, 1826)]
)
def test_months_become_days_rounded_half_up(months, days):
    assert days_from_months(months) == days
