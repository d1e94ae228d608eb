"""
The index of the search: a script of data, so that it is read from a disk as well as from a server.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from auditor.reporters.docs.elements import Entry
from auditor.reporters.foreign_text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.reporters.docs.elements import Page, Site


def search_index(site: Site, suffix: str) -> str:
    """
    Return the script.

    Args:
        site: All pages.
        suffix: What the file of a page ends with.
    """
    rows = [_row(entry, suffix) for page in site.pages for entry in _entries(page)]
    lines = ",\n".join(json.dumps(row, ensure_ascii=True).replace("<", "\\u003c") for row in rows)
    return f"/* Written by auditor policy docs. */\nwindow.auditorSearchIndex = [\n{lines}\n];\n"


def _entries(page: Page) -> Iterator[Entry]:
    """Yield what is found on a page, and the page itself where nothing on it stands for it."""
    if all(entry.anchor for entry in page.entries):
        yield Entry(page.label.lower(), page.title, "", page.address)
    yield from page.entries


def _row(entry: Entry, suffix: str) -> list[str]:
    place = f"#{entry.anchor}" if entry.anchor else ""
    texts = (entry.kind, entry.title, " ".join(entry.about.split()))
    return [*map(visible, texts), f"{entry.page}{suffix}{place}"]
