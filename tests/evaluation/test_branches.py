"""What is recorded of an evaluation: what was asked, and what it came to; and that the recording changes nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from auditor.evaluation.branches import BranchRecorder
from auditor.evaluation.cases import judge_case, prepare_case
from auditor.facts.snapshot import Roots
from auditor.language.branches import boolean_parts
from auditor.language.cases import parse_cases
from auditor.language.plan import Plan
from auditor.language.policy_compiler import read_policies
from auditor.language.policy_draft import PolicyText
from auditor.language.vocabulary import serves
from auditor.model.outcome import Outcome
from auditor.usecases.list_policies import list_policies
from auditor.usecases.read_cases import read_cases
from auditor.usecases.read_policies import (
    PolicyChoice,
    functions,
    packaged_folder,
    snapshot_models,
)
from auditor.usecases.workbench import read_workbench

if TYPE_CHECKING:
    from auditor.language.one_policy import ReadPolicy
    from auditor.usecases.workbench import Workbench

POLICY = """\
id: rule
title: T
why: W
controls: [X-1]
severity: low
fix: F
empty: pass
LET
require: [{that: "THAT", say: "{risks.exists(r, r.owner == 'p9') ? 'a' : 'b'}"}]
"""
CASES = """\
policy: rule
base:
  snapshot: {schema: {name: project, version: 1}, auditee: "x:1", captured_at: 2026-03-31T18:00:00+02:00, time_zone: Europe/Berlin, gaps: {}}
  project: {id: "x:1", name: X}
  risks: RISKS
cases:
  - {name: c, expect: {outcome: pass}}
