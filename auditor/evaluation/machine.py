"""
What operators and macros may ask of the evaluator that runs them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from auditor.evaluation.joins import Joins
    from auditor.evaluation.lift import Lift
    from auditor.evaluation.scope import Locals
    from auditor.evaluation.trail import Trail
    from auditor.language.cel.ast import Expr
    from auditor.language.values import Value


class Machine(Protocol):
    """An evaluation under way."""

    trail: Trail
    """What has been read so far."""

    @property
    def lift(self) -> Lift:
        """Turns facts into values."""
        ...

    @property
    def joins(self) -> Joins:
        """What has been indexed so far."""
        ...

    def eval(self, node: Expr, local: Locals) -> Value:
        """Evaluate *node* with the macro variables of *local*."""
        ...

    def apart(self, node: Expr, local: Locals) -> tuple[Value, Trail]:
        """Evaluate *node* with a trail of its own, for a caller that decides what to keep of it."""
        ...

    def may_be_null(self, node: Expr) -> bool:
        """Whether the checker found that *node* is null where a fact is known to be absent."""
        ...

    def spend(self, steps: int) -> None:
        """Count *steps* against the budget."""
        ...
