"""
An evaluation that is remembered: what each sub-expression came to, so that looking into it costs nothing more.

Only what is evaluated once is kept: the sub-expressions of an expression and of the definitions that it calls,
and of a macro the truth or value of each element; not what lies inside those.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Self

from auditor.evaluation.exact import BudgetExceeded, Evaluator
from auditor.evaluation.trail import Trail
from auditor.language.cel.ast import Call, Comprehension, Expr

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditor.evaluation.scope import Locals
    from auditor.language.cel.checked import CheckedExpr
    from auditor.language.values import Value

    Path = tuple[object, ...]
    """Where an expression is evaluated: its root, the calls of definitions on the way, the elements of lists."""

_KEPT: Final = (Call, Comprehension)


class Remembering(Evaluator):
    """Evaluates like any other, and keeps what it finds."""

    @classmethod
    def like(cls, evaluator: Evaluator) -> Self:
        """Return one in the state of *evaluator*, which stays as it is, its budget included."""
        made = cls.__new__(cls)
        vars(made).update(vars(evaluator))
        made.forget()
        return made

    def forget(self) -> None:
        """Keep nothing of what was found so far."""
        self.values = {}
        self.elements = {}
        self._path, self._calling, self._entered = (), 0, None
        self._macro, self._is_in_element = None, False

    values: dict[tuple[Path, int], tuple[Value, Trail]]
    """By path and the node's identity."""
    elements: dict[tuple[Path, int], list[tuple[Value, Trail]]]
    """Of a macro: what its last argument came to for each element, in order."""
    _path: Path
    _calling: int
    """Identity of the call whose definition comes next."""
    _entered: CheckedExpr | None
    _macro: tuple[Comprehension, list[tuple[Value, Trail]]] | None
    """The macro under way, and what its elements came to so far."""
    _is_in_element: bool

    def evaluate_at(
        self, path: Path, checked: CheckedExpr, variables: Mapping[str, Value]
    ) -> tuple[Value, Trail]:
        """Evaluate an expression that stands at *path*."""
        before = self._path, self._entered, self._macro, self._is_in_element
        self._path, self._entered, self._macro, self._is_in_element = path, checked, None, False
        try:
            return super().evaluate(checked, variables)
        finally:
            self._path, self._entered, self._macro, self._is_in_element = before

    def evaluate_within(
        self, most: int, path: Path, checked: CheckedExpr, variables: Mapping[str, Value]
    ) -> tuple[Value, Trail] | None:
        """Evaluate an expression that stands at *path*; None where it takes more than *most* steps."""
        before = self._left
        allowed = self._left = min(most, before)
        try:
            return self.evaluate_at(path, checked, variables)
        except BudgetExceeded:
            return None
        finally:
            self._left = before - (allowed - max(self._left, 0))

    def evaluate_once(
        self, checked: CheckedExpr, variables: Mapping[str, Value]
    ) -> tuple[Value, Trail]:
        """Evaluate an expression for one of many elements, and keep nothing of it."""
        before, self._is_in_element = self._is_in_element, True
        try:
            return super().evaluate(checked, variables)
        finally:
            self._is_in_element = before

    def evaluate(self, checked: CheckedExpr, variables: Mapping[str, Value]) -> tuple[Value, Trail]:
        """Evaluate one expression."""
        return self.evaluate_at((id(checked.expr),), checked, variables)

    def eval(self, node: Expr, local: Locals) -> Value:
        """Evaluate *node*, unless it is known already."""
        if self._is_in_element or not isinstance(node, _KEPT):
            return super().eval(node, local)
        before = self._path, self._entered, self._calling, self._macro
        if self._checked is not self._entered:
            self._path, self._entered = (*self._path, self._calling), self._checked
        key = (self._path, id(node))
        known = self.values.get(key)
        if known is None:
            if isinstance(node, Comprehension):
                self.elements[key] = []
                self._macro = node, self.elements[key]
            else:
                self._calling = id(node)
            known = self.values[key] = self._apart(node, local)
        self._path, self._entered, self._calling, self._macro = before
        value, trail = known
        self.trail.extend([trail])
        self.trail.reached += trail.reached
        return value

    def _apart(self, node: Expr, local: Locals) -> tuple[Value, Trail]:
        outer, self.trail = self.trail, Trail()
        try:
            return super().eval(node, local), self.trail
        finally:
            self.trail = outer

    def apart(self, node: Expr, local: Locals) -> tuple[Value, Trail]:
        """Evaluate *node* with a trail of its own; what a macro asks of its elements is kept by element."""
        macro = self._macro
        if self._is_in_element or macro is None or not any(node is part for part in macro[0].args):
            return super().apart(node, local)
        self._is_in_element = True
        try:
            found = super().apart(node, local)
        finally:
            self._is_in_element = False
        if node is macro[0].args[-1]:
            macro[1].append(found)
        return found
