"""YAML is read as YAML 1.2 with the core types, and every refusal names its place."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest
import yaml as pyyaml
from hypothesis import given
from hypothesis import strategies as st

from auditor.documents.limits import MAX_DEPTH
from auditor.documents.yaml import (
    MappingNode,
    ScalarNode,
    SequenceNode,
    compose,
    parse_yaml,
)
from auditor.model.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Callable

BOMB = (
    "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
    "b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\n"
    "c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]\n"
    "d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]\n"
    "e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]\n"
)


def refused(text: str) -> DocumentError:
    """Return the error that *text* gives."""
    with pytest.raises(DocumentError) as caught:
        compose(text.encode(), path="a/b.yaml")
    return caught.value


def at_depth(depth: int, call: Callable[[], Any]) -> Any:
    """Call with *depth* frames below."""
    return at_depth(depth - 1, call) if depth else call()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("on", "on"), ("off", "off"), ("yes", "yes"), ("no", "no"), ("y", "y"),
        ("17:30", "17:30"), ("1_000", "1_000"), ("2026-03-03", "2026-03-03"),
        ("2026-03-03T10:00:00Z", "2026-03-03T10:00:00Z"), ("0b11", "0b11"), ("1.2.3", "1.2.3"),
        ("nan", "nan"), ("inf", "inf"), ("=", "="), ("1e", "1e"), (".", "."), ("-", None),
        ("1.10", 1.1), ("0123", 123), ("-0", 0), ("+7", 7), ("0o17", 15), ("0x1F", 31), ("0X1F", "0X1F"),
        ("1e3", 1000.0), (".5", 0.5), ("5.", 5.0), ("-1.5E-3", -0.0015),
        ("true", True), ("False", False), ("tRUE", "tRUE"), ("null", None), ("~", None), ("", None),
        ("'1'", "1"), ('"true"', "true"), ("''", ""),
    ],
)  # fmt: skip
def test_types_are_those_of_the_core_schema(written: str, meant: object) -> None:
    """Nothing is a boolean, a date or a number that YAML 1.2 does not call one."""
    if written == "-":
        assert parse_yaml(b"- -", path="x.yaml") == [[None]]
        return
    value = parse_yaml(f"k: {written}".encode(), path="x.yaml")["k"]

    assert (type(value), value) == (type(meant), meant)


def test_keys_that_other_readers_take_for_booleans_are_strings() -> None:
    """`on:` is the key "on"."""
    assert parse_yaml(b"on: push\nno: 1", path="x.yaml") == {"on": "push", "no": 1}


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("a: 1\nb: 2\na: 3", (3, 1), "key 'a' is given twice, first in line 1"),
        ("a: {b: 1, 'b': 2}", (1, 11), "key 'b' is given twice, first in line 1"),
        ("1: x", (1, 1), "a key must be a string, found 1"),
        ("x: 1\ntrue: x", (2, 1), "a key must be a string, found true"),
        ("1.10: x", (1, 1), "a key must be a string, found 1.10"),
        ("? \n: x", (1, 2), "a key must be a string, found nothing"),
        ("? [a]\n: 1", (1, 3), "a key must be a string, found a list, a mapping or an alias"),
        ("a: &x b\n*x : 1", (2, 1), "a key must be a string, found a list, a mapping or an alias"),
        ("a: &x {b: 1}\nc:\n  <<: *x", (3, 3), "the merge key '<<', which YAML 1.2 does not have"),
        ("a: !!str 1", (1, 4), "the tag !!str, want plain values"),
        ("a: !secret x", (1, 4), "the tag !secret, want plain values"),
        ("a: !!python/object:os.system {}", (1, 4), "the tag !!python/object:os.system, want plain values"),
        ("a: .nan", (1, 4), ".nan is no finite number"),
        ("a: -.INF", (1, 4), "-.INF is no finite number"),
        ("a: 1e999", (1, 4), "1e999 is no finite number"),
        ("a: " + "7" * 5000, (1, 4), "an integer of 5000 digits, at most 640 are read"),
        ('a: "\\ud800"', (1, 7), "an escape that is half a character (a lone surrogate) or none"),
        ("a: 1\n---\nb: 2", (2, 1), "a second document, one file holds one"),
        ("%YAML 1.1\n---\na: 1", (1, 1), "%YAML 1.1, files are read as YAML 1.2"),
        ("a: &a [*a]", (1, 8), "the alias *a stands inside what it names"),
        ("a: *b", (1, 4), "the alias *b names nothing before it"),
        (BOMB, (4, 36), "aliases repeat more than 10000 values"),
        ("a:\n\tb: 1", (2, 1), "a tab, which YAML does not allow here"),
        ("a: b: c", (1, 5), "a ':' where no key can stand"),
        ("a: [1, 2", (1, 9), "want ',' or the closing bracket, found the end of the line"),
        ("a: 'x", (1, 4), "the text that begins here has no closing quote"),
        ("a: @x", (1, 4), "plain text cannot begin with '@'"),
        ("a: 1\n  - b\nc: d: e", (3, 5), "a ':' where no key can stand"),
        ("- 1\nb: 2", (2, 1), "want '- ' for the next element of the list, found 'b'"),
        ('a: "\\q"', (1, 5), "no such escape in double quotes"),
        ("a: x\x07", (1, 5), "the invisible character U+0007"),
        ("a: x\x00", (1, 5), "a NUL character, which no text file has"),
        ("é: [\nñ: {", (2, 5), "want a value, found the end of the line"),
    ],
)  # fmt: skip
def test_refuses(text: str, place: tuple[int, int], message: str) -> None:
    """What is wrong is named where it stands."""
    error = refused(text)

    assert error.message == message
    assert error.location is not None
    assert (error.location.path, error.location.line, error.location.column) == ("a/b.yaml", *place)


def test_nothing_is_null() -> None:
    """A file with nothing but comments holds null, at its beginning."""
    node = compose(b"# nothing yet\n", path="x.yaml")

    assert isinstance(node, ScalarNode)
    assert node.value is None
    assert str(node.location) == "x.yaml:1:1"


@pytest.mark.parametrize("text", ["sources: [", "sources: [1,"])
def test_a_bracket_that_is_never_closed_can_be_found(text: str) -> None:
    """The fault shows where the text ends; what to look for is said."""
    assert "close every '['" in (refused(text).hint or "")


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "], ids=["flow", "mappings", "block"])
def test_depth_over_the_limit_is_refused(opening: str) -> None:
    """A hundred levels, or as many as fit, are one error."""
    message = "more than 64 lists and mappings inside each other"

    assert refused(opening * 100).message == message
    assert refused(opening * 20_000).message == message


@pytest.mark.parametrize("caller", [0, sys.getrecursionlimit() - 200])
def test_depth_up_to_the_limit_is_read_whatever_the_callers_depth(caller: int) -> None:
    """Neither reading nor making data recurses."""
    data = b"[" * MAX_DEPTH + b"]" * MAX_DEPTH

    value = at_depth(caller, lambda: parse_yaml(data, path="x.yaml"))

    for _ in range(MAX_DEPTH - 1):
        (value,) = value
    assert value == []


def test_depth_counts_what_an_alias_brings() -> None:
    """An alias deep inside may not hide more depth."""
    deep = "[" * 40 + "]" * 40

    assert refused(f"a: &a {deep}\nb: {'[' * 40}*a{']' * 40}").message == (
        "more than 64 lists and mappings inside each other"
    )


def test_an_alias_is_a_copy_in_the_data() -> None:
    """Whoever changes one place changes that place alone."""
    value = parse_yaml(b"a: &x [1, {b: 2}]\nc: *x\nd: *x", path="x.yaml")

    value["c"][1]["b"] = 3

    assert value == {"a": [1, {"b": 2}], "c": [1, {"b": 3}], "d": [1, {"b": 2}]}


def test_a_string_over_the_limit_is_refused() -> None:
    """Fifty million characters are one located error."""
    error = refused("a: " + "x" * 50_000_000)

    assert error.message == "a string of 50000000 characters, at most 8388608 are read"
    assert str(error.location) == "a/b.yaml:1:4"


def test_nodes_know_their_places() -> None:
    """Keys and values have places of their own, with their ends where those stand on the same line."""
    root = compose(b"name: Apollo\nitems:\n  - {id: x}\n  - 'two words'\n", path="x.yaml")

    assert isinstance(root, MappingNode)
    items = root.get("items")
    assert isinstance(items, SequenceNode)
    assert root.get("nothing") is None
    assert [str(key.location) for key, _ in root.entries] == ["x.yaml:1:1", "x.yaml:2:1"]
    assert [str(item.location) for item in items.items] == ["x.yaml:3:5", "x.yaml:4:5"]
    name = root.get("name")
    assert name is not None
    assert (name.location.column, name.location.end_column) == (7, 13)
    assert name.excerpt == "name: Apollo"


@pytest.mark.skipif(not pyyaml.__with_libyaml__, reason="there is only one parser to compare")
@given(
    text=st.lists(
        st.sampled_from(
            ["a", "b: ", "- ", "\n", "  ", "[", "]", "{", "}", ", ", "'", '"', "|\n", ">-\n", "#", "&x ", "*x", "1", "~", "é", "\r\n"]
        ),
        max_size=25,
    ).map("".join)
)  # fmt: skip
def test_both_parsers_of_pyyaml_read_alike(text: str) -> None:
    """Where PyYAML was built without its C parser, what can be read is read the same."""
    outcomes: list[object] = []
    for with_c in (True, False):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(pyyaml, "__with_libyaml__", with_c)
            try:
                outcomes.append(parse_yaml(text.encode(), path="x.yaml"))
            except DocumentError:
                outcomes.append(DocumentError)

    assert outcomes[0] == outcomes[1]


def test_an_edited_text_keeps_the_places_of_its_file() -> None:
    """What stands behind a change is shown where it is written; what is new, where it came in."""
    root = compose(b"that: >\n  one\n  two\n  three\n", path="a.yaml")
    assert isinstance(root, MappingNode)
    node = root.get("that")
    assert isinstance(node, ScalarNode)

    edited = node.edited(4, 7, "a longer word")

    assert edited.text == "one a longer word three\n"
    assert edited.data == edited.text
    assert str(edited.location_at(0)) == "a.yaml:2:3"
    assert str(edited.location_at(4)) == "a.yaml:3:3"
    assert str(edited.location_at(16)) == "a.yaml:3:3"
    assert str(edited.location_at(18)) == "a.yaml:4:3"
    assert node.text == "one two three\n"
