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

    from auditor.evaluation.fast.emitter import Emitter
    from auditor.evaluation.fast.node import Node


# ----- facts


def _fact(emitter: Emitter, node: Node) -> ast.expr:
    facts = code.name(emitter.module.run("facts"))
    return code.item(facts, emitter.module.text(node.data))


def _field(emitter: Emitter, node: Node) -> ast.expr:
    return code.item(emitter.emit(node.args[0]), emitter.module.text(node.data))


def _field_or_null(emitter: Emitter, node: Node) -> ast.expr:
    owner = emitter.named(emitter.emit(node.args[0]))
    value = code.item(code.name(owner), emitter.module.text(node.data))
    return code.choose(code.is_null(code.name(owner)), code.truth(None), value)


def _bucket(emitter: Emitter, node: Node) -> ast.expr:
    index, key = (emitter.emit(arg) for arg in node.args)
    return code.call(index, key, emitter.module.constant(("nothing",), ()))


def _entry(emitter: Emitter, node: Node) -> ast.expr:
    """Look up what may not be there, or not in a map: undeclared data says so with an error, not with a hole."""
    owner = emitter.emit(node.args[0])
    key = emitter.emit(node.args[1]) if node.op == "key" else emitter.module.text(node.data)
    return code.call(code.name(emitter.module.run("entry")), owner, key)


def _has(emitter: Emitter, node: Node) -> ast.expr:
    value = emitter.named(_field(emitter, node))
    return _is_there(emitter, value)


def _is_there(emitter: Emitter, value: str) -> ast.expr:
    nothing = emitter.module.constant(("list",), [])
    empty = code.compare(code.name(value), ("!=", nothing))
    return code.both([code.is_given(code.name(value)), empty])


def _has_or_null(emitter: Emitter, node: Node) -> ast.expr:
    value = emitter.named(_field_or_null(emitter, node))
    return _is_there(emitter, value)


# ----- logic


def _and(emitter: Emitter, node: Node) -> ast.expr:
    return _chain(emitter, node.args, holds=True)


def _or(emitter: Emitter, node: Node) -> ast.expr:
    return _chain(emitter, node.args, holds=False)


def _chain(emitter: Emitter, operands: Sequence[Node], *, holds: bool) -> ast.expr:
    """Write operands of which each is looked at only while those before it are *holds*."""
    join = code.both if holds else code.either
    values = [emitter.emit(operands[0])]
    for position, operand in enumerate(operands[1:], 1):
        statements, value = emitter.branch(operand)
        if statements:
            return _nested(emitter, join(values), operands[position:], holds=holds)
        values.append(value)
    return join(values)


def _nested(
    emitter: Emitter, before: ast.expr, operands: Sequence[Node], *, holds: bool
) -> ast.expr:
    result = emitter.module.fresh()
    emitter.add(code.assign(result, before))
    with emitter.space() as inner:
        emitter.add(code.assign(result, _chain(emitter, operands, holds=holds)))
    test = code.name(result)
    emitter.add(code.when(test if holds else code.negated(test), inner.statements))
    return code.name(result)


def _not(emitter: Emitter, node: Node) -> ast.expr:
    return code.negated(emitter.emit(node.args[0]))


def _cond(emitter: Emitter, node: Node) -> ast.expr:
    test, then, otherwise = node.args
    if otherwise.op == "leave" or then.op == "leave":
        kept = then if otherwise.op == "leave" else otherwise
        emitter.where(test, holds=kept is otherwise, then=lambda: _give_up(emitter))
        return emitter.emit(kept)
    chosen = emitter.emit(test)
    first, one = emitter.branch(then)
    second, other = emitter.branch(otherwise)
    if not first and not second:
        return code.choose(chosen, one, other)
    result = emitter.module.fresh()
    first.append(code.assign(result, one))
    second.append(code.assign(result, other))
    emitter.add(code.when(chosen, first, second))
    return code.name(result)


def _give_up(emitter: Emitter) -> None:
    emitter.add(code.leave(emitter.module.run(LEAVE)))


def _leave(emitter: Emitter, _: Node) -> ast.expr:
    _give_up(emitter)
    return code.truth(value=False)


