"""How an expression's text falls into tokens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.language.cel.lexer import Lexer, Token
from auditor.language.cel.syntax_errors import MAX_TOKENS


def lex(text: str) -> Lexer:
    """Read a text to its end."""
    lexer = Lexer(text)
    lexer.run()
    return lexer


def only(text: str) -> Token:
    """Return the one token of a text without errors."""
    lexer = lex(text)
    assert lexer.errors == []
    token, end = lexer.tokens
    assert (end.kind, end.start) == ("end", len(text))
    return token


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("0", "int"),
        ("007", "int"),
        ("0x1F", "int"),
        ("12u", "uint"),
        ("0xabU", "uint"),
        ("1.5", "double"),
        (".5", "double"),
        ("1e3", "double"),
        ("1.5E-3", "double"),
        ("a_1", "name"),
        ("true", "name"),
        ("&&", "sign"),
        ("!=", "sign"),
    ],
)
def test_words_and_numbers(text: str, kind: str) -> None:
    """Each kind of word, number and sign is one token."""
    token = only(text)

    assert (token.kind, token.text, token.start, token.end) == (kind, text, 0, len(text))


def test_name_in_backticks_loses_them() -> None:
    """A field's name in backticks stands without them, and its place is with them."""
    token = only("`content-type`")

    assert (token.kind, token.text, token.start, token.end) == ("quoted", "content-type", 0, 14)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("''", "", id="empty"),
        pytest.param('"it\'s"', "it's", id="double quotes"),
        pytest.param(r"'\a\b\f\n\r\t\v\\\?\"\'\`'", "\a\b\f\n\r\t\v\\?\"'`", id="plain escapes"),
        pytest.param(r"'\x41\X7a\101\377'", "Az\x41\xff", id="numeric escapes are characters"),
        pytest.param(r"'\u00e9\U0001F642'", "é\N{SLIGHTLY SMILING FACE}", id="Unicode escapes"),
        pytest.param("'''a\n'b''c'''", "a\n'b''c", id="three quotes hold lines and quotes"),
        pytest.param("'''a\r\nb\rc'''", "a\nb\nc", id="line breaks are LF, whatever the checkout"),
        pytest.param(r"r'\d+\'", "\\d+\\", id="raw: a backslash is itself, also at the end"),
        pytest.param(r'R"""\q"""', r"\q", id="raw in three quotes"),
        pytest.param("b'ÿ'", b"\xc3\xbf", id="bytes are UTF-8"),
        pytest.param(r"B'\xff\377'", b"\xff\xff", id="numeric escapes are bytes in bytes"),
        pytest.param(r"br'\xff'", rb"\xff", id="raw bytes"),
    ],
)
def test_strings_and_bytes(text: str, value: str | bytes) -> None:
    """A literal stands for what its escapes mean in its type."""
    token = only(text)

    assert token.value == value
    assert token.kind == ("bytes" if isinstance(value, bytes) else "string")
    assert (token.start, token.end) == (0, len(text))


def test_white_space_and_comments_are_skipped() -> None:
    """Comments end with their line."""
    tokens = lex("a // and b\n\t+ b // end").tokens

    assert [(token.text, token.start) for token in tokens] == [
        ("a", 0),
        ("+", 12),
        ("b", 14),
        ("", 22),
    ]


