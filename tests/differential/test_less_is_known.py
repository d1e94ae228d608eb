"""
Where less is known, less can be told: an answer stays, or becomes unknown. It is never another one.

Random expressions are asked of snapshots of which everything is known, and of the same ones with fields
unobserved, lists cut short and instants known only to their day. The fast path relies on it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import pytest

from auditor.evaluation.exact import BudgetExceeded
from auditor.language.cel.ast import Call, Comprehension, Expr, ListExpr, MapExpr, walk
from auditor.language.values import Failure, Hollow, Unknown
from tests.differential import vocabulary
from tests.differential.documents import KNOWN, Writer, poorer
from tests.differential.expressions import seeded
from tests.differential.shrinking import shrunk_text
from tests.differential.world import Question, ask, exactly, world

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from auditor.facts.snapshot import Snapshot
    from auditor.language.values import Value

QUESTIONS = 600
SHARES: Final = (0.02, 0.05, 0.15, 0.4)
_MAKERS: Final = frozenset({"map", "transformList", "transformMap", "transformMapEntry", "optMap"})


@cache
def worlds() -> tuple[tuple[Snapshot, tuple[Snapshot, ...]], ...]:
    """Return snapshots of which everything is known, each with some of which less is."""
    model = world().model
    made = []
    for number in range(16):
        random = seeded(f"known {number}")
        document = Writer(model.shape, random, KNOWN).write()
        less = [poorer(model.shape, document, random, share) for share in SHARES]
        made.append((model.read(document), tuple(map(model.read, less))))
    return tuple(made)


def nodes(question: Question) -> Iterator[Expr]:
    """Yield every node of a question, the words and names that it uses included."""
    pending = [question.checked, *(checked for _, checked in question.let)]
    while pending:
        checked = pending.pop()
        yield from walk(checked.expr)
        pending.extend(instance.body for instance in checked.instances.values())


def makes_members(question: Question) -> bool:
    """
    Tell whether a question makes a list or a map of its own.

    Such a one may hold a member that is unknown, and none that is an error. So where what would be an error is
    not known, it comes into being, and who asks for another member gets an answer.
    """
    return any(
        isinstance(node, ListExpr | MapExpr)
        or (isinstance(node, Comprehension) and node.macro in _MAKERS)
        for node in nodes(question)
    )


def has_logic(question: Question) -> bool:
    """
    Tell whether a question joins truths.

    Beside an operand that is not known, one that decides and rests on no element makes a vacuous answer, which
    is never a better one.
    """
    return any(isinstance(n, Call) and n.function in {"_&&_", "_||_"} for n in nodes(question))


def told(value: Value) -> str:
    """Write an answer."""
    match value:
        case Hollow():
            return f"vacuous {told(value.value)}"
        case Unknown():
            return "unknown"
        case Failure():
            return "error"
        case _:
            return f"{type(value).__name__} {value!r}"


def is_sound(question: Question, full: str, poor: str) -> bool:
    """Tell whether *poor* is what may be left of the answer *full*."""
    if poor in (full, "unknown"):
        return True
    if full == "error":
        return makes_members(question)
    return poor == f"vacuous {full}" and has_logic(question)


def breaks(question: Question, full: Snapshot, poor: Snapshot) -> bool:
    """Tell whether taking facts away turns an answer into another one."""
    try:
        before, after = told(exactly(question, full)), told(exactly(question, poor))
    except BudgetExceeded:
        return False
    return not is_sound(question, before, after)


def small(question: Question, full: Snapshot, poor: Snapshot) -> str:
    """Return the smallest question that shows the same."""
    let = tuple((name, checked.text) for name, checked in question.let)

    def still(text: str) -> bool:
        return breaks(ask(text, let), full, poor)

    found = ask(shrunk_text(question.text, still), let)
    return f"{told(exactly(found, full))} became {told(exactly(found, poor))}: {found}"


def test_taking_facts_away_only_makes_answers_unknown() -> None:
    """Neither another truth, nor another number, nor an error, nor an answer where there was none."""
    found = []
    for seed in range(QUESTIONS):
        random = seeded(f"less {seed}")
        question = vocabulary.question(
            random, random.choice((2, 3, 4)), vocabulary.SCALARS, conventions=False
        )
        full, less = random.choice(worlds())
        poor = random.choice(less)
        if question is not None and breaks(question, full, poor):
            found.append(small(question, full, poor))

    assert found == []


@pytest.mark.parametrize(
    ("asked", "is_known"),
    [
        (lambda value: told(value) != "unknown", True),
        (lambda value: told(value) == "unknown", False),
    ],
    ids=["known", "unknown"],
)
def test_the_questions_are_worth_asking(asked: Callable[[Value], bool], is_known: bool) -> None:  # noqa: FBT001 - a case
    """Of what is known most are answered, and of what is not many are left open."""
    count = 0
    for seed in range(200):
        random = seeded(f"worth {seed}")
        question = vocabulary.question(random, 3, vocabulary.SCALARS, conventions=False)
        full, less = random.choice(worlds())
        count += question is not None and asked(exactly(question, full if is_known else less[-1]))

    assert count > (120 if is_known else 40)
