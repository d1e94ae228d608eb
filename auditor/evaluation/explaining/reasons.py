"""
What is found out about one sub-expression, and how that of several goes together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Final

from auditor.evaluation.shapes import plain
from auditor.language.values import Failure, Unknown, Value
from auditor.model.explanation import Came

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from fractions import Fraction

    from auditor.evaluation.explaining.margins import Margin
    from auditor.model.explanation import Step, Turn

MOST_WAYS: Final = 3
"""Ways to turn a decision that are told."""
_MOST_PARTS: Final = 4
"""Comparisons that one way may need."""
_KINDS: Final = {True: 0, False: 1}


@dataclass(frozen=True, slots=True)
class Telling:
    """A sentence, and how much it tells."""

    sentence: str
    margin: Margin | None = None
    misses: int = 1
    """Of an element that was nearly what was looked for: how many conditions it fails."""
    of_nearest: str = ""
    """What is told of that element alone, where the sentence tells of its list."""

    def rank(self) -> tuple[int, int, int, float | Fraction]:
        """Return the key by which the most telling one is the least."""
        if self.margin is None:
            return 1, self.misses, 0, 0.0
        return 0, self.misses, _KINDS[self.margin.is_time], self.margin.distance


Ways = tuple[tuple["Turn", ...], ...]
"""Each of these turns a decision, all parts of one together."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a sub-expression came to what it did."""

    steps: tuple[Step, ...] = ()
    tellings: tuple[Telling, ...] = ()
    ways: Ways = ()
    group: str = ""
    """What the one step says, where it only holds others together: it may be told with what is around it."""

    def merged(self, says: str = "") -> tuple[str, tuple[Step, ...]]:
        """Return what a step around this one says, and the steps below it."""
        if not self.group:
            return says, self.steps
        return ", ".join(filter(None, (says, self.group))), self.steps[0].steps

    def missing(self, conditions: int) -> Reason:
        """Return the reason of an element that fails as many conditions."""
        return replace(
            self,
            tellings=tuple(
                replace(telling, misses=max(telling.misses, conditions))
                for telling in self.tellings
            ),
        )


def together(reasons: Sequence[Reason], ways: Ways) -> Reason:
    """Put reasons beside each other."""
    return Reason(
        tuple(step for reason in reasons for step in reason.steps),
        tuple(telling for reason in reasons for telling in reason.tellings),
        ways,
    )


def any_of(reasons: Iterable[Reason]) -> Ways:
    """Return the ways to turn one of several decisions."""
    ways = dict.fromkeys(way for reason in reasons for way in reason.ways)
    return tuple(ways)[:MOST_WAYS]


def all_of(reasons: Sequence[Reason]) -> Ways:
    """Return the ways to turn every one of several decisions; none where one cannot be turned in a few steps."""
    if not all(reason.ways for reason in reasons):
        return ()
    found: dict[tuple[Turn, ...], None] = {}
    for combination in product(*(reason.ways[:2] for reason in reasons[: _MOST_PARTS + 1])):
        way = tuple(dict.fromkeys(turn for part in combination for turn in part))
        # One fact cannot be two things at once.
        is_possible = len({turn.what for turn in way}) == len(way)
        if is_possible and len(way) <= _MOST_PARTS and len(reasons) <= _MOST_PARTS:
            found[way] = None
    return tuple(found)[:MOST_WAYS]


def came(value: Value) -> Came:
    """Return what a value counts as."""
    match plain(value):
        case True:
            return Came.TRUE
        case False:
            return Came.FALSE
        case Unknown():
            return Came.UNKNOWN
        case Failure():
            return Came.ERROR
        case _:
            return Came.VALUE
