"""What happened at each visit of a family: who came, what was measured and given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from trellis.core.people.visits import Visit, Window, counting_window, planning_window
from trellis.synthetic import parameters, vaccines
from trellis.synthetic.chance import Chance
from trellis.synthetic.clinic import ChildSoFar, Ledger, visit_made
from trellis.synthetic.entities import (
    Child,
    Dyad,
    Encounter,
    MakeUp,
    Place,
    Session,
    VisitTally,
)
from trellis.synthetic.families import Family
from trellis.synthetic.groups import WORKDAYS, instant


# Individual 1-month visits keep clear of the 2-month session that may follow.
FIRST_VISIT_LAST_DAY: Final = 37
MAKE_UP_AFTER_DAYS: Final = 2
LATE_MINUTES: Final = (12, 35)
EARLY_MINUTES: Final = (-10, 8)


@dataclass(frozen=True, slots=True)
class Appointment:
    """A visit as it was planned: with the group's session, or alone."""

    visit: Visit
    on: date
    session: Session | None


@dataclass(slots=True)
class Brood:
    """The children of one birth, who come together, and how their visits go."""

    family: Family
    born: date
    so_far: list[ChildSoFar]
    visit_share: float
    due: int = 0
    completed: int = 0


def live_through(
    ledger: Ledger,
    family: Family,
    children: list[Child],
    chance: Chance,
    *,
    sessions: dict[Visit, Session],
    visit_share: float,
) -> None:
    """Play all visits of the children of one birth, in order of date.

    ``sessions`` holds those of the group at which they are expected; every other
    visit is an individual one.
    """
    if not children:
        return
    so_far = [ChildSoFar(child, family.curves[child.key]) for child in children]
    brood = Brood(family, children[0].born, so_far, visit_share)
    for one in so_far:
        dose = vaccines.birth_dose(one.child, chance)
        if dose is not None and dose.on <= ledger.as_of:
            ledger.doses.append(dose)
            one.given[dose.cvx] = [dose.on]
    for appointment in _appointments(ledger, brood, sessions, chance):
        if appointment.session is not None:
            _at_group(ledger, brood, appointment, appointment.session, chance)
        else:
            _alone(ledger, brood, appointment, chance)
    ledger.tallies += [
        VisitTally(child.key, brood.due, brood.completed) for child in children
    ]


def _appointments(
    ledger: Ledger, brood: Brood, sessions: dict[Visit, Session], chance: Chance
) -> list[Appointment]:
    found = []
    for visit in Visit:
        window = planning_window(visit, brood.born)
        if window is None:
            continue
        session = sessions.get(visit)
        if session is not None:
            found.append(Appointment(visit, session.starts_at.date(), session))
            continue
        on = _workday(ledger, chance.day(window.starts, _last(visit, window)))
        if on < ledger.as_of and brood.family.is_enrolled(on):
            found.append(Appointment(visit, on, None))
    return sorted(found, key=lambda one: one.on)


def _last(visit: Visit, window: Window) -> date:
    if visit is Visit.MONTH_1:
        return window.starts + timedelta(days=FIRST_VISIT_LAST_DAY - 21)
    return window.last_day


def _workday(ledger: Ledger, on: date) -> date:
    """The day itself, or the next on which the site sees people."""
    while on.weekday() >= WORKDAYS or on in ledger.closed:
        on += timedelta(days=1)
    return on


def _alone(ledger: Ledger, brood: Brood, planned: Appointment, chance: Chance) -> None:
    brood.due += 1
    if chance.happens(brood.visit_share):
        brood.completed += 1
        starts = _clinic_time(ledger, planned.on, chance)
        for one in brood.so_far:
            visit_made(
                ledger,
                one,
                chance,
                visit=planned.visit,
                starts=starts,
                modality="individual",
            )


def _clinic_time(ledger: Ledger, on: date, chance: Chance) -> datetime:
    at = time(chance.randint(9, 15), chance.choice((0, 20, 40)))
    return instant(on, at, ledger.site.time_zone)


def _at_group(
    ledger: Ledger,
    brood: Brood,
    planned: Appointment,
    session: Session,
    chance: Chance,
) -> None:
    """Expected, there, or absent with a make-up; twins share what happened."""
    if planned.on >= ledger.as_of:
        for one in brood.so_far:
            place = _place(brood.family, one.child, session, chance)
            ledger.places.append(place)
        return
    is_completed = chance.happens(brood.visit_share)
    if is_completed and chance.happens(parameters.COMPLETED_AS_PLANNED.value):
        brood.due += 1
        brood.completed += 1
        _attend(ledger, brood, session, chance)
        return
    _stay_away(ledger, brood, session, is_completed, chance)


