"""One site of the demo network, made without looking at any other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Final
from uuid import UUID

from trellis.core.access.vocabulary import Role
from trellis.core.groups.agendas import TOPICS
from trellis.core.people.visits import Visit, planning_window
from trellis.synthetic import care, parameters, places, vaccines
from trellis.synthetic.adults import Registrar
from trellis.synthetic.chance import Chance
from trellis.synthetic.clinic import Ledger
from trellis.synthetic.entities import (
    CareLink,
    Cohort,
    Membership,
    NetworkPlan,
    OutOfWindow,
    Session,
    SessionStaff,
    Site,
    SiteData,
    Staff,
    VaccineLot,
)
from trellis.synthetic.families import Family, family
from trellis.synthetic.groups import (
    AFTERNOON,
    LENGTH,
    MORNING,
    GroupPlan,
    Meeting,
    instant,
    layout,
    meetings,
)


OBSTETRIC_CARE_DAYS: Final = 365
CLOSED_AFTER: Final = timedelta(minutes=45)
FORMED_AFTER_DAYS: Final = 10
SESSION_TASKS: Final = (
    ("provider", Role.PAEDIATRICS),
    ("nurse", Role.NURSE),
    ("facilitator", Role.FACILITATOR),
    ("peer_coach", Role.PEER_COACH),
)
LINKED_ROLES: Final = (
    Role.NURSE,
    Role.PAEDIATRICS,
    Role.OBSTETRICS,
    Role.SUD_COUNSELLOR,
    Role.PEER_COACH,
    Role.CASE_MANAGER,
)
REACHING_ROLES: Final = (Role.PEER_COACH, Role.CASE_MANAGER)


@dataclass(frozen=True, slots=True)
class Group:
    """A cohort with its families and its sessions by visit."""

    plan: GroupPlan
    cohort: Cohort
    members: tuple[Family, ...]
    meetings: tuple[Meeting, ...]
    sessions: dict[Visit, Session]


def make_site(plan: NetworkPlan, index: int) -> SiteData:
    """Site ``index`` (from 0) whole; the same whether or not the others are made."""
    chance = Chance("site", plan.seed, plan.as_of.isoformat(), index)
    site = places.site(plan, index, chance)
    stock = vaccines.lots(site.id, places.network_starts_on(plan), plan.as_of, chance)
    ledger = Ledger(
        site=site,
        team=places.team(plan, index, chance),
        stock=vaccines.refrigerator(stock),
        as_of=plan.as_of,
        closed=frozenset(day.on for day in site.closed_days),
    )
    arranged = layout(index, plan.families_at[index], plan.as_of, chance)
    white_share = chance.share(
        parameters.WHITE_NON_HISPANIC.value, parameters.SITE_SPREAD.value
    )
    registrar = Registrar(site.id, white_share, chance)
    families = [family(slot, plan.as_of, registrar, chance) for slot in arranged.slots]
    groups = [
        _group(ledger, number, group, families, chance)
        for number, group in enumerate(arranged.groups)
    ]
    for one in families:
        _care_for(ledger, one, groups, chance)
    staff = ledger.team.staff
    if index == 0:
        staff += (_parent_persona(plan, site, families[0], chance),)
    return _collected(ledger, families, groups, chance, staff=staff, stock=stock)


def _group(
    ledger: Ledger,
    number: int,
    plan: GroupPlan,
    families: Sequence[Family],
    chance: Chance,
) -> Group:
    members = tuple(one for one in families if one.slot.group == number)
    languages = sorted({one.parent.language for one in members})
    cohort = Cohort(
        key=chance.key(),
        site_id=ledger.site.id,
        name=plan.name,
        first_birth_on=plan.first_birth_on,
        last_birth_on=plan.last_birth_on,
        target_size=len(members),
        languages=tuple(languages),
        facilitator_key=ledger.team.key_of(Role.FACILITATOR),
        formed_on=min(
            ledger.as_of, plan.last_birth_on + timedelta(days=FORMED_AFTER_DAYS)
        ),
    )
    met = meetings(plan, members, ledger.closed, ledger.as_of)
    sessions = {
        meeting.visit: _session(ledger, plan, cohort, meeting, chance)
        for meeting in met
    }
    return Group(plan, cohort, members, tuple(met), sessions)


def _session(
    ledger: Ledger,
    plan: GroupPlan,
    cohort: Cohort,
    meeting: Meeting,
    chance: Chance,
) -> Session:
    site = ledger.site
    clock, room_key = _free_place(ledger, plan, meeting)
    starts = instant(meeting.on, clock, site.time_zone)
    topics = TOPICS[meeting.visit]
    is_past = meeting.on < ledger.as_of
    return Session(
        key=chance.key(),
        cohort_key=cohort.key,
        site_id=site.id,
        room_key=room_key,
        visit=meeting.visit,
        starts_at=starts,
        ends_at=starts + LENGTH,
        state="closed" if is_past else "planned",
        closed_at=starts + LENGTH + CLOSED_AFTER if is_past else None,
        child_topic=topics.child,
        parent_topic=topics.parent,
        play_topic=topics.play,
        staff=tuple(
            SessionStaff(task, ledger.team.key_of(role)) for task, role in SESSION_TASKS
        ),
    )


def _free_place(ledger: Ledger, plan: GroupPlan, meeting: Meeting) -> tuple[time, UUID]:
    """The group's usual hour and first room, or the next free hour or room."""
    other = AFTERNOON if plan.starts == MORNING else MORNING
    for room in ledger.site.rooms:
        for clock in (plan.starts, other):
            wanted = (meeting.on, clock, room.key)
            if wanted not in ledger.taken:
                ledger.taken.add(wanted)
                return clock, room.key
    message = f"no room is free on {meeting.on}"
    raise ValueError(message)


