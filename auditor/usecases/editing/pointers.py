"""
JSON Pointers into the snapshot that the cases of a file start from, for whoever changes something in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.documents.pointer import join, walk
from auditor.documents.tree import parse_tree
from auditor.model.errors import AuditorError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.usecases.editing.desk import Desk
    from auditor.usecases.editing.spot import Spot

_LONGEST: Final = 60
"""Characters of a value that are shown."""


def pointers(desk: Desk, spot: Spot) -> dict[str, str]:
    """Return the pointers into the snapshot of a cases file, each with the value that is there."""
    found = {pointer: shown for pointer, shown in _written(spot) if pointer}
    if found:
        return _head_last(found)
    named = next((slot for slot in spot.slots if slot.path == ("base",)), None)
    name = spot.text[slice(*named.value)].strip() if named is not None else ""
    try:
        data = desk.files.read(spot.path.parent / name)
        tree = parse_tree(data, path=name)
    except (OSError, ValueError, AuditorError):
        return {}
    return _head_last({pointer: _shown(value) for pointer, value in walk(tree.data) if pointer})


def _head_last(found: dict[str, str]) -> dict[str, str]:
    """Put what is said of the snapshot itself behind the facts: cases seldom change it."""
    return dict(sorted(found.items(), key=lambda one: one[0].startswith("/snapshot")))


def _written(spot: Spot) -> Iterator[tuple[str, str]]:
    """Yield what stands under ``base`` in the file itself, as far as it can be read."""
    for slot in spot.slots:
        if slot.path[:1] == ("base",) and "" not in slot.path:
            yield join(*slot.path[1:]), _shown(spot.text[slice(*slot.value)])


def _shown(value: object) -> str:
    if isinstance(value, (dict, list)):
        return ""
    text = " ".join(str("null" if value is None else value).split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
