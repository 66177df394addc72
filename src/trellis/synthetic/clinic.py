"""One visit of one child: the signed note, the measurements, the doses."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from trellis.core.access.vocabulary import Role
from trellis.core.people.visits import Visit
from trellis.synthetic import growth, vaccines
from trellis.synthetic.chance import Chance
from trellis.synthetic.entities import (
    Child,
    Dose,
    Encounter,
    MakeUp,
    Measurement,
    Place,
    Site,
    VisitTally,
)
from trellis.synthetic.notes import note
from trellis.synthetic.places import Team


@dataclass(slots=True)
class Ledger:
    """The records of one site as they come about."""

    site: Site
    team: Team
    stock: vaccines.Refrigerator
    as_of: date
    closed: frozenset[date]
    taken: set[tuple[date, time, UUID]] = field(default_factory=set)
    places: list[Place] = field(default_factory=list)
    make_ups: list[MakeUp] = field(default_factory=list)
    encounters: list[Encounter] = field(default_factory=list)
    measurements: list[Measurement] = field(default_factory=list)
    doses: list[Dose] = field(default_factory=list)
    tallies: list[VisitTally] = field(default_factory=list)


@dataclass(slots=True)
class ChildSoFar:
    """What later visits of a child depend on."""

    child: Child
    own: growth.Curve
    size: growth.Size | None = None
    given: dict[str, list[date]] = field(default_factory=dict)


def visit_made(
    ledger: Ledger,
    one: ChildSoFar,
    chance: Chance,
    *,
    visit: Visit,
    starts: datetime,
    modality: str,
    session_key: UUID | None = None,
) -> Encounter:
    """One signed visit with its measurements and doses, written to the ledger."""
    text = note(visit, chance)
    encounter = Encounter(
        key=chance.key(),
        child_key=one.child.key,
        site_id=ledger.site.id,
        session_key=session_key,
        visit=visit,
        on=starts.date(),
        started_at=starts,
        modality=modality,
        nurse_key=ledger.team.key_of(Role.NURSE),
        signed_by=ledger.team.key_of(Role.PAEDIATRICS),
        signed_at=starts + timedelta(hours=3, minutes=chance.randint(0, 50)),
        history=text.history,
        examination=text.examination,
        assessment=text.assessment,
        plan=text.plan,
    )
    ledger.encounters.append(encounter)
    ledger.measurements.append(_measured(one, encounter, chance))
    ledger.doses += vaccines.doses_at(
        one.child, encounter, one.given, ledger.stock, chance
    )
    return encounter


def _measured(one: ChildSoFar, encounter: Encounter, chance: Chance) -> Measurement:
    size = growth.size_on(one.own, encounter.on, one.size, chance)
    one.size = size
    return Measurement(
        key=chance.key(),
        child_key=one.child.key,
        encounter_key=encounter.key,
        measured_at=encounter.started_at,
        measured_by=encounter.nurse_key,
        weight_g=size.weight_g,
        length_mm=size.length_mm,
        head_mm=size.head_mm,
        position=size.position,
    )
