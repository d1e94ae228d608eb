"""
An expression while it is being written: its words as far as they can be read, and where one of them stands.

Half an expression has no tree. But its words and signs tell what a place is about: the brackets that are open
there, what stands before a dot, which macro binds which names.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from auditor.language.cel.cursor import CLOSERS
from auditor.language.cel.lexer import Lexer
from auditor.language.cel.syntax_errors import MAX_TOKENS

if TYPE_CHECKING:
    from auditor.language.cel.lexer import Token

_MAX_BREAKS: Final = 64
"""Places that no token begins at, after which the rest of a text is left unread."""
_VALUES: Final = frozenset({"name", "quoted", "int", "uint", "double", "string", "bytes"})


@dataclass(slots=True)
class OpenBracket:
    """A bracket that is open at some place."""

    at: int
    """Position of its token."""
    commas: list[int] = field(default_factory=list)
    """Positions of the commas between its parts, so far."""


@dataclass(frozen=True, slots=True, eq=False)
class HalfWritten:
    """The tokens of a text, those that can be read, and what their order tells."""

    text: str
    tokens: tuple[Token, ...]
    quote: int | None = None
    """Where a text begins that has no end."""
    in_comment: bool = False
    """Whether its end stands in a comment."""

    def is_sign(self, at: int, *signs: str) -> bool:
        """Whether one of these signs stands at a position."""
        if not 0 <= at < len(self.tokens):
            return False
        token = self.tokens[at]
        return token.kind == "sign" and token.text in signs

    def is_name(self, at: int, text: str | None = None) -> bool:
        """Whether a name stands at a position, or this one."""
        if not 0 <= at < len(self.tokens):
            return False
        token = self.tokens[at]
        return token.kind == "name" and text in {None, token.text}

    def ends_value(self, at: int) -> bool:
        """Whether the token at a position can end a value, so that no other value follows it."""
        if not 0 <= at < len(self.tokens):
            return False
        is_value = self.tokens[at].kind in _VALUES and not self.is_name(at, "in")
        return is_value or self.is_sign(at, *CLOSERS.values())

    def source(self, first: int, last: int) -> str:
        """Return the text from one token to another, both inclusive."""
        return self.text[self.tokens[first].start : self.tokens[last].end]

    def operand(self, last: int) -> int | None:
        """
        Find where the value begins that ends with a token: ``risks.filter(r, r.open)[0]`` with its brackets.

        Args:
            last: Position of its last token.

        Returns:
            The position of its first token; None where no value ends there.
        """
        at = last
        while self.ends_value(at):
            if self.is_sign(at, *CLOSERS.values()):
                opening = self._opening(at)
                if opening is None:
                    return None
                at = opening
                before = self.ends_value(at - 1) and not self.is_sign(at, "{")
                if self.is_sign(at, "[") and before:
                    at -= 1
                    continue
                if not self.is_sign(at, "(") or not self.is_name(at - 1):
                    return at
                at -= 1
            if not self.is_sign(at - 1, ".") and not self._is_optional_dot(at - 1):
                return at
            dot = at - 2 if self._is_optional_dot(at - 1) else at - 1
            if not self.ends_value(dot - 1):
                return dot  # a leading dot: the name is meant at the root
            at = dot - 1
        return None

    def dot_before(self, at: int) -> int | None:
        """Return the position of the dot of a selection whose name stands at *at*, or would."""
        if self._is_optional_dot(at - 1):
            return at - 2
        return at - 1 if self.is_sign(at - 1, ".") else None

    def _is_optional_dot(self, at: int) -> bool:
        return self.is_sign(at, "?") and self.is_sign(at - 1, ".")

    def _opening(self, closing: int) -> int | None:
        """Find the bracket that the one at *closing* closes."""
        depth = 0
        for at in range(closing, -1, -1):
            if self.is_sign(at, *CLOSERS.values()):
                depth += 1
            elif self.is_sign(at, *CLOSERS):
                depth -= 1
                if not depth:
                    return at
        return None

    def closed(self) -> str:
        """Return the text with the quote and the brackets closed that are open at its end."""
        quote = "" if self.quote is None else self.text[self.quote]
        ends = [CLOSERS[self.tokens[one.at].text] for one in self.open_brackets(len(self.tokens))]
        return f"{self.text}{quote}{''.join(reversed(ends))}"

    def open_brackets(self, before: int) -> list[OpenBracket]:
        """Return the brackets that are open before a position, the outermost first."""
        found: list[OpenBracket] = []
        for at in range(min(before, len(self.tokens))):
            if self.is_sign(at, *CLOSERS):
                found.append(OpenBracket(at))
            elif self.is_sign(at, *CLOSERS.values()) and found:
                found.pop()
            elif self.is_sign(at, ",") and found:
                found[-1].commas.append(at)
        return found


def read_half(text: str) -> HalfWritten:
    """Read the tokens of a text, and pass over what is none."""
    tokens: list[Token] = []
    at = 0
    for _ in range(_MAX_BREAKS):
        lexer = Lexer(text[at:])
        lexer.run()
        *read, last = lexer.tokens
        tokens += [replace(token, start=token.start + at, end=token.end + at) for token in read]
        if last.kind == "end" or len(tokens) > MAX_TOKENS:
            comment = at + lexer.comments[-1] if lexer.comments else None
            in_comment = comment is not None and not set(text[comment:]) & {"\r", "\n"}
            return HalfWritten(text, tuple(tokens), in_comment=in_comment)
        broken = at + last.start
        if text[broken : broken + 1] in {"'", '"'}:
            end = _line_end(text, broken)
            if text[broken : broken + 3] in {"'''", '"""'} or end == len(text):
                return HalfWritten(text, tuple(tokens), quote=broken)
            at = end  # a text ends with its line at the latest
        else:
            at = broken + 1
    return HalfWritten(text, tuple(tokens))


def _line_end(text: str, start: int) -> int:
    ends = (text.find(sign, start) for sign in "\r\n")
    return min((end for end in ends if end >= 0), default=len(text))
