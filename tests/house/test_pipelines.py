"""The action, the pipelines and the hooks say what the program understands, and the page shows what they are."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Any

import click
import pytest

from auditor import __version__
from auditor.cli.main import auditor
from auditor.cli.verbs.init import CI
from auditor.usecases.add_pipeline import EXAMPLE_PATH, EXAMPLE_REVISION, PIPELINES
from auditor.usecases.write_outputs import parse_outputs
from tests.house.pipeline_steps import (
    action_outputs,
    action_steps,
    document,
    gitlab_lines,
    hooks,
    jenkins_lines,
    on_github,
    on_gitlab,
    on_jenkins,
    step_environment,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

SHIM = """\
#!/usr/bin/env bash
printf '%s\\0' "$@" > "$ARGUMENTS_FILE"
for argument in "$@"; do
  case $argument in *=*/*) echo "::error::written by others" > "${argument#*=}";; esac
done
echo '##[error]on the screen'
exit "${SHIM_CODE:-0}"
"""
"""Stands for auditor, and writes down how it was started."""

REPORTS = ("text", "github", "github:summary", "json", "junit:ci", "sarif:upload", "markdown")


def understood(arguments: Sequence[str]) -> dict[str, Any]:
    """Return what the command line makes of *arguments*; it raises what a user would be told."""
    command: click.Command | None = auditor
    rest = list(arguments)
    context = click.Context(auditor)
    while isinstance(command, click.Group):
        command = command.get_command(context, rest.pop(0))
    assert command is not None
    return command.make_context(command.name, rest).params


def shim(folder: Path) -> Path:
    """Put the stand-in into *folder*, and return where it notes down its arguments."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "auditor").write_text(SHIM, encoding="utf-8")
    (folder / "auditor").chmod(0o755)
    return folder / "arguments"


def noted(file: Path) -> list[str]:
    """Return the arguments that the stand-in was given."""
    return file.read_text("utf-8").split("\0")[:-1]


def the_action(
    place: Path, inputs: Mapping[str, str], code: int = 0
) -> tuple[list[str], str, dict[str, str], int]:
    """Run the last step of the action; return the arguments, what the log shows, its outputs, its code."""
    file = shim(place / "auditor/bin")
    step = action_steps()[-1]
    done = on_github(
        step["run"],
        cwd=place,
        capture_output=True,
        env={
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "ARGUMENTS_FILE": str(file),
            "SHIM_CODE": str(code),
            "RUNNER_TEMP": str(place),
            "GITHUB_OUTPUT": str(place / "outputs"),
            "GITHUB_STEP_SUMMARY": str(place / "summary"),
            **step_environment(step, inputs),
        },
    )
    assert done.stderr == b""
    outputs = action_outputs((place / "outputs").read_text("utf-8"))
    return noted(file), done.stdout.decode(), outputs, done.returncode


def test_each_pipeline_is_known(root: Path) -> None:
    """What `auditor init` offers, what it knows, and what is in the folder are the same."""
    sources = {pipeline.source for pipeline in PIPELINES.values()}

    assert tuple(PIPELINES) == CI
    assert {path.name for path in (root / "pipelines").iterdir()} == sources
    for name in sources:
        text = (root / "pipelines" / name).read_text("utf-8")
        assert text.count(EXAMPLE_PATH) == text.count(EXAMPLE_REVISION) == 1, name


def test_the_example_is_this_version() -> None:
    """Whoever copies a pipeline gets the version that it was written for."""
    assert f"v{__version__}" == EXAMPLE_REVISION


@pytest.mark.parametrize("name", sorted(pipeline.source for pipeline in PIPELINES.values()))
def test_the_page_shows_each_pipeline(root: Path, name: str) -> None:
    """What is copied from the page is the file that `auditor init` writes."""
    blocks = re.findall(
        r"^```\w+\n(.*?)^```$", (root / "docs/ci.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
    )

    assert (root / "pipelines" / name).read_text("utf-8") in blocks


def test_commands_of_the_page_are_understood(root: Path) -> None:
    """Whoever types what the page shows gets no error of use."""
    text = (root / "docs/ci.md").read_text("utf-8")
    lines = re.findall(r"^(?: {4}|\$ |    \$ )auditor (.+)$", text, re.MULTILINE)

    assert len(lines) > 1
    for line in lines:
        params = understood(shlex.split(line))
        parse_outputs(params.get("formats") or ())


@pytest.mark.parametrize("hook", sorted(hooks()))
def test_hooks_are_understood(hook: str) -> None:
    """A hook starts a verb with options that it has."""
    program, *arguments = hooks()[hook]

    assert program == "auditor"
    assert understood(arguments)


def test_the_pipeline_names_hooks_that_there_are() -> None:
    """Hooks are found by their ids, and their arguments are understood, too."""
    (repository,) = document("pipelines/pre-commit.yaml")["repos"]
    entries = {hook["id"]: hook["entry"] for hook in document(".pre-commit-hooks.yaml")}

    for hook in repository["hooks"]:
        assert understood([*shlex.split(entries[hook["id"]])[1:], *hook.get("args", ["."])])


@pytest.mark.parametrize(
    ("inputs", "given"),
    [
        pytest.param({}, ["--", "."], id="none"),
        pytest.param(
            {
                "fail-on": "low\nseef=high\n",
                "known": "known.yaml",
                "new-since": "0" * 40,
                "paths": "a\nb c",
            },
            [
                *("--fail-on=low", "--fail-on=seef=high", "--known=known.yaml"),
                *(f"--new-since={'0' * 40}", "--", "a", "b c"),
            ],
            id="several",
        ),
        pytest.param(
            {"paths": "$(touch x) `touch y`; touch z\n-v\n*", "profile": "p q\n\n"},
            ["--profile=p q", "--", "$(touch x) `touch y`; touch z", "-v", "*"],
            id="nothing-is-run",
        ),
        pytest.param(
            {"arguments": "--audits=past runs\n--period=2026-Q3", "policies": "one\ntwo"},
            [
                "--policies=one",
                "--policies=two",
                "--audits=past runs",
                "--period=2026-Q3",
                "--",
                ".",
            ],
            id="further",
        ),
    ],
)
def test_inputs_of_the_action(tmp_path: Path, inputs: dict[str, str], given: list[str]) -> None:
    """Each line of an input is one argument, whatever is in it."""
    arguments, _, _, code = the_action(tmp_path, inputs)

    assert arguments[0] == "check"
    assert arguments[1 + 2 * len(REPORTS) :] == given
    assert code == 0
    assert {path.name for path in tmp_path.iterdir()} - {"auditor", "outputs", "summary"} == {
        path.name for path in tmp_path.glob("auditor-reports.*")
    }


def test_the_action_is_understood(tmp_path: Path) -> None:
    """The options and formats of the action are those of the command line."""
    inputs = {"fail-on": "seef=high", "known": "known.yaml", "new-since": "main"}
    arguments, _, _, _ = the_action(tmp_path, inputs)
    formats = understood(arguments)["formats"]

    assert isinstance(formats, tuple)
    assert [text.partition("=")[0] for text in formats] == list(REPORTS)
    assert len(parse_outputs(formats)) == len(REPORTS)


@pytest.mark.parametrize("code", [0, 1, 4])
def test_the_action_hands_over(tmp_path: Path, code: int) -> None:
    """Its code is auditor's; reports are named; of what others wrote only the escaped commands are run."""
    _, log, outputs, ended = the_action(tmp_path, {}, code)

    first, shown, last, *commands = log.splitlines()
    token = first.removeprefix("::stop-commands::")
    assert re.fullmatch(r"[0-9a-f]{32}", token)
    assert (shown, last, commands) == (
        "##[error]on the screen",
        f"::{token}::",
        ["::error::written by others"],
    )
    assert ended == code
    assert outputs.pop("exit-code") == str(code)
    (reports,) = tmp_path.glob("auditor-reports.*")
    assert outputs == {
        "json": f"{reports}/run.json",
        "junit": f"{reports}/junit.xml",
        "sarif": f"{reports}/auditor.sarif",
        "markdown": f"{reports}/comment.md",
    }
    assert (tmp_path / "summary").read_text("utf-8") == "::error::written by others\n"


@pytest.mark.parametrize("since", [None, "c0ffee"])
def test_gitlab_is_understood(tmp_path: Path, since: str | None) -> None:
    """In a merge request only what is new counts."""
    file = shim(tmp_path / "bin")
    new = {"CI_MERGE_REQUEST_DIFF_BASE_SHA": since} if since else {}

    done = on_gitlab(
        gitlab_lines()[1],
        cwd=tmp_path,
        capture_output=True,
        env={"PATH": f"{file.parent}:/usr/bin:/bin", "ARGUMENTS_FILE": str(file), **new},
    )

    assert done.returncode == 0
    params = understood(noted(file))
    assert params["paths"] == (".",)
    assert params.get("new_since") == since
    reports = document("pipelines/gitlab.yml")["auditor"]["artifacts"]["reports"]
    assert [output.file for output in parse_outputs(params["formats"])] == [
        "-",
        reports["junit"],
        reports["codequality"],
    ]


@pytest.mark.parametrize("target", [None, "main"])
def test_jenkins_is_understood(tmp_path: Path, target: str | None) -> None:
    """In a pull request only what is new counts."""
    file = shim(tmp_path / "auditor/bin")
    change = {"CHANGE_TARGET": target} if target else {}
    _, gate = jenkins_lines()

    done = on_jenkins(
        gate,
        cwd=tmp_path,
        capture_output=True,
        env={
            "PATH": "/usr/bin:/bin",
            "WORKSPACE_TMP": str(tmp_path),
            "ARGUMENTS_FILE": str(file),
            **change,
        },
    )

    assert done.returncode == 0
    params = understood(noted(file))
    assert params["paths"] == (".",)
    assert params.get("new_since") == (f"origin/{target}" if target else None)
    assert [output.file for output in parse_outputs(params["formats"])] == [
        "-",
        "auditor-junit.xml",
        "auditor-run.json",
    ]


def test_blocks_of_the_jenkinsfile_are_where_they_belong(root: Path) -> None:
    """Nothing here can read the file as Jenkins does, so its blocks are held against how one is written."""
    text = (root / "pipelines/Jenkinsfile").read_text("utf-8")
    text = re.sub(r"'''.*?'''|'[^'\n]*'|//[^\n]*", "", text, flags=re.DOTALL)
    path: list[str] = []
    blocks = []
    for opened, closed in re.findall(r"(\w+)(?:\([^)]*\))?\s*\{|(\})", text):
        if closed:
            path.pop()
        else:
            path.append(opened)
            blocks.append("/".join(path))

    assert path == []
    assert blocks == [
        "pipeline",
        "pipeline/agent",
        "pipeline/agent/docker",
        "pipeline/options",
        "pipeline/stages",
        "pipeline/stages/stage",
        "pipeline/stages/stage/environment",
        "pipeline/stages/stage/steps",
        "pipeline/stages/stage/post",
        "pipeline/stages/stage/post/always",
    ]


def test_nothing_of_others_stands_in_a_script() -> None:
    """An expression in a script is put there before the shell reads it, and so whatever it holds is run."""
    workflow = document("pipelines/github.yml")["jobs"]["check"]["steps"]
    scripts = [step["run"] for step in [*action_steps(), *workflow] if "run" in step]

    assert len(scripts) > len(action_steps())
    assert [script for script in scripts if "${{" in script] == []


def test_the_workflow_may_do_no_more_than_it_needs() -> None:
    """It never runs with the rights of the main branch on what a stranger proposes."""
    workflow = document("pipelines/github.yml")
    checkout = workflow["jobs"]["check"]["steps"][0]

    assert set(workflow["on"]) == {"pull_request", "push"}
    assert workflow["permissions"] == {}
    assert checkout["with"] == {"fetch-depth": "0", "persist-credentials": "false"}