def _care_for(
    ledger: Ledger, one: Family, groups: Sequence[Group], chance: Chance
) -> None:
    """Play the visits of each birth; only the first children belong to the group."""
    mean, correlation = (
        parameters.VISIT_MEAN.value,
        parameters.VISIT_CORRELATION.value,
    )
    sessions: dict[Visit, Session] = {}
    if one.slot.group is not None:
        group = groups[one.slot.group]
        mean = group.plan.visit_mean
        shared = parameters.COHORT_ICC.value
        correlation = (correlation - shared) / (1 - shared)
        sessions = {
            meeting.visit: group.sessions[meeting.visit]
            for meeting in group.meetings
            if one in meeting.inside
        }
    visit_share = chance.share(mean, correlation)
    for number, pregnancy in enumerate(one.pregnancies):
        children = [
            child for child in one.children if child.pregnancy_key == pregnancy.key
        ]
        expected = sessions if number == 0 else {}
        care.live_through(
            ledger, one, children, chance, sessions=expected, visit_share=visit_share
        )


def _collected(
    ledger: Ledger,
    families: Sequence[Family],
    groups: Sequence[Group],
    chance: Chance,
    *,
    staff: tuple[Staff, ...],
    stock: tuple[VaccineLot, ...],
) -> SiteData:
    return SiteData(
        site=ledger.site,
        staff=staff,
        lots=stock,
        parents=tuple(one.parent for one in families),
        caregivers=tuple(carer for one in families for carer in one.carers),
        pregnancies=tuple(each for one in families for each in one.pregnancies),
        children=tuple(child for one in families for child in one.children),
        dyads=tuple(dyad for one in families for dyad in one.dyads),
        episodes=tuple(each for one in families for each in one.episodes),
        cohorts=tuple(group.cohort for group in groups),
        memberships=tuple(
            membership for group in groups for membership in _memberships(group, chance)
        ),
        sessions=tuple(
            group.sessions[meeting.visit]
            for group in groups
            for meeting in group.meetings
        ),
        places=tuple(ledger.places),
        out_of_window=tuple(row for group in groups for row in _out_of_window(group)),
        make_ups=tuple(ledger.make_ups),
        encounters=tuple(ledger.encounters),
        measurements=tuple(ledger.measurements),
        doses=tuple(ledger.doses),
        care_links=tuple(
            link for one in families for link in _care_links(ledger, one, chance)
        ),
        tallies=tuple(ledger.tallies),
    )


def _memberships(group: Group, chance: Chance) -> list[Membership]:
    """Each stay of a member while the group exists, one row a dyad."""
    found = []
    for one in group.members:
        for stay in one.stays:
            if stay.enrolled_on is None:
                continue
            starts = max(stay.enrolled_on, group.cohort.formed_on, one.slot.born)
            if stay.ended_on is not None and stay.ended_on <= starts:
                continue
            found += [
                Membership(
                    key=chance.key(),
                    cohort_key=group.cohort.key,
                    dyad_key=one.birth_dyad(child).key,
                    starts_on=starts,
                    ends_on=stay.ended_on,
                )
                for child in one.children_of_group()
            ]
    return found


def _out_of_window(group: Group) -> list[OutOfWindow]:
    found = []
    for meeting in group.meetings:
        for one in meeting.outside:
            for child in one.children_of_group():
                window = planning_window(meeting.visit, child.born)
                if window is not None:
                    found.append(
                        OutOfWindow(
                            session_key=group.sessions[meeting.visit].key,
                            dyad_key=one.birth_dyad(child).key,
                            child_key=child.key,
                            window_opens_on=window.starts,
                            window_closes_on=window.last_day,
                        )
                    )
    return found


def _care_links(ledger: Ledger, one: Family, chance: Chance) -> list[CareLink]:
    """The care team of a family from enrolment; before it, those who reach out."""
    first, last = one.stays[0], one.stays[-1]
    is_enrolled = first.enrolled_on is not None
    found = []
    for role in LINKED_ROLES if is_enrolled else REACHING_ROLES:
        starts = first.referred_on if role in REACHING_ROLES else first.enrolled_on
        ends = last.ended_on
        if role is Role.OBSTETRICS:
            until = one.slot.born + timedelta(days=OBSTETRIC_CARE_DAYS)
            if len(one.pregnancies) == 1 and until <= ledger.as_of:
                ends = until if ends is None else min(ends, until)
        if starts is None or (ends is not None and ends <= starts):
            continue
        staff_key: UUID = ledger.team.key_of(role)
        found.append(
            CareLink(chance.key(), staff_key, one.parent.key, role, starts, ends)
        )
    return found


def _parent_persona(
    plan: NetworkPlan, site: Site, one: Family, chance: Chance
) -> Staff:
    """The persona of a participant: she is in the group due today."""
    return Staff(
        key=chance.key(),
        first_name=one.parent.first_name,
        last_name=one.parent.last_name,
        email=f"parent.site{site.id}@demo.example",
        role=Role.PARENT,
        organisation_id=places.PROGRAMME.id,
        site_ids=(site.id,),
        duties=(),
        is_medical_personnel=False,
        is_programme_side=False,
        starts_on=plan.as_of,
        parent_key=one.parent.key,
    )
