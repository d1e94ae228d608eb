"""``auditor init``: set up a delivery repository."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import click

from auditor.cli.console import Console
from auditor.cli.options import messages
from auditor.cli.verb import Verb
from auditor.model.errors import ExitCode, UsageProblem

if TYPE_CHECKING:
    from collections.abc import Sequence

CI: Final = ("github", "gitlab", "jenkins", "pre-commit")
NONE: Final = "none"


@click.command(
    cls=Verb,
    examples=(
        "auditor init",
        'auditor init . --name "Apollo" --time-zone Europe/Berlin',
        'auditor init billing/ --unit --name "Billing" --time-zone America/New_York',
        "auditor init . --ci gitlab --ci pre-commit",
    ),
    exits={
        ExitCode.OK: "the files were written; what is to be added to those that were there is on stdout"
    },
)
@click.argument("folder", default=".", metavar="[DIR]")
@click.option("--name", help="What people call the project or unit.")
@click.option(
    "--time-zone", metavar="ZONE", help="IANA zone of its local days, e.g. Europe/Berlin."
)
@click.option(
    "--id", "auditee", metavar="ID", help="Id that never changes. Default: made of the name."
)
@click.option("--unit", is_flag=True, help="An operating unit, not a project.")
@click.option(
    "--ci",
    "kinds",
    type=click.Choice([*CI, NONE]),
    multiple=True,
    help="Where the gate is to run; repeatable. Default: what the repository uses. In a repository that is set up"
    " already, only this is added.",
)
@messages
def init(
    *,
    folder: str,
    name: str | None,
    time_zone: str | None,
    auditee: str | None,
    unit: bool,
    kinds: tuple[str, ...],
    quiet: bool,
    verbose: bool,
) -> int:
    """
    Set up a delivery repository in DIR.

    It gets auditor.yaml, delivery/, a page that says what goes where, and the gate for its CI (docs/ci.md). On a
    terminal what is missing is asked for. A file that is there is never written over.
    """
    # Imported here, so that --help and a slip on the command line do not pay for the schema.
    from auditor.usecases.init_repository import Setup, init_repository, is_set_up

    console = Console(quiet=quiet, verbose=verbose)
    if NONE in kinds and len(set(kinds)) > 1:
        msg = f"--ci {NONE} and --ci {next(kind for kind in kinds if kind != NONE)} contradict each other"
        raise UsageProblem(msg, hint="give one of them")
    is_new = not (kinds and is_set_up(folder)) or bool(name or time_zone or auditee or unit)
    if is_new:
        target = "unit" if unit else "project"
        setup = Setup(
            folder=folder,
            name=name or _asked(f"Name of the {target}", "--name"),
            time_zone=time_zone or _asked("Time zone, e.g. Europe/Berlin", "--time-zone"),
            auditee=auditee,
            target=target,
        )
        kinds = kinds or _kinds(folder, console)
        for file in init_repository(setup):
            console.note(f"wrote {file}")
    _add(folder, [kind for kind in dict.fromkeys(kinds) if kind != NONE], console)
    if is_new:
        console.note(
            "next: fill in the delivery folder and commit it, then run 'auditor check .';"
            " 'auditor snapshot show . --coverage' says what is still missing"
        )
    return ExitCode.OK


def _kinds(folder: str, console: Console) -> tuple[str, ...]:
    """Return where the gate is to run, of which nothing was said: what is found, else what the user says."""
    from auditor.usecases.add_pipeline import PIPELINES, detect

    found = detect(folder)
    for one in found:
        console.note(
            f"sets up {PIPELINES[one.kind].called}, because {one.because}; --ci says otherwise"
        )
    if found:
        return tuple(one.kind for one in found)
    if not sys.stdin.isatty():
        console.note(f"no CI was chosen: --ci {'|'.join(CI)} adds a gate")
        return ()
    answer: str = click.prompt(
        "CI that is to run the gate", type=click.Choice([*CI, NONE]), default=NONE, err=True
    )
    return (answer,)


def _add(folder: str, kinds: Sequence[str], console: Console) -> None:
    """Put the gate into each kind of CI; what cannot be written is told, and handed over on stdout."""
    from auditor.usecases.add_pipeline import EXAMPLE_PATH, EXAMPLE_REVISION, add_pipeline
    from auditor.usecases.where_installed_from import where_installed_from

    origin = where_installed_from() if kinds else None
    for kind in kinds:
        added = add_pipeline(folder, kind, origin)
        if added.lines is None:
            console.note(f"wrote {added.target}")
            continue
        if added.below is None:
            told = f"{added.target} is there already and stays as it is; add to it:"
        else:
            told = (
                f"{added.below} is a folder of a larger repository, so nothing was written; add to {added.target},"
                f" with {added.below} in the place of the dot behind 'check', 'paths:' or 'args:':"
            )
        console.note(told)
        console.result(added.lines.encode())
    if "pre-commit" in kinds:
        console.note("whoever has a clone switches the hooks on there, with 'pre-commit install'")
    if kinds and origin is None:
        console.note(
            f"this installation does not know where others get auditor from: write it in the place of"
            f" '{EXAMPLE_PATH}' and '{EXAMPLE_REVISION}'"
        )


def _asked(question: str, option: str) -> str:
    if not sys.stdin.isatty():
        msg = f"{option} is missing, and nobody can be asked for it"
        raise UsageProblem(msg, hint=f"give {option}")
    answer: str = click.prompt(question, err=True)
    return answer
