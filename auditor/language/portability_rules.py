"""
Where does one part of an expression mean something else to cel-python?

One rule for each way in which it differs, by the kind of node and the types of its operands. Each was found by
running both on the same data; tests run both on either side of each rule.

The rules are those of cel-python 0.5.0, by its interpreted evaluator. Source: LANGUAGE.md, section 7; ADR 0016.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from auditor.facts.types import (
    DYN,
    FREE,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    held_type,
    unwrap,
)
from auditor.language.cel.ast import (
    Block,
    Call,
    Comprehension,
    Expr,
    ListExpr,
    Literal,
    MapExpr,
    Select,
)
from auditor.language.cel.names import namespaced
from auditor.language.values import Fraction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditor.facts.types import Type
    from auditor.language.registry import Functions

NATIVE_MACROS: Final = frozenset({"all", "exists", "exists_one", "filter", "map"})
"""Macros that cel-python has, with one variable and one expression."""

GETTERS: Final = frozenset(
    {
        "getDate", "getDayOfMonth", "getDayOfWeek", "getDayOfYear", "getFullYear", "getHours",
        "getMilliseconds", "getMinutes", "getMonth", "getSeconds",
    }
)  # fmt: skip

NATIVE_FUNCTIONS: Final = frozenset({"size", "matches", "dyn", "timestamp", "duration"})
"""Functions of cel-python's own that are called, where their arguments are not reported."""

NATIVE_METHODS: Final = (
    frozenset({"size", "contains", "startsWith", "endsWith", "matches"}) | GETTERS
)

_NUMBERS: Final = frozenset({"int", "uint", "double"})
_COMPARABLE: Final = _NUMBERS | {"string", "bytes", "bool", "timestamp", "duration"}
_BESIDE_NULL: Final = frozenset({"string", "bytes", "bool", "timestamp", "duration", "null_type"})
"""Types that cel-python compares with null; with the others it ends in an error, or answers only ``==``."""
_OWN: Final = frozenset({"date", "ratio", "span"})
_CONVERSIONS: Final = frozenset({"bool", "bytes", "double", "int", "string", "type", "uint"})
_ORDER: Final = frozenset({"_<_", "_<=_", "_>_", "_>=_"})
_EQUALITY: Final = frozenset({"_==_", "_!=_"})
_ARITHMETIC: Final = frozenset({"_+_", "_-_", "_*_", "_/_", "_%_"})
_INSTANT: Final = re.compile(
    r"\d{4}-\d\d-\d\dT([01]\d|2[0-3])(:[0-5]\d){2}(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII
)
_DURATION: Final = re.compile(r"-?\d{1,6}(h|m|s)", re.ASCII)
_ZONE: Final = re.compile(r"UTC|[+-]\d\d:\d\d|(Africa|America|Asia|Australia|Europe|Pacific)/\w+")


class Said(NamedTuple):
    """What a rule says of a node."""

    slug: str
    message: str
    hint: str | None = None
    is_asked: bool = True


