"""
CEL's extension for lists. Positions count from zero.

``sortBy`` of that extension is a macro of the language. A list that is not fully known is never cut, turned or
sorted: the evaluator leaves it undecided; only flattening passes on what is open in a list's lists.

Source: cel-go, extension "lists".
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from math import isnan
from typing import TYPE_CHECKING, Final

from auditor.language.failures import fail
from auditor.language.nesting import known, known_exactly, refuse_deeper, weight
from auditor.language.registry import Library, overload
from auditor.language.values import (
    Duration,
    Hollow,
    Item,
    Listing,
    Optional,
    Timestamp,
    Uint,
    Undecided,
    Unknown,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.language.registry import Equality, Overload
    from auditor.language.values import Value

_COST: Final = 2
_MADE: Final = 20
"""Steps of a new element: what it takes in memory."""


def _slice(values: Listing, start: int, end: int) -> Listing:
    if not 0 <= start <= end <= len(values):
        fail("index_range", "a part of a list lies between its first and its last element")
    return Listing(values.items[start:end], grounded=values.grounded, pointer=values.pointer)


def _reverse(values: Listing) -> Listing:
    return Listing(values.items[::-1], grounded=values.grounded, pointer=values.pointer)


def _end(values: Listing, place: int) -> Value:
    """Return the member at an end of a list as an optional; of an empty one it holds nothing."""
    if not values.items:
        return Optional() if values.grounded else Hollow(Optional())
    return Optional(has_value=True, value=known([values.items[place].value])[0])


def _first(values: Listing) -> Value:
    return _end(values, 0)


def _last(values: Listing) -> Value:
    return _end(values, -1)


def _range(length: int) -> Listing:
    return Listing.of(list(range(length)))


def _distinct(same: Equality, values: Listing) -> Listing:
    members = known(values)
    if all(type(member) is str for member in members):
        places = {member: place for place, member in reversed(list(enumerate(members)))}
        return _picked(values, sorted(places.values()))
    kept: list[int] = []
    for place, member in enumerate(members):
        answers = [same(members[earlier], member) for earlier in kept]
        if True in answers:
            continue
        causes = [cause for one in answers if isinstance(one, Unknown) for cause in one.causes]
        if causes:
            raise Undecided(frozenset(causes))
        kept.append(place)
    return _picked(values, kept)


def _picked(values: Listing, places: list[int]) -> Listing:
    items = tuple(values.items[place] for place in places)
    return Listing(items, grounded=values.grounded, pointer=values.pointer)


# ----- flattening


def _flatten(lists: Listing, depth: int = 1) -> Listing:
    if depth < 0:
        fail("flatten_depth", "a list is flattened by no level or more, not by less")
    items: list[Item] = []
    rests: list[Unknown] = []
    grounded = _open_up(lists, depth, items, rests, 1)
    if not rests:
        return Listing(tuple(items), grounded=grounded)
    # The members of a list that is not known may follow, like an unread rest.
    return Listing(
        tuple(items), Unknown(frozenset(cause for rest in rests for cause in rest.causes))
    )


def _open_up(
    lists: Listing, depth: int, items: list[Item], rests: list[Unknown], level: int
) -> bool:
    """Collect the members *depth* levels below; return whether there ever were any."""
    refuse_deeper(level)
    if depth == 0:
        items.extend(lists.items)
        return lists.grounded
    grounded = False
    for item in lists.items:
        value = item.value.value if isinstance(item.value, Hollow) else item.value
        if isinstance(value, Unknown):
            rests.append(value)
        elif isinstance(value, Listing):
            if value.rest is not None:
                rests.append(value.rest)
            grounded = _open_up(value, depth - 1, items, rests, level + 1) or grounded
        else:
            items.append(item)
            grounded = True
    return grounded


# ----- order


def _sort(values: Listing) -> Listing:
    members = known_exactly(values)
    kinds = {_kind(member) for member in members}
    if len(kinds) > 1:
        fail("no_overload", "a list is sorted where its elements are of one type")
    if None in kinds:
        fail("no_overload", "elements of this type have no order")
    places = sorted(range(len(members)), key=members.__getitem__)
    return _picked(values, places)


def _kind(value: Value) -> type | None:
    """Return what a value can be sorted with; None for nothing."""
    if isinstance(value, float) and isnan(value):
        return None
    kinds = (bool, Uint, int, float, str, bytes, Timestamp, Duration, Fraction, dt.date)
    return next((kind for kind in kinds if isinstance(value, kind)), None)


_UNSORTED: Final = {
    "int": ("[3, 2, 1]", "[1, 2, 3]"),
    "uint": ("[2u, 1u]", "[1u, 2u]"),
    "double": ("[0.5, -1.0]", "[-1.0, 0.5]"),
    "bool": ("[true, false]", "[false, true]"),
    "string": ("['b', 'c', 'a']", "['a', 'b', 'c']"),
    "bytes": ("[b'b', b'a']", "[b'a', b'b']"),
    "duration": ("[duration('2h'), duration('90m')]", "[duration('90m'), duration('2h')]"),
    "timestamp": (
        "[timestamp('2026-03-04T00:00:00Z'), timestamp('2026-03-03T00:00:00Z')]",
        "[timestamp('2026-03-03T00:00:00Z'), timestamp('2026-03-04T00:00:00Z')]",
    ),
    "date": (
        "[date('2026-03-04'), date('2026-03-03')]",
        "[date('2026-03-03'), date('2026-03-04')]",
    ),
    "ratio": ("[50 %, 20 %]", "[20 %, 50 %]"),
}
"""Types with an order, and an example of each."""


def _sorts() -> Iterator[Overload]:
    for kind, example in _UNSORTED.items():
        yield overload(
            f"list({kind}).sort() -> list({kind})",
            _sort,
            cost=_MADE,
            about="The elements from the least to the greatest; those of different types have no order.",
            examples=[(f"{example[0]}.sort()", example[1])],
        )


LIBRARY: Final = Library(
    "lists",
    (
        overload(
            "list(T).slice(int, int) -> list(T)",
            _slice,
            cost=_COST,
            about="The elements from the first position up to, but without, the second.",
            examples=[("[1, 2, 3, 4].slice(1, 3)", "[2, 3]"), ("[1, 2].slice(2, 2)", "[]")],
        ),
        overload(
            "list(list(T)).flatten() -> list(T)",
            _flatten,
            cost=_MADE,
            size=lambda lists: weight(lists, 1),
            about="The elements of a list of lists, in order; what is no list stays as it is.",
            examples=[
                ("[[1], [], [2, 3]].flatten()", "[1, 2, 3]"),
                ("[1, [2, [3, 4]]].flatten()", "[1, 2, [3, 4]]"),
            ],
        ),
        overload(
            "list(dyn).flatten(int) -> list(dyn)",
            _flatten,
            cost=_MADE,
            size=lambda lists, depth: weight(lists, max(depth, 0)),
            about="The same for so many levels of lists inside each other.",
            examples=[
                ("[1, [2, [3, [4]]]].flatten(2)", "[1, 2, 3, [4]]"),
                ("[1, 2].flatten(1)", "[1, 2]"),
            ],
        ),
        overload(
            "list(T).distinct() -> list(T)",
            _distinct,
            cost=_COST,
            wants_equality=True,
            about="The elements without those that are equal to an earlier one.",
            examples=[
                ("['b', 'b', 'c', 'a', 'c'].distinct()", "['b', 'c', 'a']"),
                ("[1, 1.0, 2, 2u].distinct()", "[1, 2]"),
                ("[1, 'b', 2, 'b'].distinct()", "[1, 'b', 2]"),
            ],
        ),
        overload(
            "lists.range(int) -> list(int)",
            _range,
            cost=_COST,
            size=lambda length: max(0, length) * _MADE,
            about="The numbers from zero on, so many of them.",
            examples=[("lists.range(5)", "[0, 1, 2, 3, 4]"), ("lists.range(-1)", "[]")],
        ),
        overload(
            "list(T).reverse() -> list(T)",
            _reverse,
            cost=_COST,
            about="The elements from the last to the first.",
            examples=[("[5, 3, 1, 2].reverse()", "[2, 1, 3, 5]")],
        ),
        overload(
            "list(T).first() -> optional(T)",
            _first,
            cost=_COST,
            about="The first element; nothing of an empty list.",
            examples=[("[1, 2, 3].first().value()", "1"), ("[].first().orValue('none')", "'none'")],
        ),
        overload(
            "list(T).last() -> optional(T)",
            _last,
            cost=_COST,
            about="The last element; nothing of an empty list.",
            examples=[("[1, 2, 3].last().value()", "3"), ("[].last().orValue('none')", "'none'")],
        ),
        *_sorts(),
    ),
    "The extension *lists* of CEL, version 3 of cel-go, and `first` and `last` of its optional types, version 2; `sortBy` is among the macros above.",
)
