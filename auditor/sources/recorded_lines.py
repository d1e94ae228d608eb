"""
Read the lines of a recording: one JSON value a line, or one file that is a JSON value or a list of them.

A line that cannot be read is a problem with its place; the others are still read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.documents.json import parse_json
from auditor.model.errors import DocumentError, InputError
from auditor.model.location import Location

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from auditor.model.errors import AuditorError

LINES: Final = (".jsonl", ".ndjson")
"""How files are called that hold one JSON value a line."""

_MOST_PROBLEMS: Final = 20
"""Problems of one file that are told one by one; the rest is counted."""


class RecordedFile:
    """
    The lines and problems of one file.

    Args:
        path: Below the source.
        shown: As the user would type it.
    """

    def __init__(self, path: str, shown: str) -> None:
        self.path = path
        self.shown = shown
        self.problems: list[AuditorError] = []
        self.is_damaged = False
        """Whether a line could not even be parsed."""
        self._unreported = 0

    def values(self, data: bytes) -> Iterator[tuple[int, object]]:
        """Parse the file, or each of its lines; yield each value with its line. Other files are passed over."""
        if self.path.endswith(LINES):
            yield from self.parsed(enumerate(data.split(b"\n"), 1))
        elif self.path.endswith(".json"):
            yield from self.parsed([(1, data)])

    def parsed(self, parts: Iterable[tuple[int, bytes]]) -> Iterator[tuple[int, object]]:
        """Parse each part of the file that is not blank, with the line on which it begins."""
        is_one_value = self.path.endswith(".json")
        for line, part in parts:
            if not part.strip() and not is_one_value:
                continue
            try:
                value = parse_json(part, path=self.shown)
            except DocumentError as error:
                self.is_damaged = True
                self._report(_placed(error, part, line) if self._has_room() else error)
                continue
            if not isinstance(value, list):
                yield line, value
            elif is_one_value:
                yield from ((line, item) for item in value)
            else:
                self.is_damaged = True
                self.problem("a line holds a list, want one JSON object", line)
        if self._unreported:
            self.problems.append(
                InputError(
                    f"{self._unreported} more lines cannot be read",
                    location=Location(self.shown, 1),
                )
            )

    def problem(self, message: str, line: int) -> None:
        """Report a line; the others are still read."""
        self._report(InputError(message, location=Location(self.shown, line)))

    def _report(self, error: AuditorError) -> None:
        if self._has_room():
            self.problems.append(error)
        else:
            self._unreported += 1

    def _has_room(self) -> bool:
        return len(self.problems) < _MOST_PROBLEMS


def _placed(error: DocumentError, part: bytes, line: int) -> DocumentError:
    """Return *error* as it stands in the file, of which the parser saw one line."""
    try:
        parse_json(b"\n" * (line - 1) + part, path=error.location.path if error.location else "")
    except DocumentError as placed:
        return placed
    return error
