"""Front matter and text of Markdown files are parted, with places in the whole file."""

from __future__ import annotations

import pytest

from auditor.documents.front_matter import split
from auditor.documents.nodes import MappingNode
from auditor.model.errors import DocumentError


def test_front_matter_has_the_places_of_the_file() -> None:
    """The YAML's lines are not counted from its own beginning."""
    parted = split(b"---\r\nkind: review\r\nsprint: 7\r\n---\r\n# Review\r\n", path="m.md")

    node = parted.front_matter
    assert isinstance(node, MappingNode)
    assert node.data == {"kind": "review", "sprint": 7}
    sprint = node.get("sprint")
    assert sprint is not None
    assert str(sprint.location) == "m.md:3:9"
    assert (parted.body, parted.body_line) == ("# Review\r\n", 5)


@pytest.mark.parametrize(
    "text", ["", "# Review\n", "\n---\na: 1\n---\n", "----\n", "--- x\n", "text\n---\n"]
)
def test_a_file_without_front_matter_is_all_text(text: str) -> None:
    """Only a first line of three dashes opens it."""
    parted = split(text.encode(), path="m.md")

    assert (parted.front_matter, parted.body, parted.body_line) == (None, text, 1)


@pytest.mark.parametrize(
    ("text", "data", "body"),
    [
        ("---\n---\nx", None, "x"),
        ("---\n\n---\n", None, ""),
        ("---\na: 1\n---", {"a": 1}, ""),
        ("--- \na: 1\n---  \nx\n---\ny", {"a": 1}, "x\n---\ny"),
        ("\ufeff---\na: 1\n---\n", {"a": 1}, ""),
        ("---\na: ---\n---\n", {"a": "---"}, ""),
        ("---\na: |\n  x\n  ---\n---\ny", {"a": "x\n---\n"}, "y"),
    ],
)
def test_the_first_closing_line_ends_it(text: str, data: object, body: str) -> None:
    """A rule across the page further down belongs to the text."""
    parted = split(text.encode(), path="m.md")

    assert parted.front_matter is not None
    assert (parted.front_matter.data, parted.body) == (data, body)


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("---\na: 1\n", "m.md:1:1", "the front matter that begins here has no end"),
        ("---\na: 1\na: 2\n---\n", "m.md:3:1", "key 'a' is given twice, first in line 2"),
        ("---\na: [1\n---\n", "m.md:3:1", "want ',' or the closing bracket"),
    ],
)
def test_front_matter_that_cannot_be_read(text: str, place: str, message: str) -> None:
    """Its errors are those of YAML, placed in the Markdown file."""
    with pytest.raises(DocumentError) as caught:
        split(text.encode(), path="m.md")

    assert str(caught.value.location) == place
    assert caught.value.message.startswith(message)
