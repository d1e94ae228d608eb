"""
The site as HTML: pages, one style sheet, one script, and the data that the search looks through.

Every text is escaped where it is written into a page; the templates mark none as safe. No page asks anything of a
server, and nothing on it needs the script but the search.
"""

from __future__ import annotations

from functools import partial
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from auditor.reporters.docs.elements import Section
from auditor.reporters.docs.paths import file_way, way
from auditor.reporters.docs.search_index import search_index
from auditor.reporters.html_page import html_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.reporters.docs.elements import Site, Way

SUFFIX: Final = ".html"
_TEMPLATES: Final = "docs"
_STYLE: Final = "style.css"
_SCRIPT: Final = "search.js"
_INDEX: Final = "search-index.js"


def html_files(site: Site) -> Iterator[tuple[str, bytes]]:
    """
    Yield every file of the site: its path below the folder of the site, and its bytes.

    Raises:
        UsageProblem: What fills templates is not installed.
    """
    titles = {page.address: page.title for page in site.pages}
    for page in site.pages:
        text = html_page(
            f"{_TEMPLATES}/page.html.j2",
            page=page,
            contents=site.contents,
            start=site.pages[0].address,
            site_title=site.pages[0].title,
            titles=titles,
            toc=[block for block in page.blocks if isinstance(block, Section)],
            is_open=partial(_is_open, page.address, site.sections_of),
            href=partial(_href, page.address),
            file=partial(file_way, page.address),
            script=_SCRIPT,
            index=_INDEX,
            style=_STYLE,
        )
        yield f"{page.address}{SUFFIX}", text.encode("utf-8", "backslashreplace")
    folder = files("auditor.reporters") / "templates" / _TEMPLATES
    for name in (_STYLE, _SCRIPT):
        yield name, (folder / name).read_bytes()
    yield _INDEX, search_index(site, SUFFIX).encode()


def _href(here: str, there: str, anchor: str = "") -> str:
    return way(here, there, anchor, SUFFIX)


def _is_open(here: str, sections_of: dict[str, str], one: Way) -> bool:
    """Whether a line of the contents stands for the page, or for something below it."""
    known = sections_of.get(here, here)
    return known == one.page or any(below.page == here for below in one.below)
