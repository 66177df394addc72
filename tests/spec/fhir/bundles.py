"""FHIR resources of our own making: an invented child and what is known of it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from trellis.core.people.histories import HistoriesRead
from trellis.fhir.reading import read_fhir_file


AS_OF = date(2026, 11, 25)
CHILD: dict[str, Any] = {
    "resourceType": "Patient",
    "id": "c1",
    "identifier": [{"system": "urn:clinic", "value": "A-7"}],
    "name": [{"use": "official", "given": ["Mina", "June"], "family": "Rowan"}],
    "gender": "female",
    "birthDate": "2026-01-10",
}
ME = {"reference": "Patient/c1"}


def dose(**more: Any) -> dict[str, Any]:
    """A DTaP dose."""
    return {
        "resourceType": "Immunization",
        "id": "i1",
        "status": "completed",
        "patient": ME,
        "vaccineCode": {
            "coding": [{"system": "http://hl7.org/fhir/sid/cvx", "code": "20"}],
            "text": "DTaP",
        },
        "occurrenceDateTime": "2026-03-12T09:30:00-05:00",
    } | more


def measured(code: str, value: Any, unit: str, **more: Any) -> dict[str, Any]:
    """An observation with a quantity."""
    return {
        "resourceType": "Observation",
        "id": f"o-{code}",
        "status": "final",
        "subject": ME,
        "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
        "effectiveDateTime": "2026-03-12",
        "valueQuantity": {"value": value, "code": unit},
    } | more


def visit(**more: Any) -> dict[str, Any]:
    """A finished well-child visit."""
    return {
        "resourceType": "Encounter",
        "id": "e1",
        "status": "finished",
        "class": {"code": "AMB"},
        "type": [
            {"coding": [{"system": "http://snomed.info/sct", "code": "410620009"}]}
        ],
        "subject": ME,
        "period": {"start": "2026-03-12T09:00:00Z"},
    } | more


def condition(**more: Any) -> dict[str, Any]:
    """A problem with its onset."""
    return {
        "resourceType": "Condition",
        "id": "p1",
        "subject": ME,
        "code": {
            "coding": [
                {"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "L20.9"}
            ],
            "text": "Atopic dermatitis",
        },
        "onsetDateTime": "2026-04-01",
    } | more


def bundle(*resources: dict[str, Any]) -> bytes:
    """A collection Bundle of these resources."""
    entries = [{"resource": resource} for resource in resources]
    whole = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    return json.dumps(whole, indent=1).encode()


def read(*resources: dict[str, Any]) -> HistoriesRead:
    """These resources as read."""
    return read_fhir_file(bundle(*resources), file="x.json", as_of=AS_OF)
