"""
``auditor policy try``: evaluate expressions and a policy on snapshots while they are being written.

On a terminal a prompt; elsewhere the lines of stdin, or the expressions of ``-e``.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TextIO

import click

from auditor.cli.console import Console
from auditor.cli.options import instants, messages, written_policies
from auditor.cli.verb import Verb
from auditor.model.errors import AuditorError, ExitCode, UsageProblem, install_extra
from auditor.reporters.foreign_text import flowing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditor.cli.try_session import Session
    from auditor.usecases.instants import AsOf, Period


@click.command(
    "try",
    cls=Verb,
    examples=(
        "auditor policy try atlas.json",
        "auditor policy try atlas.json --policy policies/seef/blocker-not-escalated.yaml",
        "auditor policy try atlas.json fjord.json -e 'risks.count(r, r.owner == null)'",
        "auditor policy try atlas.json < expressions.txt",
    ),
    exits={
        ExitCode.OK: "everything could be evaluated, whatever came out; from a prompt always",
        ExitCode.GATED: "an expression or a command is wrong",
        ExitCode.NOTHING: "there is no snapshot",
        ExitCode.BAD_INPUT: "a snapshot or the policy cannot be read; the rest is tried",
        ExitCode.POLICY_BROKE: "an expression or the policy broke while it was evaluated",
    },
)
@click.argument("snapshots", nargs=-1, metavar="[SNAPSHOT]...")
@click.option(
    "--policy", metavar="FILE|ID", help="Policy whose names are in force; it is judged, too."
)
@click.option(
    "-e",
    "--expression",
    "expressions",
    multiple=True,
    metavar="EXPRESSION",
    help="Evaluate it and leave; repeatable.",
)
@written_policies
@instants
@click.option("--no-history", is_flag=True, help="Do not keep what is typed at the prompt.")
@messages
def try_(
    *,
    snapshots: tuple[str, ...],
    policy: str | None,
    expressions: tuple[str, ...],
    policies: tuple[str, ...],
    profile: str | None,
    as_of: AsOf | None,
    period: Period | None,
    captured_at: str | None,
    no_history: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """
    Evaluate expressions on each SNAPSHOT, as policies would.

    Without a SNAPSHOT those of the current folder are taken. On a terminal there is a prompt that completes
    names; :help tells what else it can do. A policy file is read again whenever it has changed.
    """
    # Imported here, so that --help and a slip on the command line do not pay for the evaluator.
    from auditor.cli.try_session import Session  # noqa: PLC0415 - see above
    from auditor.usecases.try_policy import Wanted, begin  # noqa: PLC0415 - see above

    if not all(map(str.strip, expressions)):
        msg = "-e is given an expression without a word in it"
        raise UsageProblem(msg, hint="write one, in quotes: -e 'risks.size()'")
    console = Console(quiet=quiet, verbose=verbose)
    is_interactive = not expressions and all(map(_is_terminal, (sys.stdin, sys.stdout)))
    if is_interactive:
        _demand_prompt()
    wanted = Wanted(snapshots, policies, profile, policy, as_of, period, captured_at)
    trial, errors = begin(wanted, console)
    console.errors([*errors, *trial.faults])
    session = Session(trial, colour=console.has_colour)
    if is_interactive:
        from auditor.cli.plan_folders import history_file  # noqa: PLC0415 - see above
        from auditor.cli.try_prompt import run_prompt  # noqa: PLC0415 - an extra brings it

        run_prompt(session, console, None if no_history else history_file())
        return ExitCode.OK
    code = _answered(session, console, expressions or _lines(sys.stdin))
    return ExitCode.BAD_INPUT if errors or trial.faults else code


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty()


def _lines(stream: TextIO | None) -> tuple[str, ...]:
    """Return what is to be read there; nothing where the shell has closed it."""
    if stream is None:
        return ()
    return tuple(stream.buffer.read().decode("utf-8", "replace").splitlines())


def _demand_prompt() -> None:
    """
    Refuse to begin where there can be no prompt.

    Raises:
        UsageProblem: What it is made with is not installed.
    """
    try:
        import prompt_toolkit  # noqa: F401, PLC0415 - an extra brings it
    except ModuleNotFoundError:
        msg = "the prompt needs prompt_toolkit, which is not installed"
        hint = f"{install_extra('try')}; or name expressions with -e"
        raise UsageProblem(msg, hint=hint) from None


def _answered(session: Session, console: Console, lines: Sequence[str]) -> ExitCode:
    """Answer lines on each snapshot; what is wrong with one keeps the others from nothing."""
    told: set[str] = set()
    for position, _ in enumerate(session.trial.snapshots):
        session.trial.choose_snapshot(position)
        for text in session.opening():
            console.line(text)
        for line in filter(str.strip, lines):
            if session.is_over:
                break
            console.line(f"> {flowing(line)}")
            try:
                for text in session.answer(line):
                    console.line(text)
            except AuditorError as error:
                if line not in told:  # once is enough, however many snapshots there are
                    console.errors([error])
                told.add(line)
                console.line("  wrong")
    if told:
        return ExitCode.GATED
    return ExitCode.POLICY_BROKE if session.has_broken else ExitCode.OK
