"""``auditor snapshot``: validate, show and compare snapshots, and print what they must keep to."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Final

import click

from auditor.cli.console import Console
from auditor.cli.options import captured_at as captured_at_option
from auditor.cli.options import messages
from auditor.cli.verb import HELP, Verb
from auditor.model.errors import ExitCode, UsageProblem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from zoneinfo import ZoneInfo

    from auditor.usecases.show_snapshot import Shown
    from auditor.usecases.validate_snapshot import Validated

_MOST_LOOSE: Final = 20
"""Ids that name nothing of which a validation tells."""


@click.group(context_settings=HELP)
def snapshot() -> None:
    """Validate, show and compare snapshots, and print what they must keep to."""


@snapshot.command(
    cls=Verb,
    examples=("auditor snapshot validate apollo.yaml", "auditor snapshot validate snapshots/"),
    exits={
        ExitCode.OK: "every snapshot keeps the schema",
        ExitCode.NOTHING: "there is no snapshot",
        ExitCode.BAD_INPUT: "a snapshot has faults, or cannot be read",
    },
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@captured_at_option
@messages
def validate(*, paths: tuple[str, ...], captured_at: str | None, quiet: bool, verbose: bool) -> int:
    """
    Name every fault of the snapshots that each PATH stands for.

    Each with its file, line, column and pointer, what was found, what was wanted, and the nearest key. Ids
    that name nothing are no fault; they are listed below a valid snapshot.
    """
    # Imported here, so that --help and a slip on the command line do not pay for the schema.
    from auditor.cli.render import render_errors
    from auditor.reporters.foreign_text import flowing
    from auditor.usecases.validate_snapshot import code_of, validate_snapshots

    console = Console(quiet=quiet, verbose=verbose)
    every = []
    for one in validate_snapshots(paths, captured_at=captured_at, audience=console):
        every.append(one)
        if one.faults:
            text = render_errors(one.faults, colour=console.has_colour)
            console.result(text.encode("utf-8", "backslashreplace"))
        else:
            console.line(flowing(f"{one.name}: valid"))
            for line in _loose(one):
                console.line(line)
    return code_of(every)


def _loose(one: Validated) -> Iterator[str]:
    """Name the ids of a valid snapshot that name nothing; beyond a few, say how many more there are."""
    from auditor.reporters.layout import wrap

    for reference, place in one.dangling[:_MOST_LOOSE]:
        at = f" <{place}>" if place is not None else ""
        text = f"{reference.pointer} names '{reference.id}', which is not among the {reference.entity}{at}"
        yield from wrap(text, indent="  - ", hang="    ")
    more = len(one.dangling) - _MOST_LOOSE
    if more > 0:
        yield f"    and {more} more"


@snapshot.command(
    cls=Verb,
    examples=(
        "auditor snapshot show apollo.yaml",
        "auditor snapshot show apollo.yaml --coverage",
        "auditor snapshot show snapshots/ --coverage --pack seef",
    ),
    exits={
        ExitCode.OK: "shown",
        ExitCode.NOTHING: "there is no snapshot",
        ExitCode.BAD_INPUT: "an input cannot be read",
    },
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "--coverage",
    is_flag=True,
    help="Show which facts the policies need, which of them are known, from where, and how to supply the"
    " others.",
)
@click.option(
    "--policy",
    "ids",
    multiple=True,
    metavar="ID",
    help="With --coverage: only this policy; repeatable.",
)
@click.option(
    "--pack",
    "packs",
    multiple=True,
    metavar="PACK",
    help="With --coverage: only this pack; repeatable.",
)
@click.option(
    "--policies",
    multiple=True,
    metavar="DIR",
    help="With --coverage: folder of policies; repeatable. Default: the policies that come with auditor.",
)
@captured_at_option
@messages
def show(
    *,
    paths: tuple[str, ...],
    coverage: bool,
    ids: tuple[str, ...],
    packs: tuple[str, ...],
    policies: tuple[str, ...],
    captured_at: str | None,
    quiet: bool,
    verbose: bool,
) -> int:
    """Show what the snapshots of each PATH hold: head, sources, counts, gaps."""
    # Imported here, so that --help and a slip on the command line do not pay for the schema.
    from auditor.usecases.show_snapshot import show_snapshots

    console = Console(quiet=quiet, verbose=verbose)
    if coverage:
        return _show_coverage(paths, policies, (ids, packs), captured_at, console)
    if ids or packs or policies:
        msg = "--policy, --pack and --policies say what --coverage is about"
        raise UsageProblem(msg, hint="add --coverage")
    shown, errors = show_snapshots(paths, captured_at=captured_at, audience=console)
    console.errors(errors)
    for number, one in enumerate(shown):
        if number:
            console.line()
        for line in _page(one):
            console.line(line)
    return ExitCode.BAD_INPUT if errors else ExitCode.OK


def _show_coverage(
    paths: tuple[str, ...],
    policies: tuple[str, ...],
    choice: tuple[tuple[str, ...], tuple[str, ...]],
    captured_at: str | None,
    console: Console,
) -> int:
    from auditor.cli.coverage_page import coverage_page
    from auditor.usecases.read_policies import PolicyChoice, named_folder
    from auditor.usecases.show_coverage import show_coverage

    shown, errors = show_coverage(
        paths,
        [named_folder(typed) for typed in policies],
        PolicyChoice(*choice),
        captured_at=captured_at,
        audience=console,
    )
    console.errors(errors)
    for number, one in enumerate(shown):
        if number:
            console.line()
        for line in coverage_page(one):
            console.line(line)
    return ExitCode.BAD_INPUT if errors else ExitCode.OK


@snapshot.command(
    cls=Verb,
    examples=(
        "auditor snapshot schema unit",
        "auditor snapshot schema policy",
    ),
    exits={ExitCode.OK: "printed"},
)
@click.argument("name", default="project", metavar="[NAME]")
def schema(*, name: str) -> int:
    """
    Print a JSON Schema: of a project's snapshot, or of what NAME says.

    NAME is project, unit or portfolio for snapshots, or any other file that people write and programs
    read: policy, cases, pack, profile, population, extension, attestation, mapping, config, decision, run,
    result, findings.
    """
    from auditor.usecases.show_schema import schema as schema_called

    Console().result(schema_called(name))
    return ExitCode.OK


@snapshot.command(
    cls=Verb,
    examples=("auditor snapshot diff september.json october.json",),
    exits={
        ExitCode.OK: "compared, whether or not anything differs",
        ExitCode.NOTHING: "a path holds no snapshot",
        ExitCode.BAD_INPUT: "a snapshot cannot be read",
    },
)
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@captured_at_option
@messages
def diff(*, old: str, new: str, captured_at: str | None, quiet: bool, verbose: bool) -> int:
    """
    Say what the snapshot NEW says that OLD does not, record by record.

    Facts are compared, not spellings: the order of records and the offset of an instant mean nothing. A
    fact that became known, or is known no longer, is a difference.
    """
    from auditor.cli.difference_page import difference_page
    from auditor.usecases.diff_snapshots import diff_snapshots

    console = Console(quiet=quiet, verbose=verbose)
    for line in difference_page(
        diff_snapshots(old, new, captured_at=captured_at, audience=console)
    ):
        console.line(line)
    return ExitCode.OK


def _page(one: Shown) -> Iterator[str]:
    from auditor.reporters.layout import wrap

    taken = one.snapshot
    yield from wrap(f"{taken.name} ({taken.auditee}), {taken.target}, {one.name}")
    for label, text in _rows(one):
        begun = f"  {label:<12}"
        yield from wrap(text, indent=begun, hang=" " * len(begun))


def _rows(one: Shown) -> Iterator[tuple[str, str]]:
    from auditor.reporters.wording import counted, instant

    taken, head = one.snapshot, one.head
    yield "captured", instant(_local(taken.captured_at, taken.zone))
    yield "digest", taken.digest
    yield "time zone", taken.zone.key
    yield "calendar", _calendar(head.get("calendar", {}))
    for source in head.get("sources", ()):
        parts = [str(source.get("kind", "kind not recorded"))]
        if source.get("tool"):
            parts.append(str(source["tool"]))
        if source.get("retrieved_at"):
            parts.append(f"retrieved {instant(_local(source['retrieved_at'], taken.zone))}")
        if source.get("rows") is not None:
            parts.append(counted(source["rows"], "row"))
        yield "source", f"{source['id']}: {', '.join(parts)}"
    if mapping := head.get("mapping"):
        owner = mapping.get("owner") or "nobody"
        yield "mapping", f"{mapping.get('file') or 'no file'}, owned by {owner}"
    yield "holds", ", ".join(f"{entity} {count}" for entity, count in one.counts) or "nothing"
    if one.truncated:
        yield "in part", f"{', '.join(one.truncated)}: there is more that was not read"
    for entity, reason in one.unobserved:
        yield "not known", f"{entity} ({reason.replace('_', ' ')})"
    for gap in one.gaps:
        often = f", {counted(gap.count, 'place')}" if gap.count > 1 else ""
        yield "gap", f"{gap.pattern} ({gap.reason.replace('_', ' ')}){often}"
    for assumption in head.get("assumptions", ()):
        yield "assumed", assumption


def _local(moment: datetime | date, zone: ZoneInfo) -> str:
    """Write an instant in the auditee's zone; a day stays a day."""
    return (moment.astimezone(zone) if isinstance(moment, datetime) else moment).isoformat()


def _calendar(calendar: Mapping[str, object]) -> str:
    days, hours, holidays = (calendar.get(key) for key in ("working_days", "hours", "holidays"))
    return ", ".join(
        (
            " ".join(map(str, days)) if isinstance(days, list) else "working days not recorded",
            f"{hours['from']} to {hours['to']}"
            if isinstance(hours, dict)
            else "hours not recorded",
            f"{len(holidays)} holidays" if isinstance(holidays, list) else "holidays not recorded",
        )
    )
