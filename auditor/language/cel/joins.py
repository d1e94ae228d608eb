"""
Which condition of a macro lets an index find the members that it looks at.

``change_events.filter(e, e.item == blocker.id && ...)`` is how policies follow an id: whatever the rest of
the ``&&`` says, a member with another text in that field is false. Whoever evaluates such a macro and
whoever counts its steps must see the same condition, so it is told here once, by the tree alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.language.cel.ast import Call, Expr, Ident, Literal, Select, walk

if TYPE_CHECKING:
    from auditor.language.cel.ast import Comprehension

FEW: Final = 32
"""Members up to which a list is simply looked through."""


def joined_field(node: Comprehension) -> tuple[str, Expr] | None:
    """
    Find ``x.field == other`` among what the first argument demands, where *other* does not depend on ``x``.

    Returns:
        The field and *other*, of the first such condition; None for a macro with two variables, too.
    """
    if len(node.variables) != 1:
        return None
    body, variable = node.args[0], node.variables[0]
    demands = body.args if isinstance(body, Call) and body.function == "_&&_" else (body,)
    for demand in demands:
        if isinstance(demand, Call) and demand.function == "_==_":
            left, right = demand.args
            for side, other in ((left, right), (right, left)):
                field = _field_of(side, variable)
                if field is not None and _is_free_of(other, variable):
                    return field, other
    return None


def _field_of(node: Expr, variable: str) -> str | None:
    match node:
        case Select(test=False, operand=Ident(name=name, absolute=False)) if name == variable:
            return node.field
        case _:
            return None


def _is_free_of(node: Expr, variable: str) -> bool:
    """Whether an expression is a constant or a path that does not begin with the macro's variable."""
    return all(
        isinstance(part, Literal | Select) or (isinstance(part, Ident) and part.name != variable)
        for part in walk(node)
    )
