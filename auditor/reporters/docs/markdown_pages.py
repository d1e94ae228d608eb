"""
The site as Markdown: the same pages, for whoever reads them in a repository or puts them into a site of their own.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Final

from auditor.reporters.docs.elements import (
    Badge,
    Bullets,
    Card,
    Code,
    Fold,
    Link,
    Linked,
    Listing,
    Meter,
    Note,
    Paragraph,
    Quote,
    Section,
    Strong,
    Table,
    Terms,
)
from auditor.reporters.docs.paths import way
from auditor.reporters.foreign_text import visible
from auditor.reporters.markdown_text import TICKS, begun, code

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from auditor.reporters.docs.elements import Block, Inline, Line, Page, Site, Way

SUFFIX: Final = ".md"
_ACTING: Final = re.compile(r"([\\`*_{}\[\]#|~!])")
_ADDRESS: Final = re.compile(r"(?i)(https?|ftp|www|mailto)(?=[:.])")
_ENTITIES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "&#64;"})
_DEEPEST: Final = 6


def markdown_files(site: Site) -> Iterator[tuple[str, bytes]]:
    """Yield every file of the site: its path below the folder of the site, and its bytes."""
    first = site.pages[0]
    for page in site.pages:
        writer = _Writer(page)
        lines = ["<!-- Written by auditor policy docs. -->", "", *writer.head(first)]
        for block in page.blocks:
            lines += writer.block(block, 2)
        if page is first:
            lines += writer.contents(site)
        text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines).strip() + "\n")
        yield f"{page.address}{SUFFIX}", text.encode("utf-8", "backslashreplace")


def escaped(text: str) -> str:
    """Return a text so that Markdown takes nothing in it for a mark, a link or HTML."""
    plain = " ".join(visible(text).split())
    lead = " " if text[:1].isspace() else ""
    tail = " " if text[-1:].isspace() and plain else ""
    marked = _ACTING.sub(r"\\\1", plain).translate(_ENTITIES)
    # A bare address would become a link by itself.
    return f"{lead}{_ADDRESS.sub(lambda found: found[0] + '&#8203;', marked)}{tail}"


class _Writer:
    def __init__(self, page: Page) -> None:
        self._page = page
        self._way = partial(way, page.address, suffix=SUFFIX)

    def head(self, first: Page) -> Iterator[str]:
        page = self._page
        if page is not first:
            above = [Link("Overview", first.address), *page.above]
            yield " / ".join(self._inline(link) for link in above)
            yield ""
        yield f"# {code(page.title) if page.is_code else escaped(page.title)}"
        yield ""
        marks = " ".join(self._inline(mark) for mark in page.marks)
        yield f"{page.label}{': ' if marks else ''}{marks}"
        yield ""

    def contents(self, site: Site) -> Iterator[str]:
        yield "## Contents"
        for heading, ways in site.contents:
            yield ""
            yield f"**{escaped(heading)}**"
            yield ""
            yield from self._ways(ways, "")

    def _ways(self, ways: Iterable[Way], indent: str) -> Iterator[str]:
        for one in ways:
            yield f"{indent}- {self._inline(Link(one.text, one.page, is_code=one.is_code))}"
            yield from self._ways(one.below, f"{indent}  ")

    # ----- blocks

    def block(self, block: Block, level: int) -> Iterator[str]:
        """Yield the lines of a block, an empty one behind it."""
        match block:
            case Paragraph(line=line):
                yield self._text(line)
            case Note(line=line):
                yield f"> **Note.** {self._text(line)}"
            case Quote(line=line):
                yield f"> {self._text(line)}"
            case Bullets():
                yield from self._bullets(block, "")
            case Terms(rows=rows):
                for name, line in rows:
                    yield f"- **{escaped(name)}:** {self._line(line)}"
            case Table():
                yield from self._table(block)
            case Listing(parts=parts):
                text = visible(
                    "".join(part if isinstance(part, str) else part.text for part in parts)
                )
                longest = max((len(run) for run in TICKS.findall(text)), default=0)
                fence = "`" * max(3, longest + 1)
                yield fence
                yield from text.split("\n")
                yield fence
            case Meter(count=count, total=total, label=label):
                yield f"{count} of {total} {escaped(label)}"
            case Card(title=title, blocks=blocks, anchor=anchor):
                yield from self._headed(self._line(title), anchor, blocks, level)
            case Fold(summary=summary, blocks=blocks):
                yield f"**{escaped(summary)}**"
                yield ""
                for one in blocks:
                    yield from self.block(one, level)
            case Section(heading=heading, anchor=anchor, blocks=blocks, marks=marks):
                headed = f"{escaped(heading)} {self._line(marks)}".strip()
                yield from self._headed(headed, anchor, blocks, level)
        yield ""

    def _headed(
        self, title: str, anchor: str, blocks: Iterable[Block], level: int
    ) -> Iterator[str]:
        if anchor:
            yield f'<a id="{anchor}"></a>'
            yield ""
        yield f"{'#' * min(level, _DEEPEST)} {title}"
        yield ""
        for one in blocks:
            yield from self.block(one, level + 1)

    def _bullets(self, bullets: Bullets, indent: str) -> Iterator[str]:
        for line, below in bullets.items:
            yield f"{indent}- {self._text(line)}"
            if below is not None:
                yield from self._bullets(below, f"{indent}  ")

    def _table(self, table: Table) -> Iterator[str]:
        yield f"| {' | '.join(map(escaped, table.head))} |"
        yield f"|{'---|' * len(table.head)}"
        for row in table.rows:
            cells = [self._line(cell, in_table=True).strip() for cell in row.cells]
            if row.anchor:
                cells[0] = f'<a id="{row.anchor}"></a>{cells[0]}'
            yield f"| {' | '.join(cells)} |"

    # ----- lines

    def _text(self, line: Line) -> str:
        """Return a line that begins a block, where more characters are marks."""
        return begun(self._line(line).strip())

    def _line(self, line: Line, *, in_table: bool = False) -> str:
        text = "".join(map(self._inline, line))
        return text.replace("\n", " ") if not in_table else _unbarred(text)

    def _inline(self, part: Inline) -> str:
        match part:
            case str():
                return escaped(part)
            case Code(text=text):
                return code(text)
            case Strong(text=text):
                plain = escaped(text)
                return f"**{plain.strip()}**{' ' if plain.endswith(' ') else ''}"
            case Badge(text=text):
                return f"\\[{escaped(text).strip()}\\]"
            case Linked(parts=parts):
                return code("".join(one if isinstance(one, str) else one.text for one in parts))
            case Link(text=text, page=page, anchor=anchor, is_code=is_code):
                shown = code(text) if is_code else escaped(text)
                return f"[{shown.strip()}]({self._way(page, anchor)})"


def _unbarred(text: str) -> str:
    """Keep a bar inside code from ending its cell; outside of code it is escaped already."""
    return re.sub(r"(?<!\\)\|", r"\\|", text)
