"""
Join what several sources say of the same records.

Records are the same when their ids are. A field that two sources fill differently is in dispute: neither is
believed, both places are reported, and the fact is unobserved. A disputed field that a record cannot be
without takes the whole record with it, and its list is open from then on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from auditor.documents.pointer import child
from auditor.facts.instants import parse_moment
from auditor.facts.types import TIMESTAMP, ListType, ObjectType, unwrap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditor.facts.types import Type

_METHODS: Final = ("api", "export", "parsed", "manual")
"""How a fact was obtained, from the strongest to the weakest."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one source says of a record or a fact."""

    draft: int
    """Which of the sources."""
    pointer: str
    """Where it stands in the document of that source."""
    value: Any

    def member(self, key: str) -> Part:
        """Return what this source says of a field."""
        return replace(self, pointer=child(self.pointer, key), value=self.value[key])


@dataclass(frozen=True, slots=True)
class Conflict:
    """A fact that two sources tell differently."""

    pointer: str
    """Of the fact in the joined document; of the list, where a whole record is left out."""
    what: str
    """The fact in words, ``role of role_assignments 'r-1'``."""
    one: Part
    other: Part
    is_record_lost: bool = False


class Joiner:
    """Joins records, and remembers where each came from and what was in dispute."""

    def __init__(self) -> None:
        self.origins: dict[str, tuple[Part, ...]] = {}
        """Per record of the joined document, what it was joined from."""
        self.conflicts: list[Conflict] = []

    def records(
        self, pointer: str, kind: Type, lists: Sequence[Part], *, first_names: frozenset[str]
    ) -> list[Any]:
        """
        Join lists of records by id, in the order in which the ids are first met.

        Args:
            pointer: Of the list.
            kind: Type of a record.
            lists: What each source has.
            first_names: Ids whose name is taken from the first source that gives one, without dispute.
        """
        groups: dict[object, list[Part]] = {}
        for part in lists:
            for position, record in enumerate(part.value):
                own_id = record.get("id") if isinstance(record, dict) else None
                # What has no id is the same as nothing else; the schema will say that it wants one.
                key: object = own_id if isinstance(own_id, str) else (part.draft, position)
                groups.setdefault(key, []).append(
                    Part(part.draft, child(part.pointer, position), record)
                )
        joined: list[Any] = []
        for key, parts in groups.items():
            place = child(pointer, len(joined))
            made = parts[0].value
            if len(parts) > 1:
                before = len(self.conflicts)
                label = f"{pointer.rpartition('/')[2]} '{key}'"
                made = self.members(place, kind, parts, label, first_name=key in first_names)
                if made is None:
                    lost = self.conflicts[-1]
                    self.conflicts[before:] = [replace(lost, pointer=pointer, is_record_lost=True)]
                    continue
            self.origins[place] = tuple(parts)
            joined.append(made)
        return joined

    def members(
        self,
        pointer: str,
        kind: Type | None,
        parts: Sequence[Part],
        label: str,
        *,
        first_name: bool = False,
    ) -> dict[str, Any] | None:
        """
        Join objects field by field.

        Args:
            pointer: Of the joined object.
            kind: Its type, where it is declared.
            parts: What each source says.
            label: What the object is called in a message.
            first_name: Whether the first name is taken without dispute.

        Returns:
            None where a field that must be there is in dispute.
        """
        declared = kind.fields if isinstance(kind, ObjectType) else {}
        joined: dict[str, Any] = {}
        for key in dict.fromkeys(key for part in parts for key in part.value):
            said = [part.member(key) for part in parts if key in part.value]
            if key == "prov" and len(said) < len(parts):
                continue  # where a part came from nobody knows, so nobody knows it of the whole
            field = declared.get(key)
            inner = None if field is None else unwrap(field.type)
            other = next(
                (part for part in said if not _same(said[0].value, part.value, inner)), None
            )
            if other is None or (first_name and key == "name"):
                joined[key] = said[0].value
            elif key == "prov":
                # One that is believed less than it deserves does no harm; the opposite would.
                joined[key] = max((part.value for part in said), key=_weakness)
            elif key == "accounts" and all(isinstance(part.value, list) for part in said):
                joined[key] = list(dict.fromkeys(entry for part in said for entry in part.value))
            else:
                made = None
                if _is_nested(inner) and all(isinstance(part.value, dict) for part in said):
                    made = self.members(child(pointer, key), inner, said, f"{key} of {label}")
                else:
                    place, what = child(pointer, key), f"{key} of {label}"
                    self.conflicts.append(Conflict(place, what, said[0], other))
                if made is not None:
                    joined[key] = made
                elif field is not None and field.required:
                    return None
        return joined


def _is_nested(kind: Type | None) -> bool:
    """Tell whether the parts of a value are facts of their own; a list is one fact."""
    return not isinstance(kind, ListType)


def _weakness(prov: object) -> int:
    method = prov.get("method") if isinstance(prov, dict) else None
    return _METHODS.index(method) if method in _METHODS else -1


def _same(one: Any, other: Any, kind: Type | None) -> bool:  # noqa: ANN401 - any JSON value
    """Tell whether two values say the same: an instant may be written in two zones."""
    if one == other and isinstance(one, bool) == isinstance(other, bool):
        return True
    if kind != TIMESTAMP or not isinstance(one, str) or not isinstance(other, str):
        return False
    try:
        return parse_moment(one) == parse_moment(other)
    except ValueError:
        return False
