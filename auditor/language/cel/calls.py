"""
What type a selection, an index or a call gives, and what is wrong with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.facts.types import (
    BOOL,
    DATE,
    DOUBLE,
    DYN,
    INT,
    SPAN,
    TIMESTAMP,
    UINT,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    ScalarType,
    Type,
    held_type,
    nullable,
    optional,
    unwrap,
)
from auditor.language.cel import diagnostics as say
from auditor.language.cel import macros
from auditor.language.cel.ast import Literal, children
from auditor.language.cel.comparisons import as_texts, is_text, text_of
from auditor.language.cel.compatibility import is_dyn
from auditor.language.cel.names import BUILT_INS
from auditor.language.cel.overloads import resolve

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from auditor.language.cel.ast import Call, Expr, Select
    from auditor.language.cel.diagnostics import Diagnostic
    from auditor.language.registry import Functions, Overload

_ORDER: Final = frozenset({"_<_", "_<=_", "_>_", "_>=_"})
_READABLE: Final[Mapping[str, str]] = {
    "@in": "in",
    "_[_]": "[ ]",
    "_?_:_": "? :",
    "!_": "!",
    "-_": "-",
}


class CallTypes:
    """
    Tells the types of selections and calls whose operands are known.

    Args:
        functions: What may be called.
        definitions: Names of the ``define`` names in force, for "did you mean".
        text: Source of the expression, for messages.
        diagnostics: Takes what is wrong.
    """

    def __init__(
        self,
        functions: Functions,
        definitions: Iterable[str],
        text: str,
        diagnostics: list[Diagnostic],
    ) -> None:
        self._functions = functions
        self._definitions = definitions
        self._text = text
        self._diagnostics = diagnostics

    def _report(self, diagnostic: Diagnostic) -> Type:
        self._diagnostics.append(diagnostic)
        return DYN

    def _unguarded(self, node: Expr, use: str, *, is_moment: bool = False) -> None:
        text = self._text[node.start : node.end] or "this"
        self._report(say.unguarded_null(node, text, use, is_moment=is_moment))

    def select(self, node: Select, owner: Type) -> Type:
        """Return the type of ``x.f``, or of ``has(x.f)``; of an optional it is an optional one."""
        held = held_type(owner)
        found = self._field(node, node.field, unwrap(owner if held is None else held))
        if node.test:
            return BOOL
        if held is not None:
            return optional(self._present(held, found))
        return nullable(found) if isinstance(owner, NullableType) else found

    def optional_select(self, node: Call, owner: Type) -> Type:
        """Find the type of ``x.?f``: of a declared field it holds no null, because null is absence there."""
        field = node.args[1]
        name = field.value if isinstance(field, Literal) else ""
        held = held_type(owner)
        record = owner if held is None else held
        return optional(self._present(record, self._field(node, name, unwrap(record))))

    @staticmethod
    def _present(owner: Type, field: Type) -> Type:
        """Return the type that a field of *owner* has where ``has()`` of it is true."""
        return unwrap(field) if isinstance(unwrap(owner), ObjectType) else field

    def _field(self, node: Expr, name: str, owner: Type) -> Type:
        match owner:
            case ObjectType():
                declared = owner.fields.get(name)
                if declared is None:
                    return self._report(
                        say.unknown_field(node, f"'{owner.name}'", name, owner.fields)
                    )
                return declared.type
            case MapType():
                return owner.value
            case _ if is_dyn(owner):
                return DYN
            case _:
                operand = children(node)[0]
                text = self._text[operand.start : operand.end] or "this"
                return self._report(say.no_fields(node, text, owner, name))

    def index(self, node: Call, container: Type, key: Type) -> Type:
        """Return the type of ``container[key]``; of an optional, or by ``[?key]``, an optional one."""
        held = held_type(container)
        found = self._member(node, container if held is None else held, key)
        return optional(found) if held is not None or node.function == "_[?_]" else found

    def _member(self, node: Call, container: Type, key: Type) -> Type:
        if isinstance(container, NullableType):
            self._unguarded(node.args[0], "null has no elements")
        if isinstance(key, NullableType):
            self._unguarded(node.args[1], "null is no index")
        match unwrap(container):
            case ListType() as listing:
                if not is_dyn(key) and unwrap(key) not in {INT, UINT, DOUBLE}:
                    found = f"{container}, {key}"
                    return self._report(say.no_overload(node, "[ ]", found, ["list[int]"]))
                return listing.element
            case MapType() as mapping:
                return mapping.value
            case found if is_dyn(found):
                return DYN
            case found:
                return self._report(say.no_overload(node, "[ ]", f"{found}, {key}", ["list[int]"]))

    def overload(
        self, node: Call, name: str, operands: Sequence[Expr], found: Sequence[Type]
    ) -> Type:
        """
        Return the type of a call of a library's function.

        Args:
            node: The call.
            name: Of the function, with its namespace.
            operands: What it is called on, the receiver of a method first.
            found: Their types.
        """
        is_method = node.target is not None and name == node.function
        overloads = self._functions.candidates(name, method=is_method, arity=len(found) - is_method)
        shown = _READABLE.get(name, name.strip("_"))
        types = ", ".join(str(part) for part in found)
        if not overloads and is_method and name in macros.NAMES:
            return self._report(say.no_overload(node, shown, types, macros.forms(name)))
        if not overloads:
            names = {*self._functions.names(), *self._definitions}
            names |= macros.NAMES if is_method else set()
            if name in names | BUILT_INS:
                forms = [part.signature for part in self._functions.all() if part.name == name]
                return self._report(say.no_overload(node, shown, types, forms))
            return self._report(say.unknown_function(node, shown, names))
        resolution = resolve(overloads, found)
        if resolution is not None:
            for position in resolution.unguarded:
                is_moment = unwrap(found[position]) == TIMESTAMP
                self._unguarded(operands[position], f"'{shown}' needs a value", is_moment=is_moment)
            return resolution.result
        scalars = {part.name for part in map(unwrap, found) if isinstance(part, ScalarType)}
        if name in _ORDER and scalars == {DATE.name, TIMESTAMP.name}:
            self._report(say.date_with_instant(node))
            return BOOL
        written = list(self._written_as_text(overloads, operands, found))
        if name in _ORDER:
            written += as_texts(operands, found, self._text)
        if written:
            self._diagnostics.extend(written)
            return overloads[0].result
        forms = _forms(name, overloads, found)
        return self._report(say.no_overload(node, shown, types, forms))

    def _written_as_text(
        self, overloads: Sequence[Overload], operands: Sequence[Expr], found: Sequence[Type]
    ) -> Iterator[Diagnostic]:
        """Find texts where a method of an instant wants an instant or a length."""
        if unwrap(found[0]) != TIMESTAMP or len(overloads) != 1:
            return
        (overload,) = overloads
        for wanted, operand in zip(overload.parameters, operands[1:], strict=False):
            if wanted in {TIMESTAMP, SPAN} and is_text(operand):
                yield say.as_text(operand, f"'{overload.name}' wants", wanted, text_of(operand))


def _forms(name: str, overloads: Sequence[Overload], found: Sequence[Type]) -> list[str]:
    """Return the forms that a call may have: of an operator with many, those that one operand fits."""
    if not name.startswith("_") or len(found) != 2:  # noqa: PLR2004 - an operator of two
        return [overload.signature for overload in overloads]
    sign, names = name.strip("_"), [str(unwrap(part)) for part in found]
    pairs = [tuple(map(str, overload.parameters)) for overload in overloads]
    near = [(one, other) for one, other in pairs if one == names[0] or other == names[1]]
    alike = [(one, other) for one, other in pairs if one == other]
    return [f"{one} {sign} {other}" for one, other in near or alike]
