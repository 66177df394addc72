"""A roster's rows as families: what is accepted, and the sentence where it is not.

Source: our choice, docs/imports.md.
"""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trellis.core.errors import InvalidInput
from trellis.core.people.dyads import CaregiverKind
from trellis.core.people.roster import RosterReading, Row, parse_rows
from trellis.core.people.roster_columns import BY_NAME, COLUMNS


AS_OF = date(2026, 11, 25)
PARENT = {
    "external_id": "P-1",
    "site": "harbor",
    "first_name": "Dana",
    "last_name": "Alder",
    "birth_date": "1996-05-14",
}
CHILD = {
    "child_external_id": "C-1",
    "child_first_name": "Mina",
    "child_last_name": "Alder",
    "child_birth_date": "2026-08-30",
    "relationship": "birth parent",
}


def _read(*families, **options):
    header = [column.name for column in COLUMNS]
    rows = [
        Row(line, tuple(family.get(name, "") for name in header))
        for line, family in enumerate(families, start=2)
    ]
    return parse_rows(header, rows, file="r.csv", as_of=AS_OF, **options)


def _refusal(family):
    reading = _read(family)
    assert reading.lines == ()
    (problem,) = reading.problems
    assert problem.place.line == 2
    return problem


def test_the_example_of_every_column_is_accepted():
    family = {column.name: column.example for column in COLUMNS}
    reading = _read(family)
    assert reading.problems == ()
    (line,) = reading.lines
    assert line.parent.race == ("white", "black")
    assert line.parent.needs_interpreter is False
    assert line.child.gestation_weeks == 38
    assert line.relationship is CaregiverKind.BIRTH_PARENT


def test_a_pregnant_parent_without_a_child():
    (line,) = _read(PARENT | {"due_date": "2027-02-03"}).lines
    assert line.child is None
    assert line.relationship is None
    assert line.parent.due_on == date(2027, 2, 3)


def test_a_child_that_has_no_name_yet():
    (line,) = _read(PARENT | CHILD | {"child_first_name": ""}).lines
    assert line.child.first_name == ""
    assert line.child.born == date(2026, 8, 30)


def test_dates_are_iso_or_american_and_never_guessed():
    for sent in ("2026-08-30", "8/30/2026", "08/30/2026", "2026-8-30"):
        (line,) = _read(PARENT | CHILD | {"child_birth_date": sent}).lines
        assert line.child.born == date(2026, 8, 30)
    (line,) = _read(PARENT | CHILD | {"child_birth_date": "3/4/2026"}).lines
    assert line.child.born == date(2026, 3, 4)


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("external_id", "", "required"),
        ("site", "", "required"),
        ("birth_date", "", "required"),
        ("birth_date", "2026-02-30", "no such day"),
        ("birth_date", "31/12/1996", "The month stands first"),
        ("birth_date", "5/14/96", "YYYY-MM-DD"),
        ("birth_date", "2025-01-01", "not a parent's birth date"),
        ("birth_date", "1896-05-14", "not a parent's birth date"),
        ("child_birth_date", "2026-12-24", "lies in the future"),
        ("child_birth_date", "1999-12-24", "no child's birth date"),
        ("child_external_id", "", "required with a child"),
        ("child_last_name", "", "required with a child"),
        ("child_birth_date", "", "required with a child"),
        ("relationship", "", "required with a child"),
        ("relationship", "aunt", "one of birth-parent"),
        ("due_date", "2028-01-01", "not between"),
        ("due_date", "2026-01-01", "not between"),
        ("referred_on", "2027-01-01", "in the future"),
        ("language", "Elvish", "accepted: one of en"),
        ("race", "white; green", "'green' is not accepted"),
        ("payer", "cash", "medicaid"),
        ("child_gestation_weeks", "51", "22 to 44"),
        ("child_gestation_weeks", "38.5", "22 to 44"),
        ("child_birth_order", "0", "1 to 6"),
        ("email", "dana(at)example.org", "Check the address"),
        ("phone", "555-0142", "Check the number"),
        ("phone", "call me", "Check the number"),
        ("first_name", "D" * 101, "101 signs"),
        ("first_name", "Da\nna", "line break"),
        ("first_name", "Da\u202ena", "unprintable"),
        ("first_name", "Da\x07na", "unprintable"),
        ("external_id", "P 1", "letters, digits"),
    ],
)
def test_a_bad_value_is_named_by_line_and_column(column, cell, words):
    problem = _refusal(PARENT | CHILD | {column: cell})
    assert problem.field == column
    assert problem.place.pointer == f"column {column}"
    assert words in problem.message


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
@pytest.mark.parametrize("column", ["first_name", "safe_contact", "email", "site"])
def test_a_formula_in_a_cell_is_refused(column, sign):
    problem = _refusal(PARENT | {column: f'{sign}HYPERLINK("http://x")'})
    assert "formula" in problem.message


