"""
Expressions inside a policy file: parsed, and their faults placed in the file's own lines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.language.cel.lexer import Lexer
from auditor.language.cel.parser import parse
from auditor.language.cel.source import CelSyntaxErrors
from auditor.model.errors import AuditorError, PolicyError
from auditor.model.location import Location

if TYPE_CHECKING:
    from auditor.documents.nodes import ScalarNode
    from auditor.language.cel.ast import Expr
    from auditor.model.errors import Instead


def parsed(
    node: ScalarNode, errors: list[AuditorError], text: str | None = None, offset: int = 0
) -> Expr | None:
    """Parse the expression in *node*, or in the part *text* of it that begins at *offset*."""
    text = node.text if text is None else text
    swallowed = _swallowing_comment(node, text)
    if swallowed is not None:
        hint = "move the comment into a YAML comment above, or write the expression as a literal block (|)"
        message = "a comment runs to the end of the line, and YAML folds these lines into one"
        span = (offset + swallowed, offset + swallowed + 2)
        errors.append(located(node, "comment", message, hint, span))
        return None
    try:
        return parse(text)
    except CelSyntaxErrors as group:
        errors.extend(
            located(
                node,
                error.slug,
                error.message,
                error.hint,
                (offset + error.offset, offset + error.end),
                instead=error.instead,
            )
            for error in group.errors
        )
        return None


def _swallowing_comment(node: ScalarNode, text: str) -> int | None:
    """Find a comment that would swallow what follows it: in lines that YAML folds into one."""
    if "//" not in text or node.style == "literal":
        return None
    lexer = Lexer(text)
    lexer.run()
    first, last = node.location_at(0), node.location_at(len(node.text) - 1)
    return lexer.comments[0] if lexer.comments and last.line > first.line else None


def located(
    node: ScalarNode,
    slug: str,
    message: str,
    hint: str | None,
    span: tuple[int, int],
    *,
    instead: Instead | None = None,
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
        instead=instead,
    )
