"""The day of a session: who came, the visit note, the circle's record, closing.

One function is one user action and one transaction. Everything here takes the lock of
the session first (``GroupSession.locked``), so that several people at one list change
it one after the other, and each sees what the other did.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Final, NamedTuple
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from trellis.core.access.viewer import Permission, Viewer
from trellis.core.access.vocabulary import Action, DataClass, Origin, Write
from trellis.core.errors import Conflict, InvalidInput, NotFound, RuleRefused
from trellis.core.groups.absences import absence_reason
from trellis.core.groups.cohorts import visit_for
from trellis.core.groups.group_record import check_names_nobody
from trellis.core.groups.make_ups import make_up_deadline
from trellis.core.groups.session import (
    PRESENT,
    Day,
    Outcome,
    PlaceState,
    Session,
    SessionStatus,
    check_may_close,
    check_transition,
    counts_of,
    needs_make_up,
)
from trellis.core.groups.vaccine_products import ROTAVIRUS_CVX
from trellis.core.people.dyads import CaregiverKind
from trellis.core.people.visits import Visit
from trellis.records.access import gate
from trellis.records.access.gate import writes
from trellis.records.access.models import provenance
from trellis.records.clinical import operations as clinical
from trellis.records.clinical.models import Encounter, Immunization
from trellis.records.groups.facts import own_session_facts, stands_by
from trellis.records.groups.models import GroupSession, MakeUp, Place
from trellis.records.people.models import ChildIdentifier
from trellis.records.sites.models import Site


ATTENDANCE: Final = DataClass.COHORT_ATTENDANCE
RECORD: Final = DataClass.GROUP_RECORD


class _Held(NamedTuple):
    """A place with what every act on it asks: whose it is, and its note's state."""

    pk: UUID
    dyad_id: UUID
    state: str
    version: int
    has_agreement: bool
    arrived_at: datetime | None
    came_with: str
    absence_reason: str
    encounter_id: UUID | None
    origin: str
    origin_org_id: int
    author_org_id: int
    parent: UUID
    child: UUID
    born: date
    note_status: str | None

    @property
    def key(self) -> gate.Key:
        """Whose consent counts for the place, under which law."""
        return gate.Key(
            self.parent, self.origin, self.origin_org_id, self.author_org_id
        )

    @property
    def has_note(self) -> bool:
        """Whether a visit note was begun that is not entered in error."""
        return self.note_status not in {None, Encounter.ERROR}


HELD: Final = (
    *_Held._fields[:12],
    "dyad__parent_id",
    "dyad__child_id",
    "dyad__child__born",
    "encounter__status",
)


@dataclass(frozen=True, slots=True)
class ClosedCounts:
    """What closing wrote: who came, in numbers, and how many make-ups it opened."""

    invited: int
    came: int
    late: int
    left_early: int
    absent: int
    signed: int
    make_ups: int


@writes
def check_in(*, by: Viewer, place_id: UUID, version: int, came_with: str = "") -> None:
    """Mark a family as present. Repeating it changes nothing.

    ``came_with``: what the adult who came is to the child, a ``CaregiverKind``; empty
    leaves what is noted.

    Raises:
        InvalidInput: no such kind.
        NotFound: no such place, or attendance is not the viewer's to mark, or who came
            not the viewer's to note.
        Conflict: somebody else marked it meanwhile.
        RuleRefused: the rules of ``core.groups.session``; SessionFull among them.
    """
    _mark(by, place_id, version, PlaceState.ARRIVED, came_with=came_with)


@writes
def mark_late(*, by: Viewer, place_id: UUID, version: int, came_with: str = "") -> None:
    """Mark a family as come after the start. Raises as ``check_in``."""
    _mark(by, place_id, version, PlaceState.LATE, came_with=came_with)


@writes
def mark_absent(*, by: Viewer, place_id: UUID, version: int, reason: str) -> None:
    """Mark a family as not come, with a reason of ``core.groups.absences``.

    Raises:
        InvalidInput: no such reason. Else as ``check_in``.
    """
    word = absence_reason(reason)
    _mark(by, place_id, version, PlaceState.ABSENT, absence_reason=word.value)


@writes
def mark_left_early(*, by: Viewer, place_id: UUID, version: int) -> None:
    """Mark a family that came as gone before the end. Raises as ``check_in``."""
    _mark(by, place_id, version, PlaceState.LEFT_EARLY)


@writes
def undo(*, by: Viewer, place_id: UUID, version: int) -> None:
    """Put a place back to expected: the mark was a slip. Raises as ``check_in``."""
    _mark(by, place_id, version, PlaceState.EXPECTED)


