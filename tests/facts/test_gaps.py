"""A gap makes its value disappear and says why it is missing."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from auditor.facts.gaps import Gaps, apply

GAPS = Gaps(
    {
        "/risks": "truncated",
        "/risks/*/owner": "not_collected",
        "/risks/1/owner": "no_permission",
        "/snapshot/calendar": "not_supported",
        "/approvals": "unparsed",
        "/ext/a~1b": "not_collected",
    }
)


@pytest.mark.parametrize(
    ("pointer", "reason"),
    [
        pytest.param("/approvals", "unparsed", id="named"),
        pytest.param("/risks/0/owner", "not_collected", id="by-a-star"),
        pytest.param("/risks/1/owner", "no_permission", id="the-most-exact-gap-wins"),
        pytest.param("/snapshot/calendar/holidays", "not_supported", id="part-of-what-is-named"),
        pytest.param("/ext/a~1b", "not_collected", id="escaped"),
        pytest.param("/risks", "truncated", id="the-truncated-list-itself"),
        pytest.param("/risks/0/score", "unobserved", id="a-truncated-list-excuses-no-field"),
        pytest.param("/blockers/0/owner", "unobserved", id="no-gap"),
        pytest.param("/approval", "unobserved", id="no-prefix-of-a-name"),
        pytest.param("", "unobserved", id="the-document"),
    ],
)
def test_the_reason_for_a_missing_fact(pointer: str, reason: str) -> None:
    """The gap that names it or what it is part of; else that nobody said."""
    assert GAPS.reason_for(pointer) == reason


@pytest.mark.parametrize(
    ("pointer", "expected"),
    [("/risks", True), ("/risks/0", False), ("/approvals", False), ("/actions", False)],
)
def test_a_truncated_list(pointer: str, expected: bool) -> None:  # noqa: FBT001 - a row of the table
    """Only the list that the gap names is open."""
    assert GAPS.is_truncated(pointer) is expected


def test_a_star_truncates_the_list_of_every_record() -> None:
    """Escalations of every blocker, say."""
    gaps = Gaps({"/blockers/*/escalations": "truncated"})

    assert gaps.is_truncated("/blockers/7/escalations")


def test_reasons_follow_records_that_moved() -> None:
    """After a cut the second record may stand where the first was; gaps speak of the whole snapshot."""
    moved = GAPS.through(lambda pointer: pointer.replace("/risks/0/", "/risks/1/"))

    assert moved.reason_for("/risks/0/owner") == "no_permission"


def test_no_gaps_are_falsy() -> None:
    """So that a caller can skip them."""
    assert (bool(Gaps({})), bool(GAPS)) == (False, True)


DOCUMENT: dict[str, Any] = {
    "risks": [{"id": "r0", "owner": "p", "score": 1.0}, {"id": "r1", "owner": "q"}, {"id": "r2"}],
    "approvals": [],
    "ext": {"a/b": 1, "c": {"*": 2, "d": 3}},
    "snapshot": {"calendar": {"holidays": []}},
}


@pytest.mark.parametrize(
    ("gaps", "expected"),
    [
        pytest.param(
            {"/risks/*/owner": "not_collected"},
            {"risks": [{"id": "r0", "score": 1.0}, {"id": "r1"}, {"id": "r2"}]},
            id="in-every-record",
        ),
        pytest.param(
            {"/risks/1/owner": "no_permission"},
            {"risks": [{"id": "r0", "owner": "p", "score": 1.0}, {"id": "r1"}, {"id": "r2"}]},
            id="in-one-record",
        ),
        pytest.param({"/approvals": "unparsed"}, {"approvals": None}, id="a-whole-list"),
        pytest.param({"/risks": "truncated"}, {}, id="what-was-read-of-a-truncated-list-stays"),
        pytest.param({"/ext/a~1b": "unparsed"}, {"ext": {"c": {"*": 2, "d": 3}}}, id="escaped"),
        pytest.param({"/ext/c/*": "unparsed"}, {"ext": {"a/b": 1, "c": {"d": 3}}}, id="a-key-called-star"),
        pytest.param({"/snapshot/calendar": "not_collected"}, {"snapshot": {}}, id="an-object"),
        pytest.param({"/sprints": "not_collected"}, {}, id="what-is-missing-anyway"),
        pytest.param({"/risks/9/owner": "unparsed"}, {}, id="beyond-the-list"),
        pytest.param({"/risks/0": "unparsed"}, {}, id="an-element-stays"),
        pytest.param({"/risks/0/owner/name": "unparsed"}, {}, id="below-a-scalar"),
    ],
)  # fmt: skip
def test_values_that_a_gap_names_are_removed(gaps: dict[str, str], expected: dict[str, Any]) -> None:  # fmt: skip
    """A missing key is then the only sign of "unobserved"; None in the row means: no such key."""
    wanted = {**DOCUMENT, **expected}
    wanted = {key: value for key, value in wanted.items() if value is not None}

    assert apply(DOCUMENT, Gaps(gaps)) == wanted


def test_the_document_is_not_changed() -> None:
    """What was parsed may be read again, with other gaps."""
    before = copy.deepcopy(DOCUMENT)

    apply(DOCUMENT, Gaps({"/risks/*/owner": "unparsed", "/ext/c": "unparsed"}))

    assert before == DOCUMENT


def test_without_anything_to_remove_it_is_the_same_document() -> None:
    """Nothing is copied for nothing."""
    assert apply(DOCUMENT, Gaps({"/risks": "truncated", "/sprints": "unparsed"})) is DOCUMENT


def test_lists_that_were_cut_short_are_told_by_name() -> None:
    """Whoever reads such a field may not know all of it, wherever it stands."""
    gaps = Gaps(
        {
            "/change_events": "truncated",
            "/risks/*/escalations": "truncated",
            "/risks/3/responses": "truncated",
            "/meetings": "not_collected",
        }
    )

    assert gaps.truncated() == {"change_events", "escalations", "responses"}
