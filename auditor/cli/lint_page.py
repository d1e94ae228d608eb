"""
How that reads which is said of policies: as text like every error, or as a document for programs.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from auditor.cli.render import render_error
from auditor.model.errors import PolicyError
from auditor.reporters.layout import wrap
from auditor.reporters.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.language.lint import LintFinding
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


def lint_document(linted: Linted) -> str:
    """Return what is said as JSON: one object per finding, sorted by place. Source: docs/lint.md."""
    tree = {
        "schema": {"name": "lint", "version": 1},
        "policies": list(linted.policies),
        "findings": [_finding(one) for one in linted.findings],
        "costs": [
            {
                "policy": cost.policy,
                "lists": cost.lists,
                "terms": [list(term) for term in cost.terms],
                "steps": cost.steps,
            }
            for cost in linted.costs
        ],
    }
    return json.dumps(tree, ensure_ascii=False, indent=2)


def _finding(one: LintFinding) -> dict[str, Any]:
    place = one.location
    return {
        "slug": one.slug,
        "level": one.level,
        "message": one.message,
        "hint": one.hint,
        "policy": one.policy,
        "path": place.path,
        "line": place.line,
        "column": place.column,
        "end_column": place.end_column,
    }


def summary(linted: Linted) -> str:
    """Say in one line what came of it."""
    levels = [finding.level for finding in linted.findings]
    return (
        f"{counted(len(linted.policies), 'policy', 'policies')},"
        f" {counted(levels.count('error'), 'error')}, {counted(levels.count('warning'), 'warning')}"
    )
