"""The one bulk writer: stores the synthetic network, in short audited transactions.

It writes what the ordinary operations would have written one by one, after the same
checks of the core. Each step knows what it has stored already, so an interrupted
filling is gone on with and nothing is doubled. No patient exists before these rows, so
nothing has to be opened: the gate gives the site context and the audit entries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.db import models
from django.utils.text import slugify

from trellis.core.access.viewer import Viewer
from trellis.core.access.vocabulary import Role
from trellis.core.errors import InvalidInput, NotFound, RuleRefused
from trellis.core.growth.plausible import check_possible
from trellis.core.people.dyads import (
    DyadPeriod,
    check_one_at_a_time,
    check_starts_after_birth,
)
from trellis.records.access import gate
from trellis.records.accounts.models import Membership, User
from trellis.records.groups.models import Cohort, GroupSession, Place
from trellis.records.journeys.network_rows import (
    CAME,
    Bearings,
    ChartRows,
    GroupRows,
    PeopleRows,
)
from trellis.records.people.models import Parent
from trellis.records.sites.models import (
    ClosedDay,
    IntegratedUnit,
    Organisation,
    Room,
    Site,
)
from trellis.synthetic import entities, places
from trellis.synthetic.entities import NetworkPlan, SiteData, Staff


BATCH: Final = 500
UNIT_LETTERS: Final = 40
FIRST_DAY_OF_SERVICE: Final = date(2020, 1, 1)


@gate.writes
def prepare(*, by: Viewer, plan: NetworkPlan) -> dict[int, int]:
    """Organisations, the writer's own account, and who belongs to every site.

    Returns the stored keys of the organisations by the plan's.
    """
    writer = User(id=by.user_id, email="writer@demo.example", name="Demo network")
    _account(writer, is_active=False)  # nobody can sign in as it
    stored = {
        one.id: Organisation.objects.get_or_create(
            name=one.name, defaults={"kind": one.kind}
        )[0].pk
        for one in places.organisations(plan)
    }
    for person in places.network_staff(plan):
        _member(person, site=None, organisation_id=stored[person.organisation_id])
    gate.note(by, "journeys.prepare-network", organisations=sorted(stored.values()))
    return stored


@gate.writes
def open_site(
    *, by: Viewer, site: entities.Site, organisations: Mapping[int, int]
) -> int:
    """A site with its rooms, closed days and integrated unit; its stored key."""
    stored, is_new = Site.objects.get_or_create(
        code=f"site{site.id}",
        defaults={
            "organisation_id": organisations[site.organisation_id],
            "name": site.name,
            "neutral_name": site.neutral_name,
            "time_zone": site.time_zone,
            "place": site.town,
        },
    )
    if is_new:
        Room.objects.bulk_create(
            Room(site=stored, name=room.name, places=room.places) for room in site.rooms
        )
        ClosedDay.objects.bulk_create(
            ClosedDay(site=stored, on=day.on, name=day.name) for day in site.closed_days
        )
        if site.integrated_unit is not None:
            IntegratedUnit.objects.create(
                programme_id=organisations[places.PROGRAMME.id],
                site=stored,
                unit=slugify(site.integrated_unit.name)[:UNIT_LETTERS],
                starts=site.integrated_unit.starts_on,
            )
        gate.note(by, "journeys.open-site", site_id=stored.pk)
    return stored.pk


@gate.writes
def fill_site(*, by: Viewer, data: SiteData, organisations: Mapping[int, int]) -> int:
    """Store one part of a site (synthetic.parts); how many rows that made.

    0 when the part is stored already. One transaction, so give it short parts.

    Raises:
        NotFound: the site is not one of the writer's.
        InvalidInput, RuleRefused: the data breaks a rule of the core; nothing is kept.
    """
    site = Site.objects.filter(code=f"site{data.site.id}", pk__in=by.site_ids).first()
    if site is None:
        raise NotFound
    if _is_stored(data):
        return 0
    _check(data)
    bearings = Bearings.of(
        data, site_id=site.pk, organisations=organisations, writer_id=by.user_id
    )
    count = _store_people(PeopleRows(data, bearings))
    count += _store_charts(ChartRows(data, bearings))
    count += _store_groups(GroupRows(data, bearings))
    adults = [row.key for row in (*data.parents, *data.caregivers)]
    children = [row.key for row in data.children]
    gate.note(by, "journeys.fill-site", [*adults, *children], rows=count)
    return count


@gate.writes
def complete_site(
    *, by: Viewer, plan: NetworkPlan, data: SiteData, organisations: Mapping[int, int]
) -> bool:
    """Once all families are stored: counts, vaccines laid out, and who may sign in.

    False when that was done before. At a site that another organisation runs, the
    network's own staff are named one by one.
    """
    site = Site.objects.get(pk__in=by.site_ids)
    if Membership.objects.filter(user_id=data.staff[0].key, site=site).exists():
        return False
    bearings = Bearings.of(
        data, site_id=site.pk, organisations=organisations, writer_id=by.user_id
    )
    rows = GroupRows(data, bearings)
    closed = [s for s in rows.sessions(_counts(data)) if s.status == "closed"]
    # The writer's own rows, completed now that all their families are known.
    GroupSession.ungated.bulk_update(closed, ["counts"], batch_size=BATCH)
    _store(rows.laid_out(_used(data)))
    is_elsewhere = site.organisation_id != organisations[places.PROGRAMME.id]
    network = places.network_staff(plan) if is_elsewhere else ()
    for person in (*network, *data.staff):
        _member(
            person, site=site, organisation_id=organisations[person.organisation_id]
        )
    people = sorted(str(person.key) for person in data.staff)
    gate.note(by, "journeys.complete-site", site_id=site.pk, users=people)
    return True


@gate.writes
def roll_to_today(*, by: Viewer, on: date) -> tuple[UUID, ...]:
    """Move the next planned session of each of the writer's sites to this date.

    Nothing moves at a site that has a session on it already. The hour, the room and
    the team stay. Returns the sessions that were moved.
    """
    moved = []
    for site in Site.objects.filter(pk__in=by.site_ids).order_by("pk"):
        session = _next_session(site, on)
        if session is not None:
            zone = ZoneInfo(site.time_zone)
            starts = session.starts.astimezone(zone)
            shift = timedelta(days=(on - starts.date()).days)
            length = session.ends - session.starts
            session.starts = (starts + shift).astimezone(ZoneInfo("UTC"))
            session.ends = session.starts + length
            session.version += 1
            session.revision += 1
            session.save()
            moved.append(session.pk)
    if moved:
        keys = [str(key) for key in moved]
        gate.note(by, "journeys.roll-to-today", on=on.isoformat(), sessions=keys)
    return tuple(moved)


def _next_session(site: Site, on: date) -> GroupSession | None:
    """The session to move: the first planned one that has anybody to expect."""
    zone = ZoneInfo(site.time_zone)
    # Locked until the commit; the demo's own sessions, in which nobody is named.
    planned = GroupSession.ungated.select_for_update().filter(
        site_id=site.pk, status__in=[GroupSession.PLANNED, GroupSession.OPEN]
    )
    sessions = list(planned.order_by("starts", "pk"))
    if any(one.starts.astimezone(zone).date() == on for one in sessions):
        return None
    expected = Place.ungated.filter(site_id=site.pk, session__in=sessions)
    filled = set(expected.values_list("session_id", flat=True))
    return next((one for one in sessions if one.pk in filled), None)


def _is_stored(data: SiteData) -> bool:
    if data.parents:
        return Parent.ungated.filter(pk=data.parents[0].key).exists()
    return bool(data.cohorts) and (
        Cohort.ungated.filter(pk=data.cohorts[0].key).exists()
    )


def _check(data: SiteData) -> None:
    """The rules of the core that the ordinary operations ask.

    Raises:
        InvalidInput, RuleRefused: the first that is broken.
    """
    born = {child.key: child.born for child in data.children}
    periods: defaultdict[tuple[UUID, UUID], list[DyadPeriod]] = defaultdict(list)
    for dyad in data.dyads:
        period = DyadPeriod(dyad.starts_on, dyad.ends_on)
        check_starts_after_birth(period, born[dyad.child_key])
        periods[dyad.parent_key, dyad.child_key].append(period)
    for held in periods.values():
        check_one_at_a_time(held)
    for size in data.measurements:
        check_possible(
            weight_g=size.weight_g, length_mm=size.length_mm, head_mm=size.head_mm
        )
    for dose in data.doses:
        _check_dose(dose, born[dose.child_key])
    for place in data.places:
        _check_place(place)


def _check_dose(dose: entities.Dose, born: date) -> None:
    if dose.on < born or (dose.expires_on is not None and dose.expires_on < dose.on):
        raise InvalidInput(
            "Date of the dose",
            dose.on,
            accepted=f"from {born}, and not after the product expired",
            hint="Check the date and the expiry of the lot.",
        )


def _check_place(place: entities.Place) -> None:
    came = place.status in CAME
    if came != (place.arrived_at is not None) or (
        bool(place.reason) and place.status != Place.ABSENT
    ):
        raise RuleRefused(
            "Whoever came has an arrival time, and only an absence has a reason."
        )


def _store(rows: Iterable[models.Model]) -> int:
    """Insert rows of one table in batches; how many."""
    made = list(rows)
    if made:
        manager: Any = type(made[0])
        manager.ungated.bulk_create(made, batch_size=BATCH)
    return len(made)


def _store_people(rows: PeopleRows) -> int:
    return (
        _store(rows.parents())
        + _store(rows.children())
        + _store(rows.pregnancies())
        + _store(rows.dyads())
        + _store(rows.episodes())
        + _store(rows.care_links())
    )


def _store_charts(rows: ChartRows) -> int:
    return (
        _store(rows.encounters()) + _store(rows.measurements()) + _store(rows.doses())
    )


def _store_groups(rows: GroupRows) -> int:
    count = _store(rows.members()) + _store(rows.places()) + _store(rows.make_ups())
    if rows.data.cohorts:
        count += _store(rows.cohorts()) + _store(rows.sessions({}))
        count += _store(rows.teams())
    return count


def _counts(data: SiteData) -> dict[UUID, dict[str, int]]:
    """By session, the numbers that closing it leaves (groups.operations)."""
    by_session: defaultdict[UUID, list[entities.Place]] = defaultdict(list)
    for place in data.places:
        by_session[place.session_key].append(place)
    return {
        session: {
            "invited": len(expected),
            "came": sum(one.status in CAME for one in expected),
            "late": sum(one.status == Place.LATE for one in expected),
            "left_early": sum(one.status == Place.LEFT_EARLY for one in expected),
            "absent": sum(one.status == Place.ABSENT for one in expected),
            "signed": sum(one.encounter_key is not None for one in expected),
            "make_ups": sum(one.status == Place.ABSENT for one in expected),
        }
        for session, expected in by_session.items()
    }


def _used(data: SiteData) -> dict[str, set[str]]:
    """By visit, the vaccines of the site's stock that were given at it."""
    visits = {row.key: row.visit.value for row in data.encounters}
    used: defaultdict[str, set[str]] = defaultdict(set)
    for dose in data.doses:
        if dose.encounter_key is not None and dose.lot_key is not None:
            used[visits[dose.encounter_key]].add(dose.cvx)
    return dict(used)


def _account(user: User, *, is_active: bool = True) -> None:
    User.objects.get_or_create(
        id=user.pk,
        defaults={
            "email": user.email,
            "name": user.name,
            "language": user.language,
            "is_active": is_active,
            "password": make_password(None),  # no password can ever fit
        },
    )


def _member(person: Staff, *, site: Site | None, organisation_id: int) -> None:
    name = f"{person.first_name} {person.last_name}"
    _account(User(id=person.key, email=person.email, name=name))
    unit = site.units.first() if site is not None and person.is_programme_side else None
    Membership.objects.get_or_create(
        user_id=person.key,
        site=site,
        role=person.role.value,
        defaults={
            "organisation_id": organisation_id,
            "unit": unit.unit if unit else "",
            "integrated_unit": unit,
            "is_programme_side": person.is_programme_side,
            "is_medical_personnel": person.is_medical_personnel,
            "duties": [duty.value for duty in person.duties],
            "subject_id": person.parent_key if person.role is Role.PARENT else None,
            "starts": person.starts_on,
        },
    )
