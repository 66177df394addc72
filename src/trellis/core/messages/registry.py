"""What a registry answers (RSP^K11): the child, doses, evaluations, what is due.

Sources: CDC HL7 v2.5.1 implementation guide for immunization messaging 1.5, and the
dialects seen across registries (docs/measures.md 13). The reading is tolerant: what
is not understood is counted in ``unknown`` or said in ``errors``, never lost silently.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from trellis.core.messages.answers import (
    RegistryAnswer,
    RegistryDose,
    RegistryDue,
    RegistryEvaluation,
    RegistryPatient,
)
from trellis.core.messages.hl7 import Message, Segment, read_date
from trellis.core.messages.vaccine_codes import (
    NOT_GIVEN,
    codes_of_same_vaccine,
    is_same_vaccine,
    more_precise,
    same_code,
)


ANSWER: Final = "RSP^K11"
CANDIDATES: Final = "Z31"  # a list of possible people, no history

_UNDERSTOOD: Final = frozenset(
    {"MSH", "MSA", "QAK", "QPD", "ERR", "PID", "PD1", "NK1", "ORC", "RXA", "RXR", "OBX"}
)
_VACCINE: Final = frozenset({"30956-7", "30979-9", "38890-0"})
_DATES: Final = {
    "30981-5": "earliest",
    "30980-7": "recommended",
    "59778-1": "past_due",
    "59777-3": "latest",
}
_STATUS: Final = "59783-1"
_SERIES: Final = "59780-7"
_DOSE_NUMBER: Final = "30973-2"
_DOSES_IN_SERIES: Final = "59782-3"
_VALIDITY: Final = "59781-5"
_REASON: Final = "30982-3"
_SCHEDULE: Final = "59779-9"
_STATUS_NAMES: Final = {  # LOINC answer list LL1016-1
    "LA13421-5": "Complete",
    "LA13422-3": "On schedule",
    "LA13423-1": "Overdue",
    "LA13424-9": "Too old",
}
_OPENS_A_GROUP: Final = frozenset({"vaccine", _STATUS, _SERIES, *_DATES})
_NOT_ADMINISTERED: Final = frozenset({"NA", "RE"})  # RXA-20, HL7 table 0322


@dataclass(slots=True)
class _Group:
    """The observations of one (RXA, sub-id)."""

    rxa: int
    sub_id: str
    is_dose: bool
    seen: dict[str, list[Segment]] = field(default_factory=dict)


@dataclass(slots=True)
class _Reading:
    doses: dict[int, RegistryDose] = field(default_factory=dict)  # by RXA
    rxa_of: dict[tuple[date | None, str], int] = field(default_factory=dict)
    groups: list[_Group] = field(default_factory=list)
    open: dict[tuple[int, str], _Group] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    unknown: Counter[str] = field(default_factory=Counter)
    rxa: int = 0
    is_dose: bool = False
    filler: str = ""
    observations: int = 0
    grouped: int = 0


def read_answer(message: Message) -> RegistryAnswer:
    """Everything an RSP^K11 says.

    Raises:
        ValueError: the message is of another type.
    """
    if message.kind != ANSWER:
        text = f"{message.kind} is not {ANSWER}"
        raise ValueError(text)
    reading = _Reading(errors=[str(fault) for fault in message.faults])
    for segment in message.segments:
        _take(reading, segment)
    evaluations, forecasts = _judgements(reading)
    people = message.named("PID")
    acknowledged = message.first("MSA")
    status = message.first("QAK")
    return RegistryAnswer(
        control_id=message.header.text(10),
        profile=message.header.text(21),
        acknowledgement=acknowledged.text(1) if acknowledged else "",
        query_status=status.text(2) if status else "",
        patient=_patient(message, reading) if people else None,
        other_patients=max(len(people) - 1, 0),
        doses=tuple(reading.doses.values()),
        evaluations=evaluations,
        forecasts=forecasts,
        errors=tuple(reading.errors),
        unknown=tuple(sorted(reading.unknown.items())),
        observations=reading.observations,
        observations_grouped=reading.grouped,
    )


def _take(reading: _Reading, segment: Segment) -> None:
    if segment.name == "ORC":
        reading.filler = segment.text(3)
    elif segment.name == "RXA":
        _take_rxa(reading, segment)
    elif segment.name == "OBX":
        _take_obx(reading, segment)
    elif segment.name in ("ERR", "MSA", "QAK"):
        _take_status(reading, segment)
    elif segment.name not in _UNDERSTOOD:
        reading.unknown[f"segment {segment.name}"] += 1


def _take_status(reading: _Reading, segment: Segment) -> None:
    if segment.name == "ERR":
        reading.errors.append(_error(segment))
    elif segment.name == "MSA" and segment.text(1) not in ("AA", "CA", ""):
        reading.errors.append(f"MSA-1 {segment.text(1)}: the registry reports an error")
    elif segment.name == "QAK" and segment.text(2) not in ("OK", ""):
        meaning = {
            "NF": "no record found",
            "TM": "too many possible records",
            "PD": "a person must look at it",
            "AE": "the registry reports an error",
            "AR": "the registry refuses the query",
        }.get(segment.text(2), "not understood")
        reading.errors.append(f"QAK-2 {segment.text(2)}: {meaning}")


def _error(segment: Segment) -> str:
    """An ERR in words: severity, code, the place it names, the message to the user."""
    severity = segment.text(4) or "?"
    location = segment.words(2).replace(" ", "-")
    texts = [segment.text(3, 2), segment.text(8) or segment.text(7)]
    words = ": ".join(dict.fromkeys(text for text in texts if text))
    place = f" at {location}" if location else ""
    return f"ERR {severity} {segment.text(3)}{place}: {words}".rstrip(": ")


def _take_rxa(reading: _Reading, segment: Segment) -> None:
    reading.rxa += 1
    cvx, text = _cvx(segment, 5)
    completion = segment.text(20)
    is_given = cvx not in (None, "", NOT_GIVEN) and completion not in _NOT_ADMINISTERED
    reading.is_dose = is_given
    if is_given and cvx is not None:
        dose = _dose(reading, segment, cvx, text)
        if segment.text(21) == "D":
            _delete(reading, dose)
        else:
            _add(reading, dose)
    elif cvx != NOT_GIVEN:
        why = f"RXA-20 {completion}" if cvx else "no CVX code in RXA-5"
        what = text or segment.text(5) or "empty"
        reading.errors.append(
            f"line {segment.line}, RXA {reading.rxa}: "
            f"{what} was not kept as a dose ({why})"
        )


def _cvx(segment: Segment, number: int) -> tuple[str | None, str]:
    """The CVX code of a coded field and its text: first or alternate triplet."""
    for value in segment.repetitions(number):
        for start in (1, 4):
            code = segment.component(value, start)
            system = segment.component(value, start + 2).upper()
            if code and (system in ("CVX", "HL70292") or (start == 1 and not system)):
                return code, segment.component(value, start + 1)
    return None, segment.text(number, 2)


def _dose(reading: _Reading, segment: Segment, cvx: str, text: str) -> RegistryDose:
    on = _date(reading, segment, 3, f"RXA {reading.rxa}, RXA-3")
    source = segment.text(9)
    return RegistryDose(
        rxa=reading.rxa,
        line=segment.line,
        on=on,
        cvx=cvx,
        text=text,
        mvx=segment.text(17) or None,
        lot=segment.text(15) or None,
        sources=(source,) if source else (),
        filler=reading.filler,
    )


def _date(reading: _Reading, segment: Segment, number: int, place: str) -> date | None:
    value = segment.text(number)
    if not value:
        return None
    try:
        return read_date(value)
    except ValueError as problem:
        reading.errors.append(f"line {segment.line}, {place}: {problem}")
        return None


def _delete(reading: _Reading, dose: RegistryDose) -> None:
    """RXA-21 D: the registry takes a dose back."""
    known = reading.rxa_of.pop((dose.on, same_code(dose.cvx)), 0)
    reading.doses.pop(known, None)
    reading.errors.append(
        f"line {dose.line}, RXA {dose.rxa}: RXA-21 D, the registry deleted this dose"
    )


def _add(reading: _Reading, dose: RegistryDose) -> None:
    """Keep a dose; the same vaccine on the same day is one dose with both sources."""
    own = same_code(dose.cvx)
    for code in (own, *codes_of_same_vaccine(own)) if dose.on else ():
        other = reading.doses.get(reading.rxa_of.get((dose.on, code), 0))
        if other and is_same_vaccine(other.cvx, own):
            reading.doses[other.rxa] = _merged(other, dose)
            reading.rxa_of[dose.on, own] = other.rxa
            return
    reading.doses[dose.rxa] = dose
    reading.rxa_of[dose.on, own] = dose.rxa


def _merged(first: RegistryDose, second: RegistryDose) -> RegistryDose:
    kept = first if more_precise(first.cvx, second.cvx) == first.cvx else second
    return replace(
        first,
        cvx=kept.cvx,
        text=kept.text,
        mvx=first.mvx or second.mvx,
        lot=first.lot or second.lot,
        sources=tuple(dict.fromkeys(first.sources + second.sources)),
    )


def _take_obx(reading: _Reading, segment: Segment) -> None:
    reading.observations += 1
    code = segment.text(3)
    known = _VACCINE | set(_DATES)
    known |= {_STATUS, _SERIES, _DOSE_NUMBER, _DOSES_IN_SERIES, _VALIDITY, _REASON}
    if reading.rxa == 0 or code not in known | {_SCHEDULE}:
        system = segment.text(3, 3)
        reading.unknown[f"OBX {code} {system}".strip()] += 1
        return
    reading.grouped += 1
    if not segment.raw(5).strip():
        place = f"OBX {code} under RXA {reading.rxa}"
        reading.errors.append(f"line {segment.line}, {place}: OBX-5 is empty")
        return
    slot = "vaccine" if code in _VACCINE else code
    group = _group_for(reading, segment.text(4), slot)
    group.seen.setdefault(slot, []).append(segment)


def _group_for(reading: _Reading, sub_id: str, slot: str) -> _Group:
    """The open group of (RXA, sub-id); an opening slot said twice opens another."""
    key = (reading.rxa, sub_id)
    group = reading.open.get(key)
    if group is None or (slot in group.seen and slot in _OPENS_A_GROUP):
        group = _Group(reading.rxa, sub_id, reading.is_dose)
        reading.open[key] = group
        reading.groups.append(group)
    return group


def _judgements(
    reading: _Reading,
) -> tuple[tuple[RegistryEvaluation, ...], tuple[RegistryDue, ...]]:
    evaluations: list[RegistryEvaluation] = []
    forecasts: list[RegistryDue] = []
    for group in reading.groups:
        has_dates = any(code in group.seen for code in _DATES)
        has_status = _STATUS in group.seen
        if has_dates or (has_status and not group.is_dose):
            forecasts.append(_due(reading, group))
        elif group.is_dose:
            evaluations.append(_evaluation(reading, group))
        elif set(group.seen) - {_SCHEDULE}:
            forecasts.append(_due(reading, group))
        else:
            reading.unknown["schedule named without a vaccine"] += 1
    return tuple(evaluations), tuple(forecasts)


def _evaluation(reading: _Reading, group: _Group) -> RegistryEvaluation:
    cvx, vaccine = _vaccine(reading, group)
    validity = _first(group, _VALIDITY).upper()
    return RegistryEvaluation(
        rxa=group.rxa,
        sub_id=group.sub_id,
        cvx=cvx,
        vaccine=vaccine,
        series=_words(group, _SERIES),
        dose_number=_first(group, _DOSE_NUMBER) or None,
        doses_in_series=_first(group, _DOSES_IN_SERIES) or None,
        is_valid={"Y": True, "N": False}.get(validity[:1]),
        reason=_words(group, _REASON),
    )


def _due(reading: _Reading, group: _Group) -> RegistryDue:
    cvx, vaccine = _vaccine(reading, group)
    days = {
        name: _date(reading, group.seen[code][0], 5, f"RXA {group.rxa}, OBX {code}")
        for code, name in _DATES.items()
        if code in group.seen
    }
    series = _words(group, _SERIES)
    return RegistryDue(
        rxa=group.rxa,
        sub_id=group.sub_id,
        cvx=cvx,
        group=vaccine or series,
        series=series,
        earliest=days.get("earliest"),
        recommended=days.get("recommended"),
        past_due=days.get("past_due"),
        latest=days.get("latest"),
        status=_status(group),
        dose_number=_first(group, _DOSE_NUMBER) or None,
        reason=_words(group, _REASON),
    )


def _vaccine(reading: _Reading, group: _Group) -> tuple[str | None, str]:
    """CVX and text; a code that is no CVX is counted and its text stands alone."""
    if "vaccine" not in group.seen:
        return None, ""
    segment = group.seen["vaccine"][0]
    cvx, text = _cvx(segment, 5)
    if cvx is None or not re.fullmatch(r"0*[1-9][0-9]{0,3}", cvx):
        reading.unknown[f"vaccine code {segment.text(5)!r} (text kept)"] += 1
        return None, text or segment.text(5)
    return cvx, text


def _first(group: _Group, slot: str) -> str:
    return group.seen[slot][0].text(5) if slot in group.seen else ""


def _words(group: _Group, slot: str) -> str:
    """The texts of a slot (several reasons may stand for one dose)."""
    sent = (one.text(5, 2) or one.text(5) for one in group.seen.get(slot, ()))
    return "; ".join(dict.fromkeys(sent))


def _status(group: _Group) -> str | None:
    """The LOINC answer by its name; any other registry's own words."""
    code = _first(group, _STATUS)
    return _STATUS_NAMES.get(code) or _words(group, _STATUS) or None


def _patient(message: Message, reading: _Reading) -> RegistryPatient:
    person = message.named("PID")[0]
    sex = person.text(8).upper()[:1]
    return RegistryPatient(
        identifiers=_identifiers(person),
        family=person.text(5, 1),
        given=person.text(5, 2),
        middle=person.text(5, 3),
        born=_date(reading, person, 7, "PID-7"),
        sex={"M": "m", "F": "f"}.get(sex),
        mother_family_name=_mother(message, person),
    )


def _identifiers(person: Segment) -> tuple[tuple[str, str, str], ...]:
    found = []
    for value in person.repetitions(3):
        parts = tuple(person.component(value, number) for number in (1, 4, 5))
        if parts[0]:
            found.append((parts[0], parts[1], parts[2]))
    return tuple(found)


def _mother(message: Message, person: Segment) -> str | None:
    """PID-6 (mother's maiden name), else the family name of an NK1 marked MTH."""
    if person.text(6):
        return person.text(6)
    for kin in message.named("NK1"):
        if kin.text(3) == "MTH" and kin.text(2):
            return kin.text(2)
    return None
