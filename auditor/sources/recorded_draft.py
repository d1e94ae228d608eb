"""
What the head of a snapshot says of a recording: up to when it speaks, and what it was made from.

A recording speaks up to the newest instant at which one of its responses was read; no clock is asked. A list
that was read long before the rest may lack what came since, and is not all there.
"""

from __future__ import annotations

import datetime as dt
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from auditor.facts.instants import parse_moment
from auditor.facts.zones import zone
from auditor.model.errors import ConfigError
from auditor.sources.instants import rewritten

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from auditor.sources.contract import ReaderOptions, SourceFiles
    from auditor.sources.notes import AnyRow, Notes

STAGGER: Final = dt.timedelta(hours=24)
"""How long a collection may take. A list that was read earlier may lack what came since."""

_HOW_TO_DATE: Final = (
    "give the instant up to which they speak, with --captured-at or 'captured_at:' in auditor.yaml"
)


def captured_at(
    rows: Sequence[AnyRow], notes: Notes[AnyRow], *, given: str | None, source: str
) -> str:
    """
    Return the newest instant at which a response was read; where none says so, what was *given*.

    Raises:
        ConfigError: A response names a time that is no instant, or nobody says when they were read.
    """
    newest: str | None = None
    for row in rows:
        spelt = notes.read_at(row)
        if spelt is None and row.read_at is not None:
            # Whatever was given: a later instant would claim facts that the response has not.
            raise _no_instant(row, row.read_at)
        if spelt is not None and (newest is None or parse_moment(spelt) > parse_moment(newest)):
            newest = spelt
    if newest is not None:
        return newest
    if given is None:
        message = f"no response in {source} says when it was read"
        raise ConfigError(message, hint=_HOW_TO_DATE, location=rows[0].location)
    try:
        parse_moment(given)
    except ValueError as error:
        message = f"captured_at '{given}' is no instant: {error}"
        raise ConfigError(message, hint=_HOW_TO_DATE) from None
    return given


def read_instant(row: AnyRow, notes: Notes[AnyRow]) -> dt.datetime | None:
    """Return when a row was read, None where that is not known."""
    spelt = notes.read_at(row)
    return None if spelt is None else parse_moment(spelt)


def was_read_early(rows: Iterable[AnyRow], captured: dt.datetime, notes: Notes[AnyRow]) -> bool:
    """Tell whether any of *rows* was read so long before the newest that later facts may be missing."""
    read = [read_instant(row, notes) for row in rows]
    return any(at is not None and captured - at > STAGGER for at in read)


def head(
    auditee: str,
    captured: str,
    source: Mapping[str, Any],
    *,
    options: ReaderOptions,
    notes: Notes[AnyRow],
    gaps: Mapping[str, str],
) -> dict[str, Any]:
    """Make the head of a snapshot that has one source."""
    made: dict[str, Any] = {
        "schema": {"name": "project", "version": 1},
        "auditee": auditee,
        "captured_at": captured,
        "sources": [source],
        "assumptions": [],
        "gaps": dict(sorted(gaps.items())),
    }
    if options.time_zone is not None:
        made["time_zone"] = options.time_zone
    if options.mapping is not None:
        made["mapping"] = {
            "file": notes.mapping_name,
            "sha256": options.mapping_sha256,
            "owner": options.mapping.get("owner"),
            "at": options.mapping.get("at"),
        }
    if notes.is_zone_used and notes.zone is not None:
        made["assumptions"].append(
            f"{notes.source}: times that name no time zone are read in {notes.zone.key}"
        )
    return made


def source_entry(
    captured: str,
    rows: Sequence[AnyRow],
    files: SourceFiles,
    *,
    source: str,
    kind: str,
    tool: str,
    asked: Iterable[str],
    gaps: Mapping[str, str],
) -> dict[str, Any]:
    """
    Describe the source of *rows*.

    Args:
        captured: Newest instant at which it was read.
        rows: The rows that became facts.
        files: The recording.
        source: Its id.
        kind: Name of the reader.
        tool: What answered, and where.
        asked: The requests.
        gaps: What is missing.
    """
    used = sorted({row.locator.rpartition(":")[0] for row in rows})
    return {
        "id": source,
        "kind": kind,
        "tool": tool,
        "query": ", ".join(sorted(set(asked))) or None,
        "retrieved_at": captured,
        "rows": len(rows),
        "completeness": "truncated" if "truncated" in gaps.values() else "complete",
        "raw": [f"sha256:{sha256(files.files[path]).hexdigest()}" for path in used],
    }


def _no_instant(row: AnyRow, written: str) -> ConfigError:
    if rewritten(written, zone("UTC")) is None:
        message, hint = f"captured_at '{written}' is no instant", _HOW_TO_DATE
    else:
        message = f"captured_at '{written}' names no time zone"
        hint = (
            "say in which zone the recorder wrote its times, e.g. with 'assume_time_zone: UTC' "
            "under the settings of this source in auditor.yaml"
        )
    return ConfigError(message, hint=hint, location=row.location)
