"""
Expressions inside a policy file: parsed, and their faults placed in the file's own lines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.language.cel.parser import parse
from auditor.language.cel.source import CelSyntaxErrors
from auditor.model.errors import AuditorError, PolicyError
from auditor.model.location import Location

if TYPE_CHECKING:
    from auditor.documents.nodes import ScalarNode
    from auditor.language.cel.ast import Expr


def parsed(
    node: ScalarNode, errors: list[AuditorError], text: str | None = None, offset: int = 0
) -> Expr | None:
    """Parse the expression in *node*, or in the part *text* of it that begins at *offset*."""
    try:
        return parse(node.text if text is None else text)
    except CelSyntaxErrors as group:
        errors.extend(
            located(
                node,
                error.slug,
                error.message,
                error.hint,
                (offset + error.offset, offset + error.end),
            )
            for error in group.errors
        )
        return None


def located(
    node: ScalarNode, slug: str, message: str, hint: str | None, span: tuple[int, int]
) -> PolicyError:
    """Place a fault of an expression in the file that holds it."""
    start = node.location_at(span[0])
    last = node.location_at(max(span[0], span[1] - 1))
    end = last.column + 1 if last.line == start.line else None
    return PolicyError(
        message,
        hint=hint,
        location=Location(start.path, start.line, start.column, end),
        excerpt=node.excerpt_at(span[0]),
        slug=f"policy-{slug}",
    )
