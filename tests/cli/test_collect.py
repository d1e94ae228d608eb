"""``auditor collect`` makes a snapshot, and writes none that could not be read again."""

from __future__ import annotations

import json
import subprocess
from shutil import which
from typing import TYPE_CHECKING

import pytest

from auditor.plugins.entry_points import READERS, names

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Command

PROJECT = """\
time_zone: Europe/Berlin
project:
  id: hand:gaia
  name: Gaia
  execution: {started_at: 2026-09-01T08:00:00+02:00, ended_at: null}
"""
AT = ("--captured-at", "2026-09-30T18:00:00+02:00")


@pytest.fixture
def gaia(place: Path) -> Path:
    """Return a delivery repository with a head and one register."""
    delivery = place / "gaia" / "delivery"
    delivery.mkdir(parents=True)
    (delivery / "project.yaml").write_text(PROJECT, encoding="utf-8")
    (delivery / "approvals.csv").write_text(
        "id,subject,decision,at\na1,b1,approved,2026-08-30T12:00:00+02:00\n", encoding="utf-8"
    )
    return place / "gaia"


def commit(folder: Path, at: str) -> None:
    """Commit everything in *folder*, at a given time."""
    environment = {
        "PATH": "/usr/bin:/bin:/usr/local/bin",
        "HOME": str(folder),
        **{f"GIT_{who}_NAME": "A" for who in ("AUTHOR", "COMMITTER")},
        **{f"GIT_{who}_EMAIL": "a@example.org" for who in ("AUTHOR", "COMMITTER")},
        "GIT_COMMITTER_DATE": at,
    }
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "x"]):
        command = ["git", *words]
        subprocess.run(command, cwd=folder, check=True, env=environment)


def test_snapshot_can_be_judged(gaia: Path, auditor: Command) -> None:
    """What is collected is what the folder itself would be judged as."""
    made = auditor("collect", "gaia", "-o", "gaia.json", *AT)
    folder = auditor("check", "gaia", "--policies", "policies", "-f", "json", *AT)
    document = auditor("check", "gaia.json", "--policies", "policies", "-f", "json")

    assert made.code == 0, gaia
    assert made.out == ""
    assert made.err.startswith("wrote hand:gaia to gaia.json, sha256:")
    assert folder.verdicts() == document.verdicts() == {"hand:gaia": {"nothing-approved": "pass"}}
    digests = [
        done.results["results"][0]["document"]["snapshot"]["digest"] for done in (folder, document)
    ]
    assert digests[0] == digests[1]


def test_help_names_the_readers(auditor: Command) -> None:
    """`auditor init` sends people here for them."""
    told = " ".join(auditor("collect", "--help").out.split())

    assert f"Who reads the sources: {', '.join(names(READERS))}." in told


def test_stdout_without_a_file(gaia: Path, auditor: Command) -> None:
    """Without ``-o`` the snapshot is the result."""
    done = auditor("collect", "gaia", *AT)

    assert done.code == 0, gaia
    assert json.loads(done.out)["project"]["name"] == "Gaia"
    assert json.loads(done.out)["snapshot"]["gaps"]["/meetings"] == "not_collected"


def test_nobody_says_when(gaia: Path, auditor: Command) -> None:
    """Without git, document or option there is no guess, but an error that says so."""
    done = auditor("collect", "gaia")

    assert done.code == 4, gaia
    assert done.out == ""
    assert "commit the folder to git, write captured_at in delivery/project.yaml, or" in done.err
    assert "--captured-at" in done.err


@pytest.mark.skipif(which("git") is None, reason="git is not installed")
def test_git_says_when(gaia: Path, auditor: Command) -> None:
    """The newest commit that touched the folder dates it, and outranks the option."""
    commit(gaia, "2026-09-15T10:00:00+02:00")

    done = auditor("collect", "gaia", *AT)

    assert json.loads(done.out)["snapshot"]["captured_at"] == "2026-09-15T10:00:00+02:00"
    assert done.err == ""


