"""
Pieces of generated code, as nodes of Python's own tree: never as text.

Names are ``v0``, ``v1`` and so on, and every literal and field name is an entry of a tuple of constants, so
that nothing of a policy or a snapshot can become Python.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

Kind = TypeVar("Kind", bound=ast.AST)


def _placed(kind: type[Kind]) -> type[Kind]:
    """Return a kind of node of which each stands at one and the same place: generated code has no lines."""
    place = {"lineno": 1, "col_offset": 0, "end_lineno": 1, "end_col_offset": 0}
    return type(kind.__name__, (kind,), {"__slots__": (), **place})


_LOAD = ast.Load()
_STORE = ast.Store()

Name = _placed(ast.Name)
Constant = _placed(ast.Constant)
Assign = _placed(ast.Assign)
Tuple = _placed(ast.Tuple)
Call = _placed(ast.Call)
Subscript = _placed(ast.Subscript)
Compare = _placed(ast.Compare)
UnaryOp = _placed(ast.UnaryOp)
BoolOp = _placed(ast.BoolOp)
IfExp = _placed(ast.IfExp)
If = _placed(ast.If)
For = _placed(ast.For)
Expr = _placed(ast.Expr)
Attribute = _placed(ast.Attribute)
Break = _placed(ast.Break)
Raise = _placed(ast.Raise)
Try = _placed(ast.Try)
ExceptHandler = _placed(ast.ExceptHandler)
FunctionDef = _placed(ast.FunctionDef)
Arg = _placed(ast.arg)
List = _placed(ast.List)
BinOp = _placed(ast.BinOp)
Return = _placed(ast.Return)
Dict = _placed(ast.Dict)
Pass = _placed(ast.Pass)

Block = list[ast.stmt]
"""Statements, in order."""


def name(text: str) -> ast.Name:
    """Read a variable."""
    return Name(text, _LOAD)


def truth(value: bool | None) -> ast.Constant:  # noqa: FBT001 - the constant itself
    """Write ``True``, ``False`` or ``None``: the only constants that stand in the code."""
    return Constant(value)


def assign(target: str, value: ast.expr) -> ast.Assign:
    """Set a variable."""
    return Assign([Name(target, _STORE)], value)


def unpack(targets: Sequence[str], value: ast.expr) -> ast.Assign:
    """Set variables to the members of a tuple."""
    names: list[ast.expr] = [Name(target, _STORE) for target in targets]
    return Assign([Tuple(names, _STORE)], value)


def call(function: ast.expr, *args: ast.expr) -> ast.Call:
    """Call a function."""
    return Call(function, list(args), [])


def item(owner: ast.expr, key: ast.expr) -> ast.Subscript:
    """Read a member."""
    return Subscript(owner, key, _LOAD)


def is_null(value: ast.expr) -> ast.Compare:
    """Ask whether something is null."""
    return Compare(value, [ast.Is()], [truth(None)])


def is_given(value: ast.expr) -> ast.Compare:
    """Ask whether something is not null."""
    return Compare(value, [ast.IsNot()], [truth(None)])


def is_same(value: ast.expr, other: ast.expr) -> ast.Compare:
    """Ask whether two things are one object."""
    return Compare(value, [ast.Is()], [other])


_SIGNS: dict[str, type[ast.cmpop]] = {
    "<": ast.Lt,
    "<=": ast.LtE,
    ">": ast.Gt,
    ">=": ast.GtE,
    "==": ast.Eq,
    "!=": ast.NotEq,
    "in": ast.In,
}


def compare(left: ast.expr, *rest: tuple[str, ast.expr]) -> ast.Compare:
    """Compare, perhaps in a chain."""
    return Compare(left, [_SIGNS[sign]() for sign, _ in rest], [value for _, value in rest])


def negated(value: ast.expr) -> ast.expr:
    """Turn a truth around."""
    match value:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return operand
        case ast.Compare(ops=[ast.Is()]):
            return Compare(value.left, [ast.IsNot()], value.comparators)
        case ast.Compare(ops=[ast.IsNot()]):
            return Compare(value.left, [ast.Is()], value.comparators)
        case ast.Compare(ops=[ast.Eq()]):
            return Compare(value.left, [ast.NotEq()], value.comparators)
        case ast.Constant(value=bool(constant)):
            return truth(not constant)
        case _:
            return UnaryOp(ast.Not(), value)


def both(values: Sequence[ast.expr]) -> ast.expr:
    """Join truths with ``and``."""
    return values[0] if len(values) == 1 else BoolOp(ast.And(), list(values))


def either(values: Sequence[ast.expr]) -> ast.expr:
    """Join truths with ``or``."""
    return values[0] if len(values) == 1 else BoolOp(ast.Or(), list(values))


def choose(test: ast.expr, then: ast.expr, otherwise: ast.expr) -> ast.IfExp:
    """Choose between two values."""
    return IfExp(test, then, otherwise)


def when(test: ast.expr, then: Block, otherwise: Block | None = None) -> ast.If:
    """Do something where *test* holds."""
    return If(test, then, otherwise or [])


def each(variable: str, members: ast.expr, body: Block) -> ast.For:
    """Go through the members of a list."""
    return For(Name(variable, _STORE), members, body, [])


def method(owner: str) -> ast.Attribute:
    """Bind the one method that the code uses: that which adds to a list."""
    return Attribute(name(owner), "append", _LOAD)


def append(method: str, value: ast.expr) -> ast.Expr:
    """Add to a list, by its bound method."""
    return Expr(call(name(method), value))


def stop() -> ast.Break:
    """End the loop around."""
    return Break()


def leave(exception: str) -> ast.Raise:
    """Give up."""
    return Raise(name(exception), None)


def guarded(body: Block, exceptions: Sequence[str], handler: Block) -> ast.Try:
    """Do *handler* where *body* gives up."""
    kinds: list[ast.expr] = [name(exception) for exception in exceptions]
    return Try(body, [ExceptHandler(Tuple(kinds, _LOAD), None, handler)], [], [])


def function(title: str, parameters: Sequence[str], body: Block) -> ast.FunctionDef:
    """Define a function."""
    arguments = ast.arguments(
        posonlyargs=[],
        args=[Arg(parameter) for parameter in parameters],
        vararg=None,
        kwonlyargs=[],
        kw_defaults=[],
        kwarg=None,
        defaults=[],
    )
    made: dict[str, Any] = {"type_params": []} if hasattr(ast, "TypeAlias") else {}
    return FunctionDef(title, arguments, body, [], None, None, **made)


def tuple_of(values: Sequence[ast.expr]) -> ast.Tuple:
    """Write a tuple."""
    return Tuple(list(values), _LOAD)


def list_of(values: Sequence[ast.expr]) -> ast.List:
    """Write a list."""
    return List(list(values), _LOAD)


def plus(left: ast.expr, right: ast.expr) -> ast.BinOp:
    """Add."""
    return BinOp(left, ast.Add(), right)


def times(left: ast.expr, right: ast.expr) -> ast.BinOp:
    """Multiply."""
    return BinOp(left, ast.Mult(), right)


def answer(value: ast.expr) -> ast.Return:
    """Return a value."""
    return Return(value)


def struct(keys: Sequence[ast.expr], values: Sequence[ast.expr]) -> ast.Dict:
    """Write a map."""
    return Dict(list(keys), list(values))


def keep(owner: ast.expr, key: ast.expr, value: ast.expr) -> ast.Assign:
    """Set a member."""
    return Assign([Subscript(owner, key, _STORE)], value)
