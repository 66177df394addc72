"""Condition: problems and diagnoses of the child, as the sender coded them."""

from __future__ import annotations

from datetime import date

from trellis.core.people.histories import Problem, ProblemElsewhere
from trellis.fhir.documents import Entry
from trellis.fhir.values import Left, codings, read_day, text, words_of


def read_condition(
    entry: Entry, as_of: date
) -> tuple[ProblemElsewhere | Problem | Left, tuple[Problem, ...]]:
    """The problem kept, and what is wrong with its dates (which are then unknown)."""
    resource = entry.resource
    words = words_of(resource, "code")
    verified = {one.code for one in codings(resource, "verificationStatus")}
    if "entered-in-error" in verified:
        sentence = f"{words or 'A problem'} was a wrong entry; it was not kept."
        return entry.problem("verificationStatus", sentence), ()
    if verified & {"refuted"}:
        return Left("Condition (refuted)"), ()
    if not words:
        return entry.problem("code", "A problem without code or text; not kept."), ()
    problems: list[Problem] = []
    onset = _day(entry, "onsetDateTime", as_of, problems)
    abated = _day(entry, "abatementDateTime", as_of, problems)
    first = next((one for one in codings(resource, "code") if one.code), None)
    number = text(resource, "id")
    kept = ProblemElsewhere(
        key=f"Condition/{number}" if number else f"{first.code if first else words}",
        system=first.system if first else "",
        code=first.code if first else "",
        text=words,
        onset=onset,
        abated=abated,
    )
    return kept, tuple(problems)


def _day(entry: Entry, field: str, as_of: date, problems: list[Problem]) -> date | None:
    sent = text(entry.resource, field)
    if not sent:
        return None
    try:
        day = read_day(sent)
    except ValueError as problem:
        problems.append(
            entry.problem(field, f"{problem} The problem has no such date.")
        )
        return None
    if day > as_of:
        sentence = f"{sent} lies in the future; the problem was kept without it."
        problems.append(entry.problem(field, sentence))
        return None
    return day
