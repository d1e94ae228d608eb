"""
What each sub-expression of a policy came to, over as many evaluations as somebody makes.

The recording looks on and changes nothing: every value is the exact evaluator's own. Of a list that is looked into
by an index, the members that are passed over are false by the condition that the index answers.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from auditor.evaluation.exact import Evaluator
from auditor.evaluation.joins import Joins
from auditor.evaluation.shapes import plain
from auditor.language.branches import boolean_nodes
from auditor.language.cel.ast import Call, walk
from auditor.language.cel.joins import joined_field
from auditor.language.values import Failure, Unknown
from auditor.model.explanation import Came

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from auditor.evaluation.lift import Lift
    from auditor.evaluation.scope import Locals
    from auditor.evaluation.trail import Trail
    from auditor.language.branches import PartKey
    from auditor.language.cel.ast import Comprehension, Expr
    from auditor.language.cel.checked import CheckedExpr
    from auditor.language.plan import CompiledPolicy
    from auditor.language.registry import Context, Functions
    from auditor.language.values import Item, Listing, Value


class BranchRecorder:
    """
    Keeps what the sub-expressions of one policy came to.

    Args:
        policy: As it was compiled: its nodes are known by their identity.
    """

    def __init__(self, policy: CompiledPolicy) -> None:
        self._came: defaultdict[PartKey, set[Came]] = defaultdict(set)
        self._policy = policy  # keeps its nodes, so that no other gets their identity
        self._keys = {id(node): key for key, node in boolean_nodes(policy)}

    def came_of(self, part: PartKey) -> frozenset[Came]:
        """Return what a part came to so far; nothing where it was never asked."""
        return frozenset(self._came.get(part, ()))

    def evaluator(
        self, functions: Functions, lift: Lift, context: Context, *, joins: Joins
    ) -> Evaluator:
        """Return an evaluator whose evaluations are recorded."""
        return _Recording(self, functions, lift, context, joins)

    def note(self, node: Expr, value: Value) -> None:
        """Keep what *node* came to, if it is one of those that are true or false."""
        key = self._keys.get(id(node))
        if key is None:
            return
        finished = plain(value)
        if isinstance(finished, bool):
            self._came[key].add(Came.TRUE if finished else Came.FALSE)
        elif isinstance(finished, Unknown):
            self._came[key].add(Came.UNKNOWN)
        elif isinstance(finished, Failure):
            self._came[key].add(Came.ERROR)


class _Recording(Evaluator):
    """Evaluates like any other, and tells what it finds."""

    def __init__(
        self,
        recorder: BranchRecorder,
        functions: Functions,
        lift: Lift,
        context: Context,
        joins: Joins,
    ) -> None:
        super().__init__(functions, lift, context, joins=_RecordingJoins(joins, self._note))
        self._recorder = recorder
        self._branches: tuple[Expr, ...] = ()
        """Those of the choice under way; they are evaluated apart only where nothing has chosen between them."""
        self._is_aside = False
        """Whether such a branch is looked into."""

    def _note(self, node: Expr, value: Value) -> None:
        if not self._is_aside:
            self._recorder.note(node, value)

    def evaluate(self, checked: CheckedExpr, variables: Mapping[str, Value]) -> tuple[Value, Trail]:
        """Evaluate one expression: a ``let`` is evaluated once, whoever asks for it first."""
        before, self._is_aside = self._is_aside, False
        try:
            return super().evaluate(checked, variables)
        finally:
            self._is_aside = before

    def eval(self, node: Expr, local: Locals) -> Value:
        """Evaluate *node*."""
        if isinstance(node, Call) and node.function == "_?_:_":
            before, self._branches = self._branches, node.args[1:]
            value = super().eval(node, local)
            self._branches = before
        else:
            value = super().eval(node, local)
        self._note(node, value)
        return value

    def apart(self, node: Expr, local: Locals) -> tuple[Value, Trail]:
        """Evaluate *node* with a trail of its own."""
        if not any(node is branch for branch in self._branches):
            return super().apart(node, local)
        before, self._is_aside = self._is_aside, True
        try:
            return super().apart(node, local)
        finally:
            self._is_aside = before


class _RecordingJoins(Joins):
    """Asks the indexes that are shared, and tells what they leave out."""

    def __init__(self, shared: Joins, note: Callable[[Expr, Value], None]) -> None:
        super().__init__()
        self._shared = shared
        self._tell = note

    def members(
        self, node: Comprehension, source: Listing, lift: Lift, evaluate: Callable[[Expr], Value]
    ) -> tuple[Item, ...]:
        """Return the members for which the first argument of *node* may not be false."""
        found = self._shared.members(node, source, lift, evaluate)
        join = joined_field(node) if len(found) < len(source.items) else None
        if join is not None:
            _, other = join
            predicate = node.args[0]
            for part in walk(predicate):
                is_condition = isinstance(part, Call) and any(one is other for one in part.args)
                if part is predicate or is_condition:
                    self._tell(part, False)  # noqa: FBT003 - the value that it comes to
        return found

    def texts(self, source: Listing) -> frozenset[str] | None:
        """Return the members of a closed list of nothing but texts; None for any other list."""
        return self._shared.texts(source)
