"""
Read recorded Jira responses: issues with their histories, sprints and worklogs.

A board knows what was worked on and when; it knows nothing of baselines, approvals, meetings, roles or
risks, and says so in the gaps. What a status means is said by a mapping file alone: Jira's own category is
wrong as soon as somebody adds a status in a hurry. The directory of parties holds whom the records name,
which is not everybody on the project.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from auditor.documents.pointer import join
from auditor.facts.instants import parse_moment
from auditor.facts.zones import zone
from auditor.model.errors import ConfigError, InputError, did_you_mean
from auditor.sources import jira_gaps, jira_history, jira_items
from auditor.sources.contract import Draft
from auditor.sources.instants import rewritten
from auditor.sources.jira_notes import Notes
from auditor.sources.jira_records import read_recording
from auditor.sources.jira_selection import select
from auditor.sources.record_places import RecordPlaces

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from auditor.model.location import Location
    from auditor.sources.contract import ReaderOptions, SourceFiles
    from auditor.sources.jira_records import Row
    from auditor.sources.jira_selection import Part, Selection

_RECORDED: Final = (b"/rest/api/", b"/rest/agile/")
_SNIFFED_BYTES: Final = 4096
_HOW_TO_DATE: Final = (
    "give the instant up to which they speak, with --captured-at or 'captured_at:' in auditor.yaml"
)


class JiraExportReader:
    """Reader of recorded Jira responses, one JSON object a line."""

    name = "jira_export"
    settings: Final = ("assume_time_zone", "id", "projects", "site")
    """Keys of its own in ``auditor.yaml``."""

    def claims(self, source: SourceFiles) -> bool:
        """Tell whether JSON Lines are called after Jira, or begin as recorded responses of it do."""
        return any(
            path.endswith((".jsonl", ".ndjson"))
            and (
                "jira" in f"{source.name}/{path}".lower()
                or any(mark in data[:_SNIFFED_BYTES] for mark in _RECORDED)
            )
            for path, data in source.files.items()
        )

    def read(self, source: SourceFiles, options: ReaderOptions) -> Draft:
        """
        Make a snapshot of the board.

        Raises:
            InputError: No record of Jira is in the files.
            ConfigError: A setting is missing or matches nothing.
        """
        return _Reading(source, options).draft()


class _Reading:
    """One reading of one source."""

    def __init__(self, source: SourceFiles, options: ReaderOptions) -> None:
        self.source = source
        self.options = options
        for setting in options.settings:
            if setting not in JiraExportReader.settings:
                message = f"{JiraExportReader.name} has no setting '{setting}'"
                hint = did_you_mean(setting, JiraExportReader.settings)
                raise ConfigError(message, hint=hint, pointer=join("settings", setting))
        self.recording = read_recording(source)
        self.notes = Notes(
            source=self._text("id") or "jira",
            zone=self._assumed_zone(),
            mapping=options.mapping,
            mapping_name=options.mapping_name or "the mapping file",
        )

    def draft(self) -> Draft:
        """Make the snapshot, its places and its problems."""
        notes = self.notes
        chosen = select(
            self.recording, notes, site=self._text("site"), projects=self._texts("projects")
        )
        rows = chosen.rows()
        if not rows:
            raise self._nothing()
        captured_at = self._captured_at(rows)
        project = self._project(chosen, rows[0])
        lists, places = self._lists(chosen)
        gaps = jira_gaps.incomplete_lists(chosen, self.recording, parse_moment(captured_at), notes)
        gaps["/snapshot/calendar"] = "not_supported"
        # A list that was asked for is there, empty or not.
        kept = {
            name: made for name, made in lists.items() if gaps.get(f"/{name}") != "not_collected"
        }
        document = {"snapshot": {}, "project": project, **kept}
        gaps |= notes.gaps(kept)
        if self.options.root is not None:
            gaps = jira_gaps.unknown_entities(document, self.options.root) | gaps
        document["snapshot"] = self._head(project["id"], captured_at, rows, gaps)
        problems = (*self.recording.problems, *notes.problems, *notes.mapping_problems())
        places["/project"] = rows[0].location
        return Draft(document, RecordPlaces(places), problems)

    def _nothing(self) -> InputError:
        damage = [problem.location for problem in self.recording.problems if problem.location]
        return InputError(
            f"no record of Jira is in {self.source.name}",
            hint="want JSON Lines of recorded responses with url, captured_at and body",
            location=damage[0] if damage else None,
        )

    def _captured_at(self, rows: list[Row]) -> str:
        """Return the newest instant at which a response was read."""
        given = self.options.captured_at
        newest: str | None = None
        for row in rows:
            spelt = self.notes.read_at(row)
            if spelt is None and row.read_at is not None:
                # Whatever was given: a later instant would claim facts that the response has not.
                raise self._no_instant(row, row.read_at)
            if spelt is not None and (newest is None or parse_moment(spelt) > parse_moment(newest)):
                newest = spelt
        if newest is not None:
            return newest
        if given is None:
            message = f"no response in {self.source.name} says when it was read"
            raise ConfigError(message, hint=_HOW_TO_DATE, location=rows[0].location)
        try:
            parse_moment(given)
        except ValueError as error:
            message = f"captured_at '{given}' is no instant: {error}"
            raise ConfigError(message, hint=_HOW_TO_DATE) from None
        return given

    def _no_instant(self, row: Row, written: str) -> ConfigError:
        if rewritten(written, zone("UTC")) is None:
            message, hint = f"captured_at '{written}' is no instant", _HOW_TO_DATE
        else:
            message = f"captured_at '{written}' names no time zone"
            hint = (
                "say in which zone the recorder wrote its times, e.g. with 'assume_time_zone: UTC' "
                "under the settings of this source in auditor.yaml"
            )
        return ConfigError(message, hint=hint, location=row.location)

    def _project(self, chosen: Selection, row: Row) -> dict[str, Any]:
        known = chosen.projects
        auditee = self.options.auditee
        if auditee is None and len(known) == 1:
            auditee = self.notes.id(next(iter(known)))
        if auditee is None:
            listed = ", ".join(sorted(key or native for native, (key, _) in known.items()))
            message = (
                f"the issues belong to {len(known)} Jira projects: {listed or 'none is named'}"
            )
            hint = "choose with 'projects:' under the settings of this source, or give 'auditee:' to judge them as one"
            raise ConfigError(message, hint=hint)
        project: dict[str, Any] = {"id": auditee}
        if len(known) == 1:
            key, name = next(iter(known.values()))
            project |= {field: value for field, value in (("key", key), ("name", name)) if value}
        return {**project, "prov": self.notes.prov(row)}

    def _lists(
        self, chosen: Selection
    ) -> tuple[dict[str, list[dict[str, Any]]], dict[str, Location]]:
        """Make the records, in an order that does not depend on that of the files."""
        notes = self.notes
        made: dict[str, list[tuple[dict[str, Any], Row]]] = {
            "parties": [],
            "sprints": [
                (jira_items.sprint(native, part.body, part.row, notes), part.row)
                for native, part in _ordered(chosen.sprints)
            ],
            "work_items": [
                (jira_items.work_item(part.row, notes), part.row)
                for _, part in _ordered(chosen.issues)
            ],
            "change_events": [],
            "time_entries": [
                (jira_items.time_entry(native, part.body, part.issue, part.row, notes), part.row)
                for native, part in _ordered(chosen.worklogs)
            ],
        }
        for native, part in _ordered(chosen.histories):
            events = jira_history.change_events(part.body, native, part.issue, part.row, notes)
            if events is None:
                chosen.lost.add("history")
            else:
                made["change_events"] += [(event, part.row) for event in events]
        # Stable: what happened at one instant stays in the order in which Jira numbered it.
        made["change_events"].sort(key=lambda pair: parse_moment(pair[0]["at"]))
        made["parties"] = [
            (party, notes.met_in[party["id"]]) for _, party in sorted(notes.parties.items())
        ]
        places = {
            f"/{name}/{position}": row.location
            for name, pairs in made.items()
            for position, (_, row) in enumerate(pairs)
        }
        lists = {name: [record for record, _ in pairs] for name, pairs in made.items()}
        return lists, places

    def _head(
        self, auditee: str, captured_at: str, rows: list[Row], gaps: Mapping[str, str]
    ) -> dict[str, Any]:
        options, notes = self.options, self.notes
        head: dict[str, Any] = {
            "schema": {"name": "project", "version": 1},
            "auditee": auditee,
            "captured_at": captured_at,
            "sources": [self._source(captured_at, rows, gaps)],
            "assumptions": [],
            "gaps": dict(sorted(gaps.items())),
        }
        if options.time_zone is not None:
            head["time_zone"] = options.time_zone
        if options.mapping is not None:
            head["mapping"] = {
                "file": notes.mapping_name,
                "sha256": options.mapping_sha256,
                "owner": options.mapping.get("owner"),
                "at": options.mapping.get("at"),
            }
        if notes.is_zone_used and notes.zone is not None:
            head["assumptions"].append(
                f"{notes.source}: times that name no time zone are read in {notes.zone.key}"
            )
        return head

    def _source(self, captured_at: str, rows: list[Row], gaps: Mapping[str, str]) -> dict[str, Any]:
        used = sorted({row.locator.rpartition(":")[0] for row in rows})
        asked = {
            row.request.path
            for row in rows
            if row.request is not None and row.request.page_size and row.request.issue is None
        }
        sites = sorted({row.site for row in rows if row.site})
        return {
            "id": self.notes.source,
            "kind": JiraExportReader.name,
            "tool": " ".join(["Jira", *sites]),
            "query": ", ".join(sorted(asked)) or None,
            "retrieved_at": captured_at,
            "rows": len(rows),
            "completeness": "truncated" if "truncated" in gaps.values() else "complete",
            "raw": [f"sha256:{sha256(self.source.files[path]).hexdigest()}" for path in used],
        }

    def _assumed_zone(self) -> ZoneInfo | None:
        name = self._text("assume_time_zone") or self.options.time_zone
        try:
            return None if name is None else zone(name)
        except ValueError as error:
            raise ConfigError(str(error)) from None

    def _text(self, setting: str) -> str | None:
        value = self.options.settings.get(setting)
        if value is None or (isinstance(value, str) and value):
            return value
        message = f"'{setting}' wants a text, for {self.source.name}"
        raise ConfigError(
            message, hint=f"write '{setting}: NAME'", pointer=join("settings", setting)
        )

    def _texts(self, setting: str) -> tuple[str, ...]:
        value = self.options.settings.get(setting, ())
        listed = [value] if isinstance(value, str) else value
        if isinstance(listed, (list, tuple)) and all(isinstance(item, str) for item in listed):
            return tuple(listed)
        message = f"'{setting}' wants a list of texts, for {self.source.name}"
        hint = f"write '{setting}: [ONE, TWO]'"
        raise ConfigError(message, hint=hint, pointer=join("settings", setting))


def _ordered(parts: Mapping[str, Part]) -> list[tuple[str, Part]]:
    return sorted(parts.items(), key=lambda item: jira_items.by_number(item[0]))
