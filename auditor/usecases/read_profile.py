"""
Read a profile with everything that it names, and a population that is named beside it.

A profile stands for the organisation, so half of one is none: whatever is wrong with it or with a file that it
names is told at once, and nothing of it is used. What it says of policies is checked when these are read.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from auditor.documents.tree import parse_tree
from auditor.facts.extension import extensible, read_extension
from auditor.facts.validate import violations
from auditor.language.attestation import AttestInstead
from auditor.language.spans import UNITS, parse_span
from auditor.model.errors import AuditorError, ErrorGroup, ProfileError, did_you_mean
from auditor.model.tailoring import FRESHNESS
from auditor.plugins.entry_points import READERS, names
from auditor.sources.mapping import read_mapping
from auditor.sources.population import parse_population
from auditor.sources.profile import parse_profile
from auditor.sources.provided_facts import STANDARDS, ProvidedFacts, Standards
from auditor.usecases.load_files import bytes_of
from auditor.usecases.shown_name import shown_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from auditor.documents.nodes import Node
    from auditor.facts.extension import Extension
    from auditor.facts.snapshot import SnapshotModels
    from auditor.language.values import Span
    from auditor.sources.population import PopulationFile
    from auditor.sources.profile import Profile

_HOURS: Final = {"hours": 1, "days": 24, "weeks": 168}
"""Units in which freshness is counted, those that need no calendar, each in hours."""

_HOURS_WITHOUT_REASON: Final = 168
"""`FRESHNESS` in hours."""


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file that a profile names."""

    shown: str
    """As the user would type it."""
    data: bytes

    @property
    def sha256(self) -> str:
        """``sha256:`` of its bytes."""
        return f"sha256:{sha256(self.data).hexdigest()}"


@dataclass(frozen=True, slots=True)
class LoadedProfile:
    """A profile, and what stands in the files that it names."""

    profile: Profile
    shown: str
    digest: str
    """``sha256:`` over the names and digests of its files, so that no byte of them can change unseen."""
    paths: tuple[Path, ...]
    """What it was read from, and must not be written over."""
    files: Mapping[str, NamedFile]
    """By the name that the profile uses."""
    provided: ProvidedFacts
    population: PopulationFile | None
    attest_instead: tuple[AttestInstead, ...]
    extension: Extension | None
    """Types of the organisation's own fields."""

    @property
    def population_name(self) -> str:
        """The file of the population that it names; empty where it names none."""
        name = self.profile.population
        return "" if name is None else self.files[name].shown

    def default_mappings(self) -> dict[str, tuple[str, bytes]]:
        """Return name and bytes of the status mappings of sources that have none, by reader."""
        named = {reader: self.files[name] for reader, name in self.profile.mappings.items()}
        return {reader: (file.shown, file.data) for reader, file in named.items()}

    def shown_files(self) -> dict[str, bytes]:
        """Return the files that it names, as places speak of them."""
        return {file.shown: file.data for file in self.files.values()}


def read_profile(typed: str, models: SnapshotModels) -> LoadedProfile:
    """
    Read the profile that the user named.

    Raises:
        InputError: The file cannot be read.
        DocumentError: It is no YAML.
        ErrorGroup: It, or a file that it names, breaks its rules; all breaches at once.
    """
    path, shown = Path(typed), shown_name(typed)
    data = bytes_of(path, shown)
    profile = parse_profile(data, path=shown)
    reading = _Reading(profile, path, shown)
    standards = reading.standards(models)
    population = reading.population()
    reading.mappings()
    extension = reading.ext(models)
    attest_instead = tuple(reading.attest_instead())
    reading.freshness()
    if reading.errors:
        raise ErrorGroup(reading.errors)
    files = {path.name: NamedFile(shown, data), **reading.files}
    digest = _digest(files)
    return LoadedProfile(
        profile,
        shown,
        digest,
        (path, *(path.parent / below for below in reading.files)),
        reading.files,
        ProvidedFacts(profile.id, digest, standards, profile.calendars),
        population,
        attest_instead,
        extension,
    )


def population_of(typed: str | None, profile: LoadedProfile | None) -> PopulationFile | None:
    """
    Return the population that is to be covered: the one that the user named, else the profile's.

    Raises:
        InputError: The file cannot be read.
        DocumentError: It is no YAML.
        ErrorGroup: It breaks its rules; all breaches at once.
    """
    if typed is None:
        return None if profile is None else profile.population
    shown = shown_name(typed)
    return parse_population(bytes_of(Path(typed), shown), path=shown)


def _digest(files: Mapping[str, NamedFile]) -> str:
    lines = (f"{files[name].sha256} {name}\n" for name in sorted(files))
    return f"sha256:{sha256(''.join(lines).encode()).hexdigest()}"