def test_a_phone_number_may_begin_with_a_plus():
    (line,) = _read(PARENT | {"phone": "+1 617 555 0142"}).lines
    assert line.parent.phone == "+1 617 555 0142"
    assert "formula" in _refusal(PARENT | {"phone": "+1+cmd|'/c calc'!A0"}).message


def test_enrolment_is_not_before_referral():
    dates = {"referred_on": "2026-09-02", "enrolled_on": "2026-09-01"}
    assert _refusal(PARENT | dates).field == "enrolled_on"


def test_a_relationship_needs_a_child():
    assert _refusal(PARENT | {"relationship": "kin"}).field == "relationship"


def test_headers_match_without_regard_to_case_and_blanks():
    header = [" External ID", "SITE", "first-name", "Last Name ", "Birth_Date", "Shoe"]
    rows = [Row(2, ("P-1", "harbor", "Dana", "Alder", "1996-05-14", "38"))]
    reading = parse_rows(header, rows, file="r.csv", as_of=AS_OF)
    assert len(reading.lines) == 1
    assert reading.unknown_columns == ("Shoe",)


def test_a_sites_own_headers_by_a_saved_mapping():
    header = ["MRN", "site", "Given", "Surname", "DOB"]
    mapping = {
        "mrn": "external_id",
        "Given": "first_name",
        "surname": "last_name",
        "dob": "birth_date",
    }
    rows = [Row(2, ("P-1", "harbor", "Dana", "Alder", "5/14/1996"))]
    reading = parse_rows(header, rows, mapping=mapping, file="r.csv", as_of=AS_OF)
    assert reading.lines[0].parent.external_id == "P-1"
    with pytest.raises(InvalidInput, match="shoe_size"):
        parse_rows(header, rows, mapping={"x": "shoe_size"}, file="r", as_of=AS_OF)


def test_a_header_without_required_columns_or_with_one_twice_is_refused():
    reading = parse_rows(["site", "Site"], [], file="r.csv", as_of=AS_OF)
    said = [problem.message for problem in reading.problems]
    assert any("Two headers mean site" in sentence for sentence in said)
    assert any("no column external_id" in sentence for sentence in said)
    assert {problem.place.line for problem in reading.problems} == {1}


@pytest.mark.parametrize(("cells", "words"), [(3, "cut off"), (40, "needs quotes")])
def test_a_row_of_another_width_is_refused(cells, words):
    header = [column.name for column in COLUMNS]
    rows = [Row(7, ("x",) * cells)]
    (problem,) = parse_rows(header, rows, file="r", as_of=AS_OF).problems
    assert problem.place.line == 7
    assert words in problem.message


def test_empty_rows_are_no_rows():
    reading = _read({}, PARENT)
    assert (len(reading.lines), reading.rows_read) == (1, 1)
    assert reading.lines[0].line == 3


def test_twins_are_two_lines_of_one_parent():
    second = PARENT | CHILD | {"child_external_id": "C-2", "child_first_name": "Milo"}
    reading = _read(PARENT | CHILD, second)
    assert reading.problems == ()
    assert {line.key for line in reading.lines} == {("harbor", "P-1")}


def test_the_same_line_twice_is_named_by_both_lines():
    reading = _read(PARENT | CHILD, PARENT | CHILD)
    assert [line.line for line in reading.lines] == [2]
    assert "stands on line 2 and again on line 3" in reading.problems[0].message


def test_twins_whose_lines_contradict_each_other_are_both_refused():
    second = PARENT | CHILD | {"child_external_id": "C-2", "phone": "617-555-0142"}
    reading = _read(PARENT | CHILD, second, PARENT | {"external_id": "P-9"})
    assert [line.parent.external_id for line in reading.lines] == ["P-9"]
    assert "Lines 2 and 3" in reading.problems[0].message
    assert "phone" in reading.problems[0].message


def test_one_child_with_two_caregivers_must_have_one_birth_date():
    kin = PARENT | CHILD | {"external_id": "P-2", "relationship": "kin"}
    assert len(_read(PARENT | CHILD, kin).lines) == 2
    other = kin | {"child_birth_date": "2026-08-29"}
    reading = _read(PARENT | CHILD, other)
    assert reading.lines == ()
    assert "child born" in reading.problems[0].message


@given(
    st.lists(
        st.fixed_dictionaries(
            {}, optional=dict.fromkeys(BY_NAME, st.text(max_size=12))
        ),
        max_size=3,
    )
)
def test_any_text_in_any_cell_is_read_or_named(families):
    reading = _read(*(PARENT | CHILD | family for family in families))
    assert isinstance(reading, RosterReading)
    named = {problem.place.line for problem in reading.problems}
    assert all(line in named for line in range(2, 2 + len(families))) or reading.lines


@given(st.lists(st.text(max_size=12), max_size=4), st.text(max_size=12))
def test_any_header_is_read_or_named(header, ours):
    with suppress(InvalidInput):
        parse_rows(header, [], mapping={"x": ours}, file="r", as_of=AS_OF)
