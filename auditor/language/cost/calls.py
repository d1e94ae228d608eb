"""
How many steps a function takes at most, and how large its result can be.

The evaluator counts the same for all functions: the cost of the call, the reading of the arguments, what the
function says about the size of its result, and the reading of the result times the cost. How large a result
can be is told in `results` for the functions of the language. One that comes from elsewhere must give no more
than its arguments hold, unless it declares a size; then nothing limits it here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.facts.types import OpaqueType, ScalarType, unwrap
from auditor.language.cost import forms, values
from auditor.language.cost.charges import STEP, reading
from auditor.language.cost.forms import (
    NONE,
    PLAIN,
    Anything,
    Listed,
    Mapped,
    Moment,
    Size,
    Text,
)
from auditor.language.cost.growth import NOTHING, Growth, number, quantity, total
from auditor.language.cost.results import RULES, Arguments, Result

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditor.facts.types import Type
    from auditor.language.cel.ast import Expr
    from auditor.language.registry import Overload

    Estimate = tuple[Growth, Size]

_OURS: Final = "auditor.language.functions."
_COMPARISONS: Final = frozenset({"_<_", "_<=_", "_>_", "_>=_", "size"})
"""Of lists and maps the evaluator has these itself, or not at all: they cost nothing beside their node."""
_SHORTEST: Final = 64
"""Characters of a number, an instant or a length of time that is written out."""
_WRITTEN: Final = number(4)
"""Characters, or bytes, that stand for one in another spelling."""


def estimate(
    name: str, overloads: Sequence[Overload], sizes: Sequence[Size], nodes: Sequence[Expr]
) -> Estimate:
    """
    Estimate a call, without its arguments and the step of its node.

    Args:
        name: Of the function, with its namespace.
        overloads: Those that may be meant; without one the call is an error and costs nothing.
        sizes: Of the arguments, the receiver first.
        nodes: The arguments.
    """
    if not overloads:
        return NOTHING, NONE
    if name in _COMPARISONS:
        sizes = [_only_text(size) for size in sizes]
        if not all(sizes):
            return NOTHING, PLAIN
    cost = number(max(overload.cost for overload in overloads))
    result = _result(name, overloads, Arguments(sizes, nodes))
    arguments = total(reading(size) for size in sizes)
    charge = total((cost * STEP, arguments, result.charge, reading(result.size) * cost))
    return charge, result.size


def added(left: Size, right: Size, overloads: Sequence[Overload]) -> Estimate:
    """Estimate one ``+`` of a chain: of two lists, of two texts, or of anything else."""
    both = left, right
    listed = [tuple(f for f in size if isinstance(f, Listed | Anything)) for size in both]
    others = [tuple(f for f in size if not isinstance(f, Listed)) for size in both]
    count = values.members(listed[0]) + values.members(listed[1])
    charge, size = count * STEP, NONE
    if all(listed):
        size = forms.listed(count, values.either(*map(values.indexed, listed)))
    if all(others):
        cost, sum_ = _sum(others, overloads)
        charge, size = charge + cost, values.either(size, sum_)
    return charge, size


def _sum(sizes: Sequence[Size], overloads: Sequence[Overload]) -> Estimate:
    """Estimate the sum of two texts or numbers."""
    texts = [_only_text(size) for size in sizes]
    length = total(values.characters(size) for size in texts)
    cost = number(max((overload.cost for overload in overloads), default=0))
    made = forms.text(length) if all(texts) else NONE
    charge = total((cost * STEP, *map(reading, texts), reading(made) * cost))
    return charge, values.either(made, PLAIN)


def _only_text(size: Size) -> Size:
    """Return what a function for texts gets; of data without declared fields, the texts in it."""
    return tuple(
        Text(form.length) if isinstance(form, Anything) else form
        for form in size
        if not isinstance(form, Listed | Mapped)
    )


def _result(name: str, overloads: Sequence[Overload], arguments: Arguments) -> Result:
    rule = RULES.get(name)
    if rule is not None and all(map(_is_ours, overloads)):
        return rule(arguments)
    size = values.either(*(_by_type(one.result, arguments) for one in overloads))
    is_told = all(one.size is None for one in overloads)
    return Result(size, NOTHING if is_told else quantity("unbounded") * STEP)


def _is_ours(overload: Overload) -> bool:
    """Whether the language itself brings the function, and not a library of the same name."""
    return str(getattr(overload.implementation, "__module__", "")).startswith(_OURS)


def _by_type(result: Type, arguments: Arguments) -> Size:
    """Return the size of a result by its declared type: as much as all arguments hold together."""
    match unwrap(result):
        case ScalarType(name="string" | "bytes"):
            return forms.text(_written(arguments))
        case ScalarType(name="timestamp" | "date"):
            return (Moment(None),)
        case ScalarType(name=name) if name != "dyn":
            return PLAIN
        case OpaqueType(parameters=()):
            return PLAIN
        case _:
            inside = total(number(1) + values.inside(size) for size in arguments.sizes)
            return (Anything(inside, _written(arguments)),)


def _written(arguments: Arguments) -> Growth:
    length = total(values.longest(size) for size in arguments.sizes)
    return length * _WRITTEN + number(_SHORTEST)
