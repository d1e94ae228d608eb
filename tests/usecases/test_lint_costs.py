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
            "work_items.all(s, blockers.all(b, risks.all(r, r.raised_at.by(as_of) || b.raised_at.by(as_of)"
            " || size(s.id) == 1)))",
            "5,000 work_items x 500 blockers x 300 risks",
            id="three lists",
        ),
        pytest.param(
            "change_events.all(a, change_events.all(b, a.at.by(as_of) || b.at.by(as_of)))",
            "20,000 change_events x 20,000 change_events",
            id="two long lists",
        ),
    ],
)
def test_more_combinations_than_the_budget(that: str, lists: str, tmp_path: Path) -> None:
    """In a large project it would run out of steps; what it goes through is named, with its sizes."""
    ((message,), count, words) = said_of(that, tmp_path)

    assert count == lists.count(" x ") + 1
    assert message.startswith("in a large project one subject may go through ")
    assert sorted(message.rpartition(": ")[2].split(" x ")) == sorted(lists.split(" x "))
    assert words.endswith("; in a large project perhaps beyond its budget")


@pytest.mark.parametrize(
    ("that", "grows"),
    [
        pytest.param(
            "sprints.all(s, sprints.all(t, sprints.all(u, s.id == t.id || t.id == u.id)))",
            "grows with sprints x sprints x sprints",
            id="within-the-budget",
        ),
        pytest.param(
            "approvals.all(a, approvals.all(b, a.conditions.all(c, c.closed_at.by(as_of) || a.id == b.id)))",
            "grows with approvals x approvals x approvals.conditions;"
            " in a large project perhaps beyond its budget",
            id="only-the-bound-is-beyond-it",
        ),
    ],
)
def test_what_need_not_run_out_is_no_doubt(that: str, grows: str, tmp_path: Path) -> None:
    """The bound assumes the worst of everything, so it is told and nobody is warned."""
    assert said_of(that, tmp_path) == ([], 3 if "sprints" in that else 2, grows)