@pytest.mark.skipif(which("git") is None, reason="git is not installed")
def test_commit_beside_the_folder_does_not_date_it(gaia: Path, auditor: Command) -> None:
    """A commit of code says nothing about the records."""
    commit(gaia, "2026-09-15T10:00:00+02:00")
    (gaia / "main.c").touch()
    commit(gaia, "2026-09-20T10:00:00+02:00")

    done = auditor("collect", "gaia")

    assert json.loads(done.out)["snapshot"]["captured_at"] == "2026-09-15T10:00:00+02:00"


@pytest.mark.skipif(which("git") is None, reason="git is not installed")
def test_uncommitted_changes_are_told(gaia: Path, auditor: Command) -> None:
    """What is not committed has no time, and the user hears of it."""
    commit(gaia, "2026-09-15T10:00:00+02:00")
    (gaia / "delivery" / "risks.csv").write_text("id\n", encoding="utf-8")

    done = auditor("collect", "gaia")

    assert (
        "gaia has changes that are not committed; they are judged too, as of its newest commit,"
        " 2026-09-15T10:00:00+02:00"
    ) in done.err


@pytest.mark.skipif(which("git") is None, reason="git is not installed")
def test_commit_that_dates_nothing_is_not_spoken_of(gaia: Path, auditor: Command) -> None:
    """A folder that says itself up to when it speaks is not judged as of a commit, and nobody says so."""
    head = gaia / "delivery" / "project.yaml"
    head.write_text(f"captured_at: 2026-09-20T10:00:00+02:00\n{PROJECT}", encoding="utf-8")
    commit(gaia, "2026-09-15T10:00:00+02:00")
    (gaia / "delivery" / "risks.csv").write_text("id\n", encoding="utf-8")

    done = auditor("collect", "gaia")

    assert (done.code, done.err) == (0, "")


@pytest.mark.skipif(which("git") is None, reason="git is not installed")
def test_document_outranks_git(gaia: Path, auditor: Command) -> None:
    """What the folder itself says counts."""
    path = gaia / "delivery" / "project.yaml"
    path.write_text(f"captured_at: 2026-09-10T10:00:00+02:00\n{PROJECT}", encoding="utf-8")
    commit(gaia, "2026-09-15T10:00:00+02:00")

    done = auditor("collect", "gaia")

    assert json.loads(done.out)["snapshot"]["captured_at"] == "2026-09-10T10:00:00+02:00"


def test_part_that_cannot_be_read_is_a_gap(gaia: Path, auditor: Command) -> None:
    """The rest is written, with a gap where something is missing, and exit 4."""
    register = "id,subject,decision,at\na1,b1,approved,soon\n"
    (gaia / "delivery" / "approvals.csv").write_text(register, encoding="utf-8")

    done = auditor("collect", "gaia", *AT)

    assert done.code == 4
    assert "--> gaia/delivery/approvals.csv:2" in done.err
    assert json.loads(done.out)["snapshot"]["gaps"]


def test_configuration_joins_sources(gaia: Path, auditor: Command) -> None:
    """An ``auditor.yaml`` with sources says who reads what; a reader that there is not has its place."""
    config = gaia / "auditor.yaml"
    config.write_text("sources:\n  - reader: folder\n    path: .\n", encoding="utf-8")
    good = auditor("collect", "gaia", *AT)
    config.write_text("sources:\n  - reader: foldr\n", encoding="utf-8")
    bad = auditor("collect", "gaia", *AT)

    assert good.code == 0, good.err
    assert json.loads(good.out)["project"]["id"] == "hand:gaia"
    assert bad.code == 4
    assert "no reader is called 'foldr'" in bad.err
    assert "--> gaia/auditor.yaml:2:" in bad.err
    assert "did you mean 'folder'?" in bad.err


