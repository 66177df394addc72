"""Patient and RelatedPerson: who the child is."""

from __future__ import annotations

from datetime import date
from typing import Final

from trellis.core.dates import add_months_clamped
from trellis.core.people.histories import Identifier, PersonName, Problem
from trellis.fhir.documents import Entry, Json
from trellis.fhir.values import Left, codings, objects, read_day, text


ADULT_MONTHS: Final = 18 * 12
EARLIEST_YEAR: Final = 1900
_NAME_ORDER: Final = ("official", "usual", "", "nickname")
_NOT_KEPT: Final = frozenset(  # never needed to tell a child from another
    {"http://hl7.org/fhir/sid/us-ssn", "urn:oid:2.16.840.1.113883.4.1"}
)
_MAIDEN_NAME: Final = "patient-mothersMaidenName"
_MOTHER: Final = frozenset({"MTH", "NMTH", "GESTM"})


def read_born(entry: Entry, as_of: date) -> date | Problem | Left:
    """The birth date of a child; a Problem or Left where this is no child to import."""
    sent = text(entry.resource, "birthDate")
    try:
        born = read_day(sent)
    except ValueError as problem:
        said = problem if sent else "The birth date is missing."
        return entry.problem("birthDate", f"{said} The child was not imported.")
    # years before 1900 mean "unknown" in some systems ("0001-01-01")
    if born > as_of or born.year < EARLIEST_YEAR:
        when = "lies in the future" if born > as_of else "cannot be right"
        sentence = f"The birth date {sent} {when}; the child was not imported."
        return entry.problem("birthDate", sentence)
    if add_months_clamped(born, ADULT_MONTHS) <= as_of:
        return Left("Patient (adult)")
    if entry.resource.get("deceasedBoolean") or entry.resource.get("deceasedDateTime"):
        sentence = (
            "The sender records that this child has died. Nothing was imported; "
            "a person of the care team must look at this first."
        )
        return entry.problem("deceased", sentence)
    return born


def read_name(resource: Json) -> PersonName:
    """The official name, else the usual one: first given name and family name."""
    names = objects(resource, "name")

    def rank(name: Json) -> int:
        use = text(name, "use")
        return _NAME_ORDER.index(use) if use in _NAME_ORDER else len(_NAME_ORDER)

    for name in sorted(names, key=rank):
        given = name.get("given")
        parts = given if isinstance(given, list) else [given]
        first = next((part.strip() for part in parts if isinstance(part, str)), "")
        if first or text(name, "family"):
            return PersonName(given=first, family=text(name, "family"))
    return PersonName("", "")


def read_sex(resource: Json) -> str | None:
    """Administrative sex as "m" or "f"; None for other, unknown or missing."""
    return {"male": "m", "female": "f"}.get(text(resource, "gender"))


def read_identifiers(resource: Json) -> tuple[Identifier, ...]:
    """The sender's identifiers but social security numbers; else the resource id."""
    found = tuple(
        Identifier(text(one, "system"), text(one, "value"))
        for one in objects(resource, "identifier")
        if text(one, "value") and text(one, "system") not in _NOT_KEPT
    )
    if found or not text(resource, "id"):
        return found
    return (Identifier("Patient.id", text(resource, "id")),)


def read_maiden_name(resource: Json) -> str | None:
    """The mother's family name of the extension: its last word."""
    for extension in objects(resource, "extension"):
        if text(extension, "url").endswith(_MAIDEN_NAME):
            words = text(extension, "valueString").split()
            return words[-1] if words else None
    return None


def read_mother(entry: Entry) -> str | None:
    """The family name of a RelatedPerson who is the mother, else None."""
    codes = {one.code for one in codings(entry.resource, "relationship")}
    if not codes & _MOTHER:
        return None
    return read_name(entry.resource).family or None
