"""
How is an expression put to cel-python?

As CEL text that its own parser reads, with words (``define``) written out. Names and constants become names of
ours, so nothing depends on how it reads a literal or looks a name up, and no name hides another. What it cannot
be asked (`auditor.language.portability`) becomes a name whose value is an error: CEL's own rules then say whether
that matters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from auditor.language.cel.ast import (
    Call,
    Comprehension,
    Expr,
    Ident,
    ListExpr,
    Literal,
    MapExpr,
    Select,
)
from auditor.language.cel.names import namespaced
from auditor.language.portability import (
    MAX_LEVELS,
    MAX_PARTS,
    Obstacle,
    obstacle,
    size,
)
from auditor.language.portability_rules import NATIVE_FUNCTIONS, NATIVE_METHODS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditor.language.cel.checked import CheckedExpr
    from auditor.language.registry import Functions
    from auditor.language.values import Value

_INFIX: Final = {
    "_&&_": "&&", "_||_": "||", "_+_": "+", "_-_": "-", "_*_": "*", "_/_": "/", "_%_": "%",
    "_==_": "==", "_!=_": "!=", "_<_": "<", "_<=_": "<=", "_>_": ">", "_>=_": ">=", "@in": "in",
}  # fmt: skip
_PREFIX: Final = {"!_": "!", "-_": "-"}
_FIELD: Final = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_RESERVED: Final = frozenset({"in", "true", "false", "null"})

COUNTED: Final = "counted"
"""Function that lets every element of a list be counted that a macro goes through."""


@dataclass(slots=True)
class Translation:
    """An expression as cel-python is asked it; values and functions are bound by these names."""

    text: str = ""
    variables: dict[str, str] = field(default_factory=dict)
    """By our name for it, the name of a variable of the policy."""
    constants: dict[str, Value] = field(default_factory=dict)
    blocked: list[str] = field(default_factory=list)
    """Names for what it is not asked."""
    obstacles: list[Obstacle] = field(default_factory=list)
    """Where it may answer otherwise, or cannot be asked, in the order of the text."""
    calls: dict[str, Call] = field(default_factory=dict)
    """Functions of ours, each as one call of it: a method has its receiver as first argument."""


def translate(checked: CheckedExpr, functions: Functions) -> Translation:
    """Put *checked* into cel-python's words."""
    levels, parts = size(checked)
    if levels > MAX_LEVELS or parts > MAX_PARTS:
        message = "it is too deep or too large with all the words that it uses"
        fault = Obstacle("portable-size", message, None, checked.expr)
        return Translation("b0", blocked=["b0"], obstacles=[fault])
    writer = _Writer(functions)
    writer.translation.text = writer.write(checked, checked.expr, {})
    return writer.translation


class _Writer:
    def __init__(self, functions: Functions) -> None:
        self.translation = Translation()
        self._functions = functions
        self._known: dict[str, str] = {}
        self._last = 0

    def _new(self, letter: str) -> str:
        self._last += 1
        return f"{letter}{self._last}"

    def write(self, checked: CheckedExpr, node: Expr, local: Mapping[str, str]) -> str:
        """Write *node* as something that binds more closely than any operator."""
        fault = obstacle(node, checked, self._functions, frozenset(local))
        if fault is not None:
            self.translation.obstacles.append(fault)
        if fault is not None and not fault.is_asked:
            name = self._new("b")
            self.translation.blocked.append(name)
            return name
        match node:
            case Literal():
                return self._constant(node.value)
            case Ident():
                return self._name(node, local)
            case Select():
                operand = self.write(checked, node.operand, local)
                if _FIELD.fullmatch(node.field) and node.field not in _RESERVED:
                    return f"{operand}.{node.field}"
                return f"{operand}[{self._constant(node.field)}]"
            case ListExpr():
                return f"[{', '.join(self.write(checked, part, local) for part in node.elements)}]"
            case MapExpr():
                pairs = [
                    [self.write(checked, part, local) for part in pair] for pair in node.entries
                ]
                return f"{{{', '.join(': '.join(pair) for pair in pairs)}}}"
            case Comprehension():
                return self._macro(checked, node, local)
            case Call():
                return self._call(checked, node, local)
            case _:
                msg = f"no rule for a {type(node).__name__}"
                raise AssertionError(msg)

    def _constant(self, value: Value) -> str:
        if value is None or isinstance(value, bool):
            return {None: "null", True: "true", False: "false"}[value]
        name = self._new("c")
        self.translation.constants[name] = value
        return name

    def _name(self, node: Ident, local: Mapping[str, str]) -> str:
        if not node.absolute and node.name in local:
            return local[node.name]
        if node.name not in self._known:
            self._known[node.name] = self._new("g")
            self.translation.variables[self._known[node.name]] = node.name
        return self._known[node.name]

    def _macro(self, checked: CheckedExpr, node: Comprehension, local: Mapping[str, str]) -> str:
        source = self.write(checked, node.range, local)
        variable = self._new("v")
        body = self.write(checked, node.args[0], {**local, node.variables[0]: variable})
        return f"{COUNTED}({source}).{node.macro}({variable}, {body})"

    def _call(self, checked: CheckedExpr, node: Call, local: Mapping[str, str]) -> str:
        operands = (node.target, *node.args) if node.target is not None else node.args
        instance = checked.instances.get(node.id)
        if instance is not None:
            given = [self.write(checked, part, local) for part in operands]
            inside = dict(zip(instance.parameters, given, strict=True))
            return self.write(instance.body, instance.body.expr, inside)
        full = namespaced(node, self._functions, local)
        if full is not None:
            given = [self.write(checked, part, local) for part in node.args]
            return self._ours(replace(node, function=full, target=None), given)
        written = [self.write(checked, part, local) for part in operands]
        if node.function in _INFIX:
            return f"({f' {_INFIX[node.function]} '.join(written)})"
        if node.function in _PREFIX:
            return f"({_PREFIX[node.function]}{written[0]})"
        if node.function == "_?_:_":
            test, then, otherwise = written
            return f"({test} ? {then} : {otherwise})"
        if node.function == "_[_]":
            return f"{written[0]}[{written[1]}]"
        if node.target is None and node.function in NATIVE_FUNCTIONS:
            return f"{node.function}({', '.join(written)})"
        if node.target is not None and node.function in NATIVE_METHODS:
            return f"{written[0]}.{node.function}({', '.join(written[1:])})"
        return self._ours(node, written)

    def _ours(self, node: Call, given: list[str]) -> str:
        name = self._new("f")
        self.translation.calls[name] = node
        return f"{name}({', '.join(given)})"
