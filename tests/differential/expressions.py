"""
Random expressions of a wanted type, as text.

A production writes an expression of a type out of smaller ones, so that nearly everything that is written
passes the checker. What may be null is used behind a guard, as a policy has to. The same seed gives the
same text on every machine: nothing here goes through a set.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Final, TypeVar

from auditor.facts.types import (
    BOOL,
    DYN,
    ListType,
    MapType,
    NullableType,
    OpaqueType,
    ScalarType,
    Type,
    TypeParameter,
    unwrap,
)
from tests.differential.terms import NULLABLE, Scope, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from auditor.language.registry import Overload

    Production = Callable[["Generator", Type, Scope, int], str | None]
    Weighted = tuple[tuple[int, Production], ...]

Choice = TypeVar("Choice")

_TRIES: Final = 4


def seeded(seed: int | str) -> Random:
    """Return a source of choices; the same for the same seed, on every machine."""
    return Random(seed)  # noqa: S311 - choices of a test, no secrets


@dataclass(frozen=True)
class Grammar:
    """What a generator may write."""

    literals: Mapping[str, Sequence[str]]
    """Texts by kind."""
    basic: tuple[Type, ...]
    """Types of which sub-expressions are made where any type does."""
    everywhere: Weighted
    """Productions for any type."""
    of_kind: Mapping[str, Weighted]
    """Productions by the first word of a kind: ``bool``, ``list``, ``?``."""
    overloads: tuple[Overload, ...]
    """Functions and operators."""
    ordered: tuple[str, ...]
    """Kinds that have an order."""
    roots: Scope
    """What every expression can name."""
    derive: Callable[[Generator, Scope, int], tuple[str, Type] | None] | None = None
    """Makes a list out of another one; None where the engine has no such lists."""
    tables: dict[str, list[tuple[Overload, dict[str, Type]]]] = field(default_factory=dict)


def head_of(goal: Type) -> str:
    """Return the first word of a type's kind."""
    match goal:
        case NullableType():
            return "?"
        case ListType():
            return "list"
        case MapType():
            return "map"
        case OpaqueType():
            return goal.name
        case ScalarType():
            return goal.name
        case _:
            return "record"


class Generator:
    """Writes expressions by a grammar and a source of choices."""

    def __init__(self, grammar: Grammar, random: Random) -> None:
        self.grammar = grammar
        self.random = random

    def write(self, goal: Type, depth: int) -> str:
        """Return an expression of a type, at most about *depth* productions deep."""
        return self.make(goal, self.grammar.roots, depth)

    def make(self, goal: Type, scope: Scope, depth: int) -> str:
        """Return an expression of a type in a scope."""
        if depth <= 0 or self.random.random() < 0.08:
            return self.leaf(goal, scope)
        for _ in range(_TRIES):
            production = self._production(goal)
            made = production(self, goal, scope, depth - 1)
            if made is not None:
                return made
        return self.leaf(goal, scope)

    def _production(self, goal: Type) -> Production:
        special = self.grammar.of_kind.get(head_of(goal), ())
        choices = (*special, *self.grammar.everywhere)
        table = self.table(goal)
        weights = [weight for weight, _ in choices]
        called = 6 if table else 0
        picked = self.random.choices(range(len(choices) + 1), [*weights, called])[0]
        return call if picked == len(choices) else choices[picked][1]

    def table(self, goal: Type) -> list[tuple[Overload, dict[str, Type]]]:
        """Return the overloads whose result is of a type, with what that says of their parameters."""
        kind = kind_of(goal)
        known = self.grammar.tables.get(kind)
        if known is None:
            known = []
            for overload in self.grammar.overloads:
                bindings: dict[str, Type] = {}
                if binds(overload.result, goal, bindings):
                    known.append((overload, bindings))
            self.grammar.tables[kind] = known
        return known

    # ----- leaves

    def leaf(self, goal: Type, scope: Scope) -> str:
        """Return a name, a literal, or the smallest expression of a type."""
        if isinstance(goal, NullableType):
            return self._nullable_leaf(goal, scope)
        terms = scope.of_kind(kind_of(goal))
        if terms and self.random.random() < 0.7:
            return self.pick(terms).text
        return self.literal(goal, scope)

    def _nullable_leaf(self, goal: NullableType, scope: Scope) -> str:
        terms = scope.of_kind(kind_of(goal))
        if terms and self.random.random() < 0.8:
            return self.pick(terms).text
        return self.leaf(goal.inner, scope)

    def literal(self, goal: Type, scope: Scope) -> str:
        """Return an expression that needs no name, or where there is none, one that does."""
        match goal:
            case ListType():
                size = self.random.choice((0, 1, 2, 2, 3))
                return f"[{', '.join(self.leaf(goal.element, scope) for _ in range(size))}]"
            case MapType():
                keys = self.random.sample(self.grammar.literals[kind_of(goal.key)], 2)
                pairs = (f"{key}: {self.leaf(goal.value, scope)}" for key in keys)
                return f"{{{', '.join(pairs)}}}"
            case OpaqueType(name="optional_type"):
                held = self.leaf(goal.parameters[0], scope)
                return f"optional.of({held})" if self.random.random() < 0.7 else "optional.none()"
            case ScalarType(name="dyn"):
                return f"dyn({self.leaf(self.basic(), scope)})"
            case ScalarType(name="type"):
                return f"type({self.leaf(self.basic(), scope)})"
            case _:
                pass
        kind = kind_of(goal)
        literals = self.grammar.literals.get(kind)
        if literals:
            return self.pick(literals)
        terms = scope.of_kind(kind)
        if terms:
            return self.pick(terms).text
        lists = scope.of_kind(f"list({kind})")
        if lists:
            return f"{self.pick(lists).text}[{self.random.choice((0, 0, 1, 7))}]"
        perhaps = scope.of_kind(f"?{kind}")
        return f"dyn({self.pick(perhaps).text})" if perhaps else "[][0]"

    # ----- choices

    def pick(self, choices: Sequence[Choice]) -> Choice:
        """Choose one."""
        return choices[self.random.randrange(len(choices))]

    def chance(self, share: float) -> bool:
        """Say yes in a share of all cases."""
        return self.random.random() < share

    def basic(self) -> Type:
        """Choose a type for a sub-expression of which any will do."""
        return self.pick(self.grammar.basic)

    def guard(self, scope: Scope) -> tuple[str, Scope, Scope] | None:
        """
        Choose something that may be null, and guard it.

        Returns:
            The guard, the scope in which it holds, and the other one; None where nothing may be null.
        """
        terms = scope.of_kind(NULLABLE)
        if not terms:
            return None
        term = self.pick(terms)
        inside = scope.knowing(term.text, unwrap(term.type))
        forms = [f"{term.text} != null"]
        if "." in term.text and not term.text.endswith(")"):
            forms.append(f"has({term.text})")
        return self.pick(forms), inside, scope


