"""``trellis growth``: columns, refused lines, files in place, exit statuses."""

import csv
import json
import os
import stat
import subprocess
import sys

import pytest
from tests import reference_data

from trellis.cli.commands import growth
from trellis.cli.main import main


HEADER = "id,sex,age_days,weight,lenhei,measure,headc,oedema\n"
GOOD = "7,F,122,6.4,62.1,l,40.5,n\n"
OUT_HEADER = "id,zlen,zwei,zwfl,zbmi,zhc,flen,fwei,fwfl,fbmi,fhc"


@pytest.fixture
def files(tmp_path):
    return tmp_path / "in.csv", tmp_path / "out.csv"


def run(files, text, *flags):
    source, target = files
    content = text if isinstance(text, bytes) else text.encode()
    source.write_bytes(content)
    return main(["growth", str(source), str(target), *flags])


def test_scores_have_two_decimals_and_flags_are_0_or_1(files):
    assert run(files, HEADER + GOOD) == 0
    lines = files[1].read_text(encoding="utf-8").splitlines()
    assert lines[0] == OUT_HEADER
    assert lines[1] == "7,0.00,-0.04,0.00,-0.05,-0.07,0,0,0,0,0"


def test_what_cannot_be_computed_is_empty(files):
    assert run(files, HEADER + "a,1,,,,,,\nb,,100,5,60,l,40,\n") == 0
    lines = files[1].read_text(encoding="utf-8").splitlines()
    assert lines[1:] == ["a" + "," * 10, "b" + "," * 10]


