"""A Code Quality report that GitLab reads to its end."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from auditor.documents.json import parse_json
from auditor.findings.findings_document import fingerprint
from auditor.model.location import Location
from auditor.model.outcome import Outcome
from auditor.model.run import InputProblem, Population
from auditor.model.severity import Severity
from auditor.model.standing import GateSummary, Gating, Standing
from auditor.model.verdict import Fact
from auditor.reporters.contract import Reporter
from auditor.reporters.formats.gitlab import GitLabReporter

if TYPE_CHECKING:
    from pathlib import Path

    from auditor.model.run import Run
    from tests.reporters.conftest import FixedPlaces, Make

REPORTER = GitLabReporter()
SEVERITIES = {"info", "minor", "major", "critical", "blocker"}


def entries(make: Make, run: Run, places: FixedPlaces | None = None) -> list[Any]:
    """Return what GitLab reads."""
    found: list[Any] = json.loads(make.render(REPORTER, run, places))
    return found


def gated(run: Run, **standings: Standing) -> Run:
    """Hold *run* against a gate; standings by subject."""
    keys = {("hand:apollo", "late-thing", subject): one for subject, one in standings.items()}
    return replace(run, gate=GateSummary(1, (), ()), standings=keys)


def check_elements(found: list[Any]) -> None:
    """Assert of every element what GitLab's pages ask for beside its schema."""
    for one in found:
        assert one["severity"] in SEVERITIES
        assert one["description"].strip()
        assert one["check_name"].strip()
        assert one["location"]["path"]
        assert one["location"]["lines"]["begin"] >= 1
    names = [one["fingerprint"] for one in found]
    assert len(set(names)) == len(names)


def test_it_is_a_reporter() -> None:
    """The class keeps the contract of every format."""
    assert isinstance(REPORTER, Reporter)


def test_every_element_keeps_the_schema(
    make: Make, portfolio: Run, places: FixedPlaces, shared: Path
) -> None:
    """GitLab stops at the first that does not, and says nothing."""
    path = shared / "formats" / "codequality" / "gitlab-codeclimate.schema.json"
    schema = Draft202012Validator(parse_json(path.read_bytes(), path=path.name))
    known = gated(
        make.run(make.result(make.verdict(Outcome.FAIL, subject="s"))), s=Standing(Gating.KNOWN)
    )

    for run in (portfolio, make.hostile("a\x00\ud800b"), make.run(), known):
        found = entries(make, run, places)
        assert found
        assert [error for one in found for error in schema.iter_errors(one)] == []


def test_a_finding_is_an_entry(make: Make, places: FixedPlaces) -> None:
    """With what is wrong, how to mend it, where the fact stands, and the name that it is known by."""
    fact = Fact("/blockers/0/raised_at", "known", "yesterday")
    verdict = make.verdict(Outcome.FAIL, message="It was late.", facts=(fact,))
    (entry,) = entries(make, make.run(make.result(verdict)), places)

    assert entry == {
        "description": "Apollo (hand:apollo): It was late. Fix: Do the thing in time."
        " Required at policies/seef/late-thing.yaml:1:1.",
        "check_name": "late-thing",
        "fingerprint": fingerprint("late-thing", "hand:apollo", "hand:apollo").removeprefix(
            "sha256:"
        ),
        "severity": "critical",
        "location": {"path": "portfolio/apollo.yaml", "lines": {"begin": 58}},
    }


@pytest.mark.parametrize(
    ("severity", "shown"),
    [
        (Severity.CRITICAL, "blocker"),
        (Severity.HIGH, "critical"),
        (Severity.MEDIUM, "major"),
        (Severity.LOW, "minor"),
    ],
)
@pytest.mark.parametrize("outcome", [Outcome.ERROR, Outcome.FAIL, Outcome.INCONCLUSIVE])
def test_a_severity_is_that_of_the_policy(
    make: Make, severity: Severity, shown: str, outcome: Outcome
) -> None:
    """Whether it fails, broke or cannot be decided: what nobody knows may be as grave."""
    policy = make.policy(severity=severity)
    (entry,) = entries(make, make.run(make.result(make.verdict(outcome)), policies=(policy,)))

    assert entry["severity"] == shown


def test_it_counts_as_the_run_does(make: Make, portfolio: Run, places: FixedPlaces) -> None:
    """Each finding is an entry, and so is what no verdict tells; passes are none."""
    found = entries(make, portfolio, places)
    counts = portfolio.counts()
    findings = sum(counts[one] for one in (Outcome.ERROR, Outcome.FAIL, Outcome.INCONCLUSIVE))
    own = [one["check_name"] for one in found if one["check_name"].startswith("auditor/")]

    assert own == ["auditor/input-unreadable", "auditor/auditee-not-audited"]
    assert len(found) == findings + len(own)
    check_elements(found)


