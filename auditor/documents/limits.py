"""
How large a document may be.

Python's own limits depend on its version, on settings and on how deep the caller already is: the same
file would parse in one process and fail in another, and a verdict would depend on the executor. So every
limit here is counted by our own counters, and is reached long before Python's.
"""

from __future__ import annotations

from typing import Final

MAX_BYTES: Final = 64 * 1024 * 1024
"""Bytes of one file."""

MAX_STRING: Final = 8 * 1024 * 1024
"""Characters of one string, as written."""

MAX_DEPTH: Final = 64
"""Lists and mappings inside each other; the outermost one counts. Source: LANGUAGE.md, section 7."""

MAX_NODES: Final = 2_000_000
"""Values of one document: scalars, lists and mappings, without the keys."""

MAX_ALIAS_NODES: Final = 10_000
"""Values that YAML aliases may repeat, over a whole document."""

MAX_DIGITS: Final = 640
"""Digits of one integer. No setting of Python lowers its own limit below this one, so it is the same everywhere."""

MAX_EXCERPT: Final = 400
"""Characters of the longest source line that is shown with an error."""
