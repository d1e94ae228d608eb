"""
From what was found to snapshots: files into memory, bytes through a reader, data through the schema.

An input that cannot be read becomes an error with its place, and the next one is read. The instant up to
which a delivery folder speaks is taken from git, when the folder does not say it itself; nobody's clock is
asked, because a verdict would then depend on when somebody looked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from auditor.documents.limits import MAX_BYTES, MAX_EXCERPT
from auditor.documents.source import decode
from auditor.model.errors import AuditorError, ConfigError, ErrorGroup, InputError, UsageProblem
from auditor.sources.contract import ReaderOptions, SourceFiles
from auditor.sources.mapping import read_mapping
from auditor.sources.merge import merge, without
from auditor.usecases.commit_time import newest_commit
from auditor.usecases.find_inputs import find_inputs, reader_called
from auditor.usecases.read_config import unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from auditor.facts.snapshot import Snapshot, SnapshotModel
    from auditor.model.location import Location
    from auditor.sources.config import Config, SourceConfig
    from auditor.sources.contract import Draft, PlaceIndex
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


def load_files(found: Found) -> SourceFiles:
    """
    Read the bytes of *found*.

    Raises:
        InputError: A file cannot be read, or is too large; a part of a source is never taken for all of it.
    """
    paths = found.files or (found.path.name,)
    folder = found.path if found.files else found.path.parent
    is_folder = bool(found.files)
    files: dict[str, bytes] = {}
    for below in paths:
        path = folder / below
        shown = f"{found.name}/{below}" if is_folder else found.name
        try:
            if (size := path.stat().st_size) > MAX_BYTES:
                msg = (
                    f"'{shown}' has {size} bytes, more than the {MAX_BYTES} that one file may have"
                )
                raise InputError(msg, hint="split it, or leave out what no policy reads")
            files[below] = path.read_bytes()
        except OSError as error:
            raise unreadable(shown, error) from None
    return SourceFiles(found.name, files, is_folder)


def draft_of(found: Found, source: SourceFiles, options: ReaderOptions, notes: list[str]) -> Draft:
    """Let the reader of *found* make a snapshot, or the readers that its ``auditor.yaml`` names."""
    if source.is_folder and (commit := newest_commit(found.path)) is not None:
        options = replace(options, captured_at=commit.at)
        if not commit.is_clean:
            notes.append(
                f"{found.name} has changes that are not committed; it is judged as of its newest"
                f" commit, {commit.at}"
            )
    if found.config is None:
        if found.reader is None:  # find_inputs gives one of the two
            msg = f"no reader knows what '{found.name}' is"
            raise UsageProblem(msg)
        draft = found.reader.read(source, options)
        return merged([draft], options) if source.is_folder else draft
    drafts = [_entry_draft(entry, found.config, source, options) for entry in found.config.sources]
    return merged(drafts, options)


def merged(drafts: Sequence[Draft], options: ReaderOptions) -> Draft:
    """Join what several sources say of one auditee; of one source, the parties that are one person."""
    if options.root is None:
        msg = "sources are joined by the type of the snapshot"
        raise TypeError(msg)
    return merge(drafts, root=options.root)


def _entry_draft(
    entry: SourceConfig, config: Config, source: SourceFiles, options: ReaderOptions
) -> Draft:
    part = _part(entry, source)
    if not part.files:
        msg = f"the source '{entry.path}' holds no file"
        raise ConfigError(msg, hint="check its path", location=entry.location("/path"))
    try:
        reader = reader_called(entry.reader)
    except UsageProblem as error:
        place = entry.location("/reader")
        raise ConfigError(error.message, hint=error.hint, location=place) from None
    options = replace(
        options,
        captured_at=entry.captured_at or config.captured_at or options.captured_at,
        time_zone=config.time_zone,
        auditee=config.auditee,
        settings=entry.settings,
    )
    draft = reader.read(part, _with_mapping(options, entry, source))
    return without(draft, entry.leave_out, source=part.name)


def _part(entry: SourceConfig, source: SourceFiles) -> SourceFiles:
    """Return what *entry* means of a folder: all of it, a folder in it, or one file."""
    if entry.path == ".":
        return source
    if entry.path in source.files:
        name = entry.path.rpartition("/")[2]
        return SourceFiles(
            source.shown(entry.path), {name: source.files[entry.path]}, is_folder=False
        )
    prefix = f"{entry.path}/"
    files = {
        path.removeprefix(prefix): data
        for path, data in source.files.items()
        if path.startswith(prefix)
    }
    return SourceFiles(source.shown(entry.path), files, is_folder=True)


def _with_mapping(
    options: ReaderOptions, entry: SourceConfig, source: SourceFiles
) -> ReaderOptions:
    if entry.mapping is None:
        return options
    data = source.files.get(entry.mapping)
    shown = source.shown(entry.mapping)
    if data is None:
        msg = f"there is no status mapping '{shown}'"
        raise ConfigError(msg, hint="check its path", location=entry.location("/mapping"))
    return with_mapping(options, data, shown)


def with_mapping(options: ReaderOptions, data: bytes, shown: str) -> ReaderOptions:
    """
    Add a status mapping to *options*.

    Raises:
        DocumentError: It is no YAML.
        ErrorGroup: It breaks the rules of a mapping.
    """
    digest = f"sha256:{sha256(data).hexdigest()}"
    mapping = read_mapping(data, path=shown)
    return replace(options, mapping=mapping, mapping_name=shown, mapping_sha256=digest)


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
