"""The rows of one part of the demo network, as the tables take them.

Who wrote what is as it would be in use: notes and doses by the site's clinicians and
under HIPAA, the programme's own records under 42 CFR Part 2.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final
from uuid import NAMESPACE_OID, UUID, uuid5
from zoneinfo import ZoneInfo

from trellis.core.access.vocabulary import Origin, Role
from trellis.core.groups.absences import AbsenceReason
from trellis.core.groups.make_ups import DeadlineReason
from trellis.core.people.dyads import CaregiverKind
from trellis.core.people.names import folded
from trellis.records.access.vault import Cell, seal
from trellis.records.care.models import CareLink, Episode
from trellis.records.clinical.models import Encounter, Immunization, Measurement
from trellis.records.clinical.notes import Note, digest, signed_text
from trellis.records.groups.models import (
    Cohort,
    CohortMember,
    GroupSession,
    MakeUp,
    Place,
    SessionStaff,
    SessionVaccine,
)
from trellis.records.people.models import Child, Dyad, Parent, Pregnancy
from trellis.synthetic import entities
from trellis.synthetic.entities import SiteData


CAREGIVERS: Final = {
    "birth": CaregiverKind.BIRTH_PARENT,
    "kin": CaregiverKind.KIN,
    "foster": CaregiverKind.FOSTER_PARENT,
}
REASONS: Final = {
    "transport": AbsenceReason.TRANSPORT,
    "child_ill": AbsenceReason.ILLNESS,
    "parent_ill": AbsenceReason.ILLNESS,
    "work": AbsenceReason.WORK_OR_SCHOOL,
    "other_appointment": AbsenceReason.OTHER_APPOINTMENT,
    "child_care": AbsenceReason.CARE_OF_OTHERS,
    "not_reached": AbsenceReason.NOT_REACHED,
}
PLACES: Final = 8
CAME: Final = frozenset({Place.ARRIVED, Place.LATE, Place.LEFT_EARLY})
ROLE_OF_TASK: Final = {"provider": Role.PAEDIATRICS}
NOON: Final = time(12, 0)


@dataclass(frozen=True, slots=True)
class Bearings:
    """Where the rows belong: the stored site, its people, and who writes.

    ``programme_id`` and ``clinic_id`` are the organisations of the programme's records
    and of the children's charts; they differ at a co-located site.
    """

    site_id: int
    zone: ZoneInfo
    programme_id: int
    clinic_id: int
    writer_id: UUID
    names: Mapping[UUID, str]  # of staff

    @classmethod
    def of(
        cls,
        data: SiteData,
        *,
        site_id: int,
        organisations: Mapping[int, int],
        writer_id: UUID,
    ) -> Bearings:
        """The bearings of a site; ``organisations``: the data's keys to stored ones."""
        programme = next(p for p in data.staff if p.role is Role.COORDINATOR)
        return cls(
            site_id=site_id,
            zone=ZoneInfo(data.site.time_zone),
            programme_id=organisations[programme.organisation_id],
            clinic_id=organisations[data.site.organisation_id],
            writer_id=writer_id,
            names={p.key: f"{p.first_name} {p.last_name}" for p in data.staff},
        )

    def at(self, on: date) -> datetime:
        """Noon of a day at the site."""
        return datetime.combine(on, NOON, self.zone).astimezone(UTC)

    def programme(self, on: date) -> dict[str, Any]:
        """Provenance of a row of the programme, recorded on a day."""
        return self._row(Origin.PART2, self.programme_id, self.writer_id, self.at(on))

    def chart(self, at: datetime, author: UUID | None = None) -> dict[str, Any]:
        """Provenance of a row of a child's chart."""
        writer = author or self.writer_id
        return self._row(Origin.HIPAA, self.clinic_id, writer, at)

    def _row(
        self, origin: Origin, org_id: int, author: UUID, at: datetime
    ) -> dict[str, Any]:
        return {
            "site_id": self.site_id,
            "origin": origin.value,
            "origin_org_id": org_id,
            "author_id": author,
            "author_org_id": org_id,
            "recorded_at": at,
        }


