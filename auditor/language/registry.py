"""
Functions that expressions can call: what a library registers and how a call finds its overload.

A library file under ``functions/`` holds signature, cost, implementation and example of each function
together. An implementation gets finished values: the evaluator has already absorbed unknowns, errors
and open lists. Only the members of a closed list may still be unknown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from auditor.facts.types import (
    BOOL,
    BYTES,
    DATE,
    DOUBLE,
    DURATION,
    DYN,
    INT,
    NULL,
    PERIOD,
    RATIO,
    SPAN,
    STRING,
    TIMESTAMP,
    TYPE,
    UINT,
    ListType,
    MapType,
    Type,
    TypeParameter,
    nullable,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from auditor.facts.calendar import WorkingCalendar
    from auditor.language.values import Record, Timestamp, Value


class Context(Protocol):
    """What a function may know beside its arguments."""

    @property
    def calendar(self) -> WorkingCalendar:
        """The auditee's zone and working time."""
        ...

    @property
    def as_of(self) -> Timestamp:
        """The judged instant."""
        ...

    @property
    def root(self) -> Record:
        """The whole snapshot, for conventions that follow an id."""
        ...


@dataclass(frozen=True, slots=True)
class Example:
    """A line of documentation that is run as a test: an expression and what it equals, both in CEL."""

    expression: str
    equals: str


@dataclass(frozen=True, slots=True)
class Overload:
    """One signature of a function, with its implementation."""

    name: str
    signature: str
    receiver: Type | None
    parameters: tuple[Type, ...]
    result: Type
    implementation: Callable[..., Value]
    cost: int = 1
    """Steps that a call counts for, on top of its arguments."""
    size: Callable[..., int] | None = None
    """Members that the result will hold, by the arguments, where it may be much larger than they are."""
    examples: tuple[Example, ...] = ()
    wants_context: bool = False
    """The implementation's first argument is a `Context`."""
    wants_days: bool = False
    """The implementation accepts `Day` where a timestamp is declared; otherwise a day is unknown."""
    about: str = ""
    reads: tuple[str, ...] = ()
    """Fields of a record argument that the implementation looks up by itself."""
    consults: tuple[str, ...] = ()
    """Facts elsewhere in the snapshot that it looks up by itself, as ``entity.field``."""
    needs_values: bool = False
    """No argument may be null, even one of any type: the checker asks for a guard."""


@dataclass(frozen=True, slots=True)
class Library:
    """A named set of overloads; what an entry point of the group ``auditor.functions`` loads."""

    name: str
    overloads: tuple[Overload, ...]


_SCALARS: Final[Mapping[str, Type]] = {
    str(t): t
    for t in (
        DYN, NULL, BOOL, INT, UINT, DOUBLE, STRING, BYTES, TIMESTAMP, DURATION, TYPE, DATE, RATIO, SPAN,
        PERIOD,
    )
}  # fmt: skip


def parse_type(text: str) -> Type:
    """
    Read a type as signatures write it: ``int``, ``timestamp?``, ``list(T)``, ``map(string, dyn)``.

    Raises:
        ValueError: The text is no type.
    """
    text = text.strip()
    if text.endswith("?"):
        return nullable(parse_type(text[:-1]))
    if text in _SCALARS:
        return _SCALARS[text]
    if text.startswith("list(") and text.endswith(")"):
        return ListType(parse_type(text[5:-1]))
    if text.startswith("map(") and text.endswith(")"):
        key, _, value = text[4:-1].partition(",")
        return MapType(parse_type(key), parse_type(value))
    if re.fullmatch(r"[A-Z]", text):
        return TypeParameter(text)
    msg = f"not a type: {text!r}"
    raise ValueError(msg)


def _split(parameters: str) -> list[str]:
    parts, depth, start = [], 0, 0
    for i, character in enumerate(parameters):
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            parts.append(parameters[start:i])
            start = i + 1
    tail = parameters[start:]
    return [*parts, tail] if tail.strip() else parts


def _opening(left: str) -> int:
    """Find the parenthesis that the last one of *left* closes; -1 where there is none."""
    depth = 0
    for i in range(len(left) - 1, -1, -1) if left.endswith(")") else ():
        depth += (left[i] == ")") - (left[i] == "(")
        if depth == 0:
            return i
    return -1


def overload(
    signature: str,
    implementation: Callable[..., Value],
    *,
    cost: int = 1,
    size: Callable[..., int] | None = None,
    examples: Iterable[tuple[str, str]] = (),
    wants_context: bool = False,
    wants_days: bool = False,
    about: str = "",
    reads: Iterable[str] = (),
    consults: Iterable[str] = (),
    needs_values: bool = False,
) -> Overload:
    """
    Describe a function by its signature.

    Args:
        signature: ``name(T, U) -> R`` for a function, ``R.name(T) -> U`` for a method; operators under
            CEL's names, e.g. ``_+_(int, int) -> int``.
        implementation: Gets receiver and arguments as values (see `auditor.language.values`); raises
            `EvaluationFailure` where CEL has an error and `Undecided` where the facts do not decide.
        cost: Steps per call.
        size: Members of the result, by the arguments; counted as steps before the call.
        examples: Pairs of an expression and what it equals.
        wants_context: Pass a `Context` first.
        wants_days: Pass `Day` values through.
        about: One sentence for the function reference.
        reads: Fields of a record argument that the implementation looks up by itself.
        consults: Other facts that it looks up by itself, as ``entity.field``.
        needs_values: Ask for a guard wherever an argument may be null.
    """
    left, arrow, result = signature.rpartition(" -> ")
    opening = _opening(left)
    if not arrow or opening < 0:
        msg = f"not a signature: {signature!r}"
        raise ValueError(msg)
    receiver, _, name = left[:opening].rpartition(".")
    return Overload(
        name=name,
        signature=signature,
        receiver=parse_type(receiver) if receiver else None,
        parameters=tuple(parse_type(p) for p in _split(left[opening + 1 : -1])),
        result=parse_type(result),
        implementation=implementation,
        cost=cost,
        size=size,
        examples=tuple(Example(*pair) for pair in examples),
        wants_context=wants_context,
        wants_days=wants_days,
        about=about,
        reads=tuple(reads),
        consults=tuple(consults),
        needs_values=needs_values,
    )


class Functions:
    """All overloads that a plan may call, by name, kind (function or method) and number of arguments."""

    def __init__(self, libraries: Iterable[Library]) -> None:
        self._table: dict[tuple[str, bool, int], list[Overload]] = {}
        self._names: set[str] = set()
        for library in libraries:
            for entry in library.overloads:
                key = (entry.name, entry.receiver is not None, len(entry.parameters))
                self._table.setdefault(key, []).append(entry)
                self._names.add(entry.name)

    def candidates(self, name: str, *, method: bool, arity: int) -> list[Overload]:
        """Return the overloads that a call of this form could mean, in registration order."""
        return self._table.get((name, method, arity), [])

    def is_function(self, name: str) -> bool:
        """Whether *name* can be called without a receiver."""
        return any(key[0] == name and not key[1] for key in self._table)

    def names(self) -> frozenset[str]:
        """Return every function name, for "did you mean"."""
        return frozenset(self._names)

    def all(self) -> list[Overload]:
        """Return every overload, in registration order."""
        return [entry for entries in self._table.values() for entry in entries]
