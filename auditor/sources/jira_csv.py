"""
Take apart a CSV that Jira exported with "all fields".

A header is repeated for every value that an issue has at most: three columns called Sprint are the three
sprints of one issue. Which fields have several values is known by name; any other field has one, and where
its columns contradict each other none of them is believed. Cells are text and stay text: nothing in them is
markup or a formula here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from auditor.documents.table import parse_wide_csv
from auditor.model.errors import DocumentError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from auditor.documents.table import WideRow, WideTable
    from auditor.model.errors import AuditorError
    from auditor.model.location import Location
    from auditor.sources.contract import SourceFiles

STORY_POINTS: Final = ("Custom field (Story Points)", "Custom field (Story point estimate)")
ORIGINAL_ESTIMATE: Final = "Original estimate"
REMAINING_ESTIMATE: Final = "Remaining Estimate"
RANK: Final = "Custom field (Rank)"
EPIC_LINK: Final = "Custom field (Epic Link)"
FLAGGED: Final = "Custom field (Flagged)"

SPRINT: Final = "Sprint"
LABELS: Final = "Labels"
INSTANTS: Final = {"Created": "created", "Updated": "updated", "Resolved": "resolutiondate"}
DUE: Final = "Due date"
DATES: Final = (*INSTANTS, DUE, "Last Viewed", "Status Category Changed")
"""Columns by whose cells the order of the dates is found out."""

_LINK: Final = re.compile(r"(?P<side>inward|outward) issue link \((?P<kind>[^()]{1,100})\)")
_KEYS: Final = ("Issue id", "Issue key")
_MOST_PROBLEMS: Final = 20
_NOBODY: Final = "Unassigned"
"""What some releases of Jira write for nobody."""


class Disputed(Exception):
    """Columns of one name hold different values for one issue."""


@dataclass(frozen=True, slots=True)
class Link:
    """A column of links."""

    column: int
    kind: str
    is_outward: bool


class Columns:
    """The columns of one file by their names, whatever their case."""

    def __init__(self, table: WideTable) -> None:
        self.table = table
        self._places: dict[str, list[int]] = {}
        self.links: list[Link] = []
        for place, name in enumerate(table.header):
            folded = name.casefold()
            self._places.setdefault(folded, []).append(place)
            found = _LINK.fullmatch(folded)
            if found is not None:
                kind = name[found.start("kind") : found.end("kind")]
                self.links.append(Link(place, kind, found["side"] == "outward"))

    def __contains__(self, name: str) -> bool:
        """Tell whether there is a column called *name*."""
        return name.casefold() in self._places

    def texts(self, row: WideRow, name: str) -> list[str]:
        """Return all texts of *row* in the columns called *name*, in their order; empty cells aside."""
        cells = (row.cells[place].strip() for place in self._places.get(name.casefold(), ()))
        return [cell for cell in cells if cell]

    def text(self, row: WideRow, name: str) -> str | None:
        """
        Return the one text of *row* under *name*, None where its cell is empty or there is no such column.

        Raises:
            Disputed: There are several, and they differ.
        """
        found = set(self.texts(row, name))
        if len(found) > 1:
            raise Disputed(name)
        return found.pop() if found else None

    def place(self, row: WideRow, name: str) -> Location:
        """Return the place of the last cell of *row* under *name*."""
        return self.table.location(row, self._places[name.casefold()][-1])


@dataclass(frozen=True, slots=True)
class Entry:
    """One issue as the file has it."""

    path: str
    columns: Columns
    row: WideRow

    @property
    def id(self) -> str | None:
        """Jira's number of the issue, or its key in an export without numbers."""
        return self._only("Issue id") or self.key

    @property
    def key(self) -> str | None:
        """Its key, None where there is none or columns of that name contradict each other."""
        return self._only("Issue key")

    @property
    def locator(self) -> str:
        """Path below the source and line, ``issues.csv:12``."""
        return f"{self.path}:{self.row.line}"

    @property
    def location(self) -> Location:
        """The line on which it begins."""
        return self.columns.table.location(self.row)

    def _only(self, name: str) -> str | None:
        found = set(self.columns.texts(self.row, name))
        return found.pop() if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class Export:
    """Everything that was read, and what could not be."""

    entries: tuple[Entry, ...]
    problems: tuple[AuditorError, ...]

    def dates(self) -> Iterator[tuple[str, Entry, str]]:
        """Return the text of every cell that holds a date of Jira's own, its row and its column."""
        for entry in self.entries:
            for name in DATES:
                for text in entry.columns.texts(entry.row, name):
                    yield text, entry, name

    def ids_by_key(self) -> dict[str, str]:
        """Return the id of each issue by its key: other issues are named by their keys."""
        found = {}
        for entry in self.entries:
            if entry.key is not None and entry.id is not None:
                found[entry.key] = entry.id
        return found


def read_export(source: SourceFiles) -> Export:
    """Read every CSV file of *source*; a file or row that cannot be read is a problem."""
    entries: list[Entry] = []
    problems: list[AuditorError] = []
    for path, data in source.files.items():
        if not path.lower().endswith(".csv"):
            continue
        try:
            table = parse_wide_csv(data, path=source.shown(path))
        except DocumentError as error:
            problems.append(error)
            continue
        columns = Columns(table)
        problems += table.faults[:_MOST_PROBLEMS]
        if len(table.faults) > _MOST_PROBLEMS:
            message = f"{len(table.faults) - _MOST_PROBLEMS} more rows cannot be read"
            problems.append(InputError(message, location=table.location(None)))
        if not any(name in columns for name in _KEYS):
            message = "no export of Jira: there is no column 'Issue key' or 'Issue id'"
            hint = "export all fields, with English as the language of your profile"
            problems.append(InputError(message, hint=hint, location=table.location(None)))
            continue
        for row in table.rows:
            entry = Entry(path, columns, row)
            if entry.id is None:
                message = "this row has neither an issue id nor a key"
                problems.append(InputError(message, location=entry.location))
            else:
                entries.append(entry)
    return Export(tuple(entries), tuple(problems))


def is_export(beginning: bytes) -> bool:
    """Tell by its first line whether a CSV is one of Jira's."""
    header = beginning.split(b"\n", 1)[0].lower()
    return b"issue key" in header and b"summary" in header


def person(name: str | None, account: str | None) -> Mapping[str, Any] | None:
    """Return a user in the form of Jira's interface, None where both cells are empty."""
    if account is not None:
        return {"accountId": account, "displayName": name or account}
    if name is None or name == _NOBODY:
        return None
    # Without an account id, which Server does not have, the name is all that tells people apart.
    return {"name": name, "displayName": name}
