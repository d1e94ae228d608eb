"""
What does a condition ask, of what, and which answers are possible by what is declared?

Two conditions are about one thing where their subjects are written alike; names that stand for a path count as
that path. What a macro's variable means is told apart by `Reader.inside`.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from auditor.facts.types import (
    BOOL,
    DYN,
    INT,
    TIMESTAMP,
    UINT,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    ScalarType,
    Type,
    held_type,
    unwrap,
)
from auditor.language.cel.ast import (
    Call,
    Comprehension,
    Expr,
    Ident,
    ListExpr,
    Literal,
    MapExpr,
    Select,
    children,
)
from auditor.language.cel.compatibility import is_dyn
from auditor.language.cel.constants import constant_in
from auditor.language.cel.narrowing import Path, path_of, visible
from auditor.language.cel.possible import IS_NULL, Possible, Question, constant_of, one_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from auditor.language.cel.possible import Constant
    from auditor.language.values import Value

Key = tuple[object, ...]

_SIGNS: Final = {"_<_": "<", "_<=_": "<=", "_>_": ">", "_>=_": ">="}
_MIRRORED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_ORDERS: Final = {"<": "<", "<=": "<=", ">": ">", ">=": ">=", "==": "="}
"""Sign of a comparison to the relations, ``<``, ``=`` and ``>``, for which it is true."""
_MOMENTS: Final = {"by": "<=", "before": "<", "after": ">"}
"""Methods that compare instants; they are false for null."""
_RELATIONS: Final = ("<", "=", ">", "?")
"""How two values lie to each other; ``?`` where one is null or they have no order."""
_HELD: Final = ("bool", True)
_RANGES: Final[Mapping[str, tuple[int, int]]] = {
    "getMonth": (0, 11),
    "getDate": (1, 31),
    "getDayOfMonth": (0, 30),
    "getDayOfWeek": (0, 6),
    "getDayOfYear": (0, 365),
    "getHours": (0, 23),
    "getMinutes": (0, 59),
    "getSeconds": (0, 59),
    "getMilliseconds": (0, 999),
}
"""What the fields of an instant can be. Source: CEL specification, "Timezones" and the list of functions."""


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """A question that has two answers."""

    key: Key
    """What it is about."""
    subject: Expr | None
    """The value that it is about; None where it is about how two values lie to each other."""
    question: Question
    declared: Possible
    """What the subject can be by what is declared."""
    facts: str
    """What is declared of it, for a reader."""
    holds_if: bool = True
    """The answer for which the condition is true."""
    asks_whether_observed: bool = False
    """Whether it is the way to demand that something was recorded at all: true, or unknown."""

    def answer(self, possible: Possible) -> bool | None:
        """Tell whether the condition is true; None where both are possible."""
        if possible.answered(self.question, truth=True).is_nothing:
            return not self.holds_if
        if possible.answered(self.question, truth=False).is_nothing:
            return self.holds_if
        return None


@dataclass(frozen=True, slots=True)
class Declared:
    """What is declared of a value."""

    type: Type
    may_be_null: bool
    may_be_unobserved: bool = False

    @classmethod
    def of(cls, found: Type) -> Declared:
        """Return what a type says; of one that says nothing anything may be."""
        return cls(unwrap(found), is_dyn(found) or isinstance(found, NullableType))

    def field(self, name: str) -> Declared:
        """Return what is declared of a field."""
        declared = self.type.fields.get(name) if isinstance(self.type, ObjectType) else None
        found: Type = declared.type if declared else DYN
        if isinstance(self.type, MapType):
            found = self.type.value
        below = Declared.of(found)
        is_certain = declared is not None and (declared.required or declared.has_default)
        return Declared(
            below.type,
            below.may_be_null or self.may_be_null,
            may_be_unobserved=self.may_be_unobserved or not is_certain,
        )


@dataclass(frozen=True, slots=True)
class Stated:
    """A condition about constants alone."""

    truth: bool


class Reader:
    """
    Reads conditions.

    Args:
        text: Source of the expression.
        types: What the checker found out about its nodes; empty where it has not looked.
        variables: Declared types of the names; those that are missing are not known.
        aliases: Names that stand for a path.
        constants: Names that stand for a constant.
    """

    def __init__(
        self,
        text: str,
        types: Mapping[int, Type],
        variables: Mapping[str, Type],
        aliases: Mapping[str, Path],
        constants: Mapping[str, Value],
    ) -> None:
        self._text = text
        self._types = types
        self._variables = variables
        self._aliases = aliases
        self._constants = constants
        self._bound: frozenset[str] = frozenset()
        self._keys: dict[int, Key] = {}

    @contextmanager
    def inside(self, names: frozenset[str]) -> Iterator[None]:
        """Read what stands where *names* mean something else: the body of a macro."""
        before = self._aliases, self._constants, self._bound
        self._aliases = visible(self._aliases, names)
        self._constants = {n: value for n, value in self._constants.items() if n not in names}
        self._bound |= names
        try:
            yield
        finally:
            self._aliases, self._constants, self._bound = before

    def source(self, node: Expr) -> str:
        """Return what the author wrote, on one line."""
        return " ".join(self._text[node.start : node.end].split()) or "this"

    # ----- what a condition is about

    def key(self, node: Expr) -> Key:
        """Return what tells values apart; equal for what is written alike in one place."""
        found = self._keys.get(node.id)
        if found is None:
            found = self._keys[node.id] = self._key(node)
        return found

    def _key(self, node: Expr) -> Key:
        match node:
            case Ident():
                path = path_of(node, self._aliases)
                if path is None:
                    return ("root", node.name)
                key: Key = ("name", path[0])
                for field in path[1:]:
                    key = ("field", field, key)
                return key
            case Select():
                return ("has" if node.test else "field", node.field, self.key(node.operand))
            case Literal():
                return ("constant", type(node.value).__name__, str(node.value))
            case Call():
                return ("call", node.function, node.target is None, *map(self.key, children(node)))
            case Comprehension():
                source = self.key(node.range)
                with self.inside(frozenset(node.variables)):
                    return ("macro", node.macro, node.variables, source, *map(self.key, node.args))
            case ListExpr() | MapExpr():
                return (type(node).__name__, node.optional, *map(self.key, children(node)))
            case _:  # what is written out nowhere else
                return ("node", node.id, self._text)

    def constant(self, node: Expr) -> Value | None:
        """Return the constant that *node* is or names; None for none, and for null."""
        if isinstance(node, Ident) and not node.absolute:
            return self._constants.get(node.name)
        return constant_in(node)

    # ----- what is declared

    def declared(self, node: Expr) -> Declared:
        """Return what is declared of a value, whatever guards it here."""
        match node:
            case Ident() if node.name in self._bound:
                return Declared.of(self._types.get(node.id, DYN))
            case Ident():
                first, *fields = path_of(node, self._aliases) or ("",)
                found = Declared.of(self._variables.get(first, DYN))
                for field in fields:
                    found = found.field(field)
                return found
            case Select(test=False):
                return self.declared(node.operand).field(node.field)
            case _:
                # A guard on an operand may have taken the null away.
                return Declared(unwrap(self._types.get(node.id, DYN)), may_be_null=True)

    def possible(self, node: Expr) -> tuple[Possible, str]:
        """Return what a value can be by what is declared, and how a reader is told so."""
        declared = self.declared(node)
        found, null = declared.type, declared.may_be_null
        shown = f"`{self.source(node)}`"
        low = (("number", Fraction(0)), True)
        if held_type(found) is not None:
            return Possible(null=False), f"{shown} is an optional, which is never null"
        if isinstance(found, ScalarType) and found.enum is not None:
            enum = one_of((("text", value) for value in found.enum), null=null)
            return enum, f"{shown} is one of {', '.join(found.enum)}"
        if found == BOOL:
            return one_of((_HELD, ("bool", False)), null=null), f"{shown} is true or false"
        match node:
            case Call(function="size") | Comprehension(macro="count"):
                return Possible(null=False, low=low, whole=True), f"{shown} is never below 0"
            case Call(target=Expr() as moment) if self._is_field_of_instant(node, moment):
                least, most = _RANGES[node.function]
                low, high = (("number", Fraction(least)), True), (("number", Fraction(most)), True)
                span = f"{shown} is a number from {least} to {most}"
                return Possible(null, low=low, high=high, whole=True), span
            case _ if found == UINT:
                return Possible(null, low=low, whole=True), f"{shown} is never below 0"
            case _:
                return Possible(null, whole=found == INT), ""

    def _is_field_of_instant(self, node: Call, moment: Expr) -> bool:
        found = unwrap(self._types.get(moment.id, DYN))
        return node.function in _RANGES and found == TIMESTAMP

    # ----- conditions

    def condition(self, node: Expr, *, is_truth: bool) -> Condition | Stated | None:
        """
        Read a condition that is no ``&&``, ``||``, ``!`` or ``? :``.

        Args:
            node: The condition.
            is_truth: Whether it stands where true or false is wanted, so that anything is one.
        """
        match node:
            case Call(function="_==_" | "_!=_"):
                return self._equality(node)
            case Call() if node.function in _SIGNS:
                return self._order(*_pair(node), _SIGNS[node.function])
            case Call(function="@in", args=(needle, ListExpr(optional=()) as members)):
                return self._membership(needle, members)
            case Call(target=Expr() as target, args=(other,)) if node.function in _MOMENTS:
                return self._relation(target, other, _MOMENTS[node.function], allows_null=True)
            case Select(test=True) if self._asks_for_null(node):
                subject = Select(-node.id - 1, node.start, node.end, node.operand, node.field)
                self._keys[subject.id] = ("field", node.field, self.key(node.operand))
                possible, _ = self.possible(subject)
                shown = f"{self.source(node.operand)}.{node.field}"
                facts = f"`{shown}` is never null"
                key = self.key(subject)
                return Condition(
                    key,
                    subject,
                    IS_NULL,
                    possible,
                    facts,
                    holds_if=False,
                    asks_whether_observed=True,
                )
            case _ if is_truth:
                both = one_of((_HELD, ("bool", False)))
                return Condition(self.key(node), node, Question("in", frozenset({_HELD})), both, "")
            case _:
                return None

    def _asks_for_null(self, node: Select) -> bool:
        owner = unwrap(self._types.get(node.operand.id, DYN))
        declared = owner.fields.get(node.field) if isinstance(owner, ObjectType) else None
        return declared is not None and not isinstance(unwrap(declared.type), ListType | MapType)

    def _equality(self, node: Call) -> Condition | Stated | None:
        holds_if = node.function == "_==_"
        for one, other in (node.args, node.args[::-1]):
            if isinstance(other, Literal) and other.value is None:
                if isinstance(one, Literal):
                    return Stated((one.value is None) is holds_if)
                possible, facts = self.possible(one)
                if not possible.null and held_type(self.declared(one).type) is None:
                    facts = f"`{self.source(one)}` is never null"
                return Condition(self.key(one), one, IS_NULL, possible, facts, holds_if)
        found = self._order(*_pair(node), "==")
        if isinstance(found, Stated):
            return Stated(found.truth is holds_if)
        if found is None or holds_if:
            return found
        return Condition(
            found.key, found.subject, found.question, found.declared, found.facts, holds_if=False
        )

    def _order(self, left: Expr, right: Expr, sign: str) -> Condition | Stated | None:
        one, other = self.constant(left), self.constant(right)
        if one is None and other is None:
            return self._relation(left, right, sign, allows_null=False)
        if one is not None and other is not None:
            return _compared(constant_of(one), constant_of(other), sign)
        subject, value = (left, other) if one is None else (right, one)
        constant = constant_of(value)
        if constant is None:
            return None
        if one is not None:
            sign = _MIRRORED.get(sign, sign)
        possible, facts = self.possible(subject)
        question = Question("in" if sign == "==" else sign, frozenset({constant}))
        return Condition(self.key(subject), subject, question, possible, facts)

    def _membership(self, needle: Expr, members: ListExpr) -> Condition | None:
        constants = [constant_of(self.constant(member)) for member in members.elements]
        if None in constants or self.constant(needle) is not None:
            return None
        possible, facts = self.possible(needle)
        if not constants:
            facts = "an empty list has no members"
        question = Question("in", frozenset(found for found in constants if found is not None))
        is_open = self.declared(needle).may_be_unobserved
        return Condition(
            self.key(needle), needle, question, possible, facts, asks_whether_observed=is_open
        )

    def _relation(self, left: Expr, right: Expr, sign: str, *, allows_null: bool) -> Condition:
        one, other = self.key(left), self.key(right)
        relations: tuple[str, ...] = _RELATIONS
        facts = ""
        if one == other and not _is_chosen(one):
            relations = ("=", "?") if allows_null else ("=",)
            facts = "both sides are the same"
        elif repr(one) > repr(other):
            one, other = other, one
            sign = _MIRRORED.get(sign, sign)
        true_for = frozenset(("relation", part) for part in _ORDERS[sign])
        declared = one_of(("relation", part) for part in relations)
        key = ("relation", one, other)
        return Condition(key, None, Question("in", true_for), declared, facts)


def _is_chosen(key: Key) -> bool:
    """Whether a value is a parameter's: what a profile may choose is no constant of the policy."""
    return ("name", "params") in key or any(isinstance(k, tuple) and _is_chosen(k) for k in key)


def _pair(node: Call) -> tuple[Expr, Expr]:
    left, right = node.args
    return left, right


def _compared(one: Constant | None, other: Constant | None, sign: str) -> Stated | None:
    if one is None or other is None or one[0] != other[0]:
        return None
    relation = "=" if one[1] == other[1] else "<" if one[1] < other[1] else ">"
    return Stated(relation in _ORDERS[sign])
