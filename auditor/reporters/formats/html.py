"""
A run as one page for people: readable from a disk or an attachment, on paper, and with a keyboard alone.

The page holds everything and asks for nothing: its style, its script and the texts of others are in it, and its
content policy lets nothing run or load but the one script whose hash it names.

Verdicts are written as HTML, a lot at a time, each lot in an element ``noscript``. Without a script that is the
report. With one, a browser takes each lot for a single stretch of text and makes nothing of it, so that a page of
20,000 verdicts opens at once; the script then makes the cards that are on the screen, out of the same text.
"""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from auditor.findings.assemble import PORTFOLIO
from auditor.findings.fact_patterns import pattern_and_reason
from auditor.findings.finding import FINDING_OUTCOMES, Finding
from auditor.findings.score import FORMULA, Scores
from auditor.findings.telling_facts import facts_to_place
from auditor.model.outcome import Outcome
from auditor.model.severity import Severity
from auditor.reporters import gate_words, wording
from auditor.reporters.html_page import Raw, html_page
from auditor.reporters.report_page import overview
from auditor.reporters.report_page.cards import STANDINGS, card, kind_of
from auditor.reporters.report_page.heat_map import heat_map, percent
from auditor.reporters.report_page.keys import Keys
from auditor.reporters.report_page.page_data import Rows, choices, embedded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from auditor.model.location import Location
    from auditor.model.result import ResultDocument
    from auditor.model.run import Places, Run
    from auditor.model.standing import Standing

_LOT: Final = 20
"""Verdicts that the script reads at once: enough for one screen, few enough never to be waited for."""


class HtmlReporter:
    """Renders a run as a page that needs nothing beside it."""

    media_type = "text/html; charset=utf-8"
    suffix = ".html"
    profiles: tuple[str, ...] = ()
    shows_controls = True

    def render(
        self, run: Run, places: Places, *, profile: str | None, colour: bool
    ) -> Iterator[bytes]:
        """Render *run*: the head of the page, lots of verdicts auditee by auditee, and the rest of the page."""
        del profile, colour
        keys, scores = Keys(run), Scores(run)
        yield _page("head", **_head(run, keys, scores))
        lots = _Lots(run, places, keys)
        for number, result in enumerate(run.results):
            yield from lots.of(number, result)
        yield _page("foot", **_foot(run, keys, scores, lots.placed))


class _Lots:
    """
    Writes the verdicts.

    Args:
        run: What was judged.
        places: Of its facts.
        keys: Of the page.
    """

    def __init__(self, run: Run, places: Places, keys: Keys) -> None:
        self._run = run
        self._places = places
        self._keys = keys
        self._rows = Rows(keys)
        self.placed: dict[tuple[str, str], str] = {}
        """One missing fact of each kind that stands somewhere, with its place, as far as was written."""

    def of(self, number: int, result: ResultDocument) -> Iterator[bytes]:
        """Write the verdicts on the auditee of that number, the worst first, some at a time."""
        found = [
            Finding(self._keys.policies[verdict.policy], result, verdict)
            for verdict in result.verdicts
        ]
        found.sort(key=lambda one: (kind_of(one.verdict), -one.policy.severity.rank))
        located = self._located(result)
        for begin in range(0, len(found), _LOT):
            cards, rows = [], []
            for one in found[begin : begin + _LOT]:
                standing = self._standing(one)
                shown = card(one, standing, located, self._places)
                cards.append(shown)
                rows.append(self._rows.row(one, shown, standing))
            yield _page(
                "lot",
                heading="" if begin else wording.auditee(result),
                tally=wording.tally(result.counts()),
                anchor=f"auditee-{number}",
                cards=cards,
                rows=embedded({"project": number, "rows": rows}),
            )

    def _standing(self, finding: Finding) -> Standing | None:
        is_one = finding.verdict.outcome in FINDING_OUTCOMES
        if self._run.gate is None or not is_one:
            return None
        return self._run.standing(finding.result.auditee, finding.verdict)

    def _located(self, result: ResultDocument) -> Mapping[str, Location]:
        """Return the places of the facts of an auditee's findings, and note those of missing facts."""
        found = [verdict for verdict in result.verdicts if verdict.outcome in FINDING_OUTCOMES]
        pointers = dict.fromkeys(
            pointer for verdict in found for pointer in facts_to_place(verdict)
        )
        located = self._places.locate(result.auditee, list(pointers)) if pointers else {}
        for verdict in found:
            for fact in verdict.missing:
                key = pattern_and_reason(fact)
                if key not in self.placed and wording.fact_place(fact, located):
                    self.placed[key] = wording.fact_line(fact, located)
        return located


