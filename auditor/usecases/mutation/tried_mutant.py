"""
What became of a small change to a policy.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from auditor.model.location import Location
    from auditor.usecases.mutation.differences import Difference


class Fate(StrEnum):
    """What became of a changed policy."""

    INVALID = "invalid"
    """It cannot be compiled: its author would be told."""
    NOTICED = "noticed"
    """A case does not come out as it says."""
    MISSED = "missed"
    """Every case does."""


@dataclass(frozen=True, slots=True)
class CaseThatWould:
    """A case for which the policy and the changed one differ."""

    name: str
    """Of the case that it is, or that it was made of."""
    difference: Difference
    set: tuple[tuple[str, Any], ...] = ()
    remove: tuple[str, ...] = ()
    as_of: str | None = None
    period: tuple[str, str] | None = None
    params: tuple[tuple[str, Any], ...] = ()
    is_new: bool = False
    """Whether it is one that is to be written; else one that is there and does not say enough."""


@dataclass(frozen=True, slots=True)
class TriedMutant:
    """A small change, and whether the cases noticed it."""

    policy: str
    operator: str
    key: str
    location: Location
    excerpt: str
    was: str
    now: str
    """Empty for what was left out."""
    fate: Fate
    case: CaseThatWould | None = None
    """Of a change that was missed: a case that would have noticed it; None where none was found."""
    tries: int = 0
    """How many variations of the cases were judged in search of it."""
