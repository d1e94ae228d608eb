"""
Which conditions of a policy have only one answer, and which parts of it are never reached?

A condition is judged where it stands: behind ``x == 'a' &&`` it is known what ``x`` is. What is certain of facts
that nobody has looked at yet is a mistake. What is only said again, behind a guard that says it already, is
doubtful: it does no harm. A condition about constants alone is a statement, made on purpose more often than not.

Nothing here is a rule of the language: an expression that is wrong in this way can be evaluated.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from auditor.language.cel.ast import (
    Block,
    Call,
    Comprehension,
    Expr,
    Select,
    children,
    slot_name,
)
from auditor.language.cel.ast import Literal as Constant
from auditor.language.cel.certainty_remarks import Guard, Told, certain, never_reached
from auditor.language.cel.conditions import Condition, Stated
from auditor.language.cel.possible import IS_NULL, Possible

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from auditor.language.cel.certainty_remarks import Place, Remark
    from auditor.language.cel.conditions import Key, Reader


@dataclass(frozen=True, slots=True)
class Known:
    """What is left of a value, and which condition left it."""

    possible: Possible
    guard: Guard


Facts = dict["Key", Known]
"""What conditions that were passed tell, by what they are about."""


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """The one answer that a condition has."""

    truth: bool
    node: Expr
    atom: Expr
    """The condition itself; `node` may deny it."""
    condition: Condition | None = None
    """The question with one answer; None for what is stated of constants."""
    known: Known | None = None
    """What made it certain; None where it is certain by what is declared."""
    is_said_again: bool = False
    """Whether a guard that stands before the whole expression made it certain."""


class Certainty:
    """
    Judges the conditions of one expression.

    Args:
        reader: Reads them.
    """

    def __init__(self, reader: Reader) -> None:
        self.remarks: list[Remark] = []
        self._reader = reader

    def judge(self, node: Expr, facts: Facts, place: Place) -> None:
        """Judge an expression and everything in it; what there is to say goes to `remarks`."""
        verdict = self._truth(node, facts, is_truth=place != "value")
        if verdict is not None and not isinstance(node, Constant):
            self._report(verdict, place)

    # ----- what is certain

    def _truth(self, node: Expr, facts: Facts, *, is_truth: bool) -> Verdict | None:
        match node:
            case Constant(value=bool(value)):
                return Verdict(value, node, node)
            case Call(function="_&&_" | "_||_"):
                return self._logic(node, facts)
            case Call(function="!_"):
                inner = self._truth(node.args[0], facts, is_truth=True)
                return replace(inner, truth=not inner.truth, node=node) if inner else None
            case Call(function="_?_:_"):
                self._conditional(node, facts)
                return None
            case _:
                self._below(node, facts)
                return self._answer(node, facts, is_truth=is_truth)

    def _answer(self, node: Expr, facts: Facts, *, is_truth: bool) -> Verdict | None:
        condition = self._reader.condition(node, is_truth=is_truth)
        if condition is None:
            return None
        if isinstance(condition, Stated):
            return Verdict(condition.truth, node, node)
        truth = condition.answer(condition.declared)
        if truth is not None:
            is_demand = truth and condition.asks_whether_observed
            return None if is_demand else Verdict(truth, node, node, condition)
        known = self._known(condition, facts)
        truth = condition.answer(known.possible) if known else None
        if truth is None:
            return None
        return Verdict(truth, node, node, condition, known, is_said_again=True)

    def _known(self, condition: Condition, facts: Facts) -> Known | None:
        known = facts.get(condition.key)
        if known is not None:
            return known
        owner = condition.subject
        while isinstance(owner, Select):
            owner = owner.operand
            above = facts.get(self._reader.key(owner))
            if above is not None and above.possible.is_null:
                return above  # a field of null is null
        return None

    def _logic(self, node: Call, facts: Facts) -> Verdict | None:
        holds = node.function == "_&&_"
        inside = facts
        sure: list[Verdict] = []
        for position, argument in enumerate(node.args):
            verdict = self._truth(argument, inside, is_truth=True)
            if verdict is not None and verdict.truth is not holds:
                for later in node.args[position + 1 :]:
                    self._truth(later, facts, is_truth=True)
                return replace(verdict, is_said_again=_is_from(verdict, facts))
            if verdict is not None:
                sure.append(replace(verdict, is_said_again=_is_from(verdict, inside)))
            inside = self.assume(argument, inside, truth=holds)
        if len(sure) == len(node.args):
            told = next((found for found in sure if found.condition is not None), sure[0])
            return replace(told, is_said_again=_is_from(told, facts))
        for verdict in sure:
            self._report(verdict, "and" if holds else "or")
        return None

    def _conditional(self, node: Call, facts: Facts) -> None:
        test, then, otherwise = node.args
        verdict = self._truth(test, facts, is_truth=True)
        if verdict is not None:
            dead = otherwise if verdict.truth else then
            told = self._told(verdict)
            self.remarks.append(never_reached(dead, self._reader.source(dead), told))
        for branch, truth in ((then, True), (otherwise, False)):
            if verdict is None or verdict.truth is truth:
                self.judge(branch, self.assume(test, facts, truth=truth), "value")

    def _below(self, node: Expr, facts: Facts) -> None:
        match node:
            case Comprehension():
                self.judge(node.range, facts, "value")
                names = frozenset(node.variables)
                inside = _without(facts, names)
                with self._reader.inside(names):
                    for argument in node.args:
                        self.judge(argument, inside, "value")
            case Block():
                names = frozenset(slot_name(position) for position in range(len(node.slots)))
                inside = _without(facts, names)
                with self._reader.inside(names):
                    for part in children(node):
                        self.judge(part, inside, "value")
            case _:
                for part in children(node):
                    self.judge(part, facts, "value")

    # ----- what a condition tells

    def assume(self, node: Expr, facts: Facts, *, truth: bool, key: str = "") -> Facts:
        """
        Return what is known where *node* is *truth*.

        Args:
            node: A condition.
            facts: What is known already.
            truth: Its answer.
            key: The key of the policy that asks it; empty for a condition within one expression.
        """
        match node:
            case Call(function="!_"):
                return self.assume(node.args[0], facts, truth=not truth, key=key)
            case Call(function="_&&_" | "_||_") if (node.function == "_&&_") is truth:
                for argument in node.args:
                    facts = self.assume(argument, facts, truth=truth, key=key)
                return facts
            case Call(function="_&&_" | "_||_"):
                guard = Guard(self._reader.source(node), truth, key)
                return self._either(
                    [self.assume(part, facts, truth=truth, key=key) for part in node.args],
                    facts,
                    guard,
                )
            case Constant() | Call(function="_?_:_"):
                return facts
            case _:
                guard = Guard(self._reader.source(node), truth, key)
                return self._assumed(node, facts, guard)

    def _assumed(self, node: Expr, facts: Facts, guard: Guard) -> Facts:
        condition = self._reader.condition(node, is_truth=True)
        if not isinstance(condition, Condition):
            return facts
        before = facts.get(condition.key)
        possible = before.possible if before else condition.declared
        left = possible.answered(condition.question, truth=guard.truth is condition.holds_if)
        facts = {**facts, condition.key: Known(left, guard)}
        subject = condition.subject
        if left.null or subject is None or left.is_nothing:
            return facts
        while isinstance(subject, Select):  # what has a field that is no null is none itself
            subject = subject.operand
            key = self._reader.key(subject)
            before = facts.get(key)
            above = before.possible if before else self._reader.possible(subject)[0]
            if above.null:
                facts[key] = Known(above.answered(IS_NULL, truth=False), guard)
        return facts

    @staticmethod
    def _either(branches: list[Facts], before: Facts, guard: Guard) -> Facts:
        """Return what is known where one of several conditions decided, and nobody knows which."""
        after = dict(before)
        first, *others = branches
        for key, known in first.items():
            if before.get(key) == known or any(key not in other for other in others):
                continue
            possible = known.possible
            for other in others:
                possible = possible.either(other[key].possible)
            after[key] = Known(possible, guard)
        return after

    # ----- what there is to say

    def _told(self, verdict: Verdict) -> Told:
        condition, known = verdict.condition, verdict.known
        source = self._reader.source
        return Told(
            verdict.node,
            source(verdict.node),
            verdict.truth,
            facts=condition.facts if condition and known is None else "",
            guard=known.guard if known else None,
            is_stated=condition is None,
            asks_for_null=condition is not None and condition.question is IS_NULL,
            is_said_again=verdict.is_said_again,
            repeats=known is not None and source(verdict.atom) == known.guard.text,
            may_be_unobserved=self._may_be_unobserved(verdict),
        )

    def _may_be_unobserved(self, verdict: Verdict) -> bool:
        subject = verdict.condition.subject if verdict.condition else None
        return subject is not None and self._reader.declared(subject).may_be_unobserved

    def _report(self, verdict: Verdict, place: Place) -> None:
        self.remarks.append(certain(self._told(verdict), place))


def _is_from(verdict: Verdict, facts: Facts) -> bool:
    """Whether what makes a condition certain was known before the whole expression."""
    known = verdict.known
    return known is not None and any(known is other for other in facts.values())


def _without(facts: Mapping[Key, Known], names: Collection[str]) -> Facts:
    """Leave out what is known of *names*, which mean something else from here on."""
    return {key: known for key, known in facts.items() if not _mentions(key, names)}


def _mentions(key: object, names: Collection[str]) -> bool:
    match key:
        case ("name", str(name)):
            return name in names
        case tuple():
            return any(_mentions(part, names) for part in key)
        case _:
            return False
