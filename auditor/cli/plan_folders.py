"""
Where this user's compiled plans are kept, and what was typed at a prompt.

They are the folders that the system has for that, or the one that is asked for.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

from auditor.cli.console import variable
from auditor.usecases.plan_cache import PlanCache

CACHE_VARIABLE: Final = "AUDITOR_CACHE_DIR"
"""Folder of the plans; empty to keep none."""


def plan_cache() -> PlanCache | None:
    """Return where plans are kept; None where the user wants none kept, or has no folder of his own."""
    folder = _asked_for() if variable(CACHE_VARIABLE) is not None else _cache_folder()
    state = _state_folder()
    if folder is None or state is None:
        return None
    return PlanCache(folder / "plans", state / "plans.secret")


def history_file() -> Path | None:
    """Return where the prompt keeps what was typed; None where the user has no folder of his own."""
    state = _state_folder()
    return None if state is None else state / "try-history"


def _asked_for() -> Path | None:
    name = variable(CACHE_VARIABLE)
    return Path(name) if name else None


def _cache_folder() -> Path | None:
    if os.name == "nt":
        return _below("LOCALAPPDATA", "auditor", "cache")
    if sys.platform == "darwin":
        return _below("HOME", "Library", "Caches", "auditor")
    return _below("XDG_CACHE_HOME", "auditor") or _below("HOME", ".cache", "auditor")


def _state_folder() -> Path | None:
    if os.name == "nt":
        return _below("LOCALAPPDATA", "auditor")
    if sys.platform == "darwin":
        return _below("HOME", "Library", "Application Support", "auditor")
    return _below("XDG_STATE_HOME", "auditor") or _below("HOME", ".local", "state", "auditor")


def _below(name: str, *parts: str) -> Path | None:
    """Return a folder below the one that a variable names; a relative one names nothing."""
    folder = Path(variable(name) or "")
    return folder.joinpath(*parts) if folder.is_absolute() else None
