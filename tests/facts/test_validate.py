"""Every breach of the contract is named, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from auditor.facts.validate import violations
from auditor.facts.violation import shown

if TYPE_CHECKING:
    from collections.abc import Callable

Raw = dict[str, Any]
Fault = tuple[str, str, str, str]
"""Pointer, slug, message, hint."""


@pytest.fixture
def faults(schema: Raw, snapshot_of: Callable[..., Raw]) -> Callable[..., list[Fault]]:
    """Return a function that lists pointer, slug, message and hint for a snapshot of the given parts."""

    def make(**parts: Any) -> list[Fault]:
        found = []
        for violation in violations(schema, snapshot_of(**parts)):
            error = violation.to_error()
            assert error.pointer == violation.pointer
            found.append((violation.pointer, violation.slug, error.message, error.hint or ""))
        return found

    return make


def test_a_sound_snapshot_has_none(faults: Callable[..., Any]) -> None:
    """Nor does one with every kind of gap in it."""
    assert faults(head={"gaps": {"/blockers": "not_collected", "/risks": "truncated"}}, risks=[]) == []  # fmt: skip


@pytest.mark.parametrize(
    ("parts", "pointer", "slug", "message", "hint"),
    [
        pytest.param(
            {"sprnts": []}, "/sprnts", "unknown-key",
            "/sprnts: found the unknown key 'sprnts', wanted one of snapshot, project, parties, role_assignments, "
            "roles, delegations, onboarding, documents, baselines, approvals, change_requests, checklists and 39 more",
            "did you mean 'sprints'?", id="unknown-key-with-the-nearest",
        ),
        pytest.param(
            {"risks": [{"id": "r", "zzz": 1}]}, "/risks/0/zzz", "unknown-key",
            "/risks/0/zzz: found the unknown key 'zzz', wanted one of id, description, class, severity, probability, "
            "impact, score, status, raised_at, raised_by, owner, response and 14 more "
            "(fields of your own go below 'ext')",
            "", id="unknown-key-like-none",
        ),
        pytest.param(
            {"risks": [{}]}, "/risks/0", "missing-key",
            "/risks/0: found no key 'id', wanted one with text that is not empty", "", id="missing-key",
        ),
        pytest.param(
            {"risks": [{"id": "r", "severity": "Hgih"}]}, "/risks/0/severity", "wrong-value",
            "/risks/0/severity: found 'Hgih', wanted one of low, medium, high, critical, or null",
            "did you mean 'high'?", id="outside-the-enum",
        ),
        pytest.param(
            {"risks": [{"id": "r", "impact": "3"}]}, "/risks/0/impact", "wrong-type",
            "/risks/0/impact: found '3', wanted a whole number from 1 to 5, or null "
            "(text in quotes is not read as anything else; write it without quotes)",
            "", id="a-number-in-quotes",
        ),
        pytest.param(
            {"baselines": [{"id": "b", "version": 1.1}]}, "/baselines/0/version", "wrong-type",
            "/baselines/0/version: found the number 1.1, wanted text, or null (put it in quotes)",
            "", id="a-number-where-text-belongs",
        ),
        pytest.param(
            {"risks": [{"id": "r", "impact": 7}]}, "/risks/0/impact", "out-of-range",
            "/risks/0/impact: found the number 7, wanted a whole number from 1 to 5, or null", "", id="out-of-range",
        ),
        pytest.param(
            {"risks": [{"id": "r", "score": 10**30}]}, "/risks/0/score", "out-of-range",
            f"/risks/0/score: found the number {10**30}, wanted a number of at least 0, or null "
            "(numbers are kept in 64 bits)",
            "", id="too-large",
        ),
        pytest.param(
            {"time_entries": [{"id": "t", "seconds": 1.5}]}, "/time_entries/0/seconds", "wrong-type",
            "/time_entries/0/seconds: found the number 1.5, wanted a whole number of at least 0", "", id="not-whole",
        ),
        pytest.param(
            {"risks": [{"id": "r", "raised_at": "2026-03-03 10:00:00+01:00"}]}, "/risks/0/raised_at", "wrong-format",
            "/risks/0/raised_at: found '2026-03-03 10:00:00+01:00', wanted an instant with its offset, e.g. "
            "2026-03-03T14:00:00+01:00, or a day, e.g. 2026-03-03, or null (a T stands between the day and the time)",
            "", id="a-loose-instant",
        ),
        pytest.param(
            {"risks": [{"id": "r", "review_on": "2026-02-30"}]}, "/risks/0/review_on", "wrong-format",
            "/risks/0/review_on: found '2026-02-30', wanted a day, e.g. 2026-03-03, or null "
            "(the calendar has no day 2026-02-30)",
            "", id="no-such-day",
        ),
        pytest.param(
            {"head": {"time_zone": "Europe/Berln"}}, "/snapshot/time_zone", "wrong-format",
            "/snapshot/time_zone: found 'Europe/Berln', wanted an IANA time zone, e.g. Europe/Berlin "
            "(no time zone is called 'Europe/Berln'; did you mean 'Europe/Berlin'?)",
            "", id="no-such-zone",
        ),
        pytest.param(
            {"risks": {"id": "r"}}, "/risks", "wrong-type",
            "/risks: found an object with 'id', wanted a list", "", id="an-object-for-a-list",
        ),
        pytest.param(
            {"risks": [None]}, "/risks/0", "wrong-type",
            "/risks/0: found null, wanted an object", "", id="null-for-a-record",
        ),
        pytest.param(
            {"parties": [{"id": ""}]}, "/parties/0/id", "empty",
            "/parties/0/id: found '', wanted text that is not empty", "", id="empty-id",
        ),
        pytest.param(
            {"project": {"id": "hand:apollo", "exclusion": {"kidn": "x"}}}, "/project/exclusion/kidn", "unknown-key",
            "/project/exclusion/kidn: found the unknown key 'kidn', wanted one of kind, reason, claimed_by, claimed_at",
            "did you mean 'kind'?", id="inside-an-object-that-may-be-null",
        ),
        pytest.param(
            {"head": {"schema": {"name": "project", "version": 2}}}, "/snapshot/schema/version", "out-of-range",
            "/snapshot/schema/version: found the number 2, wanted the number 1", "", id="another-version",
        ),
        pytest.param(
            {"head": {"schema": {"name": "unit", "version": 1}}}, "/snapshot/schema/name", "wrong-value",
            "/snapshot/schema/name: found 'unit', wanted 'project'", "", id="another-kind",
        ),
        pytest.param(
            {"ext": {"a": [{"b": 10**30}]}}, "/ext/a/0/b", "out-of-range",
            f"/ext/a/0/b: found the number {10**30}, wanted a value that JSON can hold (numbers are kept in 64 bits)",
            "", id="in-undeclared-data",
        ),
        pytest.param(
            {"ext": {"a": 2**60}}, "/ext/a", "not-canonical",
            f"/ext/a: found the number {2**60}, wanted a value that every reader of JSON keeps exactly "
            "(an integer beyond 2^53-1)",
            "", id="without-a-canonical-form",
        ),
        # ----- rules between parts
        pytest.param(
            {"project": {"id": "hand:other"}}, "/snapshot/auditee", "wrong-auditee",
            "/snapshot/auditee: found 'hand:apollo', wanted the id of the project, 'hand:other'",
            "", id="another-project",
        ),
        pytest.param(
            {"risks": [{"id": "r"}, {"id": "q"}, {"id": "r"}]}, "/risks/2/id", "repeated-id",
            "/risks/2/id: found the id 'r' again, wanted an id of its own; /risks/0 has this one",
            "", id="an-id-twice",
        ),
        pytest.param(
            {"head": {"sources": [{"id": "a"}, {"id": "a"}]}}, "/snapshot/sources/1/id", "repeated-id",
            "/snapshot/sources/1/id: found the id 'a' again, wanted an id of its own; /snapshot/sources/0 has this one",
            "", id="a-source-twice",
        ),
        pytest.param(
            {"head": {"calendar": {"working_days": []}}}, "/snapshot/calendar/working_days", "no-working-day",
            "/snapshot/calendar/working_days: found an empty list, wanted at least one day of the week; "
            "leave the key out where it is not known",
            "", id="no-working-day",
        ),
        pytest.param(
            {"head": {"calendar": {"hours": {"from": "17:00", "to": "09:00"}}}},
            "/snapshot/calendar/hours/to", "no-office-hour",
            "/snapshot/calendar/hours/to: found '09:00', wanted a time of the same day after '17:00'",
            "", id="hours-that-end-before-they-begin",
        ),
        pytest.param(
            {"head": {"calendar": {"hours": {"from": "09:00", "to": "09:00"}}}},
            "/snapshot/calendar/hours/to", "no-office-hour",
            "/snapshot/calendar/hours/to: found '09:00', wanted a time of the same day after '09:00'",
            "", id="hours-of-no-length",
        ),
        pytest.param(
            {"head": {"gaps": {"/blokers": "not_collected"}}}, "/snapshot/gaps/~1blokers", "gap",
            "/snapshot/gaps/~1blokers: found a gap for '/blokers', wanted the pointer of a declared field "
            "(did you mean 'blockers'?)",
            "", id="a-gap-for-nothing",
        ),
        pytest.param(
            {"head": {"gaps": {"/risks/first/owner": "unparsed"}}}, "/snapshot/gaps/~1risks~1first~1owner", "gap",
            "/snapshot/gaps/~1risks~1first~1owner: found a gap for '/risks/first/owner', "
            "wanted '*' or a number in the place of 'first'",
            "", id="a-gap-that-is-lost-in-a-list",
        ),
        pytest.param(
            {"head": {"gaps": {"risks": "unparsed"}}}, "/snapshot/gaps/risks", "gap",
            "/snapshot/gaps/risks: found a gap for 'risks', wanted a JSON Pointer "
            "(a JSON Pointer begins with '/', got 'risks')",
            "", id="a-gap-that-is-no-pointer",
        ),
        pytest.param(
            {"head": {"gaps": {"/risks/*/id": "unparsed"}}}, "/snapshot/gaps/~1risks~1*~1id", "gap",
            "/snapshot/gaps/~1risks~1*~1id: found a gap for '/risks/*/id', wanted a field that may be missing",
            "", id="a-gap-for-what-is-required",
        ),
        pytest.param(
            {"head": {"gaps": {"/risks/0": "unparsed"}}}, "/snapshot/gaps/~1risks~10", "gap",
            "/snapshot/gaps/~1risks~10: found a gap for '/risks/0', wanted a field that may be missing",
            "", id="a-gap-for-an-element",
        ),
        pytest.param(
            {"head": {"gaps": {"/risks/*/owner/name": "unparsed"}}}, "/snapshot/gaps/~1risks~1*~1owner~1name", "gap",
            "/snapshot/gaps/~1risks~1*~1owner~1name: found a gap for '/risks/*/owner/name', "
            "wanted the pointer of a declared field (nothing is below 'name')",
            "", id="a-gap-below-a-scalar",
        ),
        pytest.param(
            {"head": {"gaps": {"/risks/*/owner": "truncated"}}}, "/snapshot/gaps/~1risks~1*~1owner", "gap",
            "/snapshot/gaps/~1risks~1*~1owner: found a gap for '/risks/*/owner', "
            "wanted a list: only a list can be truncated",
            "", id="a-truncated-scalar",
        ),
    ],
)  # fmt: skip
def test_a_breach_is_named(
    faults: Callable[..., list[Fault]],
    *,
    parts: Raw,
    pointer: str,
    slug: str,
    message: str,
    hint: str,
) -> None:
    """With its place, what was found, what was wanted, and the nearest that is allowed."""
    assert faults(**parts) == [(pointer, slug, message, hint)]


def test_all_breaches_are_named_in_the_order_of_the_document(faults: Callable[..., Any]) -> None:
    """One run shows them all."""
    found = faults(
        head={"captured_at": "yesterday"},
        project={"id": "hand:apollo", "phase": "exec"},
        risks=[{"id": "r", "impact": 9, "probability": 0}, {"id": "r"}, {}],
        zzz=1,
    )

    assert [pointer for pointer, *_ in found] == [
        "/snapshot/captured_at", "/project/phase", "/risks/0/impact", "/risks/0/probability",
        "/risks/1/id", "/risks/2", "/zzz",
    ]  # fmt: skip


def test_two_missing_keys_are_two_breaches(faults: Callable[..., Any]) -> None:
    """Each is to be added."""
    found = faults(role_assignments=[{"id": "r"}])

    assert [message.split(",")[0] for _, _, message, _ in found] == [
        "/role_assignments/0: found no key 'party'",
        "/role_assignments/0: found no key 'role'",
    ]


@pytest.mark.parametrize("data", [None, [], "text", 1, {}])
def test_something_else_altogether(schema: Raw, data: object) -> None:
    """A file may hold anything."""
    assert violations(schema, data)


def test_too_many_levels_are_one_breach(faults: Callable[..., Any]) -> None:
    """Counted before anything recursive looks at it."""
    deep: list[Any] = []
    for _ in range(2_000):
        deep = [deep]
    found = faults(ext={"deep": deep})

    assert [slug for _, slug, *_ in found] == ["too-deep"]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        pytest.param(None, "null", id="null"),
        pytest.param(True, "true", id="truth"),
        pytest.param(3, "the number 3", id="number"),
        pytest.param(10**5000, "the number with very many digits", id="huge-number"),
        pytest.param("x" * 100, f"'{'x' * 60}…'", id="long-text"),
        pytest.param("a\nb\x1b[31m", "'a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}[31m'", id="control-characters"),
        pytest.param([], "an empty list", id="empty-list"),
        pytest.param([1, 2], "a list of 2", id="list"),
        pytest.param({}, "an empty object", id="empty-object"),
        pytest.param(dict.fromkeys("abcdefgh"), "an object with 'a', 'b', 'c', 'd', 'e', 'f', …", id="many-keys"),
        pytest.param({1}, "a set", id="anything-else"),
    ],
)  # fmt: skip
def test_a_foreign_value_is_shown_on_one_short_line(value: object, words: str) -> None:
    """Whatever stands in a file."""
    assert shown(value) == words