"""
MANY = [{"id": f"r{number}", "owner": f"p{number}", "description": "A"} for number in range(40)]
TWO = [{"id": "r1", "owner": "p1", "description": "A"}, {"id": "r2", "owner": "p2"}]


def read(that: str, let: str = "") -> ReadPolicy:
    """Read a policy that makes one demand."""
    text = POLICY.replace("THAT", that).replace("LET\n", f"let: {{{let}}}\n" if let else "")
    source = PolicyText("p/rule.yaml", "p", text.encode())
    found = read_policies([source], roots=Roots(snapshot_models()), functions=functions())
    assert found.errors == ()
    return found.policies[0]


def recorded(that: str, risks: list[dict[str, Any]], let: str = "") -> dict[str, set[str]]:
    """Return what each part of a demand came to, by its text."""
    policy, library = read(that, let), functions()
    cases = parse_cases(CASES.replace("RISKS", json.dumps(risks)).encode(), path="rule.cases.yaml")
    recorder = BranchRecorder(policy.policy)
    prepared = prepare_case(cases.cases[0], cases.base, snapshot_models())
    judge_case(prepared, Plan((policy.policy,), library), evaluator=recorder.evaluator)
    return {
        part.text: {came.value for came in recorder.came_of(part.key)}
        for part in boolean_parts(policy, library)
    }


def test_each_element_is_asked() -> None:
    """Of two elements one is and one is not; what is not observed is unknown."""
    assert recorded("risks.exists(r, r.owner == 'p1' && r.description == 'A')", TWO) == {
        "risks.exists(r, r.owner == 'p1' && r.description == 'A')": {"true"},
        "r.owner == 'p1' && r.description == 'A'": {"true", "false"},
        "r.owner == 'p1'": {"true", "false"},
        "r.description == 'A'": {"true"},  # of the second it is not asked
    }
    assert recorded("risks.all(r, r.description == 'A')", TWO) == {
        "risks.all(r, r.description == 'A')": {"unknown"},
        "r.description == 'A'": {"true", "unknown"},
    }


def test_what_is_decided_before_is_not_asked() -> None:
    """Neither the operands behind the one that decides, nor the branch that is not taken."""
    found = recorded("size(risks) == 2 || risks.exists(r, r.id == 'r1')", TWO)
    assert found["size(risks) == 2"] == {"true"}
    assert found["risks.exists(r, r.id == 'r1')"] == found["r.id == 'r1'"] == set()

    found = recorded("size(risks) == 2 ? size(blockers) == 3 : size(blockers) == 4", TWO)
    assert found["size(blockers) == 3"] == {"unknown"}
    assert found["size(blockers) == 4"] == set()


def test_branches_of_an_open_choice_are_not_taken() -> None:
    """Where nobody knows which branch counts, both are looked into for what they wait on: that is no trial."""
    found = recorded("project.phase == 'planning' ? size(risks) == 2 : size(risks) == 4", TWO)

    assert found == {
        "project.phase == 'planning' ? size(risks) == 2 : size(risks) == 4": {"unknown"},
        "project.phase == 'planning'": {"unknown"},
        "size(risks) == 2": set(),
        "size(risks) == 4": set(),
    }


def test_a_name_that_is_only_looked_into_is_not_tried() -> None:
    """Nor is a name that it reads; what is asked for later is tried, though its value is remembered."""
    let = "a: size(risks) == 2, b: a || size(risks) == 3, c: size(risks) == 4"
    choice = "(project.phase == 'planning' ? b : c)"

    found = recorded(choice, TWO, let)
    assert found["size(risks) == 2"] == found["a"] == found["b"] == set()
    assert found["size(risks) == 4"] == found["c"] == set()

    found = recorded(f"{choice} || b", TWO, let)
    assert found["size(risks) == 2"] == found["a"] == found["b"] == {"true"}
    assert found["size(risks) == 3"] == found["size(risks) == 4"] == set()

    found = recorded(f"{choice} && c", TWO, let)
    assert found["size(risks) == 2"] == found["b"] == set()
    assert found["size(risks) == 4"] == found["c"] == {"false"}


def test_what_an_index_leaves_out_is_false() -> None:
    """A long list is not looked through, and the elements that are passed over are false all the same."""
    predicate = "r.owner == 'p1' && r.description == 'A'"

    short, long = (recorded(f"risks.exists(r, {predicate})", risks) for risks in (MANY[:30], MANY))

    assert short == long
    assert long[predicate] == long["r.owner == 'p1'"] == {"true", "false"}
    assert long["r.description == 'A'"] == {"true"}


def test_names_are_recorded_where_they_are_written() -> None:
    """A name is evaluated when it is first read; one that is never read is never asked."""
    let = "a: size(risks) == 2, b: size(risks) == 3"

    found = recorded("a || b", TWO, let)

    assert found["size(risks) == 2"] == found["a"] == {"true"}
    assert found["size(risks) == 3"] == found["b"] == set()


@pytest.fixture(scope="module")
def bench() -> Workbench:
    """Return the shipped policies."""
    return read_workbench()


def shipped() -> list[str]:
    """Return the ids of the shipped policies."""
    found, _ = list_policies([packaged_folder()], PolicyChoice())
    return [one.id for one in found]


@pytest.mark.parametrize("policy", shipped())
def test_recording_changes_no_verdict(bench: Workbench, policy: str) -> None:
    """Every shipped case comes to the same, fact by fact, and to no answer that is told to be impossible."""
    text = next(one for one in bench.texts if one.path.endswith(f"/{policy}.yaml"))
    beside = read_cases(text, policy)
    assert beside.file is not None
    words = [one for one in bench.texts if serves(one, text)]
    plans: dict[str, tuple[ReadPolicy, BranchRecorder]] = {}
    outcomes: set[Outcome] = set()
    for case in beside.file.cases:
        key = repr(case.params)
        if key not in plans:
            found = read_policies(
                [text, *words],
                roots=bench.roots,
                functions=bench.functions,
                params={policy: case.params},
            ).policies[0]
            plans[key] = (found, BranchRecorder(found.policy))
        found, recorder = plans[key]
        plan = Plan((found.policy,), bench.functions)
        prepared = prepare_case(case, beside.base, bench.models)

        plain = judge_case(prepared, plan)
        watched = judge_case(prepared, plan, evaluator=recorder.evaluator)

        assert watched.verdicts == plain.verdicts, case.name
        outcomes.update(verdict.outcome for verdict in plain.verdicts)
    for found, recorder in plans.values():
        for part in boolean_parts(found, bench.functions):
            seen = {came.value for came in recorder.came_of(part.key)} & {"true", "false"}
            assert seen <= {str(answer).lower() for answer in part.answers}, part
    assert {Outcome.PASS, Outcome.FAIL} <= outcomes
