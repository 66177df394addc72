"""The pages of a chart and a visit, as a browser asks for them."""

import io
import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from tests.factories import (
    NINE,
    CohortMemberFactory,
    GroupSessionFactory,
    MembershipFactory,
    PlaceFactory,
    SiteFactory,
    in_context_of,
    stored,
    user_id_of,
)
from tests.integration.clinical.charts import NOTE, a_visit
from trellis.core.access.vocabulary import Role
from trellis.records.accounts.models import User
from trellis.records.clinical.models import Addendum, Measurement
from trellis.records.groups.models import Place, SessionVaccine
from trellis.records.immunization.models import RegistryForecast


pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}
CANARIES = re.compile(
    r"trellis|robins|moms do care|buprenorphine|methadone|recovery|substance|opioid"
    r"|programme|program|cohort|group|Ada\d{3}",
    re.IGNORECASE,
)


@pytest.fixture(autouse=True)
def nine_in_the_morning(monkeypatch):
    instant = NINE.replace(microsecond=123456)  # as a real clock has it
    monkeypatch.setattr("trellis.web.viewers.now", lambda: instant)


@pytest.fixture
def visit():
    SiteFactory(neutral_name="Family Health, Suite 2")
    return a_visit()


def signed_in(client, role):
    user = User.objects.get(pk=user_id_of(role))
    if not user.memberships.exists():
        MembershipFactory(user=user, site=SiteFactory(), role=role.value)
    client.force_login(user)
    return client


@pytest.fixture
def nurse(client, visit):
    return signed_in(client, Role.NURSE)


@pytest.fixture
def doctor(client, visit):
    return signed_in(client, Role.PAEDIATRICS)


def to(name, visit, *more):
    return reverse(f"clinical:{name}", args=[visit.encounter_id, *more])


def measured(**values):
    keys = {f"key_{kind}": uuid4() for kind in ("weight", "length", "head")}
    return {**keys, "position": "l", **values}


def given(visit, **change):
    values = {
        "key": uuid4(),
        "born_confirmed": visit.child.born.isoformat(),
        "name_confirmed": "on",
        "lot_laid_out": "other",
        "product": "120-PMC-pentacel",
        "lot": "PT77A",
        "expires_on": "2027-12-31",
        "body_site": "LT",
        "funding": "V02",
        "vaccinator_name": "Nia Brooks",
        **change,
    }
    return {f"dose-{name}": value for name, value in values.items()}


def test_measuring_without_scripts_comes_back_to_the_page_with_z_scores(nurse, visit):
    sent = measured(weight_kg="5,32", length_cm="58.0", head_cm="39.2")
    answer = nurse.post(to("measure", visit), sent, follow=True)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "5.32 kg" in page
    assert page.count("<svg") == 3 + page.count('class="t-brand"')
    assert {row.value for row in stored(Measurement)} == {5320, 580, 392}


def test_an_unusual_weight_is_shown_again_with_the_reason_and_what_was_typed(
    nurse, visit
):
    sent = measured(weight_kg="11.5")
    answer = nurse.post(to("measure", visit), sent, **HTMX)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "unusual for this age" in page
    assert 'value="11.5"' in page
    assert stored(Measurement) == []
    nurse.post(to("measure", visit), {**sent, "is_confirmed": "on"}, **HTMX)
    assert [row.value for row in stored(Measurement)] == [11500]


def test_the_other_device_is_told_within_one_poll(nurse, visit):
    seen = visit.row.revision
    poll = f"{to('live', visit)}?seen={seen}"
    assert nurse.get(poll, **HTMX).status_code == 204
    visit.measure(weight_g=5320)
    answer = nurse.get(poll, **HTMX)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "5.32 kg" in page
    assert 'id="measured" hx-swap-oob="true"' in page
    assert "<textarea" not in page, "what is being typed stays"


def test_an_unchanged_poll_is_cheap(nurse, visit):
    poll = f"{to('live', visit)}?seen={visit.row.revision}"
    nurse.get(poll, **HTMX)
    with CaptureQueriesContext(connection) as caught:
        nurse.get(poll, **HTMX)
    assert len(caught) <= 10


