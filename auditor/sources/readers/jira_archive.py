"""
Read an archive of Jira: issues and sprints as Jira's interface writes them, kept without their requests.

An archive says neither when it was made nor what was asked for. So the instant up to which it speaks must be
given, and its lists are open until somebody vouches for them. It is not the form of `jira_export`, which can
tell both from the requests that are recorded beside the answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.documents.gzipped import gzip_beginning
from auditor.model.errors import ConfigError
from auditor.sources.jira_archive import PACKED, read_archive
from auditor.sources.jira_board import (
    HOW_TO_DATE,
    SETTINGS,
    BoardReading,
    Form,
    notes_of,
    vouched_lists,
)
from auditor.sources.reader_settings import Settings

if TYPE_CHECKING:
    from auditor.sources.contract import Draft, ReaderOptions, SourceFiles

_FORM: Final = Form(
    "jira_archive", "want issues of Jira, one JSON object a line, with id, key and fields"
)
_BEGINNING: Final = 16 * 1024
_MARKS: Final = (b'"key"', b'"fields"', b'"issuetype"')


class JiraArchiveReader:
    """Reader of bare Jira records, one a line and usually packed."""

    name = "jira_archive"
    settings: Final = (*SETTINGS, "complete")
    """Keys of its own in ``auditor.yaml``."""

    def claims(self, source: SourceFiles) -> bool:
        """Tell whether packed JSON Lines begin with an issue of Jira."""
        return any(
            _is_issue(gzip_beginning(data, _BEGINNING))
            for path, data in source.files.items()
            if path.endswith(PACKED)
        )

    def read(self, source: SourceFiles, options: ReaderOptions) -> Draft:
        """
        Make a snapshot of the archive.

        Raises:
            InputError: No record of Jira is in the files.
            ConfigError: A setting is missing or matches nothing, or nobody says up to when the archive speaks.
        """
        settings = Settings(options, reader=self.name, known=self.settings, source=source.name)
        if options.captured_at is None:
            message = f"nothing in {source.name} says when the archive was made"
            raise ConfigError(message, hint=HOW_TO_DATE)
        reading = BoardReading(
            source,
            options,
            settings,
            form=_FORM,
            recording=read_archive(source),
            notes=notes_of(settings, options),
            vouched=vouched_lists(settings, source=source.name),
        )
        return reading.draft()


def _is_issue(beginning: bytes) -> bool:
    return all(mark in beginning for mark in _MARKS)
