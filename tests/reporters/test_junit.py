"""JUnit XML that its consumers accept and count as we do."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import fromstring

import pytest
from junit2htmlreport.parser import Junit  # type: ignore[import-untyped]
from junitparser import JUnitXml
from junitparser.cli import verify
from lxml import etree

from auditor.model.location import Location
from auditor.model.outcome import Outcome
from auditor.model.policy import PolicyChange
from auditor.model.run import InputProblem, Population
from auditor.model.verdict import ClauseVerdict, Fact
from auditor.reporters.contract import Reporter
from auditor.reporters.formats.junit import JUnitReporter

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from xml.etree.ElementTree import Element

    from auditor.model.run import Run
    from tests.reporters.conftest import FixedPlaces, Make

REPORTER = JUnitReporter()
PROBLEM = InputProblem("broken.yaml", "document", "found a tab")


@pytest.fixture(scope="session")
def jenkins(shared: Path) -> etree.XMLSchema:
    """Return the schema of Jenkins' xunit plugin."""
    path = shared / "formats" / "junit" / "jenkins-xunit-junit-10.xsd"
    return etree.XMLSchema(file=str(path))


def read(data: bytes) -> Element:
    """Read a document as a consumer does."""
    return fromstring(data)  # noqa: S314 - written by us a moment ago


def document(make: Make, run: Run, places: FixedPlaces | None = None) -> Element:
    """Render *run* and read it."""
    return read(make.render(REPORTER, run, places))


def verified(path: Path) -> bool:
    """Tell whether ``junitparser verify`` calls a document green."""
    status: int = verify([str(path)])  # type: ignore[no-untyped-call]
    return status == 0


def only_case(root: Element) -> Element:
    """Return the one case of a document."""
    (case,) = root.iter("testcase")
    return case


def test_it_is_a_reporter() -> None:
    """The class keeps the contract of every format, and its default profile is Jenkins'."""
    assert isinstance(REPORTER, Reporter)
    assert REPORTER.profiles == ("jenkins", "ant", "ci")


def test_the_whole_document(
    make: Make, portfolio: Run, places: FixedPlaces, golden: Callable[[str, bytes], None]
) -> None:
    """A run with every outcome is written as in the golden file."""
    golden("portfolio.xml", make.render(REPORTER, portfolio, places))


@pytest.mark.parametrize(
    ("outcome", "tags"),
    [
        pytest.param(Outcome.PASS, [], id="pass"),
        pytest.param(Outcome.FAIL, ["failure"], id="fail"),
        pytest.param(Outcome.INCONCLUSIVE, ["error"], id="inconclusive is never green"),
        pytest.param(Outcome.ERROR, ["error"], id="error"),
        pytest.param(Outcome.NOT_APPLICABLE, ["skipped"], id="not applicable"),
    ],
)
@pytest.mark.parametrize("message", ["Said.", "", " \n"], ids=["said", "empty", "blank"])
def test_an_outcome_becomes_one_tag(
    make: Make, outcome: Outcome, tags: list[str], message: str
) -> None:
    """Every outcome has its own tag, with a message even where the policy gave none; only a pass has none."""
    verdict = make.verdict(outcome, message=message)
    case = only_case(document(make, make.run(make.result(verdict))))

    assert [child.tag for child in case] == tags
    assert all(child.get("message") for child in case)


@pytest.mark.parametrize(
    ("verdict", "message", "kind"),
    [
        pytest.param({"outcome": Outcome.FAIL}, "Said.", "high", id="fail"),
        pytest.param(
            {"outcome": Outcome.INCONCLUSIVE, "reason": "unobserved"},
            "inconclusive: Said.",
            "inconclusive",
            id="inconclusive",
        ),
        pytest.param(
            {"outcome": Outcome.ERROR, "reason": "no_such_key"},
            "the policy broke: Said.",
            "error",
            id="error",
        ),
        pytest.param(
            {"outcome": Outcome.NOT_APPLICABLE, "reason": "when_false"},
            "not applicable (when false): Said.",
            "skipped",
            id="not applicable",
        ),
        pytest.param(
            {"outcome": Outcome.NOT_APPLICABLE}, "Said.", "skipped", id="without a reason"
        ),
        pytest.param(
            {
                "outcome": Outcome.NOT_APPLICABLE,
                "reason": "not_due",
                "due_at": "2026-10-01T09:00:00Z",
            },
            "not due until 2026-10-01 09:00 UTC: Said.",
            "skipped",
            id="not due",
        ),
    ],
)
def test_the_message_says_what_the_tag_cannot(
    make: Make, verdict: dict[str, Any], message: str, kind: str
) -> None:
    """An undecided verdict and a broken policy share a tag; the message and the type tell them apart."""
    run = make.run(make.result(make.verdict(message="Said.", **verdict)))
    (child,) = only_case(document(make, run))

    assert (child.get("message"), child.get("type")) == (message, kind)


