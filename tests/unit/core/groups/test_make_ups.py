"""By when a missed session must be made up, and which clock says so."""

from datetime import date, timedelta

import pytest

from trellis.core.errors import InvalidInput, RuleRefused
from trellis.core.groups.absences import AbsenceReason, absence_reason
from trellis.core.groups.agendas import (
    GROUP_VISITS,
    TOPICS,
    USUAL_VACCINES,
    default_agenda,
    default_topic,
)
from trellis.core.groups.make_ups import DeadlineReason, deadlines, make_up_deadline
from trellis.core.groups.vaccine_products import (
    PRODUCTS,
    check_may_lay_out,
    product_of,
)
from trellis.core.people.visits import Visit, counting_window


BORN = date(2027, 1, 1)


def after(days):
    return BORN + timedelta(days=days)


@pytest.mark.parametrize(
    ("visit", "missed", "doses", "on", "reason"),
    [
        pytest.param(
            Visit.MONTHS_2,
            65,
            0,
            after(104),
            "rotavirus-first-dose",
            id="2 months, no rotavirus dose yet: 14 weeks 6 days",
        ),
        pytest.param(
            Visit.MONTHS_2,
            65,
            None,
            after(104),
            "rotavirus-first-dose",
            id="2 months, doses not known: the clock counts",
        ),
        pytest.param(
            Visit.MONTHS_4,
            125,
            1,
            date(2027, 6, 15),
            "visit-window",
            id="4 months: the window closes 45 days after",
        ),
        pytest.param(
            Visit.MONTHS_6,
            230,
            2,
            date(2027, 9, 1),
            "rotavirus-last-dose",
            id="6 months, window closed: 8 months 0 days",
        ),
        pytest.param(
            Visit.MONTHS_6,
            230,
            3,
            date(2028, 3, 31),
            "first-15-months",
            id="6 months, window closed, rotavirus complete: W30-A",
        ),
        pytest.param(
            Visit.MONTHS_12,
            380,
            3,
            date(2028, 3, 1),
            "visit-window",
            id="12 months: 60 days after the birthday",
        ),
        pytest.param(
            Visit.MONTHS_18,
            700,
            3,
            date(2029, 1, 1),
            "second-birthday",
            id="18 months, window closed: second birthday",
        ),
        pytest.param(
            None, 380, 3, date(2028, 3, 31), "first-15-months", id="visit not known"
        ),
    ],
)
def test_the_first_clock_that_runs_out(visit, missed, doses, on, reason):
    found = make_up_deadline(visit, BORN, after(missed), rotavirus_doses=doses)
    assert (found.on, found.reason) == (on, DeadlineReason(reason))


def test_when_every_clock_has_run_out_there_is_none():
    assert make_up_deadline(Visit.MONTHS_24, BORN, after(900)) is None


@pytest.mark.parametrize("visit", list(Visit))
def test_a_deadline_is_never_past_and_never_after_the_open_window(visit):
    window = counting_window(visit, BORN)
    found = deadlines(visit, BORN, window.starts)
    assert found[0].on > window.starts
    assert found[0].on <= window.last_day
    assert list(found) == sorted(found, key=lambda deadline: deadline.on)


def test_a_reason_of_absence_is_one_of_the_list():
    assert absence_reason("weather") is AbsenceReason.WEATHER
    with pytest.raises(InvalidInput, match="nothing"):
        absence_reason("")


def test_every_group_visit_has_topics_vaccines_and_a_run_of_show():
    assert set(GROUP_VISITS) == set(USUAL_VACCINES) == set(TOPICS)
    assert default_topic(None) == ""
    assert all(len(default_topic(visit)) <= 200 for visit in GROUP_VISITS)
    minutes = [item["minute"] for item in default_agenda()]
    assert minutes == sorted(minutes)


def test_each_product_has_one_key_and_a_route():
    keys = [product.key for product in PRODUCTS]
    assert len(set(keys)) == len(keys)
    assert {product.route for product in PRODUCTS} <= {"IM", "SC", "PO"}
    assert product_of(keys[0]) is PRODUCTS[0]
    with pytest.raises(InvalidInput):
        product_of("none")


@pytest.mark.parametrize(
    ("lot", "expires", "sheet", "error"),
    [
        pytest.param("A1", 0, None, None, id="expires on the day itself"),
        pytest.param("A1", -1, None, RuleRefused, id="expires the day before"),
        pytest.param("A1", 9, 1, RuleRefused, id="sheet of a later date"),
        pytest.param("A1", 9, -1, None, id="sheet of an earlier date"),
        pytest.param(" ", 9, None, InvalidInput, id="no lot"),
    ],
)
def test_what_may_be_laid_out(lot, expires, sheet, error):
    edition = None if sheet is None else after(sheet)
    if error is None:
        check_may_lay_out(lot, after(expires), BORN, edition)
    else:
        with pytest.raises(error):
            check_may_lay_out(lot, after(expires), BORN, edition)
