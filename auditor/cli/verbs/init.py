"""``auditor init``: set up a delivery repository."""

from __future__ import annotations

import sys

import click

from auditor.cli.console import Console
from auditor.cli.options import messages
from auditor.cli.verb import Verb
from auditor.model.errors import ExitCode, UsageProblem


@click.command(
    cls=Verb,
    examples=(
        "auditor init",
        'auditor init . --name "Apollo" --time-zone Europe/Berlin',
        'auditor init billing/ --unit --name "Billing" --time-zone America/New_York',
    ),
    exits={ExitCode.OK: "the files were written"},
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
@messages
def init(
    *,
    folder: str,
    name: str | None,
    time_zone: str | None,
    auditee: str | None,
    unit: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """
    Set up a delivery repository in DIR.

    It gets auditor.yaml, delivery/ and a page that says what goes where. On a terminal what is missing is
    asked for. A file that is there is never written over.
    """
    # Imported here, so that --help and a slip on the command line do not pay for the schema.
    from auditor.usecases.init_repository import Setup, init_repository

    console = Console(quiet=quiet, verbose=verbose)
    target = "unit" if unit else "project"
    setup = Setup(
        folder=folder,
        name=name or _asked(f"Name of the {target}", "--name"),
        time_zone=time_zone or _asked("Time zone, e.g. Europe/Berlin", "--time-zone"),
        auditee=auditee,
        target=target,
    )
    for file in init_repository(setup):
        console.note(f"wrote {file}")
    console.note(
        "next: fill in the delivery folder and commit it, then run 'auditor check .';"
        " 'auditor snapshot show . --coverage' says what is still missing"
    )
    return ExitCode.OK


def _asked(question: str, option: str) -> str:
    if not sys.stdin.isatty():
        msg = f"{option} is missing, and nobody can be asked for it"
        raise UsageProblem(msg, hint=f"give {option}")
    answer: str = click.prompt(question, err=True)
    return answer
