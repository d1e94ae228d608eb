"""The gate of ``auditor check``, as it is used: what is known, accepted or was there before does not stop it."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Command

CHECK = ("check", "snapshots", "--policies", "policies")
POLICY = """\
id: risk-without-plan
title: A risk has no plan
why: What nobody has thought about hits the project unprepared.
controls: [C-2]
severity: high
for:
  r: risks
key: r.id
require:
  - that: r.contingency != null
    say: "{r.id} has no contingency."
empty: not_applicable
fix: Write a plan.
"""
ACCEPTED = """\
accepted_gaps:
  - fact: /risks/*/contingency
    reason: The register is being moved to the new tool.
    by: C. Doyle
    on: 2026-09-01
    until: {until}
"""


def risk(name: str, **plan: Any) -> dict[str, Any]:
    """Make a risk; without a plan, nobody recorded whether there is one."""
    return {"id": name, "description": name, "raised_at": "2026-09-01T10:00:00+02:00", **plan}


@pytest.fixture
def risks(place: Path) -> Callable[..., None]:
    """Return what writes the risks of the project; a risk without a plan fails a policy."""
    (place / "policies/trial/risk-without-plan.yaml").write_text(POLICY, encoding="utf-8")

    def write(*records: dict[str, Any]) -> None:
        path = place / "snapshots/apollo.json"
        snapshot = json.loads(path.read_bytes())
        snapshot["risks"] = list(records)
        path.write_text(json.dumps(snapshot), encoding="utf-8")

    return write


FIRST, SECOND = risk("r-1", contingency=None), risk("r-2", contingency=None)


class TestKnown:
    """``--known`` and ``-f known``."""

    def test_what_is_known_does_not_gate(
        self, place: Path, risks: Callable[..., None], auditor: Command
    ) -> None:
        """It is said first, marked where it stands, and counted as what it is."""
        risks(FIRST)
        before = auditor(*CHECK, "-f", "known=known.json", "-f", "text=out.txt")
        done = auditor(*CHECK, "--known", "known.json")

        assert (before.code, done.code) == (1, 0), place
        assert done.err == (
            "relaxed: findings that are known and unchanged do not gate, by the command line"
            " (--known known.json)\n"
            "of 1 known in known.json: 1 unchanged, 0 changed since and counting,"
            " 0 no longer findings, 0 not judged in this run\n"
        )
        assert done.out.startswith("  ! relaxed: findings that are known and unchanged do not gate")
        assert "1 fail" in done.out
        assert "Gate: does not count: known and unchanged, known.json" in done.out
        assert "PASSED (exit code 0), letting 1 finding be: nothing counts" in done.out
        assert "Do not count: 1 known" in done.out

    def test_what_is_new_or_changed_gates(
        self, risks: Callable[..., None], auditor: Command
    ) -> None:
        """And is told apart from what is known."""
        risks(FIRST, SECOND)
        auditor(*CHECK, "-f", "known=known.json")
        risks(risk("r-1", contingency=None, description="x"), risk("r-3", contingency=None), SECOND)
        done = auditor(*CHECK, "--known", "known.json", "-f", "json")

        standings = {
            found["key"]["subject"]: found["gate"]["as"]
            for entry in done.results["results"]
            for found in entry["findings_document"]["findings"]
        }
        assert done.code == 1
        assert standings == {"r-1": "known", "r-2": "known", "r-3": "counts"}
        assert done.err.endswith("exit 1: 1 finding at or over low\n")

    def test_a_changed_word_of_the_pack_is_a_changed_policy(
        self, place: Path, risks: Callable[..., None], auditor: Command
    ) -> None:
        """The policy's own file is as it was."""
        pack = place / "policies/trial/pack.yaml"
        words = "title: T\ndefine: {'planned(x)': \"x != null\"}\n"
        policy = POLICY.replace("r.contingency != null", "planned(r.contingency)")
        (place / "policies/trial/risk-without-plan.yaml").write_text(policy, encoding="utf-8")
        pack.write_text(words, encoding="utf-8")
        risks(FIRST)
        (place / "policies/trial/risk-without-plan.yaml").write_text(policy, encoding="utf-8")
        auditor(*CHECK, "-f", "known=known.json")
        pack.write_text(words.replace("x != null", "!(x == null)"), encoding="utf-8")
        done = auditor(*CHECK, "--known", "known.json")

        assert done.code == 1
        assert "Gate: counts: known, but its policy has changed since, known.json" in done.out

    def test_it_is_brought_up_to_date_in_place(
        self, place: Path, risks: Callable[..., None], auditor: Command
    ) -> None:
        """What is mended goes, what was not judged stays; nothing else that is read is written over."""
        risks(FIRST, SECOND)
        auditor(*CHECK, "-f", "known=known.json")
        whole = (place / "known.json").read_text(encoding="utf-8")
        other = whole.replace("hand:apollo", "hand:zeus").splitlines()[1]
        (place / "known.json").write_text(
            whole.replace("[\n", f"[\n{other.rstrip(',')},\n"), encoding="utf-8"
        )
        risks(FIRST, risk("r-2", contingency="Wait."))
        done = auditor(*CHECK, "--known", "known.json", "-f", "known=known.json")
        over = auditor(*CHECK, "--known", "known.json", "-f", "text=known.json")

        listed = json.loads((place / "known.json").read_bytes())["findings"]
        assert done.code == 0
        assert "1 no longer findings (1 pass, 0 do not apply, 0 are not there)" in done.err
        assert "1 not judged in this run" in done.err
        told = [(one["auditee"], one["subject"]) for one in listed]
        assert told == [("hand:apollo", "r-1"), ("hand:zeus", "r-1")]
        assert over.code == 2
        assert "the report would overwrite 'known.json'" in over.err

    @pytest.mark.parametrize("content", ["", "{}", '{"schema":{"name":"known","version":2}}'])
    def test_a_file_that_is_none_excuses_nothing(
        self, content: str, place: Path, risks: Callable[..., None], auditor: Command
    ) -> None:
        """The run ends with 4, is reported, and never writes over what it could not read."""
        risks(FIRST)
        (place / "known.json").write_text(content, encoding="utf-8")
        done = auditor(*CHECK, "--known", "known.json")
        renewed = auditor(*CHECK, "--known", "known.json", "-f", "known=known.json")

        assert (done.code, renewed.code) == (4, 4)
        assert "1 problem with the inputs" in done.out
        assert (place / "known.json").read_text(encoding="utf-8") == content

    def test_a_file_that_is_not_there_is_an_error(self, auditor: Command) -> None:
        """Otherwise a slip in its name would be told as news."""
        assert auditor(*CHECK, "--known", "none.json").code == 4


class TestAccepted:
    """``--accepted``, and the same in a profile."""

    def test_an_accepted_gap_does_not_gate(
        self, place: Path, risks: Callable[..., None], auditor: Command
    ) -> None:
        """Until its last day; then it counts, and it is said that it is over."""
        risks(risk("r-1"))
        (place / "accepted.yaml").write_text(ACCEPTED.format(until="2026-09-30"), encoding="utf-8")
        alone = auditor(*CHECK)
        done = auditor(*CHECK, "--accepted", "accepted.yaml", "--as-of", "2026-09-30")
        later = auditor(*CHECK, "--accepted", "accepted.yaml", "--as-of", "2026-10-01")

        assert "fact: /risks/*/contingency (" in alone.out
        assert (alone.code, done.code, later.code) == (1, 0, 1)
        assert "! relaxed: a missing /risks/*/contingency is accepted until 2026-09-30" in done.out
        assert "Do not count: 1 accepted" in done.out
        assert "the accepted gap /risks/*/contingency ended on 2026-09-30" in later.out

    def test_one_that_nothing_waits_on_is_told(
        self, place: Path, risks: Callable[..., None], auditor: Command
    ) -> None:
        """A fail is no gap."""
        risks(FIRST)
        (place / "accepted.yaml").write_text(ACCEPTED.format(until="2026-12-31"), encoding="utf-8")
        done = auditor(*CHECK, "--accepted", "accepted.yaml")

        assert done.code == 1
        assert "nothing waits on the accepted gap /risks/*/contingency: take it out" in done.out

    def test_a_profile_accepts_too(
        self, place: Path, risks: Callable[..., None], auditor: Command
    ) -> None:
        """And an auditor.yaml does not: who is judged does not accept his own gaps."""
        risks(risk("r-1"))
        gaps = ACCEPTED.format(until="2026-12-31")
        head = "id: acme\ntitle: Acme\nowner: Office\nversion: '3'\n"
        (place / "acme.yaml").write_text(head + gaps, encoding="utf-8")
        done = auditor(*CHECK, "--profile", "acme.yaml")
        (place / "snapshots/auditor.yaml").write_text(gaps, encoding="utf-8")
        own = auditor(*CHECK)

        assert (done.code, own.code) == (0, 4)
        assert "'accepted_gaps' does not belong here" in own.err

    def test_a_broken_file_accepts_nothing(
        self, place: Path, risks: Callable[..., None], auditor: Command
    ) -> None:
        """The slip is shown where it stands."""
        risks(risk("r-1"))
        text = ACCEPTED.format(until="2026-12-31").replace("reason", "raison")
        (place / "accepted.yaml").write_text(text, encoding="utf-8")
        done = auditor(*CHECK, "--accepted", "accepted.yaml")

        assert done.code == 4
        assert "accepted.yaml:3:5" in done.err
        assert "did you mean 'reason'?" in done.err


def git(place: Path, *arguments: str) -> None:
    """Run git, as somebody at some time."""
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    subprocess.run(["/usr/bin/git", *who, *arguments], cwd=place, check=True, capture_output=True)


class TestNewSince:
    """``--new-since``."""

    @pytest.fixture
    def repository(self, place: Path, risks: Callable[..., None]) -> Path:
        """Return a repository whose first commit has one finding."""
        risks(FIRST)
        git(place, "init", "-q", "-b", "main")
        git(place, "add", "snapshots")
        git(place, "commit", "-q", "-m", "one")
        return place

    def test_only_what_is_new_gates(
        self, repository: Path, risks: Callable[..., None], auditor: Command
    ) -> None:
        """What was there and has not changed does not, what came since does, and nothing is checked out."""
        same = auditor(*CHECK, "--new-since", "main")
        risks(SECOND, FIRST)
        written = (repository / "snapshots/apollo.json").read_bytes()
        done = auditor(*CHECK, "--new-since", "main")

        assert (same.code, done.code) == (0, 1)
        assert "1 unchanged" in done.err
        assert "exit 1: 1 finding at or over low" in done.err
        assert (repository / "snapshots/apollo.json").read_bytes() == written

    def test_what_was_not_there_counts(self, repository: Path, auditor: Command) -> None:
        """And it is said that nothing is known of it."""
        (repository / "snapshots").rename(repository / "moved")
        done = auditor("check", "moved", "--policies", "policies", "--new-since", "main")

        assert done.code == 1
        text = "moved was not there at main: nothing in it is known, and every finding counts"
        assert text in done.err

    def test_what_is_no_plain_file_there_excuses_nothing(
        self, repository: Path, risks: Callable[..., None], auditor: Command
    ) -> None:
        """A link in a revision could lead anywhere: it is not followed, and what is found in its place counts."""
        snapshot = repository / "snapshots/apollo.json"
        snapshot.rename(repository / "elsewhere.json")
        snapshot.symlink_to("../elsewhere.json")
        git(repository, "add", "-A", "snapshots")
        git(repository, "commit", "-q", "-m", "two")
        snapshot.unlink()
        (repository / "elsewhere.json").rename(snapshot)
        risks(FIRST)
        done = auditor(*CHECK, "--new-since", "main")

        assert done.code == 1
        assert "snapshots was not there at main: nothing in it is known" in done.err

    def test_what_is_in_no_repository_counts(
        self, risks: Callable[..., None], auditor: Command
    ) -> None:
        """There is nothing to compare it with."""
        risks(FIRST)
        done = auditor(*CHECK, "--new-since", "main")

        assert done.code == 1
        assert "snapshots is in no git repository: nothing in it is known" in done.err

    @pytest.mark.parametrize("revision", ["nowhere", "--output=x", "main:snapshots"])
    def test_a_revision_that_is_none_is_an_error(
        self, revision: str, repository: Path, auditor: Command
    ) -> None:
        """Nothing that looks like an option reaches git."""
        done = auditor(*CHECK, f"--new-since={revision}")

        assert (done.code, done.out) == (2, ""), repository
        assert "error[new-since]: there is no git revision" in done.err

    def test_a_shallow_clone_says_what_to_do(self, repository: Path, auditor: Command) -> None:
        """It has the newest commit only."""
        git(repository, "commit", "-q", "--allow-empty", "-m", "two")
        git(repository, "clone", "-q", "--depth", "1", f"file://{repository}", "clone")
        done = auditor(
            "check", "clone/snapshots", "--policies", "policies", "--new-since", "main~1"
        )

        assert done.code == 2
        assert "fetch-depth: 0" in done.err

    def test_what_fell_due_since_is_no_fault_of_the_change(
        self, place: Path, auditor: Command
    ) -> None:
        """A delivery folder is dated by git: both of its states are judged as of the newer instant."""
        due = (
            "id: risk-open\ntitle: A risk is open\nwhy: It may happen.\ncontrols: [C-3]\n"
            "severity: high\nfor:\n  r: risks\nkey: r.id\nwhen: as_of >= timestamp('2026-09-10T00:00:00Z')\n"
            "require:\n  - that: r.contingency != 'none'\n    say: '{r.id} has no contingency.'\n"
            "empty: not_applicable\nfix: Write a plan.\n"
        )
        (place / "policies/trial/risk-open.yaml").write_text(due, encoding="utf-8")
        folder = place / "repo/delivery"
        folder.mkdir(parents=True)
        (folder / "project.yaml").write_text(PROJECT, encoding="utf-8")
        (folder / "risks.csv").write_text(RISKS, encoding="utf-8")
        git(folder.parent, "init", "-q", "-b", "main")
        commit(folder, "2026-09-01T10:00:00+02:00")
        (folder / "risks.csv").write_text(RISKS + "r-2,Second,Wait.\n", encoding="utf-8")
        commit(folder, "2026-09-20T10:00:00+02:00")
        alone = auditor("check", "repo", "--policies", "policies", "--policy", "risk-open")
        done = auditor(
            "check", "repo", "--policies", "policies", "--policy", "risk-open",
            "--new-since", "main~1",
        )  # fmt: skip

        assert "1 fail" in alone.out
        assert (alone.code, done.code) == (1, 0)
        assert "of 1 known in main~1 (" in done.err


PROJECT = """\
time_zone: Europe/Berlin
project: {id: "hand:apollo", name: Apollo}
"""
RISKS = "id,description,contingency\nr-1,First,none\n"


def commit(folder: Path, at: str) -> None:
    """Commit everything at an instant."""
    git(folder, "add", "-A")
    subprocess.run(
        [
            "/usr/bin/git",
            "-c",
            "user.name=A",
            "-c",
            "user.email=a@example.org",
            "commit",
            "-q",
            "-m",
            "x",
        ],
        cwd=folder,
        check=True,
        capture_output=True,
        env={"PATH": "/usr/bin:/bin", "GIT_COMMITTER_DATE": at, "GIT_AUTHOR_DATE": at},
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--fail-on", "hihg"), "'--fail-on hihg' names no severity"),
        (("--fail-on", "=high"), "'--fail-on =high' names no pack before the '='"),
        (("--fail-on", "low", "--fail-on", "high"), "--fail-on is given twice for all packs"),
        (
            ("--fail-on", "a=low", "--fail-on", "a=high"),
            "--fail-on is given twice for the pack 'a'",
        ),
        (("--fail-on", "tirals=high"), "no policy of a pack 'tirals' is judged"),
        (("--at-most", "high"), "'--at-most high' names no number"),
        (("--at-most", "high=-1"), "'--at-most high=-1' names no number"),
        (("--at-most", "never=1"), "'--at-most never=1' names no severity"),
        (("--at-most", "/high=1"), "'--at-most /high=1' names no severity"),
        (("--at-most", "high=1", "--at-most", "high=2"), "--at-most is given twice for 'high'"),
        (("--at-most", "tirals/high=1"), "no policy of a pack 'tirals' is judged"),
        (("--min-score", "101"), "'101' is no score for --min-score"),
        (("--min-score", "66.66"), "'66.66' is no score for --min-score"),
        (("--known", "a", "--new-since", "b"), "--known and --new-since both say what is not new"),
    ],
)
def test_a_gate_that_cannot_be_meant_is_refused(
    options: tuple[str, ...], message: str, place: Path, auditor: Command
) -> None:
    """A slip must not be a gate that lets everything through."""
    done = auditor(*CHECK, *options)

    assert (done.code, done.out) == (2, ""), place
    assert message in done.err


