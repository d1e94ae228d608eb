"""
Every small change to one expression.

A change is made to the text, where the operator or the word stands. That can be done because the text of a node
that is put together is always balanced: a bracket around its first operand belongs to it. Brackets around a node
itself do not, so what is cut out runs from one operator to the next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.facts.types import BOOL, DOUBLE, INT, PERIOD, ListType, unwrap
from auditor.language.cel.ast import Call, Comprehension, Ident, ListExpr, Literal, Select, walk
from auditor.language.mutation.edit import Edit
from auditor.language.mutation.quantities import beside
from auditor.language.mutation.texts import compared, other_text, quoted
from auditor.language.param_values import shown_value
from auditor.language.spans import parse_span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditor.language.cel.ast import Expr
    from auditor.language.mutation.edit import Kinds, Written

_SIGNS: Final = {
    "_<_": (("boundary", "<="), ("direction", ">")),
    "_<=_": (("boundary", "<"), ("direction", ">=")),
    "_>_": (("boundary", ">="), ("direction", "<")),
    "_>=_": (("boundary", ">"), ("direction", "<=")),
    "_==_": (("equality", "!="),),
    "_!=_": (("equality", "=="),),
    "_-_": (("arithmetic", "+"),),
    "_*_": (("arithmetic", "/"),),
    "_/_": (("arithmetic", "*"),),
}
"""Operators with two operands, and what may be written in their place."""
_METHODS: Final = {
    "by": (("boundary", "before"), ("direction", "after")),
    "before": (("boundary", "by"), ("direction", "after")),
    "after": (("direction", "by"),),
    "plus": (("arithmetic", "minus"),),
    "minus": (("arithmetic", "plus"),),
    "begins": (("day-edge", "ends"),),
    "ends": (("day-edge", "begins"),),
    "greatest": (("last-word", "least"),),
    "least": (("last-word", "greatest"),),
}
_FUNCTIONS: Final = {
    "days": (("calendar", "workingDays"),),
    "workingDays": (("calendar", "days"),),
}
_MACROS: Final = {
    "all": (("quantifier", "exists"),),
    "exists": (("quantifier", "all"),),
    "latest": (("last-word", "earliest"),),
    "earliest": (("last-word", "latest"),),
}
_FIELDS: Final = {"starts_at": "ends_at", "ends_at": "starts_at"}
"""Of a period."""
_LOGIC: Final = {"_&&_": ("&&", "||"), "_||_": ("||", "&&")}
_EQUAL: Final = frozenset({"_==_", "_!=_"})
_NOT_TURNED: Final = frozenset({"_&&_", "_||_", "!_", "_?_:_", "undecided", *_SIGNS})
"""What `!` is not put before: their own operators change them, or it would only be taken back."""
_NUMBERS: Final = frozenset({INT, DOUBLE})


def edits(written: Written, kinds: Kinds) -> Iterator[Edit]:
    """
    Yield the changes to an expression, in the order of its text.

    Args:
        written: The expression.
        kinds: Texts of one kind, for texts without an enumeration.
    """
    found = [*_of_texts(written, kinds)]
    turned = {
        node.args[0].id
        for node in walk(written.expr)
        if isinstance(node, Call) and node.function == "!_"
    }
    for node in walk(written.expr):
        found.extend(_of_node(written, node))
        if node.id not in turned and _can_be_turned(written, node):
            found.append(_turned(written, node))
    yield from sorted(found, key=lambda edit: (edit.mark, edit.start))


def _of_node(written: Written, node: Expr) -> Iterator[Edit]:
    match node:
        case Call(function="_&&_" | "_||_"):
            yield from _logic(written, node)
        case Call(function="_?_:_"):
            yield _branches(written, node)
        case Call(function="!_"):
            yield _edit("negation", (node.start, node.start + 1), "", "!", "")
        case Call():
            yield from _of_call(written, node)
        case Comprehension():
            yield from _macro(written, node)
        case Select(operand=operand, field=name, test=False) if (
            name in _FIELDS and unwrap(written.type(operand)) is PERIOD
        ):
            start = node.end - len(name)
            yield from _replaced((("day-edge", _FIELDS[name]),), start, name)
        case ListExpr(elements=elements) if len(elements) > 1:
            yield from _members(written, node, elements)
        case Literal(value=value):
            for operator, other in beside(value):
                new = shown_value(other)
                yield _edit(operator, (node.start, node.end), new, written.text(node), new)
        case _:
            pass


def _of_call(written: Written, node: Call) -> Iterator[Edit]:
    match node:
        case Call(function="_+_"):
            yield from _sum(written, node)
        case Call(function=function, args=(first, _)) if function in _SIGNS:
            start = _sign_at(written, first.end, function[1:-1])
            yield from _replaced(_SIGNS[function], start, function[1:-1])
        case Call(function="span", target=None, args=(Literal(value=str(length)) as literal,)):
            for operator, span in beside(parse_span(length)):
                new = str(span)
                yield _edit(operator, (literal.start, literal.end), quoted(new), length, new)
        case Call(function=function, target=None) if function in _FUNCTIONS:
            yield from _replaced(_FUNCTIONS[function], node.start, function)
        case Call(function=function, target=target) if target is not None and function in _METHODS:
            start = _sign_at(written, target.end, function)
            yield from _replaced(_METHODS[function], start, function)
            if function == "after":
                yield _at_or_after(written, node, node.args[0], start)
        case _:
            pass


def _edit(operator: str, span: tuple[int, int], new: str, was: str, now: str) -> Edit:
    return Edit(operator, *span, new, was, now, span)


def _replaced(others: Sequence[tuple[str, str]], start: int, word: str) -> Iterator[Edit]:
    for operator, new in others:
        yield _edit(operator, (start, start + len(word)), new, word, new)


def _sign_at(written: Written, after: int, word: str) -> int:
    """Return where an operator or a name stands: only brackets, dots and white space lie before it."""
    return written.node.text.index(word, after)


def _shortened(text: str) -> str:
    return " ".join(text.split())


# ----- conditions


def _logic(written: Written, node: Call) -> Iterator[Edit]:
    sign, other = _LOGIC[node.function]
    text = written.node.text
    signs = [_sign_at(written, operand.end, sign) for operand in node.args[:-1]]
    for at, operand in enumerate(node.args):
        begin = node.start if at == 0 else signs[at - 1]
        end = node.end if at == len(signs) else signs[at]
        if at == 0:  # with the operator behind it, and the white space there
            end += len(sign)
            end += len(text[end:]) - len(text[end:].lstrip())
        is_guard = isinstance(operand, Call) and operand.function in _EQUAL and _asks_null(operand)
        operator = "null-guard-dropped" if is_guard else "condition-dropped"
        was = _shortened(written.text(operand))
        yield Edit(operator, begin, end, "", was, "", (operand.start, operand.end))
    for start in signs:
        left, right = text[node.start : start].strip(), text[start + len(sign) : node.end].strip()
        new = f"(({left}) {other} ({right}))"
        mark = (start, start + len(sign))
        yield Edit("and-or", node.start, node.end, new, sign, other, mark)


def _asks_null(node: Call) -> bool:
    return any(isinstance(part, Literal) and part.value is None for part in node.args)


def _branches(written: Written, node: Call) -> Edit:
    test, then, _ = node.args
    text = written.node.text
    question = _sign_at(written, test.end, "?")
    colon = _sign_at(written, then.end, ":")
    this, that = text[question + 1 : colon].strip(), text[colon + 1 : node.end].strip()
    new = f"? ({that}) : ({this})"
    return Edit(
        "branch",
        question,
        node.end,
        new,
        _shortened(f"{this} : {that}"),
        _shortened(f"{that} : {this}"),
        (question, node.end),
    )


def _can_be_turned(written: Written, node: Expr) -> bool:
    """Whether a node is true or false, and says so by itself."""
    match node:
        case Call(function=function):
            is_answer = function not in _NOT_TURNED
        case Comprehension() | Select():
            is_answer = True
        case Ident():
            is_answer = True
        case _:
            is_answer = False
    return is_answer and written.type(node) == BOOL


def _turned(written: Written, node: Expr) -> Edit:
    text = written.text(node)
    is_loose = isinstance(node, Call) and node.function == "@in"
    new = f"!({text})" if is_loose else f"!{text}"
    was = _shortened(text)
    return _edit(
        "negation", (node.start, node.end), new, was, f"!({was})" if is_loose else f"!{was}"
    )


def _at_or_after(written: Written, node: Call, argument: Expr, start: int) -> Edit:
    text = written.node.text
    receiver = text[node.start : text.rindex(".", node.start, start)].strip()
    moment = text[argument.start : node.end - 1].strip()
    new = f"({written.text(node)} || {receiver} == ({moment}))"
    mark = (start, start + len("after"))
    return Edit("boundary", node.start, node.end, new, "after", "at or after", mark)


# ----- lists


def _macro(written: Written, node: Comprehension) -> Iterator[Edit]:
    text = written.node.text
    dot = text.find(".", node.range.end)
    if node.macro in _MACROS:
        start = _sign_at(written, node.range.end, node.macro)
        yield from _replaced(_MACROS[node.macro], start, node.macro)
    elif node.macro == "filter":
        was = _shortened(text[dot + 1 : node.end])
        yield _edit("filter-dropped", (dot, node.end), "", was, "")


def _members(written: Written, node: ListExpr, elements: Sequence[Expr]) -> Iterator[Edit]:
    commas = [_sign_at(written, element.end, ",") for element in elements[:-1]]
    for at, element in enumerate(elements):
        begin = commas[at - 1] if at else node.start + 1
        end = commas[at] if at < len(commas) else node.end - 1
        if at == 0:
            end += 1
        was = _shortened(written.text(element))
        mark = (element.start, element.end)
        yield Edit("member-dropped", begin, end, "", was, "", mark)


def _sum(written: Written, node: Call) -> Iterator[Edit]:
    signs = [_sign_at(written, operand.end, "+") for operand in node.args[:-1]]
    types = [unwrap(written.type(operand)) for operand in node.args]
    if all(kind in _NUMBERS for kind in types):
        for start in signs:
            yield _edit("arithmetic", (start, start + 1), "-", "+", "-")
    elif isinstance(unwrap(written.type(node)), ListType):
        for at, operand in enumerate(node.args):
            begin = node.start if at == 0 else signs[at - 1]
            end = node.end if at == len(signs) else signs[at]
            was = _shortened(written.text(operand))
            mark = (operand.start, operand.end)
            yield Edit("member-dropped", begin, end + (at == 0), "", was, "", mark)


# ----- texts


def _of_texts(written: Written, kinds: Kinds) -> Iterator[Edit]:
    for literal, enum, taken in compared(written):
        value = str(literal.value)
        new = other_text(value, enum, kinds, taken)
        span = (literal.start, literal.end)
        yield _edit("literal", span, quoted(new), quoted(value), quoted(new))