def binds(declared: Type, found: Type, bindings: dict[str, Type]) -> bool:
    """Tell whether a declared type becomes *found* if its parameters are filled in; fills them in."""
    match declared:
        case TypeParameter():
            known = bindings.setdefault(declared.name, found)
            return kind_of(known) == kind_of(found)
        case NullableType():
            return binds(declared.inner, unwrap(found), bindings) and isinstance(
                found, NullableType
            )
        case ListType():
            return isinstance(found, ListType) and binds(declared.element, found.element, bindings)
        case MapType():
            return (
                isinstance(found, MapType)
                and binds(declared.key, found.key, bindings)
                and binds(declared.value, found.value, bindings)
            )
        case OpaqueType():
            return (
                isinstance(found, OpaqueType)
                and found.name == declared.name
                and all(map(binds, declared.parameters, found.parameters, [bindings] * 4))
            )
        case _:
            return kind_of(declared) == kind_of(found)


def filled(declared: Type, bindings: dict[str, Type], gen: Generator) -> Type:
    """Return a declared type with its parameters filled in; what nothing binds becomes a basic type."""
    match declared:
        case TypeParameter():
            return bindings.setdefault(declared.name, gen.basic())
        case NullableType():
            inner = filled(declared.inner, bindings, gen)
            return inner if isinstance(inner, NullableType) else NullableType(inner)
        case ListType():
            return ListType(filled(declared.element, bindings, gen))
        case MapType():
            key = filled(declared.key, bindings, gen)
            return MapType(key, filled(declared.value, bindings, gen))
        case OpaqueType():
            return OpaqueType(
                declared.name, tuple(filled(part, bindings, gen) for part in declared.parameters)
            )
        case ScalarType(name="number"):
            return gen.pick([t for t in gen.grammar.basic if kind_of(t) in {"int", "double"}])
        case _:
            return declared


def call(gen: Generator, goal: Type, scope: Scope, depth: int) -> str | None:
    """Call a function or an operator whose result is wanted."""
    overload, found = gen.pick(gen.table(goal))
    bindings = dict(found)
    wanted = [filled(part, bindings, gen) for part in overload.parameters]
    if overload.is_variadic:
        wanted += wanted[-1:] * gen.random.randrange(3)
    arguments = [gen.make(part, scope, depth) for part in wanted]
    if overload.receiver is not None:
        receiver = gen.make(filled(overload.receiver, bindings, gen), scope, depth)
        return f"{receiver}.{overload.name}({', '.join(arguments)})"
    name = overload.name
    if not name.startswith(("_", "-_", "!_")):
        return f"{name}({', '.join(arguments)})"
    if len(arguments) == 1:
        return f"({name.rstrip('_')}({arguments[0]}))"
    sign = f" {name.strip('_')} "
    return f"({sign.join(arguments)})"


def conditional(gen: Generator, goal: Type, scope: Scope, depth: int) -> str | None:
    """Choose between two of a type."""
    test = gen.make(BOOL, scope, depth)
    return f"({test} ? {gen.make(goal, scope, depth)} : {gen.make(goal, scope, depth)})"


def guarded(gen: Generator, goal: Type, scope: Scope, depth: int) -> str | None:
    """Choose between something that needs what may be null, and something that does not."""
    found = gen.guard(scope)
    if found is None:
        return None
    test, inside, outside = found
    return f"({test} ? {gen.make(goal, inside, depth)} : {gen.make(goal, outside, depth)})"


def bound(gen: Generator, goal: Type, scope: Scope, depth: int) -> str | None:
    """Give a value a name."""
    kind = gen.basic()
    name, inner = scope.fresh()
    value = gen.make(kind, inner, depth)
    return f"cel.bind({name}, {value}, {gen.make(goal, inner.knowing(name, kind), depth)})"


def element(gen: Generator, goal: Type, scope: Scope, depth: int) -> str | None:
    """Take a member of a list."""
    place = gen.pick(("0", "0", "1", "2", "dyn(0)"))
    return f"{gen.make(ListType(goal), scope, depth)}[{place}]"


def entry(gen: Generator, goal: Type, scope: Scope, depth: int) -> str | None:
    """Take a value of a map."""
    first, second = gen.make(goal, scope, depth), gen.make(goal, scope, depth - 1)
    key = gen.pick(("['a']", ".a", "['b']", "['c']"))
    return f"{{'a': {first}, 'b': {second}}}{key}"


def untyped(gen: Generator, goal: Type, scope: Scope, depth: int) -> str | None:
    """Hide a type from the checker."""
    if goal == DYN:
        return None
    return f"dyn({gen.make(goal, scope, depth)})"
