"""Who may arrive, what may follow on what, and when a session may be closed."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from trellis.core.errors import InvalidInput, NotOnRoster, RuleRefused, SessionFull
from trellis.core.groups.session import (
    PRESENT,
    TRANSITIONS,
    Day,
    Outcome,
    PlaceState,
    Session,
    SessionStatus,
    check_may_close,
    check_times,
    check_transition,
    counts_of,
    minutes_late,
    needs_make_up,
)


ANA, BEA, CAT = (UUID(int=n) for n in (1, 2, 3))
TEN = datetime(2027, 3, 1, 15, 0, tzinfo=UTC)
MONDAY = date(2027, 3, 1)
EXPECTED, ARRIVED, LATE, ABSENT, LEFT = PlaceState


def test_an_expected_family_may_arrive_while_there_is_a_place():
    session = Session(2, frozenset({ANA, BEA}), frozenset({ANA}))
    session.check_may_arrive(BEA)


def test_who_is_not_expected_is_not_checked_in():
    with pytest.raises(NotOnRoster, match="not on today's list"):
        Session(2, frozenset({ANA}), frozenset()).check_may_arrive(BEA)


def test_a_full_session_admits_only_those_who_are_in_it():
    session = Session(1, frozenset({ANA, BEA}), frozenset({ANA}))
    session.check_may_arrive(ANA)
    with pytest.raises(SessionFull, match=r"Every place is taken \(1\)"):
        session.check_may_arrive(BEA)


@pytest.mark.parametrize(
    ("before", "after", "is_open"),
    [
        pytest.param(EXPECTED, ARRIVED, True, id="comes"),
        pytest.param(EXPECTED, ABSENT, True, id="does not come"),
        pytest.param(EXPECTED, LEFT, False, id="leaves without having come"),
        pytest.param(ABSENT, LATE, True, id="comes after all"),
        pytest.param(ARRIVED, ABSENT, False, id="came, and is marked absent"),
        pytest.param(LEFT, ARRIVED, True, id="comes back"),
        pytest.param(ARRIVED, EXPECTED, True, id="undone"),
    ],
)
def test_what_may_follow(before, after, is_open):
    if is_open:
        check_transition(before, after, has_visit_note=False)
    else:
        with pytest.raises(RuleRefused):
            check_transition(before, after, has_visit_note=False)


@pytest.mark.parametrize("before", list(PlaceState))
def test_every_mark_can_be_undone(before):
    if before is not EXPECTED:
        assert EXPECTED in TRANSITIONS[before]


def test_a_child_with_a_visit_note_was_here():
    with pytest.raises(RuleRefused, match="the child was here"):
        check_transition(ARRIVED, EXPECTED, has_visit_note=True)
    check_transition(ARRIVED, LEFT, has_visit_note=True)


@pytest.mark.parametrize(
    ("status", "today", "state", "minutes", "match"),
    [
        pytest.param("planned", 0, ARRIVED, -30, None, id="early on the day"),
        pytest.param("planned", -1, ARRIVED, 0, "on the day", id="the day before"),
        pytest.param("planned", -1, ABSENT, 0, None, id="an absence told before"),
        pytest.param("open", 0, LATE, -1, "nobody is late", id="late before the start"),
        pytest.param("open", 0, LATE, 0, None, id="late at the start"),
        pytest.param("open", 1, ARRIVED, 0, None, id="written down the day after"),
        pytest.param("closed", 0, ABSENT, 0, "closed", id="closed"),
        pytest.param("cancelled", 0, ABSENT, 0, "cancelled", id="cancelled"),
    ],
)
def test_when_a_place_may_be_marked(status, today, state, minutes, match):
    day = Day(SessionStatus(status), MONDAY, TEN, MONDAY + timedelta(days=today))
    at = TEN + timedelta(minutes=minutes)
    if match is None:
        day.check_may_mark(state, at)
    else:
        with pytest.raises(RuleRefused, match=match):
            day.check_may_mark(state, at)


@pytest.mark.parametrize(
    ("seconds", "minutes"), [(-60, 0), (0, 0), (59, 0), (60, 1), (1259, 20)]
)
def test_lateness_is_counted_in_whole_minutes_from_the_start(seconds, minutes):
    assert minutes_late(TEN, TEN + timedelta(seconds=seconds)) == minutes


@pytest.mark.parametrize(
    ("hours", "is_open"), [(2, True), (8, True), (0, False), (9, False)]
)
def test_a_session_ends_after_it_starts_and_within_a_working_day(hours, is_open):
    if is_open:
        check_times(TEN, TEN + timedelta(hours=hours))
    else:
        with pytest.raises(InvalidInput):
            check_times(TEN, TEN + timedelta(hours=hours))


def test_closing_names_everything_that_is_open_and_nobody():
    outcomes = (
        Outcome(EXPECTED, has_note=False, is_signed=False),
        Outcome(ARRIVED, has_note=False, is_signed=False),
        Outcome(LATE, has_note=True, is_signed=False),
        Outcome(LATE, has_note=True, is_signed=True),
    )
    with pytest.raises(RuleRefused) as refusal:
        check_may_close(SessionStatus.OPEN, outcomes)
    text = str(refusal.value)
    assert "1 family has no outcome yet." in text
    assert "1 child came and has no note." in text
    assert "1 visit note is not signed yet." in text


@pytest.mark.parametrize("status", [SessionStatus.CLOSED, SessionStatus.CANCELLED])
def test_what_is_over_is_not_closed_again(status):
    with pytest.raises(RuleRefused):
        check_may_close(status, ())


@pytest.mark.parametrize(
    ("state", "has_note", "is_owed"),
    [
        pytest.param(ABSENT, False, True, id="absent"),
        pytest.param(LEFT, False, True, id="left before the visit"),
        pytest.param(LEFT, True, False, id="left after the visit"),
        pytest.param(ARRIVED, True, False, id="came"),
    ],
)
def test_who_is_owed_a_make_up(state, has_note, is_owed):
    check_may_close(SessionStatus.OPEN, (Outcome(state, has_note, has_note),))
    assert needs_make_up(Outcome(state, has_note, has_note)) is is_owed


def test_counts_hold_every_place_once():
    counts = counts_of((EXPECTED, ARRIVED, LATE, ABSENT, LEFT, LEFT))
    assert (counts.invited, counts.came, counts.late) == (6, 4, 1)
    assert (counts.left_early, counts.absent, counts.waiting) == (2, 1, 1)
    assert counts.came + counts.absent + counts.waiting == counts.invited
    assert len(PRESENT) == 3
