"""The shell lines of the action, the pipelines and the hooks, as their runners start them."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).resolve().parents[2]

_ON_GITHUB = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c")
_ON_GITLAB = ("bash", "-eo", "pipefail", "-c")
_ON_JENKINS = ("sh", "-xe", "-c")
_INPUT = re.compile(r"\$\{\{ inputs\.([\w-]+) \}\}")
_OUTPUT = re.compile(r"\$\{\{ steps\.([\w-]+)\.outputs\.([\w-]+) \}\}")


def document(name: str) -> Any:
    """Return a YAML file of the project."""
    return yaml.load((ROOT / name).read_text("utf-8"), yaml.BaseLoader)  # noqa: S506, TID251 - its own file, and texts only, so that `on` stays a key


def action_steps() -> list[dict[str, Any]]:
    """Return the steps of ``action.yml``."""
    steps: list[dict[str, Any]] = document("action.yml")["runs"]["steps"]
    return steps


def step_environment(step: Mapping[str, Any], inputs: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of a step of the action, with the action's defaults where *inputs* says nothing."""
    declared = document("action.yml")["inputs"]
    values = {name: inputs.get(name, one.get("default", "")) for name, one in declared.items()}
    return {
        name: _INPUT.sub(lambda found: values[found[1]], text)
        for name, text in step.get("env", {}).items()
    }


def action_outputs(written: str) -> dict[str, str]:
    """Return the action's outputs, of what its step with an id wrote to ``GITHUB_OUTPUT``."""
    told = dict(line.split("=", 1) for line in written.splitlines())
    outputs = document("action.yml")["outputs"]
    return {
        name: _OUTPUT.sub(lambda f: told.get(f[2], ""), o["value"]) for name, o in outputs.items()
    }


def gitlab_lines() -> tuple[list[str], list[str]]:
    """Return what the GitLab job prepares, and what it does."""
    job = document("pipelines/gitlab.yml")["auditor"]
    return job["before_script"], job["script"]


def jenkins_lines() -> list[str]:
    """Return the ``sh`` steps of the Jenkinsfile, in order."""
    text = (ROOT / "pipelines/Jenkinsfile").read_text("utf-8")
    # What Groovy makes of it: a backslash at the end of a line joins it with the next one.
    return [
        dedent(one).replace("\\\n", "") for one in re.findall(r"sh '''\n(.*?)'''", text, re.DOTALL)
    ]


def hooks() -> dict[str, list[str]]:
    """Return the command line of each hook, with the arguments that it has by itself."""
    return {
        hook["id"]: shlex.split(hook["entry"]) + hook["args"]
        for hook in document(".pre-commit-hooks.yaml")
    }


def on_github(script: str, **how: Any) -> subprocess.CompletedProcess[bytes]:
    """Run a step as GitHub's runner does with ``shell: bash``."""
    return _run(_ON_GITHUB, script, **how)


def on_gitlab(script: Sequence[str], **how: Any) -> subprocess.CompletedProcess[bytes]:
    """Run the lines of a job as GitLab's runner does."""
    return _run(_ON_GITLAB, "\n".join(script), **how)


def on_jenkins(script: str, **how: Any) -> subprocess.CompletedProcess[bytes]:
    """Run a step as Jenkins does."""
    return _run(_ON_JENKINS, script, **how)


def _run(shell: Sequence[str], script: str, **how: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*shell, script], check=False, **how)
