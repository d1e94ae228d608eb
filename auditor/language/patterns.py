"""
Patterns of policies: RE2, compiled once, and only where an expression needs one.

RE2 looks at a text in time proportional to it and knows neither look-around nor back-references; a pattern
with either is an error of the language, as a wrong one is.

Source: CEL specification, "Regular Expressions".
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from auditor.language.failures import fail

if TYPE_CHECKING:
    from collections.abc import Iterator


class Match(Protocol):
    """Where a pattern was found."""

    def span(self, group: int = 0) -> tuple[int, int]:
        """Return the first position and the one after the last; -1 where a group took no part."""
        ...

    def group(self, group: int = 0) -> str | None:
        """Return the text of a group; None where it took no part."""
        ...


class Pattern(Protocol):
    """A compiled pattern."""

    groups: int
    """Groups that capture."""

    def search(self, text: str) -> Match | None:
        """Find the first match anywhere in *text*."""
        ...

    def finditer(self, text: str) -> Iterator[Match]:
        """Find the matches that do not overlap, in order."""
        ...


@lru_cache(maxsize=256)
def _compiled(text: str) -> Pattern | None:
    import re2  # noqa: PLC0415 (only policies that use patterns pay for it)

    options = re2.Options()
    options.log_errors = False  # RE2 would write to the standard error stream
    try:
        compiled: Pattern = re2.compile(text, options)
    except re2.error:
        return None
    return compiled


def pattern(text: str) -> Pattern:
    """
    Compile a pattern.

    Raises:
        EvaluationFailure: RE2 does not understand it.
    """
    compiled = _compiled(text)
    if compiled is None:
        fail("bad_pattern", "the pattern is not a regular expression that RE2 understands")
    return compiled


def matches(compiled: Pattern, text: str) -> Iterator[Match]:
    """Yield the matches in order, without an empty one right behind another, as Go counts them."""
    behind = -1
    for match in compiled.finditer(text):
        start, end = match.span()
        if start != end or start != behind:
            yield match
        behind = end
