"""
Whom a use case tells what it finds.

A use case writes to no stream: it hands over pieces of a result, errors and remarks, and whoever asked
shows them in its own way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

    from auditor.model.errors import AuditorError

_Thing = TypeVar("_Thing")


class Progress(Protocol):
    """Shows a person how far a long piece of work is."""

    def __call__(self, things: Iterable[_Thing], label: str, *, total: int) -> Iterable[_Thing]:
        """
        Hand on *things*, one when the one before it is done.

        Args:
            things: What is worked on.
            label: What is done with them, in our own words: ``reading inputs``.
            total: How many there are.
        """
        ...


def unwatched(
    things: Iterable[_Thing],
    label: str,  # noqa: ARG001 - nobody looks on
    *,
    total: int,  # noqa: ARG001 - see above
) -> Iterable[_Thing]:
    """Hand on *things* where nobody looks on: the `Progress` of whoever names none."""
    return things


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

    def details(self, texts: Iterable[str]) -> None:
        """Take remarks for somebody who wants to know everything; for anybody else none is made."""
        ...

    def progress(self, things: Iterable[_Thing], label: str, *, total: int) -> Iterable[_Thing]:
        """Show how far the work is: a `Progress`."""
        ...

    def errors(self, errors: Iterable[AuditorError]) -> None:
        """Take what is wrong with the inputs."""
        ...
