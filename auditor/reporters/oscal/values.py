"""
How texts, names and instants become values that OSCAL 1.2.1 accepts, and ids that are the same in every run.

A reader could think that OSCAL's strings take any text. A string may not begin or end with a blank or hold a line
end, a token is a name, a time zone must be one of a list, and what is called markup is Markdown: in it ``<script>``
and ``{{ insert: param }}`` act. Nothing is dropped: what cannot stand is shown as an escape, and a name that had to
be changed carries a digest of the whole.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from hashlib import sha1, sha256
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from auditor.reporters.foreign_text import cut, flowing, visible
from auditor.reporters.xml_text import label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from auditor.model.location import Location

Tree = dict[str, Any]

NAMESPACE: Final = "urn:auditor:oscal"
"""Of every property of ours."""
NO_INSTANT: Final = "1970-01-01T00:00:00Z"
"""Where OSCAL demands an instant and a run, which judged nothing, has none; a property then says so."""
BLANK: Final = "(blank)"
"""What is written where OSCAL demands a text and there is none."""

_IDS: Final = uuid5(NAMESPACE_URL, NAMESPACE)
_TEXT: Final = 2_000
_VALUE: Final = 500
_PATH: Final = 1_000
_NAME: Final = 80
_PLAIN_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9._-]{0,79}")
_NO_NAME: Final = re.compile(r"[^A-Za-z0-9.-]+")
_ACTING: Final = re.compile(r"[<>&]|[\\`*~^\[\]{}]|(?<!\w)_|_(?!\w)")
_ENTITIES: Final = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
_INSTANT: Final = re.compile(
    r"(?:19|2\d)\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?"
    r"(?:Z|-(?:(?:0\d|1[0-2]):00|0[39]:30)|\+(?:(?:0\d|1[0-4]):00|(?:0[34569]|10):30|(?:0[58]|12):45))"
)
"""OSCAL's pattern, save for the days of the months. Source: ``DateTimeWithTimezoneDatatype``."""


def uuid(kind: str, *keys: str) -> str:
    """Return the id of a thing: a version 5 UUID of what it is and of what it is known by."""
    name = "\x1f".join((kind, *keys)).encode(errors="backslashreplace")
    # What `uuid.uuid5` does, in a third of its time: a large run has hundreds of thousands of ids.
    digest = sha1(_IDS.bytes + name, usedforsecurity=False).hexdigest()
    variant = "89ab"[int(digest[16], 16) % 4]
    return f"{digest[:8]}-{digest[8:12]}-5{digest[13:16]}-{variant}{digest[17:20]}-{digest[20:32]}"


def line(text: str) -> str:
    """Return *text* as one line of markup that stands for itself."""
    return _ACTING.sub(_harmless, flowing(cut(text, _TEXT))) or BLANK


def prose(lines: Iterable[str]) -> str:
    """Return *lines* as markup, one paragraph each; blank ones are left out."""
    return "\n\n".join(line(text) for text in lines if text.strip()) or BLANK


def string(text: str) -> str:
    """Return *text* as a string, which is one line and no markup."""
    return flowing(cut(text, _VALUE)) or BLANK


def identity(text: str) -> str:
    """Return an id of others as a string; where it had to be changed, two that differ still do."""
    return label(text) or BLANK


def token(text: str) -> str:
    """Return *text* as a name; where it had to be changed, a digest of the whole follows."""
    if _PLAIN_NAME.fullmatch(text):
        return text
    digest = sha256(text.encode(errors="surrogatepass")).hexdigest()[:8]
    shown = _NO_NAME.sub("-", text[:_NAME]).strip("-.")
    return f"_{shown}_{digest}" if shown else f"_{digest}"


def instant(text: str | None, otherwise: str = NO_INSTANT) -> str:
    """
    Return an RFC 3339 instant as OSCAL accepts it.

    Args:
        text: What is written with an offset that OSCAL does not know is told in UTC.
        otherwise: What to return where it is no instant between the years 1900 and 2999.
    """
    if text is None:
        return otherwise
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            return otherwise
        if _INSTANT.fullmatch(text):
            return text
        told = moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
    except (ValueError, OverflowError):
        return otherwise
    return told if _INSTANT.fullmatch(told) else otherwise


def prop(name: str, value: str) -> Tree:
    """Return a property of ours."""
    return {"name": name, "ns": NAMESPACE, "value": string(value)}


def id_prop(name: str, value: str) -> Tree:
    """Return a property of ours that holds an id of others."""
    return {"name": name, "ns": NAMESPACE, "value": identity(value)}


def reference(place: Location | str) -> str | None:
    """Return a file, or a line of it, as a relative reference; None where its name is too long for one."""
    path = place if isinstance(place, str) else place.path
    if not path or len(path) > _PATH:
        return None
    shown = quote(visible(path), safe="/-._~")
    return shown if isinstance(place, str) else f"{shown}#L{place.line}"


def place_props(place: Location) -> list[Tree]:
    """Return where something stands as properties: file, line and column."""
    return [
        prop("file", place.path),
        prop("line", str(place.line)),
        prop("column", str(place.column)),
    ]


def kept(tree: Tree) -> Tree:
    """Return *tree* without what is None or empty: OSCAL has no empty lists."""
    return {key: value for key, value in tree.items() if value is not None and value != []}


def _harmless(match: re.Match[str]) -> str:
    return _ENTITIES.get(match[0]) or f"\\{match[0]}"
