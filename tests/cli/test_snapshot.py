"""``auditor snapshot`` validates and shows."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Command

FAULTY = """\
snapshot:
  schema: {name: project, version: 1}
  auditee: hand:zeus
  captured_at: 2026-09-30
  time_zone: Europe/Berlim
  sources: []
project:
  id: hand:apollo
  phase: exection
aprovals: []
"""


def test_every_fault_with_its_place(place: Path, auditor: Command) -> None:
    """File, line, column, what was found, what was wanted, the nearest: all faults in one run."""
    (place / "zeus.yaml").write_text(FAULTY, encoding="utf-8")

    done = auditor("snapshot", "validate", "zeus.yaml")

    assert (done.code, done.err) == (4, "")
    assert re.findall(r"--> (\S+)", done.out) == [
        "zeus.yaml:3:12",
        "zeus.yaml:4:16",
        "zeus.yaml:5:14",
        "zeus.yaml:9:10",
        "zeus.yaml:10:11",
    ]
    for words in (
        "/snapshot/auditee: found 'hand:zeus', wanted",
        "/snapshot/captured_at: found '2026-09-30', wanted an instant",
        "/snapshot/time_zone: found 'Europe/Berlim', wanted",
        "/project/phase: found 'exection', wanted",
        "did you mean 'execution'?",
        "/aprovals: found the unknown key 'aprovals', wanted",
        "did you mean 'approvals'?",
    ):
        assert words in done.out
    assert " 9 |   phase: exection\n   |          ^^^^^^^^" in done.out


def test_valid_and_broken_side_by_side(place: Path, auditor: Command) -> None:
    """Each input has its own word; one broken one makes exit 4."""
    (place / "snapshots" / "zeus.json").write_text('{"snapshot": }', encoding="utf-8")
    (place / "snapshots" / "other.json").write_text("{}", encoding="utf-8")

    done = auditor("snapshot", "validate", "snapshots", "nowhere")

    assert done.code == 4
    assert "snapshots/apollo.json: valid\n" in done.out
    assert "--> snapshots/zeus.json:1:14" in done.out
    assert "there is no file or folder 'nowhere'" in done.out
    assert "other.json" not in done.out


def test_nothing_to_validate(place: Path, auditor: Command) -> None:
    """Nothing validated is not valid."""
    (place / "empty").mkdir()

    assert auditor("snapshot", "validate", "empty").code == 3
    assert auditor("snapshot", "show", "empty").code == 3


def test_demo_is_valid(root: Path, auditor: Command) -> None:
    """Every project of the demonstration keeps the schema."""
    done = auditor("snapshot", "validate", root / "fixtures/portfolio")

    assert done.code == 0, done.out
    assert len(done.out.splitlines()) == 14


def test_show_tells_nothing_from_not_known(place: Path, auditor: Command) -> None:
    """A count of zero, a list that was cut short and a list that nobody knows are three things."""
    path = place / "snapshots" / "apollo.json"
    snapshot = json.loads(path.read_bytes())
    snapshot["snapshot"] |= {
        "gaps": {
            "/approvals": "truncated",
            "/risks": "no_permission",
            "/sprints/*/closed_at": "not_supported",
        },
        "assumptions": ["the zone was assumed"],
        "calendar": {"working_days": ["mon", "tue"]},
    }
    snapshot["sprints"] = []
    path.write_text(json.dumps(snapshot), encoding="utf-8")

    done = auditor("snapshot", "show", "snapshots/apollo.json")

    assert done.code == 0
    lines = [" ".join(line.split()) for line in done.out.splitlines()]
    assert lines[0] == "Apollo (hand:apollo), project, snapshots/apollo.json"
    assert "captured 2026-09-30 18:00 +02:00" in lines
    assert "time zone Europe/Berlin" in lines
    assert "calendar mon tue, hours not recorded, holidays not recorded" in lines
    assert "source hand: manual, retrieved 2026-09-30 18:00 +02:00" in lines
    assert "holds approvals 1, sprints 0" in lines
    assert "in part approvals: there is more that was not read" in lines
    assert "not known risks (no permission)" in lines
    assert "not known actions (unobserved)" in lines
    assert "gap /sprints/*/closed_at (not supported)" in lines
    assert "assumed the zone was assumed" in lines


def test_show_goes_on_after_a_broken_one(place: Path, auditor: Command) -> None:
    """What can be shown is shown."""
    (place / "snapshots" / "zeus.json").write_text('{"snapshot": }', encoding="utf-8")

    done = auditor("snapshot", "show", "snapshots")

    assert done.code == 4
    assert "Apollo (hand:apollo)" in done.out
    assert "--> snapshots/zeus.json:1:14" in done.err


def test_show_counts_gaps_of_one_kind(place: Path, auditor: Command) -> None:
    """Gaps that differ by the record alone are one line with their number; the lines are sorted."""
    path = place / "snapshots" / "apollo.json"
    snapshot = json.loads(path.read_bytes())
    snapshot["sprints"] = [
        {"id": f"s{n}", "prov": {"source": "hand", "method": "manual"}} for n in range(12)
    ]
    snapshot["snapshot"]["gaps"] = {
        **{f"/sprints/{n}/name": "unparsed" for n in range(12)},
        "/sprints/3/closed_at": "no_permission",
        "/sprints/*/started_at": "not_supported",
    }
    path.write_text(json.dumps(snapshot), encoding="utf-8")

    done = auditor("snapshot", "show", "snapshots/apollo.json")

    assert done.code == 0, done.err
    lines = [" ".join(line.split()) for line in done.out.splitlines()]
    assert [line for line in lines if line.startswith("gap ")] == [
        "gap /sprints/*/name (unparsed), 12 places",
        "gap /sprints/*/started_at (not supported)",
        "gap /sprints/3/closed_at (no permission)",
    ]


def test_coverage_says_what_is_needed_known_and_missing(place: Path, auditor: Command) -> None:
    """What the one policy reads, where it is from, and what to do about what is not there."""
    path = place / "snapshots" / "apollo.json"
    snapshot = json.loads(path.read_bytes())
    snapshot["snapshot"]["gaps"] = {"/approvals/*/at": "no_permission"}
    path.write_text(json.dumps(snapshot), encoding="utf-8")
    pack = place / "policies" / "trial" / "nothing-approved.yaml"
    pack.write_text(
        pack.read_text("utf-8") + "due: risks.earliest(r, r.raised_at).raised_at\n", "utf-8"
    )

    done = auditor("snapshot", "show", "--coverage", "snapshots", "--policies", "policies")

    lines = [" ".join(line.split()) for line in done.out.splitlines()]
    assert done.code == 0, done.err
    assert lines[0] == "Apollo (hand:apollo), project, snapshots/apollo.json"
    assert "/approvals/*/at not known 0 of 1 - 1" in lines
    assert "/risks/*/raised_at not known - - 1" in lines
    assert "- no permission: /approvals/*/at" in lines
    assert (
        "1 policy waits; give the collecting account the right to read it, then collect again"
        in lines
    )
    assert "- unobserved: /risks" in lines


@pytest.mark.usefixtures("place")
def test_policies_are_chosen_for_coverage_only(auditor: Command) -> None:
    """An option that would do nothing is a slip, not silence."""
    done = auditor("snapshot", "show", "snapshots", "--pack", "seef")

    assert done.code == 2
    assert "add --coverage" in done.err


def test_schemas_are_printed_as_they_are(root: Path, auditor: Command) -> None:
    """Byte for byte the file that editors read; a name that is none points at the nearest."""
    for name, file in (("project", "snapshot-project"), ("mapping", "mapping")):
        done = auditor("snapshot", "schema", name)
        assert done.code == 0
        assert done.out.encode() == (root / f"schemas/{file}.schema.json").read_bytes()
    assert auditor("snapshot", "schema").out == auditor("snapshot", "schema", "project").out

    done = auditor("snapshot", "schema", "projekt")
    assert (done.code, done.out) == (2, "")
    assert "did you mean 'project'?" in done.err


def test_diff_tells_facts_apart(place: Path, auditor: Command) -> None:
    """What came, went, changed or became known; instants in the zone of the auditee."""
    path = place / "snapshots" / "apollo.json"
    new = json.loads(path.read_bytes())
    new["snapshot"]["captured_at"] = "2026-10-31T18:00:00+01:00"
    new["risks"] = [{"id": "k1", "description": "Data may be late"}]
    new["approvals"][0]["at"] = "2026-09-02T07:00:00Z"
    (place / "new.json").write_text(json.dumps(new), encoding="utf-8")

    done = auditor("snapshot", "diff", "snapshots", "new.json")

    assert done.code == 0, done.err
    assert "old Apollo (hand:apollo), captured 2026-09-30 18:00 +02:00" in done.out
    assert "risks\n      not known (unobserved) -> " in done.out
    assert "-> 2026-09-02 09:00 +02:00" in done.out
    assert auditor("snapshot", "diff", "new.json", "new.json").out.endswith("no fact differs\n")


def test_diff_wants_two_snapshots(place: Path, auditor: Command) -> None:
    """A folder of several, or one of nothing, is told from a difference."""
    both = json.loads((place / "snapshots/apollo.json").read_bytes())
    both["snapshot"]["auditee"] = both["project"]["id"] = "hand:zeus"
    (place / "snapshots/zeus.json").write_text(json.dumps(both), encoding="utf-8")
    (place / "empty").mkdir()

    done = auditor("snapshot", "diff", "snapshots", "snapshots/zeus.json")
    assert (done.code, done.out) == (2, "")
    assert "holds 2 snapshots" in done.err
    assert auditor("snapshot", "diff", "snapshots/zeus.json", "empty").code == 3
    assert auditor("snapshot", "diff", "snapshots/zeus.json", "nowhere").code == 4


def test_ids_that_name_nothing_are_told_and_are_no_fault(place: Path, auditor: Command) -> None:
    """With the place: the snapshot is valid, somebody should look."""
    path = place / "snapshots" / "apollo.json"
    snapshot = json.loads(path.read_bytes())
    snapshot["parties"] = []
    snapshot["approvals"][0]["by"] = "p-nobody"
    path.write_text(json.dumps(snapshot, indent=1), encoding="utf-8")

    done = auditor("snapshot", "validate", "snapshots")

    line = " ".join(done.out.split())
    assert done.code == 0
    assert line.startswith("snapshots/apollo.json: valid - /approvals/0/by names 'p-nobody',")
    assert re.search(r"which is not among the parties <snapshots/apollo.json:\d+:\d+>", line)
