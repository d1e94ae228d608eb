"""
What is in an archive of Jira's records: bare issues and sprints, with no word on who asked for what and when.

Issues stand one a line, often packed with gzip; sprints stand in a list of their own or in the issues alone.
A record that is there twice must say the same: nothing tells which of the two is the newer one.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from auditor.documents.gzipped import gzip_lines
from auditor.documents.pointer import join
from auditor.documents.tree import parse_tree
from auditor.model.errors import DocumentError, InputError
from auditor.model.location import Location
from auditor.sources.jira_items import sprints_of
from auditor.sources.jira_records import KINDS, Recording, Row
from auditor.sources.json_values import native_id, text
from auditor.sources.recorded_lines import LINES, RecordedFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from auditor.model.errors import AuditorError
    from auditor.sources.contract import SourceFiles
    from auditor.sources.jira_records import Kind

PACKED: Final = tuple(f"{suffix}.gz" for suffix in LINES)
"""How files are called that hold one JSON value a line, packed with gzip."""

_NOT_READ: Final = frozenset({"attachment", "comment", "description", "environment", "subtasks"})
"""Fields of an issue that become no fact; they are most of an archive's bytes."""

_STATES: Final = frozenset({"future", "active", "closed"})


def read_archive(source: SourceFiles) -> Recording:
    """Read every issue and sprint of *source*; what cannot be read is a problem with its place."""
    rows: list[Row] = []
    problems: list[AuditorError] = []
    damaged: set[Kind] = set()
    for path, data in source.files.items():
        file = _File(path, source.shown(path))
        file.read(data)
        if file.problems:
            # A line that cannot be read may have been of any kind that its neighbours are.
            damaged |= {row.kind for row in file.rows} or set(KINDS)
        rows += file.rows
        problems += file.problems
    issues = once(rows, problems, damaged)
    sprints = _sprints([row for row in rows if row.kind == "sprint"], issues, problems)
    return Recording((*issues, *sprints), (), tuple(problems), frozenset(damaged))


class _File(RecordedFile):
    """The rows and problems of one file."""

    def __init__(self, path: str, shown: str) -> None:
        super().__init__(path, shown)
        self.rows: list[Row] = []

    def read(self, data: bytes) -> None:
        """Read the file, if it is called like one that holds records."""
        if self.path.endswith(".json"):
            self._tree(data)
            return
        values = (
            self.parsed(self._unpacked(data)) if self.path.endswith(PACKED) else self.values(data)
        )
        for line, value in values:
            self._add(value, Location(self.shown, line))

    def _unpacked(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        try:
            yield from gzip_lines(data, path=self.shown)
        except DocumentError as error:
            self.problems.append(error)

    def _tree(self, data: bytes) -> None:
        """Read one record or a list of them, each with the line on which it begins."""
        try:
            tree = parse_tree(data, path=self.shown)
        except DocumentError as error:
            self.problems.append(error)
            return
        listed = tree.data if isinstance(tree.data, list) else [tree.data]
        pointers = [join(str(n)) for n in range(len(listed))] if listed is tree.data else [""]
        places = tree.locate(pointers)
        for pointer, value in zip(pointers, listed, strict=True):
            self._add(value, places[pointer])

    def _add(self, value: object, place: Location) -> None:
        own_id = native_id(value, "id")
        if not isinstance(value, dict) or own_id is None:
            self.problem("neither an issue nor a sprint of Jira: it has no id", place.line)
            return
        fields = value.get("fields")
        kind: Kind
        if isinstance(fields, dict):
            kind = "issue"
            for name in _NOT_READ & fields.keys():
                del fields[name]
        elif text(value, "state") in _STATES:
            kind = "sprint"
        else:
            self.problem(
                f"{own_id} is neither an issue, which has fields, nor a sprint, which has a state",
                place.line,
            )
            return
        locator = f"{self.path}:{place.line}"
        self.rows.append(Row(kind, own_id, value, locator, place, None, None))


def once(rows: Iterable[Row], problems: list[AuditorError], damaged: set[Kind]) -> list[Row]:
    """Return each issue once; one that is there twice and differs is not believed at all."""
    known: dict[str, Row] = {}
    disputed: set[str] = set()
    for row in rows:
        if row.kind != "issue":
            continue
        first = known.setdefault(row.id, row)
        if first.body != row.body and row.id not in disputed:
            disputed.add(row.id)
            damaged.add("issue")
            problems.append(_dispute(f"issue {row.id}", first, row, "it is left out"))
    return [row for native, row in known.items() if native not in disputed]


def _sprints(own: Iterable[Row], issues: Iterable[Row], problems: list[AuditorError]) -> list[Row]:
    """Return each sprint once, with what its own record and all issues agree on."""
    rows: dict[str, Row] = {}
    told: dict[str, dict[str, tuple[Any, Row]]] = defaultdict(dict)
    disputed: dict[str, set[str]] = defaultdict(set)
    for native, body, row in _tellings(own, issues):
        rows.setdefault(native, row)
        for key, value in body.items():
            known, first = told[native].setdefault(key, (value, row))
            if known != value and key not in disputed[native]:
                disputed[native].add(key)
                problems.append(
                    _dispute(f"{key} of sprint {native}", first, row, "the fact is left out")
                )
    made = []
    for native, row in rows.items():
        body = {
            key: value for key, (value, _) in told[native].items() if key not in disputed[native]
        }
        made.append(Row("sprint", native, body, row.locator, row.location, None, None))
    return made


def _tellings(
    own: Iterable[Row], issues: Iterable[Row]
) -> Iterator[tuple[str, dict[str, Any], Row]]:
    for row in own:
        yield row.id, dict(row.body), row
    for row in issues:
        for native, body in sprints_of(row.body["fields"]):
            yield native, dict(body), row


def _dispute(what: str, one: Row, other: Row, effect: str) -> InputError:
    place = f"{one.location.path}:{one.location.line}"
    message = f"{what} is told otherwise in {place}; {effect}"
    return InputError(message, hint="keep the newer of the two files", location=other.location)
