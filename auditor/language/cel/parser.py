"""
Turn an expression's text into its tree.

The grammar is that of the CEL specification, plus one literal of ours, the ratio (``90 %``). Operators
are read by precedence with a list of pending ones instead of a function per level, so that a level of
brackets costs few Python frames; depth and size are counted here, never left to Python's recursion
limit, which depends on who calls.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from auditor.language.cel import numerals, syntax_errors
from auditor.language.cel.ast import (
    Call,
    Expr,
    Ident,
    ListExpr,
    Literal,
    MapExpr,
    Select,
    StructExpr,
)
from auditor.language.cel.cursor import CLOSERS, Cursor, Stopped
from auditor.language.cel.lexer import Lexer
from auditor.language.cel.macros import expanded
from auditor.language.cel.source import CelSyntaxError, CelSyntaxErrors
from auditor.language.cel.syntax_errors import MAX_ERRORS, MAX_LOOPS, MAX_NESTING, MAX_NODES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditor.language.cel.lexer import Token
    from auditor.language.values import Value

_LEVELS: Final = {
    "?": (0, "?"), ":": (0, ":"),
    "||": (1, "_||_"),
    "&&": (2, "_&&_"),
    "<": (3, "_<_"), "<=": (3, "_<=_"), ">": (3, "_>_"), ">=": (3, "_>=_"),
    "==": (3, "_==_"), "!=": (3, "_!=_"), "in": (3, "@in"),
    "+": (4, "_+_"), "-": (4, "_-_"),
    "*": (5, "_*_"), "/": (5, "_/_"), "%": (5, "_%_"),
}  # fmt: skip
_NO_OPERATOR: Final = (-1, "")
_FLAT: Final = frozenset({"_||_", "_&&_", "_+_"})
_WORDS: Final = {"and": "&&", "or": "||", "is": "==", "equals": "=="}
_CONSTANTS: Final = {"true": True, "false": False, "null": None}
_KEYWORDS: Final = frozenset({"in", *_CONSTANTS})
_RESERVED: Final = frozenset({
    "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop",
    "package", "namespace", "return", "var", "void", "while",
})  # fmt: skip
_AFTER_RATIO: Final = frozenset({")", "]", ",", "}"} | _LEVELS.keys() - {"-", "in"})


@dataclass(slots=True)
class _Pending:
    """An operator whose last operand is still being read; ``?`` is a choice that awaits its ``:``."""

    level: int
    function: str
    start: int
    operands: list[Expr]


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a subtree counts for: levels below its root, and macros inside each other."""

    height: int
    loops: int


def parse(text: str, *, macros: bool = True) -> Expr:
    """
    Parse one expression.

    Args:
        text: The expression, e.g. ``blockers.all(b, b.resolved_at != null)``.
        macros: Read ``has``, ``all`` and the others as macros; False leaves them as plain calls.

    Raises:
        CelSyntaxErrors: The text is no expression or exceeds a limit; holds all that could be found.
    """
    lexer = Lexer(text)
    lexer.run()
    errors = lexer.errors
    try:
        tree = _Parser(lexer, text, macros=macros).run()
        if not errors:
            return tree
    except CelSyntaxError as error:
        errors.append(error)
    except Stopped:
        pass
    raise CelSyntaxErrors(text, errors[:MAX_ERRORS])


