"""
Random expressions that go through lists and maps: CEL's macros, membership, size, comparisons.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.facts.types import (
    BOOL,
    STRING,
    ListType,
    MapType,
    NullableType,
    ScalarType,
    Type,
    unwrap,
)
from tests.differential.terms import LISTS, NULLABLE, kind_of

if TYPE_CHECKING:
    from tests.differential.expressions import Generator
    from tests.differential.terms import Scope

_SIGNS = ("<", "<=", ">", ">=")


def some_list(gen: Generator, scope: Scope, depth: int) -> tuple[str, Type]:
    """Return a list and the type of its members: mostly one of the facts, at times filtered."""
    derive = gen.grammar.derive
    if derive is not None and depth > 0 and gen.chance(0.25):
        made = derive(gen, scope, depth)
        if made is not None:
            return made
    terms = [t for t in scope.of_kind(LISTS) if isinstance(t.type, ListType)]
    if terms and gen.chance(0.75):
        term = gen.pick(terms)
        assert isinstance(term.type, ListType)
        if depth > 0 and gen.chance(0.3):
            name, inner = scope.fresh()
            inner = inner.knowing(name, term.type.element)
            return (
                f"{term.text}.filter({name}, {gen.make(BOOL, inner, depth - 1)})",
                term.type.element,
            )
        return term.text, term.type.element
    kind = gen.basic()
    return gen.make(ListType(kind), scope, depth - 1), kind


def over(gen: Generator, scope: Scope, depth: int) -> tuple[str, str, Scope, Type]:
    """Return a list, a name for its members, the scope with that name, and the members' type."""
    source, kind = some_list(gen, scope, depth)
    name, inner = scope.fresh()
    return source, name, inner.knowing(name, kind), kind


# ----- truths


def logic(gen: Generator, _: Type, scope: Scope, depth: int) -> str:
    """Join truths."""
    sign = gen.pick((" && ", " || "))
    count = gen.pick((2, 2, 3))
    return f"({sign.join(gen.make(BOOL, scope, depth) for _ in range(count))})"


def negation(gen: Generator, _: Type, scope: Scope, depth: int) -> str:
    """Deny a truth."""
    return f"!{gen.make(BOOL, scope, depth)}"


def guard(gen: Generator, _: Type, scope: Scope, depth: int) -> str | None:
    """Demand something of what may be null, or pass over it where it is."""
    found = gen.guard(scope)
    if found is None:
        return None
    test, inside, _outside = found
    if gen.chance(0.6):
        return f"({test} && {gen.make(BOOL, inside, depth)})"
    return f"(!({test}) || {gen.make(BOOL, inside, depth)})"


def absence(gen: Generator, _: Type, scope: Scope, depth: int) -> str | None:
    """Ask whether there is something."""
    del depth
    found = gen.guard(scope)
    if found is None:
        return None
    term = gen.pick(scope.of_kind(NULLABLE))
    return gen.pick((found[0], f"({term.text} == null)", f"(null != {term.text})"))


def equality(gen: Generator, _: Type, scope: Scope, depth: int) -> str:
    """Compare two values of a type; what may be null only where the checker lets it."""
    terms = scope.of_kind(NULLABLE)
    if terms and gen.chance(0.5):
        term = gen.pick(terms)
        kind = unwrap(term.type)
        sign = gen.pick(("==", "=="))
        return f"({term.text} {sign} {_like(gen, kind, scope, depth)})"
    kind = gen.basic()
    sign = gen.pick(("==", "!="))
    pair = [gen.make(kind, scope, depth), gen.make(kind, scope, depth)]
    if gen.chance(0.1):
        pair[1] = f"dyn({gen.make(gen.basic(), scope, depth)})"
    return f"({pair[0]} {sign} {pair[1]})"