@writes
def note_agreement(
    *, by: Viewer, place_id: UUID, version: int, has_agreement: bool
) -> None:
    """Note that the family's agreement to keep the circle private is on file.

    Raises:
        NotFound: no such place, or not the viewer's to write.
        Conflict: somebody else changed the place meanwhile.
    """
    place, session = _locked_place(by, place_id)
    gate.require_write(by, ATTENDANCE, place.key)
    if place.has_agreement is has_agreement:
        return
    _check_version(place, version)
    _write_place(by, place, {"has_agreement": has_agreement})
    session.revise()
    gate.note(by, "groups.agreement", [place.parent], place=str(place_id))


@writes
def count_conflict(*, by: Viewer, session_id: UUID) -> None:
    """Count a change that was refused because somebody else was quicker.

    Raises:
        NotFound: no such session.
    """
    session = GroupSession.locked(by, session_id)
    gate.site_sight(by, Action.READ, RECORD)
    session.revise(conflicts=session.conflicts + 1)
    gate.note(by, "groups.conflict", session=str(session_id))


@writes
def open_session(*, by: Viewer, session_id: UUID) -> None:
    """Open the session for checking in. An open one stays as it is.

    Raises:
        NotFound: no such session, or not the viewer's to run.
        RuleRefused: closed, cancelled, or on a later day.
    """
    session = GroupSession.locked(by, session_id)
    gate.site_sight(by, Action.WRITE, RECORD, **own_session_facts(by, session_id))
    if session.status == GroupSession.OPEN:
        return
    _day(by, session).check_may_mark(PlaceState.ARRIVED, by.at)
    session.revise(status=GroupSession.OPEN)
    gate.note(by, "groups.open-session", session=str(session_id))


@writes
def write_circle_record(
    *, by: Viewer, session_id: UUID, version: int, text: str, topic: str
) -> None:
    """Write what the circle talked about. Nobody is named in it.

    Raises:
        NotFound: no such session, or not the viewer's to write.
        Conflict: somebody else wrote it meanwhile.
        RuleRefused: the text names somebody (``core.groups.group_record``).
    """
    session = GroupSession.locked(by, session_id)
    gate.site_sight(by, Action.WRITE, RECORD, **own_session_facts(by, session_id))
    written = {"circle_record": text.strip(), "topic": topic.strip()}
    if written == {"circle_record": session.circle_record, "topic": session.topic}:
        return
    if session.version != version:
        raise Conflict(
            "Somebody else changed this record meanwhile. Nothing of yours was saved.",
            current=session.circle_record or session.topic,
        )
    names, identifiers = _words_of(session)
    for part in written.values():
        check_names_nobody(part, names=names, identifiers=identifiers)
    session.revise(version=session.version + 1, **written)
    gate.note(by, "groups.circle-record", session=str(session_id))


@writes
def begin_visit(*, by: Viewer, place_id: UUID) -> UUID:
    """The visit note of a child that came; begun if there is none yet.

    A child expected with two caregivers has one visit, on the line of the first.

    Raises:
        NotFound: no such place, or the child's chart is not the viewer's to write.
        RuleRefused: the family has not been checked in, or the session is over.
    """
    place, session = _locked_place(by, place_id)
    gate.require_write(by, ATTENDANCE, place.key, narrow=Write.MARK_ARRIVAL)
    if place.encounter_id is not None and place.has_note:
        return place.encounter_id
    if PlaceState(place.state) not in PRESENT:
        raise RuleRefused("Check the family in first, then open the child's visit.")
    day = _day(by, session)
    day.check_may_mark(PlaceState.ARRIVED, by.at)
    planned = Visit(session.visit) if session.visit else None
    visit = visit_for(planned, place.born, day.on)
    encounter_id = clinical.begin_encounter(
        by=by,
        encounter_id=uuid4(),
        child_id=place.child,
        on=day.on,
        visit=visit.value if visit else "",
    )
    if Place.ungated.filter(encounter_id=encounter_id).exists():
        return encounter_id  # begun on the line of another caregiver of this child
    _write_place(by, place, {"encounter_id": encounter_id})
    session.revise()
    gate.note(by, "groups.begin-visit", [place.child], place=str(place_id))
    return encounter_id


