"""
In which key or value of a YAML file does a cursor stand, whether the file can be read or not?
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditor.documents.scalars import Style
    from auditor.documents.yaml_outline import Path, Slot

_BLOCKS: Final = frozenset({"literal", "folded"})


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a cursor stands."""

    path: Path
    """Of the value that it is in; of the key, where it is in one."""
    is_key: bool
    start: int
    """Where the key, or the text of the value, begins; where none is written yet, the cursor itself."""
    end: int
    style: Style | None
    """How the value is written; None for a key."""
    taken: frozenset[str]
    """Keys that the same mapping has beside this one."""


def cursor_at(text: str, slots: Sequence[Slot], offset: int) -> Cursor | None:
    """
    Find out where a cursor stands.

    Args:
        text: The file.
        slots: What stands in it.
        offset: The cursor: before the character of this number, from 0.

    Returns:
        None where neither a key nor a value can be written.
    """
    for slot in slots:
        if slot.key is not None and slot.key[0] <= offset <= slot.key[1]:
            return _key(slots, slot, offset)
    inside = [slot for slot in slots if _is_in(text, slot, offset)]
    if inside:
        slot = min(reversed(inside), key=lambda one: one.room[1] - one.room[0])
        start, end = slot.value
        if start == end:
            start = end = offset
        return Cursor(
            slot.path, False, min(start, offset), max(end, offset), slot.style, frozenset()  # noqa: FBT003 - is_key
        )  # fmt: skip
    return _on_blank_line(text, slots, offset)


def _key(slots: Sequence[Slot], slot: Slot, offset: int) -> Cursor:
    start, end = slot.key if slot.key is not None and slot.path[-1] != "" else (offset, offset)
    return Cursor(
        slot.path, True, start, end, None, _taken(slots, slot.path[:-1], slot)  # noqa: FBT003 - is_key
    )  # fmt: skip


def _taken(slots: Sequence[Slot], parent: Path, beside: Slot | None) -> frozenset[str]:
    return frozenset(
        str(slot.path[-1])
        for slot in slots
        if slot.key is not None and slot is not beside and slot.path and slot.path[:-1] == parent
    )


def _line_of(text: str, offset: int) -> tuple[int, int]:
    """Return where the line of *offset* begins and ends."""
    start = max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
    ends = [end for sign in "\r\n" if (end := text.find(sign, offset)) >= 0]
    return start, min(ends, default=len(text))


def _is_in(text: str, slot: Slot, offset: int) -> bool:
    if slot.style is None or not slot.room[0] <= offset <= slot.room[1]:
        return False
    if slot.style in _BLOCKS:
        start, end = _line_of(text, offset)
        is_blank = not text[start:end].strip()
        # Whoever goes back to the left on an empty line begins with something new.
        if is_blank and slot.column is not None and offset - start <= slot.column:
            return False
        return offset < slot.room[1] or is_blank or slot.room[1] == len(text)
    return True


def _on_blank_line(text: str, slots: Sequence[Slot], offset: int) -> Cursor | None:
    start, end = _line_of(text, offset)
    if text[start:end].strip():
        return None
    column = offset - start
    nearest: int | None = None
    for slot in reversed(slots):
        if slot.column is None or slot.key is None or slot.key[0] > offset:
            continue
        if nearest is not None and slot.column >= nearest:
            continue
        nearest = slot.column
        if slot.column == column:
            parent = slot.path[:-1]
        elif slot.column < column:
            if slot.style is not None and slot.value[0] < slot.value[1]:
                return None  # a text that is there already, and nothing belongs below it
            parent = slot.path
        else:
            continue
        return Cursor((*parent, ""), True, offset, offset, None, _taken(slots, parent, None))  # noqa: FBT003
    if column == 0:
        return Cursor(("",), True, offset, offset, None, _taken(slots, (), None))  # noqa: FBT003
    return None
