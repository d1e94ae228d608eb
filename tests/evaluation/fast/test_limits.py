"""What the language allows never breaks the generator: it gives up what is too large, and says so."""

from __future__ import annotations

import pytest

from auditor.evaluation.fast.engine import FastEngine
from auditor.evaluation.fast.plan import FastPlan
from auditor.evaluation.judge import Instants, judge
from auditor.facts.snapshot import Roots
from auditor.language.policy_compiler import compile_plan
from auditor.language.policy_draft import PolicyText
from auditor.usecases.read_policies import functions, snapshot_models
from tests.evaluation.test_budget import DEEPEST, DOCUMENT, HEAD

MODELS = snapshot_models()
FUNCTIONS = functions()

ASKED_OFTEN = " && ".join(f"blockers.exists(b, b.id == 'x{number}')" for number in range(300))
DOUBLED = "define:\n  d0(x): x + 1\n" + "".join(
    f"  d{number}(x): d{number - 1}(x) + d{number - 1}(x)\n" for number in range(1, 14)
)
TOO_LARGE = {
    "three hundred demands in one": f'require: [{{that: "{ASKED_OFTEN}", say: x}}]\nempty: fail\n',
    "a definition doubled thirteen times": (
        f"{DOUBLED}require: [{{that: d13(size(risks)) > 0, say: x}}]\nempty: fail\n"
    ),
}


def judged(policy: str, *, is_fast: bool) -> object:
    """Judge a small snapshot by one policy."""
    plan = compile_plan(
        [PolicyText("p/rule.yaml", "p", (HEAD + policy).encode())],
        roots=Roots(MODELS),
        functions=FUNCTIONS,
    )
    snapshot = MODELS.read({**DOCUMENT, "blockers": [], "risks": []})
    fast = FastEngine(plan, sampled=1, is_eager=True) if is_fast else None
    return judge(plan, snapshot, Instants(snapshot.captured_at), name="x", fast=fast).verdicts


@pytest.mark.parametrize("name", DEEPEST)
def test_the_deepest_policies_have_the_same_verdict(name: str) -> None:
    """With code of their own or without: the sample of passes is decided twice, and compared."""
    policy, _ = DEEPEST[name]

    assert judged(policy, is_fast=True) == judged(policy, is_fast=False)


@pytest.mark.parametrize("name", TOO_LARGE)
def test_what_is_too_large_is_left_to_the_exact_evaluator(name: str) -> None:
    """Python's compiler has limits of its own, and code that is too long pays for nobody."""
    policy = TOO_LARGE[name]
    plan = compile_plan(
        [PolicyText("p/rule.yaml", "p", (HEAD + policy).encode())],
        roots=Roots(MODELS),
        functions=FUNCTIONS,
    )

    made = FastPlan(plan.policies, MODELS["project"].root, FUNCTIONS)

    assert made.left_out == {"rule": "it is too large, or too deep, for code of its own"}
    assert judged(policy, is_fast=True) == judged(policy, is_fast=False)
