"""
Take apart a recording of answers to requests, one JSON object a line: `url`, `captured_at`, `body`.

What a body is, its URL says; file names prove nothing. A body is one record or a page of them, and a page
may have been recorded as one line for each of its records. Whether all pages of a list are here is worked
out as well, because a list that was cut off looks like a complete one.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from auditor.model.errors import InputError
from auditor.model.location import Location
from auditor.sources.json_values import native_id, text
from auditor.sources.recorded_draft import read_instant
from auditor.sources.recorded_lines import LINES, RecordedFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from auditor.model.errors import AuditorError
    from auditor.sources.contract import SourceFiles
    from auditor.sources.notes import Notes


@dataclass(frozen=True, slots=True)
class Request:
    """What a URL asked for."""

    kind: str
    """Kind of record that it answers with; empty for one that the reader passes over."""
    scope: str
    """The repository, project or board that was asked about."""
    path: str
    """What was asked for, without host and parameters, ids left out: ``issues/events``."""
    list: str = ""
    """Spells the list that was asked for, whatever the page; empty where one record was asked for."""
    of: str = ""
    """Number or id of the record that the list belongs to."""
    page: int = 1
    page_size: int = 0
    """Records of a full page; 0 where an answer always has them all."""
    is_open: bool = False
    """Whether the request, as it was made, leaves records out."""


@dataclass(frozen=True, slots=True)
class Row:
    """One record, and where it was found."""

    id: str
    body: Mapping[str, Any]
    locator: str
    """Path below the source and line, ``issues.jsonl:12``."""
    location: Location
    read_at: str | None
    """``captured_at`` of the response, as written."""
    url: str
    """Without its query, which may hold a key or a token."""
    request: Request

    def prov(self, notes: Notes[Row]) -> dict[str, Any]:
        """Say where the record comes from: its place in the recording, and what answered with it."""
        return {**notes.prov(self), "locator": f"{self.locator} {self.url}"}


@dataclass(slots=True)
class Recording:
    """Everything that was recorded, and what is known to be missing from it."""

    rows: list[Row] = field(default_factory=list)
    answers: dict[Request, set[str]] = field(default_factory=dict)
    """Per request the ids that were answered with; of an empty answer there are none."""
    problems: list[AuditorError] = field(default_factory=list)
    damaged: set[str] = field(default_factory=set)
    """Kinds of which a record could not be read; ``*`` where the kind is not known."""
    passed_over: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Per scope and path the records of requests that the reader does not use."""

    def of_scope(self, scope: str) -> Recording:
        """Return what was asked about *scope*; damage may concern any."""
        return Recording(
            [row for row in self.rows if row.request.scope == scope],
            {asked: ids for asked, ids in self.answers.items() if asked.scope == scope},
            self.problems,
            self.damaged,
            Counter({at: count for at, count in self.passed_over.items() if at[0] == scope}),
        )

    def scopes(self) -> Counter[str]:
        """Count the records of each scope."""
        found = Counter(dict.fromkeys((asked.scope for asked in self.answers), 0))
        found.update(row.request.scope for row in self.rows)
        return found

    def asked(self, kind: str) -> list[Request]:
        """Return the requests for records of a kind."""
        return [asked for asked in self.answers if asked.kind == kind]

    def newest(self, kind: str, notes: Notes[Row]) -> dict[str, Row]:
        """Return of each record of a kind the state that was read last, in the order of their ids."""
        found: dict[str, Row] = {}
        for row in self.rows:
            if row.request.kind != kind:
                continue
            known = found.setdefault(row.id, row)
            before, now = read_instant(known, notes), read_instant(row, notes)
            if now is not None and (before is None or now > before):
                found[row.id] = row
            elif known.body != row.body and now == before:
                found[row.id] = _agreed(known, row, notes)
        return dict(sorted(found.items(), key=lambda item: by_number(item[0])))

    def lacks_part_of(self, kind: str) -> bool:
        """Tell whether records of a kind are, or may be, missing: no list of them is here, or only in part."""
        asked = self.asked(kind)
        return self._is_cut_off(kind) or not any(request.list for request in asked)

    def _is_cut_off(self, kind: str) -> bool:
        lists: dict[str, dict[int, set[str]]] = defaultdict(dict)
        sizes: dict[str, int] = {}
        for asked, ids in self.answers.items():
            if asked.kind != kind or not asked.list:
                continue
            if asked.is_open:
                return True
            lists[asked.list].setdefault(asked.page, set()).update(ids)
            sizes[asked.list] = asked.page_size
        return bool({kind, "*"} & self.damaged) or any(
            not _is_whole(pages, sizes[name]) for name, pages in lists.items()
        )


_FIRST_URL: Final = re.compile(rb'"url"[ ]{0,4}:[ ]{0,4}"([^"\\]{1,2000})"')
_SNIFFED_BYTES: Final = 4096

