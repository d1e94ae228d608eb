"""Whoever asks where a fact of a case is written is led to the line that says it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.documents.nodes import node_at
from auditor.documents.pointer import resolve, walk
from auditor.evaluation.case_changes import change
from auditor.language.cases import parse_cases
from auditor.model.errors import ErrorGroup

BASE = {"project": {"id": 0, "name": 1}, "risks": [{"id": 2}, {"id": 3}, {"id": 4, "tags": [5, 6]}]}


def case_of(changes: dict[str, Any], removals: list[str]) -> Any:
    """Return a case that makes these changes."""
    case = {"name": "c", "set": changes, "remove": removals}
    file = {"policy": "p", "base": BASE, "cases": [case]}
    return parse_cases(json.dumps(file).encode(), path="p.cases.yaml").cases[0]


@pytest.mark.parametrize(
    ("changes", "removals", "pointer", "keys", "in_base"),
    [
        pytest.param({}, [], "/risks/1/id", (), "/risks/1/id", id="nothing changed"),
        pytest.param({}, ["/risks/0"], "/risks/0/id", (), "/risks/1/id", id="moved up"),
        pytest.param({}, ["/risks/1"], "/risks/0/id", (), "/risks/0/id", id="stands before it"),
        pytest.param({}, ["/risks/0", "/risks/0"], "/risks/0/id", (), "/risks/2/id", id="twice"),
        pytest.param({}, ["/project/name"], "/project/name", ("remove", 0), None, id="taken away"),
        pytest.param({"/risks/1/id": 9}, [], "/risks/1/id", ("set", "/risks/1/id"), None, id="set"),
        pytest.param(
            {"/risks/-": {"id": 9}},
            ["/risks/0"],
            "/risks/2/id",
            ("set", "/risks/-", "id"),
            None,
            id="added, then moved up",
        ),
        pytest.param(
            {"/risks/1": {"id": 8}, "/risks/1/id": 9},
            [],
            "/risks/1/id",
            ("set", "/risks/1/id"),
            None,
            id="the last word counts",
        ),
    ],
)
def test_origin(
    changes: dict[str, Any],
    removals: list[str],
    pointer: str,
    keys: tuple[str | int, ...],
    in_base: str | None,
) -> None:
    """In the case where it says so, else in the base under the name that it has there."""
    origin = change(case_of(changes, removals), BASE).origin(pointer)

    assert origin.keys == keys
    if in_base is not None:
        assert origin.pointer == in_base


RISKS = [f"/risks/{at}{below}" for at in range(4) for below in ("", "/id", "/tags", "/tags/0")]
VALUES = st.integers(100, 10**6)


@given(
    st.dictionaries(
        st.sampled_from([*RISKS, "/risks/-", "/project/name", "/project/new"]),
        VALUES | st.fixed_dictionaries({"id": VALUES}),
        max_size=4,
    ),
    st.lists(st.sampled_from([*RISKS, "/project/name"]), max_size=4),
)
def test_what_is_found_at_the_origin_is_the_value(
    changes: dict[str, Any], removals: list[str]
) -> None:
    """Whatever was set, added and taken away before, and however lists moved."""
    case = case_of(changes, removals)
    try:
        changed = change(case, BASE)
    except ErrorGroup:
        return  # it changes something that is not there, which is told elsewhere
    for pointer, value in walk(changed.snapshot):
        if isinstance(value, (dict, list)):
            continue
        origin = changed.origin(pointer)
        written = node_at(case.node, origin.keys).data if origin.keys else None
        assert value == (written if origin.keys else resolve(BASE, origin.pointer)), pointer
