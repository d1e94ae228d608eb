"""What is said of the cost of a policy, for a large project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from auditor.usecases.lint_policies import lint
from auditor.usecases.read_policies import PolicyChoice

if TYPE_CHECKING:
    from pathlib import Path

POLICY = """\
id: trial
title: A trial
why: To see.
controls: [TRY-01]
severity: low
empty: pass
require:
  - that: {that}
    say: No.
fix: Do it.
"""


def said_of(that: str, folder: Path) -> tuple[list[str], int, str]:
    """Return what is said of a policy with one demand: warnings on its cost, whole lists, and its growth."""
    (folder / "trial.yaml").write_text(POLICY.format(that=that), encoding="utf-8")
    linted = lint((str(folder),), PolicyChoice(), portable=False)
    assert not [one for one in linted.findings if one.level == "error"]
    (cost,) = linted.costs
    warnings = [one for one in linted.findings if one.slug == "policy-cost"]
    assert all(one.excerpt is not None for one in warnings)
    return [one.message for one in warnings], cost.lists, cost.in_words()


def test_what_does_not_grow(tmp_path: Path) -> None:
    """A demand on one fact takes the same in every project."""
    assert said_of("project.phase == 'execution'", tmp_path) == ([], 0, "does not grow")


def test_one_list(tmp_path: Path) -> None:
    """It grows with the list, and nothing is to be said."""
    assert said_of("risks.all(r, r.raised_at != null)", tmp_path) == ([], 1, "grows with risks")


@pytest.mark.parametrize(
    ("that", "lists"),
    [
        pytest.param(
            "sprints.all(s, blockers.all(b, risks.all(r, r.raised_at.by(as_of) || b.raised_at.by(as_of)"
            " || s.started_at.by(as_of))))",
            "60 sprints x 500 blockers x 300 risks",
            id="three lists",
        ),
        pytest.param(
            "change_events.all(a, change_events.all(b, a.at.by(as_of) || b.at.by(as_of)))",
            "20,000 change_events x 20,000 change_events",
            id="two long lists",
        ),
    ],
)
def test_more_than_the_budget(that: str, lists: str, tmp_path: Path) -> None:
    """In a large project it would run out of steps; what it goes through is named, with its sizes."""
    ((message,), count, _) = said_of(that, tmp_path)

    assert count == lists.count(" x ") + 1
    assert message.startswith("in a large project one subject may take ")
    assert sorted(message.rpartition(": ")[2].split(" x ")) == sorted(lists.split(" x "))


def test_many_short_lists(tmp_path: Path) -> None:
    """Within the budget, three lists inside each other are worth a word all the same."""
    that = "sprints.all(s, sprints.all(t, sprints.all(u, s.id == t.id || t.id == u.id)))"

    assert said_of(that, tmp_path) == (
        ["it goes through 3 lists inside each other: sprints x sprints x sprints"],
        3,
        "grows with sprints x sprints x sprints",
    )
