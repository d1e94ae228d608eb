"""Open verdicts are grouped by the fact that they wait on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from auditor.model.outcome import Outcome
from auditor.model.verdict import Fact, Verdict
from auditor.reporters.missing_facts import how_to_supply, missing_facts

if TYPE_CHECKING:
    from tests.reporters.conftest import Make


def gap(pointer: str, reason: str | None = "not_collected") -> Fact:
    """Make an unobserved fact."""
    return Fact(pointer, "unobserved", "not recorded", reason)


def waiting(make: Make, subject: str, *missing: Fact, reason: str | None = None) -> Verdict:
    """Make an inconclusive verdict."""
    return make.verdict(Outcome.INCONCLUSIVE, subject=subject, missing=missing, reason=reason)


@pytest.mark.parametrize(
    ("pointer", "reason", "statement"),
    [
        (
            "/blockers/3/escalations/0/at",
            "not_collected",
            "the times of blocker escalations were not collected",
        ),
        (
            "/blockers/3/escalations",
            "not_collected",
            "the escalations of blockers were not collected",
        ),
        ("/work_items", "truncated", "work items are cut short"),
        (
            "/sprints/0/closed_at",
            "not_supported",
            "when sprints were closed is not kept by the source",
        ),
        (
            "/meetings/1/held_at",
            "day_precision",
            "when meetings were held is known only to the day",
        ),
        (
            "/project/execution/started_at",
            "no_permission",
            "when the project execution was started may not be read",
        ),
        (
            "/baselines/0/effective_at",
            "unobserved",
            "the effective times of baselines are not recorded",
        ),
        (
            "/actions/0/due_on",
            "unparsed",
            "the due dates of actions could not be read",
        ),
        ("/blockers/0/severity", "unobserved", "the severity of blockers is not recorded"),
        ("/project/phase", None, "the phase of the project is not recorded"),
        (
            "/snapshot/calendar/holidays",
            "unobserved",
            "the holidays of the calendar are not recorded",
        ),
        ("/approvals/7", "recorded_late", "approvals were recorded too late to count"),
        (
            "/approvals/7/at",
            "recorded_before_it_happened",
            "the times of approvals are dated before what they record",
        ),
        (
            "/project/phase",
            "no_history",
            "the phase of the project is known only as it was at the capture",
        ),
        ("/risks/0/owner", "answered_twice", "the owner of risks: answered twice"),
        ("", "contradictory_times", "contradictory times"),
        ("", "Two DMs held the role.", "Two DMs held the role."),
        ("", None, "a fact is not recorded"),
    ],
)
def test_a_missing_fact_is_named_in_words(
    make: Make, pointer: str, reason: str | None, statement: str
) -> None:
    """A Delivery Manager reads which fact is missing and why."""
    run = make.run(make.result(waiting(make, "a", gap(pointer, reason))))

    assert [fact.sentence() for fact in missing_facts(run)] == [
        f"{statement}: 1 verdict in 1 project waits on this"
    ]


def test_every_index_counts_as_the_same_fact(make: Make) -> None:
    """Fourteen blockers without escalations are one gap; a number inside a name is no index."""
    run = make.run(
        make.result(
            waiting(make, "a", gap("/blockers/0/q2"), gap("/blockers/7/q2")),
            waiting(make, "b", gap("/blockers/12/q2")),
        ),
        make.result(
            waiting(make, "c", gap("/blockers/0/q2")), auditee="hand:borealis", auditee_name="B"
        ),
    )

    (fact,) = missing_facts(run)

    assert (fact.pattern, fact.reason) == ("/blockers/*/q2", "not_collected")
    assert [one.verdict.subject for one in fact.waiting] == ["a", "b", "c"]
    assert fact.sentence().endswith(": 3 verdicts in 2 projects wait on this")


def test_the_longest_queue_comes_first(make: Make) -> None:
    """Of equal queues the pattern decides, then the reason; a verdict can stand in several."""
    run = make.run(
        make.result(
            waiting(make, "a", gap("/b"), gap("/a"), gap("/c")),
            waiting(make, "b", gap("/c"), gap("/a", "truncated")),
        )
    )

    assert [(fact.pattern, fact.reason, len(fact.waiting)) for fact in missing_facts(run)] == [
        ("/c", "not_collected", 2),
        ("/a", "not_collected", 1),
        ("/a", "truncated", 1),
        ("/b", "not_collected", 1),
    ]


def test_only_open_verdicts_wait(make: Make) -> None:
    """A fail that also lacks a fact is decided."""
    fails = make.verdict(Outcome.FAIL, missing=(gap("/a"),))

    assert missing_facts(make.run(make.result(fails))) == ()


def test_a_verdict_that_names_no_fact_is_not_lost(make: Make) -> None:
    """It stands under its reason."""
    run = make.run(make.result(waiting(make, "a", reason="open_list")))

    assert [fact.sentence() for fact in missing_facts(run)] == [
        "open list: 1 verdict in 1 project waits on this"
    ]


def test_auditees_that_are_no_projects_are_called_auditees(make: Make) -> None:
    """A unit is not a project."""
    run = make.run(
        make.result(waiting(make, "a", gap("/flows")), target="unit"),
        policies=(make.policy(target="unit"),),
    )

    assert missing_facts(run)[0].sentence().endswith("1 verdict in 1 auditee waits on this")


@pytest.mark.parametrize(
    "reason",
    [
        "not_collected",
        "not_supported",
        "no_permission",
        "truncated",
        "unparsed",
        "unobserved",
        "day_precision",
        "no_history",
        "recorded_late",
        "recorded_before_it_happened",
    ],
)
def test_every_reason_of_a_gap_has_a_remedy(reason: str) -> None:
    """Who reads that a fact is missing also reads what to do."""
    assert how_to_supply(reason) != how_to_supply("a reason of somebody's own")


def test_what_is_cut_short_is_completed_at_its_source() -> None:
    """A folder and a recording have no limit that could be lifted."""
    assert how_to_supply("truncated") == (
        "complete the register or the export; its gaps say what is known to be missing"
    )
