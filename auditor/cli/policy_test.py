"""
``auditor policy test``: run the cases of policies.

A part of the verb ``policy``.
"""

from __future__ import annotations

import click

from auditor.cli.console import Console
from auditor.cli.options import messages, written_policies
from auditor.cli.verb import Verb
from auditor.cli.whose_policies import tell_whose
from auditor.model.errors import ExitCode, UsageProblem


@click.command(
    cls=Verb,
    examples=(
        "auditor policy test",
        "auditor policy test execution-before-dm-sign-off --case 'a minute'",
        "auditor policy test --policies policies/ --watch",
        "auditor policy test --policies policies/ -f text -f junit=cases.xml",
    ),
    exits={
        ExitCode.OK: "every case came out as expected",
        ExitCode.GATED: "a case did not, or a policy has no cases",
        ExitCode.NOTHING: "there is no policy, no case at all, or none of that name",
        ExitCode.BAD_INPUT: "a policy or its cases cannot be read, or the policy of cases is gone",
    },
)
@click.argument("ids", nargs=-1, metavar="[POLICY]...")
@written_policies
@click.option(
    "--case",
    "names",
    multiple=True,
    metavar="TEXT",
    help="Only cases with TEXT in their names, in capitals or not; repeatable.",
)
@click.option(
    "-f",
    "--format",
    "formats",
    multiple=True,
    metavar="FORMAT[=FILE]",
    help="Report to write: text, json or junit; repeatable. Without a file it goes to stdout. Default: text.",
)
@click.option(
    "--jobs",
    type=click.IntRange(1),
    metavar="N",
    help="Processes to use at most; the report is the same. Default: one for each processor.",
)
@click.option(
    "--watch",
    is_flag=True,
    help="Go on, and test again what is changed, until Ctrl-C. Needs the extra 'watch'.",
)
@messages
def test(
    *,
    ids: tuple[str, ...],
    policies: tuple[str, ...],
    profile: str | None,
    names: tuple[str, ...],
    formats: tuple[str, ...],
    jobs: int | None,
    watch: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """
    Run the cases of each POLICY, or of all of them.

    The cases of a policy stand beside it, in POLICY.cases.yaml. Of a case that is not as expected you see what
    was expected, what came out and why, and where each fact is written. See docs/testing-policies.md.
    """
    # Imported here, so that --help and a slip on the command line do not pay for the evaluator.
    from auditor.cli.policy_test_run import run_cases, watch_cases  # noqa: PLC0415 - see above
    from auditor.usecases.several_processes import usable_processors  # noqa: PLC0415 - see above
    from auditor.usecases.test_policies import Wanted  # noqa: PLC0415 - see above

    console = Console(quiet=quiet, verbose=verbose)
    tell_whose(console, policies)
    wanted = Wanted(policies, profile, ids, names, jobs or usable_processors())
    if not watch:
        return run_cases(wanted, formats or ("text",), console)
    if formats not in {(), ("text",)}:
        msg = "--watch shows text on the terminal, and writes no other report"
        raise UsageProblem(msg, hint="leave out --watch, or --format")
    return watch_cases(wanted, console)
