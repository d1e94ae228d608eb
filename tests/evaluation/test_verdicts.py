"""What is missing is told in words."""

from __future__ import annotations

from auditor.evaluation.verdicts import waits_on
from auditor.model.verdict import Fact


def test_what_is_missing_is_named_as_reports_name_it() -> None:
    """Records are counted in brackets, and no reason stands there as the word of a schema."""
    missing = (
        Fact("/risks/0/escalations/11/at", "unobserved", "not recorded"),
        Fact("/work_items/3", "unobserved", "not recorded", reason="truncated"),
        Fact("/snapshot/calendar/holidays", "unobserved", "not recorded", reason="not_listed"),
    )

    assert waits_on(missing) == (
        "Missing: risks[0].escalations[11].at is not recorded, work_items[3] was cut short,"
        " snapshot.calendar.holidays is not listed for every day that counts."
    )
