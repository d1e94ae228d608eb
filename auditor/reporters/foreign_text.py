"""
How text that others wrote is shown without doing anything there.

Names, messages and paths come from trackers, minutes and file names. Printed as they are, they move the
cursor of a terminal, turn the reading direction, end an XML document early or run a command of the CI
system that keeps the log. What would act is shown as an escape instead of being dropped, so that the
reader sees that something was there.

Joiners that scripts and emoji need (U+200C, U+200D) stay: they change shapes, not order or meaning.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from re import Match

_ACTING: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls save tab and line feed; ESC begins a terminal sequence
    r"\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # invisible, bidi
    r"\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"  # no characters at all: UTF-8 or XML refuses them
    + "".join(rf"\U{plane:04x}fffe\U{plane:04x}ffff" for plane in range(1, 17))
    + r"\U000e0000-\U000e007f]"  # tags: invisible text inside text
)
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
_COMMAND_AT_START: Final = re.compile(r"^(\s*):(?=:)", re.MULTILINE)
"""``::error::`` and its like: executed by GitHub where a line begins with it."""
_COMMAND_ANYWHERE: Final = re.compile(r"#(?=[A-Za-z]*\[)(?<=##)")
"""``##[error]``, ``##vso[…]``, ``##teamcity[…]``: executed wherever they stand in a line."""


def visible(text: str) -> str:
    r"""
    Show every character that would act, or that XML or UTF-8 refuses, as an escape such as ``\x1b``.

    Returns:
        Text that may still hold tabs and line feeds; the same again when it is given back its own result.
    """
    if text.isascii() and text.isprintable():
        return text  # as most texts are; the expression below takes long to find nothing
    return _ACTING.sub(_escape, text.replace("\r\n", "\n"))


def inert(text: str) -> str:
    """Break up what a CI system would execute when it finds it in a log."""
    return _COMMAND_ANYWHERE.sub(r"\\x23", _COMMAND_AT_START.sub(r"\1\\x3a", text))


def flowing(text: str) -> str:
    """Return *text* as one visible, inert line: every run of white space becomes one space."""
    if (
        text.isascii()
        and text.isprintable()
        and "  " not in text
        and "::" not in text
        and "##" not in text
    ):
        # Nearly all texts are like this, and a report of a hundred thousand verdicts has millions of them.
        return text.strip(" ")
    return inert(" ".join(visible(text).split()))


def cut(text: str, limit: int) -> str:
    """Shorten *text* to *limit* characters and say how many are missing."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]} … ({len(text) - limit} more characters)"


def encodable(text: str) -> str:
    """Show only lone surrogates as escapes: the rest of *text* is what UTF-8 can hold."""
    return _SURROGATE.sub(_escape, text)


def json_inert(text: str) -> str:
    """Return the same JSON, in which what would act in a log that shows it is an escape."""
    shown = text if text.isascii() and text.isprintable() else _ACTING.sub(_json_escape, text)
    return shown.replace("##", "#\\u0023")


def _json_escape(match: Match[str]) -> str:
    units = match[0].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def _escape(match: Match[str]) -> str:
    code = ord(match[0])
    if code <= 0xFF:  # noqa: PLR2004 - the reach of \x
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - the reach of \u