def test_a_message_is_one_line(make: Make) -> None:
    """Viewers cut a message at its first line end; the details keep their lines."""
    verdict = make.verdict(
        Outcome.FAIL,
        message="First line.\nSecond line.",
        clauses=(ClauseVerdict(0, Outcome.FAIL, "Clause."),),
    )
    (child,) = only_case(document(make, make.run(make.result(verdict))))

    assert child.get("message") == "First line. Second line."
    assert "\nClause.\n  required: thing.at.by(limit)\n" in (child.text or "")


def test_details_name_facts_with_their_places(
    make: Make, portfolio: Run, places: FixedPlaces
) -> None:
    """Who opens a failed case can go to the line; each auditee is asked for once."""
    cases = {
        (case.get("classname"), case.get("name")): case
        for case in document(make, portfolio, places).iter("testcase")
    }
    (failure,) = cases["seef.hand:apollo", "execution-before-dm-sign-off"]

    assert (
        "  approvals[1].decision: conditional <delivery/approvals.csv:3, portfolio/apollo.yaml:41:15>\n"
        in (failure.text or "")
    )
    assert places.asked == ["hand:apollo", "jira:10042"]


def test_an_undecided_case_names_missing_facts_with_their_places(
    make: Make, portfolio: Run, places: FixedPlaces
) -> None:
    """A fact that is there and does not count is found at its line."""
    cases = {case.get("name"): case for case in document(make, portfolio, places).iter("testcase")}
    (error,) = cases["retrospective-without-owned-action [retro-4]"]

    assert (
        "  meetings[4].held_at: 2026-09-12 (known only to the day) <portfolio/apollo.yaml:90:14>\n"
    ) in (error.text or "")


def test_an_undecided_case_says_how_to_decide_it(make: Make) -> None:
    """The remedy is to supply the fact, not to mend the project."""
    gap = Fact("/blockers", "unobserved", "not recorded", "no_permission")
    verdict = make.verdict(Outcome.INCONCLUSIVE, missing=(gap,))
    (error,) = only_case(document(make, make.run(make.result(verdict))))
    text = error.text or ""

    assert "missing facts:\n  blockers: may not be read\n" in text
    assert "to supply (no permission): give the collecting account the right" in text
    assert "fix:" not in text


def test_names_are_keys_and_stay_when_people_rename(make: Make) -> None:
    """Class and name hold no title, message or display name, so history survives their change."""
    one = make.verdict(Outcome.FAIL, subject="spr-7", subject_name="Sprint 7")
    other = make.verdict(Outcome.PASS, subject="spr-7", subject_name="The last one", message="New.")

    names = [
        (case.get("classname"), case.get("name"))
        for verdict, auditee in ((one, "Apollo"), (other, "Apollo II"))
        for case in [
            only_case(document(make, make.run(make.result(verdict, auditee_name=auditee))))
        ]
    ]

    assert names == [("seef.hand:apollo", "late-thing [spr-7]")] * 2


def test_no_two_cases_share_class_and_name(make: Make) -> None:
    """Consumers keep one of an equal pair: subjects that look alike once they are harmless stay apart."""
    lookalikes = ["a b", "a  b", "a\tb", "a\x00b", r"a\x00b", "a b ", "x" * 999, "x" * 998, "a b"]
    verdicts = [make.verdict(Outcome.FAIL, subject=subject) for subject in lookalikes]
    run = make.run(
        make.result(*verdicts),
        make.result(*verdicts, auditee="hand:borealis"),
        make.result(*verdicts, auditee="hand: borealis"),
        make.result(*verdicts, auditee="hand:  borealis"),
        population=Population(9, 4, ("a b", "a  b")),
        problems=(PROBLEM, PROBLEM),
    )
    keys = Counter(
        (case.get("classname"), case.get("name")) for case in document(make, run).iter("testcase")
    )

    assert len(keys) == 4 * len(verdicts) + 4
    assert max(keys.values()) == 1


def test_a_name_depends_on_no_other_name(make: Make) -> None:
    """A changed name carries a digest of the whole, so it is the same with and without its lookalike."""
    verdicts = [make.verdict(subject="a b"), make.verdict(subject="a\tb")]

    both, alone = (
        [case.get("name") for case in document(make, make.run(make.result(*some))).iter("testcase")]
        for some in (verdicts, verdicts[1:])
    )

    assert both[0] == "late-thing [a b]"
    assert both[1:] == alone


