"""
Make a snapshot out of sources, and write it down: what `auditor collect` does.

What is written is what was read: the shaping for evaluation is only a check here, so that a snapshot which
no later verb could read is never written.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.documents.yaml import parse_yaml
from auditor.model.errors import ErrorGroup, ExitCode, UsageProblem
from auditor.sources.contract import ReaderOptions
from auditor.usecases.draft_source import draft_of, merged, root_for, with_mapping
from auditor.usecases.find_inputs import (
    Found,
    files_for,
    find_inputs,
    no_snapshot,
    reader_called,
)
from auditor.usecases.load_files import load_files
from auditor.usecases.read_config import unreadable
from auditor.usecases.read_inputs import shaped, shown_files
from auditor.usecases.read_policies import snapshot_models
from auditor.usecases.shown_name import shown_name
from auditor.usecases.write_outputs import STDOUT, refuse_overwriting, write_file

if TYPE_CHECKING:
    from collections.abc import Iterable

    from auditor.facts.snapshot import SnapshotModels
    from auditor.facts.types import ObjectType
    from auditor.model.errors import AuditorError
    from auditor.sources.contract import Draft, SourceFiles
    from auditor.usecases.audience import Audience


@dataclass(frozen=True, slots=True)
class Collecting:
    """What to collect, and what the user says about it."""

    paths: tuple[str, ...]
    reader: str | None = None
    """None to let the readers' own claims decide."""
    mapping: str | None = None
    """Path of a status mapping."""
    settings: tuple[str, ...] = ()
    """``KEY=VALUE``, the value as an ``auditor.yaml`` writes it."""
    captured_at: str | None = None
    time_zone: str | None = None
    auditee: str | None = None
    file: str = STDOUT


def collect_snapshot(wanted: Collecting, audience: Audience) -> ExitCode:
    """
    Read the sources, merge them into one snapshot and write it as JSON.

    Returns:
        `ExitCode.BAD_INPUT` where a part of a source could not be read: the snapshot is written all the same,
        with gaps for that part.

    Raises:
        UsageProblem: A path does not stand for one source, or the snapshot would overwrite a source.
        ErrorGroup: A source cannot be read, or what was read breaks the schema.
        OutputError: The file cannot be written.
    """
    models = snapshot_models()
    options = ReaderOptions(
        captured_at=wanted.captured_at,
        time_zone=wanted.time_zone,
        auditee=wanted.auditee,
        settings=_settings(wanted.settings),
    )
    if wanted.mapping is not None:
        options = with_mapping(options, _bytes(wanted.mapping), shown_name(wanted.mapping))
    notes: list[str] = []
    drafts: list[Draft] = []
    sources: list[SourceFiles] = []
    every = [_source(path, wanted.reader) for path in wanted.paths]
    options = replace(options, root=_root(every, models))
    for found in every:
        refuse_overwriting([wanted.file], found.paths())
        sources.append(load_files(found))
        drafts.append(draft_of(found, sources[-1], options, notes))
    draft = drafts[0] if len(drafts) == 1 else merged(drafts, options)
    for note in notes:
        audience.note(note)
    audience.errors(draft.problems)
    snapshot = shaped(draft, shown_files(*sources), models)
    text = json.dumps(draft.document, ensure_ascii=False, indent=2, allow_nan=False)
    data = f"{text}\n".encode()
    if wanted.file == STDOUT:
        audience.result(data)
    else:
        write_file(wanted.file, [data])
        audience.note(f"wrote {snapshot.auditee} to {wanted.file}, {snapshot.digest}")
    return ExitCode.BAD_INPUT if draft.problems else ExitCode.OK


def _root(every: list[Found], models: SnapshotModels) -> ObjectType:
    """Return the type of the snapshot: one source that is of a unit tells what all of them are of."""
    roots = [root_for(found, models) for found in every]
    return next((root for root in roots if root is not models["project"].root), roots[0])


def _source(typed: str, reader: str | None) -> Found:
    """Return the one source that *typed* stands for."""
    if reader is not None:
        path, name, chosen = Path(typed), shown_name(typed), reader_called(reader)
        try:
            files = files_for(chosen, name, path) if path.is_dir() else ()
        except OSError as error:
            raise unreadable(name, error) from None
        return Found(name, path, chosen, files)
    inputs = find_inputs([typed])
    if inputs.errors:
        errors: Iterable[AuditorError] = (error for _, error in inputs.errors)
        raise ErrorGroup(errors)
    if not inputs.found:
        raise no_snapshot([typed])
    if len(inputs.found) > 1:
        msg = f"'{shown_name(typed)}' holds {len(inputs.found)} sources, one snapshot is made of one auditee"
        raise UsageProblem(msg, hint=f"name one of them, e.g. {inputs.found[0].name}")
    return inputs.found[0]


def _settings(texts: Iterable[str]) -> dict[str, Any]:
    settings: dict[str, Any] = {}
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals or not key:
            msg = f"'{text}' is no setting"
            raise UsageProblem(msg, hint="write --set KEY=VALUE")
        settings[key] = parse_yaml(value.encode("utf-8", "surrogatepass"), path=f"--set {key}")
    return settings


def _bytes(typed: str) -> bytes:
    try:
        return Path(typed).read_bytes()
    except OSError as error:
        raise unreadable(shown_name(typed), error) from None
