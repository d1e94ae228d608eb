"""
Read what a recorded request asked GitHub for.
"""

from __future__ import annotations

import re
from typing import Final

from auditor.sources.recorded_responses import Request
from auditor.sources.url_query import may_filter, number_of, parameters, same_list

_URL: Final = re.compile(
    r"https?://(?:api\.github\.com|[^/?#]+/api/v3)/repos/(?P<scope>[^/?#]+/[^/?#]+)"
    r"(?:/(?P<path>[^?#]*?))?/?(?:\?(?P<query>[^#]*))?"
)
_LISTS: Final[tuple[tuple[re.Pattern[str], str, dict[str, str]], ...]] = (
    (re.compile(r"issues"), "issue", {"state": "all"}),
    (re.compile(r"issues/events"), "event", {}),
    (re.compile(r"issues/(?P<of>[0-9]{1,18})/events"), "event", {}),
    (re.compile(r"pulls"), "pull request", {"state": "all"}),
    (re.compile(r"pulls/(?P<of>[0-9]{1,18})/reviews"), "review", {}),
    (re.compile(r"milestones"), "milestone", {"state": "all"}),
)
"""Path, what it answers with, and the parameters without which GitHub leaves records out."""

_SINGLE: Final = (
    (re.compile(r"issues/[0-9]{1,18}"), "issue"),
    (re.compile(r"pulls/[0-9]{1,18}"), "pull request"),
    (re.compile(r"milestones/[0-9]{1,18}"), "milestone"),
)
_HARMLESS: Final = frozenset({"direction", "page", "per_page", "sort"})
_PAGE_SIZE: Final = 30
"""Of a request that names none."""

_NUMBER: Final = re.compile(r"(?<=/)[0-9a-f]{7,40}(?=/|$)|(?<=/)\d+(?=/|$)")


def request_of(url: str) -> Request | None:
    """Read what *url* asked for; None where it is no address of GitHub's API for repositories."""
    found = _URL.fullmatch(url)
    if found is None:
        return None
    scope, path = found["scope"], found["path"] or ""
    given = parameters(found["query"])
    shown = _NUMBER.sub("{n}", path)
    for pattern, kind, must in _LISTS:
        asked = pattern.fullmatch(path)
        if asked is not None:
            # Reviews and events have no state: that somebody asked for one changes nothing.
            harmless = _HARMLESS if must else _HARMLESS | {"state"}
            return Request(
                kind,
                scope,
                shown,
                same_list(path, given),
                asked.groupdict().get("of") or "",
                number_of(given, "page", 1),
                min(number_of(given, "per_page", _PAGE_SIZE), 100),
                may_filter(given, harmless=harmless, must=must),
            )
    kind = next((kind for pattern, kind in _SINGLE if pattern.fullmatch(path)), "")
    return Request(kind, scope, shown)
