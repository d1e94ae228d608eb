"""
Generated code, compiled once and bound to the facts of each snapshot.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from auditor.evaluation.exact import STEP_BUDGET, Evaluator
from auditor.evaluation.fast.periods import Period
from auditor.evaluation.fast.runtime import Runtime

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Mapping, Sequence

    from auditor.evaluation.fast.facts import FastFacts
    from auditor.evaluation.fast.module import Module
    from auditor.language.registry import Functions

_BUDGET: Final = 100 * STEP_BUDGET
LONGEST: Final = 750
"""Most days that a list of days, weeks and so on may go through; two years."""


class Compiled:
    """
    The functions of one module.

    Args:
        module: With all its functions.
        titles: Names of those that are called from outside.
        functions: What expressions may call.
    """

    def __init__(self, module: Module, titles: Sequence[str], functions: Functions) -> None:
        self.tree: ast.Module = module.tree(list(titles))
        self._constants = tuple(module.constants)
        self._wanted = tuple(module.of_run)
        self._functions = functions
        names: dict[str, Any] = {"__builtins__": {}}
        # Names and literals of policies are constants of the code, never a part of it: see `code`.
        exec(compile(self.tree, "<policies>", "exec"), names)  # noqa: S102 - see above
        self._make: Callable[..., Any] = names["v0"]

    def over(self, facts: FastFacts, beside: Mapping[str, Any]) -> tuple[Callable[[], Any], ...]:
        """
        Bind the functions to the facts of one snapshot.

        Args:
            facts: What they are run over.
            beside: What else they want, by name.
        """
        # Its calls are bounded with the policies that make them; here they are counted over all subjects.
        evaluator = Evaluator(self._functions, facts.lift, facts.context, budget=_BUDGET)
        runtime = Runtime(facts.calendar, evaluator, LONGEST)
        first, last = facts.period
        known: dict[str, Any] = {
            **beside,
            "facts": facts.document,
            "as_of": facts.as_of,
            "period": Period(id="period", starts_at=first, ends_at=last, whole=True),
            "auditee": facts.auditee,
            "cells": runtime.cells,
            "shared": runtime.shared,
        }
        brought = tuple(
            known[name] if name in known else runtime.function(name) for name in self._wanted
        )
        shared, functions = self._make(self._constants, brought)
        runtime.share(shared)
        made: tuple[Callable[[], Any], ...] = functions
        return made