_SHOWN: Final = 80
"""Characters of an address that a message repeats."""

_SHOWN_KEYS: Final = 8
"""Keys that a message lists."""

_LONGEST_ID: Final = 18
"""Digits of the longest id that is ordered as a number; those of tools are 64-bit."""


def by_number(native: str) -> tuple[int, str]:
    """Order native ids as numbers, where they are."""
    is_number = native.isascii() and native.isdecimal() and len(native) <= _LONGEST_ID
    return (int(native), native) if is_number else (-1, native)


def all_begin_with(source: SourceFiles, request_of: Callable[[str], Request | None]) -> bool:
    """Tell whether *source* has JSON Lines, and the first address in each file is one of the tool's."""
    lines = [data for path, data in source.files.items() if path.endswith(LINES)]
    firsts = [_FIRST_URL.search(data[:_SNIFFED_BYTES]) for data in lines]
    return bool(firsts) and all(
        first is not None and request_of(first[1].decode("utf-8", "replace")) is not None
        for first in firsts
    )


def read_responses(
    source: SourceFiles, request_of: Callable[[str], Request | None], *, tool: str
) -> Recording:
    """
    Read every line of every JSON file of *source*; a line that cannot be read is a problem.

    Args:
        source: The recording.
        request_of: Reads a URL; None for one that is not the tool's.
        tool: Its name, for messages.
    """
    recording = Recording()
    for path, data in source.files.items():
        file = _File(path, source.shown(path), request_of, tool)
        for line, value in file.values(data):
            file.add(line, value, recording)
        # A line that cannot be parsed may have been of any kind.
        recording.damaged |= file.damaged | ({"*"} if file.is_damaged else set())
        recording.problems += file.problems
    return recording


def passed_over(recording: Recording, source: str) -> list[str]:
    """Tell in words what of a recording was not used."""
    return [
        f"{source}: {count} {'record' if count == 1 else 'records'} of '{path}' not used"
        for (_, path), count in sorted(recording.passed_over.items())
    ]


def nothing_of(tool: str, recording: Recording, source: str) -> InputError:
    """Say that a recording holds nothing of the tool."""
    damage = [problem.location for problem in recording.problems if problem.location]
    return InputError(
        f"no record of {tool} is in {source}",
        hint="want JSON Lines of recorded responses with url, captured_at and body",
        location=damage[0] if damage else None,
    )


class _File(RecordedFile):
    """The lines of one file."""

    def __init__(
        self, path: str, shown: str, request_of: Callable[[str], Request | None], tool: str
    ) -> None:
        super().__init__(path, shown)
        self.damaged: set[str] = set()
        self._request_of = request_of
        self._tool = tool

    def add(self, line: int, value: object, recording: Recording) -> None:
        """Take apart one line: a record, or a page of records."""
        url = text(value, "url")
        if not isinstance(value, dict) or url is None or "body" not in value:
            self._damage("*", "this line is no response with url and body", line)
            return
        request = self._request_of(url)
        address = url.partition("?")[0].partition("#")[0]
        if request is None:
            self._damage("*", f"'{address[:_SHOWN]}' is no address of {self._tool}", line)
            return
        body = value["body"]
        items = body if isinstance(body, list) else [body]
        if not request.kind:
            recording.passed_over[request.scope, request.path] += len(items)
            return
        answered = recording.answers.setdefault(request, set())
        for item in items:
            own_id = native_id(item, "id")
            if not isinstance(item, dict) or own_id is None:
                self._damage(request.kind, f"this {request.kind} has no id", line)
                continue
            answered.add(own_id)
            recording.rows.append(
                Row(
                    own_id,
                    item,
                    f"{self.path}:{line}",
                    Location(self.shown, line),
                    text(value, "captured_at"),
                    address,
                    request,
                )
            )

    def _damage(self, kind: str, message: str, line: int) -> None:
        self.damaged.add(kind)
        self.problem(message, line)


def _agreed(one: Row, other: Row, notes: Notes[Row]) -> Row:
    """Keep what two answers of the same time say alike: neither is believed where they differ."""
    same = {
        key: value
        for key, value in one.body.items()
        if key in other.body and other.body[key] == value
    }
    disputed = ", ".join(sorted((one.body.keys() | other.body.keys()) - same.keys())[:_SHOWN_KEYS])
    place = f"{one.location.path}:{one.location.line}"
    message = f"{one.request.kind} {one.id} is told differently at {place}: {disputed[:_SHOWN]}"
    notes.problem(message, other, "the facts that differ are left out; record it again")
    return replace(one, body=same)


def _is_whole(pages: Mapping[int, Iterable[str]], size: int) -> bool:
    if not size:
        return True
    # A full last page is taken for one of several: nothing says that it is the last.
    last = max(pages)
    return set(pages) == set(range(1, last + 1)) and len(set(pages[last])) < size
