"""The comment on a change, as a forge shows it: what is new, what is fixed, what to do, and nothing that acts."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import cmarkgfm
import html5lib
import pytest
from cmarkgfm.cmark import Options

from auditor.model.location import Location
from auditor.model.outcome import Outcome
from auditor.model.run import InputProblem
from auditor.model.severity import Severity
from auditor.model.standing import GateSummary, Gating, GoneFinding, Standing
from auditor.model.verdict import Fact
from auditor.reporters.contract import Reporter
from auditor.reporters.formats.markdown import MarkdownReporter
from auditor.reporters.markdown_comment import COMMENT

if TYPE_CHECKING:
    from collections.abc import Callable
    from xml.etree.ElementTree import Element

    from auditor.model.run import Run
    from tests.reporters.conftest import FixedPlaces, Make

REPORTER = MarkdownReporter()
OURS = {
    "html", "head", "body", "h2", "h3", "h4", "p", "ul", "li", "strong", "code", "br", "details", "summary",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
"""Elements that the comment is made of."""

LURES = {
    "link": "[x](https://evil.example) <https://evil.example> [x]: //evil.example",
    "image": "![x](https://evil.example/p.png) <img src=x onerror=alert(1)>",
    "address": "https://evil.example www.evil.example ftp://evil.example a@evil.example",
    "mention": "@ann @acme/team #12 acme/x#12 GH-12",
    "cells": "a | b | c\\| d `|` ||",
    "block": "# x",
    "list": "- a",
    "number": "1. a",
    "rule": "---",
    "quote": "> [!WARNING]",
    "fence": "```\n</details>\n```",
    "close": "</summary></details></td></table>",
    "comment": "--> <!-- x",
    "formula": "$$x$$ $x$",
    "entity": "&lt;img&gt; &#60;b&#62;",
}


def comment(make: Make, run: Run, places: FixedPlaces | None = None) -> str:
    """Render *run*."""
    return make.render(REPORTER, run, places).decode()


def shown(text: str) -> Element:
    """Show a comment as GitHub does before it takes away what it does not allow."""
    page = cmarkgfm.github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE)
    tree: Element = html5lib.parse(page, namespaceHTMLElements=False)
    return tree


def rows(tree: Element) -> list[list[str]]:
    """Return the texts of all cells, row by row."""
    return [["".join(cell.itertext()) for cell in row] for row in tree.iter("tr")]


def gated(run: Run, *reasons: str, against: str | None = None, **standings: Standing) -> Run:
    """Hold *run* against a gate that somebody has decided; standings by subject, of ``late-thing`` in Apollo."""
    gone = (
        GoneFinding("hand:apollo", "late-thing", "spr-1", "It was late.", "pass"),
        GoneFinding("hand:apollo", "late-thing", "spr-2", "It was late."),
        GoneFinding("hand:apollo", "late-thing", "spr-3", "It was late.", "not_applicable"),
    )
    summary = GateSummary(
        int(bool(reasons)),
        ("findings from low on gate",),
        reasons,
        against,
        gone if against else (),
    )
    known = {("hand:apollo", "late-thing", key): one for key, one in standings.items()}
    return replace(run, gate=summary, standings=known)


def test_it_is_a_reporter() -> None:
    """The class keeps the contract of every format."""
    assert isinstance(REPORTER, Reporter)


def test_the_whole_comment(
    make: Make, portfolio: Run, places: FixedPlaces, golden: Callable[[str, bytes], None]
) -> None:
    """A run with every outcome is written as in the golden file."""
    golden("portfolio.md", make.render(REPORTER, portfolio, places))


@pytest.mark.parametrize(
    ("reasons", "said"),
    [
        pytest.param((), "PASSED (exit code 0)", id="green"),
        pytest.param(("1 finding at or over low",), "FAILED (exit code 1)", id="red"),
    ],
)
def test_it_begins_with_the_gate(make: Make, reasons: tuple[str, ...], said: str) -> None:
    """By the first line, which nobody sees, CI finds the comment again; the next one says how it ended, in words."""
    run = gated(make.run(make.result(make.verdict())), *reasons)
    lines = comment(make, run).splitlines()

    assert lines[:2] == ["<!-- auditor -->", f"## Audit gate: {said}"]
    assert [line[2:] for line in lines if line.startswith("- 1")] == list(reasons)


def test_what_is_new_known_and_fixed(make: Make) -> None:
    """Told against what was there before: the new stands open, the known is folded, the fixed is named."""
    verdicts = [
        make.verdict(Outcome.FAIL, subject=key, subject_name=key, message=f"Late: {key}.")
        for key in ("old", "new", "under")
    ]
    run = gated(
        make.run(make.result(*verdicts)),
        "1 finding",
        against="main",
        old=Standing(Gating.KNOWN, "known since main"),
        under=Standing(Gating.UNDER, "under critical, by the profile"),
    )
    text = comment(make, run)
    folded = {
        "".join(one.find("summary").itertext()): rows(one)[1:]  # type: ignore[union-attr]
        for one in shown(text).iter("details")
    }
    where = "portfolio/apollo.yaml"
    severity = "highfail"

    assert rows(shown(text))[:2] == [
        ["severity", "finding", "where", "what to do"],
        [severity, "A thing was lateLate: new.late-thing", where, "Do the thing in time."],
    ]
    assert "### New findings (1)\n" in text
    assert text.index("### Gone without being fixed (2)\n") < text.index("### Fixed (1)\n")
    assert [row[2:] for row in rows(shown(text)) if len(row) == 5] == [
        ["subject", "what was said of it", "now"],
        ["spr-2", "It was late.", "there is nothing left to judge"],
        ["spr-3", "It was late.", "it does not apply any more"],
        ["subject", "what was said of it", "now"],
        ["spr-1", "It was late.", "it passes now"],
    ]
    assert folded == {
        "Known before (1)": [
            [severity, "A thing was lateLate: old.late-thing", where, "known since main"]
        ],
        "Under the threshold (1)": [
            [
                severity,
                "A thing was lateLate: under.late-thing",
                where,
                "under critical, by the profile",
            ]
        ],
    }
    assert "Told against main." in text


def test_an_accepted_gap_says_until_when(make: Make) -> None:
    """It is no finding that counts, and nothing has to be supplied for it."""
    gap = Fact("/blockers", "unobserved", "not recorded", "not_collected")
    verdict = make.verdict(Outcome.INCONCLUSIVE, subject="a", message="Not known.", missing=(gap,))
    told = "accepted by C. Doyle until 2026-12-31: a migration"
    text = comment(make, gated(make.run(make.result(verdict)), a=Standing(Gating.ACCEPTED, told)))

    assert [row[3] for row in rows(shown(text))] == ["why it does not count", told]
    assert "<summary>Accepted gaps (1)</summary>" in text
    assert "Missing facts" not in text
    assert "### Findings that count (0 of 1)\n\nNone.\n" in text


@pytest.mark.parametrize(("there", "said"), [(0, "New findings (0)"), (1, "New findings that count (0 of 1)")])  # fmt: skip
def test_that_nothing_counts_is_not_that_nothing_is_wrong(
    make: Make, there: int, said: str
) -> None:
    """Where a gate lets findings be, the number of all of them stands beside it."""
    verdicts = [make.verdict(Outcome.FAIL, subject="a"), make.verdict(subject="b")][1 - there :]
    run = make.run(make.result(*verdicts))
    text = comment(make, gated(run, against="main", a=Standing(Gating.KNOWN, "known")))

    assert f"### {said}\n\nNone.\n" in text


def test_what_is_asked_for_is_told_whole(make: Make) -> None:
    """The sentence that says what became of the known findings is longer than a name."""
    rule = "of 1 known in known.json: 0 unchanged, " + "so many of another kind, " * 8 + "the end"
    run = gated(make.run(make.result(make.verdict())))
    assert run.gate is not None
    text = comment(make, replace(run, gate=replace(run.gate, rules=(rule,))))

    assert f"Asked for: {rule}.\n" in text


def test_where_nothing_is_recorded_no_place_is_made_up(make: Make) -> None:
    """The folder that a run was started in leads nowhere."""
    run = make.run(make.result(make.verdict(Outcome.FAIL), snapshot_name="."))

    assert rows(shown(comment(make, run)))[1][2] == "not recorded"


def test_rows_are_left_out_only_where_there_is_no_room(make: Make) -> None:
    """What findings that count do not need goes to those that do not count."""
    long = "Late. " * 40
    subjects = [f"s-{number}" for number in range(60)]
    verdicts = [make.verdict(Outcome.FAIL, subject=one, message=long) for one in subjects]
    under = Standing(Gating.UNDER, "under never")
    run = gated(make.run(make.result(*verdicts)))
    standings = {("hand:apollo", "late-thing", one): under for one in subjects}
    text = comment(make, replace(run, standings=standings))

    assert COMMENT // 3 < len(text) < COMMENT // 2
    assert text.count("`late-thing`") == 60
    assert "left out" not in text


def test_what_is_no_longer_known_says_why(make: Make) -> None:
    """A finding that counts although it was known would look like a mistake."""
    run = make.run(make.result(make.verdict(Outcome.FAIL, subject="a")))
    why = Standing(told="known, but its facts have changed since")
    (_, row) = rows(shown(comment(make, gated(run, "1 finding", a=why))))

    assert "counts: known, but its facts have changed since" in row[1]


def test_a_finding_leads_to_its_most_telling_line(
    make: Make, portfolio: Run, places: FixedPlaces
) -> None:
    """The line of the fact that would have made the difference; the file of the snapshot where none stands anywhere."""
    places.known["hand:apollo", "/blockers/0/escalations/0/at"] = Location("a.yaml", 60, 13)
    found = rows(shown(comment(make, portfolio, places)))

    assert [row[2] for row in found if row[0] in {"criticalfail", "highfail", "higherror"}] == [
        "portfolio/apollo.yaml",
        "portfolio/apollo.yaml:14",
        "a.yaml:60",
    ]


def test_nothing_that_no_verdict_tells_is_left_out(make: Make, portfolio: Run) -> None:
    """An input that cannot be read and an auditee without a snapshot come before the findings."""
    text = comment(make, portfolio)
    titles = re.findall(r"^### (.*)", text, re.MULTILINE)

    assert titles == [
        "Relaxed (1)",
        "What was looked at",
        "1 problem with the inputs",
        "Not audited (1)",
        "Findings (7)",
        "Missing facts (2)",
        "Next",
    ]
    assert rows(shown(text))[1] == [
        "portfolio/dione.yaml:7:1",
        "found a tab where the indentation needs spaces",
        "replace the tab by two spaces",
    ]


@pytest.mark.parametrize("problems", [(), (InputProblem("a.yaml", "document", "found a tab"),)])
def test_a_run_that_judged_nothing_is_not_green(
    make: Make, problems: tuple[InputProblem, ...]
) -> None:
    """It says so, and never that there is no finding."""
    text = comment(make, make.run(problems=problems))

    assert "\n**Nothing was audited: " in text
    assert "### Findings" not in text


def test_a_comment_has_room_for_the_worst(make: Make) -> None:
    """What is cut is the least severe, whichever auditee it is of; the comment says how many, and no row is torn."""
    policies = [
        make.policy("dire", severity=Severity.CRITICAL),
        make.policy("dull", severity=Severity.LOW),
    ]
    results = [
        make.result(
            *(
                make.verdict(
                    Outcome.FAIL,
                    policy="dire" if n < 3 else "dull",
                    subject=f"s-{n}",
                    message="Late. " * 20,
                )
                for n in range(700)
            ),
            auditee=auditee,
            auditee_name=auditee,
        )
        for auditee in ("a", "b")
    ]
    text = comment(make, make.run(*results, policies=policies))
    tree = shown(text)
    found = [row[0] for row in rows(tree) if row[0] != "severity"]

    assert COMMENT - 6_000 < len(text) <= COMMENT
    assert found.count("criticalfail") == 6
    assert "### Findings (1400)\n" in text
    assert f"**{1400 - len(found)} rows left out**: a comment has no room for more." in text
    assert {len(row) for row in rows(tree)} == {4}


def test_texts_of_any_length_leave_the_comment_short(make: Make) -> None:
    """Each section has its share, so that none takes the room of all others."""
    long = "&|" * 500
    one = make.verdict(Outcome.FAIL, message=long, subject_name=long, owner=long)
    run = make.run(
        *(make.result(one, auditee=f"{n}{long}", auditee_name=long) for n in range(60)),
        problems=[InputProblem(f"{n}{long}", "document", long, hint=long) for n in range(60)],
        engine=long,
    )
    run = replace(gated(run, *[long] * 30, against=long), relaxed=(long,) * 60)
    assert run.gate is not None
    run = replace(run, gate=replace(run.gate, rules=(long,) * 30))
    text = comment(make, run)

    assert len(text) <= COMMENT
    assert re.findall(r"^### .*", text, re.MULTILINE)[-1] == "### Next"
    assert text.count(" left out**") == 3


def assert_harmless(text: str) -> None:
    """Hold a comment to what it may be made of, once it is shown; the first line stands before the page."""
    tree = shown(text)

    assert {element.tag for element in tree.iter()} <= OURS
    for table in tree.iter("table"):
        assert len({len(row) for row in table.iter("tr")}) == 1
    for element in tree.iter():
        if element.tag == "code":
            element.text = ""
    plain = "".join(tree.itertext())
    assert re.search(r"@[a-z]|#\d|GH-\d|://|www\.", plain) is None
    assert re.search(r"^\s*::|##[A-Za-z]*\[", text, re.MULTILINE) is None
    assert len(text) <= COMMENT


@pytest.mark.parametrize("lure", LURES.values(), ids=LURES)
def test_a_lure_is_only_text(make: Make, lure: str) -> None:
    """No link, no picture, nobody who is told, no element, no cell and no block comes from a text of others."""
    run = make.hostile(lure)
    assert_harmless(comment(make, run))

    keys = [(one.auditee, verdict) for one in run.results for verdict in one.verdicts]
    gone = GoneFinding(lure, lure, lure, lure)
    standings = {
        (auditee, verdict.policy, verdict.subject): Standing(gating, lure)
        for (auditee, verdict), gating in zip(keys, list(Gating) * 2, strict=False)
    }
    gate = GateSummary(1, (lure,), (lure,), lure, (gone,))
    assert_harmless(comment(make, replace(run, gate=gate, standings=standings)))


def test_hostile_text_stays_text(make: Make, hostile_text: str) -> None:
    """Nor does anything else act, whatever it is made of and how long it is."""
    assert_harmless(comment(make, make.hostile(hostile_text)))


def test_a_lure_is_told_apart_from_the_rest() -> None:
    """The check of these tests sees a link, a mention and a torn row."""
    for text in ("www.evil.example", "by @ann", "<b>x</b>", "| a |\n|---|\n| [x](y) |"):
        with pytest.raises(AssertionError):
            assert_harmless(f"<!-- auditor -->\n{text}")
