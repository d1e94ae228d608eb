"""
What the lexer and the parser can say, one constructor per fact.

The reader is a process owner, not a programmer: each message names what stands there and what was
wanted, and the hint shows the text to write. Slugs are stable; the words may change.
"""

from __future__ import annotations

from typing import Final

from auditor.language.cel.source import CelSyntaxError

MAX_NESTING: Final = 64
"""Levels of an expression below its root, brackets included."""
MAX_NODES: Final = 4_000
"""Nodes of one expression's tree."""
MAX_TOKENS: Final = 32_000
"""Words and signs of one expression; what keeps to `MAX_NODES` does not come near it."""
MAX_LOOPS: Final = 12
"""Macros inside each other, each of which repeats the inner ones per element."""
MAX_ERRORS: Final = 20
"""Errors of one expression that are reported together."""

_UNITS: Final = {
    "h": "hours", "hr": "hours", "hrs": "hours", "hour": "hours", "hours": "hours",
    "min": "minutes", "mins": "minutes", "minute": "minutes", "minutes": "minutes",
    "d": "days", "day": "days", "days": "days",
    "w": "weeks", "week": "weeks", "weeks": "weeks",
}  # fmt: skip
_INSTEAD: Final = {
    "contains": "write text.contains('part')",
    "startswith": "write text.startsWith('part')",
    "endswith": "write text.endsWith('part')",
    "matches": "write text.matches('pattern')",
    "like": "write text.matches('pattern')",
    "between": "write x >= low && x <= high",
    "then": "write condition ? value : other",
    "not": "write !(x in xs) for 'not in', and x != y for 'is not'",
}
_SIGNS: Final = frozenset({"&&", "||", "!", "==", "!=", "<=", ">="})
"""Operators that can be written for another sign or word as they are."""
_QUOTES: Final = "\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u2033\u2032\u00ab\u00bb\u00b4"
_DASHES: Final = "\u2010\u2011\u2012\u2013\u2014\u2212"
_SPACES: Final = "\u00a0\u2007\u202f\u2003\u2002\u2009\u200b\ufeff\u3000\x0b\x85\u2028\u2029"


def _quoted(text: str) -> str:
    shown = text if len(text) <= 40 else text[:37] + "..."  # noqa: PLR2004 (a message is one line)
    return f"`{shown}`"


def _code_point(character: str) -> str:
    return f"U+{ord(character):04X}"


def empty(length: int) -> CelSyntaxError:
    """Nothing but white space and comments."""
    return CelSyntaxError(
        "empty-expression", "the expression is empty", 0, end=max(length, 1), hint="write one"
    )


def bad_character(character: str, offset: int) -> CelSyntaxError:
    """Report a character that begins nothing."""
    hint = None
    shown = f"{_quoted(character)} ({_code_point(character)})"
    if character in _QUOTES:
        hint = "use the straight quotes ' or \""
    elif character in _DASHES:
        hint = "use the plain minus -"
    elif character in _SPACES:
        shown = f"an invisible character ({_code_point(character)})"
        hint = "replace it with an ordinary space"
    elif character == ";":
        hint = "an expression is one value: join conditions with &&"
    elif character == "`":
        hint = "backticks enclose a field's name: x.`field-name`"
    elif not character.isprintable():
        shown = f"an invisible character ({_code_point(character)})"
    return CelSyntaxError("bad-character", f"{shown} has no meaning here", offset, hint=hint)


def sign_instead(found: str, wanted: str, offset: int) -> CelSyntaxError:
    """Report a sign that means something elsewhere but not in CEL."""
    return CelSyntaxError(
        "wrong-sign",
        f"{_quoted(found)} is not an operator",
        offset,
        end=offset + len(found),
        hint=f"write {wanted}",
        instead=(found, wanted) if wanted in _SIGNS else None,
    )


def single_equals(offset: int) -> CelSyntaxError:
    """Report ``=`` for ``==``."""
    return CelSyntaxError(
        "wrong-sign",
        "a single `=` does not compare",
        offset,
        hint="write == to compare",
        instead=("=", "=="),
    )


