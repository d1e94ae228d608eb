"""
How each kind of node is written as Python, loops apart (`loops`).

Source: LANGUAGE.md, section 7.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.evaluation.fast import code
from auditor.evaluation.fast.module import LEAVE

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Sequence

    from auditor.evaluation.fast.node import Node
    from auditor.evaluation.fast.writer import Writer


# ----- facts


def _fact(writer: Writer, node: Node) -> ast.expr:
    facts = code.name(writer.module.run("facts"))
    return code.item(facts, writer.module.text(node.data))


def _field(writer: Writer, node: Node) -> ast.expr:
    return code.item(writer.emit(node.args[0]), writer.module.text(node.data))


def _field_or_null(writer: Writer, node: Node) -> ast.expr:
    owner = writer.named(writer.emit(node.args[0]))
    value = code.item(code.name(owner), writer.module.text(node.data))
    return code.choose(code.is_null(code.name(owner)), code.truth(None), value)


def _bucket(writer: Writer, node: Node) -> ast.expr:
    index, key = (writer.emit(arg) for arg in node.args)
    return code.call(index, key, writer.module.constant(("nothing",), ()))


def _entry(writer: Writer, node: Node) -> ast.expr:
    """Look up what may not be there, or not in a map: undeclared data says so with an error, not with a hole."""
    owner = writer.emit(node.args[0])
    key = writer.emit(node.args[1]) if node.op == "key" else writer.module.text(node.data)
    return code.call(code.name(writer.module.run("entry")), owner, key)


def _has(writer: Writer, node: Node) -> ast.expr:
    value = writer.named(_field(writer, node))
    return _is_there(writer, value)


def _is_there(writer: Writer, value: str) -> ast.expr:
    nothing = writer.module.constant(("list",), [])
    empty = code.compare(code.name(value), ("!=", nothing))
    return code.both([code.is_given(code.name(value)), empty])


def _has_or_null(writer: Writer, node: Node) -> ast.expr:
    value = writer.named(_field_or_null(writer, node))
    return _is_there(writer, value)


# ----- logic


def _and(writer: Writer, node: Node) -> ast.expr:
    return _chain(writer, node.args, holds=True)


def _or(writer: Writer, node: Node) -> ast.expr:
    return _chain(writer, node.args, holds=False)


def _chain(writer: Writer, operands: Sequence[Node], *, holds: bool) -> ast.expr:
    """Write operands of which each is looked at only while those before it are *holds*."""
    join = code.both if holds else code.either
    values = [writer.emit(operands[0])]
    for position, operand in enumerate(operands[1:], 1):
        statements, value = writer.branch(operand)
        if statements:
            return _nested(writer, join(values), operands[position:], holds=holds)
        values.append(value)
    return join(values)


def _nested(writer: Writer, before: ast.expr, operands: Sequence[Node], *, holds: bool) -> ast.expr:
    result = writer.module.fresh()
    writer.add(code.assign(result, before))
    with writer.space() as inner:
        writer.add(code.assign(result, _chain(writer, operands, holds=holds)))
    test = code.name(result)
    writer.add(code.when(test if holds else code.negated(test), inner.statements))
    return code.name(result)


def _not(writer: Writer, node: Node) -> ast.expr:
    return code.negated(writer.emit(node.args[0]))


def _cond(writer: Writer, node: Node) -> ast.expr:
    test, then, otherwise = node.args
    if otherwise.op == "leave" or then.op == "leave":
        kept = then if otherwise.op == "leave" else otherwise
        writer.where(test, holds=kept is otherwise, then=lambda: _give_up(writer))
        return writer.emit(kept)
    chosen = writer.emit(test)
    first, one = writer.branch(then)
    second, other = writer.branch(otherwise)
    if not first and not second:
        return code.choose(chosen, one, other)
    result = writer.module.fresh()
    first.append(code.assign(result, one))
    second.append(code.assign(result, other))
    writer.add(code.when(chosen, first, second))
    return code.name(result)


def _give_up(writer: Writer) -> None:
    writer.add(code.leave(writer.module.run(LEAVE)))


def _leave(writer: Writer, _: Node) -> ast.expr:
    _give_up(writer)
    return code.truth(value=False)


def _known(writer: Writer, node: Node) -> ast.expr:
    writer.named(
        writer.emit(node.args[0])
    )  # looked at, so that a fact that is not there is noticed
    return code.truth(value=False)


# ----- comparisons


def _is_null(writer: Writer, node: Node) -> ast.expr:
    return code.is_null(writer.emit(node.args[0]))


def _eq(writer: Writer, node: Node) -> ast.expr:
    left, right = (writer.emit(arg) for arg in node.args)
    return code.compare(left, ("==", right))


def _compare(writer: Writer, node: Node) -> ast.expr:
    left, right = (writer.emit(arg) for arg in node.args)
    return code.compare(left, (node.data, right))


def _same(writer: Writer, node: Node) -> ast.expr:
    return code.call(code.name(writer.module.run("same")), *map(writer.emit, node.args))


def _same_instant(writer: Writer, node: Node) -> ast.expr:
    """Compare by order, which a day in an instant's place refuses; ``==`` would find it different."""
    left, right = (code.name(writer.named(writer.emit(arg))) for arg in node.args)
    return code.compare(left, ("<=", right), ("<=", left))


