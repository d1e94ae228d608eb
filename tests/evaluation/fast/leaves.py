"""
Snapshots in which one thing is other than it was.

A fact is taken away, known to be absent, or known only to its day; a list is cut short, or empty. Shaped documents are changed, as the fast path gets them, and only into what the schema allows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from auditor.documents.pointer import join
from auditor.facts.gaps import TRUNCATED
from auditor.facts.instants import BareDay
from auditor.facts.schema import element_of, fields_of
from auditor.facts.types import ListType, ObjectType, unwrap
from auditor.language.reads import fields_read
from tests.evaluation.fast.corpus import Matter, differences, exact_outcomes, fast_outcomes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from auditor.facts.schema import Shape
    from auditor.facts.snapshot import Snapshot, SnapshotModel
    from auditor.facts.types import Field, Type
    from auditor.language.plan import Plan
    from tests.evaluation.fast.corpus import Difference, FastPlans

HEAD: Final = "snapshot"
"""What says how the facts were collected is no fact."""
HISTORY: Final = "change_events"
"""What every other field may be set back by."""

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Leaf:
    """One change of a snapshot."""

    kind: str
    place: Place
    entity: str
    """Record that the field is of; empty at the top."""
    field: str
    moves: bool
    """Whether more may change than the field: which records there are at the judged instant."""

    def __str__(self) -> str:
        return f"{self.kind} {join(*self.place)}"

    def of(self, snapshot: Snapshot) -> Snapshot:
        """Return *snapshot* with this change."""
        if self.kind == "truncated":
            return replace(snapshot, gaps=snapshot.gaps.also({join(*self.place): TRUNCATED}))
        return replace(snapshot, document=_changed(snapshot.document, self.place, _HOW[self.kind]))

    def may_change(self, reads: frozenset[str]) -> bool:
        """Tell whether a policy that reads these fields may come to something else."""
        if HISTORY in {self.entity, self.field}:
            return True
        name = f"{self.entity}.{self.field}" if self.entity else self.field
        return name in reads or (self.moves and self.entity in reads)


def _removed(parent: Any, key: str | int) -> None:
    del parent[key]


def _nulled(parent: Any, key: str | int) -> None:
    parent[key] = None


def _to_the_day(parent: Any, key: str | int) -> None:
    parent[key] = BareDay.fromordinal(parent[key].toordinal())


def _emptied(parent: Any, key: str | int) -> None:
    parent[key] = []


_HOW: Final[dict[str, Callable[[Any, str | int], None]]] = {
    "removed": _removed,
    "null": _nulled,
    "day": _to_the_day,
    "emptied": _emptied,
}
KINDS: Final = (*_HOW, "truncated")


def _changed(node: Any, place: Place, how: Callable[[Any, str | int], None]) -> Any:
    """Return a copy that shares whatever did not change."""
    made = node.copy()
    if len(place) == 1:
        how(made, place[0])
    else:
        made[place[0]] = _changed(node[place[0]], place[1:], how)
    return made


def leaves(model: SnapshotModel, document: dict[str, Any]) -> Iterator[Leaf]:
    """Yield every change of one thing that the schema allows."""
    yield from _of_record(model.shape, model.root, document, (), "")


def _of_record(
    shape: Shape, declared: ObjectType, record: dict[str, Any], place: Place, entity: str
) -> Iterator[Leaf]:
    members = fields_of(shape)
    for name, value in record.items():
        if not place and name == HEAD:
            continue
        member, field = members[name], declared.fields[name]
        here = (*place, name)
        for kind in _kinds(member.shape, field, value):
            moves = field.time is not None or name == declared.birth
            yield Leaf(kind, here, entity, name, moves)
        yield from _inside(member.shape, field.type, value, here)


def _kinds(shape: Shape, field: Field, value: Any) -> Iterator[str]:
    if not field.required and not field.has_default:
        yield "removed"
    if shape.is_nullable and value is not None:
        yield "null"
    if shape.kind == "instant" and hasattr(value, "hour"):
        yield "day"
    if isinstance(value, list):
        yield "truncated"
        if value:
            yield "emptied"


def _inside(shape: Shape, declared: Type, value: Any, place: Place) -> Iterator[Leaf]:
    declared = unwrap(declared)
    if isinstance(declared, ListType) and isinstance(value, list):
        for index, part in enumerate(value):
            yield from _inside(element_of(shape), declared.element, part, (*place, index))
    elif isinstance(declared, ObjectType) and isinstance(value, dict):
        yield from _of_record(shape, declared, value, place, declared.name)


class Reads:
    """Which fields each policy of a plan reads."""

    def __init__(self, plan: Plan, models: Any) -> None:
        self._reads = {
            policy.summary.id: (
                policy.summary.target,
                fields_read([policy], models[policy.summary.target].root, plan.functions),
            )
            for policy in plan.policies
        }

    def touched(self, leaf: Leaf, target: str) -> list[str]:
        """Return the policies that a change may make a difference to."""
        return [
            policy
            for policy, (of, reads) in self._reads.items()
            if of == target and leaf.may_change(reads)
        ]


@dataclass
class Tally:
    """How much was compared."""

    changes: int = 0
    answers: int = 0


def compared(
    matter: Matter, leaf: Leaf, reads: Reads, plans: FastPlans, tally: Tally
) -> Iterator[Difference]:
    """Yield what the fast path answers otherwise than the exact evaluator where one thing is changed."""
    target = matter.snapshot.target
    changed = replace(matter, name=f"{matter.name}: {leaf}", snapshot=leaf.of(matter.snapshot))
    tally.changes += 1
    fast = fast_outcomes(plans.of(matter.plan, target), changed, reads.touched(leaf, target))
    answered = {policy for policy, answers in fast.items() if answers}
    if not answered:
        return
    tally.answers += sum(len(fast[policy]) for policy in answered)
    exact = exact_outcomes(replace(changed, plan=matter.plan.select(answered)))
    yield from differences(replace(changed, exact=exact), fast)
