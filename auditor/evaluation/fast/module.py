"""
One piece of generated code for all policies of a plan: its names, its constants, its shared functions.

What depends on no subject and is asked for by several policies, or inside a loop, is a function without
parameters, whose answer the run keeps: see `Runtime.shared`.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from auditor.evaluation.fast import code

if TYPE_CHECKING:
    from collections.abc import Hashable

    from auditor.evaluation.fast.node import Node

LEAVE: Final = "leave"
"""Entry of the run's own names: the exception with which code gives up."""
BROKEN: Final = ("leave", "no key", "no such kind")
"""What a subject is left to the exact evaluator on: by itself, a fact that is not there, a day for an instant."""
UNSET: Final = "unset"
"""Entry: what a variable holds before it is computed."""


@dataclass(slots=True)
class Module:
    """Names and functions of the code under way."""

    functions: list[ast.stmt] = field(default_factory=list)
    """Of what is asked for several times, in the order in which they are needed."""
    constants: list[Any] = field(default_factory=list)
    of_run: dict[Hashable, str] = field(default_factory=dict)
    """Names for what a run brings: facts, instants, functions; by what they are."""
    shared: list[str] = field(default_factory=list)
    """Names of the functions whose answers are kept for a whole run."""
    _constants: dict[Any, str] = field(default_factory=dict)
    _names: dict[int, str] = field(default_factory=dict)
    _shared: dict[int, int] = field(default_factory=dict)
    _apart: dict[int, tuple[str, list[int]]] = field(default_factory=dict)
    _counted: int = 0

    def fresh(self) -> str:
        """Return a name that is not used yet."""
        self._counted += 1
        return f"v{self._counted}"

    def constant(self, identity: Any, value: Any) -> ast.expr:  # noqa: ANN401 - any leaf
        """Return the name of a constant."""
        if identity not in self._constants:
            self._constants[identity] = self.fresh()
            self.constants.append(value)
        return code.name(self._constants[identity])

    def text(self, value: str) -> ast.expr:
        """Return the name of a constant text."""
        return self.constant(("str", value), value)

    def number(self, value: int) -> ast.expr:
        """Return the name of a constant whole number."""
        return self.constant(("int", value), value)

    def run(self, entry: Hashable) -> str:
        """Return the name of something that a run brings."""
        if entry not in self.of_run:
            self.of_run[entry] = self.fresh()
        return self.of_run[entry]

    # ----- functions

    def position(self, node: Node) -> int | None:
        """Return where the answer of a shared function is kept; None where it is not written yet."""
        return self._shared.get(id(node))

    def share(self, node: Node, body: code.Block) -> int:
        """Add the function of a node that depends on no subject."""
        title = self.fresh()
        self.functions.append(code.function(title, (), body))
        self.shared.append(title)
        self._shared[id(node)] = len(self.shared) - 1
        return self._shared[id(node)]

    def apart(self, node: Node) -> tuple[str, list[int]] | None:
        """Return the function that computes *node*, with the levels that it takes; None where there is none yet."""
        return self._apart.get(id(node))

    def set_apart(self, node: Node, levels: list[int]) -> str:
        """Name the function that computes *node* from the variables of *levels*."""
        title = self.fresh()
        self._apart[id(node)] = title, levels
        return title

    # ----- the whole

    def tree(self, deciders: list[str]) -> ast.Module:
        """
        Return the code: a function of the constants and of what a run brings.

        It returns the functions that are shared, and those in *deciders*.
        """
        constants, run = self.fresh(), self.fresh()
        made = [
            code.tuple_of([code.name(title) for title in self.shared]),
            code.tuple_of([code.name(title) for title in deciders]),
        ]
        body: code.Block = []
        if self._constants:
            body.append(code.unpack(list(self._constants.values()), code.name(constants)))
        if self.of_run:
            body.append(code.unpack(list(self.of_run.values()), code.name(run)))
        body += [*self.functions, code.answer(code.tuple_of(made))]
        outer = code.function("v0", (constants, run), body)
        return ast.Module([outer], [])
