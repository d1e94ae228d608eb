"""
What an id leads to: ``reachable``.

The way is followed breadth first, each id once, so that circles end and the work is in proportion to ids and
arrows. What is certain is reached over certain arrows alone; what is reached in another way may belong. An id
on the way of which not every successor is known leaves the list open.

Source: LANGUAGE.md, section 4; docs/decisions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.evaluation.equality import merge
from auditor.evaluation.graph import Node, nodes_of
from auditor.evaluation.shapes import plain, type_name
from auditor.language.values import Failure, Item, Listing, Unknown, Value

if TYPE_CHECKING:
    from auditor.evaluation.machine import Machine
    from auditor.evaluation.scope import Locals
    from auditor.language.cel.ast import Comprehension

_NO_NODE = Node(is_certain=True)


def reachable(machine: Machine, node: Comprehension, source: Listing, local: Locals) -> Value:
    """Evaluate ``xs.reachable(x, id, successors, start)``: *start*, and every id that it leads to."""
    start = plain(machine.eval(node.args[2], local))
    if isinstance(start, Unknown | Failure):
        return start
    if not isinstance(start, str):
        message = f"'reachable' wants a text to start from, not a {type_name(start)}"
        return Failure("no_overload", message, node.id)
    nodes = nodes_of(machine, node, source, local)
    if not isinstance(nodes, dict):
        return nodes
    certain = _walk(nodes, start, only_certain=True)
    possible = _walk(nodes, start, only_certain=False)
    machine.spend(len(possible))
    reasons: list[Value] = []
    for name in possible:
        found = nodes.get(name)
        reasons += found.unread if found is not None else []
        # What is not in a list that was cut short may stand in the part that nobody read.
        reasons += [source.rest] if source.rest is not None and found is None else []
    rest = merge(*reasons)
    doubt = _doubt(nodes, possible)
    items = tuple(
        Item(name, None if name in certain else doubt, _facts(nodes, name))
        for name in (*certain, *(name for name in possible if name not in certain))
    )
    return Listing(items, rest if rest.causes else None, source.grounded, source.pointer)


def _walk(nodes: dict[str, Node], start: str, *, only_certain: bool) -> dict[str, None]:
    reached: dict[str, None] = {start: None}
    pending = [start]
    while pending:
        following: list[str] = []
        for name in pending:
            here = nodes.get(name, _NO_NODE)
            if only_certain and not here.is_certain:
                continue
            for end, is_certain in here.successors.items():
                if end not in reached and (is_certain or not only_certain):
                    reached[end] = None
                    following.append(end)
        pending = following
    return reached


def _doubt(nodes: dict[str, Node], possible: dict[str, None]) -> Unknown:
    """Say why something may not be reached: any doubt on the way."""
    return merge(*(doubt for name in possible if name in nodes for doubt in nodes[name].doubts))


def _facts(nodes: dict[str, Node], name: str) -> tuple[str, ...]:
    return tuple(nodes[name].facts) if name in nodes else ()
