"""
Everything that the checker can say of an expression: one constructor per fact, each with a stable slug.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.model.errors import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from auditor.facts.types import Type
    from auditor.language.cel.ast import Expr


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One fault of an expression, by character offsets in its text."""

    slug: str
    message: str
    hint: str | None
    start: int
    end: int


class CheckErrors(Exception):
    """An expression that cannot be evaluated, with everything that is wrong with it, in text order."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(sorted(diagnostics, key=lambda d: (d.start, d.end, d.message)))
        super().__init__("; ".join(diagnostic.message for diagnostic in self.diagnostics))


def _at(node: Expr, slug: str, message: str, hint: str | None = None) -> Diagnostic:
    return Diagnostic(slug, message, hint, node.start, node.end)


def undeclared_name(node: Expr, name: str, known: Iterable[str]) -> Diagnostic:
    """Point at a name that nothing declares."""
    return _at(
        node, "undeclared-name", f"no variable '{name}' is declared", did_you_mean(name, known)
    )


def unknown_field(node: Expr, owner: str, field: str, known: Iterable[str]) -> Diagnostic:
    """Point at a field that the schema lacks."""
    return _at(node, "unknown-field", f"{owner} has no field '{field}'", did_you_mean(field, known))


def no_fields(node: Expr, owner: Type, field: str) -> Diagnostic:
    """Point at a selection from something that has no fields."""
    return _at(node, "no-field", f"a {owner} has no fields, so it has no '{field}'")


def unknown_function(node: Expr, name: str, known: Iterable[str]) -> Diagnostic:
    """Point at a function that no library registers."""
    return _at(node, "unknown-function", f"no function '{name}'", did_you_mean(name, known))


def no_overload(node: Expr, name: str, found: str, wanted: Iterable[str]) -> Diagnostic:
    """Point at a call whose operands fit no form of the function."""
    forms = "; ".join(wanted)
    hint = f"it can be called as: {forms}" if forms else None
    return _at(node, "no-overload", f"'{name}' does not take ({found})", hint)


def unguarded_null(node: Expr, text: str, use: str) -> Diagnostic:
    """Point at a value that may be null where a value is needed."""
    hint = (
        f"guard it, e.g. `{text} != null && ...`, or use a function that takes null, "
        "such as by(), before() or after() for instants"
    )
    return _at(node, "unguarded-null", f"'{text}' may be null (known absent), and {use}", hint)


def unlike(node: Expr, left: Type, right: Type) -> Diagnostic:
    """Point at a comparison of two things that can never be equal."""
    return _at(node, "never-equal", f"a {left} is never equal to a {right}")


def date_with_instant(node: Expr) -> Diagnostic:
    """Point at a calendar day compared with an instant."""
    return _at(
        node,
        "date-with-instant",
        "a calendar day is compared with an instant, so it is not clear which instant of the day is meant",
        "say which: day.begins() or day.ends()",
    )


def not_in_enum(node: Expr, literal: str, allowed: Iterable[str]) -> Diagnostic:
    """Point at a literal that the compared field can never hold."""
    message = f"'{literal}' is none of the values that the field can have"
    return _at(node, "not-in-enum", message, did_you_mean(literal, allowed))


def ids_of_two_kinds(node: Expr, left: str, right: str) -> Diagnostic:
    """Point at two ids that name different kinds of things."""
    return _at(node, "ids-of-two-kinds", f"an id of {left} is compared with an id of {right}")


def not_bool(node: Expr, found: Type) -> Diagnostic:
    """Point at something that is no truth value where one is needed."""
    return _at(node, "not-bool", f"this must be true or false, and it is a {found}")


def not_a_list(node: Expr, macro: str, found: Type) -> Diagnostic:
    """Point at a macro over something without elements."""
    return _at(node, "not-a-list", f"'{macro}' wants a list or a map, and this is a {found}")


def unknown_type(node: Expr, name: str) -> Diagnostic:
    """Point at a message literal of a type that does not exist."""
    return _at(node, "unknown-type", f"no type '{name}' is declared")


def not_optional(node: Expr, text: str, found: Type) -> Diagnostic:
    """Point at a member of a literal that is to be left out where there is none, and is no optional."""
    hint = f"write `?optional.of({text})`, or leave the `?` out"
    return _at(node, "not-optional", f"behind `?` stands an optional, and this is a {found}", hint)


def wrong_element(node: Expr, macro: str, wanted: str, found: Type) -> Diagnostic:
    """Point at what a macro computes per element when it is of no use to it."""
    return _at(node, "wrong-element", f"'{macro}' wants {wanted} for each element, not a {found}")


def wrong_start(node: Expr, macro: str, found: Type) -> Diagnostic:
    """Point at what a macro is to start from when it is no id."""
    return _at(node, "wrong-element", f"'{macro}' wants a text to start from, not a {found}")


def no_number(node: Expr, found: Type) -> Diagnostic:
    """Point at something that a sum cannot add up."""
    return _at(node, "no-number", f"this must be a number, and it is a {found}")
