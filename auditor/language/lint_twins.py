"""
Which policies say what another one says already?

Two policies decide the same where their expressions come to the same, whatever the names in them are: names of
``for``, ``let``, ``define`` and parameters are replaced by what they stand for. Whom they judge, what `empty` counts
as and who may vouch must be the same, too; what is told to a reader need not be.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from auditor.language.cel.ast import (
    Block,
    Call,
    Comprehension,
    Expr,
    Ident,
    ListExpr,
    Literal,
    MapExpr,
    Select,
    StructExpr,
    children,
)
from auditor.language.expression_places import located
from auditor.language.param_values import shown_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from auditor.documents.nodes import ScalarNode
    from auditor.language.one_policy import ReadPolicy
    from auditor.model.errors import PolicyError


def twin_warnings(policies: Iterable[ReadPolicy]) -> Iterator[PolicyError]:
    """
    Find policies that decide the same, or are called the same, as one before them.

    Args:
        policies: All that could be read; those with a fault are told of their titles only.
    """
    rules: dict[str, ReadPolicy] = {}
    titles: dict[str, ReadPolicy] = {}
    for read in policies:
        title = " ".join(read.draft.title.casefold().split()).rstrip(".")
        first = titles.setdefault(title, read)
        if first.draft.id != read.draft.id:
            message = (
                f"'{first.draft.id}' has the same title, so nobody can tell their findings apart"
            )
            yield from _at(
                read, "same-title", "title", message, first, hint="say what is different"
            )
        if not _is_sound(read):
            continue
        rule = _Rule(read).digest()
        first = rules.setdefault(rule, read)
        if first.draft.id != read.draft.id:
            message = f"'{first.draft.id}' decides exactly the same"
            hint = "leave one of the two out, and name the controls of both in the other"
            yield from _at(read, "same-policy", "id", message, first, hint=hint)


def _at(
    read: ReadPolicy, slug: str, key: str, message: str, first: ReadPolicy, *, hint: str
) -> Iterator[PolicyError]:
    node = read.draft.root.get_key(key)
    if node is not None:
        where = f"{message} ({first.draft.path})"
        yield located(node, slug, where, hint, (0, len(node.text)))


def _is_sound(read: ReadPolicy) -> bool:
    """Whether all of a policy's demands could be compiled: of half a policy nothing can be said."""
    draft = read.draft
    conditions = (draft.when, draft.at, draft.due, draft.key)
    nodes = [*(node for _, node in draft.subjects), *(clause.that for clause in draft.require)]
    nodes += [node for node in conditions if node is not None]
    found = {id(placed.node) for placed in read.expressions}
    return read.is_whole and bool(nodes) and all(id(node) in found for node in nodes)


class _Rule:
    """What one policy decides, told by digests: a name that is used twice is gone into once."""

    def __init__(self, read: ReadPolicy) -> None:
        self._read = read
        self._trees = {id(placed.node): placed.checked.expr for placed in read.expressions}
        self._let = {name.text: self._trees.get(id(node)) for name, node in read.draft.let}
        self._names = {name: f"for {at}" for at, (name, _) in enumerate(read.draft.subjects)}
        self._params = {
            param.name: f"{param.type}: {shown_value(param.value)}" for param in read.draft.params
        }
        self._known: dict[str, str] = {}

    def digest(self) -> str:
        """Return what stands for all that decides."""
        draft = self._read.draft
        demands = [(self._node(one.that), one.empty or draft.empty) for one in draft.require]
        attest = draft.attest
        return _digest(
            draft.target,
            *(self._node(node) for _, node in draft.subjects),
            *(self._node(node) for node in (draft.key, draft.when, draft.at, draft.due)),
            draft.empty,
            draft.effective,
            attest and (attest.by, str(attest.valid_for)),
            *demands,
        )

    def _node(self, node: ScalarNode | None) -> str:
        return self._of(self._trees[id(node)], self._names) if node is not None else ""

    def _of(self, expr: Expr, names: Mapping[str, str]) -> str:
        match expr:
            case Literal():
                return f"{type(expr.value).__name__} {expr.value!r}"
            case Ident() if not expr.absolute and expr.name in names:
                return names[expr.name]
            case Ident() if not expr.absolute and expr.name in self._let:
                return self._once(f"let {expr.name}", self._let[expr.name], self._names)
            case Select(operand=Ident(name="params")) if expr.field in self._params:
                return self._params[expr.field]
            case Call(target=None) if expr.function in self._read.words:
                definition, _ = self._read.words[expr.function]
                arguments = {
                    name: f"argument {at}" for at, name in enumerate(definition.parameters)
                }
                inside = {**self._names, **arguments}
                body = self._once(f"define {expr.function}", definition.expr, inside)
                return _digest("call", body, *(self._of(arg, names) for arg in expr.args))
            case Comprehension():
                bound = {name: f"bound {len(names)}.{at}" for at, name in enumerate(expr.variables)}
                inside = {**names, **bound}
                parts = (self._of(arg, inside) for arg in expr.args)
                return _digest("macro", expr.macro, self._of(expr.range, names), *parts)
            case _:
                parts = (self._of(part, names) for part in children(expr))
                return _digest(type(expr).__name__, *_own(expr), *parts)

    def _once(self, name: str, expr: Expr | None, names: Mapping[str, str]) -> str:
        if name not in self._known:
            self._known[name] = name  # while it is looked at, for names that need each other
            if expr is not None:
                self._known[name] = self._of(expr, names)
        return self._known[name]


def _own(expr: Expr) -> tuple[object, ...]:
    """Return what a node says beside its parts."""
    match expr:
        case Ident():
            return (expr.name,)
        case Select():
            return (expr.field, expr.test)
        case Call():
            return (expr.function, expr.target is not None)
        case ListExpr() | MapExpr():
            return (expr.optional,)
        case StructExpr():
            return (expr.type_name, *(name for name, _ in expr.entries))
        case Block():
            return (len(expr.slots),)
        case _:
            return ()


def _digest(*parts: object) -> str:
    return sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()