def test_a_dose_typed_in_is_recorded_once(nurse, visit):
    sent = given(visit)
    for _ in range(2):
        assert nurse.post(to("dose", visit), sent).status_code == 302
    (dose,) = visit.doses
    assert (dose.cvx, dose.mvx, dose.route, dose.lot) == ("120", "PMC", "IM", "PT77A")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param({"name_confirmed": ""}, "Confirm the child", id="not confirmed"),
        pytest.param({"body_site": ""}, "Choose where", id="no body site"),
        pytest.param({"lot": ""}, "Needed for another product", id="no lot"),
        pytest.param({"expires_on": "2026-01-31"}, "expired", id="expired"),
    ],
)
def test_a_dose_that_lacks_something_keeps_what_was_typed(nurse, visit, change, says):
    answer = nurse.post(to("dose", visit), given(visit, **change))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert visit.doses == []


def test_a_lot_laid_out_for_the_day_needs_site_and_funding_only(nurse, visit):
    session = GroupSessionFactory()
    with in_context_of(1):
        lot = SessionVaccine.ungated.create(
            site_id=1,
            session=session,
            cvx="119",
            product="Rotarix",
            lot="RX9",
            expires_on="2027-10-31",
            route="PO",
        )
    PlaceFactory(session=session, dyad=visit.dyad)
    with in_context_of(1):
        Place.ungated.filter(session=session).update(encounter_id=visit.encounter_id)
    form = nurse.get(to("new-dose", visit)).content.decode()
    assert "Rotarix, lot RX9" in form
    sent = given(visit, lot_laid_out=lot.pk, product="", lot="", body_site="none")
    assert nurse.post(to("dose", visit), sent).status_code == 302
    (dose,) = visit.doses
    assert (dose.lot, dose.route, dose.body_site) == ("RX9", "PO", "")


def test_void_asks_why_and_keeps_the_entry(nurse, visit):
    visit.give()
    (dose,) = visit.doses
    address = to("void-dose", visit, dose.pk)
    assert nurse.get(address).status_code == 200
    assert nurse.post(address, {"reason": ""}).status_code == 422
    assert nurse.post(address, {"reason": "Wrong lot"}).status_code == 302
    assert "Wrong lot" in nurse.get(to("visit", visit)).content.decode()


def noted(visit, **more):
    return {
        "history": NOTE.history,
        "examination": NOTE.examination,
        "assessment": NOTE.assessment,
        "plan": NOTE.plan,
        "version": visit.row.version,
        "revision": visit.row.revision,
        **more,
    }


def test_the_clinician_opens_writes_and_signs(doctor, visit):
    page = doctor.get(to("visit", visit)).content.decode()
    assert "Save and sign the visit" in page
    answer = doctor.post(to("note", visit), noted(visit, then="sign"), follow=True)
    assert "Signed by Omar Haddad" in answer.content.decode()
    assert visit.row.status == "signed"


def test_a_note_is_not_signed_without_a_plan_and_the_text_stays(doctor, visit):
    doctor.get(to("visit", visit))
    sent = noted(visit, then="sign", plan="")
    answer = doctor.post(to("note", visit), sent, **HTMX)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Write the plan" in page
    assert NOTE.assessment in page
    assert visit.row.assessment == ""


def test_a_note_saved_by_somebody_else_is_shown_beside_ones_own(doctor, visit):
    sent = noted(visit)
    visit.write()
    answer = doctor.post(to("note", visit), {**sent, "plan": "Mine."}, **HTMX)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Somebody else saved this note" in page
    assert "Mine." in page
    assert NOTE.plan in page


def test_the_nurse_is_offered_no_signature(nurse, visit):
    assert "sign the visit" not in nurse.get(to("visit", visit)).content.decode()
    nurse.post(to("note", visit), noted(visit, then="sign"))
    assert visit.row.status == "draft"
    assert nurse.get(reverse("clinical:sign")).status_code == 404


def test_visits_opened_one_by_one_are_signed_together(doctor, visit):
    visit.write()
    listed = doctor.get(reverse("clinical:sign")).content.decode()
    assert "open it first" in listed
    refused = doctor.post(
        reverse("clinical:sign-opened"), {"visit": [visit.encounter_id]}
    )
    assert refused.status_code == 422
    doctor.get(to("visit", visit))
    doctor.post(reverse("clinical:sign-opened"), {"visit": [visit.encounter_id]})
    assert visit.row.status == "signed"


def test_an_addendum_is_added_once_on_the_page(doctor, visit):
    visit.signed()
    sent = {"key": uuid4(), "text": "Rash gone."}
    for _ in range(2):
        doctor.post(to("addendum", visit), sent)
    assert len(stored(Addendum)) == 1
    assert "Rash gone." in doctor.get(to("visit", visit)).content.decode()


