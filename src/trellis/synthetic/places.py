"""Organisations, sites, rooms, closed days and the personas who sign in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from trellis.core.access.vocabulary import Duty, Role
from trellis.synthetic import names
from trellis.synthetic.chance import Chance
from trellis.synthetic.entities import (
    ClosedDay,
    IntegratedUnit,
    NetworkPlan,
    Organisation,
    Room,
    Site,
    Staff,
)


PROGRAMME: Final = Organisation(1, "Two Rivers Family Programme", "programme")
PARTNER: Final = Organisation(2, "Elm Square Family Practice", "partner")
TIME_ZONE: Final = "America/New_York"
YEARS: Final = 3
FAMILIES_A_ROOM: Final = 100
ROOM_PLACES: Final = 8
NETWORK_STARTS_DAYS_AGO: Final = 365 * YEARS + 120
PUBLIC_HOLIDAYS: Final = ((1, 1, "New Year's Day"), (7, 4, "Independence Day"))
WINTER_CLOSED: Final = ((12, 25, "Christmas Day"), (12, 24, "Closed for the holidays"))

SITE_ROLES: Final = (
    Role.COORDINATOR,
    Role.NURSE,
    Role.PAEDIATRICS,
    Role.OBSTETRICS,
    Role.SUD_COUNSELLOR,
    Role.PEER_COACH,
    Role.CASE_MANAGER,
    Role.FACILITATOR,
)
MEDICAL: Final = (Role.NURSE, Role.PAEDIATRICS, Role.OBSTETRICS, Role.SUD_COUNSELLOR)
# At the co-located site these belong to the partner practice, not the programme.
PARTNER_ROLES: Final = (Role.NURSE, Role.PAEDIATRICS, Role.OBSTETRICS)


@dataclass(frozen=True, slots=True)
class Team:
    """The staff of a site by role."""

    staff: tuple[Staff, ...]

    def key_of(self, role: Role) -> UUID:
        """The key of the one person of this role."""
        return next(person.key for person in self.staff if person.role is role)


def network_starts_on(plan: NetworkPlan) -> date:
    """The day the oldest site opened: a little before the first births."""
    return plan.as_of - timedelta(days=NETWORK_STARTS_DAYS_AGO)


def organisations(plan: NetworkPlan) -> tuple[Organisation, ...]:
    """The programme, and the partner practice where the network has its site."""
    return (PROGRAMME,) if plan.partner_site is None else (PROGRAMME, PARTNER)


def site(plan: NetworkPlan, index: int, chance: Chance) -> Site:
    """Site ``index`` with its rooms and closed days; never closed on the as-of day."""
    is_partner = index == plan.partner_site
    name, town = names.SITES[index]
    if is_partner:
        name = PARTNER.name
    opened = network_starts_on(plan)
    unit = IntegratedUnit(f"{name}, integrated unit", opened)
    return Site(
        id=index + 1,
        name=name,
        neutral_name=f"Family Health, {town}",
        town=town,
        time_zone=TIME_ZONE,
        organisation_id=PARTNER.id if is_partner else PROGRAMME.id,
        integrated_unit=None if is_partner else unit,
        rooms=_rooms(plan.families_at[index], chance),
        closed_days=_closed_days(plan.as_of),
    )


def team(plan: NetworkPlan, index: int, chance: Chance) -> Team:
    """One persona a role; ``coordinator.site1@demo.example`` and so on."""
    is_partner = index == plan.partner_site
    opened = network_starts_on(plan)
    return Team(
        tuple(
            Staff(
                key=chance.key(),
                first_name=chance.choice(names.ADULT_FIRST),
                last_name=chance.choice(names.FAMILY),
                email=f"{role.value}.site{index + 1}@demo.example",
                role=role,
                organisation_id=(
                    PARTNER.id if is_partner and role in PARTNER_ROLES else PROGRAMME.id
                ),
                site_ids=(index + 1,),
                duties=_duties(role),
                is_medical_personnel=role in MEDICAL,
                is_programme_side=not (is_partner and role in PARTNER_ROLES),
                starts_on=opened,
            )
            for role in SITE_ROLES
        )
    )


def network_staff(plan: NetworkPlan) -> tuple[Staff, ...]:
    """Who belongs to every site: directors and the evaluator."""
    chance = Chance("network staff", plan.seed)
    everywhere = tuple(range(1, len(plan.families_at) + 1))
    wanted = (
        ("director", Role.DIRECTOR, ()),
        ("evaluator_funder", Role.EVALUATOR_FUNDER, ()),
        (
            "privacy.director",
            Role.DIRECTOR,
            (Duty.PRIVACY_OFFICER, Duty.ADMINISTRATOR),
        ),
    )
    return tuple(
        Staff(
            key=chance.key(),
            first_name=chance.choice(names.ADULT_FIRST),
            last_name=chance.choice(names.FAMILY),
            email=f"{login}@demo.example",
            role=role,
            organisation_id=PROGRAMME.id,
            site_ids=everywhere,
            duties=duties,
            is_medical_personnel=False,
            is_programme_side=True,
            starts_on=network_starts_on(plan),
        )
        for login, role, duties in wanted
    )


def _duties(role: Role) -> tuple[Duty, ...]:
    if role is Role.PAEDIATRICS:
        return (Duty.ON_CALL,)
    return (Duty.SUPERVISOR,) if role is Role.SUD_COUNSELLOR else ()


def _rooms(families: int, chance: Chance) -> tuple[Room, ...]:
    """Two rooms, and one more for every hundred families beyond the usual site."""
    more = max(0, families // FAMILIES_A_ROOM - 1)
    further = [(f"Room {number}", ROOM_PLACES) for number in range(3, 3 + more)]
    return tuple(
        Room(chance.key(), room, places) for room, places in (*names.ROOMS, *further)
    )


def _closed_days(as_of: date) -> tuple[ClosedDay, ...]:
    years = range(as_of.year - YEARS - 1, as_of.year + YEARS)
    days = [
        ClosedDay(date(year, month, day), name)
        for year in years
        for month, day, name in sorted(PUBLIC_HOLIDAYS + WINTER_CLOSED)
    ]
    return tuple(day for day in days if day.on != as_of)
