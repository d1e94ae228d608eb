"""
What reading and comparing values is charged, in thousandths of a step.

Source: `auditor.evaluation.exact`, where arguments are read; `auditor.evaluation.equality`.
"""

from __future__ import annotations

from typing import Final

from auditor.language.cost import values
from auditor.language.cost.forms import Anything, Form, Listed, Size, Text
from auditor.language.cost.growth import NOTHING, Growth, number, total

STEP: Final = number(1_000)
_CHARACTER: Final = number(100)
"""Of a text that a function reads or makes: ten are a step."""
_COMPARED: Final = number(1)
"""A character of two texts that are compared: a thousand are a step."""


def reading(size: Size) -> Growth:
    """Return what a function is charged for an argument, or for its result."""
    charge = NOTHING
    for form in size:
        charge = charge.either(_reading(form))
    return charge


def _reading(form: Form) -> Growth:
    match form:
        case Listed():
            return form.members * STEP
        case Text():
            return form.length * _CHARACTER
        case Anything():
            return total((form.inside * STEP, form.length * _CHARACTER))
        case _:
            return NOTHING


def equality(left: Size, right: Size) -> Growth:
    """Return what a comparison is charged: for each pair of members, and no more of them than either side has."""
    pairs = number(1) + values.inside(left).smaller(values.inside(right))
    characters = values.longest(left).smaller(values.longest(right))
    return pairs * (STEP + characters * _COMPARED)
