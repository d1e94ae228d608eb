"""``auditor check`` judges what there is, reports it where it was asked to, and gates."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Command

AUDITOR = Path(sys.executable).with_name("auditor")


def write(place: Path, name: str, **head: Any) -> dict[str, Any]:
    """Write a snapshot beside the one of the place, with other values in its head; return it."""
    snapshot: dict[str, Any] = json.loads((place / "snapshots" / "apollo.json").read_bytes())
    snapshot["snapshot"] |= head
    snapshot["project"]["id"] = snapshot["snapshot"]["auditee"]
    (place / "snapshots" / name).write_text(json.dumps(snapshot), encoding="utf-8")
    return snapshot


def failing(place: Path) -> None:
    """Write a project that fails: nothing was approved."""
    snapshot = write(place, "zeus.json", auditee="hand:zeus")
    snapshot["approvals"] = []
    (place / "snapshots" / "zeus.json").write_text(json.dumps(snapshot), encoding="utf-8")


def test_pass_is_exit_zero(place: Path, auditor: Command) -> None:
    """A project without findings ends with 0 and says nothing on stderr."""
    done = auditor("check", "snapshots", "--policies", "policies")

    assert (done.code, done.err) == (0, ""), place
    assert "1 pass" in done.out


@pytest.mark.parametrize(
    ("fail_on", "code"),
    [("low", 1), ("medium", 1), ("high", 1), ("critical", 0), ("never", 0)],
)
def test_gate(fail_on: str, code: int, place: Path, auditor: Command) -> None:
    """A finding of a high policy gates from low to high."""
    failing(place)

    done = auditor("check", "snapshots", "--policies", "policies", "--fail-on", fail_on)

    assert done.code == code
    assert ("1 finding at or over" in done.err) is (code == 1)


def test_broken_policy_outranks_findings(place: Path, auditor: Command) -> None:
    """A policy that breaks while it is evaluated ends with 5, and shows as an error verdict."""
    failing(place)
    policy = (place / "policies" / "trial" / "nothing-approved.yaml").read_text(encoding="utf-8")
    policy = policy.replace("id: nothing", "empty: fail\nid: anything")
    policy = policy.replace(
        "approvals.exists(", "1 / (size(approvals) - size(approvals)) == 1 || approvals.exists("
    )
    (place / "policies" / "trial" / "anything-approved.yaml").write_text(policy, encoding="utf-8")

    done = auditor(
        "check", "snapshots", "--policies", "policies", "-f", "json", "--fail-on", "never"
    )

    assert done.code == 5
    assert done.verdicts()["hand:zeus"] == {
        "anything-approved": "error",
        "nothing-approved": "fail",
    }


def test_reports_go_where_they_are_asked_to(place: Path, auditor: Command) -> None:
    """Several formats in one run, each whole; what was written is told on stderr."""
    done = auditor(
        "check",
        "snapshots",
        "--policies",
        "policies",
        "-f",
        "text",
        "-f",
        "json=a.json",
        "-f",
        "junit:jenkins=b.xml",
    )

    assert done.code == 0
    assert done.out.startswith("Population")
    assert json.loads((place / "a.json").read_bytes())["totals"]["pass"] == 1
    assert (place / "b.xml").read_bytes().startswith(b"<?xml")
    assert done.err == "wrote json to a.json\nwrote junit to b.xml\n"


def test_target_that_cannot_be_written_stops_no_other(place: Path, auditor: Command) -> None:
    """The error names it, the others are written, and the run is not green."""
    done = auditor(
        "check",
        "snapshots",
        "--policies",
        "policies",
        "-f",
        "json=none/a.json",
        "-f",
        "junit=b.xml",
    )

    assert done.code == 2
    assert "error[output]: cannot write 'none/a.json'" in done.err
    assert "make the folder 'none' first" in done.err
    assert (place / "b.xml").stat().st_size > 0


def test_findings_outrank_a_target_that_cannot_be_written(place: Path, auditor: Command) -> None:
    """What the run has to say comes first."""
    failing(place)

    done = auditor("check", "snapshots", "--policies", "policies", "-f", "json=none/a.json")

    assert done.code == 1


def test_quiet_says_only_what_is_wrong(place: Path, auditor: Command) -> None:
    """A quiet run with findings has nothing on stderr; its exit code tells."""
    failing(place)

    done = auditor("check", "snapshots", "--policies", "policies", "-f", "json=a.json", "--quiet")

    assert (done.code, done.out, done.err) == (1, "", "")


def test_verbose_tells_what_was_judged_and_why_it_came_out_so(
    place: Path, auditor: Command
) -> None:
    """Each snapshot with its instants and its digest, and a line with a reason for each of its verdicts."""
    failing(place)

    done = auditor("check", "snapshots", "--policies", "policies", "-v", "-f", "json")

    captured = "captured 2026-09-30T18:00:00+02:00, judged at 2026-09-30T18:00:00+02:00"
    digests = [one["document"]["snapshot"]["digest"] for one in done.results["results"]]
    assert done.err.splitlines() == [
        f"snapshots/apollo.json: hand:apollo, {captured}, {digests[0]}",
        "pass: nothing-approved, Apollo (hand:apollo): The one demand holds.",
        f"snapshots/zeus.json: hand:zeus, {captured}, {digests[1]}",
        (
            "fail: nothing-approved, Apollo (hand:zeus):"
            " Nobody approved anything before 2026-09-01 08:00 +02:00."
        ),
        "exit 1: 1 finding at or over low",
    ]


def test_verbose_does_no_harm_on_a_terminal(place: Path, auditor: Command) -> None:
    """A name that would move the cursor or run a command is shown, on one line."""
    snapshot = write(place, "zeus.json", auditee="hand:zeus")
    snapshot["project"]["name"] = "Zeus\x1b[2J\n##[error]now"
    (place / "snapshots" / "zeus.json").write_text(json.dumps(snapshot), encoding="utf-8")

    done = auditor("check", "snapshots", "--policies", "policies", "-v", "-f", "json=a.json")

    assert (
        "pass: nothing-approved, Zeus\\x1b[2J #\\x23[error]now (hand:zeus): The one demand holds.\n"
        in done.err
    )


def test_quiet_outranks_verbose(place: Path, auditor: Command) -> None:
    """Who asks for both is told only what is wrong."""
    assert auditor("check", "snapshots", "--policies", "policies", "-q", "-v").err == "", place


def test_only_the_policies_that_are_named(place: Path, auditor: Command) -> None:
    """``--policy`` and ``--pack`` choose; a name that is none is a slip, with the nearest."""
    by_name = auditor("check", "snapshots", "--policies", "policies", "--policy", "nothing-aproved")
    by_pack = auditor("check", "snapshots", "--policies", "policies", "--pack", "trail")
    both = auditor(
        "check",
        "snapshots",
        "--policies",
        "policies",
        "--pack",
        "trial",
        "--policy",
        "nothing-approved",
    )

    assert (by_name.code, by_pack.code, both.code) == (2, 2, 0), place
    assert "did you mean 'nothing-approved'?" in by_name.err
    assert "did you mean 'trial'?" in by_pack.err


def test_newest_snapshot_says_when_is_judged(place: Path, auditor: Command) -> None:
    """Without ``--as-of`` the newest ``captured_at`` is the judged instant, whatever day it is today."""
    write(place, "zeus.json", auditee="hand:zeus", captured_at="2026-10-02T09:00:00+02:00")

    done = auditor("check", "snapshots", "--policies", "policies", "-f", "json")

    assert done.results["as_of"] == "2026-10-02T09:00:00+02:00"
    judged = [one["document"]["snapshot"]["judged_at"] for one in done.results["results"]]
    assert judged == ["2026-09-30T18:00:00+02:00", "2026-10-02T09:00:00+02:00"]


@pytest.mark.parametrize(
    ("as_of", "used"),
    [
        pytest.param("2026-09-15", "apollo.json", id="first-at-or-after"),
        pytest.param("2026-10-01T09:00:00+02:00", "october.json", id="the-very-instant"),
        pytest.param("2026-10-15", "november.json", id="between"),
        pytest.param("2026-12-31", "november.json", id="else-the-newest-before"),
    ],
)
def test_one_snapshot_per_auditee(as_of: str, used: str, place: Path, auditor: Command) -> None:
    """Of several, the first captured at or after the judged instant counts; the others are listed."""
    write(place, "october.json", captured_at="2026-10-01T09:00:00+02:00")
    write(place, "november.json", captured_at="2026-11-01T09:00:00+01:00")

    done = auditor("check", "snapshots", "--policies", "policies", "-f", "json", "--as-of", as_of)

    (result,) = done.results["results"]
    assert result["document"]["snapshot"]["name"] == f"snapshots/{used}"
    assert len(done.results["not_used"]) == 2


def test_facts_after_the_judged_instant_are_not_known(place: Path, auditor: Command) -> None:
    """Before the start of execution the policy does not apply."""
    done = auditor(
        "check", "snapshots", "--policies", "policies", "-f", "json", "--as-of", "2026-08-31"
    )

    assert done.verdicts() == {"hand:apollo": {"nothing-approved": "not_applicable"}}, place


def test_period_is_shown_as_it_was_asked_for(place: Path, auditor: Command) -> None:
    """First and last day of the period stand in the head."""
    done = auditor(
        "check", "snapshots", "--policies", "policies", "-f", "json", "--period", "2026-Q3"
    )

    assert done.results["period"] == {"from": "2026-07-01", "to": "2026-09-30"}, place


def test_same_bytes_wherever_it_is_run(place: Path, auditor: Command) -> None:
    """Neither the hash seed, nor the zone, nor the locale, nor the order of the paths shows."""
    failing(place)
    arguments = ("--policies", "policies", "-f", "json")

    first = auditor("check", "snapshots", *arguments, PYTHONHASHSEED="1", TZ="UTC", LC_ALL="C")
    second = auditor(
        "check", "snapshots/zeus.json", "snapshots/apollo.json", *arguments,
        PYTHONHASHSEED="2", TZ="Pacific/Auckland", LC_ALL="C.UTF-8",
    )  # fmt: skip

    assert first.out == second.out
    assert str(place) not in first.out + first.err


def test_absolute_path_is_not_told(place: Path, auditor: Command) -> None:
    """A report must not say where on a machine it was made."""
    done = auditor("check", place / "snapshots", "--policies", place / "policies", "-f", "json")

    assert done.code == 0
    assert str(place) not in done.out
    assert done.results["results"][0]["document"]["snapshot"]["name"] == "snapshots/apollo.json"
    assert done.results["policies"][0]["location"] == "policies/trial/nothing-approved.yaml:1:1"


def on_terminal(place: Path, **environment: str) -> bytes:
    """Run a check whose streams are a terminal, and return what it shows."""
    ours, theirs = pty.openpty()
    subprocess.run(
        [AUDITOR, "check", "snapshots", "nowhere", "--policies", "policies"],
        cwd=place,
        stdout=theirs,
        stderr=theirs,
        check=False,
        env={"PATH": "/usr/bin:/bin", **environment},
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    os.close(ours)
    return shown


def test_colour_on_a_terminal_only(place: Path, auditor: Command) -> None:
    """A terminal gets colour; NO_COLOR, a dumb terminal and a file do not."""
    assert b"\x1b[" in on_terminal(place, TERM="xterm")
    assert b"\x1b[" not in on_terminal(place, TERM="xterm", NO_COLOR="1")
    assert b"\x1b[" not in on_terminal(place, TERM="dumb")
    done = auditor("check", "snapshots", "nowhere", "--policies", "policies", TERM="xterm")
    assert "\x1b[" not in done.out + done.err


def test_reader_that_leaves_early_changes_nothing(place: Path, auditor: Command) -> None:
    """``auditor check | head`` ends as the run says, without a word about the pipe."""
    failing(place)
    ours, theirs = os.pipe()
    os.close(ours)

    done = subprocess.run(
        [AUDITOR, "check", "snapshots", "--policies", "policies", "--quiet"],
        cwd=place,
        stdout=theirs,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(theirs)

    assert (done.returncode, done.stderr) == (1, b"")
    assert auditor("--version").code == 0


def test_policies_of_the_repository_come_on_top(place: Path, auditor: Command) -> None:
    """``auditor.yaml`` adds folders of policies to those that come with the program."""
    (place / "auditor.yaml").write_text("policies: [policies]\n", encoding="utf-8")

    done = auditor("check", "snapshots", "-f", "json", "--fail-on", "never")

    packs = {policy["pack"] for policy in done.results["policies"]}
    assert {"trial", "seef"} <= packs


def test_repository_can_tighten_the_gate_only(place: Path, auditor: Command) -> None:
    """``fail_on`` of ``auditor.yaml`` counts where it is stricter than what was asked for."""
    failing(place)
    (place / "auditor.yaml").write_text("fail_on: high\n", encoding="utf-8")
    arguments = ("check", "snapshots", "--policies", "policies", "--fail-on")

    tightened = auditor(*arguments, "never")
    assert tightened.code == 1
    assert "auditor.yaml tightens the gate to high" in tightened.err
    (place / "auditor.yaml").write_text("fail_on: critical\n", encoding="utf-8")
    assert auditor(*arguments, "low").code == 1


def test_repository_names_its_reports(place: Path, auditor: Command) -> None:
    """``formats`` of ``auditor.yaml`` holds where the command line names none, below its own folder."""
    (place / "auditor.yaml").write_text("formats: [json=out.json]\n", encoding="utf-8")

    done = auditor("check", "snapshots", "--policies", "policies")

    assert (done.code, done.out) == (0, "")
    assert (place / "out.json").stat().st_size > 0


@pytest.mark.parametrize("target", ["../out.json", "/no-such-folder/out.json", "a/../../out.json"])
def test_repository_writes_nowhere_else(target: str, place: Path, auditor: Command) -> None:
    """Whoever is judged must not have files of the judge overwritten."""
    (place / "auditor.yaml").write_text(f"formats: [json={target}]\n", encoding="utf-8")

    done = auditor("check", "snapshots", "--policies", "policies")

    assert done.code == 4
    assert "error[config]: the report" in done.err


@pytest.mark.parametrize("target", ["elsewhere/out.json", "out.json"])
def test_repository_writes_nowhere_else_by_a_link(
    target: str, place: Path, auditor: Command, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A link is as good a way out as dots."""
    outside = tmp_path_factory.mktemp("outside")
    (place / "elsewhere").symlink_to(outside, target_is_directory=True)
    (place / "out.json").symlink_to(outside / "out.json")
    (place / "auditor.yaml").write_text(f"formats: [json={target}]\n", encoding="utf-8")

    done = auditor("check", "snapshots", "--policies", "policies")

    assert done.code == 4
    assert "error[config]: the report" in done.err
    assert list(outside.iterdir()) == []


