"""``auditor policy``: work on policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from auditor.cli.console import Console
from auditor.cli.options import messages, written_policies
from auditor.cli.policy_coverage import coverage
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


@policy.command(
    cls=Verb,
    examples=(
        "auditor policy lint",
        "auditor policy lint policies/ --portable",
        "auditor policy lint policies/seef/blocker-not-escalated.yaml --strict",
        "auditor policy lint --pack seef --format json",
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
@click.option(
    "--policies",
    multiple=True,
    metavar="DIR",
    help="Folder of policies, as a PATH; repeatable.",
)
@click.option(
    "--portable",
    is_flag=True,
    help="Say of each expression where cel-python would answer differently or not at all.",
)
@click.option("--strict", is_flag=True, help="Let warnings gate, too.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
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
    portable: bool,
    strict: bool,
    form: str,
    quiet: bool,
    verbose: bool,
) -> int:
    """
    Say what is wrong or doubtful in policies, and how their cost grows.

    A PATH is a policy file or a folder of policies. Default: the policies that come with auditor.
    """
    # Imported here, so that --help and a slip on the command line do not pay for the compiler.
    from auditor.cli.lint_page import lint_document, lint_page, summary
    from auditor.usecases.lint_policies import lint as linted_policies
    from auditor.usecases.read_policies import PolicyChoice

    console = Console(quiet=quiet, verbose=verbose)
    found = linted_policies((*paths, *policies), PolicyChoice(ids, packs), portable=portable)
    console.errors(found.unread)
    if form == "json":
        console.line(lint_document(found))
    else:
        for line in lint_page(found, colour=console.has_colour):
            console.line(line)
    console.note(summary(found))
    return found.code(strict=strict)


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
