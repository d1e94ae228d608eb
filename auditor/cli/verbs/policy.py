"""``auditor policy``: work on policies."""

from __future__ import annotations

import click

from auditor.cli.console import Console
from auditor.cli.options import messages
from auditor.cli.policy_coverage import coverage
from auditor.cli.policy_diff import diff
from auditor.cli.policy_docs import docs
from auditor.cli.policy_lint import lint
from auditor.cli.policy_mutate import mutate
from auditor.cli.policy_new import new
from auditor.cli.policy_test import test
from auditor.cli.policy_try import try_
from auditor.cli.verb import HELP, Verb
from auditor.model.errors import ExitCode


@click.group(context_settings=HELP)
def policy() -> None:
    """Work on policies."""


policy.add_command(coverage)
policy.add_command(diff)
policy.add_command(docs)
policy.add_command(lint)
policy.add_command(mutate)
policy.add_command(new)
policy.add_command(test)
policy.add_command(try_)


@policy.command(
    "list",
    cls=Verb,
    examples=("auditor policy list", "auditor policy list --pack seef -v"),
    exits={
        ExitCode.OK: "listed",
        ExitCode.NOTHING: "there is no policy",
        ExitCode.BAD_INPUT: "a policy cannot be read; the others are listed",
    },
)
@click.option("--pack", "packs", multiple=True, metavar="PACK", help="Only this pack; repeatable.")
@click.option(
    "--policies",
    multiple=True,
    metavar="DIR",
    help="Folder of policies; repeatable. Default: the policies that come with auditor.",
)
@messages
def list_(*, packs: tuple[str, ...], policies: tuple[str, ...], quiet: bool, verbose: bool) -> int:
    """
    List the policies, whom they judge and what they decide.

    With --verbose each with its title, its reason and its parameters.
    """
    # Imported here, so that --help and a slip on the command line do not pay for the compiler.
    from auditor.cli.policy_page import policy_page
    from auditor.usecases.list_policies import list_policies
    from auditor.usecases.read_policies import PolicyChoice, named_folder

    console = Console(quiet=quiet, verbose=verbose)
    found, errors = list_policies(
        [named_folder(typed) for typed in policies], PolicyChoice(packs=packs)
    )
    console.errors(errors)
    for line in policy_page(found, verbose=verbose):
        console.line(line)
    return ExitCode.BAD_INPUT if errors else ExitCode.OK
