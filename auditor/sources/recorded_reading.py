"""
One reading of a recording of GitHub, GitLab or Trello: what the three have alike.

The reader of a tool makes the records; the order of the lists, their places, the gaps and the head are made
here, alike for all, and do not depend on the order of the files.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from auditor.documents.pointer import join
from auditor.facts.instants import parse_moment
from auditor.model.errors import ConfigError, did_you_mean
from auditor.sources.contract import Draft
from auditor.sources.notes import Notes
from auditor.sources.reader_settings import Settings
from auditor.sources.record_places import RecordPlaces
from auditor.sources.recorded_draft import captured_at, head, source_entry, was_read_early
from auditor.sources.recorded_responses import Row, nothing_of, passed_over, read_responses
from auditor.sources.unknown_facts import unknown_facts

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from auditor.model.location import Location
    from auditor.sources.contract import ReaderOptions, SourceFiles
    from auditor.sources.recorded_responses import Recording, Request

SETTINGS: Final = ("assume_time_zone", "complete", "id")
"""The settings that every recording has."""

KEPT_ELSEWHERE_TOO: Final = frozenset({"approvals", "checklists", "documents"})
"""Lists of which a tool holds those that were made in it: a plan is signed on paper as well."""


@dataclass(slots=True)
class Made:
    """What the reader of a tool makes of a recording."""

    project: dict[str, Any]
    project_row: Row
    lists: dict[str, list[tuple[dict[str, Any], Row]]] = field(default_factory=dict)
    """The lists that the tool was asked for, each record with its row."""
    gaps: dict[str, str] = field(default_factory=dict)
    filled: Mapping[str, Collection[str]] = field(default_factory=dict)
    """Per entity the fields that the reader fills."""
    could_be_asked: Collection[str] = ()
    helpers: Collection[str] = ()
    """Kinds of records that are read for the sake of others."""


class Reading:
    """
    One reading of one source.

    Args:
        source: The recording.
        options: What the user says.
        reader: Name of the reader.
        settings: The settings that it has.
        tool: Name of the tool.
        tool_id: What ids begin with, unless the settings say otherwise.
        request_of: Reads a URL of the tool.
    """

    def __init__(
        self,
        source: SourceFiles,
        options: ReaderOptions,
        *,
        reader: str,
        settings: Collection[str],
        tool: str,
        tool_id: str,
        request_of: Callable[[str], Request | None],
    ) -> None:
        self.source = source
        self.options = options
        self.reader = reader
        self.tool = tool
        self.settings = Settings(options, reader=reader, known=settings, source=source.name)
        self.recording = read_responses(source, request_of, tool=tool)
        self.notes: Notes[Row] = Notes(
            source=self.settings.text("id") or tool_id,
            zone=self.settings.assumed_zone(),
            mapping=options.mapping,
            mapping_name=options.mapping_name or "the mapping file",
        )
        self._complete = self.settings.some("complete", KEPT_ELSEWHERE_TOO)
        self._others: list[str] = []
        """What is told of records of other repositories, projects or boards."""

    def choose(self, setting: str, what: str) -> Recording:
        """
        Take what was asked about one repository, project or board.

        Raises:
            InputError: Nothing of the tool is in the recording.
            ConfigError: There are several and none was chosen, or the choice matches nothing.
        """
        scopes = self.recording.scopes()
        wanted = self.settings.text(setting)
        if not scopes:
            raise nothing_of(self.tool, self.recording, self.source.name)
        if wanted is None and len(scopes) > 1:
            counts = ", ".join(f"{name} ({scopes[name]})" for name in sorted(scopes))
            message = f"the records come from {len(scopes)} {what}: {counts}"
            hint = f"say which one is meant, with '{setting}:' under the settings of this source"
            raise ConfigError(message, hint=hint)
        if wanted is not None and wanted not in scopes:
            message = f"nothing of '{wanted}' is in {self.source.name}"
            hint = did_you_mean(wanted, scopes)
            raise ConfigError(message, hint=hint, pointer=join("settings", setting))
        scope = wanted or next(iter(scopes))
        chosen = self.recording.of_scope(scope)
        if not chosen.rows:
            raise nothing_of(self.tool, self.recording, self.source.name)
        self._others = [
            f"{self.notes.source}: of {what}, {name} is not used ({count} records)"
            for name, count in sorted(scopes.items())
            if name != scope and count
        ]
        return chosen

    def captured_at(self, chosen: Recording) -> str:
        """Return up to when the recording speaks; see `recorded_draft.captured_at`."""
        given = self.options.captured_at
        return captured_at(chosen.rows, self.notes, given=given, source=self.source.name)

    def was_read_early(self, rows: Collection[Row], captured: str) -> bool:
        """Tell whether any of *rows* was read so long before the rest that later facts may be missing."""
        return was_read_early(rows, parse_moment(captured), self.notes)

    def draft(self, chosen: Recording, captured: str, made: Made) -> Draft:
        """Make the snapshot, its places and its problems."""
        notes = self.notes
        pairs = dict(made.lists)
        if notes.parties:  # where nobody is mentioned, nobody knows who there is
            pairs["parties"] = [
                (one, notes.met_in[own]) for own, one in sorted(notes.parties.items())
            ]
        if "change_events" in pairs:
            # Stable: what happened at one instant stays in the order in which the tool numbered it.
            pairs["change_events"].sort(key=lambda pair: parse_moment(pair[0]["at"]))
        places: dict[str, Location] = {
            join(name, str(position)): row.location
            for name, listed in pairs.items()
            for position, (_, row) in enumerate(listed)
        }
        places["/project"] = made.project_row.location
        lists = {name: [record for record, _ in listed] for name, listed in pairs.items()}
        document: dict[str, Any] = {"snapshot": {}, "project": made.project, **lists}
        open_lists = {join(name): "truncated" for name in KEPT_ELSEWHERE_TOO & lists.keys()}
        closed = {join(name) for name in self._complete}
        gaps = {name: reason for name, reason in open_lists.items() if name not in closed}
        gaps |= {**made.gaps, "/snapshot/calendar": "not_supported", **notes.gaps(lists)}
        if self.options.root is not None:
            unknown = unknown_facts(
                document,
                self.options.root,
                filled=made.filled,
                could_be_asked=made.could_be_asked,
            )
            gaps = unknown | gaps
        rows = list({id(row): row for listed in pairs.values() for _, row in listed}.values())
        entry = source_entry(
            captured,
            rows or chosen.rows,
            self.source,
            source=notes.source,
            kind=self.reader,
            tool=f"{self.tool} {chosen.rows[0].request.scope}",
            asked=[asked.path for asked in chosen.answers],
            gaps=gaps,
        )
        document["snapshot"] = head(
            made.project["id"], captured, entry, options=self.options, notes=notes, gaps=gaps
        )
        told = document["snapshot"]["assumptions"]
        told += [
            f"{notes.source}: {name} are said to be kept nowhere else"
            for name in sorted(self._complete & lists.keys())
        ]
        told += [*self._others, *passed_over(chosen, notes.source)]
        told += _without_facts(chosen, pairs, made.helpers, notes.source)
        problems = (*self.recording.problems, *notes.problems, *notes.mapping_problems())
        return Draft(document, RecordPlaces(places), problems)


def _without_facts(
    chosen: Recording,
    made: Mapping[str, list[tuple[dict[str, Any], Row]]],
    helpers: Collection[str],
    source: str,
) -> list[str]:
    """Count per kind the records that nothing was made of: a comment decides nothing, a template is no work."""
    read = {(row.request.kind, row.id) for row in chosen.rows if row.request.kind not in helpers}
    used = {(row.request.kind, row.id) for listed in made.values() for _, row in listed}
    return [
        f"{source}: of {count} records of the kind '{kind}', {left} say nothing that is kept"
        for kind, count in sorted(Counter(kind for kind, _ in read).items())
        if (left := sum(known == kind for known, _ in read - used))
    ]
