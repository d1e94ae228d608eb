"""The pages of the readers of recordings say what these readers take."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from auditor.sources.config import parse_config
from auditor.sources.mapping import read_mapping
from auditor.sources.readers.github_export import GitHubExportReader
from auditor.sources.readers.gitlab_export import GitLabExportReader
from auditor.sources.readers.trello_export import TrelloExportReader

PAGES = Path(__file__).resolve().parents[2] / "docs" / "sources"
READERS: dict[str, tuple[str, ...]] = {
    "github": GitHubExportReader.settings,
    "gitlab": GitLabExportReader.settings,
    "trello": TrelloExportReader.settings,
}


def blocks(page: str) -> list[str]:
    """Return the indented examples of a page."""
    text = (PAGES / page).read_text(encoding="utf-8")
    found = re.findall(r"(?:^    .*\n)+", text, re.MULTILINE)
    return [re.sub(r"^    ", "", block, flags=re.MULTILINE) for block in found]


@pytest.mark.parametrize("tool", READERS)
def test_the_settings_of_a_page_are_those_of_its_reader(tool: str) -> None:
    """Those that all three have stand on the page of the index."""
    common, own = (
        set(re.findall(r"^\| `(\w+)` \|", (PAGES / page).read_text("utf-8"), re.MULTILINE))
        for page in ("README.md", f"{tool}-export.md")
    )
    known = set(READERS[tool])
    lists = {"approvals", "change_events", "checklists", "documents", "issues", "lists"}
    lists |= {"labels", "members", "merge_requests", "milestones", "work_items"}

    assert known <= common | own
    assert own - lists <= known


@pytest.mark.parametrize("tool", READERS)
def test_the_example_of_a_page_can_be_used(tool: str) -> None:
    """It names the reader, and settings that the reader has; its mapping keeps the rules."""
    config, mapping = blocks(f"{tool}-export.md")
    found = parse_config(config.encode(), path="auditor.yaml")
    (source,) = [one for one in found.sources if one.reader == f"{tool}_export"]

    assert set(source.settings) <= set(READERS[tool])
    assert read_mapping(mapping.encode(), path="mapping.yaml")["owner"] == "delivery office"