@writes
def mark_closed(*, by: Viewer, session_id: UUID, version: int) -> ClosedCounts:
    """The groups' part of closing: numbers, and a make-up for each who missed it.

    Raises:
        NotFound: no such session, or closing is not the viewer's act.
        Conflict: the session was changed since it was looked at.
        RuleRefused: somebody has no outcome yet, or a note is missing or unsigned.
    """
    by.require(Permission.GROUPS_SESSION_CLOSE)
    session = GroupSession.locked(by, session_id)
    gate.site_sight(by, Action.WRITE, RECORD)
    rows = Place.ungated.filter(session_id=session_id)
    places = [_Held(*row) for row in rows.values_list(*HELD)]
    notes = {place.child: place for place in places if place.has_note}
    outcomes = [_outcome(place, notes.get(place.child, place)) for place in places]
    check_may_close(SessionStatus(session.status), tuple(outcomes))
    if session.version != version:
        raise Conflict(
            "Somebody else changed this session meanwhile. Look at it again, then "
            "close it.",
            current=session.status,
        )
    ended = zip(places, outcomes, strict=True)
    missed = [p for p, one in ended if needs_make_up(one) and p.child not in notes]
    for place in missed:
        new = gate.new_row(by, place.parent, Origin.PART2)
        gate.require_write(by, DataClass.PROGRAMME_RECORD, new)
    make_ups = _open_make_ups(by, session, missed)
    counts = counts_of(tuple(one.state for one in outcomes))
    closed = ClosedCounts(
        invited=counts.invited,
        came=counts.came,
        late=counts.late,
        left_early=counts.left_early,
        absent=counts.absent,
        signed=sum(one.note_status == Encounter.SIGNED for one in notes.values()),
        make_ups=make_ups,
    )
    session.revise(
        status=GroupSession.CLOSED,
        closed_at=by.at,
        closed_by_id=by.user_id,
        counts=asdict(closed),
        version=session.version + 1,
    )
    patients = [place.parent for place in places]
    gate.note(by, "groups.close-session", patients, session=str(session_id))
    return closed


@writes
def note_make_up(
    *, by: Viewer, make_up_id: UUID, version: int, state: str, note: str = ""
) -> None:
    """Say how far a make-up is: open, booked or done.

    Raises:
        NotFound: no such make-up, or not the viewer's to write.
        Conflict: somebody else changed it meanwhile.
        RuleRefused: there is no such state.
    """
    # one after the other: the version is compared, then written
    rows = MakeUp.ungated.select_for_update().filter(site_id__in=by.site_ids)
    row = rows.filter(pk=make_up_id).first()
    if row is None:
        raise NotFound
    dyads = Place.ungated.filter(pk=row.place_id)
    parent = dyads.values_list("dyad__parent_id", flat=True).get()
    key = gate.Key(parent, row.origin, row.origin_org_id, row.author_org_id)
    gate.require_write(by, DataClass.PROGRAMME_RECORD, key, narrow=Write.MARK_TASK)
    if state not in {MakeUp.OPEN, MakeUp.BOOKED, MakeUp.DONE}:
        raise RuleRefused("A make-up is open, booked or done.")
    if (row.state, row.note) == (state, note.strip()):
        return
    if row.version != version:
        raise Conflict("Somebody else changed this make-up.", current=row.state)
    row.state, row.note, row.version = state, note.strip(), row.version + 1
    row.save(update_fields=["state", "note", "version"])
    gate.note(by, "groups.make-up", [parent], make_up=str(make_up_id))


def _mark(
    by: Viewer, place_id: UUID, version: int, after: PlaceState, **said: str
) -> None:
    place, session = _locked_place(by, place_id)
    before = PlaceState(place.state)
    is_absence = after is PlaceState.ABSENT or (
        before is PlaceState.ABSENT and after is PlaceState.EXPECTED
    )
    narrow = None if is_absence else Write.MARK_ARRIVAL
    gate.require_write(by, ATTENDANCE, place.key, narrow=narrow)
    said = {name: word for name, word in said.items() if word}
    if "came_with" in said:
        _check_may_note_who_came(by, place, said["came_with"])
    if before is after and all(getattr(place, n) == word for n, word in said.items()):
        return
    _check_version(place, version)
    if before is not after:
        _day(by, session).check_may_mark(after, by.at)
        check_transition(before, after, has_visit_note=place.has_note)
        if after in PRESENT:
            _room(session).check_may_arrive(place.dyad_id)
    _write_place(by, place, {**_times(by, place, after), **said})
    is_first = after in PRESENT and session.status == GroupSession.PLANNED
    session.revise(**({"status": GroupSession.OPEN} if is_first else {}))
    gate.note(
        by,
        f"groups.{after.value.replace('_', '-')}",
        [place.parent],
        place=str(place_id),
    )


def _check_may_note_who_came(by: Viewer, place: _Held, kind: str) -> None:
    gate.require_write(
        by, DataClass.CPS_CUSTODY_LEGAL, place.key, narrow=Write.NOTE_WHO_CAME
    )
    kinds = [one.value for one in CaregiverKind]
    if kind not in kinds:
        accepted = ", ".join(kinds)
        raise InvalidInput("Who came", kind, accepted=accepted, hint="Choose one.")


