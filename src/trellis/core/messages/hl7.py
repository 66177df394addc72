"""HL7 v2 in pipes and hats: text to messages, segments and fields.

Source of the rules: HL7 v2.5.1 chapter 2 (delimiters, escapes, batch protocol).
Nothing here knows about vaccines (``core.messages.registry``). What cannot be
understood becomes a ``Fault`` that names the segment and the line: one bad line never
loses the message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from trellis.core.errors import InvalidInput


MAX_BYTES: Final = 20_000_000
MAX_SEGMENTS: Final = 5_000  # of one message; the longest answers seen have 300
ENVELOPE: Final = frozenset({"FHS", "BHS", "BTS", "FTS"})
_SEGMENT_NAME: Final = re.compile(r"[A-Z][A-Z0-9]{2}")
_HEADER_LENGTH: Final = 8  # "MSH|^~\&": the name, the separator, four characters
_MLLP: Final = "\x0b\x1c"  # transport framing some senders leave in files
_CHARSETS: Final = {
    "": "utf-8",
    "ASCII": "utf-8",  # a subset of UTF-8
    "UNICODE": "utf-8",
    "UNICODE UTF-8": "utf-8",
    "UTF-8": "utf-8",
    "8859/1": "latin-1",
    "ISO-8859-1": "latin-1",
}
_DATE_DIGITS: Final = 8


@dataclass(frozen=True, slots=True)
class Fault:
    """What could not be read: ``place`` names segment and field ("RXA 3, RXA-3")."""

    line: int
    place: str
    message: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.place}: {self.message}"


@dataclass(frozen=True, slots=True)
class Delimiters:
    """The five characters a message declares in MSH-1 and MSH-2."""

    field: str = "|"
    component: str = "^"
    repetition: str = "~"
    escape: str = "\\"
    subcomponent: str = "&"

    @classmethod
    def declared_by(cls, header: str) -> Delimiters:
        """The delimiters of a line that begins with MSH, FHS or BHS.

        Characters the sender left out keep their usual value.

        Raises:
            InvalidInput: the separator is a letter, digit or white space.
        """
        separator = header[3:4]
        if not separator or separator.isalnum() or separator.isspace():
            raise InvalidInput(
                f"{header[:3]}-1",
                repr(separator),
                accepted="the field separator, usually |",
                hint="The header is damaged; ask the registry to send it again.",
            )
        given = header[4:_HEADER_LENGTH].split(separator, maxsplit=1)[0]
        usual = "^~\\&"
        chosen = given + usual[len(given) :]
        return cls(separator, *chosen)


USUAL: Final = Delimiters()


@dataclass(frozen=True, slots=True)
class Segment:
    """One line; ``fields[n]`` is field n of the standard (MSH-1 is the separator)."""

    name: str
    line: int
    fields: tuple[str, ...]
    delimiters: Delimiters = USUAL

    def raw(self, number: int) -> str:
        """Field ``number`` as sent, or "" where the segment is shorter."""
        return self.fields[number] if number < len(self.fields) else ""

    def repetitions(self, number: int) -> tuple[str, ...]:
        """The repetitions of a field that are not empty, as sent."""
        parts = self.raw(number).split(self.delimiters.repetition)
        return tuple(part for part in parts if part.strip())

    def text(self, number: int, component: int = 1) -> str:
        """One component of the first repetition: first subcomponent, unescaped."""
        first = self.raw(number).split(self.delimiters.repetition, maxsplit=1)[0]
        return self.component(first, component)

    def component(self, value: str, number: int) -> str:
        """Component ``number`` (from 1) of a value of this segment, unescaped."""
        parts = value.split(self.delimiters.component)
        if number > len(parts):
            return ""
        first = parts[number - 1].split(self.delimiters.subcomponent, maxsplit=1)[0]
        return unescaped(first, self.delimiters).strip()

    def subcomponents(self, number: int, component: int = 1) -> tuple[str, ...]:
        """All subcomponents of one component of the first repetition, unescaped."""
        first = self.raw(number).split(self.delimiters.repetition, maxsplit=1)[0]
        parts = first.split(self.delimiters.component)
        if component > len(parts):
            return ()
        pieces = parts[component - 1].split(self.delimiters.subcomponent)
        return tuple(unescaped(piece, self.delimiters).strip() for piece in pieces)

    def words(self, number: int) -> str:
        """A whole field as text to read: components apart by blanks, unescaped."""
        parts = re.split(
            "[" + re.escape(self.delimiters.component) + "]", self.raw(number)
        )
        joined = " ".join(part.strip() for part in parts if part.strip())
        return unescaped(joined, self.delimiters).strip()


@dataclass(frozen=True, slots=True)
class Message:
    """One message: its segments from MSH on, and what could not be read in it."""

    segments: tuple[Segment, ...]
    faults: tuple[Fault, ...] = ()

    @property
    def header(self) -> Segment:
        """The MSH segment."""
        return self.segments[0]

    @property
    def kind(self) -> str:
        """Message code and trigger of MSH-9, "RSP^K11"; "ACK" where none is sent."""
        parts = (self.header.text(9, 1), self.header.text(9, 2))
        return "^".join(part for part in parts if part) or "unknown"

    def named(self, name: str) -> tuple[Segment, ...]:
        """Every segment of that name, in order."""
        return tuple(one for one in self.segments if one.name == name)

    def first(self, name: str) -> Segment | None:
        """The first segment of that name, or None."""
        return next((one for one in self.segments if one.name == name), None)


@dataclass(frozen=True, slots=True)
class Transmission:
    """What one file held: its messages, and faults outside of any message."""

    messages: tuple[Message, ...]
    faults: tuple[Fault, ...] = ()


@dataclass(slots=True)
class _Collected:
    messages: list[Message] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    loose: list[Fault] = field(default_factory=list)
    delimiters: Delimiters = USUAL
    opened: list[str] = field(default_factory=list)
    counted: int = 0

    def close(self) -> None:
        if self.segments:
            self.messages.append(Message(tuple(self.segments), tuple(self.faults)))
        self.segments, self.faults = [], []

    def fault(self, found: Fault) -> None:
        (self.faults if self.segments else self.loose).append(found)


def decoded(data: bytes) -> tuple[str, str]:
    """The text of a file and, where it was not as declared, a sentence about it.

    The character set is the one MSH-18 of the first message names; without one, UTF-8.
    Bytes that are not of that set are read as ISO 8859-1, in which every byte means
    something, so that a name with an accent never loses a child's doses.

    Raises:
        InvalidInput: the file is larger than ``MAX_BYTES``.
    """
    if len(data) > MAX_BYTES:
        raise InvalidInput(
            "file",
            f"{len(data):,} bytes",
            accepted=f"at most {MAX_BYTES:,} bytes",
            hint="Split the batch into several files.",
        )
    data = data.removeprefix(b"\xef\xbb\xbf")
    declared = _declared_charset(data)
    charset = _CHARSETS.get(declared)
    try:
        text = data.decode(charset or "utf-8")
    except UnicodeDecodeError as problem:
        note = (
            f"Byte {problem.start + 1} is not UTF-8, which MSH-18 declares or leaves "
            "open; the file was read as ISO 8859-1. Check names with accents."
        )
        return data.decode("latin-1"), note
    if charset is None:
        return text, f"Character set {declared!r} of MSH-18 is unknown; read as UTF-8."
    return text, ""


def _declared_charset(data: bytes) -> str:
    start = data.find(b"MSH")
    if start < 0:
        return ""
    line = re.split(rb"[\r\n]", data[start:], maxsplit=1)[0].decode("latin-1")
    fields = line.split(line[3:4] or "|")
    declared = fields[17] if len(fields) > 17 else ""  # noqa: PLR2004 - MSH-18
    return declared.split("~")[0].split("^")[0].strip().upper()


def read_transmission(text: str) -> Transmission:
    """Split a file into messages; batch envelopes, blank lines and line ends as found.

    Raises:
        InvalidInput: a NUL character, or not one MSH segment in the file.
    """
    _refuse_nul(text)
    collected = _Collected()
    for number, line in _lines(text):
        _take(collected, number, line)
    collected.close()
    if not collected.messages:
        raise InvalidInput(
            "file",
            "a file without an MSH segment",
            accepted="HL7 v2 messages that begin with MSH",
            hint="Check that the whole answer of the registry was saved.",
        )
    collected.loose.extend(
        Fault(0, name, "the envelope is never closed; the file may be cut off")
        for name in collected.opened
    )
    return Transmission(tuple(collected.messages), tuple(collected.loose))


def _refuse_nul(text: str) -> None:
    at = text.find("\0")
    if at < 0:
        return
    line = len(re.findall(r"\r\n|\r|\n", text[:at])) + 1
    raise InvalidInput(
        f"line {line}",
        "a NUL character",
        accepted="text",
        hint="The file was damaged on its way, or it is not HL7. Ask for it again.",
    )


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        kept = line.strip(_MLLP).strip("\ufeff")
        if kept.strip():
            yield number, kept


def _take(collected: _Collected, number: int, line: str) -> None:
    name = line[:3]
    if name in ENVELOPE:
        _envelope(collected, number, line)
        return
    if name == "MSH":
        collected.close()
        collected.delimiters = Delimiters.declared_by(line)
        collected.counted += 1
        collected.segments.append(_segment(collected.delimiters, number, line))
        return
    separator = collected.delimiters.field
    if not _SEGMENT_NAME.fullmatch(name) or line[3:4] not in ("", separator):
        message = "this line does not begin with a segment name; it was left out"
        collected.fault(Fault(number, "text", message))
    elif len(collected.segments) >= MAX_SEGMENTS:
        raise InvalidInput(
            f"line {number}",
            f"a message of more than {MAX_SEGMENTS:,} segments",
            accepted=f"at most {MAX_SEGMENTS:,}",
            hint="No child's record is that long; ask the registry what this is.",
        )
    elif not collected.segments:
        collected.fault(Fault(number, name, "stands before any MSH; it was left out"))
    else:
        collected.segments.append(_segment(collected.delimiters, number, line))


def _envelope(collected: _Collected, number: int, line: str) -> None:
    name = line[:3]
    if name in ("FHS", "BHS"):
        collected.close()
        collected.opened.append(name)
        collected.counted = 0 if name == "BHS" else collected.counted
        return
    collected.close()
    opening = name[0] + "HS"
    if opening not in collected.opened:
        collected.fault(Fault(number, name, f"closes an envelope without {opening}"))
        return
    collected.opened.remove(opening)
    stated = line.split(line[3:4] or "|")[1:2]
    if name == "BTS" and stated and stated[0].strip().isdecimal():
        _compare_count(collected, number, int(stated[0].strip()[:9]))


def _compare_count(collected: _Collected, number: int, stated: int) -> None:
    if stated != collected.counted:
        message = f"announces {stated} messages, {collected.counted} were found"
        collected.fault(Fault(number, "BTS-1", message))


def _segment(delimiters: Delimiters, number: int, line: str) -> Segment:
    fields = line.split(delimiters.field)
    if fields[0] == "MSH":
        fields.insert(1, delimiters.field)
    return Segment(fields[0], number, tuple(fields), delimiters)


def unescaped(text: str, delimiters: Delimiters = USUAL) -> str:
    r"""Replace the escapes of HL7 chapter 2.7: \F\ \S\ \T\ \R\ \E\ \Xdd..\ and \.br\.

    Highlighting (\H\, \N\) is dropped; an escape that is not known stays as sent.
    """
    mark = delimiters.escape
    if not mark or mark not in text:
        return text
    pattern = f"{re.escape(mark)}([^{re.escape(mark)}]*){re.escape(mark)}"
    return re.sub(pattern, lambda found: _escape(found, delimiters), text)


def _escape(found: re.Match[str], delimiters: Delimiters) -> str:
    known = {
        "F": delimiters.field,
        "S": delimiters.component,
        "T": delimiters.subcomponent,
        "R": delimiters.repetition,
        "E": delimiters.escape,
        "H": "",
        "N": "",
        ".br": "\n",
    }
    code = found.group(1)
    if code in known:
        return known[code]
    if code[:1] == "X" and re.fullmatch(r"([0-9A-Fa-f]{2})+", code[1:]):
        return _hexadecimal(code[1:])
    return found.group(0)


def _hexadecimal(digits: str) -> str:
    data = bytes.fromhex(digits)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def read_date(value: str) -> date:
    """The calendar day of a DT, TS or DTM value; time and offset are not needed.

    The day is the sender's own: an offset never moves a birthday.

    Raises:
        ValueError: shorter than a day ("201408"), not digits, or no such day; the text
            is a sentence.
    """
    digits = value.strip()[:_DATE_DIGITS]
    if len(digits) < _DATE_DIGITS or not (digits.isascii() and digits.isdecimal()):
        message = f"{value.strip()!r} is not a whole date (YYYYMMDD)"
        raise ValueError(message)
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        message = f"{value.strip()!r} is not a day of the calendar"
        raise ValueError(message) from None
