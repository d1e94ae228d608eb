"""
Files and registrations are compared both ways.

A line in ``pyproject.toml`` does nothing until the project is installed again, so what is installed is
compared as well.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from auditor.plugins.entry_points import FORMATS, FUNCTIONS, READERS, VERBS, load, names

if TYPE_CHECKING:
    from pathlib import Path

FOLDERS = {
    VERBS: "auditor/cli/verbs",
    FORMATS: "auditor/reporters/formats",
    READERS: "auditor/sources/readers",
    FUNCTIONS: "auditor/language/functions",
}
REINSTALL = (
    "pyproject.toml and the installed metadata differ: reinstall with pip install -e '.[dev]'"
)


def declared(root: Path, group: str) -> dict[str, str]:
    """Return name and target of each line of *group* in ``pyproject.toml``."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines: dict[str, str] = project["entry-points"][group]
    return lines


@pytest.mark.parametrize("group", FOLDERS)
def test_every_file_is_registered_and_every_line_has_a_file(group: str, root: Path) -> None:
    """An extension is a file of its own name, and a line that names it."""
    folder = root / FOLDERS[group]
    files = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    modules = {target.partition(":")[0] for target in declared(root, group).values()}

    assert modules == {f"{FOLDERS[group].replace('/', '.')}.{name}" for name in files}


@pytest.mark.parametrize("group", FOLDERS)
def test_what_is_declared_is_installed(group: str, root: Path) -> None:
    """An edited ``pyproject.toml`` counts only after a new installation."""
    assert names(group) == tuple(sorted(declared(root, group))), REINSTALL


@pytest.mark.parametrize(
    ("group", "name"),
    [pytest.param(group, name, id=name) for group in FOLDERS for name in names(group)],
)
def test_every_registration_can_be_loaded(group: str, name: str) -> None:
    """What is registered is there."""
    assert load(group, name) is not None, REINSTALL


def test_every_verb_has_its_test_file(root: Path) -> None:
    """A verb is tested where a reader looks for its tests."""
    missing = [verb for verb in names(VERBS) if not (root / f"tests/cli/test_{verb}.py").is_file()]

    assert missing == []
