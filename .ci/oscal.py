"""
Hand OSCAL documents to the tools that others read them with: NIST's schemas and library, and compliance-trestle.

    .ci/oscal.py FOLDER      FOLDER: NIST's schemas of release 1.2.1

They are installed into a folder of their own; a JDK (17 or newer) and Maven must be there. The demo and runs of hostile
texts are held against all five schemas and against the constraints of the model, imported into a workspace of trestle
and validated there, and read back: trestle must count as we do.
"""

from __future__ import annotations

import json
import runpy
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from auditor.reporters.formats.oscal import OscalReporter

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
DEMO = (
    "fixtures/portfolio",
    *("--profile", "fixtures/organisation/profile.yaml"),
    *("--audits", "fixtures/organisation/audits"),
)
FILES = {
    "catalog": ("catalog.json", "catalog"),
    "component": ("component-definition.json", "component"),
    "plan": ("assessment-plan.json", "assessment-plan"),
    "results": ("assessment-results.json", "assessment-results"),
    "poam": ("plan-of-action-and-milestones.json", "poam"),
}
"""Profile: the name of its file, and of its schema."""
UNDECIDED = ("error", "inconclusive")

READ_BACK = """
import json, sys
from collections import Counter
from pathlib import Path
from trestle.oscal.assessment_plan import AssessmentPlan
from trestle.oscal.assessment_results import AssessmentResults
from trestle.oscal.catalog import Catalog
from trestle.oscal.component import ComponentDefinition
from trestle.oscal.poam import PlanOfActionAndMilestones

def outcomes(things):
    return Counter(
        next(one.value for one in thing.props if one.name == "outcome") for thing in things or ()
    )

def folder(place):
    ar = AssessmentResults.oscal_read(place / "assessment-results.json")
    poam = PlanOfActionAndMilestones.oscal_read(place / "plan-of-action-and-milestones.json")
    catalog = Catalog.oscal_read(place / "catalog.json")
    components = ComponentDefinition.oscal_read(place / "component-definition.json")
    AssessmentPlan.oscal_read(place / "assessment-plan.json")
    (result,) = ar.results
    states = Counter(str(getattr(one.target.status.state, "value", one.target.status.state)) for one in result.findings or ())
    return {
        "observations": outcomes(result.observations),
        "states": states,
        "findings": outcomes(result.findings),
        "items": outcomes(poam.poam_items),
        "controls": sum(
            len(getattr(area, "controls", None) or ()) for group in catalog.groups for area in [group, *(getattr(group, "groups", None) or ())]
        ),
        "components": len(components.components),
    }

print(json.dumps([folder(Path(one)) for one in sys.argv[1:]]))
"""
"""Runs beside trestle: what its models make of a folder of five documents."""


