"""What a FHIR file says about a child: kept, refused with a sentence, or counted.

Source: HL7 FHIR R4, US Core; LOINC, CVX and UCUM codes. What is kept is our choice
(docs/imports.md).
"""

import json
from datetime import date

import pytest
from tests.spec.fhir.bundles import (
    AS_OF,
    CHILD,
    ME,
    bundle,
    condition,
    dose,
    measured,
    read,
    visit,
)

from trellis.fhir.reading import read_fhir_file


def _only(*resources):
    (child,) = read(CHILD, *resources).children
    return child


def test_who_the_child_is():
    child = _only()
    assert (child.name.given, child.name.family) == ("Mina", "Rowan")
    assert (child.born, child.sex) == (date(2026, 1, 10), "f")
    assert [(i.system, i.value) for i in child.identifiers] == [("urn:clinic", "A-7")]
    assert child.place.pointer == "entry[0].resource"


def test_a_social_security_number_is_not_kept():
    ssn = {"system": "http://hl7.org/fhir/sid/us-ssn", "value": "999-11-2222"}
    (child,) = read(CHILD | {"identifier": [ssn]}).children
    assert [(i.system, i.value) for i in child.identifiers] == [("Patient.id", "c1")]


def test_a_dose_on_the_day_the_sender_wrote():
    (given,) = _only(
        dose(
            lotNumber="L1",
            primarySource=True,
            manufacturer={
                "identifier": {"system": "http://hl7.org/fhir/sid/mvx", "value": "PMC"}
            },
        )
    ).doses
    assert (given.on, given.cvx) == (date(2026, 3, 12), "20")
    assert (given.lot, given.mvx, given.product) == ("L1", "PMC", "DTaP")
    assert (given.key, given.source) == ("Immunization/i1", "primary source")


@pytest.mark.parametrize(
    ("more", "field", "words"),
    [
        ({"status": "not-done"}, "status", "was not given"),
        ({"status": "entered-in-error"}, "status", "was a wrong entry"),
        ({"vaccineCode": {"text": "Shot"}}, "vaccineCode", "no CVX code"),
        ({"occurrenceDateTime": "2026-02-30"}, "occurrenceDateTime", "not a day"),
        ({"occurrenceDateTime": "2026-05"}, "occurrenceDateTime", "not a whole date"),
        ({"occurrenceDateTime": None}, "occurrenceDateTime", "has no date"),
        ({"occurrenceDateTime": "2026-12-24"}, "occurrenceDateTime", "in the future"),
        ({"occurrenceDateTime": "2025-12-24"}, "occurrenceDateTime", "before birth"),
    ],
)
def test_what_is_no_dose_is_said_with_its_place(more, field, words):
    child = _only(dose(**more))
    (problem,) = child.problems
    assert child.doses == ()
    assert problem.place.pointer == f"entry[1].resource.{field}"
    assert words in problem.message


def test_the_same_vaccine_twice_on_one_day_is_one_dose():
    child = _only(dose(), dose(id="i2"))
    assert len(child.doses) == 1
    assert child.not_understood == (("Immunization (same vaccine and day)", 1),)


@pytest.mark.parametrize(
    ("code", "value", "unit", "kept"),
    [
        ("29463-7", 5.4321, "kg", (5432, None, None)),
        ("29463-7", 5432, "g", (5432, None, None)),
        ("29463-7", 12, "[lb_av]", (5443, None, None)),
        ("8302-2", 58.4, "cm", (None, 584, None)),
        ("8306-3", 23, "[in_i]", (None, 584, None)),
        ("9843-4", 39.95, "cm", (None, None, 400)),
        ("8287-5", 399, "mm", (None, None, 399)),
    ],
)
def test_measurements_in_grams_and_millimetres(code, value, unit, kept):
    (one,) = _only(measured(code, value, unit)).measurements
    assert (one.weight_g, one.length_mm, one.head_mm) == kept
    assert one.position == {"8306-3": "l"}.get(code)


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (5.4, "stone", "accepted: kg"),
        (-5, "kg", "not possible"),
        (5400, "kg", "not possible"),
        (1e308, "kg", "not possible"),
        ("5.4", "kg", "without a value"),
        (True, "kg", "without a value"),
        (None, "kg", "without a value"),
    ],
)
def test_a_measurement_that_cannot_be_is_said(value, unit, words):
    child = _only(measured("29463-7", value, unit))
    assert child.measurements == ()
    assert words in child.problems[0].message


