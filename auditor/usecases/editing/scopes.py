"""
The names in force in the expression that a cursor is in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.language.policy_scope import policy_scope

if TYPE_CHECKING:
    from auditor.language.half_typed import Scope
    from auditor.usecases.editing.desk import Desk
    from auditor.usecases.editing.spot import Spot

_CLAUSE: Final = {"that": "require", "say": "say"}


def scope_of(desk: Desk, spot: Spot) -> Scope | None:
    """Return the names in force at a cursor; None where the file is not on the desk."""
    bench = desk.bench(spot.path)
    text = desk.readable(desk.text_of(bench, spot.path))
    if text is None:
        return None
    return policy_scope(text, _place(spot), bench.texts, roots=desk.roots, functions=desk.functions)


def _place(spot: Spot) -> str:
    """Return what the language calls the place of a cursor."""
    match spot.cursor.path if spot.cursor else ():
        case ("require", int(index), str(key)) if key in _CLAUSE:
            return f"{_CLAUSE[key]}/{index}"
        case ("define", str(head)):
            return f"define/{head.partition('(')[0].strip()}"
        case ("for",):
            called = (one for one in spot.slots if one.path == ("as",))
            return f"for/{next((spot.text[slice(*one.value)].strip() for one in called), '')}"
        case (str(key), str(name)):
            return f"{key}/{name}"
        case (str(key),):
            return key
        case _:
            return ""