@dataclass(frozen=True, slots=True)
class PeopleRows:
    """Adults, children, what links them, and their stays."""

    data: SiteData
    bearings: Bearings

    def parents(self) -> Iterator[Parent]:
        """Participants and other caregivers."""
        for row in (*self.data.parents, *self.data.caregivers):
            name = f"{row.first_name} {row.last_name} {row.chosen_name}"
            cell = Cell(Parent._meta.db_table, row.key, "reach_via_sealed")
            yield Parent(
                **self.bearings.programme(row.registered_on),
                id=row.key,
                external_id=row.external_id,
                first_name=row.first_name,
                last_name=row.last_name,
                chosen_name=row.chosen_name,
                folded=folded(name),
                born=row.born,
                phone=row.phone,
                email=row.email,
                reach_via_sealed=seal(row.safe_contact, cell),
                language=row.language,
                races=list(row.race),
                ethnicity=row.ethnicity,
                payer=row.payer,
            )

    def children(self) -> Iterator[Child]:
        """Children, with their gestation."""
        order = self._birth_orders()
        for row in self.data.children:
            yield Child(
                **self.bearings.chart(self.bearings.at(row.born)),
                id=row.key,
                external_id=row.external_id,
                first_name=row.first_name,
                last_name=row.last_name,
                folded=folded(f"{row.first_name} {row.last_name}"),
                born=row.born,
                sex=row.sex,
                birth_order=order[row.key] if row.is_multiple else None,
                gestation_days=row.gestation_weeks * 7 + row.gestation_days,
            )

    def pregnancies(self) -> Iterator[Pregnancy]:
        """Pregnancies, over or not."""
        registered = {row.key: row.registered_on for row in self.data.parents}
        for row in self.data.pregnancies:
            yield Pregnancy(
                **self.bearings.programme(registered[row.parent_key]),
                id=row.key,
                parent_id=row.parent_key,
                due_on=row.due_on,
                ended_on=row.ended_on,
            )

    def dyads(self) -> Iterator[Dyad]:
        """Each child with each of its caregivers."""
        for row in self.data.dyads:
            yield Dyad(
                **self.bearings.programme(row.starts_on),
                id=row.key,
                parent_id=row.parent_key,
                child_id=row.child_key,
                starts=row.starts_on,
                ends=row.ends_on,
                kind=CAREGIVERS[row.kind].value,
                may_consent=row.may_consent,
                may_attend=row.may_attend,
                may_be_messaged=row.may_be_messaged,
                may_see_record=row.may_see_record,
            )

    def episodes(self) -> Iterator[Episode]:
        """Stays in the programme; of the stages, the one that stands."""
        for row in self.data.episodes:
            last = row.stages[-1]
            yield Episode(
                **self.bearings.programme(row.referred_on),
                id=row.key,
                parent_id=row.parent_key,
                referred_on=row.referred_on,
                enrolled_on=row.enrolled_on,
                ended_on=row.ended_on,
                end_reason=row.end_reason,
                stage=row.end_reason if row.ended_on else last.stage,
                stage_since=row.ended_on or last.starts_on,
            )

    def care_links(self) -> Iterator[CareLink]:
        """The care team of each family."""
        for row in self.data.care_links:
            yield CareLink(
                **self.bearings.programme(row.starts_on),
                id=row.key,
                staff_id=row.staff_key,
                role=row.role.value,
                parent_id=row.parent_key,
                starts=self.bearings.at(row.starts_on),
                ends=self.bearings.at(row.ends_on) if row.ends_on else None,
            )

    def _birth_orders(self) -> dict[UUID, int]:
        met: Counter[UUID] = Counter()
        found = {}
        for row in self.data.children:
            met[row.pregnancy_key] += 1
            found[row.key] = met[row.pregnancy_key]
        return found


