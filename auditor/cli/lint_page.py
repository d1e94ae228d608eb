"""
How that reads which is said of policies: like every error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.cli.render import render_error
from auditor.model.errors import PolicyError
from auditor.reporters.layout import wrap
from auditor.reporters.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.usecases.fix_policies import Fixed
    from auditor.usecases.lint_policies import Linted


def lint_page(linted: Linted, *, colour: bool) -> Iterator[str]:
    """Yield the lines: each finding with its place, then how the cost of each policy grows."""
    for finding in linted.findings:
        shown = render_error(
            PolicyError(
                finding.message,
                hint=finding.hint,
                location=finding.location,
                excerpt=finding.excerpt,
                slug=finding.slug,
            ),
            colour=colour,
            is_warning=finding.level == "warning",
        )
        yield shown.rstrip("\n")
    if linted.costs:
        yield "Cost"
        for cost in linted.costs:
            yield from wrap(f"{cost.policy}: {cost.in_words()}", indent="  ", hang="    ")


def fixed_line(change: Fixed) -> str:
    """Say what was changed, and where."""
    return f"fixed {change.path}:{change.line}: {change.change} ({change.slug})"


def summary(linted: Linted) -> str:
    """Say in one line what came of it."""
    levels = [finding.level for finding in linted.findings]
    return (
        f"{counted(len(linted.policies), 'policy', 'policies')},"
        f" {counted(levels.count('error'), 'error')}, {counted(levels.count('warning'), 'warning')}"
    )
