"""
Which members of a list a loop needs to look at, where it is run again and again over one list.

A member for which one demand of an ``&&`` is false is false whatever the rest says, so an index may leave it
out: by a field that must equal something, by a field of the records inside it, or by an instant that must lie in
a period. Of a field that every turn demands to be the same, only the members that have it are left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditor.evaluation.fast.node import Node, Nodes


def narrowed(nodes: Nodes, macro: str, source: Node, body: Node, level: int) -> Node:
    """
    Return the node of a loop that goes through as few members as its demands allow.

    Args:
        nodes: Makes nodes.
        macro: ``exists``, ``exists_one``, ``count`` or ``filter``.
        source: The list.
        body: What is demanded of a member.
        level: Of the loop's variable.
    """
    if not _varies(body, source, level):
        return nodes.make(macro, source, body, level=level)  # it is run once for one list
    demands = list(_demands(body))
    join = _equal_join(nodes, source, demands, level)
    if join is None:
        source = _bucket(nodes, source, demands, level)
        join = _join_in_time(nodes, source, demands, level)
        made = nodes.make(macro, source, body, level=level, join=join)
        made.is_loose = join is not None
        return made
    return nodes.make(macro, source, body, level=level, join=join)


def _varies(part: Node, source: Node, level: int) -> bool:
    """Tell whether *part* changes from turn to turn of a loop in which *source* stays the same list."""
    return max(part.free - {level}, default=-1) > max(source.free, default=-1)


def _demands(body: Node) -> Iterator[Node]:
    if body.op == "and":
        for part in body.args:
            yield from _demands(part)
    else:
        yield body


def _bucket(nodes: Nodes, source: Node, demands: Sequence[Node], level: int) -> Node:
    """Return the members in which a field is what every turn alike demands."""
    for demand in demands:
        found = _equated(nodes, demand, level)
        if found is not None and found[1].op == "const":
            index = nodes.make("index", source, data=(found[0],))
            return nodes.make("bucket", index, found[1])
    return source


def _field(node: Node, level: int) -> str | None:
    """Return the field of the loop's member that a node is."""
    if node.op == "field" and node.args[0].op == "var" and node.args[0].data == level:
        name: str = node.data
        return name
    return None


def _equal_join(
    nodes: Nodes, source: Node, demands: Sequence[Node], level: int
) -> tuple[Node, Node] | None:
    for demand in demands:
        found = _equated(nodes, demand, level)
        if found is not None and _varies(found[1], source, level):
            return nodes.make("index", source, data=(found[0],)), found[1]
    for demand in demands:
        inner = _equated_inside(nodes, demand, level)
        if inner is not None and _varies(inner[2], source, level):
            return nodes.make("index", source, data=inner[:2]), inner[2]
    return None


def _join_in_time(
    nodes: Nodes, source: Node, demands: Sequence[Node], level: int
) -> tuple[Node, Node] | None:
    for demand in demands:
        if demand.op == "within" and level not in demand.args[1].free:
            name = _field(demand.args[0], level)
            if name is not None and _varies(demand.args[1], source, level):
                return nodes.make("index", source, data=(name, None)), demand.args[1]
    return None


def _equated(nodes: Nodes, demand: Node, level: int) -> tuple[str, Node] | None:
    """Read ``x.field == other``, where *other* does not depend on ``x``."""
    if demand.op == "is_null":
        name = _field(demand.args[0], level)
        return None if name is None else (name, nodes.null())
    if demand.op == "eq":
        one, other = demand.args
        for side, against in ((one, other), (other, one)):
            name = _field(side, level)
            if name is not None and level not in against.free:
                return name, against
    return None


def _equated_inside(nodes: Nodes, demand: Node, level: int) -> tuple[str, str, Node] | None:
    """Read ``x.list.exists(y, y.field == other)``, where *other* depends on neither."""
    if demand.op != "exists" or demand.level is None:
        return None
    name = _field(demand.args[0], level)
    if name is None:
        return None
    for inner in _demands(demand.args[1]):
        found = _equated(nodes, inner, demand.level)
        if found is not None and level not in found[1].free:
            return name, found[0], found[1]
    return None
