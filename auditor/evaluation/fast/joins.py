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
    found, is_loose = _equal_join(nodes, source, demands, level), False
    if found is None:
        source, demands = _bucket(nodes, source, demands, level)
        found, is_loose = _join_in_time(nodes, source, demands, level), True
    if found is None:
        return nodes.make(macro, source, _all_of(nodes, demands), level=level)
    join, rest = found
    made = nodes.make(macro, source, _all_of(nodes, demands), level=level, join=join)
    made.rest, made.is_loose = _all_of(nodes, rest), is_loose
    return made


def _varies(part: Node, source: Node, level: int) -> bool:
    """Tell whether *part* changes from turn to turn of a loop in which *source* stays the same list."""
    return max(part.free - {level}, default=-1) > max(source.free, default=-1)


def _demands(body: Node) -> Iterator[Node]:
    if body.op == "and":
        for part in body.args:
            yield from _demands(part)
    else:
        yield body


def _all_of(nodes: Nodes, demands: Sequence[Node]) -> Node:
    if not demands:
        return nodes.constant(True)  # noqa: FBT003 - the leaf
    return demands[0] if len(demands) == 1 else nodes.make("and", *demands)


def _bucket(nodes: Nodes, source: Node, demands: list[Node], level: int) -> tuple[Node, list[Node]]:
    """Return the members in which a field is what every turn alike demands, and what else is demanded of them."""
    for demand in demands:
        found = _equated(nodes, demand, level)
        if found is not None and found[1].op == "const":
            index, rest = _index(nodes, source, demand, demands, found[0])
            return nodes.make("bucket", index, found[1]), rest
    return source, demands


def _index(
    nodes: Nodes, source: Node, demand: Node, demands: list[Node], field: str
) -> tuple[Node, list[Node]]:
    """
    Return an index by a field, and what is still demanded of the members that it gives.

    A field that the schema has in every record is not asked for again: where a gap took it away after all, there
    is no such index. Of any other field a member without it is given with every key, and has to be asked.
    """
    if any(arg.is_sure and _is_field(arg, field) for arg in demand.args):
        rest = [other for other in demands if other is not demand]
        return nodes.make("index", source, data=("index of all", field)), rest
    return nodes.make("index", source, data=("index", field)), demands


def _is_field(node: Node, name: str) -> bool:
    return node.op == "field" and node.data == name


def _field(node: Node, level: int) -> str | None:
    """Return the field of the loop's member that a node is."""
    if node.op == "field" and node.args[0].op == "var" and node.args[0].data == level:
        name: str = node.data
        return name
    return None


def _equal_join(
    nodes: Nodes, source: Node, demands: list[Node], level: int
) -> tuple[tuple[Node, Node], list[Node]] | None:
    for demand in demands:
        found = _equated(nodes, demand, level)
        if found is not None and _varies(found[1], source, level):
            index, rest = _index(nodes, source, demand, demands, found[0])
            return (index, found[1]), rest
    for demand in demands:
        inner = _equated_inside(nodes, demand, level)
        if inner is not None and _varies(inner[2], source, level):
            index = nodes.make("index", source, data=("index inside", *inner[:2]))
            return (index, inner[2]), demands
    return None


def _join_in_time(
    nodes: Nodes, source: Node, demands: list[Node], level: int
) -> tuple[tuple[Node, Node], list[Node]] | None:
    for demand in demands:
        if demand.op == "within" and level not in demand.args[1].free:
            name = _field(demand.args[0], level)
            if name is not None and _varies(demand.args[1], source, level):
                index = nodes.make("index", source, data=("index in time", name))
                rest = [other for other in demands if other is not demand]
                return (index, demand.args[1]), rest
    return None


def _equated(nodes: Nodes, demand: Node, level: int) -> tuple[str, Node] | None:
    """Read ``x.field == other``, where *other* does not depend on ``x``."""
    if demand.data is None:
        return None  # lists and maps, and what may be one, have no place in an index
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
