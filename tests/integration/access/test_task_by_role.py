"""Who does what: the rows of privacy.md 3.5 that there are so far, done and refused.

Each role of a row does the task by the calls that its pages make, at the integrated
site, and opens the classes and views of the row and nothing else: this is read from
the audit trail. Every other role of the staff is refused, unless the matrix opens the
act to it as well; what the matrix says is asked as in ``walk_rules``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from tests import factories as make
from tests.factories import NINE, SITE, TODAY, a_viewer
from tests.integration.access import walk_rules as needs
from tests.integration.access.walk_rules import PARENT, Rule
from tests.world import ON_THE_TEAM, a_world
from trellis.core.access.viewer import Permission
from trellis.core.access.vocabulary import DataClass, Role
from trellis.core.errors import NotFound, RuleRefused
from trellis.core.groups.doses import Dose
from trellis.records.audit.models import AuditEntry
from trellis.records.care import operations as care
from trellis.records.care import queries as families
from trellis.records.clinical import operations as clinical
from trellis.records.clinical import queries as charts
from trellis.records.clinical.models import Encounter
from trellis.records.clinical.notes import Note
from trellis.records.groups import operations as groups
from trellis.records.groups import queries as sessions
from trellis.records.groups.cohorts import operations as planning
from trellis.records.groups.cohorts import queries as cohorts
from trellis.records.groups.family_page.queries import family_page
from trellis.records.groups.today.queries import day_sheet
from trellis.records.immunization.queries import registry_forecasts
from trellis.records.imports import queries as imports
from trellis.records.imports.uploads.operations import check_upload, confirm_upload
from trellis.records.people import queries as people
from trellis.records.people.entries import (
    ChildIdentity,
    Identity,
    NewChild,
    NewParent,
)


pytestmark = [pytest.mark.django_db, pytest.mark.both]

D = DataClass
STAFF = tuple(role for role in Role if role is not Role.PARENT)
COORDINATOR, NURSE, PAEDIATRICS = Role.COORDINATOR, Role.NURSE, Role.PAEDIATRICS
FACILITATOR, PEER_COACH = Role.FACILITATOR, Role.PEER_COACH
NEXT_WEEK = datetime(2027, 3, 8, 15, 0, tzinfo=UTC)
GIVEN = Dose(
    cvx="146",
    product="Vaxelis",
    mvx="MSP",
    lot="L77",
    expires_on=TODAY + timedelta(days=300),
    vis_edition_on=None,
    body_site="LT",
    route="IM",
    funding="V02",
    vaccinator_name="Jo Field",
)
Act = Callable[[Any, Mapping[str, Any]], object]


@dataclass(frozen=True)
class Task:
    """One row: its number and words, who does it, what may be opened by whom.

    ``opens``: by role, a class (whole, or any part of it) or ``class:VIEW``, as the row
    names them. ``beside``: what the task's page shows as well and really opens; the
    matrix opens it to the role, and why the page shows it is said there. ``rule``: to
    whom the matrix opens the act.
    """

    number: int
    words: str
    opens: Mapping[Role, frozenset[str]]
    rule: Rule
    look: Act
    write: Act | None = None
    beside: Mapping[Role, frozenset[str]] = field(default_factory=dict)


def words(text):
    return frozenset(text.split())


# A session has one list for everybody in the room (issue 2), so whoever marks arrivals
# also sees what is due, the language to speak, and the group the session belongs to.
BOARD = {
    COORDINATOR: words("child_wellchild:DUE_LIST programme_record group_record"),
    NURSE: words(
        "adult_identity child_identity child_wellchild programme_record:VISIT_ADMIN "
        "group_record"
    ),
    FACILITATOR: words(
        "adult_identity:FIRST_NAME child_identity:FIRST_NAME group_record "
        "child_wellchild:SESSION_CHECKLIST programme_record:LANGUAGE_NEEDS"
    ),
}
# A list of families names them: the pair, by both names.
NAMED = words("adult_identity child_identity dyad_link")


def look_for_duplicates(by, _):
    people.likely_duplicates(
        viewer=by,
        parent=Identity("Iris", "Vale"),
        children=[ChildIdentity("Wren", "Vale", TODAY)],
    )


def register(by, _):
    parent = NewParent(uuid4(), SITE, Identity("Iris", "Vale"))
    child = NewChild(uuid4(), ChildIdentity("Wren", "Vale", TODAY))
    episode = care.NewEpisode(referred_on=TODAY)
    family = care.NewFamily(parent, episode, (child,))
    assert care.register_family(by=by, family=family)


def look_for_families(by, keys):
    cohorts.placeable_families(
        viewer=by, born_from=TODAY - timedelta(days=90), born_until=TODAY
    )
    cohorts.cohort_page(viewer=by, cohort_id=keys["cohort"])


def place(by, keys):
    planning.place_in_cohort(
        by=by, cohort_id=keys["cohort"], dyad_ids=(keys["unplaced"],), on=TODAY
    )


def prepare(by, keys):
    sessions.session_preparation(viewer=by, session_id=keys["session"])


def plan(by, keys):
    ends = NEXT_WEEK + timedelta(hours=2)
    date = planning.PlannedDate(uuid4(), None, NEXT_WEEK, ends)
    planning.plan_series(by=by, cohort_id=keys["cohort"], dates=(date,))


def board(by, keys):
    sessions.session_board(viewer=by, session_id=keys["session"])


def check_in_with(came_with):
    def check_in(by, keys):
        key = keys["waiting_place"]
        groups.check_in(by=by, place_id=key, version=1, came_with=came_with)

    return check_in


def open_visit(by, keys):
    charts.visit_page(viewer=by, encounter_id=keys["encounter"])


def measure(by, keys):
    clinical.record_measurements(
        by=by,
        encounter_id=keys["encounter"],
        keys={kind: uuid4() for kind in ("weight", "length", "head")},
        seen={"weight": keys["measurement"], "length": None, "head": None},
        weight_g=5_300,
        length_mm=580,
        position="l",
        head_mm=390,
        is_confirmed=True,
    )


def look_at_vaccines(by, keys):
    open_visit(by, keys)
    sessions.laid_out(viewer=by, encounter_id=keys["encounter"])
    registry_forecasts(viewer=by, child_id=keys["child"])


def give(by, keys):
    clinical.give_dose(
        by=by,
        key=uuid4(),
        encounter_id=keys["encounter"],
        dose=GIVEN,
        name_confirmed=True,
        born_confirmed=TODAY - timedelta(days=65),
    )


def open_chart(by, keys):
    charts.child_chart(viewer=by, child_id=keys["child"])
    open_visit(by, keys)


def write_note(by, keys):
    note = Note("Well.", "No findings.", "Thriving", "Again at four months")
    clinical.write_note(by=by, encounter_id=keys["encounter"], version=1, note=note)


def list_to_sign(by, keys):
    charts.signing_list(viewer=by, on=TODAY)
    open_visit(by, keys)


def open_and_sign(by, keys):
    visit = keys["ready_encounter"]
    clinical.open_for_signing(by=by, encounter_id=visit, revision=1)
    assert clinical.sign_opened(by=by, encounter_ids=[visit]) == 1


def print_summary(by, keys):
    charts.visit_summary(viewer=by, encounter_id=keys["signed_encounter"])


def write_circle(by, keys):
    groups.write_circle_record(
        by=by, session_id=keys["session"], version=1, text="Sleep.", topic="Sleep"
    )


def list_make_ups(by, _):
    assert sessions.make_up_list(viewer=by)


def book_make_up(by, keys):
    groups.note_make_up(
        by=by, make_up_id=keys["make_up"], version=1, state="booked", note="Monday"
    )


def open_family(by, keys):
    assert family_page(viewer=by, dyad_id=keys["dyad"]).pair.child


def list_imports(by, keys):
    imports.runs(viewer=by)
    imports.run(viewer=by, run_id=keys["run"])


def bring_in(by, _):
    heading = b"external_id,site,first_name,last_name,birth_date\n\n"
    run = check_upload(
        by=by, upload_id=uuid4(), kind="roster", files=[("new.csv", heading)]
    )
    confirm_upload(by=by, run_id=run)


def operate(by, keys):
    day_sheet(viewer=by, on=TODAY, with_owed=True)
    families.families(viewer=by)
    families.parent_page(viewer=by, parent_id=keys["parent"])
    family_page(viewer=by, dyad_id=keys["dyad"])
    sessions.session_list(viewer=by, when="today", day_starts=NINE)
    sessions.session_counts(viewer=by, session_id=keys["session"])
    cohorts.cohort_list(viewer=by)
    board(by, keys)


TASKS = (
    Task(
        1,
        "register a family",
        dict.fromkeys(
            (COORDINATOR, Role.CASE_MANAGER),
            words("adult_identity child_identity dyad_link programme_record"),
        ),
        Rule((*needs.WRITE_ADULT, *needs.ADD_CHILD, *needs.WRITE_PROGRAMME)),
        look_for_duplicates,
        register,
    ),
    Task(
        2,
        "place in a cohort by birth date",
        {COORDINATOR: words("child_identity programme_record cohort_attendance")},
        Rule(permission=Permission.GROUPS_COHORT_PLAN),
        look_for_families,
        place,
        # the cohort's page says what is due for each member at the next session
        beside={
            COORDINATOR: NAMED - words("child_identity")
            | words("child_wellchild:DUE_LIST group_record")
        },
    ),
    Task(
        3,
        "prepare a session",
        {
            COORDINATOR: words(
                "cohort_attendance child_wellchild:DUE_LIST mental_health:PARENT_DUE "
                "ob_postpartum:PARENT_DUE group_record"
            )
        },
        Rule(permission=Permission.GROUPS_COHORT_PLAN),
        prepare,
        plan,
        # the run sheet is laid out with it: whom to greet, in which language, and who
        # may bring the child
        beside={
            COORDINATOR: NAMED
            | words("programme_record cps_custody_legal:CHECK_IN_AUTHORITY")
        },
    ),
    Task(
        4,
        "check in, note who came",
        {
            COORDINATOR: words(
                "adult_identity child_identity dyad_link cohort_attendance "
                "cps_custody_legal:CHECK_IN_AUTHORITY"
            )
        },
        Rule(
            (
                *needs.MARK_ARRIVAL,
                needs.writing(D.CPS_CUSTODY_LEGAL, PARENT, "NOTE_WHO_CAME"),
            )
        ),
        board,
        check_in_with("birth-parent"),
        beside=BOARD,
    ),
    Task(
        5,
        "mark arrival in the room",
        {
            FACILITATOR: words(
                "cohort_attendance:SESSION_ROSTER dyad_link:SESSION_ROSTER"
            ),
            NURSE: words("cohort_attendance dyad_link"),
        },
        Rule(needs.MARK_ARRIVAL),
        board,
        check_in_with(""),
        beside=BOARD,
    ),
    Task(
        6,
        "enter weight, length, head",
        {NURSE: words("child_identity child_wellchild")},
        Rule(needs.WRITE_CHART),
        open_visit,
        measure,
    ),
    Task(
        7,
        "check the forecast, give a vaccine with its lot",
        {
            NURSE: words(
                "child_wellchild programme_record:VISIT_ADMIN "
                "cps_custody_legal:WHO_MAY_CONSENT"
            )
        },
        Rule(needs.WRITE_CHART),
        look_at_vaccines,
        give,
        # the child is confirmed by name and birth date; lots are laid out for the group
        # at whose session the child has a place
        beside={NURSE: words("child_identity cohort_attendance group_record")},
    ),
    Task(
        11,
        "exam and the child's encounter",
        {
            PAEDIATRICS: words(
                "child_identity child_wellchild child_exposure "
                "ob_postpartum:INFANT_RELEVANT"
            )
        },
        Rule(needs.WRITE_CHART),
        open_chart,
        write_note,
    ),
    Task(
        13,
        "sign the encounter",
        {PAEDIATRICS: words("child_wellchild child_exposure")},
        Rule(needs.SIGN_CHART, permission=Permission.CLINICAL_ENCOUNTER_SIGN),
        list_to_sign,
        open_and_sign,
        beside={PAEDIATRICS: words("child_identity")},  # whose note it is
    ),
    Task(
        14,
        "print the visit summary for the parent",
        dict.fromkeys((NURSE, PAEDIATRICS), words("child_wellchild")),
        Rule(needs.EXPORT_CHART),
        print_summary,
        # the paper names the child
        beside=dict.fromkeys((NURSE, PAEDIATRICS), words("child_identity")),
    ),
    Task(
        15,
        "run the circle: agenda, topics",
        {
            FACILITATOR: words(
                "adult_identity:FIRST_NAME child_identity:FIRST_NAME "
                "programme_record:LANGUAGE_NEEDS group_record"
            )
        },
        Rule(needs.SEE_GROUP),
        board,
        # the same page marks who arrived (row 5)
        beside={
            FACILITATOR: words(
                "cohort_attendance:SESSION_ROSTER dyad_link:SESSION_ROSTER "
                "child_wellchild:SESSION_CHECKLIST"
            )
        },
    ),
    Task(
        16,
        "write the circle's record",
        {FACILITATOR: words("group_record")},
        Rule(needs.WRITE_RECORD),
        lambda by, keys: cohorts.cohort_calendar(viewer=by, cohort_id=keys["cohort"]),
        write_circle,
    ),
    Task(
        18,
        "absence: the make-up",
        {
            COORDINATOR: words("cohort_attendance programme_record"),
            PAEDIATRICS: words("cohort_attendance programme_record:VISIT_ADMIN"),
        },
        Rule((needs.writing(D.PROGRAMME_RECORD, PARENT, "MARK_TASK"),)),
        list_make_ups,
        book_make_up,
        # by when, and what is due that sets the day
        beside={
            COORDINATOR: NAMED | words("child_wellchild:DUE_LIST"),
            PAEDIATRICS: NAMED | words("child_wellchild"),
        },
    ),
    Task(
        19,
        "call a family about an appointment",
        {
            PEER_COACH: words(
                "adult_identity child_identity dyad_link child_wellchild:CALL_FLAG "
                "safe_address:REACH_VIA programme_record:COACH_CARD"
            )
        },
        Rule(needs.SEE_PAIR),
        open_family,
        # the family's page says when its group meets next
        beside={PEER_COACH: words("cohort_attendance group_record")},
    ),
    Task(
        28,
        "start a batch of the registry or of a roster",
        {COORDINATOR: frozenset()},
        Rule(permission=Permission.IMPORTS_FILE_IMPORT),
        list_imports,
        bring_in,
        beside={COORDINATOR: words("configuration")},  # the codes of the sites
    ),
    Task(
        30,
        "operations: staffing, sessions, families",
        {
            Role.DIRECTOR: words(
                "adult_identity cohort_attendance child_identity dyad_link "
                "programme_record group_record configuration staff_training"
            )
        },
        Rule(needs.SEE_GROUP),
        operate,
    ),
)


@pytest.fixture
def keys():
    """The world's keys, a family in no cohort, a note that is ready to be signed."""
    made = a_world().keys
    with make.in_context_of(SITE):
        ready = make.EncounterFactory(
            child_id=made["child"],
            on=TODAY - timedelta(days=3),
            assessment="Thriving",
            plan="Again at four months",
        )
    return {**made, "unplaced": make.DyadFactory().pk, "ready_encounter": ready.pk}


