"""
Ids and the ids that each leads to, as the macros over graphs read them from a list.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from auditor.evaluation.equality import merge
from auditor.evaluation.groups import text_of
from auditor.evaluation.members import broken, each
from auditor.evaluation.shapes import plain, type_name
from auditor.language.cel.ast import Ident, Select
from auditor.language.values import Failure, Item, Listing, Unknown, Value

if TYPE_CHECKING:
    from auditor.evaluation.machine import Machine
    from auditor.evaluation.scope import Locals
    from auditor.language.cel.ast import Comprehension


@dataclass(slots=True)
class Node:
    """An id of the list."""

    is_certain: bool = False
    successors: dict[str, bool] = field(default_factory=dict)
    """In order; whether each certainly is one."""
    doubts: list[Value] = field(default_factory=list)
    """Why the id, or one of its successors, may not be there."""
    unread: list[Value] = field(default_factory=list)
    """Why it may have successors that nobody knows."""
    facts: dict[str, None] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether anything about it is not known."""
        return bool(self.doubts or self.unread)


def nodes_of(
    machine: Machine, node: Comprehension, source: Listing, local: Locals
) -> dict[str, Node] | Unknown | Failure:
    """
    Read the ids, in the order of the list, from a macro's first two arguments: id and successors.

    Returns:
        An unknown where an id is not known, since any arrow may lead there.
    """
    named = [
        (item, text_of(node, plain(key)), trail)
        for item, key, trail in each(machine, node, node.args[0], source, local)
    ]
    led = [
        (item, _ends_of(node, plain(ends)), trail)
        for item, ends, trail in each(machine, node, node.args[1], source, local)
    ]
    failure = broken([*named, *led])
    if failure is not None:
        return failure
    unnamed = merge(*(key for _, key, _ in named))
    if unnamed.causes:
        return unnamed  # any arrow may lead there
    nodes: dict[str, Node] = {}
    for (item, key, before), (_, ends, behind) in zip(named, led, strict=True):
        found = nodes.setdefault(key, Node())
        found.facts |= dict.fromkeys((*before.facts, *behind.facts))
        _enter(found, item, ends)
    if source.rest is not None and not _is_own_id(node):
        for found in nodes.values():
            found.unread.append(source.rest)  # another element may say more of the same id
    machine.spend(2 * (len(nodes) + sum(len(found.successors) for found in nodes.values())))
    return nodes


def _is_own_id(node: Comprehension) -> bool:
    """Whether elements are told apart by ids of their own: no other one has the same, read or not."""
    match node.args[0]:
        case Select(operand=Ident(name=name), field="id", test=False):
            return name == node.variables[0]
    return False


def _ends_of(node: Comprehension, value: Value) -> Value:
    """Return a list of texts, unknowns and nulls, or the error that it is none."""
    if isinstance(value, Unknown | Failure):
        return value
    if not isinstance(value, Listing):
        message = f"'{node.macro}' wants a list of texts for each element, not a {type_name(value)}"
        return Failure("no_overload", message, node.id)
    parts = [plain(part) for part in value]
    strange = [part for part in parts if not (part is None or isinstance(part, str | Unknown))]
    if strange:
        message = f"'{node.macro}' wants texts as successors, not a {type_name(strange[0])}"
        return Failure("no_overload", message, node.id)
    return value


def _enter(found: Node, item: Item, ends: Value) -> None:
    """Add what one element says of its id; several elements with one id are one."""
    if item.doubt is None:
        found.is_certain = True
    else:
        found.doubts.append(item.doubt)
    if isinstance(ends, Unknown):
        found.unread.append(ends)
        return
    if ends.rest is not None:
        found.unread.append(ends.rest)
    for end in ends.items:
        value = plain(end.value)
        if isinstance(value, Unknown):
            found.unread.append(merge(value, end.doubt))
        elif value is not None:
            certain = item.doubt is None and end.doubt is None
            found.successors[value] = found.successors.get(value, False) or certain
            if end.doubt is not None:
                found.doubts.append(end.doubt)
