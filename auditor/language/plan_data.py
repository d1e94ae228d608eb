"""
A checked plan as plain data, and back.

Data and never code: what is read is made of the classes that are listed here and in `auditor.language.stored`,
or refused. An expression is read when it is first looked at, because one run needs few of those that it has.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any, Final, NoReturn, cast

from auditor.language.cel.checked import CheckedExpr, Instance
from auditor.language.plan import CompiledClause, CompiledPolicy, Plan, Sentence
from auditor.language.policy_draft import AttestDraft, Empty
from auditor.language.stored.shapes import PlanDataError, Shape, Shapes, items, name_of
from auditor.language.stored.trees import Trees
from auditor.language.stored.types import TypeReader, TypeWriter
from auditor.language.stored.values import VALUE
from auditor.language.text_places import TextPlace
from auditor.model.location import Location
from auditor.model.policy import ClauseSummary, PolicyChange, PolicySummary
from auditor.model.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from auditor.facts.types import ObjectType, Type
    from auditor.language.cel.ast import Expr
    from auditor.language.registry import Functions

VERSION: Final = 3
"""Of the form of the data: to be raised with every change of it."""

RECORDS: Final = (
    CompiledPolicy,
    CompiledClause,
    Sentence,
    AttestDraft,
    PolicySummary,
    ClauseSummary,
    PolicyChange,
    Location,
    TextPlace,
)
"""Classes of which a policy consists, beside expressions."""

_LEAVES: Final = {"Value": VALUE, "Severity": name_of(Severity), "Empty": name_of(Empty)}
_MAX_NESTING: Final = 64
"""Definitions that call each other; their bodies are checked to be no deeper."""


def write_plan(plan: Plan, roots: Mapping[str, ObjectType]) -> dict[str, Any]:
    """
    Write the policies of a plan; its functions and what a profile adds to it are not a part of the data.

    Args:
        plan: As it was compiled.
        roots: By target, the types of snapshots against which it was checked.

    Raises:
        PlanDataError: Something in it has no form as data.
    """
    targets = {policy.summary.target for policy in plan.policies}
    writer = _Writer({target: roots[target] for target in sorted(targets)})
    policies = [writer.policy(policy) for policy in plan.policies]
    return {
        "version": VERSION,
        "types": writer.types.table,
        "trees": writer.trees,
        "expressions": writer.expressions,
        "policies": policies,
    }


def read_plan(
    data: Any,  # noqa: ANN401 - any JSON value
    roots: Mapping[str, ObjectType],
    functions: Functions,
    compiled: Callable[[], Plan],
) -> Plan:
    """
    Read a plan.

    Args:
        data: As `write_plan` made it, or anything.
        roots: By target, the types of snapshots.
        functions: What the plan may call.
        compiled: Makes the plan anew, for an expression that turns out to be none when it is looked at.

    Raises:
        PlanDataError: It is no plan.
    """
    keys = {"version", "types", "trees", "expressions", "policies"}
    if type(data) is not dict or data.keys() != keys or data["version"] != VERSION:
        msg = "this is no plan of this version"
        raise PlanDataError(msg)
    reader = _Reader(data, roots, compiled)
    policies = tuple([reader.policy(entry) for entry in items(data["policies"])])
    return Plan(policies, functions)


class StoredExpr(CheckedExpr):
    """A checked expression that is read when it is first looked at; from then on it is like any other."""

    __slots__ = ("_read",)

    _read: Callable[[], CheckedExpr]

    def __init__(self, read: Callable[[], CheckedExpr]) -> None:
        object.__setattr__(self, "_read", read)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - of each field its own type
        """Fill in the fields: Python asks here for what is not there yet."""
        if name not in _FIELDS:
            raise AttributeError(name)
        checked = self._read()
        for field in _FIELDS:
            object.__setattr__(self, field, getattr(checked, field))
        return getattr(checked, name)


_FIELDS: Final = ("expr", "text", "types", "instances")


class _Writer:
    def __init__(self, roots: Mapping[str, ObjectType]) -> None:
        self.types = TypeWriter(roots)
        self.trees: list[Any] = []
        self.expressions: list[Any] = []
        self._tree = Trees()
        self._trees: dict[int, int] = {}
        self._expressions: dict[int, int] = {}
        self._alike: dict[str, int] = {}
        written = Shape(CheckedExpr, int, self.expression, _unused)
        self._policy = Shapes({**_LEAVES, "CheckedExpr": written}, RECORDS).of("CompiledPolicy")

    def policy(self, policy: CompiledPolicy) -> Any:  # noqa: ANN401 - any JSON value
        return self._policy.write(policy)

    def expression(self, checked: CheckedExpr) -> int:
        """Return the position of an expression; what is called the same way in two places stands there once."""
        position = self._expressions.get(id(checked))
        if position is not None:
            return position
        instances = [
            [node, list(instance.parameters), self.expression(instance.body)]
            for node, instance in sorted(checked.instances.items())
        ]
        nodes = sorted(checked.types)
        kinds = [self.types.position(checked.types[node]) for node in nodes]
        entry = [self._tree_at(checked), checked.text, nodes, kinds, instances]
        position = self._alike.setdefault(repr(entry), len(self.expressions))
        if position == len(self.expressions):
            self.expressions.append(entry)
        self._expressions[id(checked)] = position
        return position

    def _tree_at(self, checked: CheckedExpr) -> int:
        position = self._trees.get(id(checked.expr))
        if position is None:
            position = self._trees[id(checked.expr)] = len(self.trees)
            self.trees.append(self._tree.write(checked.expr))
        return position


class _Reader:
    def __init__(
        self,
        data: dict[str, Any],
        roots: Mapping[str, ObjectType],
        compiled: Callable[[], Plan],
    ) -> None:
        self._types = TypeReader(data["types"], roots)
        self._trees = items(data["trees"])
        self._expressions = items(data["expressions"])
        self._compiled = compiled
        self._tree = Trees()
        self._read: dict[int, CheckedExpr] = {}
        self._read_trees: dict[int, Expr] = {}
        self._fresh: list[CheckedExpr] | None = None
        self._met = 0
        self._lock = Lock()
        stored = Shape(CheckedExpr, int, _unused, self._stored)
        self._policy = Shapes({**_LEAVES, "CheckedExpr": stored}, RECORDS).of("CompiledPolicy")

    def policy(self, data: Any) -> CompiledPolicy:  # noqa: ANN401 - any JSON value
        return cast("CompiledPolicy", self._policy.read(data))

    def _stored(self, position: Any) -> CheckedExpr:  # noqa: ANN401 - any JSON value
        if type(position) is not int or not 0 <= position < len(self._expressions):
            msg = "no expression stands there"
            raise PlanDataError(msg)
        number, self._met = self._met, self._met + 1

        def read() -> CheckedExpr:
            with self._lock:  # a plan may be judged by in several threads
                try:
                    return self._expression(position, len(self._expressions), 0)
                except PlanDataError:
                    return self._anew(number)

        return StoredExpr(read)

    def _anew(self, number: int) -> CheckedExpr:
        """Return the expression of that number from a plan that is compiled now."""
        if self._fresh is None:
            self._fresh = _expressions_of(self._compiled())
        return self._fresh[number]

    def _expression(self, position: Any, limit: int, depth: int) -> CheckedExpr:  # noqa: ANN401
        if type(position) is not int or not 0 <= position < limit or depth > _MAX_NESTING:
            msg = "no expression stands there"
            raise PlanDataError(msg)
        found = self._read.get(position)
        if found is None:
            tree, text, nodes, kinds, instances = items(self._expressions[position], 5)
            if type(text) is not str:
                msg = "this is no expression"
                raise PlanDataError(msg)
            found = self._read[position] = CheckedExpr(
                self._tree_at(tree),
                text,
                self._kinds(items(nodes), items(kinds)),
                dict(self._instance(one, position, depth) for one in items(instances)),
            )
        return found

    def _tree_at(self, position: Any) -> Expr:  # noqa: ANN401 - any JSON value
        if type(position) is not int or not 0 <= position < len(self._trees):
            msg = "no tree stands there"
            raise PlanDataError(msg)
        found = self._read_trees.get(position)
        if found is None:
            found = self._read_trees[position] = self._tree.read(self._trees[position])
        return found

    def _kinds(self, nodes: list[Any], kinds: list[Any]) -> dict[int, Type]:
        if len(nodes) != len(kinds) or not {int} >= set(map(type, nodes)):
            msg = "these are no types of nodes"
            raise PlanDataError(msg)
        return dict(zip(nodes, map(self._types.at, kinds), strict=True))

    def _instance(self, data: Any, limit: int, depth: int) -> tuple[int, Instance]:  # noqa: ANN401
        node, parameters, body = items(data, 3)
        if type(node) is not int or not {str} >= set(map(type, items(parameters))):
            msg = "this is no definition"
            raise PlanDataError(msg)
        return node, Instance(tuple(parameters), self._expression(body, limit, depth + 1))


def _expressions_of(plan: Plan) -> list[CheckedExpr]:
    """Return the expressions of a plan in the order in which the reader meets them."""
    met: list[CheckedExpr] = []

    def write(checked: CheckedExpr) -> int:
        met.append(checked)
        return 0

    listed = Shape(CheckedExpr, int, write, _unused)
    shape = Shapes({**_LEAVES, "CheckedExpr": listed}, RECORDS).of("CompiledPolicy")
    for policy in plan.policies:
        shape.write(policy)
    return met


def _unused(_: Any) -> NoReturn:  # noqa: ANN401 - any value
    raise PlanDataError
