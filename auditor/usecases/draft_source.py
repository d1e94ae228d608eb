"""
From files to a draft of a snapshot: by the reader that claims them, or by those that ``auditor.yaml`` names.

The instant up to which a folder speaks is taken from git, when the folder does not say it itself; nobody's
clock is asked, because a verdict would then depend on when somebody looked.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from auditor.documents.pointer import join
from auditor.model.errors import AuditorError, ConfigError, ErrorGroup, UsageProblem
from auditor.sources.contract import ReaderOptions, SourceFiles
from auditor.usecases.find_inputs import DELIVERY, reader_called
from auditor.usecases.load_files import files_in
from auditor.usecases.read_config import CONFIG_FILE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditor.facts.snapshot import SnapshotModels
    from auditor.facts.types import ObjectType
    from auditor.sources.config import SourceConfig
    from auditor.sources.contract import Draft
    from auditor.usecases.commit_time import Commit
    from auditor.usecases.find_inputs import Found

_HEAD: Final = "snapshot"


def root_for(found: Found, models: SnapshotModels) -> ObjectType:
    """Return the type of the snapshot that *found* makes: a folder says by a file what it is of."""
    from auditor.sources.folder_layout import folder_target  # noqa: PLC0415 - a lone file has no folder

    return models[folder_target(found.files) if found.files else "project"].root


def draft_of(found: Found, source: SourceFiles, options: ReaderOptions, notes: list[str]) -> Draft:
    """
    Let the reader of *found* make a snapshot, or the readers that its ``auditor.yaml`` names.

    Raises:
        AuditorError: Nothing of it can be used, or ``auditor.yaml`` says otherwise than the source.
    """
    commit = _commit(found) if source.is_folder else None
    if commit is not None:
        options = replace(options, captured_at=commit.at)
    draft = _drafted(found, source, options)
    if commit is not None and not commit.is_clean and _is_dated(draft, commit):
        notes.append(
            f"{found.name} has changes that are not committed; they are judged too, as of its newest"
            f" commit, {commit.at}"
        )
    return draft


def _drafted(found: Found, source: SourceFiles, options: ReaderOptions) -> Draft:
    config = found.config
    if config is None:
        return _read(found, source, options)
    options = replace(
        options,
        captured_at=config.captured_at or options.captured_at,
        time_zone=config.time_zone or options.time_zone,
        auditee=config.auditee or options.auditee,
    )
    draft = _read(found, source, options)
    head = draft.document.get(_HEAD)
    told = head.get("time_zone") if isinstance(head, dict) else None
    if config.time_zone is not None and told not in {None, config.time_zone}:
        pointer = join(_HEAD, "time_zone")
        place = draft.places.locate([pointer]).get(pointer)
        msg = f"the time zone is '{told}' here, {CONFIG_FILE} says '{config.time_zone}'"
        raise ConfigError(msg, hint="make the two agree", location=place, pointer=pointer)
    return draft


def _read(found: Found, source: SourceFiles, options: ReaderOptions) -> Draft:
    if found.reader is not None:
        draft = found.reader.read(source, _with_default(options, found.reader.name))
        return merged([draft], options) if source.is_folder else draft
    entries = found.config.sources if found.config else ()
    return merged([_entry_draft(entry, source, options) for entry in entries], options)


def _commit(found: Found) -> Commit | None:
    """Return up to when a folder speaks, if its history tells."""
    from auditor.usecases.commit_time import newest_commit  # noqa: PLC0415 - a lone file has none

    delivery = found.path / DELIVERY
    return newest_commit(delivery if delivery.is_dir() else found.path)


def _is_dated(draft: Draft, commit: Commit) -> bool:
    """Whether the snapshot speaks up to *commit*, and not up to what the folder or the user says."""
    head = draft.document.get(_HEAD)
    return isinstance(head, dict) and head.get("captured_at") == commit.at


def merged(drafts: Sequence[Draft], options: ReaderOptions) -> Draft:
    """Join what several sources say of one auditee; of one source, the parties that are one person."""
    from auditor.sources.merge import merge  # noqa: PLC0415 - a lone file has nothing to join

    if options.root is None:
        msg = "sources are joined by the type of the snapshot"
        raise TypeError(msg)
    return merge(drafts, root=options.root)


def _entry_draft(entry: SourceConfig, source: SourceFiles, options: ReaderOptions) -> Draft:
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
        captured_at=entry.captured_at or options.captured_at,
        settings=entry.settings,
    )
    try:
        own = _with_mapping(options, entry, source)
        draft = reader.read(part, _with_default(own, reader.name))
    except AuditorError as error:
        _place_setting(error, entry)
        raise
    if not entry.leave_out:
        return draft
    from auditor.sources.merge import without  # noqa: PLC0415 - see `merged`

    return without(draft, entry.leave_out, source=part.name)


def _place_setting(error: AuditorError, entry: SourceConfig) -> None:
    """Say where in ``auditor.yaml`` the setting stands that a reader cannot use."""
    for one in error.errors if isinstance(error, ErrorGroup) else (error,):
        if isinstance(one, ConfigError) and one.location is None:
            one.location = entry.location(one.pointer or "")


def _part(entry: SourceConfig, source: SourceFiles) -> SourceFiles:
    """Return what *entry* means of a folder: all of it, a folder in it, or one file."""
    if entry.path == ".":
        return source
    if entry.path in source.files:
        name = entry.path.rpartition("/")[2]
        return SourceFiles(
            source.shown(entry.path), {name: source.files[entry.path]}, is_folder=False
        )
    files = files_in(source.files, entry.path)
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


def _with_default(options: ReaderOptions, reader: str) -> ReaderOptions:
    """Add the profile's status mapping for a reader, where the source has none of its own."""
    default = options.mappings.get(reader)
    if options.mapping is not None or default is None:
        return options
    name, data = default
    return with_mapping(options, data, name)


def with_mapping(options: ReaderOptions, data: bytes, shown: str) -> ReaderOptions:
    """
    Add a status mapping to *options*.

    Raises:
        DocumentError: It is no YAML.
        ErrorGroup: It breaks the rules of a mapping.
    """
    from auditor.sources.mapping import read_mapping  # noqa: PLC0415 - few sources have one

    digest = f"sha256:{sha256(data).hexdigest()}"
    mapping = read_mapping(data, path=shown)
    return replace(options, mapping=mapping, mapping_name=shown, mapping_sha256=digest)
