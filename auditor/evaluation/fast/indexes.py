"""
Tables that generated code looks things up in.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final

from auditor.evaluation.fast.leave import Leave

_NOT_THERE: Final = object()


Lookup = Callable[[Any, Any], Sequence[Any]]
"""Gives the members of a list with a key, or what is there for a key that no member has."""


def index(members: Sequence[Mapping[str, Any]], field: str) -> Lookup:
    """
    Index a list by one field of its members, in the order of the list.

    Members of which the field is not there belong to every key: whether they count is not known.
    """
    try:
        return index_of_all(members, field)
    except KeyError:
        return _open([(member, (member.get(field, _NOT_THERE),)) for member in members])


def index_of_all(members: Sequence[Mapping[str, Any]], field: str) -> Lookup:
    """Index a list by a field that every member has: one without it leaves the question to the exact evaluator."""
    table: dict[Any, list[Any]] = {}
    for member in members:
        key = member[field]
        if key in table:
            table[key].append(member)
        else:
            table[key] = [member]
    return table.get


def index_inside(members: Sequence[Mapping[str, Any]], outer: str, field: str) -> Lookup:
    """Index a list by a field of the records that each member holds in its list *outer*; see `index`."""
    keyed = [
        (member, {part.get(field, _NOT_THERE) for part in member[outer]})
        if outer in member
        else (member, {_NOT_THERE})
        for member in members
    ]
    if any(_NOT_THERE in keys for _, keys in keyed):
        return _open(keyed)
    table: dict[Any, list[Any]] = {}
    for member, keys in keyed:
        for key in keys:
            table.setdefault(key, []).append(member)
    return table.get


def _open(keyed: Sequence[tuple[Any, Collection[Any]]]) -> Lookup:
    """Index members of which some may belong to any key."""
    others = [member for member, keys in keyed if _NOT_THERE in keys]
    every = {key for _, keys in keyed for key in keys} - {_NOT_THERE}
    table = {
        text: [member for member, keys in keyed if text in keys or _NOT_THERE in keys]
        for text in every
    }
    return lambda key, _: table.get(key, others)


def index_in_time(members: Sequence[Mapping[str, Any]], field: str) -> Lookup:
    """Index a list by an instant: the keys are periods, both ends included. A member without one lies in none."""
    # A field that is not there, or a day beside instants, leaves the question to the exact evaluator.
    held = [(member[field], place) for place, member in enumerate(members)]
    dated = sorted(pair for pair in held if pair[0] is not None)
    if any(instant.__class__ is not dt.datetime for instant, _ in dated):
        raise Leave
    instants = [instant for instant, _ in dated]
    found = [members[place] for _, place in dated]

    def between(period: Mapping[str, Any], _: Any) -> Sequence[Any]:  # noqa: ANN401 - not needed here
        first = bisect_left(instants, period["starts_at"])
        return found[first : bisect_right(instants, period["ends_at"])]

    return between


class Edges(dict[dt.date, dt.datetime]):
    """
    The first, or the last, instant of local days.

    Args:
        edge: Finds one.
    """

    def __init__(self, edge: Callable[[dt.date], dt.datetime]) -> None:
        super().__init__()
        self._edge = edge

    def __missing__(self, day: dt.date) -> dt.datetime:
        if day.__class__ is not dt.date:
            raise Leave
        found = self[day] = self._edge(day)
        return found
