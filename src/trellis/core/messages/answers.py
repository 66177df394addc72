"""What a registry's answer holds once read: frozen values, nothing decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class RegistryPatient:
    """Whom the answer is about (PID, NK1). ``identifiers``: value, authority, type."""

    identifiers: tuple[tuple[str, str, str], ...]
    family: str
    given: str
    middle: str
    born: date | None
    sex: str | None  # "m", "f" or None
    mother_family_name: str | None


@dataclass(frozen=True, slots=True)
class RegistryDose:
    """A dose given. ``on`` is None where RXA-3 is no date (said in ``errors``)."""

    rxa: int
    line: int
    on: date | None
    cvx: str
    text: str
    mvx: str | None
    lot: str | None
    sources: tuple[str, ...]
    filler: str = ""


@dataclass(frozen=True, slots=True)
class RegistryEvaluation:
    """The registry's judgement of one dose in one series, keyed by (RXA, sub-id)."""

    rxa: int
    sub_id: str
    cvx: str | None
    vaccine: str
    series: str
    dose_number: str | None
    doses_in_series: str | None
    is_valid: bool | None
    reason: str


@dataclass(frozen=True, slots=True)
class RegistryDue:
    """What the registry says is due, keyed by (RXA, sub-id); its opinion, not ours."""

    rxa: int
    sub_id: str
    cvx: str | None
    group: str
    series: str
    earliest: date | None
    recommended: date | None
    past_due: date | None
    latest: date | None
    status: str | None
    dose_number: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class RegistryAnswer:
    """One RSP^K11, read.

    ``unknown`` counts the segments and observations that were not understood;
    ``observations`` all OBX, ``observations_grouped`` those that were kept.
    """

    control_id: str
    profile: str
    acknowledgement: str
    query_status: str
    patient: RegistryPatient | None
    other_patients: int
    doses: tuple[RegistryDose, ...]
    evaluations: tuple[RegistryEvaluation, ...]
    forecasts: tuple[RegistryDue, ...]
    errors: tuple[str, ...]
    unknown: tuple[tuple[str, int], ...]
    observations: int = 0
    observations_grouped: int = 0
