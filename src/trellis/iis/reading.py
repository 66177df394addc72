"""Answers of immunization registries as children's histories.

A registry's dose becomes a ``DoseGiven``; its forecast stays its own opinion
(``RegistryForecast``). What cannot be kept is a ``Problem`` with a whole sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from trellis.core.messages.answers import (
    RegistryAnswer,
    RegistryDose,
    RegistryPatient,
)
from trellis.core.messages.hl7 import Message, decoded, read_transmission
from trellis.core.messages.registry import ANSWER, CANDIDATES, read_answer
from trellis.core.messages.vaccine_codes import same_code
from trellis.core.people.histories import (
    ChildHistory,
    DoseGiven,
    HistoriesRead,
    Identifier,
    PersonName,
    PlaceInFile,
    Problem,
    RegistryForecast,
)


UNKNOWN_MAKER: Final = "UNK"
_INFORMATION: Final = "ERR I "  # severity I: nothing went wrong


def read_registry_file(data: bytes, *, file: str, as_of: date) -> HistoriesRead:
    """Every child of a file of RSP^K11 messages, batch-wrapped or not.

    Doses after ``as_of`` or before birth are problems, not doses.

    Raises:
        InvalidInput: the file is too large, holds NUL, or is not HL7 at all.
    """
    text, note = decoded(data)
    transmission = read_transmission(text)
    problems = [_problem(file, "file", "MSH-18", note)] if note else []
    problems += [
        Problem(PlaceInFile(file, fault.place, fault.line or None), "", fault.message)
        for fault in transmission.faults
    ]
    children = []
    for number, message in enumerate(transmission.messages, start=1):
        found = read_message(message, file=file, number=number, as_of=as_of)
        if isinstance(found, ChildHistory):
            children.append(found)
        else:
            problems.append(found)
    return HistoriesRead(tuple(children), tuple(problems))


def read_message(
    message: Message, *, file: str, number: int, as_of: date
) -> ChildHistory | Problem:
    """The child of message ``number`` of a file, or why there is none."""
    place = f"message {number} {message.header.text(10)}".rstrip()
    if message.kind != ANSWER:
        sentence = (
            f"This is a message {message.kind}, not a registry's answer ({ANSWER}); "
            "it was not used."
        )
        return _problem(file, place, "MSH-9", sentence, message.header.line)
    answer = read_answer(message)
    patient = answer.patient
    if patient is None or answer.other_patients or answer.profile == CANDIDATES:
        return _problem(file, place, "PID", _nobody(answer), message.header.line)
    if patient.born is None:
        sentence = (
            "The child's birth date (PID-7) is missing or no date, so the child cannot "
            "be told apart from others; nothing of this answer was kept."
        )
        return _problem(file, place, "PID-7", sentence, message.header.line)
    return _history(answer, patient, patient.born, PlaceInFile(file, place), as_of)


def _nobody(answer: RegistryAnswer) -> str:
    if answer.other_patients or answer.profile == CANDIDATES:
        return (
            f"The registry found {answer.other_patients + 1} possible people and no "
            "single match; ask it again with more of the child's particulars."
        )
    reasons = {
        "NF": "The registry found no record of this child.",
        "TM": "The registry found too many possible records; ask again with more.",
    }
    said = "; ".join(answer.errors) or "it gives no reason"
    return reasons.get(
        answer.query_status, f"The answer names no patient (PID): {said}."
    )


def _history(
    answer: RegistryAnswer,
    patient: RegistryPatient,
    born: date,
    place: PlaceInFile,
    as_of: date,
) -> ChildHistory:
    problems = [
        _problem(place.file, place.pointer, "", error)
        for error in answer.errors
        if not error.startswith(_INFORMATION)
    ]
    doses = []
    for dose in answer.doses:
        refusal = _refusal(dose, born, as_of)
        if refusal:
            pointer = f"{place.pointer}, RXA {dose.rxa}"
            problems.append(_problem(place.file, pointer, "RXA-3", refusal, dose.line))
        elif dose.on is not None:
            doses.append(_dose(dose, dose.on))
    return ChildHistory(
        place=place,
        identifiers=tuple(
            Identifier(authority or kind, value)
            for value, authority, kind in patient.identifiers
        ),
        name=PersonName(given=patient.given, family=patient.family),
        born=born,
        sex=patient.sex,
        doses=tuple(doses),
        forecasts=tuple(_forecasts(answer)),
        mother_family_name=patient.mother_family_name,
        not_understood=answer.unknown,
        problems=tuple(problems),
    )


def _refusal(dose: RegistryDose, born: date, as_of: date) -> str:
    """Why a dose cannot be kept, or ""."""
    if dose.on is None:
        return f"The dose of CVX {dose.cvx} has no usable date; it was not kept."
    if dose.on < born:
        day = dose.on.isoformat()
        return f"The dose of CVX {dose.cvx} on {day} is before birth; it was not kept."
    if dose.on > as_of:
        day = dose.on.isoformat()
        return (
            f"The dose of CVX {dose.cvx} on {day} lies in the future "
            f"(after {as_of.isoformat()}); it was not kept."
        )
    return ""


def _dose(dose: RegistryDose, on: date) -> DoseGiven:
    cvx = same_code(dose.cvx)
    return DoseGiven(
        key=f"{on.isoformat()}:{cvx}",
        on=on,
        cvx=cvx,
        mvx=None if dose.mvx == UNKNOWN_MAKER else dose.mvx,
        lot=dose.lot,
        product=dose.text or None,
        source=", ".join(dose.sources) or None,
    )


def _forecasts(answer: RegistryAnswer) -> Iterator[RegistryForecast]:
    for due in answer.forecasts:
        yield RegistryForecast(
            cvx=same_code(due.cvx) if due.cvx else "",
            group=due.group,
            earliest=due.earliest,
            recommended=due.recommended,
            past_due=due.past_due,
            status=due.status,
        )


def _problem(
    file: str, pointer: str, field: str, message: str, line: int | None = None
) -> Problem:
    return Problem(PlaceInFile(file, pointer, line), field, message)
