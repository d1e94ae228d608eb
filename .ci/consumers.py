"""
Hand the demo's reports to the programs that others read them with.

A report that only its own tests read is not known to be readable. The counts in the XML are held against
those of ``results.json``, and Jenkins' schema is used where its folder is given.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lxml import etree

BIN = Path(sys.executable).parent
DEMO = (
    "fixtures/portfolio",
    *("--profile", "fixtures/organisation/profile.yaml"),
    *("--audits", "fixtures/organisation/audits"),
)
TAGS = {"fail": "failure", "inconclusive": "error", "error": "error", "not_applicable": "skipped"}


def run(*command: str | Path) -> int:
    """Run a program of this environment and return its exit code."""
    print("$", *command, flush=True)
    return subprocess.run([BIN / command[0], *command[1:]], check=False).returncode


def expected(results: dict[str, Any]) -> Counter[str]:
    """Count what the XML must hold: one testcase per verdict, one element per verdict that is no pass."""
    counts: Counter[str] = Counter()
    for outcome, number in results["totals"].items():
        counts["testcase"] += number
        if outcome in TAGS:
            counts[TAGS[outcome]] += number
    return counts


def main(schemas: Path) -> int:
    """Check everything; return the number of things that do not hold."""
    faults: list[str] = []
    with TemporaryDirectory() as folder:
        report, results = Path(folder) / "report.xml", Path(folder) / "results.json"
        code = run(
            "auditor", "check", *DEMO, "-f", f"junit={report}", "-f", f"json={results}",
            "--fail-on", "never", "--quiet",
        )  # fmt: skip
        if code != 0:
            faults.append(f"auditor check ended with {code}")
        tree = etree.parse(report)
        wanted = expected(json.loads(results.read_bytes()))
        found = Counter(
            element.tag for element in tree.iter("testcase", "failure", "error", "skipped")
        )
        print("counts", dict(found))
        if found != wanted:
            faults.append(f"the XML counts {dict(found)}, the run {dict(wanted)}")
        # Its exit code tells of failed cases, of which the demo has some; what it cannot read is 2 or more.
        if run("junitparser", "verify", report) != 1:
            faults.append("junitparser verify does not see the demo's failures")
        page = Path(folder) / "report.html"
        if run("junit2html", report, page) != 0 or not page.stat().st_size:
            faults.append("junit2html made no page")
        schema = schemas / "jenkins-xunit-junit-10.xsd"
        if schema.is_file():
            jenkins = etree.XMLSchema(etree.parse(schema))
            print("jenkins-xunit-junit-10.xsd", jenkins.validate(tree))
            faults += [str(error) for error in jenkins.error_log]
        else:
            print("note: no schema of Jenkins is at hand")
    for fault in faults:
        print("FAULT", fault)
    return len(faults)


if __name__ == "__main__":
    sys.exit(min(main(Path(sys.argv[1])), 1))
