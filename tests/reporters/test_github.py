"""What GitHub shows of a run: annotations, and the summary of a step."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from auditor.model.outcome import Outcome
from auditor.model.run import InputProblem, Population
from auditor.model.severity import Severity
from auditor.model.standing import GateSummary, Gating, GoneFinding, Standing
from auditor.model.verdict import ClauseVerdict, Fact
from auditor.reporters.contract import Reporter
from auditor.reporters.formats.github import STEP, GitHubReporter
from auditor.reporters.formats.markdown import MarkdownReporter

if TYPE_CHECKING:
    from auditor.model.run import Run
    from tests.reporters.conftest import FixedPlaces, Make

REPORTER = GitHubReporter()
PROBLEM = InputProblem("b.yaml", "document", "found a tab", hint="use spaces")


def commands(make: Make, run: Run, places: FixedPlaces | None = None) -> list[str]:
    """Return the lines of the log."""
    return make.render(REPORTER, run, places).decode().splitlines()


def summary(make: Make, run: Run, places: FixedPlaces | None = None) -> str:
    """Return the page."""
    known = places or make.places()
    return b"".join(REPORTER.render(run, known, profile="summary", colour=False)).decode()


def gated(run: Run, **standings: Standing) -> Run:
    """Hold *run* against a gate; standings by subject."""
    keys = {("hand:apollo", "late-thing", subject): one for subject, one in standings.items()}
    gate = GateSummary(1, ("findings from low on",), ("2 findings count",))
    return replace(run, gate=gate, standings=keys)


def failing(make: Make, *subjects: str, **changes: Any) -> Run:
    """Make a run with a fail for each subject."""
    verdicts = [make.verdict(Outcome.FAIL, subject=one, subject_name=one) for one in subjects]
    return make.run(make.result(*verdicts), **changes)


def test_it_is_a_reporter() -> None:
    """The class keeps the contract of every format, and annotates unless it is asked otherwise."""
    assert isinstance(REPORTER, Reporter)
    assert REPORTER.profiles == ("commands", "summary")


def test_the_log_opens_with_the_three_lines(make: Make, portfolio: Run) -> None:
    """Behind what was relaxed, as plain text."""
    lines = commands(make, portfolio)

    assert lines[0].startswith("relaxed: ")
    assert [line.partition(":")[0] for line in lines[1:4]] == ["Population", "Controls", "Verdicts"]


def test_a_finding_is_annotated_where_its_fact_stands(make: Make, places: FixedPlaces) -> None:
    """With what is wrong, how to mend it, and the demand."""
    fact = Fact("/blockers/0/raised_at", "known", "yesterday")
    clause = ClauseVerdict(0, Outcome.FAIL, "It was late.", facts=(fact,))
    verdict = make.verdict(Outcome.FAIL, message="It was late.", clauses=(clause,), facts=(fact,))
    line = commands(make, make.run(make.result(verdict)), places)[-1]

    assert line == (
        "::error file=portfolio/apollo.yaml,line=58,col=16,title=fail%2C high%3A A thing was late::"
        "Apollo (hand:apollo): It was late.%0A"
        "Fix: Do the thing in time.%0A"
        "Required: thing.at.by(limit) <policies/seef/late-thing.yaml:12:11>."
    )


def test_what_stands_nowhere_is_said_of_the_step(make: Make) -> None:
    """At the head of a file it would look as if it were there."""
    line = commands(make, failing(make, "s"))[-1]

    assert line.startswith("::error title=fail%2C high%3A A thing was late::s in Apollo ")


@pytest.mark.parametrize(
    ("severity", "level"),
    [
        (Severity.CRITICAL, "error"),
        (Severity.HIGH, "error"),
        (Severity.MEDIUM, "warning"),
        (Severity.LOW, "notice"),
    ],
)
def test_without_a_gate_the_severity_is_the_level(
    make: Make, severity: Severity, level: str
) -> None:
    """Nobody said what makes the run red."""
    run = failing(make, "s", policies=(make.policy(severity=severity),))

    assert commands(make, run)[-1].startswith(f"::{level} ")


def test_what_makes_the_run_red_is_an_error(make: Make) -> None:
    """What does not is less, and says why; what is known or accepted is counted."""
    run = gated(
        failing(make, "red", "spare", "small", "old", "gap"),
        spare=Standing(Gating.ALLOWED, "2 of low are allowed"),
        small=Standing(Gating.UNDER, "low is under medium"),
        old=Standing(Gating.KNOWN),
        gap=Standing(Gating.ACCEPTED),
    )
    lines = commands(make, run)
    levels = {
        line.partition(" in Apollo")[0].rpartition("::")[2]: line.split(" ")[0]
        for line in lines
        if line.startswith("::")
    }

    assert levels == {"red": "::error", "spare": "::warning", "small": "::notice"}
    assert any(
        "It does not count: under the threshold: low is under medium." in one for one in lines
    )
    assert lines[-4:] == [
        "1 finding not shown here: accepted.",
        "1 finding not shown here: known.",
        "Gate: FAILED (exit code 1)",
        "  2 findings count",
    ]


def test_the_log_says_what_became_of_a_finding(make: Make) -> None:
    """What is merely gone before what is fixed; no more of either than somebody would read."""
    gone = tuple(
        GoneFinding("hand:apollo", "late-thing", f"s-{number}", "Late.", now)
        for number, now in enumerate(["pass", *["none"] * 22])
    )
    run = make.run(make.result(make.verdict()))
    lines = commands(make, replace(run, gate=GateSummary(0, ("none",), (), "main", gone)))

    begin = lines.index("Gone without being fixed: 22")
    assert lines[begin + 1] == "  late-thing, s-1 in hand:apollo: there is nothing left to judge"
    assert lines[begin + 21 :] == [
        "  and 2 more",
        "Fixed: 1",
        "  late-thing, s-0 in hand:apollo: it passes now",
    ]


def test_the_worst_are_annotated_and_the_others_are_told(make: Make) -> None:
    """GitHub drops what comes after ten of a kind, and says nothing."""
    names = [f"s{n}" for n in range(9)]
    verdicts = [
        *(make.verdict(Outcome.FAIL, subject=one, policy="b-low") for one in names),
        *(make.verdict(Outcome.FAIL, subject=one, policy="a-high") for one in names),
        *(make.verdict(Outcome.INCONCLUSIVE, subject=one, policy="a-high") for one in names[:3]),
    ]
    policies = (make.policy("a-high"), make.policy("b-low", severity=Severity.LOW))
    lines = commands(make, make.run(make.result(*verdicts), policies=policies))

    found = [line for line in lines if "::" in line]
    assert sum(line.startswith("::error ") for line in found) == 10
    assert sum(line.startswith("::notice ") for line in found) == 9
    assert sum(line.startswith("error: inconclusive, high: ") for line in lines) == 2
    assert lines[-1] == "2 more errors stand above as text: GitHub annotates 10 of a kind."


@pytest.mark.parametrize(
    ("run", "title"),
    [
        pytest.param({"problems": (PROBLEM,)}, "An input could not be read", id="an input"),
        pytest.param(
            {"population": Population(2, 1, ("hand:dione",))},
            "An auditee of the population was not audited",
            id="a member",
        ),
    ],
)
def test_what_has_no_verdict_is_an_error(make: Make, run: dict[str, Any], title: str) -> None:
    """Whatever GitHub makes of a passing step."""
    made = make.run(make.result(make.verdict()), **run)

    assert commands(make, made)[-1].startswith(f"::error title={title}::")


def test_a_run_that_judged_nothing_is_an_error(make: Make) -> None:
    """Nobody may see green because there was nothing to see."""
    text = "Nothing was audited: no policy or no snapshot matched."

    assert f"::error title=Nothing was audited::{text}" in commands(make, make.run())[-1]
    assert text in summary(make, make.run())


def test_hostile_text_runs_nothing(make: Make, hostile_text: str) -> None:
    """Every line is a command of ours or plain text, whatever stands in it."""
    text = "\n".join(commands(make, make.hostile(hostile_text)))
    lines = text.split("\n")

    ours = [line for line in lines if line.lstrip().startswith("::")]
    assert all(re.match(r"::error (file=.*?,line=\d+,col=\d+,)?title=", one) for one in ours)
    assert len(ours) == 7
    assert re.search(r"##[A-Za-z]*\[", text) is None
    assert re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text) is None


def test_the_summary_is_the_page_that_a_comment_is(make: Make, portfolio: Run) -> None:
    """From the gate to what to do next, without the mark by which a comment is found again."""
    run = gated(portfolio)
    comment = make.render(MarkdownReporter(), run).decode()

    assert summary(make, run) == comment.removeprefix("<!-- auditor -->\n")


def test_the_summary_is_never_too_long(make: Make) -> None:
    """GitHub would show nothing of it: it ends before, and says how much is missing."""
    subjects = [f"s{n}" for n in range(4_000)]
    verdicts = [
        make.verdict(Outcome.FAIL, subject=one, subject_name=one, message="Späť. " * 60)
        for one in subjects
    ]
    page = summary(make, make.run(make.result(*verdicts)))
    rows = page.count("`late-thing`")

    assert STEP * 0.98 < len(page.encode()) <= STEP
    assert f"**{4_000 - rows} rows left out**: a summary has no room for more." in page


def test_hostile_text_stays_text_in_the_summary(make: Make, hostile_text: str) -> None:
    """It runs nothing where the page is printed; what it makes of markup is tested with the comment."""
    page = summary(make, make.hostile(hostile_text))

    assert len(page.encode()) < 100_000
    assert re.search(r"##[A-Za-z]*\[|^\s*::", page, re.MULTILINE) is None
    assert re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", page) is None