class _Asset(NamedTuple):
    text: Raw
    source: Raw
    """As the content policy names it."""


@cache
def _asset(name: str) -> _Asset:
    """Return a style sheet or a script of ours."""
    file = files("auditor.reporters") / "templates" / "report" / name
    text = f"\n{file.read_text('utf-8')}"
    hashed = b64encode(sha256(text.encode()).digest()).decode()
    return _Asset(Raw(text), Raw(f"'sha256-{hashed}'"))


def _page(template: str, **values: Any) -> bytes:  # noqa: ANN401 - whatever the template shows
    text = html_page(f"report/{template}.html.j2", **values)
    return text.encode("utf-8", "backslashreplace")


def _head(run: Run, keys: Keys, scores: Scores) -> dict[str, Any]:
    total = scores.total
    counts = run.counts()
    is_empty = not any(result.verdicts for result in run.results)
    return {
        "style": _asset("style.css"),
        "script": _asset("report.js"),
        "run": run,
        "opening": wording.opening(run),
        "told": wording.sentence,
        "name": wording.name,
        "whose": _whose(run),
        "as_of": wording.instant(run.as_of) if run.as_of is not None else "",
        "untold": tuple(wording.member(run.population, one) for one in run.untold()),
        "not_audited": wording.NOT_AUDITED,
        "nothing": wording.nothing_audited(run) if is_empty else "",
        "not_counting": overview.not_counting(run),
        "standings": {one.value: label for one, label in STANDINGS.items()},
        "score": total,
        "raw": percent(total.raw),
        "net": percent(total.net),
        "formula": FORMULA,
        "bands": overview.bands(total),
        "map": heat_map(run, keys, scores),
        "keys": keys,
        "outcomes": [(one.value, wording.words(one), counts[one]) for one in Outcome],
        "findings": sum(counts[one] for one in FINDING_OUTCOMES),
        "verdicts": sum(counts.values()),
        "severities": [one.value for one in reversed(Severity)],
    }


def _whose(run: Run) -> str:
    """Return the name of the portfolio, or of the only auditee; empty where no name stands for all of them."""
    portfolios = [one.auditee_name for one in run.results if one.target == PORTFOLIO]
    others = [one.auditee_name for one in run.results if one.target != PORTFOLIO]
    # Without a population a portfolio is called what it is.
    named = [one for one in portfolios if one.casefold() != PORTFOLIO] or others
    return wording.name(named[0]) if len(named) == 1 else ""


def _foot(
    run: Run, keys: Keys, scores: Scores, placed: Mapping[tuple[str, str], str]
) -> dict[str, Any]:
    return {
        "run": run,
        "script": _asset("report.js"),
        "choices": choices(keys),
        "gone": [
            {
                "id": key,
                "title": title,
                "findings": [(gate_words.gone(one), one.message) for one in gone],
            }
            for key, title, gone in gate_words.sorted_out(run.gate)
        ],
        "gaps": tuple(overview.gaps(keys, placed)),
        "projects": tuple(overview.project_rows(run, keys, scores)),
        "outcomes": tuple(wording.words(one) for one in Outcome),
        "controls": tuple(overview.control_rows(run, scores)),
        "second_looks": tuple(overview.second_looks(run)),
        "member": lambda one: wording.member(run.population, one),
        "told": wording.sentence,
        "name": wording.name,
        "instant": wording.instant,
    }
