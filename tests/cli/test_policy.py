"""``auditor policy test`` runs the cases that stand beside the policies."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Command

CASES = """\
policy: nothing-approved
base: ../../snapshots/apollo.json
cases:
  - name: approved in time
    expect: {outcome: pass}
  - name: approved at the very instant of the start
    set: {/approvals/0/at: 2026-09-01T08:00:00+02:00}
    expect: {outcome: pass, witness: [/approvals/0/at]}
  - name: approved too late
    set: {/approvals/0/at: 2026-09-01T08:00:01+02:00}
    expect: {outcome: fail, says: [Nobody]}
  - name: nobody may see the approvals
    remove: [/approvals]
    expect: {outcome: inconclusive}
  - name: judged on the day before
    as_of: 2026-08-31
    expect: {outcome: not_applicable}
"""


@pytest.fixture
def cases(place: Path) -> Path:
    """Put cases beside the policy of the place."""
    path = place / "policies" / "trial" / "nothing-approved.cases.yaml"
    path.write_text(CASES, encoding="utf-8")
    return path


def test_cases_pass(cases: Path, auditor: Command) -> None:
    """A policy that does what its cases say is one line and exit 0."""
    done = auditor("policy", "test", "--policies", "policies")

    assert done.code == 0, cases
    assert done.out == "ok nothing-approved: 5 of 5 cases\n"
    assert done.err == "1 policy, 5 cases, 0 not as expected\n"


def test_case_that_fails_says_how(cases: Path, auditor: Command) -> None:
    """The case with its place, what was expected and what came out; exit 1."""
    cases.write_text(
        CASES.replace("{outcome: fail, says: [Nobody]}", "{outcome: pass}"), encoding="utf-8"
    )

    done = auditor("policy", "test", "nothing-approved", "--policies", "policies")

    assert done.code == 1
    assert "FAILED nothing-approved: 4 of 5 cases as expected" in done.out
    assert (
        "FAILED approved too late\n    at policies/trial/nothing-approved.cases.yaml:9:5\n"
        in done.out
    )
    assert "expected pass for 'hand:apollo', got fail" in done.out


def test_policy_without_cases_is_not_tested(place: Path, auditor: Command) -> None:
    """Silence would read as success."""
    done = auditor("policy", "test", "--policies", "policies")

    assert done.code == 3, place
    assert done.out == "NO CASES nothing-approved\n"
    assert "error[nothing-audited]: there is no case to be run" in done.err


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        pytest.param("expect: {outcome: fail", "expct: {outcome: fail", ":11:5", id="unknown-key"),
        pytest.param("outcome: inconclusive", "outcome: unsure", ":14:23", id="no-outcome"),
        pytest.param("remove: [/approvals]", "remove: [/aprovals]", ":13:14", id="no-such-place"),
        pytest.param("as_of: 2026-08-31", "as_of: yesterday", ":16:12", id="no-instant"),
        pytest.param("at: 2026-09-01T08:00:01+02:00", "at: soon", ":10:28", id="breaks-the-schema"),
        pytest.param("cases:\n", "cases: [\n", ":", id="broken-yaml"),
    ],
)
def test_broken_cases(old: str, new: str, where: str, cases: Path, auditor: Command) -> None:
    """Cases that cannot be run are an error with its place, not a failure of the policy; exit 4."""
    assert old in CASES
    cases.write_text(CASES.replace(old, new), encoding="utf-8")

    done = auditor("policy", "test", "--policies", "policies")

    assert done.code == 4
    assert "Traceback" not in done.err
    assert f"policies/trial/nothing-approved.cases.yaml{where}" in done.err, done.err


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("remove: [/approvals]", "remove: [/aprovals]", "changes something that is not there"),
        ("as_of: 2026-08-31", "as_of: yesterday", "'yesterday' is no instant"),
    ],
)
def test_case_that_cannot_be_run_counts_as_not_passed(
    old: str, new: str, why: str, cases: Path, auditor: Command
) -> None:
    """A case that nobody could run is not one that was never written."""
    cases.write_text(CASES.replace(old, new), encoding="utf-8")

    done = auditor("policy", "test", "--policies", "policies")
    told = " ".join(done.out.split())

    assert done.code == 4
    assert "FAILED nothing-approved: 4 of 5 cases as expected" in told
    assert "- it cannot be run: " in told
    assert why in told
    assert "1 policy, 5 cases, 1 not as expected" in done.err


def test_base_that_is_not_there(cases: Path, auditor: Command) -> None:
    """A base snapshot is looked for beside the cases."""
    cases.write_text(CASES.replace("apollo.json", "none.json"), encoding="utf-8")

    done = auditor("policy", "test", "--policies", "policies")

    assert done.code == 4
    assert "cannot read 'snapshots/none.json'" in done.err


def test_broken_policy_does_not_hide_the_others(cases: Path, auditor: Command) -> None:
    """What can be tested is tested."""
    (cases.parent / "other.yaml").write_text("id: [", encoding="utf-8")

    done = auditor("policy", "test", "--policies", "policies")

    assert done.code == 4
    assert "--> policies/trial/other.yaml:1" in done.err
    assert "ok nothing-approved: 5 of 5 cases" in done.out


def test_no_such_policy(cases: Path, auditor: Command) -> None:
    """A slip in a name is a slip, no policy at all is nothing."""
    (cases.parent.parent.parent / "empty").mkdir()

    assert auditor("policy", "test", "nothing-aproved", "--policies", "policies").code == 2
    assert auditor("policy", "test", "--policies", "empty").code == 3


def test_parameters_of_a_case(cases: Path, auditor: Command) -> None:
    """A case may set the parameters that a profile could set."""
    policy = cases.parent / "nothing-approved.yaml"
    text = policy.read_text(encoding="utf-8").replace(
        "controls:", "params: {word: {default: approved}}\ncontrols:"
    )
    policy.write_text(
        text.replace("a.at.by", "a.decision == params.word && a.at.by"), encoding="utf-8"
    )
    extra = json.dumps(
        {"name": "rejected", "params": {"word": "rejected"}, "expect": {"outcome": "fail"}}
    )
    cases.write_text(f"{CASES}  - {extra}\n", encoding="utf-8")

    done = auditor("policy", "test", "--policies", "policies", "--verbose")

    assert done.code == 0, done.out
    assert "  ok rejected\n" in done.out


def test_list_names_every_policy_with_what_it_decides(root: Path, auditor: Command) -> None:
    """Every packaged policy, by pack, with severity, target and controls."""
    done = auditor("policy", "list")

    lines = [line.split() for line in done.out.splitlines() if line.startswith("  ")]
    on_disk = {
        path.stem
        for path in (root / "policies").glob("*/*.yaml")
        if not path.name.endswith(".cases.yaml")
        and path.name not in {"pack.yaml", "catalogue.yaml"}
    }
    assert done.code == 0
    assert {line[0] for line in lines} == on_disk
    assert ["execution-before-dm-sign-off", "critical", "project", "SEEF-PLN-04"] in lines


def test_list_in_full(auditor: Command) -> None:
    """What a policy is about, and what may be set."""
    done = auditor("policy", "list", "--pack", "seef", "--verbose")

    assert "Execution began before the Delivery Manager signed off the baseline" in done.out
    assert "approver_role: DM" in done.out


def test_list_goes_on_beside_a_broken_policy(place: Path, auditor: Command) -> None:
    """The others are listed, the broken one is named, and the exit code says so."""
    (place / "policies/trial/broken.yaml").write_text("id: broken\n", encoding="utf-8")

    done = auditor("policy", "list", "--policies", "policies")

    assert done.code == 4
    assert "nothing-approved" in done.out
    assert "policies/trial/broken.yaml:1" in done.err
    assert auditor("policy", "list", "--pack", "seeff").code == 2


def test_cases_of_another_policy_test_nothing(place: Path, auditor: Command) -> None:
    """They would pass for a policy that nobody tested."""
    (place / "policies/trial/nothing-approved.cases.yaml").write_text(
        "policy: something-else\nbase: ../../snapshots/apollo.json\n"
        "cases: [{name: a, expect: {outcome: pass}}]\n",
        encoding="utf-8",
    )

    done = auditor("policy", "test", "--policies", "policies")

    assert done.code == 4
    assert "these are the cases of 'something-else'" in done.err