def _attend(ledger: Ledger, brood: Brood, session: Session, chance: Chance) -> None:
    status, span = "arrived", EARLY_MINUTES
    if chance.happens(parameters.ARRIVED_LATE.value):
        status, span = "late", LATE_MINUTES
    arrived = session.starts_at + timedelta(minutes=chance.randint(*span))
    left = session.ends_at
    if chance.happens(parameters.LEFT_EARLY.value):
        status, left = "left_early", session.ends_at - timedelta(minutes=40)
    with_whom = _brings(brood, session.starts_at.date(), chance)
    for one in brood.so_far:
        starts = arrived + timedelta(minutes=chance.randint(5, 30))
        encounter = visit_made(
            ledger,
            one,
            chance,
            visit=session.visit,
            starts=starts,
            modality="group",
            session_key=session.key,
        )
        ledger.places.append(
            _place(
                brood.family,
                one.child,
                session,
                chance,
                status=status,
                arrived_at=arrived,
                left_at=left,
                with_whom=with_whom,
                encounter_key=encounter.key,
            )
        )


def _brings(brood: Brood, on: date, chance: Chance) -> Dyad:
    """The dyad whose adult comes: another carer mostly, while there is one."""
    child = brood.so_far[0].child
    carers = [
        dyad
        for dyad in brood.family.dyads
        if dyad.child_key == child.key
        and dyad.kind != "birth"
        and dyad.starts_on <= on
        and (dyad.ends_on is None or on < dyad.ends_on)
    ]
    if carers and chance.happens(parameters.CARER_BRINGS.value):
        return carers[0]
    return brood.family.birth_dyad(child)


def _stay_away(
    ledger: Ledger,
    brood: Brood,
    session: Session,
    is_completed: bool,
    chance: Chance,
) -> None:
    """Absent; made up inside the counting window, still open, or expired."""
    missed_on = session.starts_at.date()
    reason = chance.pick(parameters.ABSENCE_REASONS.shares)
    last = counting_window(session.visit, brood.born).last_day
    made_up = chance.day(missed_on + timedelta(days=MAKE_UP_AFTER_DAYS), last)
    made_up = _workday(ledger, made_up)
    is_past = made_up < ledger.as_of
    is_done = is_completed and is_past and brood.family.is_enrolled(made_up)
    is_open = last >= ledger.as_of and not is_done
    # A family that left before its make-up is excused: the visit was not due.
    if not is_open and is_done >= is_completed:
        brood.due += 1
        brood.completed += is_done
    starts = _clinic_time(ledger, made_up, chance)
    for one in brood.so_far:
        place = _place(
            brood.family, one.child, session, chance, status="absent", reason=reason
        )
        ledger.places.append(place)
        encounter = None
        if is_done:
            encounter = visit_made(
                ledger,
                one,
                chance,
                visit=session.visit,
                starts=starts,
                modality="make_up",
            )
        state = "done" if is_done else "open" if is_open else "expired"
        owed = _make_up(place, session, last, state, encounter, key=chance.key())
        ledger.make_ups.append(owed)


def _make_up(
    place: Place,
    session: Session,
    due_by: date,
    state: str,
    encounter: Encounter | None,
    *,
    key: UUID,
) -> MakeUp:
    return MakeUp(
        key=key,
        place_key=place.key,
        child_key=place.child_key,
        visit=session.visit,
        opened_on=session.starts_at.date(),
        due_by=due_by,
        state=state,
        encounter_key=None if encounter is None else encounter.key,
    )


def _has_agreement(family: Family) -> bool:
    """One answer a family, from a stream of its own: it changes no other draw."""
    chance = Chance("agreement", family.parent.key)
    return chance.happens(parameters.AGREEMENT_ON_FILE.value)


def _place(
    family: Family,
    child: Child,
    session: Session,
    chance: Chance,
    *,
    status: str = "expected",
    reason: str = "",
    arrived_at: datetime | None = None,
    left_at: datetime | None = None,
    with_whom: Dyad | None = None,
    encounter_key: UUID | None = None,
) -> Place:
    window = planning_window(session.visit, child.born)
    if window is None:
        message = f"visit {session.visit} has no planning window"
        raise ValueError(message)
    return Place(
        key=chance.key(),
        session_key=session.key,
        dyad_key=family.birth_dyad(child).key,
        child_key=child.key,
        window_opens_on=window.starts,
        window_closes_on=window.last_day,
        status=status,
        reason=reason,
        arrived_at=arrived_at,
        left_at=left_at,
        brought_by=None if with_whom is None else with_whom.parent_key,
        came_with="" if with_whom is None else with_whom.kind,
        has_agreement=_has_agreement(family),
        encounter_key=encounter_key,
    )