def test_a_percentile_of_the_head_is_no_circumference():
    child = _only(measured("8289-1", 82, "%"))
    assert child.measurements == ()
    assert child.not_understood == (("Observation 8289-1", 1),)


def test_other_observations_and_panels_are_counted():
    panel = measured("85353-1", None, "", hasMember=[{"reference": "Observation/1"}])
    child = _only(panel, measured("718-7", 11, "g/dL"), {"resourceType": "Claim"})
    assert child.not_understood == (
        ("Claim", 1),
        ("Observation 718-7", 1),
        ("Observation 85353-1", 1),
    )
    assert child.problems == ()


def test_visits_and_whether_they_were_well_child_visits():
    other = [{"coding": [{"system": "http://snomed.info/sct", "code": "50849002"}]}]
    child = _only(
        visit(),
        visit(id="e2", type=other),
        visit(id="e3", type=[{"text": "Lactation"}]),
        visit(id="e4", status="planned"),
    )
    assert [one.is_well_child for one in child.visits] == [True, False, None]
    assert child.not_understood == (("Encounter (planned)", 1),)


def test_a_problem_keeps_its_code_and_loses_only_a_bad_date():
    child = _only(condition(abatementDateTime="2026-13-01"))
    (one,) = child.problems_elsewhere
    assert (one.code, one.onset, one.abated) == ("L20.9", date(2026, 4, 1), None)
    assert child.problems[0].place.pointer == "entry[1].resource.abatementDateTime"


def test_a_wrong_entry_is_no_problem_of_the_child():
    wrong = {"coding": [{"code": "entered-in-error"}]}
    child = _only(condition(verificationStatus=wrong))
    assert child.problems_elsewhere == ()
    assert "wrong entry" in child.problems[0].message


def test_the_mother_by_related_person():
    mother = {
        "resourceType": "RelatedPerson",
        "patient": ME,
        "relationship": [{"coding": [{"code": "MTH"}]}],
        "name": [{"family": "Alder", "given": ["Jo"]}],
    }
    assert _only(mother).mother_family_name == "Alder"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"birthDate": "2026-02-30"}, "not a day of the calendar"),
        ({"birthDate": "2027-02-03"}, "in the future"),
        ({"birthDate": "0001-01-01"}, "cannot be right"),
        ({"birthDate": None}, "missing"),
        ({"deceasedBoolean": True}, "has died"),
    ],
)
def test_a_child_that_cannot_be_imported_is_said(more, words):
    whole = read(CHILD | more, dose())
    assert whole.children == ()
    assert words in whole.problems[0].message
    assert whole.not_understood == (
        ("Immunization of a patient who was not imported", 1),
    )


def test_an_adult_in_the_file_is_no_child_and_gives_it_no_facts():
    adult = CHILD | {"id": "m1", "birthDate": "1996-05-05"}
    hers = dose(id="i9", patient={"reference": "Patient/m1"})
    child = read(CHILD, adult, dose(), hers).children[0]
    assert len(child.doses) == 1
    assert ("Patient (adult)", 1) in child.not_understood


def test_facts_belong_to_the_patient_they_name():
    twin = CHILD | {"id": "c2"}
    whole = read(
        CHILD, twin, dose(), dose(id="i2", patient={"reference": "Patient/c2"})
    )
    assert [len(child.doses) for child in whole.children] == [1, 1]
    stray = read(CHILD, dose(patient={"reference": "Patient/zz"}), dose(patient=None))
    assert stray.children[0].doses == ()
    assert "names no patient" in stray.problems[0].message
    assert stray.children[0].not_understood[0][1] == 1


def test_the_same_patient_twice_is_said():
    whole = read(CHILD, CHILD)
    assert len(whole.children) == 1
    assert "twice" in whole.problems[0].message


def test_ndjson_reads_line_by_line_and_names_a_bad_line():
    lines = [json.dumps(CHILD), '{"resourceType": "Immun', json.dumps(dose()), "7"]
    data = "\n".join(lines).encode()
    whole = read_fhir_file(data, file="x.ndjson", as_of=AS_OF)
    assert len(whole.children[0].doses) == 1
    assert [problem.place.line for problem in whole.problems] == [2, 4]


def test_one_bundle_a_line_is_read_too():
    data = b"\n".join(bundle(CHILD | {"id": n}).replace(b"\n", b"") for n in "ab")
    whole = read_fhir_file(data, file="x.ndjson", as_of=AS_OF)
    assert [child.place.line for child in whole.children] == [1, 2]
