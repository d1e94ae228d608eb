"""The forms that JUnit XML takes, and what it makes of a gate."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree.ElementTree import fromstring

import pytest
from lxml import etree

from auditor.model.location import Location
from auditor.model.outcome import Outcome
from auditor.model.standing import GateSummary, Gating, GoneFinding, Standing
from auditor.model.verdict import Attested, Fact
from auditor.reporters.formats.junit import JUnitReporter

if TYPE_CHECKING:
    from pathlib import Path
    from xml.etree.ElementTree import Element

    from auditor.model.run import Run
    from tests.reporters.conftest import FixedPlaces, Make

REPORTER = JUnitReporter()


@pytest.fixture(scope="session")
def jenkins(shared: Path) -> etree.XMLSchema:
    """Return the schema of Jenkins' xunit plugin."""
    return etree.XMLSchema(file=str(shared / "formats" / "junit" / "jenkins-xunit-junit-10.xsd"))


def read(data: bytes) -> Element:
    """Read a document as a consumer does."""
    return fromstring(data)  # noqa: S314 - written by us a moment ago


@pytest.fixture(scope="session")
def windyroad(shared: Path) -> etree.XMLSchema:
    """Return the schema of Ant's reports."""
    return etree.XMLSchema(file=str(shared / "formats" / "junit" / "windyroad-JUnit.xsd"))


def rendered(make: Make, run: Run, profile: str, places: FixedPlaces | None = None) -> bytes:
    """Render *run* in a profile."""
    known = places or make.places()
    return b"".join(REPORTER.render(run, known, profile=profile, colour=False))


def document(make: Make, run: Run) -> Element:
    """Render *run* in the default profile and read it."""
    return read(rendered(make, run, "jenkins"))


def only_case(root: Element) -> Element:
    """Return the one case of a document."""
    (case,) = root.iter("testcase")
    return case


def tags_of(cases: list[Element]) -> Counter[str]:
    """Count cases as consumers do that do not trust attributes."""
    return Counter(["testcase"] * len(cases) + [child.tag for case in cases for child in case])


def test_ant_is_valid_for_both(
    make: Make, portfolio: Run, windyroad: etree.XMLSchema, jenkins: etree.XMLSchema
) -> None:
    """One document that Ant's schema and that of Jenkins accept."""
    root = etree.fromstring(rendered(make, portfolio, "ant"))

    windyroad.assertValid(root)
    jenkins.assertValid(root)


def test_ant_stays_valid_under_hostile_text(
    make: Make, windyroad: etree.XMLSchema, jenkins: etree.XMLSchema, hostile_text: str
) -> None:
    """Whatever the texts are."""
    root = etree.fromstring(rendered(make, make.hostile(hostile_text), "ant"))

    windyroad.assertValid(root)
    jenkins.assertValid(root)


def test_ant_demands_more_of_a_suite(make: Make, portfolio: Run) -> None:
    """Each suite has a number, a part, a host that tells nothing, and the instant that was judged there."""
    suites = [
        tuple(suite.get(key) for key in ("id", "package", "hostname", "timestamp"))
        for suite in read(rendered(make, portfolio, "ant"))
    ]

    assert suites == [
        ("0", "auditor", "localhost", "2026-09-30T18:00:00"),
        ("1", "sdf", "localhost", "2026-09-30T18:00:00"),
        ("2", "seef", "localhost", "2026-09-30T18:00:00"),
        ("3", "seef", "localhost", "2026-09-30T18:00:00"),
        ("4", "seef", "localhost", "2026-09-29T23:10:05"),
    ]


def test_ant_without_an_instant_has_the_first_one(make: Make, windyroad: etree.XMLSchema) -> None:
    """The schema demands one and no clock is read; nobody takes 1970 for the day of a run."""
    run = make.run(as_of="none", period=("none", "none"), policies=())
    root = etree.fromstring(rendered(make, run, "ant"))

    windyroad.assertValid(root)
    assert root[0].get("timestamp") == "1970-01-01T00:00:00"


def test_whose_word_a_pass_rests_on_is_told_in_each_form(make: Make) -> None:
    """Ant's cases have no output, so their suite has it."""
    word = Attested("Dana Weiss", "DM", "2026-03-31T10:00:00+02:00", "2026-12-31T23:59:59+01:00")
    run = make.run(make.result(make.verdict(attested=word)))
    told = (
        "attested by Dana Weiss (DM) on 2026-03-31 10:00 +02:00, until 2026-12-31 23:59:59 +01:00"
    )

    (suite,) = read(rendered(make, run, "jenkins"))
    assert [out.text for out in suite.iterfind("testcase/system-out")] == [told]
    (suite,) = read(rendered(make, run, "ant"))
    assert [out.text for out in suite.iter("system-out")] == [f"late-thing: {told}"]
    assert [child.tag for child in suite] == ["properties", "testcase", "system-out", "system-err"]


def test_ci_says_file_and_line(make: Make, portfolio: Run, places: FixedPlaces) -> None:
    """A finding leads to the line of its most telling fact; what stands nowhere and what passes leads nowhere."""
    file = "portfolio/apollo.yaml"
    places.known["hand:apollo", "/blockers/0/escalations/0/at"] = Location(file, 60, 13)
    cases = list(read(rendered(make, portfolio, "ci", places)).iter("testcase"))

    assert [
        (case.get("name"), case.get("file"), case.get("line"))
        for case in cases
        if {"file", "line"} & set(case.keys())
    ] == [
        ("portfolio/dione.yaml", "portfolio/dione.yaml", "7"),
        # The escalation that came too late tells more than when the blocker was raised.
        ("blocker-not-escalated [blk-1]", file, "60"),
        ("execution-before-dm-sign-off", file, "14"),
        ("retrospective-without-owned-action [retro-4]", file, "90"),
    ]


