"""
The part of the language that any CEL engine has: its grammar, and values for its variables.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from auditor.facts.types import (
    BOOL,
    BYTES,
    DOUBLE,
    DURATION,
    DYN,
    INT,
    STRING,
    TIMESTAMP,
    UINT,
    ListType,
    MapType,
    NullableType,
    OpaqueType,
    ScalarType,
    Type,
    TypeParameter,
)
from auditor.language.functions import (
    conversions,
    encoders,
    math_ext,
    optionals,
    standard,
    string_ext,
    strings,
    time_fields,
)
from tests.differential import loops
from tests.differential.expressions import (
    Generator,
    Grammar,
    bound,
    conditional,
    element,
    entry,
    untyped,
)
from tests.differential.terms import Scope

if TYPE_CHECKING:
    from random import Random

    from auditor.language.registry import Library, Overload

LIBRARIES: Final[tuple[Library, ...]] = (
    standard.LIBRARY,
    conversions.LIBRARY,
    strings.LIBRARY,
    time_fields.LIBRARY,
    string_ext.LIBRARY,
    math_ext.LIBRARY,
    encoders.LIBRARY,
    optionals.LIBRARY,
)
"""What is CEL's own, or of its extensions that the engine beside ours has, too."""

_SCALARS: Final = frozenset(
    {"bool", "int", "uint", "double", "string", "bytes", "timestamp", "duration", "type", "dyn"}
)
LEFT_OUT: Final = {
    "string(timestamp) -> string": "there .5 seconds are written .500; here as cel-go writes them",
    "string(duration) -> string": "there 1.5 s are written 1.500s; here as cel-go writes them",
    "string(double) -> string": "there what is not a number is written -nan; here NaN, as in cel-go",
    "string.format(list(dyn)) -> string": "there an argument that no clause uses is passed over",
    "string.substring(int, int) -> string": "there the end may not be that of the text",
    "string.split(string) -> list(string)": "there '' split at '' has one part; here none, as in cel-go",
    "string.split(string, int) -> list(string)": "as above",
    "base64.decode(string) -> bytes": "there blanks inside are passed over",
    **{
        f"math.{name}({kind}) -> {result}": "there what is not a number wins by its place; here it has no order"
        for name in ("greatest", "least")
        for kind, result in (("double...", "double"), ("number...", "dyn"), ("list(double)", "double"))
    },
    **{
        f"timestamp.{name}(string) -> int": "there '' is a time zone; the specification knows none of that name"
        for name in (
            "getDate", "getDayOfMonth", "getDayOfWeek", "getDayOfYear", "getFullYear", "getHours",
            "getMilliseconds", "getMinutes", "getMonth", "getSeconds",
        )
    },
}  # fmt: skip
"""Functions of which the other engine says something else, by signature, with what it is. The productions
below write them with arguments on which both must agree."""

VARIABLES: Final[dict[str, Type]] = {
    "i": INT,
    "j": INT,
    "d": DOUBLE,
    "b": BOOL,
    "s": STRING,
    "t": STRING,
    "li": ListType(INT),
    "ld": ListType(DOUBLE),
    "ls": ListType(STRING),
    "ll": ListType(ListType(INT)),
    "m": MapType(STRING, INT),
    "ms": MapType(STRING, ListType(STRING)),
    "x": DYN,
    "lx": ListType(DYN),
}

LITERALS: Final = {
    "bool": ("true", "false"),
    "int": (
        "0", "1", "2", "3", "-1", "-7", "10", "63", "64", "100", "9223372036854775807",
        "-9223372036854775808", "9007199254740993", "0x1f",
    ),
    "uint": ("0u", "1u", "2u", "7u", "64u", "18446744073709551615u", "9223372036854775808u"),
    "double": (
        "0.0", "1.0", "-1.5", "0.1", "0.3", "2.5", "3.5", "1e300", "1e-300", "-0.0", "9007199254740992.0",
        "9223372036854775807.0", "1e19", "0.5",
    ),
    "string": (
        "''", "'a'", "'b'", "'ab'", "'A B'", "'1'", "'-7'", "'1.5'", "'true'", "'äöü'", "'日本'", "'🙂x'",
        "'a,b,,c'", "' pad '", "'2026-03-03T12:00:00Z'", "'90m'", "'x\\ny'", "'é'",
    ),
    "bytes": ("b''", "b'a'", "b'ab'", "b'\\xff\\x00'", "b'\\303\\244'"),
    "timestamp": (
        "timestamp('2026-03-03T12:00:00Z')", "timestamp('2026-03-03T12:00:00.123456789Z')",
        "timestamp('2024-02-29T23:59:59+05:30')", "timestamp('0001-01-01T00:00:00Z')",
        "timestamp('9999-12-31T23:59:59.999999999Z')", "timestamp('1969-12-31T23:59:59.5Z')",
        "timestamp(1700000000)",
    ),
    "duration": (
        "duration('0s')", "duration('90m')", "duration('1h30m')", "duration('-1.5s')", "duration('1ms')",
        "duration('1ns')", "duration('1000000h')", "duration('-3us')",
    ),
    "type": ("int", "string", "type(1)", "list", "double", "type(b)"),
}  # fmt: skip

