"""
Functions that expressions can call: what a library registers and how a call finds its overload.

A library file under ``functions/`` holds signature, cost, implementation and example of each function
together. An implementation gets finished values: the evaluator has already absorbed unknowns, errors
and open lists. Only the members of a closed list may still be unknown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Protocol

from auditor.facts.types import (
    BOOL,
    BYTES,
    CIDR,
    DATE,
    DOUBLE,
    DURATION,
    DYN,
    INT,
    IP,
    NULL,
    NUMBER,
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
    optional,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from auditor.facts.calendar import WorkingCalendar
    from auditor.language.values import Record, Timestamp, Unknown, Value

    Equality = Callable[[Value, Value], bool | Unknown]
    """How ``==`` compares two values."""


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
    wants_equality: bool = False
    """The implementation's first argument, behind a `Context`, is how ``==`` compares two values."""
    is_never_false: bool = False
    """The implementation answers true, or leaves it undecided."""
    is_variadic: bool = False
    """The last parameter stands for one argument of its type or more."""


@dataclass(frozen=True, slots=True)
class Library:
    """A named set of overloads; what an entry point of the group ``auditor.functions`` loads."""

    name: str
    overloads: tuple[Overload, ...]
    about: str = ""
    """One sentence for the function reference, e.g. which version of what it is."""


_SCALARS: Final[Mapping[str, Type]] = {
    str(t): t
    for t in (
        DYN, NULL, BOOL, INT, UINT, DOUBLE, STRING, BYTES, TIMESTAMP, DURATION, TYPE, DATE, RATIO, SPAN,
        PERIOD, NUMBER, IP, CIDR,
    )
}  # fmt: skip


@lru_cache(maxsize=1024)
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
    if text.startswith("optional(") and text.endswith(")"):
        return optional(parse_type(text[9:-1]))
    if text.startswith("map(") and text.endswith(")"):
        key, _, value = text[4:-1].partition(",")
        return MapType(parse_type(key), parse_type(value))
    if re.fullmatch(r"[A-Z]", text):
        return TypeParameter(text)
    msg = f"not a type: {text!r}"
    raise ValueError(msg)


def _split(parameters: str) -> list[str]:
    if "(" not in parameters:
        return parameters.split(",") if parameters else []
    parts, depth, start = [], 0, 0
    for i, character in enumerate(parameters):
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            parts.append(parameters[start:i])
            start = i + 1
    tail = parameters[start:]
    return [*parts, tail] if tail.strip() else parts


def _receiver(prefix: str) -> Type | None:
    """Read what stands before a function's name; None for a namespace (``math.``) or nothing."""
    is_namespace = prefix not in _SCALARS and re.fullmatch(r"[a-z][a-z0-9_.]*", prefix)
    return None if is_namespace or not prefix else parse_type(prefix)


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
    wants_equality: bool = False,
    is_never_false: bool = False,
) -> Overload:
    """
    Describe a function by its signature.

    Args:
        signature: ``name(T, U) -> R`` for a function, perhaps in a namespace (``math.abs(int) -> int``),
            ``R.name(T) -> U`` for a method; operators under CEL's names, e.g. ``_+_(int, int) -> int``. A last
            parameter with three dots may be repeated: ``math.least(int...) -> int``.
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
        wants_equality: Pass how ``==`` compares two values, behind a `Context`.
        is_never_false: It answers true or raises `Undecided`; what reads policies may count on that.
    """
    left, arrow, result = signature.rpartition(" -> ")
    opening = _opening(left)
    if not arrow or opening < 0:
        msg = f"not a signature: {signature!r}"
        raise ValueError(msg)
    prefix, _, name = left[:opening].rpartition(".")
    receiver = _receiver(prefix)
    parameters = left[opening + 1 : -1]
    return Overload(
        name=name if receiver or not prefix else f"{prefix}.{name}",
        signature=signature,
        receiver=receiver,
        parameters=tuple(parse_type(p) for p in _split(parameters.removesuffix("..."))),
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
        wants_equality=wants_equality,
        is_never_false=is_never_false,
        is_variadic=parameters.endswith("..."),
    )


class Functions:
    """All overloads that a plan may call, by name, kind (function or method) and number of arguments."""

    def __init__(self, libraries: Iterable[Library]) -> None:
        self._table: dict[tuple[str, bool, int], list[Overload]] = {}
        self._names: set[str] = set()
        self._plain: set[str] = set()
        self._variadic: dict[str, list[Overload]] = {}
        self._all: list[Overload] = []
        for library in libraries:
            for entry in library.overloads:
                key = (entry.name, entry.receiver is not None, len(entry.parameters))
                self._table.setdefault(key, []).append(entry)
                self._names.add(entry.name)
                self._all.append(entry)
                if entry.is_variadic:
                    self._variadic.setdefault(entry.name, []).append(entry)
                if entry.receiver is None:
                    self._plain.add(entry.name)
        self.namespaces = frozenset(name.partition(".")[0] for name in self._plain if "." in name)
        """First words of the names of functions that stand in a namespace."""

    def candidates(self, name: str, *, method: bool, arity: int) -> list[Overload]:
        """Return the overloads that a call of this form could mean, in registration order."""
        key = name, method, arity
        found = self._table.get(key)
        if found is None and name in self._variadic:
            found = self._table[key] = [
                replace(entry, parameters=(*entry.parameters[:-1], *repeated))
                for entry in self._variadic[name]
                if (entry.receiver is not None) is method
                and (repeated := entry.parameters[-1:] * (arity + 1 - len(entry.parameters)))
            ]
        return found or []

    def is_function(self, name: str) -> bool:
        """Whether *name* can be called without a receiver."""
        return name in self._plain

    def names(self) -> frozenset[str]:
        """Return every function name, for "did you mean"."""
        return frozenset(self._names)

    def all(self) -> list[Overload]:
        """Return every overload, in registration order."""
        return list(self._all)
