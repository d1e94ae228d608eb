"""
From checked expressions to nodes: definitions and names written out, operations chosen by the types found.

Where the types leave open what an operation means, or Python would answer something else than the language,
the node calls a function that knows; where there is none, the whole policy is left to the exact evaluator.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from auditor.evaluation.exact import evaluate
from auditor.evaluation.fast.constants import leaf
from auditor.evaluation.fast.leave import NotFast
from auditor.evaluation.fast.lowering_calls import call
from auditor.evaluation.fast.lowering_loops import loop
from auditor.facts.types import DYN, ListType, MapType, NullableType, ObjectType, unwrap
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
    slot_name,
    walk,
)
from auditor.language.cel.macro_types import group
from auditor.language.values import Failure, Hollow, MapValue, Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditor.evaluation.fast.node import Node, Nodes
    from auditor.facts.types import Type
    from auditor.language.cel.checked import CheckedExpr
    from auditor.language.registry import Functions

_INSTANTS: Final = frozenset({"as_of", "period"})
"""Variables that a run sets."""


@dataclass(frozen=True, slots=True)
class Lowering:
    """
    Makes nodes of the expressions of one policy.

    `names` holds what subjects and ``let`` names stand for, `local` the variables of macros and the
    parameters of a definition; `depth` is the number of loops around.
    """

    nodes: Nodes
    functions: Functions
    root: ObjectType
    params: MapValue
    names: Mapping[str, Node] = field(default_factory=dict)
    local: Mapping[str, Node] = field(default_factory=dict)
    depth: int = 0
    checked: CheckedExpr | None = None

    def lower(self, checked: CheckedExpr) -> Node:
        """
        Return the node of an expression.

        Raises:
            NotFast: There is no code for something in it.
        """
        return replace(self, checked=checked).node(checked.expr)

    def inside(self, local: Mapping[str, Node], *, deeper: int = 0) -> Lowering:
        """Return the same with further *local* names, inside *deeper* more loops."""
        return replace(self, local={**self.local, **local}, depth=self.depth + deeper)

    # ----- what the checker found

    def type_of(self, node: Expr) -> Type:
        """Return the type of a node of the expression at hand."""
        return DYN if self.checked is None else self.checked.types.get(node.id, DYN)

    def may_be_null(self, node: Expr) -> bool:
        """Whether a fact may be known to be absent here."""
        return isinstance(self.type_of(node), NullableType)

    # ----- nodes

    def constant(self, value: Any) -> Node:  # noqa: ANN401 - any leaf
        """Return the node of a leaf."""
        return self.nodes.constant(value)

    def node(self, expr: Expr) -> Node:
        """Return the node of a part of the expression at hand."""
        match expr:
            case Literal():
                return self.constant(leaf(expr.value))
            case Ident():
                return self._name(expr)
            case Select() if self._is_of_params(expr):
                return self.constant(leaf(self._folded(expr)))
            case Select():
                return self._select(expr)
            case Call():
                return self._call(expr)
            case Comprehension(macro="bind"):
                bound = {expr.variables[0]: self.node(expr.range)}
                return self.inside(bound).node(expr.args[0])
            case Comprehension():
                return loop(self, expr)
            case Block():
                return self._block(expr)
            case ListExpr(optional=()):
                return self._list(expr)
            case MapExpr(optional=()):
                return self._map(expr)
            case _:
                msg = f"no code for {type(expr).__name__}"
                raise NotFast(msg)

    def _block(self, expr: Block) -> Node:
        inside = self
        for position, slot in enumerate(expr.slots):
            inside = inside.inside({slot_name(position): inside.node(slot)})
        return inside.node(expr.body)

    def _name(self, expr: Ident) -> Node:
        if not expr.absolute and expr.name in self.local:
            return self.local[expr.name]
        if expr.name in self.names:
            return self.names[expr.name]
        if expr.name in _INSTANTS:
            return self.nodes.make("run", data=expr.name)
        if expr.name in self.root.fields:
            return self.nodes.make("fact", data=expr.name)
        msg = f"no code for the name '{expr.name}'"
        raise NotFast(msg)

    def _select(self, expr: Select) -> Node:
        owner = self.type_of(expr.operand)
        kind = unwrap(owner)
        is_known = isinstance(kind, ObjectType | MapType) or kind == DYN
        if not is_known or (isinstance(kind, ObjectType) and expr.field not in kind.fields):
            msg = f"no code for the field '{expr.field}'"
            raise NotFast(msg)
        if expr.test and not isinstance(kind, ObjectType):
            msg = "no code for 'has' of undeclared data"
            raise NotFast(msg)
        op = "has" if expr.test else "field"
        if isinstance(owner, NullableType):
            op = f"{op}_or_null"
        elif not isinstance(kind, ObjectType):
            op = "dyn_field"
        if op == "field" and expr.field == "items" and kind is _group_of(kind):
            op = "items"
        made = self.nodes.make(op, self.node(expr.operand), data=expr.field)
        made.is_sure = isinstance(kind, ObjectType) and kind.fields[expr.field].required
        return made

    def _list(self, expr: ListExpr) -> Node:
        parts = [self.node(element) for element in expr.elements]
        if all(part.op == "const" for part in parts):
            return self.constant([part.data.value for part in parts])
        return self.nodes.make("list", *parts)

    def _map(self, expr: MapExpr) -> Node:
        keys = [key.value if isinstance(key, Literal) else None for key, _ in expr.entries]
        if not all(isinstance(key, str) for key in keys) or len(set(keys)) < len(keys):
            msg = "no code for a map whose keys are computed"
            raise NotFast(msg)
        values = [self.node(value) for _, value in expr.entries]
        return self.nodes.make("struct", *values, data=tuple(keys))

    # ----- calls

    def _call(self, expr: Call) -> Node:
        instance = None if self.checked is None else self.checked.instances.get(expr.id)
        if instance is not None:
            given = dict(zip(instance.parameters, map(self.node, expr.args), strict=True))
            return replace(self, local=given, checked=instance.body).node(instance.body.expr)
        if self._is_constant(expr):
            return self.constant(leaf(self._folded(expr)))
        return call(self, expr)

    # ----- constants

    def _is_of_params(self, expr: Select) -> bool:
        """Whether a selection is made of a parameter."""
        current: Expr = expr
        while isinstance(current, Select):
            if current.test:
                return False
            current = current.operand
        return (
            isinstance(current, Ident)
            and current.name == "params"
            and (current.absolute or "params" not in self.local)
        )

    def _is_constant(self, expr: Expr) -> bool:
        """Whether an expression is made of literals alone, so that it is worth the same everywhere."""
        return all(isinstance(part, Literal | Call | ListExpr) for part in walk(expr)) and not any(
            isinstance(part, Call) and (part.id in self._instances() or _is_of_a_run(part, self))
            for part in walk(expr)
        )

    def _instances(self) -> Mapping[int, object]:
        return {} if self.checked is None else self.checked.instances

    def _folded(self, expr: Expr) -> Value:
        """Return what an expression of literals and parameters is worth."""
        value = evaluate(expr, variables={"params": self.params}, functions=self.functions)
        if isinstance(value, Unknown | Failure | Hollow):
            msg = "no code for a constant that is an error"
            raise NotFast(msg)
        return value


def _group_of(kind: Type) -> Type | None:
    """Return *kind* where it is what ``groupBy`` gives for one key, None otherwise."""
    if not isinstance(kind, ObjectType) or set(kind.fields) != {"key", "items"}:
        return None
    listed = kind.fields["items"].type
    return group(listed.element) if isinstance(listed, ListType) else None


def _is_of_a_run(expr: Call, lowering: Lowering) -> bool:
    """Whether a function asks for what only a run knows: calendar, judged instant, facts."""
    arity = len(expr.args)
    for is_method in (True, False):
        for overload in lowering.functions.candidates(expr.function, method=is_method, arity=arity):
            if overload.wants_context:
                return True
    return expr.function in {"undecided", "notSupported"}
