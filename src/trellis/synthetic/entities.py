"""What the demo network is made of: plain frozen values for a writer to store.

Keys are UUIDs (sites and organisations: whole numbers from 1). ``on`` is a day at
the site, ``at`` an instant in UTC; periods are half-open (``ends_on`` is the first
day that no longer belongs). Every tuple is in a fixed order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from trellis.core.access.vocabulary import Duty, Role
from trellis.core.people.visits import Visit


@dataclass(frozen=True, slots=True)
class NetworkPlan:
    """What is asked for; ``families_at[i]`` is the number of parents of site ``i``.

    ``partner_site`` is the index of the site of the partner practice, None in a
    network of one site.
    """

    seed: int
    as_of: date
    families_at: tuple[int, ...]
    partner_site: int | None


@dataclass(frozen=True, slots=True)
class Organisation:
    """``kind`` is ``programme`` or ``partner``."""

    id: int
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Room:
    """A room of a site; ``places`` counts families."""

    key: UUID
    name: str
    places: int


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """A day on which a site sees nobody."""

    on: date
    name: str


@dataclass(frozen=True, slots=True)
class IntegratedUnit:
    """The unit within which programme and child care share records."""

    name: str
    starts_on: date


@dataclass(frozen=True, slots=True)
class Site:
    """A place of care. ``neutral_name`` is what leaves the house.

    ``organisation_id`` runs the building: the partner practice at its co-located
    site, the programme elsewhere. ``integrated_unit`` is None where co-located.
    """

    id: int
    name: str
    neutral_name: str
    town: str
    time_zone: str
    organisation_id: int
    integrated_unit: IntegratedUnit | None
    rooms: tuple[Room, ...]
    closed_days: tuple[ClosedDay, ...]


@dataclass(frozen=True, slots=True)
class Staff:
    """A persona who signs in. ``parent_key`` is set for the parent persona only."""

    key: UUID
    first_name: str
    last_name: str
    email: str
    role: Role
    organisation_id: int
    site_ids: tuple[int, ...]
    duties: tuple[Duty, ...]
    is_medical_personnel: bool
    is_programme_side: bool
    starts_on: date
    parent_key: UUID | None = None


@dataclass(frozen=True, slots=True)
class VaccineLot:
    """Vaccine in stock at a site. ``route``: IM, SC, PO. ``funding``: V01, V02.

    ``vis_edition_on``: date of the information sheet handed out with it, where known.
    """

    key: UUID
    site_id: int
    cvx: str
    product: str
    mvx: str
    lot: str
    received_on: date
    expires_on: date
    route: str
    funding: str
    vis_edition_on: date | None


@dataclass(frozen=True, slots=True)
class Parent:
    """An adult: a participant, or (``is_participant`` False) a kin or foster carer.

    ``race`` holds ``white``, ``black``, ``asian``, ``american_indian_alaska_native``
    (several are possible), or is empty where the person gave no answer. ``ethnicity``:
    ``hispanic``, ``not_hispanic``, ``declined``. ``payer``: ``medicaid``, ``private``,
    ``uninsured``. ``chosen_name`` is empty where it is the first name.
    """

    key: UUID
    site_id: int
    external_id: str
    first_name: str
    last_name: str
    chosen_name: str
    born: date
    language: str
    race: tuple[str, ...]
    ethnicity: str
    payer: str
    phone: str
    email: str
    safe_contact: str
    registered_on: date
    is_participant: bool


@dataclass(frozen=True, slots=True)
class Pregnancy:
    """``ended_on`` is the day of birth, None while pregnant."""

    key: UUID
    parent_key: UUID
    due_on: date
    ended_on: date | None
    child_keys: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Child:
    """A child of a participant. ``sex``: ``f`` or ``m``. Gestation as weeks+days."""

    key: UUID
    site_id: int
    external_id: str
    first_name: str
    last_name: str
    born: date
    sex: str
    gestation_weeks: int
    gestation_days: int
    birth_weight_g: int
    birth_length_mm: int
    birth_head_mm: int
    pregnancy_key: UUID
    is_multiple: bool
    payer: str


@dataclass(frozen=True, slots=True)
class Dyad:
    """One child with one caregiver. ``kind``: ``birth``, ``kin``, ``foster``."""

    key: UUID
    parent_key: UUID
    child_key: UUID
    kind: str
    starts_on: date
    ends_on: date | None
    may_consent: bool
    may_attend: bool
    may_be_messaged: bool
    may_see_record: bool


@dataclass(frozen=True, slots=True)
class StageSpan:
    """Time in one stage; ``ends_on`` None while it lasts. Words of domain 3.2."""

    stage: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Episode:
    """One stay in the programme. ``end_reason``: a stage word of leaving, or empty."""

    key: UUID
    parent_key: UUID
    site_id: int
    referred_on: date
    enrolled_on: date | None
    ended_on: date | None
    end_reason: str
    stages: tuple[StageSpan, ...]


@dataclass(frozen=True, slots=True)
class Cohort:
    """A group of families. Birth window: both days belong to it."""

    key: UUID
    site_id: int
    name: str
    first_birth_on: date
    last_birth_on: date
    target_size: int
    languages: tuple[str, ...]
    facilitator_key: UUID
    formed_on: date


@dataclass(frozen=True, slots=True)
class Membership:
    """A dyad in a cohort, from and to."""

    key: UUID
    cohort_key: UUID
    dyad_key: UUID
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class SessionStaff:
    """Who does what at a session: ``provider``, ``nurse``, ``facilitator``..."""

    task: str
    staff_key: UUID


@dataclass(frozen=True, slots=True)
class Session:
    """A meeting of a cohort for one ``visit``. ``state``: planned or closed.

    ``closed_at`` is set for a closed one.
    """

    key: UUID
    cohort_key: UUID
    site_id: int
    room_key: UUID
    visit: Visit
    starts_at: datetime
    ends_at: datetime
    state: str
    closed_at: datetime | None
    child_topic: str
    parent_topic: str
    play_topic: str
    staff: tuple[SessionStaff, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A dyad expected at a session, with the child's planning window.

    ``status``: expected, arrived, late, left_early, absent; ``reason`` only if absent.
    ``brought_by`` is the adult who came and ``came_with`` the kind of that adult's
    dyad, empty if nobody came. ``has_agreement``: the family's agreement to keep the
    circle private is on file. ``encounter_key`` is the visit made there. Both window
    days belong to the window.
    """

    key: UUID
    session_key: UUID
    dyad_key: UUID
    child_key: UUID
    window_opens_on: date
    window_closes_on: date
    status: str
    reason: str
    arrived_at: datetime | None
    left_at: datetime | None
    brought_by: UUID | None
    came_with: str
    has_agreement: bool
    encounter_key: UUID | None


