"""
What the lines of the text report are made of: colours, headings, labels and lists.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.model.outcome import Outcome
from auditor.reporters.layout import columns, wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

BOLD: Final = "1"
COLOURS: Final = {
    Outcome.ERROR: "1;35",
    Outcome.FAIL: "1;31",
    Outcome.INCONCLUSIVE: "33",
    Outcome.PASS: "32",
}


class Paint:
    """Colours for a terminal, or none."""

    def __init__(self, *, is_on: bool) -> None:
        self._is_on = is_on

    def __call__(self, text: str, style: str | None) -> str:
        """Return *text* in a style: the number of an escape sequence."""
        return f"\x1b[{style}m{text}\x1b[0m" if self._is_on and style else text

    def heading(self, text: str) -> list[str]:
        """Lay out the heading of a section."""
        return ["", *(self(line, BOLD) for line in wrap(text, hang="    "))]

    def labelled(
        self, label: str, text: str, style: str | None, *, indent: str = "  "
    ) -> list[str]:
        """Lay out *text* beside a label that alone carries the colour."""
        begun = f"{indent}{label} "
        first, *others = wrap(text, indent=begun, hang=" " * columns(begun))
        return [indent + self(label, style) + first.removeprefix(indent + label), *others]


def bulleted(texts: Iterable[str], *, mark: str = "*", indent: str = "  ") -> Iterator[str]:
    """Yield the lines of a list."""
    for text in texts:
        yield from wrap(f"{mark} {text}", indent=indent, hang=f"{indent}  ")
