"""
Read recorded Jira responses: issues with their histories, sprints and worklogs.

A board knows what was worked on and when; it knows nothing of baselines, approvals, meetings, roles or
risks, and says so in the gaps. What a status means is said by a mapping file alone: Jira's own category is
wrong as soon as somebody adds a status in a hurry. The directory of parties holds whom the records name,
which is not everybody on the project.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.sources.jira_board import SETTINGS, BoardReading, Form, notes_of
from auditor.sources.jira_records import read_recording
from auditor.sources.reader_settings import Settings

if TYPE_CHECKING:
    from auditor.sources.contract import Draft, ReaderOptions, SourceFiles

_RECORDED: Final = (b"/rest/api/", b"/rest/agile/")
_SNIFFED_BYTES: Final = 4096
_FORM: Final = Form(
    "jira_export", "want JSON Lines of recorded responses with url, captured_at and body"
)


class JiraExportReader:
    """Reader of recorded Jira responses, one JSON object a line."""

    name = "jira_export"
    settings: Final = (*SETTINGS, "site")
    """Keys of its own in ``auditor.yaml``."""

    def claims(self, source: SourceFiles) -> bool:
        """Tell whether JSON Lines are called after Jira, or begin as recorded responses of it do."""
        return any(
            path.endswith((".jsonl", ".ndjson"))
            and (
                "jira" in f"{source.name}/{path}".lower()
                or any(mark in data[:_SNIFFED_BYTES] for mark in _RECORDED)
            )
            for path, data in source.files.items()
        )

    def read(self, source: SourceFiles, options: ReaderOptions) -> Draft:
        """
        Make a snapshot of the board.

        Raises:
            InputError: No record of Jira is in the files.
            ConfigError: A setting is missing or matches nothing.
        """
        settings = Settings(options, reader=self.name, known=self.settings, source=source.name)
        reading = BoardReading(
            source,
            options,
            settings,
            form=_FORM,
            recording=read_recording(source),
            notes=notes_of(settings, options),
        )
        return reading.draft(site=settings.text("site"))
