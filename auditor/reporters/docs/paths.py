"""
How one page of the documentation leads to another: relative, so that it works from any folder and any server.
"""

from __future__ import annotations

from posixpath import relpath


def way(here: str, there: str, anchor: str, suffix: str) -> str:
    """
    Return the way from one page to another.

    Args:
        here: Address of the page that the link stands on.
        there: Address of the page that it leads to.
        anchor: Place on that page; empty for its beginning.
        suffix: What the file of a page ends with: ``.html``.
    """
    place = f"#{anchor}" if anchor else ""
    if here == there and anchor:
        return place
    return f"{file_way(here, there)}{suffix}{place}"


def file_way(here: str, there: str) -> str:
    """Return the way from a page to a file of the site."""
    return relpath(there, start=here.rpartition("/")[0] or ".")
