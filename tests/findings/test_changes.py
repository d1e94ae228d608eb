"""What was changed or relaxed is told in words, with who decided it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from auditor.findings.changes import relaxed, told
from auditor.model.location import Location
from auditor.model.policy import PolicyChange, PolicySummary
from auditor.model.severity import Severity
from auditor.sources.profile import parse_profile

if TYPE_CHECKING:
    from collections.abc import Iterable

WHY = "reason: Agreed with clients, by: C. Doyle, on: 2026-08-01"


def change(what: str = "severity", **fields: Any) -> PolicyChange:
    """Make a change that lowers a severity."""
    made: dict[str, Any] = {
        "before": "high",
        "after": "low",
        "is_relaxing": what == "severity",
        "location": Location("acme.yaml", 9, 3),
        "reason": "Agreed with clients",
        "by": "C. Doyle",
        "on": "2026-08-01",
    }
    return PolicyChange(what, **(made | fields))


def policy(name: str, changes: Iterable[PolicyChange]) -> PolicySummary:
    """Make a policy that was changed."""
    return PolicySummary(
        name, "T", "W", "F", ("C-1",), Severity.LOW, "seef", "project", "sha256:0",
        Location("p.yaml", 1), (), (), tuple(changes),
    )  # fmt: skip


RAISED = change(
    before="low", after="high", is_relaxing=False, reason=None, by=None, on=None,
    location=Location("auditor.yaml", 3, 5),
)  # fmt: skip


def test_a_change_says_who_when_why_and_where() -> None:
    """In one sentence."""
    assert told(change()) == (
        "severity high -> low, by C. Doyle on 2026-08-01: Agreed with clients <acme.yaml:9:3>"
    )
    assert told(change("params.limit", before="24 hours", after="48 hours")) == (
        "limit 24 hours -> 48 hours, by C. Doyle on 2026-08-01: Agreed with clients <acme.yaml:9:3>"
    )


def test_a_raised_severity_needs_nobody() -> None:
    """It binds only those who wrote it."""
    assert told(RAISED) == "severity low -> high <auditor.yaml:3:5>"


def test_the_head_lists_what_asks_for_less_and_what_may() -> None:
    """By policy; what was raised hides nothing and is not there."""
    lines = relaxed(
        [policy("b-late", [change()]), policy("a-late", [change("params.limit"), RAISED])]
    )

    assert [line.partition(", by")[0] for line in lines] == [
        "changed: a-late: limit high -> low",
        "relaxed: b-late: severity high -> low",
    ]


def test_the_head_lists_what_the_profile_allows() -> None:
    """After the policies, in the order of the profile's keys."""
    profile = parse_profile(
        (
            "id: acme\ntitle: Acme\nowner: Office\nversion: '3'\n"
            f"freshness: {{value: 14 days, {WHY}}}\n"
            "attest_instead: [{fact: /sprints/*/closed_at, policies: [a-late], controls: [C-1], "
            f"roles: [DM, PO], valid_for: 9 days, {WHY}}}]\n"
            f"exclusions: [{{framework: iq, {WHY}}}]\n"
        ).encode(),
        path="acme.yaml",
    )

    decided = "by C. Doyle on 2026-08-01: Agreed with clients"
    assert relaxed([], profile) == (
        f"relaxed: snapshots may be 14 days old, not 7 days, {decided} <acme.yaml:5:20>",
        f"relaxed: the word of DM or PO stands in for /sprints/*/closed_at in a-late, C-1, {decided} <acme.yaml:6:18>",
        f"relaxed: a valid exclusion under SEEF exempts from iq as well, {decided} <acme.yaml:7:14>",
    )


def test_the_age_of_snapshots_is_told_once() -> None:
    """Of the policy that holds them against it, and in the profile's own words."""
    text = f"id: acme\ntitle: Acme\nowner: Office\nversion: '3'\nfreshness: {{value: 14 days, {WHY}}}\n"
    stale = change("params.freshness", location=Location("acme.yaml", 5, 20, 27))

    lines = relaxed(
        [policy("snapshot-stale", [stale])], parse_profile(text.encode(), path="acme.yaml")
    )
    assert [line.partition(",")[0] for line in lines] == ["relaxed: snapshots may be 14 days old"]


def test_a_profile_that_allows_nothing_is_no_line() -> None:
    """Seven days are what everybody has."""
    head = b"id: acme\ntitle: Acme\nowner: Office\nversion: '3'\nfreshness: {value: 3 days}\n"

    assert relaxed([], parse_profile(head, path="acme.yaml")) == ()
