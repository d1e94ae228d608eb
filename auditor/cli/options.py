"""
Options that several verbs have, so that they are spelled, explained and read alike.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

import click

from auditor.usecases.instants import parse_as_of, parse_captured_at, parse_period

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditor.usecases.instants import AsOf, Period

    F = TypeVar("F", bound=Callable[..., object])


def _clock() -> datetime:
    """Tell the time: the one place where the wall clock is read, and only for ``--as-of now``."""
    return datetime.now(UTC)  # noqa: TID251 - see the docstring


def _as_of(_: click.Context, __: click.Parameter, text: str | None) -> AsOf | None:
    return parse_as_of(text, clock=_clock) if text is not None else None


def _period(_: click.Context, __: click.Parameter, text: str | None) -> Period | None:
    return parse_period(text) if text is not None else None


def _captured_at(_: click.Context, __: click.Parameter, text: str | None) -> str | None:
    return parse_captured_at(text) if text is not None else None


_AS_OF = click.option(
    "--as-of",
    callback=_as_of,
    metavar="WHEN",
    help="Instant to judge: a day (its end, where the project is), an RFC 3339 instant, or now."
    " Without it: the newest instant that a snapshot speaks of.",
)
_PERIOD = click.option(
    "--period",
    callback=_period,
    metavar="SPAN",
    help="What 'the period' means, and which subjects are judged: 2026-Q3, 2026-09, 2026-W36,"
    " 2026, or two days joined by '..'. Without it: the 91 days up to the judged instant, and"
    " every subject.",
)


def judging(command: F) -> F:
    """Add what decides by what, and as of when, is judged."""
    for option in reversed(
        (
            click.option(
                "--policies",
                multiple=True,
                metavar="DIR",
                help="Folder of policies; repeatable. Without it: the policies that come with auditor, and"
                " those that auditor.yaml adds.",
            ),
            _AS_OF,
            _PERIOD,
            captured_at,
            click.option(
                "--profile",
                metavar="FILE",
                help="What the organisation chooses: packs, parameters, severities, standards, calendars,"
                " population. See docs/profiles.md.",
            ),
            click.option(
                "--population",
                metavar="FILE",
                help="Whom to cover; a member without a snapshot is a finding. Default: the profile's.",
            ),
            click.option(
                "--audits",
                metavar="PATH",
                help="Recorded runs (-f json=FILE), a file or a folder of them: the past audits that"
                " portfolio policies look at.",
            ),
            click.option(
                "--engine",
                type=click.Choice(["auto", "exact", "cel-python"]),
                default="auto",
                show_default=True,
                help="What evaluates the policies. With cel-python only what it and auditor's own engine"
                " agree on is decided. See docs/engines.md.",
            ),
        )
    ):
        command = option(command)
    return command


def written_policies(command: F) -> F:
    """Add which policies are worked on, for what is done with policies as they are written."""
    for option in (
        click.option(
            "--profile",
            metavar="FILE",
            help="Profile of the organisation: its own fields are known, its packs are chosen. See"
            " docs/profiles.md.",
        ),
        click.option(
            "--policies",
            multiple=True,
            metavar="DIR",
            help="Folder of policies; repeatable. Default: the policies that come with auditor.",
        ),
    ):
        command = option(command)
    return command


def instants(command: F) -> F:
    """Add as of when is judged, and about which time."""
    return _AS_OF(_PERIOD(captured_at(command)))


def captured_at(command: F) -> F:
    """Add what the user says of a source that cannot date itself."""
    return click.option(
        "--captured-at",
        callback=_captured_at,
        metavar="INSTANT",
        help="Up to when a source speaks, where neither it nor git says so: an RFC 3339 instant.",
    )(command)


def messages(command: F, *, verbose: str = "Say what is done.") -> F:
    """Add how much is said on stderr; *verbose* tells what more there is to be said."""
    quiet = click.option("-q", "--quiet", is_flag=True, help="Say only what is wrong.")
    more = click.option("-v", "--verbose", is_flag=True, help=verbose)
    return quiet(more(command))
