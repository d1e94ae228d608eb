"""
Which parts of a policy are true or false, and where each is written: what its cases have to try both ways.

An answer that no facts can lead to is not asked for: a constant, what lint calls certain, what is true or else left
undecided. Of ``!x`` the ``x`` is not counted; it only says the same the other way round.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeGuard

from auditor.facts.types import BOOL, DYN
from auditor.language.answers import Answers
from auditor.language.cel.ast import Call, Comprehension, Expr, Ident, walk
from auditor.model.location import Location

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.documents.nodes import ScalarNode
    from auditor.language.answers import Truths
    from auditor.language.cel.checked import CheckedExpr
    from auditor.language.one_policy import ReadPolicy
    from auditor.language.plan import CompiledPolicy
    from auditor.language.registry import Functions

    PartKey = tuple[str, int]
    """Where a sub-expression stands (``require/0``, ``define/inScope``), and the number of its node there."""

_PREDICATES: Final = frozenset({"all", "exists", "exists_one", "filter", "count"})
"""Macros whose first argument is true or false of each element."""
_CERTAIN: Final = frozenset(
    {"policy-constant", "policy-never-null", "policy-redundant", "policy-repeated"}
)
"""What lint says of a condition that has one answer."""
_NEVER_REACHED: Final = "policy-unreachable"


@dataclass(frozen=True, slots=True)
class BooleanPart:
    """A sub-expression that is true or false."""

    key: PartKey
    text: str
    """As written, on one line."""
    answers: Truths
    """Those that it can come to."""
    location: Location
    """Its first character; the end is marked where it is on the same line."""
    last: Location
    """Its last character."""
    excerpt: str
    """The source line at `location`."""

    def sort_key(self) -> tuple[str, int, int, int, int]:
        """Order by place; what holds another part comes before it."""
        first, last = self.location, self.last
        return first.path, first.line, first.column, -last.line, -last.column

    def is_within(self, place: Location | None) -> bool:
        """Whether it stands in the marked text at *place*; beyond the end of a line nothing is marked."""
        first, last = self.location, self.last
        return (
            place is not None
            and (first.path, first.line, last.line) == (place.path, place.line, place.line)
            and place.column <= first.column
            and last.column < (place.end_column or last.column + 1)
        )


def boolean_nodes(policy: CompiledPolicy) -> Iterator[tuple[PartKey, Expr]]:
    """
    Yield the sub-expressions of a policy, and of the words that it uses, that are true or false.

    A word has one set of nodes, which are yielded for every call of it. The sentences of ``say`` decide nothing and
    are left out; so is who answers for a subject.
    """
    for looked in _written(policy):
        for node in looked.nodes():
            yield (looked.name, node.id), node


@dataclass(frozen=True, slots=True, eq=False)
class _Written:
    """An expression of a policy, or the body of a word as one call uses it."""

    name: str
    checked: CheckedExpr
    parameters: tuple[str, ...] = ()

    def nodes(self) -> Iterator[Expr]:
        """Yield what is true or false in it."""
        nodes = list(walk(self.checked.expr))
        asked = {id(part) for node in nodes for part in _conditions(node)}
        if self.name == "when" or self.name.startswith("require/"):
            asked.add(id(self.checked.expr))
        denied = {id(part) for node in nodes if _denies(node) for part in node.args}
        for node in nodes:
            found = self.checked.types.get(node.id, DYN)
            is_boolean = found == BOOL or (found == DYN and id(node) in asked)
            if is_boolean and id(node) not in denied and not self._is_settled(node):
                yield node

    def _is_settled(self, node: Expr) -> bool:
        """Whether *node* reads nothing, so that there is nothing to try."""
        instances = self.checked.instances
        return not any(isinstance(part, Ident) or part.id in instances for part in walk(node))


def _written(policy: CompiledPolicy) -> Iterator[_Written]:
    pending = [_Written(name, checked) for name, checked in _expressions(policy)]
    while pending:
        looked = pending.pop()
        yield looked
        instances = looked.checked.instances
        for node in walk(looked.checked.expr) if instances else ():
            instance = instances.get(node.id)
            if instance is not None and isinstance(node, Call):
                name = f"define/{node.function}"
                pending.append(_Written(name, instance.body, instance.parameters))


def _expressions(policy: CompiledPolicy) -> Iterator[tuple[str, CheckedExpr]]:
    for name, checked in policy.subjects:
        yield f"for/{name}", checked
    for name in ("key", "at", "when", "due"):
        checked = getattr(policy, name)
        if checked is not None:
            yield name, checked
    for name, checked in policy.let:
        yield f"let/{name}", checked
    for index, clause in enumerate(policy.clauses):
        yield f"require/{index}", clause.that


def _conditions(node: Expr) -> tuple[Expr, ...]:
    """Return the parts of *node* that are asked whether they are true."""
    match node:
        case Call(function="_&&_" | "_||_" | "!_"):
            return node.args
        case Call(function="_?_:_"):
            return node.args[:1]
        case Comprehension() if node.macro in _PREDICATES:
            return node.args[:1]
        case _:
            return ()


def _denies(node: Expr) -> TypeGuard[Call]:
    return isinstance(node, Call) and node.function == "!_"


def boolean_parts(read: ReadPolicy, functions: Functions) -> tuple[BooleanPart, ...]:
    """
    Return the parts of a policy, and of the words that it uses, that are true or false, each once.

    Args:
        read: The policy.
        functions: What it can call.

    Returns:
        Those of the policy's own file first, then by file, each in the order in which they are written.
    """
    texts = _texts(read)
    lets: dict[str, Truths] = {}
    for name, checked in read.policy.let:  # each after those that it names
        lets[name] = Answers(checked, functions, lets).of(checked.expr)
    answers: dict[PartKey, Truths] = {}
    nodes: dict[PartKey, Expr] = {}
    for looked in _written(read.policy):
        told = Answers(looked.checked, functions, lets, looked.parameters)
        for node in looked.nodes():
            key = (looked.name, node.id)
            answers[key] = answers.get(key, frozenset()) | told.of(node)
            nodes[key] = node
    parts = (
        _part(key, node, texts[key[0]], answers[key]) for key, node in nodes.items() if answers[key]
    )
    certain = {doubt.location for doubt in read.doubts if doubt.slug in _CERTAIN}
    dead = [doubt.location for doubt in read.doubts if doubt.slug == _NEVER_REACHED]
    own = read.policy.summary.location.path
    return tuple(
        sorted(
            (
                part
                for part in parts
                if part.location not in certain and not any(part.is_within(one) for one in dead)
            ),
            key=lambda part: (part.location.path != own, *part.sort_key()),
        )
    )


def _texts(read: ReadPolicy) -> dict[str, ScalarNode]:
    """Return where each expression is written, by its name."""
    placed = {id(one.checked): one.node for one in read.expressions}
    own = {name: placed[id(checked)] for name, checked in _expressions(read.policy)}
    return own | {f"define/{word}": draft.body for word, (_, draft) in read.words.items()}


def _part(key: PartKey, node: Expr, text: ScalarNode, answers: Truths) -> BooleanPart:
    first, last = text.location_at(node.start), text.location_at(node.end - 1)
    end = last.column + 1 if last.line == first.line else None
    return BooleanPart(
        key,
        " ".join(text.text[node.start : node.end].split()),
        answers,
        Location(first.path, first.line, first.column, end),
        last,
        text.excerpt_at(node.start),
    )