def test_broken_configuration_is_no_way_out(place: Path, auditor: Command) -> None:
    """The run goes on without a broken ``auditor.yaml``, and cannot end well."""
    (place / "auditor.yaml").write_text("fail_onn: high\n", encoding="utf-8")

    done = auditor("check", "snapshots", "--policies", "policies", "-f", "json")

    assert done.code == 4
    assert "auditor.yaml:1:1" in done.err
    assert "did you mean 'fail_on'?" in done.err
    assert done.verdicts() == {"hand:apollo": {"nothing-approved": "pass"}}


def test_as_of_now_is_an_instant(place: Path, auditor: Command) -> None:
    """Only the word now reads the clock; what it said is in the report, so that the run can be repeated."""
    now = auditor("check", "snapshots", "--policies", "policies", "-f", "json", "--as-of", "now")
    again = auditor(
        "check",
        "snapshots",
        "--policies",
        "policies",
        "-f",
        "json",
        "--as-of",
        now.results["as_of"],
    )

    assert now.code == 0, place
    assert now.results["as_of"].endswith("+00:00")
    assert now.out == again.out


def test_name_that_is_no_text(place: Path, auditor: Command) -> None:
    """A file name that is not UTF-8 is shown, and the report can be read."""
    name = os.fsdecode(b"zeus-\xff.json")
    write(place, name, auditee="hand:zeus")

    done = auditor("check", "snapshots", "--policies", "policies", "-f", "json", "-v")

    assert done.code == 0, done.err
    assert len(done.results["results"]) == 2


