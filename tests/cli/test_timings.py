"""``auditor check --timings`` tells how long each policy and each part of a run took."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.cli.test_check import write

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Command

TICKING = """
import sys
from itertools import count
from auditor.cli import stopwatch
moments = count(0.0, {step})
stopwatch.seconds = lambda: next(moments)
from auditor.__main__ import main
sys.exit(main())
"""
"""The command with a clock that goes on by so many seconds whenever somebody looks at it."""

EACH = """\
id: each-approval-late
title: An approval was late
why: Late approvals cost time.
controls: [TEST-01]
severity: low
for:
  a: approvals
at: a.at
empty: not_applicable
require:
  - that: a.at.by(as_of)
    say: Late.
fix: Approve in time.
"""


def ticking(place: Path, *arguments: str, step: float = 1.0) -> subprocess.CompletedProcess[str]:
    """Check the snapshots of the place."""
    return subprocess.run(
        [
            sys.executable,
            "-c",
            TICKING.format(step=step),
            "check",
            "snapshots",
            "--policies",
            "policies",
            "--fail-on",
            "never",
            "-f",
            "json=out.json",
            *arguments,
        ],
        cwd=place,
        check=False,
        capture_output=True,
        encoding="utf-8",
        env={"PATH": "/usr/bin:/bin"},
        timeout=120,
    )


def test_table(place: Path) -> None:
    """Each look at the clock is a second later: two of them around a policy or a part are one second apart."""
    done = ticking(place, "--timings", "--quiet")

    assert done.stderr.splitlines() == [
        "Time by policy, the slowest first (no report holds a time: it is never the same twice)",
        "  policy            subjects  verdicts     time   per verdict   share",
        "  nothing-approved         1         1  1.000 s  1,000.000 ms  100.0%",
        "",
        "Time by part of the run",
        "  part                                                     time   share",
        "  judging by all policies                               1.000 s    5.9%",
        "  reading the profile, the population and past audits   1.000 s    5.9%",
        "  reading the policies                                  1.000 s    5.9%",
        "  reading the inputs                                    1.000 s    5.9%",
        "  preparing the snapshots                               2.000 s   11.8%",
        "  preparing the portfolio                               1.000 s    5.9%",
        "  reading the catalogues                                1.000 s    5.9%",
        "  writing json to out.json                              1.000 s    5.9%",
        "  everything else                                       8.000 s   47.1%",
        "  in all, but for the start of the program             17.000 s  100.0%",
    ]


def test_subjects_are_what_was_looked_at(place: Path) -> None:
    """One out of the period counts as a subject; a verdict that there is nothing to judge, as none."""
    (place / "policies" / "trial" / "each-approval-late.yaml").write_text(EACH, encoding="utf-8")
    snapshot = write(place, "zeus.json", auditee="hand:zeus")
    empty = json.dumps(snapshot | {"approvals": []})
    (place / "snapshots" / "zeus.json").write_text(empty, encoding="utf-8")

    for period in ((), ("--period", "2026-09")):
        told = ticking(place, "--timings", *period).stderr

        assert "  each-approval-late         1         2  2.000 s  1,000.000 ms  50.0%\n" in told


def test_report_holds_no_time(place: Path) -> None:
    """Whatever the clock says, and whether it is asked or not, the report has the same bytes."""
    reports = []
    for arguments, step in (((), 1.0), (("--timings",), 1.0), (("--timings",), 99.0)):
        ticking(place, *arguments, step=step)
        reports.append((place / "out.json").read_bytes())

    assert reports[0] == reports[1] == reports[2]


def test_timings_are_told_to_who_asks_for_quiet(place: Path, auditor: Command) -> None:
    """They were asked for by name; everything else is left out, and nothing goes to stdout."""
    done = auditor(
        "check", "snapshots", "--policies", "policies", "-q", "--timings", "-f", "json=a.json"
    )

    assert done.out == ""
    assert done.err.startswith("Time by policy"), place


def test_nothing_is_timed_unasked(place: Path, auditor: Command) -> None:
    """Without the option stderr has no word of it."""
    assert auditor("check", "snapshots", "--policies", "policies").err == "", place


def test_run_without_policies_has_no_rows(place: Path) -> None:
    """Where nothing could be judged, the table is empty and the parts are told."""
    (place / "snapshots" / "apollo.json").write_text("{", encoding="utf-8")

    done = ticking(place, "--timings")

    assert done.returncode == 4
    assert "  policy  subjects  verdicts  time  per verdict  share\n\nTime by part" in done.stderr
