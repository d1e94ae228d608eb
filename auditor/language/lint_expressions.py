"""
Which expressions say something other than they seem to?
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from auditor.facts.types import BOOL, DYN, ScalarType, unwrap
from auditor.language.cel.ast import (
    Call,
    Comprehension,
    Expr,
    Ident,
    ListExpr,
    Literal,
    Select,
    walk,
)
from auditor.language.cel.checked import CheckedExpr
from auditor.language.cel.diagnostics import Diagnostic
from auditor.language.cel.possible import constant_of
from auditor.language.let_names import names_in
from auditor.language.policy_expressions import PlacedExpr

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from auditor.facts.types import Type
    from auditor.language.one_policy import ReadPolicy
    from auditor.model.errors import PolicyError

_PREDICATES: Final = frozenset({"all", "exists", "exists_one", "filter", "count"})
"""Macros that ask something of each element."""
_SIGNS: Final = {"_<_": "<", "_<=_": "<=", "_>_": ">", "_>=_": ">="}


def expression_warnings(read: ReadPolicy) -> Iterator[PolicyError]:
    """Find what is doubtful in the expressions of a policy and in its own definitions."""
    names = _names(read)
    for placed in read.expressions:
        for found in _doubts(placed.checked, names):
            yield placed.error(found)
    own = {id(draft) for draft in read.draft.define}
    for definition, draft in read.words.values():
        if id(draft) in own:
            body = PlacedExpr(draft.body, CheckedExpr(definition.expr, definition.text))
            arguments = dict.fromkeys(draft.parameters, "an argument")
            for found in _doubts(body.checked, arguments):
                yield body.error(found)


def _names(read: ReadPolicy) -> dict[str, str]:
    """Return the names of a policy that a macro's variable could hide, and what each is."""
    found = {name.text: "a `let` name" for name, _ in read.draft.let}
    found |= {name: "the subject" for name, _ in read.draft.subjects}
    facts = dict.fromkeys(read.facts, "a fact")
    return {**facts, **found}


def _doubts(checked: CheckedExpr, names: Mapping[str, str]) -> Iterator[Diagnostic]:
    types = checked.types
    for node in walk(checked.expr):
        match node:
            case Comprehension():
                yield from _variables(node, names)
            case Call(function="@in", args=(_, ListExpr() as members)):
                yield from _repeated(members)
            case Call(args=(left, right)) if node.function in _SIGNS:
                yield from _text_order(node, left, right, types)
            case Call(function="_==_" | "_!=_", args=(left, Literal(value=bool(truth)))):
                if types.get(left.id) == BOOL:
                    yield _with_truth(node, left, checked.text, truth=truth)
            case _:
                pass


def _variables(node: Comprehension, names: Mapping[str, str]) -> Iterator[Diagnostic]:
    for variable in node.variables:
        if variable in names:
            message = f"'{variable}' is {names[variable]}, and within '{node.macro}' something else"
            hint = "give the element another name"
            yield Diagnostic("shadowed-name", message, hint, node.start, node.end)
    body = node.args[-1]
    # `exists(x, true)` asks whether there is one, and `exists(x, undecided(...))` leaves it open if there is.
    is_idiom = isinstance(body, Literal) or (
        isinstance(body, Call) and body.function == "undecided"
    )
    is_silent = names_in([body]).isdisjoint(node.variables) and not is_idiom
    if node.macro in _PREDICATES and is_silent:
        (name, *_) = node.variables
        message = f"what '{node.macro}' asks of each '{name}' does not speak of it"
        hint = f"ask something of '{name}', or write the condition outside of '{node.macro}'"
        yield Diagnostic("unused-variable", message, hint, body.start, body.end)


def _repeated(members: ListExpr) -> Iterator[Diagnostic]:
    seen = set()
    for member in members.elements:
        value = constant_of(member.value) if isinstance(member, Literal) else None
        if value is not None and value in seen:
            message = "this value stands in the list already"
            hint = "leave it out, or write the one that was meant"
            yield Diagnostic("repeated-value", message, hint, member.start, member.end)
        seen.add(value)


def _text_order(
    node: Call, left: Expr, right: Expr, types: Mapping[int, Type]
) -> Iterator[Diagnostic]:
    for operand in (left, right):
        found = unwrap(types.get(operand.id, DYN))
        if isinstance(found, ScalarType) and found.enum is not None:
            message = (
                f"'{_SIGNS[node.function]}' orders texts by their letters, not by what they mean: "
                f"{', '.join(sorted(found.enum))}"
            )
            hint = "list the values that are meant: x in ['...', '...']"
            yield Diagnostic("text-order", message, hint, node.start, node.end)
            return


def _with_truth(node: Call, left: Expr, text: str, *, truth: bool) -> Diagnostic:
    """Point at a truth that is compared with one; what it comes to is the truth itself, or its opposite."""
    holds = truth == (node.function == "_==_")
    whole, shown = text[node.start : node.end], text[left.start : left.end]
    wanted = shown if holds else f"!{shown}"
    message = "this is true or false already, so there is nothing to compare it with"
    # An operand in brackets stands without them in the tree; then the author is left to it.
    is_plain = re.fullmatch(rf"{re.escape(shown)}\s*[=!]=\s*\w+", whole) is not None
    is_one = isinstance(left, Ident | Select | Comprehension) or (
        isinstance(left, Call) and left.function[:1].isalpha()
    )
    instead = (whole, wanted) if is_plain and (holds or is_one) else None
    hint = f"write {wanted}" if instead else "leave the comparison out"
    return Diagnostic("compared-with-truth", message, hint, node.start, node.end, instead=instead)