def test_two_snapshots_of_one_instant_that_differ_are_a_conflict(
    place: Path, auditor: Command
) -> None:
    """No file name decides what is judged: the auditee is missing, whichever of the two is named first."""
    other = write(place, "zzz.json")
    other["approvals"] = []
    (place / "snapshots" / "zzz.json").write_text(json.dumps(other), encoding="utf-8")

    done = auditor("check", "snapshots", "--policies", "policies", "-f", "json")

    assert done.code == 4
    (problem,) = done.results["problems"]
    assert problem["slug"] == "conflict"
    assert "'snapshots/apollo.json' and 'snapshots/zzz.json' differ" in problem["message"]
    assert done.results["population"]["missing"] == ["hand:apollo"]
    assert done.results["population"]["audited"] == 0
    assert done.results["results"] == []
    assert "error[conflict]" in done.err


def test_conflict_of_snapshots_that_are_not_chosen_is_none(place: Path, auditor: Command) -> None:
    """What no verdict rests on cannot change one."""
    write(place, "zzz.json", time_zone="Europe/Paris")
    write(place, "later.json", captured_at="2026-10-02T09:00:00+02:00")

    done = auditor("check", "snapshots", "--policies", "policies", "-f", "json")

    assert (done.code, done.results["problems"]) == (0, [])
    assert len(done.results["not_used"]) == 2


