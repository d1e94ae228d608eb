"""What earlier runs said of a finding: they say nothing of what they did not look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from auditor.findings.earlier import with_earlier
from auditor.findings.findings_document import fingerprint
from auditor.model.outcome import Outcome
from auditor.model.standing import Earlier

if TYPE_CHECKING:
    from tests.findings.conftest import Make


def past(as_of: str, **changes: Any) -> dict[str, Any]:
    """Make a run that judged Apollo by the pack, and found nothing."""
    made = {
        "id": f"sha256:{as_of}",
        "as_of": as_of,
        "packs": ["seef"],
        "judged": [{"auditee": "apollo", "at": as_of}],
        "findings": [],
    }
    return made | changes


def found(outcome: str) -> list[dict[str, str]]:
    """Make the findings of a run that found the thing."""
    return [{"fingerprint": fingerprint("late-thing", "apollo", "thing"), "outcome": outcome}]


def earlier(make: Make, *runs: dict[str, Any], as_of: str = "2026-09-30T18:00:00Z") -> Any:
    """Return what *runs* said of the thing."""
    verdict = make.verdict(Outcome.FAIL)
    run = with_earlier(make.run(make.result("apollo", verdict), as_of=as_of), runs)
    return run.standing("apollo", verdict).earlier


def test_the_newest_is_told_last(make: Make) -> None:
    """In whatever order they are given; one that has no such finding says so."""
    runs = [
        past("2026-06-30", findings=found("inconclusive")),
        past("2026-03-31T18:00:00+02:00"),
        past("2026-07-31T00:30:00+02:00", findings=found("fail")),
    ]

    assert earlier(make, *runs) == (
        Earlier("2026-03-31T18:00:00+02:00", "none"),
        Earlier("2026-06-30", "inconclusive"),
        Earlier("2026-07-31T00:30:00+02:00", "fail"),
    )


@pytest.mark.parametrize(
    "run",
    [
        pytest.param(past("2026-06-30", judged=[]), id="not-of-the-auditee"),
        pytest.param(past("2026-06-30", packs=["iq"]), id="not-by-the-pack"),
        pytest.param(past("2026-09-30T18:00:00Z", findings=found("fail")), id="not-earlier"),
        pytest.param(
            {key: value for key, value in past("2026-06-30").items() if key != "findings"},
            id="without-its-findings",
        ),
    ],
)
def test_a_run_that_did_not_look_says_nothing(run: dict[str, Any], make: Make) -> None:
    """That there was no such finding it cannot know."""
    assert earlier(make, run) == ()
