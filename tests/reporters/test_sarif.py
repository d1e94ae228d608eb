"""SARIF that archives keep whole, and that GitHub takes without dropping or refusing anything."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft4Validator

from auditor.documents.json import parse_json
from auditor.findings.findings_document import fingerprint
from auditor.model.excerpt import Excerpt
from auditor.model.location import Location
from auditor.model.outcome import Outcome
from auditor.model.run import Control, Framework, InputProblem, Population
from auditor.model.severity import Severity
from auditor.model.standing import Earlier, GateSummary, Gating, Standing
from auditor.model.verdict import Attested, Fact
from auditor.reporters.contract import Reporter
from auditor.reporters.formats.sarif import MOST_RESULTS, SarifReporter

if TYPE_CHECKING:
    from pathlib import Path

    from auditor.model.run import Run
    from tests.reporters.conftest import FixedPlaces, Make

REPORTER = SarifReporter()
FILE = "portfolio/apollo.yaml"


def rendered(run: Run, places: FixedPlaces, profile: str = "archive") -> bytes:
    """Render *run*."""
    return b"".join(REPORTER.render(run, places, profile=profile, colour=False))


def log(run: Run, places: FixedPlaces, profile: str = "archive") -> Any:
    """Return the one run of a log."""
    (found,) = json.loads(rendered(run, places, profile))["runs"]
    return found


def gated(run: Run, *standings: tuple[tuple[str, str, str], Standing]) -> Run:
    """Hold *run* against a gate that made of its findings what is given."""
    summary = GateSummary(1, ("findings from low on",), ("1 finding counts",))
    return replace(run, gate=summary, standings=dict(standings))


def subjects(make: Make, outcome: Outcome, *names: str, **changes: Any) -> list[Any]:
    """Return a verdict on each subject."""
    return [make.verdict(outcome, subject=one, subject_name=one, **changes) for one in names]


def test_it_is_a_reporter() -> None:
    """The class keeps the contract of every format, and archives unless it is asked otherwise."""
    assert isinstance(REPORTER, Reporter)
    assert REPORTER.profiles == ("archive", "upload")


@pytest.mark.parametrize("profile", REPORTER.profiles)
def test_the_schema_accepts_it(
    make: Make, portfolio: Run, places: FixedPlaces, shared: Path, profile: str
) -> None:
    """With findings that stand somewhere and nowhere, with problems, suppressions, excerpts and taxonomies."""
    path = shared / "formats" / "sarif" / "sarif-schema-2.1.0.json"
    schema = parse_json(path.read_bytes(), path=path.name)
    raised = ("hand:apollo", "blocker-not-escalated", "blk-1")
    run = gated(portfolio, (raised, Standing(Gating.KNOWN, "listed as known")))
    run = replace(run, frameworks=(Framework("seef", "1", "2026-01-01"),))
    place = Location(FILE, 41, 15)
    places.lines[place] = Excerpt(replace(place, end_column=26), "    decision: conditional")

    for one in (run, make.hostile("a\x00\ud800b ]]> {0} [x](https://x.example)"), make.run()):
        document = json.loads(rendered(one, places, profile))
        assert list(Draft4Validator(schema).iter_errors(document)) == []


@pytest.mark.parametrize(
    ("outcome", "kind", "level"),
    [
        (Outcome.FAIL, "fail", "error"),
        (Outcome.INCONCLUSIVE, "open", "none"),
        (Outcome.ERROR, "review", "none"),
        (Outcome.PASS, "pass", "none"),
        (Outcome.NOT_APPLICABLE, "notApplicable", "none"),
    ],
)
def test_an_archive_has_a_result_for_every_outcome(
    make: Make, places: FixedPlaces, outcome: Outcome, kind: str, level: str
) -> None:
    """Of its own kind; only a fail may have a level, so the standard says."""
    (result,) = log(make.run(make.result(make.verdict(outcome))), places)["results"]

    assert (result["kind"], result["level"]) == (kind, level)
    assert result["properties"]["outcome"] == outcome.value


@pytest.mark.parametrize(
    ("severity", "level"),
    [
        (Severity.CRITICAL, "error"),
        (Severity.HIGH, "error"),
        (Severity.MEDIUM, "warning"),
        (Severity.LOW, "note"),
    ],
)
@pytest.mark.parametrize("profile", REPORTER.profiles)
def test_a_severity_is_a_level(
    make: Make, places: FixedPlaces, severity: Severity, level: str, profile: str
) -> None:
    """Of the rule and of what fails it; a tag tells the severities apart that share a level."""
    policy = make.policy(severity=severity)
    run = make.run(make.result(make.verdict(Outcome.FAIL)), policies=(policy,))
    found = log(run, places, profile)

    (rule,) = found["tool"]["driver"]["rules"]
    assert rule["defaultConfiguration"]["level"] == level
    assert rule["properties"]["tags"] == [f"severity/{severity}", "seef", "SEEF-TST-01"]
    assert found["results"][0]["level"] == level


def test_an_archive_counts_as_the_run_does(portfolio: Run, places: FixedPlaces) -> None:
    """Every verdict is there, once."""
    results = log(portfolio, places)["results"]
    kinds = Counter(one["properties"]["outcome"] for one in results)

    assert kinds == {outcome.value: n for outcome, n in portfolio.counts().items() if n}
    assert len({one["partialFingerprints"]["auditorFinding/v1"] for one in results}) == len(results)


def test_every_policy_is_a_rule_that_explains_itself(make: Make, places: FixedPlaces) -> None:
    """Also one that found nothing."""
    policies = (make.policy("a-policy"), make.policy("late-thing", fix="Do *it* in time."))
    run = make.run(make.result(make.verdict(), make.verdict(policy="a-policy")), policies=policies)
    (_, rule) = log(run, places)["tool"]["driver"]["rules"]

    assert rule["id"] == "late-thing"
    assert rule["shortDescription"] == {"text": "A thing was late"}
    assert rule["fullDescription"] == {"text": "Late things cost trust."}
    assert "Fix: Do *it* in time.\n" in rule["help"]["text"]
    assert (
        "Required: thing.at.by(limit) (policies/seef/late-thing.yaml:12:11)"
        in (rule["help"]["text"])
    )
    assert r"**Fix:** Do \*it\* in time." in rule["help"]["markdown"]
    assert "**Controls:** SEEF-TST-01" in rule["help"]["markdown"]


def test_the_frameworks_are_taxonomies(make: Make, places: FixedPlaces) -> None:
    """A rule points to the control that demands it, in the framework that has it."""
    run = replace(
        make.run(make.result(make.verdict())),
        frameworks=(Framework("ep", "1", "2026-01-01"), Framework("seef", "3", "2026-02-01")),
        controls=(Control("SEEF-TST-01", "decided", "seef", "Testing", "build", "Test things."),),
    )
    found = log(run, places)

    assert found["taxonomies"][1]["name"] == "seef"
    assert found["taxonomies"][1]["taxa"] == [
        {
            "id": "SEEF-TST-01",
            "shortDescription": {"text": "Testing"},
            "fullDescription": {"text": "Test things."},
            "properties": {"state": "decided", "stage": "build"},
        }
    ]
    (relationship,) = found["tool"]["driver"]["rules"][0]["relationships"]
    assert relationship["target"] == {
        "id": "SEEF-TST-01",
        "index": 0,
        "toolComponent": {"name": "seef", "index": 1},
    }


def test_a_finding_points_at_the_fact_in_its_file(make: Make, places: FixedPlaces) -> None:
    """With the line that it stands on, the value marked, and the other facts and the demand beside it."""
    pointers = ("/project/execution/started_at", "/approvals/1/decision")
    facts = tuple(Fact(one, "known", "x") for one in pointers)
    spot = Location(FILE, 14, 30)
    text = "  execution: {started_at: 2026-09-01}"
    places.lines[spot] = Excerpt(replace(spot, end_column=37), text)
    run = make.run(make.result(make.verdict(Outcome.FAIL, facts=facts)))
    (result,) = log(run, places)["results"]

    physical = result["locations"][0]["physicalLocation"]
    assert physical == {
        "artifactLocation": {"uri": FILE, "uriBaseId": "%SRCROOT%"},
        "region": {
            "startLine": 14,
            "startColumn": 30,
            "endLine": 14,
            "endColumn": 37,
            "snippet": {"text": text[29:36]},
        },
        "contextRegion": {
            "startLine": 14,
            "startColumn": 1,
            "endLine": 14,
            "endColumn": 38,
            "snippet": {"text": text},
        },
    }
    related = [
        (one["message"]["text"], one["physicalLocation"]["region"]["startLine"])
        for one in result["relatedLocations"]
    ]
    assert related == [
        ("project.execution.started_at: x", 14),
        ("approvals[1].decision: x", 41),
        ("Required: A thing was late", 1),
    ]


def test_what_stands_nowhere_is_said_of_the_snapshot(make: Make, places: FixedPlaces) -> None:
    """An archive names the file and no line of it."""
    (result,) = log(make.run(make.result(make.verdict(Outcome.FAIL))), places)["results"]

    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": FILE, "uriBaseId": "%SRCROOT%"}
    }
    assert result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == (
        "hand:apollo/hand:apollo"
    )


def test_a_finding_is_known_by_its_fingerprint(make: Make, places: FixedPlaces) -> None:
    """The one of the findings document, whatever its message and its line are."""
    runs = [
        make.run(make.result(make.verdict(outcome, message=message)))
        for outcome, message in ((Outcome.FAIL, "Late."), (Outcome.INCONCLUSIVE, "Who knows."))
    ]
    expected = fingerprint("late-thing", "hand:apollo", "hand:apollo").removeprefix("sha256:")

    for profile in REPORTER.profiles:
        for run in runs:
            (result,) = log(run, places, profile)["results"]
            assert result["partialFingerprints"]["auditorFinding/v1"] == expected


def test_an_archive_marks_what_is_known_or_accepted(make: Make, places: FixedPlaces) -> None:
    """With the reason; what counts has an empty list, which says that nobody suppressed it."""
    verdicts = subjects(make, Outcome.FAIL, "old", "gap", "small", "new")
    told = {"old": Gating.KNOWN, "gap": Gating.ACCEPTED, "small": Gating.UNDER}
    run = gated(
        make.run(make.result(*verdicts)),
        *(
            (("hand:apollo", "late-thing", name), Standing(gating, f"by Ann: {name}"))
            for name, gating in told.items()
        ),
    )
    old, gap, small, new = log(run, places)["results"]

    for one, name in ((old, "old"), (gap, "gap")):
        assert one["suppressions"] == [
            {"kind": "external", "status": "accepted", "justification": f"by Ann: {name}"}
        ]
    assert (small["suppressions"], new["suppressions"]) == ([], [])
    assert small["properties"]["gate"] == "under_threshold"
    assert small["properties"]["gateTold"] == "by Ann: small"


def test_without_a_gate_nobody_knows_what_is_suppressed(make: Make, places: FixedPlaces) -> None:
    """The list is left out: an empty one would say that somebody looked."""
    (result,) = log(make.run(make.result(make.verdict(Outcome.FAIL))), places)["results"]

    assert "suppressions" not in result


def test_an_archive_tells_what_became_of_a_finding(make: Make, places: FixedPlaces) -> None:
    """What earlier runs said of it."""
    standing = Standing(earlier=(Earlier("2026-06-30T18:00:00+02:00", "fail"),))
    key = ("hand:apollo", "late-thing", "hand:apollo")
    run = gated(make.run(make.result(make.verdict(Outcome.FAIL))), (key, standing))
    (result,) = log(run, places)["results"]

    assert result["properties"]["earlier"] == [
        {"asOf": "2026-06-30T18:00:00+02:00", "outcome": "fail"}
    ]


def test_an_upload_has_the_findings_that_count(portfolio: Run, places: FixedPlaces) -> None:
    """The worst first, each with a level, and no passes: GitHub shows every result that it is given."""
    results = log(portfolio, places, "upload")["results"]
    counts = portfolio.counts()

    policies = [one["ruleId"] for one in results if not one["ruleId"].startswith("auditor/")]
    assert len(policies) == sum(
        counts[one] for one in (Outcome.ERROR, Outcome.FAIL, Outcome.INCONCLUSIVE)
    )
    assert policies[0] == "blocker-not-escalated"
    assert not any("kind" in one or "suppressions" in one for one in results)


def test_an_upload_leaves_out_what_is_known_or_accepted(make: Make, places: FixedPlaces) -> None:
    """GitHub would show it as open; how many there are is told."""
    verdicts = subjects(make, Outcome.INCONCLUSIVE, "old", "gap", "new")
    run = gated(
        make.run(make.result(*verdicts)),
        (("hand:apollo", "late-thing", "old"), Standing(Gating.KNOWN)),
        (("hand:apollo", "late-thing", "gap"), Standing(Gating.ACCEPTED)),
    )
    found = log(run, places, "upload")

    assert ["new in Apollo" in one["message"]["text"] for one in found["results"]] == [True]
    told = found["invocations"][0]["toolExecutionNotifications"]
    assert [one["message"]["text"] for one in told] == [
        "1 finding not shown here: accepted.",
        "1 finding not shown here: known.",
    ]


@pytest.mark.parametrize(
    ("snapshot", "known", "expected"),
    [
        pytest.param("portfolio/apollo.yaml", {}, "portfolio/apollo.yaml", id="a file"),
        pytest.param(
            "portfolio/apollo",
            {"/b": "portfolio/apollo/b.csv", "/a": "portfolio/apollo/a.csv"},
            "portfolio/apollo/a.csv",
            id="a folder, by what other findings point to",
        ),
        pytest.param("portfolio/apollo", {}, "policies/seef/late-thing.yaml", id="a folder alone"),
    ],
)
def test_an_upload_points_to_a_file_that_there_is(
    make: Make, places: FixedPlaces, snapshot: str, known: dict[str, str], expected: str
) -> None:
    """GitHub refuses a result without a place, and cannot show a folder."""
    places.known = {("hand:apollo", pointer): Location(path, 7) for pointer, path in known.items()}
    others = [Fact(one, "known", "x") for one in known]
    verdicts = [
        make.verdict(Outcome.FAIL),
        *(make.verdict(Outcome.FAIL, subject=one.pointer, facts=(one,)) for one in others),
    ]
    first, *_ = log(make.run(make.result(*verdicts, snapshot_name=snapshot)), places, "upload")[
        "results"
    ]

    physical = first["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"]["uri"] == expected
    assert physical["region"]["startLine"] == 1


def test_two_findings_on_one_line_stay_two(make: Make, places: FixedPlaces) -> None:
    """GitHub's uploader would name both after the line, and keep one."""
    results = log(make.run(make.result(*subjects(make, Outcome.FAIL, "a", "b"))), places, "upload")[
        "results"
    ]

    hashes = [one["partialFingerprints"]["primaryLocationLineHash"] for one in results]
    assert len(set(hashes)) == 2