def test_todays_visit_is_begun_from_the_chart_once(nurse, visit):
    address = reverse("clinical:begin", args=[visit.child.pk])
    answer = nurse.post(address, {"key": uuid4()})
    assert answer["Location"] == to("visit", visit)


@pytest.mark.parametrize("role", [Role.NURSE, Role.PAEDIATRICS])
def test_pages_stay_within_25_statements(client, visit, role):
    visit.measure(weight_g=5320, length_mm=580, position="l")
    visit.give()
    signed_in(client, role)
    addresses = [
        to("visit", visit),
        to("new-dose", visit),
        to("summary", visit, "en"),
        reverse("clinical:chart", args=[visit.child.pk]),
    ]
    for address in addresses:
        client.get(address)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address).status_code == 200
        assert len(caught) <= 25, address


def test_the_first_opening_by_who_signs_stays_within_25_statements(doctor, visit):
    visit.measure(weight_g=5320)
    doctor.get(to("new-dose", visit))
    with CaptureQueriesContext(connection) as caught:
        assert doctor.get(to("visit", visit)).status_code == 200
    plain = [q for q in caught.captured_queries if "SAVEPOINT" not in q["sql"]]
    assert len(plain) <= 25


def test_the_list_to_sign_stays_within_10_statements(doctor, visit):
    doctor.get(reverse("clinical:sign"))
    with CaptureQueriesContext(connection) as caught:
        assert doctor.get(reverse("clinical:sign")).status_code == 200
    assert len(caught) <= 10


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "part of the chart"])
def test_what_the_registry_says_is_shown_as_the_registrys(nurse, visit, headers):
    with in_context_of(1):
        RegistryForecast.ungated.create(
            site_id=1,
            origin="hipaa",
            origin_org_id=1,
            author_id=user_id_of(Role.NURSE),
            author_org_id=1,
            recorded_at=NINE,
            child=visit.child,
            cvx="107",
            group="DTaP",
            recommended_on="2027-04-01",
            source="iis:State Registry",
            position=1,
        )
    address = reverse("clinical:registry", args=[visit.child.pk])
    page = nurse.get(address, **headers).content.decode()
    for expected in ("DTaP", "2027-04-01", "State Registry"):
        assert expected in page


def main_of(answer):
    page = answer.content.decode()
    return re.sub(r"<[^>]+>", " ", page[page.index("<main") : page.index("</main>")])


def pdf_of(answer):
    reader = PdfReader(io.BytesIO(answer.content))
    text = "\n".join(page.extract_text() for page in reader.pages)
    return text, reader


@pytest.fixture
def group_day(visit):
    session = GroupSessionFactory(topic="Return to use and recovery")
    PlaceFactory(session=session, dyad=visit.dyad)
    CohortMemberFactory(cohort=session.cohort, dyad=visit.dyad)
    with in_context_of(1):
        Place.ungated.filter(session=session).update(encounter_id=visit.encounter_id)
    visit.measure(weight_g=5320, length_mm=580, position="l", head_mm=392)
    visit.give()
    visit.signed()


@pytest.mark.parametrize("name", ["visit", "chart"])
def test_the_chart_names_no_group_and_no_parent(nurse, visit, group_day, name):
    address = (
        to("visit", visit)
        if name == "visit"
        else reverse("clinical:chart", args=[visit.child.pk])
    )
    assert CANARIES.findall(main_of(nurse.get(address))) == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_printed_summary_names_no_group_and_no_parent(
    nurse, visit, group_day, language
):
    answer = nurse.get(to("summary", visit, language))
    assert answer["Content-Type"] == "application/pdf"
    text, reader = pdf_of(answer)
    about = f"{reader.metadata} {answer['Content-Disposition']}"
    assert CANARIES.findall(text + about) == []
    for expected in ("5.32 kg", "58.0 cm", "39.2 cm", "PT77A", "Family Health"):
        assert expected in text
    assert reader.trailer["/Root"]["/Lang"] == language
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_markup_in_a_name_prints_as_text(nurse, visit):
    with in_context_of(1):
        type(visit.child).ungated.filter(pk=visit.child.pk).update(
            last_name='#panic("x") *A* $x$'
        )
    text, _ = pdf_of(nurse.get(to("summary", visit, "en")))
    assert '#panic("x") *A* $x$' in " ".join(text.split())


def test_another_language_has_no_page(nurse, visit):
    assert nurse.get(to("summary", visit, "fr")).status_code == 404
