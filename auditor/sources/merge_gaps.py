"""
What is still unobserved after several sources were joined.

A gap says what one source does not know; another source may know it. So a gap holds only while no source
gives the value. The exception is `truncated`: a list that one source cut short lacks something, however much
another has. Gaps of all records of a list (`*`) speak of the records of that source alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from auditor.documents.pointer import join, split
from auditor.facts.gaps import EVERY, TRUNCATED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from auditor.sources.merge_records import Part

_STRENGTH: Final = ("not_supported", "not_collected", "no_permission", "unparsed", TRUNCATED)
"""Of several reasons the last is given: it asks somebody to do something, the first asks nobody."""


def joined_gaps(
    document: Mapping[str, Any],
    gaps: Sequence[Mapping[str, str]],
    origins: Mapping[str, tuple[Part, ...]],
) -> dict[str, str]:
    """
    Combine the gaps of all sources.

    Args:
        document: The joined document.
        gaps: Of each source, by pointer into its own document.
        origins: Per record of the joined document, what it was joined from.
    """
    moved: dict[tuple[int, str], str] = {
        (part.draft, part.pointer): place for place, parts in origins.items() for part in parts
    }
    joined: dict[str, str] = {}
    for draft, said in enumerate(gaps):
        own = {pointer: place for (of, pointer), place in moved.items() if of == draft}
        for pointer, reason in said.items():
            for place in _places(document, split(pointer), own):
                is_known = reason != TRUNCATED and _has_value(document, split(place))
                if not is_known and (
                    place not in joined or _strength(reason) > _strength(joined[place])
                ):
                    joined[place] = reason
    return joined


def _places(
    document: Mapping[str, Any], tokens: list[str], moved: Mapping[str, str]
) -> Iterator[str]:
    """Yield where in the joined document a gap of one source is; *moved* tells where its records are."""
    if len(tokens) <= 1 or not isinstance(document.get(tokens[0]), list):
        yield join(*tokens)
        return
    name, position, *rest = tokens
    if position != EVERY:
        place = moved.get(join(name, position))
        if place is not None:
            yield join(*split(place), *rest)
        return
    records = document[name]
    if not any(_has_value(record, rest) for record in records):
        yield join(*tokens)
        return
    own = set(moved.values())
    for index, record in enumerate(records):
        if join(name, index) in own and not _has_value(record, rest):
            yield join(name, index, *rest)


def _has_value(value: Any, tokens: Sequence[str]) -> bool:  # noqa: ANN401 - any fact
    """Tell whether anything stands at *tokens*, of which `*` may be any element."""
    for depth, token in enumerate(tokens):
        if isinstance(value, list) and token == EVERY:
            return any(_has_value(inner, tokens[depth + 1 :]) for inner in value)
        if isinstance(value, list) and token.isdecimal() and int(token) < len(value):
            value = value[int(token)]
        elif isinstance(value, dict) and token in value:
            value = value[token]
        else:
            return False
    return True


def _strength(reason: str) -> int:
    return _STRENGTH.index(reason) if reason in _STRENGTH else -1
