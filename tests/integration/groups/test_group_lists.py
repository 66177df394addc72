"""What each role sees of cohorts and sessions, and how many statements it takes."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from tests.factories import (
    NINE,
    OTHER_SITE,
    TODAY,
    CareLinkFactory,
    ChildFactory,
    CohortFactory,
    CohortMemberFactory,
    DyadFactory,
    EncounterFactory,
    GroupSessionFactory,
    PlaceFactory,
    a_viewer,
    stored,
)

from trellis.core.access.vocabulary import Role
from trellis.core.errors import NotFound
from trellis.core.groups.cohorts import CohortWarning, Fit
from trellis.records.audit.models import AuditEntry
from trellis.records.groups import operations, queries
from trellis.records.groups.cohorts import queries as cohorts
from trellis.records.groups.models import Place


pytestmark = pytest.mark.django_db
MIDNIGHT = NINE.replace(hour=5)
TEAM = (Role.NURSE, Role.PAEDIATRICS, Role.FACILITATOR, Role.PEER_COACH)


@pytest.fixture
def session():
    dyads = DyadFactory.create_batch(3)
    for dyad in dyads:
        on = TODAY - timedelta(days=40)
        EncounterFactory(child=dyad.child, on=on, visit="1m", status="elsewhere")
    return GroupSessionFactory(expects=dyads, team=TEAM)


def board(session, role):
    return queries.session_board(viewer=a_viewer(role), session_id=session.pk)


def test_the_coordinator_sees_names_and_due_visits_and_no_chart(session):
    line = board(session, Role.COORDINATOR).lines[0]
    assert line.family.parent_name.endswith("Example")
    assert line.family.born == TODAY - timedelta(days=65)
    assert [item.visit for item in line.due.items] == ["2m"]
    assert line.done is None
    assert line.may_mark
    assert line.may_mark_absent
    assert not line.may_open_visit


def test_the_nurse_sees_the_state_of_each_note(session):
    place = stored(Place)[0]
    operations.check_in(by=a_viewer(Role.NURSE), place_id=place.pk, version=1)
    encounter = operations.begin_visit(by=a_viewer(Role.NURSE), place_id=place.pk)
    lines = {line.place_id: line for line in board(session, Role.NURSE).lines}
    assert lines[place.pk].encounter_id == encounter
    assert lines[place.pk].done is not None
    assert not lines[place.pk].done.is_signed
    assert lines[place.pk].may_open_visit
    assert not lines[place.pk].may_mark_absent


def test_the_facilitator_sees_first_names_and_who_came_alone(session):
    seen = board(session, Role.FACILITATOR)
    line = seen.lines[0]
    assert "Example" not in line.family.parent_name + line.family.child_name
    assert (line.family.born, line.due.items, line.due.is_due) == (None, (), None)
    assert (line.family.language, line.done, line.fit) == ("", None, None)
    assert seen.languages == ("en",)
    assert seen.may_write_record
    assert line.may_mark


def test_the_facilitator_sees_an_absence_and_not_its_reason(session):
    place = stored(Place)[0]
    operations.mark_absent(
        by=a_viewer(), place_id=place.pk, version=1, reason="illness"
    )

    def reasons(role):
        return {line.absence_reason for line in board(session, role).lines}

    assert reasons(Role.COORDINATOR) == {"", "illness"}
    assert reasons(Role.FACILITATOR) == {""}


def test_the_peer_coach_learns_whom_to_call_and_no_item(session):
    seen = board(session, Role.PEER_COACH)
    assert len(seen.lines) == 3
    assert all(line.due.items == () and line.due.is_due is None for line in seen.lines)
    assert not any(line.due.please_call for line in seen.lines)


def test_a_facilitator_of_another_session_sees_the_agenda_and_no_roster(session):
    other = GroupSessionFactory(expects=[DyadFactory()])
    seen = board(other, Role.FACILITATOR)
    assert seen.lines == ()
    assert not seen.is_roster_open


def test_the_director_sees_who_is_expected_and_nothing_due(session):
    line = board(session, Role.DIRECTOR).lines[0]
    assert line.family.parent_name
    assert line.due.items == ()
    assert not line.may_mark


def test_the_evaluator_finds_no_session(session):
    with pytest.raises(NotFound):
        board(session, Role.EVALUATOR_FUNDER)


def test_a_partner_without_consent_sees_no_family(session):
    partner = a_viewer(Role.NURSE, user_id=uuid4(), org=2, is_integrated=False)
    seen = queries.session_board(viewer=partner, session_id=session.pk)
    assert seen.lines == ()


@pytest.mark.parametrize(
    "query",
    [
        queries.session_board,
        queries.session_preparation,
        queries.session_counts,
        queries.session_revision,
    ],
)
def test_a_session_of_another_site_reads_like_a_missing_one(query):
    theirs = GroupSessionFactory(site_id=OTHER_SITE)
    with pytest.raises(NotFound) as other:
        query(viewer=a_viewer(), session_id=theirs.pk)
    with pytest.raises(NotFound) as missing:
        query(viewer=a_viewer(), session_id=uuid4())
    assert str(other.value) == str(missing.value)


def test_preparation_names_who_falls_out_and_whose_agreement_is_missing():
    inside, old = DyadFactory(), DyadFactory(child__born=TODAY - timedelta(days=140))
    session = GroupSessionFactory(visit="2m")
    PlaceFactory(session=session, dyad=inside, has_agreement=True)
    PlaceFactory(session=session, dyad=old)
    seen = queries.session_preparation(viewer=a_viewer(), session_id=session.pk)
    assert [line.fit.fit for line in seen.outside] == [Fit.CLOSED]
    assert len(seen.without_agreement) == 1
    assert "Rotavirus" in seen.doses


def test_counts_hold_numbers_alone(session):
    seen = queries.session_counts(viewer=a_viewer(), session_id=session.pk)
    assert (seen.counts.invited, seen.counts.waiting) == (3, 3)


def test_lists_of_sessions_are_today_to_come_and_past(session):
    soon = GroupSessionFactory(
        starts=NINE + timedelta(days=9), ends=NINE + timedelta(days=9, hours=1)
    )
    past = GroupSessionFactory(
        starts=NINE - timedelta(days=9), ends=NINE - timedelta(days=9, hours=-1)
    )

    def listed(when):
        found = queries.session_list(viewer=a_viewer(), when=when, day_starts=MIDNIGHT)
        return [line.head.session_id for line in found]

    assert listed("today") == [session.pk]
    assert listed("upcoming") == [soon.pk]
    assert listed("past") == [past.pk]


def test_a_cohort_shows_its_spread_and_each_window_beside_each_date():
    cohort = CohortFactory()
    for days in (60, 80, 110):
        child = ChildFactory(born=TODAY - timedelta(days=days))
        CohortMemberFactory(cohort=cohort, dyad=DyadFactory(child=child))
    GroupSessionFactory(cohort=cohort, visit="2m")
    seen = cohorts.cohort_page(viewer=a_viewer(), cohort_id=cohort.pk)
    assert seen.spread_days == 50
    assert seen.warnings == (CohortWarning.WIDE_SPREAD,)
    (date_,) = seen.series
    assert [one.fit.fit for one in date_.members] == [
        Fit.CLOSED,
        Fit.INSIDE,
        Fit.INSIDE,
    ]
    assert date_.outside == 1
    assert date_.slack_days is not None


def test_a_facilitator_sees_a_cohort_without_birth_dates():
    cohort = CohortFactory()
    dyad = DyadFactory()
    CohortMemberFactory(cohort=cohort, dyad=dyad)
    GroupSessionFactory(cohort=cohort, expects=[dyad], team=[Role.FACILITATOR])
    seen = cohorts.cohort_page(viewer=a_viewer(Role.FACILITATOR), cohort_id=cohort.pk)
    assert [one.parent_name for one in seen.members] == [dyad.parent.first_name]
    assert seen.spread_days is None


def test_the_list_of_cohorts_counts_members_that_are_open():
    cohort = CohortFactory()
    CohortMemberFactory(cohort=cohort, dyad=DyadFactory())
    CohortFactory(site_id=OTHER_SITE)
    (line,) = cohorts.cohort_list(viewer=a_viewer())
    assert (line.members, line.spread_days) == (1, 0)
    (closed,) = cohorts.cohort_list(viewer=a_viewer(Role.PEER_COACH))
    assert (closed.members, closed.spread_days) == (0, None)


def test_families_to_place_are_those_in_no_cohort_and_born_in_the_period():
    free, placed, older = DyadFactory.create_batch(3)
    CohortMemberFactory(dyad=placed)
    DyadFactory(child__born=date(2026, 1, 1))
    found = cohorts.placeable_families(
        viewer=a_viewer(), born_from=TODAY - timedelta(days=70), born_until=TODAY
    )
    assert {one.dyad_id for one in found} == {free.pk, older.pk}


def test_make_ups_are_listed_by_deadline(session):
    for place in stored(Place):
        operations.mark_absent(
            by=a_viewer(), place_id=place.pk, version=1, reason="transport"
        )
    operations.mark_closed(by=a_viewer(), session_id=session.pk, version=1)
    lines = queries.make_up_list(viewer=a_viewer())
    assert [line.due_by for line in lines] == [TODAY + timedelta(days=39)] * 3
    operations.note_make_up(
        by=a_viewer(), make_up_id=lines[0].make_up_id, version=1, state="done"
    )
    assert len(queries.make_up_list(viewer=a_viewer())) == 2
    assert len(queries.make_up_list(viewer=a_viewer(), is_done=True)) == 1
    assert queries.make_up_list(viewer=a_viewer(Role.FACILITATOR)) == ()


def test_a_look_at_the_board_names_its_subjects_in_the_trail(session):
    board(session, Role.NURSE)
    entry = AuditEntry.objects.order_by("pk").last()
    assert entry.action == "groups.session-board"
    assert len(entry.subjects) == 6


def test_a_poll_leaves_no_entry(session):
    before = AuditEntry.objects.count()
    queries.session_revision(viewer=a_viewer(), session_id=session.pk)
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize("families", [1, 8])
@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.NURSE, Role.FACILITATOR])
def test_statements_of_the_board(django_assert_max_num_queries, families, role):
    dyads = DyadFactory.create_batch(families)
    session = GroupSessionFactory(expects=dyads, team=TEAM)
    CareLinkFactory(parent=dyads[0].parent)
    with django_assert_max_num_queries(20):
        board(session, role)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.NURSE])
def test_statements_of_the_lists(django_assert_max_num_queries, role):
    for _ in range(4):
        dyads = DyadFactory.create_batch(2)
        cohort = CohortFactory()
        for dyad in dyads:
            CohortMemberFactory(cohort=cohort, dyad=dyad)
        GroupSessionFactory(cohort=cohort, expects=dyads, team=TEAM)
    viewer = a_viewer(role)
    # two more belong to the frame: the session, and the person with memberships
    with django_assert_max_num_queries(8):
        queries.session_list(viewer=viewer, when="today", day_starts=MIDNIGHT)
    with django_assert_max_num_queries(8):
        cohorts.cohort_list(viewer=viewer)
    with django_assert_max_num_queries(8):
        queries.make_up_list(viewer=viewer)
