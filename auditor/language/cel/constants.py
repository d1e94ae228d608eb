"""
Constants as an author writes them: what they are, and which of them can never be read.

A text that is handed to ``date()`` or ``matches()`` is part of the policy, so what is wrong with it is known
before anything is judged.
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from auditor.language.cel.ast import Call, Expr, Ident, Literal, walk
from auditor.language.cel.diagnostics import (
    bad_index,
    bad_pattern,
    facts_divided,
    unreadable_text,
)
from auditor.language.patterns import pattern
from auditor.language.time_text import parse_duration, parse_timestamp
from auditor.language.values import EvaluationFailure, Uint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from auditor.language.cel.diagnostics import Diagnostic
    from auditor.language.registry import Functions
    from auditor.language.values import Value

_READ: Final = {
    "date": ("a calendar day", "write YYYY-MM-DD, a day that there is: date('2026-03-03')"),
    "timestamp": ("an instant", "write it with its offset: timestamp('2026-03-03T14:00:00+01:00')"),
    "duration": ("an elapsed time", "write h, m or s behind each number: duration('1h30m')"),
    "span": (
        "a span",
        "write a number and minutes, hours, days, weeks, working hours or working days: span('2 weeks')",
    ),
    "int": ("a whole number", "write the number without quotation marks"),
    "uint": ("a whole number that is not negative", "write the number itself, e.g. 3u"),
    "double": ("a number", "write the number without quotation marks"),
    "bool": ("true or false", "write true or false"),
    "ip": ("an IP address", "write e.g. ip('192.0.2.1')"),
    "cidr": ("a range of IP addresses", "write e.g. cidr('192.0.2.0/24')"),
}
"""Functions that read a text: what they want, and how it is written."""
_VALUES: Final[Mapping[str, Callable[[str], Value]]] = {
    "date": dt.date.fromisoformat,
    "timestamp": parse_timestamp,
    "duration": parse_duration,
}
"""Those whose results can be ordered."""
_PATTERNS: Final = {"matches": 1, "regex.extract": 1, "regex.extractAll": 1, "regex.replace": 1}
"""Functions that take a pattern, and where it stands among what they are called on and with."""


def constant_in(node: Expr) -> Value | None:
    """Return the constant that *node* spells; None for anything else, and for null."""
    match node:
        case Literal():
            return node.value
        case Call(function="-_", args=(operand,)):
            value = constant_in(operand)
            if isinstance(value, bool | Uint) or not isinstance(value, int | float | Fraction):
                return None
            return -value
        case Call(target=None, args=(Literal(value=str(text)),)) if node.function in _VALUES:
            return _read_value(node.function, text)
        case _:
            return None


def _read_value(name: str, text: str) -> Value | None:
    try:
        return _VALUES[name](text)
    except (ValueError, OverflowError):
        return None


def constant_faults(expr: Expr, text: str, functions: Functions) -> Iterator[Diagnostic]:
    """
    Find constants that can never be what they are meant for, and quotients in which there is none.

    Args:
        expr: An expression.
        text: Its source.
        functions: What may be called.
    """
    for node in walk(expr):
        if not isinstance(node, Call):
            continue
        name, operands = _called(node, functions)
        if name in _READ and len(operands) == 1:
            yield from _text_faults(node, name, operands[0], functions)
        position = _PATTERNS.get(name)
        if position is not None and len(operands) > position:
            yield from _pattern_faults(operands[position])
        if name == "_/_" and all(map(_is_fact, operands)):
            yield facts_divided(node, *(_source(part, text) for part in operands))
        if name == "_[_]":
            index = constant_in(operands[1])
            if isinstance(index, int) and not isinstance(index, bool) and index < 0:
                yield bad_index(operands[1])


def _is_fact(node: Expr) -> bool:
    """Whether a value comes from the facts: parameters and constants do not."""
    return any(isinstance(part, Ident) and part.name != "params" for part in walk(node))


def _source(node: Expr, text: str) -> str:
    return " ".join(text[node.start : node.end].split())


def _called(node: Call, functions: Functions) -> tuple[str, tuple[Expr, ...]]:
    """Return the name of what is called, with its namespace, and what it is called on and with."""
    match node.target:
        case None:
            return node.function, node.args
        case Ident() as space if functions.is_function(f"{space.name}.{node.function}"):
            return f"{space.name}.{node.function}", node.args
        case target:
            return node.function, (target, *node.args)


def _text_faults(
    node: Call, name: str, operand: Expr, functions: Functions
) -> Iterator[Diagnostic]:
    if not isinstance(operand, Literal) or not isinstance(operand.value, str) or node.target:
        return
    for overload in functions.candidates(name, method=False, arity=1):
        if not overload.signature.startswith(f"{name}(string)") or overload.wants_context:
            continue
        try:
            overload.implementation(operand.value)
        except EvaluationFailure:
            yield unreadable_text(operand, operand.value, *_READ[name])


def _pattern_faults(operand: Expr) -> Iterator[Diagnostic]:
    if not isinstance(operand, Literal) or not isinstance(operand.value, str):
        return
    try:
        pattern(operand.value)
    except EvaluationFailure:
        yield bad_pattern(operand, operand.value)
