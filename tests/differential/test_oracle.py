"""
Google's C++ engine as oracle: on plain CEL over known data, both come to the same value, or both to an error.

What the other engine gets wrong, or where it goes its own way, is named in `plain.LEFT_OUT`.
"""

from __future__ import annotations

from typing import Any

import pytest

from auditor.language.cel.diagnostics import CheckErrors
from tests.differential import oracle, plain
from tests.differential.expressions import seeded
from tests.differential.shrinking import shrunk_text

PAIRS = 500


@pytest.fixture(scope="module")
def other() -> oracle.Oracle:
    """Return the other engine, or skip where it is not installed."""
    pytest.importorskip("cel_expr_python", reason="the C++ engine is not installed")
    return oracle.Oracle.make()


def differs(other: oracle.Oracle, text: str, values: dict[str, Any]) -> bool:
    """Tell whether the engines disagree; what one of them does not take is no difference."""
    try:
        return oracle.ours(text, values) != other.says(text, values)
    except (CheckErrors, oracle.NotCompiled):
        return False


def test_both_engines_agree(other: oracle.Oracle) -> None:
    """On random expressions with random values of their variables."""
    found = []
    for seed in range(PAIRS):
        random = seeded(f"oracle {seed}")
        text = plain.expression(random, random.choice((2, 3, 4)))
        values = plain.bindings(random)
        if differs(other, text, values):
            small = shrunk_text(text, lambda part, values=values: differs(other, part, values))  # type: ignore[misc]
            found.append((small, oracle.ours(small, values), other.says(small, values), values))

    assert found == []


def test_the_comparison_sees_a_difference(other: oracle.Oracle) -> None:
    """A pair on which the engines are known to disagree is found: the answers are not merely both errors."""
    values = plain.bindings(seeded(1))

    assert differs(other, "'abc'.substring(0, 3)", values)
    assert not differs(other, "'abc'.substring(0, 2) == 'ab'", values)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2u", ("uint", 2)),
        ("-0.0", ("double", "-0.0")),
        ("0.0 / 0.0", ("double", "nan")),
        ("[1, 'a', null]", ("list", [("int", 1), ("string", "a"), ("null_type", None)])),
        ("{'a': b'x'}", ("map", [(("string", "a"), ("bytes", b"x"))])),
        ("{true: 1}", ("map", [(("bool", True), ("int", 1))])),
        ("1 / 0", oracle.ERROR),
        ("duration('90m')", ("google.protobuf.Duration", 5_400_000_000)),
    ],
)
def test_both_answers_come_in_one_form(
    other: oracle.Oracle, text: str, expected: oracle.Answer
) -> None:
    """Types are told apart, zeros by their sign, and not a number is itself."""
    values = plain.bindings(seeded(1))

    assert oracle.ours(text, values) == expected
    assert other.says(text, values) == expected
