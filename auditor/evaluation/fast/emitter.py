"""
From nodes to statements: each part where it is needed, once, and only behind its guards.

A part that several others need is kept in a variable. Where it is not certain that it was computed before, and
where it stands in a loop on which it does not depend, the variable begins unset outside of the loop, and is
computed when it is first needed: so nothing is computed that the language would not look at, and nothing twice.
"""

from __future__ import annotations

import ast
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from auditor.evaluation.fast import code, loops
from auditor.evaluation.fast.leave import NotFast
from auditor.evaluation.fast.module import LEAVE, UNSET
from auditor.evaluation.fast.node import LOOPS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from auditor.evaluation.fast.module import Module
    from auditor.evaluation.fast.node import Node

_APART: Final = 12
"""Operations from which a part that is needed in several places is a function of its own."""


@dataclass(slots=True, eq=False)
class Space:
    """A block of statements under way."""

    statements: code.Block
    level: int | None = None
    """Of the variable that the block binds."""
    variable: str = ""
    is_loop: bool = False
    known: dict[int, str] = field(default_factory=dict)
    """Variables that hold nodes here, by the nodes' identity."""
    kept: dict[int, str] = field(default_factory=dict)
    """Variables that hold nodes once they were needed."""


class Emitter:
    """
    Writes one function.

    Args:
        module: Where names and further functions go.
        is_repeated: Whether the function is called again and again.
    """

    def __init__(self, module: Module, *, is_repeated: bool = False) -> None:
        self.module = module
        self.spaces: list[Space] = [Space([], is_loop=is_repeated)]

    # ----- blocks

    @property
    def here(self) -> code.Block:
        """The statements of the block under way."""
        return self.spaces[-1].statements

    @contextmanager
    def space(
        self, level: int | None = None, variable: str = "", *, is_loop: bool = False
    ) -> Iterator[Space]:
        """Write into a block of its own."""
        made = Space([], level, variable, is_loop)
        self.spaces.append(made)
        try:
            yield made
        finally:
            self.spaces.pop()

    def add(self, statement: ast.stmt) -> None:
        """Add a statement to the block under way."""
        self.here.append(statement)

    def named(self, value: ast.expr) -> str:
        """Return the variable that holds *value*, a new one where it is not one already."""
        if isinstance(value, ast.Name):
            return value.id
        made = self.module.fresh()
        self.add(code.assign(made, value))
        return made

    # ----- nodes

    def emit(self, node: Node) -> ast.expr:
        """Return an expression for *node*, after the statements that it needs."""
        match node.op:
            case "const":
                value = node.data.value
                if value is None or isinstance(value, bool):
                    return code.truth(value)
                return self.module.constant(("node", id(node)), value)
            case "var":
                return code.name(self._variable(node.data))
            case "run":
                return code.name(self.module.run(node.data))
            case _:
                pass
        held = self._held(node)
        if held is not None:
            return code.name(held)
        if node.is_heavy:
            home = self._home(node)
            if home == 0 and not node.free:
                return self._outermost(node)
            if self._is_looped(home) or node.uses > 1:
                return code.name(self._kept(node, home))
        return self._written(node)

    def _written(self, node: Node) -> ast.expr:
        value = self.compute(node)
        if node.uses <= 1 or isinstance(value, ast.Constant):
            return value
        made = self.named(value)
        self.spaces[-1].known[id(node)] = made
        return code.name(made)

    def _variable(self, level: int) -> str:
        for space in reversed(self.spaces):
            if space.level == level:
                return space.variable
        msg = f"no loop binds level {level}"
        raise NotFast(msg)

    def _held(self, node: Node) -> str | None:
        """Find the variable that certainly holds *node* here."""
        for space in reversed(self.spaces):
            if id(node) in space.known:
                return space.known[id(node)]
            if space.level in node.free:
                return None  # outside of this block its variable is another one
        return None

    def _is_long(self, node: Node) -> bool:
        """Tell whether much is still to be computed for *node* here."""
        left = _APART
        pending = list(node.args)
        while pending and left > 0:
            part = pending.pop()
            if part.op not in {"const", "var", "run"} and self._held(part) is None:
                left -= 1
                pending.extend(part.args)
        return left <= 0

    def _home(self, node: Node) -> int:
        """Return the outermost block in which *node* can be computed."""
        for position in range(len(self.spaces) - 1, 0, -1):
            if self.spaces[position].level in node.free:
                return position
        return 0

    def _is_looped(self, home: int) -> bool:
        return any(space.is_loop for space in self.spaces[home + 1 :])

    def is_kept(self, node: Node) -> bool:
        """Tell whether a loop around, on which *node* does not depend, would compute it again and again."""
        return self._is_looped(self._home(node)) or (not node.free and self.spaces[0].is_loop)

    # ----- what is kept

    def _outermost(self, node: Node) -> ast.expr:
        """Return what depends on no subject: kept for the whole run where others may need it again."""
        is_once = len(node.asked) == 1 and not any(space.is_loop for space in self.spaces)
        if is_once and node.op not in {"index", "bucket"}:
            return code.name(self._kept(node, 0)) if node.uses > 1 else self._written(node)
        position = self.module.position(node)
        if position is None:
            inner = Emitter(self.module)
            inner.add(code.answer(inner.compute(node)))
            position = self.module.share(node, inner.here)
        return code.name(self._kept_shared(node, position))

    def _kept_shared(self, node: Node, position: int) -> str:
        top = self.spaces[0]
        if id(node) not in top.kept:
            made = self.module.fresh()
            top.kept[id(node)] = made
            top.statements.insert(0, code.assign(made, code.name(self.module.run(UNSET))))
        variable = top.kept[id(node)]
        place, cells = self.module.number(position), code.name(self.module.run("cells"))
        shared = code.call(code.name(self.module.run("shared")), place)
        with self.space() as inner:
            inner.statements.append(code.assign(variable, code.item(cells, place)))
            self._unless_set(variable, [code.assign(variable, shared)])
        self._unless_set(variable, inner.statements)
        self.spaces[-1].known[id(node)] = variable
        return variable

    def _kept(self, node: Node, home: int) -> str:
        """Compute *node* when it is first needed inside its home block."""
        space = self.spaces[home]
        if id(node) not in space.kept:
            variable = self.module.fresh()
            space.kept[id(node)] = variable
            unset = code.assign(variable, code.name(self.module.run(UNSET)))
            space.statements.insert(0, unset)
        variable = space.kept[id(node)]
        with self.space() as inner:
            if node.uses > 1 and self._is_long(node):
                value = self._apart(node)
            else:
                value = self.compute(node)
            inner.statements.append(code.assign(variable, value))
        self._unless_set(variable, inner.statements)
        self.spaces[-1].known[id(node)] = variable
        return variable

    def _unless_set(self, variable: str, statements: code.Block) -> None:
        unset = code.name(self.module.run(UNSET))
        self.add(code.when(code.is_same(code.name(variable), unset), statements))

    def _apart(self, node: Node) -> ast.expr:
        """Call the function that computes *node* from the variables on which it depends."""
        known = self.module.apart(node)
        if known is None:
            levels = sorted(node.free)
            inner = Emitter(self.module, is_repeated=True)
            parameters = [self.module.fresh() for _ in levels]
            for level, parameter in zip(levels, parameters, strict=True):
                inner.spaces.append(Space(inner.here, level, parameter))
            inner.add(code.answer(inner.compute(node)))
            title = self.module.set_apart(node, levels)
            self.module.functions.append(
                code.function(title, parameters, inner.spaces[0].statements)
            )
            known = title, levels
        title, levels = known
        return code.call(code.name(title), *(code.name(self._variable(level)) for level in levels))

    # ----- operations

    def compute(self, node: Node) -> ast.expr:
        """Write what *node* itself does."""
        if node.op in LOOPS:
            return loops.loop(self, node)
        return _OPERATIONS[node.op](self, node)

    def branch(self, node: Node) -> tuple[code.Block, ast.expr]:
        """Write *node* into a block of its own."""
        with self.space() as inner:
            value = self.emit(node)
        return inner.statements, value

    def where(self, node: Node, *, holds: bool, then: Callable[[], None]) -> None:
        """Write *then* into the place where *node* holds, or does not."""
        if node.op == "not" and self._held(node) is None:
            self.where(node.args[0], holds=not holds, then=then)
            return
        chained = "and" if holds else "or"
        if node.op == chained and self._held(node) is None:
            self._where_all(node.args, holds=holds, then=then)
            return
        value = self.emit(node)
        with self.space() as inner:
            then()
        self.add(code.when(value if holds else code.negated(value), inner.statements))

    def _where_all(self, nodes: Sequence[Node], *, holds: bool, then: Callable[[], None]) -> None:
        if len(nodes) == 1:
            self.where(nodes[0], holds=holds, then=then)
            return
        self.where(
            nodes[0], holds=holds, then=lambda: self._where_all(nodes[1:], holds=holds, then=then)
        )


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


_OPERATIONS: Final[dict[str, Callable[[Emitter, Node], ast.expr]]] = {
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
