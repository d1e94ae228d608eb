"""
Where is that written which stands under a cursor?
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.usecases.editing.words import (
    Target,
    control_called,
    name_called,
    policy_called,
    word_called,
)

if TYPE_CHECKING:
    from auditor.usecases.editing.desk import Desk
    from auditor.usecases.editing.spot import Spot


def target_of(desk: Desk, spot: Spot) -> Target | None:
    """Return where that is written which a cursor points at; None where it is nowhere."""
    cursor = spot.cursor
    if cursor is None:
        return None
    if spot.expression is not None:
        return _of_name(desk, spot)
    match spot.kind, cursor.path:
        case ("policy", ("controls", int())) | ("profile", (*_, "controls", int())):
            return control_called(desk, spot.path, spot.written)
        case ("cases", ("policy",)) | ("profile", (*_, "policies", int())):
            return policy_called(desk, spot.path, spot.written)
        case "profile", ("params" | "severities", str(policy)) if cursor.is_key:
            return policy_called(desk, spot.path, policy)
        case _:
            return None


def _of_name(desk: Desk, spot: Spot) -> Target | None:
    name, start, end = spot.word()
    before, after = spot.text[:start].rstrip(), spot.text[end:].lstrip()
    if before.endswith("params."):
        return name_called(spot, ("params",), name)
    if before.endswith("."):
        return None  # a field of a record
    own = None if after.startswith("(") else name_called(spot, ("let", "for"), name)
    return own or word_called(desk, spot, name)
