"""
What each line of recorded Jira responses is.

A line is an object with the request's `url`, `captured_at` and the response `body`; a bare issue without
these is read too. What a body is, its URL says, else its content: file names prove nothing. A body is one
record or a page of them. Whether all pages of a request were recorded is worked out here as well, because
a list that was cut off looks like a complete one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from auditor.model.location import Location
from auditor.sources.json_values import native_id, number, text, value_at
from auditor.sources.recorded_lines import RecordedFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from auditor.model.errors import AuditorError
    from auditor.sources.contract import SourceFiles

Kind: TypeAlias = Literal["issue", "history", "worklog", "sprint", "link", "other"]
KINDS: Final[tuple[Kind, ...]] = ("issue", "history", "worklog", "sprint")
"""The kinds that become facts; everything else that Jira answers is read past."""

_URL: Final = re.compile(
    r"(?:https?://(?P<site>[^/?#]+))?[^?#]*?/rest/(?:api|agile)/[^/?#]+/(?P<path>[^?#]*?)/?"
    r"(?:\?(?P<query>[^#]*))?(?:#.*)?"
)
_REQUESTS: Final[tuple[tuple[re.Pattern[str], Kind, int], ...]] = (
    (re.compile(r"issue/(?P<issue>[^/]+)/changelog"), "history", 100),
    (re.compile(r"issue/(?P<issue>[^/]+)/worklog"), "worklog", 5000),
    (re.compile(r"issue/[^/]+"), "issue", 0),
    (re.compile(r"board/(?P<board>\d+)/(?:.+/)?issue"), "issue", 50),
    (re.compile(r"(?:sprint|epic)/[^/]+/issue"), "issue", 50),
    (re.compile(r"search(?:/jql)?"), "issue", 50),
    (re.compile(r"board/(?P<board>\d+)/sprint"), "sprint", 50),
    (re.compile(r"sprint/\d+"), "sprint", 0),
)
"""Path, what it answers with, and the page size where the request names none (0: all at once)."""

_PAGE_KEYS: Final = ("issues", "values", "histories", "worklogs")
_SITE: Final = re.compile(r"https?://(?P<site>[^/?#]+)/")


@dataclass(frozen=True, slots=True)
class Request:
    """What a URL asked for."""

    kind: Kind
    url: str
    site: str | None = None
    """Host of the Jira that was asked."""
    board: str | None = None
    issue: str | None = None
    """Id or key of the issue whose history or worklog was asked for."""
    page_size: int = 0
    start: int = 0
    query: str = ""
    """The URL without what only says which page."""
    path: str = ""
    """What was asked for, without host and parameters: ``board/8/issue``."""


@dataclass(frozen=True, slots=True)
class Row:
    """One record of Jira, and where it was found."""

    kind: Kind
    id: str
    body: Mapping[str, Any]
    locator: str
    """Path below the source and line, ``issues.jsonl:12``."""
    location: Location
    read_at: str | None
    """``captured_at`` of the response, as written."""
    request: Request | None

    @property
    def site(self) -> str | None:
        """Host of the Jira that answered, by the request or by the record's own address."""
        if self.request is not None and self.request.site:
            return self.request.site
        found = _SITE.match(text(self.body, "self") or "")
        return found["site"] if found else None


@dataclass(frozen=True, slots=True)
class Page:
    """One answer to a request for a list."""

    request: Request
    count: int
    total: int | None
    """How many records there are on all pages, if the answer says so."""
    is_last: bool


@dataclass(frozen=True, slots=True)
class Recording:
    """Everything that was recorded, and what is known to be missing from it."""

    rows: tuple[Row, ...]
    pages: tuple[Page, ...]
    problems: tuple[AuditorError, ...]
    damaged: frozenset[Kind]
    """Kinds of which a line could not be read."""


def request_of(url: str) -> Request:
    """Read what *url* asked for."""
    found = _URL.fullmatch(url)
    if found is None:
        return Request("other", url)
    query = found["query"] or ""
    for pattern, kind, size in _REQUESTS:
        asked = pattern.fullmatch(found["path"])
        if asked is not None:
            named = asked.groupdict()
            return Request(
                kind,
                url,
                found["site"],
                named.get("board"),
                named.get("issue"),
                (_parameter(query, "maxResults") or size) if size else 0,
                _parameter(query, "startAt") or 0,
                f"{found['site']}/{found['path']}?"
                + "&".join(sorted(p for p in query.split("&") if not p.startswith("startAt="))),
                found["path"],
            )
    return Request("other", url, found["site"])


