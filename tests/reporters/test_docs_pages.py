"""Pages of documentation: what others wrote stays text, whatever it is written as."""

from __future__ import annotations

import json
import re
import sys
from typing import Any

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.model.errors import UsageProblem
from auditor.reporters import html_page
from auditor.reporters.docs.addresses import Addresses, safe_name
from auditor.reporters.docs.elements import (
    Badge,
    Bullets,
    Card,
    Code,
    Entry,
    Fold,
    Link,
    Linked,
    Listing,
    Meter,
    Note,
    Page,
    Paragraph,
    Quote,
    Row,
    Section,
    Site,
    Strong,
    Table,
    Terms,
    Way,
    prose,
)
from auditor.reporters.docs.html_pages import html_files
from auditor.reporters.docs.markdown_pages import escaped, markdown_files
from auditor.reporters.docs.paths import way
from auditor.reporters.foreign_text import visible
from auditor.reporters.markdown_text import code

HOSTILE = "<script>alert(1)</script> \"'&amp; [x](javascript:alert(1)) {{ 7 * 7 }} | `` \u202e"
NAMESPACE = "{http://www.w3.org/1999/xhtml}"


def site_of(text: str) -> Site:
    """Return a site that says *text* wherever a text can stand."""
    line = (text, Code(text), Strong(text), Badge(text), Link(text, "other"), Linked((text,)))
    blocks = (
        Paragraph(line, is_lead=True),
        Note(line, "bad"),
        Quote(line),
        Bullets(((line, Bullets.of([line])),)),
        Terms(((text, line),)),
        Table((text,), (Row((line,), "row"),), text),
        Listing((text, Link(text, "other", "there", is_code=True))),
        Meter(1, 2, text),
        Card((text,), (Paragraph(line),), "card"),
        Fold(text, (Paragraph(line),)),
    )
    pages = (
        Page("index", text, text, (), entries=(Entry(text, text, text, "index"),)),
        Page(
            "below/page",
            text,
            text,
            (Section(text, "one", blocks, line), Section(text, "two", ())),
            is_code=True,
            above=(Link(text, "other"),),
            marks=(Badge(text),),
        ),
        Page("other", text, text, ()),
    )
    return Site(pages, ((text, (Way(text, "index", (Way(text, "other"),)),)),))


def files(site: Site) -> dict[str, str]:
    """Return the files of a site as HTML."""
    return {name: data.decode() for name, data in html_files(site)}


PLAIN = files(site_of("plain"))["other.html"]


def elements(text: str) -> list[tuple[str, dict[str, str]]]:
    """Return the elements of a page with their attributes, read as strictly as can be."""
    tree: Any = html5lib.HTMLParser(strict=True).parse(text)
    return [
        (one.tag.removeprefix(NAMESPACE), dict(one.attrib))
        for one in tree.iter()
        if isinstance(one.tag, str)
    ]


def shape(text: str) -> list[tuple[str, list[str], str | None]]:
    """Return which elements a page has, and where its links lead."""
    return [(tag, sorted(found), found.get("href")) for tag, found in elements(text)]


def test_hostile_text_stays_text() -> None:
    """No element, no attribute and no link comes of a text, in no place where one can stand."""
    plain, hostile = files(site_of("plain")), files(site_of(HOSTILE))

    assert shape(hostile["below/page.html"]) == shape(plain["below/page.html"])
    assert shape(hostile["index.html"]) == shape(plain["index.html"])
    assert "\u202e" not in "".join(hostile.values())
    assert "<script>alert" not in hostile["search-index.js"]


@settings(max_examples=40)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30))
def test_any_text_stays_text(text: str) -> None:
    """What a reader sees is the text; what would act is seen as an escape."""
    page = files(site_of(text))["other.html"]
    tree: Any = html5lib.parse(page)
    (heading,) = tree.iter(f"{NAMESPACE}h1")

    assert (heading.text or "").split() == visible(text).split()
    assert len(elements(page)) == len(elements(PLAIN))


