"""``auditor policy diff``: which verdicts change between two versions of policies, for the pull request that changes them."""

from __future__ import annotations

import json
import subprocess
from shutil import copy, copytree, which
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Command

POLICY = """\
id: late-blocker
title: A blocker stayed open
why: W
controls: [X-1]
severity: low
fix: F
params: {limit: {default: 3 days, about: How long}}
for: {b: blockers}
empty: not_applicable
when: b.raised_at != null
at: b.raised_at
let: {deadline: b.raised_at.plus(params.limit)}
due: deadline
require:
  - {that: b.resolved_at.by(deadline), say: "{b.description} is open."}
"""
SNAPSHOT: dict[str, Any] = {
    "snapshot": {
        "schema": {"name": "project", "version": 1},
        "auditee": "x:1",
        "captured_at": "2026-03-31T18:00:00+02:00",
        "time_zone": "Europe/Berlin",
        "calendar": {"working_days": ["mon", "tue", "wed", "thu", "fri"], "holidays": []},
        "gaps": {},
    },
    "project": {"id": "x:1", "name": "Apollo"},
    "blockers": [
        {
            "id": "b1",
            "description": "Lift",
            "raised_at": "2026-03-10T10:00:00+01:00",
            "resolved_at": "2026-03-12T10:00:00+01:00",
        },
        {
            "id": "b2",
            "description": "Door",
            "raised_at": "2026-03-11T10:00:00+01:00",
            "resolved_at": None,
        },
    ],
}
DIFF = ("policy", "diff", "old", "new", "--snapshots", "facts")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a folder with two equal versions of a pack of one policy, and a snapshot."""
    pack = tmp_path / "old" / "ours"
    pack.mkdir(parents=True)
    (pack / "late-blocker.yaml").write_text(POLICY, encoding="utf-8")
    copytree(tmp_path / "old", tmp_path / "new")
    (tmp_path / "facts").mkdir()
    write(tmp_path, SNAPSHOT)
    return tmp_path


def write(place: Path, snapshot: dict[str, Any], name: str = "apollo") -> None:
    """Write a snapshot, a value in each line."""
    text = json.dumps(snapshot, indent=1)
    (place / "facts" / f"{name}.json").write_text(text, encoding="utf-8")


def change(place: Path, old: str, new: str) -> None:
    """Change the policy in the new version."""
    file = place / "new/ours/late-blocker.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def kinds(found: Any) -> list[tuple[str, str]]:
    """Return change and subject of each verdict in a JSON document."""
    return [(one["change"], one["subject"]) for one in found["verdicts"]]


def test_nothing_changes(place: Path, auditor: Command) -> None:
    """Two equal versions say the same of the same facts."""
    done = auditor(*DIFF, "--fail-on", "any")

    assert done.code == 0, place
    assert done.out == (
        "old old\n"
        "new new\n"
        "1 snapshot, judged at 2026-03-31 18:00 +02:00 by both versions\n"
        "\n"
        "no verdict changes, 2 unchanged\n"
    )
    assert done.err == ""


def test_a_limit_that_is_shorter(place: Path, auditor: Command) -> None:
    """What differs in the policy, then the verdict with both messages, why, and on what facts of which line."""
    change(place, "default: 3 days", "default: 1 day")
    change(place, "severity: low", "severity: high")

    done = auditor(*DIFF)

    assert done.code == 0
    assert done.out == (
        "old old\n"
        "new new\n"
        "1 snapshot, judged at 2026-03-31 18:00 +02:00 by both versions\n"
        "\n"
        "Policies\n"
        "  ~ late-blocker: changed\n"
        "      severity: low -> high\n"
        "      params.limit.default: 3 days -> 1 day\n"
        "\n"
        "Newly failing (1)\n"
        "  Apollo (x:1)\n"
        "    late-blocker\n"
        "      Lift: pass -> fail\n"
        "        before: Everything that is demanded holds.\n"
        "        now: Lift is open.\n"
        "        because: The blocker was resolved 48 h after it was raised; the limit was 1 day.\n"
        "        - blockers[0].resolved_at: 2026-03-12 10:00 +01:00 <facts/apollo.json:31:19>\n"
        "        - blockers[0].raised_at: 2026-03-10 10:00 +01:00 <facts/apollo.json:30:17>\n"
        "\n"
        "1 newly failing, 1 unchanged\n"
    )


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        pytest.param(
            "default: 3 days", "default: 90 days", ("newly_not_applicable", "b2"), id="not due yet"
        ),
        pytest.param(
            "b.resolved_at.by(deadline)",
            "b.resolved_at.by(deadline) || b.id == 'b2'",
            ("newly_passing", "b2"),
            id="passing",
        ),
        pytest.param(
            "b.resolved_at.by(deadline)",
            "b.resolved_at.by(deadline) && b.id != 'b1'",
            ("newly_failing", "b1"),
            id="failing",
        ),
        pytest.param(
            "b.resolved_at.by(deadline)",
            "b.resolved_at.by(deadline) && (b.id != 'b1' || b.owner == 'x')",
            ("newly_inconclusive", "b1"),
            id="inconclusive",
        ),
        pytest.param("is open", "is not resolved", ("reworded", "b2"), id="other words"),
        pytest.param("{b: blockers}", "{b: 'blockers.filter(x, x.id == \"b2\")'}", ("gone", "b1"), id="gone"),
    ],
)  # fmt: skip
def test_each_kind_of_change(
    old: str, new: str, found: tuple[str, str], place: Path, auditor: Command
) -> None:
    """One verdict is another one, and the other one is as it was."""
    change(place, old, new)

    done = auditor(*DIFF, "-f", "json")

    assert done.code == 0
    assert kinds(done.results) == [found]
    assert done.results["totals"]["unchanged"] == 1
    assert done.results["totals"][found[0]] == 1


def test_verdicts_that_appear(place: Path, auditor: Command) -> None:
    """A fail that was none before is new, whatever was there; a pass is told apart."""
    change(place, "{b: blockers}", "{b: 'blockers.filter(x, x.id == \"b9\")'}")

    done = auditor("policy", "diff", "new", "old", "--snapshots", "facts", "-f", "json")

    assert ("newly_failing", "b2") in kinds(done.results)
    assert ("new", "b1") in kinds(done.results)


def test_policies_that_come_and_go(place: Path, auditor: Command) -> None:
    """Each is named; one that says what it was called before is the same one."""
    pack = place / "new/ours"
    change(place, "id: late-blocker", "id: open-blocker\nformerly: [late-blocker]")
    (pack / "late-blocker.yaml").rename(pack / "open-blocker.yaml")
    (pack / "added.yaml").write_text(POLICY.replace("late-blocker", "added"), encoding="utf-8")
    removed = POLICY.replace("late-blocker", "removed")
    (place / "old/ours/removed.yaml").write_text(removed, encoding="utf-8")

    done = auditor(*DIFF, "-f", "json")

    assert [
        (one["policy"], one["change"], one["formerly"]) for one in done.results["policies"]
    ] == [
        ("added", "added", None),
        ("open-blocker", "renamed", "late-blocker"),
        ("removed", "removed", None),
    ]
    assert [(one["policy"], one["change"]) for one in done.results["verdicts"]] == [
        ("added", "newly_failing"),
        ("added", "new"),
        ("removed", "gone"),
        ("removed", "gone"),
    ]


@pytest.mark.parametrize("own", [False, True])
def test_policies_that_became_one(*, own: bool, place: Path, auditor: Command) -> None:
    """Each is named, also where one of them keeps its name; a pass of either that is a fail now is new."""
    kept = "late-blocker" if own else "any-blocker"
    lax = POLICY.replace("late-blocker", "a-lax").replace("3 days", "90 days")
    (place / "old/ours/a-lax.yaml").write_text(lax, encoding="utf-8")
    formerly = "[a-lax]" if own else "[a-lax, late-blocker]"
    change(place, "id: late-blocker", f"id: {kept}\nformerly: {formerly}")
    file = place / "new/ours/late-blocker.yaml"
    file.rename(file.with_name(f"{kept}.yaml"))

    done = auditor(*DIFF, "-f", "json", "--fail-on", "worse")
    text = auditor(*DIFF)

    assert [
        (one["policy"], one["change"], one["formerly"]) for one in done.results["policies"]
    ] == [
        *([("late-blocker", "changed", None)] if own else []),
        (kept, "merged", "a-lax"),
        *([] if own else [(kept, "merged", "late-blocker")]),
    ]
    assert kinds(done.results) == [("newly_failing", "b2")]
    assert done.code == 1
    assert f"{kept}: merged, formerly a-lax" in text.out
    assert "before, by a-lax: " in text.out


def test_words_that_packs_share(place: Path, auditor: Command) -> None:
    """A policy may change without a change in its own file."""
    for version, word in (("old", "x.by(t)"), ("new", "x == null || x.by(t)")):
        folder = place / version
        words = f"title: T\ndefine: {{'inTime(x, t)': {word}}}\n"
        (folder / "pack.yaml").write_text(words, encoding="utf-8")
        policy = POLICY.replace("b.resolved_at.by(deadline)", "'inTime(b.resolved_at, deadline)'")
        (folder / "ours/late-blocker.yaml").write_text(policy, encoding="utf-8")

    done = auditor(*DIFF, "-f", "json")

    assert done.results["policies"] == [
        {
            "policy": "pack.yaml",
            "change": "changed",
            "formerly": None,
            "keys": [
                {"key": "inTime(x, t)", "old": "x.by(t)", "new": "x == null || x.by(t)"},
            ],
        }
    ], done.err
    assert kinds(done.results) == [("newly_passing", "b2")]


@pytest.mark.parametrize(
    ("fail_on", "new", "code"),
    [
        ("never", "default: 1 day", 0),
        ("worse", "default: 1 day", 1),
        ("any", "default: 1 day", 1),
        ("worse", "default: 90 days", 0),
        ("any", "default: 90 days", 1),
    ],
)
def test_gate(fail_on: str, new: str, code: int, place: Path, auditor: Command) -> None:
    """Only what a pipeline asks for ends with exit code 1."""
    change(place, "default: 3 days", new)

    assert auditor(*DIFF, "--fail-on", fail_on).code == code


def test_only_some_policies(place: Path, auditor: Command) -> None:
    """One that only one version has is wanted of that one."""
    change(place, "default: 3 days", "default: 1 day")
    added = POLICY.replace("late-blocker", "added")
    (place / "new/ours/added.yaml").write_text(added, encoding="utf-8")
    (place / "new/other").mkdir()
    other = POLICY.replace("late-blocker", "other")
    (place / "new/other/other.yaml").write_text(other, encoding="utf-8")

    one = auditor(*DIFF, "--policy", "added", "-f", "json")
    pack = auditor(*DIFF, "--pack", "other", "-f", "json")
    slip = auditor(*DIFF, "--policy", "aded")

    assert {entry["policy"] for entry in one.results["verdicts"]} == {"added"}
    assert [entry["policy"] for entry in one.results["policies"]] == ["added"]
    assert {entry["policy"] for entry in pack.results["verdicts"]} == {"other"}
    assert slip.code == 2
    assert "neither version has a policy called 'aded'" in slip.err
    assert "did you mean 'added'?" in slip.err
    assert auditor(*DIFF, "--policy", "added", "--pack", "other").code == 3


def test_a_profile_holds_for_both(place: Path, auditor: Command) -> None:
    """What it chooses for a parameter is what both versions judge by."""
    change(place, "default: 3 days", "default: 1 day")
    (place / "ours.yaml").write_text(
        'id: ours\ntitle: Ours\nowner: O\nversion: "1"\nparams: {late-blocker: {limit:'
        " {value: 2 days, reason: R, by: B, on: 2026-01-01}}}\n",
        encoding="utf-8",
    )

    done = auditor(*DIFF, "--profile", "ours.yaml", "-f", "json")

    assert done.code == 0, done.err
    assert done.results["verdicts"] == []


def test_a_profile_may_speak_of_policies_elsewhere(place: Path, auditor: Command) -> None:
    """Unless they were in the old version: then the change takes away what somebody counts on."""
    (place / "ours.yaml").write_text(
        'id: ours\ntitle: Ours\nowner: O\nversion: "1"\nseverities: {elsewhere:'
        " {value: high, reason: R, by: B, on: 2026-01-01}}\n",
        encoding="utf-8",
    )
    elsewhere = POLICY.replace("late-blocker", "elsewhere")

    neither = auditor(*DIFF, "--profile", "ours.yaml")
    (place / "old/ours/elsewhere.yaml").write_text(elsewhere, encoding="utf-8")
    removed = auditor(*DIFF, "--profile", "ours.yaml")
    (place / "old/ours/elsewhere.yaml").rename(place / "new/ours/elsewhere.yaml")
    added = auditor(*DIFF, "--profile", "ours.yaml")

    assert (neither.code, neither.err) == (0, "")
    assert removed.code == 4
    assert "in the new version ('new'): no policy is called 'elsewhere'" in removed.err
    assert (added.code, added.err) == (0, "")


# ----- what cannot be compared


@pytest.mark.parametrize("version", ["old", "new"])
def test_a_version_that_does_not_compile(version: str, place: Path, auditor: Command) -> None:
    """Is named, and compared with nothing: what is broken would look as if it were gone."""
    file = place / version / "ours/late-blocker.yaml"
    file.write_text(POLICY.replace("b.resolved_at.by", "b.resolvd_at.by"), encoding="utf-8")

    done = auditor(*DIFF)

    assert (done.code, done.out) == (4, "")
    assert f"in the {version} version ('{version}'): " in done.err
    assert f"--> {version}/ours/late-blocker.yaml:15:12" in done.err


def test_nothing_to_compare(place: Path, auditor: Command) -> None:
    """No policy on a side, or no snapshot, is never a success."""
    (place / "empty").mkdir()

    policies = auditor("policy", "diff", "empty", "new", "--snapshots", "facts")
    facts = auditor("policy", "diff", "old", "new", "--snapshots", "empty")

    assert (policies.code, facts.code) == (3, 3)
    assert "in the old version ('empty'): 'empty' holds no policy" in policies.err
    assert "no snapshot was found in 'empty'" in facts.err


@pytest.mark.parametrize("fail_on", ["never", "any"])
def test_nothing_is_judged(fail_on: str, place: Path, auditor: Command) -> None:
    """No policy is about what the snapshots hold: nothing was compared, which is no success."""
    policy = (
        "id: aim\ntitle: T\nwhy: W\ncontrols: [X-1]\nseverity: low\nfix: F\ntarget: unit\n"
        "require:\n  - {that: size(objectives) > 0, empty: fail, say: None.}\n"
    )
    for version in ("old", "new"):
        (place / version / "ours/aim.yaml").write_text(policy, encoding="utf-8")

    text = auditor(*DIFF, "--policy", "aim", "--fail-on", fail_on)
    tree = auditor(*DIFF, "--policy", "aim", "--fail-on", fail_on, "-f", "json")

    assert (text.code, tree.code) == (3, 3), text.err
    assert "Nothing was judged" in text.out
    assert tree.results["totals"]["unchanged"] == 0
    assert tree.results["verdicts"] == []


@pytest.mark.parametrize("pack", ["ours", "theirs"])
def test_a_policy_that_moves_to_another_pack(pack: str, place: Path, auditor: Command) -> None:
    """Is the same one, whichever of its packs is asked for."""
    change(place, "default: 3 days", "default: 1 day")
    (place / "new/ours").rename(place / "new/theirs")
    kept = POLICY.replace("late-blocker", "kept")
    for version in ("old", "new"):
        (place / version / "third").mkdir()
        (place / version / "third/kept.yaml").write_text(kept, encoding="utf-8")

    done = auditor(*DIFF, "--pack", pack, "--fail-on", "worse", "-f", "json")

    assert kinds(done.results) == [("newly_failing", "b1")]
    assert done.results["totals"]["unchanged"] == 1
    assert done.code == 1


def test_a_snapshot_that_cannot_be_read(place: Path, auditor: Command) -> None:
    """Is told once, and the others are compared."""
    change(place, "default: 3 days", "default: 1 day")
    (place / "facts/broken.json").write_text('{"snapshot": ', encoding="utf-8")

    done = auditor(*DIFF, "-f", "json")

    assert done.code == 4
    assert done.err.count("error[document]") == 1
    assert kinds(done.results) == [("newly_failing", "b1")]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("policy", "diff", "old", "new"), "missing option '--snapshots'"),
        (("policy", "diff", "old", "no-such", "--snapshots", "facts"), "'no-such': there is no"),
        (("policy", "diff", "", ".", "--snapshots", "facts"), "the old version has no name"),
        (("policy", "diff", "old", " ", "--snapshots", "facts"), "the new version has no name"),
        (("policy", "diff", "o" * 300, "new", "--snapshots", "facts"), "there is no folder"),
        (
            ("policy", "diff", "old", "n/" * 4000, "--snapshots", "facts"),
            "name a folder of policies",
        ),
        ((*DIFF, "-f", "markdwn"), "did you mean 'markdown'?"),
        ((*DIFF, "-f", "json=facts/apollo.json"), "would overwrite"),
        ((*DIFF, "-f", "json=new/ours/late-blocker.yaml"), "would overwrite"),
        ((*DIFF, "-f", "json=new/ours/late-blocker.cases.yaml"), "would overwrite"),
        ((*DIFF, "-f", "json=old/ours/catalogue.yaml"), "would overwrite"),
    ],
)
def test_wrong_use(arguments: tuple[str, ...], said: str, place: Path, auditor: Command) -> None:
    """Exit 2, and nothing is written over."""
    for beside in ("new/ours/late-blocker.cases.yaml", "old/ours/catalogue.yaml"):
        (place / beside).write_text("somebody's work", encoding="utf-8")
    files = [path for path in sorted(place.rglob("*")) if path.is_file()]
    before = [path.read_bytes() for path in files]

    done = auditor(*arguments)

    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert [path.read_bytes() for path in files] == before


# ----- Markdown


def test_markdown(place: Path, auditor: Command) -> None:
    """Tables that a forge renders; what is worse stands open, the rest is folded away."""
    change(place, "default: 3 days", "default: 1 day")
    change(place, "is open", "is not resolved")

    done = auditor(*DIFF, "-f", "markdown")

    assert done.out == (
        "## Policies: 1 newly failing, 1 reworded, 0 unchanged\n"
        "\n"
        "From **old** to **new**, 1 snapshot, judged at 2026-03-31 18:00 +02:00.\n"
        "\n"
        "### Changed policies\n"
        "\n"
        "| policy | change | before | now |\n"
        "|---|---|---|---|\n"
        "| late-blocker | changed, params.limit.default | 3 days | 1 day |\n"
        "| late-blocker | changed, require\\[0\\].say | {b.description} is open. | {b.description} is not resolved. |\n"
        "\n"
        "### Newly failing (1)\n"
        "\n"
        "| project | policy | subject | before | now | why |\n"
        "|---|---|---|---|---|---|\n"
        "| Apollo (x:1) | late-blocker | Lift | **pass**: Everything that is demanded holds. |"
        " **fail**: Lift is not resolved. | The blocker was resolved 48 h after it was raised; the limit was 1 day."
        "<br>blockers\\[0\\].resolved\\_at: 2026-03-12 10:00 +01:00 &#60;facts/apollo.json:31:19&#62;"
        "<br>blockers\\[0\\].raised\\_at: 2026-03-10 10:00 +01:00 &#60;facts/apollo.json:30:17&#62; |\n"
        "\n"
        "<details><summary>The same outcome in other words (1)</summary>\n"
        "\n"
        "| project | policy | subject | before | now | why |\n"
        "|---|---|---|---|---|---|\n"
        "| Apollo (x:1) | late-blocker | Door | **fail**: Door is open. | **fail**: Door is not resolved. |"
        " blockers\\[1\\].resolved\\_at is none: it has not happened."
        "<br>blockers\\[1\\].resolved\\_at: none <facts> |\n"
        "\n"
        "</details>\n"
    ).replace(
        "<facts>",
        "&#60;facts/apollo.json:37:19&#62;<br>blockers\\[1\\].raised\\_at: 2026-03-11 10:00 +01:00 &#60;facts/apollo.json:36:17&#62;",
    )


def test_markdown_has_room_in_a_comment(place: Path, auditor: Command) -> None:
    """Thousands of verdicts: the first of them, and how many rows are left out."""
    blockers = [
        {**SNAPSHOT["blockers"][0], "id": f"b{n}", "description": f"|`<x>`@ann #{n} " * 9}
        for n in range(900)
    ]
    write(place, {**SNAPSHOT, "blockers": blockers})
    change(place, "default: 3 days", "default: 1 day")

    done = auditor(*DIFF, "-f", "markdown")

    rows = [line for line in done.out.splitlines() if line.startswith("| Apollo")]
    assert len(done.out) <= 65_536
    assert "## Policies: 900 newly failing" in done.out
    assert f"**{900 - len(rows)} rows left out**: a comment has no room for more." in done.out
    assert rows
    # No name ends a cell, begins a tag or a stretch of code, or calls somebody.
    assert {row.count("|") for row in rows} == {7}
    assert "<x>" not in done.out
    assert "`<" not in done.out
    assert "@ann" not in done.out
    assert done.out.count("<details>") == done.out.count("</details>") == 1


# ----- git revisions


def git(folder: Path, *arguments: str) -> None:
    """Run git as somebody without settings."""
    roles = [f"GIT_{role}_{part}" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")]
    subprocess.run(
        ["git", *arguments],  # noqa: S607 - whichever git the tests' user has
        cwd=folder,
        check=True,
        capture_output=True,
        env={
            "PATH": "/usr/bin:/bin",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            **dict.fromkeys(roles, "x@y"),
        },
    )


@pytest.mark.skipif(which("git") is None, reason="git is not installed")
class TestRevisions:
    """OLD and NEW as git knows them."""

    @pytest.fixture
    def repository(self, place: Path) -> Path:
        """Return a repository whose policies are the old version at a tag, and the new one since."""
        change(place, "default: 3 days", "default: 1 day")
        git(place, "init", "-q", "-b", "main")
        for version in ("old", "new"):
            copytree(place / version, place / "policies", dirs_exist_ok=True)
            git(place, "add", "policies")
            git(place, "commit", "-q", "-m", version)
            git(place, "tag", f"the/{version}")
        return place

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("the/old", "the/new"),
            ("main~1", "main"),
            ("the/old", "policies"),
            ("old", "HEAD"),
        ],
    )
    def test_a_revision_says_what_its_folder_says(
        self, old: str, new: str, repository: Path, auditor: Command
    ) -> None:
        """Both forms, in any combination."""
        expected = auditor(*DIFF, "-f", "json").results

        found = auditor("policy", "diff", old, new, "--snapshots", "facts", "-f", "json").results

        assert (found["old"], found["new"]) == (old, new), repository
        assert kinds(found) == kinds(expected) == [("newly_failing", "b1")]
        assert found["policies"] == expected["policies"]
        assert found["totals"] == expected["totals"]

    def test_a_fault_is_shown_in_the_revision(self, repository: Path, auditor: Command) -> None:
        """As git names a file in it, and with nothing of the place where it was copied to."""
        copy(repository / "facts/apollo.json", repository / "policies/ours/late-blocker.yaml")
        git(repository, "commit", "-q", "-am", "broken")

        done = auditor("policy", "diff", "the/old", "main", "--snapshots", "facts")

        assert done.code == 4
        assert "in the new version ('main:policies'): " in done.err
        assert "--> main:policies/ours/late-blocker.yaml:1:1" in done.err
        assert "/tmp" not in done.err  # noqa: S108 - where copies are made
        assert "auditor-" not in done.err

    def test_another_folder_of_policies(self, repository: Path, auditor: Command) -> None:
        """A pack alone has the words beside it."""
        done = auditor(
            "policy", "diff", "the/old", "the/new", "--snapshots", "facts",
            "--policies", "policies/ours", "-f", "json",
        )  # fmt: skip
        none = auditor(
            "policy", "diff", "the/old", "the/new", "--snapshots", "facts", "--policies", "rules"
        )

        assert kinds(done.results) == [("newly_failing", "b1")], repository
        assert none.code == 2
        assert "'the/old' has no folder 'rules'" in none.err

    def test_the_same_bytes_every_time(self, repository: Path, auditor: Command) -> None:
        """Whatever the copies are called."""
        command = ("policy", "diff", "the/old", "the/new", "--snapshots", "facts", "-f")

        for form in ("text", "json", "markdown"):
            first = auditor(*command, form, PYTHONHASHSEED="1")
            second = auditor(*command, form, PYTHONHASHSEED="2", TZ="Asia/Tokyo")
            assert first == second, repository
