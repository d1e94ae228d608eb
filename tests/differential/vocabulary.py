"""
Random expressions of the whole language, over the product's own schema.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from auditor.facts.types import (
    BOOL,
    BYTES,
    DATE,
    DOUBLE,
    DURATION,
    DYN,
    INT,
    PERIOD,
    RATIO,
    SPAN,
    STRING,
    TIMESTAMP,
    UINT,
    ListType,
    MapType,
    ObjectType,
    Type,
    nullable,
    optional,
    unwrap,
)
from auditor.language.cel.diagnostics import CheckErrors
from auditor.language.cel.source import CelSyntaxErrors
from tests.differential import delivery, loops
from tests.differential.expressions import (
    Generator,
    Grammar,
    bound,
    conditional,
    element,
    entry,
    guarded,
    untyped,
)
from tests.differential.plain import LITERALS as PLAIN
from tests.differential.terms import Scope, kind_of
from tests.differential.world import Question, ask, world

if TYPE_CHECKING:
    from random import Random

    from tests.differential.expressions import Weighted

LITERALS: Final = {
    **PLAIN,
    "int": ("0", "1", "2", "3", "-1", "7", "3600", "9007199254740993", "9223372036854775807"),
    "double": ("0.0", "1.0", "0.1", "0.3", "0.5", "2.5", "-1.5", "1e15", "9007199254740992.0"),
    "string": (
        "''", "'DM'", "'PM'", "'approved'", "'v1'", "'v2'", "'tbd'", "'Ä'", "'日本'", "'1'", "'2026-03-03'",
        "'risks-0'", "'parties-1'", "'baselines-0'", "'work_items-2'", "'scope'", "'status'",
    ),
    "timestamp": (
        "as_of", "period.starts_at", "timestamp('2026-03-03T11:00:00Z')", "timestamp('2026-03-06T12:00:00Z')",
        "timestamp('2026-03-29T01:30:00Z')", "timestamp('2026-03-03T11:00:00.000000001Z')",
    ),
    "duration": ("duration('0s')", "duration('24h')", "duration('90m')", "duration('-1h')", "duration('720h')"),
    "date": ("date('2026-03-02')", "date('2026-03-03')", "date('2026-03-29')", "date('2026-04-01')"),
    "ratio": ("90 %", "0 %", "100 %", "12.5 %", "-5 %"),
    "span": (
        "span('24 hours')", "span('1 days')", "span('2 working days')", "span('4 working hours')",
        "span('1 weeks')", "span('90 minutes')", "span('0 days')",
    ),
    "net.IP": ("ip('127.0.0.1')", "ip('::1')"),
    "net.CIDR": ("cidr('10.0.0.0/8')", "cidr('::/0')"),
}  # fmt: skip

BASIC: Final[tuple[Type, ...]] = (
    INT, INT, DOUBLE, STRING, STRING, BOOL, TIMESTAMP, TIMESTAMP, DATE, RATIO, DURATION, SPAN, UINT, BYTES,
    PERIOD, ListType(INT), ListType(STRING), MapType(STRING, INT), optional(INT), DYN,
)  # fmt: skip
GOALS: Final[tuple[Type, ...]] = (
    BOOL, BOOL, BOOL, BOOL, BOOL, BOOL, INT, INT, DOUBLE, STRING, TIMESTAMP, DATE, RATIO, DURATION, SPAN,
    ListType(INT), ListType(STRING), ListType(PERIOD), MapType(STRING, INT), optional(STRING), DYN,
    nullable(TIMESTAMP), nullable(STRING), nullable(INT), nullable(DOUBLE), nullable(DATE),
)  # fmt: skip
SCALARS: Final[tuple[Type, ...]] = (
    BOOL, BOOL, BOOL, BOOL, BOOL, INT, INT, DOUBLE, STRING, RATIO, DURATION,
    nullable(STRING), nullable(INT), nullable(DOUBLE),
)  # fmt: skip
"""Of these a poorer answer is the same one, or unknown."""

BY_CONVENTION: Final = frozenset({"timely", "proven"})
"""Functions that may tell more of a record of which less is known."""


def records() -> list[ObjectType]:
    """Return the records that stand in lists at the top of a snapshot."""
    found = []
    for kind in world().variables.values():
        inner = unwrap(kind)
        if isinstance(inner, ListType) and isinstance(inner.element, ObjectType):
            found.append(inner.element)
    return found


@cache
def grammar(*, conventions: bool) -> Grammar:
    """
    Return the grammar of the whole language.

    Args:
        conventions: Also write what a convention answers where less is known: entries in time, what a source
            can never tell, sums of numbers below zero.
    """
    known = world()
    roots = Scope()
    for name, kind in known.variables.items():
        roots = roots.knowing(name, kind)
    everywhere = (
        (4, conditional),
        (8, guarded),
        (2, bound),
        (2, element),
        (1, entry),
        (1, untyped),
        (4, delivery.last_one),
        (1, delivery.undecided),
        (1, delivery.slots),
        (3, delivery.word),
    )
    truths: Weighted = (
        (5, loops.logic),
        (2, loops.negation),
        (9, loops.guard),
        (2, loops.absence),
        (7, loops.equality),
        (4, loops.ordering),
        (3, loops.membership),
        (9, loops.quantified),
        (1, loops.quantified_keys),
        (3, delivery.quantified_pairs),
        (6, delivery.happened),
    )
    # Of sums, an unread number is taken for one that adds (decision 0003), which is a convention, too.
    if conventions:
        truths = (*truths, (2, delivery.sum_reaches), (1, delivery.not_supported))
    else:
        truths = (*truths, (2, delivery.sum_grows))
    return Grammar(
        literals=LITERALS,
        basic=BASIC,
        everywhere=everywhere,
        of_kind={
            "bool": truths,
            "int": ((4, loops.size), (3, delivery.counted), (2, delivery.summed)),
            "double": ((3, delivery.summed),),
            "ratio": ((3, delivery.share),),
            "list": (
                (4, loops.filtered),
                (5, loops.mapped),
                (2, loops.joined),
                (2, delivery.sorted_list),
                (2, delivery.listed_pairs),
                (2, delivery.graph),
            ),
            "map": ((3, delivery.mapped_pairs),),
            "?": ((3, delivery.perhaps), (2, delivery.either_or_null)),
            "optional_type": ((4, delivery.optional_field), (2, delivery.optional_made)),
        },
        overloads=tuple(
            overload
            for overload in known.functions.all()
            if conventions or overload.name not in BY_CONVENTION
        ),
        ordered=(
            "int",
            "double",
            "string",
            "timestamp",
            "date",
            "ratio",
            "duration",
            "bool",
            "uint",
        ),
        roots=roots,
        derive=delivery.derived_list,
    )


def question(
    random: Random, depth: int, goals: tuple[Type, ...] = GOALS, *, conventions: bool = True
) -> Question | None:
    """Return a random question; None where the checker takes none of what was written."""
    text, let = written(random, depth, goals, conventions=conventions)
    try:
        return ask(text, let)
    except (CheckErrors, CelSyntaxErrors):
        return None


def refused(text: str) -> bool:
    """Tell whether the checker refuses an expression."""
    try:
        ask(text)
    except (CheckErrors, CelSyntaxErrors):
        return True
    return False


def written(
    random: Random, depth: int, goals: tuple[Type, ...] = GOALS, *, conventions: bool = True
) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Write an expression and the ``let`` names before it, not yet checked."""
    base = grammar(conventions=conventions)
    gen = Generator(base, random)
    scope = base.roots
    let: list[tuple[str, str]] = []
    for position in range(gen.pick((0, 0, 1, 2))):
        kind = gen.pick((*GOALS, *map(ListType, records()), *map(nullable, records())))
        name = f"n{position}"
        let.append((name, gen.make(kind, scope, depth - 1)))
        # What a `let` is worth may be more exact than what was wanted, never less.
        scope = scope.knowing(name, kind)
    goal = gen.pick(goals)
    return gen.make(goal, scope, depth), tuple(let)


_ASKED: Final = {
    "bool": "{}",
    "int": "{}",
    "string": "{}",
    "double": "string({})",
    "timestamp": "string({})",
    "duration": "string({})",
    "uint": "string({})",
    "date": "string({})",
    "ratio": "{} > 50 %",
    "list(int)": "{}.map(m, string(m)).join(' ')",
    "list(string)": "{}.join(' ')",
    "list(period)": "{}.map(m, m.id).join(' ')",
    "map(string,int)": "{}.exists(k, v, k != '' && v > 1)",
    "optional_type(string)": "{}.orValue('nothing')",
    "?timestamp": "{}.by(as_of)",
    "?string": "given({})",
}


def truth_or_text(random: Random, depth: int) -> Question | None:
    """Return a question that comes to a truth, a text or a whole number, whatever it is about."""
    goal = random.choice([goal for goal in GOALS if kind_of(goal) in _ASKED])
    text, let = written(random, depth, (goal,))
    try:
        return ask(_ASKED[kind_of(goal)].format(f"({text})"), let)
    except (CheckErrors, CelSyntaxErrors):
        return None
