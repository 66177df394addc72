"""The Imports pages: choose, look, name the columns, bring in, answer, undo."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.factories import (
    NINE,
    SITE,
    DyadFactory,
    MembershipFactory,
    ParentFactory,
    SiteFactory,
    a_viewer,
    stored,
)
from tests.integration.imports.files import DANA, IMPOSSIBLE, PREGNANT, roster
from trellis.core.access.vocabulary import Role
from trellis.records.imports.models import ColumnMapping, ImportRun, ReviewItem
from trellis.records.imports.operations import import_roster
from trellis.records.people.models import Child, Parent


pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nine_in_the_morning(monkeypatch):
    monkeypatch.setattr("trellis.web.viewers.now", lambda: NINE)


@pytest.fixture
def coordinator(client):
    SiteFactory(id=SITE, code="site-1")
    return signed_in(client, Role.COORDINATOR)


def signed_in(client, role):
    membership = MembershipFactory(role=role.value)
    client.force_login(membership.user)
    return client


def upload(browser, content, *, kind="roster", key=None, **more):
    file = SimpleUploadedFile("families.csv", content)
    data = {"key": key or uuid4(), "kind": kind, "uploads": [file], **more}
    return browser.post(reverse("imports:new"), data)


def test_a_roster_is_looked_at_and_then_brought_in(coordinator):
    answer = upload(coordinator, roster(DANA, PREGNANT, IMPOSSIBLE))
    page = coordinator.get(answer.url)
    text = page.content.decode()
    assert "Nothing is saved yet" in text
    assert "Line 4" in text
    assert "birth_date" in text
    assert stored(Parent) == []
    (run,) = stored(ImportRun)
    answer = coordinator.post(reverse("imports:confirm", args=[run.pk]), follow=True)
    assert "The file was brought in." in answer.content.decode()
    assert len(stored(Parent)) == 2
    again = coordinator.post(reverse("imports:confirm", args=[run.pk]))
    assert again.status_code == 409
    assert "This file was brought in already." in again.content.decode()
    assert "families.csv" in again.content.decode()
    assert len(stored(Parent)) == 2


def test_sent_twice_it_is_one_upload(coordinator):
    key = uuid4()
    first = upload(coordinator, roster(DANA), key=key)
    assert upload(coordinator, roster(DANA), key=key).url == first.url
    assert len(stored(ImportRun)) == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"\xff\xfea\0", "UTF-16", id="another encoding"),
        pytest.param(b"a,b\n\0,1\n", "NUL", id="NUL"),
        pytest.param(b'a,b\n"cut', "never closed", id="cut off"),
        pytest.param(b"PK\x03\x04rubbish", "workbook", id="damaged workbook"),
        pytest.param(b"", "empty", id="empty"),
    ],
)
def test_a_file_that_cannot_be_read_is_explained_on_the_form(
    coordinator, content, said
):
    answer = upload(coordinator, content)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert stored(ImportRun) == []


@pytest.mark.parametrize("content", [b"[" * 500, b'{"resourceType": "Bun'])
def test_a_broken_fhir_file_is_explained_on_the_form(coordinator, content):
    answer = upload(coordinator, content, kind="fhir")
    assert answer.status_code == 422
    assert stored(ImportRun) == []


def test_headings_of_ones_own_are_named_once_and_kept(coordinator):
    own = roster(DANA).replace(b"external_id,site", b"Family no,Where", 1)
    answer = upload(coordinator, own)
    assert "Name the columns" in coordinator.get(answer.url).content.decode()
    (run,) = stored(ImportRun)
    address = reverse("imports:mapping", args=[run.pk])
    page = coordinator.get(address).content.decode()
    assert "Family no" in page
    assert "P-1" in page  # a sample
    names = "external_id site first_name last_name birth_date phone safe_contact"
    names += " due_date stage child_external_id child_first_name child_last_name"
    names += " child_birth_date child_sex relationship"
    data = {f"heading_{n}": name for n, name in enumerate(names.split())}
    coordinator.post(address, {**data, "name": "Our sheet"})
    assert "1 new" in coordinator.get(reverse("imports:list")).content.decode()
    (mapping,) = stored(ColumnMapping)
    assert mapping.columns["Family no"] == "external_id"
    coordinator.post(reverse("imports:discard", args=[run.pk]))
    answer = upload(coordinator, own, mapping=str(mapping.pk))
    (run,) = stored(ImportRun)
    assert run.counts["created"] == 1


def test_one_column_named_twice_is_refused(coordinator):
    upload(coordinator, roster(DANA))
    (run,) = stored(ImportRun)
    address = reverse("imports:mapping", args=[run.pk])
    data = {"heading_0": "external_id", "heading_1": "external_id"}
    assert coordinator.post(address, data).status_code == 422


def test_a_record_of_somebody_alike_is_shown_beside_the_person(coordinator):
    ParentFactory(first_name="Dana", last_name="Aldr", born=date(1996, 5, 14))
    import_roster(
        by=a_viewer(), file_name="f.csv", content=roster(DANA), is_dry_run=False
    )
    (item,) = stored(ReviewItem)
    page = coordinator.get(reverse("imports:reviews")).content.decode()
    assert "Dana Alder" in page
    assert "Dana Aldr" in page
    assert "same birth date" in page
    address = reverse("imports:decide", args=[item.pk])
    assert coordinator.post(address, {}).status_code == 422
    coordinator.post(address, {"answer": "same"})
    assert len(stored(Parent)) == 1
    assert len(stored(Child)) == 1


def test_an_import_is_undone_after_a_question(coordinator):
    outcome = import_roster(
        by=a_viewer(), file_name="f.csv", content=roster(DANA), is_dry_run=False
    )
    address = reverse("imports:undo", args=[outcome.run_id])
    assert coordinator.get(address).status_code == 200
    assert len(stored(Parent)) == 1
    coordinator.post(address)
    assert stored(Parent) == []


def test_a_refused_undo_is_told_on_the_page_of_the_run(coordinator):
    outcome = import_roster(
        by=a_viewer(), file_name="a.csv", content=roster(DANA), is_dry_run=False
    )
    DyadFactory(child=stored(Child)[0])
    answer = coordinator.post(reverse("imports:undo", args=[outcome.run_id]))
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "cannot be undone" in text
    assert "1 × dyad" in text
    assert "Undo this import" in text
    assert len(stored(Parent)) == 2


def test_the_template_is_offered(coordinator):
    answer = coordinator.get(reverse("imports:template", args=["csv"]))
    assert b"external_id,site" in answer.content
    assert coordinator.get(reverse("imports:template", args=["xlsx"])).content[:2] == (
        b"PK"
    )


@pytest.mark.parametrize("name", ["list", "new", "reviews"])
def test_other_roles_never_enter(client, name):
    SiteFactory(id=SITE, code="site-1")
    browser = signed_in(client, Role.NURSE)
    assert browser.get(reverse(f"imports:{name}")).status_code == 403


def test_a_run_that_is_not_there_is_not_found(coordinator):
    for name in ("run", "mapping", "undo"):
        address = reverse(f"imports:{name}", args=[uuid4()])
        assert coordinator.get(address).status_code == 404


def test_the_list_takes_few_statements(coordinator, django_assert_max_num_queries):
    for number in range(3):
        line = DANA.replace("P-1", f"P-1{number}").replace("C-1", f"C-1{number}")
        import_roster(
            by=a_viewer(), file_name="f.csv", content=roster(line), is_dry_run=False
        )
    with django_assert_max_num_queries(10):
        coordinator.get(reverse("imports:list"))