def _moment(writer: Writer, node: Node) -> ast.expr:
    sign, may_be_null = node.data
    moment, limit = node.args
    if not may_be_null:
        return code.compare(writer.emit(moment), (sign, writer.emit(limit)))
    value = writer.named(writer.emit(moment))
    # Looked at even where nothing happened: an error in it is one of the whole.
    against = code.name(writer.named(writer.emit(limit)))
    happened = code.is_given(code.name(value))
    return code.both([happened, code.compare(code.name(value), (sign, against))])


def _within(writer: Writer, node: Node) -> ast.expr:
    moment, period = (writer.named(writer.emit(arg)) for arg in node.args)
    begin, end = (
        code.item(code.name(period), writer.module.text(key)) for key in ("starts_at", "ends_at")
    )
    inside = code.compare(begin, ("<=", code.name(moment)), ("<=", end))
    return code.both([code.is_given(code.name(moment)), inside])


def _in(writer: Writer, node: Node) -> ast.expr:
    needle, members = (writer.emit(arg) for arg in node.args)
    return code.compare(needle, ("in", members))


def _in_texts(writer: Writer, node: Node) -> ast.expr:
    needle, members = node.args
    if members.op == "const":
        texts = writer.module.constant(("set", id(members)), frozenset(members.data.value))
        return code.compare(writer.emit(needle), ("in", texts))
    return _in(writer, node)


# ----- lists


def _size(writer: Writer, node: Node) -> ast.expr:
    return code.call(code.name(writer.module.run("len")), writer.emit(node.args[0]))


def _list(writer: Writer, node: Node) -> ast.expr:
    return code.list_of([writer.emit(arg) for arg in node.args])


def _joined(writer: Writer, node: Node) -> ast.expr:
    first, *others = node.args
    total = writer.emit(first)
    for other in others:
        total = code.plus(total, writer.emit(other))
    return total


def _struct(writer: Writer, node: Node) -> ast.expr:
    keys = [writer.module.text(key) for key in node.data]
    return code.struct(keys, [writer.emit(arg) for arg in node.args])


def _call(writer: Writer, node: Node) -> ast.expr:
    return code.call(code.name(writer.module.run(node.data)), *map(writer.emit, node.args))


def _index(writer: Writer, node: Node) -> ast.expr:
    kind, *fields = node.data
    names = [writer.module.text(name) for name in fields]
    function = code.name(writer.module.run(kind))
    return code.call(function, writer.emit(node.args[0]), *names)


def _edge(writer: Writer, node: Node) -> ast.expr:
    """Look a day's first or last instant up; null stays null."""
    day = writer.named(writer.emit(node.args[0]))
    table = code.name(writer.module.run(node.data))
    instant = code.item(table, code.name(day))
    return code.choose(code.is_null(code.name(day)), code.truth(None), instant)


OPERATIONS: Final[dict[str, Callable[[Writer, Node], ast.expr]]] = {
    "and": _and,
    "bucket": _bucket,
    "call": _call,
    "chain": _joined,
    "compare": _compare,
    "cond": _cond,
    "dyn_field": _entry,
    "edge": _edge,
    "eq": _eq,
    "fact": _fact,
    "field": _field,
    "field_or_null": _field_or_null,
    "has": _has,
    "has_or_null": _has_or_null,
    "in": _in,
    "in_texts": _in_texts,
    "index": _index,
    "is_null": _is_null,
    "items": _field,
    "key": _entry,
    "known": _known,
    "leave": _leave,
    "list": _list,
    "moment": _moment,
    "not": _not,
    "or": _or,
    "same": _same,
    "same_instant": _same_instant,
    "set": _call,
    "size": _size,
    "struct": _struct,
    "within": _within,
}
"""How each operation is written; loops apart."""