class _Reading:
    """Reads what one profile names, and collects what is wrong."""

    def __init__(self, profile: Profile, path: Path, shown: str) -> None:
        self._profile = profile
        self._folder = path.parent
        self._shown = shown
        self.errors: list[AuditorError] = []
        self.files: dict[str, NamedFile] = {}

    def standards(self, models: SnapshotModels) -> Standards | None:
        """Read the organisation's standards and hold them against the schema of a project's."""
        file = self._file(self._profile.standards, STANDARDS)
        if file is None:
            return None
        try:
            tree = parse_tree(file.data, path=file.shown)
        except AuditorError as error:
            self.errors.append(error)
            return None
        schema = models["project"].schema
        wanted = {**schema["properties"][STANDARDS], "$defs": schema["$defs"]}
        for violation in violations(wanted, tree.data):
            found = violation.to_error()
            is_key = violation.slug == "unknown-key"
            place = tree.locate([violation.pointer], keys=is_key).get(violation.pointer)
            excerpt = None if place is None else tree.excerpt(place.line)
            self.errors.append(
                ProfileError(found.message, hint=found.hint, location=place, excerpt=excerpt)
            )
        return Standards(tree, file.sha256)

    def population(self) -> PopulationFile | None:
        """Read the population."""
        file = self._file(self._profile.population, "population")
        if file is None:
            return None
        try:
            return parse_population(file.data, path=file.shown)
        except AuditorError as error:
            self._add(error)
            return None

    def mappings(self) -> None:
        """Read the status mappings, each for a reader that there is."""
        known = names(READERS)
        for reader, below in self._profile.mappings.items():
            if reader not in known:
                node = self._profile.key("mappings", reader)
                message = f"no reader is called '{reader}'"
                self._fault(node, message, did_you_mean(reader, known))
            file = self._file(below, "mappings", reader)
            if file is not None:
                try:
                    read_mapping(file.data, path=file.shown)
                except AuditorError as error:
                    self._add(error)

    def ext(self, models: SnapshotModels) -> Extension | None:
        """Read the schema of the organisation's own fields, of whatever kind of auditee."""
        file = self._file(self._profile.ext, "ext")
        if file is None:
            return None
        known = (extensible(models[target].schema) for target in ("project", "unit"))
        try:
            entities = dict.fromkeys(entity for names in known for entity in names)
            return read_extension(parse_tree(file.data, path=file.shown), list(entities))
        except AuditorError as error:
            self._add(error)
            return None

    def attest_instead(self) -> Iterator[AttestInstead]:
        """Turn what is sent to attestation into what the plan wants."""
        for position, one in enumerate(self._profile.attest_instead):
            node = self._profile.node("attest_instead", position, "valid_for")
            valid_for = self._span(one.valid_for, node, UNITS)
            if valid_for is not None:
                yield AttestInstead(
                    fact=one.fact,
                    by=one.roles,
                    valid_for=valid_for,
                    policies=one.policies,
                    controls=one.controls,
                    reason=one.because.reason,
                    who=one.because.by,
                    on=one.because.on,
                )

    def freshness(self) -> None:
        """Hold the age that a snapshot may have against the one that needs no reason."""
        freshness = self._profile.freshness
        node = self._profile.node("freshness", "value")
        span = self._span(freshness.within, node, tuple(_HOURS))
        if span is None or freshness.because is not None:
            return
        if span.amount * _HOURS[span.unit] > _HOURS_WITHOUT_REASON:
            message = f"snapshots may be {freshness.within} old, longer than {FRESHNESS}, and nothing says why"
            hint = "add reason: ..., by: ..., on: ..."
            self._fault(node, message, hint)

    def _span(self, text: str, node: Node, units: tuple[str, ...]) -> Span | None:
        span = parse_span(text)
        if span is None or span.unit not in units:
            hint = f"write a number and one of {', '.join(units)}"
            self._fault(node, f"'{text}' is no length of time that can stand here", hint)
            return None
        return span

    def _file(self, below: str | None, *key: str) -> NamedFile | None:
        """Read a file that the profile names; None where it names none or it cannot be read."""
        if below is None:
            return None
        if below in self.files:
            return self.files[below]
        path = self._folder / below
        shown = (Path(self._shown).parent / below).as_posix()
        node = self._profile.node(*key)
        try:
            if not path.resolve().is_relative_to(self._folder.resolve()):
                hint = "put the file itself there: a link could be turned elsewhere unseen"
                self._fault(node, f"'{shown}' leads out of the profile's folder", hint)
                return None
            file = NamedFile(shown, bytes_of(path, shown))
        except AuditorError as error:
            self._fault(node, error.message, error.hint or "check its path")
            return None
        self.files[below] = file
        return file

    def _add(self, error: AuditorError) -> None:
        self.errors.extend(error.errors if isinstance(error, ErrorGroup) else (error,))

    def _fault(self, node: Node, message: str, hint: str) -> None:
        self.errors.append(
            ProfileError(message, hint=hint, location=node.location, excerpt=node.excerpt)
        )
