"""
Options of `auditor check` that say what gates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditor.findings.gate_rules import Allowance
    from auditor.model.severity import Severity

    F = TypeVar("F", bound=Callable[..., object])


def _fail_on(
    _: click.Context, __: click.Parameter, texts: tuple[str, ...]
) -> tuple[tuple[str | None, Severity | None], ...]:
    from auditor.usecases.gate_request import parse_fail_on  # noqa: PLC0415 - --help does without

    return parse_fail_on(texts)


def _at_most(
    _: click.Context, __: click.Parameter, texts: tuple[str, ...]
) -> tuple[Allowance, ...]:
    from auditor.usecases.gate_request import parse_at_most  # noqa: PLC0415 - see above

    return parse_at_most(texts)


def _min_score(_: click.Context, __: click.Parameter, text: str | None) -> float | None:
    from auditor.usecases.gate_request import parse_min_score  # noqa: PLC0415 - see above

    return parse_min_score(text) if text is not None else None


def gating(command: F) -> F:
    """Add what gates, and what is let be. See docs/gate.md."""
    for option in reversed(
        (
            click.option(
                "--fail-on",
                multiple=True,
                callback=_fail_on,
                metavar="[PACK=]SEVERITY",
                help="Lowest severity whose findings end with exit code 1: low, medium, high, critical or"
                " never; for all packs, or for one. Repeatable. Default: low.",
            ),
            click.option(
                "--at-most",
                multiple=True,
                callback=_at_most,
                metavar="[PACK/]SEVERITY=N",
                help="Let up to N findings of just this severity be; with one more all of them count."
                " Repeatable.",
            ),
            click.option(
                "--min-score",
                callback=_min_score,
                metavar="PERCENT",
                help="Lowest score of controls, by project, with which the gate is green.",
            ),
            click.option(
                "--accepted",
                metavar="FILE",
                help="Facts of which somebody accepted by name and for a time that they are missing.",
            ),
            click.option(
                "--known",
                metavar="FILE",
                help="Known findings (-f known=FILE): let them be as long as neither facts nor policy"
                " change.",
            ),
            click.option(
                "--new-since",
                metavar="REV",
                help="Let be what was there at a git revision and has not changed since.",
            ),
        )
    ):
        command = option(command)
    return command