@pytest.mark.parametrize(
    ("changes", "rule", "text"),
    [
        pytest.param(
            {"problems": (InputProblem("b.yaml", "document", "found a tab", hint="use spaces"),)},
            "auditor/input-unreadable",
            "b.yaml: found a tab. use spaces.",
            id="an unreadable input",
        ),
        pytest.param(
            {"population": Population(2, 1, ("hand:dione",))},
            "auditor/auditee-not-audited",
            "hand:dione: no usable snapshot was given.",
            id="a missing auditee",
        ),
    ],
)
def test_what_has_no_verdict_is_told(
    make: Make, places: FixedPlaces, changes: dict[str, Any], rule: str, text: str
) -> None:
    """A notification in both profiles, and the run was no success; an upload has a result for it, too."""
    run = make.run(make.result(make.verdict()), **changes)
    archive, upload = log(run, places), log(run, places, "upload")

    for found in (archive, upload):
        (invocation,) = found["invocations"]
        assert invocation["executionSuccessful"] is False
        (told,) = invocation["toolExecutionNotifications"]
        assert told["level"] == "error"
        assert told["message"]["text"].startswith(text)
    (result,) = upload["results"]
    assert (result["ruleId"], result["level"]) == (rule, "error")
    assert upload["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == rule


@pytest.mark.parametrize("profile", REPORTER.profiles)
def test_a_run_that_judged_nothing_was_no_success(
    make: Make, places: FixedPlaces, profile: str
) -> None:
    """An empty list of results would look like one."""
    (invocation,) = log(make.run(), places, profile)["invocations"]

    assert invocation["executionSuccessful"] is False
    assert invocation["toolExecutionNotifications"][0]["message"]["text"].startswith(
        "Nothing was audited: no policy or no snapshot matched."
    )


def test_a_policy_that_broke_is_told(make: Make, places: FixedPlaces) -> None:
    """Once for each policy, with its name where programs look for it."""
    run = make.run(make.result(*subjects(make, Outcome.ERROR, "a", "b")))
    (invocation,) = log(run, places)["invocations"]

    (told,) = invocation["toolExecutionNotifications"]
    assert told["associatedRule"] == {"id": "late-thing"}
    assert told["message"]["text"] == "The policy late-thing broke in 2 verdicts."


def test_the_gate_is_told(make: Make, places: FixedPlaces) -> None:
    """With which exit code it ended, and why."""
    found = log(gated(make.run(make.result(make.verdict(Outcome.FAIL)))), places)

    (invocation,) = found["invocations"]
    assert (invocation["exitCode"], invocation["exitCodeDescription"]) == (1, "1 finding counts")
    assert found["properties"]["gate"]["rules"] == ["findings from low on"]


def test_the_report_opens_with_the_three_lines(portfolio: Run, places: FixedPlaces) -> None:
    """Behind what was relaxed, and before all results."""
    found = log(portfolio, places)

    assert list(found["properties"])[:4] == ["relaxed", "population", "controls", "verdicts"]
    assert list(found).index("properties") < list(found).index("results")
    (relaxed,) = found["invocations"][0]["toolConfigurationNotifications"]
    assert (relaxed["level"], relaxed["message"]["text"]) == (
        "note",
        found["properties"]["relaxed"][0],
    )


def test_an_attested_pass_says_whose_word_it_rests_on(make: Make, places: FixedPlaces) -> None:
    """It is a pass, and no record."""
    word = Attested("Dana Weiss", "DM", "2026-03-31", "2026-12-31")
    (result,) = log(make.run(make.result(make.verdict(attested=word))), places)["results"]

    assert result["message"]["text"].endswith(
        "Attested by Dana Weiss (DM) on 2026-03-31, until 2026-12-31."
    )


@pytest.mark.parametrize("profile", REPORTER.profiles)
def test_hostile_text_stays_text(
    make: Make, places: FixedPlaces, hostile_text: str, profile: str
) -> None:
    """Whatever stands wherever text of others can stand: counted right, small, inert in a log and in a viewer."""
    data = rendered(make.hostile(hostile_text), places, profile)
    found = json.loads(data)["runs"][0]
    said = json.dumps(found, ensure_ascii=False)

    # Seven verdicts; or five findings, an input that cannot be read and a member that was not audited.
    assert len(found["results"]) == 7
    assert len(data) < 400_000
    assert re.search(rb"^\s*::|##[A-Za-z]*\[|[\x00-\x09\x0b-\x1f\x7f]", data, re.MULTILINE) is None
    assert re.search(r"[\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]|\\u00[01]", said) is None
    assert re.search(r"[\x7f-\x9f\u202a-\u202e\u2066-\u2069]", data.decode()) is None


@pytest.mark.parametrize("message", ["{0} is late", "see [here](https://x.example)"])
def test_a_message_takes_no_arguments_and_leads_nowhere(
    make: Make, places: FixedPlaces, message: str
) -> None:
    """A viewer would fill in what is missing, and follow what it finds."""
    (result,) = log(make.run(make.result(make.verdict(message=message))), places)["results"]

    assert re.search(r"\{\d|\]\(", result["message"]["text"]) is None


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("./a b/ä%.yaml", "a%20b/%C3%A4%25.yaml"),
        ("c:x/../d#e?.yaml", "d%23e%3F.yaml"),
        ("https://x.example/a.yaml", "https%3A/x.example/a.yaml"),
        ("a\udcff.yaml", "a%FF.yaml"),
        ("a\ud800.yaml", "a%5Cud800.yaml"),
        ("", "."),
    ],
)
def test_a_path_is_a_relative_address(make: Make, places: FixedPlaces, path: str, uri: str) -> None:
    """Whatever it is made of."""
    run = make.run(make.result(make.verdict(), snapshot_name=path))
    (result,) = log(run, places)["results"]

    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == {
        "uri": uri,
        "uriBaseId": "%SRCROOT%",
    }


