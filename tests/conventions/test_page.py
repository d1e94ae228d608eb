"""The page of conventions tells all of them, and names nothing that is not there."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from auditor.language.cel.macros import MACROS
from tests.conventions.world import functions, words

ROOT = Path(__file__).resolve().parents[2]
CONVENTION = re.compile(r"^\| (C\d+ [a-z ]+?) \|", re.MULTILINE)
SECTION = re.compile(r"^## (C\d+ [a-z ]+)$", re.MULTILINE)
FILE = re.compile(r"`((?:auditor|policies|tests)/[^`]*)`")
CALLED = re.compile(r"`[^`]*?\b([A-Za-z]+)\(")
NUMBERS = [f"C{number}" for number in range(1, 17)]


@cache
def sections() -> dict[str, str]:
    """Return the text of each convention by its number."""
    parts = SECTION.split((ROOT / "docs/conventions.md").read_text("utf-8"))
    return {head.split()[0]: text for head, text in zip(parts[1::2], parts[2::2], strict=True)}


def test_every_convention_has_its_section(shared: Path) -> None:
    """Under the name that the catalogue of controls gives it, in its order."""
    catalogue = CONVENTION.findall((shared / "frameworks/README.md").read_text("utf-8"))
    page = SECTION.findall((ROOT / "docs/conventions.md").read_text("utf-8"))

    assert page == catalogue


@pytest.mark.parametrize("number", NUMBERS)
def test_a_convention_names_where_it_is_and_what_holds_it(number: str) -> None:
    """Files that exist; those that hold it name it."""
    where, _, held = sections()[number].partition("- Where: ")[2].partition("- Held by: ")

    assert FILE.findall(where)
    assert FILE.findall(held)
    for name in FILE.findall(sections()[number]):
        assert (ROOT / name).is_file(), name
    said = [name for name in FILE.findall(held) if number in (ROOT / name).read_text("utf-8")]
    assert said or f"{number} in the cases" in held


@pytest.mark.parametrize("number", NUMBERS)
def test_what_a_convention_calls_can_be_called(number: str) -> None:
    """Functions, macros and words of the packs."""
    known = {*functions().names(), *MACROS.values(), *words()}

    assert [name for name in CALLED.findall(sections()[number]) if name not in known] == []


@pytest.mark.parametrize("number", ["C8", "C9"])
def test_what_the_judge_does_by_itself_is_tried_by_cases(number: str) -> None:
    """At least one policy has a case for that edge."""
    cases = (ROOT / "policies").rglob("*.cases.yaml")

    assert any(f"edge: {number}\n" in path.read_text("utf-8") for path in cases)