def test_an_undecided_finding_says_what_it_waits_on(make: Make, places: FixedPlaces) -> None:
    """And how to supply it."""
    gap = Fact("/meetings/4/held_at", "unobserved", "2026-09-12", "day_precision")
    verdict = make.verdict(Outcome.INCONCLUSIVE, message="Nobody knows.", missing=(gap,))
    (entry,) = entries(make, make.run(make.result(verdict)), places)

    assert entry["description"].startswith(
        "Apollo (hand:apollo): undecided: Nobody knows. Waits on meetings[4].held_at: 2026-09-12"
        " (known only to the day) <portfolio/apollo.yaml:90:14>. To supply it: record the time of day"
    )


def test_what_is_known_or_accepted_is_one_entry(make: Make) -> None:
    """It would show as open; the entry has one name, so that no merge request shows it as new."""
    verdicts = [make.verdict(Outcome.INCONCLUSIVE, subject=one) for one in ("a", "b", "c", "d")]
    run = make.run(make.result(*verdicts))
    some = gated(run, a=Standing(Gating.KNOWN), b=Standing(Gating.ACCEPTED))
    more = gated(
        run, a=Standing(Gating.KNOWN), b=Standing(Gating.KNOWN), c=Standing(Gating.ACCEPTED)
    )
    first, second = entries(make, some), entries(make, more)

    assert first[-1]["description"] == "Not shown here: 1 finding accepted and 1 finding known."
    assert first[-1]["severity"] == "info"
    assert (len(first), len(second)) == (3, 2)
    assert first[-1]["fingerprint"] == second[-1]["fingerprint"]


def test_what_does_not_count_says_so(make: Make) -> None:
    """It is shown all the same: only who decided by name takes a finding from the list."""
    run = gated(
        make.run(make.result(make.verdict(Outcome.FAIL, subject="s"))),
        s=Standing(Gating.UNDER, "low is under medium"),
    )
    (entry,) = entries(make, run)

    assert entry["description"].startswith("(under the threshold: low is under medium)")


@pytest.mark.parametrize(
    ("changes", "check", "path"),
    [
        pytest.param(
            {"problems": (InputProblem("b.yaml", "document", "a tab", Location("b.yaml", 4)),)},
            "auditor/input-unreadable",
            "b.yaml",
            id="an unreadable input",
        ),
        pytest.param(
            {"problems": (InputProblem("delivery", "input", "gone"),)},
            "auditor/input-unreadable",
            "portfolio/apollo.yaml",
            id="a folder",
        ),
        pytest.param(
            {"population": Population(2, 1, ("hand:dione",))},
            "auditor/auditee-not-audited",
            "portfolio/apollo.yaml",
            id="a missing auditee",
        ),
    ],
)
def test_what_has_no_verdict_is_an_entry(
    make: Make, changes: dict[str, Any], check: str, path: str
) -> None:
    """The gravest there is, in a file that there is."""
    (entry,) = entries(make, make.run(make.result(make.verdict()), **changes))

    assert (entry["check_name"], entry["severity"]) == (check, "blocker")
    assert entry["location"]["path"] == path


def test_a_run_that_judged_nothing_is_an_entry(make: Make) -> None:
    """An empty array would look like success."""
    (entry,) = entries(make, make.run())

    assert (entry["check_name"], entry["severity"]) == ("auditor/nothing-audited", "blocker")


def test_a_clean_run_is_an_empty_array(make: Make) -> None:
    """Passes are no findings."""
    assert make.render(REPORTER, make.run(make.result(make.verdict()))) == b"[\n]\n"


def test_a_path_is_as_the_repository_has_it(make: Make) -> None:
    """Relative and plain, or GitLab finds no file."""
    result = make.result(make.verdict(Outcome.FAIL), snapshot_name="./a/../b c/ä.yaml")
    (entry,) = entries(make, make.run(result))

    assert entry["location"]["path"] == "b c/ä.yaml"


def test_findings_of_one_name_stay_apart(make: Make) -> None:
    """GitLab keeps one of an equal pair."""
    verdicts = [make.verdict(Outcome.FAIL, subject=one) for one in ("a\ud800", r"a\ud800", "a")]

    check_elements(entries(make, make.run(make.result(*verdicts))))


def test_hostile_text_stays_text(make: Make, hostile_text: str) -> None:
    """Whatever stands wherever text of others can stand: every element is whole, small and inert."""
    data = make.render(REPORTER, make.hostile(hostile_text))
    found = json.loads(data)

    # Five findings, an input that cannot be read and a member that was not audited.
    assert len(found) == 7
    check_elements(found)
    assert data.startswith(b"[\n{")
    assert len(data) < 60_000
    assert re.search(r"^\s*::|##[A-Za-z]*\[", data.decode(), re.MULTILINE) is None
    said = "".join(str(one) for one in found)
    assert re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", said) is None


def test_one_finding_at_a_time_leaves(portfolio: Run, places: FixedPlaces) -> None:
    """A portfolio of thousands never is in memory as JSON; its places are asked for once per auditee."""
    pieces = list(REPORTER.render(portfolio, places, profile=None, colour=False))

    assert {piece.count(b'"fingerprint"') for piece in pieces[1:-1]} == {1}
    assert len(places.asked) == len(set(places.asked))