def test_copy_of_a_snapshot_is_not_used(place: Path, auditor: Command) -> None:
    """Two files with the same content do not contradict each other."""
    write(place, "zzz.json")

    done = auditor("check", "snapshots", "--policies", "policies", "-f", "json")

    assert done.code == 0
    assert done.results["not_used"] == [
        {"name": "snapshots/zzz.json", "reason": "snapshots/apollo.json is judged for hand:apollo"}
    ]


def test_file_that_is_named_twice_is_there_once(place: Path, auditor: Command) -> None:
    """Once by itself, once otherwise spelled, once by its folder: it is one file."""
    names = ("snapshots/apollo.json", "./snapshots/apollo.json", "snapshots")

    done = auditor("check", *names, "--policies", "policies", "-f", "json")

    assert done.code == 0, place
    assert done.results["not_used"] == []
    assert done.results["population"]["audited"] == 1


@pytest.mark.parametrize("path", ["snapshots", "snapshots/apollo.json"])
def test_report_does_not_overwrite_what_is_judged(path: str, place: Path, auditor: Command) -> None:
    """Nothing is written, the other report neither, and the snapshot is what it was."""
    before = (place / "snapshots" / "apollo.json").read_bytes()
    outputs = ("-f", "junit=a.xml", "-f", "json=./snapshots/apollo.json")

    done = auditor("check", path, "--policies", "policies", *outputs)

    assert done.code == 2
    assert "error[usage]: the report would overwrite 'snapshots/apollo.json'" in done.err
    assert (place / "snapshots" / "apollo.json").read_bytes() == before
    assert not (place / "a.xml").exists()


