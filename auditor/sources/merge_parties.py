"""
Make one party of what several sources know one human by.

Parties that share an account are one (convention C11). Policies compare parties by id and never look at
accounts, so every reference to a party is rewritten here, change events included, whose values are plain
text.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any, Final

from auditor.facts.types import ListType, ObjectType, ScalarType, unwrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from auditor.facts.types import Type

_PARTIES: Final = "parties"


def same_parties(documents: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """
    Find the parties that share an account, over all *documents*.

    Returns:
        The id of each party that is to be renamed, to the one id that stays: the first of its kind.
    """
    first_with: dict[str, str] = {}
    leader: dict[str, str] = {}

    def find(own_id: str) -> str:
        while leader[own_id] != own_id:
            own_id = leader[own_id]
        return own_id

    order: dict[str, int] = {}
    for party in _records(documents, _PARTIES):
        own_id = party.get("id")
        if not isinstance(own_id, str):
            continue
        leader.setdefault(own_id, own_id)
        order.setdefault(own_id, len(order))
        accounts = party.get("accounts")
        for account in accounts if isinstance(accounts, list) else ():
            if isinstance(account, str) and (key := _account_key(account)):
                one, other = find(first_with.setdefault(key, own_id)), find(own_id)
                earlier, later = sorted((one, other), key=order.__getitem__)
                leader[later] = earlier
    return {own_id: find(own_id) for own_id in leader if find(own_id) != own_id}


def with_one_id_each(
    document: dict[str, Any], root: ObjectType, renamed: Mapping[str, str]
) -> dict[str, Any]:
    """Return *document* with every reference to a renamed party rewritten; what does not change is shared."""
    if not renamed:
        return document
    made: dict[str, Any] = _rewritten(document, root, renamed)
    events = made.get("change_events")
    if isinstance(events, list):
        fields = _fields_of_parties(root)
        made = {**made, "change_events": [_event(event, fields, renamed) for event in events]}
    return made


def _records(documents: Iterable[Mapping[str, Any]], name: str) -> list[dict[str, Any]]:
    lists = [document.get(name) for document in documents]
    return [
        record
        for records in lists
        if isinstance(records, list)
        for record in records
        if isinstance(record, dict)
    ]


def _account_key(account: str) -> str:
    # Folding may undo the composed form, so it is composed again.
    folded = unicodedata.normalize("NFC", account).casefold()
    return unicodedata.normalize("NFC", folded).strip()


def _rewritten(value: Any, kind: Type, renamed: Mapping[str, str]) -> Any:  # noqa: ANN401 - any fact
    kind = unwrap(kind)
    if isinstance(kind, ObjectType) and isinstance(value, dict):
        return {
            key: _rewritten(inner, kind.fields[key].type, renamed) if key in kind.fields else inner
            for key, inner in value.items()
        }
    if isinstance(kind, ListType) and isinstance(value, list):
        return [_rewritten(inner, kind.element, renamed) for inner in value]
    if _is_party(kind) and isinstance(value, str):
        return renamed.get(value, value)
    return value


def _is_party(kind: Type) -> bool:
    return isinstance(kind, ScalarType) and kind.ref == _PARTIES


def _fields_of_parties(root: ObjectType) -> frozenset[str]:
    """Return the names of the fields of records that hold parties, of which events tell the changes."""
    found: set[str] = set()
    for entity in root.fields.values():
        listed = unwrap(entity.type)
        record = unwrap(listed.element) if isinstance(listed, ListType) else listed
        if isinstance(record, ObjectType):
            for name, field in record.fields.items():
                kind = unwrap(field.type)
                inner = unwrap(kind.element) if isinstance(kind, ListType) else kind
                if name != "id" and _is_party(inner):
                    found.add(name)
    return frozenset(found)


def _event(event: Any, fields: frozenset[str], renamed: Mapping[str, str]) -> Any:  # noqa: ANN401 - any JSON value
    if not isinstance(event, dict) or event.get("field") not in fields:
        return event
    ends = {
        end: renamed.get(event[end], event[end])
        for end in ("from", "to")
        if isinstance(event.get(end), str)
    }
    return {**event, **ends}
