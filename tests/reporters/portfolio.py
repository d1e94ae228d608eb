"""One run with every outcome, in three projects, as a real one would look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.findings.changes import relaxed
from auditor.model.explanation import Because, Came, Step, Turn
from auditor.model.location import Location
from auditor.model.outcome import Outcome
from auditor.model.policy import PolicyChange
from auditor.model.run import InputProblem, NotUsed, Population
from auditor.model.severity import Severity
from auditor.model.verdict import ClauseVerdict, Fact, Grade

if TYPE_CHECKING:
    from auditor.model.run import Run
    from tests.reporters.conftest import Make


def portfolio_run(make: Make) -> Run:
    """Make the run."""
    sign_off = make.policy(
        "execution-before-dm-sign-off",
        title="Execution began before the Delivery Manager signed off the baseline",
        why="Work that starts on an unapproved baseline is scope that nobody agreed to.",
        fix="Have the DM approve the baseline in force, or record why the start date is wrong.",
        controls=("SEEF-PLN-04",),
        severity=Severity.CRITICAL,
        params=(("approver_role", "DM"),),
    )
    blocker = make.policy(
        "blocker-not-escalated",
        title="A blocker was not escalated in time",
        why="A blocker that nobody with power knows of stays.",
        fix="Escalate to the level that the standard names, and record when and to whom.",
        controls=("SEEF-MON-04",),
    )
    retro = make.policy(
        "retrospective-without-owned-action",
        title="A retrospective ended without an owned action",
        why="Insight without an owner changes nothing.",
        fix="Give each action an owner and a date.",
        controls=("SEEF-IMP-02", "SEEF-IMP-03"),
        severity=Severity.MEDIUM,
        changes=(
            PolicyChange(
                "severity",
                "high",
                "medium",
                is_relaxing=True,
                location=Location("profiles/acme.yaml", 11, 38),
                reason="Two teams share one retrospective",
                by="C. Doyle",
                on="2026-08-01",
            ),
        ),
    )
    reach = make.policy(
        "status-report-late",
        title="A status report was late",
        why="Clients plan by it.",
        fix="Send it on the agreed day.",
        controls=("SDF-COM-01",),
        severity=Severity.LOW,
        pack="sdf",
    )
    started = Fact(
        "/project/execution/started_at", "known", "2026-09-01 08:00 +02:00", grade=Grade.PARSED
    )
    word = Fact(
        "/approvals/1/decision",
        "known",
        "conditional",
        grade=Grade.MANUAL,
        source="delivery/approvals.csv:3",
    )
    closed = Fact("/approvals/1/conditions/0/closed_at", "absent", "none", grade=Grade.MANUAL)
    raised = Fact("/blockers/0/raised_at", "known", "2026-09-14 09:20 +02:00", grade=Grade.API)
    levels = tuple(
        Fact(f"/blockers/{index}/escalations", "unobserved", "not recorded", "not_collected")
        for index in range(3)
    )
    day = Fact("/meetings/4/held_at", "unobserved", "2026-09-12", "day_precision")
    apollo = make.result(
        make.verdict(
            Outcome.ERROR,
            policy=blocker.id,
            subject="blk-2",
            subject_name="No staging system",
            message="the key 'urgent' is not in the map of levels",
            reason="no_such_key",
            clauses=(
                ClauseVerdict(0, Outcome.ERROR, "the key 'urgent' is not in the map of levels"),
            ),
        ),
        make.verdict(
            Outcome.FAIL,
            policy=blocker.id,
            subject="blk-1",
            subject_name="Payment gateway down",
            message="Raised on 2026-09-14 09:20 +02:00 and not escalated within 24 h.",
            at="2026-09-14T09:20:00+02:00",
            due_at="2026-09-15T09:20:00+02:00",
            owner="Ann Becker",
            clauses=(
                ClauseVerdict(
                    0,
                    Outcome.FAIL,
                    "Raised on 2026-09-14 09:20 +02:00 and not escalated within 24 h.",
                    facts=(raised,),
                    because=_late(),
                ),
            ),
            facts=(raised,),
            grade=Grade.API,
        ),
        make.verdict(
            Outcome.NOT_APPLICABLE,
            policy=blocker.id,
            subject="blk-3",
            subject_name="Test data missing",
            message="Not due yet.",
            reason="not_due",
            due_at="2026-10-01T09:00:00+02:00",
        ),
        make.verdict(
            Outcome.FAIL,
            policy=sign_off.id,
            message="Execution began on 2026-09-01 and the baseline was not signed off.",
            clauses=(
                ClauseVerdict(
                    0,
                    Outcome.FAIL,
                    "Execution began on 2026-09-01 08:00 +02:00. The DM's last word on baseline 2 before"
                    " that: conditional.",
                    facts=(started, word),
                ),
                ClauseVerdict(
                    1,
                    Outcome.FAIL,
                    "Conditions were still open.",
                    failing=("Budget for load tests", "Second reviewer"),
                    facts=(started, closed),
                ),
            ),
            facts=(started, word, closed),
            grade=Grade.MANUAL,
        ),
        make.verdict(
            Outcome.INCONCLUSIVE,
            policy=retro.id,
            subject="retro-4",
            subject_name="Retrospective 4",
            message="Whether the retrospective lies inside the sprint is not known.",
            reason="unobserved",
            missing=(day,),
        ),
        make.verdict(
            policy=retro.id,
            subject="retro-3",
            subject_name="Retrospective 3",
            message="Every action has an owner.",
            grade=Grade.MANUAL,
        ),
        make.verdict(policy=reach.id, message="Sent on the agreed day.", grade=Grade.API),
        out_of_period=((retro.id, 2),),
        uncut=("/project/phase",),
    )
    borealis = make.result(
        *(
            make.verdict(
                Outcome.INCONCLUSIVE,
                policy=blocker.id,
                subject=f"blk-{index}",
                subject_name=f"Blocker {index}",
                message="Whether it was escalated in time is not known.",
                reason="unobserved",
                missing=(gap,),
            )
            for index, gap in enumerate(levels)
        ),
        make.verdict(
            policy=sign_off.id,
            subject="jira:10042",
            subject_name="Borealis",
            message="Signed off in time.",
            grade=Grade.EXPORT,
        ),
        auditee="jira:10042",
        auditee_name="Borealis",
        snapshot_digest="sha256:" + "b" * 64,
        snapshot_name="portfolio/borealis board.json",
        captured_at="2026-09-29T23:10:05Z",
        judged_at="2026-09-29T23:10:05Z",
        time_zone="UTC",
    )
    calliope = make.result(
        make.verdict(
            Outcome.NOT_APPLICABLE,
            policy=blocker.id,
            subject="hand:calliope",
            subject_name="Calliope",
            message="There is no blocker.",
            reason="no_subject",
        ),
        make.verdict(
            policy=sign_off.id,
            subject="hand:calliope",
            subject_name="Calliope",
            message="Signed off in time.",
            grade=Grade.ATTESTED,
        ),
        auditee="hand:calliope",
        auditee_name="Calliope",
        snapshot_digest="sha256:" + "c" * 64,
        snapshot_name="portfolio/calliope.yaml",
    )
    return make.run(
        calliope,
        borealis,
        apollo,
        policies=(retro, reach, blocker, sign_off),
        population=Population(
            4,
            3,
            ("hand:dione",),
            (NotUsed("hand:eos", "a support contract of three hours"),),
            (("hand:dione", "Dione"), ("hand:eos", "Eos")),
        ),
        problems=(
            InputProblem(
                "portfolio/dione.yaml",
                "document",
                "found a tab where the indentation needs spaces",
                Location("portfolio/dione.yaml", 7, 1),
                "replace the tab by two spaces",
            ),
        ),
        not_used=(
            NotUsed("portfolio/apollo-old.yaml", "a newer snapshot of hand:apollo was judged"),
        ),
        relaxed=relaxed((retro,)),
        catalogue=("SEEF-PLN-05",),
    )


def _late() -> Because:
    """Return why an escalation is too late: one that came, and one that would have."""
    at = "/blockers/0/escalations/0/at"
    missed = Step(
        Came.FALSE,
        "e.at.by(deadline)",
        "blockers[0].escalations[0].at is 2026-09-15 16:20 +02:00, 7 h after deadline"
        " (2026-09-15 09:20 +02:00)",
        Location("policies/seef/blocker-not-escalated.yaml", 21, 40),
        (at,),
    )
    one = Step(
        Came.FALSE,
        "blockers[0].escalations[0]",
        facts=("/blockers/0/escalations/0",),
        steps=(missed,),
    )
    return Because(
        "The escalation came 31 h after the blocker was raised; the limit was 24 hours.",
        (
            Step(
                Came.FALSE,
                "blocker.escalations.exists(e, e.at.by(deadline))",
                "found none among 1 escalation",
                Location("policies/seef/blocker-not-escalated.yaml", 21, 11),
                steps=(one,),
            ),
        ),
        (
            (
                Turn(
                    "blockers[0].escalations[0].at",
                    "at or before 2026-09-15 09:20 +02:00",
                    at,
                    "2026-09-15T09:20:00+02:00",
                    has_boundary=True,
                ),
            ),
            (Turn("what else was done", "to hold"),),
        ),
        has_margin=True,
    )
