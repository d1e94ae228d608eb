"""A run ends with one exit code, and the gate says which findings are to blame."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.findings.finding import findings
from auditor.findings.gate import held
from auditor.findings.gate_rules import Allowance, MinScore, Rules, Threshold
from auditor.findings.score import Scores
from auditor.model.errors import ExitCode
from auditor.model.outcome import Outcome
from auditor.model.run import NOT_AUDITED, InputProblem, Population
from auditor.model.severity import Severity
from auditor.model.standing import Gating, Standing

if TYPE_CHECKING:
    from auditor.model.run import Run
    from tests.findings.conftest import Make

NEVER = None
PROBLEM = InputProblem("broken.yaml", "document", "found a tab")


def code_of(run: Run, fail_on: Severity | None) -> int:
    """Return the exit code of a run at one threshold for all packs."""
    _, gate = held(run, Rules(Threshold(fail_on, "a test")))
    return gate.code


@pytest.mark.parametrize(
    ("outcome", "fail_on", "code"),
    [
        pytest.param(Outcome.PASS, Severity.LOW, ExitCode.OK, id="a pass is green"),
        pytest.param(Outcome.NOT_APPLICABLE, Severity.LOW, ExitCode.OK, id="so is not applicable"),
        pytest.param(Outcome.FAIL, Severity.LOW, ExitCode.GATED, id="over the gate"),
        pytest.param(Outcome.FAIL, Severity.MEDIUM, ExitCode.GATED, id="at the gate"),
        pytest.param(Outcome.FAIL, Severity.HIGH, ExitCode.OK, id="under the gate"),
        pytest.param(Outcome.FAIL, NEVER, ExitCode.OK, id="never"),
        pytest.param(Outcome.INCONCLUSIVE, Severity.LOW, ExitCode.GATED, id="unknown gates too"),
        pytest.param(Outcome.INCONCLUSIVE, Severity.HIGH, ExitCode.OK, id="unknown under the gate"),
        pytest.param(Outcome.INCONCLUSIVE, NEVER, ExitCode.OK, id="unknown, never"),
        pytest.param(Outcome.ERROR, Severity.LOW, ExitCode.POLICY_BROKE, id="a broken policy"),
        pytest.param(
            Outcome.ERROR, Severity.HIGH, ExitCode.POLICY_BROKE, id="broken, under the gate"
        ),
        pytest.param(Outcome.ERROR, NEVER, ExitCode.POLICY_BROKE, id="broken, never"),
    ],
)
def test_one_verdict_of_a_medium_policy_ends_in(
    make: Make, outcome: Outcome, fail_on: Severity | None, code: ExitCode
) -> None:
    """The gate looks at fails and open verdicts; a broken policy shows whatever the gate."""
    assert code_of(make.run_of(outcome), fail_on) == code


def test_a_broken_policy_comes_before_findings(make: Make) -> None:
    """Of 5 and 1, 5 is told."""
    run = make.run_of(Outcome.FAIL, Outcome.ERROR)

    assert code_of(run, Severity.LOW) == ExitCode.POLICY_BROKE


@pytest.mark.parametrize("fail_on", [Severity.LOW, NEVER])
def test_an_unreadable_input_comes_before_all_else(make: Make, fail_on: Severity | None) -> None:
    """Of 4, 5 and 1, 4 is told, and never does not silence it."""
    broken = make.verdict(Outcome.ERROR)
    run = make.run(make.result("apollo", broken), problems=(PROBLEM,))

    assert code_of(run, fail_on) == ExitCode.BAD_INPUT


def test_a_run_in_which_no_input_could_be_read_says_so(make: Make) -> None:
    """The input is what has to be mended, so 4 is told, not 3."""
    assert code_of(make.run(problems=(PROBLEM,)), Severity.LOW) == ExitCode.BAD_INPUT


@pytest.mark.parametrize("fail_on", [Severity.LOW, NEVER])
def test_no_result_is_no_success(make: Make, fail_on: Severity | None) -> None:
    """No snapshot matched, so nothing was audited."""
    assert code_of(make.run(), fail_on) == ExitCode.NOTHING


def test_results_without_a_verdict_are_no_success(make: Make) -> None:
    """No policy matched, so nothing was audited."""
    run = make.run(make.result("apollo"), policies=())

    assert code_of(run, Severity.LOW) == ExitCode.NOTHING


@pytest.mark.parametrize(
    ("outcome", "fail_on", "code"),
    [
        pytest.param(Outcome.NOT_APPLICABLE, Severity.LOW, ExitCode.NOTHING, id="all-are-excluded"),
        pytest.param(Outcome.PASS, Severity.LOW, ExitCode.NOTHING, id="a-pass-about-nobody"),
        pytest.param(Outcome.FAIL, NEVER, ExitCode.NOTHING, id="never"),
        pytest.param(Outcome.FAIL, Severity.LOW, ExitCode.GATED, id="a-finding-is-told-first"),
    ],
)
def test_a_portfolio_of_which_no_auditee_was_judged_is_no_success(
    make: Make, outcome: Outcome, fail_on: Severity | None, code: ExitCode
) -> None:
    """Its own verdicts are about whom the run covered; that was nobody."""
    portfolio = make.result("delivery", make.verdict(outcome), target="portfolio")
    run = make.run(portfolio, policies=(make.policy(target="portfolio"),))

    assert code_of(run, fail_on) == code


@pytest.mark.parametrize(
    ("fail_on", "code"), [(Severity.CRITICAL, ExitCode.GATED), (NEVER, ExitCode.OK)]
)
def test_an_auditee_that_was_not_audited_is_a_finding(
    make: Make, fail_on: Severity | None, code: ExitCode
) -> None:
    """A member of the population without a snapshot cannot be green; only never lets it pass."""
    run = make.run(
        make.result("apollo", make.verdict(Outcome.PASS)),
        population=Population(2, 1, ("borealis",)),
    )

    assert code_of(run, fail_on) == code


def test_the_gate_names_the_findings_at_or_over_it(make: Make) -> None:
    """Fails and open verdicts from the severity up, worst first; broken policies apart."""
    policies = tuple(make.policy(severity.value, severity=severity) for severity in Severity)
    verdicts = [
        make.verdict(outcome, policy=severity.value, subject=outcome.value)
        for severity in Severity
        for outcome in (Outcome.INCONCLUSIVE, Outcome.FAIL, Outcome.ERROR)
    ]
    judged = make.run(make.result("apollo", *verdicts), policies=policies)
    run, _ = held(judged, Rules(Threshold(Severity.HIGH, "a test")))

    counting = [one for one in findings(run) if run.standing("apollo", one.verdict) == Standing()]
    assert [(one.verdict.outcome, one.policy.id) for one in counting] == [
        *((Outcome.ERROR, name) for name in ("critical", "high", "medium", "low")),
        (Outcome.FAIL, "critical"),
        (Outcome.FAIL, "high"),
        (Outcome.INCONCLUSIVE, "critical"),
        (Outcome.INCONCLUSIVE, "high"),
    ]


THRESHOLDS = [*Severity, None]
"""From the strictest to the one that lets everything through."""
OUTCOMES = st.sampled_from(list(Outcome))


@given(
    st.lists(st.tuples(OUTCOMES, st.sampled_from(list(Severity))), min_size=1, max_size=6),
    st.integers(0, 4),
    st.integers(0, 4),
    st.dictionaries(st.sampled_from(list(Severity)), st.integers(0, 4)),
    st.integers(0, 3),
    st.booleans(),
)
def test_who_asks_for_less_is_never_worse_off_and_no_verdict_changes(  # noqa: PLR0917 - drawn
    make: Make,
    drawn: list[tuple[Outcome, Severity]],
    one: int,
    other: int,
    most: dict[Severity, int],
    more: int,
    has_problem: bool,  # noqa: FBT001 - drawn
) -> None:
    """What was green stays green; what cannot be read, and what broke, always shows."""
    verdicts = [
        make.verdict(outcome, policy=severity.value, subject=str(place))
        for place, (outcome, severity) in enumerate(drawn)
    ]
    policies = tuple(make.policy(severity.value, severity=severity) for severity in Severity)
    problems = (PROBLEM,) if has_problem else ()
    run = make.run(make.result("apollo", *verdicts), policies=policies, problems=problems)

    def code(threshold: Severity | None, extra: int) -> int:
        allowed = tuple(Allowance(severity, count + extra) for severity, count in most.items())
        judged, gate = held(run, Rules(Threshold(threshold, "a test"), at_most=allowed))
        assert judged.counts() == run.counts()
        assert judged.results == run.results
        assert Scores(judged).total == Scores(run).total
        return gate.code

    strict = code(THRESHOLDS[min(one, other)], 0)
    lax = code(THRESHOLDS[max(one, other)], more)
    assert lax in {strict, ExitCode.OK}
    if has_problem:
        assert lax == ExitCode.BAD_INPUT
    elif any(outcome is Outcome.ERROR for outcome, _ in drawn):
        assert lax == ExitCode.POLICY_BROKE


def test_an_allowance_is_a_limit(make: Make) -> None:
    """With one finding too many all of them count, so that nobody chooses which are hidden."""
    allowed = Rules(at_most=(Allowance(Severity.MEDIUM, 2, by="a test"),))
    two, green = held(make.run_of(*[Outcome.FAIL] * 2), allowed)
    three, red = held(make.run_of(*[Outcome.FAIL] * 3), allowed)

    assert {one.gating for one in two.standings.values()} == {Gating.ALLOWED}
    assert [one.told for one in two.standings.values()] == [
        "2 there, at most 2 medium findings, by a test"
    ] * 2
    assert (green.code, green.reasons) == (ExitCode.OK, ())
    assert three.standings == {}
    assert red.reasons == (
        "3 findings at or over low",
        "at most 2 medium findings may be there, and there are 3",
    )


def test_what_broke_counts_against_no_allowance(make: Make) -> None:
    """It is no finding of a project."""
    run = make.run_of(Outcome.FAIL, Outcome.ERROR)
    _, gate = held(run, Rules(at_most=(Allowance(Severity.MEDIUM, 1, by="a test"),)))

    assert (gate.code, gate.reasons) == (ExitCode.POLICY_BROKE, ("a policy broke, 1 verdict",))


def test_a_score_that_is_too_low_is_told_beside_the_findings(make: Make) -> None:
    """Both are why it is red."""
    run = make.run_of(Outcome.FAIL)
    _, gate = held(run, Rules(min_score=MinScore(80)))

    assert gate.reasons == ("1 finding at or over low", "the score is 0 %, below 80 %")


def test_what_is_accepted_is_so_whatever_the_threshold_is(make: Make) -> None:
    """The net score leaves it out, and does not change with what gates."""
    run = make.run_of(Outcome.INCONCLUSIVE, severity=Severity.LOW)
    (result,) = run.results
    key = (result.auditee, "late-thing", "thing-0")
    excused = {key: Standing(Gating.ACCEPTED, "accepted until 2026-12-31, by C. Doyle")}

    for severity in (Severity.LOW, Severity.HIGH, None):
        judged, _ = held(run, Rules(Threshold(severity, "the command line")), excused=excused)

        assert judged.standings[key].gating is Gating.ACCEPTED
        assert Scores(judged).total.accepted == 1


def test_a_member_that_was_not_audited_is_told_once(make: Make) -> None:
    """Where its verdict counts, it is among the findings, and no reason of its own."""
    policy = make.policy(NOT_AUDITED, severity=Severity.CRITICAL)
    verdict = make.verdict(Outcome.FAIL, NOT_AUDITED, subject="hand:pier")
    people = Population(2, 1, ("hand:pier",))
    run = make.run(make.result("hand:quay", verdict), policies=(policy,), population=people)

    _, gate = held(run, Rules())

    assert gate.reasons == ("1 finding at or over low, 1 auditee not audited among them",)
