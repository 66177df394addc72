"""Marking who came: the list of a session, changed by several people at once."""

from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, connections
from tests.factories import (
    NINE,
    OTHER_SITE,
    SITE,
    DyadFactory,
    GroupSessionFactory,
    a_viewer,
    stored,
)

from trellis.core.access.vocabulary import Role
from trellis.core.errors import (
    Conflict,
    InvalidInput,
    NotFound,
    RuleRefused,
    SessionFull,
)
from trellis.records.clinical import operations as clinical
from trellis.records.clinical.models import Encounter
from trellis.records.clinical.notes import Note
from trellis.records.groups import operations, queries
from trellis.records.groups.models import GroupSession, MakeUp, Place
from trellis.records.people.models import Child


pytestmark = [pytest.mark.django_db, pytest.mark.both]
ROOM = (Role.NURSE, Role.FACILITATOR, Role.PAEDIATRICS)


def a_session(families=2, **fields):
    dyads = DyadFactory.create_batch(families)
    session = GroupSessionFactory(expects=dyads, team=ROOM, **fields)
    places = {place.dyad_id: place for place in stored(Place)}
    return session, [places[dyad.pk] for dyad in dyads]


def now(place):
    return next(row for row in stored(Place) if row.pk == place.pk)


def the_session():
    return stored(GroupSession)[0]


@pytest.mark.parametrize("role", [Role.COORDINATOR, *ROOM])
def test_who_works_in_the_room_checks_in(role):
    _, (place, _) = a_session()
    operations.check_in(by=a_viewer(role), place_id=place.pk, version=1)
    assert (now(place).state, now(place).arrived_at) == ("arrived", NINE)
    assert now(place).changed_by_id == a_viewer(role).user_id


@pytest.mark.parametrize(
    "role", [Role.DIRECTOR, Role.PEER_COACH, Role.EVALUATOR_FUNDER]
)
def test_who_may_not_mark_finds_no_such_place(role):
    _, (place, _) = a_session()
    with pytest.raises(NotFound):
        operations.check_in(by=a_viewer(role), place_id=place.pk, version=1)
    assert now(place).state == "expected"


def test_a_place_of_another_site_does_not_exist():
    dyad = DyadFactory(site_id=OTHER_SITE)
    GroupSessionFactory(site_id=OTHER_SITE, expects=[dyad])
    (place,) = stored(Place, OTHER_SITE)
    with pytest.raises(NotFound):
        operations.check_in(by=a_viewer(), place_id=place.pk, version=1)


def test_the_first_arrival_opens_the_session_and_every_device_hears_of_it():
    session, (place, _) = a_session()
    before = queries.session_revision(viewer=a_viewer(), session_id=session.pk)
    operations.check_in(by=a_viewer(), place_id=place.pk, version=1)
    after = queries.session_revision(viewer=a_viewer(), session_id=session.pk)
    assert the_session().status == "open"
    assert before != after


def test_repeating_a_mark_changes_nothing():
    _, (place, _) = a_session()
    operations.check_in(by=a_viewer(), place_id=place.pk, version=1)
    revision = the_session().revision
    operations.check_in(by=a_viewer(Role.NURSE), place_id=place.pk, version=1)
    assert (now(place).version, the_session().revision) == (2, revision)


def test_a_change_on_an_old_view_is_a_conflict_that_says_what_stands():
    _, (place, _) = a_session()
    operations.mark_absent(
        by=a_viewer(), place_id=place.pk, version=1, reason="illness"
    )
    with pytest.raises(Conflict) as conflict:
        operations.check_in(by=a_viewer(Role.NURSE), place_id=place.pk, version=1)
    assert conflict.value.current == "absent"
    assert now(place).state == "absent"


def test_an_absence_needs_a_reason_of_the_list():
    _, (place, _) = a_session()
    with pytest.raises(InvalidInput, match="Reason"):
        operations.mark_absent(
            by=a_viewer(), place_id=place.pk, version=1, reason="lazy"
        )


def test_the_nurse_marks_arrivals_and_no_absence():
    _, (place, _) = a_session()
    with pytest.raises(NotFound):
        operations.mark_absent(
            by=a_viewer(Role.NURSE), place_id=place.pk, version=1, reason="illness"
        )


def test_late_left_early_and_undone():
    _, (place, _) = a_session()
    at = NINE + timedelta(minutes=20)
    by = a_viewer(at=at)
    operations.mark_late(by=by, place_id=place.pk, version=1)
    board = queries.session_board(viewer=by, session_id=place.session_id)
    assert {line.minutes_late for line in board.lines} == {0, 20}
    operations.mark_left_early(by=by, place_id=place.pk, version=2)
    assert now(place).left_at == at
    operations.undo(by=by, place_id=place.pk, version=3)
    assert (now(place).state, now(place).arrived_at) == ("expected", None)


def test_nobody_arrives_before_the_day():
    _, (place, _) = a_session(
        starts=NINE + timedelta(days=2), ends=NINE + timedelta(days=2, hours=2)
    )
    with pytest.raises(RuleRefused, match="checked in on the day"):
        operations.check_in(by=a_viewer(), place_id=place.pk, version=1)


def test_a_full_session_refuses_and_says_so():
    _, places = a_session(places=1)
    operations.check_in(by=a_viewer(), place_id=places[0].pk, version=1)
    with pytest.raises(SessionFull, match="Every place is taken"):
        operations.check_in(by=a_viewer(), place_id=places[1].pk, version=1)


def test_an_agreement_on_file_is_the_coordinator_s_to_note():
    _, (place, _) = a_session()
    operations.note_agreement(
        by=a_viewer(), place_id=place.pk, version=1, has_agreement=True
    )
    assert now(place).has_agreement
    with pytest.raises(NotFound):
        operations.note_agreement(
            by=a_viewer(Role.NURSE), place_id=place.pk, version=2, has_agreement=False
        )


