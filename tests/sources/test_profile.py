"""What a profile may say, and how a wrong one is told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from auditor.model.errors import DocumentError, ErrorGroup, ProfileError
from auditor.sources.profile import Because, Profile, parse_profile
from auditor.sources.profile_model import profile_model

if TYPE_CHECKING:
    from pathlib import Path

HEAD = 'id: acme\ntitle: Acme\nowner: Office\nversion: "3"\n'
WHY = "reason: Agreed with clients, by: C. Doyle, on: 2026-08-01"
CALENDAR = "working_days: [mon], holidays: [2026-10-03], covers: {from: 2026-01-01, to: 2026-12-31}"


def parse(text: str) -> Profile:
    """Read a profile whose head is right."""
    return parse_profile((HEAD + text).encode(), path="acme.yaml")


def faults(text: str) -> list[tuple[str, str, str | None]]:
    """Return what is wrong with a profile whose head is right: place, message, hint."""
    with pytest.raises(ErrorGroup) as caught:
        parse(text)
    assert {type(error) for error in caught.value.errors} == {ProfileError}
    assert all(error.excerpt for error in caught.value.errors)
    return [(str(error.location), error.message, error.hint) for error in caught.value.errors]


def test_a_profile_of_nothing_changes_nothing() -> None:
    """Who it is, and every pack as it is written."""
    profile = parse("")

    assert (profile.id, profile.title, profile.owner, profile.version) == (
        "acme", "Acme", "Office", "3",
    )  # fmt: skip
    assert profile.packs is None
    assert (profile.tailoring.params, profile.tailoring.severities) == ({}, {})
    assert (profile.freshness.within, profile.freshness.because) == ("7 days", None)
    assert (profile.standards, profile.population, profile.ext) == (None, None, None)


def test_a_change_keeps_who_decided_it_and_where() -> None:
    """The value is where an error about it will be shown."""
    profile = parse(
        f"params:\n  late:\n    limit: {{value: 48 hours, {WHY}}}\n"
        f"severities:\n  late: {{value: low, {WHY}}}\n"
    )

    limit = profile.tailoring.params["late"]["limit"]
    assert (limit.value, limit.reason, limit.by, limit.on) == (
        "48 hours", "Agreed with clients", "C. Doyle", "2026-08-01",
    )  # fmt: skip
    assert [str(limit.at.location), str(limit.name_at.location)] == [
        "acme.yaml:7:20",
        "acme.yaml:7:5",
    ]
    assert profile.tailoring.severities["late"].value == "low"
    assert str(profile.tailoring.severities["late"].name_at.location) == "acme.yaml:9:3"


def test_the_other_keys_are_read() -> None:
    """Each in our types."""
    profile = parse(
        "packs: [seef, iq]\nstandards: own/standards.yaml\npopulation: people.yaml\next: ext.json\n"
        "mappings: {jira_export: jira.yaml}\n"
        f"freshness: {{value: 14 days, {WHY}}}\n"
        f"calendars: {{south: {{zones: [Europe/Rome], auditees: [a], {CALENDAR}}}}}\n"
        f"attest_instead: [{{fact: /sprints/*/closed_at, controls: [C-1], roles: [DM], valid_for: 90 days, {WHY}}}]\n"
        f"exclusions: [{{framework: iq, {WHY}}}]\n"
    )

    because = Because("Agreed with clients", "C. Doyle", "2026-08-01")
    assert profile.packs == ("seef", "iq")
    assert (profile.standards, profile.population, profile.ext) == (
        "own/standards.yaml", "people.yaml", "ext.json",
    )  # fmt: skip
    assert profile.mappings == {"jira_export": "jira.yaml"}
    assert (profile.freshness.within, profile.freshness.because) == ("14 days", because)
    (calendar,) = profile.calendars
    assert (calendar.name, calendar.zones, calendar.auditees) == ("south", ("Europe/Rome",), ("a",))
    assert (calendar.calendar.hours, calendar.calendar.covers) == (
        None, ("2026-01-01", "2026-12-31"),
    )  # fmt: skip
    (sent,) = profile.attest_instead
    assert (sent.fact, sent.policies, sent.controls, sent.roles, sent.valid_for, sent.because) == (
        "/sprints/*/closed_at", (), ("C-1",), ("DM",), "90 days", because,
    )  # fmt: skip
    assert [(one.framework, one.because) for one in profile.exclusions] == [("iq", because)]


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        pytest.param("parms: {}", "5:1", "unknown key 'parms'", "did you mean 'params'?", id="unknown-key"),
        pytest.param("severities: {late: {value: low, reason: R s, by: B b, on: 2026-08-01, reson: x}}", "5:71", "unknown key 'reson'", "did you mean 'reason'?", id="unknown-key-of-a-change"),
        pytest.param("params: {late: {limit: {value: 1, reason: R s, by: B b, on: 2026-08-01, vale: 2}}}", "5:73", "unknown key 'vale'", "did you mean 'value'?", id="unknown-key-of-a-parameter"),
        pytest.param("severities: {late: {value: low, by: B b, on: 2026-08-01}}", "5:20", "'reason' is missing", "add reason: ...", id="loosens-without-a-reason"),
        pytest.param("severities: {late: {value: low, reason: R s, on: 2026-08-01}}", "5:20", "'by' is missing", "add by: ...", id="loosens-without-a-name"),
        pytest.param("severities: {late: {value: low, reason: R s, by: B b}}", "5:20", "'on' is missing", "add on: ...", id="loosens-without-a-day"),
        pytest.param("severities: {late: {value: low, reason: '  ', by: B b, on: 2026-08-01}}", "5:41", "'reason': '  ' says nothing", "write it so that a reader of the report understands it", id="a-blank-reason"),
        pytest.param("severities: {late: {value: low, reason: TBD, by: B b, on: 2026-08-01}}", "5:41", "'reason': 'TBD' says nothing", "write it so that a reader of the report understands it", id="a-placeholder-for-a-reason"),
        pytest.param("severities: {late: {value: low, reason: R s, by: '?', on: 2026-08-01}}", "5:50", "'by': '?' says nothing", "write it so that a reader of the report understands it", id="a-placeholder-for-a-name"),
        pytest.param("severities: {late: {value: low, reason: R s, by: B b, on: 2026-02-30}}", "5:59", "'on': the calendar has no day 2026-02-30", None, id="no-day"),
        pytest.param("severities: {late: {value: lo, reason: R s, by: B b, on: 2026-08-01}}", "5:28", "'value' wants one of low, medium, high, critical; found 'lo'", "did you mean 'low'?", id="no-severity"),
        pytest.param("severities: {late: low}", "5:20", "'late' wants 'key: value' pairs; found 'low'", None, id="a-severity-alone"),
        pytest.param("params: {late: {limit: {value: null, reason: R s, by: B b, on: 2026-08-01}}}", "5:32", "'value': nothing is no value", "write the value, or leave it out altogether", id="no-value"),
        pytest.param("packs: []", "5:8", "'packs' is empty", None, id="no-pack-at-all"),
        pytest.param("standards: ../s.yaml", "5:12", "'standards': '../s.yaml' does not lead below the folder of this file", None, id="a-path-that-leads-out"),
        pytest.param("mappings: {jira_export: /etc/x}", "5:25", "'jira_export': '/etc/x' does not lead below the folder of this file", None, id="an-absolute-path"),
        pytest.param(f"calendars: {{a: {{zones: [Europe/Berln], {CALENDAR}}}}}", "5:25", "'zones': no time zone is called 'Europe/Berln'; did you mean 'Europe/Berlin'?", None, id="unknown-zone"),
        pytest.param("calendars: {a: {working_days: [mon], holidays: []}}", "5:16", "'covers' is missing", "add covers: ...", id="a-calendar-without-its-years"),
        pytest.param("calendars: {a: {working_days: [mon], holidays: [2027-01-01], covers: {from: 2026-01-01, to: 2026-12-31}}}", "5:49", "the holiday 2027-01-01 is outside the days that the calendar covers", "let 'covers' reach to it, and list the other holidays up to there", id="a-holiday-outside"),
        pytest.param("calendars: {a: {working_days: [mon], holidays: [], covers: {from: 2026-01-02, to: 2026-01-01}}}", "5:83", "the calendar covers days up to 2026-01-01, before it begins to", "write the earlier day first", id="covers-backwards"),
        pytest.param("calendars: {a: {working_days: [mon], holidays: [], covers: {from: 2026-01-01, too: 2026-01-01}}}", "5:60", "'to' is missing", "add to: ...", id="half-of-a-stretch"),
        pytest.param(f"calendars: {{a: {{hours: {{from: '17:00', to: '09:00'}}, {CALENDAR}}}}}", "5:44", "work ends at 09:00, not after it begins at 17:00", "write the hours of one day", id="hours-over-night"),
        pytest.param(f"calendars: {{a: {{zones: [UTC], {CALENDAR}}}, b: {{zones: [UTC], {CALENDAR}}}}}", "5:133", "the calendar 'a' is already that of 'UTC'", "name it in one calendar only", id="two-calendars-for-a-zone"),
        pytest.param(f"params: {{snapshot-stale: {{freshness: {{value: 9 days, {WHY}}}}}}}\nfreshness: {{value: 3 days}}", "5:27", "the parameter 'freshness' of 'snapshot-stale' is set by 'freshness', too", "leave one of them out", id="freshness-twice"),
        pytest.param("freshness: {value: 14 days, by: B b}", "5:12", "a changed freshness has a reason, a name and a day", "add reason: ..., by: ..., on: ...", id="half-a-reason"),
        pytest.param(f"attest_instead: [{{fact: /a, roles: [DM], valid_for: 1 days, {WHY}}}]", "5:18", "nothing says which verdicts are to be attested instead", "add policies: [...] or controls: [...]", id="attests-nothing"),
        pytest.param(f"attest_instead: [{{fact: '', policies: [a], roles: [DM], valid_for: 1 days, {WHY}}}]", "5:25", "'fact': a fact is a part of the snapshot, not all of it", None, id="attests-everything"),
        pytest.param(f"attest_instead: [{{fact: /a, policies: [a], roles: [], valid_for: 1 days, {WHY}}}]", "5:51", "'roles' is empty", None, id="nobody-attests"),
    ],
)  # fmt: skip
def test_a_wrong_profile_is_told_with_its_place(
    text: str, place: str, message: str, hint: str | None
) -> None:
    """Each breach has file, line, column and what to do."""
    told = faults(text + "\n")

    assert told[0] == (f"acme.yaml:{place}", message, hint)


def test_all_breaches_are_told_at_once() -> None:
    """In the order of the file."""
    told = faults("packs: x\nseverities: {a: {}}\n")

    assert [message for _, message, _ in told] == [
        "'packs' wants a list; found 'x'",
        "'by' is missing",
        "'on' is missing",
        "'reason' is missing",
        "'value' is missing",
    ]


def test_a_head_is_demanded() -> None:
    """A profile without an owner is nobody's."""
    with pytest.raises(ErrorGroup) as caught:
        parse_profile(b"id: acme\n", path="acme.yaml")

    assert [error.message for error in caught.value.errors] == [
        "'owner' is missing",
        "'title' is missing",
        "'version' is missing",
    ]


