"""A file of known findings that is not quite one excuses nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from auditor.model.errors import AuditorError, ErrorGroup
from auditor.sources.known_findings import parse_known

DIGEST = "sha256:" + "0" * 64
ENTRY = {
    "auditee": "apollo",
    "policy": "late-thing",
    "subject": "x",
    "outcome": "fail",
    "rules": DIGEST,
    "facts": DIGEST,
    "message": "M",
}
HEAD = {"name": "known", "version": 1}


def faults(document: Any) -> list[tuple[str, str | None]]:
    """Return what is wrong with a document: place and message, and what to do."""
    with pytest.raises(ErrorGroup) as caught:
        parse_known(json.dumps(document).encode(), path="known.json")
    return [(f"{error.location}: {error.message}", error.hint) for error in caught.value.errors]


@pytest.mark.parametrize(
    ("document", "message"),
    [
        pytest.param([], "it is no file of known findings", id="a-list"),
        pytest.param({"findings": []}, "it is no file of known findings", id="no-head"),
        pytest.param(
            {"schema": {"name": "run"}, "findings": []},
            "it says that it is 'run', not 'known'",
            id="another-document",
        ),
        pytest.param(
            {"schema": HEAD | {"version": 2}, "findings": []},
            "its version is the number 2, and this program knows 1",
            id="a-version-to-come",
        ),
        pytest.param(
            {"schema": HEAD | {"version": True}, "findings": []},
            "its version is true, and this program knows 1",
            id="no-version",
        ),
        pytest.param({"schema": HEAD}, "'findings' wants a list; found null", id="no-list"),
        pytest.param(
            {"schema": HEAD, "findings": [], "all": True}, "unknown key 'all'", id="another-key"
        ),
        pytest.param(
            {"schema": HEAD, "findings": [ENTRY | {"outcome": "error"}]},
            "'outcome' wants one of fail, inconclusive; found 'error'",
            id="a-policy-that-broke",
        ),
        pytest.param(
            {"schema": HEAD, "findings": [ENTRY | {"outcome": "pass"}]},
            "'outcome' wants one of fail, inconclusive; found 'pass'",
            id="a-pass",
        ),
        pytest.param(
            {"schema": HEAD, "findings": [ENTRY | {"facts": "*"}]},
            "'facts' wants a digest; found '*'",
            id="all-facts",
        ),
        pytest.param(
            {"schema": HEAD, "findings": [ENTRY | {"auditee": ""}]}, "'auditee' is empty", id="all"
        ),
        pytest.param(
            {"schema": HEAD, "findings": [{k: v for k, v in ENTRY.items() if k != "rules"}]},
            "'rules' is missing",
            id="any-policy",
        ),
        pytest.param(
            {"schema": HEAD, "findings": [ENTRY, ENTRY | {"message": "Another."}]},
            "the finding of 'late-thing' on 'x' in 'apollo' is listed twice",
            id="twice",
        ),
    ],
)
def test_what_is_wrong_is_told(document: Any, message: str) -> None:
    """One message, and its place."""
    [(told, hint)] = faults(document)

    assert told.startswith("known.json:1:")
    assert told.endswith(f": {message}")
    assert hint


def test_a_slip_in_a_key_is_told_with_the_key_that_is_meant() -> None:
    """Both the slip and what is missing for it."""
    entry = {key.replace("rules", "rule"): value for key, value in ENTRY.items()}

    told = faults({"schema": HEAD, "findings": [entry]})
    assert "did you mean 'rules'?" in {hint for _, hint in told}
    assert {text.rpartition(": ")[2] for text, _ in told} == {
        "unknown key 'rule'",
        "'rules' is missing",
    }


def test_many_faults_are_counted() -> None:
    """A file that is something else has hundreds."""
    told = faults({"schema": HEAD, "findings": [1] * 100})

    assert len(told) == 6
    assert any("95 more faults in this file" in text for text, _ in told)


@pytest.mark.parametrize("data", [b"", b"{", b'{"a":1,"a":1}', b"\xff"])
def test_what_cannot_be_parsed_is_told(data: bytes) -> None:
    """As of every document."""
    with pytest.raises(AuditorError):
        parse_known(data, path="known.json")
