"""``auditor check`` with a profile, a population and past audits."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Command

POPULATION = """\
id: all
name: All projects
time_zone: Europe/Berlin
members:
  - {id: "hand:apollo", name: Apollo, target: project}
  - {id: "hand:zeus", name: Zeus, target: project}
  - id: hand:luna
    name: Luna
    target: project
    exclusion: {kind: advisory_call, reason: Two calls and nothing else, by: Ines, at: 2026-09-01}
"""
PROFILE = """\
id: acme
title: Acme delivery
owner: Head of Delivery
version: "2026.1"
population: population.yaml
severities:
  nothing-approved: {value: low, reason: Approvals are being moved to another tool, by: Ines, on: 2026-08-01}
"""


@pytest.fixture
def organisation(place: Path) -> Path:
    """Return a folder with a profile and a population beside the snapshots."""
    folder = place / "organisation"
    folder.mkdir()
    (folder / "population.yaml").write_text(POPULATION, encoding="utf-8")
    (folder / "profile.yaml").write_text(PROFILE, encoding="utf-8")
    return folder


def another(place: Path, name: str) -> None:
    """Add a snapshot of another project."""
    snapshot: dict[str, Any] = json.loads((place / "snapshots/apollo.json").read_bytes())
    snapshot["snapshot"]["auditee"] = snapshot["project"]["id"] = f"hand:{name}"
    (place / f"snapshots/{name}.json").write_text(json.dumps(snapshot), encoding="utf-8")


CHECK = ("check", "snapshots", "--policies", "policies", "--pack", "trial")


def test_a_member_without_a_snapshot_is_a_finding(place: Path, auditor: Command) -> None:
    """Named, counted and gated, with the place in the population file."""
    (place / "population.yaml").write_text(POPULATION, encoding="utf-8")

    done = auditor("check", "snapshots", "--population", "population.yaml", "--pack", "audit")

    assert done.code == 1
    assert "Population 2 in scope, 1 audited, 1 missing: Zeus (hand:zeus); 1 excluded" in done.out
    assert "Zeus is in the population, and no snapshot of it could be judged." in done.out
    assert "<population.yaml:6:5>" in done.out


def test_a_missing_member_is_why_the_run_ends_so(place: Path, auditor: Command) -> None:
    """Where no policy was chosen that says it, the last line does."""
    (place / "population.yaml").write_text(POPULATION, encoding="utf-8")

    done = auditor(*CHECK, "--population", "population.yaml")

    assert done.code == 1
    assert "exit 1: 1 auditee not audited" in done.err


def test_a_population_of_whom_nothing_was_handed_in_is_missing(
    place: Path, auditor: Command
) -> None:
    """Without a snapshot no instant is settled; the members are there all the same."""
    (place / "population.yaml").write_text(POPULATION, encoding="utf-8")
    (place / "nothing").mkdir()

    done = auditor("check", "nothing", "--population", "population.yaml")

    assert done.code == 3
    assert "Population 2 in scope, 0 audited, 2 missing: Apollo (hand:apollo), Zeus" in done.out


def test_a_population_of_excluded_members_alone_is_no_success(
    place: Path, auditor: Command
) -> None:
    """Nobody was audited, so nothing is green."""
    left_out = "exclusion: {kind: call, reason: One call only, by: Ines, at: 2026-01-01}"
    text = f"id: all\nname: All\ntime_zone: UTC\nmembers: [{{id: 'hand:apollo', name: Apollo, {left_out}}}]\n"
    (place / "population.yaml").write_text(text, encoding="utf-8")

    done = auditor("check", "snapshots", "--population", "population.yaml", "--pack", "audit")

    assert done.code == 3


def test_an_excluded_member_is_not_judged(place: Path, auditor: Command) -> None:
    """Whatever was handed in of it: the reason stands in the report."""
    another(place, "luna")
    (place / "population.yaml").write_text(POPULATION, encoding="utf-8")

    done = auditor(*CHECK, "--population", "population.yaml", "-f", "json")

    judged = {result["auditee"] for result in done.results["results"]}
    assert "hand:luna" not in judged
    assert done.results["population"]["excluded"] == [
        {
            "name": "hand:luna",
            "reason": "advisory_call, by Ines on 2026-09-01: Two calls and nothing else",
        }
    ]
    assert any(
        other["name"] == "snapshots/luna.json" and "hand:luna is excluded" in other["reason"]
        for other in done.results["not_used"]
    )


def test_somebody_who_is_no_member_is_told(place: Path, auditor: Command) -> None:
    """Judged, and named: the population may be out of date."""
    another(place, "mars")
    (place / "population.yaml").write_text(POPULATION, encoding="utf-8")

    done = auditor(*CHECK, "--population", "population.yaml", "-f", "json")

    assert done.results["population"]["not_listed"] == ["hand:mars"]


def test_what_was_relaxed_is_printed_first(organisation: Path, auditor: Command) -> None:
    """Who, when and why, before any verdict; the profile is named with its digest."""
    done = auditor(*CHECK, "--profile", "organisation/profile.yaml")

    assert organisation.is_dir()
    first = " ".join(done.out.split("\n\n")[0].split())
    assert first.startswith(
        "! relaxed: nothing-approved: severity high -> low, by Ines on 2026-08-01"
    )
    assert "Approvals are being moved to another tool" in first
    assert "Profile    acme, version 2026.1," in done.out


def test_a_broken_profile_judges_nothing(organisation: Path, auditor: Command) -> None:
    """Nobody knows what the rules would have been; the fault is shown with its place."""
    profile = organisation / "profile.yaml"
    profile.write_text(PROFILE.replace("reason: Approvals", "reson: Approvals"), encoding="utf-8")

    done = auditor(*CHECK, "--profile", "organisation/profile.yaml")

    assert done.code == 4
    assert "--> organisation/profile.yaml:7:" in done.err
    assert "did you mean 'reason'?" in done.err
    assert "Nothing was audited" in done.out


def test_a_repository_can_only_tighten(organisation: Path, place: Path, auditor: Command) -> None:
    """Its auditor.yaml raises a severity that the profile lowered; lowering one is an error."""
    config = place / "snapshots" / "auditor.yaml"
    config.write_text("severities: {nothing-approved: critical}\n", encoding="utf-8")
    raised = auditor(*CHECK, "--profile", "organisation/profile.yaml", "-f", "json")
    severities = {one["id"]: one["severity"] for one in raised.results["policies"]}
    assert organisation.is_dir()
    assert severities["nothing-approved"] == "critical"

    config.write_text("severities: {nothing-approved: low}\n", encoding="utf-8")
    lowered = auditor(*CHECK)
    assert lowered.code == 4
    assert "--> snapshots/auditor.yaml:1:" in lowered.err


def test_a_recorded_run_is_a_past_audit(place: Path, auditor: Command) -> None:
    """What check writes as JSON can be handed back; what somebody altered is an error."""
    (place / "population.yaml").write_text(POPULATION, encoding="utf-8")
    (place / "past").mkdir()
    auditor(*CHECK, "-f", "json=past/q2.json")

    done = auditor(
        "check", "snapshots", "--population", "population.yaml", "--audits", "past", "-f", "json"
    )
    assert done.results["problems"] == []

    recorded = (place / "past/q2.json").read_text("utf-8")
    (place / "past/q2.json").write_text(recorded.replace('"pass"', '"fail"', 1), encoding="utf-8")
    done = auditor("check", "snapshots", "--audits", "past")
    assert done.code == 4
    assert "past/q2.json" in done.err


def test_an_old_snapshot_is_a_finding(place: Path, auditor: Command) -> None:
    """Even where nobody named a population: its verdicts are about another day."""
    done = auditor("check", "snapshots", "--as-of", "2026-12-31", "--pack", "audit")

    assert done.code == 1
    assert place.is_dir()
    assert "snapshot-stale" in done.out


def test_two_snapshots_captured_at_the_same_instant(place: Path, auditor: Command) -> None:
    """Neither is judged, and with a population the project is missing."""
    snapshot: dict[str, Any] = json.loads((place / "snapshots/apollo.json").read_bytes())
    snapshot["project"]["name"] = "Another Apollo"
    (place / "snapshots/twin.json").write_text(json.dumps(snapshot), encoding="utf-8")
    (place / "population.yaml").write_text(POPULATION, encoding="utf-8")

    done = auditor(*CHECK, "--population", "population.yaml")

    assert done.code == 4
    assert "error[conflict]" in done.err
    assert "2 missing: Apollo (hand:apollo), Zeus (hand:zeus)" in done.out


def test_a_population_that_is_called_like_a_project(place: Path, auditor: Command) -> None:
    """Two documents of one id would count twice."""
    text = POPULATION.replace("id: all", "id: hand:apollo", 1)
    (place / "population.yaml").write_text(text, encoding="utf-8")

    done = auditor("check", "snapshots", "--population", "population.yaml", "--pack", "audit")

    assert done.code == 4
    assert "error[population]" in done.err


def excluded(place: Path) -> None:
    """Make the project one that is validly excluded."""
    path = place / "snapshots/apollo.json"
    snapshot: dict[str, Any] = json.loads(path.read_bytes())
    snapshot["project"] |= {
        "engagements": ["advisory"],
        "exclusion": {"kind": "advisory_call", "reason": "Two calls on a tender"},
    }
    snapshot["risks"] = [{"id": "k1", "description": "Late data", "probability": 5, "impact": 5}]
    path.write_text(json.dumps(snapshot), encoding="utf-8")


EXTENDED = """\
id: acme
title: Acme delivery
owner: Head of Delivery
version: "1"
exclusions:
  - {framework: sdf, reason: The clients agreed to one scope for all, by: Ines, on: 2026-08-01}
