"""
Which form of a function a call means, by the types of its operands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.facts.types import DYN, FREE, NULL, ListType, NullableType, Type, unwrap
from auditor.language.cel.compatibility import accepts, is_dyn, substitute

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditor.language.registry import Overload


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a call comes to."""

    result: Type
    unguarded: tuple[int, ...] = ()
    """Positions of operands that may be null where every matching form wants a value."""


def resolve(overloads: Sequence[Overload], found: Sequence[Type]) -> Resolution | None:
    """
    Resolve a call.

    Args:
        overloads: The forms with this name, kind and number of operands.
        found: Types of the operands, the receiver first.

    Returns:
        None if no form fits, even if nothing were null.
    """
    matching = [
        (overload, result)
        for overload in overloads
        if (result := _matched(overload, found)) is not None
    ]
    if matching:
        first, result = matching[0]
        # Forms are listed from the strictest on; only what is dyn leaves open which one is meant.
        vague = any(map(_is_vague, found)) and any(other != result for _, other in matching)
        nulls = [
            at for at, part in enumerate(found) if part == NULL or isinstance(part, NullableType)
        ]
        return Resolution(DYN if vague else result, tuple(nulls) if first.needs_values else ())
    if NULL in found:
        return None
    for overload in overloads:
        result = _matched(overload, [unwrap(part) for part in found])
        if result is not None:
            unguarded = tuple(
                position
                for position, (wanted, part) in enumerate(
                    zip(_wanted(overload), found, strict=True)
                )
                if isinstance(part, NullableType) and not accepts(wanted, part, {})
            )
            return Resolution(result, unguarded)
    return None


def _is_vague(found: Type) -> bool:
    return is_dyn(found) or (isinstance(found, ListType) and is_dyn(found.element))


def _wanted(overload: Overload) -> tuple[Type, ...]:
    receiver = () if overload.receiver is None else (overload.receiver,)
    return (*receiver, *overload.parameters)


def _matched(overload: Overload, found: Sequence[Type]) -> Type | None:
    """Return the result type of a form that takes these operands; None where it does not."""
    bindings: dict[str, Type] = {}
    wanted = _wanted(overload)
    if not all(accepts(w, f, bindings) for w, f in zip(wanted, found, strict=True)):
        return None
    # What no operand could bind, such as the type of `optional.none()`, is left to its neighbours.
    result = substitute(overload.result, bindings, DYN if wanted else FREE)
    if isinstance(overload.receiver, NullableType) and not isinstance(found[0], NullableType):
        # Null in, null out: such a form gives null for nothing but a null receiver.
        return unwrap(result)
    return result