def _known(emitter: Emitter, node: Node) -> ast.expr:
    emitter.named(
        emitter.emit(node.args[0])
    )  # looked at, so that a fact that is not there is noticed
    return code.truth(value=False)


# ----- comparisons


def _is_null(emitter: Emitter, node: Node) -> ast.expr:
    return code.is_null(emitter.emit(node.args[0]))


def _eq(emitter: Emitter, node: Node) -> ast.expr:
    left, right = (emitter.emit(arg) for arg in node.args)
    return code.compare(left, ("==", right))


def _compare(emitter: Emitter, node: Node) -> ast.expr:
    left, right = (emitter.emit(arg) for arg in node.args)
    return code.compare(left, (node.data, right))


def _same(emitter: Emitter, node: Node) -> ast.expr:
    return code.call(code.name(emitter.module.run("same")), *map(emitter.emit, node.args))


def _same_instant(emitter: Emitter, node: Node) -> ast.expr:
    """Compare by order, which a day in an instant's place refuses; ``==`` would find it different."""
    left, right = (code.name(emitter.named(emitter.emit(arg))) for arg in node.args)
    return code.compare(left, ("<=", right), ("<=", left))


def _moment(emitter: Emitter, node: Node) -> ast.expr:
    sign, may_be_null = node.data
    moment, limit = node.args
    if not may_be_null:
        return code.compare(emitter.emit(moment), (sign, emitter.emit(limit)))
    value = emitter.named(emitter.emit(moment))
    # Looked at even where nothing happened: an error in it is one of the whole.
    against = code.name(emitter.named(emitter.emit(limit)))
    happened = code.is_given(code.name(value))
    return code.both([happened, code.compare(code.name(value), (sign, against))])


def _within(emitter: Emitter, node: Node) -> ast.expr:
    moment, period = (emitter.named(emitter.emit(arg)) for arg in node.args)
    begin, end = (
        code.item(code.name(period), emitter.module.text(key)) for key in ("starts_at", "ends_at")
    )
    inside = code.compare(begin, ("<=", code.name(moment)), ("<=", end))
    return code.both([code.is_given(code.name(moment)), inside])


def _in(emitter: Emitter, node: Node) -> ast.expr:
    needle, members = (emitter.emit(arg) for arg in node.args)
    return code.compare(needle, ("in", members))


def _in_texts(emitter: Emitter, node: Node) -> ast.expr:
    needle, members = node.args
    if members.op == "const":
        texts = emitter.module.constant(("set", id(members)), frozenset(members.data.value))
        return code.compare(emitter.emit(needle), ("in", texts))
    return _in(emitter, node)


# ----- lists


def _size(emitter: Emitter, node: Node) -> ast.expr:
    return code.call(code.name(emitter.module.run("len")), emitter.emit(node.args[0]))


def _list(emitter: Emitter, node: Node) -> ast.expr:
    return code.list_of([emitter.emit(arg) for arg in node.args])


def _joined(emitter: Emitter, node: Node) -> ast.expr:
    first, *others = node.args
    total = emitter.emit(first)
    for other in others:
        total = code.plus(total, emitter.emit(other))
    return total


def _struct(emitter: Emitter, node: Node) -> ast.expr:
    keys = [emitter.module.text(key) for key in node.data]
    return code.struct(keys, [emitter.emit(arg) for arg in node.args])


def _call(emitter: Emitter, node: Node) -> ast.expr:
    return code.call(code.name(emitter.module.run(node.data)), *map(emitter.emit, node.args))


def _index(emitter: Emitter, node: Node) -> ast.expr:
    kind, *fields = node.data
    names = [emitter.module.text(name) for name in fields]
    function = code.name(emitter.module.run(kind))
    return code.call(function, emitter.emit(node.args[0]), *names)


def _edge(emitter: Emitter, node: Node) -> ast.expr:
    """Look a day's first or last instant up; null stays null."""
    day = emitter.named(emitter.emit(node.args[0]))
    table = code.name(emitter.module.run(node.data))
    instant = code.item(table, code.name(day))
    return code.choose(code.is_null(code.name(day)), code.truth(None), instant)


OPERATIONS: Final[dict[str, Callable[[Emitter, Node], ast.expr]]] = {
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
