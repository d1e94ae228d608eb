"""
The place in the tokens where the parser stands, and what is wrong there.

A refusal blames the token that cannot stand where it stands; for a bracket without its end it blames
the opening one, because the end of the text tells the reader nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn

from auditor.language.cel import syntax_errors

if TYPE_CHECKING:
    from auditor.language.cel.lexer import Lexer, Token

CLOSERS: Final = {"(": ")", "[": "]", "{": "}"}


class Stopped(Exception):
    """The tokens end where the lexer gave up; it has said why."""


class Cursor:
    """Tokens of one text, read from left to right."""

    def __init__(self, lexer: Lexer, text: str) -> None:
        self._text = text
        self._tokens = lexer.tokens
        self._at = 0
        self.token: Token = lexer.tokens[0]

    @property
    def end(self) -> int:
        """Where the last token that was read ends."""
        return self._tokens[self._at - 1].end

    @property
    def following(self) -> Token:
        """The token behind the one that stands here."""
        return self._tokens[min(self._at + 1, len(self._tokens) - 1)]

    def advance(self) -> Token:
        """Read a token and return it."""
        token = self.token
        self._at += 1
        self.token = self._tokens[self._at]
        return token

    def is_sign(self, text: str) -> bool:
        """Whether this sign stands here."""
        return self.token.kind == "sign" and self.token.text == text

    def skip(self, text: str) -> bool:
        """Read this sign if it stands here."""
        if not self.is_sign(text):
            return False
        self.advance()
        return True

    def close(self, opening: Token, wanted: str = "") -> None:
        """Read the bracket that closes *opening*, or say what stands in its place."""
        closer = CLOSERS[opening.text]
        if self.skip(closer):
            return
        token = self.token
        if token.kind == "end":
            raise syntax_errors.unclosed_bracket(opening.text, opening.start, closer)
        if token.kind == "sign" and token.text in CLOSERS.values():
            raise syntax_errors.mismatched_bracket(token.text, opening.text, opening.start, closer)
        self.refuse_after_value(wanted or f"`{closer}`")

    def refuse(self, wanted: str) -> NoReturn:
        """Say that something else than *wanted* stands here."""
        token = self.token
        if token.kind == "broken":
            raise Stopped
        if token.kind == "end":
            before = self._tokens[self._at - 1]
            if before.kind == "sign" and before.text in CLOSERS:
                closer = CLOSERS[before.text]
                raise syntax_errors.unclosed_bracket(before.text, before.start, closer)
            raise syntax_errors.ends_early(wanted, len(self._text))
        raise syntax_errors.unexpected(
            self._text[token.start : token.end], wanted, token.start, token.end
        )

    def refuse_after_value(self, wanted: str = "") -> NoReturn:
        """Say what is wrong behind a complete value; without *wanted* the text should end there."""
        token = self.token
        if token.kind == "sign" and token.text in CLOSERS.values() and not wanted:
            raise syntax_errors.stray_bracket(token.text, token.start)
        if token.kind in {"broken", "end", "sign"}:
            self.refuse(wanted or "an operator")
        before = self._tokens[self._at - 1]
        if before.kind == "name" and before.text.lower() == "not":
            raise syntax_errors.word_operator(before.text, "!", before.start, before.end)
        number = before.text if before.kind in {"int", "double"} else None
        raise syntax_errors.value_after_value(
            self._text[token.start : token.end], number, token.start, token.end
        )
