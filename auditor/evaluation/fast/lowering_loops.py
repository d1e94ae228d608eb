"""
Which operation a macro is: loops are written out, the rest calls a function on what a loop has collected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.evaluation.fast.joins import narrowed
from auditor.evaluation.fast.leave import NotFast
from auditor.evaluation.fast.lowering_calls import kind_of
from auditor.evaluation.fast.node import LOOPS
from auditor.facts.types import DYN, TIMESTAMP, ListType, NullableType, unwrap

if TYPE_CHECKING:
    from auditor.evaluation.fast.lowerer import Lowerer
    from auditor.evaluation.fast.node import Node
    from auditor.language.cel.ast import Comprehension

_NUMBERS: Final = frozenset({"int", "double", "ratio"})
_SORTABLE: Final = frozenset({"int", "double", "ratio", "string", "timestamp"})


def loop(lowering: Lowerer, expr: Comprehension) -> Node:
    """Return the node of a macro over one list."""
    if len(expr.variables) != 1 or not isinstance(lowering.type_of(expr.range), ListType):
        msg = f"no code for '{expr.macro}' here"
        raise NotFast(msg)
    made = lowering.nodes.make
    source = lowering.node(expr.range)
    inside = _inside(lowering, expr)
    body = lowering.type_of(expr.args[0])
    match expr.macro, len(expr.args):
        case (("map" | "transformList"), 1):
            return made("map", source, inside.node(expr.args[0]), level=lowering.depth)
        case (("map" | "transformList"), 2):
            kept = _looped(lowering, expr, "filter", source)
            return made("map", kept, inside.node(expr.args[1]), level=lowering.depth)
        case (("latest" | "earliest"), 1) if unwrap(body) == TIMESTAMP:
            return made(expr.macro, source, inside.node(expr.args[0]), level=lowering.depth)
        case "sum", 1 if kind_of(body) in _NUMBERS and not isinstance(body, NullableType):
            return made("call", _collected(lowering, expr, source), data="sum")
        case "sumReaches", 2 if kind_of(body) in _NUMBERS:
            limit = lowering.node(expr.args[1])
            return made("call", _collected(lowering, expr, source), limit, data="sum reaches")
        case "sortBy", 1 if kind_of(body) in _SORTABLE or unwrap(body) == DYN:
            return made("call", source, _collected(lowering, expr, source), data="sort by")
        case "groupBy", 1 if kind_of(body) == "string":
            return made("call", source, _collected(lowering, expr, source), data="group by")
        case macro, 1 if macro in LOOPS:
            return _looped(lowering, expr, macro, source)
        case _:
            msg = f"no code for '{expr.macro}' here"
            raise NotFast(msg)


def _inside(lowering: Lowerer, expr: Comprehension) -> Lowerer:
    variable = lowering.nodes.make("var", data=lowering.depth)
    return lowering.inside({expr.variables[0]: variable}, deeper=1)


def _collected(lowering: Lowerer, expr: Comprehension, source: Node) -> Node:
    """Return what the macro's first argument gives for each member, as a list."""
    body = _inside(lowering, expr).node(expr.args[0])
    return lowering.nodes.make("map", source, body, level=lowering.depth)


def _looped(lowering: Lowerer, expr: Comprehension, macro: str, source: Node) -> Node:
    body = _inside(lowering, expr).node(expr.args[0])
    if macro == "all":
        return lowering.nodes.make(macro, source, body, level=lowering.depth)
    return narrowed(lowering.nodes, macro, source, body, lowering.depth)
