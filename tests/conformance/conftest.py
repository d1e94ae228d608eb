"""Counts of the conformance suites, in the summary of the test run."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

_TEST = "test_cel_conformance.py::test_case["


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how many cases of each suite passed."""
    total: Counter[str] = Counter()
    passed: Counter[str] = Counter()
    for outcome in ("passed", "failed", "error"):
        for report in terminalreporter.getreports(outcome):
            if _TEST in report.nodeid:
                suite = report.nodeid.partition(_TEST)[2].partition("/")[0]
                total[suite] += 1
                passed[suite] += outcome == "passed"
    if total:
        counts = ", ".join(f"{suite} {passed[suite]}/{total[suite]}" for suite in sorted(total))
        terminalreporter.write_sep("-", "CEL conformance")
        terminalreporter.write_line(f"{passed.total()} of {total.total()}: {counts}")
