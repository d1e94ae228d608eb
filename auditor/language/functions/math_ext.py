"""
CEL's extension for numbers.

The greatest and the least are told by value, across int, uint and double, and come in the type in which they
were written; of equals the first. Halves are rounded away from zero. Integers have 64 bits: a shift fills up
with zeros, and what would not fit is an error.

Source: CEL specification, conformance suite "math_ext"; cel-go, extension "math".
"""

from __future__ import annotations

import math
import operator
from math import copysign, isfinite, isinf, isnan, nan
from typing import TYPE_CHECKING, Final

from auditor.language.failures import fail
from auditor.language.nesting import known
from auditor.language.registry import Library, overload
from auditor.language.values import INT_MAX, INT_MIN, UINT_MAX, Listing, Uint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from auditor.language.registry import Overload
    from auditor.language.values import Value

_BITS: Final = 64
_HALF: Final = 0.5


# ----- the greatest and the least


def _chosen(numbers: list[Value], better: Callable[[Value, Value], bool]) -> Value:
    if not numbers:
        fail("empty_list", "an empty list has neither a greatest nor a least element")
    best = numbers[0]
    for number in numbers:
        if isinstance(number, bool) or not isinstance(number, int | float):
            fail("no_overload", "only numbers have a greatest and a least")
        if isinstance(number, float) and isnan(number) and len(numbers) > 1:
            fail("no_order", "what is not a number has no order")
        if better(number, best):
            best = number
    return best


def _choices(name: str, better: Callable[[Value, Value], bool], word: str) -> Iterator[Overload]:
    def among(*numbers: Value) -> Value:
        return _chosen(list(numbers), better)

    def within(numbers: Listing) -> Value:
        return _chosen(known(numbers), better)

    shown = {
        "int": ("1, 3, 2", "3", "1"),
        "uint": ("1u, 2u", "2u", "1u"),
        "double": ("-42.0, -21.5", "-21.5", "-42.0"),
        "number": ("5.4, 10, 3u", "10", "3u"),
    }
    at = 1 if better is operator.gt else 2
    for kind, example in shown.items():
        result = "dyn" if kind == "number" else kind
        yield overload(
            f"math.{name}({kind}...) -> {result}",
            among,
            about=f"The {word} of one number or more.",
            examples=[(f"math.{name}({example[0]})", example[at])],
        )
    for kind, example in shown.items():
        if kind != "number":
            yield overload(
                f"math.{name}(list({kind})) -> {kind}",
                within,
                about=f"The {word} number of a list; an empty one is an error.",
                examples=[(f"math.{name}([{example[0]}])", example[at])],
            )


# ----- rounding


def _whole(round_: Callable[[float], int]) -> Callable[[float], float]:
    """Round to a whole double; infinity, NaN and the sign of zero stay as they are."""
    return lambda value: copysign(float(round_(value)), value) if isfinite(value) else value


def _round(value: float) -> float:
    if not isfinite(value):
        return value
    cut = float(math.trunc(value))
    return (
        copysign(cut + copysign(1.0, value), value)
        if abs(value - cut) >= _HALF
        else copysign(cut, value)
    )


_ROUNDINGS: Final = (
    ("ceil", _whole(math.ceil), "The next whole number above.", ("-1.2", "-1.0")),
    ("floor", _whole(math.floor), "The next whole number below.", ("-1.2", "-2.0")),
    ("round", _round, "The nearest whole number, halves away from zero.", ("-1.5", "-2.0")),
    ("trunc", _whole(math.trunc), "Cuts the fraction off.", ("-1.3", "-1.0")),
)


# ----- size and sign


def _abs_int(value: int) -> int:
    if value == INT_MIN:
        fail("overflow", "the result does not fit into an int")
    return abs(value)


def _sign(value: int) -> int:
    return (value > 0) - (value < 0)


def _sign_double(value: float) -> float:
    return value if isnan(value) else float((value > 0) - (value < 0))


def _sqrt(value: float) -> float:
    number = float(value)
    return nan if number < 0 else math.sqrt(number)


# ----- bits


def _signed(bits: int) -> int:
    """Read 64 bits as an int."""
    return bits - (UINT_MAX + 1) if bits > INT_MAX else bits


def _offset(count: int) -> int:
    if count < 0:
        fail("shift_range", "bits are shifted by no place or more, not by less")
    return min(count, _BITS)


