"""What the chart's queries answer with: frozen lines, an allow-list of fields.

Nothing here can name a group, a session, a programme or a caregiver: these lines are
all that pages and print-outs of a child's chart are made of.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from trellis.core.growth.scores import Position, Scores, assess
from trellis.core.growth.standards import Sex
from trellis.core.people.ages import Gestation, age_days, corrected_age_days
from trellis.records.clinical.notes import Note


GRAMS_IN_KG = 1_000
MM_IN_CM = 10


@dataclass(frozen=True, slots=True)
class ChildLine:
    """Whose chart it is. ``sex`` None is unknown; ``gestation`` None is unknown."""

    child_id: UUID
    first_name: str
    last_name: str
    born: date
    sex: Sex | None
    gestation: Gestation | None
    place_name: str  # the site's neutral name
    key: tuple[UUID, str, int, int]  # patient, origin, origin_org_id, author_org_id

    @property
    def full_name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def is_preterm(self) -> bool:
        """Born before 37+0, as far as known."""
        return self.gestation is not None and self.gestation.is_preterm


@dataclass(frozen=True, slots=True)
class MeasurementLine:
    """One value as entered: ``value`` in g or mm, ``position`` "l", "h" or ""."""

    author_name: str
    measurement_id: UUID
    encounter_id: UUID | None
    on: date
    kind: str
    value: int
    position: str
    status: str
    is_confirmed: bool
    reason: str
    source: str
    recorded_at: datetime

    @property
    def is_current(self) -> bool:
        """Neither corrected nor in error."""
        return self.status == "current"


@dataclass(frozen=True, slots=True)
class GrowthPoint:
    """What was measured on one day, with its z-scores by the WHO standards.

    ``scores`` is for the age since birth; ``corrected`` for the corrected age of a
    child born before 37+0 and None for any other.
    """

    on: date
    age_days: int
    weight_g: int | None = None
    length_mm: int | None = None
    position: Position | None = None
    head_mm: int | None = None
    scores: Scores = field(default_factory=Scores)
    corrected_age_days: int | None = None
    corrected: Scores | None = None


@dataclass(frozen=True, slots=True)
class DoseLine:
    """One dose, given here or told by another record."""

    dose_id: UUID
    encounter_id: UUID | None
    on: date
    cvx: str
    mvx: str
    product: str
    lot: str
    expires_on: date | None
    body_site: str
    route: str
    funding: str
    vis_edition_on: date | None
    vaccinator_name: str
    status: str
    error_reason: str
    source: str

    @property
    def is_void(self) -> bool:
        """Marked as entered in error."""
        return self.status == "entered_in_error"

    @property
    def is_from_here(self) -> bool:
        """Recorded here, so that it can be voided here."""
        return self.source == "here"


@dataclass(frozen=True, slots=True)
class VisitLine:
    """One visit in the list of the chart."""

    encounter_id: UUID
    on: date
    visit: str
    status: str
    signed_by_name: str
    signed_at: datetime | None
    source: str

    @property
    def is_from_here(self) -> bool:
        """Written here, so that it has a page."""
        return self.source == "here"


@dataclass(frozen=True, slots=True)
class ConditionLine:
    """A problem as another system coded it."""

    text: str
    onset_on: date | None
    abated_on: date | None


@dataclass(frozen=True, slots=True)
class AddendumLine:
    """A later addition to a signed visit."""

    text: str
    author_name: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class ChildChart:
    """The chart of one child."""

    child: ChildLine
    growth: tuple[GrowthPoint, ...]
    measurements: tuple[MeasurementLine, ...]
    doses: tuple[DoseLine, ...]
    visits: tuple[VisitLine, ...]
    conditions: tuple[ConditionLine, ...]
    place_name: str  # the site's neutral name
    is_writable: bool


@dataclass(frozen=True, slots=True)
class VisitPage:
    """One visit with all that its page shows; the growth ends with its day."""

    encounter_id: UUID
    child: ChildLine
    on: date
    visit: str
    status: str
    note: Note
    version: int
    revision: int
    signed_by_name: str
    signed_at: datetime | None
    is_as_signed: bool
    error_reason: str
    is_opened_by_viewer: bool
    is_writable: bool
    measurements: tuple[MeasurementLine, ...]  # of this visit, all states
    growth: tuple[GrowthPoint, ...]
    doses: tuple[DoseLine, ...]  # of this visit, void ones too
    earlier_doses: tuple[DoseLine, ...]
    addenda: tuple[AddendumLine, ...]
    place_name: str

    @property
    def is_draft(self) -> bool:
        """Whether it still takes changes."""
        return self.status == "draft"

    @property
    def is_signed(self) -> bool:
        """Signed, and not marked as in error since."""
        return self.status == "signed"

    @property
    def today(self) -> GrowthPoint | None:
        """What was measured on the day of the visit."""
        last = self.growth[-1] if self.growth else None
        return last if last is not None and last.on == self.on else None

    @property
    def before(self) -> GrowthPoint | None:
        """The last measurements before the day of the visit."""
        earlier = [point for point in self.growth if point.on < self.on]
        return earlier[-1] if earlier else None

    def current(self, kind: str) -> MeasurementLine | None:
        """The value of this visit that stands."""
        rows = (m for m in self.measurements if m.kind == kind and m.is_current)
        return next(rows, None)


@dataclass(frozen=True, slots=True)
class Stages:
    """How far a visit is: for the board, in four ticks."""

    is_measured: bool
    is_vaccinated: bool
    is_noted: bool
    is_signed: bool


@dataclass(frozen=True, slots=True)
class SigningLine:
    """One visit that waits for a signature."""

    encounter_id: UUID
    child_name: str
    born: date
    on: date
    visit: str
    is_measured: bool
    has_note: bool  # assessment and plan are written
    is_opened: bool  # by the viewer, as it stands now


def growth_of(
    child: ChildLine, measurements: tuple[MeasurementLine, ...]
) -> tuple[GrowthPoint, ...]:
    """The current values day by day, each day with its z-scores, oldest first.

    Where two records tell the same thing of a day, the one entered here counts.
    """
    days: dict[date, dict[str, MeasurementLine]] = {}
    for line in sorted(measurements, key=lambda m: m.source == "here"):
        if line.is_current and line.on >= child.born:
            days.setdefault(line.on, {})[line.kind] = line
    return tuple(_point(child, on, days[on]) for on in sorted(days))


def _point(
    child: ChildLine, on: date, found: dict[str, MeasurementLine]
) -> GrowthPoint:
    values = {kind: line.value for kind, line in found.items()}
    place = found["length"].position if "length" in found else ""
    position: Position | None = "l" if place == "l" else "h" if place == "h" else None
    age = age_days(child.born, on)
    corrected_age, corrected = None, None
    if child.is_preterm:
        corrected_age = corrected_age_days(child.born, child.gestation, on)
        corrected = _scores(child, max(corrected_age, -1), values, position)
    return GrowthPoint(
        on=on,
        age_days=age,
        weight_g=values.get("weight"),
        length_mm=values.get("length"),
        position=position,
        head_mm=values.get("head"),
        scores=_scores(child, age, values, position),
        corrected_age_days=corrected_age,
        corrected=corrected,
    )


def _scores(
    child: ChildLine, age: int, values: dict[str, int], position: Position | None
) -> Scores:
    weight, length, head = (values.get(k) for k in ("weight", "length", "head"))
    return assess(
        sex=child.sex,
        age_days=age,
        weight_kg=None if weight is None else weight / GRAMS_IN_KG,
        lenhei_cm=None if length is None else length / MM_IN_CM,
        measure=position,
        headc_cm=None if head is None else head / MM_IN_CM,
    )
