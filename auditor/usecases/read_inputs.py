"""
From what was found to snapshots: files into memory, bytes through a reader, data through the schema.

An input that cannot be read becomes an error with its place, and the next one is read.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from auditor.documents.limits import MAX_EXCERPT
from auditor.documents.source import decode
from auditor.documents.tree import parse_tree
from auditor.model.errors import AuditorError, ErrorGroup, SnapshotError
from auditor.sources.contract import ReaderOptions
from auditor.usecases.audience import unwatched
from auditor.usecases.draft_source import draft_of, root_for
from auditor.usecases.find_inputs import find_inputs
from auditor.usecases.load_files import load_files, readable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from auditor.facts.snapshot import Snapshot, SnapshotModels
    from auditor.model.location import Location
    from auditor.sources.attestations import FiledAttestation
    from auditor.sources.contract import Draft, PlaceIndex, SourceFiles
    from auditor.usecases.audience import Progress
    from auditor.usecases.find_inputs import Found
    from auditor.usecases.read_profile import LoadedProfile

_HEAD: Final = "snapshot"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A snapshot, and where its facts are."""

    name: str
    snapshot: Snapshot
    places: PlaceIndex


@dataclass(slots=True)
class ReadInputs:
    """What the paths of a command line came to."""

    loaded: list[Loaded] = field(default_factory=list)
    attestations: list[FiledAttestation] = field(default_factory=list)
    """In the order of their files and of the records in each."""
    beside: set[str] = field(default_factory=set)
    """Names of inputs that are no snapshots, whatever is wrong with them."""
    errors: list[tuple[str, AuditorError]] = field(default_factory=list)
    """Name of the input, and what is wrong with it; some of these inputs are loaded all the same, in part."""
    passed_over: list[tuple[str, str]] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    """What was read for it, or could not be; not what was passed over."""
    notes: list[str] = field(default_factory=list)
    """What a user may want to know, and no report needs to."""


def read_inputs(
    paths: Iterable[str],
    models: SnapshotModels,
    *,
    captured_at: str | None = None,
    profile: LoadedProfile | None = None,
    progress: Progress = unwatched,
) -> ReadInputs:
    """
    Read every snapshot that *paths* stand for.

    Args:
        paths: As typed.
        models: The schemas of snapshots.
        captured_at: RFC 3339; what ``--captured-at`` says of sources that cannot say it themselves.
        profile: Gives snapshots what the organisation knows and they do not.
        progress: Shows how far the reading is.
    """
    inputs = find_inputs(paths)
    options = ReaderOptions(captured_at=captured_at)
    if profile is not None:
        options = replace(options, mappings=profile.default_mappings())
    result = ReadInputs(errors=list(inputs.errors), passed_over=list(inputs.passed_over))
    for found in progress(inputs.found, "reading inputs", total=len(inputs.found)):
        result.files += found.paths()
        try:
            _read_one(found, models, options, result, profile)
        except AuditorError as error:
            result.errors.append((found.name, error))
    result.beside = {found.name for found in inputs.attestations}
    for found in inputs.attestations:
        result.files += found.paths()
        try:
            result.attestations += _attestations(load_files(found))
        except AuditorError as error:
            result.errors.append((found.name, error))
    result.attestations.sort(key=_place)
    return result


def _place(filed: FiledAttestation) -> tuple[str, int, int]:
    place = filed.record.place
    return (place.path, place.line, place.column) if place is not None else ("", 0, 0)


def _attestations(source: SourceFiles) -> list[FiledAttestation]:
    from auditor.sources.attestations import parse_attestations  # noqa: PLC0415 - see `_is_attested`

    files = source.files
    return [
        filed
        for path in files
        for filed in parse_attestations(files[path], path=source.shown(path))
    ]


def _is_attested(source: SourceFiles) -> bool:
    """Whether *source* is a file of attestations beside the snapshots."""
    if source.is_folder or not any(b"attestation" in data for data in source.files.values()):
        return False
    from auditor.sources.attestations import holds_attestations  # noqa: PLC0415 - most runs have none

    return all(
        holds_attestations(data, path=source.shown(path)) for path, data in source.files.items()
    )


