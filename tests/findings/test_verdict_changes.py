"""What two versions of policies say of the same facts, verdict by verdict."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from auditor.findings.verdict_changes import Change, verdict_changes
from auditor.model.outcome import Outcome

if TYPE_CHECKING:
    from tests.findings.conftest import Make

_KIND = {
    Outcome.ERROR: Change.BROKEN,
    Outcome.FAIL: Change.FAILING,
    Outcome.INCONCLUSIVE: Change.INCONCLUSIVE,
    Outcome.PASS: Change.PASSING,
    Outcome.NOT_APPLICABLE: Change.NOT_APPLICABLE,
}


@pytest.mark.parametrize("old", Outcome)
@pytest.mark.parametrize("new", Outcome)
def test_another_outcome(make: Make, old: Outcome, new: Outcome) -> None:
    """Is named for what it has become; the same outcome is no change."""
    before, after = make.result("a", make.verdict(old)), make.result("a", make.verdict(new))

    changes, unchanged = verdict_changes([before], [after], {})

    assert [one.change for one in changes] == ([] if old is new else [_KIND[new]])
    assert unchanged == (1 if old is new else 0)


@pytest.mark.parametrize(
    ("new", "change"),
    [
        (Outcome.ERROR, Change.BROKEN),
        (Outcome.FAIL, Change.FAILING),
        (Outcome.INCONCLUSIVE, Change.INCONCLUSIVE),
        (Outcome.PASS, Change.APPEARED),
        (Outcome.NOT_APPLICABLE, Change.APPEARED),
    ],
)
def test_where_there_was_no_verdict(make: Make, new: Outcome, change: Change) -> None:
    """A new fail is a new fail, whatever was there before."""
    ((found,), _) = verdict_changes([make.result("a")], [make.result("a", make.verdict(new))], {})

    assert (found.change, found.old) == (change, None)


@pytest.mark.parametrize("old", Outcome)
def test_where_there_is_none_any_more(make: Make, old: Outcome) -> None:
    """Nobody may take a fail that is no longer looked for as one that was put right."""
    ((found,), _) = verdict_changes([make.result("a", make.verdict(old))], [make.result("a")], {})

    assert (found.change, found.new) == (Change.VANISHED, None)


def test_other_words_are_counted_apart(make: Make) -> None:
    """The outcome is the same, and whoever reads it reads something else."""
    verdict = make.verdict(Outcome.FAIL)
    before = make.result("a", verdict)
    after = make.result("a", replace(verdict, message="Another sentence."))

    ((found,), unchanged) = verdict_changes([before], [after], {})

    assert (found.change, unchanged) == (Change.REWORDED, 0)


def test_a_policy_that_was_renamed_is_the_same(make: Make) -> None:
    """Under its new id."""
    before = make.result("a", make.verdict(Outcome.PASS, "was"))
    after = make.result("a", make.verdict(Outcome.FAIL, "now"))

    ((found,), _) = verdict_changes([before], [after], {"was": "now"})

    assert (found.change, found.policy) == (Change.FAILING, "now")
    assert found.old is not None


@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ((Outcome.PASS, Outcome.FAIL), Outcome.FAIL, (Change.FAILING, "a")),
        ((Outcome.PASS, Outcome.FAIL), Outcome.PASS, (Change.PASSING, "b")),
        ((Outcome.PASS, Outcome.INCONCLUSIVE), Outcome.FAIL, (Change.FAILING, "b")),
        ((Outcome.PASS, Outcome.FAIL), None, (Change.VANISHED, "b")),
        ((Outcome.FAIL, Outcome.FAIL), Outcome.FAIL, None),
        ((Outcome.PASS, Outcome.PASS), Outcome.FAIL, (Change.FAILING, "a")),
    ],
)
def test_policies_that_became_one(
    make: Make,
    order: tuple[str, str],
    old: tuple[Outcome, Outcome],
    new: Outcome | None,
    told: tuple[Change, str] | None,
) -> None:
    """Each old verdict counts, in whatever order they come; the change that matters most is told once."""
    of = dict(zip(("a", "b"), old, strict=True))
    before = make.result("x", *(make.verdict(of[policy], policy) for policy in order))
    after = make.result("x", *([make.verdict(new, "c")] if new else []))

    changes, unchanged = verdict_changes([before], [after], {"a": "c", "b": "c"})

    assert [(one.change, one.old and one.old.policy) for one in changes] == ([told] if told else [])
    assert {one.policy for one in changes} <= {"c"}
    assert unchanged == (0 if told else 1)


def test_the_worst_first_then_by_auditee_policy_and_subject(make: Make) -> None:
    """In whatever order they were judged."""
    after = [
        make.result(
            "b", make.verdict(Outcome.PASS, "p"), make.verdict(Outcome.FAIL, "q", "2"),
            make.verdict(Outcome.FAIL, "q", "1"), make.verdict(Outcome.FAIL, "p"),
        ),
        make.result("a", make.verdict(Outcome.ERROR, "z"), make.verdict(Outcome.FAIL, "z", "x")),
    ]  # fmt: skip

    changes, _ = verdict_changes([], after, {})

    assert [
        (one.change, one.result.auditee, one.policy, one.verdict.subject) for one in changes
    ] == [
        (Change.BROKEN, "a", "z", "thing"),
        (Change.FAILING, "a", "z", "x"),
        (Change.FAILING, "b", "p", "thing"),
        (Change.FAILING, "b", "q", "1"),
        (Change.FAILING, "b", "q", "2"),
    ]


def test_what_is_told_of_one_that_passes_now_is_what_was_wrong(make: Make) -> None:
    """Of any other what is wrong now."""
    good, bad = make.verdict(Outcome.PASS), make.verdict(Outcome.FAIL)
    ((mended,), _) = verdict_changes([make.result("a", bad)], [make.result("a", good)], {})
    ((broken,), _) = verdict_changes([make.result("a", good)], [make.result("a", bad)], {})

    assert mended.verdict is bad
    assert broken.verdict is bad
