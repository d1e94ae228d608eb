"""
Put the gate into the CI of a repository: what `auditor init --ci` does.

A file that is there is never written over; what is to be added to it is handed back instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from auditor.model.errors import OutputError
from auditor.usecases.ask_git import GitRefused, ask_git
from auditor.usecases.package_data import data_dir
from auditor.usecases.shown_name import shown_name
from auditor.usecases.where_installed_from import host_and_path
from auditor.usecases.where_links_lead import leads_away, stays_below
from auditor.usecases.write_outputs import write_file

if TYPE_CHECKING:
    from auditor.usecases.where_installed_from import Origin

EXAMPLE_PATH: Final = "your_organisation/auditor"
"""Stands in a pipeline where nobody knows better. No owner on GitHub can have an underscore, so nobody's is run."""
EXAMPLE_URL: Final = f"https://git.example.org/{EXAMPLE_PATH}"
EXAMPLE_REVISION: Final = "v0.1.0"


@dataclass(frozen=True, slots=True)
class Pipeline:
    """One kind of CI."""

    called: str
    source: str
    """File in ``pipelines/``."""
    target: str
    """Where it belongs, from the top of the repository."""
    sign: str
    """What is there where it is in use."""
    begins: str = ""
    """Beginning of the first line that is added to a file that is there; empty for all lines."""
    ends: str | None = None
    """The last of these lines; None for all that follow."""


PIPELINES: Final = {
    "github": Pipeline("GitHub Actions", "github.yml", ".github/workflows/auditor.yml", ".github"),
    "gitlab": Pipeline("GitLab CI", "gitlab.yml", ".gitlab-ci.yml", ".gitlab-ci.yml"),
    "jenkins": Pipeline(
        "Jenkins",
        "Jenkinsfile",
        "Jenkinsfile",
        "Jenkinsfile",
        begins="        stage(",
        ends="        }",
    ),
    "pre-commit": Pipeline(
        "pre-commit",
        "pre-commit.yaml",
        ".pre-commit-config.yaml",
        ".pre-commit-config.yaml",
        begins="  - repo:",
    ),
}

_HOSTS: Final = ("github", "gitlab")
"""Kinds that a host's name can tell."""


@dataclass(frozen=True, slots=True)
class Detected:
    """A kind of CI that a repository uses."""

    kind: str
    because: str


@dataclass(frozen=True, slots=True)
class Added:
    """What was done about one kind of CI."""

    target: str
    """As the user would type it."""
    lines: str | None
    """What the user is to add to the file; None where it was written."""
    below: str | None = None
    """The delivery repository, where it is a folder of a larger one."""


def detect(folder: str) -> list[Detected]:
    """
    Find out which CI the repository of *folder* uses.

    Its files tell; where none does, the host that it is pushed to.
    """
    top = _top(Path(folder))
    found = [
        Detected(kind, f"{pipeline.sign} is there")
        for kind, pipeline in PIPELINES.items()
        if (top / pipeline.sign).exists()
    ]
    if any(one.kind != "pre-commit" for one in found):
        return found
    address = host_and_path(_asked(top, "config", "--get", "remote.origin.url") or "")
    if address is not None:
        host = address[0]
        found += [
            Detected(kind, f"it is pushed to {host}") for kind in _HOSTS if kind in host.lower()
        ]
    return found


def add_pipeline(folder: str, kind: str, origin: Origin | None) -> Added:
    """
    Write the pipeline of *kind*, or hand back what is to be added.

    Args:
        folder: The delivery repository. Where it is a folder of a larger one, nothing is written: what its pipeline
            should say depends on the others in it.
        kind: One of `PIPELINES`.
        origin: Where auditor is to be had from; None leaves an example in its place.

    Raises:
        OutputError: The file cannot be written, or a link in the repository leads elsewhere.
    """
    pipeline = PIPELINES[kind]
    top = _top(Path(folder))
    below = None if top == Path(folder).resolve() else Path(folder).resolve().relative_to(top)
    text = (data_dir("pipelines") / pipeline.source).read_text(encoding="utf-8")
    if origin is not None:
        text = (
            text.replace(EXAMPLE_URL, origin.url)
            .replace(f"{EXAMPLE_PATH}@", f"{origin.path}@")
            .replace(EXAMPLE_REVISION, origin.revision)
        )
    target = (Path(folder) if below is None else top) / pipeline.target
    shown = shown_name(str(target))
    if below is not None or target.exists() or target.is_symlink():
        lines = _lines(pipeline, text) if target.exists() else text
        return Added(shown, lines, below.as_posix() if below else None)
    if not stays_below(target, Path(folder)):
        raise leads_away(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"cannot make the folder '{target.parent}': {(error.strerror or 'the system refuses').lower()}"
        raise OutputError(msg, hint="name a folder that you may write to") from None
    write_file(str(target), [text.encode()])
    return Added(shown, None)


def _lines(pipeline: Pipeline, text: str) -> str:
    """Return the part of a pipeline that joins others in their file."""
    lines = text.splitlines(keepends=True)
    first = next(number for number, line in enumerate(lines) if line.startswith(pipeline.begins))
    last = len(lines)
    if pipeline.ends is not None:
        last = lines.index(f"{pipeline.ends}\n", first) + 1
    return "".join(lines[first:last])


def _top(folder: Path) -> Path:
    """Return the top of the repository that *folder* is or will be in; *folder* itself outside of one."""
    there = next(one for one in (folder, *folder.resolve().parents) if one.is_dir())
    top = _asked(there, "rev-parse", "--show-toplevel")
    return Path(top).resolve() if top else folder.resolve()


def _asked(folder: Path, *question: str) -> str | None:
    if not folder.is_dir():
        return None
    try:
        return ask_git(folder, *question).decode().strip()
    except (GitRefused, UnicodeDecodeError):
        return None
