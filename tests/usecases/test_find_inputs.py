"""Paths stand for snapshots and sources, by their names and first bytes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from auditor.usecases.find_inputs import Glimpses, find_inputs
from auditor.usecases.shown_name import shown_name

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def lay(folder: Path, *names: str, text: str = "snapshot: {}\n") -> None:
    """Write files with folders around them."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def found(*paths: str) -> list[tuple[str, str | None]]:
    """Return name and reader of what *paths* stand for."""
    inputs = find_inputs(paths)
    assert inputs.errors == []
    return [(one.name, one.reader.name if one.reader else None) for one in inputs.found]


def test_folder_of_snapshots_in_the_order_of_names(here: Path) -> None:
    """Every JSON and YAML file is looked at, in every folder below, hidden ones aside."""
    lay(here, "s/b.yaml", "s/a.json", "s/c/d.yml", "s/.git/x.json", "s/.hidden.json", "s/README.md")

    assert found("s") == [
        ("s/a.json", "document"),
        ("s/b.yaml", "document"),
        ("s/c/d.yml", "document"),
    ]


def test_cases_of_a_policy_are_no_input(here: Path) -> None:
    """They may hold attestations and snapshots: nobody vouched for anything there."""
    lay(here, "s/policies/late.cases.yaml", text="policy: late\nattestations: []\n")
    inputs = find_inputs(["s"])

    assert (inputs.found, inputs.errors) == ([], [])
    assert inputs.passed_over == [("s/policies/late.cases.yaml", "it holds the cases of a policy")]


def test_delivery_folder_is_one_source(here: Path) -> None:
    """A folder with ``delivery/`` is one auditee, not a folder of files."""
    lay(
        here,
        "s/gaia/delivery/project.yaml",
        "s/gaia/delivery/risks.csv",
        "s/gaia/src/x.json",
        "s/z.json",
    )

    assert found("s") == [("s/gaia", "folder"), ("s/z.json", "document")]
    assert found("s/gaia") == [("s/gaia", "folder")]


def test_configuration_with_sources_decides(here: Path) -> None:
    """A folder whose ``auditor.yaml`` names sources is read as that says; one without is just a folder."""
    lay(here, "a/auditor.yaml", text="sources: [{reader: folder}]\n")
    lay(here, "b/auditor.yaml", text="policies: [p]\n")
    lay(here, "b/x.json")

    (source,) = find_inputs(["a"]).found
    assert source.reader is None
    assert source.config is not None
    assert ("b/x.json", "document") in found("b")


def test_recorded_responses_are_known_by_their_first_bytes(here: Path) -> None:
    """A name ending in ``.jsonl`` proves nothing."""
    row = '{"url": "https://x.example/rest/agile/1.0/board/8/issue", "body": {}}\n'
    lay(here, "jira/issues.jsonl", text=row)
    lay(here, "other/issues.jsonl", text='{"a": 1}\n')

    assert found("jira", "other") == [("jira", "jira_export")]


def test_file_that_nobody_knows_is_an_error_only_when_it_is_named(here: Path) -> None:
    """What the user names is meant; what lies about is not."""
    lay(here, "s/table.xlsx", "s/a.json")

    inputs = find_inputs(["s/table.xlsx", "s"])

    assert [name for name, _ in inputs.errors] == ["s/table.xlsx"]
    assert [one.name for one in inputs.found] == ["s/a.json"]


def test_circle_of_links_ends(here: Path) -> None:
    """A link to a folder is not followed but listed: it may lead round for ever."""
    lay(here, "s/a.json")
    (here / "s" / "loop").symlink_to(here / "s")

    assert found("s") == [("s/a.json", "document")]
    assert [name for name, _ in find_inputs(["s"]).passed_over] == ["s/loop"]


def test_current_folder(here: Path) -> None:
    """Below ``.`` nothing begins with ``./``."""
    lay(here, "a.json", "b/c.json")

    assert [name for name, _ in found(".")] == ["a.json", "b/c.json"]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        pytest.param("a/../b//c.json", "b/c.json", id="tidied"),
        pytest.param("./a", "a", id="no-dot"),
        pytest.param("../a", "../a", id="above"),
        pytest.param("{here}/a/b", "a/b", id="absolute-below"),
        pytest.param("{here}", ".", id="absolute-itself"),
        pytest.param("{above}/x", "../x", id="absolute-above"),
    ],
)
def test_name_is_what_the_user_would_type(typed: str, shown: str, here: Path) -> None:
    """Never absolute, whatever was typed."""
    assert shown_name(typed.format(here=here, above=here.parent)) == shown


def test_glimpse_reads_no_more_than_it_needs(here: Path) -> None:
    """Telling what a file is must not read gigabytes, nor break on one that cannot be read."""
    (here / "big").write_bytes(b"x" * 100_000)
    (here / "mem").symlink_to("/proc/self/mem")
    glimpses = Glimpses(here, ("big", "mem"))

    assert list(glimpses) == ["big", "mem"]
    assert len(glimpses["big"]) == 4096
    assert glimpses["mem"] == b""
    assert "other" not in glimpses


