"""
What all parts of a reader share: how ids are spelt, who was met, and what could not be read.

A fact that cannot be read is left out of its record and noted here with its reason; which element of which
list that is, is known only when the lists are complete, so a note holds the record itself.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Generic, Protocol, TypeVar

from auditor.documents.pointer import join
from auditor.facts.instants import parse_day
from auditor.model.errors import ConfigError, InputError
from auditor.sources.instants import rewritten

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from auditor.model.errors import AuditorError
    from auditor.model.location import Location

_SHOWN_PLACES: Final = 3
"""How many places of an unmapped name are listed; the first is the problem's own."""


class Row(Protocol):
    """A record of a recording, as far as it matters here."""

    @property
    def locator(self) -> str:
        """Path below the source and line, ``issues.jsonl:12``."""
        ...

    @property
    def location(self) -> Location:
        """Where it was found."""
        ...

    @property
    def read_at(self) -> str | None:
        """When the response was read, as written."""
        ...


AnyRow = TypeVar("AnyRow", bound=Row)


@dataclass(frozen=True, slots=True)
class _Note:
    record: dict[str, Any]
    path: tuple[str, ...]
    reason: str


class Notes(Generic[AnyRow]):
    """Collects parties, gaps and problems while records are made."""

    def __init__(
        self,
        *,
        source: str,
        zone: ZoneInfo | None,
        mapping: Mapping[str, Any] | None,
        mapping_name: str,
    ) -> None:
        self.source = source
        """Id of the source, with which all ids begin."""
        self.zone = zone
        """Zone in which times without an offset are read."""
        self.is_zone_used = False
        self.has_mapping = mapping is not None
        self.mapping_name = mapping_name
        self.parties: dict[str, dict[str, Any]] = {}
        self.met_in: dict[str, AnyRow] = {}
        """Per party the row that named it first."""
        self.problems: list[AuditorError] = []
        self._names = {
            kind: {unicodedata.normalize("NFC", name): meant for name, meant in given.items()}
            for kind in ("statuses", "types")
            if isinstance(given := (mapping or {}).get(kind, {}), dict)
        }
        self._unmapped: dict[tuple[str, str], list[AnyRow]] = defaultdict(list)
        self._notes: list[_Note] = []

    def id(self, native: str) -> str:
        """Spell a native id as the snapshot does."""
        return f"{self.source}:{native}"

    def prov(self, row: AnyRow) -> dict[str, Any]:
        """Say where a record comes from."""
        prov: dict[str, Any] = {"source": self.source, "locator": row.locator, "method": "export"}
        read_at = self.read_at(row)
        return prov if read_at is None else {**prov, "captured_at": read_at}

    def read_at(self, row: AnyRow) -> str | None:
        """Return when the response of *row* was read, if that is an instant."""
        return None if row.read_at is None else self.spelt(row.read_at)

    def spelt(self, written: str) -> str | None:
        """Spell an instant as RFC 3339, None where it is none."""
        as_written = rewritten(written)
        if as_written is None and self.zone is not None:
            as_written = rewritten(written, self.zone)
            self.is_zone_used = self.is_zone_used or as_written is not None
        return as_written

    def leave_out(self, record: dict[str, Any], *path: str, reason: str = "unparsed") -> None:
        """Note that the fact at *path* of *record* is unobserved, and why."""
        self._notes.append(_Note(record, path, reason))

    def put_instant(
        self, record: dict[str, Any], field: str, body: object, key: str, row: AnyRow
    ) -> None:
        """Copy an instant: null stays null, a missing one missing, one that cannot be read is noted."""
        if not isinstance(body, dict) or key not in body:
            return
        written = body[key]
        if written is None:
            record[field] = None
            return
        made = self.spelt(written) if isinstance(written, str) else None
        if made is None:
            self.leave_out(record, field)
            self.problem(f"{key} of {record['id']} is no instant: {_quoted(written)}", row)
        else:
            record[field] = made

    def put_day(
        self, record: dict[str, Any], field: str, body: object, key: str, row: AnyRow
    ) -> None:
        """Copy a calendar day, like `put_instant`."""
        if not isinstance(body, dict) or key not in body:
            return
        written = body[key]
        if written is None or is_day(written):
            record[field] = written
        else:
            self.leave_out(record, field)
            self.problem(f"{key} of {record['id']} is no day: {_quoted(written)}", row)

    def problem(self, message: str, row: AnyRow, hint: str | None = None) -> None:
        """Report something that could not be read."""
        self.problems.append(InputError(message, hint=hint, location=row.location))

    def account(
        self,
        account: str,
        name: str | None,
        row: AnyRow,
        *,
        also: str | None = None,
        kind: str | None = None,
    ) -> str:
        """
        Return the party of an account.

        Args:
            account: Its native id.
            name: What the party is called.
            row: Where it was met.
            also: Another account or address of the party.
            kind: One of the schema's kinds of parties.
        """
        own_id = self.id(account)
        if own_id not in self.parties:
            self.parties[own_id] = {"id": own_id, "accounts": [own_id], "prov": self.prov(row)}
            self.met_in[own_id] = row
        party = self.parties[own_id]
        if name is not None:
            party.setdefault("name", name)
        if kind is not None:
            party["kind"] = kind
        if also is not None and also not in party["accounts"]:
            party["accounts"].append(also)
        return own_id

    def is_mapped(self, kind: str, name: str) -> bool:
        """Tell whether the mapping says what a native name means."""
        return unicodedata.normalize("NFC", name) in self._names.get(kind, {})

    def maps(self, kind: str, *, but: frozenset[str]) -> bool:
        """Tell whether the mapping says what any name means, *but* those."""
        return bool(self._names.get(kind, {}).keys() - but)

    def meant(self, kind: str, name: str, row: AnyRow) -> str | None:
        """Look a native status or type up in the mapping; None, and noted, where it is not in there."""
        found = self._names.get(kind, {}).get(unicodedata.normalize("NFC", name))
        if found is None:
            self._unmapped[kind, name].append(row)
        return found

    def put_meaning(
        self, record: dict[str, Any], *path: str, kind: str, native: str, row: AnyRow
    ) -> None:
        """Put what a native name means at *path* of *record*, or note that it is not known."""
        meant = self.meant(kind, native, row)
        if meant is None:
            self.leave_out(record, *path)
            return
        for key in path[:-1]:
            record = record[key]
        record[path[-1]] = meant

    def mapping_problems(self) -> list[AuditorError]:
        """Report each native name that the mapping does not have, once."""
        if not self.has_mapping:
            rows = [row for found in self._unmapped.values() for row in found]
            if not rows:
                return []
            first = min(rows, key=lambda row: row.location)
            names = sorted(name for kind, name in self._unmapped if kind == "statuses")
            return [
                ConfigError(
                    "there is no mapping for this source, so what its statuses and types mean is not known",
                    hint=f"write a mapping file with statuses: {', '.join(names)}",
                    location=first.location,
                )
            ]
        return [
            self._mapping_problem(kind, name, rows)
            for (kind, name), rows in sorted(self._unmapped.items(), key=lambda item: item[0])
        ]

    def _mapping_problem(self, kind: str, name: str, rows: list[AnyRow]) -> AuditorError:
        what = {"statuses": "status", "types": "type"}[kind]
        places = sorted({row.location for row in rows})
        others = [f"{place.path}:{place.line}" for place in places[1:_SHOWN_PLACES]]
        more = len(places) - 1 - len(others)
        also = f"; also in {', '.join(others)}" if others else ""
        also += f" and {more} more" if more > 0 else ""
        return ConfigError(
            f"{what} '{name}' is not in the mapping",
            hint=f"add it under {kind} in {self.mapping_name}{also}",
            location=places[0],
        )

    def gaps(self, lists: Mapping[str, list[dict[str, Any]]]) -> dict[str, str]:
        """Return the noted gaps by JSON Pointer; `*` where every record of a list has one."""
        index = {
            id(record): (name, position)
            for name, records in lists.items()
            for position, record in enumerate(records)
        }
        found: dict[tuple[str, tuple[str, ...], str], set[int]] = defaultdict(set)
        for note in self._notes:
            place = index.get(id(note.record))
            if place is not None:
                found[place[0], note.path, note.reason].add(place[1])
        gaps: dict[str, str] = {}
        for (name, path, reason), positions in found.items():
            if len(positions) == len(lists[name]):
                gaps[join(name, "*", *path)] = reason
            else:
                for position in sorted(positions):
                    gaps[join(name, str(position), *path)] = reason
        return gaps


def is_day(written: object) -> bool:
    """Tell whether *written* is a calendar day."""
    try:
        return isinstance(written, str) and bool(parse_day(written))
    except ValueError:
        return False


def _quoted(written: object) -> str:
    return f"'{written[:40]}'" if isinstance(written, str) else type(written).__name__
