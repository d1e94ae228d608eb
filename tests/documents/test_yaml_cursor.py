"""A cursor is found in its key or value, whether the file can be read or not."""

from __future__ import annotations

import pytest

from auditor.documents.yaml_cursor import cursor_at
from auditor.documents.yaml_outline import outline

HERE = "‸"
"""Where the cursor is."""


@pytest.mark.parametrize(
    ("written", "path", "is_key", "text"),
    [
        ("ti‸tle: x", ("title",), True, "title"),
        ("title‸", ("title",), True, "title"),
        ("title: x\nse‸", ("se",), True, "se"),
        ("title: x\n‸", ("",), True, ""),
        ("‸", ("",), True, ""),
        ("title: ‸", ("title",), False, ""),
        ("title:‸", ("title",), False, ""),
        ("title: x y‸", ("title",), False, "x y"),
        ("title: x ‸", ("title",), False, "x "),
        ('when: "a.‸', ("when",), False, "a."),
        ('when: "a.‸b"', ("when",), False, "a.b"),
        ("when: >\n  a\n  ‸b\nlet: x", ("when",), False, "a\n  b\n"),
        ("when: >\n  a\n‸\nlet: x", ("",), True, ""),
        ("when: >\n  a\n  ‸\nlet: x", ("when",), False, "a\n  \n"),
        ("let:\n  a: b\n  ‸", ("let", ""), True, ""),
        ("let:\n  ‸", ("let", ""), True, ""),
        ("a:\n  - that: x\n    ‸", ("a", 0, ""), True, ""),
        ("a:\n  - th‸", ("a", 0), False, "th"),
        ("a: {b: ‸", ("a", "b"), False, ""),
        ("a: {b: c, ‸", ("a", ""), True, ""),
        ("a: {b: c, d‸", ("a", "d"), True, "d"),
        ("a: [‸", ("a", 0), False, ""),
        ("a: [x, ‸]", ("a", 1), False, ""),
        ("a: [x‸, y]", ("a", 0), False, "x"),
    ],
)
def test_where_a_cursor_is(
    written: str, path: tuple[str | int, ...], is_key: bool, text: str  # noqa: FBT001 - a row of the table
) -> None:  # fmt: skip
    """Path, key or value, and what stands there."""
    offset = written.index(HERE)
    file = written.replace(HERE, "")

    found = cursor_at(file, outline(file), offset)

    assert found is not None
    assert (found.path, found.is_key) == (path, is_key)
    start = found.start
    # In a block the text begins at its first line, with the indentation of that.
    assert file[start : found.end].lstrip(" ") == text


@pytest.mark.parametrize("written", ["# a comm‸ent\na: b", "a: b\n    ‸", "a: {b: c} ‸"])
def test_where_nothing_can_be_written(written: str) -> None:
    """In a comment, and below a text that is there already, is neither a key nor a value."""
    file = written.replace(HERE, "")

    assert cursor_at(file, outline(file), written.index(HERE)) is None


def test_keys_that_are_there() -> None:
    """Those of the same mapping, and not the word that is being written."""
    file = "a: x\nb:\n  c: y\nd"
    found = cursor_at(file, outline(file), len(file))

    assert found is not None
    assert found.taken == {"a", "b"}
