"""
One expression on the fast path, for tests that hold it against the exact evaluator.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from auditor.evaluation.fast import code
from auditor.evaluation.fast.compiled import Compiled
from auditor.evaluation.fast.emitter import Emitter
from auditor.evaluation.fast.leave import Leave
from auditor.evaluation.fast.lowering import Lowering
from auditor.evaluation.fast.module import Module
from auditor.evaluation.fast.node import Nodes, count_uses
from auditor.language.values import MapValue

if TYPE_CHECKING:
    from auditor.evaluation.fast.facts import FastFacts
    from auditor.facts.types import ObjectType
    from auditor.language.cel.checked import CheckedExpr
    from auditor.language.registry import Functions


class FastExpression:
    """
    The generated code of one expression.

    Args:
        checked: Checked with the fields of *root* as its variables.
        root: Type of the documents.
        functions: What it may call.

    Raises:
        NotFast: There is no code for something in it.
    """

    def __init__(self, checked: CheckedExpr, root: ObjectType, functions: Functions) -> None:
        node = Lowering(Nodes(), functions, root, MapValue()).lower(checked)
        count_uses([(0, node)])
        module = Module()
        emitter = Emitter(module)
        emitter.add(code.answer(emitter.emit(node)))
        title = module.fresh()
        module.functions.append(code.function(title, (), emitter.here))
        self._compiled = Compiled(module, [title], functions)

    def value(self, facts: FastFacts) -> Any:  # noqa: ANN401 - any leaf
        """
        Return what it is worth, as a leaf (see `auditor.evaluation.fast.constants`).

        Raises:
            Leave: It takes the exact evaluator.
        """
        (function,) = self._compiled.over(facts, {})
        try:
            return function()
        except (KeyError, TypeError):
            raise Leave from None