def _like(gen: Generator, kind: Type, scope: Scope, depth: int) -> str:
    """Return something that a value of a type may be equal to: of an enumeration one of its words."""
    if isinstance(kind, ScalarType) and kind.enum is not None:
        return f"'{gen.pick(kind.enum)}'"
    if isinstance(kind, ScalarType) and kind.ref is not None:
        terms = [
            term
            for known in ("string", "?string")
            for term in scope.of_kind(known)
            if isinstance(found := unwrap(term.type), ScalarType) and found.ref == kind.ref
        ]
        return gen.pick(terms).text if terms else f"'{kind.ref}-1'"
    return gen.make(kind, scope, depth)


def ordering(gen: Generator, _: Type, scope: Scope, depth: int) -> str:
    """Compare two values that have an order."""
    kinds = [kind for kind in gen.grammar.basic if kind_of(kind) in gen.grammar.ordered]
    kind = gen.pick(kinds)
    left, right = (gen.make(kind, scope, depth) for _ in range(2))
    return f"({left} {gen.pick(_SIGNS)} {right})"


def membership(gen: Generator, _: Type, scope: Scope, depth: int) -> str:
    """Ask whether a value is in a list, or a key in a map."""
    if gen.chance(0.3):
        text = gen.make(STRING, scope, depth)
        return f"({text} in {gen.make(MapType(STRING, gen.basic()), scope, depth)})"
    terms = [t for t in scope.of_kind(NULLABLE) if kind_of(t.type) == "?string"]
    if terms and gen.chance(0.4):
        term = gen.pick(terms)
        kind = unwrap(term.type)
        parts = [_like(gen, kind, scope, 0) for _ in range(2)]
        return f"({term.text} in [{', '.join(parts)}])"
    kind = gen.basic()
    return f"({gen.make(kind, scope, depth)} in {gen.make(ListType(kind), scope, depth)})"


def quantified(gen: Generator, _: Type, scope: Scope, depth: int) -> str:
    """Ask something of the members of a list."""
    source, name, inner, _ = over(gen, scope, depth)
    macro = gen.pick(("all", "exists", "exists", "all", "exists_one"))
    return f"{source}.{macro}({name}, {gen.make(BOOL, inner, depth)})"


def quantified_keys(gen: Generator, _: Type, scope: Scope, depth: int) -> str:
    """Ask something of the keys of a map."""
    name, inner = scope.fresh()
    source = gen.make(MapType(STRING, gen.basic()), inner, depth)
    macro = gen.pick(("all", "exists", "exists_one"))
    return f"{source}.{macro}({name}, {gen.make(BOOL, inner.knowing(name, STRING), depth)})"


# ----- numbers and lists


def size(gen: Generator, _: Type, scope: Scope, depth: int) -> str:
    """Count the members of a list, the entries of a map, or the characters of a text."""
    if gen.chance(0.2):
        return f"size({gen.make(STRING, scope, depth)})"
    if gen.chance(0.15):
        return f"size({gen.make(MapType(STRING, gen.basic()), scope, depth)})"
    source, _ = some_list(gen, scope, depth)
    return gen.pick((f"size({source})", f"{source}.size()"))


def filtered(gen: Generator, goal: Type, scope: Scope, depth: int) -> str | None:
    """Keep some members of a list."""
    assert isinstance(goal, ListType)
    name, inner = scope.fresh()
    source = gen.make(goal, scope, depth)
    return f"{source}.filter({name}, {gen.make(BOOL, inner.knowing(name, goal.element), depth)})"


def mapped(gen: Generator, goal: Type, scope: Scope, depth: int) -> str | None:
    """Make something of each member of a list."""
    assert isinstance(goal, ListType)
    if isinstance(goal.element, NullableType):
        return None
    source, name, inner, _ = over(gen, scope, depth)
    body = gen.make(goal.element, inner, depth)
    if gen.chance(0.3):
        return f"{source}.map({name}, {gen.make(BOOL, inner, depth)}, {body})"
    return f"{source}.map({name}, {body})"


def joined(gen: Generator, goal: Type, scope: Scope, depth: int) -> str | None:
    """Put two lists together."""
    return f"({gen.make(goal, scope, depth)} + {gen.make(goal, scope, depth)})"
