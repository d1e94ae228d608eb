"""
What an explanation looks at: sub-expressions where they stand, with the values that names have there.

Everything is evaluated again, by the exact evaluator and only where it is looked at, with a budget of its own:
an explanation cannot use up what the judging needs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from auditor.documents.pointer import child
from auditor.evaluation.explaining.remembering import Remembering
from auditor.evaluation.members import each
from auditor.evaluation.scope import Thunk
from auditor.evaluation.shapes import plain
from auditor.evaluation.trail import Trail
from auditor.language.cel.ast import Call, Comprehension, Expr, Ident, Select, walk
from auditor.language.cel.checked import CheckedExpr
from auditor.language.values import Item, Listing, MapValue, Record, Value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditor.evaluation.exact import Evaluator
    from auditor.evaluation.explaining.remembering import Path
    from auditor.evaluation.joins import Joins
    from auditor.evaluation.lift import Lift
    from auditor.evaluation.scope import Locals
    from auditor.language.text_places import TextPlace

_FEW: Final = 1_000
"""Steps in which something is looked at that the judging had no need to look at."""
_TAKEN_FROM: Final = frozenset({"filter", "sortBy", "latest", "earliest"})
"""Macros whose result is made of members of their list."""


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """What the variable of a macro stands for: one of several."""

    noun: str
    """What the members are called, in the plural."""
    count: int
    is_nearest: bool = False
    """Whether it came nearer than the others to what was looked for."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """An expression, and what the names mean that are not variables of the policy."""

    checked: CheckedExpr
    part: str
    """Name of its place among those of the policy (`auditor.language.text_places`)."""
    path: Path
    """Where it is evaluated."""
    local: Locals = field(default_factory=dict)
    members: Mapping[str, Member] = field(default_factory=dict)
    """Variables of macros."""
    arguments: Mapping[str, tuple[Expr, Frame]] = field(default_factory=dict)
    """Parameters of a definition, and other names that stand for an expression: which, and where."""

    def with_member(self, node: Comprehension, item: Item, bound: Locals, member: Member) -> Frame:
        """Return the frame of a macro's body for one member of its list."""
        names = dict.fromkeys(node.variables, member)
        return Frame(
            self.checked,
            self.part,
            (*self.path, id(node), item),
            bound,
            {**self.members, **names},
            {name: found for name, found in self.arguments.items() if name not in names},
        )

    def text(self, node: Expr) -> str:
        """Return how *node* is written, on one line."""
        return " ".join(self.checked.text[node.start : node.end].split())


class Written(Protocol):
    """What an explanation has to know of what is written: a policy, or an expression that is tried."""

    @property
    def let(self) -> tuple[tuple[str, CheckedExpr], ...]:
        """Names, and the expressions that they stand for."""
        ...

    @property
    def places(self) -> tuple[TextPlace, ...]:
        """Where the expressions are written."""
        ...