def undone(act, role, keys):
    """Do it, read the trail, and take it back; what was opened, or the refusal."""
    viewer = a_viewer(role)
    try:
        with transaction.atomic():
            before = AuditEntry.objects.count()
            act(viewer, keys)
            left = AuditEntry.objects.order_by("sequence")[before:]
            opened = {one for entry in left for one in entry.detail.get("views", ())}
            transaction.set_rollback(True)
    except NotFound as refusal:
        return refusal
    return opened


def do(task):
    def act(by, keys):
        task.look(by, keys)
        if task.write:
            task.write(by, keys)

    return act


def outside(task, role, opened):
    """What was opened outside the row, and what stands beside it without being so."""
    beside = task.beside.get(role, frozenset())
    allowed = task.opens[role] | beside
    more = {one for one in opened if not {one, one.partition(":")[0]} & allowed}
    return more | {f"{one} is not shown" for one in beside - opened}


def differences(task, keys):
    for role in STAFF:
        where = f"{task.number} {task.words} as {role}"
        if role in task.opens:
            opened = undone(do(task), role, keys)
            if isinstance(opened, NotFound):
                yield f"{where}: refused"
            elif more := outside(task, role, opened):
                yield f"{where}: opens {', '.join(sorted(more))}"
        else:
            answer = undone(task.write or task.look, role, keys)
            is_refused = isinstance(answer, NotFound)
            if is_refused is task.rule.is_open(role):
                yield f"{where}: {'refused' if is_refused else 'done'}"


