"""A file names families before anybody was asked about them."""

from dataclasses import replace
from uuid import uuid4

import pytest

from tests.factories import SITE, SiteFactory, a_viewer, stored
from tests.integration.imports.files import DANA, IMPOSSIBLE, roster
from trellis.core.access.vocabulary import Role
from trellis.core.errors import NotFound
from trellis.records.imports import queries
from trellis.records.imports.models import ImportRun
from trellis.records.imports.uploads.operations import check_upload


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
