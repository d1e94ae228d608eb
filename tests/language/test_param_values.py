"""A ratio is shown as a person writes it, however large it is."""

from __future__ import annotations

from fractions import Fraction

import pytest

from auditor.language.param_values import shown_value


@pytest.mark.parametrize(
    ("ratio", "shown"),
    [
        pytest.param(Fraction(9, 10), "90 %", id="whole"),
        pytest.param(Fraction(1, 8), "12.5 %", id="with a fraction"),
        pytest.param(Fraction(-1, 8), "-12.5 %", id="negative"),
        pytest.param(Fraction(0), "0 %", id="none"),
        pytest.param(Fraction(10**308, 3), "3.33e+309 %", id="beyond every double"),
        pytest.param(Fraction(10**18), "1.00e+20 %", id="so large that digits tell nothing"),
    ],
)
def test_a_ratio_is_shown_as_percent(ratio: Fraction, shown: str) -> None:
    """What no double holds is told by its power of ten, and does not end the run."""
    assert shown_value(ratio) == shown
