"""
The reference of everything that an expression can call, as ``docs/functions.md``.

Signatures, costs and examples come from the libraries themselves; what the language knows beside them
(macros, and the few functions that no ordinary signature can express) is described here, once, with examples
that run as tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from auditor.language.registry import Example

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from auditor.language.registry import Library

_HEAD: Final = """\
# What an expression can call

Written from the function libraries; a test holds this page against them. A type with `?` may be null; `T` is any type.
How unknown facts, open lists and vacuous truths go through all of these is in [policies.md](policies.md).

## Macros

"""

MACROS_ABOUT: Final = """\
The first argument names the element, or the first two its position (or key) and the element; the others are
evaluated for each one, a limit once."""

_BESIDE_HEAD: Final = """\

## Beside the libraries

| form | gives | note |
|---|---|---|
"""


_SERIES: Final = (
    "each from the first to the last that has a value; `value` is the last one in it, and unknown where "
    "there is none"
)
_INSTANTS: Final = "[timestamp('2026-03-16T12:00:00Z'), timestamp('2026-03-03T12:00:00Z')]"


@dataclass(frozen=True, slots=True)
class MacroNote:
    """What the reference says of a macro; the example is run as a test."""

    forms: str
    gives: str
    about: str
    example: Example


@dataclass(frozen=True, slots=True)
class BuiltInNote:
    """What the reference says of something that the language has itself."""

    forms: str
    gives: str
    about: str


BUILT_IN_NOTES: Final = (
    BuiltInNote("`has(x.f)`", "bool", "whether a fact is there and not null; of a list, whether it has elements"),
    BuiltInNote("`size(xs)`, `xs.size()`", "int", "of a list, a map, a text"),
    BuiltInNote("`x in xs`", "bool", "of a list, or the keys of a map"),
    BuiltInNote(
        "`x.?f`", "optional", "holds the field where `has(x.f)` is true; unknown where it is unobserved"
    ),
    BuiltInNote(
        "`xs[?k]`", "optional",
        "of a list or map; holds nothing where there is no such position or key",
    ),
    BuiltInNote(
        "`[?o]`, `{?k: o}`", "list, map", "the member or entry is left out where the optional holds nothing"
    ),
    BuiltInNote("`type(x)`, `dyn(x)`", "", "the type as a value; the value without its type"),
    BuiltInNote(
        "`notSupported(x.f)`", "bool",
        "whether the source can never show the fact; any other state is false",
    ),
)  # fmt: skip
"""In the order of the page."""

MACRO_NOTES: Final = (
    MacroNote("`xs.all(x, p)`", "bool", "vacuous over no elements", Example("[1, 2].all(x, x < 3)", "true")),
    MacroNote(
        "`xs.exists(x, p)`", "bool", "its negation is vacuous over no elements",
        Example("[1, 2].exists(x, x > 1)", "true"),
    ),
    MacroNote(
        "`xs.exists_one(x, p)`", "bool", "exactly one", Example("[1, 2].exists_one(x, x > 0)", "false")
    ),
    MacroNote(
        "`xs.filter(x, p)`", "list", 'keeps undecided elements as "may belong"',
        Example("[1, 2].filter(x, x > 1)", "[2]"),
    ),
    MacroNote(
        "`xs.map(x, e)`, `xs.map(x, p, e)`", "list", "the second form filters first",
        Example("[1, 2].map(x, x > 1, x * 10)", "[20]"),
    ),
    MacroNote("`xs.count(x, p)`", "int", "", Example("[1, 2].count(x, x > 1)", "1")),
    MacroNote(
        "`xs.sum(x, e)`", "int or double", "exact on the decimal spelling, rounded once",
        Example("[0.1, 0.2].sum(x, x)", "0.3"),
    ),
    MacroNote(
        "`xs.sumReaches(x, e, limit)`", "bool",
        "whether the sum is the limit or more; of an open list what is known may be enough",
        Example("[1, 2].sumReaches(x, x, 3)", "true"),
    ),
    MacroNote(
        "`xs.latest(x, instant)`, `xs.earliest(x, instant)`", "element?",
        "null keys take no part; of equals the later in the list",
        Example(f"{_INSTANTS}.latest(x, x) == {_INSTANTS}[0]", "true"),
    ),
    MacroNote(
        "`xs.sortBy(x, key)`", "list", "numbers, texts or instants; equals keep their order",
        Example("[2, 1].sortBy(x, x)", "[1, 2]"),
    ),
    MacroNote(
        "`xs.daily(x, instant, e)`", "list({id, ends_at, value})", f"the local days, {_SERIES}",
        Example(f"size({_INSTANTS}.daily(x, x, 1))", "14"),
    ),
    MacroNote(
        "`xs.weekly(x, instant, e)`", "list({id, ends_at, value})", f"the ISO weeks, {_SERIES}",
        Example(f"{_INSTANTS}.weekly(x, x, 1).map(w, w.id)", "['2026-W10', '2026-W11', '2026-W12']"),
    ),
    MacroNote(
        "`xs.monthly(x, instant, e)`", "list({id, ends_at, value})", f"the calendar months, {_SERIES}",
        Example(f"{_INSTANTS}.monthly(x, x, x)[0].value == {_INSTANTS}[0]", "true"),
    ),
    MacroNote(
        "`xs.groupBy(x, text)`", "list({key, items})", "in order of first appearance",
        Example("[3, 1, 4].groupBy(x, x > 2 ? 'high' : 'low').map(g, g.items)", "[[3, 4], [1]]"),
    ),
    MacroNote(
        "`xs.cycles(x, id, successors)`", "list(list(string))",
        "every knot once: ids that all lead to each other, or one that leads to itself; from the first in the "
        "list on, a plain circle in the order of its arrows; successors that are not in the list lead nowhere",
        Example("['a', 'b', 'c'].cycles(x, x, x == 'a' ? ['b'] : ['a'])", "[['a', 'b']]"),
    ),
    MacroNote(
        "`xs.reachable(x, id, successors, start)`", "list(string)",
        "the start and every id that it leads to, over any number of steps, the nearest first; ids that are "
        "not in the list lead no further",
        Example("['a', 'b', 'c'].reachable(x, x, x == 'a' ? ['b', 'd'] : [], 'a')", "['a', 'b', 'd']"),
    ),
    MacroNote(
        "`xs.all(i, x, p)`, `xs.exists(i, x, p)`, `xs.existsOne(i, x, p)`", "bool",
        "`i` is the position in a list, unknown in an open one, or the key in a map",
        Example("['a', 'b'].exists(i, x, i == 1 && x == 'b')", "true"),
    ),
    MacroNote(
        "`xs.transformList(i, x, e)`, `xs.transformList(i, x, p, e)`", "list",
        "of a list or a map; the second form filters first",
        Example("[3, 4].transformList(i, x, i + x)", "[3, 5]"),
    ),
    MacroNote(
        "`xs.transformMap(i, x, e)`, `xs.transformMap(i, x, p, e)`", "map",
        "new values for the keys of a map, or for the positions of a list; unknown where an entry may not belong",
        Example("{'a': 1, 'b': 2}.transformMap(k, x, x > 1, x * 10)", "{'b': 20}"),
    ),
    MacroNote(
        "`xs.transformMapEntry(i, x, e)`, `xs.transformMapEntry(i, x, p, e)`", "map",
        "each element gives a map, and all are put together; one key twice is an error",
        Example("['a', 'b'].transformMapEntry(i, x, {x: i})", "{'a': 0, 'b': 1}"),
    ),
    MacroNote(
        "`o.optMap(x, e)`", "optional(V)", "of what the optional holds, if it holds anything",
        Example("optional.of(2).optMap(x, x + 1).value()", "3"),
    ),
    MacroNote(
        "`o.optFlatMap(x, e)`", "optional(V)", "the same where `e` is an optional",
        Example("{'a': {'b': 1}}.?a.optFlatMap(x, x.?b).value()", "1"),
    ),
    MacroNote(
        "`cel.bind(x, value, e)`", "as `e`", "a name for a value that is evaluated once",
        Example("cel.bind(x, 1 + 1, x * x)", "4"),
    ),
    MacroNote(
        "`cel.block([v, ...], e)`", "as `e`",
        "values with numbers: `cel.index(0)` is the first one; each can use those before it, and "
        "`cel.iterVar(0, 0)` is a name for a macro's element; for expressions that a program writes",
        Example("cel.block([2, cel.index(0) * 3], cel.index(0) + cel.index(1))", "8"),
    ),
)  # fmt: skip
"""In the order of the page."""


def function_reference(libraries: Iterable[Library]) -> str:
    """Return the page as Markdown."""
    sections = "".join(_section(library) for library in libraries)
    return _HEAD + "".join(_macro_rows()) + _BESIDE_HEAD + "".join(_beside_rows()) + sections


def _macro_rows() -> Iterator[str]:
    yield f"{MACROS_ABOUT}\n\n| macro | gives | note | example |\n|---|---|---|---|\n"
    for note in MACRO_NOTES:
        shown = _shown(note.example)
        yield f"| {note.forms} | {note.gives} | {note.about} | {shown} |\n"


def _beside_rows() -> Iterator[str]:
    for note in BUILT_IN_NOTES:
        gives = f" {note.gives}" if note.gives else ""
        yield f"| {note.forms} |{gives} | {note.about} |\n"


def _section(library: Library) -> str:
    about = f"{library.about}\n\n" if library.about else ""
    return f"\n## {library.name}\n\n{about}" + "".join(_rows(library))


def _rows(library: Library) -> Iterator[str]:
    yield "| signature | cost | what it does | example |\n|---|--:|---|---|\n"
    for entry in library.overloads:
        example = _shown(entry.examples[0]) if entry.examples else ""
        yield f"| `{_cell(entry.signature)}` | {entry.cost} | {_cell(entry.about)} | {example} |\n"


def _shown(example: Example) -> str:
    return f"`{_cell(example.expression)}` is `{_cell(example.equals)}`"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