@pytest.mark.parametrize("profile", ["jenkins", "ant"])
def test_no_other_profile_says_file_and_line(
    make: Make, portfolio: Run, places: FixedPlaces, profile: str
) -> None:
    """Their schemas do not know them."""
    cases = read(rendered(make, portfolio, profile, places)).iter("testcase")

    assert not any({"file", "line"} & set(case.keys()) for case in cases)


@pytest.mark.parametrize("profile", ["ant", "ci"])
def test_every_profile_counts_alike(make: Make, portfolio: Run, profile: str) -> None:
    """The form is another one, the cases are not."""
    usual, other = (
        list(read(rendered(make, portfolio, one)).iter("testcase")) for one in ("jenkins", profile)
    )

    assert tags_of(other) == tags_of(usual)
    assert [(one.get("classname"), one.get("name")) for one in other] == [
        (one.get("classname"), one.get("name")) for one in usual
    ]


# ----- the gate


def gated(make: Make, outcome: Outcome, standing: Standing) -> Run:
    """Make a run of one finding on which a gate has its word."""
    gap = Fact("/blockers", "unobserved", "not recorded", "not_collected")
    missing = (gap,) if outcome is Outcome.INCONCLUSIVE else ()
    run = make.run(make.result(make.verdict(outcome, message="Said.", missing=missing)))
    return replace(run, standings={("hand:apollo", "late-thing", "hand:apollo"): standing})


def test_an_accepted_gap_is_skipped_with_its_reason(make: Make, jenkins: etree.XMLSchema) -> None:
    """It is no failure of the build, and nobody can take it for a pass: the whole finding is told."""
    standing = Standing(Gating.ACCEPTED, "accepted by C. Doyle until 2026-12-31: a migration")
    run = gated(make, Outcome.INCONCLUSIVE, standing)
    root = document(make, run)
    (child,) = only_case(root)

    assert (child.tag, child.get("message")) == (
        "skipped",
        "accepted by C. Doyle until 2026-12-31: a migration; inconclusive: Said.",
    )
    assert "missing facts:\n  blockers: was not collected\n" in (child.text or "")
    assert [root[0].get(key) for key in ("tests", "errors", "skipped")] == ["1", "0", "1"]
    assert root.get("errors") == "0"
    jenkins.assertValid(etree.fromstring(rendered(make, run, "jenkins")))


@pytest.mark.parametrize(
    ("outcome", "tag"), [(Outcome.FAIL, "failure"), (Outcome.INCONCLUSIVE, "error")]
)
@pytest.mark.parametrize(
    ("standing", "told"),
    [
        pytest.param(
            Standing(Gating.KNOWN, "listed in known.yaml"),
            "known: listed in known.yaml",
            id="known",
        ),
        pytest.param(
            Standing(Gating.KNOWN, "known since 1 May"), "known since 1 May", id="said already"
        ),
        pytest.param(Standing(Gating.UNDER), "under the threshold", id="under"),
        pytest.param(Standing(Gating.ALLOWED, "2 of 3"), "allowed: 2 of 3", id="allowed"),
        pytest.param(
            Standing(told="known, but its facts changed"),
            "counts: known, but its facts changed",
            id="known no longer",
        ),
    ],
)
def test_what_does_not_count_stays_what_it_is(
    make: Make, outcome: Outcome, tag: str, standing: Standing, told: str
) -> None:
    """A report hides nothing: the exit code is what the gate decides, and the text says why."""
    (child,) = only_case(document(make, gated(make, outcome, standing)))

    assert (child.tag, f"at the gate: {told}\n" in (child.text or "")) == (tag, True)


def test_what_the_gate_made_of_the_run_is_told_first(make: Make) -> None:
    """Its end, what was asked for, why it is red and what is gone are properties of the first suite."""
    gone = tuple(
        GoneFinding("hand:apollo", "late-thing", f"spr-{number}", "It was late.", now)
        for number, now in enumerate(["none", "pass", *["not_applicable"] * 6], start=1)
    )
    gate = GateSummary(1, ("findings from low on", "score 80 %"), ("1 finding",), "main", gone)
    run = replace(gated(make, Outcome.FAIL, Standing()), gate=gate)
    (suite,) = document(make, run)
    properties = {item.get("name"): item.get("value") for item in suite.iter("property")}

    assert {name: text for name, text in properties.items() if str(name)[0] in "gf"} == {
        "gate": "FAILED (exit code 1)",
        "gate rule": "findings from low on",
        "gate rule 2": "score 80 %",
        "gate reason": "1 finding",
        "gate against": "main",
        "gone": "late-thing, spr-1 in hand:apollo: there is nothing left to judge",
        **{
            f"gone {n - 1}": f"late-thing, spr-{n} in hand:apollo: it does not apply any more"
            for n in range(3, 7)
        },
        "gone 6": "and 2 more",
        "fixed": "late-thing, spr-2 in hand:apollo: it passes now",
    }
    assert (
        properties["score"] == "raw 0.0 % (0 kept of 1 due), net 0.0 % (0 of 1, without 0 accepted)"
    )


def test_the_head_is_told_though_the_first_auditee_has_no_verdict(make: Make) -> None:
    """It stands in the first suite that there is."""
    run = make.run(make.result(), make.result(make.verdict(), auditee="hand:borealis"))
    (suite,) = document(make, run)

    assert next(item.get("name") for item in suite.iter("property")) == "population"
