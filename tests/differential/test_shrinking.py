"""What is found is shown small."""

from __future__ import annotations

from tests.differential.shrinking import shrunk_data, shrunk_text


def test_an_expression_shrinks_to_what_matters() -> None:
    """Everything around the division goes."""
    text = "((true || false) ? [1, 2].map(x, x + (7 / 0)).size() : cel.bind(y, 3, y * 2))"

    assert shrunk_text(text, lambda part: "/ 0" in part) == "7 / 0"


def test_a_text_that_is_no_expression_stays() -> None:
    """There is nothing to take its parts from."""
    assert shrunk_text("1 +", lambda part: part.startswith("1")) == "1 +"


def test_data_shrinks_to_what_matters() -> None:
    """Whatever can be left out is."""
    data = {"a": [1, {"b": 2, "c": [3, 4]}], "d": {"e": 5}}

    def still(part: object) -> bool:
        return "4" in repr(part)

    assert shrunk_data(data, still) == {"a": [{"c": [4]}]}
