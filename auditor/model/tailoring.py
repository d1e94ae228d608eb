"""
What an organisation, or a delivery repository, says otherwise than a policy does.

The policies themselves are never edited for a customer: a value replaces theirs, and keeps the place where
somebody wrote it, so that whatever is wrong with it is shown there and not in the policy.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from auditor.model.location import Location


FRESHNESS: Final = "7 days"
"""How old a snapshot may be at the judged instant where no profile says otherwise. Source: DESIGN.md, section 4."""

FRESHNESS_PARAM: Final = ("snapshot-stale", "freshness")
"""The policy, and the parameter of it, that hold snapshots against their age."""


@dataclass(frozen=True, slots=True)
class Written:
    """A spot in a file, with its line."""

    location: Location
    excerpt: str


@dataclass(frozen=True, slots=True)
class Override:
    """A value that replaces one of a policy."""

    value: Any
    """As YAML has it."""
    at: Written
    """Where the value stands."""
    name_at: Written
    """Where the name stands that says what is replaced."""
    reason: str | None = None
    """None, as `by` and `on`, where none is asked for."""
    by: str | None = None
    on: str | None = None
    """Calendar day."""


@dataclass(frozen=True, slots=True)
class Tailoring:
    """Every value that replaces one of a policy, by the policy's id."""

    params: Mapping[str, Mapping[str, Override]] = field(default_factory=dict)
    """By parameter. The profile's."""
    severities: Mapping[str, Override] = field(default_factory=dict)
    """The profile's."""
    raised: Mapping[str, Override] = field(default_factory=dict)
    """Severities in the ``auditor.yaml`` of a delivery repository, which may only raise them."""
    exempted: Mapping[str, Written] = field(default_factory=dict)
    """Packs of which a validly excluded project is exempted as well, and where that is written (C16)."""

    def without(self, places: Collection[Location | None]) -> Tailoring:
        """Leave out what stands, or is named, at *places*."""

        def left(overrides: Mapping[str, Override]) -> dict[str, Override]:
            return {
                name: one
                for name, one in overrides.items()
                if one.at.location not in places and one.name_at.location not in places
            }

        return Tailoring(
            {policy: left(params) for policy, params in self.params.items()},
            left(self.severities),
            left(self.raised),
            {pack: at for pack, at in self.exempted.items() if at.location not in places},
        )
