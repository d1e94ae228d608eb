"""
Hand our SARIF and Code Quality reports to the programs that check and read them.

Microsoft's multitool holds the logs against the standard and against what GitHub asks for. It ends with 0 whatever it finds, so its
own log is read. sarif-tools counts what is in them, and the multitool matches two audits: between them lines moved and nothing
else, so nothing may be new. Every element of the Code Quality report is held against GitLab's schema. Three runs are
read: the demonstration, one in which every text of others means harm, and one that judged nothing.

    .ci/code_hosts.py FOLDER      FOLDER: where the formats' schemas are

What it needs is installed into a scratch folder: the multitool by npm, sarif-tools by pip.
"""

from __future__ import annotations

import csv
import json
import runpy
import shutil
import subprocess
import sys
import venv
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

from jsonschema import Draft4Validator, Draft202012Validator

from auditor.findings.finding import findings
from auditor.model.outcome import Outcome
from auditor.reporters.formats.gitlab import GitLabReporter
from auditor.reporters.formats.sarif import SarifReporter
from auditor.reporters.sarif_rules import LEVELS
from auditor.reporters.troubles import troubles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.model.run import Run

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
DEMO = (
    "fixtures/portfolio",
    *("--profile", "fixtures/organisation/profile.yaml"),
    *("--audits", "fixtures/organisation/audits"),
)
MOVED = "fixtures/portfolio/heron-freight.yaml"
"""Of which every line moves between the two audits that are matched."""
EXPLAINED = {
    "SARIF2005": "there is no page about the program to lead to",
    "SARIF2017": "a pass, and a finding of which no fact stands anywhere, is about the whole file",
}
"""Warnings that stand, and why; every other one is a fault."""


class Log(NamedTuple):
    """A SARIF log on disk, and what must be seen of it."""

    path: Path
    levels: Counter[str]


class Tools(NamedTuple):
    """The programs that were installed."""

    multitool: Path
    sarif: Path


def installed(folder: Path) -> Tools:
    """Install the programs."""
    npm: list[str | Path] = ["npm", "install", "--silent", "--no-fund", "--no-audit"]
    npm += ["--prefix", folder, "@microsoft/sarif-multitool@5"]
    print("$", *npm, flush=True)
    subprocess.run(npm, check=True)
    own = folder / "venv"
    venv.create(own, with_pip=True)
    pip: list[str | Path] = [own / "bin" / "pip", "install", "-q", "sarif-tools>=3.0.5"]
    print("$", *pip, flush=True)
    subprocess.run(pip, check=True)
    # Its wrapper for Node hands the list of rules to a shell, which takes it apart.
    program = folder / "node_modules" / "@microsoft" / "sarif-multitool-linux" / "Sarif.Multitool"
    return Tools(program, own / "bin" / "sarif")


def multitool(tools: Tools, *arguments: str | Path) -> None:
    """Run the multitool, which needs no library of languages for what it does."""
    command = ["env", "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1", tools.multitool, *arguments]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode != 0:
        sys.exit(f"the multitool ended with {done.returncode}: {done.stdout!r} {done.stderr!r}")


def audit(where: Path, into: Path) -> None:
    """Audit the demonstration in *where*."""
    formats = {
        "json": "results.json",
        "sarif:archive": "archive.sarif",
        "sarif:upload": "upload.sarif",
        "gitlab": "gl-code-quality-report.json",
        "github:commands": "commands.txt",
        "github:summary": "summary.md",
    }
    into.mkdir()
    options = [part for form, file in formats.items() for part in ("-f", f"{form}={into / file}")]
    command = [BIN / "auditor", "check", *DEMO, *options, "--fail-on", "never", "--quiet"]
    done = subprocess.run(command, check=False, cwd=where)
    if done.returncode != 0:
        sys.exit(f"auditor check ended with {done.returncode}")


def demo_logs(folder: Path) -> Iterator[Log]:
    """Yield the logs of the demonstration, with what `results.json` says of them."""
    run = json.loads((folder / "results.json").read_bytes())
    severities = {one["id"]: one["severity"] for one in run["policies"]}
    levels = {severity.value: level for severity, level in LEVELS.items()}
    archive, upload = Counter[str](), Counter[str]()
    for result in run["results"]:
        for verdict in result["document"]["verdicts"]:
            level = levels[severities[verdict["policy"]]]
            archive[level if verdict["outcome"] == "fail" else "none"] += 1
            if verdict["outcome"] in {"error", "fail", "inconclusive"}:
                upload[level] += 1
    yield Log(folder / "archive.sarif", archive)
    yield Log(folder / "upload.sarif", upload)


def made_runs() -> Iterator[tuple[str, Run, Any]]:
    """Make the runs that nobody has on disk: name, run, and places."""
    names = runpy.run_path(str(ROOT / "tests" / "reporters" / "conftest.py"))
    make = names["Make"]()
    runs = [make.hostile(text) for text in names["HOSTILE"].values()]
    hostile = make.run(
        *(result for one in runs for result in one.results),
        policies=runs[1].policies,
        problems=[problem for one in runs for problem in one.problems],
        relaxed=[text for one in runs for text in one.relaxed],
    )
    yield "hostile", hostile, make.places()
    yield "nothing", make.run(), make.places()