def word_operator(word: str, wanted: str, start: int, end: int) -> CelSyntaxError:
    """Report ``and``, ``or``, ``not`` and the like."""
    return CelSyntaxError(
        "word-operator",
        f"{_quoted(word)} is not an operator",
        start,
        end=end,
        hint=f"write {wanted}",
        instead=(word, wanted) if wanted in _SIGNS else None,
    )


def unclosed_text(quote: str, offset: int, *, at_line_break: bool) -> CelSyntaxError:
    """Report a string without its end, at its beginning."""
    hint = f"close it with {quote}"
    if at_line_break:
        hint += (
            f" on the same line; text with line breaks stands between {quote * 3} and {quote * 3}"
        )
    return CelSyntaxError(
        "unclosed-text",
        f"the text that begins here with {quote} is never closed",
        offset,
        end=offset + len(quote),
        hint=hint,
    )


def bad_escape(found: str, offset: int) -> CelSyntaxError:
    """Report a backslash that introduces nothing CEL knows."""
    return CelSyntaxError(
        "bad-escape",
        f"{_quoted(found)} is not an escape sequence",
        offset,
        end=offset + len(found),
        hint="write \\\\ for a backslash, or put r before the opening quote: r'\\d+'",
    )


def escape_in_bytes(found: str, offset: int) -> CelSyntaxError:
    r"""Report ``\u`` or ``\U`` where bytes are written."""
    return CelSyntaxError(
        "bad-escape",
        f"{_quoted(found)} names a character, and bytes have none",
        offset,
        end=offset + len(found),
        hint="write the bytes as \\xNN",
    )


def bad_code_point(found: str, offset: int) -> CelSyntaxError:
    """Report an escape for half a surrogate pair, or beyond Unicode."""
    return CelSyntaxError(
        "bad-escape",
        f"{_quoted(found)} is no Unicode character",
        offset,
        end=offset + len(found),
        hint="write a character beyond U+FFFF with eight digits: \\U0001F642",
    )


def lone_surrogate(offset: int) -> CelSyntaxError:
    """Report half a surrogate pair in the text itself."""
    return CelSyntaxError(
        "bad-character", "half of a surrogate pair is no character", offset, hint="remove it"
    )


def unit_after_number(number: str, word: str, start: int, end: int) -> CelSyntaxError:
    """Report a number that runs into a word: ``24h``, ``0xZZ``."""
    unit = _UNITS.get(word.lower())
    hint = (
        f"write span('{number} {unit}')" if unit else "put a space or an operator between the two"
    )
    return CelSyntaxError(
        "bad-number", f"{_quoted(number + word)} is not a number", start, end=end, hint=hint
    )


def number_too_large(text: str, kind: str, start: int, end: int) -> CelSyntaxError:
    """Report a literal beyond its type."""
    hints = {
        "int": "a whole number lies between -9223372036854775808 and 9223372036854775807; "
        "a larger one is written as a decimal: 1e20",
        "uint": "an unsigned number lies between 0 and 18446744073709551615",
        "double": "a decimal number lies below 1.8e308",
        "ratio": "write a percentage with fewer digits and without an exponent: 12.5 %",
    }
    return CelSyntaxError(
        "number-too-large",
        f"{_quoted(text)} does not fit into {'a' if kind != 'int' else 'an'} {kind}",
        start,
        end=end,
        hint=hints[kind],
    )


def unclosed_bracket(bracket: str, offset: int, closer: str) -> CelSyntaxError:
    """Report a bracket without its end, at its beginning."""
    return CelSyntaxError(
        "unclosed-bracket",
        f"the {_quoted(bracket)} that opens here is never closed",
        offset,
        hint=f"add the missing {closer}",
    )


def mismatched_bracket(found: str, bracket: str, offset: int, closer: str) -> CelSyntaxError:
    """Report a bracket that another kind of bracket closes, at its beginning."""
    return CelSyntaxError(
        "unclosed-bracket",
        f"the {_quoted(bracket)} that opens here meets {_quoted(found)} before it is closed",
        offset,
        hint=f"close it with {closer}",
    )


def stray_bracket(found: str, offset: int) -> CelSyntaxError:
    """Report a closing bracket that nothing opened."""
    return CelSyntaxError(
        "unexpected", f"{_quoted(found)} closes nothing", offset, hint="remove it or open it before"
    )


