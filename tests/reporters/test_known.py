"""The file of known findings: small, sorted, one finding per line, and read again as it was written."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from jsonschema import Draft202012Validator

from auditor.findings.known import known_findings
from auditor.model.outcome import Outcome
from auditor.reporters.formats.known import KnownReporter
from auditor.sources.known_findings import parse_known

if TYPE_CHECKING:
    from tests.reporters.conftest import Make

SCHEMA: Final = Path(__file__).resolve().parents[2] / "schemas/known.schema.json"
HOSTILE: Final = (
    "\x1b[31m ]]> ##[error] ::set-output:: <script> \u202e \ud800 \N{PILE OF POO} =1+1 /"
)


def written(make: Make, *verdicts: Any, reporter: KnownReporter | None = None) -> bytes:
    """Write the findings among *verdicts*."""
    return make.render(reporter or KnownReporter(), make.run(make.result(*verdicts)))


def test_it_lists_fails_and_undecided_verdicts_by_subject(make: Make) -> None:
    """What passes or does not apply is no finding, and a policy that broke says nothing."""
    data = written(
        make,
        *(
            make.verdict(outcome, subject=f"{name}-{outcome.value}")
            for name in "ba"
            for outcome in Outcome
        ),
    )

    listed = json.loads(data)["findings"]
    subjects = ["a-fail", "a-inconclusive", "b-fail", "b-inconclusive"]
    assert [one["subject"] for one in listed] == subjects
    assert len(data.splitlines()) == len(subjects) + 2


def test_a_run_without_findings_is_a_file_too(make: Make) -> None:
    """So that the one from before is written over."""
    assert (
        written(make, make.verdict())
        == b'{"findings":[\n],"schema":{"name":"known","version":1}}\n'
    )


def test_what_is_written_keeps_the_schema_and_is_read_again(make: Make) -> None:
    """Program and schema agree on what the file is."""
    run = make.run(make.result(make.verdict(Outcome.FAIL)))
    data = make.render(KnownReporter(), run)

    Draft202012Validator(json.loads(SCHEMA.read_bytes())).validate(json.loads(data))
    assert parse_known(data, path="known.json") == known_findings(run)


def test_what_a_run_did_not_judge_can_be_kept(make: Make) -> None:
    """In its place; of what both know, the run knows it better."""
    kept = known_findings(make.run(make.result(make.verdict(Outcome.FAIL, message="Then."))))
    other = replace(kept[0], auditee="a")
    data = written(
        make,
        make.verdict(Outcome.FAIL, message="Now."),
        reporter=KnownReporter().keeping((*kept, other)),
    )

    told = [(one["auditee"], one["message"]) for one in json.loads(data)["findings"]]
    assert told == [("a", "Then."), ("hand:apollo", "Now.")]


@pytest.mark.parametrize("text", [HOSTILE, "x" * 1_000_000])
def test_foreign_text_stays_data(text: str, make: Make) -> None:
    """One line per finding, whatever its text is, and it can be read again."""
    run = make.hostile(text)
    data = make.render(KnownReporter(), run)

    assert parse_known(data, path="known.json")
    assert len(data.splitlines()) == len(json.loads(data)["findings"]) + 2
