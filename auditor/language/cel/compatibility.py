"""
Which type may stand where another one is wanted.
"""

from __future__ import annotations

from auditor.facts.types import (
    DYN,
    NULL,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    ScalarType,
    Type,
    TypeParameter,
    nullable,
    unwrap,
)

Bindings = dict[str, Type]

_NUMBERS = frozenset({"int", "uint", "double", "ratio"})


def is_dyn(found: Type) -> bool:
    """Whether nothing is known of a type before it is evaluated."""
    return unwrap(found) == DYN or (isinstance(found, ScalarType) and found.name == "error")


def accepts(wanted: Type, found: Type, bindings: Bindings) -> bool:
    """
    Tell whether a value of type *found* may be passed where *wanted* is declared.

    Args:
        wanted: A parameter's type; a `TypeParameter` is bound by the first argument that meets it.
        found: The argument's type.
        bindings: Type parameters bound so far; extended.
    """
    if is_dyn(found) or wanted == DYN:
        return True
    if isinstance(found, NullableType) and not isinstance(wanted, NullableType | TypeParameter):
        return False
    match wanted:
        case TypeParameter():
            bound = bindings.get(wanted.name)
            bindings[wanted.name] = found if bound is None else join(bound, found)
            return True
        case NullableType():
            return found == NULL or accepts(wanted.inner, unwrap(found), bindings)
        case ListType():
            return isinstance(found, ListType) and accepts(wanted.element, found.element, bindings)
        case MapType():
            return (
                isinstance(found, MapType)
                and accepts(wanted.key, found.key, bindings)
                and accepts(wanted.value, found.value, bindings)
            )
        case ObjectType():
            return found is wanted
        case ScalarType():
            return isinstance(found, ScalarType) and found.name == wanted.name
        case _:
            return False


def substitute(declared: Type, bindings: Bindings) -> Type:
    """Return a result type with its type parameters filled in; dyn where nothing bound them."""
    match declared:
        case TypeParameter():
            return bindings.get(declared.name, DYN)
        case ListType():
            return ListType(substitute(declared.element, bindings))
        case MapType():
            return MapType(substitute(declared.key, bindings), substitute(declared.value, bindings))
        case NullableType():
            return nullable(substitute(declared.inner, bindings))
        case _:
            return declared


def join(left: Type, right: Type) -> Type:
    """Return the type of something that is one or the other."""
    if left == right:
        return left
    if NULL in {left, right}:
        return nullable(right if left == NULL else left)
    if isinstance(left, NullableType) or isinstance(right, NullableType):
        return nullable(join(unwrap(left), unwrap(right)))
    match left, right:
        case ScalarType(), ScalarType() if left.name == right.name:
            return ScalarType(left.name)
        case ListType(), ListType():
            return ListType(join(left.element, right.element))
        case _:
            return DYN


def comparable(left: Type, right: Type) -> bool:
    """Tell whether two values may ever be equal; null and dyn may equal anything."""
    left, right = unwrap(left), unwrap(right)
    if is_dyn(left) or is_dyn(right) or NULL in {left, right}:
        return True
    match left, right:
        case ScalarType(), ScalarType():
            return left.name == right.name or {left.name, right.name} <= _NUMBERS
        case ListType(), ListType():
            return comparable(left.element, right.element)
        case MapType(), MapType():
            return comparable(left.key, right.key) and comparable(left.value, right.value)
        case ObjectType(), ObjectType():
            return left is right
        case _:
            return False
