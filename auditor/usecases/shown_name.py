"""
How a path is called in messages and reports.

As the user would type it from where the program was started. A report must not tell where on a machine it
was made, so nothing absolute is ever shown.
"""

from __future__ import annotations

import os
from pathlib import Path


def shown_name(typed: str, *, current: Path | None = None) -> str:
    """Return *typed* as reports show it: tidied, and never absolute."""
    tidy = os.path.normpath(typed)
    if not Path(tidy).is_absolute():
        return Path(tidy).as_posix()
    try:
        return Path(os.path.relpath(tidy, current or Path.cwd())).as_posix()
    except ValueError:  # another drive, on systems that have drives
        return Path(tidy).name
