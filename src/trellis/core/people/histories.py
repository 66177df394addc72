"""What an outside file says about one child: the shape every reader produces.

Readers (``trellis.fhir``, ``trellis.iis``) turn files into these frozen values;
``records.imports`` compares them with what is stored. Nothing here is decided.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class PlaceInFile:
    """Where a value stood, for the sentence that reports it.

    ``pointer`` is the reader's own: ``entry[12].resource.birthDate``, ``RXA 3``,
    ``column born``. ``line`` counts from 1 and is None for files without lines.
    """

    file: str
    pointer: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that could not be read or kept: where, and a whole sentence."""

    place: PlaceInFile
    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Identifier:
    """An identifier of the sending system: ``system`` names who issued it."""

    system: str
    value: str


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name as sent; either part may be empty."""

    given: str
    family: str


@dataclass(frozen=True, slots=True)
class DoseGiven:
    """A vaccine dose recorded elsewhere. ``key`` is stable across repeats of a file."""

    key: str
    on: date
    cvx: str
    mvx: str | None = None
    lot: str | None = None
    product: str | None = None
    source: str | None = None
    is_subpotent: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """One body measurement: exactly one of the three values is set.

    ``length_mm`` carries ``position`` "l" (lying), "h" (standing) or None (unknown).
    """

    key: str
    on: date
    weight_g: int | None = None
    length_mm: int | None = None
    head_mm: int | None = None
    position: str | None = None


@dataclass(frozen=True, slots=True)
class VisitElsewhere:
    """A visit recorded elsewhere; ``is_well_child`` None where the type is unknown."""

    key: str
    on: date
    kind: str
    is_well_child: bool | None


@dataclass(frozen=True, slots=True)
class ProblemElsewhere:
    """A problem or diagnosis of the child, as coded by the sender."""

    key: str
    system: str
    code: str
    text: str
    onset: date | None = None
    abated: date | None = None


@dataclass(frozen=True, slots=True)
class RegistryForecast:
    """A registry's own opinion of what is due; shown beside ours, never merged."""

    cvx: str
    group: str
    earliest: date | None = None
    recommended: date | None = None
    past_due: date | None = None
    status: str | None = None


@dataclass(frozen=True, slots=True)
class ChildHistory:
    """Everything one file says about one child.

    ``not_understood`` counts what was read and not kept, by kind ("Claim": 40), so
    that nothing is lost silently.
    """

    place: PlaceInFile
    identifiers: tuple[Identifier, ...]
    name: PersonName
    born: date
    sex: str | None  # "m", "f" or None (unknown or another value)
    doses: tuple[DoseGiven, ...] = ()
    measurements: tuple[Measured, ...] = ()
    visits: tuple[VisitElsewhere, ...] = ()
    problems_elsewhere: tuple[ProblemElsewhere, ...] = ()
    forecasts: tuple[RegistryForecast, ...] = ()
    mother_family_name: str | None = None
    not_understood: tuple[tuple[str, int], ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class HistoriesRead:
    """Everything one file gave: children, and what belongs to none of them."""

    children: tuple[ChildHistory, ...]
    problems: tuple[Problem, ...] = ()
    not_understood: tuple[tuple[str, int], ...] = ()
