"""
What cases tried of policies, as a page: the policies as they are written, with what no case ever tried marked.
"""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from auditor.cli.case_coverage_page import (
    came_of,
    missed_of,
    name_of,
    outermost,
    said_of,
    shown_branches,
)
from auditor.model.explanation import Came
from auditor.reporters.foreign_text import flowing
from auditor.reporters.html_page import html_page
from auditor.reporters.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditor.usecases.cover_cases import (
        CaseCoverage,
        CoveredPart,
        CoveredPolicy,
        CoveredWords,
    )

    Untried = tuple[str, str, str, int]
    """What is said of it, its class, its text, and its line."""

_BREAK: Final = re.compile(r"\r\n|\r|\n")
_NO_ANCHOR: Final = re.compile(r"[^\w.-]+")
_STATES: Final = {"gap": "untried", "part": "partly", "good": "tried"}
"""Class of what was tried of something, the worst first, and the word that says the same."""


def case_coverage_html(coverage: CaseCoverage) -> str:
    """
    Return the page.

    Raises:
        UsageProblem: What writes it is not installed.
    """
    files = [*map(_policy, coverage.policies), *map(_words, coverage.words)]
    return html_page("branches.html.j2", files=files)


def _policy(one: CoveredPolicy) -> dict[str, Any]:
    clauses = one.clause_share
    return {
        **_file(one, one.policy.location.path, one.policy.id, [*_clauses(one), *_parts(one.parts)]),
        "title": one.policy.title,
        "clauses": f"{clauses.tried} of {clauses.total}",
        "came": came_of(one),
        "unexpected": [flowing(name) for name in one.unexpected],
    }


def _words(one: CoveredWords) -> dict[str, Any]:
    anchor = _NO_ANCHOR.sub("-", one.path)
    none = {"title": "", "clauses": "", "came": "", "unexpected": []}
    return {**_file(one, one.path, anchor, list(_parts(one.parts))), **none}


def _file(
    one: CoveredPolicy | CoveredWords, path: str, anchor: str, untried: list[Untried]
) -> dict[str, Any]:
    return {
        "anchor": anchor,
        "name": flowing(name_of(one)),
        "path": flowing(path),
        "state": "open" if untried else "whole",
        "branches": shown_branches(one),
        "share": shown_branches(one).removeprefix("branches "),
        "untried": untried,
        "lines": list(_lines(one.source, one.parts)),
    }


def _clauses(one: CoveredPolicy) -> Iterator[Untried]:
    for index, clause in enumerate(one.clauses):
        if not clause.is_covered:
            look = "part" if clause.passes or clause.fails else "gap"
            said = f"clause {index} {missed_of(clause)}"
            yield said, look, flowing(clause.clause.that), clause.clause.location.line


def _parts(parts: Sequence[CoveredPart]) -> Iterator[Untried]:
    for one, inside in outermost(parts):
        more = f", nor the {counted(inside, 'condition')} in it" if inside else ""
        yield said_of(one) + more, _look(one), flowing(one.part.text), one.part.location.line


def _look(one: CoveredPart) -> str:
    if not one.missing:
        return "good"
    return "part" if one.came & {Came.TRUE, Came.FALSE} else "gap"


def _lines(source: str, parts: Sequence[CoveredPart]) -> Iterator[dict[str, Any]]:
    """Yield the lines of a file in pieces, each with the class of the innermost condition that it belongs to."""
    texts = _BREAK.split(source)
    while texts and not texts[-1]:
        texts.pop()
    looks = [[""] * len(text) for text in texts]
    for one in parts:  # what holds another part comes before it
        look, first, last = _look(one), one.part.location, one.part.last
        for number in range(first.line, last.line + 1):
            text = texts[number - 1]
            blank = len(text) - len(text.lstrip())
            begin = first.column - 1 if number == first.line else blank
            end = last.column if number == last.line else len(text.rstrip())
            looks[number - 1][begin:end] = [look] * (end - begin)
    notes: defaultdict[tuple[int, int], list[tuple[str, str]]] = defaultdict(list)
    for one, _ in outermost(parts):
        spot = one.part.last.line, one.part.last.column
        notes[spot].insert(0, (said_of(one), _look(one)))  # what ends inside ends first
    for number, (text, line) in enumerate(zip(texts, looks, strict=True), 1):
        found = {look for look in line if look}
        state = next((look for look in _STATES if look in found), "")
        pieces = list(_pieces(number, text, line, notes))
        yield {
            "number": number,
            "state": state,
            "word": _STATES.get(state, ""),
            "pieces": pieces,
        }


def _pieces(
    number: int,
    text: str,
    looks: list[str],
    notes: dict[tuple[int, int], list[tuple[str, str]]],
) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
    """Yield text, its class, and what is noted behind it."""
    ends = [column for (line, column) in notes if line == number]
    spots = [
        (look, sum(column <= position for column in ends)) for position, look in enumerate(looks)
    ]
    position = 0
    for (look, _), run in groupby(spots):
        before, position = position, position + len(list(run))
        yield text[before:position], look, notes.get((number, position), [])
