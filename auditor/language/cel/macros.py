"""
Which calls are macros, and what each of them stands for.

A macro is told by its name and its number of arguments, so a method of that name with other arguments
stays a method. ``cel.index(n)`` and ``cel.iterVar(n, m)`` are names that no text can spell.

Source: CEL specification, "Macros"; its extensions "comprehensions", "bindings" and "block".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.language.cel import syntax_errors
from auditor.language.cel.ast import (
    Block,
    Call,
    Comprehension,
    Expr,
    Ident,
    ListExpr,
    Literal,
    slot_name,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Numbering = Callable[[int, Sequence[Expr], Sequence[Expr]], int]
    """Gives a new node its id, by its start, its parts, and those of them that it repeats."""


MACROS: Final = {
    ("all", 2): "all",
    ("exists", 2): "exists",
    ("exists_one", 2): "exists_one",
    ("existsOne", 2): "exists_one",
    ("map", 2): "map",
    ("map", 3): "map",
    ("filter", 2): "filter",
    ("latest", 2): "latest",
    ("earliest", 2): "earliest",
    ("count", 2): "count",
    ("sum", 2): "sum",
    ("sumReaches", 3): "sumReaches",
    ("sortBy", 2): "sortBy",
    ("daily", 3): "daily",
    ("weekly", 3): "weekly",
    ("monthly", 3): "monthly",
    ("groupBy", 2): "groupBy",
    ("cycles", 3): "cycles",
    ("reachable", 4): "reachable",
}
"""The macros over a list or map with one variable, by name and number of arguments, with the name that the tree uses."""

OF_OPTIONAL: Final = {("optMap", 2): "optMap", ("optFlatMap", 2): "optFlatMap"}
"""The macros of an optional."""

PAIRED: Final = {
    ("all", 3): "all",
    ("exists", 3): "exists",
    ("exists_one", 3): "exists_one",
    ("existsOne", 3): "exists_one",
    ("transformList", 3): "transformList",
    ("transformList", 4): "transformList",
    ("transformMap", 3): "transformMap",
    ("transformMap", 4): "transformMap",
    ("transformMapEntry", 3): "transformMapEntry",
    ("transformMapEntry", 4): "transformMapEntry",
}
"""The macros with two variables: position and element of a list, key and value of a map."""


_WITH_ONE_NAME: Final = {**MACROS, **OF_OPTIONAL}


NAMES: Final = frozenset(name for name, _ in {**_WITH_ONE_NAME, **PAIRED})
"""The names of all macros that are written like methods."""


def forms(name: str) -> list[str]:
    """Return how a macro is written, for somebody who has written it otherwise."""
    found = []
    for table, names in ((_WITH_ONE_NAME, ["x"]), (PAIRED, ["i", "x"])):
        for known, arity in table:
            if known == name:
                parts = [*names, *["e"] * (arity - len(names))]
                found.append(f"xs.{name}({', '.join(parts)})")
    return found


def expanded(call: Call, number: Numbering) -> Expr | None:
    """
    Return what a method's call stands for; None where it is no macro.

    Args:
        call: The call, not yet numbered.
        number: Gives the id of what replaces it.

    Raises:
        CelSyntaxError: It names no variables, or exceeds a limit.
    """
    form = (call.function, len(call.args))
    if _is_cel(call.target) and form in _OF_CEL:
        return _OF_CEL[form](call, number)
    names, macro = (2, PAIRED[form]) if form in PAIRED else (1, _WITH_ONE_NAME.get(form))
    if macro is None or call.target is None:
        return None
    return _comprehension(call, number, macro, call.target, (call.args[:names], call.args[names:]))


def _comprehension(
    call: Call,
    number: Numbering,
    macro: str,
    source: Expr,
    arguments: tuple[Sequence[Expr], Sequence[Expr]],
) -> Expr:
    names: list[str] = []
    for variable in arguments[0]:
        is_name = isinstance(variable, Ident) and not variable.absolute
        if not isinstance(variable, Ident) or not is_name or variable.name in names:
            raise syntax_errors.bad_variable(
                call.function, variable.start, variable.end, len(arguments[0])
            )
        names.append(variable.name)
    bodies = tuple(arguments[1])
    own = number(call.start, (source,), bodies)
    return Comprehension(own, call.start, call.end, macro, source, tuple(names), bodies)


def _is_cel(target: Expr | None) -> bool:
    return isinstance(target, Ident) and target.name == "cel" and not target.absolute


def _bind(call: Call, number: Numbering) -> Expr:
    variable, value, body = call.args
    return _comprehension(call, number, "bind", value, ((variable,), (body,)))


def _block(call: Call, number: Numbering) -> Expr | None:
    slots, body = call.args
    if not isinstance(slots, ListExpr) or slots.optional:
        return None
    own = number(call.start, (*slots.elements, body), ())
    return Block(own, call.start, call.end, slots.elements, body)


def _index(call: Call, number: Numbering) -> Expr | None:
    position = _whole(call.args[0])
    if position is None:
        return None
    return Ident(number(call.start, (), ()), call.start, call.end, slot_name(position))


def _iter_var(call: Call, number: Numbering) -> Expr | None:
    depth, position = map(_whole, call.args)
    if depth is None or position is None:
        return None
    return Ident(number(call.start, (), ()), call.start, call.end, f"@it:{depth}:{position}")


def _whole(node: Expr) -> int | None:
    is_whole = isinstance(node, Literal) and type(node.value) is int and node.value >= 0
    return node.value if isinstance(node, Literal) and is_whole else None


_OF_CEL: Final[dict[tuple[str, int], Callable[[Call, Numbering], Expr | None]]] = {
    ("bind", 3): _bind,
    ("block", 2): _block,
    ("index", 1): _index,
    ("iterVar", 2): _iter_var,
}
"""The macros in the namespace ``cel``, by name and number of arguments."""