def test_broken_yaml_is_told_as_such() -> None:
    """Of two equal keys neither wins."""
    with pytest.raises(DocumentError, match="'id' is given twice"):
        parse("id: other\n")


def test_the_schema_is_that_of_the_model(root: Path) -> None:
    """Write the model's schema into the file when this fails: editors read the file, we the model."""
    written = json.loads((root / "schemas/profile.schema.json").read_text())

    assert written == {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "profile.schema.json",
        **profile_model().model_json_schema(),
    }


def test_every_key_is_documented(root: Path) -> None:
    """The page has a heading for each key, and for nothing else."""
    page = (root / "docs/profiles.md").read_text()

    headings = {line.split("`")[1] for line in page.splitlines() if line.startswith("### `")}
    assert headings == set(profile_model().model_json_schema()["properties"])


def test_the_example_of_the_page_is_a_profile(root: Path) -> None:
    """What a reader copies is right."""
    lines = (root / "docs/profiles.md").read_text().splitlines()
    first = next(i for i, line in enumerate(lines) if line.endswith("profile.schema.json"))
    last = next(i for i, line in enumerate(lines) if i > first and not line.startswith("    "))
    example = "\n".join(line[4:] for line in lines[first:last])

    assert parse_profile(example.encode(), path="acme.yaml").id == "acme-2026"
