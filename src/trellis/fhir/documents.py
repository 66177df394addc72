"""Bytes of a FHIR file as resources: JSON Bundle, one resource, or NDJSON.

What makes a whole file unusable is refused with the place: its encoding, NUL, cut-off
JSON (line and column), numbers that are none, a key twice, nesting too deep to be a
record. A bad line of NDJSON is a problem of that line only.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from trellis.core.errors import InvalidInput
from trellis.core.people.histories import PlaceInFile, Problem


MAX_BYTES: Final = 50_000_000
MAX_DEPTH: Final = 100  # FHIR resources stay below 20
_ASK_AGAIN: Final = "Ask the sender for the whole file again."
_BRACKETS: Final = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[\]{}]', re.DOTALL)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")

_TYPE: Final = "resourceType"

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """One resource and where it stood: ``pointer`` "entry[3].resource", or a line."""

    place: PlaceInFile
    full_url: str
    resource: Json

    @property
    def kind(self) -> str:
        """The resource type, "unknown" where none is said."""
        found = self.resource.get(_TYPE)
        return found if isinstance(found, str) and found.isalpha() else "unknown"

    def at(self, field: str) -> PlaceInFile:
        """The place of one field of the resource."""
        pointer = f"{self.place.pointer}.{field}"
        return PlaceInFile(self.place.file, pointer, self.place.line)

    def problem(self, field: str, message: str) -> Problem:
        """A problem of one field of this resource."""
        return Problem(self.at(field), field, message)


def read_document(data: bytes, *, file: str) -> tuple[list[Entry], list[Problem]]:
    """The resources of a file, in order, and the lines of NDJSON that are unusable.

    Raises:
        InvalidInput: the file as a whole cannot be read; the text names the place.
    """
    text = _decoded(data)
    lines = [(n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip()]
    if not lines:
        raise _unusable("file", "an empty file", "Check that it was saved whole.")
    if len(lines) > 1 and _is_object(lines[0][1]):
        return _read_lines(lines, file)
    return _entries(parse(text), file), []


def _decoded(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise InvalidInput(
            "file",
            f"{len(data):,} bytes",
            accepted=f"at most {MAX_BYTES:,} bytes",
            hint="Export fewer children at once.",
        )
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise _unusable("encoding", "UTF-16", "Save the file as UTF-8.")
    try:
        text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError as problem:
        given = f"byte {problem.start + 1}, which is not UTF-8,"
        raise _unusable("encoding", given, "Save the file as UTF-8.") from None
    at = text.find("\0")
    if at >= 0:
        line, column = _position(text, at)
        where = f"line {line}, column {column}"
        raise _unusable(where, "a NUL character", _ASK_AGAIN)
    return text


def _position(text: str, at: int) -> tuple[int, int]:
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def _unusable(field: str, given: str, hint: str) -> InvalidInput:
    return InvalidInput(
        field, given, accepted="FHIR R4 as JSON or NDJSON in UTF-8", hint=hint
    )


def parse(text: str) -> Any:  # noqa: ANN401 - JSON is any of six types
    """One JSON document, strictly.

    Raises:
        InvalidInput: not JSON, cut off, nested deeper than ``MAX_DEPTH``, a key twice
            in one object, NaN or Infinity, NUL or half a surrogate pair in a text.
    """
    _refuse_depth(text)
    try:
        return json.loads(text, parse_constant=_no_number, object_pairs_hook=_object)
    except json.JSONDecodeError as problem:
        where = f"line {problem.lineno}, column {problem.colno}"
        is_cut = problem.pos >= len(text.rstrip()) or "Unterminated" in problem.msg
        given = (
            "JSON that is cut off" if is_cut else f"JSON with a fault ({problem.msg})"
        )
        raise _unusable(where, given, _ASK_AGAIN) from None
    except ValueError as problem:  # a number with thousands of digits
        raise _unusable("number", str(problem)[:80], _ASK_AGAIN) from None


def _refuse_depth(text: str) -> None:
    """Count brackets outside texts: a nested bomb is refused before it is parsed."""
    depth = 0
    for found in _BRACKETS.finditer(text):
        mark = found.group()
        if mark in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                line, column = _position(text, found.start())
                raise InvalidInput(
                    f"line {line}, column {column}",
                    f"nesting deeper than {MAX_DEPTH} levels",
                    accepted=f"at most {MAX_DEPTH} levels",
                    hint="This is no FHIR record; ask the sender what it is.",
                )
        elif mark in "]}":
            depth -= 1


def _no_number(name: str) -> NoReturn:
    raise _unusable("number", name, "Ask the sender to leave unknown values out.")


def _object(pairs: list[tuple[str, Any]]) -> Json:
    made: Json = {}
    for key, value in pairs:
        if key in made:
            given = f"the key {key[:40]!r} twice in one object"
            raise _unusable("JSON", given, "Ask the sender which value is meant.")
        for text in value if isinstance(value, list) else (value,):
            if isinstance(text, str) and ("\0" in text or _SURROGATE.search(text)):
                raise _unusable(key[:40], "a text with NUL or broken signs", _ASK_AGAIN)
        made[key] = value
    return made


def _is_object(line: str) -> bool:
    """Whether a line is one whole JSON object: then the file is NDJSON."""
    if not line.lstrip().startswith("{"):
        return False
    try:
        return isinstance(parse(line), dict)
    except InvalidInput:
        return False


def _read_lines(
    lines: list[tuple[int, str]], file: str
) -> tuple[list[Entry], list[Problem]]:
    entries: list[Entry] = []
    problems: list[Problem] = []
    for number, line in lines:
        place = PlaceInFile(file, f"line {number}", number)
        try:
            value = parse(line)
        except InvalidInput as problem:
            problems.append(Problem(place, problem.field, str(problem)))
            continue
        if isinstance(value, dict) and isinstance(value.get(_TYPE), str):
            entries.extend(_entries(value, file, number))
        else:
            sentence = (
                "This line is no resource; each line holds one resource or Bundle."
            )
            problems.append(Problem(place, "", sentence))
    return entries, problems


def _entries(document: Any, file: str, line: int | None = None) -> list[Entry]:  # noqa: ANN401 - parsed JSON
    if not isinstance(document, dict) or not isinstance(document.get(_TYPE), str):
        hint = "Check that this is a FHIR file and not another kind of JSON."
        raise _unusable("resourceType", "JSON without a resource type", hint)
    if document[_TYPE] != "Bundle":
        return [Entry(PlaceInFile(file, document[_TYPE], line), "", document)]
    listed = document.get("entry", [])
    if not isinstance(listed, list):
        raise _unusable("entry", "a Bundle whose entry is no list", _ASK_AGAIN)
    return [
        _entry(item, PlaceInFile(file, f"entry[{number}].resource", line))
        for number, item in enumerate(listed)
    ]


def _entry(item: Any, place: PlaceInFile) -> Entry:  # noqa: ANN401 - parsed JSON
    found = item if isinstance(item, dict) else {}
    resource, url = found.get("resource"), found.get("fullUrl")
    return Entry(
        place,
        url if isinstance(url, str) else "",
        resource if isinstance(resource, dict) else {},
    )
