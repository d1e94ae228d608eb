"""
What a framework demands, control by control: that against which policies are held.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditor.model.location import Location


class Decided(StrEnum):
    """How it is found out whether a control holds."""

    AUTOMATICALLY = "automatically"
    """From recorded facts."""
    BY_ATTESTATION = "by attestation"
    """A named person vouches."""


@dataclass(frozen=True, slots=True)
class Control:
    """One demand of a framework."""

    id: str
    """Stable for ever; it begins with the framework in capital letters."""
    area: str
    """Pillar, section or principle of the framework."""
    stage: str | None
    """Stage of a project's life; None where the framework names none."""
    target: str
    """``project``, ``unit`` or ``portfolio``."""
    decided: Decided
    rule: str
    """What must hold, for a reader."""
    edges: tuple[str, ...]
    """The situations in which a naive rule goes wrong; cases name them under ``edge``."""
    parameters: tuple[tuple[str, str | tuple[str, ...]], ...]
    """Name and default of everything that an organisation may set otherwise."""
    attested_by: tuple[str, ...]
    """Roles that may vouch; empty for a control that is decided automatically."""
    valid_for: str | None
    """How long such a word holds at most."""
    house_rule: str | None
    """Where the rule says more than the framework's text, or something else."""
    location: Location


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The controls of one framework."""

    framework: str
    pack: str
    """Name of the pack beside whose policies it stands."""
    version: str
    date: str
    """Calendar day, ``YYYY-MM-DD``, since which this version is in force."""
    controls: tuple[Control, ...]
    location: Location

    @property
    def prefix(self) -> str:
        """What the id of each of its controls begins with."""
        return prefix_of(self.framework)


def prefix_of(framework: str) -> str:
    """Return what the ids of a framework's controls begin with: ``SEEF-``."""
    return f"{framework.upper()}-"
