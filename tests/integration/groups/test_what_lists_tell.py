"""Numbers and reasons on lists are as closed as the rows they are made of."""

from datetime import timedelta

import pytest
from tests.factories import (
    NINE,
    CareLinkFactory,
    DyadFactory,
    GroupSessionFactory,
    PlaceFactory,
    a_viewer,
    in_context_of,
)

from trellis.core.access.vocabulary import Origin, Role
from trellis.core.groups.make_ups import DeadlineReason
from trellis.records.access.models import provenance
from trellis.records.groups import queries
from trellis.records.groups.models import MakeUp
from trellis.records.groups.today import queries as today


pytestmark = pytest.mark.django_db
MIDNIGHT = NINE - timedelta(hours=9)


def two_sessions_of_one_family():
    dyad = DyadFactory()
    own = GroupSessionFactory(expects=[dyad], team=[Role.FACILITATOR])
    later = NINE + timedelta(hours=4)
    other = GroupSessionFactory(
        expects=[dyad], starts=later, ends=later + timedelta(hours=2)
    )
    return own, other


def test_a_facilitator_counts_nobody_at_the_session_of_somebody_else():
    own, other = two_sessions_of_one_family()
    lines = queries.session_list(
        viewer=a_viewer(Role.FACILITATOR), when="today", day_starts=MIDNIGHT
    )
    counted = {line.head.session_id: line.expected for line in lines}
    assert counted == {own.pk: 1, other.pk: None}


def test_a_facilitator_s_today_names_nobody_at_the_session_of_somebody_else():
    own, other = two_sessions_of_one_family()
    viewer = a_viewer(Role.FACILITATOR)
    sheet = today.day_sheet(viewer=viewer, on=viewer.today)
    named = {one.card.session_id: len(one.lines) for one in sheet.today}
    assert named == {own.pk: 1, other.pk: 0}


def a_make_up_because_of_rotavirus():
    starts = NINE - timedelta(days=7)
    session = GroupSessionFactory(starts=starts, ends=starts + timedelta(hours=2))
    dyad = DyadFactory()
    place = PlaceFactory(session=session, dyad=dyad, state="absent")
    for role in (Role.NURSE, Role.PEER_COACH, Role.SUD_COUNSELLOR):
        CareLinkFactory(parent=dyad.parent, role=role.value)
    with in_context_of(session.site_id):
        MakeUp.ungated.create(
            **provenance(a_viewer(), site_id=session.site_id, origin=Origin.PART2),
            place=place,
            due_by=NINE.date(),
            why_by=DeadlineReason.ROTAVIRUS_FIRST.value,
        )


@pytest.mark.parametrize(
    ("role", "why"),
    [
        pytest.param(Role.NURSE, DeadlineReason.ROTAVIRUS_FIRST, id="nurse, the chart"),
        pytest.param(Role.PEER_COACH, None, id="peer coach, only whom to call"),
        pytest.param(Role.SUD_COUNSELLOR, None, id="counsellor, no chart at all"),
    ],
)
def test_which_dose_a_deadline_waits_for_is_a_fact_of_the_chart(role, why):
    a_make_up_because_of_rotavirus()
    (line,) = queries.make_up_list(viewer=a_viewer(role))
    assert (line.due_by, line.why_by) == (NINE.date(), why)


def test_visits_to_book_are_not_even_counted_for_who_may_not_see_them():
    a_make_up_because_of_rotavirus()
    dyad = DyadFactory()
    GroupSessionFactory(expects=[dyad], team=[Role.FACILITATOR])
    viewer = a_viewer(Role.FACILITATOR)
    sheet = today.day_sheet(viewer=viewer, on=viewer.today, with_owed=True)
    assert (sheet.owed, sheet.owed_count) == ((), 0)