class _Parser(Cursor):
    """One pass over one text's tokens."""

    def __init__(self, lexer: Lexer, text: str, *, macros: bool) -> None:
        super().__init__(lexer, text)
        self._macros = macros
        self._errors = lexer.errors
        self._depth = 0
        self._shapes: list[_Shape] = []

    def run(self) -> Expr:
        if self.token.kind == "end":
            raise syntax_errors.empty(len(self._text))
        tree = self._expression()
        if self.token.kind != "end":
            self.refuse_after_value()
        return tree

    # -- operators

    def _expression(self) -> Expr:
        """
        Read operands joined by operators.

        A choice ``a ? b : c`` is an operator of the lowest level whose first branch ends at its ``:``;
        being right-associative, it is not put together before the end.
        """
        self._depth += 1
        if self._depth > MAX_NESTING + 1:
            raise syntax_errors.too_deep(self.token.start)
        pending: list[_Pending] = []
        while True:
            start = self.token.start
            operand = self._operand()
            end = self.end
            awaits = any(waiting.function == "?" for waiting in pending)
            level, function = self._operator(in_choice=awaits)
            # Left-associative, save for a choice, which only the end (a negative level) completes.
            while pending and pending[-1].level >= (level or 1):
                if pending[-1].function == function and function in _FLAT:
                    break
                last = pending.pop()
                if last.function == "?":
                    self.refuse_after_value("`:` and the value for the other case")
                parts = (*last.operands, operand)
                start = last.start
                operand = Call(self._number(start, parts), start, end, last.function, None, parts)
            if level < 0:
                self._depth -= 1
                return operand
            if function == "?" and awaits:
                raise syntax_errors.second_choice(self.token.start)
            if function == ":":
                pending[-1].function = "_?_:_"
                pending[-1].operands.append(operand)
            elif pending and pending[-1].function == function and function in _FLAT:
                pending[-1].operands.append(operand)
            else:
                pending.append(_Pending(level, function, start, [operand]))
            self.advance()

    def _operator(self, *, in_choice: bool) -> tuple[int, str]:
        """Look at the operator that stands here; its level is negative where there is none."""
        token = self.token
        if token.kind == "sign" or (token.kind == "name" and token.text == "in"):
            if token.text == ":" and not in_choice:  # it ends a map's key
                return _NO_OPERATOR
            return _LEVELS.get(token.text, _NO_OPERATOR)
        wanted = _WORDS.get(token.text.lower()) if token.kind == "name" else None
        if wanted is None:
            return _NO_OPERATOR
        start, words = token.start, token.text
        if words.lower() == "is" and self.following.text.lower() == "not":
            self.advance()
            words, wanted = self._text[start : self.token.end], "!="
        self._errors.append(
            syntax_errors.word_operator(words, wanted, start, start + len(words)),
        )
        return _LEVELS[wanted]

    # -- operands

    def _operand(self) -> Expr:
        """Read a value with the signs before it and the selections, calls and indices behind it."""
        prefixes: list[Token] = []
        while self.is_sign("!") or self.is_sign("-"):
            prefixes.append(self.advance())
        is_number = self.token.kind in {"int", "double"}
        minus = prefixes.pop() if is_number and prefixes and prefixes[-1].text == "-" else None
        start = minus.start if minus else self.token.start
        name = ""  # what a message literal could begin with
        if self.token.kind == "sign" and self.token.text in CLOSERS:
            node = self._bracketed()
        elif self.token.kind == "name" or self.is_sign("."):
            node = self._named()
            if isinstance(node, Ident):
                name = f".{node.name}" if node.absolute else node.name
        else:
            node = self._constant(minus)
        while self.token.kind == "sign":
            if self.token.text == ".":
                node, part = self._member(node, start)
                name = f"{name}.{part}" if name and part else ""
            elif self.token.text == "[":
                opening = self.advance()
                function = "_[?_]" if self.skip("?") else "_[_]"
                parts = (node, self._expression())
                self.close(opening)
                node = Call(self._number(start, parts), start, self.end, function, None, parts)
                name = ""
            elif self.token.text == "{" and name:
                node = self._struct(name, start)
                name = ""
            else:
                break
        end = self.end
        for prefix in reversed(prefixes):
            function = "!_" if prefix.text == "!" else "-_"
            number = self._number(prefix.start, (node,))
            node = Call(number, prefix.start, end, function, None, (node,))
        return node

    def _member(self, operand: Expr, start: int) -> tuple[Expr, str]:
        """Read a dot and what follows; also return the name when it could go on as a qualified one."""
        self.advance()
        is_optional = self.skip("?")
        token = self.token
        if token.kind not in {"name", "quoted"}:
            self.refuse("the name of a field" if is_optional else "the name of a field or method")
        if token.kind == "name" and token.text in _KEYWORDS:
            raise syntax_errors.keyword_as_field(token.text, token.start, token.end)
        self.advance()
        if is_optional:
            name = Literal(self._number(token.start), token.start, token.end, token.text)
            parts = (operand, name)
            return Call(self._number(start, parts), start, self.end, "_?._", None, parts), ""
        if token.kind == "name" and self.is_sign("("):
            return self._called(operand, token.text, self._arguments(), start), ""
        number = self._number(start, (operand,))
        node = Select(number, start, self.end, operand, token.text)
        return node, token.text if token.kind == "name" else ""

    def _named(self) -> Expr:
        """Read true, false, null, a variable or a call of a function."""
        start = self.token.start
        is_absolute = self.skip(".")
        token = self.token
        if token.text in _RESERVED:
            raise syntax_errors.reserved_word(token.text, token.start, token.end)
        if token.kind != "name" or (token.text in _KEYWORDS if is_absolute else token.text == "in"):
            self.refuse("a name" if is_absolute else "a value")
        self.advance()
        if token.text in _CONSTANTS:
            return Literal(self._number(start), start, token.end, _CONSTANTS[token.text])
        if not self.is_sign("("):
            return Ident(self._number(start), start, token.end, token.text, absolute=is_absolute)
        args = self._arguments()
        if self._macros and token.text == "has" and not is_absolute and len(args) == 1:
            return self._has(args[0], start)
        return Call(self._number(start, args), start, self.end, token.text, None, args)

    def _bracketed(self) -> Expr:
        """Read a list, a map, or an expression in parentheses."""
        opening = self.advance()
        optional: list[int] = []
        if opening.text == "(":
            node = self._expression()
            self.close(opening)
            return node
        if opening.text == "[":
            elements: list[Expr] = []
            while not self.is_sign("]"):
                if self.skip("?"):
                    optional.append(len(elements))
                elements.append(self._expression())
                if not self.skip(","):
                    break
            self.close(opening, "`,` or `]`")
            number = self._number(opening.start, elements)
            return ListExpr(number, opening.start, self.end, tuple(elements), tuple(optional))
        entries: list[tuple[Expr, Expr]] = []
        while not self.is_sign("}"):
            if self.skip("?"):
                optional.append(len(entries))
            key = self._expression()
            if not self.skip(":"):
                self.refuse_after_value("`:` and the value of the key")
            entries.append((key, self._expression()))
            if not self.skip(","):
                break
        self.close(opening, "`,` or `}`")
        number = self._number(opening.start, [part for entry in entries for part in entry])
        return MapExpr(number, opening.start, self.end, tuple(entries), tuple(optional))

    def _struct(self, name: str, start: int) -> Expr:
        opening = self.advance()
        entries: list[tuple[str, Expr]] = []
        while not self.is_sign("}"):
            self.skip("?")
            field = self.token
            if field.kind not in {"name", "quoted"} or (
                field.kind == "name" and field.text in _KEYWORDS
            ):
                self.refuse("the name of a field")
            self.advance()
            if not self.skip(":"):
                self.refuse("`:` and the value of the field")
            entries.append((field.text, self._expression()))
            if not self.skip(","):
                break
        self.close(opening, "`,` or `}`")
        number = self._number(start, [value for _, value in entries])
        return StructExpr(number, start, self.end, name, tuple(entries))

    # -- calls and macros

    def _arguments(self) -> tuple[Expr, ...]:
        opening = self.advance()
        args: list[Expr] = []
        while args or not self.is_sign(")"):
            args.append(self._expression())
            if not self.skip(","):
                break
        self.close(opening, "`,` or `)`")
        return tuple(args)

    def _called(self, target: Expr, name: str, args: tuple[Expr, ...], start: int) -> Expr:
        """Make a method's call, or what the macro that it is stands for."""
        call = Call(-1, start, self.end, name, target, args)
        macro = expanded(call, self._number) if self._macros else None
        return macro or replace(call, id=self._number(start, (target, *args)))

    def _has(self, field: Expr, start: int) -> Expr:
        if not isinstance(field, Select) or field.test:
            raise syntax_errors.bad_has(field.start, field.end)
        number = self._number(start, (field.operand,))
        return Select(number, start, self.end, field.operand, field.field, test=True)

    # -- constants

    def _constant(self, minus: Token | None) -> Expr:
        """Read a number, with the minus before it, or a string or bytes."""
        token = self.token
        if token.kind in {"string", "bytes"}:
            self.advance()
            return Literal(self._number(token.start), token.start, token.end, token.value)
        if token.kind not in {"int", "uint", "double"}:
            self.refuse("a value")
        self.advance()
        start = minus.start if minus else token.start
        text = f"-{token.text}" if minus else token.text
        kind = token.kind
        value: Value
        if kind != "uint" and self.is_sign("%") and self._ends_ratio():
            self.advance()
            kind, value = "ratio", numerals.ratio(text)
        elif kind == "double":
            value = numerals.double(text)
        else:
            value = numerals.integer(text) if kind == "int" else numerals.unsigned(text)
        if value is None:
            error = syntax_errors.number_too_large(
                self._text[start : self.end], kind, start, self.end
            )
            self._errors.append(error)
        return Literal(self._number(start), start, self.end, value)

    def _ends_ratio(self) -> bool:
        """Whether the ``%`` that stands here cannot be a remainder, by what comes behind it."""
        token = self.following
        if token.kind == "sign":
            return token.text in _AFTER_RATIO
        return token.kind == "end" or (token.kind == "name" and token.text == "in")

    # -- limits

    def _number(self, start: int, parts: Sequence[Expr] = (), repeated: Sequence[Expr] = ()) -> int:
        """Give a new node its id; *repeated* are the parts that it evaluates per element."""
        height = loops = 0
        for part in parts:
            shape = self._shapes[part.id]
            height = max(height, shape.height + 1)
            loops = max(loops, shape.loops)
        for part in repeated:
            shape = self._shapes[part.id]
            height = max(height, shape.height + 1)
            loops = max(loops, shape.loops + 1)
        number = len(self._shapes)
        if height > MAX_NESTING:
            raise syntax_errors.too_deep(start)
        if loops > MAX_LOOPS:
            raise syntax_errors.too_many_loops(start)
        if number >= MAX_NODES:
            raise syntax_errors.too_large(start)
        self._shapes.append(_Shape(height, loops))
        return number
