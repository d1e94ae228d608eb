"""
Turn the rows of a Jira export into issues as Jira's interface writes them, so that one mapping serves both.

What only an export has, estimates by the name of their column and the place in the backlog, is added to the
work item afterwards. An empty cell is known to be empty; a column that is not there was not asked for.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from auditor.documents.pointer import join
from auditor.facts.instants import DAY_LENGTH
from auditor.model.errors import ConfigError, InputError
from auditor.sources import jira_csv
from auditor.sources.jira_csv import Disputed, person
from auditor.sources.jira_csv_dates import Dates, Unread
from auditor.sources.jira_notes import Notes
from auditor.sources.jira_records import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from auditor.sources.jira_csv import Entry, Export

_NUMBER: Final = re.compile(r"\d{1,12}(?:\.\d{1,6})?", re.ASCII)
_NAMED: Final = {"Issue Type": "issuetype", "Status": "status", "Priority": "priority"}
_DATED: Final = {**jira_csv.INSTANTS, jira_csv.DUE: "duedate"}
_PARENTS: Final = ("Parent", "Parent id", jira_csv.EPIC_LINK)
_POINTS: Final = (*jira_csv.STORY_POINTS, jira_csv.ORIGINAL_ESTIMATE)
"""Columns in which Jira itself keeps estimates."""
_IN_SECONDS: Final = frozenset(
    {jira_csv.ORIGINAL_ESTIMATE.casefold(), jira_csv.REMAINING_ESTIMATE.casefold()}
)
_FIELDS: Final = {
    "Summary": "title",
    "Issue Type": "type",
    "Status": "status",
    "Priority": "priority",
    "Assignee": "owners",
    "Assignee Id": "owners",
    "Reporter": "reporter",
    "Reporter Id": "reporter",
    "Created": "created_at",
    "Updated": "last_touched_at",
    "Resolved": "resolved_at",
    jira_csv.DUE: "due_on",
    **dict.fromkeys(_PARENTS, "parent"),
    jira_csv.FLAGGED: "flagged",
    jira_csv.REMAINING_ESTIMATE: "remaining",
}
"""Column to the field of the work item that is made of it; any other column can only hold the estimate."""


class CsvNotes(Notes):
    """Notes that read times as the export writes them."""

    dates: Dates

    def spelt(self, written: str) -> str | None:
        """Spell an instant as RFC 3339, or as a day where no more is known; None where it is none."""
        made = self.dates.instant(written)
        return made if isinstance(made, str) else None

    def put_instant(
        self, record: dict[str, Any], field: str, body: object, key: str, row: Row
    ) -> None:
        """Read an instant; one that cannot be read is unobserved, and reported where nothing else says so."""
        self._put(record, field, body, key, row=row, read=self.dates.instant)

    def put_day(self, record: dict[str, Any], field: str, body: object, key: str, row: Row) -> None:
        """Read a calendar day, like `put_instant`."""
        self._put(record, field, body, key, row=row, read=self.dates.day)

    def _put(
        self,
        record: dict[str, Any],
        field: str,
        body: object,
        key: str,
        *,
        row: Row,
        read: Callable[[str], str | Unread],
    ) -> None:
        if not isinstance(body, dict) or key not in body:
            return
        written = body[key]
        made = None if written is None else read(written)
        if isinstance(made, Unread):
            self.leave_out(record, field)
            if made.reason is not None:
                self.problem(f"{key} of {record['id']} is {made.reason}: '{written[:40]}'", row)
        else:
            record[field] = made
            self.is_zone_used |= made is not None and len(made) > DAY_LENGTH


class Issues:
    """
    The issues of an export.

    Args:
        export: What was read.
        notes: Takes what cannot be read.
        estimate: Column that holds the estimates; None for the one of Jira's own that is filled in.
        kept: Columns that are carried as they are.
    """

    def __init__(
        self, export: Export, notes: CsvNotes, *, estimate: str | None, kept: Iterable[str]
    ) -> None:
        self._notes = notes
        self._kept = tuple(kept)
        self._ids = export.ids_by_key()
        self._entries: dict[str, Entry] = {}
        self._disputes: dict[str, set[str]] = defaultdict(set)
        self.rows: list[Row] = []
        for entry in export.entries:
            row = self._row(entry)
            self._entries[row.locator] = entry
            self.rows.append(row)
        for name in self._kept:
            _refuse_unknown(export, name, setting="keep")
        self._estimate = self._estimate_column(export, estimate)
        self._ranks = _ranks(export)

    def also(self, item: dict[str, Any], row: Row) -> None:
        """Add to a work item what only an export has, and leave out what it contradicts itself in."""
        entry = self._entries[row.locator]
        if self._estimate is not None:
            self._amount(item, "estimate", entry, self._estimate, row)
        self._amount(item, "remaining", entry, jira_csv.REMAINING_ESTIMATE, row)
        rank = self._ranks.get(row.locator)
        if rank is not None:
            unrated = {"native": None} if "Priority" in entry.columns else {}
            item["priority"] = {**(item.get("priority") or unrated), "rank": rank}
        kept = {
            name: entry.columns.texts(entry.row, name)
            for name in self._kept
            if name in entry.columns
        }
        if kept:
            item["ext"] = kept
        for field in sorted(self._disputes[row.locator]):
            item.pop(field, None)
            self._notes.leave_out(item, field)

    def _row(self, entry: Entry) -> Row:
        columns, row = entry.columns, entry.row
        key, own_id = entry.key, entry.id or ""
        fields: dict[str, Any] = {}
        for name, field in _NAMED.items():
            for text in self._one(entry, name):
                fields[field] = None if text is None else {"name": text}
        for name, field in _DATED.items():
            for text in self._one(entry, name):
                fields[field] = text
        for text in self._one(entry, "Summary"):
            fields["summary"] = text
        for text in self._one(entry, jira_csv.FLAGGED):
            fields["flagged"] = text is not None
        for role in ("Assignee", "Reporter"):
            names, accounts = self._one(entry, role), self._one(entry, f"{role} Id")
            if names or accounts:
                fields[role.casefold()] = person(
                    next(iter(names), None), next(iter(accounts), None)
                )
        parents = [text for name in _PARENTS for text in self._one(entry, name) if name in columns]
        if parents:
            named = next((text for text in parents if text is not None), None)
            fields["parent"] = None if named is None else {"id": self._id_of(named)}
        if jira_csv.SPRINT in columns:
            # An export knows sprints by their names alone.
            names_of = dict.fromkeys(columns.texts(row, jira_csv.SPRINT))
            fields["closedSprints"] = [{"id": f"sprint:{name}", "name": name} for name in names_of]
        if jira_csv.LABELS in columns:
            listed = " ".join(columns.texts(row, jira_csv.LABELS)).split()
            fields["labels"] = list(dict.fromkeys(listed))
        if columns.links:
            fields["issuelinks"] = self._links(entry, own_id)
        project = next(iter(columns.texts(row, "Project key")), (key or "").rpartition("-")[0])
        if project:
            called = next(iter(columns.texts(row, "Project name")), None)
            fields["project"] = {"id": project, "key": project, "name": called}
        others = (*_POINTS, jira_csv.REMAINING_ESTIMATE, jira_csv.RANK, *self._kept)
        cells = {name: columns.texts(row, name) for name in others if name in columns}
        body = {"id": own_id, "key": key, "fields": fields, "cells": cells}
        return Row("issue", own_id, body, entry.locator, entry.location, None, None)

    def _one(self, entry: Entry, name: str) -> list[str | None]:
        """Return the one text under *name*, None where it is empty; no element where it is not known."""
        if name not in entry.columns:
            return []
        try:
            return [entry.columns.text(entry.row, name)]
        except Disputed:
            self._disputes[entry.locator].add(_FIELDS.get(name, "estimate"))
            self._notes.problems.append(
                InputError(
                    f"the columns '{name}' hold different values for {entry.id}; none is taken",
                    hint="leave all but one of them out of the export",
                    location=entry.columns.place(entry.row, name),
                )
            )
            return []

    def _links(self, entry: Entry, own_id: str) -> list[dict[str, Any]]:
        made = []
        for link in entry.columns.links:
            key = entry.row.cells[link.column].strip()
            if key:
                other = self._id_of(key)
                start, end = (own_id, other) if link.is_outward else (other, own_id)
                side = "outwardIssue" if link.is_outward else "inwardIssue"
                name = f"link:{start}:{link.kind}:{end}"
                made.append({"id": name, "type": {"name": link.kind}, side: {"id": other}})
        return made

    def _id_of(self, named: str) -> str:
        """Return the id of an issue that is named by its id or by its key."""
        return self._ids.get(named, named)

    def _amount(
        self, item: dict[str, Any], field: str, entry: Entry, column: str, row: Row
    ) -> None:
        for written in self._one(entry, column):
            if written is None:
                item[field] = None
            elif _NUMBER.fullmatch(written) is None:
                self._notes.leave_out(item, field)
                self._notes.problem(f"{column} of {item['id']} is no amount: '{written[:40]}'", row)
            else:
                value = float(written)
                unit = "seconds" if column.casefold() in _IN_SECONDS else "points"
                item[field] = {"value": int(value) if value.is_integer() else value, "unit": unit}

    def _estimate_column(self, export: Export, given: str | None) -> str | None:
        """Return the column of the estimates; of Jira's own there must be at most one that is filled in."""
        if given is not None:
            _refuse_unknown(export, given, setting="estimate")
            return given
        there = [name for name in _POINTS if any(name in entry.columns for entry in export.entries)]
        filled = {
            name: entry
            for name in there
            for entry in export.entries
            if entry.columns.texts(entry.row, name)
        }
        if len(filled) > 1:
            listed = " and ".join(f"'{name}'" for name in filled)
            entry = next(iter(filled.values()))
            hint = "say by which the team plans, with 'estimate:' under the settings of this source"
            self._notes.problems.append(
                ConfigError(f"estimates stand in {listed}", hint=hint, location=entry.location)
            )
            for row in self.rows:
                self._disputes[row.locator].add("estimate")
            return None
        return next(iter(filled), next(iter(there), None))


def _refuse_unknown(export: Export, name: str, *, setting: str) -> None:
    """Refuse a header that no file has; an export without any issue is refused elsewhere."""
    if export.entries and not any(name in entry.columns for entry in export.entries):
        message = f"there is no column '{name}', which '{setting}' names"
        hint = "write its header as it stands in the file"
        raise ConfigError(message, hint=hint, pointer=join("settings", setting))


def _ranks(export: Export) -> dict[str, int]:
    """
    Number the issues of an export in the order of the backlog.

    Jira keeps the order as a text behind the number of a bucket; while it moves the ranks from one bucket to
    the next they cannot be compared.
    """
    texts: dict[str, str] = {}
    for entry in export.entries:
        found = entry.columns.texts(entry.row, jira_csv.RANK)
        if len(set(found)) == 1:
            texts[entry.locator] = found[0]
    if len({text.partition("|")[0] for text in texts.values()}) != 1:
        return {}
    order = {text: rank for rank, text in enumerate(sorted(set(texts.values())), 1)}
    return {locator: order[text] for locator, text in texts.items()}
