"""
Check a snapshot against its schema and give every fact its type, in one pass.

The pass is a function generated from the schema: it validates, turns instants and days into datetimes and
dates, gives numbers their declared type and fills defaults. What comes out is plain dicts and lists. The
document that went in stays as it was: objects are copied, one level each, and whatever needs no conversion
is shared.

It stops at the first fault and names none: `auditor.facts.validate` then says everything that is wrong.
The code for an object is written when the first such object comes: a project that has no risks does not pay
for what a risk is. The generated text holds names and keywords of this file only; every string of the schema
comes in as the value of a name, so that no schema can say what is executed.
"""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from auditor.documents.limits import MAX_DEPTH
from auditor.facts.instants import (
    DAY_LENGTH,
    parse_bare_day,
    parse_day,
    parse_local_time,
    parse_moment,
)
from auditor.facts.schema import element_of, fields_of
from auditor.facts.zones import zone_names

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditor.facts.schema import Member, Shape

INT_MIN: Final = -(2**63)
INT_MAX: Final = 2**63 - 1

_BUILTINS: Final = {
    "dict": dict,
    "list": list,
    "str": str,
    "int": int,
    "float": float,
    "bool": bool,
    "len": len,
}
_CHECKED_ONLY: Final = frozenset({"string", "boolean", "anything", "local-time", "time-zone"})
"""Kinds of scalars that come out as they went in."""


class ShapeFault(Exception):
    """The document breaks its schema."""


