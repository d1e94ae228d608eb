"""
Which operation a call is, by the types of its operands.

Written out are the operations for which Python's own answer is the language's: comparisons of one kind of
value, fields, logic. Everything else calls a function of `auditor.evaluation.fast.runtime`, the last of which
hands its operands to the exact evaluator.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn

from auditor.evaluation.fast.leave import NotFast
from auditor.facts.types import (
    BOOL,
    DATE,
    DOUBLE,
    DURATION,
    DYN,
    FREE,
    INT,
    NULL,
    PERIOD,
    RATIO,
    STRING,
    TIMESTAMP,
    ListType,
    MapType,
    ObjectType,
    ScalarType,
    Type,
    unwrap,
)
from auditor.language.cel.names import namespaced
from auditor.language.values import Span

if TYPE_CHECKING:
    from auditor.evaluation.fast.lowerer import Lowerer
    from auditor.evaluation.fast.node import Node
    from auditor.language.cel.ast import Call, Expr

_ORDER: Final = {"_<_": "<", "_<=_": "<=", "_>_": ">", "_>=_": ">="}
_MOMENTS: Final = {"by": "<=", "before": "<", "after": ">"}
_PERIODS: Final = frozenset({"days", "workingDays", "weeks", "months", "quarters"})

_NATIVE_KINDS: Final = frozenset(
    kind.name for kind in (BOOL, INT, DOUBLE, STRING, TIMESTAMP, DATE, DURATION, RATIO)
)
"""Kinds of values of which Python orders two of one kind as the language does."""

_PLAIN_KINDS: Final = frozenset(kind.name for kind in (BOOL, INT, DOUBLE, STRING, DATE, RATIO))
"""Kinds of values that Python finds equal where the language does, each among its own."""

_ARITHMETIC: Final = frozenset({"_+_", "_-_", "_*_", "_/_", "_%_", "-_"})


def call(lowering: Lowerer, expr: Call) -> Node:
    """Return the node of a call that is neither a definition's nor made of literals alone."""
    name, args = expr.function, expr.args
    if expr.target is None and name in _LOGIC:
        return lowering.nodes.make(_LOGIC[name], *map(lowering.node, args))
    match name, len(args), expr.target is None:
        case "dyn", 1, True:
            return lowering.node(args[0])
        case "undecided", 1, True:
            return lowering.nodes.make("leave")
        case "notSupported", 1, True:
            return lowering.nodes.make("known", lowering.node(args[0]))
        case "_==_", 2, True:
            return _equal(lowering, args[0], args[1])
        case "_!=_", 2, True:
            return lowering.nodes.make("not", _equal(lowering, args[0], args[1]))
        case "@in", 2, True:
            return _member(lowering, args[0], args[1])
        case "_[_]", 2, True:
            return _item(lowering, args[0], args[1])
        case "_<_" | "_<=_" | "_>_" | "_>=_", 2, True:
            return _ordered(lowering, expr)
        case "size", _, _:
            return _size(lowering, (*args, expr.target)[0] if args else expr.target)
        case _:
            return _function(lowering, expr)


_LOGIC: Final = {"_&&_": "and", "_||_": "or", "!_": "not", "_?_:_": "cond"}


def kind_of(found: Type) -> str | None:
    """Return the name of a scalar type, null apart; None for any other type, and for dyn."""
    kind = unwrap(found)
    if isinstance(kind, ScalarType) and kind not in {DYN, NULL}:
        return kind.name
    return None


def _refuse(name: str) -> NoReturn:
    msg = f"no code for '{name}' of these types"
    raise NotFast(msg)


# ----- equality


def _equal(lowering: Lowerer, left: Expr, right: Expr) -> Node:
    one, other = lowering.type_of(left), lowering.type_of(right)
    nodes = lowering.node(left), lowering.node(right)
    for part, against, found in ((nodes[0], nodes[1], other), (nodes[1], nodes[0], one)):
        if part.op == "const" and part.data.value is None:
            return lowering.nodes.make("is_null", against, data=kind_of(found))
    if one == other == TIMESTAMP:
        return lowering.nodes.make("same_instant", *nodes)
    if _is_python_equality(one, other):
        # Of which kind both are, None where one of them may be anything: then no index goes by it.
        kind = kind_of(one) if kind_of(other) is not None else None
        return lowering.nodes.make("eq", *nodes, data=kind)
    return lowering.nodes.make("same", *nodes)


def _is_python_equality(one: Type, other: Type) -> bool:
    """Tell whether Python's ``==`` answers as the language does."""
    kinds = {kind_of(one), kind_of(other)}
    if kinds == {"string", None}:
        # A text equals nothing but a text, in Python as in the language.
        return DYN in {unwrap(one), unwrap(other)}
    return kinds == {"int", "double"} or (len(kinds) == 1 and kinds <= _PLAIN_KINDS)


# ----- order


def _ordered(lowering: Lowerer, expr: Call) -> Node:
    sign = _ORDER[expr.function]
    left, right = (lowering.node(arg) for arg in expr.args)
    kinds = [kind_of(lowering.type_of(arg)) for arg in expr.args]
    if set(kinds) == {"int", "double"}:  # as doubles, both of them
        whole = kinds.index("int")
        nodes = [left, right]
        if nodes[whole].op == "const":
            nodes[whole] = lowering.constant(float(nodes[whole].data.value))
            return lowering.nodes.make("compare", *nodes, data=sign)
    if kinds[0] == kinds[1] and kinds[0] in _NATIVE_KINDS:
        return lowering.nodes.make("compare", left, right, data=sign)
    return lowering.nodes.make("call", left, right, data=f"compare {sign}")


