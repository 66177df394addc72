"""One day at one integrated site: a family, its group, its child's chart, the team.

Everybody of the eleven roles has an account there; each has a double at another site of
the same programme. The instant is ``factories.NINE``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

from django.test import Client

from tests import factories as make
from tests.factories import NINE, OTHER_SITE, SITE, TODAY, in_context_of, user_id_of
from trellis.core.access.vocabulary import Duty, Role
from trellis.records.accounts.models import User
from trellis.records.clinical.models import Immunization, Measurement
from trellis.records.groups.models import MakeUp, Place, SessionVaccine
from trellis.records.imports.models import ImportRun, ReviewItem
from trellis.records.imports.uploads.operations import check_upload


BY_LINK = frozenset(Role) - {
    Role.DIRECTOR,
    Role.COORDINATOR,
    Role.EVALUATOR_FUNDER,
    Role.PARENT,
    Role.FACILITATOR,
}
ON_THE_TEAM = (Role.NURSE, Role.PAEDIATRICS, Role.FACILITATOR, Role.PEER_COACH)
NAMES = ("Ada", "Mina")


@dataclass
class World:
    """The keys of everything, by the name that addresses use for it."""

    people: dict[Role, User] = field(default_factory=dict)
    doubles: dict[Role, User] = field(default_factory=dict)
    keys: dict[str, UUID] = field(default_factory=dict)


def a_world() -> World:
    """Make it all; about 80 rows."""
    world = World()
    site, other = make.SiteFactory(), make.SiteFactory(id=OTHER_SITE)
    dyad = make.DyadFactory(
        parent__first_name=NAMES[0],
        parent__language="es",
        parent__payer="medicaid",
        child__first_name=NAMES[1],
    )
    absent = make.DyadFactory(parent__first_name="Nora", child__first_name="Theo")
    _team(world, site, other, dyad, absent)
    _group(world, dyad, absent)
    _chart(world, dyad)
    _import(world, dyad)
    world.keys |= {
        "dyad": dyad.pk,
        "parent": dyad.parent_id,
        "child": dyad.child_id,
        "absent_dyad": absent.pk,
    }
    return world


def browser_of(user: User) -> Client:
    """A signed-in client."""
    browser = Client(raise_request_exception=False)
    browser.force_login(user)
    return browser


def _team(world, site, other, dyad, absent):
    for role in Role:
        own = dyad.parent_id if role is Role.PARENT else None
        world.people[role] = _member(site, role, user_id_of(role), own)
        elsewhere = make.ParentFactory(site_id=OTHER_SITE).pk if own else None
        world.doubles[role] = _member(other, role, uuid4(), elsewhere)
    for role in BY_LINK:
        for one in (dyad, absent):
            link = make.CareLinkFactory(parent=one.parent, role=role.value)
            world.keys.setdefault("care_link", link.pk)


def _member(site, role, key, subject_id):
    user = make.UserFactory(id=key, email=f"{role.value}.{key}@clinic.example")
    make.MembershipFactory(
        user=user,
        site=site,
        role=role.value,
        is_programme_side=role in make.PROGRAMME_ROLES,
        is_medical_personnel=role in make.LICENSED,
        duties=[Duty.PRIVACY_OFFICER.value] if role is Role.DIRECTOR else [],
        subject_id=subject_id,
        **({} if role in make.PROGRAMME_ROLES else {"integrated_unit": None}),
    )
    return user


def _group(world, dyad, absent):
    cohort = make.CohortFactory(name="Monday Robins")
    members = [
        make.CohortMemberFactory(cohort=cohort, dyad=one) for one in (dyad, absent)
    ]
    session = make.GroupSessionFactory(cohort=cohort, team=ON_THE_TEAM, status="open")
    closed = make.GroupSessionFactory(
        cohort=cohort,
        starts=NINE - timedelta(days=30),
        ends=NINE - timedelta(days=30) + timedelta(hours=2),
        status="closed",
        closed_at=NINE - timedelta(days=30),
    )
    place = make.PlaceFactory(
        session=session, dyad=dyad, state="arrived", arrived_at=NINE
    )
    missed = make.PlaceFactory(
        session=closed, dyad=absent, state="absent", absence_reason="illness"
    )
    waiting = make.PlaceFactory(session=session, dyad=absent)
    with in_context_of(SITE):
        make_up = MakeUp.ungated.create(
            **_row("part2"), place=missed, due_by=TODAY + timedelta(days=20)
        )
        vaccine = SessionVaccine.ungated.create(
            site_id=SITE,
            session=session,
            cvx="110",
            mvx="SKB",
            product="Pediarix",
            lot="LOT1",
            expires_on=TODAY + timedelta(days=300),
            vis_edition_on=TODAY - timedelta(days=300),
            route="IM",
        )
    world.keys |= {
        "cohort": cohort.pk,
        "session": session.pk,
        "closed_session": closed.pk,
        "place": place.pk,
        "waiting_place": waiting.pk,
        "member": members[0].pk,
        "make_up": make_up.pk,
        "vaccine": vaccine.pk,
    }


def _chart(world, dyad):
    """A draft of today beside the place, and a signed visit of last month."""
    child = dyad.child
    draft = make.EncounterFactory(child=child)
    signed = make.EncounterFactory(
        child=child,
        on=TODAY - timedelta(days=30),
        visit="1m",
        status="signed",
        signed_at=NINE - timedelta(days=30),
        signed_by_name="Jo Field",
        assessment="Thriving",
        plan="See again at two months",
    )
    with in_context_of(SITE):
        weight = Measurement.ungated.create(
            **_row("hipaa"),
            child=child,
            encounter=draft,
            on=TODAY,
            kind="weight",
            value=5200,
        )
        dose = Immunization.ungated.create(
            **_row("hipaa"),
            child=child,
            encounter=draft,
            on=TODAY,
            cvx="110",
            product="Pediarix",
            lot="LOT1",
        )
        Place.ungated.filter(pk=world.keys["place"]).update(encounter=draft)
    world.keys |= {
        "encounter": draft.pk,
        "signed_encounter": signed.pk,
        "measurement": weight.pk,
        "dose": dose.pk,
    }


def _import(world, dyad):
    with in_context_of(SITE):
        run = ImportRun.ungated.create(
            site_id=SITE,
            kind="roster",
            file_name="families.csv",
            sha256="0" * 64,
            by_id=user_id_of(Role.COORDINATOR),
            at=NINE - timedelta(days=1),
            counts={},
        )
        review = ReviewItem.ungated.create(
            **_row("part2"),
            run=run,
            subject_id=dyad.parent_id,
            subject_kind="parent",
            place="line 3",
            line_sealed="",
            line_key="3",
            score=80,
            state=ReviewItem.DIFFERENT,
        )
    by = make.a_viewer(Role.COORDINATOR)
    heading = b"external_id,site,first_name,last_name,birth_date\n"
    checked = check_upload(
        by=by, upload_id=uuid4(), kind="roster", files=[("more.csv", heading)]
    )
    world.keys |= {"run": run.pk, "review": review.pk, "checked_run": checked}


def _row(origin):
    return {
        "site_id": SITE,
        "origin": origin,
        "origin_org_id": make.PROGRAMME,
        "author_id": user_id_of(Role.COORDINATOR),
        "author_org_id": make.PROGRAMME,
        "recorded_at": NINE - timedelta(days=1),
    }
