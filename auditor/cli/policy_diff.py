"""
``auditor policy diff``: which verdicts change between two versions of policies.

A part of the verb ``policy``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from auditor.cli.console import Console
from auditor.cli.options import instants, messages
from auditor.cli.verb import Verb
from auditor.model.errors import ExitCode

if TYPE_CHECKING:
    from auditor.usecases.diff_policies import PolicyDiff
    from auditor.usecases.instants import AsOf, Period

FORMATS: Final = ("text", "json", "markdown")
FAIL_ON: Final = ("worse", "any", "never")


@click.command(
    cls=Verb,
    examples=(
        "auditor policy diff main policies --snapshots snapshots/",
        "auditor policy diff v1.4 v1.5 --snapshots snapshots/ --policies policies/seef",
        "auditor policy diff origin/main HEAD --snapshots snapshots/ -f markdown=comment.md",
        "auditor policy diff main policies --snapshots snapshots/ --fail-on worse",
    ),
    exits={
        ExitCode.OK: "shown, and nothing that --fail-on asks for",
        ExitCode.GATED: "a verdict changes in a way that --fail-on asks for",
        ExitCode.NOTHING: "there is no snapshot, a version has no policy, or neither has a verdict",
        ExitCode.BAD_INPUT: "a version cannot be read or does not compile; or a snapshot cannot be read, and the"
        " others are compared",
    },
)
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option(
    "--snapshots",
    "paths",
    multiple=True,
    required=True,
    metavar="PATH",
    help="What is judged: a snapshot, a delivery folder, or a folder of these; repeatable.",
)
@click.option(
    "--policies",
    "directory",
    default="policies",
    show_default=True,
    metavar="DIR",
    help="Folder of policies within a git revision.",
)
@click.option("--policy", "ids", multiple=True, metavar="ID", help="Only this policy; repeatable.")
@click.option("--pack", "packs", multiple=True, metavar="PACK", help="Only this pack; repeatable.")
@click.option(
    "--profile",
    metavar="FILE",
    help="Profile of the organisation, by which both versions judge. See docs/profiles.md.",
)
@instants
@click.option(
    "-f",
    "--format",
    "formats",
    multiple=True,
    metavar="FORMAT[=FILE]",
    help="Report to write: text, json or markdown; repeatable. Without a file it goes to stdout. Default: text.",
)
@click.option(
    "--fail-on",
    type=click.Choice(FAIL_ON),
    default="never",
    show_default=True,
    help="End with exit code 1 where a verdict newly fails, breaks or cannot be decided (worse), or where any"
    " changes (any).",
)
@messages
def diff(
    *,
    old: str,
    new: str,
    paths: tuple[str, ...],
    directory: str,
    ids: tuple[str, ...],
    packs: tuple[str, ...],
    profile: str | None,
    as_of: AsOf | None,
    period: Period | None,
    captured_at: str | None,
    formats: tuple[str, ...],
    fail_on: str,
    quiet: bool,
    verbose: bool,
) -> int:
    """
    Show which verdicts change between two versions of policies.

    OLD and NEW are folders of policies, or git revisions of the repository that you are in; a folder comes
    first. Both judge the same snapshots at the same instant.
    """
    # Imported here, so that --help and a slip on the command line do not pay for the evaluator.
    from auditor.cli.plan_folders import plan_cache  # noqa: PLC0415 - see above
    from auditor.usecases.diff_policies import diff_policies  # noqa: PLC0415 - see above
    from auditor.usecases.judge_inputs import Request  # noqa: PLC0415 - see above
    from auditor.usecases.read_policies import PolicyChoice  # noqa: PLC0415 - see above
    from auditor.usecases.write_outputs import (  # noqa: PLC0415 - see above
        STDOUT,
        parse_targets,
        refuse_overwriting,
        write_file,
    )

    console = Console(quiet=quiet, verbose=verbose)
    targets = parse_targets(formats or ("text",), FORMATS)
    request = Request(
        paths=paths,
        choice=PolicyChoice(ids, packs),
        as_of=as_of,
        period=period,
        captured_at=captured_at,
        profile=profile,
        cache=plan_cache(),
    )
    found = diff_policies(old, new, request, directory=directory, progress=console.progress)
    refuse_overwriting([target.file for target in targets], found.files)
    console.errors(found.errors)
    for note in found.notes:
        console.note(note)
    for target in targets:
        is_shown = target.file == STDOUT
        piece = _page(found, target.format, colour=is_shown and console.has_colour)
        if is_shown:
            console.result(piece)
        else:
            write_file(target.file, [piece])
            console.note(f"wrote {target.format} to {target.file}")
    return found.code(fail_on)


def _page(found: PolicyDiff, form: str, *, colour: bool) -> bytes:
    from auditor.cli import policy_diff_page as page  # noqa: PLC0415 - see `diff`
    from auditor.cli.policy_diff_markdown import policy_diff_markdown  # noqa: PLC0415 - see `diff`

    if form == "json":
        text = f"{page.policy_diff_document(found)}\n"
    elif form == "markdown":
        text = policy_diff_markdown(found)
    else:
        text = "".join(f"{line}\n" for line in page.policy_diff_page(found, colour=colour))
    return text.encode("utf-8", "backslashreplace")
