"""
``auditor policy coverage``: what of the frameworks policies decide, and by which cases they are tested.

A part of the verb ``policy``.
"""

from __future__ import annotations

import click

from auditor.cli.console import Console
from auditor.cli.options import messages
from auditor.cli.verb import Verb
from auditor.model.errors import ExitCode, UsageProblem


@click.command(
    cls=Verb,
    examples=(
        "auditor policy coverage --controls",
        "auditor policy coverage --controls --pack seef -v",
        "auditor policy coverage --controls --min-controls 50",
        "auditor policy coverage --controls --format json",
    ),
    exits={
        ExitCode.OK: "shown, and nothing short of what is asked for",
        ExitCode.GATED: "of a framework fewer controls have a policy than --min-controls asks for",
        ExitCode.NOTHING: "there is no catalogue of controls",
        ExitCode.BAD_INPUT: "a policy, its cases or a catalogue cannot be read, or a policy names a control"
        " that there is not; the rest is shown",
    },
)
@click.option(
    "--controls", is_flag=True, help="Of each control the policies that decide it, and their cases."
)
@click.option(
    "--pack", "packs", multiple=True, metavar="PACK", help="Only its controls; repeatable."
)
@click.option(
    "--policies",
    multiple=True,
    metavar="DIR",
    help="Folder of policies with catalogues; repeatable. Default: those that come with auditor.",
)
@click.option(
    "--min-controls",
    "percent",
    type=click.IntRange(0, 100),
    default=0,
    metavar="PERCENT",
    help="End with exit code 1 where fewer controls of a framework have a policy.",
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
def coverage(
    *,
    controls: bool,
    packs: tuple[str, ...],
    policies: tuple[str, ...],
    percent: int,
    form: str,
    quiet: bool,
    verbose: bool,
) -> int:
    """
    Show which controls policies decide, and with which cases.

    A control is what a catalogue.yaml beside the policies lists. With --verbose each rule, and the edges
    that no case tries.
    """
    if not controls:
        msg = "it is not said what is to be covered"
        raise UsageProblem(msg, hint="add --controls")
    # Imported here, so that --help and a slip on the command line do not pay for the compiler.
    from auditor.cli.control_coverage_page import (  # noqa: PLC0415 - see above
        control_coverage_document,
        control_coverage_page,
        shortfall,
    )
    from auditor.usecases.cover_controls import cover_controls  # noqa: PLC0415 - see above
    from auditor.usecases.read_policies import named_folder  # noqa: PLC0415 - see above

    console = Console(quiet=quiet, verbose=verbose)
    found = cover_controls([named_folder(typed) for typed in policies], packs)
    console.errors(found.errors)
    if form == "json":
        console.line(control_coverage_document(found))
    else:
        for line in control_coverage_page(found, verbose=verbose):
            console.line(line)
    for framework in found.short_of(percent):
        console.note(shortfall(framework, percent))
    return found.code(percent)
