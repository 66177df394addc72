"""Who fits together, and how a date lies to each child's window."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trellis.core.errors import InvalidInput
from trellis.core.groups.cohorts import (
    CohortWarning,
    Fit,
    birth_spread_days,
    check_places,
    cohort_warnings,
    fit_on,
    shared_window,
    slack_days,
    visit_for,
)
from trellis.core.people.visits import Visit


BORN = date(2027, 1, 1)
births_in_a_month = st.lists(
    st.integers(0, 40).map(lambda n: BORN + timedelta(days=n)), min_size=1, max_size=8
)
group_visits = st.sampled_from([v for v in Visit if v is not Visit.DAYS_3_TO_5])


def days(*numbers):
    return [BORN + timedelta(days=number) for number in numbers]


@pytest.mark.parametrize(
    ("births", "spread"), [([], None), (days(0), 0), (days(9, 0, 45), 45)]
)
def test_the_spread_is_from_the_oldest_to_the_youngest(births, spread):
    assert birth_spread_days(births) == spread


@pytest.mark.parametrize(
    ("births", "places", "warnings"),
    [
        pytest.param(days(0, 20, 45), 8, (), id="45 days apart"),
        pytest.param(days(0, 20, 46), 8, (CohortWarning.WIDE_SPREAD,), id="46 days"),
        pytest.param(days(0, 1), 8, (CohortWarning.TOO_FEW,), id="two families"),
        pytest.param(days(0, 1, 2), 2, (CohortWarning.OVER_PLACES,), id="over places"),
    ],
)
def test_what_to_look_at_again(births, places, warnings):
    assert cohort_warnings(births, places) == warnings


@pytest.mark.parametrize(("places", "is_open"), [(1, 1), (12, 1), (0, 0), (13, 0)])
def test_a_group_has_1_to_12_places(places, is_open):
    if is_open:
        check_places(places)
    else:
        with pytest.raises(InvalidInput, match="1 to 12"):
            check_places(places)


@pytest.mark.parametrize(
    ("day_of_age", "fit", "number"),
    [
        pytest.param(41, Fit.OPENS_LATER, 1, id="a day before 6 weeks"),
        pytest.param(42, Fit.INSIDE, 47, id="6 weeks"),
        pytest.param(89, Fit.INSIDE, 0, id="2 months and 30 days: the last day"),
        pytest.param(90, Fit.CLOSED, 1, id="a day after"),
    ],
)
def test_a_date_beside_the_window_of_2_months(day_of_age, fit, number):
    dated = fit_on(Visit.MONTHS_2, BORN, BORN + timedelta(days=day_of_age))
    assert (dated.fit, dated.days) == (fit, number)


def test_the_first_visit_is_never_a_group_session():
    assert fit_on(Visit.DAYS_3_TO_5, BORN, BORN).fit is Fit.INDIVIDUAL
    assert slack_days(Visit.DAYS_3_TO_5, [BORN]) is None
    assert shared_window(Visit.DAYS_3_TO_5, [BORN]) is None


@given(group_visits, births_in_a_month, st.integers(0, 1000))
def test_a_shared_day_is_inside_every_window(visit, births, after):
    on = BORN + timedelta(days=after)
    shared = shared_window(visit, births)
    is_shared = shared is not None and shared.holds(on)
    assert is_shared == all(fit_on(visit, b, on).fit is Fit.INSIDE for b in births)


@given(group_visits, births_in_a_month)
def test_slack_is_below_zero_exactly_where_no_day_is_shared(visit, births):
    slack, shared = slack_days(visit, births), shared_window(visit, births)
    assert (slack < 0) == (shared is None)
    if shared is not None:
        assert slack == shared.days - 1


@pytest.mark.parametrize(
    ("planned", "day_of_age", "visit"),
    [
        pytest.param(Visit.MONTHS_2, 60, Visit.MONTHS_2, id="as planned"),
        pytest.param(Visit.MONTHS_2, 120, Visit.MONTHS_4, id="older: the next visit"),
        pytest.param(Visit.MONTHS_9, 240, Visit.MONTHS_9, id="between windows"),
        pytest.param(None, 200, Visit.MONTHS_6, id="no visit planned"),
        pytest.param(None, 240, None, id="none planned, none open"),
    ],
)
def test_which_visit_a_child_s_visit_is(planned, day_of_age, visit):
    assert visit_for(planned, BORN, BORN + timedelta(days=day_of_age)) == visit
