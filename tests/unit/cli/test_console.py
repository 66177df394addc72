"""The console script: finding a command, help, exit statuses, no traceback."""

import io
import sys
from types import SimpleNamespace

import pytest

from trellis.cli import main as console
from trellis.cli.registry import ENTRIES, Entry
from trellis.core.errors import InvalidInput, RuleRefused


def test_help_groups_the_commands_and_shows_an_example_of_each_area(capsys):
    assert console.main(["--help"]) == 0
    shown = capsys.readouterr().out
    for entry in ENTRIES:
        assert " ".join(entry.words) in shown
    assert "example: trellis consent decide" in shown


def test_nothing_asked_is_unusable(capsys):
    assert console.main([]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "trellis COMMAND" in captured.err


def test_version(capsys):
    assert console.main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("trellis ")


@pytest.mark.parametrize(
    ("words", "status"),
    [
        pytest.param(["consent", "--help"], 0, id="help of an area"),
        pytest.param(["consent", "undecide"], 2, id="unknown in a known area"),
        pytest.param(["consent"], 2, id="half a command"),
        pytest.param(["consent", "matrix", "--help"], 0, id="help of a command"),
        pytest.param(["consent", "matrix", "--xml"], 2, id="unknown option"),
        pytest.param(["no-such-command"], 2, id="unknown command"),
    ],
)
def test_words_and_their_exit_status(words, status):
    assert console.main(words) == status


def test_the_matrix_is_printed_in_the_columns_of_the_table(capsys):
    assert console.main(["consent", "matrix", "--csv"]) == 0
    header, first, *rest = capsys.readouterr().out.splitlines()
    assert header == "data_class,role,default,unlocked_by,note,write"
    assert first.startswith("adult_identity,director,A,SITE_OPS,")
    assert len(rest) == 274


def test_the_matrix_is_printed_as_a_grid(capsys):
    assert console.main(["consent", "matrix"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 26
    assert lines[1].split()[:4] == ["adult_identity", "A", "A", "T*"]


def test_an_unusable_line_makes_the_status_1(capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"{}\n")))
    assert console.main(["consent", "decide"]) == 1
    captured = capsys.readouterr()
    assert '"reasons":["BAD_REQUEST"]' in captured.out
    assert captured.err.startswith("line 1: id")


def test_no_line_at_all_is_done(capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"")))
    assert console.main(["consent", "decide"]) == 0
    assert capsys.readouterr().out == ""


@pytest.fixture
def failing(monkeypatch):
    """A command that ends with the error it is given."""

    def fail_with(error):
        def run(options):
            raise error

        command = SimpleNamespace(
            HELP="",
            EXAMPLE="",
            NEEDS_DJANGO=False,
            add_arguments=lambda parser: None,
            run=run,
        )
        monkeypatch.setitem(sys.modules, "tests.a_command", command)
        entry = Entry("test", ("fail",), "tests.a_command", "", "")
        monkeypatch.setattr(console, "ENTRIES", (entry,))
        return console.main(["fail"])

    return fail_with


@pytest.mark.parametrize(
    ("error", "status"),
    [
        pytest.param(RuleRefused("The session is full."), 1, id="a rule refused"),
        pytest.param(
            InvalidInput(
                "weight", 900, accepted="0.2 to 40 kg", hint="Check the unit."
            ),
            2,
            id="unusable input",
        ),
        pytest.param(KeyboardInterrupt(), 130, id="stopped by hand"),
        pytest.param(SystemExit(3), 3, id="leaves with a number"),
        pytest.param(SystemExit(), 0, id="leaves with nothing"),
        pytest.param(SystemExit("No database."), 2, id="leaves with a sentence"),
    ],
)
def test_errors_become_exit_statuses(failing, capsys, error, status):
    assert failing(error) == status
    assert "Traceback" not in capsys.readouterr().err


def test_a_reader_that_leaves_is_no_error(failing, monkeypatch):
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert failing(BrokenPipeError()) == 0
    sys.stdout.close()


def test_a_bug_shows_a_reference_and_keeps_the_traceback_in_the_log(
    failing, capsys, monkeypatch, tmp_path
):
    monkeypatch.setenv("TRELLIS_DATA", str(tmp_path))
    assert failing(ZeroDivisionError("division")) == 70
    shown = capsys.readouterr().err
    log = (tmp_path / "trellis-errors.log").read_text(encoding="utf-8")
    reference = shown.split("Reference ")[1][:8]
    assert f"reference {reference}" in log
    assert "ZeroDivisionError" in log
    assert "Traceback" not in shown


def test_a_bug_whose_log_cannot_be_written_says_so(
    failing, capsys, monkeypatch, tmp_path
):
    monkeypatch.setenv("TRELLIS_DATA", str(tmp_path / "missing"))
    assert failing(ZeroDivisionError("division")) == 70
    assert "could not be written" in capsys.readouterr().err


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: " ".join(e.words))
def test_every_entry_names_a_command_module(entry):
    module = console.import_module(entry.module)
    assert module.EXAMPLE.startswith("trellis " + " ".join(entry.words))
    assert isinstance(module.NEEDS_DJANGO, bool)
    assert callable(module.run)
