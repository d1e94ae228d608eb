"""
Find the issues that a description says it closes: ``Fixes #12``, or the address of an issue.

Only the number is taken from a text that anybody may write; the pattern has no part that can be read in two
ways, so no text makes it slow.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_CLOSES: Final = re.compile(
    r"\b(?:clos(?:e[sd]?|ing)|fix(?:e[sd]|ing)?|resolv(?:e[sd]?|ing)):?[ \t]{1,3}"
    r"(?:(?P<repository>[\w.-]{1,100}/[\w./-]{1,200})?#"
    r"|https?://[\w.-]{1,100}/(?P<address>[\w.-]{1,100}/[\w./-]{1,200}?)(?:/-)?/issues/)"
    r"(?P<number>[0-9]{1,9})\b",
    re.IGNORECASE | re.ASCII,
)
_LONGEST: Final = 100_000
"""Characters of a description that are looked at."""


def closed_numbers(description: object, repository: str) -> Iterator[int]:
    """Yield the numbers of the issues of *repository* that *description* says it closes."""
    if not isinstance(description, str):
        return
    for found in _CLOSES.finditer(description[:_LONGEST]):
        named = found["repository"] or found["address"]
        if named is None or named.lower() == repository.lower():
            yield int(found["number"])
