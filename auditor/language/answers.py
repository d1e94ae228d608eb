"""
Which answers a condition can come to at all: true, false, both, or neither.

``x || undecided('...')`` is true or not decided, whatever the facts are: no case can lead to false. Nothing is said
of how conditions hang together: of ``a && !a`` both answers count as possible.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.language.cel.ast import Call, Comprehension, Expr, Ident, Literal, children, walk
from auditor.language.cel.conditions import Reader, Stated

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from auditor.language.cel.checked import CheckedExpr
    from auditor.language.registry import Functions

    Truths = frozenset[bool]

BOTH: Final = frozenset({True, False})
_NEITHER: Final[Truths] = frozenset()


class Answers:
    """
    Tells what the conditions in one expression can come to.

    Args:
        checked: The expression.
        functions: What it can call.
        lets: What the names in force can come to.
        parameters: Names that hide these: those of a definition.
    """

    def __init__(
        self,
        checked: CheckedExpr,
        functions: Functions,
        lets: Mapping[str, Truths],
        parameters: Collection[str] = (),
    ) -> None:
        self._checked = checked
        self._functions = functions
        self._lets = lets
        self._hidden = _hidden(checked.expr, frozenset(parameters))
        # Every name is of the type that the checker found where it stands, guards included.
        names = (part.name for part in walk(checked.expr) if isinstance(part, Ident))
        self._names = frozenset(names)
        self._reader = Reader(checked.text, checked.types, {}, {}, {})
        self._known: dict[int, Truths] = {}

    def of(self, node: Expr) -> Truths:
        """Return the answers that *node* can come to."""
        found = self._known.get(node.id)
        if found is None:
            found = self._known[node.id] = self._of(node)
        return found

    def _of(self, node: Expr) -> Truths:
        match node:
            case Literal(value=bool(value)):
                return frozenset({value})
            case Ident() if node.name in self._lets and node.id not in self._hidden:
                return self._lets[node.name]
            case Call(function="undecided", target=None):
                return _NEITHER
            case Call(function="!_"):
                return frozenset(not answer for answer in self.of(node.args[0]))
            case Call(function="_&&_" | "_||_"):
                return self._logic([self.of(part) for part in node.args], node.function == "_&&_")
            case Call(function="_?_:_"):
                return self.of(node.args[1]) | self.of(node.args[2])
            case Comprehension(macro="all"):  # of nothing it is true
                return frozenset({True}) | (self.of(node.args[0]) & {False})
            case Comprehension(macro="exists"):
                return frozenset({False}) | (self.of(node.args[0]) & {True})
            case Call() if node.id in self._checked.instances:
                instance = self._checked.instances[node.id]
                within = Answers(instance.body, self._functions, self._lets, instance.parameters)
                return within.of(instance.body.expr)
            case Call() if self._is_never_false(node):
                return frozenset({True})
            case _:
                return self._declared(node)

    @staticmethod
    def _logic(parts: list[Truths], holds: bool) -> Truths:  # noqa: FBT001 - the answer of all together
        together = {holds} if all(holds in part for part in parts) else set()
        deciding = {not holds} if any((not holds) in part for part in parts) else set()
        return frozenset(together | deciding)

    def _is_never_false(self, node: Call) -> bool:
        is_method = node.target is not None
        overloads = self._functions.candidates(
            node.function, method=is_method, arity=len(node.args)
        )
        return bool(overloads) and all(overload.is_never_false for overload in overloads)

    def _declared(self, node: Expr) -> Truths:
        """Return the answers that the types of the facts leave."""
        with self._reader.inside(self._names):
            condition = self._reader.condition(node, is_truth=False)
            if condition is None:
                return BOTH
            if isinstance(condition, Stated):
                return frozenset({condition.truth})
            answer = condition.answer(condition.declared)
        return BOTH if answer is None else frozenset({answer})


def _hidden(expr: Expr, names: frozenset[str]) -> frozenset[int]:
    """Return the names in an expression that are those of a macro, or in *names*."""
    found = set()
    pending = [(expr, names)]
    while pending:
        node, hidden = pending.pop()
        inner = hidden.union(node.variables) if isinstance(node, Comprehension) else hidden
        if isinstance(node, Ident) and not node.absolute and node.name in hidden:
            found.add(node.id)
        first = node.range if isinstance(node, Comprehension) else None
        pending += [(part, hidden if part is first else inner) for part in children(node)]
    return frozenset(found)
