"""``auditor collect``: make a snapshot out of a tool's export or a folder."""

from __future__ import annotations

import click

from auditor.cli.console import Console
from auditor.cli.options import captured_at as captured_at_option
from auditor.cli.options import messages
from auditor.cli.verb import Verb
from auditor.model.errors import ExitCode
from auditor.plugins.entry_points import READERS, names


@click.command(
    cls=Verb,
    examples=(
        "auditor collect delivery-repository -o apollo.json",
        "auditor collect export/ --reader jira_export --mapping statuses.yaml -o apollo.json",
        "auditor collect export/ --set site=apollo.atlassian.net --set projects=[APO] -o apollo.json",
    ),
    exits={
        ExitCode.OK: "the snapshot was written",
        ExitCode.NOTHING: "there is no source",
        ExitCode.BAD_INPUT: "a source cannot be read; with gaps for it, what can be read is written",
    },
)
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option(
    "--reader",
    metavar="NAME",
    help=f"Who reads the sources: {', '.join(names(READERS))}. Default: whoever claims them.",
)
@click.option("--mapping", metavar="FILE", help="What the tool's own statuses mean.")
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="KEY=VALUE",
    help="A setting of the reader, its value as in auditor.yaml; repeatable.",
)
@click.option(
    "--auditee", metavar="ID", help="Whom the snapshot is of, where the source does not say."
)
@click.option("--time-zone", metavar="ZONE", help="Zone to assume where the source names none.")
@captured_at_option
@click.option(
    "-o", "--output", default="-", metavar="FILE", help="Where to write. Default: stdout."
)
@messages
def collect(
    *,
    sources: tuple[str, ...],
    reader: str | None,
    mapping: str | None,
    settings: tuple[str, ...],
    auditee: str | None,
    time_zone: str | None,
    captured_at: str | None,
    output: str,
    quiet: bool,
    verbose: bool,
) -> int:
    """
    Make one snapshot of one auditee out of each SOURCE.

    A SOURCE is a delivery folder, the recorded answers of a tool, or another snapshot. Several are merged;
    what they contradict each other in is reported, not guessed.
    """
    # Imported here, so that --help and a slip on the command line do not pay for the readers.
    from auditor.usecases.collect_snapshot import Collecting, collect_snapshot

    wanted = Collecting(
        paths=sources,
        reader=reader,
        mapping=mapping,
        settings=settings,
        captured_at=captured_at,
        time_zone=time_zone,
        auditee=auditee,
        file=output,
    )
    return collect_snapshot(wanted, Console(quiet=quiet, verbose=verbose))
