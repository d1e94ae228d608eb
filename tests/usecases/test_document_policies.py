"""The documentation of the policies that come with the program: whole, linked, and found by the search."""

from __future__ import annotations

import itertools
import json
import posixpath
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import html5lib
import pytest
from lxml import html

from auditor.language.registry import Library
from auditor.plugins.entry_points import FUNCTIONS, load_all
from auditor.reporters.docs.html_pages import html_files
from auditor.reporters.docs.markdown_pages import markdown_files
from auditor.reporters.docs.places import Places
from auditor.reporters.docs.site import build_site
from auditor.usecases.docs_material import gather
from auditor.usecases.workbench import read_workbench

if TYPE_CHECKING:
    from auditor.reporters.docs.material import Material

HEADINGS = [
    "What it demands", "Why", "Who is judged", "How it is decided", "Parameters", "Examples", "How to fix",
    "Facts that it reads", "Severity", "Source",
]  # fmt: skip
OF_CONTROLS = [
    "What it demands", "Why", "How it is decided", "Parameters", "Edges", "Examples", "How to fix", "Source",
]  # fmt: skip
NO_FACTS = ("period.", "params.", "group.", "attestation.")
"""What `fields_read` names that is no fact of a snapshot."""
LINK = re.compile(r"(?<!\\)\]\(([^)\s]+)\)")
CODE = re.compile(r"^(`{3,})\n.*?^\1$|(`+)(?!`).+?(?<!`)\2(?!`)", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Docs:
    """The site in both forms."""

    material: Material
    files: dict[str, str]
    markdown: dict[str, str]

    @cached_property
    def pages(self) -> dict[str, html.HtmlElement]:
        """The pages of HTML, read."""
        return {
            name: html.document_fromstring(text)
            for name, text in self.files.items()
            if name.endswith(".html")
        }


@pytest.fixture(scope="module")
def docs() -> Docs:
    """Write the documentation once; all cases are run for it."""
    material, errors = gather(read_workbench())
    site = build_site(material)
    assert errors == []
    return Docs(
        material,
        {name: data.decode() for name, data in html_files(site)},
        {name: data.decode() for name, data in markdown_files(site)},
    )


def reached(page: str, link: str) -> tuple[str, str]:
    """Return the file and the anchor that a link leads to."""
    path, _, anchor = link.partition("#")
    return (
        posixpath.normpath(posixpath.join(posixpath.dirname(page), path)) if path else page
    ), anchor


def test_every_link_of_the_html_leads_somewhere(docs: Docs) -> None:
    """Each file is there, each place on it is there once, and none leads out."""
    places = {name: tree.xpath("//@id") for name, tree in docs.pages.items()}
    broken = []
    for name, tree in docs.pages.items():
        for link in tree.xpath("//@href | //@src"):
            file, anchor = reached(name, link)
            if file not in docs.files or (anchor and anchor not in places[file]):
                broken.append((name, link))

    assert broken == []
    assert [name for name, ids in places.items() if len(ids) != len(set(ids))] == []


def test_every_link_of_the_markdown_leads_somewhere(docs: Docs) -> None:
    """The same of the other form."""
    places = {
        name: re.findall(r'<a id="([^"]+)"></a>', text) for name, text in docs.markdown.items()
    }
    broken = []
    count = 0
    for name, text in docs.markdown.items():
        for link in LINK.findall(CODE.sub("code", text)):
            count += 1
            file, anchor = reached(name, link)
            if file not in docs.markdown or (anchor and anchor not in places[file]):
                broken.append((name, link))

    assert broken == []
    assert count > len(docs.markdown)
    assert [name for name, ids in places.items() if len(ids) != len(set(ids))] == []


def test_nothing_is_asked_of_a_server(docs: Docs) -> None:
    """No page, sheet or script names an address of a network, and no script is written into a page."""
    for name, text in docs.files.items():
        assert re.findall(r"(?:src|href)=.(?:\w+:)?//|url\(|@import|fetch\(|XMLHttp", text) == [], (
            name
        )
    assert {
        len(tree.xpath("//script[not(@src)] | //style | //@style")) for tree in docs.pages.values()
    } == {0}


@pytest.mark.parametrize(
    "name",
    [
        "index.html", "frameworks/seef.html", "controls/SEEF-MON-04.html", "words/shared.html",
        "policies/quarter-not-audited.html", "policies/improvements-left-out-of-templates.html",
        "fields/portfolio.html", "functions.html",
    ],
)  # fmt: skip
def test_html_is_valid(docs: Docs, name: str) -> None:
    """A strict parser has nothing to say against a page of each kind."""
    html5lib.HTMLParser(strict=True).parse(docs.files[name])


def test_headings_are_fixed(docs: Docs) -> None:
    """Every policy has the same headings, and so has every control, in both forms."""
    for name, tree in docs.pages.items():
        wanted = {"policies": HEADINGS, "controls": OF_CONTROLS}.get(name.partition("/")[0])
        if wanted is not None:
            assert [found.text.strip() for found in tree.xpath("//main//h2")] == wanted, name
            text = CODE.sub("code", docs.markdown[name.replace(".html", ".md")])
            assert re.findall(r"^## (.+)$", text, re.MULTILINE) == wanted, name


def test_headings_step_down_one_by_one(docs: Docs) -> None:
    """Below a heading stands one of the next level, so that who hears the page can find the way."""
    for name, tree in docs.pages.items():
        levels = [
            int(found.tag[1])
            for found in tree.xpath(
                "//main//*[self::h1 or self::h2 or self::h3 or self::h4 or self::h5 or self::h6]"
            )
        ]
        steps = {after - before for before, after in itertools.pairwise(levels)}
        assert levels[0] == 1, name
        assert max(steps) <= 1, name


def test_everything_has_its_page(docs: Docs) -> None:
    """Each control and each policy, and every example is on it."""
    material = docs.material
    controls = {control.id for one in material.catalogues for control in one.controls}

    assert {name for name in docs.files if name.startswith("controls/")} == {
        f"controls/{control}.html" for control in controls
    }
    assert len(material.policies) > 20
    for one in material.policies:
        cards = docs.pages[f"policies/{one.id}.html"].xpath("//article[starts-with(@id, 'case-')]")
        assert len(cards) == len(one.cases), one.id
        assert all(case.result.passed for case in one.cases), one.id


def test_every_fact_that_a_policy_reads_is_told_of(docs: Docs) -> None:
    """What a policy reads leads to the field reference."""
    places = Places(docs.material)
    untold = {
        (one.id, fact)
        for one in docs.material.policies
        for fact in one.reads
        if places.field(one.policy.summary.target, fact) is None and not fact.startswith(NO_FACTS)
    }

    # A function may look a fact up that a portfolio has not: then it is unobserved there.
    assert {fact for _, fact in untold} <= {"documents", "documents.id", "documents.created_at"}
    assert {policy for policy, _ in untold} <= {"quarter-not-audited"}


def test_the_search_finds_everything(docs: Docs) -> None:
    """Controls, policies, words, fields and functions are in the index, each with the way to it."""
    script = docs.files["search-index.js"]
    rows = json.loads(script.partition("= ")[2].strip().removesuffix(";"))
    titles = {(kind, title) for kind, title, _, _ in rows}
    material = docs.material
    places = {name: set(tree.xpath("//@id")) for name, tree in docs.pages.items()}

    for one in material.catalogues:
        assert {("control", control.id) for control in one.controls} <= titles
    assert {("policy", one.id) for one in material.policies} <= titles
    for library in load_all(FUNCTIONS).values():
        assert isinstance(library, Library)
        assert {
            ("function", " ".join(one.signature.split())) for one in library.overloads
        } <= titles
    told = Places(material)
    for target, found in told.entities.items():
        for entity in found:
            fields = {f"{entity.name}.{row.path}" for row in entity.rows if not row.same_as}
            assert {(f"field of {target}", name) for name in (entity.name, *fields)} <= titles
    assert ("word", "inScope()") in titles
    for _, title, _, link in rows:
        file, anchor = reached("index.html", link)
        assert not anchor or anchor in places[file], title
