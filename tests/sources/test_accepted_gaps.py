"""A file of accepted gaps says what is accepted, by whom, why and for how long; there is no entry for everything."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from auditor.model.accepted import AcceptedGap
from auditor.model.errors import AcceptedGapError, ErrorGroup
from auditor.model.location import Location
from auditor.sources.accepted_gaps import accepted_model, parse_accepted

if TYPE_CHECKING:
    from pathlib import Path

ENTRY = {
    "fact": "/actions/*/owner",
    "reason": "The minutes are being typed in.",
    "by": "C. Doyle",
    "on": "2026-09-01",
    "until": "2026-12-31",
}


def file(*entries: dict[str, str]) -> bytes:
    """Write a file, one line per value."""
    lines = ["accepted_gaps:"]
    for entry in entries:
        begin = "  - "
        for key, value in entry.items():
            lines.append(f"{begin}{key}: {value}")
            begin = "    "
    return "\n".join(lines).encode()


def faults(data: bytes) -> list[tuple[str, str, str | None]]:
    """Return what is wrong: place, message, hint."""
    with pytest.raises(ErrorGroup) as caught:
        parse_accepted(data, path="a.yaml")
    assert all(type(error) is AcceptedGapError for error in caught.value.errors)
    return [(str(error.location), error.message, error.hint) for error in caught.value.errors]


def test_an_entry_is_read() -> None:
    """All of it, with its place."""
    entry = ENTRY | {"gap": "not_collected", "auditees": "[apollo, zeus]"}

    assert parse_accepted(file(entry), path="a.yaml") == (
        AcceptedGap(
            fact="/actions/*/owner",
            gap="not_collected",
            auditees=("apollo", "zeus"),
            reason="The minutes are being typed in.",
            by="C. Doyle",
            on="2026-09-01",
            until="2026-12-31",
            location=Location("a.yaml", 2, 5),
        ),
    )


@pytest.mark.parametrize("fact", ["/*", "/**", "/*/*", "/**/*"])
def test_there_is_no_entry_for_everything(fact: str) -> None:
    """Who accepts everything has looked at nothing."""
    [(_, message, _)] = faults(file(ENTRY | {"fact": f'"{fact}"'}))

    assert message == f"'fact': '{fact}' would accept that anything is missing"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"fact": '""'}, "'fact' is empty"),
        ({"fact": "actions"}, None),
        ({"fact": "/**/owner"}, "'fact': '/**/owner' names no kind of fact"),
        ({"fact": "/*/owner"}, "'fact': '/*/owner' names no kind of fact"),
        (
            {"fact": "/actions/3/owner"},
            "'fact': '/actions/3/owner' names one record by its place in a list, which changes",
        ),
        ({"reason": "Later."}, "'reason': 'Later.' has fewer than 20 characters"),
        ({"reason": "TBD"}, None),
        ({"by": '" "'}, None),
        ({"until": "2026-13-01"}, None),
        ({"until": "2026-08-31"}, "it ends on 2026-08-31, before it was decided on 2026-09-01"),
        (
            {"until": "2027-03-01"},
            "it holds until 2027-03-01, more than 180 days after 2026-09-01",
        ),
        ({"gap": '""'}, "'gap' is empty"),
    ],
)
def test_what_is_wrong_is_told_at_its_place(change: dict[str, str], message: str | None) -> None:
    """With file, line and column; the message is asked for where it is ours."""
    entry = ENTRY | change
    [(place, said, _)] = faults(file(entry))

    line = 2 + list(entry).index(next(iter(change)))
    assert place.startswith(f"a.yaml:{line}:")
    assert message in {None, said}


def test_the_longest_time_is_half_a_year() -> None:
    """180 days after the decision is the last day that is accepted."""
    assert parse_accepted(file(ENTRY | {"until": "2027-02-28"}), path="a.yaml")


@pytest.mark.parametrize("key", ["reason", "by", "on", "until", "fact"])
def test_nobody_accepts_without_a_name_a_reason_and_an_end(key: str) -> None:
    """Each has to be there."""
    entry = {name: value for name, value in ENTRY.items() if name != key}

    assert faults(file(entry)) == [("a.yaml:2:5", f"'{key}' is missing", f"add {key}: ...")]


def test_an_unknown_key_is_told_with_the_one_that_is_meant() -> None:
    """Who wrote `auditee` meant to narrow the entry, and would have accepted it for all."""
    [(place, message, hint)] = faults(file(ENTRY | {"auditee": "apollo"}))

    assert (place, message) == ("a.yaml:7:5", "unknown key 'auditee'")
    assert hint == "did you mean 'auditees'?"


def test_the_schema_is_that_of_the_model(root: Path) -> None:
    """Write the model's schema into the file when this fails: editors read the file, we the model."""
    written = json.loads((root / "schemas/accepted.schema.json").read_text())

    assert written == {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "accepted.schema.json",
        **accepted_model().model_json_schema(),
    }


def test_the_example_of_the_page_is_a_file_of_accepted_gaps(root: Path) -> None:
    """What a reader copies is right."""
    lines = (root / "docs/gate.md").read_text().splitlines()
    first = next(i for i, line in enumerate(lines) if line.endswith("accepted.schema.json"))
    last = next(i for i, line in enumerate(lines) if i > first and not line.startswith("    "))
    example = "\n".join(line[4:] for line in lines[first:last])

    [gap] = parse_accepted(example.encode(), path="accepted.yaml")
    assert (gap.fact, gap.gap, gap.until) == ("/actions/*/owner", "unobserved", "2026-12-31")
