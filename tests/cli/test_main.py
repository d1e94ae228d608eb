"""What holds for every verb: help, usage errors, faults of our own, streams."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from auditor import __version__
from auditor.cli.main import VerbGroup, run
from auditor.cli.main import auditor as program
from auditor.cli.verb import Verb
from auditor.model.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cli.conftest import Command

AUDITOR = Path(sys.executable).with_name("auditor")


def verbs(group: click.Group, *path: str) -> Iterator[tuple[str, click.Command]]:
    """Yield every command that can be typed, with its words."""
    context = click.Context(group, info_name="auditor")
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from verbs(command, *path, name)
        else:
            yield " ".join((*path, name)), command


VERBS = dict(verbs(program))


@pytest.mark.parametrize("words", VERBS)
def test_help_has_examples_and_exit_codes(words: str) -> None:
    """Whoever asks for help gets a line to copy, and learns how the verb can end."""
    verb = VERBS[words]

    assert isinstance(verb, Verb)
    assert verb.examples
    assert all(example.startswith(f"auditor {words}") for example in verb.examples)
    reads_nothing = words in {"init", "lsp", "snapshot schema"}
    wanted = {ExitCode.OK, ExitCode.USAGE, ExitCode.BUG}
    assert wanted | (set() if reads_nothing else {ExitCode.BAD_INPUT}) <= set(verb.exits)
    assert re.match(r"[A-Z].*\.$", verb.get_short_help_str(limit=200))


@pytest.mark.parametrize("words", VERBS)
def test_examples_can_be_typed(words: str) -> None:
    """An example that the verb itself refuses would be worse than none."""
    verb = VERBS[words]
    assert isinstance(verb, Verb)

    for example in verb.examples:
        arguments = shlex.split(example.removeprefix(f"auditor {words}"))
        verb.make_context(words, arguments)


@pytest.mark.parametrize("words", VERBS)
def test_every_option_explains_itself(words: str) -> None:
    """An option without a word of help is a riddle."""
    options = [one for one in VERBS[words].params if isinstance(one, click.Option)]

    assert [option.name for option in options if not option.help] == []


@pytest.mark.parametrize("group", ["", "policy", "snapshot"])
def test_no_line_of_a_list_of_verbs_is_cut(group: str) -> None:
    """What a verb does fits beside its name."""
    command = program.get_command(click.Context(program), group) if group else program
    assert command is not None
    context = click.Context(command, terminal_width=90, **command.context_settings)

    _, _, listed = command.get_help(context).partition("\nCommands:\n")

    assert listed
    assert "..." not in listed.partition("\n\n")[0]


def test_version_imports_nothing_heavy(auditor: Command) -> None:
    """The version is told before click and the rest are imported."""
    done = auditor("--version", PYTHONPROFILEIMPORTTIME="1")

    assert done.code == 0
    assert done.out == f"auditor {__version__}\n"
    for module in ("click", "importlib.metadata", "pydantic", "yaml", "jsonschema", "dataclasses"):
        assert f" {module}\n" not in done.err


def test_check_imports_only_what_it_uses(place: Path, auditor: Command) -> None:
    """What validates schemas, speaks XML or collects is not paid for by a check that does not use it."""
    done = auditor("check", "snapshots", "--policies", "policies", PYTHONPROFILEIMPORTTIME="1")

    assert done.code == 0, place
    for module in (
        "importlib.metadata",
        "pydantic",
        "jsonschema",
        "junit_xml",
        "re2",
        "subprocess",
    ):
        assert f" {module}\n" not in done.err, module


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["chek"], "no such command 'chek'. Did you mean 'check'?", id="verb"),
        pytest.param(
            ["policy", "tset"], "no such command 'tset'. Did you mean 'test'?", id="below"
        ),
        pytest.param(["check", "x", "--fail-onn", "low"], "Did you mean '--fail-on'?", id="option"),
        pytest.param(["check"], "missing argument 'PATH...'", id="argument"),
        pytest.param(
            ["check", "x", "--fail-on", "lo"], "'--fail-on lo' names no severity", id="choice"
        ),
        pytest.param(["check", "x", "--as-of", "today"], "'today' is no instant", id="instant"),
        pytest.param(["check", "x", "-f", "junti"], "no format is called 'junti'", id="format"),
    ],
)
def test_usage_error(arguments: list[str], message: str, capfd: pytest.CaptureFixture[str]) -> None:
    """A slip on the command line is one error with the way out, and exit 2."""
    code = run(arguments)

    shown = capfd.readouterr()
    assert code == 2
    assert shown.out == ""
    assert shown.err.startswith("error[usage]: ")
    assert message in shown.err
    assert "  = help: " in shown.err


def test_no_verb_is_usage(capfd: pytest.CaptureFixture[str]) -> None:
    """Without a verb the help is shown, as a message, and nothing was done."""
    assert run([]) == 2
    assert "Commands:" in capfd.readouterr().err


def test_verbs_are_loaded_when_they_are_used() -> None:
    """The group itself holds no command."""
    assert isinstance(program, VerbGroup)
    assert program.commands == {}


@pytest.fixture
def broken_verb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install a package whose verb raises, and one whose verb cannot be imported."""
    metadata = tmp_path / "other-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Name: other\nVersion: 1.0\n", encoding="utf-8")
    (metadata / "entry_points.txt").write_text(
        "[auditor.verbs]\nburst = other_verb:burst\ngone = no_such_module:gone\n", encoding="utf-8"
    )
    (tmp_path / "other_verb.py").write_text(
        "import click\n"
        "@click.command()\n"
        "def burst():\n"
        "    raise RuntimeError('secret of the input')\n",
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(str(tmp_path))


@pytest.mark.usefixtures("broken_verb")
def test_fault_of_ours_is_one_paragraph(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An exception that nobody expected ends in exit 70, without traceback and without its text."""
    monkeypatch.delenv("AUDITOR_DEBUG", raising=False)

    code = run(["burst"])

    shown = capfd.readouterr()
    assert code == 70
    assert shown.err.startswith(
        "error[bug]: this is a fault of auditor, not of your input: RuntimeError"
    )
    assert "issue tracker" in shown.err
    assert "Traceback" not in shown.err
    assert "secret" not in shown.err


@pytest.mark.usefixtures("broken_verb")
def test_traceback_for_the_one_who_asks(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever sets AUDITOR_DEBUG gets to see how it came about."""
    monkeypatch.setenv("AUDITOR_DEBUG", "1")

    assert run(["burst"]) == 70
    assert "Traceback" in capfd.readouterr().err


@pytest.mark.usefixtures("broken_verb")
def test_verb_that_cannot_be_loaded_breaks_no_other(capfd: pytest.CaptureFixture[str]) -> None:
    """The list of verbs stands, and only the broken one refuses."""
    assert run(["--help"]) == 0
    assert "gone" in capfd.readouterr().out
    assert run(["gone", "--any", "thing"]) == 2
    assert "the verb 'gone' of the package 'other' cannot be loaded" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("words", "where"),
    [
        ("check snapshots --policies policies", "> /dev/full"),
        ("check snapshots --policies policies", ">&-"),
        ("snapshot show snapshots", "> /dev/full"),
        ("snapshot show snapshots", ">&-"),
        ("check --help", "> /dev/full"),
        ("--version", "> /dev/full"),
    ],
)
def test_results_that_nobody_can_take(words: str, where: str, place: Path) -> None:
    """A full disk or a closed stdout is no fault of the program; the report is not written, and it says so."""
    done = subprocess.run(
        ["/bin/sh", "-c", f"{AUDITOR} {words} {where}"],
        cwd=place,
        capture_output=True,
        check=False,
        text=True,
    )

    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("error[output]: cannot write to stdout: ")
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
