"""Every evaluation ends, at the same step everywhere, and says where it ran out of steps."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from auditor.evaluation.exact import STEP_BUDGET, BudgetExceeded, Evaluator
from auditor.evaluation.judge import Instants, judge
from auditor.evaluation.lift import Lift
from auditor.facts.snapshot import Roots
from auditor.language.cel.checked import CheckedExpr
from auditor.language.cel.parser import parse
from auditor.language.policy_compiler import compile_plan
from auditor.language.policy_draft import PolicyText
from auditor.model.outcome import Outcome
from auditor.usecases.read_policies import functions, snapshot_models

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from auditor.model.verdict import Verdict

HEAD = "id: rule\ntitle: T\nwhy: W\ncontrols: [X-1]\nseverity: low\nfix: F\n"
"""Six lines."""
DOCUMENT: dict[str, Any] = {
    "snapshot": {
        "schema": {"name": "project", "version": 1},
        "auditee": "hand:apollo",
        "captured_at": "2026-03-31T18:00:00+02:00",
        "sources": [{"id": "hand", "kind": "manual"}],
        "time_zone": "Europe/Berlin",
        "gaps": {},
    },
    "project": {"id": "hand:apollo", "name": "Apollo"},
    "parties": [],
}
SMALL = 10_000
"""A budget that a test can use up; it replaces the real one and nothing else."""


def blockers(count: int) -> list[dict[str, Any]]:
    """Make so many blockers that differ by their ids alone."""
    return [
        {"id": f"b{number}", "description": "x", "owner": None, "severity": "low"}
        for number in range(count)
    ]


def prepared(policy: str, budget: int = STEP_BUDGET, **facts: Any) -> Callable[[], Verdict]:
    """Compile a policy and read a snapshot; return what judges one by the other."""
    models = snapshot_models()
    plan = compile_plan(
        [PolicyText("p/rule.yaml", "p", (HEAD + policy).encode())],
        roots=Roots(models),
        functions=functions(),
    )
    snapshot = models.read({**DOCUMENT, **facts})
    evaluator = partial(Evaluator, budget=budget)

    def run() -> Verdict:
        instants = Instants(snapshot.captured_at)
        result = judge(plan, snapshot, instants, name="apollo.yaml", evaluator=evaluator)
        return result.verdicts[0]

    return run


def message(policy: str, **facts: Any) -> str:
    """Return the words of the one verdict that a small budget leaves, which is an error."""
    verdict = prepared(policy, SMALL, **facts)()
    assert (verdict.outcome, verdict.reason) == (Outcome.ERROR, "budget")
    return verdict.message


class TestWhereItRanOut:
    """The verdict names the part that was under way, its place, and what it goes through."""

    def test_the_clause_is_named_with_its_place_and_the_sizes(self) -> None:
        """Two hundred blockers, each with each, are forty thousand pairs."""
        policy = (
            "empty: fail\nrequire:\n  - {that: 'true', say: x}\n"
            "  - that: blockers.all(a, blockers.all(b, a.id == b.id))\n    say: x\n"
        )

        assert message(policy, blockers=blockers(200)) == (
            "The policy broke: clause 2 (p/rule.yaml:10:11) ran out of the 10,000 steps that one subject "
            "may take: it goes through 200 blockers x 200 blockers."
        )

    def test_a_name_is_named_and_not_the_clause_that_asked_for_it(self) -> None:
        """A name is evaluated when it is first needed."""
        policy = (
            "let:\n  pairs: blockers.map(a, blockers.filter(b, a.id != b.id))\n"
            "require: [{that: size(pairs) == 0, say: x}]\nempty: fail\n"
        )

        assert message(policy, blockers=blockers(200)) == (
            "The policy broke: the name 'pairs' (p/rule.yaml:8:10) ran out of the 10,000 steps that one "
            "subject may take: it goes through 200 blockers x 200 blockers."
        )

    def test_when_is_named(self) -> None:
        """The applicability has the budget of its subject."""
        policy = (
            "when: blockers.exists(a, blockers.exists(b, a.id != b.id && a.severity == 'high'))\n"
            "require: [{that: 'true', say: x}]\n"
        )

        assert message(policy, blockers=blockers(200)).startswith(
            "The policy broke: 'when' (p/rule.yaml:7:7) ran out of the 10,000 steps that one subject"
        )

    def test_the_list_of_subjects_is_named(self) -> None:
        """Finding the subjects has a budget of its own."""
        policy = (
            "for: {b: 'blockers.filter(a, blockers.all(b, a.id == b.id))'}\nempty: pass\n"
            "require: [{that: 'true', say: x}]\n"
        )
        said = message(policy, blockers=blockers(200))

        assert said.startswith("The policy broke: the list of 'b' in 'for' (p/rule.yaml")
        assert said.endswith(
            "ran out of the 10,000 steps that finding the subjects may take: it goes through "
            "200 blockers x 200 blockers."
        )

    def test_too_many_subjects_are_told_by_their_lists(self) -> None:
        """Each subject is kept until it is judged."""
        policy = (
            "for: {a: blockers, b: blockers}\nkey: a.id + b.id\nempty: pass\n"
            "require: [{that: 'true', say: x}]\n"
        )

        assert message(policy, blockers=blockers(200)) == (
            "The policy broke: finding the subjects (p/rule.yaml) ran out of the 10,000 steps that it may "
            "take: it goes through 200 blockers x 200 blockers."
        )

    def test_the_budget_of_every_run_is_twenty_million(self) -> None:
        """The sentence names the number that is in force."""
        assert STEP_BUDGET == 20_000_000
        assert Evaluator(functions(), Lift())._left == STEP_BUDGET  # noqa: SLF001 - nobody else asks


def nested(opening: str, closing: str, core: str, levels: int) -> str:
    """Put an expression inside so many others."""
    return opening * levels + core + closing * levels


def at_depth(frames: int, call: Callable[[], Verdict]) -> Verdict:
    """Call something from a stack that is so deep already."""
    return call() if frames == 0 else at_depth(frames - 1, call)


UNKNOWN = "(project.closed_at == null ? "
"""Both branches are looked at: that takes the most of the stack for each level."""
LISTS = str(nested("[", "]", "1", 58))
DEEP_VALUES = f"params:\n  a: {{type: list, default: {LISTS}, about: a}}\n  b: {{type: list, default: {LISTS}, about: b}}\n"


def stacked(core: str) -> str:
    """Write a policy that is as deep as the language allows: 112 conditions above *core*, in two names."""
    return (
        f"{DEEP_VALUES}let:\n"
        f'  n0: "{nested(UNKNOWN, ": false)", core, 55)}"\n'
        f'  n1: "{nested(UNKNOWN, ": false)", "n0", 56)}"\n'
        "require: [{that: n1, say: '{params.a}'}]\nempty: fail\n"
    )


CONJUNCTIONS = (
    f'let:\n  n0: "{nested("(true && ", ")", "true", 58)}"\n'
    f'  n1: "{nested("(true && ", ")", "n0", 55)}"\nrequire: [{{that: n1, say: x}}]\n'
)
DEEPEST = {
    "conditions above equal values": (stacked("params.a == params.b"), Outcome.INCONCLUSIVE),
    "conditions above a set": (stacked("params.a in [params.b]"), Outcome.INCONCLUSIVE),
    "conditions above a comparison by a function": (
        stacked("sets.contains([params.a], [params.b])"),
        Outcome.INCONCLUSIVE,
    ),
    "conditions above a format": (
        stacked("'%s'.format([params.a]) == '1'"),
        Outcome.INCONCLUSIVE,
    ),
    "macros": (
        f'require: [{{that: "{nested("[1].all(x, ", ")", "true", 12)}", say: x}}]\nempty: fail\n',
        Outcome.PASS,
    ),
    "definitions": (
        "define:\n  d0(x): x\n"
        + "".join(f"  d{i}(x): d{i - 1}(x)\n" for i in range(1, 58))
        + "require: [{that: d57(true), say: x}]\n",
        Outcome.PASS,
    ),
    "names": (
        "let:\n  n0: 'true'\n"
        + "".join(f"  n{i}: n{i - 1}\n" for i in range(1, 58))
        + "require: [{that: n57, say: x}]\n",
        Outcome.PASS,
    ),
    "conjunctions": (CONJUNCTIONS, Outcome.PASS),
}
"""What takes the most of the stack of all that compiles, and what it comes to."""


class TestCallerDepth:
    """What is judged does not depend on who asks."""

    @pytest.fixture(autouse=True)
    def _with_the_limit_of_a_fresh_process(self) -> Iterator[None]:
        before = sys.getrecursionlimit()
        sys.setrecursionlimit(1_000)
        yield
        sys.setrecursionlimit(before)

    @pytest.mark.parametrize("name", DEEPEST)
    def test_the_deepest_policies_come_out_the_same_from_a_deep_stack(self, name: str) -> None:
        """Six hundred frames of a caller leave less than most of them take."""
        policy, outcome = DEEPEST[name]
        run = prepared(policy)
        shallow = run()
        sys.setrecursionlimit(1_000)

        assert at_depth(600, run) == shallow
        assert shallow.outcome is outcome

    def test_running_out_of_steps_reads_the_same_from_a_deep_stack(self) -> None:
        """The bound that the sentence tells is derived there, too."""
        policy = "require: [{that: 'blockers.all(a, blockers.all(b, a.id == b.id))', say: x}]\nempty: fail\n"
        run = prepared(policy, SMALL, blockers=blockers(200))
        shallow = run()
        sys.setrecursionlimit(1_000)

        assert at_depth(600, run) == shallow
        assert shallow.reason == "budget"


@pytest.mark.parametrize(
    ("left", "right", "steps"),
    [("a" * 999, "a" * 999, 4), ("a" * 4_000, "b" * 4_000, 8), ("a" * 4_000, "a" * 1_500, 5)],
)
def test_comparing_texts_costs_a_step_for_a_thousand_characters(
    left: str, right: str, steps: int
) -> None:
    """Of the shorter one; beside the operator, the two names and the comparison itself."""
    checked = CheckedExpr(parse("a == b"), "a == b")
    variables = {"a": left, "b": right}

    assert Evaluator(functions(), Lift(), budget=steps).evaluate(checked, variables)
    with pytest.raises(BudgetExceeded):
        Evaluator(functions(), Lift(), budget=steps - 1).evaluate(checked, variables)
