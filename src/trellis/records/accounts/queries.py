"""Who is signed in, in which role: where viewers are made. Opens no record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from trellis.core.access.permissions import permissions_of
from trellis.core.access.viewer import DEFAULT_ZONE, UnitAgreement, Viewer
from trellis.core.access.vocabulary import Purpose, Role
from trellis.core.errors import InvalidInput
from trellis.records.accounts.models import Membership, User
from trellis.records.sites.models import Site


PURPOSE_OF_ROLE = {
    Role.DIRECTOR: Purpose.OPERATIONS,
    Role.EVALUATOR_FUNDER: Purpose.AUDIT_EVALUATION,
    Role.PARENT: Purpose.PATIENT_REQUEST,
}
PERSONA_ADDRESS = "@demo.example"


@dataclass(frozen=True, slots=True)
class RoleLine:
    """One role a person can be in: for the switch, and for the page's frame."""

    membership_id: int
    role: Role
    site_name: str
    site_id: int | None
    time_zone: str


@dataclass(frozen=True, slots=True)
class Persona:
    """One demo persona: a sign-in with one click, in demo mode alone."""

    email: str
    name: str
    role: Role
    site_name: str
    site_id: int | None  # None: of the whole network


def held_memberships(user: User, on: date) -> tuple[Membership, ...]:
    """The memberships in force on a date, in a stable order."""
    held: Iterable[Membership] = getattr(user, "held", None) or _held(user)
    in_force = (m for m in held if m.starts <= on and (m.ends is None or on < m.ends))
    return tuple(sorted(in_force, key=lambda m: m.pk))


def role_lines(user: User, on: date) -> tuple[RoleLine, ...]:
    """The roles a person can switch between."""
    return tuple(
        RoleLine(
            membership_id=m.pk,
            role=Role(m.role),
            site_name=m.site.name if m.site else m.organisation.name,
            site_id=m.site_id,
            time_zone=m.site.time_zone if m.site else DEFAULT_ZONE,
        )
        for m in held_memberships(user, on)
    )


def viewer_of(
    membership: Membership, *, at: datetime, purpose: Purpose | None = None
) -> Viewer:
    """The viewer of one membership; 1 statement where it spans every site."""
    role = Role(membership.role)
    unit = membership.integrated_unit
    return Viewer(
        user_id=membership.user_id,
        role=role,
        org_id=membership.organisation_id,
        site_ids=_site_ids(membership),
        purpose=purpose or PURPOSE_OF_ROLE.get(role, Purpose.TREATMENT),
        at=at,
        unit=membership.unit or None,
        agreement=UnitAgreement(
            str(unit.pk), unit.programme_id, unit.unit, unit.starts, unit.ends
        )
        if unit
        else None,
        is_programme_side=membership.is_programme_side,
        is_medical_personnel=membership.is_medical_personnel,
        duties=membership.held_duties,
        permissions=permissions_of(role, membership.held_duties),
        subject_id=membership.subject_id,
        zone=membership.site.time_zone if membership.site else DEFAULT_ZONE,
    )


def viewer_for(email: str, *, at: datetime, site_code: str | None = None) -> Viewer:
    """The viewer of the account a command runs as (``--as-user``).

    Raises:
        InvalidInput: no such account, or it has no membership in force (there).
    """
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    held = held_memberships(user, at.date()) if user else ()
    if site_code is not None:
        held = tuple(m for m in held if m.site is None or m.site.code == site_code)
    if not held:
        raise InvalidInput(
            "--as-user",
            email,
            accepted="the e-mail address of an account with a membership in force",
            hint="Ask an administrator of the site to add one.",
        )
    return viewer_of(held[0], at=at)


def works_at(user_id: UUID, role: Role, *, site_id: int, on: date) -> bool:
    """Whether an account stands in this role at the site on a day (1 statement)."""
    in_force = Q(starts__lte=on) & (Q(ends=None) | Q(ends__gt=on))
    here = Q(site_id=site_id) | Q(site=None, organisation__sites=site_id)
    rows = Membership.objects.filter(in_force, here, user_id=user_id, role=role.value)
    return rows.filter(user__is_active=True).exists()


def personas(*, site_id: int | None = None) -> tuple[Persona, ...]:
    """The demo's accounts, site by site; called in demo mode alone (1 statement).

    ``site_id``: of this site and of the whole network only.
    """
    rows = Membership.objects.filter(user__email__endswith=PERSONA_ADDRESS)
    if site_id is not None:
        rows = rows.filter(Q(site_id=site_id) | Q(site=None))
    rows = rows.select_related("user", "site", "organisation").order_by("pk")
    found: dict[str, Persona] = {}
    for m in rows:
        name = m.site.name if m.site else m.organisation.name
        found.setdefault(
            m.user.email,
            Persona(m.user.email, m.user.name, Role(m.role), name, m.site_id),
        )
    return tuple(found.values())


def persona_account(email: str) -> User | None:
    """The account of a persona; None for every other address (1 statement)."""
    if not email.endswith(PERSONA_ADDRESS):
        return None
    return User.objects.filter(email=email, is_active=True).first()


def account_of(email: str) -> User | None:
    """The account with this address, signed in or not: for the audit of sign-ins."""
    return User.objects.filter(email=email.strip().lower()).first()


def staff_of(
    site_id: int, roles: Iterable[Role], *, on: date
) -> tuple[tuple[UUID, str, str], ...]:
    """Key, name and role of whoever works at a site in these roles (1 statement)."""
    in_force = Q(starts__lte=on) & (Q(ends=None) | Q(ends__gt=on))
    held = Membership.objects.filter(in_force, site_id=site_id, user__is_active=True)
    rows = held.filter(role__in=[role.value for role in roles])
    ordered = rows.order_by("user__name", "role").distinct()
    return tuple(ordered.values_list("user_id", "user__name", "role"))


def account_names(user_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names of accounts, for the audit trail; unknown keys are left out."""
    rows = User.objects.filter(pk__in=set(user_ids))
    return dict(rows.values_list("pk", "name"))


def _held(user: User) -> QuerySet[Membership]:
    rows = Membership.objects.filter(user=user)
    return rows.select_related("user", "organisation", "site", "integrated_unit")


def _site_ids(membership: Membership) -> frozenset[int]:
    if membership.site_id is not None:
        return frozenset({membership.site_id})
    sites = Site.objects.filter(Q(organisation=membership.organisation_id))
    return frozenset(sites.values_list("pk", flat=True))
