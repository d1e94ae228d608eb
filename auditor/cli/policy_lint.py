"""
``auditor policy lint``: what is wrong or doubtful in policies, in a form for people or for programs.
"""

from __future__ import annotations

import click

from auditor.cli.console import Console
from auditor.cli.options import messages, written_policies
from auditor.cli.verb import Verb
from auditor.cli.whose_policies import tell_whose
from auditor.model.errors import ExitCode


@click.command(
    "lint",
    cls=Verb,
    examples=(
        "auditor policy lint",
        "auditor policy lint policies/ --profile profile.yaml",
        "auditor policy lint policies/seef/blocker-not-escalated.yaml --strict",
        "auditor policy lint policies/ --fix",
        "auditor policy lint --pack seef --format sarif",
    ),
    exits={
        ExitCode.OK: "no error; warnings alone do not gate without --strict",
        ExitCode.GATED: "an error, or with --strict a warning",
        ExitCode.NOTHING: "there is no policy",
        ExitCode.BAD_INPUT: "a file or folder cannot be read; the others are looked at",
    },
)
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--policy", "ids", multiple=True, metavar="ID", help="Only this policy; repeatable.")
@click.option("--pack", "packs", multiple=True, metavar="PACK", help="Only this pack; repeatable.")
@written_policies
@click.option(
    "--portable",
    is_flag=True,
    help="Say of each expression where cel-python would answer differently or not at all.",
)
@click.option("--strict", is_flag=True, help="Let warnings gate, too.")
@click.option(
    "--fix",
    is_flag=True,
    help="Mend what is mechanical in the policies of the PATHs, and say what was changed.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif", "github"]),
    default="text",
    show_default=True,
    help="How the findings are written.",
)
@messages
def lint(
    *,
    paths: tuple[str, ...],
    ids: tuple[str, ...],
    packs: tuple[str, ...],
    policies: tuple[str, ...],
    profile: str | None,
    portable: bool,
    strict: bool,
    fix: bool,
    form: str,
    quiet: bool,
    verbose: bool,
) -> int:
    """
    Say what is wrong or doubtful in policies and their cases.

    And how the cost of policies grows. A PATH is a policy file or a folder of policies. Default: the policies
    that come with auditor.
    """
    # Imported here, so that --help and a slip on the command line do not pay for the compiler.
    from auditor.cli.lint_documents import (  # noqa: PLC0415 - see above
        lint_commands,
        lint_document,
        lint_sarif,
    )
    from auditor.cli.lint_page import fixed_line, lint_page, summary  # noqa: PLC0415 - see above
    from auditor.usecases.lint_policies import lint as linted_policies  # noqa: PLC0415 - see above
    from auditor.usecases.read_policies import PolicyChoice  # noqa: PLC0415 - see above

    console = Console(quiet=quiet, verbose=verbose)
    tell_whose(console, (*paths, *policies))
    found = linted_policies(
        (*paths, *policies),
        PolicyChoice(ids, packs),
        portable=portable,
        profile=profile,
        fix=fix,
    )
    console.errors(found.unread)
    for change in found.fixed:
        console.note(fixed_line(change))
    match form:
        case "json":
            lines = iter([lint_document(found)])
        case "sarif":
            lines = iter([lint_sarif(found)])
        case "github":
            lines = lint_commands(found)
        case _:
            lines = lint_page(found, colour=console.has_colour)
    for line in lines:
        console.line(line)
    console.note(summary(found))
    return found.code(strict=strict)
