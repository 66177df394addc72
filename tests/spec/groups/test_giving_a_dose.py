"""What must agree before one dose to one child is written down.

Source: fields of a dose as registries ask for them (HL7 v2.5.1, Implementation Guide
for Immunization Messaging 1.5). What is refused is our choice.
"""

from dataclasses import replace
from datetime import date

import pytest

from trellis.core.errors import InvalidInput, RuleRefused
from trellis.core.groups.doses import Dose, check_not_given_today, check_right_child


DAY = date(2027, 3, 1)
IN_THE_THIGH = Dose(
    cvx="120",
    product="Pentacel",
    mvx="PMC",
    lot="PT77A",
    expires_on=date(2027, 12, 31),
    vis_edition_on=None,
    body_site="LT",
    route="IM",
    funding="V02",
    vaccinator_name="Nia Brooks, RN",
)
BY_MOUTH = replace(IN_THE_THIGH, cvx="119", route="PO", body_site="")


@pytest.mark.parametrize(
    "dose",
    [
        pytest.param(IN_THE_THIGH, id="into the thigh"),
        pytest.param(BY_MOUTH, id="by mouth"),
        pytest.param(replace(IN_THE_THIGH, expires_on=DAY), id="on its last day"),
    ],
)
def test_a_complete_dose_may_be_recorded(dose):
    dose.check(DAY)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        pytest.param({"cvx": "Pentacel"}, "Vaccine", id="no code"),
        pytest.param({"route": "XX"}, "Route", id="unknown route"),
        pytest.param({"body_site": "nose"}, "Body site", id="unknown site"),
        pytest.param({"body_site": ""}, "Body site", id="injection without a site"),
        pytest.param({"route": "PO"}, "Body site", id="by mouth into the thigh"),
        pytest.param({"funding": ""}, "Funding", id="no funding category"),
        pytest.param({"lot": " "}, "Lot", id="no lot"),
        pytest.param({"vaccinator_name": ""}, "Vaccinator", id="nobody gave it"),
    ],
)
def test_a_detail_that_is_missing_or_no_code_is_named(change, field):
    with pytest.raises(InvalidInput, match=field):
        replace(IN_THE_THIGH, **change).check(DAY)


def test_an_expired_lot_is_refused():
    with pytest.raises(RuleRefused, match="expired"):
        replace(IN_THE_THIGH, expires_on=date(2027, 2, 28)).check(DAY)


@pytest.mark.parametrize(
    ("name_confirmed", "born_confirmed", "says"),
    [
        pytest.param(False, DAY, "Confirm the child", id="name not confirmed"),
        pytest.param(True, None, "Confirm the child", id="birth date not confirmed"),
        pytest.param(True, date(2027, 3, 2), "not this child's", id="another date"),
    ],
)
def test_the_child_is_confirmed_by_name_and_birth_date(
    name_confirmed, born_confirmed, says
):
    with pytest.raises(RuleRefused, match=says):
        check_right_child(
            born=DAY, name_confirmed=name_confirmed, born_confirmed=born_confirmed
        )


@pytest.mark.parametrize(
    ("cvx", "today", "is_refused"),
    [
        pytest.param("120", [], False, id="first dose of the day"),
        pytest.param("120", ["216", "119"], False, id="other vaccines"),
        pytest.param("120", ["120"], True, id="the same code"),
        pytest.param("20", ["107"], True, id="the same vaccine, code of its group"),
    ],
)
def test_the_same_vaccine_twice_on_a_day_is_taken_for_a_double_entry(
    cvx, today, is_refused
):
    if not is_refused:
        check_not_given_today(cvx, today)
        return
    with pytest.raises(RuleRefused, match="already recorded"):
        check_not_given_today(cvx, today)
