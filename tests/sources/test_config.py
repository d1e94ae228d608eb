"""What an ``auditor.yaml`` may say, and how a wrong one is told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from auditor.model.errors import DocumentError, ErrorGroup
from auditor.model.location import Location
from auditor.model.severity import Severity
from auditor.sources.config import Config, config_model, parse_config
from auditor.sources.profile_model import profile_model

if TYPE_CHECKING:
    from pathlib import Path


def parse(text: str) -> Config:
    """Read an auditor.yaml."""
    return parse_config(text.encode(), path="auditor.yaml")


FULL = """\
auditee: "hand:apollo"
time_zone: Europe/Berlin
captured_at: 2026-03-03T18:00:00+01:00
sources:
  - reader: folder
  - reader: jira_export
    path: exports/jira/
    mapping: mapping.yaml
    captured_at: 2026-03-02T18:00:00Z
    leave_out: [/project/name]
    settings: {site: acme.atlassian.net, projects: [A]}
policies: [policies/own]
severities: {late-thing: high}
fail_on: low
formats: [text, "junit=report.xml"]
"""


def test_every_key_is_read() -> None:
    """A file with all keys gives them back in our types."""
    config = parse(FULL)

    folder, jira = config.sources
    assert (config.auditee, config.time_zone) == ("hand:apollo", "Europe/Berlin")
    assert config.captured_at == "2026-03-03T18:00:00+01:00"
    assert (folder.reader, folder.path, folder.mapping, folder.captured_at) == (
        "folder", ".", None, None,
    )  # fmt: skip
    assert (jira.reader, jira.path, jira.mapping, jira.captured_at) == (
        "jira_export", "exports/jira", "mapping.yaml", "2026-03-02T18:00:00Z",
    )  # fmt: skip
    assert jira.leave_out == ("/project/name",)
    assert jira.settings == {"site": "acme.atlassian.net", "projects": ["A"]}
    assert config.policies == ("policies/own",)
    assert config.fail_on is Severity.LOW
    assert [(policy, one.value) for policy, one in config.severities.items()] == [
        ("late-thing", "high")
    ]
    assert config.formats == ("text", "junit=report.xml")


def test_every_key_may_be_left_out() -> None:
    """A file that only adds policies names no source."""
    config = parse("policies: [own]\n")

    assert (config.sources, config.fail_on, config.formats) == ((), None, ())
    assert (config.auditee, config.time_zone, config.captured_at) == (None, None, None)
    assert config.severities == {}


@pytest.mark.parametrize(
    ("pointer", "line", "column"),
    [
        pytest.param("/path", 7, 11, id="a-key"),
        pytest.param("/settings/projects/0", 11, 53, id="inside-the-settings"),
        pytest.param("/settings/none", 11, 15, id="the-nearest-where-there-is-none"),
        pytest.param("", 6, 5, id="the-source-itself"),
    ],
)
def test_a_key_of_a_source_has_a_place(pointer: str, line: int, column: int) -> None:
    """What a reader refuses later is shown where it is written."""
    place = parse(FULL).sources[1].location(pointer)

    assert Location(place.path, place.line, place.column) == Location("auditor.yaml", line, column)


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        pytest.param("auditeee: x", "1:1", "unknown key 'auditeee'", "did you mean 'auditee'?", id="unknown-key"),
        pytest.param("sources: [{reader: folder, pth: x}]", "1:28", "unknown key 'pth'", "did you mean 'path'?", id="unknown-key-of-a-source"),
        pytest.param("sources: [{path: x}]", "1:11", "'reader' is missing", "add reader: ...", id="no-reader"),
        pytest.param("sources: [{reader: 5}]", "1:20", "'reader' wants a text; found 5", None, id="no-text"),
        pytest.param("sources: [folder]", "1:11", "'sources' wants 'key: value' pairs; found 'folder'", None, id="a-source-that-is-a-text"),
        pytest.param("sources: folder", "1:10", "'sources' wants a list; found 'folder'", None, id="no-list"),
        pytest.param("sources: [{reader: x, path: ../x}]", "1:29", "'path': '../x' does not lead below the folder of this file", None, id="a-path-that-leads-out"),
        pytest.param("policies: [/etc]", "1:12", "'policies': '/etc' does not lead below the folder of this file", None, id="an-absolute-path"),
        pytest.param("sources: [{reader: x, mapping: 'C:\\x'}]", "1:32", "'mapping': 'C:\\x' does not lead below the folder of this file", None, id="a-path-of-another-system"),
        pytest.param("sources: [{reader: x, leave_out: [name]}]", "1:35", "'leave_out': a JSON Pointer begins with '/', got 'name'", None, id="no-pointer"),
        pytest.param("sources: [{reader: x, leave_out: [/snapshot/gaps]}]", "1:35", "'leave_out': '/snapshot/gaps' is what a source says of itself, and no fact that another one could give", None, id="the-gaps-of-a-source"),
        pytest.param("sources: [{reader: x, leave_out: [/snapshot/gaps/~1risks]}]", "1:35", "'leave_out': '/snapshot/gaps/~1risks' is what a source says of itself, and no fact that another one could give", None, id="one-gap-of-a-source"),
        pytest.param("sources: [{reader: x, leave_out: [/snapshot]}]", "1:35", "'leave_out': '/snapshot' is what a source says of itself, and no fact that another one could give", None, id="the-head-of-a-source"),
        pytest.param("sources: [{reader: x, leave_out: ['/*/gaps']}]", "1:35", "'leave_out': '/*/gaps' is what a source says of itself, and no fact that another one could give", None, id="the-head-by-another-name"),
        pytest.param("time_zone: Europe/Berln", "1:12", "'time_zone': no time zone is called 'Europe/Berln'; did you mean 'Europe/Berlin'?", None, id="no-such-zone"),
        pytest.param("captured_at: 2026-03-03", "1:14", "'captured_at': an instant is written like 2026-03-03T14:00:00+01:00", None, id="a-day-is-no-instant"),
        pytest.param("fail_on: never", "1:10", "'fail_on' wants one of low, medium, high, critical; found 'never'", "known: critical, high, low, medium", id="the-gate-cannot-be-taken-away"),
        pytest.param("severities: {late: never}", "1:20", "'late' wants one of low, medium, high, critical; found 'never'", "known: critical, high, low, medium", id="no-severity"),
        pytest.param("severities: {late: {value: low}}", "1:20", "'late' wants one of low, medium, high, critical; found 'key: value' pairs", None, id="a-change-as-in-a-profile"),
        pytest.param("formats: [1.0]", "1:11", "'formats' wants a text; found 1.0", None, id="a-number"),
        pytest.param("- a", "1:1", "auditor.yaml wants 'key: value' pairs; found a list", None, id="a-list"),
        pytest.param("", "1:1", "auditor.yaml wants 'key: value' pairs; found nothing", None, id="an-empty-file"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_told_with_its_place(
    text: str, place: str, message: str, hint: str | None
) -> None:
    """Each breach has file, line, column and the nearest key."""
    with pytest.raises(ErrorGroup) as caught:
        parse(text)

    assert [(f"{error.location}", error.message, error.hint) for error in caught.value.errors] == [
        (f"auditor.yaml:{place}", message, hint)
    ]


PROFILE = "it belongs in the organisation's profile (--profile FILE), which those who are judged do not write"


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        *((key, PROFILE) for key in ("attest_instead", "calendars", "exclusions", "ext", "freshness")),
        *((key, PROFILE) for key in ("packs", "params", "standards")),
        ("mappings", "name a 'mapping' with each source; one for all repositories belongs in the profile"),
        ("population", "name it with --population FILE, or in the profile"),
        ("profile", "name it with --profile FILE: those who are judged do not choose it"),
    ],
)  # fmt: skip
def test_what_only_the_organisation_can_say_is_told_as_such(key: str, hint: str) -> None:
    """Not as a slip of the pen."""
    with pytest.raises(ErrorGroup) as caught:
        parse(f"fail_on: low\n{key}: x\n")

    (error,) = caught.value.errors
    assert (str(error.location), error.message, error.hint) == (
        "auditor.yaml:2:1", f"'{key}' does not belong here", hint,
    )  # fmt: skip


def test_every_key_of_a_profile_is_told_as_such() -> None:
    """Save those that an auditor.yaml has, too, and those that say who the profile is."""
    ours = set(config_model().model_fields) | {"id", "title", "owner", "version"}

    for key in set(profile_model().model_fields) - ours:
        with pytest.raises(ErrorGroup, match="1 errors") as caught:
            parse(f"{key}: x\n")
        assert caught.value.errors[0].message == f"'{key}' does not belong here"


def test_a_severity_has_its_places() -> None:
    """Where it stands, and where its policy is named."""
    severity = parse(FULL).severities["late-thing"]

    assert (str(severity.at.location), str(severity.name_at.location)) == (
        "auditor.yaml:13:26",
        "auditor.yaml:13:14",
    )
    assert (severity.reason, severity.by, severity.on) == (None, None, None)


def test_all_breaches_are_told_at_once() -> None:
    """They come in the order of the file, each with its source line."""
    with pytest.raises(ErrorGroup) as caught:
        parse("fail_on: no\npolicys: []\ntime_zone: Mars\n")

    assert [(error.location.line, error.excerpt) for error in caught.value.errors if error.location] == [
        (1, "fail_on: no"), (2, "policys: []"), (3, "time_zone: Mars"),
    ]  # fmt: skip


def test_broken_yaml_is_told_as_such() -> None:
    """A key that stands twice is refused before anything is looked at."""
    with pytest.raises(DocumentError, match="'auditee' is given twice"):
        parse("auditee: a\nauditee: b\n")


@pytest.mark.parametrize(
    ("asked", "own", "expected"),
    [
        pytest.param(Severity.HIGH, "medium", Severity.MEDIUM, id="the-file-tightens"),
        pytest.param(Severity.LOW, "high", Severity.LOW, id="the-file-cannot-loosen"),
        pytest.param(None, "critical", Severity.CRITICAL, id="never-is-the-loosest"),
        pytest.param(Severity.HIGH, None, Severity.HIGH, id="the-file-says-nothing"),
        pytest.param(None, None, None, id="nobody-gates"),
    ],
)
def test_the_stricter_gate_holds(
    asked: Severity | None, own: str | None, expected: Severity | None
) -> None:
    """Those who are judged do not hold the pen."""
    config = parse("policies: []" if own is None else f"fail_on: {own}")

    assert config.gate(asked) is expected


def test_the_schema_is_that_of_the_model(root: Path) -> None:
    """Write the model's schema into the file when this fails: editors read the file, we the model."""
    written = json.loads((root / "schemas/config.schema.json").read_text())

    assert written == {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "config.schema.json",
        **config_model().model_json_schema(),
    }


def test_every_key_is_documented(root: Path) -> None:
    """The page has a heading for each key of the file and of a source, and for nothing else."""
    page = (root / "docs/configuration.md").read_text()
    schema = config_model().model_json_schema()
    keys = {*schema["properties"], *schema["$defs"]["Source"]["properties"]}

    headings = {line.split("`")[1] for line in page.splitlines() if line.startswith("### `")}
    assert headings == keys
