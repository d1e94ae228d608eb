"""
Everything that the checker can say of an expression: one constructor per fact, each with a stable slug.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from auditor.facts.types import (
    DURATION,
    SPAN,
    STRING,
    TIMESTAMP,
    ListType,
    ObjectType,
    ScalarType,
)
from auditor.language.cel.ast import Ident
from auditor.model.errors import did_you_mean, slip_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from auditor.facts.types import Type
    from auditor.language.cel.ast import Call, Expr
    from auditor.model.errors import Instead


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One fault of an expression, by character offsets in its text."""

    slug: str
    message: str
    hint: str | None
    start: int
    end: int
    word: str = ""
    """The definition in whose body it is, if it is in one; it is told where that is called."""
    instead: Instead | None = None
    """What stands there and what to write for it, where only one thing can be meant."""


class CheckErrors(Exception):
    """An expression that cannot be evaluated, with everything that is wrong with it, in text order."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(sorted(diagnostics, key=lambda d: (d.start, d.end, d.message)))
        super().__init__("; ".join(diagnostic.message for diagnostic in self.diagnostics))


def with_article(found: object) -> str:
    """Put "a" or "an" before the name of a type, or of anything else."""
    name = str(found)
    return f"{'an' if name[:1] in {*'aeio'} else 'a'} {name}"


def _at(
    node: Expr, slug: str, message: str, hint: str | None = None, instead: Instead | None = None
) -> Diagnostic:
    return Diagnostic(slug, message, hint, node.start, node.end, instead=instead)


def undeclared_name(node: Expr, name: str, known: Iterable[str]) -> Diagnostic:
    """Point at a name that nothing declares."""
    names = tuple(known)
    message = f"no variable '{name}' is declared"
    return _at(node, "undeclared-name", message, did_you_mean(name, names), slip_of(name, names))


def unknown_field(node: Expr, owner: str, field: str, known: Iterable[str]) -> Diagnostic:
    """Point at a field that the schema lacks."""
    names = tuple(known)
    message = f"{owner} has no field '{field}'"
    return _at(node, "unknown-field", message, did_you_mean(field, names), slip_of(field, names))


def no_fields(node: Expr, operand: str, owner: Type, field: str) -> Diagnostic:
    """Point at a selection from something that has no fields."""
    message = f"`{operand}` is {with_article(owner)}, which has no fields, so it has no '{field}'"
    hint = f"leave `.{field}` out"
    if isinstance(owner, ScalarType) and owner.ref is not None:
        hint = f"find the record that it names: {owner.ref}.exists(x, x.id == {operand} && ...)"
    elif isinstance(owner, ListType):
        hint = f"say of which member: {operand}.exists(x, x.{field} ...), or {operand}[0].{field}"
    return _at(node, "no-field", message, hint)


def unknown_function(node: Expr, name: str, known: Iterable[str]) -> Diagnostic:
    """Point at a function that no library registers."""
    names = [candidate for candidate in known if candidate[:1].isalpha()]
    near = get_close_matches(name, sorted(names), n=1)
    hint = f"did you mean '{near[0]}'?" if near else "docs/functions.md lists what can be called"
    instead = slip_of(name, names)
    return _at(node, "unknown-function", f"no function '{name}'", hint, instead)


def unknown_in_namespace(node: Call, known: Iterable[str]) -> Diagnostic:
    """Point at a function that its namespace does not have."""
    space = node.target.name if isinstance(node.target, Ident) else ""
    names = [name for name in known if name.startswith(f"{space}.")]
    name = f"{space}.{node.function}"
    return _at(node, "unknown-function", f"no function '{name}'", did_you_mean(name, names))


def no_overload(node: Expr, name: str, found: str, wanted: Iterable[str]) -> Diagnostic:
    """Point at a call whose operands fit no form of the function."""
    forms = "; ".join(wanted)
    hint = f"it can be called as: {forms}" if forms else None
    return _at(node, "no-overload", f"'{name}' does not take ({found})", hint)


def unguarded_null(node: Expr, text: str, use: str, *, is_moment: bool = False) -> Diagnostic:
    """Point at a value that may be null where a value is needed; *is_moment* where methods take such a null."""
    hint = f"guard it, e.g. `{text} != null && ...`"
    if is_moment:
        hint += (
            ", or use a function that takes null, such as by(), before() or after() for instants"
        )
    return _at(node, "unguarded-null", f"'{text}' may be null (known absent), and {use}", hint)


def unlike(node: Expr, left: tuple[str, Type], right: tuple[str, Type]) -> Diagnostic:
    """Point at a comparison of two things, each as it is written and of its type, that are never equal."""
    (one, one_type), (other, other_type) = left, right
    message = f"`{one}` is {described(one_type)} and `{other}` is {described(other_type)}: they are never equal"
    return _at(node, "never-equal", message, _comparable_hint(left, right))


def _comparable_hint(left: tuple[str, Type], right: tuple[str, Type]) -> str:
    for (record, found), (text, other) in ((left, right), (right, left)):
        if isinstance(found, ObjectType) and isinstance(other, ObjectType):
            return f"compare what names them, e.g. `{record}.id`"
        if isinstance(found, ObjectType) and "id" in found.fields:
            return f"compare its id: `{record}.id`"
        is_quoted = other == STRING and text[:1] in {"'", '"'}
        if is_quoted and isinstance(found, ScalarType) and found.name in _BARE:
            return f"{with_article(found)} is written without quotation marks"
    return "compare two values of one type"


_BARE: Final = frozenset({"int", "uint", "double", "bool"})


def described(found: Type) -> str:
    """Name a type as a sentence does."""
    if isinstance(found, ObjectType):
        return f"a record of '{found.name}'"
    return with_article(found)


def as_text(node: Expr, asks: str, wanted: Type, text: str) -> Diagnostic:
    """Point at a text in the place of a day, an instant or a length; *asks* is what asks for it."""
    message = f"'{text}' is a text, and {asks} {_MEANT[str(wanted)]}"
    if wanted in {SPAN, DURATION}:
        sample = text if wanted == SPAN else "24h"
        return _at(node, "length-as-text", message, f"write {wanted}('{sample}')")
    hint = f"write {wanted}('{text}')"
    if wanted == TIMESTAMP:
        is_day = _DAY.fullmatch(text) is not None
        hint = "write an instant with its offset: timestamp('2026-03-03T14:00:00+01:00')"
        hint = (
            f"say which instant of the day: date('{text}').begins() or .ends()" if is_day else hint
        )
    return _at(node, "date-as-text", message, hint)


_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_MEANT: Final = {
    "date": "a calendar day",
    "timestamp": "an instant",
    "span": "a span",
    "duration": "an elapsed time",
}


def date_with_instant(node: Expr) -> Diagnostic:
    """Point at a calendar day compared with an instant."""
    return _at(
        node,
        "date-with-instant",
        "a calendar day is compared with an instant, so it is not clear which instant of the day is meant",
        "say which: day.begins() or day.ends()",
    )


def not_in_enum(node: Expr, literal: str, operand: str, allowed: Iterable[str]) -> Diagnostic:
    """Point at a literal that the compared field can never hold."""
    values = list(allowed)
    message = f"'{literal}' is none of the values of `{operand}`: {', '.join(values)}"
    near = get_close_matches(literal, values, n=1)
    hint = f"did you mean '{near[0]}'?" if near else "write one of them"
    return _at(node, "not-in-enum", message, hint, slip_of(literal, values))


def no_value_shared(
    node: Expr, left: tuple[str, Iterable[str]], right: tuple[str, Iterable[str]]
) -> Diagnostic:
    """Point at two enumerated fields, each as it is written and with its values, that share none."""
    told = " and ".join(f"`{text}` is one of {', '.join(values)}" for text, values in (left, right))
    message = f"{told}: they are never equal"
    return _at(node, "never-equal", message, "compare two fields that can hold the same")


def ids_of_two_kinds(node: Expr, left: tuple[str, str], right: tuple[str, str]) -> Diagnostic:
    """Point at two ids, each as it is written and with what it names, that name different kinds of things."""
    (one, kind), (other, other_kind) = left, right
    message = (
        f"`{one}` names a record of {kind} and `{other}` one of {other_kind}: they are never equal"
    )
    known, named = (other_kind, other) if one.endswith(".id") else (kind, one)
    hint = (
        f"compare ids of one kind; a record is found by its id: {known}.exists(x, x.id == {named})"
    )
    return _at(node, "ids-of-two-kinds", message, hint)


def facts_divided(node: Expr, part: str, whole: str) -> Diagnostic:
    """Point at one fact divided by another."""
    message = (
        f"`{part} / {whole}` divides one fact by another: of whole numbers the fraction is lost, "
        "so that 1 / 2 is 0"
    )
    hint = (
        f"write ratio({part}, {whole}, 0 %), where the third says what counts if there is nothing to "
        "divide by, and compare it with a percentage"
    )
    return _at(node, "division", message, hint)


def not_bool(node: Expr, found: Type) -> Diagnostic:
    """Point at something that is no truth value where one is needed."""
    hint = "compare it with something, or ask whether it is there: `... != null`"
    return _at(node, "not-bool", f"this must be true or false, and it is {described(found)}", hint)


def not_a_list(node: Expr, macro: str, found: Type) -> Diagnostic:
    """Point at a macro over something without elements."""
    message = f"'{macro}' wants a list or a map, and this is {described(found)}"
    hint = None
    if isinstance(found, ObjectType):
        lists = [name for name, field in found.fields.items() if isinstance(field.type, ListType)]
        hint = f"its lists: {', '.join(lists)}" if lists else None
    return _at(node, "not-a-list", message, hint)


def unknown_type(node: Expr, name: str) -> Diagnostic:
    """Point at a message literal of a type that does not exist."""
    return _at(node, "unknown-type", f"no type '{name}' is declared")


def not_optional(node: Expr, text: str, found: Type) -> Diagnostic:
    """Point at a member of a literal that is to be left out where there is none, and is no optional."""
    hint = f"write `?optional.of({text})`, or leave the `?` out"
    return _at(
        node, "not-optional", f"behind `?` stands an optional, and this is {described(found)}", hint
    )


def wrong_element(node: Expr, macro: str, wanted: str, found: Type) -> Diagnostic:
    """Point at what a macro computes per element when it is of no use to it."""
    return _at(
        node, "wrong-element", f"'{macro}' wants {wanted} for each element, not {described(found)}"
    )


def wrong_start(node: Expr, macro: str, found: Type) -> Diagnostic:
    """Point at what a macro is to start from when it is no id."""
    return _at(
        node, "wrong-element", f"'{macro}' wants a text to start from, not {described(found)}"
    )


def no_number(node: Expr, found: Type) -> Diagnostic:
    """Point at something that a sum cannot add up."""
    return _at(node, "no-number", f"this must be a number, and it is {described(found)}")


# ----- constants


def unreadable_text(node: Expr, text: str, what: str, hint: str) -> Diagnostic:
    """Point at a text that a function can never read."""
    return _at(node, "unreadable-text", f"'{text}' is not {what}", hint)


def bad_pattern(node: Expr, text: str) -> Diagnostic:
    """Point at a pattern that RE2 refuses."""
    hint = (
        "escape what is meant literally, e.g. '\\\\(' for a bracket; RE2 knows neither look-around nor "
        "back-references"
    )
    return _at(node, "bad-pattern", f"'{text}' is no regular expression that RE2 understands", hint)


def bad_index(node: Expr) -> Diagnostic:
    """Point at an index below zero, which no list has."""
    hint = "count from 0; the last member of xs is xs[size(xs) - 1]"
    return _at(node, "bad-index", "a list has no place below 0", hint)