class Rules:
    """The rules, for the nodes of one expression."""

    def __init__(self, types: Mapping[int, Type]) -> None:
        self._types = types

    def of(self, node: Expr, functions: Functions, hidden: frozenset[str]) -> Said | None:
        """Return what a rule says of a node; see `auditor.language.portability.obstacle`."""
        match node:
            case Select(test=True):
                return _HAS
            case Select():
                held = held_type(unwrap(self._type(node.operand)))
                return _OPTIONAL if held is not None else None
            case Literal(value=Fraction()):
                return _own_type("ratio")
            case ListExpr(optional=optional) | MapExpr(optional=optional) if optional:
                return _OPTIONAL
            case MapExpr():
                return None if all(map(_is_plain, node.entries)) else _MAP
            case Block():
                return _no_macro("cel.block", "name the values with `let`")
            case Comprehension():
                return self._macro(node)
            case Call():
                return self._call(node, functions, hidden)
            case _:
                return None

    def _type(self, node: Expr) -> Type:
        return self._types.get(node.id, DYN)

    def _name(self, node: Expr) -> str:
        """Return the name of a node's type without its null."""
        found = unwrap(self._type(node))
        return getattr(found, "name", "") if not isinstance(found, ObjectType) else ""

    # ----- macros

    def _macro(self, node: Comprehension) -> Said | None:
        if node.macro not in NATIVE_MACROS:
            return _no_macro(node.macro, None)
        if len(node.variables) > 1:
            return _no_macro(f"{node.macro} with two variables", "use the form with one variable")
        if len(node.args) > 1:
            return _no_macro("map with a filter", "write `.filter(x, ...).map(x, ...)`")
        if not isinstance(unwrap(self._type(node.range)), ListType | MapType):
            return _dyn("what this goes through", "it goes through the characters of a text, too")
        if node.macro != "map" and self._name(node.args[0]) != "bool":
            return _dyn("what is asked of each element", "it takes everything for a truth")
        return None

    # ----- calls

    def _call(self, node: Call, functions: Functions, hidden: frozenset[str]) -> Said | None:
        name = node.function
        operands = (node.target, *node.args) if node.target is not None else node.args
        if held_type(unwrap(self._type(node))) is not None or any(
            held_type(unwrap(self._type(part))) is not None for part in operands
        ):
            return _OPTIONAL
        if name in {"_&&_", "_||_", "!_"}:
            return self._logic(operands)
        if name == "_?_:_":
            return self._logic(operands[:1])
        if name in _EQUALITY:
            return self._equality(name, operands)
        if name == "@in":
            return self._membership(*operands)
        if name == "_[_]":
            return self._index(*operands)
        if name in _ORDER or name in _ARITHMETIC or name == "-_":
            return self._operator(name, operands)
        full = namespaced(node, functions, hidden)
        return self._function(
            full or name, operands, is_method=node.target is not None and not full
        )

    def _logic(self, operands: tuple[Expr, ...]) -> Said | None:
        if any(self._name(part) != "bool" for part in operands):
            return _dyn("what is taken for true or false", "it passes everything else on")
        return None

    def _equality(self, name: str, operands: tuple[Expr, ...]) -> Said | None:
        left, right = (self._name(part) for part in operands)
        if "null_type" in {left, right}:
            kind = operands[0] if right == "null_type" else operands[1]
            return self._beside_null(name, kind)
        if "dyn" in {left, right}:
            return _equality("values of no known type", "true == 1 is true there")
        if {left, right} <= _NUMBERS and left != right:
            return _equality(f"{_a(left)} with {_a(right)}", "1 == 1.0 is an error there")
        if left in _OWN or right in _OWN:
            return _own_type(left if left in _OWN else right)
        if all(isinstance(unwrap(self._type(part)), ListType) for part in operands):
            return self._lists(operands)
        if left != right or left not in _COMPARABLE:
            return _equality(
                "records, maps or whole values", "fields that are null, or not recorded"
            )
        if left in _NUMBERS and any(
            isinstance(self._type(part), NullableType) for part in operands
        ):
            return _null(f"{_a(left)} with null")
        return None

    def _lists(self, operands: tuple[Expr, ...]) -> Said | None:
        names = set()
        for part in operands:
            found = self._type(part)
            element = found.element if isinstance(found, ListType) else DYN
            if element != FREE:
                names.add(getattr(element, "name", "") if element != DYN else "")
        if len(names) > 1 or not names <= _COMPARABLE:
            return _equality(
                "lists of records or of more than one kind", "1 == 1.0 is an error there"
            )
        return None

    def _beside_null(self, name: str, operand: Expr) -> Said | None:
        found = unwrap(self._type(operand))
        kind = self._name(operand)
        if kind in _BESIDE_NULL or kind in _OWN:
            return None
        if kind in _NUMBERS:
            return _null(f"{_a(kind)} with null")
        if isinstance(found, ListType | MapType | ObjectType):
            return _null("a list, a map or a record with null by !=") if name == "_!=_" else None
        return _null("a value of no known type with null")

    def _membership(self, needle: Expr, container: Expr) -> Said | None:
        found = unwrap(self._type(container))
        if not isinstance(found, ListType | MapType):
            return _equality("members of no known type", "'x' in [1, 2] is an error there")
        member = found.element if isinstance(found, ListType) else found.key
        if member == FREE:
            return None
        left, right = self._name(needle), getattr(unwrap(member), "name", "")
        if left in _OWN:
            return _own_type(left)
        if left != right or left not in _COMPARABLE:
            return _equality(
                "members of another or of no known type", "'x' in [1, 2] is an error there"
            )
        may_be_null = isinstance(member, NullableType) or isinstance(
            self._type(needle), NullableType
        )
        return _null(f"{_a(left)} with null") if may_be_null and left in _NUMBERS else None

    def _index(self, container: Expr, key: Expr) -> Said | None:
        found = unwrap(self._type(container))
        if isinstance(found, MapType) and self._name(key) == "string":
            return None
        is_counted = isinstance(key, Literal) and type(key.value) is int and key.value >= 0
        if isinstance(found, ListType) and is_counted:
            return None
        message = (
            "cel-python counts a position below 0 from the end of a list, and takes true for 1"
        )
        return Said("portable-index", message)

    def _operator(self, name: str, operands: tuple[Expr, ...]) -> Said | None:
        kinds = [self._name(part) for part in operands]
        own = next((kind for kind in kinds if kind in _OWN), None)
        if own is not None:
            return _own_type(own)
        if any(kind == "dyn" for kind in kinds):
            return _dyn("what is computed or ordered here", "it adds and orders what CEL refuses")
        if len(set(kinds)) > 1 and set(kinds) <= _NUMBERS:
            message = "cel-python does not compute with, or compare, numbers of two kinds"
            return Said("portable-mixed-numbers", message, "convert one of them")
        if name == "_-_" and kinds == ["duration", "duration"]:
            message = "what cel-python makes of a duration less a duration has no methods"
            return Said("portable-duration", message, "subtract instants, or compare with a sum")
        divisor = operands[-1]
        if name == "_/_" and kinds[-1] == "double":
            is_safe = isinstance(divisor, Literal) and divisor.value
            message = "cel-python divides by 0.0 as if it came to +infinity, whatever is divided"
            hint = "divide by a constant, or guard it"
            return None if is_safe else Said("portable-division", message, hint)
        return None

    def _function(self, name: str, operands: tuple[Expr, ...], *, is_method: bool) -> Said | None:
        first = operands[0] if operands else None
        text = first.value if isinstance(first, Literal) and isinstance(first.value, str) else None
        match name:
            case "timestamp" if text is not None and _INSTANT.fullmatch(text):
                return None
            case "duration" if text is not None and _DURATION.fullmatch(text):
                return None
            case "timestamp":
                hint = "write an instant like '2026-09-01T08:00:00Z', with seconds and offset"
                message = "cel-python reads more than RFC 3339 as an instant: timestamp('now') is its clock"
                return Said("portable-function", message, hint, is_asked=False)
            case "duration":
                message = (
                    "cel-python reads durations through binary fractions, and more than CEL has"
                )
                hint = "write a constant like '90s' or '24h'"
                return Said("portable-function", message, hint, is_asked=False)
            case "notSupported" | "undecided":
                message = (
                    f"'{name}' is about facts that nobody recorded, and cel-python knows of none"
                )
                return Said("portable-function", message, is_asked=False)
            case _ if name in _CONVERSIONS and not is_method:
                message = f"cel-python converts by Python's rules: its {name}() takes and gives other values"
                return Said("portable-function", message)
            case "getMilliseconds" if is_method and self._name(operands[0]) == "duration":
                message = "cel-python gives the whole duration in milliseconds, CEL what is left beside seconds"
                return Said("portable-duration", message, "use getSeconds()")
            case _ if name in GETTERS and is_method and len(operands) > 1:
                return self._zone(operands[1])
        if name == "contains" and is_method and not self._is_whole_text(operands[0]):
            message = "cel-python has no contains() for a text that was joined from others"
            return Said("portable-function", message, "ask with matches()")
        if name == "size" and operands and self._name(operands[0]) == "dyn":
            return _dyn("what is counted here", "it counts whatever Python counts")
        return None

    def _is_whole_text(self, operand: Expr) -> bool:
        """Whether an operand is a text of the facts or a constant, and no text that was joined."""
        if isinstance(operand, Call) and operand.function == "_[_]":
            return isinstance(unwrap(self._type(operand.args[0])), MapType)
        return isinstance(operand, Literal | Select)

    @staticmethod
    def _zone(zone: Expr) -> Said | None:
        if (
            isinstance(zone, Literal)
            and isinstance(zone.value, str)
            and _ZONE.fullmatch(zone.value)
        ):
            return None
        message = (
            "cel-python takes more for a time zone than CEL does: 'utc', '+2:00', no text at all"
        )
        hint = "write the zone as a constant: 'Europe/Berlin', '+02:00'"
        return Said("portable-function", message, hint)


