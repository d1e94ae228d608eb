"""What stands where in a YAML file is found as the parser finds it, and in files that it refuses."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.documents.nodes import MappingNode, Node, SequenceNode
from auditor.documents.yaml import compose
from auditor.documents.yaml_outline import outline

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).resolve().parents[2]
SHIPPED: Final = sorted(
    path
    for folder in ("policies", "fixtures", "schemas")
    for path in (ROOT / folder).rglob("*.y*ml")
)


def keys(node: Node, path: tuple[str | int, ...] = ()) -> Iterator[tuple[object, ...]]:
    """Yield path and place of every key, and path and style of every value, as the parser sees them."""
    if isinstance(node, MappingNode):
        for key, value in node.entries:
            yield (*path, key.text), (key.start, key.end)
            yield from keys(value, (*path, key.text))
    elif isinstance(node, SequenceNode):
        for index, value in enumerate(node.items):
            yield from keys(value, (*path, index))
    elif node.text:
        yield path, node.style


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_as_the_parser_finds_it(path: Path) -> None:
    """Every key of a shipped file at its place, every value in its style."""
    data = path.read_bytes()
    expected = set(keys(compose(data, path=path.name)))

    found = outline(data.decode())

    assert expected <= {(slot.path, slot.key) for slot in found} | {
        (slot.path, slot.style) for slot in found
    }


@pytest.mark.parametrize(
    "written",
    [
        "a: x y",
        "a: 'x y'",
        'a: "x y"',
        "a: x\n  y",
        'a: "x\n  y"',
        "a: >\n  x\n  y",
        "a: |\n  x\n  y",
        "a: {b: x y, c: d}",
        "a:\n  - b: x y",
        "a:\n- x y\n- z",
        "a: [z, x y]",
        "a: &anchor x y",
        "a: x y # and more",
        "a:\r\n  x y\r\nb: c",
    ],
)
def test_text_of_a_value(written: str) -> None:
    """Without quotes and comments, as it is written."""
    found = {" ".join(written[slice(*slot.value)].split()) for slot in outline(written)}

    assert "x y" in found


@pytest.mark.parametrize(
    ("written", "paths"),
    [
        ("a: [x, {b: y\nc: z", [("a",), ("a", 0), ("a", 1), ("a", 1, "b"), ("c",)]),
        ('a: "x\nc: z', [("a",), ("c",)]),
        ("a: x\nb\nc: z", [("a",), ("b",), ("c",)]),
        ("a:\n  - b: x\n    c\nd: e", [("a",), ("a", 0), ("a", 0, "b"), ("a", 0, "c"), ("d",)]),
        ("a: {b: x, ", [("a",), ("a", "b"), ("a", "")]),
        ("a: [", [("a",), ("a", 0)]),
        ("a: [x, ]", [("a",), ("a", 0), ("a", 1)]),
        ("a:\n\tb: x\nc: z", [("a",), ("a", "b"), ("c",)]),
    ],
    ids=[
        "open brackets", "open quote", "a word alone", "a word in an element", "behind a comma", "open list",
        "behind the last comma", "a tab",
    ],
)  # fmt: skip
def test_half_written(written: str, paths: list[tuple[str | int, ...]]) -> None:
    """What is not finished hides nothing of what stands below it."""
    assert [slot.path for slot in outline(written)] == paths


@given(st.text(alphabet="ab:-[]{}'\"|>#&!\\, \t\n\r😀", max_size=80))
def test_any_text(text: str) -> None:
    """Nothing is refused, and nothing stands outside of the text."""
    for slot in outline(text):
        for start, end in filter(None, (slot.key, slot.value, slot.room)):
            assert 0 <= start <= len(text)
            assert end <= len(text)
