"""
The fast path of a plan: compiled once, run over each snapshot, silent wherever the exact evaluator must speak.

Contract: for every snapshot and subject, an outcome that comes from here is the one that the exact evaluator
gives, and it is neither inconclusive for want of a fact nor an error.

Source: LANGUAGE.md, section 7.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from auditor.evaluation.fast.budget import Budget
from auditor.evaluation.fast.compiled import LONGEST, Compiled
from auditor.evaluation.fast.facts import FastRun
from auditor.evaluation.fast.leave import NotFast
from auditor.evaluation.fast.lowering import Lowering
from auditor.evaluation.fast.module import Module
from auditor.evaluation.fast.node import Nodes, below, count_uses
from auditor.evaluation.fast.policy_code import ClauseNodes, PolicyNodes, write_policy
from auditor.language.cost.bounds import policy_cost
from auditor.language.headroom import make_room
from auditor.language.reads import fields_read
from auditor.language.values import MapValue, map_key

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Mapping, Sequence

    from auditor.evaluation.fast.facts import FastFacts
    from auditor.evaluation.fast.node import Node
    from auditor.facts.types import ObjectType
    from auditor.language.plan import CompiledPolicy
    from auditor.language.registry import Functions


_UNDECLARED: Final = frozenset({"dyn_field", "key", "same"})
"""Operations that may meet a list of which the types say nothing."""
_LARGEST: Final = 20_000
"""Operations of one expression, with everything that it names written out."""
_DEEPEST: Final = 150
_MOST_LOOPS: Final = 12
"""Loops inside each other, less one: Python takes twenty blocks."""


class FastPlan:
    """
    The fast path of the policies of one target.

    Args:
        policies: Checked against *root*; those for which no code can be generated are left out.
        root: Type of the snapshots.
        functions: What the policies may call.
    """

    def __init__(
        self, policies: Sequence[CompiledPolicy], root: ObjectType, functions: Functions
    ) -> None:
        make_room()
        self.left_out: dict[str, str] = {}
        """Policies that are always judged exactly, with the reason."""
        nodes = Nodes()
        found: list[tuple[CompiledPolicy, PolicyNodes]] = []
        for policy in policies:
            try:
                found.append((policy, _nodes_of(policy, nodes, root, functions)))
            except NotFast as reason:
                self.left_out[policy.summary.id] = str(reason)
        count_uses(
            (number, node) for number, (_, asked) in enumerate(found) for node in asked.roots()
        )
        module = Module()
        deciders: list[str] = []
        written: list[tuple[CompiledPolicy, PolicyNodes]] = []
        for policy, asked in found:
            try:
                deciders.append(write_policy(module, asked))
                written.append((policy, asked))
            except NotFast as reason:
                self.left_out[policy.summary.id] = str(reason)
        found = written
        self._compiled = Compiled(module, deciders, functions)
        self._positions = {policy.summary.id: place for place, (policy, _) in enumerate(found)}
        self._lives = {policy.summary.id: policy.effective for policy, _ in found}
        # By their own names alone: a list may be reached in several ways, and a gap names only one of them.
        self._reads = {
            policy.summary.id: frozenset(
                name.rpartition(".")[2] for name in fields_read([policy], root, functions)
            )
            for policy, _ in found
        }
        self._vague = {
            policy.summary.id
            for policy, asked in found
            if any(node.op in _UNDECLARED for root in asked.roots() for node in below(root))
        }
        self._budget = Budget(
            {policy.summary.id: policy_cost(policy, root, functions) for policy, _ in found}
        )

    @property
    def tree(self) -> ast.Module:
        """The generated code, for tests that look at what it is made of."""
        return self._compiled.tree

    def over(self, facts: FastFacts) -> FastRun:
        """Return the fast path over one snapshot."""
        lives = {
            f"is outside {policy}": _outside(facts, life) for policy, life in self._lives.items()
        }
        deciders = self._compiled.over(facts, lives)
        truncated = facts.gaps.truncated()
        instants = (facts.as_of, *facts.period)
        within = self._budget.within(facts.document, facts.longest_text, LONGEST, instants)
        return FastRun(
            {
                policy: deciders[place]
                for policy, place in self._positions.items()
                if policy in within and not self._reads_open(policy, truncated)
            }
        )

    def _reads_open(self, policy: str, truncated: frozenset[str]) -> bool:
        """Tell whether a policy may read a list that was cut short; of undeclared data nobody can say which."""
        return bool(truncated) and (policy in self._vague or bool(self._reads[policy] & truncated))


def _nodes_of(
    policy: CompiledPolicy, nodes: Nodes, root: ObjectType, functions: Functions
) -> PolicyNodes:
    if policy.attest is not None:
        msg = "a person must vouch for it"
        raise NotFast(msg)
    params = MapValue({map_key(name) or ("", name): (name, value) for name, value in policy.params})
    start = Lowering(nodes, functions, root, params)
    names: dict[str, Node] = {}
    subjects: list[Node] = []
    for level, (name, checked) in enumerate(policy.subjects):
        subjects.append(_with(start, names, level).lower(checked))
        names[name] = nodes.make("var", data=level)
    depth = len(subjects)
    key = _key(policy, nodes, names, _with(start, names, depth))
    for name, checked in policy.let:
        names[name] = _with(start, names, depth).lower(checked)
    inside = _with(start, names, depth)

    def lowered(checked: Any) -> Node | None:  # noqa: ANN401 - an expression or None
        return None if checked is None else inside.lower(checked)

    made = PolicyNodes(
        policy.summary.id,
        tuple(subjects),
        key,
        lowered(policy.at),
        policy.effective != (None, None),
        lowered(policy.scope),
        lowered(policy.when),
        lowered(policy.due),
        tuple(ClauseNodes(inside.lower(clause.that), clause.empty) for clause in policy.clauses),
    )
    if any(_is_too_large(node) for node in made.roots()):
        msg = "it is too large, or too deep, for code of its own"
        raise NotFast(msg)
    return made


def _is_too_large(node: Node) -> bool:
    if node.weight > _LARGEST or node.depth > _DEEPEST:
        return True
    return any((part.level or 0) > _MOST_LOOPS for part in below(node))


def _with(start: Lowering, names: Mapping[str, Node], depth: int) -> Lowering:
    return Lowering(start.nodes, start.functions, start.root, start.params, dict(names), {}, depth)


def _key(policy: CompiledPolicy, nodes: Nodes, names: Mapping[str, Node], inside: Lowering) -> Node:
    if not policy.subjects:
        return nodes.make("run", data="auditee")
    if policy.key is not None:
        return inside.lower(policy.key)
    last, checked = policy.subjects[-1]
    element = getattr(checked.type, "element", None)
    if hasattr(element, "fields"):
        return nodes.make("field", names[last], data="id")
    return names[last]


def _outside(
    facts: FastFacts, life: tuple[str | None, str | None]
) -> Callable[[dt.datetime | None], bool] | None:
    """Return what tells whether a subject's instant lies outside of the user's period or of the policy's own life."""
    if facts.limits is None and life == (None, None):
        return None
    begin, end = (None if day is None else dt.date.fromisoformat(day) for day in life)
    earliest = None if begin is None else facts.calendar.day_start(begin)
    latest = None if end is None else facts.calendar.day_end(end)

    def is_outside(at: dt.datetime | None) -> bool:
        moment = facts.as_of if at is None else at
        if earliest is not None and moment < earliest:
            return True
        if latest is not None and moment > latest:
            return True
        if facts.limits is None or at is None:
            return False
        return not facts.limits[0] <= at <= facts.limits[1]

    return is_outside
