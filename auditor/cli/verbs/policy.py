"""``auditor policy``: work on policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from auditor.cli.console import Console
from auditor.cli.options import messages, written_policies
from auditor.cli.policy_coverage import coverage
from auditor.cli.policy_docs import docs
from auditor.cli.policy_lint import lint
from auditor.cli.policy_new import new
from auditor.cli.policy_try import try_
from auditor.cli.verb import HELP, Verb
from auditor.model.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.usecases.test_policies import TestedPolicy


@click.group(context_settings=HELP)
def policy() -> None:
    """Work on policies."""


policy.add_command(coverage)
policy.add_command(docs)
policy.add_command(lint)
policy.add_command(new)
policy.add_command(try_)


@policy.command(
    cls=Verb,
    examples=(
        "auditor policy test",
        "auditor policy test execution-before-dm-sign-off",
        "auditor policy test --policies policies/",
    ),
    exits={
        ExitCode.OK: "every case came out as expected",
        ExitCode.GATED: "a case did not, or a policy has no cases",
        ExitCode.NOTHING: "there is no policy",
        ExitCode.BAD_INPUT: "a policy or its cases cannot be read",
    },
)
@click.argument("ids", nargs=-1, metavar="[POLICY]...")
@written_policies
@messages
def test(
    *,
    ids: tuple[str, ...],
    policies: tuple[str, ...],
    profile: str | None,
    quiet: bool,
    verbose: bool,
) -> int:
    """
    Run the cases of each POLICY, or of all of them.

    The cases of a policy stand beside it, in POLICY.cases.yaml.
    """
    # Imported here, so that --help and a slip on the command line do not pay for the evaluator.
    from auditor.reporters.wording import counted
    from auditor.usecases.test_policies import code_of, test_policies
    from auditor.usecases.workbench import read_workbench

    console = Console(quiet=quiet, verbose=verbose)
    tested, errors = test_policies(read_workbench(policies, profile), ids)
    console.errors([*errors, *(error for one in tested for error in one.errors)])
    for one in tested:
        for line in _report(one, verbose=verbose):
            console.line(line)
    failed = [one for one in tested if not one.passed]
    console.note(
        f"{counted(len(tested), 'policy', 'policies')},"
        f" {counted(sum(len(one.results) for one in tested), 'case')}, {len(failed)} not as expected"
    )
    return code_of(tested, errors)


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
    List the policies: id, severity, whom they judge, the controls they decide.

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


def _report(one: TestedPolicy, *, verbose: bool) -> Iterator[str]:
    from auditor.reporters.layout import wrap
    from auditor.reporters.wording import counted

    if one.cases_file is None:
        yield f"NO CASES {one.policy}"
        return
    passed = sum(result.passed for result in one.results)
    label = "ok" if one.passed else "FAILED"
    yield f"{label} {one.policy}: {passed} of {counted(len(one.results), 'case')}"
    for result in one.results:
        if result.passed and verbose:
            yield from wrap(f"ok {result.case.name}", indent="  ", hang="     ")
        elif not result.passed:
            text = f"FAILED {result.case.name} ({result.case.location})"
            yield from wrap(text, indent="  ", hang="    ")
            for difference in result.differences:
                yield from wrap(difference, indent="    - ", hang="      ")
