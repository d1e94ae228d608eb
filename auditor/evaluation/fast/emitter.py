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
from auditor.evaluation.fast.module import UNSET
from auditor.evaluation.fast.node import LOOPS
from auditor.evaluation.fast.operations import OPERATIONS

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
        return OPERATIONS[node.op](self, node)

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
