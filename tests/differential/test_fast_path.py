"""
The fast path against the exact evaluator, over random expressions and random snapshots.

Contract (LANGUAGE.md, section 7): for every checked expression and every shaped document, if the fast path
answers, the exact evaluator gives the same answer, and it is neither unknown nor an error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.differential import vocabulary
from tests.differential.expressions import seeded
from tests.differential.fast_answers import (
    Difference,
    FastAnswers,
    GaveUp,
    exact_answer,
    exact_value,
    fast_value,
)
from tests.differential.samples import smallest, snapshots
from tests.differential.shrinking import shrunk_text
from tests.differential.world import ask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.facts.snapshot import Snapshot

BATCHES = 60
VALUES = 800
TOGETHER = 8
"""Questions in one piece of generated code."""


def answers(batch: int) -> FastAnswers:
    """Return the fast path over the questions of a batch."""
    random = seeded(f"batch {batch}")
    asked = (vocabulary.truth_or_text(random, random.choice((2, 3, 3, 4))) for _ in range(TOGETHER))
    return FastAnswers([question for question in asked if question is not None])


def differences(batch: int) -> Iterator[Difference]:
    """Yield what the fast path answers otherwise than the exact evaluator."""
    fast = answers(batch)
    for snapshot in seeded(f"snapshots {batch}").sample(snapshots(), 3):
        yield from fast.differences(snapshot)


def small(found: Difference) -> str:
    """Return the smallest question and snapshot that show the same; as they are, where only company shows it."""
    let = tuple((name, checked.text) for name, checked in found.question.let)

    def differs(text: str, snapshot: Snapshot) -> bool:
        question = ask(text, let)
        if question.checked.type != found.question.checked.type:
            return False
        answer = FastAnswers([question]).answers(snapshot).get(0)
        return answer is not None and answer != exact_answer(question, snapshot)

    if not differs(found.question.text, found.snapshot):
        return f"only together with others: {found}"
    text = shrunk_text(found.question.text, lambda part: differs(part, found.snapshot))
    question = ask(text, let)
    answer = FastAnswers([question]).answers(found.snapshot)[0]
    meant = exact_answer(question, found.snapshot)
    facts = smallest(found.snapshot, lambda snapshot: differs(text, snapshot))
    return f"fast: {answer}, exact: {meant}\n{question}\n{facts}"


def test_what_the_fast_path_answers_is_exact() -> None:
    """Where it answers at all: it may always give up."""
    found = [small(difference) for batch in range(BATCHES) for difference in differences(batch)]

    assert found == []


def other_value(text: str, snapshot: Snapshot) -> str | None:
    """Return what the fast path says an expression is worth, where the exact evaluator says otherwise."""
    question = ask(text)
    said = fast_value(question, snapshot)
    if isinstance(said, GaveUp):
        return None
    meant = exact_value(question, snapshot)
    return None if said == meant else f"fast: {said}, exact: {meant}\n{text}"


def test_values_of_any_type_are_exact() -> None:
    """Numbers, texts, instants, lists and maps: not only what a demand comes to."""
    found = []
    for seed in range(VALUES):
        random = seeded(f"value {seed}")
        text, let = vocabulary.written(random, random.choice((2, 3, 4)))
        snapshot = random.choice(snapshots())
        if let or "params." in text or vocabulary.refused(text) or not other_value(text, snapshot):
            continue
        small = shrunk_text(text, lambda part, at=snapshot: other_value(part, at) is not None)  # type: ignore[misc]
        found.append(other_value(small, snapshot))

    assert found == []


def test_the_fast_path_answers_much_of_what_is_known() -> None:
    """A fast path that always gives up would pass the test above."""
    asked = answered = 0
    for batch in range(20):
        fast = answers(batch)
        asked += len(fast.questions)
        answered += len(fast.answers(snapshots()[0]))

    assert answered > asked // 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("size(risks) >= 0", "pass"),
        ("size(risks) < 0", "fail"),
        ("[].all(x, true)", "inconclusive"),
        ("'a' + 'b'", "key ab"),
        ("1 / 0 == 1", "undecided"),
    ],
)
def test_the_words_in_which_answers_are_compared(text: str, expected: str) -> None:
    """A vacuous truth is told from a truth, and an error from both."""
    assert exact_answer(ask(text), snapshots()[0]) == expected
