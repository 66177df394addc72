"""States of a visit: two passes, each well-child visit used once.

Source: measures.md section 2.1; boundary rows of section 2.2.
"""

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies

from trellis.core.people.visit_states import (
    StateOfVisit,
    next_visit,
    visit_states,
)
from trellis.core.people.visits import Visit, counting_window


BORN = date(2024, 3, 4)
END = 1200  # a day of age after every window


def on(age_days):
    return BORN + timedelta(days=age_days)


def states(ages, as_of=END, **more):
    found = visit_states(BORN, [on(age) for age in ages], as_of=on(as_of), **more)
    return {state.visit.value: state for state in found if state.state != "extra"}


def words(ages, as_of=END, **more):
    return {visit: state.state for visit, state in states(ages, as_of, **more).items()}


def extras(ages, as_of=END):
    found = visit_states(BORN, [on(age) for age in ages], as_of=on(as_of))
    return [
        ((state.made_on - BORN).days, state.visit.value, state.days_off)
        for state in found
        if state.state == "extra"
    ]


@pytest.mark.parametrize("visit", list(Visit))
def test_a_visit_counts_on_the_first_and_the_last_day_only(visit):
    window = counting_window(visit, BORN)
    first, last = (window.starts - BORN).days, (window.last_day - BORN).days
    # the windows of 1 and 2 months share four days: the first of them is satisfied
    made = [20] if visit is Visit.MONTHS_2 else []
    assert words([*made, first])[visit] == "done"
    assert words([*made, last])[visit] == "done"
    assert words([*made, first - 1])[visit] != "done"
    assert words([*made, last + 1])[visit] != "done"


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        pytest.param(41, "not-yet", id="day before the window"),
        pytest.param(42, "open", id="first day"),
        pytest.param(106, "open", id="last day"),
        pytest.param(107, "missed", id="day after the last"),
    ],
)
def test_an_unmet_visit_of_two_months(as_of, expected):
    assert (counting_window(Visit.MONTHS_2, BORN).last_day - BORN).days == 106
    assert words([], as_of)["2m"] == expected


@pytest.mark.parametrize(
    ("ages", "expected"),
    [
        pytest.param([43], {"1m": "done", "2m": "missed"}, id="the first to close"),
        pytest.param([30, 43], {"1m": "done", "2m": "done"}, id="each used once"),
        pytest.param([43, 44], {"1m": "done", "2m": "done"}, id="both in the overlap"),
        pytest.param([43, 43], {"1m": "done", "2m": "missed"}, id="two on one day"),
        pytest.param([46], {"1m": "missed", "2m": "done"}, id="after the overlap"),
    ],
)
def test_the_windows_of_one_and_two_months_overlap(ages, expected):
    found = words(ages)
    assert {visit: found[visit] for visit in expected} == expected


@pytest.mark.parametrize(
    ("ages", "visit", "days_off"),
    [
        pytest.param([240], "6m", 11, id="between the windows of 6 and 9 months"),
        pytest.param([440], "12m", 15, id="12 months late, before 15 months opens"),
        pytest.param([650], "18m", 41, id="18 months late"),
        pytest.param([850], "24m", 30, id="24 months late"),
        pytest.param([1100], "30m", 96, id="30 months late, no window follows"),
    ],
)
def test_a_visit_after_its_window_is_done_late(ages, visit, days_off):
    state = states(ages)[visit]
    assert state.state is StateOfVisit.DONE_LATE
    assert state.days_off == days_off
    assert state.made_on == on(ages[0])


def test_a_visit_is_late_only_until_the_next_window_has_closed():
    # day 240: the window of 4 months has closed, and so has that of its successor
    found = words([200, 240])
    assert found["6m"] == "done"
    assert found["4m"] == "missed"
    assert extras([200, 240]) == [(240, "6m", 11)]