def counts_of(cases: list[Element]) -> dict[str, int]:
    """Count cases as consumers do that do not trust attributes."""
    tags = Counter(child.tag for case in cases for child in case)
    return {
        "tests": len(cases),
        "failures": tags["failure"],
        "errors": tags["error"],
        "skipped": tags["skipped"],
    }


def test_attributes_and_cases_count_alike(make: Make, portfolio: Run) -> None:
    """In every suite and at the root, the attributes say what the cases show, and both what the run says."""
    root = document(make, portfolio)
    ours = portfolio.counts()
    own = 2  # one unreadable input and one auditee without a snapshot

    for suite in root:
        shown = counts_of(suite.findall("testcase"))
        assert {key: int(suite.get(key, "")) for key in shown} == shown
    total = counts_of(list(root.iter("testcase")))
    assert total == {
        "tests": sum(ours.values()) + own,
        "failures": ours[Outcome.FAIL],
        "errors": ours[Outcome.ERROR] + ours[Outcome.INCONCLUSIVE] + own,
        "skipped": ours[Outcome.NOT_APPLICABLE],
    }
    assert {key: int(root.get(key, "")) for key in ("tests", "failures", "errors")} == {
        key: total[key] for key in ("tests", "failures", "errors")
    }


def test_every_time_is_written_out(make: Make, portfolio: Run) -> None:
    """A missing time, an exponent or a long fraction breaks consumers; ``disabled`` breaks Jenkins."""
    root = document(make, portfolio)

    for element in [root, *root.iter("testsuite"), *root.iter("testcase")]:
        assert element.get("time") == "0.000"
        assert "disabled" not in element.attrib


def test_one_suite_per_auditee_and_pack(make: Make, portfolio: Run) -> None:
    """In the order of the run, after the suite of what has no verdict."""
    names = [suite.get("name") for suite in document(make, portfolio)]

    assert names == [
        "auditor",
        "hand:apollo / sdf",
        "hand:apollo / seef",
        "hand:calliope / seef",
        "jira:10042 / seef",
    ]


def test_the_report_opens_with_the_three_lines(make: Make, portfolio: Run) -> None:
    """What was relaxed, population, controls and verdicts are the first suite's properties, once."""
    suites = [
        {item.get("name"): item.get("value") for item in suite.iter("property")}
        for suite in document(make, portfolio)
    ]

    assert list(suites[0])[:4] == ["relaxed", "population", "controls", "verdicts"]
    assert suites[0]["controls"] == (
        "of 6: 2 decided, 3 in part (SEEF-IMP-02, SEEF-IMP-03, SEEF-MON-04), "
        "0 not decided, 1 not covered (SEEF-PLN-05)"
    )
    assert suites[2]["out_of_period"] == "2"
    assert not any("verdicts" in properties for properties in suites[1:])


def test_each_thing_that_was_relaxed_is_a_property(make: Make) -> None:
    """Joined they would be longer than one may be, and the last would be cut off."""
    run = replace(make.run(make.result(make.verdict())), relaxed=("relaxed: a", "changed: b"))
    (suite,) = document(make, run)

    properties = [(item.get("name"), item.get("value")) for item in suite.iter("property")]
    assert properties[:2] == [("relaxed", "relaxed: a"), ("relaxed 2", "changed: b")]


def test_what_was_changed_of_a_policy_is_told_with_its_passes(make: Make) -> None:
    """A pass has no text of its own, and a changed parameter may be why it is one."""
    change = PolicyChange(
        "params.limit", "24 hours", "48 hours", is_relaxing=False,
        location=Location("acme.yaml", 9, 3), reason="A rota", by="C. Doyle", on="2026-08-01",
    )  # fmt: skip
    verdicts = (make.verdict(), make.verdict(Outcome.FAIL, subject="s", subject_name="S"))
    run = make.run(make.result(*verdicts), policies=(make.policy(changes=(change,)),))
    (suite,) = document(make, run)

    told = "limit 24 hours -> 48 hours, by C. Doyle on 2026-08-01: A rota <acme.yaml:9:3>"
    properties = {item.get("name"): item.get("value") for item in suite.iter("property")}
    assert properties["changed"] == f"late-thing: {told}"
    assert "changed 2" not in properties
    (failure,) = suite.iter("failure")
    assert f"changed: {told}" in (failure.text or "").splitlines()


