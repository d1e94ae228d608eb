"""Where an offset stands in a text of several lines."""

from __future__ import annotations

import pytest

from auditor.language.cel.source import CelSyntaxError, CelSyntaxErrors, excerpt, place


@pytest.mark.parametrize(
    ("offset", "where", "line"),
    [
        pytest.param(0, (1, 1), "one", id="at the beginning"),
        pytest.param(2, (1, 3), "one", id="at the end of the first line"),
        pytest.param(5, (2, 1), "two", id="after CR LF"),
        pytest.param(9, (3, 1), "", id="on an empty line"),
        pytest.param(10, (4, 1), "three", id="after LF"),
        pytest.param(15, (4, 6), "three", id="at the end of the text"),
    ],
)
def test_place(offset: int, where: tuple[int, int], line: str) -> None:
    """An offset has a line and a column from 1, and the line can be shown."""
    text = "one\r\ntwo\n\nthree"

    assert place(text, offset) == where
    assert excerpt(text, offset) == line


def test_errors_are_in_order_of_place() -> None:
    """Several errors are held in the order in which a reader meets them."""
    late, early = CelSyntaxError("b", "late", 7), CelSyntaxError("a", "early", 2, end=4)

    errors = CelSyntaxErrors("some text", [late, early]).errors

    assert errors == (early, late)
    assert [(error.offset, error.end) for error in errors] == [(2, 4), (7, 8)]
