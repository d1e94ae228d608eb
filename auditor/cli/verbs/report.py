"""``auditor report``: render a recorded run again."""

from __future__ import annotations

import click

from auditor.cli.console import Console
from auditor.cli.options import messages
from auditor.cli.verb import Verb
from auditor.model.errors import ExitCode


@click.command(
    cls=Verb,
    examples=(
        "auditor report results.json",
        "auditor report results.json -f html=report.html -f csv=findings.csv",
        "auditor report 2026-Q3.json -f junit:ant=report.xml --quiet",
    ),
    exits={
        ExitCode.OK: "the reports were written, whatever they say",
        ExitCode.BAD_INPUT: "the run cannot be read, is none, or was altered since",
    },
)
@click.argument("run", metavar="RUN")
@click.option(
    "-f",
    "--format",
    "formats",
    multiple=True,
    default=("text",),
    metavar="FORMAT[:PROFILE][=FILE]",
    help="Report to write; repeatable. Without a file it goes to stdout. Default: text.",
)
@messages
def report(*, run: str, formats: tuple[str, ...], quiet: bool, verbose: bool) -> int:
    """
    Render RUN again: a file that 'auditor check -f json=FILE' wrote.

    Nothing is judged again: what the run said then is said once more, in other formats. It does not gate.
    """
    # Imported here, so that --help and a slip on the command line do not pay for the formats.
    from auditor.usecases.report_run import report_run

    return report_run(run, formats=formats, audience=Console(quiet=quiet, verbose=verbose))
