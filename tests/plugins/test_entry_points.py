"""Extensions are found the way `importlib.metadata` finds them, and named clearly when they are not."""

from __future__ import annotations

import sys
from importlib.metadata import EntryPoint as StandardEntryPoint
from importlib.metadata import entry_points
from typing import TYPE_CHECKING

import pytest

from auditor.model.errors import UsageProblem
from auditor.plugins.entry_points import FORMATS, load, load_all, names, parse

if TYPE_CHECKING:
    from pathlib import Path

GROUP = "auditor.test_group"


def install(folder: Path, package: str, text: str, *, version: str = "1.0") -> None:
    """Lay the metadata of a package into *folder*."""
    metadata = folder / f"{package}-{version}.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "entry_points.txt").write_text(text, encoding="utf-8")
    (metadata / "METADATA").write_text(f"Name: {package}\nVersion: {version}\n", encoding="utf-8")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that is on the path."""
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def test_same_as_the_standard_library() -> None:
    """For every group of ours the quick reading finds what the standard library finds."""
    for group in ("auditor.verbs", "auditor.formats", "auditor.readers", "auditor.functions"):
        standard = entry_points(group=group)

        assert names(group) == tuple(sorted({point.name for point in standard}))


def test_third_party_comes_in_by_the_same_door(site: Path) -> None:
    """A package that registers a name is found without a word in ours."""
    install(site, "other_package", f"[{GROUP}]\njoin = os.path:join\n")

    assert names(GROUP) == ("join",)
    assert load(GROUP, "join") is __import__("os").path.join
    assert list(load_all(GROUP)) == ["join"]


def test_first_on_the_path_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two versions of one package the one that Python imports counts, however its name is spelled."""
    install(tmp_path / "late", "other-package", f"[{GROUP}]\nname = os:sep\n")
    install(tmp_path / "early", "other_package", f"[{GROUP}]\nname = os:linesep\n", version="2.0")
    monkeypatch.syspath_prepend(str(tmp_path / "late"))
    monkeypatch.syspath_prepend(str(tmp_path / "early"))

    assert load(GROUP, "name") == __import__("os").linesep


def test_two_packages_with_one_name_are_refused(site: Path) -> None:
    """Which of two packages is meant is not guessed."""
    install(site, "one", f"[{GROUP}]\nname = os:sep\n")
    install(site, "two", f"[{GROUP}]\nname = os:linesep\n")

    with pytest.raises(UsageProblem, match="offered by several packages: one, two"):
        load(GROUP, "name")


def test_a_package_that_cannot_be_imported_is_named(site: Path) -> None:
    """A broken extension is its package's fault, and says so."""
    install(site, "broken", f"[{GROUP}]\nname = no_such_module_at_all:thing\n")

    with pytest.raises(
        UsageProblem, match="'name' of the package 'broken' cannot be loaded"
    ) as caught:
        load(GROUP, "name")

    assert caught.value.hint == "install the package 'broken' again"


def test_unknown_name_gets_the_nearest() -> None:
    """A slip of the pen is answered with the name that was meant."""
    with pytest.raises(UsageProblem, match="no format is called 'junti'") as caught:
        load(FORMATS, "junti")

    assert caught.value.hint == "did you mean 'junit'?"


def test_something_else_on_the_path_uses_the_import_system(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An archive on the path cannot be listed like a folder, so the import system is asked."""
    install(site, "plain", f"[{GROUP}]\nname = os:sep\n")
    archive = site / "archive.zip"
    archive.write_bytes(b"PK\x05\x06" + bytes(18))
    monkeypatch.setattr(sys, "path", [*sys.path, str(archive)])

    assert names(GROUP) == ("name",)


def test_lines_are_read_as_the_specification_says() -> None:
    """Comments, blanks, extras and spaces around the names are no part of them."""
    text = "# about\n\n[a.b]\n one = mod:attr [extra]\n; no\ntwo=mod\n[c]\nthree = m : x\n"

    read = list(parse(text))

    assert read == [("a.b", "one", "mod:attr"), ("a.b", "two", "mod"), ("c", "three", "m : x")]
    assert StandardEntryPoint("one", "mod:attr [extra]", "a.b").attr == "attr"