@pytest.mark.parametrize("sex", ["2", "F", "f"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_ways_to_write_the_same_line(files, sex, end):
    text = HEADER + f'7,{sex},122.0,6.40, 62.1 ,L,"40.5",N\n\n'
    assert run(files, "\ufeff" + text.replace("\n", end)) == 0
    assert (
        files[1].read_text(encoding="utf-8").splitlines()[1].startswith("7,0.00,-0.04,")
    )


def test_columns_are_found_by_name_and_others_ignored(files):
    text = "note,oedema,headc,measure,lenhei,weight,age_days,sex,id\n"
    assert run(files, text + "x,n,40.5,l,62.1,6.4,122,F,7\n") == 0
    assert (
        files[1].read_text(encoding="utf-8").splitlines()[1].startswith("7,0.00,-0.04,")
    )


BAD_LINES = [
    pytest.param("1,3,122,6.4,62.1,l,40.5,n", "sex", id="no such sex"),
    pytest.param("1,F,12.5,6.4,62.1,l,40.5,n", "age_days", id="half a day"),
    pytest.param("1,F,-1,6.4,62.1,l,40.5,n", "age_days", id="before birth"),
    pytest.param("1,F,2024-01-01,6.4,62.1,l,40.5,n", "age_days", id="a date"),
    pytest.param("1,F,122,nan,62.1,l,40.5,n", "weight", id="not a number"),
    pytest.param("1,F,122,1_0,62.1,l,40.5,n", "weight", id="underscore"),
    pytest.param("1,F,122,1e99,62.1,l,40.5,n", "weight", id="huge"),
    pytest.param("1,F,122,6.4,6'2,l,40.5,n", "lenhei", id="feet"),
    pytest.param("1,F,122,6.4,62.1,x,40.5,n", "measure", id="no such position"),
    pytest.param("1,F,122,6.4,62.1,l,inf,n", "headc", id="infinity"),
    pytest.param("1,F,122,6.4,62.1,l,40.5,perhaps", "oedema", id="not yes or no"),
    pytest.param("1,F,122,6.4,62.1,l,40.5", "Line", id="a cell short"),
    pytest.param("1,F,122,6,4,62.1,l,40.5,n", "Line", id="decimal comma"),
    pytest.param('1,F,122,6.4,62.1,l,40.5,"n', "Line", id="quote never closed"),
    pytest.param("1,F,122,6.4\0,62.1,l,40.5,n", "Line", id="NUL"),
    pytest.param("1" * 20_000 + ",F,122,6.4,62,l,40,n", "Line", id="endless cell"),
]


@pytest.mark.parametrize(("line", "field"), BAD_LINES)
def test_a_bad_line_is_named_and_the_others_are_scored(files, capsys, line, field):
    status = run(files, f"{HEADER}{GOOD}{line}\n{GOOD}", "--json")
    said = capsys.readouterr()
    summary = json.loads(said.out)
    assert status == 1
    assert (summary["read"], summary["written"], summary["refused"]) == (3, 2, 1)
    (problem,) = summary["problems"]
    assert (problem["line"], problem["field"]) == (3, field)
    assert problem["file"] == str(files[0])
    assert "is not accepted" in problem["message"]
    assert f"{files[0]}, line 3: " in said.err
    assert len(files[1].read_text(encoding="utf-8").splitlines()) == 3


def test_bytes_that_are_not_utf8_are_named_by_their_line(files, capsys):
    bad = GOOD.replace("7", "Ren\xe9", 1).encode("latin-1")
    assert run(files, HEADER.encode() + bad + GOOD.encode()) == 1
    assert "line 2: Line: bytes that are not UTF-8" in capsys.readouterr().err


def test_strict_stops_at_the_first_and_leaves_the_old_file(files, capsys):
    files[1].write_text("as it was", encoding="utf-8")
    text = f"{HEADER}{GOOD}bad\nworse\n"
    assert run(files, text, "--strict", "--json") == 1
    said = capsys.readouterr()
    summary = json.loads(said.out)
    assert (summary["written"], len(summary["problems"])) == (0, 1)
    assert files[1].read_text(encoding="utf-8") == "as it was"
    assert sorted(path.name for path in files[0].parent.iterdir()) == [
        "in.csv",
        "out.csv",
    ]


@pytest.mark.parametrize(
    "text",
    ["", "id,sex\n", HEADER.replace("headc", "head"), HEADER.replace("id", "sex")],
    ids=["empty", "two columns", "another name", "a column twice"],
)
def test_a_first_line_without_the_columns_is_unusable(files, capsys, text):
    assert run(files, text) == 2
    assert "Name the columns in the first line" in capsys.readouterr().err
    assert not files[1].exists()


def test_files_that_cannot_be_read_or_written_are_named(files, capsys):
    assert main(["growth", str(files[0]), str(files[1])]) == 2
    assert str(files[0]) in capsys.readouterr().err
    files[0].write_text(HEADER + GOOD, encoding="utf-8")
    nowhere = files[1].parent / "no such folder" / "out.csv"
    assert main(["growth", str(files[0]), str(nowhere)]) == 2
    assert "no such folder" in capsys.readouterr().err
    assert main(["growth", str(files[0].parent), str(files[1])]) == 2


def test_without_lines_there_is_a_header_only(files):
    assert run(files, HEADER) == 0
    assert files[1].read_text(encoding="utf-8") == OUT_HEADER + "\n"


def test_the_answer_has_the_usual_permissions(files):
    before = os.umask(0o027)
    try:
        run(files, HEADER + GOOD)
    finally:
        os.umask(before)
    assert stat.S_IMODE(files[1].stat().st_mode) == 0o640


def test_every_reference_row_through_the_command(files):
    """Acceptance: every z-score equal at two decimals, every flag equal."""
    path = reference_data.folder("growth") / "who_ref_6000.dev.csv"
    text = path.read_text(encoding="utf-8")
    renamed = text.replace("weight_kg", "weight", 1).replace("lenhei_cm", "lenhei", 1)
    assert run(files, renamed.replace("headc_cm", "headc", 1)) == 0
    with files[1].open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    expected = list(csv.DictReader(text.splitlines()))
    assert len(found) == len(expected) == 3_640
    for mine, theirs in zip(found, expected, strict=True):
        for name in OUT_HEADER.split(",")[1:]:
            value = theirs[name]
            if value and name.startswith("z"):
                value = f"{float(value) + 0.0:.2f}"
            assert mine[name] == value, (theirs["id"], name)


def test_a_long_run_shows_a_bar_on_a_terminal(files, capsys, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setattr(growth, "SILENT_SECONDS", 0.0)
    monkeypatch.setattr(growth, "LINES_BETWEEN_MARKS", 2)
    assert run(files, HEADER + GOOD * 3) == 0
    said = capsys.readouterr()
    assert "[####################] 100 %" in said.err
    assert said.err.endswith("\n3 lines read, 3 written, 0 refused.\n")
    assert said.out == ""


def test_the_command_needs_no_django_and_starts_at_once(files):
    files[0].write_text(HEADER + GOOD, encoding="utf-8")
    script = (
        "import sys; from trellis.cli.main import main; "
        f"main(['growth', {str(files[0])!r}, {str(files[1])!r}]); "
        "sys.exit('django' in sys.modules)"
    )
    source = str(reference_data.REPOSITORY / "src")
    began = os.times().children_user
    subprocess.run(
        [sys.executable, "-c", script],
        check=True,
        env={**os.environ, "PYTHONPATH": source},
    )
    assert os.times().children_user - began < 0.5