def test_a_misspelt_pack_in_a_file_is_an_error(place: Path, auditor: Command) -> None:
    """Nobody's findings would be held against such a rule; a pack that there is, judged by or not, is none."""
    head = "id: acme\ntitle: Acme\nowner: Office\nversion: '3'\n"
    why = "  reason: The first year\n  by: C. Doyle\n  on: 2026-08-01\n"
    (place / "acme.yaml").write_text(
        f"{head}gate:\n  packs: {{trail: low, seef: high}}\n  at_most: {{trail/low: 1, low: 2}}\n{why}",
        encoding="utf-8",
    )
    own = place / "snapshots/auditor.yaml"
    own.write_text("fail_on_packs:\n  seef: high\n  triall: medium\n", encoding="utf-8")
    done = auditor(*CHECK, "--profile", "acme.yaml", "--fail-on", "never", "-f", "json")

    assert done.code == 4
    assert [
        (found["location"], found["message"], found["hint"]) for found in done.results["problems"]
    ] == [
        ("acme.yaml:6:11", "no pack is called 'trail'", "did you mean 'trial'?"),
        ("acme.yaml:7:13", "no pack is called 'trail'", "did you mean 'trial'?"),
        ("snapshots/auditor.yaml:3:3", "no pack is called 'triall'", "did you mean 'trial'?"),
    ]


