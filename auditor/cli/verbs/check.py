"""``auditor check``: judge snapshots and gate on what is found."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import click

from auditor.cli.console import Console, write_text
from auditor.cli.gate_options import gating
from auditor.cli.options import judging, messages
from auditor.cli.stopwatch import seconds
from auditor.cli.verb import Verb
from auditor.model.errors import ExitCode

if TYPE_CHECKING:
    from auditor.findings.gate_rules import Allowance
    from auditor.model.severity import Severity
    from auditor.usecases.instants import AsOf, Period

CROSS_CHECKS: Final = ("sample", "all", "none")


@click.command(
    cls=Verb,
    examples=(
        "auditor check snapshots/",
        "auditor check apollo.yaml --as-of 2026-09-30 --fail-on high",
        "auditor check . --new-since origin/main",
        "auditor check . --known known.json -f text -f known=known.json",
        "auditor check . -f text -f junit=report.xml",
        "auditor check . -f junit:jenkins=report.xml --policy execution-before-dm-sign-off",
    ),
    exits={
        ExitCode.OK: "judged, and nothing counts at the gate",
        ExitCode.GATED: "a fail or an inconclusive verdict counts at the gate, or the score is too low",
        ExitCode.NOTHING: "nothing was audited: no policy or no snapshot matched",
        ExitCode.BAD_INPUT: "an input cannot be read; the others are judged and reported",
        ExitCode.POLICY_BROKE: "a policy broke while it was evaluated",
    },
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "-f",
    "--format",
    "formats",
    multiple=True,
    metavar="FORMAT[:PROFILE][=FILE]",
    help="Report to write; repeatable. Without a file it goes to stdout. Default: text.",
)
@gating
@click.option("--policy", "ids", multiple=True, metavar="ID", help="Only this policy; repeatable.")
@click.option("--pack", "packs", multiple=True, metavar="PACK", help="Only this pack; repeatable.")
@click.option(
    "--cross-check",
    type=click.Choice(list(CROSS_CHECKS)),
    default=CROSS_CHECKS[0],
    show_default=True,
    help="Passes of the fast path that the exact evaluator decides again; a difference stops the run.",
)
@judging
@partial(messages, verbose="Say what is judged, and give a reason for every verdict.")
@click.option(
    "--timings",
    is_flag=True,
    help="Tell on stderr how long each policy took, and each part of the run.",
)
def check(
    *,
    paths: tuple[str, ...],
    formats: tuple[str, ...],
    fail_on: tuple[tuple[str | None, Severity | None], ...],
    at_most: tuple[Allowance, ...],
    min_score: float | None,
    accepted: str | None,
    known: str | None,
    new_since: str | None,
    ids: tuple[str, ...],
    packs: tuple[str, ...],
    policies: tuple[str, ...],
    as_of: AsOf | None,
    period: Period | None,
    captured_at: str | None,
    profile: str | None,
    population: str | None,
    audits: str | None,
    engine: str,
    cross_check: str,
    quiet: bool,
    verbose: bool,
    timings: bool,
) -> int:
    """
    Judge the snapshots that each PATH stands for, report, and gate.

    A PATH is a snapshot (JSON or YAML), a delivery folder, or a folder of these. An input that cannot be
    read is reported, and the others are judged all the same.
    """
    # Imported here, so that --help and a slip on the command line do not pay for the evaluator.
    from auditor.cli.plan_folders import plan_cache
    from auditor.usecases.check_gate import check_gate
    from auditor.usecases.gate_request import GateRequest
    from auditor.usecases.judge_inputs import Request
    from auditor.usecases.onlooker import Timings
    from auditor.usecases.read_policies import PolicyChoice

    taken = Timings(seconds) if timings else None
    code = check_gate(
        Request(
            paths=paths,
            policies=policies,
            choice=PolicyChoice(ids, packs),
            as_of=as_of,
            period=period,
            captured_at=captured_at,
            profile=profile,
            population=population,
            audits=audits,
            engine=engine,
            cross_check=cross_check,
            cache=plan_cache(),
        ),
        formats=formats,
        gate=GateRequest(fail_on, at_most, min_score, accepted, known, new_since),
        audience=Console(quiet=quiet, verbose=verbose),
        timings=taken,
    )
    if taken is not None:
        from auditor.cli.timings_page import timings_page

        for line in timings_page(taken):
            write_text(f"{line}\n")
    return code