@given(st.text(st.sampled_from("<>&`*_[]()#|\\~! ax:/@.-+1\n"), max_size=30))
def test_markdown_escapes(text: str) -> None:
    """No mark is left that is not behind a backslash, and nothing that is HTML or an address."""
    made = escaped(text)
    bare = re.sub(r"&(?:amp|lt|gt|#64|#8203);", "", made)

    assert re.search(r"(?<!\\)(?:\\\\)*[`*_\[\]#|~!]", bare) is None
    assert re.search(r"[<>@&\n]", bare) is None


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("a", "`a`"),
        ("a`b", "``a`b``"),
        ("``", "``` `` ```"),
        ("a\n  b", "`a b`"),
    ],
)
def test_markdown_code(text: str, made: str) -> None:
    """Code ends where it is meant to, whatever backticks are in it."""
    assert code(text) == made


def test_markdown_page() -> None:
    """Every kind of block, with links that lead from the folder of the page."""
    made = {name: data.decode() for name, data in markdown_files(site_of("t|x"))}

    assert list(made) == ["index.md", "below/page.md", "other.md"]
    assert made["below/page.md"].startswith(
        "<!-- Written by auditor policy docs. -->\n\n"
        "[t\\|x](../index.md) / [t\\|x](../other.md)\n\n# `t|x`\n\nt|x: \\[t\\|x\\]\n".replace(
            "[t\\|x](../index.md)", "[Overview](../index.md)"
        )
    )
    assert (
        "| t\\|x |\n|---|\n"
        '| <a id="row"></a>t\\|x`t\\|x`**t\\|x**\\[t\\|x\\][t\\|x](../other.md)`t\\|x` |\n'
        in made["below/page.md"]
    )
    assert "```\nt|xt|x\n```\n" in made["below/page.md"]


def test_search_index_is_data() -> None:
    """The index is one assignment of plain data."""
    script = files(site_of("a </script> b"))["search-index.js"]
    data = script.partition("= ")[2].strip().removesuffix(";")

    assert json.loads(data)[0] == ["a </script> b"] * 3 + ["index.html"]
    assert "</script" not in script


def test_without_jinja(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who lacks what fills templates is told what to install."""
    html_page._environment.cache_clear()  # noqa: SLF001 - another test may have made pages already
    monkeypatch.setitem(sys.modules, "jinja2", None)

    with pytest.raises(UsageProblem) as caught:
        files(site_of("x"))

    assert caught.value.message == "pages of HTML need Jinja2, and it is not installed"
    assert caught.value.hint == "run in auditor's own folder: pip install '.[html]'"


@given(st.text(max_size=120))
def test_safe_names(text: str) -> None:
    """The name of a page is one that any disk takes, and leads nowhere else."""
    name = safe_name(text)

    assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]*", name)
    assert not name.endswith(".")
    assert len(name) <= 100


def test_addresses() -> None:
    """Two things never have one page, not even where capital letters are not told from small ones."""
    addresses = Addresses()

    assert addresses.of("policies", "a-b") == "policies/a-b"
    assert addresses.of("policies", "a-b") == "policies/a-b"
    assert addresses.of("policies", "A-B") == "policies/A-B-2"
    assert addresses.of("policies", "../../etc").startswith("policies/etc-")
    assert addresses.of("policies", "CON") != "policies/CON"


def test_ways() -> None:
    """A way leads from the folder of the page that it stands on."""
    assert way("index", "controls/A", "", ".html") == "controls/A.html"
    assert way("controls/A", "policies/b", "fix", ".html") == "../policies/b.html#fix"
    assert way("controls/A", "controls/B", "", ".md") == "B.md"
    assert way("controls/A", "controls/A", "why", ".md") == "#why"


def test_prose() -> None:
    """Code stands between backticks; a single one is a character."""
    assert prose("a `b` c") == ("a ", Code("b"), " c")
    assert prose("a ` c") == ("a ` c",)
