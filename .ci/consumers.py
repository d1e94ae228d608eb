"""
Hand our JUnit reports to the programs that others read them with, in every profile.

A report that only its own tests read is not known to be readable. Three runs are read: the demonstration, one in which
every text of others means harm, and a green one. What each program counts is held against the run's own numbers.
Jenkins' and Ant's schemas are used where their folder is given; xunit-viewer is installed by npm.

    .ci/consumers.py FOLDER      FOLDER: where the schemas are
"""

from __future__ import annotations

import json
import re
import runpy
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from junit2htmlreport.parser import Junit  # type: ignore[import-untyped]
from junitparser import Error, Failure, JUnitXml, Skipped
from lxml import etree

from auditor.model.outcome import Outcome
from auditor.model.standing import Gating, Standing
from auditor.reporters.formats.junit import JUnitReporter

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from auditor.model.run import Run

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
DEMO = (
    "fixtures/portfolio",
    *("--profile", "fixtures/organisation/profile.yaml"),
    *("--audits", "fixtures/organisation/audits"),
)
SCHEMAS = {
    "jenkins": ("jenkins-xunit-junit-10.xsd",),
    "ant": ("jenkins-xunit-junit-10.xsd", "windyroad-JUnit.xsd"),
    "ci": (),
}
SUMMED_UP = re.compile(
    r"\d+ (?:skipped|passed|failure|error)(?:, \d+ (?:skipped|passed|failure|error))*"
)


class Seen(NamedTuple):
    """What a program counts. Errors are among the failures of those that do not tell them apart."""

    passed: int
    failed: int
    errors: int
    skipped: int

    def together(self) -> Seen:
        """Return the same for a program that takes an error for a failure."""
        return Seen(self.passed, self.failed + self.errors, 0, self.skipped)


def run(*command: str | Path, quiet: bool = False) -> int:
    """Run a program of this environment and return its exit code."""
    if not quiet:
        print("$", *command, flush=True)
    output = subprocess.DEVNULL if quiet else None
    done = subprocess.run([BIN / command[0], *command[1:]], check=False, cwd=ROOT, stdout=output)
    return done.returncode


def ours(totals: Mapping[str, int], own: int = 0) -> Seen:
    """Return what must be seen of a run: *own* is how many cases tell of what has no verdict."""
    errors = totals["inconclusive"] + totals["error"] + own
    return Seen(totals["pass"], totals["fail"], errors, totals["not_applicable"])


def made_runs() -> Iterator[tuple[str, Run, Seen]]:
    """Make the runs that nobody has on disk: name, run, and what must be seen of it."""
    names = runpy.run_path(str(ROOT / "tests" / "reporters" / "conftest.py"))
    make, texts = names["Make"](), names["HOSTILE"].values()
    runs = [make.hostile(text) for text in texts]
    hostile = make.run(
        *(result for one in runs for result in one.results),
        policies=runs[1].policies,
        problems=[problem for one in runs for problem in one.problems],
    )
    totals = {outcome.value: count for outcome, count in hostile.counts().items()}
    yield "hostile", hostile, ours(totals, len(hostile.problems) + len(hostile.untold()))
    green = make.run(
        make.result(
            make.verdict(),
            make.verdict(Outcome.NOT_APPLICABLE, subject="spr-1"),
            make.verdict(Outcome.INCONCLUSIVE, subject="spr-2"),
        )
    )
    accepted = {
        ("hand:apollo", "late-thing", "spr-2"): Standing(Gating.ACCEPTED, "accepted by Ann")
    }
    yield "green", replace(green, standings=accepted), Seen(1, 0, 0, 2)


def by_junitparser(report: Path) -> Seen:
    """Return what junitparser counts, case by case."""
    cases = [case for suite in JUnitXml.fromfile(str(report)) for case in suite]
    kinds = Counter(type(one) for case in cases for one in case.result)
    passed = sum(case.is_passed for case in cases)
    return Seen(passed, kinds[Failure], kinds[Error], kinds[Skipped])


def by_junit2html(report: Path) -> Seen:
    """Return what junit2html counts; an error is a failure to it."""
    suites = Junit(str(report)).suites
    return Seen(
        sum(len(suite.passed()) for suite in suites),
        sum(len(suite.failed()) for suite in suites),
        0,
        sum(len(suite.skipped()) for suite in suites),
    )


