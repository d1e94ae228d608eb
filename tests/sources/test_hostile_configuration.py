"""Whatever stands in a configuration file, it is read or it is told: never a crash."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from auditor.documents.pointer import remove_at, set_at, walk
from auditor.documents.yaml import parse_yaml
from auditor.model.errors import AuditorError, ErrorGroup
from auditor.sources.config import parse_config
from auditor.sources.population import parse_population
from auditor.sources.profile import parse_profile

if TYPE_CHECKING:
    from collections.abc import Callable

WHY: dict[str, Any] = {"reason": "Agreed with clients", "by": "C. Doyle", "on": "2026-08-01"}
CALENDAR: dict[str, Any] = {
    "working_days": ["mon"],
    "hours": {"from": "09:00", "to": "17:00"},
    "holidays": ["2026-10-03"],
    "covers": {"from": "2026-01-01", "to": "2026-12-31"},
}
PROFILE: dict[str, Any] = {
    "id": "acme",
    "title": "Acme",
    "owner": "Office",
    "version": "3",
    "packs": ["seef"],
    "params": {"late": {"limit": {"value": {"deep": [1]}, **WHY}}},
    "severities": {"late": {"value": "low", **WHY}},
    "calendars": {"c": {"zones": ["UTC"], "auditees": ["a"], **CALENDAR}},
    "mappings": {"jira_export": "jira.yaml"},
    "freshness": {"value": "14 days", **WHY},
    "attest_instead": [
        {"fact": "/a/*", "policies": ["late"], "roles": ["DM"], "valid_for": "9 days", **WHY}
    ],
    "exclusions": [{"framework": "iq", **WHY}],
}
EXCLUSION = {"kind": "k", "reason": "Two calls", "by": "C. Doyle", "at": "2026-08-01"}
POPULATION: dict[str, Any] = {
    "id": "p",
    "name": "People",
    "time_zone": "UTC",
    "calendar": CALENDAR,
    "members": [{"id": "a", "name": "A", "from": "2026-01-01", "exclusion": EXCLUSION}],
}
CONFIG: dict[str, Any] = {
    "sources": [{"reader": "folder", "settings": {"a": 1}}],
    "severities": {"late": "high"},
    "policies": ["own"],
}
VALUES: tuple[Any, ...] = (
    None, True, 0, -1.5, 10**30, "", " ", "\u202e", "../x", "a\\b", "9999-99-99", "9" * 50,
    [], {}, [[]], {"": {}}, {"value": []}, "x" * 10_000, "\U0001f600", "/~2",
)  # fmt: skip

FILES = [
    pytest.param(PROFILE, parse_profile, id="profile"),
    pytest.param(POPULATION, parse_population, id="population"),
    pytest.param(CONFIG, parse_config, id="auditor.yaml"),
]


def told(data: Any, parse: Callable[..., object]) -> bool:
    """Return whether the file is refused; each reason has its place and its line."""
    try:
        parse(json.dumps(data, ensure_ascii=False).encode(), path="file.yaml")
    except AuditorError as error:
        errors = error.errors if isinstance(error, ErrorGroup) else (error,)
        assert errors
        assert all(one.location and one.excerpt is not None for one in errors)
        return True
    return False


@pytest.mark.parametrize(("data", "parse"), FILES)
def test_the_file_that_is_spoilt_is_right(data: Any, parse: Callable[..., object]) -> None:
    """Else the other tests would show nothing."""
    assert parse_yaml(json.dumps(data).encode(), path="file.yaml") == data
    assert not told(data, parse)


@pytest.mark.parametrize(("data", "parse"), FILES)
def test_any_value_may_be_anything(data: Any, parse: Callable[..., object]) -> None:
    """Every value of the file, replaced by what nobody expects there."""
    pointers = [pointer for pointer, _ in walk(data) if pointer]
    refused = [
        told(set_at(data, pointer, value), parse) for pointer in pointers for value in VALUES
    ]

    assert sum(refused) > len(refused) / 2  # most of it can stand nowhere


@pytest.mark.parametrize(("data", "parse"), FILES)
def test_any_key_may_be_missing(data: Any, parse: Callable[..., object]) -> None:
    """Every value of the file, left out."""
    for pointer, _ in walk(data):
        if pointer:
            told(remove_at(data, pointer), parse)


@pytest.mark.parametrize(("data", "parse"), FILES)
def test_an_unknown_key_is_refused_wherever_it_stands(
    data: Any, parse: Callable[..., object]
) -> None:
    """Save where keys are names of somebody's own."""
    named = ("/params", "/severities", "/mappings", "/calendars", "/sources/0/settings")
    for pointer, value in walk(data):
        is_own = pointer in named or pointer.startswith("/params/late/limit/value")
        if isinstance(value, dict) and not is_own and pointer != "/params/late":
            assert told(set_at(data, f"{pointer}/unheard_of", {}), parse), pointer
