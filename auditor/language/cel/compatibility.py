"""
Which type may stand where another one is wanted.
"""

from __future__ import annotations

from auditor.facts.types import (
    DYN,
    FREE,
    NULL,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    OpaqueType,
    ScalarType,
    Type,
    TypeParameter,
    nullable,
    unwrap,
)

Bindings = dict[str, Type]

_MAX_DEPTH = 64
"""Types inside each other that are told apart: macros and slots can build what no text could nest."""
_NUMBERS = frozenset({"int", "uint", "double", "ratio"})


def is_dyn(found: Type) -> bool:
    """Whether nothing is known of a type before it is evaluated."""
    return unwrap(found) in {DYN, FREE} or (isinstance(found, ScalarType) and found.name == "error")


def accepts(wanted: Type, found: Type, bindings: Bindings) -> bool:
    """
    Tell whether a value of type *found* may be passed where *wanted* is declared.

    Args:
        wanted: A parameter's type; a `TypeParameter` is bound by the first argument that meets it.
        found: The argument's type.
        bindings: Type parameters bound so far; extended.
    """
    if isinstance(wanted, TypeParameter):
        bound = bindings.get(wanted.name)
        bindings[wanted.name] = found if bound is None else join(bound, found)
        return True
    if is_dyn(found) or wanted == DYN:
        return True
    if isinstance(found, NullableType) and not isinstance(wanted, NullableType):
        return False
    match wanted:
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
        case OpaqueType():
            pairs = _pairs(wanted, found)
            return pairs is not None and all(
                accepts(part, other, bindings) for part, other in pairs
            )
        case ObjectType():
            return found is wanted
        case ScalarType(name="number"):
            return isinstance(found, ScalarType) and found.name in _NUMBERS - {"ratio"}
        case ScalarType():
            return isinstance(found, ScalarType) and found.name == wanted.name
        case _:
            return False


def _pairs(one: OpaqueType, other: Type) -> list[tuple[Type, Type]] | None:
    """Pair what two types are about; None where they differ in more than that."""
    if not isinstance(other, OpaqueType) or other.name != one.name:
        return None
    return list(zip(one.parameters, other.parameters, strict=True))


def substitute(declared: Type, bindings: Bindings, unbound: Type = DYN) -> Type:
    """Return a result type with its type parameters filled in; *unbound* where nothing bound them."""
    match declared:
        case TypeParameter():
            return bindings.get(declared.name, unbound)
        case ListType():
            return ListType(substitute(declared.element, bindings, unbound))
        case MapType():
            key = substitute(declared.key, bindings, unbound)
            return MapType(key, substitute(declared.value, bindings, unbound))
        case NullableType():
            return nullable(substitute(declared.inner, bindings, unbound))
        case OpaqueType():
            parts = (substitute(part, bindings, unbound) for part in declared.parameters)
            return OpaqueType(declared.name, tuple(parts))
        case _:
            return declared


def join(left: Type, right: Type) -> Type:
    """Return the type of something that is one or the other."""
    if right in {left, FREE}:
        return left
    if left == FREE:
        return right
    if NULL in {left, right}:
        return nullable(right if left == NULL else left)
    if isinstance(left, NullableType) or isinstance(right, NullableType):
        return nullable(join(unwrap(left), unwrap(right)))
    match left, right:
        case ScalarType(), ScalarType() if left.name == right.name:
            return ScalarType(left.name)
        case ListType(), ListType():
            return ListType(join(left.element, right.element))
        case MapType(), MapType():
            return MapType(join(left.key, right.key), join(left.value, right.value))
        case OpaqueType(), _ if (pairs := _pairs(left, right)) is not None:
            return OpaqueType(left.name, tuple(join(one, other) for one, other in pairs))
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
        case OpaqueType(), _ if (pairs := _pairs(left, right)) is not None:
            return all(comparable(one, other) for one, other in pairs)
        case _:
            return False


def bounded(found: Type) -> Type:
    """Return a type, or dyn where more types lie inside each other than are told apart."""
    return found if _depth(found) <= _MAX_DEPTH else DYN


def _depth(found: Type) -> int:
    match found:
        case ListType():
            return 1 + _depth(found.element)
        case MapType():
            return 1 + max(_depth(found.key), _depth(found.value))
        case NullableType():
            return 1 + _depth(found.inner)
        case OpaqueType():
            return 1 + max(map(_depth, found.parameters), default=0)
        case _:
            return 1


def settled(found: Type) -> Type:
    """Return a type in which nothing is left open: what no neighbour has bound is dyn."""
    return substitute(found, {})
