"""
A run as a comment on the change that it was made for, for GitHub, GitLab and other forges.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.reporters.markdown_comment import COMMENT, Room
from auditor.reporters.markdown_run import WHOLE, markdown_run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.model.run import Places, Run

MARKER: Final = "<!-- auditor -->\n"
"""Seen by nobody; by it a later run finds the comment that it is to replace."""


class MarkdownReporter:
    """Renders a run as a comment."""

    media_type = "text/markdown; charset=utf-8"
    suffix = ".md"
    profiles: tuple[str, ...] = ()
    shows_controls = False

    def render(
        self, run: Run, places: Places, *, profile: str | None, colour: bool
    ) -> Iterator[bytes]:
        """Render *run*, in one piece: it is never longer than a comment."""
        del profile, colour
        room = Room(COMMENT, whole=WHOLE)
        yield (room.take(MARKER) + markdown_run(run, places, room)).encode()
