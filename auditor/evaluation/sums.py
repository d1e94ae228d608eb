"""
Sums: exact on the decimal spelling, and decided as soon as what is known is enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import inf, isfinite
from typing import TYPE_CHECKING, Final

from auditor.evaluation.equality import merge
from auditor.evaluation.members import each
from auditor.evaluation.shapes import plain, type_name
from auditor.language.values import INT_MAX, INT_MIN, Failure, Hollow, Listing, Unknown, Value

if TYPE_CHECKING:
    from auditor.evaluation.machine import Machine
    from auditor.evaluation.scope import Locals
    from auditor.language.cel.ast import Comprehension

NOTHING_UNKNOWN: Final = Unknown(frozenset())


@dataclass(slots=True)
class _Total:
    """What the members of a list add up to, as far as it is known."""

    certain: Fraction = Fraction(0)
    """The sum of the members that certainly belong, without infinities."""
    endless: float = 0.0
    """What infinities and NaN come to."""
    is_exact: bool = True
    """Whether there were only whole numbers."""
    falls: bool = False
    """Whether a member is negative, so that more members do not only add."""
    possible: Fraction | None = Fraction(0)
    """How much the members that may belong can add at most; None where that is not known."""
    unknown: Unknown = NOTHING_UNKNOWN
    failure: Failure | None = None


def _total(machine: Machine, node: Comprehension, source: Listing, local: Locals) -> _Total:
    total = _Total(possible=Fraction(0) if source.rest is None else None)
    maybe: list[Value] = [source.rest]
    for item, value, trail in each(machine, node, node.args[0], source, local):
        finished = plain(value)
        machine.trail.extend([trail])
        if isinstance(finished, Unknown) or (item.doubt is not None and finished != 0):
            maybe.append(merge(finished, item.doubt))
            _may_add(total, finished)
        elif isinstance(finished, Failure):
            total.failure = total.failure or finished
        elif isinstance(finished, bool) or not isinstance(finished, int | float | Fraction):
            message = f"'{node.macro}' wants a number for each element, not a {type_name(finished)}"
            total.failure = total.failure or Failure("no_overload", message, node.id)
        else:
            total.is_exact = total.is_exact and isinstance(finished, int)
            total.falls = total.falls or not finished >= 0
            if isinstance(finished, float) and not isfinite(finished):
                total.endless += finished
            else:
                total.certain += exact_number(finished)
    total.unknown = merge(*maybe)
    return total


def _may_add(total: _Total, value: Value) -> None:
    """Note what a member that may belong, or whose number is not known, would do to the sum."""
    is_number = isinstance(value, int | float | Fraction) and not isinstance(value, bool)
    is_endless = isinstance(value, float) and not isfinite(value)
    if total.possible is None or not is_number or is_endless:
        total.possible = None
    elif value > 0:
        total.possible += exact_number(value)
    total.falls = total.falls or (is_number and not value >= 0)


def sum_of(machine: Machine, node: Comprehension, source: Listing, local: Locals) -> Value:
    """Evaluate ``xs.sum(x, e)``: exact on the decimal spelling, rounded once."""
    total = _total(machine, node, source, local)
    if total.unknown.causes or total.failure is not None:
        return total.unknown if total.unknown.causes else total.failure
    if total.is_exact and not INT_MIN <= total.certain <= INT_MAX:
        return Failure("overflow", "the sum is larger than 64 bits hold", node.id)
    result: Value = (
        int(total.certain) if total.is_exact else total.endless or nearest_double(total.certain)
    )
    return result if source.grounded else Hollow(result)


def sum_reaches(machine: Machine, node: Comprehension, source: Listing, local: Locals) -> Value:
    """
    Evaluate ``xs.sumReaches(x, e, limit)``: whether the members add up to the limit or more.

    Of an open list what is known may be enough: as long as nothing is negative, more members only add; and
    where all that may belong do not add up to the limit, it is out of reach.
    """
    limit = plain(machine.eval(node.args[1], local))
    if isinstance(limit, Unknown | Failure):
        return limit
    if isinstance(limit, bool) or not isinstance(limit, int | float | Fraction) or limit != limit:  # noqa: PLR0124 - the test for NaN
        message = f"'sumReaches' wants a number as its limit, not a {type_name(limit)}"
        return Failure("no_overload", message, node.id)
    total = _total(machine, node, source, local)
    reached = total.endless == inf or (not total.endless and at_least(total.certain, limit))
    if total.unknown.causes:
        if total.failure is not None:
            return total.unknown
        if reached:
            # What nothing certain has added up to rests on nothing, or on a member that nobody has read.
            is_certain = not total.falls and any(item.doubt is None for item in source.items)
            return True if is_certain else total.unknown
        most = None if total.possible is None else total.certain + total.possible
        beyond = most is not None and not total.endless and not at_least(most, limit)
        return False if beyond else total.unknown
    if total.failure is not None:
        return total.failure
    return reached if source.grounded else Hollow(reached)


def at_least(total: Fraction, limit: float | Fraction) -> bool:
    """Tell whether a sum reaches *limit*, read by its decimal spelling."""
    if isinstance(limit, float) and not isfinite(limit):
        return limit < 0
    return total >= exact_number(limit)


def nearest_double(total: Fraction) -> float:
    """Round a sum once, to the double beside it or to infinity."""
    try:
        return float(total)
    except OverflowError:
        return inf if total > 0 else -inf


def exact_number(number: float | Fraction) -> Fraction:
    """Read a double by its decimal spelling: 0.1 is a tenth."""
    return Fraction(Decimal(repr(number))) if isinstance(number, float) else Fraction(number)
