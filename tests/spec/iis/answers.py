"""Registry answers of our own making, one builder for every dialect under test.

Invented people; nothing is copied from a registry or from the reference data.
"""

from __future__ import annotations

from trellis.core.messages.answers import RegistryAnswer
from trellis.core.messages.hl7 import Message, read_transmission
from trellis.core.messages.registry import read_answer


PID = "PID|1||77001^^^OURIIS^SR||ROWAN^MINA^JUNE^^^^L|ALDER|20250310|F"
MMRV = "RXA|0|1|20260311|20260311|94^MMRV^CVX|999|||01^historical^NIP001"
NOTHING_GIVEN = "RXA|0|1|20260401||998^no vaccine administered^CVX|999"


def msh(**fields: str) -> str:
    """An MSH line; ``msh21="Z32"`` puts other values in."""
    values = {
        "msh3": "OURIIS",
        "msh7": "20260401120000-0500",
        "msh9": "RSP^K11^RSP_K11",
        "msh10": "T-1",
        "msh18": "",
        "msh21": "Z42^CDCPHINVS",
    } | fields
    where = {2: "msh3", 3: "msh3", 6: "msh7", 8: "msh9", 9: "msh10"}
    where |= {17: "msh18", 20: "msh21"}
    fixed = {0: "MSH", 1: "^~\\&", 10: "P", 11: "2.5.1"}
    return "|".join(
        fixed.get(place, values.get(where.get(place, ""), "")) for place in range(21)
    )


def text(*segments: str, end: str = "\r", header: str | None = None) -> str:
    """A whole answer: MSH, MSA, QAK, then the segments given."""
    opening = (header or msh(), "MSA|AA|Q-1", "QAK|Q-1|OK|Z44^request^CDCPHINVS")
    return end.join((*opening, *segments)) + end


def message(*segments: str, header: str | None = None) -> Message:
    """The one message of such a text."""
    (only,) = read_transmission(text(*segments, header=header)).messages
    return only


def answer(*segments: str, header: str | None = None) -> RegistryAnswer:
    """The answer as read."""
    return read_answer(message(*segments, header=header))


def obx(code: str, value: str, *, sub: str = "1", kind: str = "CE") -> str:
    """One observation."""
    return f"OBX|1|{kind}|{code}^what it is^LN|{sub}|{value}||||||F"
