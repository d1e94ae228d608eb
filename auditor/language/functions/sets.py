"""
CEL's extension for lists that are meant as sets.

Members are compared as ``==`` compares them, so 1, 1u and 1.0 are one. A member that is not known leaves a
question undecided unless the others settle it. What is said of a list that never had an element is vacuous,
as with ``all`` and ``exists``.

Source: cel-go, extension "sets".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.language.registry import Library, overload
from auditor.language.values import Hollow, Listing, Undecided, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from auditor.language.registry import Equality
    from auditor.language.values import Value

_COST: Final = 2


def _some(answers: Iterable[bool | Unknown]) -> bool | Unknown:
    """Return whether any answer is true; unknown if one that is not known could be."""
    doubts: list[Unknown] = []
    for answer in answers:
        if answer is True:
            return True
        if isinstance(answer, Unknown):
            doubts.append(answer)
    if not doubts:
        return False
    return Unknown(frozenset(cause for doubt in doubts for cause in doubt.causes))


def _opposite(answer: bool | Unknown) -> bool | Unknown:  # noqa: FBT001 - an answer of three kinds
    return answer if isinstance(answer, Unknown) else not answer


def _all_texts(values: Listing) -> bool:
    return all(type(value) is str for value in values)


def _holds(same: Equality, whole: Listing, part: Listing) -> bool | Unknown:
    """Return whether every member of *part* is in *whole*."""
    if _all_texts(whole) and _all_texts(part):
        return set(part) <= set(whole)
    missing = (_opposite(_some(same(member, other) for other in whole)) for member in part)
    return _opposite(_some(missing))


def _decided(answer: bool | Unknown, *, vacuous: bool) -> Value:  # noqa: FBT001 - as above
    if isinstance(answer, Unknown):
        raise Undecided(answer.causes)
    return Hollow(answer) if vacuous else answer


def _contains(same: Equality, whole: Listing, part: Listing) -> Value:
    return _decided(_holds(same, whole, part), vacuous=not part.grounded)


def _equivalent(same: Equality, left: Listing, right: Listing) -> Value:
    missing = (_opposite(_holds(same, *pair)) for pair in ((left, right), (right, left)))
    answer = _opposite(_some(missing))
    return _decided(answer, vacuous=not left.grounded and not right.grounded)


def _intersects(same: Equality, left: Listing, right: Listing) -> Value:
    if _all_texts(left) and _all_texts(right):
        answer: bool | Unknown = not set(left).isdisjoint(right)
    else:
        answer = _some(same(one, other) for one in left for other in right)
    return _decided(answer, vacuous=not left.grounded or not right.grounded)


LIBRARY: Final = Library(
    "sets",
    (
        overload(
            "sets.contains(list(T), list(T)) -> bool",
            _contains,
            cost=_COST,
            wants_equality=True,
            about="Whether every element of the second list is in the first; vacuous where it has none.",
            examples=[
                ("sets.contains([1, 2, 3, 4], [2, 3])", "true"),
                ("sets.contains([1, 2.0, 3u], [1.0, 2u, 3])", "true"),
                ("sets.contains([], [1])", "false"),
                ("sets.contains([], [])", "true"),
            ],
        ),
        overload(
            "sets.equivalent(list(T), list(T)) -> bool",
            _equivalent,
            cost=_COST,
            wants_equality=True,
            about="Whether each list holds every element of the other, in any order and number.",
            examples=[
                ("sets.equivalent([1, 2, 3], [3u, 2.0, 1])", "true"),
                ("sets.equivalent([1], [1, 1])", "true"),
                ("sets.equivalent([1], [1u, 1.0])", "true"),
                ("sets.equivalent([], [])", "true"),
            ],
        ),
        overload(
            "sets.intersects(list(T), list(T)) -> bool",
            _intersects,
            cost=_COST,
            wants_equality=True,
            about="Whether the lists have an element in common; its negation is vacuous where one has none.",
            examples=[
                ("sets.intersects([1], [1, 2])", "true"),
                ("sets.intersects([[1], [2, 3]], [[1, 2], [2, 3.0]])", "true"),
                ("sets.intersects([1], [])", "false"),
            ],
        ),
    ),
    "The extension *sets* of CEL, as cel-go documents it (version 0, the only one).",
)
