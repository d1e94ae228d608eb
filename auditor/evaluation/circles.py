"""
What leads back to itself: ``cycles``.

Elementary circles can be exponentially many, so they are not listed one by one. Each *knot* is given once:
a largest set of ids of which every one leads to every other (a strongly connected component), or a single
id that names itself. It begins with the id that stands first in the list and goes on depth first, so that
a plain circle reads in the order of its arrows. The work is in proportion to ids and arrows.

A successor that may not be one, an unknown list of them, and an element that may not belong leave a knot
open: what is in it is certain, and more may be.

Source: R. Tarjan, "Depth-first search and linear graph algorithms" (1972); LANGUAGE.md, sections 4 and 5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.evaluation.equality import merge
from auditor.evaluation.graph import Node, nodes_of
from auditor.evaluation.members import note_absence
from auditor.language.values import Item, Listing, Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditor.evaluation.machine import Machine
    from auditor.evaluation.scope import Locals
    from auditor.language.cel.ast import Comprehension

    Arrows = list[list[int]]
    """Successors of each node, by number."""


def cycles(machine: Machine, node: Comprehension, source: Listing, local: Locals) -> Value:
    """Evaluate ``xs.cycles(x, id, successors)``."""
    nodes = nodes_of(machine, node, source, local)
    if not isinstance(nodes, dict):
        return nodes
    knots, rest = _knots(nodes, source)
    if not knots:
        note_absence(machine, source)
    return Listing(tuple(knots), rest, source.grounded, source.pointer)


def _knots(nodes: dict[str, Node], source: Listing) -> tuple[list[Item], Unknown | None]:
    """Find the knots that certainly are there, and why there may be others."""
    names = list(nodes)
    certain = _arrows(nodes, only_certain=True)
    found = [_walked(certain, knot) for knot in _components(certain)]
    found.sort(key=lambda knot: knot[0])
    if source.rest is None and not any(node.is_open for node in nodes.values()):
        return [_item(knot, names, nodes, None) for knot in found], None
    possible = _arrows(nodes, only_certain=False)
    possible.append(list(range(len(names))))  # what is not known may lead anywhere
    for number, name in enumerate(names):
        node = nodes[name]
        leads_out = source.rest is not None and not nodes.keys() >= node.successors.keys()
        if node.unread or leads_out:
            possible[number].append(len(names))
    inside: dict[int, Unknown | None] = {}
    rests: list[Value] = [source.rest]
    known = {frozenset(knot) for knot in found}
    for knot in _components(possible):
        members = [nodes[names[number]] for number in knot if number < len(names)]
        reasons = merge(
            source.rest if len(members) < len(knot) else None,
            *(doubt for member in members for doubt in (*member.doubts, *member.unread)),
        )
        is_known = not reasons.causes and frozenset(knot) in known
        rests.append(None if is_known else reasons)
        inside |= dict.fromkeys(knot, None if is_known else reasons)
    rest = merge(*rests)
    items = [_item(knot, names, nodes, inside[knot[0]]) for knot in found]
    return items, rest if rest.causes else None


def _arrows(nodes: dict[str, Node], *, only_certain: bool) -> Arrows:
    """Number the ids in the order of the list; arrows to ids that are not in it lead nowhere."""
    numbers = {name: number for number, name in enumerate(nodes)}
    return [
        [
            numbers[name]
            for name, certain in node.successors.items()
            if name in nodes
            and (not only_certain or (certain and node.is_certain and nodes[name].is_certain))
        ]
        for node in nodes.values()
    ]


def _item(
    knot: Sequence[int], names: list[str], nodes: dict[str, Node], rest: Unknown | None
) -> Item:
    facts = dict.fromkeys(fact for number in knot for fact in nodes[names[number]].facts)
    members = tuple(Item(names[number]) for number in knot)
    return Item(Listing(members, rest), None, tuple(facts))


def _walked(arrows: Arrows, knot: Sequence[int]) -> list[int]:
    """Put a knot in order: depth first from its first member."""
    members, seen = set(knot), dict.fromkeys([min(knot)])
    pending = [iter(arrows[min(knot)])]
    while pending:
        following = next((n for n in pending[-1] if n in members and n not in seen), None)
        if following is None:
            pending.pop()
        else:
            seen[following] = None
            pending.append(iter(arrows[following]))
    return list(seen)


def _components(arrows: Arrows) -> Iterator[list[int]]:
    """Yield every set of nodes that lead to each other, and every node that leads to itself."""
    order: dict[int, int] = {}
    lowest: dict[int, int] = {}
    stack: list[int] = []
    open_nodes: set[int] = set()
    for root in range(len(arrows)):
        if root in order:
            continue
        pending = [(root, iter(arrows[root]))]
        order[root] = lowest[root] = len(order)
        stack.append(root)
        open_nodes.add(root)
        while pending:
            node, ends = pending[-1]
            end = next(ends, None)
            if end is None:
                pending.pop()
                if pending:
                    above = pending[-1][0]
                    lowest[above] = min(lowest[above], lowest[node])
                if lowest[node] == order[node]:
                    component = [stack.pop()]
                    while component[-1] != node:
                        component.append(stack.pop())
                    open_nodes.difference_update(component)
                    if len(component) > 1 or node in arrows[node]:
                        yield component
            elif end not in order:
                order[end] = lowest[end] = len(order)
                stack.append(end)
                open_nodes.add(end)
                pending.append((end, iter(arrows[end])))
            elif end in open_nodes:
                lowest[node] = min(lowest[node], order[end])
