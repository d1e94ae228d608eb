"""
Whether a truth rests on no element, as statements: only asked where a demand says what that counts as.

Source: LANGUAGE.md, section 2, rule 7.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.evaluation.fast import code
from auditor.evaluation.fast.module import LEAVE

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Iterator

    from auditor.evaluation.fast.node import Node
    from auditor.evaluation.fast.writer import Writer

_DRAWN: Final = frozenset({"latest", "earliest", "count", "exists_one"})
"""Loops whose value rests on no element where their list never had one."""
_TOTALS: Final = frozenset({"sum", "sum reaches"})
_LISTED: Final = frozenset({"days", "workingDays", "weeks", "months", "quarters"})
_NEVER: Final = frozenset(
    {"const", "fact", "var", "run", "list", "struct", "known", "leave", "filter", "map", "chain", "index", "bucket"}
)  # fmt: skip
"""Operations whose value never counts as resting on no element."""


_TRUTHS: Final = frozenset({"and", "or", "not", "all", "exists"})


def may_be_hollow(node: Node, *, truth: bool | None = None) -> bool:
    """
    Tell whether a value may rest on no element.

    Args:
        node: The value.
        truth: Which truth it is; None for either, and for what is no truth.
    """
    if truth is None and node.op in _TRUTHS:
        return any(may_be_hollow(node, truth=value) for value in (True, False))
    match node.op:
        case "not":
            return may_be_hollow(node.args[0], truth=not truth)
        case "and" | "or":
            return any(may_be_hollow(arg, truth=truth) for arg in node.args)
        case "cond":
            return any(may_be_hollow(arg, truth=truth) for arg in node.args[1:])
        case "all" | "exists":
            return truth is (node.op == "all") or may_be_hollow(node.args[1], truth=truth)
        case op if op in _NEVER:
            return False
        case op if op in _DRAWN or op == "size" or (op == "call" and node.data in _TOTALS):
            return True
        case _:
            return any(map(may_be_hollow, node.args))


def hollow(emitter: Writer, node: Node, *, truth: bool) -> ast.expr:
    """
    Write whether *node*, which came to *truth*, rests on no element.

    Args:
        emitter: Writes where the value of *node* is known.
        node: A truth value.
        truth: Which of the two it is here.
    """
    if not may_be_hollow(node, truth=truth):
        return code.truth(value=False)
    match node.op:
        case "not":
            return hollow(emitter, node.args[0], truth=not truth)
        case "and" | "or":
            decided = truth is (node.op == "or")
            return _decided(emitter, node, truth=truth) if decided else _any(emitter, node, truth)
        case "cond":
            return _chosen(emitter, node, lambda arg: hollow(emitter, arg, truth=truth))
        case "all" | "exists":
            return _quantified(emitter, node, truth=truth)
        case _:
            return _drawn(emitter, node)


def _any(emitter: Writer, node: Node, truth: bool) -> ast.expr:  # noqa: FBT001 - as `hollow` has it
    values = [
        hollow(emitter, arg, truth=truth) for arg in node.args if may_be_hollow(arg, truth=truth)
    ]
    return code.either(values)


def _decided(emitter: Writer, node: Node, *, truth: bool) -> ast.expr:
    """Write whether every operand that decided rests on no element; one that does not ends the search."""
    result = emitter.module.fresh()
    emitter.add(code.assign(result, code.truth(value=True)))

    def look(position: int) -> None:
        if position == len(node.args):
            return
        operand = node.args[position]
        value = emitter.named(emitter.emit(operand))
        with emitter.space() as deciding:
            emitter.add(code.assign(result, hollow(emitter, operand, truth=truth)))
        test = code.name(value) if truth else code.negated(code.name(value))
        emitter.add(code.when(test, deciding.statements))
        with emitter.space() as following:
            look(position + 1)
        if following.statements:
            emitter.add(code.when(code.name(result), following.statements))

    look(0)
    return code.name(result)


def _chosen(emitter: Writer, node: Node, ask: Callable[[Node], ast.expr]) -> ast.expr:
    """Write what *ask* says of the branch that was taken."""
    test, then, otherwise = node.args
    result = emitter.module.fresh()
    chosen = emitter.emit(test)
    with emitter.space() as first:
        emitter.add(code.assign(result, ask(then)))
    with emitter.space() as second:
        emitter.add(code.assign(result, ask(otherwise)))
    emitter.add(code.when(chosen, first.statements, second.statements))
    return code.name(result)


def _quantified(emitter: Writer, node: Node, *, truth: bool) -> ast.expr:
    source, body = node.args
    is_decided = truth is (node.op == "exists")
    if not may_be_hollow(body, truth=truth):
        return _surely(emitter, source, is_decided=is_decided)
    # Of the elements' own truths each may rest on nothing: surely none does where every list has elements.
    lists = list({id(base): base for base in _bases(body, truth=truth)}.values())
    if not lists:
        return _surely(emitter, source, is_decided=is_decided)
    if any(level >= (node.level or 0) for base in lists for level in base.free):
        # It differs from element to element: what is bound outside of this loop has a lower level than its own.
        return _each_asked(emitter, node, truth=truth)
    result = emitter.module.fresh()
    empty = code.either([code.negated(_is_filled(emitter, base)) for base in lists])
    with emitter.space() as doubtful:
        emitter.add(code.assign(result, _each_asked(emitter, node, truth=truth)))
    with emitter.space() as sure:
        emitter.add(code.assign(result, _surely(emitter, source, is_decided=is_decided)))
    emitter.add(code.when(empty, doubtful.statements, sure.statements))
    return code.name(result)


def _surely(emitter: Writer, source: Node, *, is_decided: bool) -> ast.expr:
    """Write whether a truth rests on nothing of which each element's own truth rests on something."""
    # One that an element decided rests on that element.
    return code.truth(value=False) if is_decided else code.negated(_grounded(emitter, source))