@dataclass(frozen=True, slots=True)
class GroupRows:
    """Cohorts and sessions; then who is expected, who came, what is owed."""

    data: SiteData
    bearings: Bearings

    def cohorts(self) -> Iterator[Cohort]:
        """Cohorts; one in two languages is led in the first."""
        for row in self.data.cohorts:
            yield Cohort(
                id=row.key,
                site_id=self.bearings.site_id,
                name=row.name,
                language=row.languages[0] if row.languages else "en",
                places=PLACES,
                opened_on=row.formed_on,
            )

    def sessions(
        self, counts: Mapping[UUID, Mapping[str, int]]
    ) -> Iterator[GroupSession]:
        """Meetings, past ones closed with their counts."""
        rooms = {room.key: room.name for room in self.data.site.rooms}
        for row in self.data.sessions:
            is_closed = row.state == GroupSession.CLOSED
            yield GroupSession(
                id=row.key,
                site_id=self.bearings.site_id,
                cohort_id=row.cohort_key,
                visit=row.visit.value,
                starts=row.starts_at,
                ends=row.ends_at,
                room=rooms[row.room_key],
                places=PLACES,
                status=row.state,
                topic=row.child_topic,
                agenda=_agenda(row),
                circle_record=f"We talked about: {row.parent_topic}."
                if is_closed
                else "",
                closed_at=row.closed_at,
                closed_by_id=self.bearings.writer_id if is_closed else None,
                counts=dict(counts.get(row.key, {})) if is_closed else {},
            )

    def teams(self) -> Iterator[SessionStaff]:
        """The staff of each meeting."""
        for session in self.data.sessions:
            for row in session.staff:
                role = ROLE_OF_TASK.get(row.task) or Role(row.task)
                yield SessionStaff(
                    id=_key(session.key, row.task),
                    site_id=self.bearings.site_id,
                    session_id=session.key,
                    user_id=row.staff_key,
                    role=role.value,
                )

    def laid_out(self, used: Mapping[str, set[str]]) -> Iterator[SessionVaccine]:
        """For sessions to come within reach: the newest lot of each product used.

        ``used``: by visit, the CVX codes that this site has given at it.
        """
        newest = {lot.cvx: lot for lot in self.data.lots}  # in the order received
        for session in self.data.sessions:
            if session.state == GroupSession.CLOSED:
                continue
            on = session.starts_at.astimezone(self.bearings.zone).date()
            for cvx in sorted(used.get(session.visit.value, ())):
                lot = newest.get(cvx)
                if lot is not None and lot.received_on <= on <= lot.expires_on:
                    yield self._laid_out(session.key, lot)

    def _laid_out(self, session: UUID, lot: entities.VaccineLot) -> SessionVaccine:
        return SessionVaccine(
            id=_key(session, lot.lot),
            site_id=self.bearings.site_id,
            session_id=session,
            cvx=lot.cvx,
            mvx=lot.mvx,
            product=lot.product,
            lot=lot.lot,
            expires_on=lot.expires_on,
            vis_edition_on=lot.vis_edition_on,
            route=lot.route,
        )

    def members(self) -> Iterator[CohortMember]:
        """Dyads in cohorts."""
        for row in self.data.memberships:
            yield CohortMember(
                **self.bearings.programme(row.starts_on),
                id=row.key,
                cohort_id=row.cohort_key,
                dyad_id=row.dyad_key,
                starts=row.starts_on,
                ends=row.ends_on,
            )

    def places(self) -> Iterator[Place]:
        """Who is expected where, and who came."""
        for row in self.data.places:
            yield Place(
                **self.bearings.programme(row.window_opens_on),
                id=row.key,
                session_id=row.session_key,
                dyad_id=row.dyad_key,
                state=row.status,
                arrived_at=row.arrived_at,
                left_at=row.left_at,
                absence_reason=REASONS[row.reason].value if row.reason else "",
                came_with=CAREGIVERS[row.came_with].value if row.came_with else "",
                has_agreement=row.has_agreement,
                encounter_id=row.encounter_key,
                changed_by_id=self.bearings.writer_id if row.arrived_at else None,
                changed_at=row.arrived_at,
            )

    def make_ups(self) -> Iterator[MakeUp]:
        """Visits owed or made up; a window that closed without one has no row."""
        for row in self.data.make_ups:
            if row.state in {MakeUp.OPEN, MakeUp.DONE}:
                yield MakeUp(
                    **self.bearings.programme(row.opened_on),
                    id=row.key,
                    place_id=row.place_key,
                    due_by=row.due_by,
                    why_by=DeadlineReason.VISIT_WINDOW.value,
                    state=row.state,
                )


