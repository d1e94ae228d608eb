"""
What a selection gives: ``x.f``, ``has(x.f)``, ``x.?f``.

Of a declared object a missing key is unobserved and null is absence; in plain data a missing key is an
error and null a value. An optional passes a selection on to what it holds, and ``x.?f`` holds a value
exactly where ``has(x.f)`` is true.

Source: LANGUAGE.md, section 3; CEL specification, "Field Selection"; docs/decisions/0011.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.documents.pointer import child
from auditor.evaluation.shapes import type_name
from auditor.language.values import (
    Failure,
    Listing,
    MapValue,
    Optional,
    Record,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from auditor.evaluation.machine import Machine
    from auditor.language.cel.ast import Call, Expr, Select


def select(machine: Machine, node: Select, operand: Value) -> Value:
    """Return a field of a finished value, or with `test` whether it is there."""
    if isinstance(operand, Optional):
        if not node.test:
            return _optional(machine, node, node.operand, (operand, node.field))
        return operand.has_value and select(machine, node, operand.value)
    match operand:
        case Unknown() | Failure():
            return operand
        case Record():
            value = _of_record(machine, node, operand, node.field)
            return _presence(value) if node.test else value
        case MapValue():
            found = operand.entries.get(("string", node.field))
            if node.test:
                return found is not None
            if found is None:
                return Failure("no_such_key", f"the map has no key '{node.field}'", node.id)
            _note(machine, operand.pointer, node.field, found[1])
            return found[1]
        case None if machine.may_be_null(node.operand):
            return False if node.test else None
        case _:
            return _no_field(node, operand, node.field)


def optional_select(machine: Machine, node: Call, arguments: list[Value]) -> Value:
    """Return ``x.?f`` of a finished value: an optional, unknown where the field is unobserved."""
    return _optional(machine, node, node.args[0], (arguments[0], arguments[1]))


def _optional(machine: Machine, node: Expr, owner: Expr, chosen: tuple[Value, str]) -> Value:
    operand, name = chosen
    if isinstance(operand, Optional):
        if not operand.has_value:
            return operand
        operand = operand.value
    match operand:
        case Record():
            value = _of_record(machine, node, operand, name)
            present = _presence(value)
            if isinstance(present, bool):
                return given(value) if present else Optional()
            return present
        case MapValue():
            found = operand.entries.get(("string", name))
            if found is None:
                return Optional()
            _note(machine, operand.pointer, name, found[1])
            return given(found[1])
        case None if machine.may_be_null(owner):
            return Optional()
        case _:
            return _no_field(node, operand, name)


def given(value: Value) -> Value:
    """Wrap a finished value; what is unknown or an error stays so."""
    return value if isinstance(value, Unknown | Failure) else Optional(has_value=True, value=value)


def _presence(value: Value) -> bool | Unknown | Failure:
    """Tell whether the value of a declared field is there: not null, and not an empty list."""
    if isinstance(value, Unknown | Failure):
        return value
    if isinstance(value, Listing) and not value.items:
        return False if value.rest is None else value.rest  # what was not read may be there
    return value is not None


def _of_record(machine: Machine, node: Expr, record: Record, name: str) -> Value:
    if name not in record.type.fields:
        return _no_field(node, record, name)
    value = machine.lift.field(record, name)
    _note(machine, record.pointer, name, value)
    return value


def _no_field(node: Expr, owner: Value, name: str) -> Failure:
    kind = owner.type.name if isinstance(owner, Record) else f"a {type_name(owner)}"
    return Failure("no_field", f"{kind} has no field '{name}'", node.id)


def _note(machine: Machine, pointer: str, field: str, value: Value) -> None:
    """Note a fact that was read; records and filled lists by what is read in them, ids not at all."""
    filled = isinstance(value, Listing) and value.items
    if pointer and field != "id" and not filled and not isinstance(value, Record | MapValue):
        machine.trail.facts.append(child(pointer, field))
