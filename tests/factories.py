"""One factory per model; the defaults make the plainest valid record.

One site of one programme, one family: a parent with an open episode, a child, the dyad.
Staff are viewers (``a_viewer``); ``care_link`` puts one on a family's care team.
On PostgreSQL a protected row is inserted in the context of its own site, because row
security holds for tests too.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import factory
from django.db import connection, transaction

from trellis.core.access.permissions import permissions_of
from trellis.core.access.viewer import UnitAgreement, Viewer
from trellis.core.access.vocabulary import Duty, Origin, Purpose, Role
from trellis.records.accounts.models import Membership, User
from trellis.records.accounts.queries import PURPOSE_OF_ROLE
from trellis.records.care.models import CareLink, Episode
from trellis.records.clinical.models import Encounter
from trellis.records.groups.models import (
    Cohort,
    CohortMember,
    GroupSession,
    Place,
    SessionStaff,
)
from trellis.records.people.models import Child, Dyad, Parent
from trellis.records.sites.models import IntegratedUnit, Organisation, Site


PROGRAMME, PARTNER = 1, 2
SITE, OTHER_SITE, PARTNER_SITE = 1, 2, 3
NINE = datetime(2027, 3, 1, 14, 0, tzinfo=UTC)  # 09:00 at the site
TODAY = date(2027, 3, 1)
PROGRAMME_ROLES = frozenset(Role) - {Role.PARENT, Role.EVALUATOR_FUNDER}
LICENSED = frozenset({Role.NURSE, Role.PAEDIATRICS, Role.OBSTETRICS})


def user_id_of(role: Role) -> UUID:
    """The fixed key of the one person in each role."""
    return UUID(int=100 + list(Role).index(role))


def a_viewer(
    role: Role = Role.COORDINATOR,
    *,
    user_id: UUID | None = None,
    at: datetime = NINE,
    sites: tuple[int, ...] = (SITE,),
    org: int = PROGRAMME,
    is_integrated: bool = True,
    duties: frozenset[Duty] = frozenset(),
    purpose: Purpose | None = None,
    subject_id: UUID | None = None,
) -> Viewer:
    """A member of staff of the programme's integrated team, in one role."""
    agreement = UnitAgreement("1", PROGRAMME, "paediatrics", date(2024, 1, 1), None)
    return Viewer(
        user_id=user_id or user_id_of(role),
        role=role,
        org_id=org,
        site_ids=frozenset(sites),
        purpose=purpose or PURPOSE_OF_ROLE.get(role, Purpose.TREATMENT),
        at=at,
        unit="paediatrics",
        agreement=agreement if is_integrated else None,
        is_programme_side=is_integrated and role in PROGRAMME_ROLES,
        is_medical_personnel=role in LICENSED,
        duties=duties,
        permissions=permissions_of(role, duties),
        subject_id=subject_id,
    )


@contextmanager
def in_context_of(*sites: int):
    """Row security's context, as the gate would set it (PostgreSQL)."""
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select current_setting('app.site_ids', true)")
        (before,) = cursor.fetchone()
        literal = "{" + ",".join(str(site) for site in sites) + "}"
        cursor.execute("select set_config('app.site_ids', %s, true)", [literal])
        yield
        cursor.execute("select set_config('app.site_ids', %s, true)", [before or "{}"])


def stored(model, site_id: int = SITE):
    """The rows of a protected table at a site, past the gate: for assertions only."""
    with in_context_of(site_id):
        return list(model.ungated.filter(site_id=site_id).order_by("pk"))


class OrganisationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organisation
        django_get_or_create = ("id",)

    id = PROGRAMME
    name = factory.LazyAttribute(lambda o: f"Organisation {o.id}")
    kind = factory.LazyAttribute(
        lambda o: "programme" if o.id == PROGRAMME else "partner"
    )


class SiteFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Site
        django_get_or_create = ("id",)

    id = SITE
    organisation = factory.SubFactory(OrganisationFactory)
    code = factory.LazyAttribute(lambda o: f"site{o.id}")
    name = factory.LazyAttribute(lambda o: f"Site {o.id}")
    neutral_name = factory.LazyAttribute(lambda o: f"Family Health {o.id}")


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")
    is_active = True
    password = factory.django.Password("correct horse battery")


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organisation = factory.SelfAttribute("site.organisation")
    site = factory.SubFactory(SiteFactory)
    role = Role.COORDINATOR.value
    unit = "paediatrics"
    is_programme_side = True
    starts = date(2024, 1, 1)

    @factory.lazy_attribute
    def integrated_unit(self):
        unit, _ = IntegratedUnit.objects.get_or_create(
            programme=self.organisation,
            site=self.site,
            unit="paediatrics",
            starts=date(2024, 1, 1),
        )
        return unit