def ends_early(wanted: str, length: int) -> CelSyntaxError:
    """Report an end of text where something was still to come."""
    return CelSyntaxError("ends-early", f"the expression ends where {wanted} is missing", length)


def unexpected(found: str, wanted: str, start: int, end: int) -> CelSyntaxError:
    """Report a word or sign that cannot stand where it stands."""
    hint = _INSTEAD.get(found.lower())
    return CelSyntaxError(
        "unexpected", f"{_quoted(found)} stands where {wanted} is wanted", start, end=end, hint=hint
    )


def value_after_value(found: str, number: str | None, start: int, end: int) -> CelSyntaxError:
    """Report two values in a row; *number* is the first one's text when it is a number."""
    unit = _UNITS.get(found.lower())
    hint: str | None = "join the two with an operator such as && or =="
    if number is not None and unit:
        hint = f"write span('{number} {unit}')"
    elif found.lower() in _INSTEAD:
        hint = _INSTEAD[found.lower()]
    return CelSyntaxError(
        "unexpected", f"{_quoted(found)} follows without an operator", start, end=end, hint=hint
    )


def second_choice(start: int) -> CelSyntaxError:
    """Report a choice inside the first branch of a choice."""
    return CelSyntaxError(
        "unexpected",
        "a choice inside the first branch of a choice is ambiguous",
        start,
        hint="put the inner one into parentheses: a ? (b ? 1 : 2) : 3",
    )


def reserved_word(word: str, start: int, end: int) -> CelSyntaxError:
    """Report a reserved word in a name's place."""
    hint = "choose another name"
    if word in {"if", "else"}:
        hint = "write condition ? value : other"
    elif word in {"for", "while", "loop"}:
        hint = "write list.all(x, ...) or list.exists(x, ...)"
    return CelSyntaxError(
        "reserved-word",
        f"{_quoted(word)} is reserved and cannot be a name",
        start,
        end=end,
        hint=hint,
    )


def keyword_as_field(word: str, start: int, end: int) -> CelSyntaxError:
    """Report ``x.in``, ``x.true``, ``x.null``."""
    return CelSyntaxError(
        "reserved-word",
        f"{_quoted(word)} cannot be selected as a field",
        start,
        end=end,
        hint=f"write ['{word}'] instead of .{word}",
    )


def bad_has(start: int, end: int) -> CelSyntaxError:
    """Report ``has`` of something that is no field."""
    return CelSyntaxError(
        "bad-has", "has() asks about a field", start, end=end, hint="write has(record.field)"
    )


def bad_variable(macro: str, start: int, end: int, names: int = 1) -> CelSyntaxError:
    """Report a macro whose first argument is no new name, or whose first two are not."""
    if macro == "bind":
        what, hint = "the first argument of cel.bind() is a plain name", "cel.bind(x, value, ...)"
    elif names == 1:
        what = f"the first argument of {macro}() is a plain name for the element"
        hint = f"list.{macro}(x, ...)"
    else:
        what = (
            f"the first arguments of {macro}() are two plain names: for position or key, and value"
        )
        hint = f"list.{macro}(i, x, ...)"
    return CelSyntaxError(
        "bad-variable", what, start, end=end, hint=f"write {hint} and use x in what follows"
    )


def too_deep(offset: int) -> CelSyntaxError:
    """Report nesting beyond the limit."""
    return CelSyntaxError(
        "too-deep",
        f"the expression is nested more than {MAX_NESTING} levels deep here",
        offset,
        hint="give parts of it names under `let`",
    )


def too_large(offset: int) -> CelSyntaxError:
    """Report more nodes than the limit."""
    return CelSyntaxError(
        "too-large",
        f"the expression has more than {MAX_NODES} parts",
        offset,
        hint="give parts of it names under `let`",
    )


def too_many_loops(offset: int) -> CelSyntaxError:
    """Report more macros inside each other than the limit."""
    return CelSyntaxError(
        "too-many-loops",
        f"more than {MAX_LOOPS} macros stand inside each other here",
        offset,
        hint="give the inner lists names under `let`",
    )
