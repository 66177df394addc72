"""``trellis iis parse``: answers of immunization registries as JSON Lines."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any, Final

from trellis.cli.exits import DONE, FOUND_SOMETHING_WRONG
from trellis.core.errors import InvalidInput
from trellis.core.messages.hl7 import MAX_BYTES, decoded, read_transmission
from trellis.core.messages.lines import empty_line, message_line
from trellis.core.messages.registry import ANSWER


HELP: Final = "Read HL7 v2 answers of immunization registries, one line a message."
EXAMPLE: Final = "trellis iis parse answers/ answers.jsonl"
NEEDS_DJANGO: Final = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The folder to read and the file to write."""
    parser.add_argument(
        "in_dir", metavar="IN_DIR", type=Path, help="folder searched for *.hl7"
    )
    parser.add_argument(
        "out", metavar="OUT.jsonl", type=Path, help="file to write, one line a message"
    )
    parser.add_argument(
        "--strict", action="store_true", help="stop at the first unreadable file"
    )


def run(options: argparse.Namespace) -> int:
    """Write one line a message; 1 where a file could not be read as HL7.

    Raises:
        InvalidInput: no such folder, no ``*.hl7`` in it, the output cannot be written,
            or (``--strict``) the first unreadable file.
    """
    lines: list[dict[str, Any]] = []
    kinds: Counter[str] = Counter()
    unreadable = 0
    for path in _files(options.in_dir):
        name = path.relative_to(options.in_dir).as_posix()
        try:
            lines.extend(_lines(path, name, kinds))
        except InvalidInput as problem:
            if options.strict:
                raise
            unreadable += 1
            lines.append(empty_line(name, str(problem)))
            sys.stderr.write(f"{name}: {problem}\n")
    _write(options.out, lines)
    sys.stderr.write(_summary(kinds, unreadable))
    return FOUND_SOMETHING_WRONG if unreadable else DONE


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise InvalidInput(
            "IN_DIR",
            folder,
            accepted="a folder",
            hint="Name the folder in which the registries' answers lie.",
        )
    found = sorted(path for path in folder.rglob("*.hl7") if path.is_file())
    if not found:
        raise InvalidInput(
            "IN_DIR",
            folder,
            accepted="a folder with *.hl7 files, also in folders below",
            hint="Check the folder, and that the files end in .hl7.",
        )
    return found


def _lines(path: Path, name: str, kinds: Counter[str]) -> list[dict[str, Any]]:
    """The lines of one file; remarks on the whole file go to its first message."""
    with path.open("rb") as file:
        text, note = decoded(file.read(MAX_BYTES + 1))
    transmission = read_transmission(text)
    lines = [message_line(name, message) for message in transmission.messages]
    kinds.update(message.kind for message in transmission.messages)
    about_file = [str(fault) for fault in transmission.faults]
    lines[0]["errors"].extend([note, *about_file] if note else about_file)
    return lines


def _write(out: Path, lines: list[dict[str, Any]]) -> None:
    """Write beside the target and move into place: never half a file."""
    try:
        handle, temporary = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
    except OSError as problem:
        raise _unwritable(out, problem) from problem
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            for line in lines:
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
        Path(temporary).replace(out)
    except OSError as problem:
        raise _unwritable(out, problem) from problem
    finally:
        Path(temporary).unlink(missing_ok=True)


def _unwritable(out: Path, problem: OSError) -> InvalidInput:
    return InvalidInput(
        "OUT.jsonl",
        out,
        accepted="a file in a folder you may write to",
        hint=f"It could not be written: {problem.strerror}.",
    )


def _summary(kinds: Counter[str], unreadable: int) -> str:
    others = {kind: n for kind, n in sorted(kinds.items()) if kind != ANSWER}
    parts = [f"{kinds.total()} messages", f"{kinds[ANSWER]} {ANSWER}"]
    if others:
        named = ", ".join(f"{n} {kind}" for kind, n in others.items())
        parts.append(f"{sum(others.values())} of other types ({named})")
    if unreadable:
        parts.append(f"{unreadable} files that are not HL7")
    return "; ".join(parts) + "\n"
