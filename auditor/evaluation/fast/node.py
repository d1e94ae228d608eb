"""
What generated code computes: expressions with every name and definition written out, equal parts made one.

A node is made at most once for one meaning, so that what two demands, two names or two policies have in
common is one object, and is computed once. Variables of loops are known by their level, the number of loops
around them; a node knows the levels on which it depends, and so where it may be computed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from auditor.evaluation.fast.constants import identity

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

LOOPS = frozenset({"all", "exists", "exists_one", "filter", "map", "count", "latest", "earliest"})
"""Operations whose last argument is computed for each member of their first one."""

_NO_LEVELS: frozenset[int] = frozenset()


@dataclass(slots=True, eq=False)
class Node:
    """One operation."""

    op: str
    args: tuple[Node, ...]
    data: Any
    """What else tells it from other operations: a name, a constant."""
    free: frozenset[int]
    """Levels of the variables on which it depends."""
    weight: int
    """Operations in it, each counted as often as it is written."""
    depth: int
    """Blocks and operations that stand inside each other where it is written out; each operand of a chain in the one before."""
    is_heavy: bool
    """Whether it is a loop or calls a function, so that it is worth keeping what it came to."""
    level: int | None = None
    """Of a loop: the level of its variable."""
    join: tuple[Node, Node] | None = None
    """Of a loop: an index of its list, and the key of the members that can count."""
    rest: Node | None = None
    """Of a loop with a join: what is still demanded of the members that the index gives."""
    is_sure: bool = False
    """Of a field: whether its schema has it in every record."""
    is_loose: bool = False
    """Of a loop: whether its join gives the members in another order than the list has."""
    uses: int = 0
    """How often it is an argument of another node, or is asked for by a policy."""
    asked: set[int] = field(default_factory=set)
    """Policies that ask for it, by number."""


@dataclass(frozen=True, slots=True, eq=False)
class Constant:
    """A leaf, so that null is told from no leaf at all."""

    value: Any


class Nodes:
    """Makes nodes, equal ones once."""

    def __init__(self) -> None:
        self._known: dict[Hashable, Node] = {}

    def make(
        self,
        op: str,
        *args: Node,
        data: Hashable = None,
        value: Any = None,  # noqa: ANN401 - any constant
        level: int | None = None,
        join: tuple[Node, Node] | None = None,
    ) -> Node:
        """
        Return the node of an operation.

        Args:
            op: Its name.
            args: What it is made of; of a loop first the list, then what is computed for each member.
            data: What tells it from others with the same name and arguments.
            value: What the node carries instead of *data*, where that only identifies it.
            level: Of a loop, the level of its variable.
            join: Of a loop, see `Node.join`.
        """
        key = (op, data, level, *(id(arg) for arg in args))
        known = self._known.get(key)
        if known is not None:
            return known
        free = _NO_LEVELS.union(*(arg.free for arg in args))
        if op == "var":
            free = frozenset({data})  # type: ignore[arg-type]
        elif level is not None:
            inside = _NO_LEVELS.union(*(arg.free for arg in args[1:])) - {level}
            free = args[0].free | inside
        made = Node(
            op,
            args,
            data if value is None else value,
            free,
            1 + sum(arg.weight for arg in args),
            1 + max(_depths(op, args), default=0),
            op in LOOPS or op in {"call", "set", "index", "bucket"},
            level,
            join,
        )
        self._known[key] = made
        return made

    def constant(self, value: Any) -> Node:  # noqa: ANN401 - any leaf
        """Return the node of a leaf."""
        return self.make("const", data=identity(value), value=Constant(value))

    def null(self) -> Node:
        """Return the node of null."""
        return self.constant(None)


def _depths(op: str, args: tuple[Node, ...]) -> Iterator[int]:
    is_chain = op in {"and", "or"}
    return (arg.depth + (place if is_chain else 0) for place, arg in enumerate(args))


def count_uses(roots: Iterable[tuple[int, Node]]) -> None:
    """Note for each node below *roots*, pairs of a policy's number and what it asks for, how often it is used."""
    for policy, root in roots:
        root.uses += 1
        for node in below(root):
            if policy not in node.asked:
                node.asked.add(policy)
                if len(node.asked) == 1:
                    for arg in _parts(node):
                        arg.uses += 1


def _parts(node: Node) -> tuple[Node, ...]:
    """Return what is written for a node: of a loop with a join not all that it demands, but what is left of it."""
    if node.join is None:
        return node.args
    body = node.args[1] if node.rest is None or node.op == "filter" else node.rest
    return (node.args[0], *node.join, body)


def below(root: Node) -> Iterator[Node]:
    """Yield *root* and every node in it, each once."""
    seen: set[int] = set()
    stack = [root]
    while stack:
        node = stack.pop()
        if id(node) not in seen:
            seen.add(id(node))
            yield node
            stack.extend(_parts(node))
