"""What is told to be certain is certain: tried with every value, for conditions of every shape."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.facts.types import INT
from auditor.language.cel.certainty import Certainty
from auditor.language.cel.checker import check
from auditor.language.cel.conditions import Reader
from auditor.language.cel.parser import parse
from auditor.usecases.read_policies import functions

if TYPE_CHECKING:
    from auditor.language.cel.certainty_remarks import Remark
    from auditor.language.registry import Functions

NUMBERS = {"a": INT, "b": INT}
ATOMS = st.one_of(
    st.builds(
        "{} {} {}".format,
        st.sampled_from("ab"),
        st.sampled_from(["==", "!=", "<", "<=", ">", ">="]),
        st.sampled_from(["0", "1", "2", "b", "a"]),
    ),
    st.builds(
        "{} {} {}".format,
        st.sampled_from(["0", "1", "2"]),
        st.sampled_from(["==", "<", ">="]),
        st.sampled_from("ab"),
    ),
    st.builds("{} in [{}, {}]".format, st.sampled_from("ab"), *[st.sampled_from("012")] * 2),
)
CONDITIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds("(({}) && ({}))".format, inner, inner),
        st.builds("(({}) || ({}))".format, inner, inner),
        st.builds("(({}) && ({}) && ({}))".format, inner, inner, inner),
        st.builds("(!({}))".format, inner),
    ),
    max_leaves=6,
)
CERTAIN = {"always-true": True, "redundant": True, "always-false": False}


@pytest.fixture(scope="module")
def library() -> Functions:
    """Return what can be called."""
    return functions()


def remarks(text: str, library: Functions) -> list[Remark]:
    """Return what is said of a demand on two whole numbers."""
    checked = check(parse(text), variables=NUMBERS, functions=library, text=text)
    certainty = Certainty(Reader(text, checked.types, NUMBERS, {}, {}))
    certainty.judge(checked.expr, {}, "demand")
    return certainty.remarks


def answers(text: str) -> list[bool]:
    """Return what a condition comes to for every pair of small numbers."""
    spelled = text.replace("&&", " and ").replace("||", " or ").replace("!(", " not (")
    code = compile(spelled.strip(), "condition", "eval")
    return [
        bool(eval(code, {"a": a, "b": b}))  # noqa: S307 - built above, of two names and small numbers
        for a, b in product(range(-1, 4), repeat=2)
    ]


@given(text=CONDITIONS)
@settings(max_examples=400, deadline=None)
def test_what_is_certain_may_be_written_as_a_constant(text: str, library: Functions) -> None:
    """With its answer in its place, the whole comes to the same for all values."""
    for remark in remarks(text, library):
        found = remark.diagnostic
        if found.slug in CERTAIN:
            constant = str(CERTAIN[found.slug])
            assert answers(f"{text[: found.start]}{constant}{text[found.end :]}") == answers(text)


@given(text=ATOMS)
@settings(max_examples=200, deadline=None)
def test_a_comparison_is_certain_exactly_where_it_is_told_to_be(
    text: str, library: Functions
) -> None:
    """By itself, only one of a value with itself has one answer."""
    told = [remark.diagnostic.slug for remark in remarks(text, library)]
    found = set(answers(text))

    assert (told == ["always-true"]) == (found == {True})
    assert (told == ["always-false"]) == (found == {False})
