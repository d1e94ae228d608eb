"""
Make a snapshot of what Jira said of its issues, histories, sprints, worklogs and links.

It is the same whether the answers were recorded with their requests or kept as bare records: what differs
is how the files are read and how much can be told of what they lack.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from auditor.documents.pointer import join
from auditor.facts.instants import DAY_LENGTH, parse_moment
from auditor.model.errors import ConfigError, InputError, did_you_mean
from auditor.sources import jira_gaps, jira_history, jira_items, jira_links
from auditor.sources.contract import Draft
from auditor.sources.jira_notes import Notes
from auditor.sources.jira_selection import select
from auditor.sources.json_values import text
from auditor.sources.record_places import RecordPlaces
from auditor.sources.recorded_draft import captured_at, head, source_entry
from auditor.sources.unknown_facts import unknown_facts

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from auditor.model.location import Location
    from auditor.sources.contract import ReaderOptions, SourceFiles
    from auditor.sources.jira_records import Recording, Row
    from auditor.sources.jira_selection import Part, Selection
    from auditor.sources.reader_settings import Settings

SETTINGS: Final = ("assume_time_zone", "id", "links", "priorities", "projects")
"""Settings that every reader of Jira's records has."""

_VOUCHED: Final = ("sprints", "work_items")
"""Lists of which somebody can say that nothing is missing."""

HOW_TO_DATE: Final = (
    "give the instant at which it was made, with --captured-at or 'captured_at:' in auditor.yaml"
)


@dataclass(frozen=True, slots=True)
class Form:
    """What differs between the forms in which Jira's records are kept."""

    reader: str
    """Name of the reader."""
    wanted: str
    """What the files should hold, for whoever named some that hold nothing of it."""
    filled: Mapping[str, Collection[str]] = field(default_factory=lambda: jira_items.FILLED)
    """Per entity the fields that can be filled."""
    never: frozenset[str] = frozenset()
    """Lists that this form cannot hold."""


def vouched_lists(settings: Settings, *, source: str) -> tuple[str, ...]:
    """
    Return the lists that the settings say to be complete.

    Raises:
        ConfigError: A name is none of a list that can be vouched for.
    """
    given = settings.texts("complete")
    for name in given:
        if name not in _VOUCHED:
            message = f"'complete' wants names of lists, found '{name}', for {source}"
            hint = did_you_mean(name, _VOUCHED)
            raise ConfigError(message, hint=hint, pointer=join("settings", "complete"))
    return given


def notes_of(settings: Settings, options: ReaderOptions) -> Notes:
    """Return notes in the zone, and with the mapping, that the user says."""
    return Notes(
        source=settings.text("id") or "jira",
        zone=settings.assumed_zone(),
        mapping=options.mapping,
        mapping_name=options.mapping_name or "the mapping file",
    )


