"""Visit windows: the one table, at both ends of every window.

Source: measures.md section 2.1. The bracketed days are the least and greatest day of
age over all birth dates of a four-year cycle.
"""

from datetime import date, timedelta
from functools import cache

import pytest

from trellis.core.errors import InvalidInput
from trellis.core.people.visits import (
    Visit,
    Window,
    counting_window,
    cut_window,
    opened_for_dose,
    planning_window,
    visit_on,
)


CYCLE_STARTS = date(2023, 1, 1)
BIRTH_DATES = [CYCLE_STARTS + timedelta(days=n) for n in range(4 * 365 + 1)]

# visit: counting opens, counting closes, planning opens, planning closes, in days
BRACKETS = {
    "3-5d": ((2, 2), (14, 14), None, None),
    "1m": ((15, 15), (45, 45), (21, 21), (45, 45)),
    "2m": ((42, 42), (104, 107), (42, 42), (89, 92)),
    "4m": ((105, 108), (165, 168), (105, 108), (150, 153)),
    "6m": ((166, 169), (226, 229), (168, 169), (211, 214)),
    "9m": ((258, 261), (318, 321), (258, 261), (318, 321)),
    "12m": ((350, 351), (425, 426), (365, 366), (410, 411)),
    "15m": ((439, 443), (514, 518), (454, 458), (499, 503)),
    "18m": ((531, 535), (606, 610), (546, 550), (591, 595)),
    "24m": ((700, 701), (820, 821), (715, 716), (775, 776)),
    "30m": ((881, 885), (1001, 1005), (896, 900), (971, 975)),
}
# What sets the opening: the least age of a dose given at the visit, in days, or in
# calendar months by the immunization schedule (CDSi 4.64, without the grace).
LEAST_AGE_DAYS = {"2m": 42, "4m": 70, "6m": 168}
LEAST_AGE_MONTHS = {"12m": 12, "15m": 15, "18m": 18}


@cache
def ages(kind, visit):
    """The least and greatest day of age at both ends, over all birth dates."""
    windows = [(born, kind(Visit(visit), born)) for born in BIRTH_DATES]
    opens = [(window.starts - born).days for born, window in windows]
    closes = [(window.last_day - born).days for born, window in windows]
    return (min(opens), max(opens)), (min(closes), max(closes))


def test_every_visit_of_the_table_has_a_row():
    assert list(BRACKETS) == [visit.value for visit in Visit]


@pytest.mark.parametrize("visit", BRACKETS)
def test_counting_windows_over_four_years(visit):
    assert ages(counting_window, visit) == BRACKETS[visit][:2]


@pytest.mark.parametrize("visit", [v for v, row in BRACKETS.items() if row[2]])
def test_planning_windows_over_four_years(visit):
    assert ages(planning_window, visit) == BRACKETS[visit][2:]


@pytest.mark.parametrize("visit", [v for v, row in BRACKETS.items() if row[2]])
@pytest.mark.parametrize("gives_hepb2_at_1m", [False, True])
def test_each_planning_window_lies_inside_its_counting_window(visit, gives_hepb2_at_1m):
    for born in BIRTH_DATES:
        counted = counting_window(Visit(visit), born)
        planned = planning_window(
            Visit(visit), born, gives_hepb2_at_1m=gives_hepb2_at_1m
        )
        assert counted.starts <= planned.starts
        assert planned.ends <= counted.ends


@pytest.mark.parametrize("visit", LEAST_AGE_DAYS)
def test_a_planning_window_opens_when_its_doses_may_be_given(visit):
    for born in BIRTH_DATES:
        starts = planning_window(Visit(visit), born).starts
        assert (starts - born).days >= LEAST_AGE_DAYS[visit]


@pytest.mark.parametrize("visit", LEAST_AGE_MONTHS)
def test_a_planning_window_opens_on_the_birthday_of_its_doses(visit):
    months = LEAST_AGE_MONTHS[visit]
    for born in BIRTH_DATES:
        starts = planning_window(Visit(visit), born).starts
        years, month = divmod(born.month - 1 + months, 12)
        first = date(born.year + years, month + 1, 1)
        shorter = timedelta(days=born.day - 1)
        clamped = first + shorter
        if clamped.month != first.month:  # no such day: the month's last day
            clamped = clamped.replace(day=1) - timedelta(days=1)
        assert starts == clamped


def test_hepatitis_b_2_at_one_month_opens_at_four_weeks():
    born = date(2025, 3, 3)
    window = planning_window(Visit.MONTH_1, born, gives_hepb2_at_1m=True)
    assert (window.starts - born).days == 28
    assert (window.last_day - born).days == 45


