"""
Write and read records of declared classes by what their fields are annotated with.

The data says which of the classes that are known here is meant, never which class of Python; a field is read
only as what its class declares. So whatever the data says, nothing comes of it but the values of a plan.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from enum import StrEnum


class PlanDataError(Exception):
    """A plan that cannot be written as data, or data that is no plan: it has to be compiled."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How one kind of value stands in the data."""

    holds: type
    """Class of the value."""
    data: type
    """Class of what is written for it; no two kinds of one union share it."""
    write: Callable[[Any], Any]
    read: Callable[[Any], Any]
    """Raises `PlanDataError` for what it does not know."""


class Shapes:
    """
    The shapes of annotations.

    Args:
        leaves: By annotation: whatever is no plain scalar, tuple or union.
        records: Classes that are written as the list of their fields.
    """

    def __init__(self, leaves: Mapping[str, Shape], records: Iterable[type] = ()) -> None:
        self._known = {**_PLAIN, **leaves}
        self._records = {cls.__name__: cls for cls in records}

    def of(self, annotation: str) -> Shape:
        """
        Return the shape of an annotation, as its class has it in its source.

        Raises:
            PlanDataError: It names what is not known here.
        """
        known = self._known.get(annotation)
        if known is None:
            known = self._known[annotation] = self._made(annotation)
        return known

    def fields(self, cls: type) -> tuple[tuple[str, Shape], ...]:
        """Return names and shapes of the fields of a dataclass, in order."""
        return tuple((field.name, self.of(str(field.type))) for field in fields(cls))

    def _made(self, annotation: str) -> Shape:
        parts = _split(annotation, "|")
        if len(parts) > 1:
            return _union([self.of(part) for part in parts])
        if annotation.startswith("tuple[") and annotation.endswith("]"):
            inner = _split(annotation[6:-1], ",")
            if inner[1:] == ["..."]:
                return _row(self.of(inner[0]))
            return _tuple([self.of(part) for part in inner])
        cls = self._records.get(annotation)
        if cls is None:
            msg = f"nothing tells how a {annotation} is written"
            raise PlanDataError(msg)
        return _record(cls, self.fields(cls))


def plain(cls: type) -> Shape:
    """Return the shape of what JSON has itself; a truth value is no number."""

    def same(value: Any) -> Any:  # noqa: ANN401 - one of many classes
        if type(value) is not cls:
            msg = f"this is no {cls.__name__}"
            raise PlanDataError(msg)
        return value

    return Shape(cls, cls, same, same)


def name_of(cls: type[StrEnum]) -> Shape:
    """Return the shape of an enumeration, written as its value."""

    def read(data: Any) -> StrEnum:  # noqa: ANN401 - any JSON value
        try:
            return cls(_TEXT.read(data))
        except ValueError:
            msg = f"this is no {cls.__name__}"
            raise PlanDataError(msg) from None

    return Shape(cls, str, lambda value: value.value, read)


def items(data: Any, count: int | None = None) -> list[Any]:  # noqa: ANN401 - any JSON value
    """
    Return *data* as a list, of *count* items where that is given.

    Raises:
        PlanDataError: It is none.
    """
    if type(data) is not list or (count is not None and len(data) != count):
        msg = "this is not the list that should stand here"
        raise PlanDataError(msg)
    return data


_TEXT: Final = plain(str)
_PLAIN: Final = {cls.__name__: plain(cls) for cls in (int, str, bool)} | {"None": plain(type(None))}


def _split(text: str, mark: str) -> list[str]:
    """Split an annotation at *mark*, not inside brackets."""
    parts, depth = [""], 0
    for character in text:
        depth += (character == "[") - (character == "]")
        if character == mark and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts]


def _union(kinds: list[Shape]) -> Shape:
    by_data = {kind.data: kind for kind in kinds}
    if len(by_data) != len(kinds):
        msg = "two kinds of one field would look the same"
        raise PlanDataError(msg)

    def write(value: Any) -> Any:  # noqa: ANN401 - one of many classes
        for kind in kinds:
            if isinstance(value, kind.holds):
                return kind.write(value)
        msg = f"a {type(value).__name__} is none of the kinds of its field"
        raise PlanDataError(msg)

    def read(data: Any) -> Any:  # noqa: ANN401 - any JSON value
        kind = by_data.get(type(data))
        if kind is None:
            msg = f"a {type(data).__name__} is none of the kinds of its field"
            raise PlanDataError(msg)
        return kind.read(data)

    return Shape(object, object, write, read)


def _row(inner: Shape) -> Shape:
    def write(value: tuple[Any, ...]) -> list[Any]:
        return [inner.write(part) for part in value]

    def read(data: Any) -> tuple[Any, ...]:  # noqa: ANN401 - any JSON value
        return tuple([inner.read(part) for part in items(data)])

    return Shape(tuple, list, write, read)


def _tuple(inner: list[Shape]) -> Shape:
    def write(value: tuple[Any, ...]) -> list[Any]:
        return [shape.write(part) for shape, part in zip(inner, value, strict=True)]

    def read(data: Any) -> tuple[Any, ...]:  # noqa: ANN401 - any JSON value
        parts = items(data, len(inner))
        return tuple([shape.read(part) for shape, part in zip(inner, parts, strict=True)])

    return Shape(tuple, list, write, read)


def _record(cls: type, declared: tuple[tuple[str, Shape], ...]) -> Shape:
    def write(value: Any) -> list[Any]:  # noqa: ANN401 - a record of *cls*
        return [shape.write(getattr(value, name)) for name, shape in declared]

    def read(data: Any) -> Any:  # noqa: ANN401 - any JSON value
        parts = items(data, len(declared))
        return cls(*[shape.read(part) for (_, shape), part in zip(declared, parts, strict=True)])

    return Shape(cls, list, write, read)