@dataclass(frozen=True, slots=True)
class OutOfWindow:
    """A member not expected at a session: the date lies outside the window."""

    session_key: UUID
    dyad_key: UUID
    child_key: UUID
    window_opens_on: date
    window_closes_on: date


@dataclass(frozen=True, slots=True)
class MakeUp:
    """An individual visit owed after an absence. ``state``: open, done, expired.

    ``expired``: the counting window closed without the visit.
    """

    key: UUID
    place_key: UUID
    child_key: UUID
    visit: Visit
    opened_on: date
    due_by: date
    state: str
    encounter_key: UUID | None


@dataclass(frozen=True, slots=True)
class Encounter:
    """A signed well-child visit. ``modality``: group, individual, make_up.

    ``on`` is the day at the site.
    """

    key: UUID
    child_key: UUID
    site_id: int
    session_key: UUID | None
    visit: Visit
    on: date
    started_at: datetime
    modality: str
    nurse_key: UUID
    signed_by: UUID
    signed_at: datetime
    history: str
    examination: str
    assessment: str
    plan: str


@dataclass(frozen=True, slots=True)
class Measurement:
    """Weight, length and head at one visit. ``position``: l (lying), h (standing)."""

    key: UUID
    child_key: UUID
    encounter_key: UUID
    measured_at: datetime
    measured_by: UUID
    weight_g: int
    length_mm: int
    head_mm: int | None
    position: str


@dataclass(frozen=True, slots=True)
class Dose:
    """A vaccine dose. Given elsewhere: no encounter, lot, vaccinator.

    ``body_site``: LT, RT (thigh), LA, RA (upper arm), empty by mouth (HL7 table 0163).
    """

    key: UUID
    child_key: UUID
    encounter_key: UUID | None
    lot_key: UUID | None
    on: date
    cvx: str
    product: str
    mvx: str
    lot: str
    expires_on: date | None
    body_site: str
    route: str
    funding: str
    vis_edition_on: date | None
    vaccinator_key: UUID | None
    is_given_elsewhere: bool


@dataclass(frozen=True, slots=True)
class CareLink:
    """A member of staff in the care team of a family, from when."""

    key: UUID
    staff_key: UUID
    parent_key: UUID
    role: Role
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class VisitTally:
    """Truth about one child: visits that fell due while enrolled, and were made.

    For the truth file and tests; nothing to store.
    """

    child_key: UUID
    due: int
    completed: int


@dataclass(frozen=True, slots=True)
class SiteData:
    """Everything of one site; nothing in it points to another site's records."""

    site: Site
    staff: tuple[Staff, ...]
    lots: tuple[VaccineLot, ...]
    parents: tuple[Parent, ...]
    caregivers: tuple[Parent, ...]
    pregnancies: tuple[Pregnancy, ...]
    children: tuple[Child, ...]
    dyads: tuple[Dyad, ...]
    episodes: tuple[Episode, ...]
    cohorts: tuple[Cohort, ...]
    memberships: tuple[Membership, ...]
    sessions: tuple[Session, ...]
    places: tuple[Place, ...]
    out_of_window: tuple[OutOfWindow, ...]
    make_ups: tuple[MakeUp, ...]
    encounters: tuple[Encounter, ...]
    measurements: tuple[Measurement, ...]
    doses: tuple[Dose, ...]
    care_links: tuple[CareLink, ...]
    tallies: tuple[VisitTally, ...]


@dataclass(frozen=True, slots=True)
class Network:
    """The whole demo: organisations, people of the whole network, sites in order."""

    plan: NetworkPlan
    organisations: tuple[Organisation, ...]
    staff: tuple[Staff, ...]
    sites: tuple[SiteData, ...]
