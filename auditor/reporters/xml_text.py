"""
How foreign text goes into XML, and how XML goes out piece by piece.

A reader could leave this to the XML library. It escapes ``<`` and ``]]>``, but it writes characters that
no XML reader accepts, and viewers cut a line or drop a case whose name is not unique. Its own writer takes
longer than everything else that a report needs, because it looks for name spaces that ours have not.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

from auditor.reporters.foreign_text import cut, flowing

if TYPE_CHECKING:
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


def start_tag(element: Element, depth: int = 0) -> str:
    """Write the start tag of an element whose children are written later, one by one."""
    return f"{_begun(element, depth)}>\n"


def end_tag(name: str, depth: int = 0) -> str:
    """Write the end of what `start_tag` began."""
    return f"{'  ' * depth}</{name}>\n"


def whole(element: Element, depth: int = 0) -> str:
    """Write an element without name spaces: text or children, and no text between them, all of it sanitised."""
    begun = _begun(element, depth)
    if len(element):
        inner = "".join([whole(child, depth + 1) for child in element])
        return f"{begun}>\n{inner}{end_tag(element.tag, depth)}"
    if element.text:
        return f"{begun}>{_escaped(element.text)}</{element.tag}>\n"
    return f"{begun} />\n"


def _begun(element: Element, depth: int) -> str:
    begun = f"{'  ' * depth}<{element.tag}"
    for name, text in element.items():
        escaped = _escaped(text).replace('"', "&quot;")
        begun += f' {name}="{escaped}"'
    return begun


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