def test_the_first_visit_is_individual():
    assert planning_window(Visit.DAYS_3_TO_5, date(2025, 3, 3)) is None


@pytest.mark.parametrize(
    ("born", "visit", "counted", "planned"),
    [
        pytest.param(
            "2024-02-29",
            "12m",
            ("2025-02-13", "2025-04-29"),
            ("2025-02-28", "2025-04-14"),
            id="born 29 February, first birthday 28 February",
        ),
        pytest.param(
            "2024-08-31",
            "6m",
            ("2025-02-13", "2025-04-14"),
            ("2025-02-15", "2025-03-30"),
            id="born 31 August, six months on 28 February, not before day 168",
        ),
        pytest.param(
            "2023-08-31",
            "6m",
            ("2024-02-14", "2024-04-14"),
            ("2024-02-15", "2024-03-30"),
            id="born 31 August before a leap year",
        ),
        pytest.param(
            "2025-01-01",
            "2m",
            ("2025-02-12", "2025-04-15"),
            ("2025-02-12", "2025-03-31"),
            id="two months, both from day 42",
        ),
        pytest.param(
            "2024-12-31",
            "30m",
            ("2027-05-31", "2027-09-28"),
            ("2027-06-15", "2027-08-29"),
            id="thirty months of a child born 31 December",
        ),
    ],
)
def test_dated_windows(born, visit, counted, planned):
    born = date.fromisoformat(born)
    for window, (first, last) in (
        (counting_window(Visit(visit), born), counted),
        (planning_window(Visit(visit), born), planned),
    ):
        assert (str(window.starts), str(window.last_day)) == (first, last)


def test_a_window_ends_on_the_day_after_its_last():
    window = Window(date(2025, 1, 1), date(2025, 1, 3))
    assert window.days == 2
    assert window.holds(date(2025, 1, 2))
    assert not window.holds(date(2025, 1, 3))
    assert not window.holds(date(2024, 12, 31))
    with pytest.raises(InvalidInput, match="an end after its start"):
        Window(date(2025, 1, 1), date(2025, 1, 1))


def test_days_shared_by_a_cohort():
    one = Window(date(2025, 1, 1), date(2025, 1, 10))
    other = Window(date(2025, 1, 8), date(2025, 2, 1))
    assert one.shared_with(other) == Window(date(2025, 1, 8), date(2025, 1, 10))
    assert one.shared_with(Window(date(2025, 1, 10), date(2025, 2, 1))) is None


@pytest.mark.parametrize(
    ("enrolled", "left", "expected"),
    [
        (None, None, (1, 31)),
        (5, None, (5, 31)),
        (None, 20, (1, 20)),
        (5, 20, (5, 20)),
        (31, None, None),
        (None, 1, None),
        (20, 20, None),
    ],
)
def test_a_window_is_cut_at_enrolment_and_at_leaving(enrolled, left, expected):
    def day(number):
        return None if number is None else date(2025, 1, number)

    cut = cut_window(Window(day(1), day(31)), day(enrolled), day(left))
    assert (cut and (cut.starts.day, cut.ends.day)) == expected


@pytest.mark.parametrize(
    ("earliest", "opens"),
    [
        pytest.param(1, 10, id="dose possible before the window"),
        pytest.param(15, 15, id="dose possible inside it"),
        pytest.param(23, 23, id="seven days left"),
        pytest.param(24, 10, id="six days left: the dose moves"),
    ],
)
def test_a_late_dose_opens_the_window_later_while_a_week_is_left(earliest, opens):
    window = Window(date(2025, 1, 10), date(2025, 1, 30))
    assert opened_for_dose(window, date(2025, 1, earliest)).starts.day == opens


@pytest.mark.parametrize(
    ("age_days", "done", "expected"),
    [
        (20, (), None),
        (21, (), Visit.MONTH_1),
        (42, (), Visit.MONTH_1),
        (42, (Visit.MONTH_1,), Visit.MONTHS_2),
        (46, (), Visit.MONTHS_2),
        (95, (), None),
        (365, (), Visit.MONTHS_12),
        (364, (), None),
        (1100, (), None),
    ],
)
def test_which_visit_a_day_is_good_for(age_days, done, expected):
    born = date(2025, 3, 3)
    assert visit_on(born, born + timedelta(days=age_days), done=done) is expected


def test_a_child_born_preterm_and_a_twin_have_the_windows_of_their_birth_date():
    """Chronological age, also for preterm children; twins are two subjects."""
    born = date(2025, 3, 3)
    assert counting_window(Visit.MONTHS_2, born).starts == born + timedelta(days=42)
    assert all(
        counting_window(visit, born) == counting_window(visit, date(2025, 3, 3))
        for visit in Visit
    )
