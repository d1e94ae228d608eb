"""The page of reports names every format and profile that there is, and no other."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from auditor.plugins.entry_points import FORMATS, load, names

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| `([a-z]+)` \|([^|]*)\|", re.MULTILINE)


def test_every_format_has_its_row() -> None:
    """With its profiles, the default first."""
    page = (ROOT / "docs/reports.md").read_text(encoding="utf-8")
    rows = {name: tuple(re.findall(r"`([a-z]+)`", told)) for name, told in ROW.findall(page)}
    formats: dict[str, Any] = {name: load(FORMATS, name) for name in names(FORMATS)}

    assert rows == {name: tuple(one.profiles) for name, one in formats.items()}