def _times(by: Viewer, place: _Held, after: PlaceState) -> dict[str, object]:
    """The columns that belong to a state. An arrival keeps its first time."""
    is_here = after in PRESENT
    return {
        "state": after.value,
        "arrived_at": (place.arrived_at or by.at) if is_here else None,
        "left_at": by.at if after is PlaceState.LEFT_EARLY else None,
        "came_with": place.came_with if is_here else "",
        "absence_reason": "",
    }


def _locked_place(by: Viewer, place_id: UUID) -> tuple[_Held, GroupSession]:
    """The place as it stands once nobody else can change its session."""
    here = Place.ungated.filter(pk=place_id, site_id__in=by.site_ids)
    session_id = here.values_list("session_id", flat=True).first()
    if session_id is None or not stands_by(by, session_id):
        raise NotFound
    session = GroupSession.locked(by, session_id)
    found = here.values_list(*HELD).first()
    if found is None:
        raise NotFound
    return _Held(*found), session


def _check_version(place: _Held, version: int) -> None:
    if place.version != version:
        raise Conflict(
            "Somebody else was quicker. Nothing of yours was saved.",
            current=place.state,
        )


def _write_place(by: Viewer, place: _Held, changes: Mapping[str, object]) -> None:
    Place.ungated.filter(pk=place.pk).update(
        **changes,
        version=place.version + 1,
        changed_by_id=by.user_id,
        changed_at=by.at,
    )


def _room(session: GroupSession) -> Session:
    rows = Place.ungated.filter(session_id=session.pk).values_list("dyad_id", "state")
    states = dict(rows)
    return Session(
        places=session.places,
        expected=frozenset(states),
        present=frozenset(d for d, state in states.items() if state in PRESENT),
    )


def _day(by: Viewer, session: GroupSession) -> Day:
    zone = _zone(session.site_id)
    return Day(
        status=SessionStatus(session.status),
        on=session.starts.astimezone(zone).date(),
        starts=session.starts,
        today=by.at.astimezone(zone).date(),
    )


def _zone(site_id: int) -> ZoneInfo:
    return ZoneInfo(Site.objects.values_list("time_zone", flat=True).get(pk=site_id))


def _words_of(session: GroupSession) -> tuple[list[str], list[str]]:
    """Every name and number of the people expected, open to the viewer or not."""
    rows = Place.ungated.filter(session_id=session.pk)
    people = rows.values_list(
        "dyad__parent__first_name",
        "dyad__parent__last_name",
        "dyad__parent__chosen_name",
        "dyad__child__first_name",
        "dyad__child__last_name",
    )
    numbers = rows.values_list(
        "dyad__parent__external_id", "dyad__child__external_id", "dyad__child_id"
    )
    names = [name for row in people for name in row if name]
    children = {child for *_, child in numbers}
    identifiers = [number for *both, _ in numbers for number in both if number]
    held = ChildIdentifier.ungated.filter(child_id__in=children)
    return names, [*identifiers, *held.values_list("value", flat=True)]


def _outcome(place: _Held, noted: _Held) -> Outcome:
    """``noted``: the line with the child's note; two caregivers share one visit."""
    return Outcome(
        state=PlaceState(place.state),
        has_note=noted.has_note,
        is_signed=noted.note_status == Encounter.SIGNED,
    )


def _open_make_ups(by: Viewer, session: GroupSession, missed: list[_Held]) -> int:
    """A make-up with its deadline for each place that has none yet."""
    rows = MakeUp.ungated.filter(place_id__in=[place.pk for place in missed])
    have = set(rows.values_list("place_id", flat=True))
    zone = _zone(session.site_id)
    on = session.starts.astimezone(zone).date()
    doses = _rotavirus_doses(missed)
    fresh = [
        _make_up(by, session, place, on, doses)
        for place in missed
        if place.pk not in have
    ]
    MakeUp.ungated.bulk_create(fresh)
    return len(fresh)


def _rotavirus_doses(places: list[_Held]) -> dict[UUID, int]:
    children = [place.child for place in places]
    given = Immunization.ungated.filter(
        child_id__in=children,
        cvx__in=ROTAVIRUS_CVX,
        status=Immunization.COMPLETED,
    ).values_list("child_id", "on")
    doses = dict.fromkeys(children, 0)
    for child, _on in set(given):  # a dose told twice counts once
        doses[child] += 1
    return doses


def _make_up(
    by: Viewer,
    session: GroupSession,
    place: _Held,
    on: date,
    doses: Mapping[UUID, int],
) -> MakeUp:
    planned = Visit(session.visit) if session.visit else None
    deadline = make_up_deadline(
        planned,
        place.born,
        on,
        rotavirus_doses=doses[place.child],
    )
    return MakeUp(
        **provenance(by, site_id=session.site_id, origin=Origin.PART2),
        place_id=place.pk,
        due_by=deadline.on if deadline else None,
        why_by=deadline.reason.value if deadline else "",
    )
