"""
How long does each of several things take, on a machine that is never quite idle?

They take turns, so that a machine that slows down slows all of them, and the median of each counts. What counts is
the processor's time of this process, so that others on the machine do not make what is slow slower. Rubbish is
collected before each round and not during one: otherwise whoever comes next pays for what another left behind.
"""

from __future__ import annotations

import gc
from dataclasses import dataclass, field
from math import exp, log
from statistics import median
from time import process_time
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

K = TypeVar("K")

TURN_S: Final = 0.001
"""How long a turn lasts at least, so that the clock does not count."""
SHARE_S: Final = 1.5
"""How long all turns of one thing may last together; what is slow has fewer of them."""
FEWEST_TURNS: Final = 3
SHORTEST_S: Final = 1e-7


@dataclass(frozen=True, slots=True)
class Prepared:
    """Something of which only the second half is measured: `ready` makes what is then called once."""

    ready: Callable[[], Callable[[], object]]

    def __call__(self) -> object:
        """Do both halves."""
        return self.ready()()


@dataclass(slots=True)
class _Turns:
    work: Callable[[], object]
    calls: int
    """In one turn."""
    every: int
    """One turn in so many rounds."""
    taken: list[float] = field(default_factory=list)

    @classmethod
    def of(cls, work: Callable[[], object], rounds: int) -> _Turns:
        seconds = _seconds(work, 1)
        seconds = min(seconds, _seconds(work, 1)) if seconds < SHARE_S else seconds
        turns = max(FEWEST_TURNS, min(rounds, int(SHARE_S / max(seconds, TURN_S))))
        return cls(work, max(1, int(TURN_S / max(seconds, SHORTEST_S))), max(1, rounds // turns))


def _seconds(work: Callable[[], object], calls: int) -> float:
    if isinstance(work, Prepared):
        return sum(_seconds(work.ready(), 1) for _ in range(calls)) / calls
    began = process_time()
    for _ in range(calls):
        work()
    return (process_time() - began) / calls


def measured(work: Mapping[K, Callable[[], object]], rounds: int) -> dict[K, float]:
    """Return the median time of each thing, in seconds."""
    turns = {name: _Turns.of(one, rounds) for name, one in work.items()}
    for number in range(rounds):
        gc.collect()
        gc.disable()
        for one in turns.values():
            if number % one.every == 0:
                one.taken.append(_seconds(one.work, one.calls))
        gc.enable()
    return {name: median(one.taken) for name, one in turns.items()}


def geometric_mean(ratios: Iterable[float]) -> float:
    """Return the mean of ratios in which twice and half cancel out."""
    logs = [log(ratio) for ratio in ratios]
    return exp(sum(logs) / len(logs))
