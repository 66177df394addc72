"""One message as the object that ``trellis iis parse`` writes on a line.

The keys are fixed (docs, command line); everything is as the registry sent it, dates in
ISO form, absent values null.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from trellis.core.messages.answers import RegistryAnswer, RegistryPatient
from trellis.core.messages.hl7 import Message
from trellis.core.messages.registry import ANSWER, CANDIDATES, read_answer


NOBODY = {"family": None, "given": None, "dob": None, "sex": None}


def message_line(file: str, message: Message) -> dict[str, Any]:
    """The line of one message; other types than RSP^K11 have it in ``errors``."""
    if message.kind == ANSWER:
        return _answer_line(file, read_answer(message))
    acknowledged = message.first("MSA")
    return {
        **empty_line(file, message.kind),
        "acknowledgement": (acknowledged.text(1) or None) if acknowledged else None,
    }


def empty_line(file: str, *errors: str) -> dict[str, Any]:
    """The line of something that gave no history, with the reason."""
    return {
        "file": file,
        "patient": dict(NOBODY),
        "doses": [],
        "forecasts": [],
        "acknowledgement": None,
        "errors": list(errors),
    }


def _answer_line(file: str, answer: RegistryAnswer) -> dict[str, Any]:
    return {
        "file": file,
        "patient": _patient(answer.patient),
        "doses": [
            {
                "date": _iso(dose.on),
                "cvx": dose.cvx,
                "mvx": dose.mvx,
                "lot": dose.lot,
                "source": ", ".join(dose.sources) or None,
            }
            for dose in answer.doses
        ],
        "forecasts": [
            {
                "cvx": due.cvx,
                "group": due.group or None,
                "earliest": _iso(due.earliest),
                "recommended": _iso(due.recommended),
                "past_due": _iso(due.past_due),
                "status": due.status,
            }
            for due in answer.forecasts
        ],
        "acknowledgement": answer.acknowledgement or None,
        "errors": [*answer.errors, *_remarks(answer)],
    }


def _remarks(answer: RegistryAnswer) -> list[str]:
    remarks = []
    if answer.other_patients:
        people = answer.other_patients + 1
        remarks.append(f"{people} possible people; the first one is shown")
    elif answer.profile == CANDIDATES:
        remarks.append("a list of possible people, not a history")
    remarks.extend(f"not understood: {what} x{n}" for what, n in answer.unknown)
    return remarks


def _patient(patient: RegistryPatient | None) -> dict[str, str | None]:
    if patient is None:
        return dict(NOBODY)
    return {
        "family": patient.family or None,
        "given": patient.given or None,
        "dob": _iso(patient.born),
        "sex": {"m": "M", "f": "F"}.get(patient.sex or ""),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