def _read_one(
    found: Found,
    models: SnapshotModels,
    options: ReaderOptions,
    result: ReadInputs,
    profile: LoadedProfile | None,
) -> None:
    source = load_files(found)
    if _is_attested(source):
        result.attestations += _attestations(source)
        return
    options = replace(options, root=root_for(found, models))
    draft = snapshot_draft(found, source, options, result.notes)
    if draft is None:
        result.files = result.files[: -len(found.paths())]
        result.passed_over.append((found.name, f"it has no '{_HEAD}' head"))
        return
    result.errors.extend((found.name, problem) for problem in draft.problems)
    files = shown_files(source)
    if profile is not None:
        draft, files = _provided(draft, profile, models), files | profile.shown_files()
    result.loaded.append(Loaded(found.name, shaped(draft, files, models), draft.places))


def _provided(draft: Draft, profile: LoadedProfile, models: SnapshotModels) -> Draft:
    from auditor.sources.provided_facts import provide  # noqa: PLC0415 - few runs have a profile

    return provide(draft, profile.provided, root=models.of(draft.document).root)


def snapshot_draft(
    found: Found, source: SourceFiles, options: ReaderOptions, notes: list[str]
) -> Draft | None:
    """
    Let the reader of *found* make a snapshot; None for a document beside the snapshots that is none.

    What the user names is meant to be one; a file that merely lies in a folder is one if its top has the key
    ``snapshot``. Only what was parsed can be known to lack it: whatever else is wrong with a file is raised,
    since a snapshot that somebody damaged must not vanish from a run.

    Raises:
        AuditorError: It cannot be read, cannot be parsed, or says nothing at all.
    """
    if found.is_named or source.is_folder:
        return draft_of(found, source, options, notes)
    try:
        draft = draft_of(found, source, options, notes)
    except SnapshotError:
        if _is_something_else(source):
            return None
        raise
    return draft if _HEAD in draft.document else None


def _is_something_else(source: SourceFiles) -> bool:
    """Whether *source* was parsed and is a list or a scalar; a document of nothing may have been anything."""
    trees = [parse_tree(data, path=source.shown(path)) for path, data in source.files.items()]
    return all(tree.data is not None and not isinstance(tree.data, dict) for tree in trees)


def shown_files(*sources: SourceFiles) -> dict[str, bytes]:
    """Return every readable file of *sources* by the name under which places speak of it."""
    return {
        source.shown(path): data
        for source in sources
        for path, data in readable(source.files).items()
    }


def shaped(draft: Draft, files: Mapping[str, bytes], models: SnapshotModels) -> Snapshot:
    """
    Hold a draft against the schema.

    Args:
        draft: What a reader made.
        files: What it was made from, by shown name, for the source lines of errors.
        models: The schemas.

    Raises:
        ErrorGroup: Everything that is wrong with it, with places.
    """
    try:
        return models.read(draft.document)
    except AuditorError as error:
        raise ErrorGroup(located(error, draft.places, files)) from None


def located(
    error: AuditorError, places: PlaceIndex, files: Mapping[str, bytes]
) -> tuple[AuditorError, ...]:
    """Add to each error that names a pointer the place and the source line of it."""
    errors = error.errors if isinstance(error, ErrorGroup) else (error,)
    ancestors = {one.pointer: _upward(one.pointer) for one in errors if one.pointer is not None}
    known = places.locate(sorted({step for steps in ancestors.values() for step in steps}))
    for one in errors:
        if one.location is None and one.pointer is not None:
            # What is missing has no place of its own: the nearest thing around it has.
            steps = ancestors[one.pointer]
            one.location = next((known[step] for step in steps if step in known), None)
        if one.location is not None and one.excerpt is None:
            one.excerpt = _excerpt(one.location, files)
    return errors


def _upward(pointer: str) -> list[str]:
    steps = [pointer]
    while steps[-1]:
        steps.append(steps[-1].rpartition("/")[0])
    return steps


def _excerpt(location: Location, files: Mapping[str, bytes]) -> str | None:
    data = files.get(location.path)
    if data is None or location.column >= MAX_EXCERPT:
        return None
    try:
        return decode(data, path=location.path).excerpt(location.line)
    except AuditorError:
        return None
