"""
Random expressions of what the language has beyond CEL: instants and spans, last words, sums, groups, graphs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.facts.types import (
    BOOL,
    DATE,
    DOUBLE,
    INT,
    PERIOD,
    STRING,
    TIMESTAMP,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    OpaqueType,
    Type,
    nullable,
    unwrap,
)
from auditor.language.cel.macro_types import calendar_value, group
from tests.differential.loops import over, some_list
from tests.differential.terms import LISTS, NULLABLE, kind_of

if TYPE_CHECKING:
    from tests.differential.expressions import Generator
    from tests.differential.terms import Scope, Term

WORDS: Final[tuple[tuple[str, tuple[Type, ...], str], ...]] = (
    ("held", (STRING, STRING, TIMESTAMP), "bool"),
    ("delegated", (STRING, STRING, STRING, TIMESTAMP), "bool"),
    ("person", (STRING,), "bool"),
    ("covers", (nullable(DATE), nullable(DATE), TIMESTAMP), "bool"),
    ("inScope", (), "bool"),
    ("inPeriod", (TIMESTAMP,), "bool"),
    ("notBefore", (TIMESTAMP, TIMESTAMP), "bool"),
    ("larger", (INT, INT), "int"),
    ("larger", (DOUBLE, DOUBLE), "double"),
    ("larger", (TIMESTAMP, TIMESTAMP), "timestamp"),
    ("larger", (STRING, STRING), "string"),
    ("twice", (INT,), "int"),
    ("executionEnd", (), "timestamp"),
    ("periodBegin", (), "timestamp"),
    ("periodEnd", (), "timestamp"),
    ("lastWord", (STRING, TIMESTAMP), "?approvals"),
    ("changes", (STRING, STRING), "list(change_events)"),
    ("nextChange", (STRING, STRING, TIMESTAMP), "?change_events"),
    ("judgedWeeks", (TIMESTAMP, TIMESTAMP), "list(period)"),
    ("judgedMonths", (TIMESTAMP, TIMESTAMP), "list(period)"),
)
"""Words of packs: what they take, and the kind of what they give."""


def word(gen: Generator, goal: Type, scope: Scope, depth: int) -> str | None:
    """Use a word of a pack."""
    kind = kind_of(goal)
    fitting = [entry for entry in WORDS if entry[2] == kind]
    if not fitting:
        return None
    name, parameters, _ = gen.pick(fitting)
    return f"{name}({', '.join(gen.make(part, scope, depth) for part in parameters)})"


def undecided(gen: Generator, goal: Type, scope: Scope, depth: int) -> str:
    """Leave a question open on one side."""
    pair = [gen.make(goal, scope, depth), "undecided('left open')"]
    if gen.chance(0.5):
        pair.reverse()
    return f"({gen.make(BOOL, scope, depth)} ? {pair[0]} : {pair[1]})"


def slots(gen: Generator, goal: Type, scope: Scope, depth: int) -> str:
    """Number two values, of which the second may use the first."""
    kind = gen.basic()
    first = gen.make(kind, scope, depth)
    second = gen.make(goal, scope.knowing("cel.index(0)", kind), depth)
    return f"cel.block([{first}, {second}], cel.index(1))"


def last_one(gen: Generator, goal: Type, scope: Scope, depth: int) -> str:
    """Find the last word about something, and ask it."""
    source, name, inner, kind = over(gen, scope, depth)
    last, outer = scope.fresh()
    macro = gen.pick(("latest", "latest", "earliest"))
    key = gen.make(nullable(TIMESTAMP), inner, 0)
    asked = gen.make(goal, outer.knowing(last, unwrap(kind)), depth)
    other = gen.make(goal, scope, depth - 1)
    return f"cel.bind({last}, {source}.{macro}({name}, {key}), {last} != null ? {asked} : {other})"


def perhaps(gen: Generator, goal: Type, scope: Scope, depth: int) -> str | None:
    """Take the last or the first record of a list, where such a record is wanted."""
    kind = unwrap(goal)
    if not isinstance(kind, ObjectType):
        return None
    name, inner = scope.fresh()
    source = gen.make(ListType(kind), scope, depth)
    key = gen.make(nullable(TIMESTAMP), inner.knowing(name, kind), 0)
    return f"{source}.{gen.pick(('latest', 'earliest'))}({name}, {key})"


def either_or_null(gen: Generator, goal: Type, scope: Scope, depth: int) -> str:
    """Have something only in one case."""
    return f"({gen.make(BOOL, scope, depth)} ? {gen.make(goal, scope, depth)} : null)"


# ----- truths


def happened(gen: Generator, _: Type, scope: Scope, depth: int) -> str:
    """Ask when something happened."""
    moment = gen.make(nullable(TIMESTAMP), scope, depth if gen.chance(0.3) else 0)
    if gen.chance(0.15):
        return f"{moment}.within({gen.make(PERIOD, scope, depth)})"
    return f"{moment}.{gen.pick(('by', 'before', 'after'))}({gen.make(TIMESTAMP, scope, depth)})"


def not_supported(gen: Generator, _: Type, scope: Scope, depth: int) -> str | None:
    """Ask whether the source can never tell something."""
    del depth
    terms = scope.of_kind(NULLABLE)
    return f"notSupported({gen.pick(terms).text})" if terms else None


def sum_reaches(gen: Generator, _: Type, scope: Scope, depth: int) -> str:
    """Ask whether a sum is at least so much."""
    source, name, inner, _kind = over(gen, scope, depth)
    kind = gen.pick((INT, DOUBLE))
    part, least = gen.make(kind, inner, depth), gen.make(kind, scope, depth)
    return f"{source}.sumReaches({name}, {part}, {least})"


def sum_grows(gen: Generator, _: Type, scope: Scope, depth: int) -> str:
    """Ask whether a sum of what is never negative reaches more than nothing."""
    source, name, inner, _kind = over(gen, scope, depth)
    below, _ = some_list(gen, inner, depth)
    part = gen.pick((f"size({below})", "1", "0.5"))
    return f"{source}.sumReaches({name}, {part}, {gen.pick(('1', '2', '2.5'))})"


def quantified_pairs(gen: Generator, _: Type, scope: Scope, depth: int) -> str:
    """Ask something of the positions and members of a list, or of keys and values."""
    source, first, second, inner = _pairs(gen, scope, depth)
    macro = gen.pick(("all", "exists", "exists_one", "existsOne"))
    return f"{source}.{macro}({first}, {second}, {gen.make(BOOL, inner, depth)})"


def _pairs(gen: Generator, scope: Scope, depth: int) -> tuple[str, str, str, Scope]:
    first, inner = scope.fresh()
    second, inner = inner.fresh()
    if gen.chance(0.3):
        value = gen.basic()
        source = gen.make(MapType(STRING, value), inner, depth)
        return source, first, second, inner.knowing(first, STRING).knowing(second, value)
    source, kind = some_list(gen, inner, depth)
    return source, first, second, inner.knowing(first, INT).knowing(second, kind)


# ----- numbers


def counted(gen: Generator, _: Type, scope: Scope, depth: int) -> str:
    """Count some members of a list."""
    source, name, inner, _kind = over(gen, scope, depth)
    return f"{source}.count({name}, {gen.make(BOOL, inner, depth)})"


def summed(gen: Generator, goal: Type, scope: Scope, depth: int) -> str:
    """Add up numbers of the members of a list."""
    source, name, inner, _kind = over(gen, scope, depth)
    return f"{source}.sum({name}, {gen.make(goal, inner, depth)})"


def share(gen: Generator, _: Type, scope: Scope, depth: int) -> str:
    """Take a share of a whole."""
    part, whole = (gen.make(gen.pick((INT, DOUBLE)), scope, depth) for _ in range(2))
    return f"ratio({part}, {whole}, {gen.pick(('0 %', '100 %'))})"


# ----- lists and maps


def derived_list(gen: Generator, scope: Scope, depth: int) -> tuple[str, Type] | None:
    """Return a list that is made out of one of the facts: groups, runs, weeks, members of members."""
    terms = [t for t in scope.of_kind(LISTS) if isinstance(t.type, ListType)]
    if not terms:
        return None
    term = gen.pick(terms)
    assert isinstance(term.type, ListType)
    kind = term.type.element
    name, inner = scope.fresh()
    inner = inner.knowing(name, kind)
    form = gen.pick(("groupBy", "windows", "weekly", "flatten", "sortBy"))
    if form == "groupBy":
        return f"{term.text}.groupBy({name}, {gen.make(STRING, inner, depth - 1)})", group(kind)
    if form == "windows":
        return f"{term.text}.windows({gen.pick(('1', '2', '3'))})", ListType(kind)
    if form == "weekly":
        return _by_calendar(gen, term, name, inner, depth)
    if form == "flatten":
        below = [t for t in inner.of_kind(LISTS) if t.text.startswith(f"{name}.")]
        if not below or not isinstance(below[0].type, ListType):
            return None
        chosen = gen.pick([t for t in below if isinstance(t.type, ListType)])
        assert isinstance(chosen.type, ListType)
        return f"{term.text}.map({name}, {chosen.text}).flatten()", chosen.type.element
    key = gen.make(gen.pick((INT, STRING, TIMESTAMP)), inner, depth - 1)
    return f"{term.text}.sortBy({name}, {key})", kind


def _by_calendar(
    gen: Generator, term: Term, name: str, inner: Scope, depth: int
) -> tuple[str, Type]:
    macro = gen.pick(("daily", "weekly", "monthly"))
    value = gen.pick((INT, DOUBLE, STRING))
    key = gen.make(nullable(TIMESTAMP), inner, 0)
    made = f"{term.text}.{macro}({name}, {key}, {gen.make(value, inner, depth - 1)})"
    return made, calendar_value(value)


def sorted_list(gen: Generator, goal: Type, scope: Scope, depth: int) -> str:
    """Sort a list by a key."""
    assert isinstance(goal, ListType)
    name, inner = scope.fresh()
    source = gen.make(goal, scope, depth)
    key = gen.make(
        gen.pick((INT, DOUBLE, STRING, TIMESTAMP)), inner.knowing(name, goal.element), depth
    )
    return f"{source}.sortBy({name}, {key})"


def listed_pairs(gen: Generator, goal: Type, scope: Scope, depth: int) -> str | None:
    """Make something of each position and member."""
    assert isinstance(goal, ListType)
    if isinstance(goal.element, NullableType):
        return None
    source, first, second, inner = _pairs(gen, scope, depth)
    test = f"{gen.make(BOOL, inner, depth)}, " if gen.chance(0.3) else ""
    return (
        f"{source}.transformList({first}, {second}, {test}{gen.make(goal.element, inner, depth)})"
    )


def mapped_pairs(gen: Generator, goal: Type, scope: Scope, depth: int) -> str:
    """Make a map of another one, or of a list."""
    assert isinstance(goal, MapType)
    first, inner = scope.fresh()
    second, inner = inner.fresh()
    test = f"{gen.make(BOOL, inner, depth)}, " if gen.chance(0.2) else ""
    if gen.chance(0.5):
        value = gen.basic()
        source = gen.make(MapType(goal.key, value), inner, depth)
        inside = inner.knowing(first, goal.key).knowing(second, value)
        return (
            f"{source}.transformMap({first}, {second}, {test}{gen.make(goal.value, inside, depth)})"
        )
    source, kind = some_list(gen, inner, depth)
    inside = inner.knowing(first, INT).knowing(second, kind)
    made = f"{{{gen.make(goal.key, inside, depth)}: {gen.make(goal.value, inside, depth)}}}"
    return f"{source}.transformMapEntry({first}, {second}, {test}{made})"


def graph(gen: Generator, goal: Type, scope: Scope, depth: int) -> str | None:
    """Follow ids from record to record."""
    if goal != ListType(STRING):
        return None
    source, name, inner, _kind = over(gen, scope, depth)
    key = gen.make(STRING, inner, 0)
    successors = gen.make(ListType(STRING), inner, 0)
    if gen.chance(0.5):
        start = gen.make(STRING, scope, 0)
        return f"{source}.reachable({name}, {key}, {successors}, {start})"
    return f"{source}.cycles({name}, {key}, {successors}).flatten()"


# ----- optionals


def optional_field(gen: Generator, goal: Type, scope: Scope, depth: int) -> str | None:
    """Take what a field holds, if it holds anything."""
    del depth
    assert isinstance(goal, OpaqueType)
    held = kind_of(goal.parameters[0])
    terms = [
        term
        for kind in (held, f"?{held}")
        for term in scope.of_kind(kind)
        if "." in term.text and not term.text.endswith(")")
    ]
    if not terms:
        return None
    owner, _, name = gen.pick(terms).text.rpartition(".")
    return f"{owner}.?{name}"


def optional_made(gen: Generator, goal: Type, scope: Scope, depth: int) -> str:
    """Make an optional out of another one."""
    assert isinstance(goal, OpaqueType)
    held = goal.parameters[0]
    name, inner = scope.fresh()
    kind = gen.basic()
    source = gen.make(OpaqueType(goal.name, (kind,)), scope, depth)
    inside = inner.knowing(name, kind)
    if gen.chance(0.5):
        return f"{source}.optMap({name}, {gen.make(held, inside, depth)})"
    if gen.chance(0.5):
        return f"{gen.make(ListType(held), scope, depth)}[?{gen.pick(('0', '1', '9'))}]"
    return f"{source}.optFlatMap({name}, {gen.make(goal, inside, depth)})"
