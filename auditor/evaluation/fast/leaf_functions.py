"""
Functions over leaves that need nothing of a snapshot: what generated code calls beside operators.

Each answers what the exact evaluator answers, or leaves the question to it (`Leave`).

Source: LANGUAGE.md, section 7.
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from auditor.evaluation.fast.indexes import (
    index,
    index_in_time,
    index_inside,
    index_of_all,
)
from auditor.evaluation.fast.leave import Leave
from auditor.evaluation.fast.periods import Period
from auditor.evaluation.sums import at_least, exact_number, nearest_double
from auditor.facts.given import given
from auditor.language.values import (
    INT_MAX,
    INT_MIN,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


UNSET: Final = object()
"""What a variable holds before it is computed."""


def _is_number(value: Any) -> bool:  # noqa: ANN401 - any leaf
    return value.__class__ is int or value.__class__ is float


def _same(left: Any, right: Any) -> bool:  # noqa: ANN401 - any leaves
    """Compare two leaves as ``==`` does."""
    if left is None or right is None:
        return left is right
    kind = left.__class__
    if kind is right.__class__:
        if kind in _COMPARED:
            return bool(left == right)
        if kind is list:
            return len(left) == len(right) and all(map(_same, left, right))
        if left is right and _equals_itself(left):
            return True  # one record
        raise Leave
    if _is_number(left) and _is_number(right):
        return bool(left == right)
    if (
        kind in _COMPARED
        and right.__class__ in _COMPARED
        and Fraction not in {kind, right.__class__}
    ):
        return False
    raise Leave


def _equals_itself(value: Any) -> bool:  # noqa: ANN401 - any leaf
    """Tell whether a leaf surely does: not so where a part is no number, or an instant known only to its day."""
    if isinstance(value, dict):
        return all(map(_equals_itself, value.values()))
    if value.__class__ is list:
        return all(map(_equals_itself, value))
    return value is None or (value.__class__ in _COMPARED and bool(value == value))  # noqa: PLR0124 - the test for NaN


_COMPARED: Final = frozenset({str, int, float, bool, dt.datetime, dt.date, dt.timedelta, Fraction})
"""Kinds of leaves that are equal where Python says so, among themselves."""
_ORDERED: Final = frozenset({str, int, float, bool, dt.datetime, dt.date, dt.timedelta, Fraction})


def comparison(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    """Make a comparison of leaves whose kinds are known only when they are met."""

    def compared(left: Any, right: Any) -> bool:  # noqa: ANN401 - any leaves
        kind, other = left.__class__, right.__class__
        if kind is other and kind in _ORDERED:
            return compare(left, right)
        if kind is int and other is float:
            return compare(float(left), right)
        if kind is float and other is int:
            return compare(left, float(right))
        raise Leave

    return compared


def happened(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    """Return what asks whether an instant, or null, was before or after another one."""

    def compared(moment: Any, limit: Any) -> bool:  # noqa: ANN401 - any leaves
        if limit.__class__ is not dt.datetime:
            raise Leave
        if moment is None:
            return False
        if moment.__class__ is not dt.datetime:
            raise Leave
        return compare(moment, limit)

    return compared


def _within(moment: Any, period: Any) -> bool:  # noqa: ANN401 - any leaves
    if period.__class__ is not Period:
        raise Leave
    if moment is None:
        return False
    if moment.__class__ is not dt.datetime:
        raise Leave
    return bool(period["starts_at"] <= moment <= period["ends_at"])


def doubles(exactly: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return what turns a leaf into a double; what is no plain number *exactly* decides."""

    def double(value: Any) -> Any:  # noqa: ANN401 - any leaf
        kind = value.__class__
        return value if kind is float else float(value) if kind is int else exactly(value)

    return double


# ----- texts and lists


def _text(first: str, *others: Any) -> str:  # noqa: ANN401 - texts, or what is none
    if not all(part.__class__ is str for part in others) or first.__class__ is not str:
        raise Leave
    made = first + "".join(others)
    if len(made) > _LONGEST_TEXT:
        raise Leave
    return made


_LONGEST_TEXT: Final = 100_000
"""Characters from which the exact evaluator counts how long a text grows."""


def _entry(owner: Any, key: str) -> Any:  # noqa: ANN401 - any leaf
    """Return what undeclared data has under a key; where it has none, or is no map, that is an error."""
    if isinstance(owner, dict) and key in owner:
        return owner[key]
    raise Leave


def _item(members: list[Any], place: int) -> Any:  # noqa: ANN401 - any leaf
    if 0 <= place < len(members):
        return members[place]
    raise Leave


def _windows(members: list[Any], length: int) -> list[list[Any]]:
    if length < 1:
        raise Leave
    return [members[start : start + length] for start in range(len(members) - length + 1)]


def _flatten(lists: list[Any]) -> list[Any]:
    flat: list[Any] = []
    for part in lists:
        if part.__class__ is list:
            flat.extend(part)
        else:
            flat.append(part)
    return flat


def _sum(numbers: list[Any]) -> Any:  # noqa: ANN401 - a number
    if all(number.__class__ is int for number in numbers):
        total = sum(numbers)
        if not INT_MIN <= total <= INT_MAX:
            raise Leave
        return total
    return nearest_double(_total(numbers))


def _total(numbers: list[Any]) -> Fraction:
    for number in numbers:
        if number.__class__ not in {int, float, Fraction}:
            raise Leave
        if number.__class__ is float and not isfinite(number):
            raise Leave
    return sum(map(exact_number, numbers), Fraction(0))


def _sum_reaches(numbers: list[Any], limit: Any) -> bool:  # noqa: ANN401 - a number
    if limit.__class__ is int and all(number.__class__ is int for number in numbers):
        return bool(sum(numbers) >= limit)
    if limit.__class__ not in {int, float, Fraction} or limit != limit:  # noqa: PLR0124 - the test for NaN
        raise Leave
    return at_least(_total(numbers), limit)


def _sort_by(members: list[Any], keys: list[Any]) -> list[Any]:
    kinds = {key.__class__ for key in keys}
    if not any(kinds <= sortable for sortable in _SORTABLE):
        raise Leave
    places = sorted(range(len(members)), key=keys.__getitem__)
    return [members[place] for place in places]


_SORTABLE: Final = (
    frozenset({str}),
    frozenset({int, float, Fraction}),
    frozenset({dt.datetime}),
)
"""Kinds of keys that have an order among themselves."""


def _group_by(members: list[Any], keys: list[Any]) -> list[dict[str, Any]]:
    groups: dict[str, list[Any]] = {}
    for member, key in zip(members, keys, strict=True):
        if key.__class__ is not str:
            raise Leave
        groups.setdefault(key, []).append(member)
    return [{"key": key, "items": items} for key, items in groups.items()]


NAMED: Final[Mapping[str, Any]] = {
    "entry": _entry,
    "flatten": _flatten,
    "given": given,
    "group by": _group_by,
    "index": index,
    "index in time": index_in_time,
    "index inside": index_inside,
    "index of all": index_of_all,
    "item": _item,
    "leave": Leave,
    "len": len,
    "no key": KeyError,
    "no such kind": TypeError,
    "same": _same,
    "set of": frozenset,
    "sort by": _sort_by,
    "sum": _sum,
    "sum reaches": _sum_reaches,
    "text": _text,
    "unset": UNSET,
    "windows": _windows,
    "within": _within,
}
"""What generated code may call, and what is the same for every run."""