class BoardReading:
    """
    One reading of one source.

    Args:
        source: The files.
        options: What the user says.
        settings: The settings of the source.
        form: How the records are kept.
        recording: What is in the files.
        notes: Knows how instants are spelt, and takes what cannot be read.
        vouched: Lists that somebody says to be complete, where the files cannot tell; None where they can.
        also: Adds to a work item what only this form of its issue has.
    """

    def __init__(
        self,
        source: SourceFiles,
        options: ReaderOptions,
        settings: Settings,
        *,
        form: Form,
        recording: Recording,
        notes: Notes,
        vouched: Collection[str] | None = None,
        also: Callable[[dict[str, Any], Row], None] | None = None,
    ) -> None:
        self.source = source
        self.options = options
        self.settings = settings
        self.form = form
        self.recording = recording
        self.notes = notes
        self.vouched = vouched
        self.also = also
        self.ranks = settings.ranks("priorities")
        self.link_kinds = jira_links.KINDS | settings.choices("links", jira_links.MEANINGS)

    def draft(self, *, site: str | None = None, assumptions: Iterable[str] = ()) -> Draft:
        """
        Make the snapshot, its places and its problems.

        Args:
            site: Host of the Jira that is meant, where there are several.
            assumptions: What had to be assumed to read the files.

        Raises:
            InputError: No record of Jira is in the files.
            ConfigError: A setting is missing or matches nothing.
        """
        notes, form = self.notes, self.form
        chosen = select(self.recording, notes, site=site, projects=self.settings.texts("projects"))
        rows = chosen.rows()
        if not rows:
            raise self._nothing()
        captured = captured_at(rows, notes, given=self.options.captured_at, source=self.source.name)
        self._refuse_later(rows, captured)
        project = self._project(chosen, rows[0])
        lists, places = self._lists(chosen)
        gaps = jira_gaps.incomplete_lists(
            chosen, self.recording, parse_moment(captured), notes, vouched=self.vouched
        )
        gaps["/snapshot/calendar"] = "not_supported"
        # A list that was asked for is there, empty or not.
        kept = {
            name: made for name, made in lists.items() if gaps.get(f"/{name}") != "not_collected"
        }
        gaps |= {join(name): "not_supported" for name in form.never}
        document = {"snapshot": {}, "project": project, **kept}
        gaps |= notes.gaps(kept)
        root = self.options.root
        if root is not None:
            absent = jira_gaps.absent_fields(kept, form.filled, root)
            unknown = unknown_facts(
                document, root, filled=form.filled, could_be_asked=jira_gaps.COULD_BE_ASKED
            )
            gaps = unknown | absent | gaps
        entry = self._source(captured, rows, gaps)
        made = head(project["id"], captured, entry, options=self.options, notes=notes, gaps=gaps)
        told = [f"{notes.source}: {assumption}" for assumption in assumptions]
        if self.vouched:
            listed = " and ".join(sorted(self.vouched))
            told.append(f"{notes.source}: nothing is missing from {listed}, as the settings say")
        made["assumptions"] += told
        document["snapshot"] = made
        problems = (*self.recording.problems, *notes.problems, *notes.mapping_problems())
        places["/project"] = rows[0].location
        return Draft(document, RecordPlaces(places), problems)

    def _refuse_later(self, rows: Iterable[Row], captured: str) -> None:
        """Hold the instant that somebody gave against the newest change that the issues tell of."""
        end = parse_moment(captured)
        for row in rows:
            written = text(row.body, "fields", "updated") if row.read_at is None else None
            changed = self.notes.spelt(written) if written else None
            if changed is not None and len(changed) > DAY_LENGTH and parse_moment(changed) > end:
                message = f"captured_at is {captured}, and this issue was changed at {changed}"
                raise ConfigError(message, hint=HOW_TO_DATE, location=row.location)

    def _nothing(self) -> InputError:
        damage = [problem.location for problem in self.recording.problems if problem.location]
        return InputError(
            f"no record of Jira is in {self.source.name}",
            hint=self.form.wanted,
            location=damage[0] if damage else None,
        )

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
                (self._work_item(part.row), part.row) for _, part in _ordered(chosen.issues)
            ],
            "links": jira_links.links(chosen, self.link_kinds, notes),
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
        if not made["parties"]:  # where nobody is mentioned, nobody knows who there is
            del made["parties"]
        places = {
            f"/{name}/{position}": row.location
            for name, pairs in made.items()
            for position, (_, row) in enumerate(pairs)
        }
        lists = {name: [record for record, _ in pairs] for name, pairs in made.items()}
        return lists, places

    def _work_item(self, row: Row) -> dict[str, Any]:
        item = jira_items.work_item(row, self.notes)
        priority = item.get("priority")
        if priority is not None and priority["native"] in self.ranks:
            priority["rank"] = self.ranks[priority["native"]]
        if self.also is not None:
            self.also(item, row)
        return item

    def _source(self, captured: str, rows: list[Row], gaps: Mapping[str, str]) -> dict[str, Any]:
        asked = {
            row.request.path
            for row in rows
            if row.request is not None and row.request.page_size and row.request.issue is None
        }
        sites = sorted({row.site for row in rows if row.site})
        return source_entry(
            captured,
            rows,
            self.source,
            source=self.notes.source,
            kind=self.form.reader,
            tool=" ".join(["Jira", *sites]),
            asked=asked,
            gaps=gaps,
        )


def _ordered(parts: Mapping[str, Part]) -> list[tuple[str, Part]]:
    return sorted(parts.items(), key=lambda item: jira_items.by_number(item[0]))
