"""``auditor explain``: why a policy says what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from auditor.cli.console import Console
from auditor.cli.options import judging, messages
from auditor.cli.verb import Verb
from auditor.model.errors import ExitCode

if TYPE_CHECKING:
    from auditor.usecases.instants import AsOf, Period


@click.command(
    cls=Verb,
    examples=(
        "auditor explain apollo.yaml execution-before-dm-sign-off",
        "auditor explain . stand-up-missed-in-sprint --subject sprint-7 --as-of 2026-09-30",
    ),
    exits={
        ExitCode.OK: "explained, whatever the verdict is",
        ExitCode.NOTHING: "there is no verdict to explain",
        ExitCode.BAD_INPUT: "an input cannot be read",
        ExitCode.POLICY_BROKE: "the policy broke while it was evaluated",
    },
)
@click.argument("path", metavar="PATH")
@click.argument("policy", metavar="POLICY")
@click.option("--subject", metavar="KEY", help="Only this subject, by its key or name.")
@judging
@messages
def explain(
    *,
    path: str,
    policy: str,
    subject: str | None,
    policies: tuple[str, ...],
    as_of: AsOf | None,
    period: Period | None,
    captured_at: str | None,
    profile: str | None,
    population: str | None,
    audits: str | None,
    engine: str,
    quiet: bool,
    verbose: bool,
) -> int:
    """
    Explain the verdicts of POLICY on the snapshots in PATH.

    Tells the sentence, what decided each clause step by step and where that stands, what would turn it,
    what is missing and how to supply it, and what to do. See docs/explanations.md.
    """
    # Imported here, so that --help and a slip on the command line do not pay for the evaluator.
    from auditor.cli.explanation import explanation
    from auditor.cli.plan_folders import plan_cache
    from auditor.usecases.explain_verdict import explain_verdict
    from auditor.usecases.judge_inputs import Request
    from auditor.usecases.read_policies import PolicyChoice

    console = Console(quiet=quiet, verbose=verbose)
    request = Request(
        paths=(path,),
        policies=policies,
        choice=PolicyChoice(ids=(policy,)),
        as_of=as_of,
        period=period,
        captured_at=captured_at,
        profile=profile,
        population=population,
        audits=audits,
        engine=engine,
        keeps_passes=True,
        cache=plan_cache(),
    )
    found = explain_verdict(request, subject, console)
    for line in explanation(found.verdicts, colour=console.has_colour):
        console.line(line)
    return found.code
