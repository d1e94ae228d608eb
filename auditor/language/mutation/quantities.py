"""
Other numbers, shares, days and lengths of time: just beside a limit, and far from it.
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from auditor.language.values import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.language.values import Value

_UNITS: Final = {
    "days": "working days",
    "working days": "days",
    "hours": "working hours",
    "working hours": "hours",
    "weeks": "days",
    "minutes": "hours",
}
"""With what a unit is mixed up."""
_POINT: Final = Fraction(1, 100)
_DAY: Final = dt.timedelta(days=1)


def beside(value: Value) -> Iterator[tuple[str, Value]]:
    """Yield what may stand in place of a quantity, each with its operator; nothing for what is none."""
    match value:
        case bool():
            yield "literal", not value
        case int():
            yield from (("off-by-one", value + 1), ("off-by-one", value - 1))
        case float():
            yield from (("scale", value * 2), ("scale", value / 2))
        case Fraction():
            yield from (("ratio", value + _POINT), ("ratio", value - _POINT))
        case dt.date():
            yield from (("off-by-one", value + _DAY), ("off-by-one", value - _DAY))
        case Span(amount=amount, unit=unit):
            yield "off-by-one", Span(amount + 1, unit)
            if amount > 1:
                yield "span", Span(amount * 2, unit)
                yield "span", Span(amount // 2, unit)
            yield "span", Span(amount, _UNITS[unit])
        case _:
            pass