BASIC: Final[tuple[Type, ...]] = (
    INT, INT, INT, DOUBLE, STRING, STRING, BOOL, UINT, BYTES, TIMESTAMP, DURATION,
    ListType(INT), ListType(STRING), MapType(STRING, INT), DYN,
)  # fmt: skip

GOALS: Final[tuple[Type, ...]] = (
    BOOL, BOOL, BOOL, INT, INT, UINT, DOUBLE, STRING, STRING, BYTES,
    ListType(INT), ListType(STRING), ListType(DOUBLE), MapType(STRING, INT), DYN,
)  # fmt: skip


def is_plain(declared: Type) -> bool:
    """Tell whether a type of a signature is one of CEL's own."""
    match declared:
        case ScalarType():
            return declared.name in _SCALARS
        case ListType():
            return is_plain(declared.element)
        case MapType():
            return is_plain(declared.key) and is_plain(declared.value)
        case OpaqueType():
            return declared.name == "optional_type"
        case NullableType():
            return False
        case _:
            return isinstance(declared, TypeParameter)


def overloads() -> tuple[Overload, ...]:
    """Return the functions and operators of which every type is CEL's own, and that are not left out."""
    return tuple(
        overload
        for library in LIBRARIES
        for overload in library.overloads
        if overload.signature not in LEFT_OUT
        and all(
            map(
                is_plain,
                (*overload.parameters, overload.result, *filter(None, [overload.receiver])),
            )
        )
    )


def written(gen: Generator, _: Type, scope: Scope, depth: int) -> str:
    """Write a finite double, or a whole number of seconds."""
    del depth
    literals = ("1.0", "-1.5", "0.1", "1e300", "1e-300", "-0.0", "123456789.125", "d")
    moments = ("timestamp('2026-03-03T12:00:00Z')", "timestamp('0001-01-01T00:00:00.123456789Z')")
    kind = gen.pick((literals, moments, ("duration('90m')", "duration('-1ns')")))
    return f"string({gen.pick([*kind, *(t.text for t in scope.of_kind('double') if kind is literals)])})"


def formatted(gen: Generator, _: Type, scope: Scope, depth: int) -> str:
    """Fill in a text with as many clauses as arguments."""
    clause, kind = gen.pick(
        (("%d", INT), ("%s", STRING), ("%s", BOOL), ("%x", INT), ("%X", BYTES), ("%o", INT), ("%b", INT),
         ("%s", ListType(INT)), ("%s", MapType(STRING, INT)), ("%s", UINT), ("%d", UINT), ("%%%d", INT))
    )  # fmt: skip
    return f"'<{clause}>'.format([{gen.make(kind, scope, depth)}])"


def cut(gen: Generator, _: Type, scope: Scope, depth: int) -> str:
    """Cut the inside of a text out."""
    ends = gen.pick(("0, 1", "1, 2", "1, 1", "2, 1", "0, 4", "-1, 1", "0, 99", "2, 3"))
    return f"({gen.make(STRING, scope, depth)} + '.....').substring({ends})"


def divided(gen: Generator, goal: Type, scope: Scope, depth: int) -> str | None:
    """Split a text at something."""
    if goal != ListType(STRING):
        return None
    limit = gen.pick(("", "", ", 0", ", 1", ", 2", ", -1"))
    separator = gen.pick(("','", "'a'", "'ä'", "' '", "'xx'", "'日'"))
    return f"{gen.make(STRING, scope, depth)}.split({separator}{limit})"


def decoded(gen: Generator, _: Type, scope: Scope, depth: int) -> str:
    """Read bytes that were encoded, or a text that has no form of such bytes."""
    if gen.chance(0.3):
        text = gen.pick(("'QQ'", "'QQ=='", "'QQ='", "'A'", "'=='", "'-_'", "'äöüß'", "''"))
        return f"base64.decode({text})"
    return f"base64.decode(base64.encode({gen.make(BYTES, scope, depth)}))"


