"""
From what was found to snapshots: files into memory, bytes through a reader, data through the schema.

An input that cannot be read becomes an error with its place, and the next one is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from auditor.documents.limits import MAX_EXCERPT
from auditor.documents.source import decode
from auditor.model.errors import AuditorError, ErrorGroup
from auditor.sources.contract import ReaderOptions
from auditor.usecases.draft_source import draft_of
from auditor.usecases.find_inputs import find_inputs
from auditor.usecases.load_files import load_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from auditor.facts.snapshot import Snapshot, SnapshotModel
    from auditor.model.location import Location
    from auditor.sources.contract import Draft, PlaceIndex, SourceFiles
    from auditor.usecases.find_inputs import Found

_HEAD: Final = re.compile(
    rb"""^\{?\s*["']?snapshot["']?\s*:|[{,]\s*["']?snapshot["']?\s*:""", re.MULTILINE
)
"""The key, at the start of a line of block YAML, or after a brace or comma of JSON."""


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
    errors: list[tuple[str, AuditorError]] = field(default_factory=list)
    """Name of the input, and what is wrong with it; some of these inputs are loaded all the same, in part."""
    passed_over: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What a user may want to know, and no report needs to."""


def read_inputs(
    paths: Iterable[str], model: SnapshotModel, *, captured_at: str | None = None
) -> ReadInputs:
    """
    Read every snapshot that *paths* stand for.

    Args:
        paths: As typed.
        model: The schema of snapshots.
        captured_at: RFC 3339; what ``--captured-at`` says of sources that cannot say it themselves.
    """
    inputs = find_inputs(paths)
    result = ReadInputs(errors=list(inputs.errors), passed_over=list(inputs.passed_over))
    for found in inputs.found:
        try:
            _read_one(found, model, captured_at, result)
        except AuditorError as error:
            result.errors.append((found.name, error))
    return result


def _read_one(
    found: Found, model: SnapshotModel, captured_at: str | None, result: ReadInputs
) -> None:
    source = load_files(found)
    if not has_head(found, source):
        result.passed_over.append((found.name, "it has no 'snapshot' head"))
        return
    options = ReaderOptions(captured_at=captured_at, root=model.root)
    draft = draft_of(found, source, options, result.notes)
    result.errors.extend((found.name, problem) for problem in draft.problems)
    result.loaded.append(
        Loaded(found.name, shaped(draft, shown_files(source), model), draft.places)
    )


def has_head(found: Found, source: SourceFiles) -> bool:
    """
    Whether *found* is meant to be a snapshot.

    What the user names is; a file that merely lies in a folder is one if its top has the key ``snapshot``.
    It is not parsed for that: what lies beside the snapshots need not even be well-formed.
    """
    if found.is_named or source.is_folder:
        return True
    return all(_HEAD.search(data) for data in source.files.values())


def shown_files(*sources: SourceFiles) -> dict[str, bytes]:
    """Return every file of *sources* by the name under which places speak of it."""
    return {source.shown(path): data for source in sources for path, data in source.files.items()}


def shaped(draft: Draft, files: Mapping[str, bytes], model: SnapshotModel) -> Snapshot:
    """
    Hold a draft against the schema.

    Args:
        draft: What a reader made.
        files: What it was made from, by shown name, for the source lines of errors.
        model: The schema.

    Raises:
        ErrorGroup: Everything that is wrong with it, with places.
    """
    try:
        return model.read(draft.document)
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