class Sight:
    """
    Looks at the sub-expressions of what is written, about one subject.

    Args:
        policy: What was judged.
        evaluator: By which it was; a copy of it is used, so that its budget stays.
        names: Every variable.
    """

    def __init__(self, policy: Written, evaluator: Evaluator, names: Mapping[str, Value]) -> None:
        self._evaluator = Remembering.like(evaluator)
        self.lets = dict(policy.let)
        self._names = {**names, **{name: self._let(name, names[name]) for name in self.lets}}
        self._known: dict[tuple[Path, int], tuple[Expr, Value, Trail]] = {}

    def _let(self, name: str, thunk: Value) -> Value:
        """Return the value that the judging has found; what it never asked for is computed apart."""
        if isinstance(thunk, Thunk) and not thunk.is_done:
            return Thunk(lambda: self._evaluator.evaluate(self.lets[name], self._names))
        return thunk

    # ----- what going through a list asks for

    @property
    def lift(self) -> Lift:
        """Turns facts into values."""
        return self._evaluator.lift

    @property
    def joins(self) -> Joins:
        """What has been indexed so far."""
        return self._evaluator.joins

    # ----- values

    def value(self, node: Expr, frame: Frame) -> Value:
        """Return what *node* comes to, with its mark of vacuity."""
        return self._look(node, frame)[0]

    def tried(self, node: Expr, frame: Frame) -> Value:
        """Return what *node* comes to, where that takes few steps; else None: nobody asked for it so far."""
        key = (frame.path, id(node))
        if key in self._evaluator.values or key in self._known:
            return self.value(node, frame)
        names = {**self._names, **frame.local}
        found = self._evaluator.evaluate_within(_FEW, frame.path, _part(node, frame), names)
        if found is None:
            return None
        self._known[key] = (node, *found)
        return found[0]

    def facts(self, node: Expr, *, frame: Frame) -> tuple[str, ...]:
        """Return the pointers of the facts that *node* reads, those behind parameters included, each once."""
        found = dict.fromkeys(self._look(node, frame)[1].facts)
        if frame.arguments:
            for part in walk(node):
                argument = self.argument(part, frame)
                if argument is not None and _is_leaf(self.value(*argument)):
                    inner, where = argument
                    found |= dict.fromkeys(self.facts(inner, frame=where))
        return tuple(found)

    def _look(self, node: Expr, frame: Frame) -> tuple[Value, Trail]:
        key = (frame.path, id(node))
        found = self._evaluator.values.get(key)
        if found is not None:
            return found
        known = self._known.get(key)
        if known is None:
            found = self._evaluator.evaluate_at(
                frame.path, _part(node, frame), {**self._names, **frame.local}
            )
            known = self._known[key] = (
                node,
                *found,
            )  # the node is kept: no other gets its identity
        return known[1:]

    def apart(self, node: Expr, frame: Frame, local: Locals) -> tuple[Value, Trail]:
        """Evaluate *node* of the expression of *frame* with other names."""
        return self._evaluator.evaluate_once(_part(node, frame), {**self._names, **local})

    def each(
        self, node: Comprehension, frame: Frame, source: Listing, *, joined: bool
    ) -> list[tuple[Item, Value, Trail]]:
        """Return the members of *source* that *node* looks at, with what it finds of each and why."""
        self.value(node, frame)
        found = self._evaluator.elements.get((frame.path, id(node)), [])
        looking = Looking(self, frame)
        items = source.items
        if joined and len(node.variables) == 1:
            items = self.joins.members(
                node, source, self.lift, lambda other: looking.apart(other, frame.local)[0]
            )
        if len(found) == len(items) and len(node.args) == 1:
            return [
                (item, value, Trail([*trail.facts, *item.facts], trail.reached, trail.failing))
                for item, (value, trail) in zip(items, found, strict=True)
            ]
        return each(looking, node, node.args[0], source, dict(frame.local), joined=joined)

    # ----- what names stand for

    def let(self, node: Expr, frame: Frame) -> str | None:
        """Return the ``let`` that *node* names; None where it is no such name."""
        if not isinstance(node, Ident) or node.name not in self.lets:
            return None
        hidden = not node.absolute and node.name in frame.local
        return None if hidden else node.name

    def behind(self, name: str) -> tuple[Expr, Frame]:
        """Return the expression of a ``let``."""
        checked = self.lets[name]
        return checked.expr, Frame(checked, f"let/{name}", (id(checked.expr),))

    def argument(self, node: Expr, frame: Frame) -> tuple[Expr, Frame] | None:
        """Return the expression that a parameter stands for; None where *node* is none."""
        if isinstance(node, Ident) and not node.absolute and node.name in frame.local:
            return frame.arguments.get(node.name)
        return None

    def resolved(self, node: Expr, frame: Frame, *, through_lets: bool) -> tuple[Expr, Frame]:
        """Follow *node* to the expression that it stands for: through parameters, branches, and names."""
        while True:
            found = self.argument(node, frame)
            name = self.let(node, frame)
            if found is not None:
                node, frame = found
            elif through_lets and name is not None:
                node, frame = self.behind(name)
            elif isinstance(node, Call) and node.function == "_?_:_" and through_lets:
                test = plain(self.value(node.args[0], frame))
                if not isinstance(test, bool):
                    return node, frame
                node = node.args[1 if test else 2]
            elif isinstance(node, Call) and node.function == "dyn":
                node = node.args[0]
            else:
                return node, frame

    def fact(self, node: Expr, frame: Frame) -> str | None:
        """Return the pointer of the fact that *node* is; None where it is none by itself."""
        node, frame = self.resolved(node, frame, through_lets=True)
        if isinstance(node, Ident):
            value = plain(self.value(node, frame))
            pointer = f"/{node.name}"
            is_it = isinstance(value, Listing | Record | MapValue) and value.pointer == pointer
            return pointer if is_it or pointer in self.facts(node, frame=frame) else None
        if not isinstance(node, Select) or node.test:
            return None
        owner = plain(self.value(node.operand, frame))
        if isinstance(owner, Record | MapValue) and owner.pointer:
            return child(owner.pointer, node.field)
        return None

    def noun(self, node: Expr, frame: Frame) -> str:
        """Return what the members of a list are called, in the plural."""
        node, frame = self.resolved(node, frame, through_lets=True)
        if isinstance(node, Comprehension) and node.macro in _TAKEN_FROM:
            return self.noun(node.range, frame)
        name = node.field if isinstance(node, Select) else getattr(node, "name", "")
        if isinstance(node, Call) and node.function in {"days", "workingDays", "weeks", "months"}:
            name = "days" if node.function == "workingDays" else node.function
        return name.replace("_", " ") or "elements"


class Looking:
    """Evaluates for the members of a macro, in the expression of one frame."""

    def __init__(self, sight: Sight, frame: Frame) -> None:
        self._sight = sight
        self._frame = frame

    @property
    def lift(self) -> Lift:
        """Turns facts into values."""
        return self._sight.lift

    @property
    def joins(self) -> Joins:
        """What has been indexed so far."""
        return self._sight.joins

    def apart(self, node: Expr, local: Locals) -> tuple[Value, Trail]:
        """Evaluate *node* with a trail of its own."""
        return self._sight.apart(node, self._frame, local)


def _is_leaf(value: Value) -> bool:
    return not isinstance(plain(value), Record | Listing | MapValue)


def _part(node: Expr, frame: Frame) -> CheckedExpr:
    checked = frame.checked
    return CheckedExpr(node, checked.text, checked.types, checked.instances)
