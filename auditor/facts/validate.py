"""
Say everything that is wrong with a snapshot, in words that its author understands.

The shaper stops at the first fault and names none; this is what is asked then. Two stages: the JSON Schema,
through `jsonschema` with formats and number types that agree with the shaper, and the rules that a schema
cannot say. `jsonschema` is imported when it is needed: a sound snapshot never pays for it.
"""

from __future__ import annotations

from difflib import get_close_matches
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from auditor.documents.canonical import NotCanonicalError, canonical
from auditor.documents.limits import MAX_DEPTH
from auditor.documents.pointer import child, join, resolve, split, walk
from auditor.facts.coherence import incoherences
from auditor.facts.instants import parse_day, parse_instant, parse_local_time, parse_moment
from auditor.facts.schema import read_shape
from auditor.facts.shape import INT_MAX, INT_MIN
from auditor.facts.violation import Violation, shown
from auditor.facts.zones import zone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator

    from auditor.facts.schema import Shape

_PARSERS: Final[Mapping[str, Callable[[str], object]]] = {
    "moment": parse_moment,
    "instant": parse_instant,
    "day": parse_day,
    "local-time": parse_local_time,
    "time-zone": zone,
}

_WORDS: Final[Mapping[str, str]] = {
    "object": "an object",
    "map": "an object",
    "list": "a list",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "anything": "a value that JSON can hold",
    "moment": "an instant with its offset, e.g. 2026-03-03T14:00:00+01:00",
    "instant": "an instant with its offset, e.g. 2026-03-03T14:00:00+01:00, or a day, e.g. 2026-03-03",
    "day": "a day, e.g. 2026-03-03",
    "local-time": "a time of day, e.g. 09:00",
    "time-zone": "an IANA time zone, e.g. Europe/Berlin",
}
_LONGEST_LIST: Final = 12
"""Names in a message; a longer list says how many more there are."""


def violations(schema: Mapping[str, Any], data: Any) -> list[Violation]:  # noqa: ANN401 - any JSON value
    """
    List everything that is wrong with *data*, in the order of the document.

    Returns:
        No element exactly where `SnapshotModel.read` accepts the document.
    """
    deep = _too_deep(data)
    if deep is not None:
        return [deep]
    shape = read_shape(schema)
    found: dict[tuple[str, str, str], Violation] = {}
    for error in validator(schema).iter_errors(data):
        for violation in _of_error(error, shape):
            found.setdefault((violation.pointer, violation.slug, violation.found), violation)
    for violation in incoherences(shape, data):
        found.setdefault((violation.pointer, violation.slug, violation.found), violation)
    if not found:
        try:
            canonical(data)
        except NotCanonicalError as error:
            return [_without_canonical_form(data, error)]
    order = {pointer: place for place, (pointer, _) in enumerate(walk(data))}
    return sorted(found.values(), key=lambda v: (order.get(v.pointer, len(order)), v))


def validator(schema: Mapping[str, Any]) -> Validator:
    """Return a `jsonschema` validator whose formats and number types are those of the shaper."""
    from jsonschema import Draft202012Validator, FormatChecker, validators  # noqa: PLC0415 - slow to import

    types = Draft202012Validator.TYPE_CHECKER.redefine_many(
        {"integer": _is_integer, "number": _is_number}
    )
    formats = FormatChecker(formats=())
    for name, kind in (
        ("date-time", "moment"),
        ("date", "day"),
        ("local-time", "local-time"),
        ("time-zone", "time-zone"),
    ):
        formats.checks(name, raises=ValueError)(_passes(_PARSERS[kind]))
    kind = validators.extend(Draft202012Validator, type_checker=types)  # type: ignore[no-untyped-call]
    made: Validator = kind(schema, format_checker=formats)
    return made


def _passes(parse: Callable[[str], object]) -> Callable[[object], bool]:
    """Make a format check: it looks at texts only and lets the parser's complaint through."""

    def check(value: object) -> bool:
        if isinstance(value, str):
            parse(value)
        return True

    return check


def _is_integer(_checker: object, value: object) -> bool:
    if isinstance(value, float):
        return value.is_integer() and INT_MIN <= int(value) <= INT_MAX
    return isinstance(value, int) and not isinstance(value, bool) and INT_MIN <= value <= INT_MAX


def _is_number(_checker: object, value: object) -> bool:
    if isinstance(value, float):
        return isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool) and INT_MIN <= value <= INT_MAX


def _too_deep(data: Any) -> Violation | None:  # noqa: ANN401 - any JSON value
    for pointer, value in walk(data):
        if isinstance(value, (dict, list)) and len(split(pointer)) >= MAX_DEPTH:
            return Violation(
                pointer,
                "another level",
                f"at most {MAX_DEPTH} levels of lists and objects",
                "too-deep",
            )
    return None


