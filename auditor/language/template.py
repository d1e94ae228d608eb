"""
Sentences with holes, such as ``Execution began on {start}``.

A hole holds an expression, which may hold braces and strings of its own; ``{{`` and ``}}`` are braces.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hole:
    """An expression in a sentence; `offset` is where its text begins in the sentence's text."""

    text: str
    offset: int


@dataclass(frozen=True, slots=True)
class TemplateFault(Exception):
    """A sentence whose braces do not match."""

    message: str
    offset: int


def split_template(text: str) -> tuple[str | Hole, ...]:
    """
    Split a sentence into texts and holes.

    Raises:
        TemplateFault: A brace is opened and not closed, or the other way round.
    """
    parts: list[str | Hole] = []
    plain: list[str] = []
    position = 0
    while position < len(text):
        character = text[position]
        if character in "{}" and text[position : position + 2] == character * 2:
            plain.append(character)
            position += 2
        elif character == "{":
            end = _closing(text, position)
            if plain:
                parts.append("".join(plain))
                plain = []
            parts.append(Hole(text[position + 1 : end], position + 1))
            position = end + 1
        elif character == "}":
            message = "this brace closes nothing; write }} for a brace"
            raise TemplateFault(message, position)
        else:
            plain.append(character)
            position += 1
    if plain:
        parts.append("".join(plain))
    return tuple(parts)


def _closing(text: str, opening: int) -> int:
    depth, quote, position = 0, "", opening
    while position < len(text):
        character = text[position]
        if quote:
            if character == "\\":
                position += 1
            elif character == quote:
                quote = ""
        elif character in "'\"":
            quote = character
        elif character == "{":
            depth += 1
        elif character == "}":
            depth -= 1
            if depth == 0:
                return position
        position += 1
    message = "this brace is never closed; write {{ for a brace"
    raise TemplateFault(message, opening)
