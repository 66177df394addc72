"""The files of the group day: eight children, their parents, two registry answers.

Each child of the reference data is shifted as a whole by whole weeks, so that all eight
are about nine weeks old on the day; weekdays stay. What lies after the day is left out,
as it would be in a file that a sender wrote on that day. Without the reference data,
eight children of our own making take their place.
"""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests import reference_data
from tests.spec.fhir import bundles
from tests.spec.iis import answers


THE_DAY = date(2027, 3, 2)
AGE_DAYS = 66  # within the planning window of the 2-month visit (42 to 89)
DATE = re.compile(r'"(\d{4}-\d{2}-\d{2})(T[^"]*)?"')
WHEN = ("occurrenceDateTime", "effectiveDateTime", "onsetDateTime", "recordedDate")
CHOSEN = (
    "02fe5c57-6ef7-441b-8e1b-6ba103854594",
    "0d585094-1e04-4c71-8735-444e99bf7a99",
    "32342551-fcab-4a4f-bbcd-1e4bc156d781",
    "3e757f52-60a6-49c0-972c-c9339605a836",
    "620346f3-d278-44c7-85c1-0d24ab1f7ca3",
    "7a1d7980-05d3-48ab-a3eb-48ac40a5db6d",
    "7d3aec4c-0f8f-4bde-b6c2-37fdb2c537d8",
    "8a6f7e61-55dc-4dc3-bf12-b3531b690b05",
)
PARENTS = (
    ("Dana", "Alder"),
    ("Ruth", "Birch"),
    ("Ines", "Cedar"),
    ("Joan", "Dogwood"),
    ("Nora", "Elm"),
    ("Tess", "Fir"),
    ("Lucía", "Ginkgo"),
    ("Maya", "Hazel"),
)
LANGUAGES = ("en", "en", "en", "en", "en", "en", "es", "en")
OWN_NAMES = ("Mina", "Otis", "Lena", "Hugo", "Ada", "Theo", "María Eugenia", "June")


@dataclass(frozen=True)
class ChildFile:
    """One child's record: what the roster repeats of it, and the bundle."""

    given: str
    family: str
    born: date
    sex: str  # "male" or "female", as FHIR writes it
    name: str
    content: bytes

    @property
    def full_name(self) -> str:
        return f"{self.given} {self.family}"


def eight_children() -> list[ChildFile]:
    """The eight records, shifted; our own where the reference data is absent."""
    try:
        folder = reference_data.folder("fhir")
    except pytest.skip.Exception:
        return [_own(number, given) for number, given in enumerate(OWN_NAMES)]
    files = [Path(folder) / "synthea_children" / f"{key}.json" for key in CHOSEN]
    return [_shifted(file.read_text(encoding="utf-8"), file.name) for file in files]


def roster(children: list[ChildFile], *, site: str) -> bytes:
    """A CSV with the parent of each child."""
    lines = io.StringIO()
    columns = (
        "external_id,site,first_name,last_name,birth_date,phone,language,payer,"
        "safe_contact,referred_on,enrolled_on,stage,child_external_id,"
        "child_first_name,child_last_name,child_birth_date,child_sex,relationship"
    )
    writer = csv.writer(lines)
    writer.writerow(columns.split(","))
    for number, child in enumerate(children):
        first, last = PARENTS[number]
        writer.writerow(
            (
                f"P-{number + 1}",
                site,
                first,
                last,
                date(1996 + number % 3, 5, 14 + number),
                f"(617) 555-01{40 + number}",
                LANGUAGES[number],
                "medicaid",
                "Text only, no voice message" if number == 0 else "",
                THE_DAY - timedelta(days=180),
                THE_DAY - timedelta(days=170),
                "postpartum",
                f"C-{number + 1}",
                child.given,
                child.family,
                child.born,
                child.sex[0],
                "birth-parent",
            )
        )
    return lines.getvalue().encode()


def registry_answer(child: ChildFile, number: int) -> bytes:
    """What a registry knows of a child: the dose at birth, as an answer RSP^K11."""
    pid = (
        f"PID|1||{88000 + number}^^^OURIIS^SR||{child.family}^{child.given}^^^^^L||"
        f"{child.born:%Y%m%d}|{child.sex[0].upper()}"
    )
    on = f"{child.born:%Y%m%d}"
    dose = (
        f"RXA|0|1|{on}|{on}|08^Hep B, adolescent or pediatric^CVX|0.5|mL||"
        "01^historical^NIP001||||||||||CP|A"
    )
    header = answers.msh(msh10=f"OWN-{number}")
    return answers.text(pid, f"ORC|RE||{number}^OURIIS", dose, header=header).encode()


def _shifted(text: str, name: str) -> ChildFile:
    born = _patient(json.loads(text))["birthDate"]
    youngest = THE_DAY - timedelta(days=AGE_DAYS - 3)
    weeks = (youngest - date.fromisoformat(born)) // timedelta(weeks=1)
    by = timedelta(weeks=weeks)

    def moved(found: re.Match[str]) -> str:
        on = date.fromisoformat(found[1]) + by
        return f'"{on}{found[2] or ""}"'

    return _child(_as_of_the_day(json.loads(DATE.sub(moved, text))), name)


def _as_of_the_day(bundle: dict[str, Any]) -> dict[str, Any]:
    known = [e for e in bundle["entry"] if _on(e["resource"]) <= THE_DAY.isoformat()]
    return {**bundle, "entry": known}


def _on(resource: dict[str, Any]) -> str:
    """The first date a resource gives for itself; empty where it has none."""
    dates = [resource[name] for name in WHEN if name in resource]
    dates += [resource.get(name, {}).get("start", "") for name in ("period",)]
    dates += [resource.get("billablePeriod", {}).get("start", "")]
    dates += [resource.get(name, "") for name in ("authoredOn", "date", "created")]
    return max((one[:10] for one in dates if one), default="")


def _child(bundle: dict[str, Any], name: str) -> ChildFile:
    patient = _patient(bundle)
    official = patient["name"][0]
    return ChildFile(
        given=" ".join(official["given"]),
        family=official["family"],
        born=date.fromisoformat(patient["birthDate"]),
        sex=patient["gender"],
        name=name,
        content=json.dumps(bundle, ensure_ascii=False).encode(),
    )


def _patient(bundle: dict[str, Any]) -> dict[str, Any]:
    resources = (entry["resource"] for entry in bundle["entry"])
    return next(one for one in resources if one["resourceType"] == "Patient")


def _own(number: int, given: str) -> ChildFile:
    born = THE_DAY - timedelta(days=AGE_DAYS - number % 4)
    sex = ("female", "male")[number % 2]
    seen = born + timedelta(days=35)
    me = {"reference": f"Patient/c{number}"}
    patient = {
        **bundles.CHILD,
        "id": f"c{number}",
        "identifier": [{"system": "urn:clinic", "value": f"A-{number}"}],
        "name": [{"use": "official", "given": [given], "family": "Rowan"}],
        "gender": sex,
        "birthDate": f"{born}",
    }
    hepatitis_b = {
        "coding": [{"system": "http://hl7.org/fhir/sid/cvx", "code": "08"}],
        "text": "Hep B",
    }
    content = bundles.bundle(
        patient,
        bundles.dose(patient=me, vaccineCode=hepatitis_b, occurrenceDateTime=f"{born}"),
        bundles.visit(subject=me, period={"start": f"{seen}T10:00:00Z"}),
        bundles.measured(
            "29463-7", 4.2 + number / 10, "kg", subject=me, effectiveDateTime=f"{seen}"
        ),
    )
    return _child(json.loads(content), f"own-{number}.json")
