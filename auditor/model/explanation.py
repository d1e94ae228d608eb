"""
Why a verdict is what it is: the sub-expressions that decided it, with their values, their places and their facts.

Plain data, made where the verdict is made, so that whoever reads it later needs neither policy nor snapshot.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.model.location import Location

    Plain = str | int | float | bool | None
    """A value as a snapshot spells it."""


class Came(StrEnum):
    """What a sub-expression came to."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"
    ERROR = "error"
    VALUE = "value"
    """Something else than a truth; the step tells the value."""


@dataclass(frozen=True, slots=True)
class Step:
    """One sub-expression that had a part in a decision, or one element of a list that had."""

    came: Came
    text: str
    """As the policy writes it, shortened; of an element what a person calls it."""
    says: str = ""
    """What it came to, with the values, in plain words; empty where the steps below say it all."""
    place: Location | None = None
    """Where the policy, or the ``pack.yaml`` whose word it is, writes it."""
    facts: tuple[str, ...] = ()
    """JSON Pointers of the facts that were read for it, in the snapshot as it was read."""
    steps: tuple[Step, ...] = ()
    """What it rests on."""

    def walk(self) -> Iterator[Step]:
        """Yield this step and all below it, parents first."""
        yield self
        for step in self.steps:
            yield from step.walk()


@dataclass(frozen=True, slots=True)
class Turn:
    """What would have to be otherwise for one comparison to come out the other way."""

    what: str
    """A fact by its path (``risks[0].score``), or what is compared, as the policy writes it."""
    wanted: str
    """In words, with the boundary: ``at or before 2026-08-22 17:40 +02:00``."""
    pointer: str = ""
    """JSON Pointer of the fact; empty where what is compared is none by itself."""
    boundary: Plain = None
    """The value nearest to the present one that turns the comparison, where there is one."""
    has_boundary: bool = False


@dataclass(frozen=True, slots=True)
class Because:
    """Why one clause, or one condition, came to what it did."""

    sentence: str
    """One plain sentence: the most telling step."""
    steps: tuple[Step, ...] = ()
    turns: tuple[tuple[Turn, ...], ...] = ()
    """What would turn it: each of these would, all parts of one together. The first few."""
    has_margin: bool = False
    """Whether the sentence tells by how much something was missed, which the facts beside it do not."""

    def pointers(self) -> tuple[str, ...]:
        """Return the facts of all steps, each once, in the order of the steps."""
        found = (pointer for step in self.steps for one in step.walk() for pointer in one.facts)
        return tuple(dict.fromkeys(found))
