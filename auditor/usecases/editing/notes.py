"""
What stands under a cursor, in words: what an editor shows when somebody points at it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.language.description import describe
from auditor.usecases.editing.schema_help import help_at
from auditor.usecases.editing.scopes import scope_of
from auditor.usecases.editing.words import word_called

if TYPE_CHECKING:
    from auditor.usecases.editing.desk import Desk
    from auditor.usecases.editing.spot import Spot


@dataclass(frozen=True, slots=True)
class Note:
    """What is said of a stretch of a file."""

    code: str
    """In the language of expressions; empty where there is none."""
    paragraphs: tuple[str, ...]
    start: int
    end: int


def note_on(desk: Desk, spot: Spot) -> Note | None:
    """Return what is to be said of what stands under a cursor; None where there is nothing."""
    cursor = spot.cursor
    if cursor is None:
        return None
    if cursor.is_key:
        about = help_at(spot.kind, cursor.path).about
        return Note("", (about,), cursor.start, cursor.end) if about and spot.written else None
    if spot.expression is not None:
        return _of_name(desk, spot)
    for catalogue in desk.catalogues(spot.path):
        for control in catalogue.controls:
            if control.id == spot.written:
                told = (
                    control.id,
                    control.rule,
                    *([control.house_rule] if control.house_rule else []),
                )
                return Note("", told, cursor.start, cursor.end)
    return Note("", (spot.help.about,), cursor.start, cursor.end) if spot.help.about else None


def _of_name(desk: Desk, spot: Spot) -> Note | None:
    expression, scope = spot.expression, scope_of(desk, spot)
    if expression is None or scope is None:
        return None
    found = describe(expression.text, expression.cursor, scope)
    if found is None:
        return None
    code = found.signature or found.text
    if found.type and not found.signature:
        code = f"{code}: {found.type}"
    told = [found.about]
    if found.text in scope.definitions and found.signature:
        # What a word is, is written in the language; what it means, in the comment above it.
        target = word_called(desk, spot, found.text)
        code = f"{found.signature}: {found.about}"
        told = [target.comment if target else ""]
    start = expression.start
    return Note(code, tuple(filter(None, told)), start + found.start, start + found.end)