def test_each_task_is_done_by_the_roles_of_its_row_and_by_whom_the_matrix_lets(
    keys, figure
):
    found = [each for task in TASKS for each in differences(task, keys)]
    rows = sum(len(task.opens) for task in TASKS)
    others = [
        task.rule.is_open(role)
        for task in TASKS
        for role in STAFF
        if role not in task.opens
    ]
    figure(
        f"task x role: {len(TASKS)} tasks, {len(STAFF)} roles, {rows} done by "
        f"the table, {sum(others)} by the matrix, {len(others) - sum(others)} refused, "
        f"{len(found)} differences"
    )
    assert not found, "\n".join(found)


def test_a_batch_holds_only_the_notes_that_were_opened_one_by_one(keys):
    with pytest.raises(RuleRefused):
        clinical.sign_opened(
            by=a_viewer(PAEDIATRICS), encounter_ids=[keys["ready_encounter"]]
        )
    stored = {row.pk: row.status for row in make.stored(Encounter)}
    assert stored[keys["ready_encounter"]] == Encounter.DRAFT


def test_a_facilitator_writes_the_record_of_the_own_session_alone(keys):
    session = make.GroupSessionFactory(team=set(ON_THE_TEAM) - {FACILITATOR})
    with pytest.raises(NotFound):
        write_circle(a_viewer(FACILITATOR), {**keys, "session": session.pk})