@pytest.mark.parametrize(
    ("text", "slug", "offset", "hint"),
    [
        pytest.param("x == 'abc", "unclosed-text", 5, "'", id="a quote without its end"),
        pytest.param("b'abc", "unclosed-text", 1, "'", id="bytes without their end"),
        pytest.param("'a\nb'", "unclosed-text", 0, "'''", id="a line break in a simple string"),
        pytest.param("'''a'", "unclosed-text", 0, "'''", id="three quotes closed by one"),
        pytest.param(r"'\'", "unclosed-text", 0, "'", id="an escaped closing quote"),
        pytest.param(r"'a\d'", "bad-escape", 2, r"r'\d+'", id="an unknown escape"),
        pytest.param(r"'\x4'", "bad-escape", 1, "r'", id="an escape cut short"),
        pytest.param(r"'\400'", "bad-escape", 1, "r'", id="octal beyond a byte"),
        pytest.param(r"'\ud800'", "bad-escape", 1, "eight digits", id="half a surrogate pair"),
        pytest.param(r"'\ud83d\ude42'", "bad-escape", 1, "\\U0001F642", id="a surrogate pair"),
        pytest.param(r"'\U00110000'", "bad-escape", 1, "eight digits", id="beyond Unicode"),
        pytest.param(r"b'\u0041'", "bad-escape", 2, "\\xNN", id="a character among bytes"),
        pytest.param("'\ud800'", "bad-character", 1, "remove", id="a lone surrogate in a string"),
        pytest.param("a // \ud800", "bad-character", 5, "remove", id="a lone surrogate anywhere"),
        pytest.param("a = b", "wrong-sign", 2, "==", id="a single equals sign"),
        pytest.param("a === b", "wrong-sign", 2, "==", id="three equals signs"),
        pytest.param("a <> b", "wrong-sign", 2, "!=", id="another language's unequal"),
        pytest.param("a => b", "wrong-sign", 2, ">=", id="a sign turned round"),
        pytest.param("a & b", "wrong-sign", 2, "&&", id="a single ampersand"),
        pytest.param("a ≤ b", "wrong-sign", 2, "<=", id="a sign from a text processor"),
        pytest.param("24h", "bad-number", 0, "span('24 hours')", id="a unit at a number"),
        pytest.param("0xZZ", "bad-number", 0, "space", id="a number that runs into a word"),
        pytest.param("\u201cx\u201d", "bad-character", 0, "straight", id="curly quotes"),
        pytest.param("a\u00a0b", "bad-character", 1, "ordinary space", id="a no-break space"),
        pytest.param("a \u2013 b", "bad-character", 2, "minus", id="a dash"),
        pytest.param("a; b", "bad-character", 1, "&&", id="a semicolon"),
        pytest.param("`a", "bad-character", 0, "backticks", id="a lone backtick"),
    ],
)
def test_what_is_wrong(text: str, slug: str, offset: int, hint: str) -> None:
    """A slip is named at its place, with what to write instead."""
    error = lex(text).errors[0]

    assert (error.slug, error.offset) == (slug, offset)
    assert hint in (error.hint or "")


def test_slips_are_read_as_what_they_mean() -> None:
    """Behind a wrong sign the text is read on, so that all errors are found at once."""
    lexer = lex("a = b & c ≥ 24h")

    assert [token.text for token in lexer.tokens] == ["a", "==", "b", "&&", "c", ">=", "24", ""]
    assert [error.offset for error in lexer.errors] == [2, 6, 10, 12]


def test_nothing_is_read_behind_a_broken_place() -> None:
    """Where the lexer cannot know what is meant, the tokens end."""
    assert [token.kind for token in lex("a + § + b").tokens] == ["name", "sign", "broken"]


def test_too_many_tokens_are_given_up() -> None:
    """A text of any size costs no more than the limit."""
    lexer = lex("+" * (MAX_TOKENS + 100))

    assert [error.slug for error in lexer.errors] == ["too-large"]
    assert len(lexer.tokens) == MAX_TOKENS + 2


def test_an_unclosed_text_is_given_up_in_one_pass() -> None:
    """Many escapes and quotes before a missing end do not multiply the work."""
    assert lex("'" + "a\\'" * 100_000).errors[0].slug == "unclosed-text"
    assert lex("'''" + "''a" * 100_000).errors[0].slug == "unclosed-text"


@given(st.text())
def test_any_text_becomes_tokens_in_order(text: str) -> None:
    """No text raises; tokens follow each other without overlap to an end."""
    tokens = lex(text).tokens

    assert tokens[-1].kind in {"end", "broken"}
    assert all(token.kind not in {"end", "broken"} for token in tokens[:-1])
    places = [place for token in tokens for place in (token.start, token.end)]
    assert places == sorted(places)
