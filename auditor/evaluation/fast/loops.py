"""
Loops over lists, as statements.

A list that only one loop needs is not made: the loop goes through what the list would be made of. Where the
loop may stop early, that is done only if finding the rest of the list could not break; an error in it is an
error of the whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.evaluation.fast import code

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable

    from auditor.evaluation.fast.node import Node
    from auditor.evaluation.fast.writer import Writer

_UNBREAKABLE: Final = frozenset(
    {
        "all", "and", "compare", "cond", "const", "eq", "exists", "fact", "field", "field_or_null", "filter",
        "has", "has_or_null", "in", "in_texts", "is_null", "known", "leave", "moment", "not", "or", "run",
        "same_instant", "size", "var", "within",
    }
)  # fmt: skip
"""Operations that never are an error, whatever they meet."""


def loop(writer: Writer, node: Node) -> ast.expr:
    """Write the loop of *node*, and return what it comes to."""
    return _LOOPS[node.op](writer, node)


def _each(
    writer: Writer,
    node: Node,
    then: Callable[[str], None],
    *,
    stops: bool = False,
    in_order: bool = True,
) -> None:
    """
    Write *then* for each member of the list of *node*, with the variable that holds the member.

    Args:
        writer: Writes.
        node: A loop.
        then: Gets the variable.
        stops: Whether it may end the loop early.
        in_order: Whether the order of the list makes a difference.
    """
    if node.join is not None and _is_joined(node, in_order=in_order):
        index, key = node.join
        nothing = writer.module.constant(("nothing",), ())
        members = code.call(writer.emit(index), writer.emit(key), nothing)
        _turn(writer, members, node.level, then)
    else:
        _through(writer, node, then, stops=stops, in_order=in_order)


def _is_joined(node: Node, *, in_order: bool) -> bool:
    return node.join is not None and not (in_order and node.is_loose)


def _demand(node: Node, *, in_order: bool) -> Node:
    """Return what a loop asks of each member that `_each` gives it."""
    return node.rest if node.rest and _is_joined(node, in_order=in_order) else node.args[1]


def _turn(
    writer: Writer, members: ast.expr, level: int | None, then: Callable[[str], None]
) -> None:
    variable = writer.module.fresh()
    with writer.space(level, variable, is_loop=True) as inner:
        then(variable)
    writer.add(code.each(variable, members, inner.statements or [code.Pass()]))


def _through(
    writer: Writer, node: Node, then: Callable[[str], None], *, stops: bool, in_order: bool
) -> None:
    source, level = node.args[0], node.level
    is_own = source.uses == 1 and (not stops or _cannot_break(source))
    if not is_own or source.op not in {"filter", "map"} or writer.is_kept(source):
        _turn(writer, writer.emit(source), level, then)
        return
    body = _demand(source, in_order=in_order)

    def kept(variable: str) -> None:
        writer.where(body, holds=True, then=lambda: _as(writer, level, variable, then))

    def mapped(variable: str) -> None:
        del variable
        _as(writer, level, writer.named(writer.emit(body)), then)

    _each(writer, source, kept if source.op == "filter" else mapped, stops=stops, in_order=in_order)


def _as(writer: Writer, level: int | None, variable: str, then: Callable[[str], None]) -> None:
    """Let *variable* be that of the loop's level."""
    with writer.space(level, variable) as inner:
        then(variable)
    writer.here.extend(inner.statements)


def _cannot_break(source: Node) -> bool:
    pending = list(source.args)
    while pending:
        node = pending.pop()
        if node.op not in _UNBREAKABLE:
            return False
        pending.extend(node.args)
    return True


# ----- macros


def _quantified(writer: Writer, node: Node, *, deciding: bool) -> ast.expr:
    source, body = node.args
    if body.op == "const" and body.data.value is deciding:
        size = code.call(code.name(writer.module.run("len")), writer.emit(source))
        is_any = code.compare(size, (">", writer.module.number(0)))
        return is_any if deciding else code.negated(is_any)
    result = writer.module.fresh()
    writer.add(code.assign(result, code.truth(not deciding)))

    def decide() -> None:
        writer.add(code.assign(result, code.truth(deciding)))
        writer.add(code.stop())

    _each(
        writer,
        node,
        lambda _: writer.where(_demand(node, in_order=False), holds=deciding, then=decide),
        stops=True,
        in_order=False,
    )
    return code.name(result)


def _all(writer: Writer, node: Node) -> ast.expr:
    return _quantified(writer, node, deciding=False)


def _exists(writer: Writer, node: Node) -> ast.expr:
    return _quantified(writer, node, deciding=True)


def _count(writer: Writer, node: Node) -> ast.expr:
    result = writer.module.fresh()
    one = writer.module.number(1)
    writer.add(code.assign(result, writer.module.number(0)))

    def counted() -> None:
        writer.add(code.assign(result, code.plus(code.name(result), one)))

    _each(
        writer,
        node,
        lambda _: writer.where(_demand(node, in_order=False), holds=True, then=counted),
        in_order=False,
    )
    return code.name(result)


def _exists_one(writer: Writer, node: Node) -> ast.expr:
    return code.compare(_count(writer, node), ("==", writer.module.number(1)))


def _new_list(writer: Writer) -> tuple[str, str]:
    result, method = writer.module.fresh(), writer.module.fresh()
    writer.add(code.assign(result, code.list_of([])))
    writer.add(code.assign(method, code.method(result)))
    return result, method


def _filter(writer: Writer, node: Node) -> ast.expr:
    result, method = _new_list(writer)

    def kept(variable: str) -> None:
        def add() -> None:
            writer.add(code.append(method, code.name(variable)))

        writer.where(_demand(node, in_order=True), holds=True, then=add)

    _each(writer, node, kept)
    return code.name(result)


def _map(writer: Writer, node: Node) -> ast.expr:
    result, method = _new_list(writer)
    _each(writer, node, lambda _: writer.add(code.append(method, writer.emit(node.args[1]))))
    return code.name(result)


def _extreme(writer: Writer, node: Node, sign: str) -> ast.expr:
    """Keep the member with the last key; null takes no part, and of equal keys the later one wins."""
    best, best_key = writer.module.fresh(), writer.module.fresh()
    writer.add(code.assign(best, code.truth(None)))
    writer.add(code.assign(best_key, code.truth(None)))

    def compared(variable: str) -> None:
        key = code.name(writer.named(writer.emit(node.args[1])))
        first = code.is_null(code.name(best_key))
        wins = code.either([first, code.compare(key, (sign, code.name(best_key)))])
        kept: code.Block = [
            code.assign(best, code.name(variable)),
            code.assign(best_key, key),
        ]
        writer.add(code.when(code.both([code.is_given(key), wins]), kept))

    _each(writer, node, compared)
    return code.name(best)


def _latest(writer: Writer, node: Node) -> ast.expr:
    return _extreme(writer, node, ">=")


def _earliest(writer: Writer, node: Node) -> ast.expr:
    return _extreme(writer, node, "<=")


_LOOPS: Final[dict[str, Callable[[Writer, Node], ast.expr]]] = {
    "all": _all,
    "count": _count,
    "earliest": _earliest,
    "exists": _exists,
    "exists_one": _exists_one,
    "filter": _filter,
    "latest": _latest,
    "map": _map,
}
"""By the operation's name."""
