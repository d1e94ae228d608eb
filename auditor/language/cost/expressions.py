"""
How many steps an expression takes at most, and how large its value can be.

This follows the exact evaluator node by node, and assumes the worst: every operand counts, whatever decides
before it, and no two members fall away for one reason. Costs are in thousandths of a step, because a text
counts for less than one step for each character. A condition that is joined to a list by ``x.field == other``
is counted for the members that share one text in the field, as long as *other* is known.

Source: docs/cost.md; docs/decisions/0015.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from auditor.language.cel.ast import (
    Block,
    Call,
    Comprehension,
    Expr,
    Ident,
    ListExpr,
    Literal,
    MapExpr,
    Select,
    children,
    slot_name,
)
from auditor.language.cel.names import namespaced
from auditor.language.cost import calls, forms, macros, values
from auditor.language.cost.charges import STEP, equality
from auditor.language.cost.forms import NONE, PLAIN, Held, Listed, Mapped, Size, Text
from auditor.language.cost.growth import NOTHING, Growth, number, total

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from auditor.language.cel.checked import CheckedExpr, Instance
    from auditor.language.registry import Functions

    Estimate = tuple[Growth, Size]
    """Thousandths of a step, and the size of the value."""

_TRUTHS: Final = frozenset({"_&&_", "_||_", "!_", "notSupported"})
_EQUALITY: Final = frozenset({"_==_", "_!=_"})


class Estimator:
    """
    Counts what expressions can cost.

    Args:
        functions: What they may call.
        names: How large the values of variables can be.
    """

    def __init__(self, functions: Functions, names: Mapping[str, Size]) -> None:
        self._functions = functions
        self.names = dict(names)
        """To which a caller may add names."""
        self._known: dict[tuple[int, tuple[Size, ...]], tuple[Instance, Estimate]] = {}

    def estimate(self, checked: CheckedExpr) -> Estimate:
        """Estimate an expression on its own."""
        return self._of(checked, checked.expr, {})

    def _of(self, checked: CheckedExpr, node: Expr, local: Mapping[str, Size]) -> Estimate:
        """Estimate *node* with the macro variables of *local*."""
        match node:
            case Literal():
                return STEP, values.of_value(node.value)
            case Ident():
                known = local if not node.absolute and node.name in local else self.names
                return STEP, known.get(node.name, PLAIN)
            case Select():
                cost, operand = self._of(checked, node.operand, local)
                return cost + STEP, PLAIN if node.test else values.selected(operand, node.field)
            case ListExpr():
                return self._list(checked, node, local)
            case MapExpr():
                return self._map(checked, node, local)
            case Block():
                return self._block(checked, node, local)
            case Comprehension():
                cost, size = macros.estimate(node, partial(self._of, checked), local)
                return cost + STEP, size
            case Call():
                cost, size = self._call(checked, node, local)
                return cost + STEP, size
            case _:
                return STEP, NONE

    def _all(
        self, checked: CheckedExpr, nodes: Sequence[Expr], local: Mapping[str, Size]
    ) -> tuple[Growth, list[Size]]:
        found = [self._of(checked, node, local) for node in nodes]
        return total(cost for cost, _ in found), [size for _, size in found]

    # ----- literals

    def _list(self, checked: CheckedExpr, node: ListExpr, local: Mapping[str, Size]) -> Estimate:
        cost, sizes = self._all(checked, node.elements, local)
        parts = [
            values.held(size) if place in node.optional else size
            for place, size in enumerate(sizes)
        ]
        return cost + STEP, forms.listed(len(parts), values.either(*parts))

    def _map(self, checked: CheckedExpr, node: MapExpr, local: Mapping[str, Size]) -> Estimate:
        cost, keys = self._all(checked, [key for key, _ in node.entries], local)
        more, parts = self._all(checked, [value for _, value in node.entries], local)
        parts = [
            values.held(size) if place in node.optional else size
            for place, size in enumerate(parts)
        ]
        named = tuple(
            (key.value, size)
            for (key, _), size in zip(node.entries, parts, strict=True)
            if isinstance(key, Literal) and isinstance(key.value, str)
        )
        made = Mapped(number(len(parts)), values.either(*keys), values.either(*parts), named)
        return total((cost, more, STEP)), (made,)

    def _block(self, checked: CheckedExpr, node: Block, local: Mapping[str, Size]) -> Estimate:
        inner = dict(local)
        costs = [STEP]
        for position, slot in enumerate(node.slots):
            cost, inner[slot_name(position)] = self._of(checked, slot, inner)
            costs.append(cost)
        cost, size = self._of(checked, node.body, inner)
        return total((*costs, cost)), size

    # ----- calls

    def _call(self, checked: CheckedExpr, node: Call, local: Mapping[str, Size]) -> Estimate:
        if node.function in _TRUTHS and node.target is None:
            return self._all(checked, node.args, local)[0], PLAIN
        if node.function in {"_?_:_", "dyn"} and node.target is None:
            cost, sizes = self._all(checked, node.args, local)
            return cost, values.either(*sizes[-2:])
        if node.function in {"or", "orValue"} and node.target is not None:
            cost, (held, other) = self._all(checked, children(node), local)
            return cost, values.either(held if node.function == "or" else values.held(held), other)
        instance = checked.instances.get(node.id)
        if instance is not None:
            cost, sizes = self._all(checked, node.args, local)
            more, size = self._instance(instance, tuple(sizes))
            return cost + more, size
        name = namespaced(node, self._functions, local)
        is_method = node.target is not None and name is None
        nodes = children(node) if name is None else node.args
        cost, sizes = self._all(checked, nodes, local)
        more, size = self._applied(name or node.function, sizes, nodes, is_method=is_method)
        return cost + more, size

    def _instance(self, instance: Instance, arguments: tuple[Size, ...]) -> Estimate:
        known = self._known.get((id(instance), arguments))
        if known is None:
            local = dict(zip(instance.parameters, arguments, strict=True))
            known = instance, self._of(instance.body, instance.body.expr, local)
            self._known[id(instance), arguments] = known
        return known[1]

    def _applied(
        self, name: str, sizes: list[Size], nodes: Sequence[Expr], *, is_method: bool
    ) -> Estimate:
        """Estimate an operator or a function on evaluated arguments, the receiver first."""
        form = (name, len(sizes))
        if name in _EQUALITY and len(sizes) == 2:  # noqa: PLR2004 - both sides
            return equality(*sizes), PLAIN
        match form:
            case ("@in", 2):
                needle, haystack = sizes
                if _are_texts(haystack) and all(
                    form in NONE or isinstance(form, Text) for form in needle
                ):
                    return STEP, PLAIN  # looked up, where all members are known
                each = equality(needle, values.element(haystack))
                return _listed_members(haystack) * each, PLAIN
            case ("_[_]", 2):
                return NOTHING, values.indexed(sizes[0])
            case ("_[?_]", 2):
                return NOTHING, (Held(values.indexed(values.held(sizes[0]))),)
            case ("_?._", 2):
                return NOTHING, _optional_field(sizes[0], nodes[1])
            case ("type", 1):
                return NOTHING, PLAIN
            case ("_+_", _):
                return self._chain(sizes)
        overloads = self._functions.candidates(name, method=is_method, arity=len(sizes) - is_method)
        return calls.estimate(name, overloads, sizes, nodes)

    def _chain(self, sizes: list[Size]) -> Estimate:
        """Estimate a chain of ``+``: each operand is added to what those before it come to."""
        overloads = self._functions.candidates("_+_", method=False, arity=2)
        costs = []
        sum_ = sizes[0]
        for size in sizes[1:]:
            cost, sum_ = calls.added(sum_, size, overloads)
            costs.append(cost)
        return total(costs), sum_


def _are_texts(size: Size) -> bool:
    """Tell whether a value is a list of nothing but texts."""
    return all(
        isinstance(form, Listed) and all(isinstance(part, Text) for part in values.element((form,)))
        for form in size
    )


def _listed_members(size: Size) -> Growth:
    """Return through how many members ``in`` looks: a map is not looked through."""
    return values.members(tuple(form for form in size if not isinstance(form, Mapped)))


def _optional_field(size: Size, name: Expr) -> Size:
    field = name.value if isinstance(name, Literal) else ""
    return (Held(values.selected(values.held(size), str(field))),)
