"""
Elements by what they have in common: ``groupBy``.

The groups stand in the order in which their keys first appear. An element that may not belong is such an
element of its group; one whose key is not known may belong to any group, and to one that is not there yet.

Source: LANGUAGE.md, sections 4 and 5.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from auditor.evaluation.equality import merge
from auditor.evaluation.members import broken, each
from auditor.evaluation.shapes import plain, type_name
from auditor.facts.types import DYN
from auditor.language.cel.macro_types import group
from auditor.language.values import Failure, Item, Listing, Record, Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from auditor.evaluation.machine import Machine
    from auditor.evaluation.scope import Locals
    from auditor.language.cel.ast import Comprehension

_RECORD: Final = group(DYN)


@dataclass(slots=True)
class _Group:
    """The members with one key, each with its place in the list."""

    members: list[tuple[int, Item]] = field(default_factory=list)

    @property
    def first(self) -> int:
        """Where its key appears first, if everything belongs that may."""
        return self.members[0][0]

    @property
    def certain(self) -> int | None:
        """Where its key certainly appears by; None where it may not appear at all."""
        return next((place for place, item in self.members if item.doubt is None), None)

    def doubts(self) -> Unknown:
        """Return why its members up to the first certain one may not belong."""
        certain = self.certain
        return merge(
            *(item.doubt for place, item in self.members if certain is None or place < certain)
        )


def group_by(machine: Machine, node: Comprehension, source: Listing, local: Locals) -> Value:
    """Evaluate ``xs.groupBy(x, text)``."""
    results = [
        (item, text_of(node, plain(key)), trail)
        for item, key, trail in each(machine, node, node.args[0], source, local)
    ]
    failure = broken(results)
    if failure is not None:
        return failure
    groups: dict[str, _Group] = {}
    anywhere: list[tuple[int, Item]] = []
    for place, (item, key, trail) in enumerate(results):
        facts = tuple(dict.fromkeys(trail.facts))
        if isinstance(key, Unknown):
            anywhere.append((place, Item(item.value, merge(key, item.doubt), facts)))
        else:
            found = groups.setdefault(key, _Group())
            found.members.append((place, Item(item.value, item.doubt, facts)))
    machine.spend(len(groups) * (1 + len(anywhere)))
    rest = merge(source.rest, *(item.doubt for _, item in anywhere), _disorder(groups.values()))
    return Listing(
        tuple(_listed(key, found, anywhere, source) for key, found in groups.items()),
        rest if rest.causes else None,
        source.grounded,
        source.pointer,
    )


def _listed(key: str, found: _Group, anywhere: list[tuple[int, Item]], source: Listing) -> Item:
    members = sorted([*found.members, *anywhere], key=lambda member: member[0])
    items = tuple(item for _, item in members)
    listing = Listing(items, source.rest, grounded=True, pointer=source.pointer)
    facts = tuple(dict.fromkeys(fact for _, item in found.members for fact in item.facts))
    doubt = found.doubts() if found.certain is None else None
    return Item(Record({"key": key, "items": listing}, _RECORD, ""), doubt, facts)


def _disorder(groups: Iterable[_Group]) -> Unknown | None:
    """Return why it is not known which of two groups comes first; None where it is."""
    latest, doubts = -1, Unknown(frozenset())
    for found in groups:  # in the order of the first members
        if found.first < latest:
            return doubts
        if found.certain is not None and found.certain > latest:
            latest, doubts = found.certain, found.doubts()
    return None


def text_of(node: Comprehension, value: Value) -> Value:
    """Return a text, or what keeps it from being one."""
    if isinstance(value, str | Unknown | Failure):
        return value
    message = f"'{node.macro}' wants a text for each element, not a {type_name(value)}"
    return Failure("no_overload", message, node.id)
