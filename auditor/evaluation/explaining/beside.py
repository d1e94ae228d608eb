"""
What the operands beside the one that decided ask of the same fact, so that what is advised turns all of them.

A fact that is not there decides by itself, and nothing else is asked of it. Once it is recorded, the others ask.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from auditor.evaluation.explaining.comparing import RECORDED, operands
from auditor.evaluation.shapes import plain
from auditor.language.cel.ast import Call, Expr
from auditor.language.values import Failure, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditor.evaluation.explaining.comparing import Comparing
    from auditor.evaluation.explaining.frames import Frame
    from auditor.evaluation.explaining.reasons import Ways
    from auditor.evaluation.explaining.teller import Teller
    from auditor.model.explanation import Turn

    Asked = tuple[Expr, Frame, bool]
    """A comparison, where it stands, and what it must not come to."""


class Beside:
    """Looks at the operands of a logical operator that had no part in what it came to."""

    def __init__(self, teller: Teller, comparing: Comparing) -> None:
        self._teller = teller
        self._comparing = comparing

    def once_recorded(
        self, ways: Ways, parts: Sequence[Expr], frame: Frame, *, decided: bool
    ) -> Ways:
        """
        Add to ways that ask for a fact to be recorded what other operands ask of it then.

        Args:
            ways: What would turn the operand that decided.
            parts: The others.
            frame: Where they stand.
            decided: What the operator came to, and what none of its operands may come to for it to turn.
        """
        if not any(_is_to_record(turn) for way in ways for turn in way):
            return ways
        asked = [found for part in parts for found in self._asked(part, frame, decided=decided)]
        return tuple(
            tuple(self._also(turn, asked) if _is_to_record(turn) else turn for turn in way)
            for way in ways
        )

    def _also(self, turn: Turn, asked: Sequence[Asked]) -> Turn:
        found = [
            also
            for node, frame, value in asked
            if self._waits(node, frame)
            and (also := self._comparing.told(node, frame, value).turn) is not None
            and also.pointer == turn.pointer
            and also.wanted != RECORDED
        ]
        if not found:
            return turn
        turn = replace(turn, wanted=", and ".join([RECORDED, *(one.wanted for one in found)]))
        if len(found) > 1:
            return turn  # which value all of them would take is not known
        return replace(turn, boundary=found[0].boundary, has_boundary=found[0].has_boundary)

    def _waits(self, node: Expr, frame: Frame) -> bool:
        """Whether *node* compares something known, or cheaply found out, with what is not there."""
        parts = operands(node)
        values = [plain(self._teller.sight.tried(part, frame)) for part in parts]
        known = [one for one in values if not (one is None or isinstance(one, Unknown | Failure))]
        return bool(parts) and len(known) == len(parts) - 1

    def _asked(self, node: Expr, frame: Frame, *, decided: bool) -> Iterator[Asked]:
        """Yield the comparisons in *node* all of which must turn, so that it does not come to *decided*."""
        match node:
            case Call(function="dyn", args=(inner,)):
                yield from self._asked(inner, frame, decided=decided)
            case Call(function="!_", args=(inner,)):
                yield from self._asked(inner, frame, decided=not decided)
            case Call(function="_&&_" | "_||_" as function):
                if decided is (function == "_||_"):  # of the other one operand would be enough
                    for part in node.args:
                        yield from self._asked(part, frame, decided=decided)
            case Call() if node.id in frame.checked.instances:
                if self._teller.sight.tried(node, frame) is not None:
                    body = self._teller.inside(node, frame)
                    yield from self._asked(body.checked.expr, body, decided=decided)
            case _:
                yield node, frame, decided


def _is_to_record(turn: Turn) -> bool:
    return turn.wanted == RECORDED and bool(turn.pointer)
