"""
What can a value still be, once some conditions on it are known to hold or not to?

A condition asks one question about one value: is it null, is it one of these, is it below that. What is left of
the value after an answer tells whether the next question has only one answer.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor, isfinite
from typing import TYPE_CHECKING, Any, Final

from auditor.language.values import Duration, Timestamp

if TYPE_CHECKING:
    from collections.abc import Iterable

    from auditor.language.values import Value

Constant = tuple[str, Any]
"""A value with its kind; constants of one kind can be ordered, numbers of all types are of one."""


def constant_of(value: Value) -> Constant | None:
    """Return a value so that it can be compared; None for null and for what has no order."""
    match value:
        case bool():
            return ("bool", value)
        case int() | Fraction():
            return ("number", Fraction(value))
        case float():
            return ("number", Fraction(str(value))) if isfinite(value) else None
        case str():
            return ("text", value)
        case bytes():
            return ("bytes", value)
        case Timestamp() | Duration():
            return (type(value).__name__, value.ns)
        case dt.date():
            return ("date", value)
        case _:
            return None


@dataclass(frozen=True, slots=True)
class Question:
    """
    What a condition asks of a value.

    `sign` is ``null``, ``in`` or one of ``< <= > >=``; `constants` are what the value is compared with.
    """

    sign: str
    constants: frozenset[Constant] = frozenset()

    @property
    def constant(self) -> Constant:
        """The one that an ordering compares with."""
        (found,) = self.constants
        return found


IS_NULL: Final = Question("null")
_OPPOSITE: Final = {"<": ">=", ">=": "<", ">": "<=", "<=": ">"}


@dataclass(frozen=True, slots=True)
class Possible:
    """What a value can be."""

    null: bool = True
    values: frozenset[Constant] | None = None
    """All that it can be beside null; None where they are not known one by one."""
    without: frozenset[Constant] = frozenset()
    low: tuple[Constant, bool] | None = None
    """Least value, and whether it is one itself."""
    high: tuple[Constant, bool] | None = None
    whole: bool = False
    """Whether it is a whole number."""

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is left that it could be."""
        return not self.null and self._has_no_value

    @property
    def is_null(self) -> bool:
        """Whether it can be nothing but null."""
        return self.null and self._has_no_value

    @property
    def _has_no_value(self) -> bool:
        if self.values is not None:
            return not self.values
        if self.low is None or self.high is None or self.low[0][0] != self.high[0][0]:
            return False
        (low, has_low), (high, has_high) = self.low, self.high
        if low == high:
            return not (has_low and has_high) or low in self.without
        return bool(low[1] > high[1])

    def answered(self, question: Question, *, truth: bool) -> Possible:
        """Return what is left where the answer is *truth*."""
        match question.sign, truth:
            case "null", True:
                return replace(self, values=frozenset())
            case "null", False:
                return replace(self, null=False)
            case "in", True:
                named = (part for part in question.constants if self._allows(part))
                return replace(self, null=False, values=frozenset(named))
            case "in", False:
                return self._leaving_out(question.constants)
            case sign, _:
                return self._ordered(sign if truth else _OPPOSITE[sign], question.constant)

    def either(self, other: Possible) -> Possible:
        """Return what a value can be that is this or the other; nothing is known where both are ranges."""
        null = self.null or other.null
        if self.values is None or other.values is None:
            return Possible(null)
        return Possible(null, self.values | other.values, whole=self.whole)

    def _leaving_out(self, constants: frozenset[Constant]) -> Possible:
        values = None if self.values is None else self.values - constants
        return replace(self, values=values, without=self.without | constants)

    def _allows(self, constant: Constant) -> bool:
        kind, value = constant
        if constant in self.without or (self.values is not None and constant not in self.values):
            return False
        if self.whole and kind == "number" and value.denominator != 1:
            return False
        return all(
            bound is None or bound[0][0] != kind or _keeps(value, sign, bound)
            for sign, bound in ((">", self.low), ("<", self.high))
        )

    def _ordered(self, sign: str, constant: Constant) -> Possible:
        kind, value = constant
        if kind == "bool":
            return replace(self, null=False)
        is_low, includes = sign.startswith(">"), sign.endswith("=")
        if self.whole and kind == "number":
            # Of whole numbers, more than 5 is 6 or more.
            value = (
                (ceil(value) if includes else floor(value) + 1)
                if is_low
                else (floor(value) if includes else ceil(value) - 1)
            )
            includes = True
        bound = ((kind, Fraction(value) if kind == "number" else value), includes)
        if self.values is not None:
            kept = (
                part for part in self.values if part[0] != kind or _keeps(part[1], sign[0], bound)
            )
            return replace(self, null=False, values=frozenset(kept))
        low = _tighter(self.low, bound, is_low=True) if is_low else self.low
        high = self.high if is_low else _tighter(self.high, bound, is_low=False)
        return replace(self, null=False, low=low, high=high)


def _keeps(value: Any, sign: str, bound: tuple[Constant, bool]) -> bool:  # noqa: ANN401 - of its kind
    (_, limit), includes = bound
    if value == limit:
        return includes
    return bool(value > limit) if sign == ">" else bool(value < limit)


def _tighter(
    old: tuple[Constant, bool] | None, new: tuple[Constant, bool], *, is_low: bool
) -> tuple[Constant, bool]:
    if old is None or old[0][0] != new[0][0]:
        return new
    if old[0] == new[0]:
        return (old[0], old[1] and new[1])
    return max(old, new) if is_low else min(old, new)


def one_of(constants: Iterable[Constant], *, null: bool = False) -> Possible:
    """Return a value that is one of *constants*."""
    return Possible(null, frozenset(constants))