def test_an_extra_visit_says_how_far_it_was_from_the_nearest_window():
    assert counting_window(Visit.MONTHS_9, BORN).starts == on(260)
    assert extras([180, 248]) == [(248, "9m", -12)]


def test_a_second_visit_inside_a_window_is_late_for_the_one_before():
    assert words([61, 63])["2m"] == "done"
    assert words([61, 63])["1m"] == "done-late"


def test_visits_after_the_day_asked_about_are_not_seen():
    assert words([61], as_of=60)["2m"] == "open"
    assert words([61], as_of=61)["2m"] == "done"


@pytest.mark.parametrize(
    ("enrolled", "expected"),
    [
        pytest.param(42, "missed", id="enrolled when the window opens"),
        pytest.param(74, "missed", id="enrolled on the mid-point day"),
        pytest.param(75, "excused", id="enrolled the day after"),
    ],
)
def test_a_family_that_came_after_the_mid_point_is_excused(enrolled, expected):
    assert words([], enrolled_on=on(enrolled))["2m"] == expected


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        pytest.param(107, "missed", id="in the programme to the last day"),
        pytest.param(106, "excused", id="left on the last day"),
        pytest.param(30, "excused", id="left before the window"),
    ],
)
def test_a_family_that_left_before_the_window_closed_is_excused(left, expected):
    assert words([], left_on=on(left))["2m"] == expected


def test_a_visit_that_was_made_stays_done_whoever_came_or_left():
    found = words([60], enrolled_on=on(100), left_on=on(101))
    assert found["2m"] == "done"


def test_a_stay_in_neonatal_care_excuses_the_visits_named():
    found = words([], excused=(Visit.DAYS_3_TO_5,))
    assert (found["3-5d"], found["1m"]) == ("excused", "missed")


def test_unknown_enrolment_and_unknown_visit_types_cannot_be_assessed():
    assert words([60], is_enrolment_known=False)["2m"] == "done"
    assert words([60], is_enrolment_known=False)["4m"] == "not-assessable"
    unknown = words([], unknown_visits_on=[on(60)])
    assert (unknown["2m"], unknown["4m"]) == ("not-assessable", "missed")


def test_the_next_visit_is_the_first_open_or_still_to_come():
    assert next_visit(BORN, [], as_of=on(0)).visit is Visit.DAYS_3_TO_5
    assert next_visit(BORN, [on(3)], as_of=on(20)).visit is Visit.MONTH_1
    assert next_visit(BORN, [on(30)], as_of=on(44)).visit is Visit.MONTHS_2
    assert next_visit(BORN, [], as_of=on(END)) is None


AGES = strategies.lists(strategies.integers(0, 1150), max_size=16)


@given(AGES, strategies.integers(0, 1200))
def test_no_visit_is_lost_and_none_is_used_twice(ages, as_of):
    found = visit_states(BORN, [on(age) for age in ages], as_of=on(as_of))
    used = [state.made_on for state in found if state.made_on]
    assert sorted(used) == sorted({on(age) for age in ages if age <= as_of})
    assert [state.visit for state in found if state.state != "extra"] == list(Visit)


@given(AGES)
def test_the_passes_satisfy_as_many_windows_as_any_choice_could(ages):
    """Against a greatest matching of windows and days."""
    days = sorted({on(age) for age in ages})
    windows = [counting_window(visit, BORN) for visit in Visit]
    found = visit_states(BORN, days, as_of=on(END))
    done = sum(state.state is StateOfVisit.DONE for state in found)
    assert done == greatest_matching(windows, days)


def greatest_matching(windows, days):
    """Greatest matching of windows and days by augmenting paths."""
    taken = {}

    def place(index, seen):
        for day in days:
            if windows[index].holds(day) and day not in seen:
                seen.add(day)
                if day not in taken or place(taken[day], seen):
                    taken[day] = index
                    return True
        return False

    return sum(place(index, set()) for index in range(len(windows)))
