"""
What is said of policies, for programs: JSON, SARIF, and the commands by which GitHub annotates lines.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from auditor.reporters.github_commands import Annotation, annotate
from auditor.reporters.sarif_log import Notice, Result, Rule, sarif_log
from auditor.usecases.error_texts import error_texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.language.lint import LintFinding
    from auditor.usecases.lint_policies import Linted

_RULES: Final = ("policy-", "profile", "extension", "config-cases", "document")
"""What the slugs begin with that are said of the files of whoever writes policies."""
_IS_DOUBT: Final = "A warning"
"""How the text of a rule begins that keeps nothing from being judged."""


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
        "fixed": [
            {"path": one.path, "line": one.line, "slug": one.slug, "change": one.change}
            for one in linted.fixed
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


def lint_sarif(linted: Linted) -> str:
    """Return what is said as a SARIF log, with the text of every rule."""
    texts = error_texts()
    found = {one.slug for one in linted.findings}
    rules = [
        _rule(slug, text)
        for slug, text in texts.items()
        if slug.startswith(_RULES) or slug in found
    ]
    log = sarif_log(
        rules,
        (
            Result(one.slug, one.level, " ".join(_lines(one)), one.location, (one.message,))
            for one in linted.findings
        ),
        category="auditor/policy-lint",
        notices=[Notice(error.message, error.location) for error in linted.unread],
    )
    return json.dumps(log, ensure_ascii=False, indent=2)


def _rule(slug: str, text: str) -> Rule:
    if not text.startswith(_IS_DOUBT):
        return Rule(slug, text, "error")
    return Rule(slug, text.partition(". ")[2], "warning")


def lint_commands(linted: Linted) -> Iterator[str]:
    """Yield what is said as GitHub's commands; what cannot be read is said, too, for nobody reads stderr there."""
    unread = (
        Annotation("error", error.slug, (error.message,), error.location) for error in linted.unread
    )
    findings = (
        Annotation(one.level, one.slug, tuple(_lines(one)), one.location) for one in linted.findings
    )
    yield from annotate([*unread, *findings])


def _lines(one: LintFinding) -> Iterator[str]:
    """Yield what is wrong, and what to do: each a sentence."""
    yield f"{one.message[:1].upper()}{one.message[1:]}."
    if one.hint:
        yield f"{one.hint[:1].upper()}{one.hint[1:]}{'' if one.hint.endswith('?') else '.'}"
