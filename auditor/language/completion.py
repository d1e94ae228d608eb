"""
What can be written at a place of an expression: for an editor and for a prompt, while the text is still half.

Nothing is evaluated, and nothing is ever refused: where a place cannot be understood, little or nothing is offered.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from auditor.language.half_typed import HalfTyped, Scope
from auditor.language.half_written import read_half
from auditor.language.offered import (
    Offer,
    fields_of,
    methods_of,
    names_in,
    namespace_members,
    values_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from auditor.facts.types import Type
    from auditor.language.half_written import HalfWritten

__all__ = ["Completion", "Scope", "complete"]

_WORD_AHEAD: Final = re.compile(r"[A-Za-z0-9_]*")
_VALUE_AHEAD: Final = re.compile(r"[A-Za-z0-9_\-]*")
_LONGEST_GUESS: Final = 2
"""Letters from which on they are looked for inside of names, too."""


@dataclass(frozen=True, slots=True)
class Completion:
    """One thing that can stand at a place."""

    label: str
    """What is inserted."""
    kind: str
    """``field``, ``variable``, ``function``, ``method``, ``macro``, ``word`` or ``value``."""
    detail: str
    """Its type or its signature, as the function reference writes it."""
    about: str
    """What it means."""
    start: int
    """With `end`: what it replaces, as offsets in the text."""
    end: int


def complete(text: str, offset: int, scope: Scope) -> tuple[Completion, ...]:
    """
    Return what can stand at a place, the likeliest first.

    Args:
        text: The expression, as far as it is written.
        offset: The place; one that is outside of the text is its nearest end.
        scope: The names in force in it.
    """
    offset = max(0, min(offset, len(text)))
    half = read_half(text[:offset])
    if half.in_comment:
        return ()
    typed = HalfTyped(half, scope)
    if half.quote is not None:
        return _in_text(text, offset, half, typed)
    end = len(half.tokens)
    start = offset
    if end and half.tokens[-1].end == offset and half.tokens[-1].kind in {"name", "quoted"}:
        end -= 1
        start = half.tokens[-1].start
    if half.ends_value(end - 1) and half.dot_before(end) is None:
        return ()  # behind a value nothing but an operator can follow
    written = text[start:offset]
    found = _WORD_AHEAD.match(text, offset)
    span = start, found.end() if found else offset
    return tuple(_matching(_offers(half, typed, scope, end), written, span))


def _offers(half: HalfWritten, typed: HalfTyped, scope: Scope, at: int) -> Iterator[Offer]:
    """Yield what may stand at the position of a token, whatever of it is written."""
    dot = half.dot_before(at)
    brackets = half.open_brackets(at)
    bound = typed.bound_at(at)
    if dot is not None:
        space = half.tokens[dot - 1].text if half.is_name(dot - 1) else ""
        is_root = half.dot_before(dot - 1) is None
        is_space = space in scope.functions.namespaces or space == "cel"
        if is_root and is_space and space not in {*bound, *scope.variables}:
            yield from namespace_members(space, scope.functions)
            return
        owner = typed.value_before(dot, bound)
        if owner is not None:
            yield from fields_of(owner)
            if half.is_sign(dot + 1, "?"):
                return
            yield from methods_of(owner, scope.functions)
        return
    if brackets and not brackets[-1].commas and typed.opens_macro(brackets[-1]):
        return  # a name of their own choice stands here
    for value in _compared_values(half, typed, at, bound):
        yield Offer(f'"{value}"', "value", "string")
    yield from names_in(scope, bound)


def _in_text(text: str, offset: int, half: HalfWritten, typed: HalfTyped) -> tuple[Completion, ...]:
    """Complete inside a text: the members of an enumeration that it is compared with."""
    quote = half.quote or 0
    at = len(half.tokens)
    values = _compared_values(half, typed, at, typed.bound_at(at))
    start = quote + (3 if text[quote : quote + 3] in {"'''", '"""'} else 1)
    found = _VALUE_AHEAD.match(text, offset)
    if start > offset:
        return ()
    offers = (Offer(value, "value", "string") for value in values)
    return tuple(_matching(offers, text[start:offset], (start, found.end() if found else offset)))


def _compared_values(
    half: HalfWritten, typed: HalfTyped, at: int, bound: Mapping[str, Type]
) -> tuple[str, ...]:
    """Return the values of the enumeration that what stands at a position is held against."""
    brackets = half.open_brackets(at)
    if half.is_sign(at - 1, "==", "!="):
        operator = at - 1
    elif (
        brackets and half.is_sign(brackets[-1].at, "[") and half.is_name(brackets[-1].at - 1, "in")
    ):
        if not half.is_sign(at - 1, "[", ","):
            return ()
        operator = brackets[-1].at - 1
    else:
        return ()
    found = typed.value_before(operator, bound)
    return () if found is None else values_of(found)


def _matching(offers: Iterable[Offer], written: str, span: tuple[int, int]) -> Iterator[Completion]:
    """Yield what the written part may become: what begins like it first, and each name once."""
    ranked: list[list[Offer]] = [[], [], []]
    seen: set[str] = set()
    for offer in offers:
        plain = offer.label.strip('"')
        if offer.label in seen:
            continue
        if plain.startswith(written):
            rank = 0
        elif plain.lower().startswith(written.lower()):
            rank = 1
        elif len(written) >= _LONGEST_GUESS and written.lower() in plain.lower():
            rank = 2
        else:
            continue
        seen.add(offer.label)
        ranked[rank].append(offer)
    for offer in (offer for rank in ranked for offer in rank):
        yield Completion(offer.label, offer.kind, offer.detail, offer.about, *span)
