"""Registry answers as children's histories: doses, opinions, and what is refused.

Source: HL7 v2.5.1, Implementation Guide for Immunization Messaging 1.5. What is kept
is our choice (docs/imports.md).
"""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import reference_data
from tests.spec.iis.answers import MMRV, NOTHING_GIVEN, PID, msh, obx, text

from trellis.core.errors import InvalidInput
from trellis.core.people.histories import HistoriesRead
from trellis.iis.reading import read_registry_file


AS_OF = date(2026, 11, 25)
WHOLE = text(
    PID,
    MMRV,
    obx("38890-0", "03^MMR^CVX"),
    NOTHING_GIVEN,
    obx("30956-7", "17^HIB^CVX"),
    obx("30980-7", "20260601"),
).encode()


def _read(*segments, header=None):
    data = text(*segments, header=header).encode()
    return read_registry_file(data, file="a.hl7", as_of=AS_OF)


def test_a_child_with_doses_and_the_registrys_opinion():
    (child,) = read_registry_file(WHOLE, file="a.hl7", as_of=AS_OF).children
    assert (child.name.family, child.born, child.sex) == (
        "ROWAN",
        date(2025, 3, 10),
        "f",
    )
    (dose,) = child.doses
    assert (dose.key, dose.cvx, dose.source) == ("2026-03-11:94", "94", "01")
    (due,) = child.forecasts
    assert (due.cvx, due.recommended) == ("17", date(2026, 6, 1))
    assert child.mother_family_name == "ALDER"
    assert child.problems == ()


def test_one_digit_codes_and_unknown_makers():
    rxa = "RXA|0|1|20260311||8^HepB^CVX|999|||01||||||||UNK^UNKNOWN^MVX"
    (dose,) = _read(PID, rxa).children[0].doses
    assert (dose.cvx, dose.mvx) == ("08", None)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("20261224", "in the future"),
        ("20240101", "before birth"),
        ("20260230", "no usable date"),
    ],
)
def test_a_dose_on_an_impossible_day_is_said_and_not_kept(day, words):
    (child,) = _read(PID, MMRV.replace("20260311", day)).children
    assert child.doses == ()
    assert any(words in problem.message for problem in child.problems)
    assert any("RXA 1" in problem.place.pointer for problem in child.problems)


def test_an_informational_err_is_no_problem():
    (child,) = _read("ERR|||0^said^HL70357|I||||fine", PID).children
    assert child.problems == ()


@pytest.mark.parametrize(
    ("segments", "header", "words"),
    [
        (("QAK|Q|NF",), None, "no record"),
        (("QAK|Q|TM",), None, "too many"),
        ((), None, "names no patient"),
        ((PID, PID), msh(msh21="Z31^CDCPHINVS"), "2 possible people"),
        ((PID.replace("20250310", ""),), None, "PID-7"),
        ((PID,), msh(msh9="VXU^V04^VXU_V04"), "VXU^V04"),
    ],
)
def test_an_answer_without_one_child_is_a_sentence(segments, header, words):
    parts = text(*segments, header=header).replace("QAK|Q-1|OK", "QAK|Q-1|", 1)
    if any(part.startswith("QAK") for part in segments):
        parts = parts.replace("QAK|Q-1|", segments[0] + "|", 1)
    whole = read_registry_file(parts.encode(), file="a.hl7", as_of=AS_OF)
    assert whole.children == ()
    assert words in whole.problems[0].message


def test_a_batch_gives_every_child_and_its_own_faults():
    batch = b"BHS|^~\\&\r" + WHOLE + WHOLE + b"BTS|3\r"
    whole = read_registry_file(batch, file="a.hl7", as_of=AS_OF)
    assert len(whole.children) == 2
    assert "announces 3" in whole.problems[0].message


@given(st.integers(0, len(WHOLE)), st.binary(max_size=6), st.integers(0, 6))
def test_damaged_answers_are_refused_or_read(at, put, drop):
    data = WHOLE[:at] + put + WHOLE[at + drop :]
    try:
        whole = read_registry_file(data, file="a.hl7", as_of=AS_OF)
    except InvalidInput:
        return
    assert isinstance(whole, HistoriesRead)


def test_every_registry_of_the_reference_data_gives_its_child():
    paths = sorted(reference_data.folder("hl7v2/iis_rsp").glob("*.hl7"))
    read = [
        read_registry_file(path.read_bytes(), file=path.name, as_of=AS_OF)
        for path in paths
    ]
    children = [child for whole in read for child in whole.children]
    assert len(children) == 23
    assert sum(len(child.doses) for child in children) == 44
    due = [f for child in children for f in child.forecasts if f.recommended]
    assert len(due) == 265
