"""``trellis iis parse``: one line a message, in the fixed fields."""

import json

import pytest
from tests import reference_data
from tests.spec.iis.answers import MMRV, NOTHING_GIVEN, PID, msh, obx, text

from trellis.cli.main import main


KEYS = ["file", "patient", "doses", "forecasts", "acknowledgement", "errors"]


def _parse(folder, out, *more):
    status = main(["iis", "parse", str(folder), str(out), *more])
    return status, [json.loads(line) for line in out.read_text("utf-8").splitlines()]


def test_one_line_with_the_fixed_fields(tmp_path):
    (tmp_path / "in" / "state").mkdir(parents=True)
    segments = (PID, MMRV, NOTHING_GIVEN, obx("30956-7", "17^HIB^CVX"))
    due = (obx("30980-7", "20260601"), obx("59783-1", "LA13423-1^x^LN"))
    file = tmp_path / "in" / "state" / "a.hl7"
    file.write_text(text(*segments, *due), encoding="utf-8")
    status, (line,) = _parse(tmp_path / "in", tmp_path / "out.jsonl")
    assert status == 0
    assert list(line) == KEYS
    assert line == {
        "file": "state/a.hl7",
        "patient": {
            "family": "ROWAN",
            "given": "MINA",
            "dob": "2025-03-10",
            "sex": "F",
        },
        "doses": [
            {
                "date": "2026-03-11",
                "cvx": "94",
                "mvx": None,
                "lot": None,
                "source": "01",
            }
        ],
        "forecasts": [
            {
                "cvx": "17",
                "group": "HIB",
                "earliest": None,
                "recommended": "2026-06-01",
                "past_due": None,
                "status": "Overdue",
            }
        ],
        "acknowledgement": "AA",
        "errors": [],
    }


def test_another_type_gives_empty_lists_and_its_type(tmp_path):
    query = msh(msh9="QBP^Q11^QBP_Q11") + "\rQPD|Z34"
    (tmp_path / "q.hl7").write_text(query, encoding="utf-8")
    status, (line,) = _parse(tmp_path, tmp_path / "out.jsonl")
    assert status == 0
    assert (line["doses"], line["forecasts"]) == ([], [])
    assert line["errors"] == ["QBP^Q11"]


def test_a_file_that_is_not_hl7_is_named_and_the_others_are_read(tmp_path, capsys):
    (tmp_path / "a.hl7").write_text("hello", encoding="utf-8")
    (tmp_path / "b.hl7").write_text(text(PID, MMRV), encoding="utf-8")
    status, lines = _parse(tmp_path, tmp_path / "out.jsonl")
    assert status == 1
    assert [len(line["doses"]) for line in lines] == [0, 1]
    assert "a.hl7" in capsys.readouterr().err


def test_strict_stops_and_leaves_no_file(tmp_path):
    (tmp_path / "a.hl7").write_bytes(b"MSH|\0")
    out = tmp_path / "out.jsonl"
    assert main(["iis", "parse", str(tmp_path), str(out), "--strict"]) == 2
    assert not out.exists()


@pytest.mark.parametrize("folder", ["missing", "."])
def test_a_folder_without_messages_is_unusable(tmp_path, folder):
    out = tmp_path / "out.jsonl"
    assert main(["iis", "parse", str(tmp_path / folder), str(out)]) == 2
    assert [path.name for path in tmp_path.iterdir()] == []


def test_output_that_cannot_be_written_is_said(tmp_path, capsys):
    (tmp_path / "a.hl7").write_text(text(PID), encoding="utf-8")
    out = tmp_path / "nowhere" / "out.jsonl"
    assert main(["iis", "parse", str(tmp_path), str(out)]) == 2
    assert "OUT.jsonl" in capsys.readouterr().err


def test_remarks_on_a_whole_batch_stand_at_its_first_message(tmp_path):
    batch = "BHS|^~\\&\r" + text(PID) + "BTS|5\r"
    (tmp_path / "a.hl7").write_text(batch, encoding="utf-8")
    _, (line,) = _parse(tmp_path, tmp_path / "out.jsonl")
    assert "announces 5 messages" in line["errors"][0]


def test_all_messages_of_the_reference_data(tmp_path):
    status, lines = _parse(reference_data.folder("hl7v2"), tmp_path / "out.jsonl")
    assert status == 0
    assert len(lines) == 87
    others = [
        line for line in lines if len(line["errors"][:1]) and "^" in line["errors"][0]
    ]
    assert sum(not line["doses"] and not line["forecasts"] for line in others) == 47
    due = [f["recommended"] for line in lines for f in line["forecasts"]]
    assert sum(day is not None for day in due) == 269
