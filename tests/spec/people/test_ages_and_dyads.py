"""Ages in words and corrected, and the rules of dyads.

Source: AAP, Pediatrics 2004;114:1362; domain.md section 3.1. Borders of the words are
our choice.
"""

from datetime import date, timedelta

import pytest

from trellis.core.errors import InvalidInput, RuleRefused
from trellis.core.people.ages import (
    AgeInWords,
    Gestation,
    age_days,
    age_words,
    corrected_age_days,
)
from trellis.core.people.dyads import (
    CaregiverKind,
    DyadPeriod,
    check_one_at_a_time,
    check_starts_after_birth,
    usual_authority,
)


BORN = date(2025, 1, 1)


@pytest.mark.parametrize(
    ("gestation", "days", "expected"),
    [
        pytest.param(Gestation(36, 6), 100, 78, id="36+6: 22 days off"),
        pytest.param(Gestation(37, 0), 100, 100, id="37+0 counts as term"),
        pytest.param(Gestation(28, 0), 84, 0, id="28+0 on the due date"),
        pytest.param(Gestation(28, 0), 10, -74, id="before the due date"),
        pytest.param(Gestation(41, 3), 100, 100, id="after the due date"),
        pytest.param(None, 100, 100, id="gestation unknown"),
    ],
)
def test_corrected_age(gestation, days, expected):
    on = BORN + timedelta(days=days)
    assert corrected_age_days(BORN, gestation, on) == expected


@pytest.mark.parametrize(("weeks", "days"), [(21, 6), (45, 0), (0, 0), (34, 7)])
def test_a_gestation_that_cannot_be_charted_is_refused(weeks, days):
    with pytest.raises(InvalidInput, match=r"22\+0 to 44\+6"):
        Gestation(weeks, days)


def test_no_age_before_birth():
    with pytest.raises(InvalidInput, match="Check the date of birth"):
        age_days(BORN, BORN - timedelta(days=1))


@pytest.mark.parametrize(
    ("born", "on", "number", "unit"),
    [
        ("2025-01-01", "2025-01-01", 0, "day"),
        ("2025-01-01", "2025-01-14", 13, "day"),
        ("2025-01-01", "2025-01-15", 2, "week"),
        ("2025-01-01", "2025-01-22", 3, "week"),
        ("2025-01-01", "2025-03-31", 12, "week"),
        ("2025-01-01", "2025-04-01", 3, "month"),
        ("2025-01-01", "2025-05-02", 4, "month"),
        ("2024-02-29", "2025-02-27", 11, "month"),
        ("2024-02-29", "2025-02-28", 12, "month"),
        ("2024-08-31", "2025-02-28", 6, "month"),
        ("2022-01-01", "2024-12-31", 35, "month"),
        ("2022-01-01", "2025-01-01", 3, "year"),
    ],
)
def test_age_in_words(born, on, number, unit):
    words = age_words(date.fromisoformat(born), date.fromisoformat(on))
    assert words == AgeInWords(number, unit)


def test_a_dyad_ends_after_it_starts_and_not_on_its_last_day():
    period = DyadPeriod(BORN, BORN + timedelta(days=30))
    assert period.holds(BORN)
    assert period.holds(BORN + timedelta(days=29))
    assert not period.holds(BORN + timedelta(days=30))
    assert DyadPeriod(BORN).holds(BORN + timedelta(days=9_000))
    with pytest.raises(InvalidInput, match="End of the dyad"):
        DyadPeriod(BORN, BORN)


def test_a_dyad_does_not_start_before_the_birth():
    check_starts_after_birth(DyadPeriod(BORN), BORN)
    with pytest.raises(InvalidInput, match="Start of the dyad"):
        check_starts_after_birth(DyadPeriod(BORN - timedelta(days=1)), BORN)


def test_one_caregiver_may_come_back_but_is_a_dyad_only_once_at_a_time():
    first = DyadPeriod(BORN, date(2025, 6, 1))
    check_one_at_a_time([DyadPeriod(date(2025, 6, 1)), first])
    for again in (DyadPeriod(date(2025, 5, 31)), DyadPeriod(BORN, date(2025, 2, 1))):
        with pytest.raises(RuleRefused, match="already a dyad"):
            check_one_at_a_time([first, again])
    with pytest.raises(RuleRefused):
        check_one_at_a_time([DyadPeriod(BORN), DyadPeriod(date(2030, 1, 1))])


@pytest.mark.parametrize("kind", CaregiverKind)
def test_nobody_but_parents_and_guardians_may_consent_without_a_record(kind):
    is_legal = kind in {"birth-parent", "adoptive-parent", "guardian"}
    authority = usual_authority(kind)
    assert authority.may_consent_to_care is is_legal
    assert authority.may_see_child_record is is_legal
    assert authority.may_attend