def test_beginning_a_visit_twice_is_one_note():
    _, (place, _) = a_session()
    nurse = a_viewer(Role.NURSE)
    with pytest.raises(RuleRefused, match="Check the family in first"):
        operations.begin_visit(by=nurse, place_id=place.pk)
    operations.check_in(by=nurse, place_id=place.pk, version=1)
    first = operations.begin_visit(by=nurse, place_id=place.pk)
    again = operations.begin_visit(by=a_viewer(Role.PAEDIATRICS), place_id=place.pk)
    assert first == again == now(place).encounter_id
    (note,) = stored(Encounter)
    assert note.visit == "2m"
    with pytest.raises(RuleRefused, match="the child was here"):
        operations.undo(by=nurse, place_id=place.pk, version=3)


def test_a_change_in_a_visit_note_is_news_for_the_list():
    session, (place, _) = a_session()
    nurse = a_viewer(Role.NURSE)
    operations.check_in(by=nurse, place_id=place.pk, version=1)
    encounter_id = operations.begin_visit(by=nurse, place_id=place.pk)
    before = queries.session_revision(viewer=nurse, session_id=session.pk)
    note = Note(assessment="Growing well")
    clinical.write_note(by=nurse, encounter_id=encounter_id, version=1, note=note)
    after = queries.session_revision(viewer=nurse, session_id=session.pk)
    assert before != after


def test_the_coordinator_begins_no_visit_note():
    _, (place, _) = a_session()
    operations.check_in(by=a_viewer(), place_id=place.pk, version=1)
    with pytest.raises(NotFound):
        operations.begin_visit(by=a_viewer(), place_id=place.pk)


def test_closing_waits_for_everybody_and_for_signatures():
    session, (came, absent) = a_session()
    by = a_viewer()
    close = {"by": by, "session_id": session.pk, "version": 1}
    with pytest.raises(RuleRefused, match="2 families have no outcome"):
        operations.mark_closed(**close)
    operations.check_in(by=by, place_id=came.pk, version=1)
    operations.mark_absent(by=by, place_id=absent.pk, version=1, reason="transport")
    with pytest.raises(RuleRefused, match="1 child came and has no note"):
        operations.mark_closed(**close)
    encounter = operations.begin_visit(by=a_viewer(Role.NURSE), place_id=came.pk)
    with pytest.raises(RuleRefused, match="1 visit note is not signed"):
        operations.mark_closed(**close)
    signed(encounter)
    counts = operations.mark_closed(**close)
    assert (counts.came, counts.absent, counts.signed, counts.make_ups) == (1, 1, 1, 1)
    (make_up,) = stored(MakeUp)
    # 65 days old: the first rotavirus dose closes at day 104, before the 2-month window
    assert make_up.why_by == "rotavirus-first-dose"
    with pytest.raises(RuleRefused, match="closed already"):
        operations.mark_closed(**close)


def signed(encounter_id):
    from tests.factories import in_context_of

    with in_context_of(SITE):
        Encounter.ungated.filter(pk=encounter_id).update(
            status="signed", signed_at=NINE
        )


def test_only_the_coordinator_closes():
    session, _ = a_session()
    with pytest.raises(NotFound):
        operations.mark_closed(
            by=a_viewer(Role.NURSE), session_id=session.pk, version=1
        )


def test_the_circle_s_record_names_nobody_of_the_session():
    session, _ = a_session()
    name = stored(Child)[0].first_name
    say = {"session_id": session.pk, "version": 1, "topic": "Sleep"}
    by = a_viewer(Role.FACILITATOR)
    with pytest.raises(RuleRefused, match=name):
        operations.write_circle_record(by=by, text=f"{name}'s night was long", **say)
    operations.write_circle_record(by=by, text="Nights are long.", **say)
    assert the_session().circle_record == "Nights are long."
    with pytest.raises(Conflict) as conflict:
        operations.write_circle_record(by=a_viewer(), text="Another text.", **say)
    assert conflict.value.current == "Nights are long."


def test_the_nurse_reads_the_circle_s_record_and_does_not_write_it():
    session, _ = a_session()
    with pytest.raises(NotFound):
        operations.write_circle_record(
            by=a_viewer(Role.NURSE),
            session_id=session.pk,
            version=1,
            text="x",
            topic="",
        )


def test_conflicts_are_counted():
    session, _ = a_session()
    operations.count_conflict(by=a_viewer(Role.NURSE), session_id=session.pk)
    assert the_session().conflicts == 1


@pytest.mark.django_db(transaction=True)
def test_ten_people_at_once_lose_nothing_and_admit_nobody_too_many():
    _, places = a_session(families=5, places=3)
    start, outcomes = Barrier(10), []

    def at_the_door(place, number):
        by = replace(a_viewer(), at=NINE + timedelta(seconds=number))
        start.wait()
        try:
            operations.check_in(by=by, place_id=place.pk, version=1)
            outcomes.append("in")
        except RuleRefused as refusal:
            outcomes.append(type(refusal).__name__)
        finally:
            connections.close_all()

    threads = [
        Thread(target=at_the_door, args=(places[number % 5], number))
        for number in range(10)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    states = [place.state for place in stored(Place)]
    assert states.count("arrived") == 3
    # two asked for each place: the second finds it done, or no place left
    assert len(outcomes) == 10
    assert set(outcomes) <= {"in", "SessionFull"}
    assert outcomes.count("in") == 6
    assert the_session().revision == 3
    assert connection.vendor in {"sqlite", "postgresql"}
