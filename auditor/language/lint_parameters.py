"""
Which figures are fixed in a policy, though the catalogue lets an organisation choose them?

A figure counts where it decides: where something is compared with it, or a function is given it. What is only
counted with (an index, a factor) is none, nor are 0 and 1, which nearly always mean "none" and "one".
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from auditor.language.cel.ast import Call, Comprehension, Expr, ListExpr, Literal, walk
from auditor.language.cel.checked import CheckedExpr
from auditor.language.cel.constants import constant_in
from auditor.language.cel.diagnostics import Diagnostic
from auditor.language.param_values import read_off
from auditor.language.policy_expressions import PlacedExpr
from auditor.language.spans import parse_span, size_of
from auditor.language.values import Duration, Listing, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from auditor.language.one_policy import ReadPolicy
    from auditor.language.values import Value
    from auditor.model.catalogue import Control
    from auditor.model.errors import PolicyError

Meaning = tuple[str, Any]
"""A kind, and a value that is equal for all that mean the same: 0.9 and 90 %, 24 hours and an elapsed day."""

_COMPARISONS: Final = frozenset({"_<_", "_<=_", "_>_", "_>=_", "_==_", "_!=_"})
_NS_PER_MINUTE: Final = 60 * 10**9
_TOO_PLAIN: Final = frozenset({0, 1})


def fixed_parameters(read: ReadPolicy, controls: Mapping[str, Control]) -> Iterator[PolicyError]:
    """
    Find constants that stand for a parameter of a control that the policy decides.

    Args:
        read: The policy. A parameter of its own that has the name, or the value, is that of the control.
        controls: Those of all catalogues, by id.
    """
    own = {param.name for param in read.draft.params}
    values = {_meaning(param.value) for param in read.draft.params}
    wanted: dict[Meaning, tuple[str, str, str]] = {}
    for control in read.draft.controls:
        for name, value in controls[control].parameters if control in controls else ():
            meaning = _of_catalogue(value)
            if name not in own and meaning not in values:
                shown = value if isinstance(value, str) else f"[{', '.join(value)}]"
                wanted.setdefault(meaning, (control, name, shown))
    if not wanted:
        return
    for placed in _deciding(read):
        for node, meaning in _constants(placed.checked.expr):
            if meaning in wanted:
                yield placed.error(_fixed(node, *wanted[meaning]))


def _fixed(node: Expr, control: str, name: str, shown: str) -> Diagnostic:
    message = f"this is fixed, and an organisation may choose it: it is the parameter '{name}' of {control}"
    hint = f"add `{name}: {{default: {shown}, about: ...}}` under `params`, and write params.{name} here"
    return Diagnostic("fixed-param", message, hint, node.start, node.end)


def _deciding(read: ReadPolicy) -> Iterator[PlacedExpr]:
    """Yield the expressions of a policy that can turn a verdict: all but the holes of sentences."""
    sentences = {id(clause.say) for clause in read.draft.require}
    yield from (placed for placed in read.expressions if id(placed.node) not in sentences)
    own = {id(draft) for draft in read.draft.define}
    for definition, draft in read.words.values():
        if id(draft) in own:
            yield PlacedExpr(draft.body, CheckedExpr(definition.expr, definition.text))


def _constants(expr: Expr) -> Iterator[tuple[Expr, Meaning]]:
    lengths: set[int] = set()
    """Texts that are read as a length."""
    for part in walk(expr):
        match part:
            case Call(
                target=None, function="span" | "duration", args=(Literal(value=str(text)) as arg,)
            ):
                lengths.add(arg.id)
                length = parse_span(text) if part.function == "span" else constant_in(part)
                if length is not None:
                    yield part, _meaning(length)
            case Call() if part.function in _COMPARISONS or part.function[:1].isalpha():
                yield from _figures(part.args)
            case Comprehension():
                yield from _figures(part.args)
            case ListExpr(elements=elements) if elements:
                texts = [node.value for node in elements if isinstance(node, Literal)]
                if len(texts) == len(elements):
                    yield part, ("texts", frozenset(texts))
            case Literal(value=str(text)) if part.id not in lengths:
                yield part, ("text", text)
            case _:
                pass


def _figures(operands: tuple[Expr, ...]) -> Iterator[tuple[Expr, Meaning]]:
    for operand in operands:
        value = constant_in(operand)
        is_figure = isinstance(value, int | float | Fraction) and not isinstance(value, bool)
        if is_figure and (isinstance(value, Fraction) or value not in _TOO_PLAIN):
            yield operand, _meaning(value)


def _meaning(value: Value) -> Meaning:
    match value:
        case bool():
            return ("bool", value)
        case int() | float() | Fraction():
            return ("number", Fraction(str(value)) if isinstance(value, float) else Fraction(value))
        case Span():
            return size_of(value)
        case Duration():
            return ("elapsed", Fraction(value.ns, _NS_PER_MINUTE))
        case Listing():
            return ("texts", frozenset(value))
        case str():
            return ("text", value)
        case _:
            return ("other", repr(value))


def _of_catalogue(value: str | tuple[str, ...]) -> Meaning:
    """Read a parameter as a catalogue spells it: numbers are texts there, too."""
    if isinstance(value, tuple):
        return ("texts", frozenset(value))
    try:
        return _meaning(Fraction(value))
    except ValueError:
        return _meaning(read_off(value))
