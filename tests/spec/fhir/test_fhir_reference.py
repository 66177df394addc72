"""The 16 Synthea children and the US Core examples: nothing lost, nothing fails.

Source: Synthea sample data and the examples of US Core, read from the reference data.
"""

import json
from collections import Counter
from datetime import date

from tests import reference_data

from trellis.fhir.reading import read_fhir_file


AS_OF = date(2026, 11, 25)
GROWTH = {"29463-7", "8302-2", "9843-4"}


def _naive(document):
    """Counts by a second, independent and simple reading."""
    counts, others = Counter(), Counter()
    for entry in document["entry"]:
        resource = entry["resource"]
        kind = resource["resourceType"]
        if kind == "Observation":
            code = resource["code"]["coding"][0]["code"]
            counts[code if code in GROWTH else "other"] += 1
        elif kind in ("Immunization", "Encounter", "Condition"):
            counts[kind] += 1
        elif kind != "Patient":
            others[kind] += 1
    return counts, others


def test_every_fact_of_the_16_children_is_kept_or_counted():
    paths = sorted(reference_data.folder("fhir/synthea_children").glob("*.json"))
    assert len(paths) == 16
    for path in paths:
        data = path.read_bytes()
        counts, others = _naive(json.loads(data))
        (child,) = read_fhir_file(data, file=path.name, as_of=AS_OF).children
        assert child.problems == ()
        assert child.mother_family_name
        assert len(child.doses) == counts["Immunization"]
        assert len(child.visits) == counts["Encounter"]
        assert len(child.problems_elsewhere) == counts["Condition"]
        assert (
            sum(m.weight_g is not None for m in child.measurements)
            == (counts["29463-7"])
        )
        assert (
            sum(m.length_mm is not None for m in child.measurements)
            == (counts["8302-2"])
        )
        assert (
            sum(m.head_mm is not None for m in child.measurements) == (counts["9843-4"])
        )
        left = Counter(dict(child.not_understood))
        observations = sum(n for kind, n in left.items() if kind[:11] == "Observation")
        assert observations == counts["other"]
        assert {kind: left[kind] for kind in others} == dict(others)


def test_every_us_core_example_is_read_without_failing():
    paths = sorted(reference_data.folder("fhir/us_core").glob("*.json"))
    assert len(paths) == 80
    children = 0
    for path in paths:
        whole = read_fhir_file(path.read_bytes(), file=path.name, as_of=AS_OF)
        children += len(whole.children)
        assert whole.children or whole.problems or whole.not_understood, path.name
    assert children >= 1


def test_measurements_are_in_grams_and_millimetres():
    folder = reference_data.folder("fhir/us_core")
    document = {"resourceType": "Bundle", "entry": []}
    child = {"resourceType": "Patient", "id": "x", "birthDate": "2010-01-01"}
    document["entry"].append({"resource": child})
    for name in ("weight", "height", "length", "head-circumference", "ofc-percentile"):
        resource = json.loads((folder / f"{name}.json").read_text("utf-8"))
        resource["subject"] = {"reference": "Patient/x"}
        resource["effectiveDateTime"] = "2012-01-01"
        document["entry"].append({"resource": resource})
    data = json.dumps(document).encode()
    (read,) = read_fhir_file(data, file="x", as_of=AS_OF).children
    found = [(m.weight_g, m.length_mm, m.head_mm) for m in read.measurements]
    assert found == [
        (20094, None, None),
        (None, 1115, None),
        (None, 250, None),
        (None, None, 512),
    ]