_ZONES: Final = (
    "UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "+02:00", "-08:30", "02:00", "Nowhere/Here",
)  # fmt: skip


def zoned(gen: Generator, _: Type, scope: Scope, depth: int) -> str:
    """Read a part of an instant in some place, away from the ends of time."""
    del scope, depth
    signature = gen.pick([s for s in LEFT_OUT if s.startswith("timestamp.")])
    name = signature.partition("(")[0].removeprefix("timestamp.")
    # In the first and the last hours of all time the other engine counts years 0 and 10000.
    moment = gen.pick(
        ("2026-03-03T12:00:00.123456789Z", "2024-02-29T23:59:59+05:30", "1969-12-31T23:59:59.5Z")
    )
    return f"timestamp('{moment}').{name}('{gen.pick(_ZONES)}')"


def greatest(gen: Generator, goal: Type, scope: Scope, depth: int) -> str:
    """Choose among numbers of one type, none of them NaN."""
    del depth
    name = gen.pick(("greatest", "least"))
    parts = [gen.leaf(goal, scope) for _ in range(gen.pick((1, 2, 3)))]
    return f"math.{name}({', '.join(parts)})"


@cache
def grammar(*, loops_too: bool) -> Grammar:
    """
    Return the grammar of plain CEL, with macros that go through lists or with names for values.

    Not with both: beside such a macro the other engine takes the element of one for the value of the other.
    """
    roots = Scope()
    for name, kind in VARIABLES.items():
        roots = roots.knowing(name, kind)
    everywhere = ((3, conditional), (2, element), (2, entry), (1, untyped))
    if not loops_too:
        return Grammar(
            literals=LITERALS,
            basic=BASIC,
            everywhere=(*everywhere, (5, bound)),
            of_kind={"bool": _TRUTHS, "int": ((2, zoned),), "string": _TEXTS},
            overloads=overloads(),
            ordered=_ORDERED,
            roots=roots,
        )
    return Grammar(
        literals=LITERALS,
        basic=BASIC,
        everywhere=everywhere,
        of_kind={
            "bool": (*_TRUTHS, (5, loops.quantified), (1, loops.quantified_keys)),
            "int": ((4, loops.size), (2, zoned)),
            "double": ((1, greatest),),
            "string": _TEXTS,
            "bytes": ((2, decoded),),
            "list": ((4, loops.filtered), (5, loops.mapped), (3, loops.joined), (3, divided)),
        },
        overloads=overloads(),
        ordered=_ORDERED,
        roots=roots,
    )


_TRUTHS: Final = (
    (4, loops.logic),
    (2, loops.negation),
    (4, loops.equality),
    (4, loops.ordering),
    (3, loops.membership),
)
_TEXTS: Final = ((1, written), (2, formatted), (1, cut))
_ORDERED: Final = (
    "int", "uint", "double", "string", "bytes", "bool", "timestamp", "duration",
)  # fmt: skip


def expression(random: Random, depth: int) -> str:
    """Return a random expression of plain CEL."""
    gen = Generator(grammar(loops_too=random.random() < 0.85), random)
    return gen.write(gen.pick(GOALS), depth)


def bindings(random: Random) -> dict[str, Any]:
    """Return random values for the variables, all of them known."""
    ints = (0, 1, 2, 3, -1, -7, 10, 2**62, -(2**63), 2**63 - 1)
    doubles = (0.0, 1.0, -1.5, 0.1, 0.3, 2.5, 1e300, -0.0, 5e-324)
    texts = ("", "a", "b", "ab", "A B", "1", "true", "äöü", "日本", "🙂x", "x" * 300)

    def some(choices: tuple[Any, ...]) -> list[Any]:
        return [random.choice(choices) for _ in range(random.choice((0, 1, 2, 3, 5)))]

    values: tuple[Any, ...] = (
        None,
        *ints[:4],
        *doubles[:4],
        *texts[:4],
        True,
        False,
        [1, "a"],
        {"a": 1, "b": None},
        [],
    )
    return {
        "i": random.choice(ints),
        "j": random.choice(ints),
        "d": random.choice(doubles),
        "b": random.choice((True, False)),
        "s": random.choice(texts),
        "t": random.choice(texts),
        "li": some(ints),
        "ld": some(doubles),
        "ls": some(texts),
        "ll": [some(ints) for _ in range(random.choice((0, 1, 2, 3)))],
        "m": {key: random.choice(ints) for key in ("a", "b", "c", "") if random.random() < 0.6},
        "ms": {key: some(texts) for key in ("a", "b", "ä") if random.random() < 0.6},
        "x": random.choice(values),
        "lx": some(values),
    }
