"""Values are found in their files again."""

from __future__ import annotations

import json
import random
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.documents.places import locate
from auditor.documents.pointer import walk
from auditor.documents.tree import parse_tree
from auditor.model.errors import DocumentError

JSON = """\
{
  "sprints": [
    {"id": "s:1", "a/b": [10, 20]},
    {"id": "s:2", "": {"~": null}}
  ],
  "name": "Ap\\u00f6llo"
}
"""

YAML = """\
sprints:
  - {id: "s:1", a/b: [10, 20]}
  - id: s:2
    "": {~x: null}
name: Apöllo
"""


@pytest.mark.parametrize(
    ("name", "text", "pointer", "value", "key"),
    [
        ("a.json", JSON, "", "1:1", "1:1"),
        ("a.json", JSON, "/name", "6:11", "6:3"),
        ("a.json", JSON, "/sprints", "2:14", "2:3"),
        ("a.json", JSON, "/sprints/1", "4:5", "4:5"),
        ("a.json", JSON, "/sprints/0/a~1b/1", "3:31", "3:31"),
        ("a.json", JSON, "/sprints/1//~0", "4:29", "4:24"),
        ("a.yaml", YAML, "", "1:1", "1:1"),
        ("a.yaml", YAML, "/name", "5:7", "5:1"),
        ("a.yaml", YAML, "/sprints", "2:3", "1:1"),
        ("a.yaml", YAML, "/sprints/1", "3:5", "3:5"),
        ("a.yaml", YAML, "/sprints/0/a~1b/1", "2:27", "2:27"),
        ("a.yaml", YAML, "/sprints/1//~0x", "4:14", "4:10"),
    ],
)
def test_locates_values_and_keys(name: str, text: str, pointer: str, value: str, key: str) -> None:
    """Line and column, the same way for both formats."""
    tree = parse_tree(text.encode(), path=name)

    found = tree.locate([pointer])[pointer]
    named = tree.locate([pointer], keys=True)[pointer]

    assert (str(found), str(named)) == (f"{name}:{value}", f"{name}:{key}")


@pytest.mark.parametrize(
    ("name", "text"), [("a.json", JSON), ("a.yaml", YAML)], ids=["json", "yaml"]
)
def test_what_is_not_there_has_no_place(name: str, text: str) -> None:
    """One that is there has its place beside those that are not."""
    tree = parse_tree(text.encode(), path=name)

    found = tree.locate(["/nothing", "/name/x", "/sprints/2", "/sprints/-", "/sprints/id", "/name"])

    assert list(found) == ["/name"]
    assert tree.excerpt(found["/name"].line).strip().startswith(("name", '"name'))


@pytest.mark.parametrize(
    ("name", "text", "data"),
    [
        ("x.json", '{"on": 1}', {"on": 1}),
        ("x.YAML", "on: 1", {"on": 1}),
        ("x.yml", "{on: 1}", {"on": 1}),
        ("folder.json/x", "on: 1", {"on": 1}),
        ("x", ' {"on": 1}', {"on": 1}),
        ("-", "on: 1", {"on": 1}),
    ],
)
def test_the_suffix_says_the_format(name: str, text: str, data: object) -> None:
    """Where there is none that is known, JSON is told from YAML by its first character."""
    assert parse_tree(text.encode(), path=name).data == data


def test_json_is_not_read_as_yaml() -> None:
    """A comment in a JSON file is an error, though YAML would take it."""
    with pytest.raises(DocumentError):
        parse_tree(b"# x\n{}", path="x.json")


@given(
    value=st.recursive(
        st.none() | st.integers() | st.text(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    ),
    indent=st.sampled_from([None, 1]),
    is_ascii=st.booleans(),
    seed=st.integers(0, 3),
)
def test_the_text_at_a_place_is_the_value(
    *, value: object, indent: int | None, is_ascii: bool, seed: int
) -> None:
    """For every value of any document: decoding where the place points gives the value."""
    text = json.dumps(value, indent=indent, ensure_ascii=is_ascii)
    wanted = dict(walk(value))
    some = random.Random(seed).sample(sorted(wanted), len(wanted) // (seed + 1))  # noqa: S311 - a sample of pointers

    lines = text.split("\n")
    found = locate(text, some)

    assert set(found) == set(some)
    for pointer, (line, column) in found.items():
        rest = "\n".join([lines[line - 1][column - 1 :], *lines[line:]])
        assert json.JSONDecoder().raw_decode(rest)[0] == wanted[pointer]


def test_places_are_found_whatever_the_callers_depth() -> None:
    """Deep values, and a caller that is close to Python's limit."""
    tree = parse_tree(b"[" * 64 + b"]" * 64, path="x.json")

    def at_depth(depth: int) -> str:
        return at_depth(depth - 1) if depth else str(tree.locate(["/0" * 63])["/0" * 63])

    assert at_depth(sys.getrecursionlimit() - 200) == "x.json:1:64"


def test_a_line_too_long_to_read_is_cut() -> None:
    """A snapshot on one line does not flood the screen."""
    tree = parse_tree(json.dumps(["x" * 1000]).encode(), path="x.json")

    assert len(tree.excerpt(1)) == 400
    assert tree.excerpt(1).endswith("…")
    assert tree.excerpt(2) == ""
