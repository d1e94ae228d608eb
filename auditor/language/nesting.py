"""
The members of lists inside lists, for functions that walk them: known ones only, and never more than is paid for.

A list may stand in another one many times over without taking memory. So what a walk would come to is counted
first, each list once, and the count is charged as steps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.documents.limits import MAX_DEPTH
from auditor.language.failures import fail
from auditor.language.values import Day, Hollow, Listing, MapValue, Undecided, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from auditor.language.values import Value


def known(values: Iterable[Value]) -> list[Value]:
    """
    Return the values without their marks of resting on nothing.

    Raises:
        Undecided: One of them is unknown; with the causes of all that are.
    """
    found = [value.value if isinstance(value, Hollow) else value for value in values]
    causes = [cause for value in found if isinstance(value, Unknown) for cause in value.causes]
    if causes:
        raise Undecided(frozenset(causes))
    return found


def known_exactly(values: Iterable[Value]) -> list[Value]:
    """
    Return the values; one that is known only to its day is unknown, too.

    Raises:
        Undecided: One of them is not known, or not exactly.
    """
    found = known(values)
    days = [value.cause for value in found if isinstance(value, Day)]
    if days:
        raise Undecided(frozenset(days))
    return found


def weight(value: Value, depth: int = MAX_DEPTH) -> int:
    """Count the parts of a value down to *depth*, a part as often as a walk would meet it."""
    return _weight(value, min(depth, MAX_DEPTH), {})


def _weight(value: Value, depth: int, counted: dict[tuple[int, int], int]) -> int:
    if isinstance(value, Hollow):
        value = value.value
    if depth < 0 or not isinstance(value, Listing | MapValue):
        return 1
    place = id(value), depth
    if place not in counted:
        parts = (
            value if isinstance(value, Listing) else (part for _, part in value.entries.values())
        )
        counted[place] = 1 + sum(_weight(part, depth - 1, counted) for part in parts)
    return counted[place]


def refuse_deeper(level: int) -> None:
    """
    Refuse to walk below the deepest level of a document.

    Raises:
        EvaluationFailure: *level* is below it.
    """
    if level > MAX_DEPTH:
        fail("too_deep", "the lists lie deeper inside each other than those of a document may")