def _of_error(error: ValidationError, root: Shape) -> Iterator[Violation]:
    """Turn one error of the library into violations; the words come from the shape at its place."""
    tokens = [str(part) for part in error.absolute_path]
    pointer = join(*tokens)
    value: Any = error.instance
    shape = _shape_at(root, tokens)
    if shape is None:
        return  # below a key that is unknown anyway
    if error.validator == "required" and shape.fields is not None:
        for key, member in shape.fields.items():
            if member.is_required and key not in value:
                yield Violation(
                    pointer, f"no key '{key}'", f"one with {_wanted(member.shape)}", "missing-key"
                )
    elif error.validator == "additionalProperties" and shape.fields is not None:
        for key in value:
            if key not in shape.fields:
                yield _unknown_key(pointer, key, list(shape.fields))
    elif error.validator == "anyOf" and shape.kind == "object" and isinstance(value, dict):
        # An object or null: what is wrong is inside the object.
        for inner in error.context or ():
            if inner.validator != "type" or inner.path:
                yield from _of_error(inner, root)
    else:
        yield _wrong_value(pointer, value, shape)


def _without_canonical_form(data: Any, error: NotCanonicalError) -> Violation:  # noqa: ANN401 - any JSON value
    return Violation(
        error.pointer,
        shown(resolve(data, error.pointer)),
        "a value that every reader of JSON keeps exactly",
        "not-canonical",
        because=error.message,
    )


def _unknown_key(pointer: str, key: str, known: list[str]) -> Violation:
    near = get_close_matches(key, known, n=1)
    listed = ", ".join(known[:_LONGEST_LIST])
    more = f" and {len(known) - _LONGEST_LIST} more" if len(known) > _LONGEST_LIST else ""
    return Violation(
        child(pointer, key),
        f"the unknown key {shown(key)}",
        f"one of {listed}{more}",
        "unknown-key",
        nearest=near[0] if near else None,
        because=None if near or "ext" not in known else "fields of your own go below 'ext'",
    )


def _wrong_value(pointer: str, value: object, shape: Shape) -> Violation:
    slug, nearest, because = "wrong-type", None, None
    is_whole = isinstance(value, (int, float)) and not isinstance(value, bool)
    if isinstance(value, str) and shape.kind in _PARSERS:
        slug, because = "wrong-format", _complaint(_PARSERS[shape.kind], value)
    elif isinstance(value, str) and shape.enum is not None:
        slug = "wrong-value"
        nearest = next(iter(get_close_matches(value.casefold(), shape.enum, n=1)), None)
    elif value == "":
        slug = "empty"
    elif isinstance(value, str) and shape.kind in {"integer", "number", "boolean"}:
        because = "text in quotes is not read as anything else; write it without quotes"
    elif is_whole and shape.kind in {"string", "day", "instant", "moment", "local-time"}:
        because = "put it in quotes"
    elif is_whole and shape.kind in {"integer", "number", "anything"}:
        slug = "out-of-range"
        if not _is_number(None, value):
            because = "numbers are kept in 64 bits"
        elif shape.kind == "integer" and not _is_integer(None, value):
            slug = "wrong-type"
    return Violation(pointer, shown(value), _wanted(shape), slug, nearest=nearest, because=because)


def _complaint(parse: Callable[[str], object], text: str) -> str | None:
    try:
        parse(text)
    except ValueError as error:
        return str(error)
    return None


def _wanted(shape: Shape) -> str:
    words = _WORDS[shape.kind]
    if shape.enum is not None:
        words = f"one of {', '.join(shape.enum)}" if len(shape.enum) > 1 else f"'{shape.enum[0]}'"
    elif shape.min_length:
        words = "text that is not empty"
    if shape.minimum is not None and shape.maximum is not None:
        if shape.minimum == shape.maximum:
            words = f"the number {shape.minimum}"
        else:
            words += f" from {shape.minimum} to {shape.maximum}"
    elif shape.minimum is not None:
        words += f" of at least {shape.minimum}"
    elif shape.maximum is not None:
        words += f" of at most {shape.maximum}"
    is_null_told = shape.is_nullable and shape.kind != "anything"
    return f"{words}, or null" if is_null_told else words


def _shape_at(shape: Shape, tokens: list[str]) -> Shape | None:
    """Return the shape of the value at a place; None below an undeclared key."""
    for token in tokens:
        if shape.fields is not None:
            member = shape.fields.get(token)
            if member is None:
                return None
            shape = member.shape
        elif shape.element is not None:
            shape = shape.element
        # below "anything" everything is anything
    return shape