@dataclass(frozen=True, slots=True)
class ChartRows:
    """Visits, what was measured and what was given."""

    data: SiteData
    bearings: Bearings

    def encounters(self) -> Iterator[Encounter]:
        """Signed visits, sealed by the hash of what was signed."""
        sizes = {row.encounter_key: row for row in self.data.measurements}
        given: defaultdict[UUID | None, list[entities.Dose]] = defaultdict(list)
        for dose in self.data.doses:
            given[dose.encounter_key].append(dose)
        for row in self.data.encounters:
            signed = _signed(row, sizes.get(row.key), given[row.key])
            yield Encounter(
                **self.bearings.chart(row.started_at, row.signed_by),
                id=row.key,
                child_id=row.child_key,
                on=row.on,
                visit=row.visit.value,
                is_well_child=True,
                status=Encounter.SIGNED,
                history=row.history,
                examination=row.examination,
                assessment=row.assessment,
                plan=row.plan,
                reviewed_by_id=row.signed_by,
                reviewed_at=row.signed_at,
                signed_by_id=row.signed_by,
                signed_by_name=self.bearings.names[row.signed_by],
                signed_at=row.signed_at,
                signed_content=signed,
                signed_hash=digest(signed),
            )

    def measurements(self) -> Iterator[Measurement]:
        """One row a value: of the birth, then of each visit."""
        for child in self.data.children:
            sizes = (child.birth_weight_g, child.birth_length_mm, child.birth_head_mm)
            for kind, value in zip(KINDS, sizes, strict=True):
                yield Measurement(
                    **self.bearings.chart(self.bearings.at(child.born)),
                    id=_key(child.key, kind),
                    child_id=child.key,
                    on=child.born,
                    kind=kind,
                    value=value,
                    position="l" if kind == Measurement.LENGTH else "",
                    source="birth record",
                )
        for row in self.data.measurements:
            yield from self._measured(row)

    def doses(self) -> Iterator[Immunization]:
        """Doses given here, and those told by others."""
        for row in self.data.doses:
            at = self.bearings.at(row.on)
            vaccinator = row.vaccinator_key
            yield Immunization(
                **self.bearings.chart(at, vaccinator),
                id=row.key,
                child_id=row.child_key,
                encounter_id=row.encounter_key,
                on=row.on,
                cvx=row.cvx,
                mvx=row.mvx,
                product=row.product,
                lot=row.lot,
                expires_on=row.expires_on,
                body_site=row.body_site,
                route=row.route,
                funding=row.funding,
                vis_edition_on=row.vis_edition_on,
                vaccinator_id=vaccinator,
                vaccinator_name=self.bearings.names[vaccinator] if vaccinator else "",
                source="elsewhere" if row.is_given_elsewhere else "here",
            )

    def _measured(self, row: entities.Measurement) -> Iterator[Measurement]:
        on = row.measured_at.astimezone(self.bearings.zone).date()
        for kind, value in _values(row):
            yield Measurement(
                **self.bearings.chart(row.measured_at, row.measured_by),
                id=_key(row.key, kind),
                child_id=row.child_key,
                encounter_id=row.encounter_key,
                on=on,
                kind=kind,
                value=value,
                position=row.position if kind == Measurement.LENGTH else "",
            )


KINDS: Final = (Measurement.WEIGHT, Measurement.LENGTH, Measurement.HEAD)


def _values(row: entities.Measurement) -> list[tuple[str, int]]:
    sizes = zip(KINDS, (row.weight_g, row.length_mm, row.head_mm), strict=True)
    return [(kind, value) for kind, value in sizes if value is not None]


def _signed(
    row: entities.Encounter,
    size: entities.Measurement | None,
    given: list[entities.Dose],
) -> str:
    """The content that the signature stands under, as signing writes it."""
    return signed_text(
        child_id=row.child_key,
        on=row.on,
        visit=row.visit.value,
        note=Note(row.history, row.examination, row.assessment, row.plan),
        measurements=[
            {
                "id": _key(size.key, kind),
                "kind": kind,
                "value": value,
                "position": size.position if kind == Measurement.LENGTH else "",
            }
            for kind, value in _values(size)
        ]
        if size
        else [],
        doses=[
            {
                "id": dose.key,
                "cvx": dose.cvx,
                "mvx": dose.mvx,
                "product": dose.product,
                "lot": dose.lot,
                "expires_on": dose.expires_on,
                "body_site": dose.body_site,
                "route": dose.route,
            }
            for dose in given
        ],
    )


def _agenda(row: entities.Session) -> list[dict[str, object]]:
    return [
        {"minute": 0, "title": "Arriving, weighing and measuring"},
        {"minute": 30, "title": row.play_topic},
        {"minute": 45, "title": row.child_topic},
        {"minute": 75, "title": row.parent_topic},
        {"minute": 105, "title": "Questions, next date"},
    ]


def _key(one: UUID, word: str) -> UUID:
    """A stable key for a row that the network has no key of its own for."""
    return uuid5(NAMESPACE_OID, f"{one}/{word}")