def test_only_the_delivery_folder_is_read(gaia: Path, auditor: Command) -> None:
    """A repository holds much else, however broken or large."""
    (gaia / "huge.bin").symlink_to("/proc/self/mem")
    (gaia / "auditor.yaml").write_text("sources: [{reader: folder}]\n", encoding="utf-8")

    assert auditor("collect", "gaia", *AT).code == 0


def test_folder_of_many_is_not_one_source(place: Path, auditor: Command) -> None:
    """One snapshot is of one auditee."""
    text = (place / "snapshots" / "apollo.json").read_text(encoding="utf-8")
    (place / "snapshots" / "zeus.json").write_text(text.replace("apollo", "zeus"), encoding="utf-8")

    done = auditor("collect", "snapshots")

    assert done.code == 2
    assert "'snapshots' holds 2 sources" in done.err


def test_reader_by_name(place: Path, auditor: Command) -> None:
    """``--reader`` decides; a name that is none is a slip."""
    by_name = auditor("collect", "snapshots/apollo.json", "--reader", "document")
    wrong = auditor("collect", "snapshots/apollo.json", "--reader", "documnt")

    assert by_name.code == 0, place
    assert wrong.code == 2
    assert "did you mean 'document'?" in wrong.err


def test_nothing_to_collect(place: Path, auditor: Command) -> None:
    """An empty folder is exit 3, a missing one exit 4."""
    (place / "empty").mkdir()

    assert auditor("collect", "empty").code == 3
    assert auditor("collect", "nowhere").code == 4


def test_configuration_without_sources_still_holds(gaia: Path, auditor: Command) -> None:
    """What ``auditor.yaml`` says of zone, instant and auditee counts for the delivery folder beside it."""
    head = (gaia / "delivery" / "project.yaml").read_text(encoding="utf-8")
    (gaia / "delivery" / "project.yaml").write_text(
        head.replace("time_zone: Europe/Berlin\n", ""), encoding="utf-8"
    )
    config = "time_zone: Europe/Lisbon\ncaptured_at: 2026-09-20T10:00:00+01:00\n"
    (gaia / "auditor.yaml").write_text(config, encoding="utf-8")

    done = auditor("collect", "gaia")

    assert done.code == 0, done.err
    made = json.loads(done.out)["snapshot"]
    assert made["time_zone"] == "Europe/Lisbon"
    assert made["captured_at"] == "2026-09-20T10:00:00+01:00"


def test_settings_of_a_reader(gaia: Path, auditor: Command) -> None:
    """``--set`` gives what ``auditor.yaml`` would; what a reader does not know it refuses."""
    named = auditor("collect", "gaia", "--set", "id=repository", *AT)
    unknown = auditor("collect", "gaia", "--set", "idd=repository", *AT)
    broken = auditor("collect", "gaia", "--set", "id", *AT)
    no_value = auditor("collect", "gaia", "--set", "id=[", *AT)

    assert named.code == 0, gaia
    assert json.loads(named.out)["snapshot"]["sources"][0]["id"] == "repository"
    assert unknown.code == 4
    assert "folder has no setting 'idd'" in unknown.err
    assert broken.code == 2
    assert "write --set KEY=VALUE" in broken.err
    assert no_value.code == 4
    assert "--> --set id:1:2" in no_value.err


def test_recorded_board(shared: Path, root: Path, place: Path, auditor: Command) -> None:
    """A real board is collected and judged: what it cannot say is missing, and nothing of that is green."""
    made = auditor(
        "collect", shared / "data/recorded/jira", "-o", "board.json",
        "--mapping", root / "tests/data/board-mapping.yaml",
        "--set", "site=example.atlassian.net", "--set", "assume_time_zone=UTC",
        "--auditee", "jira:board-8", "--time-zone", "Asia/Shanghai",
    )  # fmt: skip
    judged = auditor("check", "board.json", "-f", "json")

    assert made.code == 0, made.err
    assert judged.code == 1, place
    verdicts = judged.results["results"][0]["document"]["verdicts"]
    assert {"inconclusive"} <= {verdict["outcome"] for verdict in verdicts}
    assert all(verdict["missing"] for verdict in verdicts if verdict["outcome"] == "inconclusive")
    # Neither approvals nor meetings are on a board, so nothing that needs them can be a pass.
    needs = {"execution-before-dm-sign-off", "stand-up-missed-in-sprint"}
    assert {v["outcome"] for v in verdicts if v["policy"] in needs} <= {
        "inconclusive",
        "not_applicable",
    }