def read_recording(source: SourceFiles) -> Recording:
    """Read every line of every JSON file of *source*; a line that cannot be read is a problem."""
    rows: list[Row] = []
    pages: list[Page] = []
    problems: list[AuditorError] = []
    damaged: set[Kind] = set()
    for path, data in source.files.items():
        file = _File(path, source.shown(path))
        for line, value in file.values(data):
            file.add(line, value)
        if file.problems:
            # A line that cannot be read may have been of any kind that its neighbours are.
            damaged |= {row.kind for row in file.rows} or set(KINDS)
        rows += file.rows
        pages += file.pages
        problems += file.problems
    pages += _pages_of_single_records(rows, pages)
    return Recording(tuple(rows), tuple(pages), tuple(problems), frozenset(damaged))


def is_cut_off(pages: Iterable[Page]) -> bool:
    """Tell whether any of the lists that were asked for has, or may have, a page that is not here."""
    lists: dict[str, list[Page]] = defaultdict(list)
    for page in pages:
        if page.request.page_size:
            lists[page.request.query].append(page)
    return any(not _is_whole(found) for found in lists.values())


def _is_whole(pages: list[Page]) -> bool:
    pages = sorted(pages, key=lambda page: (page.request.start, page.count))
    reached = 0
    for page in pages:
        if page.request.start > reached:
            return False
        reached = max(reached, page.request.start + page.count)
    totals = [page.total for page in pages if page.total is not None]
    if totals:
        return reached >= max(totals)
    # A full page without a word on the rest is taken for one of several.
    last = pages[-1]
    return last.is_last or last.count < last.request.page_size


def _pages_of_single_records(rows: Iterable[Row], known: Iterable[Page]) -> Iterator[Page]:
    """Put the records that were recorded one a line back into the pages that they came in."""
    told = {page.request.url for page in known}
    ids: dict[str, set[str]] = defaultdict(set)
    requests: dict[str, Request] = {}
    for row in rows:
        if row.request is not None and row.request.url not in told:
            ids[row.request.url].add(row.id)
            requests[row.request.url] = row.request
    for url, found in ids.items():
        yield Page(requests[url], len(found), None, is_last=False)


class _File(RecordedFile):
    """The rows, pages and problems of one file."""

    def __init__(self, path: str, shown: str) -> None:
        super().__init__(path, shown)
        self.rows: list[Row] = []
        self.pages: list[Page] = []

    def add(self, line: int, value: object) -> None:
        """Take apart one line: a record or a page of records, recorded or bare."""
        if not isinstance(value, dict):
            self.problem("want one JSON object a line", line)
            return
        url, body = text(value, "url"), value.get("body")
        request, read_at = None, None
        if url is not None and "body" in value:
            request, read_at = request_of(url), text(value, "captured_at")
        else:
            body = value
        kind = request.kind if request else "other"
        kind = kind if kind != "other" else _kind_of(body)
        page = next((key for key in _PAGE_KEYS if isinstance(value_at(body, key), list)), None)
        if page is None or _kind_of(body) == kind:
            self._add_row(kind, body, line, read_at, request)
            return
        items = value_at(body, page)
        for item in items:
            own = kind if kind != "other" else _kind_of(item)
            self._add_row(own, item, line, read_at, request)
        asked = request or Request(kind, self.path, query=f"pages of {page}")
        start, size = number(body, "startAt"), number(body, "maxResults")
        asked = replace(
            asked,
            start=asked.start if start is None else start,
            page_size=size or asked.page_size or len(items),
        )
        total, last = number(body, "total"), value_at(body, "isLast") is True
        self.pages.append(Page(asked, len(items), total, last))

    def _add_row(
        self, kind: Kind, body: object, line: int, read_at: str | None, request: Request | None
    ) -> None:
        own_id = native_id(body, "id")
        if not isinstance(body, dict) or own_id is None:
            if kind != "other":
                self.problem(f"this {kind} has no id", line)
            return
        if kind == "issue" and not isinstance(body.get("fields"), dict):
            self.problem(f"issue {own_id} has no fields", line)
            return
        place = (f"{self.path}:{line}", Location(self.shown, line))
        self.rows.append(Row(kind, own_id, body, *place, read_at, request))


def _kind_of(body: object) -> Kind:
    """Tell by its content what a record is; only where its URL does not."""
    if not isinstance(body, dict):
        return "other"
    if isinstance(body.get("fields"), dict) and "key" in body:
        return "issue"
    if "timeSpentSeconds" in body and "issueId" in body:
        return "worklog"
    if "originBoardId" in body and "state" in body:
        return "sprint"
    return "other"


def _parameter(query: str, name: str) -> int | None:
    found = re.search(rf"(?:^|&){name}=(\d{{1,9}})(?:&|$)", query)
    return int(found[1]) if found else None
