"""HL7 v2 text becomes messages, whatever line ends, envelopes and escapes it has."""

from datetime import date

import pytest

from trellis.core.errors import InvalidInput
from trellis.core.messages.hl7 import (
    MAX_BYTES,
    MAX_SEGMENTS,
    Delimiters,
    decoded,
    read_date,
    read_transmission,
    unescaped,
)


HEADER = "MSH|^~\\&|A|B|||20260401||RSP^K11^RSP_K11|1|P|2.5.1"
LINES = (HEADER, "MSA|AA|1", "PID|1||5^^^X^MR~6^^^Y^SR||ROWAN&VAN^MINA")


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\r\r", "\n\n", "\r\n\r\n"])
def test_any_line_end_and_blank_lines_give_the_same_segments(end):
    (message,) = read_transmission(end.join(LINES) + end).messages
    assert [segment.name for segment in message.segments] == ["MSH", "MSA", "PID"]
    assert message.kind == "RSP^K11"
    assert message.faults == ()


def test_header_fields_are_numbered_as_in_the_standard():
    (message,) = read_transmission(HEADER).messages
    assert message.header.raw(1) == "|"
    assert message.header.raw(2) == "^~\\&"
    assert message.header.text(12) == "2.5.1"
    assert message.header.text(99) == ""


def test_repetitions_components_and_subcomponents():
    (message,) = read_transmission("\r".join(LINES)).messages
    pid = message.first("PID")
    assert pid.repetitions(3) == ("5^^^X^MR", "6^^^Y^SR")
    assert pid.component(pid.repetitions(3)[1], 5) == "SR"
    assert pid.text(5, 1) == "ROWAN"
    assert pid.subcomponents(5, 1) == ("ROWAN", "VAN")
    assert pid.subcomponents(5, 7) == ()


def test_delimiters_are_those_the_message_declares():
    text = "MSH*:+!%*A*B***20260401**RSP:K11*1*P*2.5.1\rPID*1**5:::X:MR**ROWAN:MI!S!NA"
    (message,) = read_transmission(text).messages
    assert message.kind == "RSP^K11"
    assert message.first("PID").text(5, 2) == "MI:NA"


def test_missing_encoding_characters_keep_their_usual_value():
    assert Delimiters.declared_by("MSH|^~|A").escape == "\\"


def test_a_damaged_header_is_refused():
    with pytest.raises(InvalidInput, match="MSH-1"):
        read_transmission("MSHX^~\\&XA")


def test_a_batch_envelope_is_taken_off():
    text = "\r".join(("FHS|^~\\&|A", "BHS|^~\\&|A", *LINES, *LINES, "BTS|2", "FTS|1"))
    transmission = read_transmission(text)
    assert len(transmission.messages) == 2
    assert transmission.faults == ()
    assert transmission.messages[1].header.line == 6


def test_a_batch_that_counts_wrong_or_never_ends_is_named():
    short = read_transmission("\r".join(("BHS|^~\\&", *LINES, "BTS|3")))
    assert "announces 3 messages, 1 were found" in str(short.faults[0])
    cut = read_transmission("\r".join(("FHS|^~\\&", *LINES)))
    assert "cut off" in str(cut.faults[0])
    stray = read_transmission("\r".join((*LINES, "FTS|1")))
    assert "without FHS" in str(stray.faults[0])


def test_a_line_that_is_no_segment_is_a_fault_with_its_line():
    (message,) = read_transmission("\r".join((*LINES, "and so on"))).messages
    assert message.faults[0].line == 4
    loose = read_transmission("\r".join(("PID|1", *LINES)))
    assert "before any MSH" in str(loose.faults[0])


def test_nul_is_refused_with_its_line():
    with pytest.raises(InvalidInput, match="line 2"):
        read_transmission(HEADER + "\r\nPID|\0")


def test_a_file_that_is_not_hl7_is_refused():
    with pytest.raises(InvalidInput, match="MSH"):
        read_transmission("name,born\nMina,2025-03-10\n")


def test_transport_framing_is_taken_off():
    (message,) = read_transmission(f"\x0b{HEADER}\r\x1c\r").messages
    assert message.kind == "RSP^K11"


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (r"a\F\b\S\c\T\d\R\e\E\f", "a|b^c&d~e\\f"),
        (r"\X4D696E61\ \XC3A9\ \XE9\ ", "Mina é é "),
        (r"\H\bold\N\.", "bold."),
        (r"one\.br\two", "one\ntwo"),
        (r"\Zlocal\ and \X4\ stay", r"\Zlocal\ and \X4\ stay"),
        ("lone \\ stays", "lone \\ stays"),
    ],
)
def test_escapes(sent, read):
    assert unescaped(sent) == read


@pytest.mark.parametrize(
    ("charset", "declared"),
    [("utf-8", ""), ("utf-8", "UNICODE UTF-8"), ("latin-1", "8859/1")],
)
def test_the_character_set_is_the_declared_one(charset, declared):
    header = HEADER + "||||||" + declared
    assert decoded(f"{header}\rPID|||||NÚÑEZ".encode(charset)) == (
        f"{header}\rPID|||||NÚÑEZ",
        "",
    )


def test_a_wrong_or_unknown_character_set_is_said_and_the_text_kept():
    text, note = decoded(f"{HEADER}\rPID|||||NÚÑEZ".encode("latin-1"))
    assert "NÚÑEZ" in text
    assert "Byte" in note
    _, note = decoded((HEADER + "||||||KLINGON").encode())
    assert "KLINGON" in note


def test_a_byte_order_mark_is_ignored():
    text, _ = decoded(b"\xef\xbb\xbf" + HEADER.encode())
    assert text == HEADER


def test_an_enormous_file_is_refused():
    with pytest.raises(InvalidInput, match="bytes"):
        decoded(b" " * (MAX_BYTES + 1))


@pytest.mark.parametrize(
    "value",
    [
        "20260311",
        "20260311235959",
        "20260311235959.1234-0600",
        "202603112359+1000",
        " 20260311 ",
    ],
)
def test_the_day_of_a_date_or_date_time(value):
    assert read_date(value) == date(2026, 3, 11)


@pytest.mark.parametrize(
    "value", ["", "2026", "202603", "20260230", "2026-3-1", "٢٠٢٦٠٣١١"]
)
def test_no_day_is_said_in_a_sentence(value):
    with pytest.raises(ValueError, match="is not a"):
        read_date(value)


def test_a_message_without_end_is_refused():
    with pytest.raises(InvalidInput, match="more than 5,000 segments"):
        read_transmission(HEADER + "\rOBX|1" * MAX_SEGMENTS)
