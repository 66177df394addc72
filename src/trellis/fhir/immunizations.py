"""Immunization: doses given. Doses not done or entered in error are never doses."""

from __future__ import annotations

from trellis.core.messages.vaccine_codes import NOT_GIVEN, same_code
from trellis.core.people.histories import DoseGiven, Problem
from trellis.fhir.documents import Entry, Json
from trellis.fhir.values import (
    CVX,
    MVX,
    Lifetime,
    code_of,
    object_at,
    read_day,
    text,
    words_of,
)


def read_immunization(entry: Entry, lifetime: Lifetime) -> DoseGiven | Problem:
    """The dose, or why it is none."""
    resource = entry.resource
    what = words_of(resource, "vaccineCode") or "a vaccine"
    status = text(resource, "status")
    if status != "completed":
        words = {"not-done": "was not given", "entered-in-error": "was a wrong entry"}
        said = words.get(status, f"has the status {status!r}")
        return entry.problem("status", f"{what} {said}: not a dose, not kept.")
    cvx = code_of(resource, "vaccineCode", CVX)
    if not cvx or cvx == NOT_GIVEN or not cvx.isdecimal():
        sentence = f"{what} has no CVX code, so it cannot be counted; enter it by hand."
        return entry.problem("vaccineCode", sentence)
    sent = text(resource, "occurrenceDateTime")
    if not sent:
        return entry.problem("occurrenceDateTime", f"{what} has no date; not kept.")
    try:
        on = read_day(sent)
    except ValueError as problem:
        return entry.problem("occurrenceDateTime", f"{what}: {problem} Not kept.")
    refusal = lifetime.refusal(on, what)
    if refusal:
        return entry.problem("occurrenceDateTime", refusal)
    number = text(resource, "id")
    return DoseGiven(
        key=f"Immunization/{number}" if number else f"{on.isoformat()}:{cvx}",
        on=on,
        cvx=same_code(cvx),
        mvx=_maker(resource),
        lot=text(resource, "lotNumber") or None,
        product=words_of(resource, "vaccineCode") or None,
        source=_source(resource),
        is_subpotent=resource.get("isSubpotent") is True,
    )


def _maker(resource: Json) -> str | None:
    identifier = object_at(object_at(resource, "manufacturer"), "identifier")
    return text(identifier, "value") if text(identifier, "system") in MVX else None


def _source(resource: Json) -> str | None:
    """Whose record it is: the giver's own, or a report of somebody else."""
    reported = words_of(resource, "reportOrigin")
    primary = resource.get("primarySource")
    if reported or primary is False:
        return reported or "reported"
    return "primary source" if primary is True else None