def _is_plain(entry: tuple[Expr, Expr]) -> bool:
    return all(isinstance(part, Literal) for part in entry) and not any(
        isinstance(part, Literal) and isinstance(part.value, Fraction) for part in entry
    )


_HAS: Final = Said(
    "portable-has",
    "cel-python's has() is true for null and for an empty list, and false for every error",
    "compare with null, or ask for the size",
)
_OPTIONAL: Final = Said("portable-optional", "cel-python has no optional values", is_asked=False)
_MAP: Final = Said(
    "portable-map-literal",
    "cel-python keeps an error inside a map as if it were a value",
)


def _no_macro(name: str, hint: str | None) -> Said:
    return Said("portable-macro", f"cel-python has no macro '{name}'", hint, is_asked=False)


def _dyn(what: str, but: str) -> Said:
    message = f"the type of {what} is not known, and cel-python answers by Python's rules: {but}"
    return Said("portable-dyn", message)


def _equality(what: str, but: str) -> Said:
    message = f"cel-python compares {what} otherwise ({but})"
    return Said("portable-heterogeneous-equality", message)


def _null(what: str) -> Said:
    return Said("portable-null-comparison", f"cel-python does not compare {what}")


def _own_type(name: str) -> Said:
    return Said("portable-type", f"cel-python has no values of type {name}")


def _a(name: str) -> str:
    return f"an {name}" if name[:1] in "aeio" else f"a {name}"
