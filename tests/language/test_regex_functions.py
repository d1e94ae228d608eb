"""CEL's extension for patterns: its documentation's examples, and sizes."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.documents.limits import MAX_STRING
from auditor.evaluation.exact import BudgetExceeded, evaluate
from auditor.evaluation.shapes import plain
from auditor.language.cel.checker import check
from auditor.language.cel.parser import parse
from auditor.language.functions import optionals, regex
from auditor.language.registry import Functions
from auditor.language.values import Failure, Listing

FUNCTIONS = Functions([optionals.LIBRARY, regex.LIBRARY])


def value_of(text: str, **variables: Any) -> Any:
    """Evaluate an expression over given values."""
    tree = parse(text)
    found = plain(evaluate(tree, variables=variables, functions=FUNCTIONS))
    return list(found) if isinstance(found, Listing) else found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("regex.replace('hello world hello', 'hello', 'hi')", "hi world hi"),
        ("regex.replace('banana', 'a', 'x', 0)", "banana"),
        ("regex.replace('banana', 'a', 'x', 1)", "bxnana"),
        ("regex.replace('banana', 'a', 'x', 2)", "bxnxna"),
        ("regex.replace('banana', 'a', 'x', 100)", "bxnxnx"),
        ("regex.replace('banana', 'a', 'x', -12)", "bxnxnx"),
        (r"regex.replace('foo bar', '(fo)o (ba)r', r'\2 \1')", "ba fo"),
        (r"regex.replace('ab', '(a)|(b)', r'[\1\2\0]')", "[aa][bb]"),
        (r"regex.replace('a.b', r'\.', r'\\')", r"a\b"),
        ("regex.replace('a', 'a', '$1')", "$1"),
        ("regex.replace('baaac', 'a*', 'x')", "xbxcx"),
        ("regex.replace('abc', '', '-')", "-a-b-c-"),
        ("regex.replace('ééx', 'x', 'y')", "ééy"),
        ("regex.extract('hello world', 'hello(.*)').value()", " world"),
        (r"regex.extract('item-A, item-B', r'item-(\w+)').value()", "A"),
        ("regex.extract('HELLO', 'hello').hasValue()", False),
        ("regex.extract('phone: ', 'phone: (.*)').hasValue()", False),
        ("regex.extract('', '').value()", ""),
        (r"regex.extractAll('id:123, id:456', r'id:\d+')", ["id:123", "id:456"]),
        (r"regex.extractAll('id:123, id:456', r'id:(\d+)')", ["123", "456"]),
        ("regex.extractAll('id:123, id:456', 'assa')", []),
        ("regex.extractAll('ab', '(a)|b')", ["a"]),
    ],
)
def test_patterns_are_what_the_documentation_says(text: str, expected: object) -> None:
    """Its own examples, and what Go's matches come to."""
    check(parse(text), variables={}, functions=FUNCTIONS)

    assert value_of(text) == expected


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("regex.extract('a@b', '(.*)@([^.]*)')", "pattern_groups"),
        ("regex.extractAll('a@b', '(.*)@([^.]*)')", "pattern_groups"),
        ("regex.replace('foo bar', '(', 'x')", "bad_pattern"),
        ("regex.extract('foo', '(')", "bad_pattern"),
        ("regex.extractAll('foo', r'(?=o)')", "bad_pattern"),
        (r"regex.replace('test', '(.)', r'\2')", "bad_replacement"),
        (r"regex.replace('none', 'x(.)', r'\2')", "bad_replacement"),
        (r"regex.replace('id=123', r'id=(?P<value>\d+)', r'value: \values')", "bad_replacement"),
        (r"regex.replace('a', 'a', 'end\\')", "bad_replacement"),
    ],
)
def test_wrong_patterns_and_replacements_are_errors(text: str, slug: str) -> None:
    """Even where nothing is to be replaced."""
    found = value_of(text)

    assert isinstance(found, Failure)
    assert found.slug == slug


def test_a_replacement_does_not_grow_beyond_a_document() -> None:
    """It is given up on the way."""
    found = value_of("regex.replace(long, 'a', by)", long="a" * 5_000, by="b" * 5_000)

    assert isinstance(found, Failure)
    assert found.slug == "too_long"
    assert value_of("regex.replace(long, 'b', '')", long="a" * 5_000) == "a" * 5_000


@pytest.mark.parametrize("call", ["replace(long, 'a', 'b')", "extractAll(long, 'a')"])
def test_more_matches_than_the_budget_allows_are_given_up(call: str) -> None:
    """They are paid for before the first is looked for."""
    with pytest.raises(BudgetExceeded):
        value_of(f"regex.{call}", long="a" * MAX_STRING)
