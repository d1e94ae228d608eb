"""
All views of a run, in the order in which a reader wants them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.reporters.tables.controls import CONTROLS
from auditor.reporters.tables.findings import FINDINGS
from auditor.reporters.tables.head import HEAD
from auditor.reporters.tables.projects import PROJECTS
from auditor.reporters.tables.verdicts import VERDICTS

if TYPE_CHECKING:
    from auditor.reporters.tables.view import View

VIEWS: Final[tuple[View, ...]] = (FINDINGS, VERDICTS, CONTROLS, PROJECTS, HEAD)
