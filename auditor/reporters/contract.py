"""
What every output format is.

A reporter is a pure, streaming function of a run and of the places of its facts: it opens no file and
reads no clock, and the same run gives the same bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.model.known import KnownFinding
    from auditor.model.run import Places, Run


@runtime_checkable
class Reporter(Protocol):
    """
    Turns a run into a document. Entry-point group ``auditor.formats``.

    One that needs a library which may be absent says so when it is made: nobody wants to hear of it after an hour
    of judging.
    """

    media_type: str
    suffix: str
    profiles: tuple[str, ...]
    """Names that ``-f FORMAT:PROFILE`` accepts; the first is the default. Empty for a format without."""
    shows_controls: bool
    """Whether it says more of controls than their ids and states; a run that nobody asks for that reads no catalogue."""

    def render(
        self, run: Run, places: Places, *, profile: str | None, colour: bool
    ) -> Iterator[bytes]:
        """
        Render *run* piece by piece.

        Args:
            run: What to report.
            places: Finds facts in their files; asked once per auditee.
            profile: One of `profiles`, or None.
            colour: Whether the target is a terminal that wants colour; only ``text`` may use it.
        """
        ...


@runtime_checkable
class KnownWriter(Reporter, Protocol):
    """A reporter that writes the findings of a run to be known the next time."""

    def keeping(self, kept: tuple[KnownFinding, ...]) -> Reporter:
        """Return one that writes *kept* as well: what is known of auditees and policies that a run did not judge."""
        ...
