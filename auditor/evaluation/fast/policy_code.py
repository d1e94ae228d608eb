"""
One policy as a function that decides all its subjects.

Source: LANGUAGE.md, section 2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from auditor.evaluation.fast import code
from auditor.evaluation.fast.emitter import Emitter
from auditor.evaluation.fast.hollow import hollow, may_be_hollow
from auditor.evaluation.fast.module import BROKEN, LEAVE
from auditor.language.policy_draft import Empty
from auditor.model.outcome import Outcome

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Sequence

    from auditor.evaluation.fast.module import Module
    from auditor.evaluation.fast.node import Node

OUT_OF_PERIOD: Final = "out_of_period"
"""A subject that is only counted."""
NOT_DUE: Final = "not_due"

_OF_EMPTY: Final = {
    Empty.FAIL: Outcome.FAIL,
    Empty.NOT_APPLICABLE: Outcome.NOT_APPLICABLE,
    Empty.INCONCLUSIVE: Outcome.INCONCLUSIVE,
}
_RANK: Final = (Outcome.FAIL, Outcome.INCONCLUSIVE, Outcome.PASS, Outcome.NOT_APPLICABLE)
"""Which outcome of several clauses counts: the first that any of them has."""


@dataclass(frozen=True, slots=True, eq=False)
class ClauseNodes:
    """A demand, and what a truth that rests on no element counts as."""

    that: Node
    empty: Empty | None


@dataclass(frozen=True, slots=True, eq=False)
class PolicyNodes:
    """What a policy asks."""

    id: str
    subjects: tuple[Node, ...]
    """Lists, each seeing the members of those before it at levels 0, 1 and so on."""
    key: Node
    at: Node | None
    has_life: bool
    """Whether it is in force only from or until some day."""
    scope: Node | None
    when: Node | None
    due: Node | None
    clauses: tuple[ClauseNodes, ...]

    def roots(self) -> tuple[Node, ...]:
        """Return everything that is computed."""
        found = (*self.subjects, self.key, self.at, self.scope, self.when, self.due)
        return (*(node for node in found if node), *(clause.that for clause in self.clauses))


def write_policy(module: Module, policy: PolicyNodes) -> str:
    """Add the function that decides *policy*, and return its name: it returns key, outcome and instant of each."""
    emitter = Emitter(module)
    found, method = module.fresh(), module.fresh()
    emitter.add(code.assign(found, code.list_of([])))
    emitter.add(code.assign(method, code.method(found)))
    _subjects(emitter, policy, 0, lambda: _subject(emitter, policy, method))
    emitter.add(code.answer(code.name(found)))
    title = module.fresh()
    module.functions.append(code.function(title, (), emitter.here))
    return title


def _subjects(emitter: Emitter, policy: PolicyNodes, level: int, then: Callable[[], None]) -> None:
    if level == len(policy.subjects):
        then()
        return
    members = emitter.emit(policy.subjects[level])
    variable = emitter.module.fresh()
    with emitter.space(level, variable, is_loop=True) as inner:
        _subjects(emitter, policy, level + 1, then)
    emitter.add(code.each(variable, members, inner.statements))


def _subject(emitter: Emitter, policy: PolicyNodes, method: str) -> None:
    """Write one subject: what breaks is left to the exact evaluator, and to it alone."""
    module = emitter.module
    outcome = module.fresh()
    with emitter.space() as inner:
        key = emitter.named(emitter.emit(policy.key))
        writer = _Subject(emitter, policy, outcome)
        writer.write()
        parts = [code.name(key), code.name(outcome), code.name(writer.at)]
        emitter.add(code.append(method, code.tuple_of(parts)))
    handler: code.Block = [code.append(method, code.truth(None))]
    emitter.add(code.guarded(inner.statements, [module.run(kind) for kind in BROKEN], handler))


class _Subject:
    """Writes `at`, `when`, `require` and `due` of one subject, in this order."""

    def __init__(self, emitter: Emitter, policy: PolicyNodes, outcome: str) -> None:
        self._emitter = emitter
        self._policy = policy
        self._outcome = outcome
        self.at = emitter.module.fresh()
        """Variable of the subject's instant."""

    def write(self) -> None:
        """Set the variable of the outcome."""
        at = code.truth(None) if self._policy.at is None else self._emitter.emit(self._policy.at)
        self._emitter.add(code.assign(self.at, at))
        if self._policy.at is None and not self._policy.has_life:
            self._judged()
            return
        is_outside = code.name(self._emitter.module.run(f"is outside {self._policy.id}"))
        # It is null where neither the user nor the policy sets a limit.
        outside = code.both([code.is_given(is_outside), code.call(is_outside, code.name(self.at))])
        self._either(outside, OUT_OF_PERIOD, self._judged)

    def _judged(self) -> None:
        policy = self._policy
        self._stopped(policy.scope, lambda: self._stopped(policy.when, self._demanded))

    def _set(self, outcome: str) -> ast.stmt:
        return code.assign(self._outcome, self._emitter.module.text(outcome))

    def _either(self, test: ast.expr, outcome: str, then: Callable[[], None]) -> None:
        with self._emitter.space() as inner:
            then()
        self._emitter.add(code.when(test, [self._set(outcome)], inner.statements))

    def _stopped(self, condition: Node | None, then: Callable[[], None]) -> None:
        if condition is None:
            then()
            return
        self._emitter.add(self._set(Outcome.NOT_APPLICABLE.value))
        self._emitter.where(condition, holds=True, then=then)

    # ----- demands

    def _demanded(self) -> None:
        emitter, policy = self._emitter, self._policy
        is_plain = not any(may_be_hollow(clause.that, truth=True) for clause in policy.clauses)
        ranks = [self._clause(clause) for clause in policy.clauses] if not is_plain else []
        if is_plain:
            self._all_hold()
        else:
            self._first_of(ranks)
        if policy.due is not None:
            with emitter.space() as inner:
                self._due(policy.due)
            is_open = code.either(
                [
                    code.compare(code.name(self._outcome), ("==", emitter.module.text(outcome)))
                    for outcome in (Outcome.FAIL.value, Outcome.INCONCLUSIVE.value)
                ]
            )
            emitter.add(code.when(is_open, inner.statements))

    def _all_hold(self) -> None:
        emitter = self._emitter
        emitter.add(self._set(Outcome.PASS.value))
        for clause in self._policy.clauses:
            emitter.where(
                clause.that, holds=False, then=lambda: emitter.add(self._set(Outcome.FAIL.value))
            )

    def _clause(self, clause: ClauseNodes) -> str:
        """Write what one clause comes to, as its rank."""
        emitter = self._emitter
        rank = emitter.module.fresh()
        passed: code.Block = [code.assign(rank, self._rank(Outcome.PASS))]
        vacuous: code.Block = [code.leave(emitter.module.run(LEAVE))]
        if clause.empty is not Empty.PASS:  # a report tells one that passes from any other pass
            counts_as = _OF_EMPTY[clause.empty or Empty.INCONCLUSIVE]
            vacuous = [code.assign(rank, self._rank(counts_as))]

        def holds(resting: list[Node], *, is_last: bool) -> None:
            doubtful = [node for node in resting if may_be_hollow(node, truth=True)]
            if not doubtful:
                emitter.here.extend(passed)
                return
            test = code.either([hollow(emitter, node, truth=True) for node in doubtful])
            given_up: code.Block = [code.leave(emitter.module.run(LEAVE))]
            emitter.add(code.when(test, vacuous if is_last else given_up, passed))

        def fails() -> None:
            emitter.add(code.assign(rank, self._rank(Outcome.FAIL)))

        _walked(emitter, clause.that, holds, fails)
        return rank

    def _rank(self, outcome: Outcome) -> ast.expr:
        return self._emitter.module.number(_RANK.index(outcome))

    def _first_of(self, ranks: list[str]) -> None:
        emitter = self._emitter
        first = ranks[0]
        for rank in ranks[1:]:
            is_lower = code.compare(code.name(rank), ("<", code.name(first)))
            emitter.add(code.when(is_lower, [code.assign(first, code.name(rank))]))
        names = emitter.module.constant(("ranks",), tuple(outcome.value for outcome in _RANK))
        emitter.add(code.assign(self._outcome, code.item(names, code.name(first))))

    def _due(self, due: Node) -> None:
        emitter = self._emitter
        until = code.name(emitter.named(emitter.emit(due)))
        emitter.add(code.when(code.is_null(until), [code.leave(emitter.module.run(LEAVE))]))
        as_of = code.name(emitter.module.run("as_of"))
        emitter.add(code.when(code.compare(as_of, ("<", until)), [self._set(NOT_DUE)]))


