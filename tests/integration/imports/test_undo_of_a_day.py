"""The files of a whole day, taken back one after the other: exactly as it was."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.browser.eight_children import eight_children, registry_answer, roster
from tests.factories import SITE, SiteFactory, a_viewer, stored
from tests.integration.imports.files import everything
from trellis.records.clinical.models import Immunization, Measurement
from trellis.records.imports.models import ImportChange
from trellis.records.imports.operations import import_histories, import_roster
from trellis.records.imports.undoing.operations import undo_import
from trellis.records.people.models import Child


pytestmark = [pytest.mark.django_db, pytest.mark.both]
MORNING = datetime(2027, 3, 2, 13, 0, tzinfo=UTC)  # of the day of the eight children


@pytest.fixture
def children():
    SiteFactory(id=SITE, code="site-1")
    return eight_children()


def by():
    return a_viewer(at=MORNING)


def named(children, is_dry_run=False):
    content = roster(children, site="site-1")
    return import_roster(
        by=by(), file_name="families.csv", content=content, is_dry_run=is_dry_run
    )


def histories(children):
    files = [(child.name, child.content) for child in children]
    return import_histories(by=by(), kind="fhir", files=files, is_dry_run=False)


def answers(children):
    files = [
        (f"{number}.hl7", registry_answer(child, number))
        for number, child in enumerate(children)
    ]
    return import_histories(by=by(), kind="iis", files=files, is_dry_run=False)


def test_each_file_of_the_day_is_undone_to_the_last_byte(children):
    states, runs = [everything(SITE)], []
    for bring_in in (named, histories, answers):
        outcome = bring_in(children)
        assert outcome.created > 0
        runs.append(outcome.run_id)
        states.append(everything(SITE))
        assert states[-1] != states[-2]
    assert len(stored(Child)) == 8
    assert stored(Immunization)
    assert stored(Measurement)
    for run_id in reversed(runs):
        states.pop()
        assert undo_import(by=by(), run_id=run_id) > 0
        assert everything(SITE) == states[-1]
    assert stored(ImportChange) == []


def test_the_files_of_the_day_twice_change_nothing_and_undoing_that_neither(children):
    for bring_in in (named, histories, answers):
        bring_in(children)
    before = everything(SITE)
    for bring_in in (answers, histories, named):
        again = bring_in(children)
        assert (again.created, again.updated) == (0, 0)
        assert undo_import(by=by(), run_id=again.run_id) == 0
    assert everything(SITE) == before
