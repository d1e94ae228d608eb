"""
Lines that GitHub turns into annotations: ``::error file=a.yaml,line=3::message``.

A message is data of others, so whatever would end it early or begin another command is escaped. GitHub shows ten
annotations of a kind for each step and drops the rest in silence; what comes after those stays in the log as plain text.

Source: actions/toolkit, packages/core/src/command.ts.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from auditor.reporters.foreign_text import flowing, inert, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from auditor.model.location import Location

Level = Literal["error", "warning", "notice"]

MOST_OF_A_KIND: Final = 10
"""Annotations of one level that GitHub shows for a step."""

_DATA: Final = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY: Final = _DATA | str.maketrans({":": "%3A", ",": "%2C"})


@dataclass(frozen=True, slots=True)
class Annotation:
    """One remark on a line of a file."""

    level: Level
    title: str
    lines: tuple[str, ...]
    """What it says, line by line."""
    location: Location | None


def annotate(annotations: Iterable[Annotation]) -> Iterator[str]:
    """
    Yield a line for each annotation, in order.

    Args:
        annotations: The most important ones of each level first.
    """
    count: Counter[Level] = Counter()
    for one in annotations:
        count[one.level] += 1
        yield _command(one) if count[one.level] <= MOST_OF_A_KIND else _plain(one)


def _command(one: Annotation) -> str:
    place = one.location
    properties: dict[str, object] = {}
    if place is not None:
        properties |= {"file": place.path, "line": place.line, "col": place.column}
        if place.end_column is not None:
            properties["endColumn"] = place.end_column
    properties["title"] = flowing(one.title)
    told = ",".join(
        f"{key}={inert(visible(str(value))).translate(_PROPERTY)}"
        for key, value in properties.items()
    )
    message = "\n".join(map(flowing, one.lines))
    return f"::{one.level} {told}::{message.translate(_DATA)}"


def _plain(one: Annotation) -> str:
    where = f"{one.location}: " if one.location is not None else ""
    return flowing(f"{one.level}: {where}{one.title}: {'; '.join(one.lines)}")
