"""Pointers name values as RFC 6901 says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.documents.pointer import (
    child,
    copied,
    join,
    matches,
    remove_at,
    resolve,
    set_at,
    split,
    walk,
)

RFC = {
    "foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5, 'k"l': 6, " ": 7, "m~n": 8,
}  # fmt: skip
"""The document of RFC 6901, section 5."""

documents = st.recursive(
    st.none() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4)
    ),
)


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("", RFC), ("/foo", ["bar", "baz"]), ("/foo/0", "bar"), ("/", 0), ("/a~1b", 1), ("/c%d", 2),
        ("/e^f", 3), ("/g|h", 4), ("/i\\j", 5), ('/k"l', 6), ("/ ", 7), ("/m~0n", 8),
    ],
)  # fmt: skip
def test_resolves_the_examples_of_the_rfc(pointer: str, value: object) -> None:
    """Section 5 of the RFC."""
    assert resolve(RFC, pointer) == value


@pytest.mark.parametrize(
    "pointer",
    [
        "/foo/2",
        "/foo/-",
        "/foo/00",
        "/foo/-1",
        "/foo/bar",
        "/nothing",
        "/foo/0/x",
        "/foo/\u0660",
        "/foo/" + "9" * 30,
    ],
)
def test_what_is_not_there_is_a_lookup_error(pointer: str) -> None:
    """An index is written in plain digits, without a sign and without zeros in front."""
    with pytest.raises(LookupError):
        resolve(RFC, pointer)


@pytest.mark.parametrize("pointer", ["foo", "/a~", "/a~2b", "/~"])
def test_what_is_no_pointer_is_a_value_error(pointer: str) -> None:
    """A missing slash and an open escape are mistakes of the writer, not missing values."""
    with pytest.raises(ValueError, match="JSON Pointer"):
        split(pointer)


@given(st.lists(st.text()))
def test_split_takes_apart_what_join_puts_together(parts: list[str]) -> None:
    """Whatever the keys hold."""
    assert split(join(*parts)) == parts


def test_join_takes_indices() -> None:
    """Numbers are indices."""
    assert join("a/b", 0, "~") == "/a~1b/0/~0"
    assert child("/a", "x/y") == "/a/x~1y"


@pytest.mark.parametrize(
    ("pattern", "pointer", "is_match"),
    [
        ("/sprints/*/state", "/sprints/0/state", True),
        ("/sprints/*/state", "/sprints/0", False),
        ("/sprints/*", "/sprints/0/state", False),
        ("/*", "/*", True),
        ("", "", True),
        ("/a", "/b", False),
    ],
)
def test_matches(pattern: str, pointer: str, is_match: bool) -> None:  # noqa: FBT001
    """A star stands for one token, no more and no fewer."""
    assert matches(pattern, pointer) is is_match


@given(documents)
def test_walk_names_every_value(document: object) -> None:
    """Each pointer resolves to the value beside it, and none comes twice."""
    found = list(walk(document))

    assert all(resolve(document, pointer) is value for pointer, value in found)
    assert len({pointer for pointer, _ in found}) == len(found)


@given(documents)
def test_copied_is_equal_and_shares_nothing(document: object) -> None:
    """No list and no mapping of the copy is one of the original."""
    copy = copied(document)

    assert copy == document
    old = {id(value) for _, value in walk(document) if isinstance(value, (dict, list))}
    assert not any(id(value) in old for _, value in walk(copy) if isinstance(value, (dict, list)))


def test_set_at() -> None:
    """A key may be new, a list grows at its end, and the original stays as it was."""
    document = {"a": [1, {"b": 2}]}

    assert set_at(document, "/a/1/b", 3) == {"a": [1, {"b": 3}]}
    assert set_at(document, "/a/1/c", 3) == {"a": [1, {"b": 2, "c": 3}]}
    assert set_at(document, "/a/-", 3) == {"a": [1, {"b": 2}, 3]}
    assert set_at(document, "/a/0", []) == {"a": [[], {"b": 2}]}
    assert set_at(document, "", 7) == 7
    assert document == {"a": [1, {"b": 2}]}


@pytest.mark.parametrize("pointer", ["/x/y", "/a/2", "/a/x", "/a/0/b"])
def test_set_at_wants_something_to_hold_the_value(pointer: str) -> None:
    """Nothing is made on the way."""
    with pytest.raises(LookupError):
        set_at({"a": [1, 2]}, pointer, 3)


def test_remove_at() -> None:
    """A key or an element goes, the original stays as it was."""
    document = {"a": [1, {"b": 2}]}

    assert remove_at(document, "/a/1/b") == {"a": [1, {}]}
    assert remove_at(document, "/a/0") == {"a": [{"b": 2}]}
    assert document == {"a": [1, {"b": 2}]}


@pytest.mark.parametrize("pointer", ["", "/b", "/a/2", "/a/-"])
def test_remove_at_wants_something_to_remove(pointer: str) -> None:
    """A case that removes nothing tests nothing."""
    with pytest.raises(LookupError):
        remove_at({"a": [1, 2]}, pointer)
