"""The registries' own answers: every dose, every due date, every observation.

Source: sample answers of registries, read from the reference data, never copied.
"""

import re
from datetime import date

from tests import reference_data

from trellis.core.messages.hl7 import decoded, read_transmission
from trellis.core.messages.registry import ANSWER, read_answer


def _texts(name):
    for path in sorted(reference_data.folder(name).glob("*.hl7")):
        yield path.name, path.read_bytes()


def _answers(name):
    for file, data in _texts(name):
        for message in read_transmission(decoded(data)[0]).messages:
            if message.kind == ANSWER:
                yield file, data.decode("utf-8"), read_answer(message)


def _naive(text):
    """Doses and due dates found by a second, independent and simple reading."""
    doses, due = set(), []
    for line in re.split(r"[\r\n]+", text):
        fields = [field.strip() for field in line.split("|")] + [""] * 25
        cvx = fields[5].split("^")[0]
        is_given = cvx not in ("", "998") and fields[20] not in ("NA", "RE")
        if fields[0] == "RXA" and is_given:
            doses.add((fields[3][:8], cvx))
        if fields[0] == "OBX" and fields[3].startswith("30980-7"):
            due.append(fields[5][:8])
    return doses, sorted(due)


def _as_sent(day):
    return day.strftime("%Y%m%d") if day else None


def _is_day(text):
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _compared(name):
    count = 0
    for file, text, answer in _answers(name):
        doses, due = _naive(text)
        expected = {(day if _is_day(day) else None, cvx) for day, cvx in doses}
        assert {(_as_sent(d.on), d.cvx) for d in answer.doses} == expected, file
        found = sorted(
            _as_sent(f.recommended) for f in answer.forecasts if f.recommended
        )
        assert found == due, file
        count += len(due)
    return count


def test_every_dose_and_due_date_of_the_23_registries():
    assert _compared("hl7v2/iis_rsp") == 265


def test_every_dose_and_due_date_of_the_other_17_answers():
    assert _compared("hl7v2/v2tofhir/messages") == 4


def test_22_registries_know_two_doses_and_one_knows_none():
    answers = list(_answers("hl7v2/iis_rsp"))
    assert sorted(len(answer.doses) for _, _, answer in answers) == [0, *[2] * 22]
    assert {d.cvx for _, _, answer in answers for d in answer.doses} == {"94"}
    for _, text, answer in answers:
        assert answer.patient.born
        assert text.count("\nRXA|") >= len(answer.doses)


def test_every_observation_is_grouped_or_counted():
    observations = grouped = unknown = rxa = 0
    for _, text, answer in _answers("hl7v2/iis_rsp"):
        rxa += text.count("\nRXA|")
        observations += answer.observations
        grouped += answer.observations_grouped
        unknown += sum(n for what, n in answer.unknown if what.startswith("OBX "))
    assert (rxa, observations) == (143, 2123)
    assert grouped + unknown == observations


def test_all_87_messages_are_read_and_47_are_other_types():
    kinds = [
        message.kind
        for name in ("hl7v2/iis_rsp", "hl7v2/v2tofhir/messages")
        for _, data in _texts(name)
        for message in read_transmission(decoded(data)[0]).messages
    ]
    assert len(kinds) == 87
    assert sum(kind != ANSWER for kind in kinds) == 47
    assert all(re.fullmatch(r"[A-Z]{3}\^[A-Z]\d\d", kind) for kind in kinds)
