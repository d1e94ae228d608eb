"""
Names for values inside an expression: ``cel.bind``, ``cel.block``, ``optMap`` and ``optFlatMap``.

A value that is bound is evaluated once; an unknown, an error or a vacuous truth in it matters only where
its name is used, as with ``let``.

Source: CEL's extensions "bindings", "block" and "optional types"; LANGUAGE.md, section 2, rule 3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.evaluation.fields import given
from auditor.evaluation.optionals import not_optional
from auditor.evaluation.scope import Bound
from auditor.evaluation.shapes import hollowed, plain
from auditor.language.cel.ast import slot_name
from auditor.language.values import Failure, Hollow, Optional, Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from auditor.evaluation.machine import Machine
    from auditor.evaluation.scope import Locals
    from auditor.language.cel.ast import Block, Comprehension, Expr


def _bound(machine: Machine, node: Expr, local: Locals) -> Bound:
    """Evaluate *node*; what it read is noted where the name is used."""
    value, trail = machine.apart(node, local)
    return Bound(value, tuple(dict.fromkeys(trail.facts)))


def _bind(machine: Machine, node: Comprehension, local: Locals) -> Value:
    """Evaluate ``cel.bind(x, value, body)``."""
    inner = {**local, node.variables[0]: _bound(machine, node.range, local)}
    return machine.eval(node.args[0], inner)


def block(machine: Machine, node: Block, local: Locals) -> Value:
    """Evaluate ``cel.block([...], body)``: the slots in order, so that long chains need no recursion."""
    names = [slot_name(position) for position in range(len(node.slots))]
    inner = {name: bound for name, bound in local.items() if name not in names}
    for name, slot in zip(names, node.slots, strict=True):
        inner[name] = _bound(machine, slot, inner)
    return machine.eval(node.body, inner)


def _opt_map(machine: Machine, node: Comprehension, local: Locals) -> Value:
    """Evaluate ``optMap`` (the body gives a value) or ``optFlatMap`` (it gives an optional)."""
    source = machine.eval(node.range, local)
    finished = plain(source)
    if isinstance(finished, Unknown | Failure):
        return finished
    if not isinstance(finished, Optional):
        return not_optional(node, finished)
    if not finished.has_value:
        return source
    result = machine.eval(node.args[0], {**local, node.variables[0]: Bound(finished.value)})
    made = plain(result)
    if node.macro == "optMap":
        made = given(made)
    elif not isinstance(made, Optional | Unknown | Failure):
        return not_optional(node, made)
    is_hollow = isinstance(source, Hollow) or isinstance(result, Hollow)
    return hollowed(made) if is_hollow else made


BINDINGS: Final[Mapping[str, Callable[[Machine, Comprehension, Locals], Value]]] = {
    "bind": _bind,
    "optMap": _opt_map,
    "optFlatMap": _opt_map,
}
"""Macros that go through no list, by name."""
