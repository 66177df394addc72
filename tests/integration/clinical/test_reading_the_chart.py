"""What the chart tells, to whom, and in how many statements."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    OTHER_SITE,
    TODAY,
    CareLinkFactory,
    ChildFactory,
    DyadFactory,
    a_viewer,
)
from tests.integration.clinical.charts import a_visit, staff
from trellis.core.access.vocabulary import Role
from trellis.core.errors import NotFound
from trellis.records.clinical import operations, queries


pytestmark = [pytest.mark.django_db, pytest.mark.both]


def page(visit, viewer=None):
    return queries.visit_page(
        viewer=viewer or visit.nurse, encounter_id=visit.encounter_id
    )


def chart(visit, viewer=None):
    return queries.child_chart(viewer=viewer or visit.nurse, child_id=visit.child.pk)


def test_z_scores_stand_beside_the_values_at_once():
    visit = a_visit()
    visit.measure(weight_g=5300, length_mm=580, position="l", head_mm=392)
    today = page(visit).today
    assert today.age_days == 65
    assert today.scores.zwei == pytest.approx(-0.6, abs=0.3)
    assert None not in (today.scores.zlen, today.scores.zhc, today.scores.zwfl)


def test_the_page_says_who_wrote_what():
    visit = a_visit()
    visit.measure(weight_g=5300)
    visit.give()
    seen = page(visit)
    assert seen.current("weight").author_name == "Nia Brooks"
    assert seen.doses[0].vaccinator_name == "Nia Brooks"


def test_a_corrected_value_stays_on_the_page_and_off_the_curve():
    visit = a_visit()
    visit.measure(weight_g=5300)
    visit.measure(weight_g=5200)
    seen = page(visit)
    assert [(m.value, m.status) for m in seen.measurements] == [
        (5300, "corrected"),
        (5200, "current"),
    ]
    assert [point.weight_g for point in seen.growth] == [5200]


def test_a_child_born_preterm_has_scores_for_both_ages():
    visit = a_visit(gestation_days=34 * 7)
    visit.measure(weight_g=4300)
    today = page(visit).today
    assert today.corrected_age_days == 65 - 42
    assert today.corrected.zwei > today.scores.zwei


def test_the_visit_is_opened_only_as_it_stands():
    visit = a_visit()
    visit.open()
    assert page(visit, visit.doctor).is_opened_by_viewer
    assert not page(visit).is_opened_by_viewer
    visit.measure(weight_g=5300)
    assert not page(visit, visit.doctor).is_opened_by_viewer


@pytest.mark.parametrize(
    "role",
    [
        Role.DIRECTOR,
        Role.COORDINATOR,
        Role.FACILITATOR,
        Role.PEER_COACH,
        Role.CASE_MANAGER,
        Role.SUD_COUNSELLOR,
        Role.EVALUATOR_FUNDER,
    ],
)
def test_roles_without_the_whole_chart_find_nothing(role):
    visit = a_visit()
    CareLinkFactory(parent=visit.dyad.parent, role=role.value)
    viewer = a_viewer(role)
    for ask in (
        lambda: page(visit, viewer),
        lambda: chart(visit, viewer),
        lambda: queries.growth_points(viewer=viewer, child_id=visit.child.pk),
        lambda: queries.visit_revision(viewer=viewer, encounter_id=visit.encounter_id),
    ):
        with pytest.raises(NotFound):
            ask()
    assert queries.signing_list(viewer=viewer, on=TODAY) == ()
    stages = queries.encounter_stages(viewer=viewer, encounter_ids=[visit.encounter_id])
    assert stages == {}


def test_another_site_finds_nothing():
    visit = a_visit()
    stranger = a_viewer(Role.PAEDIATRICS, sites=(OTHER_SITE,))
    with pytest.raises(NotFound):
        page(visit, stranger)
    with pytest.raises(NotFound):
        chart(visit, stranger)


def test_stages_follow_the_visit():
    visit = a_visit()

    def stages():
        found = queries.encounter_stages(
            viewer=visit.nurse, encounter_ids=[visit.encounter_id]
        )[visit.encounter_id]
        return [
            found.is_measured,
            found.is_vaccinated,
            found.is_noted,
            found.is_signed,
        ]

    assert stages() == [False, False, False, False]
    visit.measure(weight_g=5300)
    assert stages() == [True, False, False, False]
    visit.give()
    assert stages() == [True, True, False, False]
    visit.signed()
    assert stages() == [True, True, True, True]


def test_the_signing_list_holds_what_waits():
    visit = a_visit()
    (line,) = queries.signing_list(viewer=visit.doctor, on=TODAY)
    assert (line.has_note, line.is_opened) == (False, False)
    visit.write()
    visit.open()
    (line,) = queries.signing_list(viewer=visit.doctor, on=TODAY)
    assert (line.has_note, line.is_opened) == (True, True)
    visit.sign()
    assert queries.signing_list(viewer=visit.doctor, on=TODAY) == ()


def test_the_revision_grows_with_everything_a_signer_must_see():
    visit = a_visit()

    def revision():
        return queries.visit_revision(
            viewer=visit.nurse, encounter_id=visit.encounter_id
        )

    seen = [revision()]
    visit.measure(weight_g=5300)
    seen.append(revision())
    visit.give()
    seen.append(revision())
    visit.write()
    seen.append(revision())
    assert seen == sorted(set(seen))


def statements(act):
    with CaptureQueriesContext(
        connection,
    ) as caught:
        act()
    # PostgreSQL's own frame of a call (site context, savepoint) is not the query's.
    frame = ("SAVEPOINT", "RELEASE", "set_config", "BEGIN", "COMMIT")
    sent = [q["sql"] for q in caught.captured_queries]
    return sum(not any(word in sql for word in frame) for sql in sent)


def with_history(visits):
    visit = a_visit()
    for week in range(visits):
        operations.begin_encounter(
            by=visit.nurse,
            encounter_id=uuid4(),
            child_id=visit.child.pk,
            on=TODAY - timedelta(weeks=week + 1),
            visit="",
        )
    visit.measure(weight_g=5300)
    visit.give()
    return visit


def test_the_number_of_statements_does_not_grow_with_the_chart():
    counts = []
    for visits in (1, 6):
        visit = with_history(visits)
        counts.append(
            (statements(lambda: page(visit)), statements(lambda: chart(visit)))  # noqa: B023 - called at once
        )
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 23, "with the 2 of the middleware: 25 at most"


def test_a_board_of_many_visits_takes_few_statements():
    staff(Role.NURSE, "Nia Brooks")
    nurse = a_viewer(Role.NURSE)
    ids = []
    for _ in range(8):
        dyad = DyadFactory(child=ChildFactory())
        CareLinkFactory(parent=dyad.parent)
        ids.append(
            operations.begin_encounter(
                by=nurse,
                encounter_id=uuid4(),
                child_id=dyad.child_id,
                on=TODAY,
                visit="2m",
            )
        )
    count = statements(
        lambda: queries.encounter_stages(viewer=nurse, encounter_ids=ids)
    )
    assert count <= 10
