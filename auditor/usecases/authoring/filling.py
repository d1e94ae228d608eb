"""
What becomes of a template whose blanks are filled?

A template is a policy or a cases file in which ``<name>`` stands for a value. A line with a blank for which
there is nothing to say is left out; a line that is one blank holds as many lines as its value, indented alike.
The value of a key is written as YAML wants it, so that whatever a person typed stays the text that it was.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from auditor.usecases.authoring.yaml_text import scalar

if TYPE_CHECKING:
    from collections.abc import Callable

    Blanks = Callable[[str, str], str | None]
    """The value of a blank by its name and what stands behind it (``<first never>``); None for nothing."""

_BLANK: Final = re.compile(r"<([A-Za-z][a-z-]*)(?: ([^<>]*))?>")
_KEY: Final = re.compile(r"( *)((?:- )?[a-z]+: )(.+)")
_WRITTEN: Final = ("{", "[", '"', "'", ">", "|")
"""With these begins a value that is YAML already."""


def fill(template: str, blanks: Blanks) -> str:
    """Fill every blank of *template*."""
    lines = (_line(line, blanks) for line in template.splitlines())
    return "".join(f"{line}\n" for line in lines if line is not None)


def _line(line: str, blanks: Blanks) -> str | None:
    values = [blanks(name, argument) for name, argument in _BLANK.findall(line)]
    if None in values:
        return None
    found = iter(values)
    text = _BLANK.sub(lambda _: str(next(found)), line)
    if "\n" in text:
        margin = line[: len(line) - len(line.lstrip())]
        if _BLANK.fullmatch(line.strip()):
            lines = text.removeprefix(margin).splitlines()
            return "\n".join(margin + one if one else one for one in lines)
    pair = _KEY.fullmatch(line)
    if pair is None or pair[3].startswith(_WRITTEN):
        return text
    start = pair[1] + pair[2]
    # A list item's own keys stand where its text begins.
    indent = len(pair[1]) + (2 if pair[2].startswith("- ") else 0)
    return start + scalar(text.removeprefix(start), indent, len(start))
