"""
Read what a recorded request asked GitLab for.
"""

from __future__ import annotations

import re
from typing import Final

from auditor.sources.recorded_responses import Request
from auditor.sources.url_query import may_filter, number_of, parameters, same_list

_URL: Final = re.compile(
    r"https?://[^/?#]+(?:/[^?#]*?)?/api/v4/projects/(?P<scope>[^/?#]+)"
    r"(?:/(?P<path>[^?#]*?))?/?(?:\?(?P<query>[^#]*))?"
)
_LISTS: Final = (
    (re.compile(r"issues"), "issue"),
    (re.compile(r"merge_requests"), "merge request"),
    (re.compile(r"merge_requests/(?P<of>[0-9]{1,18})/notes"), "note"),
    (re.compile(r"milestones"), "milestone"),
)
_SINGLE: Final = (
    (re.compile(r"issues/[0-9]{1,18}"), "issue"),
    (re.compile(r"merge_requests/[0-9]{1,18}"), "merge request"),
    (re.compile(r"milestones/[0-9]{1,18}"), "milestone"),
)
_HARMLESS: Final = frozenset(
    {"order_by", "page", "pagination", "per_page", "private_token", "sort", "with_stats"}
)
_PAGE_SIZE: Final = 20
"""Of a request that names none."""

_LARGEST_PAGE: Final = 100
_NUMBER: Final = re.compile(r"(?<=/)[0-9a-f]{7,40}(?=/|$)|(?<=/)[0-9]+(?=/|$)")


def request_of(url: str) -> Request | None:
    """Read what *url* asked for; None where it is no address of GitLab's API for projects."""
    found = _URL.fullmatch(url)
    if found is None:
        return None
    scope, path = found["scope"], found["path"] or ""
    given = {name: value for name, value in parameters(found["query"]).items() if value != "all"}
    shown = _NUMBER.sub("{n}", path)
    for pattern, kind in _LISTS:
        asked = pattern.fullmatch(path)
        if asked is not None:
            # Without system notes there are no approvals; that they were left out the notes themselves show.
            harmless = _HARMLESS | {"system"} if kind == "note" else _HARMLESS
            return Request(
                kind,
                scope,
                shown,
                same_list(path, given),
                asked.groupdict().get("of") or "",
                number_of(given, "page", 1),
                min(number_of(given, "per_page", _PAGE_SIZE), _LARGEST_PAGE),
                may_filter(given, harmless=harmless, must={}),
            )
    kind = next((kind for pattern, kind in _SINGLE if pattern.fullmatch(path)), "")
    return Request(kind, scope, shown)
