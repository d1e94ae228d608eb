"""A case that is not met says which expectation, and why; one that is met says nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from auditor.evaluation.cases import CaseResult, run_case
from auditor.facts.snapshot import Roots
from auditor.language.cases import parse_cases
from auditor.language.policy_compiler import compile_plan
from auditor.language.policy_draft import PolicyText
from auditor.model.errors import ConfigError, ErrorGroup
from auditor.usecases.read_policies import functions, snapshot_models

if TYPE_CHECKING:
    from auditor.language.cases import CasesFile

POLICY = """\
id: rule
title: T
why: W
controls: [X-1]
severity: low
fix: F
for: {b: blockers}
empty: not_applicable
at: b.raised_at
require: [{that: b.resolved_at != null, say: '{b.description} is open.'}]
"""
BASE = """\
policy: rule
base:
  snapshot: {schema: {name: project, version: 1}, auditee: "x:1", captured_at: 2026-03-31T18:00:00+02:00, time_zone: Europe/Berlin, gaps: {}}
  project: {id: "x:1", name: X}
  blockers:
    - {id: b1, description: Lift, raised_at: 2026-03-10T00:30:00+01:00, resolved_at: null}
    - {id: b2, description: Door, raised_at: 2026-03-11T10:00:00+01:00, resolved_at: 2026-03-12T10:00:00+01:00}
cases:
"""


def read(case: str) -> CasesFile:
    """Read one case, written as a line of YAML."""
    return parse_cases((BASE + f"  - {case}\n").encode(), path="rule.cases.yaml")


def run(case: str) -> CaseResult:
    """Run one case, written as a line of YAML."""
    return run_in(read(case))


def run_in(file: CasesFile) -> CaseResult:
    """Run the one case of a file."""
    models = snapshot_models()
    text = PolicyText("p/rule.yaml", "p", POLICY.encode())
    plan = compile_plan([text], roots=Roots(models), functions=functions())
    return run_case(file.cases[0], file.base, plan, models)


@pytest.mark.parametrize(
    ("expect", "words"),
    [
        ("{subject: b1, outcome: fail}", None),
        ("{subject: b1, outcome: fail, clause: 0, says: [Lift], witness: [/blockers/0/resolved_at]}", None),
        ("[{subject: b1, outcome: fail}, {subject: b2, outcome: pass}]", None),
        ("{subject: b1, outcome: pass}", "expected pass for 'b1', got fail: Lift is open."),
        ("{subject: b1, outcome: fail, says: [Door]}", "does not say 'Door'"),
        ("{subject: b1, outcome: fail, witness: [/project/name]}", "/project/name is not among the facts"),
        ("{subject: b1, outcome: fail, reason: not_due}", "expected the reason 'not_due'"),
        ("{subject: b1, outcome: fail, clause: 7}", "there is no clause 7"),
        ("{subject: b9, outcome: fail}", "no verdict on 'b9'"),
        ("{outcome: fail}", "must say which subject"),
    ],
)  # fmt: skip
def test_each_expectation_can_fail(expect: str, words: str | None) -> None:
    """By outcome, words, facts, reason, clause and subject."""
    result = run(f"{{name: c, expect: {expect}}}")

    if words is None:
        assert result.differences == ()
    else:
        assert any(words in difference for difference in result.differences)


def test_a_day_as_a_bound_of_the_period_is_that_whole_day() -> None:
    """From its first instant in the auditee's zone to its last: 00:30 in Berlin is 23:30 UTC the day before."""
    period = "{from: 2026-03-10, to: 2026-03-10}"
    result = run(f"{{name: c, period: {period}, expect: {{subject: b1, outcome: fail}}}}")

    assert result.differences == ()
    assert [verdict.subject for verdict in result.verdicts] == ["b1"]


def test_an_instant_that_is_none_is_an_error_at_the_case() -> None:
    """A typo in `as_of` must not be taken for no `as_of`."""
    with pytest.raises(ConfigError, match="no instant") as caught:
        run("{name: c, as_of: soon, expect: {subject: b1, outcome: fail}}")

    assert caught.value.location is not None


@pytest.mark.parametrize(
    "case",
    [
        "{name: c, expect: {outcom: fail}}",
        "{name: c, expects: {outcome: fail}}",
        "{name: c}",
        "{name: c, expect: {outcome: failed}}",
        "{expect: {outcome: fail}}",
    ],
)
def test_a_case_with_a_slip_is_refused(case: str) -> None:
    """An expectation with a typo in it would never fail."""
    with pytest.raises(ErrorGroup):
        run(case)


def test_a_change_of_something_that_is_not_there_is_refused() -> None:
    """A pointer into nowhere tests nothing."""
    with pytest.raises(ErrorGroup, match="1 errors"):
        run("{name: c, remove: [/blockers/7], expect: {subject: b1, outcome: fail}}")


def test_the_base_is_not_changed() -> None:
    """The next case starts from the same facts."""
    change = "set: {/blockers/0/resolved_at: 2026-03-12T10:00:00+01:00}"
    file = read(f"{{name: c, {change}, expect: {{subject: b1, outcome: pass}}}}")
    before = repr(file.base)

    assert run_in(file).passed
    assert repr(file.base) == before
