"""
Which lines of the snapshots' own files an explanation shows, with the value marked.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from auditor.documents.source import decode
from auditor.model.errors import AuditorError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from auditor.documents.source import Source
    from auditor.model.explanation import Because, Step
    from auditor.model.location import Location
    from auditor.model.verdict import Verdict

MOST_EXCERPTS: Final = 3
"""Of one verdict: those without which it would not be what it is."""
_VALUE: Final = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'|[\[{]|[^\s,\]}][^,\]}#]*')


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A line of a file, and the part of it that is meant."""

    location: Location
    text: str


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
        for pointer in _telling(verdict):
            place = places.get(pointer)
            excerpt = self._line(place) if place is not None else None
            if excerpt is not None:
                found.setdefault(excerpt.location, excerpt)
            if len(found) == MOST_EXCERPTS:
                break
        return tuple(found.values())

    def _line(self, place: Location) -> Excerpt | None:
        source = self._source(place.path)
        text = source.line_text(place.line) if source is not None else ""
        value = _VALUE.match(text, place.column - 1)
        if not value:
            return None  # the file has changed since, or is another one
        end = place.column + len(value[0].rstrip())
        return Excerpt(replace(place, end_column=end), text)

    def _source(self, path: str) -> Source | None:
        if path not in self._sources:
            self._sources[path] = None
            if Path(path).resolve() in self._files:
                # An explanation without the line is better than none.
                with suppress(OSError, AuditorError):
                    self._sources[path] = decode(Path(path).read_bytes(), path=path)
        return self._sources[path]


def _telling(verdict: Verdict) -> Iterator[str]:
    """Yield the facts that would turn a verdict, then those of the steps that rest on nothing else."""
    decided = (clause for clause in verdict.clauses if clause.outcome is verdict.outcome)
    reasons = [verdict.because, *(clause.because for clause in decided)]
    every = [because for because in reasons if because is not None]
    for because in every:
        yield from (turn.pointer for way in because.turns for turn in way if turn.pointer)
    for because in every:
        yield from _of_leaves(because)


def _of_leaves(because: Because) -> Iterable[str]:
    steps: Iterator[Step] = (one for step in because.steps for one in step.walk())
    return (step.facts[0] for step in steps if step.facts and not step.steps)