def test_export_deeper_down_does_not_claim_the_folder_above(here: Path) -> None:
    """A portfolio in which one project is an export is still a portfolio."""
    row = '{"url": "https://x.example/rest/agile/1.0/board/8/issue", "body": {}}\n'
    lay(here, "s/jira/pages/1.jsonl", text=row)
    lay(here, "s/jira/issues.jsonl", text=row)
    lay(here, "s/a.json")

    inputs = find_inputs(["s"])

    assert [one.name for one in inputs.found] == ["s/a.json", "s/jira"]
    assert inputs.found[1].files == ("issues.jsonl", "pages/1.jsonl")


def test_only_what_is_delivered_is_read_of_a_repository(here: Path) -> None:
    """Code, however much of it, is not looked at."""
    lay(here, "gaia/delivery/project.yaml", "gaia/src/main.c", "gaia/README.md")

    (source,) = find_inputs(["gaia"]).found

    assert source.files == ("delivery/project.yaml",)


def test_sources_of_a_configuration_bring_their_files(here: Path) -> None:
    """Each source its folder or file, and its mapping; nothing else."""
    lay(here, "g/delivery/project.yaml", "g/export/a.jsonl", "g/map.yaml", "g/src/main.c")
    config = (
        "sources:\n"
        "  - {reader: folder}\n"
        "  - {reader: jira_export, path: export, mapping: map.yaml}\n"
        "  - {reader: document, path: none.json}\n"
    )
    lay(here, "g/auditor.yaml", text=config)

    (source,) = find_inputs(["g"]).found

    assert source.files == ("delivery/project.yaml", "export/a.jsonl", "map.yaml")


def test_folder_that_cannot_be_listed_spoils_its_source_alone(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is in it would be missing in silence."""
    lay(here, "s/gaia/delivery/project.yaml", "s/gaia/delivery/meetings/a.md", "s/z.json")
    listing = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("meetings"):
            raise PermissionError(13, "Permission denied")
        return listing(path)

    monkeypatch.setattr(os, "scandir", refuse)
    inputs = find_inputs(["s"])

    assert [(name, error.message) for name, error in inputs.errors] == [
        ("s/gaia", "cannot read 's/gaia': permission denied")
    ]
    assert [one.name for one in inputs.found] == ["s/z.json"]


def test_pipe_in_a_delivery_folder_is_not_waited_for(here: Path) -> None:
    """A pipe is no register."""
    lay(here, "gaia/delivery/project.yaml")
    os.mkfifo(here / "gaia" / "delivery" / "risks.csv")

    (source,) = find_inputs(["gaia"]).found

    assert source.files == ("delivery/project.yaml",)


def test_attestations_of_a_delivery_folder_are_set_aside(here: Path) -> None:
    """They are no part of the snapshot; what is none of them is listed, a page about them aside."""
    lay(
        here,
        "gaia/delivery/project.yaml",
        "gaia/delivery/attestations/2026/dm.yaml",
        "gaia/delivery/attestations/dm.json",
        "gaia/delivery/attestations/README.md",
        "gaia/delivery/attestations/signed.pdf",
        "gaia/delivery/attestations/.hidden.yaml",
        "gaia/attestations/other.yaml",
    )

    inputs = find_inputs(["gaia"])

    assert [one.files for one in inputs.found] == [("delivery/project.yaml",)]
    assert [one.name for one in inputs.attestations] == [
        "gaia/delivery/attestations/2026/dm.yaml",
        "gaia/delivery/attestations/dm.json",
    ]
    assert [name for name, _ in inputs.passed_over] == ["gaia/delivery/attestations/signed.pdf"]


@pytest.mark.parametrize("named", ["gaia", "gaia/delivery"])
def test_attestations_may_be_one_file_of_the_delivery_folder(here: Path, named: str) -> None:
    """Whichever of the two folders is named."""
    lay(here, "gaia/delivery/project.yaml", "gaia/delivery/attestations.yaml")

    inputs = find_inputs([named])

    assert [one.name for one in inputs.attestations] == ["gaia/delivery/attestations.yaml"]
    assert [len(one.files) for one in inputs.found] == [1]


def test_attestations_of_a_configured_folder_are_set_aside(here: Path) -> None:
    """An ``auditor.yaml`` with sources changes nothing about it."""
    lay(here, "g/delivery/project.yaml", "g/delivery/attestations/dm.yaml")
    lay(here, "g/auditor.yaml", text="sources: [{reader: folder}]\n")

    inputs = find_inputs(["g"])

    assert [one.files for one in inputs.found] == [("delivery/project.yaml",)]
    assert [one.name for one in inputs.attestations] == ["g/delivery/attestations/dm.yaml"]


def test_a_repository_of_attestations_alone_is_no_source(here: Path) -> None:
    """Nobody expects a snapshot of it."""
    lay(here, "words/delivery/attestations/dm.yaml")

    inputs = find_inputs(["words"])

    assert (inputs.found, inputs.errors) == ([], [])
    assert [one.name for one in inputs.attestations] == ["words/delivery/attestations/dm.yaml"]


def test_an_attestation_that_is_named_and_lies_in_a_named_folder_is_there_once(here: Path) -> None:
    """It is not read as a snapshot beside it."""
    lay(here, "gaia/delivery/project.yaml", "gaia/delivery/attestations/dm.yaml")

    inputs = find_inputs(["gaia/delivery/attestations/dm.yaml", "gaia"])

    assert [one.name for one in inputs.found] == ["gaia"]
    assert [one.name for one in inputs.attestations] == ["gaia/delivery/attestations/dm.yaml"]
