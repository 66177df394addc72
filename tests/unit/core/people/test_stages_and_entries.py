"""Stages of an episode, and what somebody types about a person."""

from datetime import date, timedelta

import pytest

from trellis.core.errors import InvalidInput, RuleRefused
from trellis.core.people import entries
from trellis.core.people.stages import (
    ENDS,
    PATH,
    Stage,
    check_is_end,
    check_may_follow,
    check_may_open,
    may_follow,
)


TODAY = date(2027, 3, 1)


@pytest.mark.parametrize("now", PATH)
def test_every_later_stage_may_follow_and_no_earlier_one(now):
    later = PATH[PATH.index(now) + 1 :]
    earlier = set(PATH[: PATH.index(now)]) - {Stage.PRENATAL}
    assert set(later) <= may_follow(now)
    assert not earlier & may_follow(now)


@pytest.mark.parametrize(
    "now", [Stage.EARLY_POSTPARTUM, Stage.POSTPARTUM, Stage.PARENTING]
)
def test_the_next_pregnancy_may_follow_on_a_birth(now):
    check_may_follow(now, Stage.PRENATAL)


@pytest.mark.parametrize("end", sorted(ENDS - {Stage.TRANSITION}))
def test_nothing_follows_on_an_end(end):
    assert may_follow(end) == frozenset()
    check_is_end(end)


def test_a_stage_on_the_way_is_no_end():
    with pytest.raises(RuleRefused):
        check_is_end(Stage.PRENATAL)


@pytest.mark.parametrize("end", [None, *sorted(ENDS - {Stage.DECEASED})])
def test_coming_back_is_an_ordinary_step(end):
    check_may_open(end)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ana   Mari\u0301a ", "Ana María"),
        ("A\u202ena", "A na"),
        ("Zoë\x00", "Zoë"),
        ("🌱 Ivy", "🌱 Ivy"),
        ("Madonna", "Madonna"),
    ],
)
def test_names_as_they_are_kept(typed, kept):
    assert entries.kept_name("Name", typed) == kept


def test_a_name_of_over_eighty_letters_is_refused():
    assert entries.kept_name("Name", "x" * 80)
    with pytest.raises(InvalidInput, match="81 is not accepted"):
        entries.kept_name("Name", "x" * 81)


def test_the_searched_name_is_folded():
    assert entries.searched_name("Núñez", "", "O'Brien") == "nunez obrien"


@pytest.mark.parametrize(("days", "is_accepted"), [(300, True), (301, False)])
def test_due_dates(days, is_accepted):
    due = TODAY + timedelta(days=days)
    if is_accepted:
        entries.check_due_date(due, TODAY)
    else:
        with pytest.raises(InvalidInput):
            entries.check_due_date(due, TODAY)


@pytest.mark.parametrize(
    ("born", "is_accepted"),
    [
        (date(2017, 3, 1), True),
        (date(2017, 3, 2), False),
        (date(1927, 3, 2), True),
        (date(1927, 3, 1), False),
        (None, True),
    ],
)
def test_the_age_of_a_parent(born, is_accepted):
    if is_accepted:
        entries.check_born_adult(born, TODAY)
    else:
        with pytest.raises(InvalidInput):
            entries.check_born_adult(born, TODAY)
