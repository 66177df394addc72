"""One child with a visit begun by the nurse, and short ways to act on it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from uuid import UUID, uuid4

from tests.factories import (
    TODAY,
    CareLinkFactory,
    ChildFactory,
    DyadFactory,
    a_viewer,
    stored,
    user_id_of,
)
from trellis.core.access.vocabulary import Role
from trellis.core.groups.doses import Dose
from trellis.records.accounts.models import User
from trellis.records.clinical import operations
from trellis.records.clinical.models import Encounter, Immunization, Measurement
from trellis.records.clinical.notes import Note


BORN = TODAY - timedelta(days=65)
KINDS = ("weight", "length", "head")
NOTE = Note("Feeds well.", "Alert.", "Growing as expected.", "Back at 4 months.")
PENTACEL = Dose(
    cvx="120",
    product="Pentacel",
    mvx="PMC",
    lot="PT77A",
    expires_on=date(2027, 12, 31),
    vis_edition_on=date(2023, 7, 24),
    body_site="LT",
    route="IM",
    funding="V02",
    vaccinator_name="Nia Brooks",
)


def staff(role: Role, name: str) -> None:
    """An account under the key that ``a_viewer`` uses for the role."""
    User.objects.get_or_create(
        pk=user_id_of(role), defaults={"email": f"{role}@example.org", "name": name}
    )


@dataclass
class Visit:
    """A child, its dyad, and the visit of today."""

    child: object
    dyad: object
    encounter_id: UUID
    nurse: object = field(default_factory=lambda: a_viewer(Role.NURSE))
    doctor: object = field(default_factory=lambda: a_viewer(Role.PAEDIATRICS))

    def measure(self, *, by=None, keys=None, seen=None, confirm=False, **values):
        operations.record_measurements(
            by=by or self.nurse,
            encounter_id=self.encounter_id,
            keys=keys or {kind: uuid4() for kind in KINDS},
            seen=self.current() if seen is None else seen,
            is_confirmed=confirm,
            **values,
        )

    def current(self):
        rows = stored(Measurement)
        return {row.kind: row.pk for row in rows if row.status == "current"}

    def give(self, *, by=None, key=None, born=BORN, confirmed=True, **change):
        operations.give_dose(
            by=by or self.nurse,
            key=key or uuid4(),
            encounter_id=self.encounter_id,
            dose=replace(PENTACEL, **change),
            name_confirmed=confirmed,
            born_confirmed=born,
        )

    def write(self, note=NOTE, *, by=None, version=1):
        operations.write_note(
            by=by or self.doctor,
            encounter_id=self.encounter_id,
            version=version,
            note=note,
        )

    def open(self, *, by=None):
        operations.open_for_signing(
            by=by or self.doctor,
            encounter_id=self.encounter_id,
            revision=self.row.revision,
        )

    def sign(self, *, by=None, revision=None, **more):
        operations.sign_encounter(
            by=by or self.doctor,
            encounter_id=self.encounter_id,
            revision=revision or self.row.revision,
            **more,
        )

    def signed(self):
        self.write()
        self.open()
        self.sign()
        return self

    @property
    def row(self):
        return next(r for r in stored(Encounter) if r.pk == self.encounter_id)

    @property
    def doses(self):
        return stored(Immunization)


def a_visit(**child) -> Visit:
    """A boy of 65 days and his 2-month visit, begun by the nurse of the practice."""
    staff(Role.NURSE, "Nia Brooks")
    staff(Role.PAEDIATRICS, "Omar Haddad")
    dyad = DyadFactory(child=ChildFactory(born=BORN, **child))
    for role in (Role.NURSE, Role.PAEDIATRICS):
        CareLinkFactory(parent=dyad.parent, role=role.value)
    encounter_id = operations.begin_encounter(
        by=a_viewer(Role.NURSE),
        encounter_id=uuid4(),
        child_id=dyad.child_id,
        on=TODAY,
        visit="2m",
    )
    return Visit(dyad.child, dyad, encounter_id)
