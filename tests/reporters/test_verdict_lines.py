"""Every verdict says in one line what it is and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from auditor.model.explanation import Because, Came, Step
from auditor.model.location import Location
from auditor.model.outcome import Outcome
from auditor.model.verdict import Attested, ClauseVerdict, Grade
from auditor.reporters.foreign_text import flowing, visible
from auditor.reporters.verdict_lines import judged_lines

if TYPE_CHECKING:
    from tests.reporters.conftest import Make

ANN = Attested("Ann Becker", "DM", "2026-09-01T10:00:00+02:00", "2026-12-31T23:59:59+01:00")
WHEN = Because(
    "The team has no board.",
    (
        Step(
            Came.FALSE, "team.board != null", place=Location("policies/seef/late-thing.yaml", 9, 7)
        ),
    ),
)
HOLLOW = ClauseVerdict(0, Outcome.PASS, "There is nothing to look at.", vacuous=True)
HOLDS = ClauseVerdict(1, Outcome.PASS, "This holds.")


@pytest.mark.parametrize(
    ("outcome", "told", "line"),
    [
        (
            Outcome.FAIL,
            {"message": "Done two days late."},
            "fail: late-thing, Apollo (hand:apollo): Done two days late.",
        ),
        (
            Outcome.ERROR,
            {"message": "The policy broke: 1 / 0."},
            "error: late-thing, Apollo (hand:apollo): The policy broke: 1 / 0.",
        ),
        (
            Outcome.INCONCLUSIVE,
            {"message": "It cannot be decided. Missing: risks was not collected."},
            (
                "inconclusive: late-thing, Apollo (hand:apollo):"
                " It cannot be decided. Missing: risks was not collected."
            ),
        ),
        (
            Outcome.NOT_APPLICABLE,
            {
                "message": "The policy does not apply here.",
                "reason": "when_false",
                "because": WHEN,
                "subject": "sprint-7",
                "subject_name": "Sprint 7",
            },
            (
                "not applicable: late-thing, Sprint 7 in Apollo (hand:apollo): The policy does not apply"
                " here. The condition <policies/seef/late-thing.yaml:9:7> does not hold:"
                " The team has no board."
            ),
        ),
        (
            Outcome.NOT_APPLICABLE,
            {"message": "Not due until 2026-10-01 09:00 +02:00.", "reason": "not_due"},
            "not applicable: late-thing, Apollo (hand:apollo): Not due until 2026-10-01 09:00 +02:00.",
        ),
        (
            Outcome.NOT_APPLICABLE,
            {"message": "Outside the period: 3 of 3 subjects.", "reason": "out_of_period"},
            "not applicable: late-thing, Apollo (hand:apollo): Outside the period: 3 of 3 subjects.",
        ),
        (
            Outcome.PASS,
            {"message": "Everything that is demanded holds.", "grade": Grade.EXPORT},
            "pass: late-thing, Apollo (hand:apollo): All 2 demands hold. Weakest evidence: export.",
        ),
        (
            Outcome.PASS,
            {"message": "Everything that is demanded holds."},
            "pass: late-thing, Apollo (hand:apollo): All 2 demands hold.",
        ),
        (
            Outcome.PASS,
            {"message": "Ann Becker, DM, attested it.", "attested": ANN, "grade": Grade.ATTESTED},
            "pass: late-thing, Apollo (hand:apollo): Ann Becker, DM, attested it.",
        ),
        (
            Outcome.PASS,
            {"message": "There is nothing to judge.", "reason": "no_subject"},
            (
                "pass: late-thing, Apollo (hand:apollo):"
                " There is nothing to judge, which the policy counts as a pass."
            ),
        ),
        (
            Outcome.PASS,
            {"reason": "vacuous", "clauses": (HOLLOW,)},
            (
                "pass: late-thing, Apollo (hand:apollo):"
                " There is nothing to look at, which the policy counts as a pass."
            ),
        ),
        (
            Outcome.PASS,
            {"reason": "vacuous", "clauses": (HOLLOW, HOLDS)},
            (
                "pass: late-thing, Apollo (hand:apollo): Of 2 demands 1 holds;"
                " for 1 there is nothing to look at, which the policy counts as a pass."
            ),
        ),
    ],
    ids=lambda value: value.get("reason") if isinstance(value, dict) else None,
)
def test_a_verdict_says_why(outcome: Outcome, told: dict[str, Any], line: str, make: Make) -> None:
    """A line names outcome, policy, subject and auditee, and gives the reason."""
    run = make.run(make.result(make.verdict(outcome, **told)))

    assert list(judged_lines(run))[1:] == [line]


def test_one_demand_is_told_as_one(make: Make) -> None:
    """A policy with a single clause does not speak of all."""
    policy = make.policy(clauses=make.policy().clauses[:1])
    run = make.run(make.result(make.verdict()), policies=(policy,))

    assert list(judged_lines(run))[1:] == [
        "pass: late-thing, Apollo (hand:apollo): The one demand holds."
    ]


def test_every_verdict_has_its_line_in_the_order_of_the_run(portfolio: Any) -> None:
    """Below each snapshot stand its verdicts, none left out."""
    outcomes = [
        outcome
        for result in portfolio.results
        for outcome in (None, *(one.outcome.value.replace("_", " ") for one in result.verdicts))
    ]

    told = list(judged_lines(portfolio))

    assert len(told) == len(outcomes)
    for line, outcome in zip(told, outcomes, strict=True):
        assert outcome is None or line.startswith(f"{outcome}: ")


def test_texts_of_others_do_no_harm(make: Make, hostile_text: str) -> None:
    """However long or hostile they are, a line stays one short line that does nothing."""
    for line in judged_lines(make.hostile(hostile_text)):
        shown = flowing(line)
        assert "\n" not in shown
        assert visible(shown) == shown
        assert len(shown) < 10_000