class Ending(Protocol):
    """Writes the end of a way on which a demand is true."""

    def __call__(self, resting: list[Node], *, is_last: bool) -> None:
        """
        Write it.

        Args:
            resting: The operands that made it true, of which none may rest on nothing.
            is_last: Whether no other operand could still take their place.
        """
        ...


def _walked(emitter: Emitter, node: Node, holds: Ending, fails: Callable[[], None]) -> None:
    """
    Write *node* as branches, so that what was computed on the way is at hand at their ends.

    Args:
        emitter: Writes.
        node: A truth value.
        holds: Writes the end of a way on which it is true.
        fails: Writes the end of a way on which it is false.
    """
    if node.op == "and":
        _all_walked(emitter, node.args, [], holds, fails)
    elif node.op == "or":
        _any_walked(emitter, node.args, holds, fails)
    else:
        value = emitter.emit(node)
        with emitter.space() as true:
            holds([node], is_last=True)
        with emitter.space() as false:
            fails()
        emitter.add(code.when(value, true.statements, false.statements))


def _all_walked(
    emitter: Emitter,
    nodes: Sequence[Node],
    before: list[Node],
    holds: Ending,
    fails: Callable[[], None],
) -> None:
    def next_one(resting: list[Node], *, is_last: bool) -> None:
        found = [*before, *resting]
        then = holds if is_last else _never_last(holds)
        if len(nodes) == 1:
            then(found, is_last=is_last)
        else:
            _all_walked(emitter, nodes[1:], found, then, fails)

    _walked(emitter, nodes[0], next_one, fails)


def _any_walked(
    emitter: Emitter, nodes: Sequence[Node], holds: Ending, fails: Callable[[], None]
) -> None:
    if len(nodes) == 1:
        _walked(emitter, nodes[0], holds, fails)
        return
    _walked(
        emitter,
        nodes[0],
        _never_last(holds),
        lambda: _any_walked(emitter, nodes[1:], holds, fails),
    )


def _never_last(holds: Ending) -> Ending:
    """Return the same end, of a way beside which there is another one."""

    def ending(resting: list[Node], *, is_last: bool) -> None:
        del is_last
        holds(resting, is_last=False)

    return ending
