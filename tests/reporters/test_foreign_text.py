"""Text of others is shown and does nothing."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from auditor.reporters.foreign_text import cut, encodable, flowing, inert, json_inert, visible

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()))
"""Every code point, surrogates included."""

NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
COMMAND = re.compile(r"^\s*::|##[A-Za-z]*\[", re.MULTILINE)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("a\x00b", r"a\x00b", id="NUL"),
        pytest.param("\x1b[31mred", r"\x1b[31mred", id="a terminal sequence"),
        pytest.param("\x9b31m", r"\x9b31m", id="its 8-bit form"),
        pytest.param("a\rb", r"a\x0db", id="a return that overwrites the line"),
        pytest.param("a\r\nb", "a\nb", id="a line end of Windows"),
        pytest.param("\u202egnp.exe", r"\u202egnp.exe", id="right to left override"),
        pytest.param("\u2066x\u2069", r"\u2066x\u2069", id="isolates"),
        pytest.param("pay\u200bpal", r"pay\u200bpal", id="zero width space"),
        pytest.param("a\u2028b", r"a\u2028b", id="line separator"),
        pytest.param("a\ud800b", r"a\ud800b", id="lone surrogate"),
        pytest.param("a\ufffeb\uffff", r"a\ufffeb\uffff", id="no characters"),
        pytest.param("\U0001fffe", r"\U0001fffe", id="no character beyond the first plane"),
        pytest.param("\U000e0041", r"\U000e0041", id="tag"),
        pytest.param("\ufeffa", r"\ufeffa", id="byte order mark"),
        pytest.param("a\tb\nc", "a\tb\nc", id="tab and line feed stay"),
        pytest.param("Größe 规模 نص", "Größe 规模 نص", id="letters stay"),
        pytest.param("👩\u200d🚀 نص\u200cنص", "👩\u200d🚀 نص\u200cنص", id="joiners stay"),
    ],
)
def test_what_would_act_is_shown_as_an_escape(text: str, shown: str) -> None:
    """A reader sees that something was there."""
    assert visible(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("::error::x", r"\x3a:error::x", id="at the start"),
        pytest.param(
            "a\n  ::set-output name=x::y", "a\n  \\x3a:set-output name=x::y", id="indented"
        ),
        pytest.param("a ##[error]b", r"a #\x23[error]b", id="anywhere in a line"),
        pytest.param("###[group]", r"##\x23[group]", id="after more signs"),
        pytest.param("##vso[task.complete]", r"#\x23vso[task.complete]", id="of another system"),
        pytest.param("std::string", "std::string", id="a name in code stays"),
        pytest.param("## Heading [1]", "## Heading [1]", id="a heading stays"),
    ],
)
def test_a_command_of_a_ci_system_is_broken_up(text: str, shown: str) -> None:
    """A log that holds it runs nothing."""
    assert inert(text) == shown


@given(ANY_TEXT)
@example("\ud83d\ude00")
def test_every_text_becomes_utf_8_and_xml(text: str) -> None:
    """Whatever came in, the result can be encoded and stand in XML; a second time changes nothing."""
    shown = visible(text)

    assert shown.encode().decode() == shown
    assert NOT_IN_XML.search(shown) is None
    assert visible(shown) == shown


@given(ANY_TEXT | st.text(alphabet=":# [ae\n\t\x85\u2003"))
def test_flowing_text_is_one_inert_line(text: str) -> None:
    """No line break, no doubled space, no command; a second time changes nothing."""
    shown = flowing(text)

    assert len(shown.splitlines()) <= 1
    assert "  " not in shown
    assert COMMAND.search(shown) is None
    assert flowing(shown) == shown


@given(st.text(alphabet=" :#[ab\t\x7f\u00e9"))
def test_flowing_text_is_what_its_parts_make_of_it(text: str) -> None:
    """Where a short cut is taken, nothing would have been changed."""
    assert flowing(text) == inert(" ".join(visible(text).split()))


def test_encodable_text_changes_only_lone_surrogates() -> None:
    """Data keeps its control characters; only what UTF-8 cannot hold is shown."""
    assert encodable("a\x00\u202e\udc80😀") == "a\x00\u202e\\udc80😀"


def test_a_cut_text_says_how_much_is_missing() -> None:
    """Nothing is shortened in silence."""
    assert cut("abcde", 5) == "abcde"
    assert cut("abcdefg", 5) == "abcde … (2 more characters)"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_inert_json_reads_as_the_same(text: str) -> None:
    """Nothing in it acts on a terminal or in a log, and who reads it gets what was written."""
    shown = json_inert(json.dumps({text: [text]}, ensure_ascii=False))

    assert json.loads(shown) == {text: [text]}
    assert visible(shown) == shown
    assert "##" not in shown
