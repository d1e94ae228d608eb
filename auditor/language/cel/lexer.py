"""
Cut an expression's text into tokens.

CEL's lexis, by regular expressions that cannot backtrack. A sign that is clearly a slip (``=`` for
``==``, ``≥`` for ``>=``) is reported and read as what was meant, so that the parser can go on and find
more; at anything else the tokens end in one of kind ``broken``, behind which nothing is blamed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from auditor.language.cel import syntax_errors
from auditor.language.cel.syntax_errors import MAX_TOKENS

if TYPE_CHECKING:
    from auditor.language.cel.source import CelSyntaxError


@dataclass(frozen=True, slots=True)
class Token:
    """
    A word, sign or literal, `text` as it is meant and `start` to `end` as it is written.

    `kind` is ``name``, ``quoted`` (a field's name in backticks), ``int``, ``uint``, ``double``,
    ``string``, ``bytes``, ``sign``, ``end`` or ``broken``.
    """

    kind: str
    text: str
    start: int
    end: int
    value: str | bytes | None = None
    """What a string or bytes literal stands for."""


_TOKEN: Final = re.compile(
    r"""
      (?P<skip>   [\t\n\f\r\ ]+ | //[^\r\n]* )
    | (?P<text>   (?:[bB][rR]?|[rR])? (?: ''' | \"\"\" | ' | \" ) )
    | (?P<double> [0-9]*\.[0-9]+(?:[eE][+-]?[0-9]+)? | [0-9]+[eE][+-]?[0-9]+ )
    | (?P<uint>   (?:0x[0-9a-fA-F]+|[0-9]+)[uU] )
    | (?P<int>    0x[0-9a-fA-F]+ | [0-9]+ )
    | (?P<name>   [_a-zA-Z][_a-zA-Z0-9]* )
    | `(?P<quoted>[_a-zA-Z0-9.\-/ ]+)`
    | (?P<slip>   === | !== | => | =< | <> | =(?!=) | &(?!&) | \|(?!\|) | [≥≤≠] )
    | (?P<sign>   && | \|\| | == | != | <= | >= | [-+*/%<>!?:.,()\[\]{}] )
    """,
    re.VERBOSE,
)
_WORD: Final = re.compile(r"[_a-zA-Z0-9]+")
_SLIPS: Final = {
    "===": "==", "!==": "!=", "=>": ">=", "=<": "<=", "<>": "!=", "=": "==", "&": "&&", "|": "||",
    "≥": ">=", "≤": "<=", "≠": "!=",
}  # fmt: skip
_SURROGATE: Final = re.compile("[\ud800-\udfff]")

# What may stand between the quotes, and the closing quote. Possessive, so that a text without an end
# is given up in one pass.
_BODIES: Final = {
    ("'", False): re.compile(r"((?:[^'\\\r\n]++|\\[^\r\n])*+)'"),
    ('"', False): re.compile(r'((?:[^"\\\r\n]++|\\[^\r\n])*+)"'),
    ("'''", False): re.compile(r"((?:[^'\\]++|\\.|'(?!''))*+)'''", re.DOTALL),
    ('"""', False): re.compile(r'((?:[^"\\]++|\\.|"(?!""))*+)"""', re.DOTALL),
    ("'", True): re.compile(r"([^'\r\n]*+)'"),
    ('"', True): re.compile(r'([^"\r\n]*+)"'),
    ("'''", True): re.compile(r"((?:[^']++|'(?!''))*+)'''"),
    ('"""', True): re.compile(r'((?:[^"]++|"(?!""))*+)"""'),
}
_ESCAPE: Final = re.compile(
    r"""\\(?: (?P<plain>[abfnrtv\\?"'`])
            | [xX](?P<hex>[0-9a-fA-F]{2})
            | (?P<octal>[0-3][0-7]{2})
            | u(?P<short>[0-9a-fA-F]{4})
            | U(?P<long>[0-9a-fA-F]{8})
            | (?P<bad>.|\Z) )""",
    re.VERBOSE | re.DOTALL,
)
_PLAIN: Final = {
    "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v",
}  # fmt: skip
_LINE_BREAK: Final = re.compile(r"\r\n?")


class Lexer:
    """One pass over one text; `tokens` and `errors` are what came of it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.tokens: list[Token] = []
        self.errors: list[CelSyntaxError] = []
        self.comments: list[int] = []
        """Offsets of the ``//`` of each comment."""

    def run(self) -> None:
        """Read the whole text; the last token is of kind ``end`` or ``broken``."""
        at = 0
        text, tokens = self._text, self.tokens
        half = _SURROGATE.search(text)
        while at < len(text):
            found = _TOKEN.match(text, at)
            if found is None:
                self._break(syntax_errors.bad_character(text[at], at))
                return
            if half and half.start() < found.end():
                self._break(syntax_errors.lone_surrogate(half.start()))
                return
            kind = found.lastgroup or ""
            end = found.end()
            if kind == "text":
                read = self._literal(found[0], at, end)
                if read is None:
                    return
                end = read
            elif kind == "slip":
                self._slip(found[0], at, end)
            elif kind == "skip":
                if found[0].startswith("//"):
                    self.comments.append(at)
            else:
                tokens.append(Token(kind, found[kind], at, end))
                if kind in {"int", "uint", "double"}:
                    end = self._after_number(found[0], at, end)
            if len(tokens) > MAX_TOKENS:
                self._break(syntax_errors.too_large(at))
                return
            at = end
        tokens.append(Token("end", "", len(text), len(text)))

    def _break(self, error: CelSyntaxError) -> None:
        self.errors.append(error)
        self.tokens.append(Token("broken", "", error.offset, error.offset))

    def _slip(self, found: str, start: int, end: int) -> None:
        meant = _SLIPS[found]
        self.errors.append(
            syntax_errors.single_equals(start)
            if found == "="
            else syntax_errors.sign_instead(found, meant, start)
        )
        self.tokens.append(Token("sign", meant, start, end))

    def _after_number(self, number: str, start: int, end: int) -> int:
        """Refuse a word that a number runs into, and read on behind it."""
        word = _WORD.match(self._text, end)
        if word is None or word[0] == "in":  # `1in xs` is lawful CEL
            return end
        self.errors.append(syntax_errors.unit_after_number(number, word[0], start, word.end()))
        return word.end()

    def _literal(self, opening: str, start: int, inside: int) -> int | None:
        """Read a string or bytes literal whose opening is read; None when it has no end."""
        prefix = opening.rstrip("'\"").lower()
        quote = opening[len(prefix) :]
        raw = "r" in prefix
        body = _BODIES[quote, raw].match(self._text, inside)
        if body is None:
            at_line_break = len(quote) == 1 and bool(
                re.compile(r"[^\r\n]*[\r\n]").match(self._text, inside)
            )
            self._break(
                syntax_errors.unclosed_text(quote, start + len(prefix), at_line_break=at_line_break)
            )
            return None
        half = _SURROGATE.search(body[1])
        if half:
            self._break(syntax_errors.lone_surrogate(inside + half.start()))
            return None
        is_bytes = "b" in prefix
        value = self._unescape(body[1], inside, raw=raw, is_bytes=is_bytes)
        kind = "bytes" if is_bytes else "string"
        self.tokens.append(Token(kind, self._text[start : body.end()], start, body.end(), value))
        return body.end()

    def _unescape(self, body: str, offset: int, *, raw: bool, is_bytes: bool) -> str | bytes:
        """Return what *body* stands for; bytes where they are asked for."""
        parts: list[str | bytes] = []
        at = 0
        for found in () if raw else _ESCAPE.finditer(body):
            parts.append(self._plain(body[at : found.start()]))
            parts.append(self._escaped(found, offset + found.start(), is_bytes=is_bytes))
            at = found.end()
        parts.append(self._plain(body[at:]))
        if is_bytes:
            return b"".join(p if isinstance(p, bytes) else p.encode() for p in parts)
        return "".join(p if isinstance(p, str) else p.decode("latin-1") for p in parts)

    @staticmethod
    def _plain(text: str) -> str:
        # A checkout may turn line breaks into CR LF; a verdict must not depend on that.
        return _LINE_BREAK.sub("\n", text) if "\r" in text else text

    def _escaped(self, found: re.Match[str], offset: int, *, is_bytes: bool) -> str | bytes:
        """Return the character, or the byte of a numeric escape: the same number in either type."""
        if found["plain"]:
            return _PLAIN.get(found["plain"], found["plain"])
        if found["hex"]:
            return bytes([int(found["hex"], 16)])
        if found["octal"]:
            return bytes([int(found["octal"], 8)])
        if found["bad"] is not None:
            self.errors.append(syntax_errors.bad_escape(found[0], offset))
            return ""
        if is_bytes:
            self.errors.append(syntax_errors.escape_in_bytes(found[0], offset))
            return ""
        code = int(found["short"] or found["long"], 16)
        if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:  # noqa: PLR2004 (the bounds of Unicode)
            self.errors.append(syntax_errors.bad_code_point(found[0], offset))
            return ""
        return chr(code)
