"""
Why something has no value: which facts are not known, or which part of the policy broke.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.evaluation.explaining.comparing import RECORDED
from auditor.evaluation.explaining.reasons import Reason, Telling, any_of, together
from auditor.evaluation.explaining.words import fact_name
from auditor.evaluation.shapes import plain
from auditor.evaluation.verdicts import why_missing
from auditor.evaluation.wording import shortened
from auditor.language.cel.ast import Block, Call, Comprehension, Expr, Literal, Select
from auditor.language.values import Failure, Unknown, Value
from auditor.model.explanation import Turn

if TYPE_CHECKING:
    from auditor.evaluation.explaining.comparing import Comparing
    from auditor.evaluation.explaining.frames import Frame
    from auditor.evaluation.explaining.teller import Teller
    from auditor.evaluation.explaining.words import Words


def in_words(value: Unknown, words: Words) -> str:
    """Say in words why something is not known."""
    told = []
    for cause in sorted(value.causes):
        reason = why_missing(cause.reason)
        pointer = words.original(cause.pointer) if cause.pointer else ""
        told.append(f"{fact_name(pointer)} {reason}" if pointer else f"undecided: {reason}")
    return ", ".join(told[:3]) + (f" and {len(told) - 3} more" if len(told) > 3 else "")  # noqa: PLR2004 - three are enough to begin with


class Unsettled:
    """
    Explains what is unknown, and what broke.

    Args:
        teller: Explains the parts.
        comparing: Says what would turn a comparison once its facts are known.
    """

    def __init__(self, teller: Teller, comparing: Comparing) -> None:
        self._teller = teller
        self._comparing = comparing
        self._sight = teller.sight
        self._words = teller.words

    def undecided(self, node: Expr, frame: Frame, value: Unknown) -> Reason:
        """Tell which facts would decide: those of the operand that is not known, as deep as it goes."""
        named = self._through_list(node, frame, value)
        if named is not None:
            return named
        waiting = [
            part for part in _operands(node) if isinstance(self._sight.value(part, frame), Unknown)
        ]
        direct = [part for part in waiting if self._sight.fact(part, frame) is not None]
        if waiting and not direct:
            reasons = [
                self._teller.why(part, frame, self._sight.value(part, frame)) for part in waiting
            ]
            return together(reasons, any_of(reasons))
        says = in_words(value, self._words)
        facts = tuple(sorted(cause.pointer for cause in value.causes if cause.pointer))
        step = self._teller.step(node, frame, value, says, facts=facts)
        return Reason((step,), (Telling(says),), self._would_decide(node, frame, value, direct))

    def _through_list(self, node: Expr, frame: Frame, value: Value) -> Reason | None:
        """Return the reason behind the list that *node* goes through; None where there is none."""
        if isinstance(node, Comprehension):
            listing = self._sight.value(node.range, frame)
            if type(plain(listing)) is type(plain(value)):
                return self._teller.why(node.range, frame, listing)
        return None

    def _would_decide(
        self, node: Expr, frame: Frame, value: Unknown, direct: list[Expr]
    ) -> tuple[tuple[Turn, ...], ...]:
        if direct and isinstance(node, Call) and not isinstance(node.target, Literal):
            turn = self._comparing.turn_if_known(node, frame)
            if turn is not None:
                return ((turn,),)
        pointers = sorted({cause.pointer for cause in value.causes if cause.pointer})
        exact = {cause.pointer for cause in value.causes if cause.reason != "day_precision"}
        return tuple(
            (
                Turn(
                    self._words.name(pointer),
                    RECORDED if pointer in exact else f"{RECORDED} to the minute",
                    self._words.original(pointer),
                ),
            )
            for pointer in pointers[:2]
        )

    def broken(self, node: Expr, frame: Frame, value: Failure) -> Reason:
        """Tell which sub-expression broke."""
        named = self._through_list(node, frame, value)
        if named is not None:
            return named
        for part in _operands(node):
            found = self._sight.value(part, frame)
            if isinstance(found, Failure):
                return self._teller.why(part, frame, found)
        says = f"this broke: {value.message}"
        facts = self._sight.facts(node, frame=frame)
        step = self._teller.step(node, frame, value, says, facts=facts)
        return Reason((step,), (Telling(f"{shortened(frame.text(node))} broke: {value.message}"),))


def _operands(node: Expr) -> tuple[Expr, ...]:
    match node:
        case Call():
            return node.args if node.target is None else (node.target, *node.args)
        case Select():
            return (node.operand,)
        case Block():
            return (*node.slots, node.body)
        case _:
            return ()
