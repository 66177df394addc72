"""``trellis consent decide``: access requests in, decisions out, line by line."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Final

from trellis.cli.exits import DONE, FOUND_SOMETHING_WRONG
from trellis.core.consent.decisions import unusable_request
from trellis.core.consent.wire import decision_as_json, id_of, line_from
from trellis.core.errors import InvalidInput


HELP: Final = (
    "Answer access requests: one JSON object a line on standard input, one decision\n"
    "a line on standard output, in the same order. Nothing is read from the clock or\n"
    "a database. An unusable line is answered with DENY and BAD_REQUEST, named on\n"
    "standard error, and makes the exit status 1."
)
EXAMPLE: Final = "trellis consent decide < requests.jsonl > answers.jsonl"
NEEDS_DJANGO: Final = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments: requests come on standard input."""
    del parser


def run(options: argparse.Namespace) -> int:
    """Answer every line; 1 when any was unusable, otherwise 0."""
    del options
    status = DONE
    for number, raw in enumerate(sys.stdin.buffer, start=1):
        answer, problem = answer_to(raw)
        if problem:
            sys.stderr.write(f"line {number}: {problem}\n")
            status = FOUND_SOMETHING_WRONG
        sys.stdout.write(json.dumps(answer, separators=(",", ":")) + "\n")
    sys.stdout.flush()
    return status


def answer_to(raw: bytes) -> tuple[dict[str, object], str]:
    """The answer to one line, and why the line was unusable ("" if it was not)."""
    value: object = None
    try:
        value = json.loads(raw.decode("utf-8"))
        return line_from(value).answer(), ""
    except InvalidInput as error:
        problem = str(error)
    except (ValueError, RecursionError):
        problem = "not a JSON object in UTF-8; write one object a line."
    return decision_as_json(id_of(value), unusable_request()), problem