class OfSiteFactory(factory.django.DjangoModelFactory):
    class Meta:
        abstract = True

    site_id = SITE

    @classmethod
    def _create(cls, model, *_args, **fields):
        SiteFactory(id=fields["site_id"])
        with in_context_of(fields["site_id"]):
            return model.ungated.create(**fields)


class ProtectedFactory(OfSiteFactory):
    class Meta:
        abstract = True

    origin = Origin.PART2.value
    origin_org_id = PROGRAMME
    author_id = user_id_of(Role.COORDINATOR)
    author_org_id = PROGRAMME
    recorded_at = NINE - timedelta(days=200)


class ParentFactory(ProtectedFactory):
    class Meta:
        model = Parent
        skip_postgeneration_save = True

    first_name = factory.Sequence(lambda n: f"Ada{n:03}")
    last_name = "Example"
    folded = factory.LazyAttribute(lambda o: f"{o.first_name} {o.last_name}".lower())
    language = "en"

    @factory.post_generation
    def enrolled(self, create, is_enrolled, **_):
        if is_enrolled is not False:
            EpisodeFactory(parent=self, site_id=self.site_id)


class EpisodeFactory(ProtectedFactory):
    class Meta:
        model = Episode

    parent = factory.SubFactory(ParentFactory)
    referred_on = TODAY - timedelta(days=200)
    enrolled_on = TODAY - timedelta(days=190)
    stage = "postpartum"
    stage_since = TODAY - timedelta(days=190)


class ChildFactory(ProtectedFactory):
    class Meta:
        model = Child

    origin = Origin.HIPAA.value
    first_name = factory.Sequence(lambda n: f"Leo{n:03}")
    last_name = "Example"
    folded = factory.LazyAttribute(lambda o: f"{o.first_name} {o.last_name}".lower())
    born = TODAY - timedelta(days=65)
    sex = "m"


class DyadFactory(ProtectedFactory):
    class Meta:
        model = Dyad

    parent = factory.SubFactory(
        ParentFactory, site_id=factory.SelfAttribute("..site_id")
    )
    child = factory.SubFactory(ChildFactory, site_id=factory.SelfAttribute("..site_id"))
    starts = factory.LazyAttribute(lambda o: o.child.born)
    kind = "birth-parent"


class CareLinkFactory(ProtectedFactory):
    class Meta:
        model = CareLink

    role = Role.NURSE.value
    staff_id = factory.LazyAttribute(lambda o: user_id_of(Role(o.role)))
    parent = factory.SubFactory(ParentFactory)
    starts = NINE - timedelta(days=100)


class CohortFactory(OfSiteFactory):
    class Meta:
        model = Cohort

    name = factory.Sequence(lambda n: f"Monday Robins {n}")
    opened_on = TODAY - timedelta(days=60)


class CohortMemberFactory(ProtectedFactory):
    class Meta:
        model = CohortMember

    cohort = factory.SubFactory(CohortFactory)
    dyad = factory.SubFactory(DyadFactory)
    starts = TODAY - timedelta(days=50)


class GroupSessionFactory(OfSiteFactory):
    class Meta:
        model = GroupSession
        skip_postgeneration_save = True

    cohort = factory.SubFactory(
        CohortFactory, site_id=factory.SelfAttribute("..site_id")
    )
    visit = "2m"
    starts = NINE
    ends = NINE + timedelta(hours=2)
    places = 8

    @factory.post_generation
    def expects(self, create, dyads, **_):
        for dyad in dyads or ():
            PlaceFactory(session=self, dyad=dyad, site_id=self.site_id)

    @factory.post_generation
    def team(self, create, roles, **_):
        for role in roles or ():
            SessionStaffFactory(
                session=self, role=Role(role).value, site_id=self.site_id
            )


class SessionStaffFactory(OfSiteFactory):
    class Meta:
        model = SessionStaff

    session = factory.SubFactory(GroupSessionFactory)
    role = Role.NURSE.value
    user_id = factory.LazyAttribute(lambda o: user_id_of(Role(o.role)))


class PlaceFactory(ProtectedFactory):
    class Meta:
        model = Place

    session = factory.SubFactory(GroupSessionFactory)
    dyad = factory.SubFactory(DyadFactory)


class EncounterFactory(ProtectedFactory):
    class Meta:
        model = Encounter

    origin = Origin.HIPAA.value
    child = factory.SubFactory(ChildFactory)
    on = TODAY
    visit = "2m"
    is_well_child = True
