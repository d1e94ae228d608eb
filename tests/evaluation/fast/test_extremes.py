"""At the edges of the calendar and of what is known, the fast path answers as the exact evaluator or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from auditor.evaluation.fast.engine import FastEngine
from auditor.evaluation.fast.plan import FastPlan
from auditor.evaluation.judge import Instants, fast_facts, judge
from auditor.facts.snapshot import Roots
from auditor.language.policy_compiler import compile_plan
from auditor.language.policy_draft import PolicyText
from auditor.usecases.read_policies import functions, snapshot_models
from tests.evaluation.test_budget import DOCUMENT, HEAD

if TYPE_CHECKING:
    from auditor.language.registry import Functions
    from auditor.model.verdict import Verdict

MODELS = snapshot_models()
FUNCTIONS: Functions = functions()
LATE = "9999-12-31T23:59:59Z"
"""When all is captured, so that nothing lies ahead."""
CALENDAR = {
    "working_days": ["mon", "tue", "wed", "thu", "fri"],
    "hours": {"from": "09:00", "to": "17:00"},
    "holidays": [],
}


def document(gaps: dict[str, str] | None = None, **facts: Any) -> dict[str, Any]:
    """Make a snapshot."""
    head = {**DOCUMENT["snapshot"], "gaps": gaps or {}, "calendar": CALENDAR, "captured_at": LATE}
    return {**DOCUMENT, "snapshot": head, **facts}


def judged(policy: str, facts: dict[str, Any], *, is_fast: bool) -> tuple[Verdict, ...]:
    """Judge a snapshot by one policy; the fast path is compared with the exact evaluator wherever it answers."""
    plan = compile_plan(
        [PolicyText("p/rule.yaml", "p", (HEAD + policy).encode())],
        roots=Roots(MODELS),
        functions=FUNCTIONS,
    )
    snapshot = MODELS.read(facts)
    fast = FastEngine(plan, sampled=1, is_eager=True) if is_fast else None
    return judge(plan, snapshot, Instants(snapshot.captured_at), name="x", fast=fast).verdicts


def meeting(held_at: str, **fields: Any) -> dict[str, Any]:
    """Make a meeting."""
    return {"id": held_at, "kind": "standup", "held_at": held_at, **fields}


ACTION: dict[str, Any] = {
    "id": "a1",
    "kind": "action",
    "text": "Do it.",
    "owner": None,
    "because": [],
}
GROUPED = (
    "require: [{that: 'meetings.groupBy(m, m.kind).all(g, g.items.all(i, i.attendees.all(a, a.present)))',"
    " say: x}]\nempty: pass\n"
)
NESTED = (
    "require: [{that: 'parties.all(p, meetings.all(m, m.attendees.all(a, a.present)))', say: x}]\n"
    "empty: pass\n"
)
SUMS = (
    "require: [{that: 'metrics.sum(m, ratio(m.target, 0.001, 0 %)) > 0.0', say: x}]\nempty: pass\n"
)


@pytest.mark.parametrize(
    ("policy", "facts"),
    [
        pytest.param(
            "require: [{that: \"project.ext.tags != ['blocked']\", say: x}]\n",
            document(
                {"/project/ext/tags": "truncated"},
                project={**DOCUMENT["project"], "ext": {"tags": []}},
            ),
            id="an undeclared list that was cut short",
        ),
        pytest.param(
            "for: {m: meetings}\nempty: fail\n"
            "require: [{that: 'dyn(m).attendees != dyn([])', say: x}]\n",
            document({"/meetings/*/attendees": "truncated"}, meetings=[meeting("2026-03-02T09:00:00Z", attendees=[])]),
            id="a list that was cut short, without its type",
        ),
        *(
            pytest.param(
                f"for: {{a: actions}}\nempty: fail\n"
                f"require: [{{that: \"timely(a, a.raised_at, span('{length}'))\", say: x}}]\n",
                document(
                    actions=[
                        {**ACTION, "raised_at": "2026-03-02T09:00:00Z", "recorded_at": "2026-03-02T09:00:00Z"}
                    ]
                ),
                id=f"a limit of {length}",
            )
            for length in ("15000 working days", "3000000 days", "9000000 hours")
        ),
        *(
            pytest.param(
                "for: {a: actions}\nempty: fail\n"
                "require: [{that: \"timely(a, a.raised_at, span('5 working days'))\", say: x}]\n",
                document(actions=[{**ACTION, "raised_at": instant, "recorded_at": instant}]),
                id=f"something at {instant}",
            )
            for instant in ("0001-01-01T00:00:00Z", "0001-01-01T00:02:00Z", "9999-12-31T23:59:59Z")
        ),
        *(
            pytest.param(
                f"for: {{m: meetings}}\nempty: fail\nwhen: m.held_at != null\n"
                f"require: [{{that: '{name}(m.held_at, m.held_at).all(d, m.held_at.within(d))', say: x}}]\n",
                document(meetings=[meeting(instant)]),
                id=f"{name} of {instant}",
            )
            for name in ("days", "workingDays", "weeks", "months")
            for instant in ("0001-01-01T00:00:00Z", "9999-12-30T12:00:00Z", "9999-12-31T12:00:00Z")
        ),
        pytest.param(
            GROUPED,
            document(meetings=[meeting("2026-03-02T09:00:00Z", attendees=[])]),
            id="lists inside the members of groups",
        ),
        pytest.param(
            NESTED,
            document(
                parties=[{"id": "p", "name": "Ada", "kind": "person"}],
                meetings=[meeting("2026-03-02T09:00:00Z", attendees=[])],
            ),
            id="lists three levels deep",
        ),
    ],
)  # fmt: skip
def test_no_other_answer_and_no_crash(policy: str, facts: dict[str, Any]) -> None:
    """Each of these was a pass that is none, or ended the run."""
    assert judged(policy, facts, is_fast=True) == judged(policy, facts, is_fast=False)


def test_the_code_does_answer_of_lists_inside_lists() -> None:
    """It is not silent where it must not be: these have code, and an answer."""
    plan = compile_plan(
        [PolicyText("p/rule.yaml", "p", (HEAD + NESTED).encode())],
        roots=Roots(MODELS),
        functions=FUNCTIONS,
    )
    attendee = {"party": "p", "present": True}
    snapshot = MODELS.read(
        document(
            parties=[{"id": "p", "name": "Ada", "kind": "person"}],
            meetings=[meeting("2026-03-02T09:00:00Z", attendees=[attendee])],
        )
    )

    made = FastPlan(plan.policies, snapshot.root, FUNCTIONS)
    answers = made.over(fast_facts(snapshot, Instants(snapshot.captured_at))).decide("rule")

    assert {key: answer.outcome for key, answer in answers.items()} == {"hand:apollo": "pass"}