"""


def test_an_exclusion_can_reach_other_frameworks(place: Path, auditor: Command) -> None:
    """C16: the other texts know none, so that only a profile can say so; it is told as relaxed."""
    excluded(place)
    (place / "profile.yaml").write_text(EXTENDED, encoding="utf-8")
    check = ("check", "snapshots", "--pack", "sdf", "-f", "json")

    alone = auditor(*check).verdicts()["hand:apollo"]
    extended = auditor(*check, "--profile", "profile.yaml")

    assert alone["high-risk-without-plan"] != "not_applicable"
    assert extended.verdicts()["hand:apollo"]["high-risk-without-plan"] == "not_applicable"
    assert "exempts from sdf" in extended.results["relaxed"][0]


def test_fields_of_the_organisations_own_are_checked(place: Path, auditor: Command) -> None:
    """In snapshots and in policies, by the schema that the profile names."""
    (place / "profile.yaml").write_text(
        'id: acme\ntitle: A\nowner: O\nversion: "1"\next: own.yaml\n', encoding="utf-8"
    )
    (place / "own.yaml").write_text(
        "project: {type: object, properties: {cost_centre: {type: string}}}\n", encoding="utf-8"
    )
    path = place / "snapshots/apollo.json"
    snapshot: dict[str, Any] = json.loads(path.read_bytes())
    snapshot["project"]["ext"] = {"cost_center": "4711"}
    path.write_text(json.dumps(snapshot), encoding="utf-8")

    done = auditor(*CHECK, "--profile", "profile.yaml")
    assert done.code == 4
    assert "/project/ext/cost_center: found the unknown key" in done.err
    assert "did you mean 'cost_centre'?" in done.err

    (place / "own.yaml").write_text("projekt: {type: object}\n", encoding="utf-8")
    done = auditor(*CHECK, "--profile", "profile.yaml")
    assert done.code == 4
    assert "error[extension]" in done.err
    assert "--> own.yaml:1:1" in done.err


def test_the_order_of_paths_decides_nothing(place: Path, auditor: Command) -> None:
    """Two snapshots of one instant in two zones: the run says its instant in the same one."""
    another(place, "aries")
    path = place / "snapshots/aries.json"
    snapshot: dict[str, Any] = json.loads(path.read_bytes())
    snapshot["snapshot"]["time_zone"] = "Pacific/Auckland"
    path.write_text(json.dumps(snapshot), encoding="utf-8")
    both = ["snapshots/apollo.json", "snapshots/aries.json"]

    one = auditor("check", *both, "--policies", "policies", "-f", "json")
    other = auditor("check", *reversed(both), "--policies", "policies", "-f", "json")

    assert one.results["as_of"] is not None
    assert one.out == other.out


def test_nobody_is_two_auditees_at_once(place: Path, auditor: Command) -> None:
    """Who says to have been another one, which is judged itself, is not judged."""
    another(place, "zeus")
    path = place / "snapshots/zeus.json"
    snapshot: dict[str, Any] = json.loads(path.read_bytes())
    snapshot["snapshot"]["formerly"] = ["hand:apollo"]
    path.write_text(json.dumps(snapshot), encoding="utf-8")

    done = auditor(*CHECK, "-f", "json")

    assert done.code == 4
    assert (
        "error[conflict]: 'snapshots/zeus.json' says that it was formerly hand:apollo" in done.err
    )
    assert [result["auditee"] for result in done.results["results"]] == ["hand:apollo"]


@pytest.mark.parametrize("folder", ["a-first", "z-last"])
def test_an_added_policy_pushes_none_out(place: Path, auditor: Command, folder: str) -> None:
    """Of two with one id the added one is at fault, whatever its folder is called."""
    added = place / "snapshots" / folder / "own"
    added.mkdir(parents=True)
    policy = (place / "policies/trial/nothing-approved.yaml").read_text("utf-8")
    policy = policy.replace("id: nothing-approved", "id: blocker-not-escalated")
    (added / "blocker-not-escalated.yaml").write_text(policy, encoding="utf-8")
    (place / "snapshots/auditor.yaml").write_text(f"policies: [{folder}]\n", encoding="utf-8")

    done = auditor("check", "snapshots", "-f", "json", "--fail-on", "never")

    assert done.code == 4
    assert f"--> snapshots/{folder}/own/blocker-not-escalated.yaml:1:" in done.err
    judged = {one["id"]: one["controls"] for one in done.results["policies"]}
    assert judged["blocker-not-escalated"] == ["SEEF-MON-04"]


def test_a_run_of_single_policies_audits_no_pack(place: Path, auditor: Command) -> None:
    """It is recorded, and says so."""
    done = auditor(*CHECK, "--policy", "nothing-approved", "-f", "json")

    assert done.results["only"] == ["nothing-approved"]
    assert auditor(*CHECK, "-f", "json").results["only"] == []
    assert place.is_dir()


def test_a_broken_attestation_is_no_missing_auditee(place: Path, auditor: Command) -> None:
    """It is an input that could not be read, and nobody's snapshot."""
    folder = place / "repository" / "delivery"
    (folder / "attestations").mkdir(parents=True)
    (folder / "project.yaml").write_text(
        "captured_at: 2026-09-30T18:00:00+02:00\ntime_zone: UTC\nproject: {id: hand:leto}\n",
        encoding="utf-8",
    )
    (folder / "attestations/a.yaml").write_text("attestation: {}\n", encoding="utf-8")

    done = auditor("check", "repository", "--policies", "policies", "-f", "json")

    assert done.code == 4
    assert done.results["population"] | {"names": []} == {
        "in_scope": 1, "audited": 1, "missing": [], "excluded": [], "not_listed": [], "names": [],
    }  # fmt: skip
