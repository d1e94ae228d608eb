"""
Which facts policies read: what a snapshot must be able to say for them.

Told by type: a field counts as read wherever an expression selects it from a record of its entity, whatever
list the record came from. Fields that a function looks up by itself are told by its signature. The answer
may name a field that one snapshot never needs; it leaves out none that a verdict can rest on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.facts.types import DYN, ObjectType, held_type, unwrap
from auditor.language.cel.ast import Call, Comprehension, Expr, Ident, Literal, Select, children

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from auditor.facts.types import Type
    from auditor.language.cel.checked import CheckedExpr
    from auditor.language.plan import CompiledPolicy
    from auditor.language.registry import Functions

    LookedUp = tuple[tuple[str, ...], tuple[str, ...]]
    """Fields of its record that a function looks up, and fields of other entities."""


_WHO_MAY_VOUCH: Final = frozenset(
    {
        "parties", "parties.id", "parties.kind", "role_assignments", "role_assignments.party",
        "role_assignments.role", "role_assignments.from", "role_assignments.to",
    }
)  # fmt: skip
"""What decides whether an attestation counts: who held which role on its day."""


def fields_read(
    policies: Iterable[CompiledPolicy], root: ObjectType, functions: Functions
) -> frozenset[str]:
    """
    Return the names of all fields that policies of one target read.

    Args:
        policies: Checked against *root*.
        root: Type of the snapshots.
        functions: What the policies can call.

    Returns:
        ``entity.field``, the entity by the name of its type (``sprints.started_at``,
        ``meetings.attendees.present``); a top-level key by its own name (``sprints``).
    """
    found: set[str] = set()
    looked_up: dict[str, LookedUp] = {}
    for overload in functions.all():
        fields, elsewhere = looked_up.get(overload.name, ((), ()))
        looked_up[overload.name] = (*fields, *overload.reads), (*elsewhere, *overload.consults)
    for policy in policies:
        # Names of the policy's own hide the snapshot's.
        own = frozenset({name for name, _ in (*policy.subjects, *policy.let)} | {"params"})
        for checked in expressions_of(policy):
            found |= _Reads(root, looked_up, own).of(checked)
        if policy.attest is not None:
            found |= {name for name in _WHO_MAY_VOUCH if name.partition(".")[0] in root.fields}
    return frozenset(found)


def expressions_of(policy: CompiledPolicy) -> Iterator[CheckedExpr]:
    """Yield every expression of a policy, those inside its sentences included."""
    yield from (checked for _, checked in policy.subjects)
    yield from (checked for _, checked in policy.let)
    for checked in (policy.key, policy.at, policy.scope, policy.when, policy.due, policy.owner):
        if checked is not None:
            yield checked
    for clause in policy.clauses:
        yield clause.that
        yield from (
            part for part in clause.say.parts if part is not None and not isinstance(part, str)
        )


class _Reads:
    def __init__(
        self, root: ObjectType, looked_up: Mapping[str, LookedUp], own: frozenset[str]
    ) -> None:
        self._root = root
        self._looked_up = looked_up
        self._own = own
        self._found: set[str] = set()

    def of(self, checked: CheckedExpr) -> set[str]:
        """Return what one expression reads, and every definition that it calls."""
        pending: list[tuple[CheckedExpr, Expr, frozenset[str]]] = [
            (checked, checked.expr, self._own)
        ]
        while pending:
            where, node, hidden = pending.pop()
            self._node(where, node, hidden)
            instance = where.instances.get(node.id)
            if instance is not None:
                inside = hidden | set(instance.parameters)
                pending.append((instance.body, instance.body.expr, inside))
            below = hidden
            if isinstance(node, Comprehension):
                below = hidden | set(node.variables)
                pending.append((where, node.range, hidden))  # it may be called as the variable is
            pending.extend((where, child, below) for child in children(node))
        return self._found

    def _node(self, where: CheckedExpr, node: Expr, hidden: frozenset[str]) -> None:
        match node:
            case Ident(name=name) if name in self._root.fields and (
                node.absolute or name not in hidden
            ):
                self._found.add(name)
            case Select(operand=operand, field=name):
                self._select(where.types.get(operand.id, DYN), name)
            case Call(function="_?._", args=(operand, Literal(value=str(name)))):
                self._select(where.types.get(operand.id, DYN), name)
            case Call(function=function, target=target, args=args):
                read, elsewhere = self._looked_up.get(function, ((), ()))
                for name in elsewhere:
                    self._found |= {name, name.partition(".")[0]}
                for part in args if target is None else (target, *args):
                    for name in read:
                        self._select(where.types.get(part.id, DYN), name)

    def _select(self, operand: Type, name: str) -> None:
        held = held_type(operand)
        record = unwrap(operand if held is None else held)
        if isinstance(record, ObjectType) and name in record.fields:
            self._found.add(name if record is self._root else f"{record.name}.{name}")
