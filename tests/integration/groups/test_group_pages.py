"""The groups' pages: what is on them for whom, with and without htmx."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import translation
from tests.factories import (
    NINE,
    OTHER_SITE,
    TODAY,
    CohortFactory,
    CohortMemberFactory,
    DyadFactory,
    GroupSessionFactory,
    MembershipFactory,
    SiteFactory,
    UserFactory,
    a_viewer,
    in_context_of,
    stored,
    user_id_of,
)

from trellis.core.access.vocabulary import Role
from trellis.core.errors import RuleRefused
from trellis.records.clinical.models import Encounter
from trellis.records.groups import operations
from trellis.records.groups.models import (
    Cohort,
    CohortMember,
    GroupSession,
    MakeUp,
    Place,
    SessionVaccine,
)
from trellis.records.sites.models import ClosedDay
from trellis.web.groups import words


pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}
TEAM = (Role.NURSE, Role.PAEDIATRICS, Role.FACILITATOR, Role.PEER_COACH)


@pytest.fixture(autouse=True)
def nine_in_the_morning(monkeypatch):
    monkeypatch.setattr("trellis.web.viewers.now", lambda: NINE)


@pytest.fixture
def session():
    cohort = CohortFactory(name="Monday Robins")
    dyads = [
        DyadFactory(child__first_name=name, parent__first_name=parent)
        for name, parent in (("Mina", "Ada"), ("Theo", "Nora"))
    ]
    for dyad in dyads:
        CohortMemberFactory(cohort=cohort, dyad=dyad)
    return GroupSessionFactory(cohort=cohort, expects=dyads, team=TEAM, topic="Sleep")


@pytest.fixture
def as_(client):
    def sign_in(role):
        user = UserFactory(id=user_id_of(role), email=f"{role.value}@clinic.example")
        MembershipFactory(user=user, site=SiteFactory(), role=role.value)
        client.force_login(user)
        return client

    return sign_in


def at(name, *keys):
    return reverse(f"groups:{name}", args=keys)


def shown(answer):
    return answer.content.decode()


def press(client, session, place, mark, **more):
    data = {"version": place.version, "mark": mark, **more}
    return client.post(at("mark", session.pk, place.pk), data)


def test_the_coordinator_s_board(as_, session):
    html = shown(as_(Role.COORDINATOR).get(at("session", session.pk)))
    assert "Mina Example" in html
    assert "Due: 2 months" in html
    assert "Present" in html
    assert "Mark absent" in html
    assert "Close the session" in html
    assert "Begin visit" not in html


def test_the_facilitator_s_board_has_first_names_and_the_circle(as_, session):
    html = shown(as_(Role.FACILITATOR).get(at("session", session.pk)))
    main = html[html.index('id="board"') :]
    assert "Mina" in main
    assert "Example" not in main
    assert "Due:" not in main
    assert "Mark absent" not in main
    assert "Save the record" in main
    assert "Close the session" not in main


def test_the_director_marks_nobody(as_, session):
    html = shown(as_(Role.DIRECTOR).get(at("session", session.pk)))
    assert "Mina Example" in html
    assert "/mark/" not in html


def test_a_counsellor_without_a_family_here_sees_no_roster(as_, session):
    html = shown(as_(Role.SUD_COUNSELLOR).get(at("session", session.pk)))
    assert "Mina" not in html
    assert "not open to you" in html


@pytest.mark.parametrize("page", ["session", "live", "prepare", "run-sheet", "count"])
def test_a_session_of_another_site_and_a_missing_one_answer_alike(as_, page):
    theirs = GroupSessionFactory(site_id=OTHER_SITE)
    client = as_(Role.COORDINATOR)
    other = client.get(at(page, theirs.pk))
    missing = client.get(at(page, uuid4()))
    assert (other.status_code, missing.status_code) == (404, 404)
    assert strip(other) == strip(missing)


def strip(answer):
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", shown(answer))


def test_the_evaluator_never_enters(as_, session):
    assert as_(Role.EVALUATOR_FUNDER).get(at("sessions")).status_code == 403


def test_without_htmx_a_mark_leads_back_to_the_list(as_, session):
    place = stored(Place)[0]
    answer = press(as_(Role.COORDINATOR), session, place, "arrived")
    assert answer.status_code == 302
    assert answer.url == at("session", session.pk)
    assert {p.state for p in stored(Place)} == {"arrived", "expected"}


def test_with_htmx_a_mark_asks_the_list_to_look_for_news(as_, session):
    place = stored(Place)[0]
    data = {"version": 1, "mark": "late"}
    later = as_(Role.NURSE)
    answer = later.post(at("mark", session.pk, place.pk), data, **HTMX)
    assert answer.status_code == 204
    assert answer["HX-Trigger"] == "session-changed"


def test_another_device_sees_the_change_at_its_next_look(as_, session):
    client = as_(Role.COORDINATOR)
    html = shown(client.get(at("session", session.pk)))
    seen = re.search(r"seen=([\d-]+)", html).group(1)
    live = at("live", session.pk)
    assert client.get(live, {"seen": seen}).status_code == 204
    place = stored(Place)[0]
    operations.check_in(by=a_viewer(Role.NURSE), place_id=place.pk, version=1)
    news = client.get(live, {"seen": seen}, **HTMX)
    assert news.status_code == 200
    assert "g-row--arrived" in shown(news)
    assert "<html" not in shown(news)


@pytest.mark.parametrize("is_htmx", [True, False])
def test_a_conflict_shows_theirs_and_yours_and_is_counted(as_, session, is_htmx):
    place = stored(Place)[0]
    operations.mark_absent(
        by=a_viewer(), place_id=place.pk, version=1, reason="weather"
    )
    client = as_(Role.NURSE)
    data = {"version": 1, "mark": "arrived"}
    extra = HTMX if is_htmx else {}
    answer = client.post(at("mark", session.pk, place.pk), data, **extra)
    assert answer.status_code == 409
    assert "<dd>Absent</dd>" in shown(answer)
    assert "<dd>Present</dd>" in shown(answer)
    assert answer.get("HX-Retarget") == ("#page-notice" if is_htmx else None)
    assert stored(GroupSession)[0].conflicts == 1
    assert stored(Place)[0].state == "absent"


def test_an_absence_keeps_its_reason_and_its_deadline_is_shown(as_, session):
    place = stored(Place)[0]
    client = as_(Role.COORDINATOR)
    press(client, session, place, "absent", reason="illness")
    html = shown(client.get(at("session", session.pk), {"show": "absent"}))
    assert "Illness" in html
    assert "Make-up by 9 Apr 2027" in html
    assert html.count("g-row--") == 1


def test_the_nurse_begins_a_visit_and_lands_on_it(as_, session):
    place = stored(Place)[0]
    client = as_(Role.NURSE)
    press(client, session, place, "arrived")
    assert "Begin visit" in shown(client.get(at("session", session.pk)))
    answer = client.post(at("begin-visit", place.pk))
    (note,) = stored(Encounter)
    assert answer.url == reverse("clinical:visit", args=[note.pk])
    assert answer.url in shown(client.get(at("session", session.pk)))


def test_the_circle_s_record_refuses_a_name_and_keeps_the_text(as_, session):
    client = as_(Role.FACILITATOR)
    data = {"version": 1, "topic": "Sleep", "text": "Mina sleeps well now"}
    answer = client.post(at("circle", session.pk), data)
    assert answer.status_code == 422
    assert "“Mina”" in shown(answer)
    assert "Mina sleeps well now" in shown(answer)
    data["text"] = "Sleep is better"
    assert client.post(at("circle", session.pk), data).status_code == 302


def test_closing_says_what_is_open_then_closes(as_, session):
    client = as_(Role.COORDINATOR)
    first, second = stored(Place)
    close = at("close", session.pk)
    assert "No outcome yet" in shown(client.get(close))
    answer = client.post(close, {"version": 1})
    assert answer.status_code == 422
    assert "2 families have no outcome yet" in shown(answer)
    for place in (first, second):
        press(client, session, place, "absent", reason="weather")
    assert client.post(close, {"version": 1}).status_code == 302
    assert len(stored(MakeUp)) == 2
    assert "Theo Example" in shown(client.get(at("make-ups")))
    html = shown(client.get(at("session", session.pk)))
    assert "/mark/" not in html
    assert "every 2s" not in html


def test_only_the_coordinator_finds_the_closing_page(as_, session):
    assert as_(Role.NURSE).get(at("close", session.pk)).status_code == 404


def test_the_count_names_nobody(as_, session):
    html = shown(as_(Role.DIRECTOR).get(at("count", session.pk)))
    assert "Invited" in html
    assert "Mina" not in html
    assert "Ada" not in html


def test_the_run_sheet_has_a_line_and_a_blank_form_for_each_child(as_, session):
    html = shown(as_(Role.NURSE).get(at("run-sheet", session.pk)))
    assert html.count("t-page-break") == 2
    assert "Weight (kg)" in html


def test_laying_out_a_lot_that_expires_is_refused_on_the_form(as_, session):
    client = as_(Role.NURSE)
    data = {
        "key": str(uuid4()),
        "product": "116-MSD-rotateq",
        "lot": "A1",
        "expires_on": "2027-02-01",
    }
    answer = client.post(at("lay-out", session.pk), data)
    assert answer.status_code == 422
    assert "expires on 2027-02-01" in shown(answer)
    data["expires_on"] = "2027-09-01"
    for _ in range(2):  # the same form sent twice is one lot
        assert client.post(at("lay-out", session.pk), data).status_code == 302
    (lot,) = stored(SessionVaccine)
    assert (lot.cvx, lot.route, lot.vis_edition_on) == ("116", "PO", None)
    assert "RotaTeq" in shown(client.get(at("prepare", session.pk)))


def test_a_cohort_is_opened_once_filled_and_given_dates(as_):
    client = as_(Role.COORDINATOR)
    key = str(uuid4())
    data = {"key": key, "name": "Friday Wrens", "language": "es", "places": 6}
    for _ in range(2):
        answer = client.post(at("new-cohort"), data)
        assert answer.url == at("cohort", key)
    assert [c.name for c in stored(Cohort)] == ["Friday Wrens"]
    dyads = [DyadFactory(child__born=TODAY - timedelta(days=days)) for days in (60, 70)]
    html = shown(client.get(at("members", key)))
    assert str(dyads[0].pk) in html
    chosen = {"dyad": [str(dyad.pk) for dyad in dyads]}
    assert client.post(at("members", key), chosen).url == at("cohort", key)
    assert len(stored(CohortMember)) == 2
    assert client.post(at("plan", key), a_date("2027-03-05")).url == at("cohort", key)
    (session,) = stored(GroupSession)
    assert (session.visit, session.starts.hour, session.status) == ("2m", 15, "planned")
    assert len(stored(Place)) == 2
    html = shown(client.get(at("cohort", key)))
    assert "10 days apart" in html
    assert "<svg" in html
    assert "Every child is inside from" in html


def a_date(on):
    return {
        "form-TOTAL_FORMS": "1",
        "form-INITIAL_FORMS": "0",
        "form-0-key": str(uuid4()),
        "form-0-visit": "2m",
        "form-0-on": on,
        "form-0-starts": "10:00",
        "form-0-ends": "12:00",
        "form-0-room": "Blue room",
    }


def test_a_closed_day_is_refused_with_a_sentence(as_):
    cohort = CohortFactory()
    ClosedDay.objects.create(site_id=1, on="2027-03-05", name="Spring day")
    answer = as_(Role.COORDINATOR).post(at("plan", cohort.pk), a_date("2027-03-05"))
    assert answer.status_code == 422
    assert "The site is closed on 2027-03-05 (Spring day)" in shown(answer)
    assert "Blue room" in shown(answer)


def test_a_planned_session_is_moved_or_cancelled(as_):
    session = GroupSessionFactory(
        starts=NINE + timedelta(days=7), ends=NINE + timedelta(days=7, hours=2)
    )
    client = as_(Role.COORDINATOR)
    data = {
        "version": 1,
        "on": "2027-03-10",
        "starts": "13:00",
        "ends": "15:00",
        "room": "",
    }
    assert client.post(at("move", session.pk), data).status_code == 302
    assert stored(GroupSession)[0].starts.isoformat() == "2027-03-10T18:00:00+00:00"
    again = client.post(at("move", session.pk), {**data, "starts": "12:00"})
    assert again.status_code == 422
    assert "Somebody else changed this" in shown(again)
    assert client.post(at("cancel", session.pk), {"version": 2}).status_code == 302
    assert stored(GroupSession)[0].status == "cancelled"


def test_the_team_is_chosen_from_the_site_s_staff(as_, session):
    nurse = UserFactory(name="Rosa Lind")
    MembershipFactory(user=nurse, site=SiteFactory(), role="nurse")
    client = as_(Role.COORDINATOR)
    assert "Rosa Lind, Nurse" in shown(client.get(at("team", session.pk)))
    client.post(at("team", session.pk), {"team": [f"{nurse.pk} nurse"]})
    assert "Rosa Lind" in shown(client.get(at("session", session.pk)))


def test_the_calendar_file_is_neutral(as_, session):
    answer = as_(Role.COORDINATOR).get(at("calendar", session.cohort_id))
    text = shown(answer)
    assert answer["Content-Type"].startswith("text/calendar")
    assert "SUMMARY:Appointment" in text
    assert "Family Health 1" in text
    assert not re.search("robins|trellis|mina|ada|group", text, re.IGNORECASE)


@pytest.mark.parametrize("page", ["new-cohort"])
def test_planning_is_for_those_who_plan(as_, page):
    assert as_(Role.NURSE).get(at(page)).status_code == 404


@pytest.mark.parametrize(
    ("page", "most"),
    [("sessions", 10), ("cohorts", 10), ("make-ups", 10)],
)
@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.NURSE])
def test_statements_of_list_pages(
    as_, session, django_assert_max_num_queries, page, most, role
):
    client = as_(role)
    client.get(at(page))
    with django_assert_max_num_queries(most):
        assert client.get(at(page)).status_code == 200


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.NURSE, Role.FACILITATOR])
def test_statements_of_the_session_page(
    as_, session, django_assert_max_num_queries, role
):
    client = as_(role)
    for page in ("session", "prepare", "run-sheet", "count"):
        with django_assert_max_num_queries(25):
            assert client.get(at(page, session.pk)).status_code == 200
    with django_assert_max_num_queries(25):
        assert client.get(at("cohort", session.cohort_id)).status_code == 200


def test_an_unchanged_poll_takes_few_statements(
    as_, session, django_assert_max_num_queries
):
    client = as_(Role.NURSE)
    html = shown(client.get(at("session", session.pk)))
    seen = re.search(r"seen=([\d-]+)", html).group(1)
    with django_assert_max_num_queries(4):
        assert client.get(at("live", session.pk), {"seen": seen}).status_code == 204


def test_a_family_leaves_and_is_no_longer_expected(as_, session):
    with in_context_of(1):
        GroupSession.ungated.update(
            starts=NINE + timedelta(days=3), ends=NINE + timedelta(days=3, hours=1)
        )
    dyad_id = stored(CohortMember)[0].dyad_id
    as_(Role.COORDINATOR).post(at("leave", session.cohort_id, dyad_id))
    assert [m.ends for m in stored(CohortMember) if m.dyad_id == dyad_id] == [TODAY]
    assert dyad_id not in {place.dyad_id for place in stored(Place)}


def test_a_refusal_is_filled_in_after_it_is_translated():
    with translation.override("es"):
        sentence = words.refusal_text(RuleRefused("%(n)s of %(m)s", n=1, m=2))
    assert sentence == "1 of 2"
