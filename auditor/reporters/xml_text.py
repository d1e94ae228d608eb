"""
How foreign text goes into XML, and how XML goes out piece by piece.

A reader could leave this to the XML library. It escapes ``<`` and ``]]>``, but it writes characters that
no XML reader accepts, and viewers cut a line or drop a case whose name is not unique.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

from auditor.reporters.foreign_text import cut, flowing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from xml.etree.ElementTree import Element

DECLARATION: Final = b'<?xml version="1.0" encoding="UTF-8"?>\n'

_ATTRIBUTE: Final = 500
_LINE: Final = 4_000
_LABEL: Final = 200


def attribute(text: str) -> str:
    """Return *text* as the one line that an attribute can keep."""
    return flowing(cut(text, _ATTRIBUTE))


def line(text: str, *, depth: int = 0) -> str:
    """Return *text* as one line of a longer text."""
    return "  " * depth + flowing(cut(text, _LINE))


def label(text: str) -> str:
    """
    Return *text* as a name that consumers may match by.

    Returns:
        The text itself where it can stand as it is. Where something had to be changed or cut, a digest of
        the whole follows, so that two names that differ still do, and in every run in the same way.
    """
    shown = flowing(text[: _LABEL + 1])
    if shown == text:
        return shown
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{shown[:_LABEL]} ~{digest[:8]}"


def start_tag(name: str, attributes: Mapping[str, str]) -> bytes:
    """Write the start tag of a root whose children are written later, one by one."""
    from xml.etree import ElementTree as ET  # noqa: PLC0415 - only runs that write XML pay for it

    empty = ET.tostring(ET.Element(name, dict(attributes)), encoding="unicode")
    return empty.removesuffix("/>").rstrip().encode() + b">\n"


def child(element: Element) -> bytes:
    """Write a child of the root, indented."""
    from xml.etree import ElementTree as ET  # noqa: PLC0415 - only runs that write XML pay for it

    ET.indent(element, level=1)
    text = ET.tostring(element, encoding="unicode")
    return b"  " + text.rstrip().encode() + b"\n"