def test_configuration_and_folder_agree_on_the_time_zone(gaia: Path, auditor: Command) -> None:
    """Another zone would move the auditee's days: the contradiction is an error with its place."""
    (gaia / "auditor.yaml").write_text("time_zone: Asia/Tokyo\n", encoding="utf-8")

    done = auditor("collect", "gaia", *AT)

    assert done.code == 4
    assert done.out == ""
    assert "the time zone is 'Europe/Berlin' here, auditor.yaml says 'Asia/Tokyo'" in done.err
    assert "--> gaia/delivery/project.yaml:1:12" in done.err


def test_register_that_cannot_be_read_is_a_gap(gaia: Path, auditor: Command) -> None:
    """One file that the system refuses is a problem and a list known to be incomplete; the rest is read."""
    (gaia / "delivery" / "blockers.csv").symlink_to("nowhere.csv")

    done = auditor("collect", "gaia", *AT)

    assert done.code == 4
    assert "error[input]: cannot read 'gaia/delivery/blockers.csv'" in done.err
    document = json.loads(done.out)
    assert document["snapshot"]["gaps"]["/blockers"] in {"truncated", "unparsed"}
    assert [one["id"] for one in document["approvals"]] == ["a1"]
    assert document["snapshot"]["sources"][0]["completeness"] == "truncated"


def test_folder_in_the_place_of_a_register_is_a_gap(gaia: Path, auditor: Command) -> None:
    """A folder that is called like a register's file is no register, and takes nothing else away."""
    (gaia / "delivery" / "documents.yaml").mkdir()

    done = auditor("collect", "gaia", *AT)

    assert done.code == 4
    assert "error[input]: cannot read 'gaia/delivery/documents.yaml': is a directory" in done.err
    document = json.loads(done.out)
    assert document["snapshot"]["gaps"]["/documents"] in {"truncated", "unparsed"}
    assert [one["id"] for one in document["approvals"]] == ["a1"]


def test_folder_without_a_delivery_folder_is_no_empty_snapshot(
    place: Path, auditor: Command
) -> None:
    """Where nothing is kept as it should be, nothing can be said to be complete."""
    (place / "minutes").mkdir()
    (place / "minutes" / "sprint-1.md").write_text("# Sprint 1\n", encoding="utf-8")
    options = ("--auditee", "hand:gaia", "--time-zone", "Europe/Berlin", *AT)

    done = auditor("collect", "minutes", "--reader", "folder", *options)

    assert (done.code, done.out) == (4, "")
    assert "error[input]: there is no folder 'delivery' in 'minutes'" in done.err
    assert "delivery/meetings/" in done.err


@pytest.mark.parametrize("output", ["a.json", "./a.json", "gaia/delivery/approvals.csv"])
def test_source_is_not_overwritten(output: str, gaia: Path, auditor: Command) -> None:
    """A slip must not cost anybody the records."""
    source = gaia if output.startswith("gaia") else gaia.parent / "a.json"
    auditor("collect", "gaia", "-o", "a.json", *AT)
    before = (gaia.parent / output).read_bytes()

    done = auditor("collect", source.name, "-o", output, *AT)

    assert done.code == 2
    assert "error[usage]: the report would overwrite" in done.err
    assert (gaia.parent / output).read_bytes() == before