def test_an_own_pack_that_is_not_judged_by_is_no_slip(place: Path, auditor: Command) -> None:
    """The file adds it; that the command line chose others is none of its faults."""
    added = place / "snapshots/own/extra"
    added.mkdir(parents=True)
    (added / "risk-without-plan.yaml").write_text(POLICY, encoding="utf-8")
    own = "policies: [own]\nfail_on_packs: {extra: medium}\n"
    (place / "snapshots/auditor.yaml").write_text(own, encoding="utf-8")

    assert "no pack is called" not in auditor(*CHECK).err


def test_what_is_relaxed_is_said_before_anything_else(place: Path, auditor: Command) -> None:
    """By whom, on stderr and at the head of the report; the profile's block with its reason."""
    head = "id: acme\ntitle: Acme\nowner: Office\nversion: '3'\n"
    gate = (
        "gate:\n  fail_on: high\n  at_most: {trial/critical: 2}\n  min_score: 50\n"
        "  reason: The first year\n  by: C. Doyle\n  on: 2026-08-01\n"
    )
    (place / "acme.yaml").write_text(head + gate, encoding="utf-8")
    done = auditor(
        *CHECK, "--profile", "acme.yaml", "--fail-on", "critical", "--min-score", "40", "-f", "json"
    )

    profile = "by C. Doyle on 2026-08-01: The first year <acme.yaml:5:1>"
    lines = [
        "relaxed: findings below critical do not gate, by the command line (--fail-on critical)",
        f"relaxed: at most 2 critical findings of trial do not gate, {profile}",
        "relaxed: a score of 40 % is enough, not 50 %, by the command line (--min-score 40)",
    ]
    assert done.err.splitlines()[:3] == lines
    assert done.results["relaxed"] == lines
    assert done.results["gate"]["rules"] == [
        "findings from critical on gate",
        "at most 2 critical findings of trial",
        "a score of 40 % at least",
    ]


def test_what_the_repository_tightens_is_said(place: Path, auditor: Command) -> None:
    """Each setting, and only what is stricter than what was asked for."""
    own = "fail_on: critical\nfail_on_packs: {trial: medium}\nmin_score: 60\n"
    (place / "snapshots/auditor.yaml").write_text(own, encoding="utf-8")
    done = auditor(*CHECK, "--fail-on", "high", "--min-score", "70")
    less = auditor(*CHECK, "--fail-on", "never")

    assert [line for line in done.err.splitlines() if "tightens" in line] == [
        "snapshots/auditor.yaml tightens the gate to medium in trial"
    ]
    assert [line for line in less.err.splitlines() if "tightens" in line] == [
        "snapshots/auditor.yaml tightens the gate to critical",
        "snapshots/auditor.yaml tightens the gate to medium in trial",
        "snapshots/auditor.yaml tightens the gate to a score of 60 %",
    ]
