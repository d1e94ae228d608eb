"""
Whose policies are worked on, where somebody names none and stands beside a folder of their own.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditor.cli.console import Console

_OWN: Final = "policies"


def tell_whose(console: Console, named: Sequence[str]) -> None:
    """Say that the policies are those that come with auditor, where a folder stands here that was not named."""
    from auditor.usecases.read_policies import packaged_folder  # noqa: PLC0415 - not for --help

    own = Path(_OWN)
    if not named and own.is_dir() and own.resolve() != packaged_folder().path.resolve():
        console.note(
            "these are the policies that come with auditor; for those of this folder add --policies policies"
        )
