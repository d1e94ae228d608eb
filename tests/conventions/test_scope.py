"""C16: who is in scope, and when a sprint is finished."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.language.values import Timestamp
from tests.conventions.world import answer, calendar, utc, worth

AS_OF = utc("2026-09-30T18:00:00+02:00")


def in_scope(exclusion: Any, *, engagements: list[str] | None = None, hours: float = 0) -> str:
    """Ask whether a project is judged."""
    facts = {
        "project": {"exclusion": exclusion, "engagements": engagements or []},
        "time_entries": [
            {"started_at": utc("2026-03-03T09:00:00Z"), "seconds": round(hours * 3600)}
        ],
    }
    return answer("inScope()", facts=facts, as_of=AS_OF)


class TestC16:
    """A valid exclusion exempts; an invalid one does not."""

    @pytest.mark.parametrize(
        ("exclusion", "more", "expected"),
        [
            pytest.param(None, {}, "true", id="none"),
            pytest.param({"kind": "advisory_call", "reason": "One call about the roadmap"}, {}, "false", id="valid"),
            pytest.param({"kind": "advisory_call", "reason": "tbd"}, {}, "true", id="without-a-reason"),
            pytest.param({"kind": "too_busy", "reason": "No time"}, {}, "true", id="of-no-kind-that-exempts"),
            pytest.param({"kind": "non_delivery", "reason": "Internal"}, {"engagements": ["qa"]}, "true", id="but-it-delivers"),
            pytest.param({"kind": "support_under_4h", "reason": "A fix"}, {"hours": 3.999}, "false", id="just-under-four-hours"),
            pytest.param({"kind": "support_under_4h", "reason": "A fix"}, {"hours": 4}, "true", id="four-hours"),
            pytest.param({"kind": "advisory_call"}, {}, "unknown", id="nobody-knows-the-reason"),
        ],
    )  # fmt: skip
    def test_exclusions(self, exclusion: Any, more: dict[str, Any], expected: str) -> None:
        """The limits of SEEF-SCP-01 and -02."""
        assert in_scope(exclusion, **more) == expected


class TestFinishedSprint:
    """closed_at, or where the source can never say, the planned end before as_of's day."""

    QUESTION = "sprints.map(s, closedAt(s))[0]"

    @pytest.mark.parametrize(
        ("sprint", "gaps", "expected"),
        [
            pytest.param({"closed_at": utc("2026-09-18T16:00:00Z")}, {}, utc("2026-09-18T16:00:00Z"), id="closed"),
            pytest.param({"closed_at": None}, {}, None, id="still-open"),
            pytest.param(
                {"planned_end_at": utc("2026-09-29T21:59:59Z")}, {"/sprints/*/closed_at": "not_supported"},
                utc("2026-09-29T21:59:59Z"), id="planned-to-end-the-day-before",
            ),
            pytest.param(
                {"planned_end_at": utc("2026-09-29T22:00:00Z")}, {"/sprints/*/closed_at": "not_supported"},
                None, id="planned-to-end-on-the-day",
            ),
        ],
    )  # fmt: skip
    def test_when_a_sprint_was_closed(
        self, sprint: dict[str, Any], gaps: dict[str, str], expected: Any
    ) -> None:
        """By the local day of the judged instant."""
        found = worth(self.QUESTION, calendar(), {"sprints": [sprint]}, gaps, as_of=AS_OF)

        assert found == (expected and Timestamp.of(expected))

    def test_a_source_that_did_not_look_leaves_it_open(self) -> None:
        """Only what can never be shown is replaced by the plan."""
        sprint = {"planned_end_at": utc("2026-09-18T16:00:00Z")}
        gaps = {"/sprints/*/closed_at": "not_collected"}
        question = "sprints.exists(s, closedAt(s).by(as_of))"

        assert answer(question, calendar(), {"sprints": [sprint]}, gaps, as_of=AS_OF) == "unknown"