def test_report_beside_the_snapshots_is_written_again(place: Path, auditor: Command) -> None:
    """The report of the last run is no snapshot, and may be replaced."""
    words = ("check", "snapshots", "--policies", "policies", "-f", "json=snapshots/report.json")
    auditor(*words)

    done = auditor(*words)

    assert done.code == 0, place


def test_records_after_captured_at_are_told(place: Path, auditor: Command) -> None:
    """They are not judged, and whoever wrote the wrong instant learns it; an earlier --as-of is no mistake."""
    path = place / "snapshots/apollo.json"
    snapshot = json.loads(path.read_bytes())
    snapshot["blockers"] = [
        {"id": "b-1", "raised_at": "2026-09-20T10:00:00+02:00"},
        {"id": "b-2", "raised_at": "2026-10-20T10:00:00+02:00"},
    ]
    path.write_text(json.dumps(snapshot), encoding="utf-8")
    done = auditor("check", "snapshots", "--policies", "policies", "-f", "json")
    told = "1 record is later than captured_at (2026-09-30T18:00:00+02:00) and was not judged"

    assert done.err == f"snapshots/apollo.json: {told}\n"
    assert done.results["not_used"] == [{"name": "snapshots/apollo.json", "reason": told}]

    snapshot["blockers"].pop()
    path.write_text(json.dumps(snapshot), encoding="utf-8")
    done = auditor("check", "snapshots", "--policies", "policies", "--as-of", "2026-09-10")
    assert "later than" not in done.out + done.err
