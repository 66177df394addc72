"""A roster of families brought in: what each line does, and what it never does."""

from __future__ import annotations

from datetime import date

import pytest

from tests.factories import (
    OTHER_SITE,
    SITE,
    ChildFactory,
    DyadFactory,
    ParentFactory,
    SiteFactory,
    a_viewer,
    stored,
)
from tests.integration.imports.files import (
    DANA,
    IMPOSSIBLE,
    PREGNANT,
    TWIN,
    everything,
    roster,
)
from trellis.core.access.vocabulary import Role
from trellis.core.errors import InvalidInput, NotFound, RuleRefused
from trellis.records.audit.models import AuditEntry
from trellis.records.care.models import CareLink, Episode
from trellis.records.imports.models import ImportRun, ReviewItem
from trellis.records.imports.operations import import_roster
from trellis.records.imports.reviews.operations import decide_review
from trellis.records.imports.undoing.operations import undo_import
from trellis.records.people.models import Child, Dyad, Parent, Pregnancy


pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture(autouse=True)
def sites():
    SiteFactory(id=SITE, code="site-1")
    SiteFactory(id=OTHER_SITE, code="site-2")


def bring_in(*lines, by=None, is_dry_run=False, content=None):
    return import_roster(
        by=by or a_viewer(),
        file_name="families.csv",
        content=content or roster(*lines),
        is_dry_run=is_dry_run,
    )


def call_first(line):
    return line.replace("Text only", "Call first")


def counts(outcome):
    return {name: n for name, n in outcome.counts.items() if n}


def test_twins_and_a_pregnant_parent_become_two_families():
    outcome = bring_in(DANA, TWIN, PREGNANT)
    assert counts(outcome) == {"read": 3, "created": 3}
    assert [(p.first_name, p.phone) for p in stored(Parent)].count(
        ("Dana", "+16175550142")
    ) == 1
    assert {c.first_name for c in stored(Child)} == {"Mina", "Noor"}
    assert len(stored(Dyad)) == 2
    assert len(stored(Pregnancy)) == 1
    assert {e.stage for e in stored(Episode)} == {"postpartum", "prenatal"}


def test_what_a_caregiver_may_do_is_never_read_from_a_file():
    bring_in(DANA)
    (dyad,) = stored(Dyad)
    assert {dyad.may_consent, dyad.may_attend, dyad.may_see_record} == {False}


def test_how_to_reach_somebody_is_sealed():
    bring_in(DANA)
    (parent,) = stored(Parent)
    assert parent.reach_via_sealed
    assert "Text" not in parent.reach_via_sealed


def test_the_same_file_twice_changes_nothing():
    bring_in(DANA, TWIN, PREGNANT)
    before = everything(SITE)
    outcome = bring_in(DANA, TWIN, PREGNANT)
    assert counts(outcome) == {"read": 3, "unchanged": 3}
    assert everything(SITE) == before


def test_a_changed_cell_updates_and_an_empty_one_erases_nothing():
    bring_in(DANA)
    changed = DANA.replace("(617) 555-0142", "").replace("postpartum", "parenting")
    outcome = bring_in(changed)
    assert counts(outcome) == {"read": 1, "updated": 1}
    assert stored(Parent)[0].phone == "+16175550142"
    assert stored(Episode)[0].stage == "parenting"


def test_a_dry_run_counts_the_same_and_saves_nothing():
    bring_in(DANA)
    before = everything(SITE)
    lines = (*(call_first(line) for line in (DANA, TWIN)), PREGNANT, IMPOSSIBLE)
    dry = bring_in(*lines, is_dry_run=True)
    assert everything(SITE) == before
    assert len(stored(ImportRun)) == 1
    real = bring_in(*lines)
    assert dry.counts == real.counts
    assert counts(real) == {"read": 4, "created": 2, "updated": 1, "refused": 1}
    assert dry.problems == real.problems


def test_a_bad_line_is_named_and_the_others_are_kept():
    outcome = bring_in(IMPOSSIBLE, DANA)
    assert counts(outcome) == {"read": 2, "created": 1, "refused": 1}
    (problem,) = outcome.problems
    assert (problem.place.line, problem.field) == (2, "birth_date")


def test_a_line_of_another_site_is_refused_and_leaves_nothing():
    outcome = bring_in(DANA.replace("site-1", "site-2"))
    assert counts(outcome) == {"read": 1, "refused": 1}
    assert "no site that is open to you" in outcome.problems[0].message
    assert stored(Parent, OTHER_SITE) == []


def test_a_changed_relationship_is_left_to_a_person():
    bring_in(DANA)
    outcome = bring_in(DANA.replace("mother", "kin"))
    assert counts(outcome) == {"read": 1, "refused": 1}
    assert stored(Dyad)[0].kind == "birth-parent"


@pytest.mark.parametrize("content", [b"\xff\xfeno", b"a,b\n\0", b'a,"b\n', b""])
def test_a_file_that_cannot_be_read_saves_nothing(content):
    with pytest.raises(InvalidInput):
        import_roster(
            by=a_viewer(), file_name="x.csv", content=content, is_dry_run=False
        )
    assert stored(ImportRun) == []