@pytest.mark.parametrize(
    ("run", "case"),
    [
        pytest.param(
            lambda make: make.run(make.result(make.verdict()), problems=(PROBLEM,)),
            ("auditor.inputs", "broken.yaml", "document"),
            id="an unreadable input",
        ),
        pytest.param(
            lambda make: make.run(
                make.result(make.verdict()), population=Population(2, 1, ("hand:dione",))
            ),
            ("auditor.population", "hand:dione", "auditee-not-audited"),
            id="a missing auditee",
        ),
        pytest.param(
            lambda make: make.run(),
            ("auditor.run", "something was audited", "nothing-audited"),
            id="an empty run",
        ),
        pytest.param(
            lambda make: make.run(make.result(), policies=()),
            ("auditor.run", "something was audited", "nothing-audited"),
            id="a run without policies",
        ),
    ],
)
def test_what_has_no_verdict_is_not_green(
    make: Make, tmp_path: Path, run: Callable[[Make], Run], case: tuple[str, str, str]
) -> None:
    """A consumer that only looks for errors sees one."""
    data = make.render(REPORTER, run(make))
    (tmp_path / "report.xml").write_bytes(data)
    suite = read(data)[0]
    (own,) = suite.findall("testcase")

    assert (own.get("classname"), own.get("name"), own[0].get("type")) == case
    assert suite.get("errors") == "1"
    assert not verified(tmp_path / "report.xml")


def test_hostile_text_stays_text(make: Make, jenkins: etree.XMLSchema, hostile_text: str) -> None:
    """Whatever stands wherever text of others can stand: valid, counted right, small, inert."""
    data = make.render(REPORTER, make.hostile(hostile_text))
    root = etree.fromstring(data)

    jenkins.assertValid(root)
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("9", "2", "5")
    shown = data.decode()
    assert len(shown) < 150_000
    assert re.search(r"^\s*::|##[A-Za-z]*\[", shown, re.MULTILINE) is None
    assert re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown) is None


def test_what_was_hidden_is_visible(make: Make) -> None:
    """Sanitised is not dropped."""
    verdict = make.verdict(Outcome.FAIL, message="a\x00b\ud800c\ufffed\u202e")
    (child,) = only_case(document(make, make.run(make.result(verdict))))

    assert child.get("message") == r"a\x00b\ud800c\ufffed\u202e"


def test_the_document_is_valid_for_jenkins(
    make: Make, portfolio: Run, jenkins: etree.XMLSchema
) -> None:
    """The default profile keeps the schema of Jenkins' xunit plugin."""
    jenkins.assertValid(etree.fromstring(make.render(REPORTER, portfolio)))


def test_a_run_without_an_instant_names_none(make: Make) -> None:
    """The properties are left out, so that nobody reads a word as an instant."""
    suite = document(make, make.run(as_of="none", period=("none", "none"), policies=()))[0]

    assert [item.get("name") for item in suite.iter("property")] == [
        "population",
        "controls",
        "verdicts",
        "engine",
        "score",
        "score formula",
    ]


def test_junitparser_counts_as_we_do(make: Make, portfolio: Run, tmp_path: Path) -> None:
    """A consumer that reads cases finds as many of each kind, and does not call the run green."""
    path = tmp_path / "report.xml"
    path.write_bytes(make.render(REPORTER, portfolio))
    xml = JUnitXml.fromfile(str(path))
    declared = (xml.tests, xml.failures, xml.errors)
    cases = [case for suite in xml for case in suite]

    xml.update_statistics()  # type: ignore[no-untyped-call]
    assert declared == (xml.tests, xml.failures, xml.errors) == (15, 2, 7)
    assert sum(case.is_passed for case in cases) == 4
    assert sum(case.is_skipped for case in cases) == 2
    assert not verified(path)


def test_junitparser_verifies_a_clean_run(make: Make, tmp_path: Path) -> None:
    """Passes and what is not applicable are green."""
    path = tmp_path / "report.xml"
    verdicts = (make.verdict(), make.verdict(Outcome.NOT_APPLICABLE, subject="spr-1"))
    path.write_bytes(make.render(REPORTER, make.run(make.result(*verdicts))))

    assert verified(path)


def test_junit2html_shows_every_case(make: Make, portfolio: Run, tmp_path: Path) -> None:
    """A viewer renders the document, and every case is on the page."""
    path = tmp_path / "report.xml"
    path.write_bytes(make.render(REPORTER, portfolio))
    page = Junit(str(path)).html()

    for case in read(path.read_bytes()).iter("testcase"):
        assert str(case.get("name")) in page


def test_so_many_cases_at_a_time_leave(make: Make) -> None:
    """Neither a portfolio of thousands nor one large project ever is in memory as XML."""
    verdicts = [make.verdict(subject=f"s-{number}") for number in range(1_201)]
    run = make.run(make.result(*verdicts))
    pieces = list(REPORTER.render(run, make.places(), profile="jenkins", colour=False))

    assert [piece.count(b"<testcase") for piece in pieces] == [0, 500, 500, 201, 0, 0]
    assert read(b"".join(pieces))[0].get("tests") == "1201"
