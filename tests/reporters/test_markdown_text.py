"""Text of others in a comment on a forge: it shows itself, and does nothing."""

from __future__ import annotations

import pytest

from auditor.reporters.markdown_text import begun, code_cell, inline


@pytest.mark.parametrize(
    ("text", "written"),
    [
        pytest.param("a | b", "a &#124; b", id="no other cell"),
        pytest.param("a\\|b", "a&#92;&#124;b", id="no backslash that takes the escape away"),
        pytest.param("<img src=x>&lt;", "&#60;img src=x&#62;&#38;lt;", id="no html"),
        pytest.param("`rm`", "&#96;rm&#96;", id="no code"),
        pytest.param("*a* _b_ ~c~ [d](e)", "\\*a\\* \\_b\\_ \\~c\\~ \\[d\\](e)", id="no markup"),
        pytest.param("![x](y)", "\\!\\[x\\](y)", id="no picture"),
        pytest.param("$x$", "&#36;x&#36;", id="no formula"),
        pytest.param("@ann", "@&#8203;ann", id="nobody is told"),
        pytest.param("o/r#12", "o/r#&#8203;12", id="no link from an issue"),
        pytest.param("GH-12", "GH&#8203;-12", id="in no other way"),
        pytest.param("https://x.y", "https:/&#8203;/x.y", id="no address"),
        pytest.param("www.x.y", "www&#8203;.x.y", id="without a scheme"),
        pytest.param("a\n\n# b\r\n- c", "a #&#8203; b - c", id="one line"),
        pytest.param("a\x1b[1m\u202eb", "a&#92;x1b\\[1m&#92;u202eb", id="nothing unseen"),
        pytest.param("abcdef", "abc … (3 more characters)", id="not too long"),
    ],
)
def test_inline(text: str, written: str) -> None:
    """What would act is escaped or broken up."""
    assert inline(text, 3 if text == "abcdef" else 100) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        pytest.param("- a", "\\- a", id="no list"),
        pytest.param("12. a", "12\\. a", id="no number"),
        pytest.param("3) a", "3\\) a", id="in either way"),
        pytest.param("=== a", "\\=== a", id="no heading"),
        pytest.param("12 h - a", "12 h - a", id="a number that is none of a list"),
        pytest.param("a - b", "a - b", id="inside of a line"),
    ],
)
def test_begun(text: str, written: str) -> None:
    """What is a mark at the beginning of a line is none."""
    assert begun(text) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        pytest.param("a.yaml:3", "`a.yaml:3`", id="a place"),
        pytest.param("a@b #1", "`a@b #1`", id="nobody is told inside of code"),
        pytest.param("a|b", "a&#124;b", id="no other cell"),
        pytest.param("a`b", "a&#96;b", id="no end of the code"),
        pytest.param("##[error]", "#&#8203;&#92;x23\\[error\\]", id="no command of a log"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_code_cell(text: str, written: str) -> None:
    """Code, where code can hold it."""
    assert code_cell(text, 100) == written
