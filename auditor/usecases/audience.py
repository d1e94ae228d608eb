"""
Whom a use case tells what it finds.

A use case writes to no stream: it hands over pieces of a result, errors and remarks, and whoever asked
shows them in its own way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from auditor.model.errors import AuditorError


class Audience(Protocol):
    """Takes what a use case has to say, in the order in which it is to be read."""

    @property
    def has_colour(self) -> bool:
        """Whether results are read on something that shows colour."""
        ...

    def result(self, data: bytes) -> None:
        """Take a piece of the result."""
        ...

    def note(self, text: str) -> None:
        """Take a remark on how the work went."""
        ...

    def detail(self, text: str) -> None:
        """Take a remark for somebody who wants to know everything."""
        ...

    def errors(self, errors: Iterable[AuditorError]) -> None:
        """Take what is wrong with the inputs."""
        ...