def _left(value: int, count: int) -> int:
    return (value << _offset(count)) & UINT_MAX


def _right(value: int, count: int) -> int:
    return (value & UINT_MAX) >> _offset(count)


_BITWISE: Final = (
    ("bitAnd", operator.and_, "The bits that are set in both.", "3, 5", "1"),
    ("bitOr", operator.or_, "The bits that are set in either.", "1, 4", "5"),
    ("bitXor", operator.xor, "The bits that are set in one only.", "3, 5", "6"),
)
_SHIFTS: Final = (
    ("bitShiftLeft", _left, "The bits moved to the left; zeros follow.", "1", "2", "4"),
    ("bitShiftRight", _right, "The bits moved to the right; zeros follow.", "1024", "2", "256"),
)


def _unsigned(function: Callable[..., int]) -> Callable[..., Uint]:
    return lambda *arguments: Uint(function(*arguments))


def _as_int(function: Callable[..., int]) -> Callable[..., int]:
    return lambda *arguments: _signed(function(*arguments))


def _bits() -> Iterator[Overload]:
    for name, function, about, operands, result in _BITWISE:
        unsigned = ", ".join(f"{operand}u" for operand in operands.split(", "))
        for kind, apply, example in (
            ("int", function, (operands, result)),
            ("uint", _unsigned(function), (unsigned, f"{result}u")),
        ):
            yield overload(
                f"math.{name}({kind}, {kind}) -> {kind}",
                apply,
                about=about,
                examples=[(f"math.{name}({example[0]})", example[1])],
            )
    about = "The opposite of every bit."
    yield overload(
        "math.bitNot(int) -> int",
        operator.invert,
        about=about,
        examples=[("math.bitNot(1)", "-2")],
    )
    yield overload(
        "math.bitNot(uint) -> uint",
        lambda value: Uint(UINT_MAX ^ value),
        about=about,
        examples=[("math.bitNot(0u)", "18446744073709551615u")],
    )
    for name, shift, about, value, count, result in _SHIFTS:
        for kind, apply, mark in (("int", _as_int(shift), ""), ("uint", _unsigned(shift), "u")):
            yield overload(
                f"math.{name}({kind}, int) -> {kind}",
                apply,
                about=about,
                examples=[(f"math.{name}({value}{mark}, {count})", f"{result}{mark}")],
            )


def _plain() -> Iterator[Overload]:
    for name, function, about, (operand, result) in _ROUNDINGS:
        yield overload(
            f"math.{name}(double) -> double",
            function,
            about=about,
            examples=[(f"math.{name}({operand})", result)],
        )
    for kind, magnitude, sign, minus, plus in (
        ("int", _abs_int, _sign, "-42", "42"),
        ("uint", Uint, _unsigned(_sign), "42u", "42u"),
        ("double", abs, _sign_double, "-4.5", "4.5"),
    ):
        one = {"int": "-1", "uint": "1u", "double": "-1.0"}[kind]
        yield overload(
            f"math.abs({kind}) -> {kind}",
            magnitude,
            about="The number without its sign.",
            examples=[(f"math.abs({minus})", plus)],
        )
        yield overload(
            f"math.sign({kind}) -> {kind}",
            sign,
            about="Minus one, zero or one.",
            examples=[(f"math.sign({minus})", one)],
        )
    for kind, square in (("int", "81"), ("uint", "81u"), ("double", "81.0")):
        yield overload(
            f"math.sqrt({kind}) -> double",
            _sqrt,
            about="The square root; NaN of a number below zero.",
            examples=[(f"math.sqrt({square})", "9.0")],
        )
    for name, test, about in (
        ("isNaN", isnan, "Whether it is no number."),
        ("isInf", isinf, "Whether it is infinite."),
        ("isFinite", isfinite, "Whether it is neither infinite nor no number."),
    ):
        yield overload(
            f"math.{name}(double) -> bool",
            test,
            about=about,
            examples=[(f"math.{name}(1.5)", "true" if test is isfinite else "false")],
        )


LIBRARY: Final = Library(
    "math",
    (
        *_choices("greatest", operator.gt, "greatest"),
        *_choices("least", operator.lt, "least"),
        *_plain(),
        *_bits(),
    ),
    "The extension *math* of CEL, version 3 of cel-go.",
)
