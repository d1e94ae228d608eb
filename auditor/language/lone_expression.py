"""
An expression that stands alone: parsed and checked with the names in force, its faults shown in its own line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.language.cel.checker import CheckErrors, check
from auditor.language.cel.constants import constant_faults
from auditor.language.cel.diagnostics import Diagnostic
from auditor.language.cel.parser import parse
from auditor.language.cel.source import CelSyntaxErrors, excerpt, place
from auditor.language.extent import MAX_DEPTH, MAX_PARTS, Extents
from auditor.language.headroom import make_room
from auditor.model.errors import ErrorGroup, PolicyError
from auditor.model.location import Location

if TYPE_CHECKING:
    from auditor.language.cel.checked import CheckedExpr
    from auditor.language.cel.source import CelSyntaxError
    from auditor.language.half_typed import Scope


def checked_alone(text: str, scope: Scope, shown: str) -> CheckedExpr:
    """
    Check an expression as a policy's would be.

    Args:
        text: The expression.
        scope: The names in force.
        shown: What errors call the place where it was written.

    Raises:
        ErrorGroup: With everything that is wrong with it.
    """
    make_room()
    try:
        expr = parse(text)
    except CelSyntaxErrors as group:
        raise ErrorGroup([_syntax_fault(one, text, shown) for one in group.errors]) from None
    if Extents({}, scope.definitions).of(expr).is_too_large:
        message = "this is too deep or too large with all the names that it uses"
        hint = f"at most {MAX_DEPTH} levels inside each other, and {MAX_PARTS} parts"
        fault = Diagnostic("too-large", message, hint, 0, len(text))
        raise ErrorGroup([_fault(fault, text, shown)])
    faults = list(constant_faults(expr, text, scope.functions))
    checked = None
    try:
        checked = check(
            expr,
            variables=scope.variables,
            functions=scope.functions,
            text=text,
            definitions=scope.definitions,
            known=scope.known,
            aliases=scope.aliases,
        )
    except CheckErrors as group:
        faults += group.diagnostics
    if checked is None or faults:
        raise ErrorGroup([_fault(one, text, shown) for one in faults])
    return checked


def _syntax_fault(found: CelSyntaxError, text: str, shown: str) -> PolicyError:
    told = Diagnostic(found.slug, found.message, found.hint, found.offset, found.end)
    return _fault(told, text, shown)


def _fault(found: Diagnostic, text: str, shown: str) -> PolicyError:
    line, column = place(text, found.start)
    last, behind = place(text, max(found.start, min(found.end, len(text))))
    end = behind if last == line and behind > column else None
    return PolicyError(
        found.message,
        hint=found.hint,
        location=Location(shown, line, column, end),
        excerpt=excerpt(text, found.start),
        slug=f"policy-{found.slug}",
    )
