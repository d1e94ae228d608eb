"""
What an organisation says about a run: its profile, its population, its past audits.

These come before any policy or snapshot is read. A broken profile stands for rules that nobody knows, so
nothing is judged without it; a broken population or a broken past audit is told, and the rest is judged.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.model.errors import AuditorError
from auditor.usecases.shown_name import shown_name

if TYPE_CHECKING:
    from auditor.facts.snapshot import SnapshotModels
    from auditor.sources.population import PopulationFile
    from auditor.usecases.read_audits import PastAudits
    from auditor.usecases.read_profile import LoadedProfile


@dataclass(slots=True)
class Organisation:
    """What was read, and what could not be."""

    profile: LoadedProfile | None = None
    is_profile_broken: bool = False
    """Whether a profile was named and cannot be used."""
    population: PopulationFile | None = None
    population_name: str = ""
    """What the user calls the population: its file, or the profile."""
    audits: PastAudits | None = None
    errors: list[tuple[str, AuditorError]] = field(default_factory=list)
    """Name of the input, and what is wrong with it."""
    files: list[Path] = field(default_factory=list)
    """What it was read from, and must not be written over."""


def read_organisation(
    models: SnapshotModels,
    *,
    profile: str | None,
    population: str | None,
    audits: str | None,
) -> Organisation:
    """
    Read what the user named.

    Args:
        models: The schemas of snapshots; a profile's standards are held against one.
        profile: Path of a profile.
        population: Path of a population, in the place of the profile's.
        audits: File or folder of recorded runs.
    """
    found = Organisation()
    if profile is not None:
        _read_profile(found, profile, models)
    if population is not None or found.profile is not None:
        _read_population(found, population)
    if audits is not None:
        from auditor.usecases.read_audits import read_audits  # noqa: PLC0415 - few runs name any

        found.audits = read_audits(audits)
        found.errors += found.audits.errors
        found.files += found.audits.files
    return found


def _read_profile(found: Organisation, typed: str, models: SnapshotModels) -> None:
    from auditor.usecases.read_profile import read_profile  # noqa: PLC0415 - few runs name one

    found.files.append(Path(typed))
    try:
        found.profile = read_profile(typed, models)
    except AuditorError as error:
        found.is_profile_broken = True
        found.errors.append((shown_name(typed), error))
    else:
        found.files += found.profile.paths


def _read_population(found: Organisation, typed: str | None) -> None:
    from auditor.usecases.read_profile import population_of  # noqa: PLC0415 - few runs name one

    if typed is not None:
        found.files.append(Path(typed))
    try:
        found.population = population_of(typed, found.profile)
    except AuditorError as error:
        found.errors.append((shown_name(typed) if typed else "population", error))
    if found.population is not None:
        of_profile = found.profile.population_name if found.profile is not None else ""
        found.population_name = shown_name(typed) if typed is not None else of_profile
