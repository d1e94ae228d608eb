"""
Name what a tool does not say.

Every list of the snapshot that a source cannot fill is named as a gap: an empty list would claim that there
are no risks and that no meeting was held. So is every field of the records that it does have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from auditor.documents.pointer import join
from auditor.facts.types import ListType, MapType, ObjectType, unwrap

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_NO_FACTS: Final = frozenset({"prov", "ext"})


def unknown_facts(
    document: Mapping[str, Any],
    root: ObjectType,
    *,
    filled: Mapping[str, Collection[str]],
    could_be_asked: Collection[str],
) -> dict[str, str]:
    """
    Return a gap for every entity, and every field of the known ones, that the source does not fill.

    Args:
        document: What the source says.
        root: Type of the snapshot.
        filled: Per entity the fields that the reader fills.
        could_be_asked: Entities, and fields as ``entity.field``, that the tool knows and the reader does not
            ask for, or the recording does not hold: they are not collected. All others are not supported.
    """
    gaps: dict[str, str] = {}
    for name, declared in root.fields.items():
        if name in _NO_FACTS or name == "snapshot" or declared.has_default:
            continue
        kind = unwrap(declared.type)
        if isinstance(kind, MapType):
            continue
        if name not in document:
            gaps[join(name)] = _reason(name, could_be_asked)
            continue
        element = unwrap(kind.element) if isinstance(kind, ListType) else kind
        if isinstance(element, ObjectType) and document[name]:
            path = (name, "*") if isinstance(kind, ListType) else (name,)
            for field, about in element.fields.items():
                if field not in {*filled[name], *_NO_FACTS} and not about.has_default:
                    gaps[join(*path, field)] = _reason(f"{name}.{field}", could_be_asked)
    return gaps


def _reason(name: str, could_be_asked: Collection[str]) -> str:
    return "not_collected" if name in could_be_asked else "not_supported"
