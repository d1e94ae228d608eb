"""
CEL's standard functions on texts and bytes.

Lengths and positions count Unicode characters, not bytes. Patterns are RE2: they look anywhere in the
text unless they are anchored, take time in proportion to it, and know neither look-around nor
back-references; such a pattern is an error, as a wrong one is.

Source: CEL specification, "Regular Expressions".
"""

from __future__ import annotations

import operator
from typing import Final

from auditor.language.patterns import pattern
from auditor.language.registry import Library, overload

_MATCH_COST: Final = 10


def _matches(text: str, expression: str) -> bool:
    return pattern(expression).search(text) is not None


LIBRARY: Final = Library(
    "strings",
    (
        overload("size(string) -> int", len, examples=[("size('πέντε')", "5")]),
        overload("string.size() -> int", len, examples=[("'πέντε'.size()", "5")]),
        overload("size(bytes) -> int", len, examples=[("size(b'abc')", "3")]),
        overload("bytes.size() -> int", len, examples=[("b'ÿ'.size()", "2")]),
        overload(
            "string.contains(string) -> bool",
            operator.contains,
            examples=[("'Straße'.contains('aß')", "true")],
        ),
        overload(
            "string.startsWith(string) -> bool",
            str.startswith,
            examples=[("'foobar'.startsWith('foo')", "true")],
        ),
        overload(
            "string.endsWith(string) -> bool",
            str.endswith,
            examples=[("'foobar'.endsWith('foo')", "false")],
        ),
        overload(
            "string.matches(string) -> bool",
            _matches,
            cost=_MATCH_COST,
            examples=[("'banana'.matches('^ba(na)*$')", "true")],
            about="Looks for the pattern anywhere in the text; RE2's syntax.",
        ),
        overload(
            "matches(string, string) -> bool",
            _matches,
            cost=_MATCH_COST,
            examples=[("matches('hubba', 'ubb')", "true")],
            about="Looks for the pattern anywhere in the text; RE2's syntax.",
        ),
    ),
)
