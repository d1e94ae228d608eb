"""
Which form of a function a call means, by the types of its operands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.facts.types import DYN, NULL, NullableType, Type, unwrap
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
    results = _matching(overloads, found)
    if results:
        # Forms are listed from the strictest on; only what is dyn leaves open which one is meant.
        vague = any(map(is_dyn, found)) and any(result != results[0] for result in results)
        return Resolution(DYN if vague else results[0])
    if NULL in found:
        return None
    results = _matching(overloads, [unwrap(part) for part in found])
    if not results:
        return None
    nullable = tuple(i for i, part in enumerate(found) if isinstance(part, NullableType))
    return Resolution(results[0], nullable)


def _matching(overloads: Sequence[Overload], found: Sequence[Type]) -> list[Type]:
    results = []
    for overload in overloads:
        receiver = () if overload.receiver is None else (overload.receiver,)
        bindings: dict[str, Type] = {}
        wanted = (*receiver, *overload.parameters)
        if all(accepts(w, f, bindings) for w, f in zip(wanted, found, strict=True)):
            results.append(substitute(overload.result, bindings))
    return results
