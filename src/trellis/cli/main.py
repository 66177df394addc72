"""The console script ``trellis``: finds a command, runs it, turns errors into exits."""

from __future__ import annotations

import argparse
import contextlib
import os
import secrets
import sys
import tempfile
import traceback
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from trellis.cli.exits import BUG, DONE, UNUSABLE_INPUT, exit_status
from trellis.cli.registry import ENTRIES, Entry
from trellis.core.errors import TrellisError


SETTINGS = "trellis.config.settings"
INTERRUPTED = 130  # 128 + SIGINT, as shells count


class CommandModule(Protocol):
    """What every module named in the registry offers."""

    HELP: str
    EXAMPLE: str
    NEEDS_DJANGO: bool

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""

    def run(self, options: argparse.Namespace) -> int:
        """Do the work and return the exit status."""


# Only these change tables; all else connects as a role that owns nothing.
OWNER_COMMANDS = frozenset({"migrate", "createcachetable"})


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns 0 done, 1 found something wrong, 2 unusable, 70 bug."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        return _dispatch(words)
    except TrellisError as error:
        sys.stderr.write(f"{error}\n")
        return exit_status(error)
    except SystemExit as leaving:
        return _status_of(leaving)
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output left (`| head`): nothing more to say to it.
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - stays open until exit
        return DONE
    except Exception:  # noqa: BLE001 - the last net: no traceback reaches the screen
        return _report_bug()


def _dispatch(words: list[str]) -> int:
    if not words or words[0] in {"-h", "--help", "help"}:
        (sys.stdout if words else sys.stderr).write(_overview())
        return DONE if words else UNUSABLE_INPUT
    if words[0] == "--version":
        sys.stdout.write(f"trellis {_version()}\n")
        return DONE
    entry = _entry_for(words)
    if entry:
        return _run(entry, words[len(entry.words) :])
    if any(entry.words[0] == words[0] for entry in ENTRIES):
        return _explain_area(words)
    return _run_django(words)


def _entry_for(words: list[str]) -> Entry | None:
    """The command whose words begin the line; the longer name wins."""
    matching = (e for e in ENTRIES if tuple(words[: len(e.words)]) == e.words)
    return max(matching, key=lambda entry: len(entry.words), default=None)


def _run(entry: Entry, rest: list[str]) -> int:
    module = cast(CommandModule, import_module(entry.module))
    parser = argparse.ArgumentParser(
        prog=" ".join(("trellis", *entry.words)),
        description=module.HELP,
        epilog=f"Example: {module.EXAMPLE}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.add_arguments(parser)
    options = parser.parse_args(rest)
    if module.NEEDS_DJANGO:
        _set_up_django()
    return module.run(options)


def _set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    import django

    django.setup()


def _run_django(words: list[str]) -> int:
    """Commands of Django itself and of ``cli/management`` (migrate, check, shell)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    from django.core.management import ManagementUtility, get_commands

    if words[0] not in get_commands():
        sys.stderr.write(
            f"trellis: there is no command {words[0][:40]!r}. "
            "`trellis --help` lists them.\n"
        )
        return UNUSABLE_INPUT
    if words[0] in OWNER_COMMANDS:
        os.environ["TRELLIS_AS_OWNER"] = "1"
    ManagementUtility(["trellis", *words]).execute()
    return DONE


def _explain_area(words: list[str]) -> int:
    text = "".join(_lines_of(words[0], [e for e in ENTRIES if e.words[0] == words[0]]))
    if words[1:2] in (["-h"], ["--help"]):
        sys.stdout.write(text)
        return DONE
    given = " ".join(words)[:60]
    sys.stderr.write(f"trellis: there is no command {given!r}. Known here:\n{text}")
    return UNUSABLE_INPUT


def _overview() -> str:
    areas = list(dict.fromkeys(entry.area for entry in ENTRIES))
    lines = ["Usage: trellis COMMAND [arguments]; trellis COMMAND --help\n\n"]
    for area in areas:
        lines += _lines_of(area, [e for e in ENTRIES if e.area == area])
    lines.append("Also every command of Django's own, such as `trellis migrate`.\n")
    return "".join(lines)


def _lines_of(area: str, entries: list[Entry]) -> list[str]:
    named = [f"  {' '.join(e.words):<18} {e.summary}\n" for e in entries]
    return [f"{area}\n", *named, f"    example: {entries[0].example}\n\n"]


def _version() -> str:
    from importlib.metadata import version

    return version("trellis-care")


def _status_of(leaving: SystemExit) -> int:
    """Argparse and Django leave by SystemExit with a number, a text or nothing."""
    if leaving.code is None:
        return DONE
    if isinstance(leaving.code, int):
        return leaving.code
    sys.stderr.write(f"{leaving.code}\n")
    return UNUSABLE_INPUT


def _report_bug() -> int:
    """Write the traceback to the log under a number; show the number only."""
    reference = secrets.token_hex(4)
    folder = Path(os.environ.get("TRELLIS_DATA") or tempfile.gettempdir())
    path = folder / "trellis-errors.log"
    place = f"in {path}"
    with contextlib.suppress(OSError):
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as log:
            log.write(f"reference {reference}\n{traceback.format_exc()}\n")
    if not path.exists():
        place = "lost: the log could not be written"
    sys.stderr.write(
        f"Something went wrong in Trellis itself. Reference {reference}; "
        f"the details are {place}.\n"
    )
    return BUG
