"""
Read what a recorded request asked Trello for.
"""

from __future__ import annotations

import re
from typing import Final

from auditor.sources.recorded_responses import Request
from auditor.sources.url_query import number_of, parameters

_ID: Final = "[0-9a-zA-Z]{1,40}"
_URL: Final = re.compile(
    rf"https?://api\.trello\.com/1/boards/(?P<scope>{_ID})"
    r"(?:/(?P<path>[^?#]*?))?/?(?:\?(?P<query>[^#]*))?"
)
_LISTS: Final = (
    (re.compile(r"cards(?:/(?P<filter>\w{1,20}))?"), "card", 1000),
    (re.compile(r"lists(?:/(?P<filter>\w{1,20}))?"), "list", 0),
    (re.compile(r"checklists"), "checklist", 0),
    (re.compile(r"labels"), "label", 50),
    (re.compile(r"members"), "member", 0),
    (re.compile(r"actions"), "action", 50),
)
"""Path, what it answers with, and how many at most where the request names no limit (0: all)."""


def request_of(url: str) -> Request | None:
    """Read what *url* asked for; None where it is no address of a board of Trello."""
    found = _URL.fullmatch(url)
    if found is None:
        return None
    scope, path = found["scope"], found["path"] or ""
    given = parameters(found["query"])
    if not path:
        return Request("board", scope, "board")
    for pattern, kind, most in _LISTS:
        asked = pattern.fullmatch(path)
        if asked is None:
            continue
        wanted = asked.groupdict().get("filter") or given.get("filter")
        # Trello leaves out archived cards unless it is asked for all; a page of actions begins anywhere.
        is_open = kind == "card" and wanted != "all"
        is_open = is_open or bool({"before", "since"} & given.keys())
        size = min(number_of(given, "limit", most), 1000) if most else 0
        spelt = f"{path} at most {size}" if size else path
        return Request(kind, scope, path, spelt, page_size=size, is_open=is_open)
    return Request("", scope, path)
