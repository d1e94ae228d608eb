"""
What the parts of an explanation ask of the whole: to look deeper, and to make a step of what they found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from fractions import Fraction

    from auditor.evaluation.explaining.frames import Frame, Sight
    from auditor.evaluation.explaining.reasons import Reason
    from auditor.evaluation.explaining.words import Words
    from auditor.language.cel.ast import Call, Expr
    from auditor.language.values import Value
    from auditor.model.explanation import Step


class Teller(Protocol):
    """An explanation under way."""

    sight: Sight
    words: Words

    @property
    def is_full(self) -> bool:
        """Whether no more is to be told."""
        ...

    def count(self) -> None:
        """Count a step that is going to be told."""
        ...

    def why(self, node: Expr, frame: Frame, value: Value) -> Reason:
        """Return why *node* came to *value*."""
        ...

    def inside(self, node: Call, frame: Frame) -> Frame:
        """Return the frame of a definition that *node* calls."""
        ...

    def gap(self, node: Expr, frame: Frame) -> Fraction | None:
        """Return by how much a comparison is missed; None for what has no order."""
        ...

    def step(
        self,
        node: Expr,
        frame: Frame,
        value: Value,
        says: str,
        *,
        facts: tuple[str, ...] = (),
        steps: tuple[Step, ...] = (),
    ) -> Step:
        """Make the step of *node*."""
        ...

    def element(
        self, text: str, value: Value, says: str, pointer: str, steps: tuple[Step, ...]
    ) -> Step:
        """Make the step of an element of a list."""
        ...
