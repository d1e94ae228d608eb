"""
Where would cel-python answer an expression differently, or not at all?

What is not reported is answered alike, where every fact is recorded; what is reported may be answered alike on some
facts. Only the tree and its types are looked at, so cel-python need not be installed.

Source: LANGUAGE.md, section 7; ADR 0016.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from auditor.facts.types import (
    DYN,
    ObjectType,
    unwrap,
)
from auditor.language.cel.ast import (
    Call,
    Comprehension,
    Expr,
    Ident,
    Select,
    children,
    walk,
)
from auditor.language.cel.diagnostics import Diagnostic
from auditor.language.portability_rules import Rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from auditor.language.cel.checked import CheckedExpr
    from auditor.language.registry import Functions

MAX_LEVELS: Final = 600
"""Levels of cel-python's own tree, in which a level of ours is up to ten."""

MAX_PARTS: Final = 20_000
"""Parts of an expression with every word written out where it is used."""

LEVELS_OF_A_PART: Final = 10

_ESCAPED: Final = frozenset({"exists_one", "filter", "map"})
"""Macros out of which cel-python throws the error of an element."""
_SAFE: Final = frozenset(
    {
        "_&&_", "_||_", "!_", "_?_:_", "_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_", "@in", "by", "before",
        "after", "within", "begins", "ends", "given", "size", "contains", "startsWith", "endsWith", "dyn",
    }
)  # fmt: skip
"""Operators and functions that give a value for every value that the checker lets through."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One part of an expression that cel-python answers differently, or not at all."""

    slug: str
    """Its heading in docs/errors.md, e.g. ``portable-macro``."""
    message: str
    hint: str | None
    node: Expr
    is_asked: bool = False
    """Whether cel-python can be asked all the same: it differs on some facts only, and does so every time."""

    def diagnostic(self) -> Diagnostic:
        """Return it as what the checker says of a part of an expression."""
        return Diagnostic(self.slug, self.message, self.hint, self.node.start, self.node.end)


def obstacles(checked: CheckedExpr, functions: Functions) -> tuple[Obstacle, ...]:
    """
    Return what keeps cel-python from answering *checked* alike, in the order of the text.

    Args:
        checked: The expression; the words that it uses are looked at on their own, see `words`.
        functions: What it may call.
    """
    found = [
        one
        for node, hidden in _scoped(checked.expr)
        if (one := obstacle(node, checked, functions, hidden)) is not None
    ]
    found += _escaping(checked)
    levels, parts = size(checked)
    if levels > MAX_LEVELS or parts > MAX_PARTS:
        message = "with all the words that it uses this is too deep or too large for cel-python"
        found.append(Obstacle("portable-size", message, "make two of it with `let`", checked.expr))
    return tuple(sorted(found, key=lambda one: (one.node.start, one.node.end, one.slug)))


def _escaping(checked: CheckedExpr) -> list[Obstacle]:
    """Find macros in which an error would escape from the ``&&`` or ``||`` that absorbs it."""
    message = "an error inside it ends the whole expression in cel-python: no && or || around it absorbs it"
    hint = "ask with exists() or all()"
    inside = {
        node.id: node
        for logic in walk(checked.expr)
        if isinstance(logic, Call)
        and (logic.function in {"_&&_", "_||_"} or logic.id in checked.instances)
        for node in walk(logic)
        if isinstance(node, Comprehension) and node.macro in _ESCAPED
    }
    return [
        Obstacle("portable-absorbed-error", message, hint, node, is_asked=True)
        for node in inside.values()
        if any(_may_fail(part, checked) for part in node.args)
    ]


def _may_fail(expr: Expr, checked: CheckedExpr) -> bool:
    """Whether evaluating *expr* can end in an error where every fact is recorded."""
    for node in walk(expr):
        instance = checked.instances.get(node.id)
        if instance is not None:
            fails = _may_fail(instance.body.expr, instance.body)
        elif isinstance(node, Select):
            owner = checked.types.get(node.operand.id, DYN)
            fails = not isinstance(unwrap(owner), ObjectType)
        else:
            fails = isinstance(node, Call) and node.function not in _SAFE
        if fails:
            return True
    return False


def obstacle(
    node: Expr, checked: CheckedExpr, functions: Functions, hidden: frozenset[str] = frozenset()
) -> Obstacle | None:
    """
    Return what keeps cel-python from answering one node alike, whatever its operands are; None for nothing.

    Args:
        node: A node of *checked*.
        checked: The expression.
        functions: What it may call.
        hidden: Macro variables and parameters in force, none of which begins the name of a function.
    """
    said = (
        Rules(checked.types).of(node, functions, hidden)
        if node.id not in checked.instances
        else None
    )
    if said is None:
        return None
    return Obstacle(said.slug, said.message, said.hint, node, said.is_asked)


def words(checked: CheckedExpr) -> Iterator[tuple[Call, CheckedExpr]]:
    """Yield each call of a word (``define``) in an expression, with the word's body as it is checked there."""
    for node, _ in _scoped(checked.expr):
        instance = checked.instances.get(node.id)
        if instance is not None and isinstance(node, Call):
            yield node, instance.body


def size(checked: CheckedExpr) -> tuple[int, int]:
    """Return levels and parts of cel-python's tree, with words and what they are called with written out."""
    return _size(checked, checked.expr, {})


def _size(
    checked: CheckedExpr, node: Expr, names: Mapping[str, tuple[int, int]]
) -> tuple[int, int]:
    if isinstance(node, Ident) and node.name in names:
        return names[node.name]
    below = [_size(checked, child, names) for child in children(node)]
    instance = checked.instances.get(node.id)
    if instance is not None:
        given = dict(zip(instance.parameters, below, strict=True))
        levels, parts = _size(instance.body, instance.body.expr, given)
        return levels + LEVELS_OF_A_PART, parts + 1
    longer = max(0, len(below) - 2) if isinstance(node, Call) and node.target is None else 0
    levels = LEVELS_OF_A_PART + longer + max((depth for depth, _ in below), default=0)
    return levels, min(1 + sum(parts for _, parts in below), MAX_PARTS + 1)


def _scoped(
    node: Expr, hidden: frozenset[str] = frozenset()
) -> Iterator[tuple[Expr, frozenset[str]]]:
    """Yield every node with the macro variables in force at it, parents first."""
    stack = [(node, hidden)]
    while stack:
        current, names = stack.pop()
        yield current, names
        if isinstance(current, Comprehension):
            inside = names | set(current.variables)
            stack.extend((part, inside) for part in reversed(current.args))
            stack.append((current.range, names))
        else:
            stack.extend((child, names) for child in reversed(children(current)))
