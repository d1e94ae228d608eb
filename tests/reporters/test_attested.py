"""A pass that rests on somebody's word is shown as one, in every format, and counted apart."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft202012Validator

from auditor.cli.explanation import explanation
from auditor.model.location import Location
from auditor.model.outcome import Outcome
from auditor.model.run import Control
from auditor.model.verdict import Attested, ClauseVerdict, Fact, Grade
from auditor.reporters import wording
from auditor.reporters.formats.json import JsonReporter
from auditor.reporters.formats.junit import JUnitReporter
from auditor.reporters.formats.text import TextReporter
from auditor.reporters.missing_facts import missing_facts
from auditor.usecases.explain_verdict import Explained

if TYPE_CHECKING:
    from pathlib import Path

    from auditor.model.run import Run
    from auditor.model.verdict import Verdict
    from tests.reporters.conftest import Make

WORD = Attested("Dana Weiss", "DM", "2026-07-06T10:00:00+02:00", "2027-07-06T23:59:59.999999+02:00")
SAID = "Dana Weiss (DM) on 2026-07-06 10:00 +02:00, until 2027-07-06 23:59:59 +02:00"


def attested(make: Make, **changes: Any) -> Verdict:
    """Make an attested pass."""
    fact = Fact("/attestations/0/by", "known", "Dana Weiss", grade=Grade.ATTESTED)
    fields = {"attested": WORD, "grade": Grade.ATTESTED, "facts": (fact,), **changes}
    return make.verdict(Outcome.PASS, **fields)


def run_of(make: Make) -> Run:
    """Make a run with a pass, an attested one and a fail."""
    return make.run(
        make.result(
            make.verdict(),
            attested(make, subject="s1", subject_name="Sprint 1"),
            make.verdict(Outcome.FAIL, subject="s2"),
        )
    )


def words(text: str) -> str:
    """Undo the layout of lines."""
    return " ".join(text.split())


def test_text_counts_it_apart_and_says_whose_word_it_is(make: Make) -> None:
    """The sum of the outcomes still holds."""
    text = words(make.render(TextReporter(), run_of(make)).decode())

    assert "= 0 error + 1 fail + 0 inconclusive + 1 pass + 1 attested + 0 not applicable" in text
    assert "1 pass and 1 attested, and 0 not applicable" in text
    assert f"late-thing: {SAID}; Sprint 1 in Apollo (hand:apollo)" in text


def test_text_does_not_list_it_as_weak_evidence_again(make: Make) -> None:
    """It has its own list."""
    text = make.render(TextReporter(), run_of(make)).decode()

    assert "weak evidence" not in text


def test_text_says_how_many_it_does_not_list(make: Make) -> None:
    """A hundred words do not fill the page."""
    verdicts = [attested(make, subject=f"s{n}") for n in range(13)]
    text = words(make.render(TextReporter(), make.run(make.result(*verdicts))).decode())

    assert text.count("Dana Weiss (DM)") == 10
    assert "and 3 more" in text


def test_junit_tells_it_in_the_case_and_counts_it_in_the_suite(make: Make) -> None:
    """It is a pass for every reader that only counts."""
    root = ET.fromstring(make.render(JUnitReporter(), run_of(make)))  # noqa: S314 - our own
    (suite,) = root.findall("testsuite")
    told = {case.get("name"): case.findtext("system-out") for case in suite.findall("testcase")}
    properties = {one.get("name"): one.get("value") for one in suite.iter("property")}

    assert told["late-thing [s1]"] == f"attested by {SAID}"
    assert told["late-thing"] is None
    assert properties["attested"] == "1"
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("3", "1", "0")


def test_junit_without_one_says_nothing_of_it(make: Make) -> None:
    """A property for nothing would change every report."""
    root = ET.fromstring(  # noqa: S314 - our own
        make.render(JUnitReporter(), make.run(make.result(make.verdict())))
    )

    assert "attested" not in {one.get("name") for one in root.iter("property")}


def test_results_hold_it_as_data(make: Make, root: Path) -> None:
    """By its schema; null for every other verdict."""
    schema = json.loads((root / "schemas/result.schema.json").read_text())
    document = json.loads(make.render(JsonReporter(), run_of(make)))["results"][0]["document"]
    found = [verdict["attested"] for verdict in document["verdicts"]]

    Draft202012Validator(schema).validate(document)
    assert found == [
        None,
        {
            "by": "Dana Weiss",
            "role": "DM",
            "at": "2026-07-06T10:00:00+02:00",
            "until": "2027-07-06T23:59:59.999999+02:00",
        },
        None,
    ]


def test_an_explanation_begins_with_whose_word_it_is(make: Make) -> None:
    """And shows the facts of the attestation."""
    clause = ClauseVerdict(0, Outcome.PASS, "This holds.")
    verdict = attested(make, clauses=(clause,))
    one = Explained(make.policy(), make.result(verdict), verdict, {})
    lines = words("\n".join(explanation([one], colour=False)))

    assert f"attested by {SAID}" in lines
    assert "weakest evidence: attested" in lines
    assert "It rests on - attestations[0].by: Dana Weiss" in lines


def test_the_line_of_controls_names_attested_ones(make: Make) -> None:
    """Beside the decided ones, where there are any."""
    run = make.run(make.result(make.verdict()))
    some = (Control("A-1", "decided"), Control("A-2", "attested"))
    opening = dict(wording.opening(replace(run, controls=some)))

    assert opening["Controls"].startswith("of 2: 1 decided, 1 attested (A-2), 0 in part")
    assert "attested" not in dict(wording.opening(run))["Controls"]


@pytest.mark.parametrize(
    ("pointer", "reason", "statement", "remedy"),
    [
        ("", "not_attested", "not attested", "let a person who may vouch write an attestation; see docs/attestations.md"),
        ("/attestations/0", "attestation_expired", "attestations have expired", "let a person who may vouch look again, and write a new attestation"),
        ("/attestations/0", "attestation_without_role", "attestations are by people without the role", "let a person vouch whom the register gives the role on that day, or correct the register"),
        ("/attestations/0", "attestation_not_yet", "attestations are not yet given", "judge an instant after it was given, on a snapshot that was captured then"),
        ("/attestations/0", "attestations_differ", "attestations contradict each other", "take back the one that is wrong"),
    ],
)  # fmt: skip
def test_missing_words_are_grouped_by_why_they_do_not_count(
    make: Make, pointer: str, reason: str, statement: str, remedy: str
) -> None:
    """Each with what to do."""
    gap = Fact(pointer, "unobserved", "not recorded", reason)
    verdict = make.verdict(Outcome.INCONCLUSIVE, reason=reason, missing=(gap,))
    (missing,) = missing_facts(make.run(make.result(verdict)))

    assert missing.sentence() == f"{statement}: 1 verdict in 1 project waits on this"
    assert missing.remedy() == remedy


def test_a_word_that_does_not_count_is_shown_with_its_place(make: Make) -> None:
    """Whoever gave it finds it again."""
    gap = Fact("/attestations/0", "unobserved", "not recorded", "attestation_expired")
    places = make.places()
    places.known["hand:apollo", gap.pointer] = Location("delivery/attestations/dm.yaml", 2, 3)
    verdict = make.verdict(Outcome.INCONCLUSIVE, reason=gap.reason, missing=(gap,))

    text = make.render(TextReporter(), make.run(make.result(verdict)), places).decode()

    assert "attestations[0]: has expired <delivery/attestations/dm.yaml:2:3>" in text