def quiet(*command: str | Path, cwd: Path = ROOT) -> tuple[int, str]:
    """Run a program and return its exit code and all that it said."""
    done = subprocess.run(
        command, check=False, cwd=cwd, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    return done.returncode, done.stdout


def expected(results: dict[str, Any]) -> dict[str, Any]:
    """Count from ``results.json`` what trestle must find of a run whose inputs could all be read."""
    totals = {
        name.replace("_", "-"): number for name, number in results["totals"].items() if number
    }
    serves = {one["id"]: max(1, len(one["controls"])) for one in results["policies"]}
    findings: Counter[str] = Counter()
    items: Counter[str] = Counter()
    for auditee in results["results"]:
        for verdict in auditee["document"]["verdicts"]:
            if verdict["outcome"] != "not_applicable":
                findings[verdict["outcome"]] += serves[verdict["policy"]]
            if verdict["outcome"] in {"fail", *UNDECIDED}:
                items[verdict["outcome"]] += 1
    red = sum(number for outcome, number in findings.items() if outcome != "pass")
    return {
        "observations": totals,
        "states": {"satisfied": findings["pass"], "not-satisfied": red},
        "findings": dict(findings),
        "items": dict(items),
    }


def hostile(place: Path) -> dict[Path, dict[str, Any]]:
    """Write runs in which texts that mean harm stand everywhere; return their folders, and what is to be counted."""
    names = runpy.run_path(str(ROOT / "tests" / "reporters" / "conftest.py"))
    make, reporter = names["Make"](), OscalReporter()
    own = {"unreadable": 1, "not-audited": 1}
    wanted = {
        "observations": {
            "fail": 2,
            "error": 1,
            "inconclusive": 2,
            "not-applicable": 1,
            "pass": 1,
            **own,
        },
        "states": {"satisfied": 1, "not-satisfied": 7},
        "findings": {"fail": 2, "error": 1, "inconclusive": 2, "pass": 1, **own},
        "items": {"fail": 2, "error": 1, "inconclusive": 2, **own},
    }
    texts = {"all": "".join(text[:50] for text in names["HOSTILE"].values()), **names["HOSTILE"]}
    folders = {}
    for number, text in enumerate(texts.values()):
        folder = place / f"hostile-{number}"
        folder.mkdir()
        for profile, (file, _) in FILES.items():
            with (folder / file).open("wb") as target:
                target.writelines(
                    reporter.render(
                        make.hostile(text), make.places(), profile=profile, colour=False
                    )
                )
        folders[folder] = wanted
    return folders


def constrained(place: Path, documents: list[Path]) -> list[str]:
    """Hold documents against the constraints of NIST's model, and see that these find what is wrong."""
    missing = [tool for tool in ("java", "mvn") if shutil.which(tool) is None]
    if missing:
        return [f"no {' and no '.join(missing)}: apt-get install default-jdk-headless maven"]
    ours, library = ROOT / ".ci" / "oscal_constraints", place / "lib"
    fetch = ("dependency:copy-dependencies", f"-DoutputDirectory={library}")
    code, said = quiet("mvn", "-q", "-B", "-f", ours / "pom.xml", *fetch)
    if code != 0:
        return [f"Maven cannot fetch NIST's library: {said[-500:]}"]
    broken = documents[0].with_name("broken.json")
    tree = json.loads(documents[0].read_bytes())
    tree["catalog"]["groups"][0]["props"] = [{"name": "nonsense", "value": "x"}]
    broken.write_text(json.dumps(tree), encoding="utf-8")
    done = subprocess.run(
        ["java", "-cp", f"{library}/*", ours / "Constraints.java", broken, *documents],  # noqa: S607 - as found
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    told = [line.split("\t") for line in done.stdout.splitlines()]
    counts = [int(one[0]) for one in told if len(one) > 1]  # its logging speaks there as well
    print(f"NIST's constraints: {len(counts)} documents, {counts[1:].count(0)} without a fault")
    if counts == [1, *([0] * len(documents))]:
        return []
    return [f"NIST's constraints: {done.stderr[-1_500:]}"]


def imported(trestle: Path, workspace: Path, folders: list[Path]) -> list[str]:
    """Import the documents of *folders* into a workspace and validate it; return what does not hold."""
    faults = []
    workspace.mkdir()
    commands = [("init",)]
    for folder in folders:
        commands += [
            ("import", "-f", str(folder / file), "-o", folder.name) for file, _ in FILES.values()
        ]
    for command in commands:
        code, said = quiet(trestle, *command, cwd=workspace)
        if code != 0:
            faults.append(f"trestle {' '.join(command)} ended with {code}: {said[-500:]}")
    code, said = quiet(trestle, "validate", "-a", cwd=workspace)
    valid = sum(line.startswith("VALID") for line in said.splitlines())
    print(f"trestle validate -a: {valid} models valid, exit {code}")
    if code != 0 or valid != len(folders) * len(FILES) or "WARNING" in said:
        faults.append(f"trestle validate -a: {said[-1_500:]}")
    return faults


def main(schemas: Path) -> int:
    """Check everything; return the number of things that do not hold."""
    with TemporaryDirectory() as name:
        place = Path(name)
        subprocess.run([sys.executable, "-m", "venv", place / "venv"], check=True)
        tools = place / "venv" / "bin"
        packages = ("compliance-trestle>=5", "check-jsonschema>=0.30")
        subprocess.run([tools / "pip", "install", "--quiet", *packages], check=True)
        demo = place / "demo"
        demo.mkdir()
        outputs = [f"oscal:{profile}={demo / file}" for profile, (file, _) in FILES.items()]
        outputs.append(f"json={place / 'results.json'}")
        options = [part for output in outputs for part in ("-f", output)]
        faults = []
        code, said = quiet(BIN / "auditor", "check", *DEMO, *options, "--fail-on", "never")
        if code != 0:
            faults.append(f"auditor check ended with {code}: {said}")
        wanted = {demo: expected(json.loads((place / "results.json").read_bytes()))}
        wanted |= hostile(place)
        for file, schema in FILES.values():
            documents = [folder / file for folder in wanted]
            code, said = quiet(
                tools / "check-jsonschema",
                *("--schemafile", schemas / f"oscal_{schema}_schema.json"),
                *documents,
            )
            print(f"check-jsonschema, {schema}: {len(documents)} documents, exit {code}")
            if code != 0:
                faults.append(f"oscal_{schema}_schema.json: {said[:1_500]}")
        every = [folder / file for folder in wanted for file, _ in FILES.values()]
        faults += constrained(place, every)
        faults += imported(tools / "trestle", place / "workspace", list(wanted)[:2])
        done = subprocess.run(
            [tools / "python", "-c", READ_BACK, *wanted],
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            faults.append(f"trestle's models refuse a document: {done.stderr[-1_500:]}")
        else:
            faults += differing(wanted, json.loads(done.stdout))
    for fault in faults:
        print("FAULT", fault)
    return len(faults)


def differing(wanted: dict[Path, dict[str, Any]], read: list[dict[str, Any]]) -> list[str]:
    """Compare what trestle's models hold with our numbers."""
    faults = []
    for (folder, ours), theirs in zip(wanted.items(), read, strict=True):
        shown = {what: theirs[what] for what in ours}
        if folder.name == "demo":
            print(
                f"trestle reads of the demo: {shown},"
                f" {theirs['controls']} controls, {theirs['components']} components"
            )
        if shown != ours:
            faults.append(f"trestle counts {shown} in {folder.name}, we {ours}")
    print(f"trestle's models read {len(read)} runs of {len(FILES)} documents")
    return faults


if __name__ == "__main__":
    sys.exit(min(main(Path(sys.argv[1])), 1))
