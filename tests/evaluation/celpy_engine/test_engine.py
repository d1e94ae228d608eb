"""The second engine does not fall into what cel-python falls into: it agrees, or it says why nothing is known."""

from __future__ import annotations

import datetime as dt
import sys
from typing import TYPE_CHECKING, Any

import pytest

from auditor.evaluation.celpy_engine import engine as second
from auditor.language.values import Failure, Hollow, Unknown
from tests.evaluation.celpy_engine.trial import moment, task, tried, world

if TYPE_CHECKING:
    from auditor.language.registry import Functions
    from auditor.language.values import Value


def refusal(value: Value) -> str:
    """Return why the second engine has no answer; the value is an unknown of that kind, and no other."""
    assert isinstance(value, Unknown)
    (cause,) = value.causes
    assert cause.is_refusal
    assert cause.pointer == ""
    return cause.reason


@pytest.mark.parametrize(
    ("text", "document", "why"),
    [
        pytest.param(
            "dyn(true) == dyn(1)",
            world(),
            "cel-python compares values of no known type otherwise (true == 1 is true there)",
            id="true is not 1",
        ),
        pytest.param(
            "dyn(1) == dyn(1.0)",
            world(),
            "cel-python compares values of no known type otherwise (true == 1 is true there)",
            id="1 is 1.0",
        ),
        pytest.param(
            "'x' in [dyn(1), dyn(2)]",
            world(),
            "cel-python compares members of another or of no known type otherwise"
            " ('x' in [1, 2] is an error there)",
            id="a text is no member of a list of numbers",
        ),
        pytest.param(
            "first.points == null",
            world(),
            "cel-python does not compare an int with null",
            id="a number is not null",
        ),
        pytest.param(
            "has(first.title)",
            world(first=task("first", title=None)),
            "cel-python's has() is true for null and for an empty list, and false for every error",
            id="a field that is null is not there",
        ),
        pytest.param(
            "-1.0 / zero < 0.0",
            world(),
            "cel-python divides by 0.0 as if it came to +infinity, whatever is divided",
            id="a number below zero, divided by zero",
        ),
        pytest.param(
            "[1, 2].exists(i, v, i < v)",
            world(),
            "cel-python has no macro 'exists with two variables'",
            id="macros with two variables",
        ),
        pytest.param(
            "tasks.latest(t, t.due).id == 'b'",
            world(),
            "cel-python has no macro 'latest'",
            id="macros of ours",
        ),
        pytest.param(
            "names.?de.hasValue()", world(), "cel-python has no optional values", id="optionals"
        ),
        pytest.param(
            "first.size > 0",
            world(first=task("first", size=2**70)),
            "it ends in an error on these facts",
            id="numbers beyond 64 bits",
        ),
        pytest.param(
            "first.at.by(first.due)",
            world(first=task("first", at=dt.date(2026, 3, 1))),
            "it ends in an error on these facts",
            id="an instant that is known only to the day",
        ),
        pytest.param(
            "(!" * 59 + "first.open" + ")" * 59,
            world(),
            "it is too deep or too large with all the words that it uses",
            id="more levels than it can take",
        ),
    ],
)
def test_no_answer_is_an_unknown_that_says_why(
    text: str, document: dict[str, Any], why: str, functions: Functions
) -> None:
    """Our own value is finished; of the second engine's nothing is known, for this reason."""
    trial = tried(text, functions, document)

    assert not isinstance(trial.ours, Unknown | Failure)
    assert refusal(trial.agreed) == f"an answer of cel-python to demand 1: {why}"


@pytest.mark.parametrize("text", ["has(any.typo.x)", "timestamp('now') < first.due", "1 / 0 == 1"])
def test_errors_stay_errors(text: str, functions: Functions) -> None:
    """What the language calls an error is one by both engines, whatever cel-python makes of it."""
    assert isinstance(tried(text, functions).agreed, Failure)


def test_unobserved_facts_are_told_as_facts(functions: Functions) -> None:
    """What nobody recorded is missing by both engines; the reason is the fact, not the engine."""
    first = task("first")
    del first["open"]

    agreed = tried("first.open", functions, world(first=first)).agreed

    assert [cause.pointer for cause in agreed.causes] == ["/first/open"]
    assert not any(cause.is_refusal for cause in agreed.causes)


def test_deciding_operand_absorbs_an_unobserved_fact(functions: Functions) -> None:
    """To cel-python it is an error, and errors are absorbed as unknowns are."""
    first = task("first")
    del first["open"]

    assert tried("first.open || first.size == 5", functions, world(first=first)).agreed is True


def test_open_list_has_no_answer(functions: Functions) -> None:
    """cel-python would take it for closed, so it is not shown the list; a certain witness is ours alone."""
    trial = tried("tasks.exists(t, t.id == 'a')", functions, world(), {"/tasks": "truncated"})

    assert trial.ours is True
    assert "cel-python" in refusal(trial.agreed)


def test_vacuous_truth_stays_one(functions: Functions) -> None:
    """cel-python knows no such thing; that both call it true does not make it a plain truth."""
    agreed = tried("tasks.all(t, t.open)", functions, world(tasks=[])).agreed

    assert isinstance(agreed, Hollow)
    assert agreed.value is True


def test_functions_of_ours_run_inside(functions: Functions) -> None:
    """The delivery vocabulary is registered with cel-python: it takes null and whole records."""
    first = task("first", at=None)

    assert tried("!first.at.by(first.due)", functions, world(first=first)).agreed is True
    assert tried("tasks.exists(t, t.at.plus(span('3 days')).by(t.due))", functions).agreed is True


def test_as_deep_as_the_rule_allows(functions: Functions) -> None:
    """The deepest tree that is asked is answered, and nobody who is under way is left with less room."""
    limit = sys.getrecursionlimit()

    assert tried("(!" * 58 + "first.open" + ")" * 58, functions).agreed is False
    assert sys.getrecursionlimit() >= limit


def test_long_loops_are_given_up_by_count(
    functions: Functions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No clock: it is the elements that are counted, before they are gone through."""
    monkeypatch.setattr(second, "MOST_ELEMENTS", 30)
    text = "tasks.all(a, tasks.all(b, a.size == b.size))"
    five, six = ([task(name) for name in names] for names in ("abcde", "abcdef"))

    assert tried(text, functions, world(tasks=five)).theirs.value is True
    assert tried(text, functions, world(tasks=six)).theirs.refusal == "it would take too long"


def test_nothing_of_the_snapshot_is_told(
    functions: Functions, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """cel-python puts whole values into its errors and its log; neither is heard of."""
    document = world(first=task("SECRET", title="SECRET"), names={"SECRET": "SECRET"})
    texts = (
        "dyn(first.title) < dyn(1)",
        "has(names.typo)",
        "dyn(first) == dyn(1)",
        "dyn(names) + dyn(1) == dyn(2)",
    )

    shown = [str(tried(text, functions, document).agreed) for text in texts]

    assert "SECRET" not in "".join(shown)
    assert capfd.readouterr() == ("", "")
    assert caplog.text == ""


def test_the_moment_is_that_of_the_snapshot(functions: Functions) -> None:
    """Instants keep their microseconds; what is finer is not shown to cel-python."""
    first = task("first", due=moment(3) + dt.timedelta(microseconds=1))

    text = "first.due > timestamp('2026-03-03T00:00:00Z')"
    assert tried(text, functions, world(first=first)).agreed is True
