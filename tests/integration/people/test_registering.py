"""Registering a family: once, with a question about likely duplicates."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from tests.factories import (
    OTHER_SITE,
    SITE,
    TODAY,
    ChildFactory,
    DyadFactory,
    ParentFactory,
    SiteFactory,
    a_viewer,
    stored,
)

from trellis.core.access.vocabulary import Role
from trellis.core.errors import (
    Conflict,
    InvalidInput,
    NeedsConfirmation,
    NotFound,
    RuleRefused,
)
from trellis.core.people.ages import Gestation
from trellis.core.people.dyads import ALL, COMES_ALONG, CaregiverKind
from trellis.core.people.stages import Stage
from trellis.records.audit.models import AuditEntry
from trellis.records.care import operations, queries
from trellis.records.care.models import CareLink, Episode
from trellis.records.care.operations import NewEpisode, NewFamily
from trellis.records.people import operations as people
from trellis.records.people import queries as people_queries
from trellis.records.people.entries import (
    ChildIdentity,
    Contact,
    Identity,
    NewChild,
    NewParent,
    Planning,
)
from trellis.records.people.models import Child, Dyad, Parent, Pregnancy


pytestmark = [pytest.mark.django_db, pytest.mark.both]
BORN = TODAY - timedelta(days=40)


@pytest.fixture(autouse=True)
def sites():
    SiteFactory()
    SiteFactory(id=OTHER_SITE)


def an_identity(first="Ana", last="Núñez", born=date(1996, 5, 14), **more):
    return Identity(first, last, born=born, **more)


def a_baby(first="Luz", last="Núñez", born=BORN, **more):
    sex = more.pop("sex", "f")
    order = more.pop("birth_order", None)
    return NewChild(uuid4(), ChildIdentity(first, last, born, sex, order), **more)


def a_family(*children, identity=None, site_id=SITE, **more):
    planning = Planning(language="es", payer="medicaid")
    parent = NewParent(
        key=uuid4(),
        site_id=site_id,
        identity=identity or an_identity(),
        contact=Contact("(617) 555-0142", "ana@example.org"),
        planning=planning,
    )
    episode = NewEpisode(TODAY - timedelta(days=60), TODAY - timedelta(days=50))
    episode = replace(episode, stage=Stage.EARLY_POSTPARTUM)
    return NewFamily(parent=parent, episode=episode, children=children, **more)


def register(family, by=None, **more):
    return operations.register_family(by=by or a_viewer(), family=family, **more)


def test_a_coordinator_registers_a_parent_with_a_baby():
    dyad_id = register(a_family(a_baby(gestation=Gestation(36, 2))))
    page = queries.dyad_page(viewer=a_viewer(), dyad_id=dyad_id)
    assert page.parent.facts["name"] == "Ana Núñez"
    assert page.parent.facts["phone"] == "(617) 555-0142"
    assert page.parent.episodes[0].stage is Stage.EARLY_POSTPARTUM
    assert page.child.facts["name"] == "Luz Núñez"
    assert stored(Child)[0].gestation_days == 36 * 7 + 2
    assert stored(CareLink) == []


def test_a_case_manager_joins_the_care_team_of_whom_they_register():
    manager = a_viewer(Role.CASE_MANAGER)
    dyad_id = register(a_family(a_baby()), by=manager)
    assert queries.dyad_page(viewer=manager, dyad_id=dyad_id).parent is not None
    assert [link.role for link in stored(CareLink)] == ["case_manager"]


@pytest.mark.parametrize(
    "role",
    sorted(frozenset(Role) - {Role.COORDINATOR, Role.CASE_MANAGER}),
)
def test_nobody_else_registers_a_family(role):
    with pytest.raises(NotFound):
        register(a_family(a_baby()), by=a_viewer(role))
    for model in (Parent, Child, Dyad, Episode, CareLink):
        assert stored(model) == []


def test_a_family_is_registered_at_the_own_site_only():
    with pytest.raises(NotFound):
        register(a_family(site_id=OTHER_SITE))


def test_the_same_form_twice_registers_once():
    family = a_family(a_baby(), due_on=None, reach_via="Text only")
    assert register(family) == register(family)
    counts = [len(stored(model)) for model in (Parent, Child, Dyad, Episode)]
    assert counts == [1, 1, 1, 1]


def test_the_same_form_with_other_content_is_a_conflict():
    family = a_family(a_baby())
    register(family)
    other = replace(family.parent, identity=an_identity(last="Other"))
    with pytest.raises(Conflict, match="already, with other content"):
        register(replace(family, parent=other))


def test_a_number_in_use_is_a_conflict():
    register(a_family(identity=an_identity(external_id="P-1")))
    other = an_identity("Joy", "Kim", date(1990, 1, 1), external_id="P-1")
    with pytest.raises(Conflict, match="in use"):
        register(a_family(identity=other))


def test_a_likely_duplicate_needs_a_second_look():
    register(a_family(a_baby()))
    again = a_family(identity=an_identity("ANA", "Nunez"))
    with pytest.raises(NeedsConfirmation):
        register(again)
    lines = people_queries.likely_duplicates(
        viewer=a_viewer(), parent=again.parent.identity
    )
    assert [(line.name, line.match.value) for line in lines] == [
        ("Ana Núñez", "probable")
    ]
    register(again, is_confirmed=True)
    assert len(stored(Parent)) == 2


def test_twins_are_never_called_the_same_child():
    one = a_baby("Luz", birth_order=1)
    two = a_baby("Sol", birth_order=2)
    register(a_family(one, two))
    assert len(stored(Dyad)) == 2
    lines = people_queries.likely_duplicates(
        viewer=a_viewer(), parent=None, children=[two.identity]
    )
    assert [line.name for line in lines] == ["Sol Núñez"]


def test_a_duplicate_that_is_not_open_is_not_hinted_at():
    ParentFactory(first_name="Ana", last_name="Núñez", folded="ana nunez", born=None)
    manager = a_viewer(Role.CASE_MANAGER)
    same = an_identity(born=None)
    assert people_queries.likely_duplicates(viewer=manager, parent=same) == ()
    register(a_family(identity=same), by=manager)


def test_names_are_kept_composed_and_without_turning_signs():
    identity = an_identity("  Ana\u202e  Mari\u0301a ", "Nu\u0301n\u0303ez")
    register(a_family(identity=identity))
    [parent] = stored(Parent)
    assert (parent.first_name, parent.last_name) == ("Ana María", "Núñez")
    assert parent.folded == "ana maria nunez"


@pytest.mark.parametrize(
    ("change", "names"),
    [
        pytest.param({"contact": Contact("12")}, "Phone", id="phone"),
        pytest.param({"identity": Identity(" ")}, "First name", id="no name"),
        pytest.param(
            {"identity": an_identity(born=date(2027, 1, 1))}, "birth date", id="a baby"
        ),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(change, names):
    family = a_family()
    family = replace(family, parent=replace(family.parent, **change))
    with pytest.raises(InvalidInput, match=names):
        register(family)
    assert stored(Episode) == []


def test_a_birth_ends_the_pregnancy_and_a_twin_finds_it_ended():
    family = a_family(due_on=TODAY + timedelta(days=20))
    register(family)
    for baby in (a_baby("Luz", born=TODAY), a_baby("Sol", born=TODAY)):
        people.add_child(by=a_viewer(), parent_id=family.parent.key, child=baby)
    [pregnancy] = stored(Pregnancy)
    assert pregnancy.ended_on == TODAY
    assert len(stored(Dyad)) == 2


def test_a_next_pregnancy_stays_when_an_elder_child_is_added():
    family = a_family(due_on=TODAY + timedelta(days=200))
    register(family)
    elder = a_baby(born=TODAY - timedelta(days=400))
    people.add_child(by=a_viewer(), parent_id=family.parent.key, child=elder)
    assert stored(Pregnancy)[0].ended_on is None


def test_a_child_is_not_added_to_a_parent_of_another_site():
    elsewhere = ParentFactory(site_id=OTHER_SITE)
    with pytest.raises(NotFound):
        people.add_child(by=a_viewer(), parent_id=elsewhere.pk, child=a_baby())


class TestCaregivers:
    def kin(self):
        return NewParent(uuid4(), SITE, an_identity("Rosa", "Vega"))

    def link(self, **more):
        kind = CaregiverKind.KIN
        return a_baby(kind=kind, authority=COMES_ALONG, starts=TODAY, **more)

    def test_a_case_manager_links_kin_and_the_team_sees_them(self):
        manager = a_viewer(Role.CASE_MANAGER)
        dyad_id = register(a_family(a_baby()), by=manager)
        child_id = stored(Dyad)[0].child_id
        kin = people.register_caregiver(
            by=manager, caregiver=self.kin(), child_id=child_id, link=self.link()
        )
        page = queries.dyad_page(viewer=manager, dyad_id=dyad_id)
        told = [(c.name, c.kind) for c in page.child.caregivers]
        assert told == [("Ana Núñez", "birth-parent"), ("Rosa Vega", "kin")]
        assert queries.dyad_page(viewer=manager, dyad_id=kin).parent is not None
        coordinator = queries.dyad_page(viewer=a_viewer(), dyad_id=kin)
        assert coordinator.parent.facts["name"] == "Rosa Vega"

    def test_legal_facts_are_not_recorded_by_the_coordinator(self):
        dyad = DyadFactory()
        with pytest.raises(NotFound):
            people.register_caregiver(
                by=a_viewer(),
                caregiver=self.kin(),
                child_id=dyad.child_id,
                link=self.link(),
            )
        assert len(stored(Parent)) == 1

    def test_nobody_is_reached_by_linking_them(self):
        """A link opens records: so only an adult who is open may be linked."""
        manager = a_viewer(Role.CASE_MANAGER)
        register(a_family(a_baby()), by=manager)
        stranger = ParentFactory(first_name="Zoe")
        with pytest.raises(NotFound):
            people.link_caregiver(
                by=manager,
                key=uuid4(),
                child_id=stored(Child)[0].pk,
                parent_id=stranger.pk,
                kind=CaregiverKind.KIN,
                starts=TODAY,
                authority=COMES_ALONG,
            )

    def test_a_link_to_kin_does_not_open_the_birth_parent(self):
        dyad = DyadFactory()
        kin = ParentFactory(enrolled=False)
        DyadFactory(parent=kin, child=dyad.child, kind="kin", starts=TODAY)
        manager = a_viewer(Role.CASE_MANAGER)
        from tests.factories import CareLinkFactory

        CareLinkFactory(parent=kin, role=Role.CASE_MANAGER.value)
        with pytest.raises(NotFound):
            queries.parent_page(viewer=manager, parent_id=dyad.parent_id)

    def test_two_dyads_of_the_same_two_never_overlap(self):
        dyad = DyadFactory()
        with pytest.raises(RuleRefused, match="already a dyad"):
            people.link_caregiver(
                by=a_viewer(),
                key=uuid4(),
                child_id=dyad.child_id,
                parent_id=dyad.parent_id,
                kind=CaregiverKind.BIRTH_PARENT,
                starts=TODAY,
                authority=ALL,
            )

    def test_a_dyad_ends_once_and_nothing_is_erased(self):
        dyad = DyadFactory()
        for _ in range(2):
            people.end_dyad(by=a_viewer(), dyad_id=dyad.pk, ends=TODAY)
        assert stored(Dyad)[0].ends == TODAY
        with pytest.raises(Conflict):
            people.end_dyad(
                by=a_viewer(), dyad_id=dyad.pk, ends=TODAY - timedelta(days=1)
            )


class TestChanging:
    def test_a_change_raises_the_version_and_the_same_again_is_nothing(self):
        parent = ParentFactory()
        for _ in range(2):
            people.change_contact(
                by=a_viewer(),
                parent_id=parent.pk,
                version=1,
                contact=Contact("617 555 0143"),
            )
        [row] = stored(Parent)
        assert (row.phone, row.version) == ("+16175550143", 2)

    def test_an_older_version_is_a_conflict_and_changes_nothing(self):
        parent = ParentFactory(version=3)
        with pytest.raises(Conflict):
            people.change_parent(
                by=a_viewer(),
                parent_id=parent.pk,
                version=2,
                identity=an_identity(),
            )
        assert stored(Parent)[0].first_name == parent.first_name

    def test_the_nurse_changes_names_and_not_what_the_programme_plans_by(self):
        parent = ParentFactory()
        nurse = a_viewer(Role.NURSE)
        people.change_parent(
            by=nurse, parent_id=parent.pk, version=1, identity=an_identity()
        )
        with pytest.raises(NotFound):
            people.change_parent(
                by=nurse, parent_id=parent.pk, version=2, planning=Planning("es")
            )

    def test_safe_ways_are_sealed_and_told_to_the_coordinator_without_address(self):
        family = a_family()
        register(family)
        key = family.parent.key
        people.change_contact(
            by=a_viewer(), parent_id=key, version=1, reach_via="Text only"
        )
        [row] = stored(Parent)
        assert "Text" not in row.reach_via_sealed
        facts = people_queries.parent_record(viewer=a_viewer(), parent_id=key).facts
        assert facts["reach_via"] == "Text only"
        assert "address" not in facts
        with pytest.raises(NotFound):
            people.change_contact(
                by=a_viewer(), parent_id=key, version=2, address="1 Elm"
            )

    def test_a_child_of_another_site_is_as_good_as_missing(self):
        child = ChildFactory(site_id=OTHER_SITE)
        identity = ChildIdentity("Leo", "Example", BORN)
        with pytest.raises(NotFound) as elsewhere:
            people.change_child(
                by=a_viewer(), child_id=child.pk, version=1, identity=identity
            )
        with pytest.raises(NotFound) as nowhere:
            people.change_child(
                by=a_viewer(), child_id=uuid4(), version=1, identity=identity
            )
        assert str(elsewhere.value) == str(nowhere.value)

    def test_every_change_leaves_its_entry(self):
        parent = ParentFactory()
        people.change_parent(
            by=a_viewer(), parent_id=parent.pk, version=1, identity=an_identity()
        )
        entry = AuditEntry.objects.order_by("-pk").first()
        assert entry.action == "people.change-parent"
        assert "Ana" not in str(entry.detail)
