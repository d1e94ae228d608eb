"""
What a page of the documentation is made of, whatever it is written as.

A page is built once, of a few kinds of blocks, and rendered as HTML or as Markdown. No text holds markup: what
others wrote is told apart from what is a link or a mark by its type, so it cannot become one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Tone = Literal["good", "bad", "open", "quiet", "plain"]
"""What a mark says beside its words: holds, does not hold, not decided, does not matter, nothing."""


# ----- inside a line


@dataclass(frozen=True, slots=True)
class Code:
    """A piece of code inside a line."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Words that stand out."""

    text: str


@dataclass(frozen=True, slots=True)
class Badge:
    """A mark: its words say everything that its tone says."""

    text: str
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Link:
    """A way to another place of the documentation; there are none that lead out of it."""

    text: str
    page: str
    """Address of the page: ``policies/blocker-not-escalated``."""
    anchor: str = ""
    is_code: bool = False


@dataclass(frozen=True, slots=True)
class Linked:
    """A piece of code inside a line, in which what is known is a link."""

    parts: tuple[str | Link, ...]


Inline = str | Code | Strong | Badge | Link | Linked
Line = tuple[Inline, ...]


def prose(text: str) -> Line:
    """Read a text in which code stands between backticks; whatever else is in it stays as it is."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # a backtick without its other half is a character like any other
        return (text,)
    return tuple(Code(part) if at % 2 else part for at, part in enumerate(parts) if part)


def joined(lines: list[Line], between: str = ", ") -> Line:
    """Put lines behind each other."""
    return tuple(
        part for at, line in enumerate(lines) for part in ((between, *line) if at else line)
    )


# ----- blocks


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    line: Line
    is_lead: bool = False
    """Whether it opens its page."""
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True, slots=True)
class Note:
    """What must not be overlooked."""

    line: Line
    tone: Tone = "open"
    kind: Literal["note"] = "note"


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody is told, word for word."""

    line: Line
    kind: Literal["quote"] = "quote"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; what belongs to an item stands below it."""

    items: tuple[tuple[Line, Bullets | None], ...]
    kind: Literal["bullets"] = "bullets"

    @classmethod
    def of(cls, lines: list[Line]) -> Bullets:
        """Return a list of one level."""
        return cls(tuple((line, None) for line in lines))


@dataclass(frozen=True, slots=True)
class Terms:
    """Names with what is said of each."""

    rows: tuple[tuple[str, Line], ...]
    kind: Literal["terms"] = "terms"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table."""

    cells: tuple[Line, ...]
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; its first column names what each line is about."""

    head: tuple[str, ...]
    rows: tuple[Row, ...]
    label: str
    """What it lists, for whoever cannot see where it stands."""
    kind: Literal["table"] = "table"


@dataclass(frozen=True, slots=True)
class Listing:
    """Code on lines of its own; what is known in it is a link."""

    parts: tuple[str | Link, ...]
    kind: Literal["listing"] = "listing"


@dataclass(frozen=True, slots=True)
class Meter:
    """How many of how many."""

    count: int
    total: int
    label: str
    kind: Literal["meter"] = "meter"


@dataclass(frozen=True, slots=True)
class Card:
    """Something complete in itself, with a title of its own."""

    title: Line
    blocks: tuple[Block, ...]
    anchor: str = ""
    tone: Tone = "plain"
    kind: Literal["card"] = "card"


@dataclass(frozen=True, slots=True)
class Fold:
    """What is there for whoever asks for it."""

    summary: str
    blocks: tuple[Block, ...]
    kind: Literal["fold"] = "fold"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands below it."""

    heading: str
    anchor: str
    blocks: tuple[Block, ...]
    marks: Line = ()
    """Behind the heading, and no part of it."""
    kind: Literal["section"] = "section"


Block = Paragraph | Note | Quote | Bullets | Terms | Table | Listing | Meter | Card | Fold | Section


# ----- pages


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that a search finds."""

    kind: str
    """What it is, for a reader: ``control``."""
    title: str
    about: str
    page: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page."""

    address: str
    """Where it is, without what its file ends with: ``controls/SEEF-MON-04``."""
    title: str
    label: str
    """What kind of thing it is about."""
    blocks: tuple[Block, ...]
    is_code: bool = False
    """Whether its title is an id, or a name that an expression says."""
    above: tuple[Link, ...] = ()
    """The pages above it, from the top."""
    marks: Line = ()
    entries: tuple[Entry, ...] = ()
    """What a search finds on it, and it itself."""


@dataclass(frozen=True, slots=True)
class Way:
    """A line of the contents that stand beside every page."""

    text: str
    page: str
    below: tuple[Way, ...] = ()
    is_code: bool = False


@dataclass(frozen=True, slots=True)
class Site:
    """All pages."""

    pages: tuple[Page, ...]
    """The first is where a reader begins."""
    contents: tuple[tuple[str, tuple[Way, ...]], ...]
    """Groups with their headings, in order."""
    sections_of: dict[str, str] = field(default_factory=dict)
    """For a page that is not among the contents, the one that is and stands for it."""