def made_logs(folder: Path) -> Iterator[Log]:
    """Write the logs of the made runs."""
    for name, run, places in made_runs():
        levels = {policy.id: LEVELS[policy.severity] for policy in run.policies}
        fails = [
            levels[one.policy]
            for result in run.results
            for one in result.verdicts
            if one.outcome is Outcome.FAIL
        ]
        archive = Counter(fails)
        archive["none"] = sum(run.counts().values()) - len(fails)
        upload = Counter(levels[one.policy.id] for one in findings(run))
        upload["error"] += len(list(troubles(run)))
        for profile, wanted in (("archive", archive), ("upload", upload)):
            path = folder / f"{name}-{profile}.sarif"
            pieces = SarifReporter().render(run, places, profile=profile, colour=False)
            path.write_bytes(b"".join(pieces))
            yield Log(path, +wanted)
        pieces = GitLabReporter().render(run, places, profile=None, colour=False)
        (folder / f"{name}-gitlab.json").write_bytes(b"".join(pieces))


def valid(log: Log, tools: Tools) -> Iterator[str]:
    """Yield what the multitool has against a log."""
    report = log.path.with_suffix(".validated.json")
    multitool(
        tools, "validate", log.path, "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning;Note",
        "--kind", "Fail", "--output", report, "--log", "ForceOverwrite",
    )  # fmt: skip
    (run,) = json.loads(report.read_text(encoding="utf-8-sig"))["runs"]
    (invocation,) = run["invocations"]
    if not invocation["executionSuccessful"]:
        yield f"{log.path.stem}: the multitool could not look at all of it"
    found = Counter((one.get("level", "warning"), one["ruleId"]) for one in run.get("results", []))
    told = [f"{rule} {count}" for (level, rule), count in sorted(found.items()) if level != "note"]
    notes = sum(count for (level, _), count in found.items() if level == "note")
    print(f"{log.path.stem:24} multitool    errors and warnings: {told}, notes: {notes}")
    for level, rule in found:
        if level == "error" or (level == "warning" and rule not in EXPLAINED):
            yield f"{log.path.stem}: the multitool says {level} {rule}"


def counted(log: Log, tools: Tools) -> Iterator[str]:
    """Yield where sarif-tools counts otherwise than the run."""
    table, said = log.path.with_suffix(".csv"), log.path.with_suffix(".txt")
    for verb, output in (("csv", table), ("summary", said)):
        command: list[str | Path] = [tools.sarif, verb, log.path, "--output", output]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    with table.open(encoding="utf-8", newline="") as file:
        rows = Counter(row["Severity"] for row in csv.DictReader(file))
    lines = (line.partition(": ") for line in said.read_text(encoding="utf-8").splitlines())
    heads = {
        key: int(count)
        for key, colon, count in lines
        if colon and count.isdecimal() and key in {"error", "warning", "note", "none"}
    }
    print(f"{log.path.stem:24} sarif-tools  {dict(rows)}")
    if rows != log.levels or +Counter(heads) != log.levels:
        yield f"{log.path.stem}: sarif-tools counts {dict(rows)} and {heads}, the run {dict(log.levels)}"


def matched(before: Path, after: Path, tools: Tools) -> Iterator[str]:
    """Yield what is new or gone between two audits of the same facts."""
    report = after.with_suffix(".matched.json")
    multitool(
        tools, "match-results-forward", after, "--previous", before, "--output-file-path", report,
        "--log", "ForceOverwrite",
    )  # fmt: skip
    (run,) = json.loads(report.read_text(encoding="utf-8-sig"))["runs"]
    states = Counter(one.get("baselineState", "none") for one in run["results"])
    print(f"{'two audits, lines moved':24} multitool    {dict(states)}")
    if set(states) - {"unchanged", "updated"}:
        yield f"between two audits of the same facts the multitool sees {dict(states)}"


def elements(report: Path, schema: Path) -> Iterator[str]:
    """Yield what GitLab's schema has against an element of a report."""
    known = Draft202012Validator(json.loads(schema.read_bytes()))
    found = json.loads(report.read_bytes())
    names = {one["fingerprint"] for one in found}
    print(f"{report.stem:24} GitLab       elements {len(found)}, fingerprints {len(names)}")
    if len(names) != len(found):
        yield f"{report.stem}: two elements share a fingerprint"
    for one in found:
        yield from (f"{report.stem}: {error.message}" for error in known.iter_errors(one))


def main(schemas: Path) -> int:
    """Check everything; return the number of things that do not hold."""
    faults: list[str] = []
    with TemporaryDirectory() as place:
        folder = Path(place)
        tools = installed(folder)
        audit(ROOT, folder / "demo")
        copy = folder / "copy"
        shutil.copytree(ROOT / "fixtures", copy / "fixtures")
        moved = copy / MOVED
        moved.write_text("# \n" * 7 + moved.read_text(encoding="utf-8"), encoding="utf-8")
        audit(copy, folder / "again")
        logs = [*demo_logs(folder / "demo"), *made_logs(folder)]
        standard = json.loads((schemas / "sarif" / "sarif-schema-2.1.0.json").read_bytes())
        for log in logs:
            faults += valid(log, tools)
            faults += counted(log, tools)
            errors = Draft4Validator(standard).iter_errors(json.loads(log.path.read_bytes()))
            faults += (f"{log.path.stem}: {error.message[:200]}" for error in errors)
        faults += matched(
            folder / "demo" / "archive.sarif", folder / "again" / "archive.sarif", tools
        )
        schema = schemas / "codequality" / "gitlab-codeclimate.schema.json"
        reports = [folder / "demo" / "gl-code-quality-report.json", *folder.glob("*-gitlab.json")]
        for report in sorted(reports):
            faults += elements(report, schema)
    for rule, why in EXPLAINED.items():
        print(f"{rule} stands: {why}")
    for fault in faults:
        print("FAULT", fault)
    return len(faults)


if __name__ == "__main__":
    sys.exit(min(main(Path(sys.argv[1])), 1))
