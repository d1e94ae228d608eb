"""
What there is to write at a place: the fields, methods and macros of a type, and the names that are in force.

Each with its type or its signature, as the function reference writes it, and with what it means.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from auditor.facts.types import (
    ListType,
    MapType,
    ObjectType,
    ScalarType,
    Type,
    held_type,
    unwrap,
)
from auditor.language.cel.compatibility import accepts, is_dyn
from auditor.language.function_reference import BUILT_IN_NOTES, MACRO_NOTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from auditor.language.cel.checker import Definition
    from auditor.language.half_typed import Scope
    from auditor.language.registry import Functions, Overload

_FORM: Final = re.compile(r"`((?:([a-z]+)\.)?([A-Za-z_]\w*)\([^`]*\))`")
_SPELLED: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")
_SHOWN_FORMS: Final = 3
"""Signatures of one function that a list has room for."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that can be written."""

    label: str
    kind: str
    """``field``, ``variable``, ``function``, ``method``, ``macro``, ``word`` or ``value``."""
    detail: str
    """Its type or its signature."""
    about: str = ""


@dataclass(frozen=True, slots=True)
class _Form:
    """A form of a call that no signature of a library describes."""

    owner: str
    """What stands before its dot in the reference; empty for a function."""
    name: str
    signature: str
    about: str


@cache
def _forms() -> tuple[tuple[_Form, ...], tuple[_Form, ...]]:
    """Return the forms of the macros, and those of the functions that the language has itself."""
    macros = tuple(
        _Form(owner, name, _signed(form, note.gives), note.about)
        for note in MACRO_NOTES
        for form, owner, name in _FORM.findall(note.forms)
    )
    built_in = tuple(
        _Form(owner, name, _signed(form, note.gives), note.about)
        for note in BUILT_IN_NOTES
        for form, owner, name in _FORM.findall(note.forms)
    )
    return macros, built_in


def _signed(form: str, gives: str) -> str:
    return f"{form} -> {gives.replace('`', '')}" if gives else form


# ----- behind a dot


def fields_of(found: Type) -> Iterator[Offer]:
    """Yield the fields of a value, of what it is where it is not null, or of what it holds."""
    owner = unwrap(found)
    owner = unwrap(held_type(owner) or owner)
    if isinstance(owner, ObjectType):
        for name, field in owner.fields.items():
            yield Offer(name, "field", str(field.type), meaning(field.about, field.type))


def meaning(about: str, found: Type) -> str:
    """Return what a field or variable means, with the values that it can have where they are few."""
    values = values_of(found)
    if not values:
        return about
    said = f"One of {', '.join(values)}."
    return f"{about} {said}" if about else said


def values_of(found: Type) -> tuple[str, ...]:
    """Return the texts that a value can be, where the schema lists them."""
    plain = unwrap(found)
    plain = unwrap(held_type(plain) or plain)
    return plain.enum or () if isinstance(plain, ScalarType) else ()


def methods_of(found: Type, functions: Functions) -> Iterator[Offer]:
    """Yield the methods and macros that a value has, were it not null."""
    owner = unwrap(found)
    macros, built_in = _forms()
    fitting = [
        entry
        for entry in functions.all()
        if entry.receiver is not None
        and _is_spelled(entry.name)
        and accepts(entry.receiver, owner, {})
    ]
    yield from _grouped(fitting, "method")
    yield from _written(_sized(owner, built_in), "method")
    yield from _written((form for form in macros if _fits(form, owner)), "macro")


def _sized(owner: Type, built_in: Iterable[_Form]) -> Iterator[_Form]:
    is_sized = isinstance(owner, ListType | MapType)
    return (form for form in built_in if form.owner == "xs" and is_sized)


def _fits(form: _Form, owner: Type) -> bool:
    if is_dyn(owner):
        return form.owner in {"xs", "o"}
    if form.owner == "xs":
        return isinstance(owner, ListType | MapType)
    return form.owner == "o" and held_type(owner) is not None


def namespace_members(space: str, functions: Functions) -> Iterator[Offer]:
    """Yield what stands in a namespace such as ``math``, by the names behind its dot."""
    start = f"{space}."
    inside = (entry for entry in functions.all() if entry.receiver is None)
    for offer in _grouped((e for e in inside if e.name.startswith(start)), "function"):
        yield Offer(offer.label.removeprefix(start), offer.kind, offer.detail, offer.about)
    macros, _ = _forms()
    yield from _written((form for form in macros if form.owner == space), "macro")


# ----- a name


def names_in(scope: Scope, bound: Mapping[str, Type]) -> Iterator[Offer]:
    """Yield the names that are in force: variables first, the innermost before all others."""
    for name in reversed([*bound]):
        yield Offer(name, "variable", str(bound[name]), "")
    for name, found in scope.variables.items():
        if name not in bound:
            about = meaning(scope.about.get(name, ""), found)
            yield Offer(name, "variable", str(found), about)
    for definition in scope.definitions.values():
        yield word(definition)
    yield from functions_in(scope.functions)
    yield from (Offer(name, "value", "bool") for name in ("true", "false"))
    yield Offer("null", "value", "null_type", "known that there is none")


def word(definition: Definition) -> Offer:
    """Return a word with its parameters, and with what it stands for."""
    detail = f"{definition.name}({', '.join(definition.parameters)})"
    return Offer(definition.name, "word", detail, " ".join(definition.text.split()))


def functions_in(functions: Functions) -> Iterator[Offer]:
    """Yield what can be called without a receiver, and the namespaces."""
    _, built_in = _forms()
    yield from _written((form for form in built_in if not form.owner), "function")
    plain = [e for e in functions.all() if e.receiver is None and _is_spelled(e.name)]
    known = {form.name for form in built_in}
    yield from _grouped((e for e in plain if "." not in e.name and e.name not in known), "function")
    for space in sorted({*functions.namespaces, "cel"}):
        names = [offer.label for offer in namespace_members(space, functions)]
        yield Offer(space, "function", f"{space}.…", f"Holds {', '.join(names)}.")


# ----- several forms of one name


def _is_spelled(name: str) -> bool:
    """Whether a function is called by name, and is no operator."""
    return _SPELLED.fullmatch(name) is not None and not name.startswith("_")


def _grouped(entries: Iterable[Overload], kind: str) -> Iterator[Offer]:
    forms: dict[str, list[Overload]] = {}
    for entry in entries:
        forms.setdefault(entry.name, []).append(entry)
    for name, overloads in forms.items():
        about = next((entry.about for entry in overloads if entry.about), "")
        detail = _detail([entry.signature for entry in overloads])
        yield Offer(name, kind, detail, about or _example(overloads))


def _example(overloads: Iterable[Overload]) -> str:
    for entry in overloads:
        for example in entry.examples:
            return f"`{example.expression}` is `{example.equals}`"
    return ""


def _written(forms: Iterable[_Form], kind: str) -> Iterator[Offer]:
    grouped: dict[str, list[_Form]] = {}
    for form in forms:
        grouped.setdefault(form.name, []).append(form)
    for name, found in grouped.items():
        about = "; ".join(dict.fromkeys(form.about for form in found if form.about))
        yield Offer(name, kind, _detail([form.signature for form in found]), about)


def _detail(signatures: list[str]) -> str:
    shown = signatures[:_SHOWN_FORMS]
    left = len(signatures) - len(shown)
    return "; ".join([*shown, f"{left} more"] if left else shown)