@pytest.mark.parametrize("role", [Role.NURSE, Role.DIRECTOR, Role.FACILITATOR])
def test_who_may_not_import_finds_nothing_to_import_into(role):
    with pytest.raises(NotFound):
        bring_in(DANA, by=a_viewer(role))
    assert stored(Parent) == []


def test_a_case_manager_may_not_add_families_by_file():
    with pytest.raises(RuleRefused, match="may not add"):
        bring_in(DANA, by=a_viewer(Role.CASE_MANAGER))
    assert stored(Parent) == []
    assert stored(CareLink) == []


def test_the_trail_tells_who_and_how_many_and_no_name():
    bring_in(DANA)
    entry = AuditEntry.objects.filter(action="imports.roster").get()
    assert entry.detail["created"] == 1
    assert "Dana" not in str(entry.detail)
    assert str(stored(Parent)[0].pk) in entry.subjects


def test_undo_restores_every_row_exactly():
    bring_in(DANA)
    before = everything(SITE)
    outcome = bring_in(call_first(DANA), call_first(TWIN), PREGNANT)
    assert everything(SITE) != before
    assert undo_import(by=a_viewer(), run_id=outcome.run_id) > 0
    assert everything(SITE) == before
    assert undo_import(by=a_viewer(), run_id=outcome.run_id) == 0


def test_undo_is_refused_once_somebody_worked_with_it():
    outcome = bring_in(DANA)
    (child,) = stored(Child)
    DyadFactory(child=child)
    before = everything(SITE)
    with pytest.raises(RuleRefused, match="dyad"):
        undo_import(by=a_viewer(), run_id=outcome.run_id)
    assert everything(SITE) == before


def test_undo_is_refused_after_a_row_was_changed():
    first = bring_in(DANA)
    bring_in(DANA.replace("Text only", "Call first"))
    with pytest.raises(RuleRefused, match="changed parent"):
        undo_import(by=a_viewer(), run_id=first.run_id)


def test_undo_of_another_site_finds_nothing():
    outcome = bring_in(DANA)
    with pytest.raises(NotFound):
        undo_import(by=a_viewer(sites=(OTHER_SITE,)), run_id=outcome.run_id)


class TestReview:
    @pytest.fixture
    def known(self):
        return ParentFactory(
            first_name="Dana", last_name="Alder", born=date(1996, 5, 14)
        )

    def waiting(self):
        return [i for i in stored(ReviewItem) if i.state == ReviewItem.WAITING]

    def test_somebody_alike_waits_for_a_person(self, known):
        outcome = bring_in(DANA)
        assert counts(outcome) == {"read": 1, "review": 1}
        (item,) = self.waiting()
        assert item.subject_id == known.pk
        assert "same-name" in item.reasons
        assert "Dana" not in item.line_sealed
        assert stored(Child) == []

    def test_asking_twice_asks_once(self, known):
        bring_in(DANA)
        bring_in(DANA)
        assert len(stored(ReviewItem)) == 1

    def test_same_attaches_the_line_and_keeps_what_stood(self, known):
        bring_in(DANA)
        decide_review(by=a_viewer(), item_id=self.waiting()[0].pk, is_same=True)
        (parent,) = stored(Parent)
        assert (parent.pk, parent.external_id) == (known.pk, "P-1")
        assert stored(Child)[0].first_name == "Mina"
        again = bring_in(DANA)
        assert counts(again) == {"read": 1, "unchanged": 1}

    def test_different_makes_a_new_family(self, known):
        bring_in(DANA)
        decide_review(by=a_viewer(), item_id=self.waiting()[0].pk, is_same=False)
        assert len(stored(Parent)) == 2
        again = bring_in(DANA)
        assert counts(again) == {"read": 1, "unchanged": 1}

    def test_undo_takes_back_what_the_answer_saved(self, known):
        before = everything(SITE)
        outcome = bring_in(DANA)
        decide_review(by=a_viewer(), item_id=self.waiting()[0].pk, is_same=True)
        undo_import(by=a_viewer(), run_id=outcome.run_id)
        assert everything(SITE) == before
        assert stored(ReviewItem) == []

    def test_who_may_not_import_may_not_answer(self, known):
        bring_in(DANA)
        with pytest.raises(NotFound):
            decide_review(
                by=a_viewer(Role.NURSE), item_id=self.waiting()[0].pk, is_same=True
            )

    def test_a_child_alike_waits_too_but_a_twin_never_does(self):
        dyad = DyadFactory(
            child=ChildFactory(
                first_name="Mina", last_name="Alder", born=date(2026, 12, 20), sex="f"
            )
        )
        outcome = bring_in(DANA, TWIN)
        assert outcome.review >= 1
        subjects = {item.subject_id for item in self.waiting()}
        assert subjects == {dyad.child_id}
