"""
How large the lists and texts of one snapshot are, as far as the cost of policies depends on it.

A path names a list by the fields that lead to it, whatever record it stands in: ``sprints.items`` are the
items of any sprint. Where no field leads on, ``.*`` stands for every member of a list or map, and ``.**`` for
everything inside data that has no declared fields.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_INSIDE: Final = ".**"
_EVERY: Final = "*"


class Sizes(Protocol):
    """What the bound of a policy's steps asks of a snapshot."""

    def members(self, path: str) -> int:
        """
        Return the most members of a list (or map) at a path, over all records.

        With ``.**`` at its end the most values inside a value at the path, at any depth and without itself.
        """
        ...

    def bucket(self, path: str, field: str) -> int:
        """
        Return the most members of one list at a path that share one text in *field*.

        Members that have no text there (none, null, another kind of value) count with every text.
        """
        ...

    def text(self) -> int:
        """Return the characters of the longest text, keys of maps included."""
        ...

    def calendar(self) -> int:
        """
        Return the local days from the first to the last instant that an expression can read, both included.

        Those are the instants and days of the snapshot, the judged instant and the period. More is allowed.
        """
        ...


class SnapshotSizes:
    """
    Counts in a shaped snapshot, each size when it is first asked for.

    Args:
        document: As it is judged; what stands beside it under a name of its own (``attestation``) is added.
        instants: Judged instant and period.
    """

    def __init__(
        self, document: Mapping[str, Any], instants: Iterable[dt.datetime | dt.date] = ()
    ) -> None:
        self._document = document
        self._instants = tuple(instants)
        self._members: dict[str, int] = {}
        self._buckets: dict[tuple[str, str], int] = {}
        self._scan: tuple[int, int] | None = None

    def members(self, path: str) -> int:
        """Return the most members of a list or map at a path; see `Sizes`."""
        if path not in self._members:
            inside = path.endswith(_INSIDE)
            count = _values_inside if inside else _length
            found = _at(self._document, path.removesuffix(_INSIDE))
            self._members[path] = max(map(count, found), default=0)
        return self._members[path]

    def bucket(self, path: str, field: str) -> int:
        """Return the most members of one list that share one text in a field; see `Sizes`."""
        if (path, field) not in self._buckets:
            buckets = (_bucket(one, field) for one in self._lists(path))
            self._buckets[path, field] = max(buckets, default=0)
        return self._buckets[path, field]

    def text(self) -> int:
        """Return the characters of the longest text."""
        return self._scanned()[0]

    def calendar(self) -> int:
        """Return the local days from the first to the last instant."""
        return self._scanned()[1]

    def _scanned(self) -> tuple[int, int]:
        if self._scan is None:
            found = [*_values(self._document), *self._instants]
            lengths = [len(value) for value in found if isinstance(value, str)]
            self._scan = max(lengths, default=0), _days(found)
        return self._scan

    def _lists(self, path: str) -> list[list[Any]]:
        return [one for one in _at(self._document, path) if isinstance(one, list)]


class CloseSizes(SnapshotSizes):
    """Counts closer than a bound must know: members with the very text that a policy names, days between fields."""

    def __init__(
        self, document: Mapping[str, Any], instants: Iterable[dt.datetime | dt.date] = ()
    ) -> None:
        super().__init__(document, instants)
        self._between: dict[tuple[str, ...], int] = {}
        self._texts: dict[tuple[str, str], list[tuple[Counter[str], int]]] = {}

    def sharing(self, path: str, field: str, text: str) -> int:
        """Return the most members of one list at a path that have one text, or none, in a field."""
        if (path, field) not in self._texts:
            self._texts[path, field] = [_texts(one, field) for one in self._lists(path)]
        return max((texts[text] + others for texts, others in self._texts[path, field]), default=0)

    def between(self, paths: Iterable[str]) -> int:
        """Return the local days between the instants at some paths, the judged instant and the period."""
        known = tuple(paths)
        if known not in self._between:
            found = [value for path in known for value in _at(self._document, path)]
            self._between[known] = _days([*found, *self._instants])
        return self._between[known]


def _days(found: Iterable[Any]) -> int:
    """Return the local days from the first to the last instant or day."""
    # Numbers of days: a day in an instant's place has no order of its own.
    days = [value.toordinal() for value in found if isinstance(value, dt.date)]
    between = max(days) - min(days) if days else 0
    # In the auditee's zone the first and the last instant may lie a day further apart on either side.
    return between + 3


def _at(document: object, path: str) -> list[Any]:
    """Return all values at a path; a field is looked for in each record of a list."""
    found = [document]
    for name in path.split("."):
        found = [inner for value in found for inner in _inside(value, name)]
    return found


def _inside(value: object, name: str) -> list[Any]:
    if name == _EVERY:
        return list(value.values()) if isinstance(value, dict) else _records(value)
    return [
        record[name] for record in _records(value) if isinstance(record, dict) and name in record
    ]


def _records(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _length(value: object) -> int:
    return len(value) if isinstance(value, list | dict) else 0


def _values_inside(value: object) -> int:
    return sum(1 for _ in _values(value)) - 1


def _values(value: object) -> Iterator[Any]:
    """Yield a value and everything inside it, keys included, without recursion."""
    pending = [value]
    while pending:
        current = pending.pop()
        yield current
        if isinstance(current, dict):
            pending.extend(current.keys())
            pending.extend(current.values())
        elif isinstance(current, list):
            pending.extend(current)


def _bucket(members: list[Any], field: str) -> int:
    texts, others = _texts(members, field)
    return max(texts.values(), default=0) + others


def _texts(members: list[Any], field: str) -> tuple[Counter[str], int]:
    """Count the members by the text in a field, and those that have none there."""
    texts: Counter[str] = Counter()
    others = 0
    for member in members:
        value = member.get(field) if isinstance(member, dict) else None
        if isinstance(value, str):
            texts[value] += 1
        else:
            others += 1
    return texts, others
