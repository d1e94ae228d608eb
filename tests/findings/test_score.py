"""The score counts controls by auditee; what is undecided is due, what is accepted is not kept."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.findings.score import Score, Scores
from auditor.model.outcome import Outcome
from auditor.model.standing import Gating, Standing

if TYPE_CHECKING:
    from tests.findings.conftest import Make


@pytest.mark.parametrize(
    ("outcomes", "score"),
    [
        pytest.param([Outcome.PASS], Score(kept=1), id="pass"),
        pytest.param([Outcome.PASS] * 600 + [Outcome.FAIL], Score(failed=1), id="one-fail-of-many"),
        pytest.param([Outcome.PASS, Outcome.ERROR], Score(failed=1), id="a-broken-policy"),
        pytest.param([Outcome.PASS, Outcome.INCONCLUSIVE], Score(undecided=1), id="undecided"),
        pytest.param([Outcome.PASS, Outcome.NOT_APPLICABLE], Score(kept=1), id="in-part"),
        pytest.param([Outcome.NOT_APPLICABLE], Score(), id="not-due"),
    ],
)
def test_a_control_counts_once_as_its_worst_verdict(
    make: Make, outcomes: list[Outcome], score: Score
) -> None:
    """However many verdicts there are."""
    assert Scores(make.run_of(*outcomes)).total == score


def test_what_is_undecided_is_due() -> None:
    """Nobody scores better by recording less."""
    assert Score(kept=1, undecided=1).raw == 50.0


def test_what_is_accepted_leaves_the_net_score_alone() -> None:
    """It is neither kept nor due there; raw knows nothing of it."""
    score = Score(kept=7, failed=2, undecided=1, accepted=1)

    assert (score.raw, score.net) == (70.0, 77.7)


def test_nothing_due_is_no_score() -> None:
    """No number stands for "nothing to say"."""
    assert Score().raw is None
    assert Score(undecided=1, accepted=1).net is None


@given(st.integers(0, 10_000), st.integers(0, 10_000), st.integers(0, 10_000))
def test_only_all_is_a_hundred(kept: int, failed: int, undecided: int) -> None:
    """Rounding never makes a whole of a part."""
    score = Score(kept, failed, undecided)

    assert (score.raw == 100.0) == (kept > 0 and failed + undecided == 0)


def test_a_control_is_accepted_only_with_all_its_findings(make: Make) -> None:
    """One finding that nobody accepted keeps the control due."""
    run = make.run_of(Outcome.INCONCLUSIVE, Outcome.INCONCLUSIVE)
    (result,) = run.results
    keys = [(result.auditee, one.policy, one.subject) for one in result.verdicts]
    accepted = Standing(Gating.ACCEPTED, "accepted by C. Doyle")
    run = replace(run, standings={keys[0]: accepted})

    assert Scores(run).total == Score(undecided=1)

    run = replace(run, standings=dict.fromkeys(keys, accepted))

    assert Scores(run).total == Score(undecided=1, accepted=1)


def test_parts_add_up_to_the_whole(make: Make) -> None:
    """Of auditees and of controls."""
    run = make.run_of(Outcome.PASS, Outcome.FAIL)
    scores = Scores(run)
    auditees = [result.auditee for result in run.results]
    controls = [control.id for control in run.controls]

    assert scores.of(auditees, controls) == scores.total
    assert scores.of([], controls) == Score()
