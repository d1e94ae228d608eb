"""
The reference of everything that an expression can call, as ``docs/functions.md``.

Signatures, costs and examples come from the libraries themselves; what the language knows beside them
(macros, and the few functions that no ordinary signature can express) is described here, once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from auditor.language.registry import Library

_HEAD: Final = """\
# What an expression can call

Written from the function libraries; a test holds this page against them. A type with `?` may be null; `T` is any type.
How unknown facts, open lists and vacuous truths go through all of these is in [policies.md](policies.md).

## Macros

The first argument names the element; the others are evaluated for each one.

| macro | gives | note |
|---|---|---|
| `xs.all(x, p)` | bool | vacuous over no elements |
| `xs.exists(x, p)` | bool | its negation is vacuous over no elements |
| `xs.exists_one(x, p)` | bool | exactly one |
| `xs.filter(x, p)` | list | keeps undecided elements as "may belong" |
| `xs.map(x, e)`, `xs.map(x, p, e)` | list | the second form filters first |
| `xs.count(x, p)` | int | |
| `xs.sum(x, e)` | int or double | exact on the decimal spelling, rounded once |
| `xs.sumReaches(x, e, limit)` | bool | whether the sum is the limit or more; of an open list what is known may be enough |
| `xs.latest(x, instant)`, `xs.earliest(x, instant)` | element? | null keys take no part; of equals the later in the list |
| `xs.sortBy(x, key)` | list | numbers, texts or instants |

## Beside the libraries

| form | gives | note |
|---|---|---|
| `has(x.f)` | bool | whether a fact is there and not null; of a list, whether it has elements |
| `size(xs)`, `xs.size()` | int | of a list, a map, a text |
| `x in xs` | bool | of a list, or the keys of a map |
| `type(x)`, `dyn(x)` | | the type as a value; the value without its type |
| `notSupported(x.f)` | bool | whether the source can never show the fact; any other state is false |
"""


def function_reference(libraries: Iterable[Library]) -> str:
    """Return the page as Markdown."""
    return _HEAD + "".join(_section(library) for library in libraries)


def _section(library: Library) -> str:
    return f"\n## {library.name}\n\n" + "".join(_rows(library))


def _rows(library: Library) -> Iterator[str]:
    yield "| signature | cost | what it does | example |\n|---|--:|---|---|\n"
    for entry in library.overloads:
        shown = [f"`{_cell(e.expression)}` is `{_cell(e.equals)}`" for e in entry.examples[:1]]
        example = shown[0] if shown else ""
        yield f"| `{_cell(entry.signature)}` | {entry.cost} | {_cell(entry.about)} | {example} |\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
