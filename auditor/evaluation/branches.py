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
from auditor.evaluation.scope import Thunk
from auditor.evaluation.shapes import plain
from auditor.language.branches import boolean_nodes
from auditor.language.cel.ast import Call, walk
from auditor.language.cel.joins import joined_field
from auditor.language.values import Failure, Unknown
from auditor.model.explanation import Came

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditor.evaluation.lift import Lift
    from auditor.evaluation.scope import Locals
    from auditor.evaluation.trail import Trail
    from auditor.language.branches import PartKey
    from auditor.language.cel.ast import Comprehension, Expr
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


class _Aside:
    """What was found while a branch was looked into that nothing has chosen: no trial, unless it is asked for later."""

    def __init__(self) -> None:
        self.found: list[tuple[Expr, Value]] = []
        self.read: list[Thunk] = []
        """The names that were read."""


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
        self._aside: _Aside | None = None
        """Where what is found in such a branch goes; None while none is looked into."""
        self._looked: dict[Thunk, _Aside] = {}
        """What was found in each ``let`` that was computed in such a branch, and was not asked for since."""

    def _note(self, node: Expr, value: Value) -> None:
        if self._aside is None:
            self._recorder.note(node, value)
        else:
            self._aside.found.append((node, value))

    def _read(self, found: Value) -> Value:
        """Read a name: a ``let`` is computed once, whoever reads it first, and tried by who asks for it."""
        if not isinstance(found, Thunk):
            return super()._read(found)
        before = self._aside
        if before is None:
            self._asked(found)
        else:
            before.read.append(found)
            if not found.is_done:
                self._aside = self._looked[found] = _Aside()
        try:
            return super()._read(found)
        finally:
            self._aside = before

    def _asked(self, name: Thunk) -> None:
        """Tell what was found in a ``let``, and in those that it reads, when only a look was taken."""
        looked = self._looked.pop(name, None)
        if looked is not None:
            for node, value in looked.found:
                self._recorder.note(node, value)
            for other in looked.read:
                self._asked(other)

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
        before, self._aside = self._aside, _Aside()
        try:
            return super().apart(node, local)
        finally:
            self._aside = before


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
