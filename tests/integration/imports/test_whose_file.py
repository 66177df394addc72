"""A file names families before anybody was asked about them."""

from dataclasses import replace
from uuid import uuid4

import pytest

from tests.factories import SITE, SiteFactory, a_viewer, stored
from tests.integration.imports.files import DANA, IMPOSSIBLE, roster
from trellis.core.access.vocabulary import Role
from trellis.core.errors import NotFound
from trellis.records.audit.models import AuditEntry
from trellis.records.imports import queries
from trellis.records.imports.models import ImportRun
from trellis.records.imports.undoing.operations import undo_import
from trellis.records.imports.uploads.operations import (
    check_upload,
    confirm_upload,
    discard_upload,
)
from trellis.records.people.models import Child, Parent


pytestmark = pytest.mark.django_db


@pytest.fixture
def upload():
    SiteFactory(id=SITE, code="site-1")
    return check_upload(
        by=a_viewer(),
        upload_id=uuid4(),
        kind="roster",
        files=[("a.csv", roster(DANA, IMPOSSIBLE))],
    )


def test_what_is_quoted_of_a_file_is_kept_sealed(upload):
    (run,) = stored(ImportRun)
    assert "1999-02-31" in str(queries.run(viewer=a_viewer(), run_id=upload).problems)
    assert run.problems_sealed
    for word in ("1999-02-31", "birth_date", "a.csv"):
        assert word not in run.problems_sealed


def test_who_stands_by_the_whole_site_reads_a_colleague_s_upload(upload):
    colleague = replace(a_viewer(), user_id=uuid4())
    assert queries.headings(viewer=colleague, run_id=upload)
    assert queries.run(viewer=colleague, run_id=upload).problems


@pytest.mark.parametrize(
    "somebody",
    [
        pytest.param(
            a_viewer(Role.CASE_MANAGER), id="a case manager of other families"
        ),
        pytest.param(
            replace(a_viewer(org=2, is_integrated=False), user_id=uuid4()),
            id="a partner's coordinator",
        ),
    ],
)
def test_nobody_else_reads_what_somebody_s_file_says(upload, somebody):
    with pytest.raises(NotFound):
        queries.headings(viewer=somebody, run_id=upload)
    assert queries.run(viewer=somebody, run_id=upload).problems == ()


@pytest.mark.parametrize("act", [confirm_upload, discard_upload, undo_import])
def test_nobody_else_decides_about_somebody_s_file(upload, act):
    with pytest.raises(NotFound):
        act(by=a_viewer(Role.CASE_MANAGER), run_id=upload)
    assert queries.headings(viewer=a_viewer(), run_id=upload)


def test_taking_an_import_back_names_whose_rows_went(upload):
    confirm_upload(by=a_viewer(), run_id=upload)
    people = {str(row.pk) for row in (*stored(Parent), *stored(Child))}
    undo_import(by=a_viewer(), run_id=upload)
    entry = AuditEntry.objects.get(action="imports.undo")
    assert set(entry.subjects) == people
    assert len(people) == 2
