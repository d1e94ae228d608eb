"""
What an expression is worth: the meaning of the language, written for exactness.

Errors, unknowns and open lists are values here, so that a deciding operand can absorb them: ``false &&
unknown`` is false. An ``||`` looks on behind a vacuous truth, because a truth counts as vacuous only if
every true operand is. The fast path may answer only what this file answers.

Source: LANGUAGE.md, sections 2 to 5; CEL specification, "Evaluation".
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from auditor.evaluation import bindings, comprehensions, operators
from auditor.evaluation.equality import doubts, equal, merge
from auditor.evaluation.fields import select
from auditor.evaluation.joins import Joins
from auditor.evaluation.lift import Lift
from auditor.evaluation.optionals import literal_list, not_optional
from auditor.evaluation.scope import NOTHING, Bound, Thunk
from auditor.evaluation.shapes import fits, hollowed, plain, type_name
from auditor.evaluation.trail import Trail
from auditor.facts.types import DYN, NullableType, held_type
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
    StructExpr,
)
from auditor.language.cel.checked import CheckedExpr
from auditor.language.cel.names import TYPE_NAMES, candidates, namespaced
from auditor.language.values import (
    Day,
    EvaluationFailure,
    Failure,
    Hollow,
    Listing,
    MapValue,
    Optional,
    TypeValue,
    Undecided,
    Unknown,
    Value,
    map_key,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from auditor.evaluation.scope import Locals
    from auditor.language.registry import Context, Functions, Overload

STEP_BUDGET: Final = 20_000_000
"""Steps after which an evaluation is given up; the same on every machine."""


_LAST_WORDS: Final = frozenset(name.rpartition(".")[2] for name in TYPE_NAMES if "." in name)
"""With what the dotted names of types end."""


class BudgetExceeded(Exception):
    """
    The evaluation took more steps than the language allows.

    Args:
        budget: How many are allowed.
    """

    def __init__(self, budget: int) -> None:
        super().__init__()
        self.budget = budget
        self.expression: CheckedExpr | None = None
        """The innermost whole expression that was under way; None where it was none."""


class Evaluator:
    """
    Evaluates checked expressions over one snapshot.

    Args:
        functions: What may be called.
        lift: Turns facts into values.
        context: Calendar, judged instant and root, for functions that want them; None where none does.
        joins: Indexes shared by all evaluations over one snapshot; None for none yet.
        container: Namespace in which names are looked up first, as CEL's containers demand.
        budget: Steps that all evaluations together may take.
    """

    def __init__(
        self,
        functions: Functions,
        lift: Lift,
        context: Context | None = None,
        *,
        joins: Joins | None = None,
        container: str = "",
        budget: int = STEP_BUDGET,
    ) -> None:
        self.lift = lift
        self.joins = joins or Joins()
        self.trail = Trail()
        """Notes of the evaluation under way; the caller empties it between expressions."""
        self._functions = functions
        self._context = context
        self._container = container
        self._budget = self._left = budget
        self._globals: Mapping[str, Value] = {}
        self._dotted = False
        self._checked = CheckedExpr(Literal(0, 0, 0, None), "null")

    def evaluate(self, checked: CheckedExpr, variables: Mapping[str, Value]) -> tuple[Value, Trail]:
        """
        Evaluate one expression.

        Args:
            checked: The expression.
            variables: Values by name; a `Thunk` is computed when it is first read.

        Returns:
            The value (`Failure`, `Unknown` and `Hollow` are values too) and what decided it.

        Raises:
            BudgetExceeded: More steps than allowed.
        """
        before = self._checked, self._globals, self._dotted, self.trail
        self._checked, self._globals, self.trail = checked, variables, Trail()
        self._dotted = bool(self._container) or any("." in name for name in variables)
        try:
            return self.eval(checked.expr, {}), self.trail
        except BudgetExceeded as over:
            if over.expression is None:
                over.expression = checked
            raise
        finally:
            self._checked, self._globals, self._dotted, self.trail = before

    def eval(self, node: Expr, local: Locals) -> Value:
        """Evaluate *node* with the macro variables of *local*."""
        self._left -= 1
        if self._left < 0:
            raise BudgetExceeded(self._budget)
        return _EVALUATE[type(node)](self, node, local)

    def apart(self, node: Expr, local: Locals) -> tuple[Value, Trail]:
        """Evaluate *node* with a trail of its own, for a caller that decides what to keep of it."""
        outer, self.trail = self.trail, Trail()
        try:
            return self.eval(node, local), self.trail
        finally:
            self.trail = outer

    def may_be_null(self, node: Expr) -> bool:
        """Whether the checker found that *node* is null where a fact is known to be absent."""
        found = self._checked.types.get(node.id, DYN)
        held = held_type(found)
        return isinstance(found if held is None else held, NullableType)

    def same(self, left: Value, right: Value) -> bool | Unknown:
        """Compare two values as ``==`` does, for functions that compare members."""
        return equal(left, right, self)

    def spend(self, steps: int) -> None:
        """Count *steps* against the budget."""
        self._left -= steps
        if self._left < 0:
            raise BudgetExceeded(self._budget)

    # ----- names and fields

    def _name(self, node: Ident, local: Locals) -> Value:
        if not node.absolute and node.name in local:
            return self._read(local[node.name])
        names = [node.name] if node.absolute else candidates(self._container, node.name)
        found = next(
            (value for name in names if (value := self._global(name)) is not NOTHING), NOTHING
        )
        if found is NOTHING:
            return Failure("undeclared_name", f"no variable '{node.name}' is declared", node.id)
        return self._read(found)

    def _global(self, name: str) -> Value:
        if name in self._globals:
            return self._globals[name]
        return TypeValue(name) if name in TYPE_NAMES else NOTHING

    def _read(self, found: Value) -> Value:
        if isinstance(found, Thunk):
            value, trail = found.force()
            self.trail.extend([trail])
        elif isinstance(found, Bound):
            value = found.value
            self.trail.facts.extend(found.facts)
        else:
            value = found
        if isinstance(value, Unknown):
            self.trail.facts.extend(sorted(c.pointer for c in value.causes if c.pointer))
        return value

    def _dotted_name(self, node: Select, local: Locals) -> Value:
        """Resolve ``a.b.c`` as one variable with dots in its name, the innermost container first."""
        parts = [node.field]
        current = node.operand
        while isinstance(current, Select) and not current.test:
            parts.append(current.field)
            current = current.operand
        if not isinstance(current, Ident) or (not current.absolute and current.name in local):
            return NOTHING
        dotted = ".".join([current.name, *reversed(parts)])
        names = [dotted] if current.absolute else candidates(self._container, dotted)
        return next(
            (value for name in names if (value := self._global(name)) is not NOTHING), NOTHING
        )

    def _select(self, node: Select, local: Locals) -> Value:
        if not node.test and (self._dotted or node.field in _LAST_WORDS):
            found = self._dotted_name(node, local)
            if found is not NOTHING:
                return self._read(found)
        operand = self.eval(node.operand, local)
        value = select(self, node, plain(operand))
        return hollowed(value) if isinstance(operand, Hollow) else value

    # ----- literals

    def _list(self, node: ListExpr, local: Locals) -> Value:
        values = [plain(self.eval(element, local)) for element in node.elements]
        if node.optional:
            return literal_list(node, values)
        failed = next((value for value in values if isinstance(value, Failure)), None)
        return failed or Listing.of(values)

    def _map(self, node: MapExpr, local: Locals) -> Value:
        entries: dict[tuple[str, Value], tuple[Value, Value]] = {}
        for position, (key_node, value_node) in enumerate(node.entries):
            key, value = plain(self.eval(key_node, local)), plain(self.eval(value_node, local))
            failed = next((part for part in (key, value) if isinstance(part, Failure)), None)
            if failed is not None or isinstance(key, Unknown):
                return failed or key
            if position in node.optional:
                if isinstance(value, Unknown) or not isinstance(value, Optional):
                    return value if isinstance(value, Unknown) else not_optional(value_node, value)
                if not value.has_value:
                    continue
                value = value.value
            identity = map_key(key)
            if identity is None or isinstance(key, float):
                return Failure("key_type", f"a {type_name(key)} cannot be a map key", node.id)
            if identity in entries:
                return Failure("repeated_key", "a map literal names one key twice", node.id)
            entries[identity] = (key, value)
        return MapValue(entries)

    # ----- calls

    def _call(self, node: Call, local: Locals) -> Value:
        special = operators.SPECIAL.get((node.function, node.target is not None))
        if special is not None:
            return special(self, node, local)
        instance = self._checked.instances.get(node.id)
        if instance is not None:
            arguments = [Bound(self.eval(argument, local)) for argument in node.args]
            before, self._checked = self._checked, instance.body
            try:
                return self.eval(
                    instance.body.expr, dict(zip(instance.parameters, arguments, strict=True))
                )
            finally:
                self._checked = before
        name = namespaced(node, self._functions, local)
        if name is not None:
            node = replace(node, function=name, target=None)
        nodes = (node.target, *node.args) if node.target is not None else node.args
        values = [self.eval(argument, local) for argument in nodes]
        if node.function == "_+_":  # a chain is one node with many operands
            total = values[0]
            for value in values[1:]:
                total = self.apply(node, [total, value])
            return total
        return self.apply(node, values)

    def apply(self, node: Call, arguments: list[Value]) -> Value:
        """Call a function on evaluated arguments, the receiver first."""
        absorbed = absorb(arguments)
        if absorbed is not None:
            return absorbed
        hollow = any(isinstance(value, Hollow) for value in arguments)
        try:
            value = self._dispatch(node, [plain(value) for value in arguments])
        except EvaluationFailure as failure:
            return Failure(failure.slug, failure.message, node.id)
        return hollowed(value) if hollow else value

    def _dispatch(self, node: Call, arguments: list[Value]) -> Value:
        operator = operators.STRICT.get((node.function, len(arguments)))
        if operator is not None:
            result = operator(self, node, arguments)
            if result is not NOTHING:
                return result
        is_method = node.target is not None
        overloads = self._functions.candidates(
            node.function, method=is_method, arity=len(arguments) - is_method
        )
        for overload in overloads:
            receiver = () if overload.receiver is None else (overload.receiver,)
            wanted = (*receiver, *overload.parameters)
            if all(
                fits(value, declared) for value, declared in zip(arguments, wanted, strict=True)
            ):
                return self._invoke(overload, node, arguments)
        is_known = overloads or operator or node.function in self._functions.names()
        if not is_known:
            return Failure("unbound_function", f"no function '{node.function}'", node.id)
        shown = ", ".join(type_name(value) for value in arguments)
        return Failure("no_overload", f"'{node.function}' does not take ({shown})", node.id)

    def _invoke(self, overload: Overload, node: Call, arguments: list[Value]) -> Value:
        self.spend(overload.cost + sum(map(_length, arguments)))
        if overload.size is not None:
            self.spend(
                overload.size(*arguments)
            )  # before it is made, so that memory is bounded, too
        open_lists = [value for value in arguments if isinstance(value, Listing) and value.is_open]
        if open_lists:
            return doubts(*open_lists)
        days = [value for value in arguments if isinstance(value, Day)]
        if days and not overload.wants_days:
            return Unknown(frozenset(day.cause for day in days))
        extra: tuple[object, ...] = (self._context,) if overload.wants_context else ()
        if overload.wants_equality:
            extra = (*extra, self.same)
        try:
            result = overload.implementation(*extra, *arguments)
        except EvaluationFailure as failure:
            return Failure(failure.slug, failure.message, node.id)
        except Undecided as undecided:
            return Unknown(undecided.causes)
        self.spend(_length(result) * overload.cost)
        return result


def _length(value: Value) -> int:
    """Return the steps that reading or making a value counts for: one per member or ten characters."""
    if isinstance(value, str | bytes):
        return len(value) // 10
    return len(value) if isinstance(value, Listing) else 0


def _struct(_: Evaluator, node: StructExpr, __: Locals) -> Value:
    return Failure("unknown_type", f"no type '{node.type_name}' is declared", node.id)


def _literal(_: Evaluator, node: Literal, __: Locals) -> Value:
    return node.value


_EVALUATE: Final[Mapping[type[Expr], Callable[[Evaluator, Any, Locals], Value]]] = {
    Block: bindings.block,
    Call: Evaluator._call,  # noqa: SLF001 - a dispatch table of the class itself
    Comprehension: comprehensions.evaluate,
    Ident: Evaluator._name,  # noqa: SLF001 - as above
    ListExpr: Evaluator._list,  # noqa: SLF001 - as above
    Literal: _literal,
    MapExpr: Evaluator._map,  # noqa: SLF001 - as above
    Select: Evaluator._select,  # noqa: SLF001 - as above
    StructExpr: _struct,
}
"""How each kind of node is evaluated."""


def absorb(arguments: list[Value]) -> Value | None:
    """Return the unknown or the error that a strict function of *arguments* comes to; None for neither."""
    unknown = [value for value in arguments if isinstance(value, Unknown)]
    if unknown:
        return merge(*unknown)
    return next((value for value in arguments if isinstance(value, Failure)), None)


def evaluate(
    checked: CheckedExpr | Expr,
    *,
    variables: Mapping[str, Value],
    functions: Functions,
    container: str = "",
    context: Context | None = None,
) -> Value:
    """Evaluate an expression on its own, without a snapshot."""
    if isinstance(checked, Expr):
        checked = CheckedExpr(checked, "")
    evaluator = Evaluator(functions, Lift(), context, container=container)
    return evaluator.evaluate(checked, variables)[0]