def _each_asked(emitter: Writer, node: Node, *, truth: bool) -> ast.expr:
    """Ask the elements themselves, up to the first that rests on something."""
    source, body = node.args
    is_decided = truth is (node.op == "exists")
    if source.op == "bucket":
        # The members that an index left out are false on facts of their own.
        emitter.add(code.leave(emitter.module.run(LEAVE)))
        return code.truth(value=False)
    if is_decided:
        result = emitter.named(code.truth(value=True))
    else:
        result = emitter.named(code.negated(_grounded(emitter, source)))

    def look() -> None:
        emitter.add(code.assign(result, hollow(emitter, body, truth=truth)))
        emitter.add(code.when(code.negated(code.name(result)), [code.stop()]))

    variable = emitter.module.fresh()
    members = emitter.emit(source)
    with emitter.space(node.level, variable, is_loop=True) as inner:
        if is_decided:
            emitter.where(body, holds=truth, then=look)
        else:
            look()
    emitter.add(code.each(variable, members, inner.statements))
    return code.name(result)


def _bases(node: Node, *, truth: bool | None = None) -> Iterator[Node]:
    """Yield the lists without whose elements a value could rest on nothing."""
    if not may_be_hollow(node, truth=truth):
        return
    match node.op:
        case "not":
            yield from _bases(node.args[0], truth=None if truth is None else not truth)
        case "and" | "or" | "cond":
            for arg in node.args[node.op == "cond" :]:
                yield from _bases(arg, truth=truth)
        case "all" | "exists":
            if truth is not (node.op == "exists"):
                yield from _base(node.args[0])
            yield from _bases(node.args[1], truth=truth)
        case op if op in _DRAWN or op == "size" or (op == "call" and node.data in _TOTALS):
            yield from _base(node.args[0])
        case _:
            for arg in node.args:
                yield from _bases(arg)


def _base(node: Node) -> Iterator[Node]:
    """Yield a list before its filters, where it can be empty."""
    while node.op in {"filter", "map", "bucket", "index"}:
        node = node.args[0]
    if node.op != "items":  # a group has members
        yield node


def _drawn(emitter: Writer, node: Node) -> ast.expr:
    """Write whether a value is made of one that rests on no element."""
    if not may_be_hollow(node):
        return code.truth(value=False)
    if node.op in _DRAWN or node.op == "size" or (node.op == "call" and node.data in _TOTALS):
        return code.negated(_grounded(emitter, node.args[0]))
    if node.op == "cond":
        return _chosen(emitter, node, lambda arg: _drawn(emitter, arg))
    if node.op in _TRUTHS:
        # A truth inside a comparison: which of the two it is would have to be asked first.
        emitter.add(code.leave(emitter.module.run(LEAVE)))
        return code.truth(value=False)
    return code.either([_drawn(emitter, arg) for arg in node.args if may_be_hollow(arg)])


def _grounded(emitter: Writer, node: Node) -> ast.expr:
    """Write whether a list had an element before its filters."""
    match node.op:
        case "filter" | "map" | "bucket" | "index":
            return _grounded(emitter, node.args[0])
        case "call" if node.data in {"windows", "sort by", "group by"}:
            return _grounded(emitter, node.args[0])
        case "items":
            return code.truth(value=True)  # a group has members
        case "chain":
            return code.either([_grounded(emitter, arg) for arg in node.args])
        case "fact" | "field" | "const" | "list":
            return _is_filled(emitter, node)
        case "call" if node.data in _LISTED:
            return _is_filled(emitter, node)
        case _:
            # A list with elements had some before; of an empty one only the exact evaluator knows.
            filled = emitter.named(_is_filled(emitter, node))
            emptied = code.negated(code.name(filled))
            emitter.add(code.when(emptied, [code.leave(emitter.module.run(LEAVE))]))
            return code.truth(value=True)


def _is_filled(emitter: Writer, node: Node) -> ast.expr:
    length = code.call(code.name(emitter.module.run("len")), emitter.emit(node))
    return code.compare(length, (">", emitter.module.number(0)))
