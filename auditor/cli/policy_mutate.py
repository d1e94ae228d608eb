"""
``auditor policy mutate``: which small changes to a policy its cases do not notice.

A part of the verb ``policy``.
"""

from __future__ import annotations

import click

from auditor.cli.console import Console
from auditor.cli.options import messages, written_policies
from auditor.cli.verb import Verb
from auditor.cli.whose_policies import tell_whose
from auditor.model.errors import ExitCode, UsageProblem, did_you_mean


@click.command(
    "mutate",
    cls=Verb,
    examples=(
        "auditor policy mutate blocker-not-escalated",
        "auditor policy mutate --policies policies/ --min-score 90",
        "auditor policy mutate blocker-not-escalated --operator boundary --operator span",
        "auditor policy mutate --words --jobs 4 --format json",
    ),
    exits={
        ExitCode.OK: "tried, and the cases of every policy noticed as much as --min-score asks for",
        ExitCode.GATED: "they did not, a policy has no cases, or it does not meet them as it is written",
        ExitCode.NOTHING: "there is no policy, none has a case, or there is nothing to change in them",
        ExitCode.BAD_INPUT: "a policy or its cases cannot be read, or the policy of cases is gone; the others are tried",
    },
)
@click.argument("ids", nargs=-1, metavar="[POLICY]...")
@written_policies
@click.option(
    "--operator",
    "operators",
    multiple=True,
    metavar="NAME",
    help="Only this kind of change, e.g. boundary; repeatable. See docs/mutation.md.",
)
@click.option(
    "--tries",
    type=click.IntRange(0),
    default=100,
    show_default=True,
    metavar="N",
    help="How many variations of the cases are judged in search of one that would notice a change.",
)
@click.option("--words", is_flag=True, help="Change the words that packs share, too.")
@click.option(
    "--min-score",
    "percent",
    type=click.IntRange(0, 100),
    default=0,
    metavar="PERCENT",
    help="End with exit code 1 where the cases of a policy notice fewer of the changes to it.",
)
@click.option(
    "--jobs",
    type=click.IntRange(1),
    metavar="N",
    help="How many processes work on it. Default: as many as there are processors.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How it is written.",
)
@messages
def mutate(
    *,
    ids: tuple[str, ...],
    policies: tuple[str, ...],
    profile: str | None,
    operators: tuple[str, ...],
    tries: int,
    words: bool,
    percent: int,
    jobs: int | None,
    form: str,
    quiet: bool,
    verbose: bool,
) -> int:
    """
    Show which slips in each POLICY its cases do not notice.

    The policy is changed in the small ways in which people get policies wrong: a comparison off by one, a
    condition left out, `all` for `exists`, another role, twice the time; each by itself. What no case notices
    is shown with its line, and with a case that would. Nothing is written.
    """
    # Imported here, so that --help and a slip on the command line do not pay for the evaluator.
    from auditor.cli.mutation_page import (  # noqa: PLC0415 - see above
        mutation_document,
        mutation_page,
        shortfall,
        summary,
    )
    from auditor.language.mutation.operators import OPERATORS  # noqa: PLC0415 - see above
    from auditor.usecases.mutate_policies import (  # noqa: PLC0415 - see above
        Wanted,
        is_short,
        mutate_policies,
    )
    from auditor.usecases.several_processes import usable_processors  # noqa: PLC0415 - see above

    console = Console(quiet=quiet, verbose=verbose)
    tell_whose(console, policies)
    for operator in operators:
        if operator not in OPERATORS:
            msg = f"there is no operator '{operator}'"
            raise UsageProblem(msg, hint=did_you_mean(operator, OPERATORS))
    wanted = Wanted(policies, profile, ids, operators, words, tries)
    found = mutate_policies(wanted, jobs=jobs or usable_processors(), progress=console.progress)
    console.errors(found.errors)
    if form == "json":
        console.line(mutation_document(found))
    else:
        for line in mutation_page(found, colour=console.has_colour):
            console.line(line)
    for one in found.policies:
        if is_short(one.noticed, one.tried, percent):
            console.note(shortfall(one, percent))
    console.note(summary(found))
    return found.code(percent)
