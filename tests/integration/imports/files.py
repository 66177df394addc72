"""Small files of our own making: a roster, FHIR records, a registry's answer."""

from __future__ import annotations

import json

from tests.factories import in_context_of
from trellis.records.imports.ledger import digest_of
from trellis.records.imports.undoing.operations import TABLES


HEADER = (
    "external_id,site,first_name,last_name,birth_date,phone,safe_contact,due_date,"
    "stage,child_external_id,child_first_name,child_last_name,child_birth_date,"
    "child_sex,relationship"
)
DANA = (
    "P-1,site-1,Dana,Alder,1996-05-14,(617) 555-0142,Text only,,postpartum,"
    "C-1,Mina,Alder,2026-12-20,f,mother"
)
TWIN = (
    "P-1,site-1,Dana,Alder,1996-05-14,(617) 555-0142,Text only,,postpartum,"
    "C-2,Noor,Alder,2026-12-20,f,mother"
)
PREGNANT = "P-2,site-1,Rosa,Birch,1999-02-03,,,2027-06-01,prenatal,,,,,,"
IMPOSSIBLE = "P-3,site-1,Lee,Cedar,1999-02-31,,,,,,,,,,"


def roster(*lines: str) -> bytes:
    """A roster as CSV."""
    return "\n".join((HEADER, *lines, "")).encode()


def bundle(
    *, given: str = "Mina", born: str = "2026-12-20", number: str = "7"
) -> bytes:
    """A child with a dose, a weight, a visit and a problem, and one Claim."""
    me = {"reference": "Patient/c1"}
    cvx, loinc = "http://hl7.org/fhir/sid/cvx", "http://loinc.org"
    icd = "http://hl7.org/fhir/sid/icd-10-cm"
    resources = [
        {
            "resourceType": "Patient",
            "id": "c1",
            "identifier": [{"system": "http://clinic.example/mrn", "value": number}],
            "name": [{"given": [given], "family": "Alder"}],
            "gender": "female",
            "birthDate": born,
        },
        {
            "resourceType": "Immunization",
            "id": "i1",
            "status": "completed",
            "patient": me,
            "vaccineCode": {"coding": [{"system": cvx, "code": "08"}]},
            "occurrenceDateTime": "2026-12-21",
            "lotNumber": "A1",
        },
        {
            "resourceType": "Observation",
            "id": "o1",
            "status": "final",
            "subject": me,
            "code": {"coding": [{"system": loinc, "code": "29463-7"}]},
            "effectiveDateTime": "2027-01-20",
            "valueQuantity": {"value": 4.2, "code": "kg"},
        },
        {
            "resourceType": "Encounter",
            "id": "e1",
            "status": "finished",
            "class": {"code": "AMB"},
            "subject": me,
            "period": {"start": "2027-01-20"},
        },
        {
            "resourceType": "Condition",
            "id": "p1",
            "subject": me,
            "code": {"coding": [{"system": icd, "code": "L20.9"}], "text": "Eczema"},
            "onsetDateTime": "2027-01-20",
        },
        {"resourceType": "Claim", "id": "x1"},
    ]
    entries = [{"resource": resource} for resource in resources]
    whole = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    return json.dumps(whole).encode()


def answer(*, recommended: str = "20270220") -> bytes:
    """A registry's answer: Mina with one dose and two lines of a forecast."""
    lines = [
        r"MSH|^~\&|REG|REG|TR|TR|20270301||RSP^K11^RSP_K11|m1|P|2.5.1|||||||||Z42^CDCPHINVS",
        "MSA|AA|q1",
        "QAK|q1|OK|Z44^Request^CDCPHINVS",
        "QPD|Z44^Request^CDCPHINVS|q1",
        "PID|1||R-9^^^REG^SR||Alder^Mina^^^^^L||20261220|F",
        "ORC|RE||d1",
        "RXA|0|1|20261221|20261221|08^Hep B^CVX|999|||01^Old^NIP001|||||||||||CP",
        "ORC|RE||f1",
        "RXA|0|1|20270301|20270301|998^No vaccine^CVX|999|||||||||||||||NA",
        "OBX|1|CE|30979-9^Vaccines due next^LN|1|107^DTaP^CVX||||||F",
        f"OBX|2|DT|30980-7^Date due^LN|1|{recommended}||||||F",
        "OBX|3|CE|30979-9^Vaccines due next^LN|2|107^DTaP^CVX||||||F",
        "OBX|4|DT|30980-7^Date due^LN|2|20270420||||||F",
    ]
    return "\r".join((*lines, "")).encode()


def everything(*sites: int) -> dict[str, dict[str, str]]:
    """The digest of every row an import may touch, by table and key."""
    with in_context_of(*sites):
        return {
            name: {str(row.pk): digest_of(row) for row in table.ungated.all()}
            for name, table in TABLES.items()
        }
