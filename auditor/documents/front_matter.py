"""
Part a Markdown file into its front matter and its text.

Front matter is YAML between a first line ``---`` and a later line ``---``. A file that does not begin with
that line has none, which is no error: most Markdown has none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from auditor.documents.source import Source, decode
from auditor.documents.yaml import compose_source

if TYPE_CHECKING:
    from auditor.documents.nodes import Node

_FENCE: Final = re.compile(r"---[ \t]*(?:\r\n?|\n|\Z)")
_END: Final = re.compile(r"(?<=[\r\n])---[ \t]*(?:\r\n?|\n|\Z)")


@dataclass(slots=True, eq=False)
class Parted:
    """A Markdown file in two parts."""

    source: Source
    front_matter: Node | None
    """None where there is none; its places are those of the Markdown file."""
    body: str
    body_line: int
    """The line of the file on which `body` begins."""


def split(data: bytes, *, path: str) -> Parted:
    """
    Part a Markdown file.

    Raises:
        DocumentError: The file is no text, or its front matter is not closed or not YAML.
    """
    source = decode(data, path=path)
    text = source.text
    fence = _FENCE.match(text)
    if fence is None:
        return Parted(source, None, text, 1)
    end = _END.search(text, fence.end())
    if end is None:
        hint = "close it with a line '---'; a line across the page is written '***'"
        message = "the front matter that begins here has no end"
        raise source.fault(message, 0, hint=hint)
    # The opening line is a document mark to YAML too, so offsets need no shifting.
    node = compose_source(source, end.start())
    return Parted(source, node, text[end.end() :], source.location(end.end()).line)
