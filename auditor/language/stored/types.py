"""
Types as data: a table in which a type names those that it is made of by their position.

Two declared objects are the same type only if they are one object in memory. So none is ever written: the data
says where it is found, in the type of a snapshot or among those of the language, and there it is looked up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from auditor.facts.types import (
    PERIOD,
    Field,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    OpaqueType,
    ScalarType,
    Type,
    TypeParameter,
)
from auditor.language.attestation import ATTESTATION
from auditor.language.cel.macro_types import calendar_value, group
from auditor.language.stored.shapes import PlanDataError, Shape, Shapes, items

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

KINDS: Final[Mapping[str, type[Type]]] = {
    "scalar": ScalarType,
    "list": ListType,
    "map": MapType,
    "nullable": NullableType,
    "parameter": TypeParameter,
    "opaque": OpaqueType,
}
"""Every kind of type but the objects, by its name in the data; its fields are those of its class."""

_NAMES: Final = {cls: name for name, cls in KINDS.items()}
_MADE: Final[Mapping[str, tuple[Callable[[Type], ObjectType], Callable[[ObjectType], Type]]]] = {
    "group": (group, lambda made: _element(made.fields["items"].type)),
    "calendar value": (calendar_value, lambda made: made.fields["value"].type),
}
"""Objects that a macro makes of another type, by their name: how, and what they were made of."""

_OF_THE_LANGUAGE: Final = {"period": PERIOD, "attestation": ATTESTATION}
_PARAMS: Final = "params"
_MAX_DEPTH: Final = 64


def _element(found: Type) -> Type:
    return found.element if isinstance(found, ListType) else found


def _object(found: Type) -> Type:
    """Return what is inside of a list, a map or a null: a step of a path goes to a field and through these."""
    for _ in range(_MAX_DEPTH):
        match found:
            case ListType():
                found = found.element
            case MapType():
                found = found.value
            case NullableType():
                found = found.inner
            case _:
                break
    return found


class TypeWriter:
    """
    Collects types.

    Args:
        roots: By target, the types of snapshots.
    """

    def __init__(self, roots: Mapping[str, ObjectType]) -> None:
        self.table: list[list[Any]] = []
        self._positions: dict[Type, int] = {}
        self._places: dict[Type, tuple[str, list[str]]] = {}
        self._unsearched = _places(
            [*_OF_THE_LANGUAGE.items(), *((target, roots[target]) for target in roots)]
        )
        shapes = Shapes({"Type": Shape(Type, int, self.position, _unreadable)})
        self._fields = {name: shapes.fields(cls) for name, cls in KINDS.items()}

    def position(self, found: Type) -> int:
        """
        Return the position of a type in the table, which it enters when it is first met.

        Raises:
            PlanDataError: It is an object that is found nowhere.
        """
        position = self._positions.get(found)
        if position is None:
            entry = self._entry(found)
            position = self._positions[found] = len(self.table)
            self.table.append(entry)
        return position

    def _entry(self, found: Type) -> list[Any]:
        if isinstance(found, ObjectType):
            return self._object(found)
        name = _NAMES.get(type(found))
        if name is None:
            msg = f"a {type(found).__name__} cannot be written"
            raise PlanDataError(msg)
        return [name, *(shape.write(getattr(found, key)) for key, shape in self._fields[name])]

    def _object(self, found: ObjectType) -> list[Any]:
        make, made_of = _MADE.get(found.name, (None, None))
        if make is not None and made_of is not None and make(made_of(found)) is found:
            return [found.name, self.position(made_of(found))]
        if found.name == _PARAMS:
            parts = [(name, self.position(field.type)) for name, field in found.fields.items()]
            return [_PARAMS, len(self.table), [list(part) for part in parts]]
        while found not in self._places:
            for place, path, kind in self._unsearched:
                self._places.setdefault(kind, (place, path))
                if kind is found:
                    break
            else:
                msg = f"the type {found} is declared nowhere"
                raise PlanDataError(msg)
        place, path = self._places[found]
        return ["object", place, path]


def _unreadable(_: Any) -> Type:  # noqa: ANN401 - any JSON value
    raise PlanDataError


def _places(
    starts: Iterable[tuple[str, ObjectType]],
) -> Iterator[tuple[str, list[str], ObjectType]]:
    """Yield every declared object once, by the shortest way to it."""
    seen: set[Type] = set()
    for place, start in starts:
        pending: list[tuple[list[str], ObjectType]] = [([], start)]
        seen.add(start)
        for path, kind in pending:  # grows on the way
            yield place, path, kind
            for name, field in kind.fields.items():
                inner = _object(field.type)
                if isinstance(inner, ObjectType) and inner not in seen:
                    seen.add(inner)
                    pending.append(([*path, name], inner))


class TypeReader:
    """
    Reads a table of types, each when it is first asked for.

    Args:
        table: As it was written.
        roots: By target, the types of snapshots.
    """

    def __init__(self, table: Any, roots: Mapping[str, ObjectType]) -> None:  # noqa: ANN401
        self._table = items(table)
        self._roots = roots
        self._read: dict[int, Type] = {}
        self._limit = len(self._table)
        self._depth = 0
        shapes = Shapes({"Type": Shape(Type, int, _unreadable, self.at)})
        self._fields = {name: shapes.fields(cls) for name, cls in KINDS.items()}

    def at(self, position: Any) -> Type:  # noqa: ANN401 - any JSON value
        """
        Return the type at a position.

        Raises:
            PlanDataError: There is none.
        """
        if type(position) is not int or not 0 <= position < self._limit:
            msg = "no type stands there"
            raise PlanDataError(msg)
        found = self._read.get(position)
        if found is None:
            before = self._limit
            self._limit = position  # it can only be made of those before it
            self._depth += 1
            try:
                found = self._read[position] = self._type(items(self._table[position]))
            finally:
                self._limit = before
                self._depth -= 1
        return found

    def _type(self, entry: list[Any]) -> Type:
        name, *parts = entry or [None]
        fields = self._fields.get(name) if isinstance(name, str) else None
        if fields is not None and len(parts) == len(fields) and self._depth <= _MAX_DEPTH:
            read = [shape.read(part) for (_, shape), part in zip(fields, parts, strict=True)]
            return KINDS[name](*read)
        match entry:
            case ["object", str() as place, list() as path]:
                return self._declared(place, path)
            case [_, position] if isinstance(name, str) and name in _MADE:
                if self._depth <= _MAX_DEPTH:
                    return _MADE[name][0](self.at(position))
            case ["params", int(), list() as params]:
                return ObjectType(_PARAMS, dict(self._param(param) for param in params))
        msg = "this is no type"
        raise PlanDataError(msg)

    def _param(self, data: Any) -> tuple[str, Field]:  # noqa: ANN401 - any JSON value
        name, position = items(data, 2)
        if type(name) is not str:
            msg = "this is no parameter"
            raise PlanDataError(msg)
        return name, Field(self.at(position), required=True)

    def _declared(self, place: str, path: list[Any]) -> ObjectType:
        found: Type | None = _OF_THE_LANGUAGE.get(place)
        if found is None and place in self._roots:
            found = self._roots[place]
        for step in path:
            fields = found.fields if isinstance(found, ObjectType) else {}
            field = fields.get(step) if isinstance(step, str) else None
            found = _object(field.type) if field is not None else None
        if not isinstance(found, ObjectType):
            msg = "no such object is declared"
            raise PlanDataError(msg)
        return found
