"""What of a line is marked is the value, as far as it stands on that line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from auditor.model.location import Location
from auditor.usecases.fact_excerpts import Excerpts

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("name", "line", "marked"),
    [
        pytest.param("a.yaml", "role: Delivery Manager # since May", "Delivery Manager", id="text"),
        pytest.param("a.json", '"role": "DM", "by": "Ann"', '"DM"', id="text in quotes"),
        pytest.param(
            "a.yaml", "plan: {by: Ann, on: [1, 2]}  # new", "{by: Ann, on: [1, 2]}", id="object"
        ),
        pytest.param("a.json", '"plan": ["a]", "\\"]"], "b": []', '["a]", "\\"]"]', id="list"),
        pytest.param("a.json", '"plan": [], "b": 1', "[]", id="nothing in it"),
        pytest.param("a.json", '"plan": [{"by": "Ann"},  ', '[{"by": "Ann"},', id="goes on below"),
        pytest.param("a.json", '"plan": {', "{", id="all of it below"),
        pytest.param("a.csv", "x: [draft] plan,Ann", "[", id="a cell of a table"),
    ],
)
def test_what_is_marked(tmp_path: Path, name: str, line: str, marked: str) -> None:
    """The whole of what stands there, and nothing of what comes behind it."""
    file = tmp_path / name
    file.write_text(f"first\n{line}\nlast\n", encoding="utf-8")

    found = Excerpts([file]).at(Location(str(file), 2, line.index(": ") + 3))

    assert found is not None
    assert found.parts()[1] == marked


def test_a_file_of_one_line_is_not_read_to_its_end(tmp_path: Path) -> None:
    """What is marked is never longer than anybody would look at."""
    file = tmp_path / "a.json"
    file.write_text("[" + "1," * 100_000 + "1]", encoding="utf-8")

    found = Excerpts([file]).at(Location(str(file), 1, 1))

    assert found is not None
    assert len(found.parts()[1]) == 2_000
