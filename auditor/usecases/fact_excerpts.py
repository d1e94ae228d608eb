"""
Which lines of the snapshots' own files an explanation shows, with the value marked.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from auditor.documents.source import decode
from auditor.findings.telling_facts import MOST_LINES, telling
from auditor.model.errors import AuditorError
from auditor.model.excerpt import Excerpt

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from auditor.documents.source import Source
    from auditor.model.location import Location
    from auditor.model.verdict import Verdict

_VALUE: Final = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'|[\[{]|[^\s,\]}][^,\]}#]*')
_CLOSED_BY: Final = {"{": "}", "[": "]"}
_INSIDE: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]')
"""What counts for the end of an object or a list: brackets, but not those in texts."""
_FAR_ENOUGH: Final = 2_000
"""Characters in which an end is looked for: a file may be one line, and nobody is shown more of it."""


class Excerpts:
    """
    Reads lines of the files that a run was made from, each file once.

    Args:
        files: Those files; nothing else is opened, whatever a place says.
    """

    def __init__(self, files: Collection[Path]) -> None:
        self._files = {path.resolve() for path in files}
        self._sources: dict[str, Source | None] = {}

    def of(self, verdict: Verdict, places: Mapping[str, Location]) -> tuple[Excerpt, ...]:
        """Return the lines with the facts that decided *verdict*, the most telling ones first."""
        found: dict[Location, Excerpt] = {}
        for pointer in telling(verdict):
            place = places.get(pointer)
            excerpt = self.at(place) if place is not None else None
            if excerpt is not None:
                found.setdefault(excerpt.location, excerpt)
            if len(found) == MOST_LINES:
                break
        return tuple(found.values())

    def at(self, place: Location) -> Excerpt | None:
        """Return the line at *place*, the value in it marked; None where there is no value there."""
        source = self._source(place.path)
        text = source.line_text(place.line) if source is not None else ""
        value = _VALUE.match(text, place.column - 1)
        if not value:
            return None  # the file has changed since, or is another one
        end = place.column + len(value[0].rstrip())
        if value[0] in _CLOSED_BY and not place.path.lower().endswith(".csv"):
            end = _end(text, place.column - 1) + 1
        return Excerpt(replace(place, end_column=end), text)

    def _source(self, path: str) -> Source | None:
        if path not in self._sources:
            self._sources[path] = None
            if Path(path).resolve() in self._files:
                # An explanation without the line is better than none.
                with suppress(OSError, AuditorError):
                    self._sources[path] = decode(Path(path).read_bytes(), path=path)
        return self._sources[path]


def _end(text: str, begin: int) -> int:
    """Return where the object or list ends that begins in a line, at the latest with the text of the line."""
    depth = 0
    for match in _INSIDE.finditer(text, begin, begin + _FAR_ENOUGH):
        if match[0] in _CLOSED_BY:
            depth += 1
        elif match[0] in _CLOSED_BY.values():
            depth -= 1
            if not depth:
                return match.end()
    return begin + len(text[begin : begin + _FAR_ENOUGH].rstrip())
