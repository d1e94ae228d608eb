"""
``auditor policy docs``: write a site of pages about policies, controls, fields and functions.

A part of the verb ``policy``.
"""

from __future__ import annotations

from typing import Literal

import click

from auditor.cli.console import Console
from auditor.cli.options import messages, written_policies
from auditor.cli.verb import Verb
from auditor.cli.whose_policies import tell_whose
from auditor.model.errors import ExitCode


@click.command(
    cls=Verb,
    examples=(
        "auditor policy docs --output site",
        "auditor policy docs --output site --profile organisation/profile.yaml",
        "auditor policy docs --output docs/policies --format markdown --policies policies",
    ),
    exits={
        ExitCode.OK: "written",
        ExitCode.NOTHING: "there is no policy and no catalogue",
        ExitCode.BAD_INPUT: "a policy, its cases, a catalogue or the profile cannot be used; the rest is"
        " written, and the pages name what is missing",
    },
)
@click.option(
    "--output", required=True, metavar="DIR", help="Folder for the pages; made if need be."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["html", "markdown"]),
    default="html",
    show_default=True,
    help="What the pages are written as. The HTML can be searched without a server.",
)
@written_policies
@messages
def docs(
    *,
    output: str,
    form: Literal["html", "markdown"],
    policies: tuple[str, ...],
    profile: str | None,
    quiet: bool,
    verbose: bool,
) -> int:
    """
    Write pages about policies, controls, fields and functions.

    The cases of all policies are run: an example shows what the policy really said. With --profile the pages
    tell what was tailored, by whom and why. No file that others wrote is written over or deleted.
    """
    # Imported here, so that --help and a slip on the command line do not pay for the evaluator.
    from auditor.reporters.wording import counted  # noqa: PLC0415 - see above
    from auditor.usecases.document_policies import document_policies  # noqa: PLC0415 - see above
    from auditor.usecases.workbench import read_workbench  # noqa: PLC0415 - see above

    console = Console(quiet=quiet, verbose=verbose)
    tell_whose(console, policies)
    written = document_policies(
        read_workbench(policies, profile), output, form, progress=console.progress
    )
    console.errors(written.errors)
    if written.broken:
        count = counted(len(written.broken), "policy", "policies")
        console.note(
            f"{count} cannot be used; the pages list them as broken: {', '.join(written.broken)}"
        )
    if written.unexpected:
        count = counted(written.unexpected, "case")
        console.note(
            f"{count} did not come out as expected, and the pages say so; see `auditor policy test`, with the same options"
        )
    console.note(f"wrote {counted(written.pages, 'page')}; begin with {written.first}")
    return written.code