# ----- members


def _member(lowering: Lowerer, needle: Expr, haystack: Expr) -> Node:
    found = unwrap(lowering.type_of(haystack))
    if not isinstance(found, ListType):
        _refuse("in")
    one, member = lowering.type_of(needle), found.element
    nodes = lowering.node(needle), lowering.node(haystack)
    kinds = {kind_of(one), kind_of(member)} if member not in {FREE, NULL} else {kind_of(one)}
    if kinds == {"string"}:
        return lowering.nodes.make("in_texts", nodes[0], _texts(lowering, nodes[1]))
    if len(kinds) == 1 and kinds <= _PLAIN_KINDS:
        return lowering.nodes.make("in", *nodes)
    _refuse("in")


def _texts(lowering: Lowerer, members: Node) -> Node:
    """Return a list of texts, as a set where it is the same for every turn of the loop around."""
    is_fixed = lowering.depth > 0 and lowering.depth - 1 not in members.free
    if members.op != "const" and is_fixed:
        return lowering.nodes.make("set", members, data="set of")
    return members


def _item(lowering: Lowerer, owner: Expr, key: Expr) -> Node:
    found = unwrap(lowering.type_of(owner))
    kind = kind_of(lowering.type_of(key))
    if isinstance(found, ListType) and kind == "int":
        return lowering.nodes.make("call", *map(lowering.node, (owner, key)), data="item")
    if isinstance(found, MapType) and kind == "string":
        return lowering.nodes.make("key", *map(lowering.node, (owner, key)))
    _refuse("[ ]")


def _size(lowering: Lowerer, owner: Expr | None) -> Node:
    if owner is None:
        _refuse("size")
    found = lowering.type_of(owner)
    if isinstance(found, ListType | MapType):
        return lowering.nodes.make("size", lowering.node(owner))
    if kind_of(found) == "string":
        return lowering.nodes.make("call", lowering.node(owner), data="exact size")
    _refuse("size")


# ----- functions


def _function(lowering: Lowerer, expr: Call) -> Node:
    name = expr.function
    operands = expr.args if expr.target is None else (expr.target, *expr.args)
    full = namespaced(expr, lowering.functions, lowering.local)
    if full is not None:
        return lowering.nodes.make("call", *map(lowering.node, expr.args), data=f"exact {full}")
    types = [lowering.type_of(operand) for operand in operands]
    nodes = [lowering.node(operand) for operand in operands]
    made = _of_time(lowering, name, types, nodes) or _of_lists(lowering, name, types, nodes)
    if made is not None:
        return made
    if name in _ARITHMETIC:
        return _arithmetic(lowering, name, types, nodes)
    if name == "given":
        return lowering.nodes.make("call", *nodes, data=name)
    if name.startswith(("_", "@")):
        _refuse(name)  # an operator, which may ask how its operands are written
    kind = "method" if expr.target is not None else "exact"
    return lowering.nodes.make("call", *nodes, data=f"{kind} {name}")


def _of_time(lowering: Lowerer, name: str, types: list[Type], nodes: list[Node]) -> Node | None:
    """Return the node of a word about instants, days and records in time; None for any other function."""
    made = lowering.nodes.make
    match name, len(nodes):
        case "by" | "before" | "after", 2 if all(unwrap(found) == TIMESTAMP for found in types):
            return made("moment", *nodes, data=(_MOMENTS[name], types[0] != TIMESTAMP))
        case "by" | "before" | "after", 2:
            return made("call", *nodes, data=f"moment {_MOMENTS[name]}")
        case "within", 2:
            is_typed = unwrap(types[0]) == TIMESTAMP and types[1] is PERIOD
            return made("within", *nodes) if is_typed else made("call", *nodes, data=name)
        case "plus" | "minus", 2 if _span_of(nodes[1]) is not None:
            return made("call", nodes[0], data=(name, _span_of(nodes[1])))
        case "begins" | "ends", 1:
            return made("edge", *nodes, data=name)
        case "timely" | "proven", 3 if _span_of(nodes[2]) is not None:
            record = unwrap(types[0])
            has_method = isinstance(record, ObjectType) and "prov" in record.fields
            how = "by method" if has_method else "by itself"
            return made("call", *nodes[:2], data=("timely", _span_of(nodes[2]), how))
        case _, 2 if name in _PERIODS:
            return made("call", *nodes, data=name)
        case _:
            return None


def _of_lists(lowering: Lowerer, name: str, types: list[Type], nodes: list[Node]) -> Node | None:
    """Return the node of a function of a list that knows no more than the list; None for any other one."""
    is_one = (name, len(nodes)) in {("windows", 2), ("flatten", 1)}
    if is_one and isinstance(types[0], ListType):
        return lowering.nodes.make("call", *nodes, data=name)
    return None


def _span_of(node: Node) -> Span | None:
    """Return the length of time that is the same everywhere; None for any other node."""
    value = node.data.value if node.op == "const" else None
    return value if isinstance(value, Span) else None


def _arithmetic(lowering: Lowerer, name: str, types: list[Type], nodes: list[Node]) -> Node:
    if all(isinstance(found, ListType) for found in types):
        return lowering.nodes.make("chain", *nodes)
    kinds = {kind_of(found) for found in types}
    if name == "_+_" and kinds == {"string"}:
        return lowering.nodes.make("call", *nodes, data="text")
    if kinds == {"int"}:
        return lowering.nodes.make("call", *nodes, data=f"whole {name}")
    return lowering.nodes.make("call", *nodes, data=f"exact {name}")