def by_xunit_viewer(report: Path, program: Path) -> Seen:
    """Return what xunit-viewer says at the end of its page for a terminal."""
    page, said = report.with_suffix(".viewer.html"), report.with_suffix(".viewer.txt")
    command: list[str | Path] = [program, "-r", report, "-o", page, "-c", "-n", "-C", "false"]
    # It ends before a pipe has taken everything.
    with said.open("wb") as file:
        done = subprocess.run(command, check=False, stdout=file)
    text = said.read_text(encoding="utf-8", errors="replace")
    lines = [line for line in text.splitlines() if SUMMED_UP.fullmatch(line)]
    if done.returncode != 0 or not lines or not page.is_file():
        return Seen(-1, -1, -1, -1)
    counts = {kind: int(count) for count, kind in (one.split() for one in lines[-1].split(", "))}
    return Seen(*(counts.get(kind, 0) for kind in ("passed", "failure", "error", "skipped")))


def check(report: Path, wanted: Seen, profile: str, schemas: Path, viewer: Path) -> Iterator[str]:
    """Let every program read a report; yield what does not hold."""
    shown = {
        "junitparser": (by_junitparser(report), wanted),
        "junit2html": (by_junit2html(report), wanted.together()),
        "xunit-viewer": (by_xunit_viewer(report, viewer), wanted),
    }
    for program, (seen, expected) in shown.items():
        print(
            f"{report.stem:16} {program:12}", *(f"{key} {n}" for key, n in seen._asdict().items())
        )
        if seen != expected:
            yield f"{report.stem}: {program} counts {seen}, the run {expected}"
    red = int(bool(wanted.failed or wanted.errors))
    if run("junitparser", "verify", report, quiet=True) != red:
        yield f"{report.stem}: junitparser verify does not end with {red}"
    page = report.with_suffix(".html")
    if run("junit2html", report, page, quiet=True) != 0 or not page.stat().st_size:
        yield f"{report.stem}: junit2html made no page"
    for name in SCHEMAS[profile]:
        if not (schemas / name).is_file():
            print(f"note: {name} is not at hand")
            continue
        schema = etree.XMLSchema(etree.parse(schemas / name))
        print(
            f"{report.stem:16} {name}: {'valid' if schema.validate(etree.parse(report)) else 'NOT VALID'}"
        )
        yield from (f"{report.stem}: {name}: {error}" for error in schema.error_log)


def written(folder: Path) -> Iterator[tuple[Path, Seen, str]]:
    """Write every run in every profile."""
    reporter = JUnitReporter()
    results = folder / "results.json"
    formats = [f"junit:{profile}={folder / f'demo-{profile}.xml'}" for profile in SCHEMAS]
    options = [part for one in (*formats, f"json={results}") for part in ("-f", one)]
    if run("auditor", "check", *DEMO, *options, "--fail-on", "never", "--quiet") != 0:
        sys.exit("auditor check did not end with 0")
    demo = ours(json.loads(results.read_bytes())["totals"])
    for profile in SCHEMAS:
        yield folder / f"demo-{profile}.xml", demo, profile
    places = runpy.run_path(str(ROOT / "tests" / "reporters" / "conftest.py"))["FixedPlaces"]()
    for name, one, wanted in made_runs():
        for profile in SCHEMAS:
            report = folder / f"{name}-{profile}.xml"
            pieces = reporter.render(one, places, profile=profile, colour=False)
            report.write_bytes(b"".join(pieces))
            yield report, wanted, profile


def main(schemas: Path) -> int:
    """Check everything; return the number of things that do not hold."""
    with TemporaryDirectory() as place:
        folder = Path(place)
        install: list[str | Path] = [
            "npm",
            "install",
            "--silent",
            "--no-fund",
            "--no-audit",
            "--prefix",
            folder,
            "xunit-viewer@10",
        ]
        print("$", *install, flush=True)
        subprocess.run(install, check=True)
        viewer = folder / "node_modules" / ".bin" / "xunit-viewer"
        faults = [
            fault
            for report, wanted, profile in written(folder)
            for fault in check(report, wanted, profile, schemas, viewer)
        ]
    for fault in faults:
        print("FAULT", fault)
    return len(faults)


if __name__ == "__main__":
    sys.exit(min(main(Path(sys.argv[1])), 1))
