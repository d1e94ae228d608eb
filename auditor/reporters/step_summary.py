"""
A run as the summary of a step on GitHub: one page of Markdown.

GitHub shows nothing of a summary that is longer than it allows, so there is an end to the page, and it says what is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.findings.finding import findings
from auditor.reporters import markdown_findings as markdown
from auditor.reporters.markdown_page import MarkdownPage
from auditor.reporters.markdown_text import inline
from auditor.reporters.remarks import FindingPlaces
from auditor.reporters.wording import name, sentence

if TYPE_CHECKING:
    from auditor.model.run import Places, Run

LIMIT: Final = 1024 * 1024
"""Octets of one step's summary. Source: GitHub, "Adding a job summary", step isolation and limits."""

_OPEN: Final = 20
"""Rows of a table that show without being asked for."""
_TEXT: Final = 600


def step_summary(run: Run, places: Places) -> str:
    """Return the summary of a run."""
    found = findings(run)
    page = MarkdownPage(
        LIMIT, "a summary has no room for more. The other reports of the audit hold everything."
    )
    page.add("## Audit\n\n")
    for piece in (*markdown.opening(run), *markdown.gate(run)):
        page.add(piece)
    page.add(markdown.not_counted(run, found))
    troubles = list(markdown.trouble_rows(run))
    if troubles:
        page.table("Not looked at", "", troubles, len(troubles))
    spots = FindingPlaces(found, places)
    for group in markdown.groups(found):
        count = len(group.found)
        page.table(
            markdown.title(group),
            markdown.about(group) + markdown.ROWS_HEAD,
            markdown.rows(group, spots, run),
            count,
            is_open=count <= _OPEN,
        )
    missing = markdown.missing_rows(run)
    if missing:
        page.table("Missing facts", markdown.MISSING_HEAD, missing, len(missing))
    if run.not_used:
        unused = [
            f"- {inline(name(one.name), _TEXT)}: {inline(sentence(one.reason), _TEXT)}\n"
            for one in run.not_used
        ]
        page.table("Not used", "", unused, len(unused))
    page.add(f"\n### Next\n\n{markdown.steps(run, found)}")
    return page.text()