def test_an_absolute_path_is_no_part_of_the_repository(make: Make, places: FixedPlaces) -> None:
    """It has an address of its own."""
    run = make.run(make.result(make.verdict(), snapshot_name="/elsewhere/a.yaml"))
    (result,) = log(run, places)["results"]

    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == {
        "uri": "file:///elsewhere/a.yaml"
    }


def test_one_result_at_a_time_leaves(make: Make, portfolio: Run) -> None:
    """A portfolio of thousands never is in memory as JSON; its places are asked for once per auditee."""
    places = make.places()
    pieces = list(REPORTER.render(portfolio, places, profile="archive", colour=False))

    total = sum(portfolio.counts().values())
    assert [piece.count(b'"ruleId"') for piece in pieces[1 : total + 1]] == [1] * total
    assert len(places.asked) == len(set(places.asked))


def test_github_takes_the_largest_upload(make: Make, places: FixedPlaces) -> None:
    """No more results than it allows, fewer bytes than it allows, and what is left out is told."""
    count = MOST_RESULTS + 1
    verdicts = [
        make.verdict(
            Outcome.FAIL,
            subject=f"item-{n}",
            message=f"Item {n * 7919} was late by {n * 31} h. " * 40,
        )
        for n in range(count)
    ]
    data = rendered(make.run(make.result(*verdicts)), places, "upload")
    found = json.loads(data)["runs"][0]

    assert len(found["results"]) == MOST_RESULTS
    assert len(gzip.compress(data)) < 10_000_000
    (told,) = found["invocations"][0]["toolExecutionNotifications"]
    assert told["message"]["text"].startswith("1 more finding")
