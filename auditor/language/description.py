"""
What a name in an expression means: for an editor's hover, and for whoever asks at a prompt.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.language.half_typed import HalfTyped
from auditor.language.half_written import read_half
from auditor.language.offered import (
    fields_of,
    functions_in,
    meaning,
    methods_of,
    namespace_members,
    word,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from auditor.facts.types import Type
    from auditor.language.half_typed import Scope
    from auditor.language.half_written import HalfWritten
    from auditor.language.offered import Offer


@dataclass(frozen=True, slots=True)
class Description:
    """What a name means where it stands."""

    start: int
    end: int
    text: str
    """The name as it is written, from `start` to `end`."""
    type: str
    """Of its value there, a call's with its arguments; empty where nothing is known of it."""
    about: str
    """What it means."""
    signature: str
    """Of a function, macro or word: how it is called; else empty."""


def describe(text: str, offset: int, scope: Scope) -> Description | None:
    """
    Return what the name at a place means.

    Args:
        text: The expression, as far as it is written.
        offset: The place, of a character or of the end of a name.
        scope: The names in force in it.
    """
    half = read_half(text)
    at = next(
        (
            position
            for position, token in enumerate(half.tokens)
            if token.kind in {"name", "quoted"} and token.start <= offset <= token.end
        ),
        None,
    )
    return None if at is None else _Describer(half, scope).of(at)


class _Describer:
    def __init__(self, half: HalfWritten, scope: Scope) -> None:
        self._half = half
        self._scope = scope
        self._typed = HalfTyped(half, scope)

    def of(self, at: int) -> Description | None:
        """Return what the name at a position of the tokens means."""
        bound = self._typed.bound_at(at)
        dot = self._half.dot_before(at)
        name = self._half.tokens[at].text
        if dot is not None:
            return self._member(at, dot, bound)
        definition = self._scope.definitions.get(name)
        words = [word(definition)] if definition is not None else []
        called = self._called(at, [*words, *functions_in(self._scope.functions)], bound)
        if self._half.is_sign(at + 1, "("):
            return called
        declared = self._declared(at)
        if declared is not None:
            return self._description(at, declared, "")
        if name in bound:
            return self._description(at, bound[name], "")
        if name in self._scope.variables:
            found = self._scope.variables[name]
            return self._description(at, found, meaning(self._scope.about.get(name, ""), found))
        return called

    def _member(self, at: int, dot: int, bound: Mapping[str, Type]) -> Description | None:
        half, scope = self._half, self._scope
        if half.is_name(dot - 1) and half.dot_before(dot - 1) is None:
            space = half.tokens[dot - 1].text
            if space not in {*bound, *scope.variables}:
                found = self._called(at, namespace_members(space, scope.functions), bound)
                if found is not None:
                    return found
        owner = self._typed.value_before(dot, bound)
        if owner is None:
            return None
        if half.is_sign(at + 1, "("):
            return self._called(at, methods_of(owner, scope.functions), bound)
        for offer in fields_of(owner):
            if offer.label == half.tokens[at].text:
                return self._description(at, self._value(at, bound), offer.about)
        return None

    def _called(
        self, at: int, offers: Iterable[Offer], bound: Mapping[str, Type]
    ) -> Description | None:
        """Return what a function means: with the type of its call, where its bracket is closed."""
        name = self._half.tokens[at].text
        for offer in offers:
            if offer.label == name:
                end = self._end_of_call(at + 1)
                found = None if end is None else self._value(end, bound)
                return self._description(at, found, offer.about, offer.detail)
        return None

    def _value(self, last: int, bound: Mapping[str, Type]) -> Type | None:
        return self._typed.value_before(last + 1, bound)

    def _end_of_call(self, opening: int) -> int | None:
        """Return the position of the bracket that closes the one at *opening*."""
        half = self._half
        if not half.is_sign(opening, "("):
            return None
        depth = 0
        for at in range(opening, len(half.tokens)):
            depth += half.is_sign(at, "(", "[", "{") - half.is_sign(at, ")", "]", "}")
            if not depth:
                return at
        return None

    def _declared(self, at: int) -> Type | None:
        """Return the type of a name where a macro binds it: that which it has in the macro's body."""
        half = self._half
        brackets = half.open_brackets(at)
        if not brackets or not self._typed.opens_macro(brackets[-1]):
            return None
        opening = brackets[-1].at
        name = half.tokens[at].text
        if not (half.is_sign(at - 1, "(", ",") and half.is_sign(at + 1, ",")):
            return None
        if name in self._typed.bound_at(at):
            return None  # it is bound already: a body that is one name
        end = self._end_of_call(opening)
        found: Type | None = None
        for position in range(at + 2, len(half.tokens) if end is None else end + 1):
            inner = half.open_brackets(position) if half.is_sign(position - 1, ",") else []
            if (
                inner and inner[-1].at == opening
            ):  # only behind the last name it is known what all are
                found = self._typed.bound_at(position).get(name, found)
        return found

    def _description(
        self, at: int, found: Type | None, about: str, signature: str = ""
    ) -> Description:
        token = self._half.tokens[at]
        shown = "" if found is None else str(found)
        return Description(token.start, token.end, token.text, shown, about, signature)
