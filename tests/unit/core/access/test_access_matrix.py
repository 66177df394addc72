"""The matrix: every cell of the published table, and what must hold for all of them."""

import csv
import os
import re
from pathlib import Path

import pytest

from trellis.core.access.cells import ROWS
from trellis.core.access.matrix import (
    CELLS,
    NEVER,
    Opening,
    in_order_of_trial,
    parse_unlocked_by,
    parse_write,
)
from trellis.core.access.permissions import permissions_of
from trellis.core.access.viewer import Permission
from trellis.core.access.vocabulary import DataClass, Duty, Role, Token, View, Write


ALL = list(CELLS.values())
BY_WORKFLOW = {
    (DataClass.AUDIT_LOG, Role.DIRECTOR),
    (DataClass.ROW_EXTRACT, Role.EVALUATOR_FUNDER),
}


@pytest.fixture
def published():
    """The published table, where the design folder stands beside the repository."""
    default = Path(__file__).resolve().parents[5] / "shared" / "design"
    folder = Path(os.environ.get("TRELLIS_DESIGN", default))
    if not folder.is_dir():
        pytest.skip("The design folder is missing: TRELLIS_DESIGN names it.")
    return folder


def basis_of(cell):
    return {opening.basis for opening in cell.openings}


def test_the_matrix_is_the_published_file(published):
    text = (published / "access-matrix.csv").read_text(encoding="utf-8")
    assert [tuple(row) for row in csv.reader(text.splitlines())][1:] == list(ROWS)


def test_the_matrix_is_the_published_document(published):
    text = (published / "privacy.md").read_text(encoding="utf-8")
    section = text[text.index("### 3.2 Matrix") : text.index("### 3.3")]
    columns = list(Role)
    rows = re.findall(r"^\| \d+ \| `(\w+)` \| (.*) \|$", section, flags=re.MULTILINE)
    assert len(rows) == len(DataClass)
    for data_class, marks in rows:
        for role, mark in zip(columns, marks.split(" | "), strict=True):
            cell = CELLS[DataClass(data_class), role]
            assert mark.split()[0].rstrip("†") == cell.default


def test_each_role_stands_once_before_each_class():
    assert len(ROWS) == len(CELLS) == len(DataClass) * len(Role) == 275


def test_the_nurse_never_signs():
    signing = {cell.role for cell in ALL if {"SIGN", "SIGN_SCREEN"} & set(cell.writes)}
    assert Role.NURSE not in signing
    assert signing


def test_a_star_is_an_emergency_alternative():
    for cell in ALL:
        assert cell.default.endswith("*") == (Token.BTG in basis_of(cell))


def test_a_minimum_cell_names_a_view_in_every_alternative():
    for cell in ALL:
        if cell.default.startswith("M"):
            assert all(opening.view for opening in cell.openings)


def test_aggregates_come_from_protected_tables_only():
    for cell in ALL:
        assert (cell.default == "G") == (basis_of(cell) == {Token.SUPPRESSED})


def test_a_closed_cell_opens_by_an_appointed_duty_or_agreement_at_most():
    for key, cell in CELLS.items():
        if key in BY_WORKFLOW:
            assert cell.default == NEVER
            assert not cell.is_never
        else:
            assert (cell.default == NEVER) == cell.is_never


def test_whoever_writes_a_whole_class_reads_it_whole():
    for cell in ALL:
        if Write.FULL in cell.writes and not cell.is_own:
            assert any(opening.view is None for opening in cell.openings)


def test_counselling_notes_open_neither_by_tpo_nor_specific_nor_in_an_emergency():
    closed = {Token.TPO, Token.SPECIFIC, Token.BTG}
    for role in Role:
        cell = CELLS[DataClass.COUNSELLING_NOTES, role]
        assert not closed & basis_of(cell)


def test_the_alternatives_of_one_view_stand_together():
    """Otherwise "the first true alternative names the view" would need their places."""
    for cell in ALL:
        views = [opening.view for opening in parse_unlocked_by(cell.unlocked_by)]
        seen = [v for i, v in enumerate(views) if v and v != ([None, *views][i])]
        assert len(seen) == len(set(seen))


def test_every_token_view_and_write_is_used():
    openings = [opening for cell in ALL for opening in cell.openings]
    assert {token for o in openings for token in o.needed} == set(Token)
    assert {o.view for o in openings} - {None} == set(View)
    assert {write for cell in ALL for write in cell.writes} == set(Write)


def test_a_cell_reads_like_the_table():
    assert parse_unlocked_by("SELF+CLINICIAN_REVIEW|TPO:MOUD_LIST") == (
        Opening((Token.SELF, Token.CLINICIAN_REVIEW)),
        Opening((Token.TPO,), View.MOUD_LIST),
    )
    assert parse_unlocked_by("NONE") == ()
    assert parse_write("FULL+SIGN") == (Write.FULL, Write.SIGN)
    assert parse_write("NONE") == ()


@pytest.mark.parametrize("text", ["ANYBODY", "TPO:EVERYTHING", ""])
def test_an_unknown_word_of_the_table_is_refused(text):
    with pytest.raises(ValueError, match="is not a valid"):
        parse_unlocked_by(text)


def test_the_whole_class_is_tried_first_and_a_consent_is_cited_first():
    tried = in_order_of_trial(
        parse_unlocked_by("BTG:EMERGENCY|AUTHOR_ORG|CARE_TEAM|TPO")
    )
    assert [o.basis for o in tried] == ["TPO", "CARE_TEAM", "AUTHOR_ORG", "BTG"]


def test_a_facilitator_writes_only_in_the_own_session():
    cell = CELLS[DataClass.GROUP_RECORD, Role.FACILITATOR]
    assert [o.basis for o in cell.full_write_openings] == [Token.OWN_SESSION]


ADMIN, OFFICER = Duty.ADMINISTRATOR, Duty.PRIVACY_OFFICER


@pytest.mark.parametrize(
    ("role", "duties", "expected"),
    [
        pytest.param("paediatrics", [], ["clinical:encounter:sign"], id="signs"),
        pytest.param("nurse", [ADMIN, OFFICER], [], id="nurse, duties of others"),
        pytest.param(
            "coordinator",
            [],
            ["groups:cohort:plan", "groups:session:close", "imports:file:import"],
            id="coordinator",
        ),
        pytest.param("case_manager", [], ["imports:file:import"], id="case manager"),
        pytest.param("director", [], [], id="a director by title"),
        pytest.param(
            "director",
            [ADMIN, OFFICER],
            ["access:trail:read", "accounts:membership:manage"],
            id="a director with duties",
        ),
        pytest.param("parent", [ADMIN, OFFICER], [], id="parent"),
    ],
)
def test_permissions_follow_role_and_duty(role, duties, expected):
    assert permissions_of(Role(role), set(duties)) == {Permission(p) for p in expected}