class Shaper:
    """
    Checks and types documents of one schema.

    Args:
        shape: The schema, as `read_shape` returns it.
    """

    def __init__(self, shape: Shape) -> None:
        self._generator = _Generator()
        self._root = self._generator.function(shape)

    def source(self) -> str:
        """Return the code for every object of the schema, for a test that looks at what it is made of."""
        return self._generator.everything()

    def shape(self, document: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
        """
        Return the shaped document; *document* itself stays as it was.

        Raises:
            ShapeFault: It breaks the schema somewhere.
        """
        try:
            shaped: dict[str, Any] = self._generator.names[self._root](document)
        except (KeyError, ValueError):  # a key that must be there; instants, days and times
            raise ShapeFault from None
        return shaped


def _check_time_zone(text: str) -> None:
    if text not in zone_names():
        raise ShapeFault


def _check_free(value: object, depth: int = 0) -> None:
    """Check undeclared data: any JSON, with numbers that the language can hold."""
    match value:
        case None | bool() | str():
            return
        case int() if INT_MIN <= value <= INT_MAX:
            return
        case float() if isfinite(value):
            return
        case list() if depth < MAX_DEPTH:
            for part in value:
                _check_free(part, depth + 1)
        case dict() if depth < MAX_DEPTH:
            for part in value.values():
                _check_free(part, depth + 1)
        case _:
            raise ShapeFault


def _converts(shape: Shape) -> bool:
    """Tell whether a value may come out as something else than it went in; an object may, for all it is asked."""
    if shape.kind == "object":
        return True
    if shape.element is not None:
        return _converts(shape.element)
    return shape.kind not in _CHECKED_ONLY


class _Generator:
    """Writes the code: fixed text and numbered names, whose values are in `names`."""

    def __init__(self) -> None:
        self.names: dict[str, Any] = {
            "__builtins__": dict(_BUILTINS),
            "Fault": ShapeFault,
            "DAY_LENGTH": DAY_LENGTH,
            "moment": parse_moment,
            "day": parse_day,
            "bare_day": parse_bare_day,
            "local_time": parse_local_time,
            "time_zone": _check_time_zone,
            "free": _check_free,
            "finite": isfinite,
            "INT_MIN": INT_MIN,
            "INT_MAX": INT_MAX,
        }
        self._functions: dict[int, str] = {}
        self._unwritten: dict[str, Shape] = {}
        self._bodies: dict[str, str] = {}
        self._lines: list[str] = []
        self._counted = 0

    def function(self, shape: Shape) -> str:
        """Return the name of the function for an object; one for each definition, written at its first call."""
        known = self._functions.get(id(shape.body))
        if known is not None:
            return known
        name = self._functions[id(shape.body)] = f"object{len(self._functions)}"
        self._unwritten[name] = shape

        def first_call(found: Any) -> Any:  # noqa: ANN401 - any JSON value
            return self._written(name)(found)

        self.names[name] = first_call
        return name

    def everything(self) -> str:
        """Write what is not written yet, and return all code."""
        while self._unwritten:
            self._written(next(iter(self._unwritten)))
        return "\n".join(self._bodies.values())

    def _written(self, name: str) -> Callable[[Any], Any]:
        """Write a function, so that the next call of its name finds it, and return it."""
        shape = self._unwritten.pop(name, None)
        if shape is not None:
            self._lines = [f"def {name}(found):"]
            self._object(shape)
            self._bodies[name] = "\n".join(self._lines)
            # Our own text with nothing of the schema in it, see the class.
            exec(compile(self._bodies[name], "<shaper>", "exec"), self.names)  # noqa: S102 - see above
        made: Callable[[Any], Any] = self.names[name]
        return made

    def _object(self, shape: Shape) -> None:
        fields = fields_of(shape)
        self._add(1, "if found.__class__ is not dict: raise Fault")
        self._add(1, f"if not {self._constant(frozenset(fields).issuperset)}(found): raise Fault")
        # Nothing to convert: the object itself can be shared.
        is_copied = any(m.has_default or _converts(m.shape) for m in fields.values())
        self._add(1, f"made = {'found.copy()' if is_copied else 'found'}")
        for key, member in fields.items():
            self._member(self._constant(key), member)
        self._add(1, "return made")

    def _member(self, key: str, member: Member) -> None:
        indent = 1
        if member.is_required:
            pass  # where the key is missing, looking it up is the fault
        elif member.has_default:
            self._add(1, f"if {key} not in found: made[{key}] = {self._default(member.default)}")
            self._add(1, "else:")
            indent = 2
        else:
            self._add(1, f"if {key} in found:")
            indent = 2
        self._add(indent, f"value = found[{key}]")
        self._value(member.shape, "value", f"made[{key}]", indent)

    def _value(self, shape: Shape, name: str, target: str, indent: int) -> None:
        """Check what *name* holds, and assign to *target* what it becomes, where it becomes anything else."""
        if shape.is_nullable and shape.kind != "anything":
            self._add(indent, f"if {name} is not None:")
            indent += 1
        match shape.kind:
            case "object":
                self._add(indent, f"{target} = {self.function(shape)}({name})")
            case "list":
                self._list(shape, name, target, indent)
            case "map":
                self._map(shape, name, target, indent)
            case "integer" | "number" | "boolean":
                self._plain(shape, name, target, indent)
            case "anything":
                self._add(indent, f"free({name})")
            case _:
                self._text(shape, name, target, indent)

    def _text(self, shape: Shape, name: str, target: str, indent: int) -> None:
        self._add(indent, f"if {name}.__class__ is not str: raise Fault")
        if shape.enum is not None:
            enum = self._constant(frozenset(shape.enum))
            self._add(indent, f"if {name} not in {enum}: raise Fault")
        if shape.min_length:
            shortest = self._constant(shape.min_length)
            self._add(indent, f"if len({name}) < {shortest}: raise Fault")
        match shape.kind:
            case "moment" | "day":
                self._add(indent, f"{target} = {shape.kind}({name})")
            case "instant":
                is_day = f"len({name}) == DAY_LENGTH"
                self._add(indent, f"{target} = bare_day({name}) if {is_day} else moment({name})")
            case "local-time":
                self._add(indent, f"local_time({name})")
            case "time-zone":
                self._add(indent, f"time_zone({name})")
            case _:
                pass

    def _plain(self, shape: Shape, name: str, target: str, indent: int) -> None:
        if shape.kind == "boolean":
            self._add(indent, f"if {name}.__class__ is not bool: raise Fault")
            return
        if shape.kind == "integer":
            self._add(indent, f"if {name}.__class__ is not int:")
            self._add(indent, f"    if {name}.__class__ is not float: raise Fault")
            self._add(indent, f"    if not {name}.is_integer(): raise Fault")
            self._add(indent, f"    {target} = {name} = int({name})")
            self._add(indent, f"if not INT_MIN <= {name} <= INT_MAX: raise Fault")
        else:
            self._add(indent, f"if {name}.__class__ is not float:")
            self._add(indent, f"    if {name}.__class__ is not int: raise Fault")
            self._add(indent, f"    if not INT_MIN <= {name} <= INT_MAX: raise Fault")
            self._add(indent, f"    {target} = {name} = float({name})")
            self._add(indent, f"if not finite({name}): raise Fault")
        if shape.minimum is not None:
            self._add(indent, f"if {name} < {self._constant(shape.minimum)}: raise Fault")
        if shape.maximum is not None:
            self._add(indent, f"if {name} > {self._constant(shape.maximum)}: raise Fault")

    def _list(self, shape: Shape, name: str, target: str, indent: int) -> None:
        element = element_of(shape)
        self._add(indent, f"if {name}.__class__ is not list: raise Fault")
        if element.kind == "object" and not element.is_nullable:
            function = self.function(element)
            self._add(indent, f"{target} = [{function}(part) for part in {name}]")
            return
        part = self._name("part")
        if not _converts(element):
            self._add(indent, f"for {part} in {name}:")
            self._value(element, part, part, indent + 1)
            return
        built = self._name("built")
        self._add(indent, f"{target} = {built} = []")
        self._add(indent, f"for {part} in {name}:")
        self._value(element, part, part, indent + 1)
        self._add(indent + 1, f"{built}.append({part})")

    def _map(self, shape: Shape, name: str, target: str, indent: int) -> None:
        part, key, built = self._name("part"), self._name("key"), self._name("built")
        self._add(indent, f"if {name}.__class__ is not dict: raise Fault")
        if _converts(element_of(shape)):
            self._add(indent, f"{target} = {built} = {name}.copy()")
        self._add(indent, f"for {key}, {part} in {name}.items():")
        self._value(element_of(shape), part, f"{built}[{key}]", indent + 1)

    def _default(self, default: object) -> str:
        """Write a default; containers are made anew for each record."""
        if default in ([], {}):
            return "[]" if isinstance(default, list) else "{}"
        return self._constant(default)

    def _constant(self, value: object) -> str:
        name = self._name("K")
        self.names[name] = value
        return name

    def _name(self, stem: str) -> str:
        self._counted += 1
        return f"{stem}{self._counted}"

    def _add(self, indent: int, line: str) -> None:
        self._lines.append("    " * indent + line)
