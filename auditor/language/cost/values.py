"""
How large the parts of values can be, and a value that may be any of several.
"""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING, Any, Final

from auditor.language.cost.forms import (
    NONE,
    PLAIN,
    TEXT,
    Anything,
    Fields,
    Form,
    Held,
    Length,
    Listed,
    Made,
    Mapped,
    Moment,
    Size,
    Text,
    Whole,
    declared,
    listed,
    text,
)
from auditor.language.cost.growth import NOTHING, Growth, number, quantity, total
from auditor.language.values import Listing, MapValue, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_MOST_FORMS: Final = 8
_DEEPEST: Final = 64
"""Fields inside each other, as in a document."""


def of_value(value: Any) -> Size:  # noqa: ANN401 - any value of the language
    """Return the size of a value that is known."""
    match value:
        case None:
            return NONE
        case bool():
            return PLAIN
        case int():
            return (Whole(int(value)),)
        case str() | bytes():
            return text(len(value))
        case Span(amount, unit):
            return _span(amount, unit)
        case Listing():
            return listed(len(value), either(*map(of_value, value)))
        case MapValue():
            entries = list(value.entries.values())
            named = tuple((key, of_value(part)) for key, part in entries if isinstance(key, str))
            keys, values = (either(*(of_value(e[i]) for e in entries)) for i in (0, 1))
            return (Mapped(number(len(entries)), keys, values, named),)
        case _:
            return PLAIN


_DAYS: Final = {"minutes": (1, 1_440), "hours": (1, 24), "days": (1, 1), "weeks": (7, 1)}
"""Days of so many of a unit; of working time nobody knows how many holidays lie in between."""


def _span(amount: int, unit: str) -> Size:
    if unit not in _DAYS:
        return PLAIN
    days, units = _DAYS[unit]
    return (Length(-(-amount * days // units) + 1),)


# ----- parts


def members(size: Size) -> Growth:
    """Return how many members a list or map has."""
    return _most(size, _members)


def _members(form: Form) -> Growth:
    match form:
        case Listed() | Mapped():
            return form.members
        case Anything():
            return form.inside
        case _:
            return NOTHING


def characters(size: Size) -> Growth:
    """Return how long a text is."""
    return _most(size, _characters)


def _characters(form: Form) -> Growth:
    return form.length if isinstance(form, Text | Anything) else NOTHING


def inside(size: Size) -> Growth:
    """Return how many values lie inside a value, at any depth."""
    return _most(size, _inside)


def _inside(form: Form) -> Growth:
    one = number(1)
    match form:
        case Listed(count, element):
            return count * (one + inside(element))
        case Mapped(count, _, value):
            return count * (one + inside(value))
        case Held(held):
            return one + inside(held)
        case Made() | Fields():
            return total(one + inside(part) for part in _parts(form))
        case Anything(count, _):
            return count
        case _:
            return NOTHING


def longest(size: Size) -> Growth:
    """Return how long the longest text inside a value is, itself included."""
    return _most(size, _longest)


def _longest(form: Form) -> Growth:
    match form:
        case Listed(_, element):
            return longest(element)
        case Mapped(_, key, value):
            return longest(key).either(longest(value))
        case Held(held):
            return longest(held)
        case Made():
            return longest(either(*_parts(form)))
        case Fields():
            return TEXT
        case _:
            return _characters(form)


def _parts(form: Made | Fields) -> Iterable[Size]:
    if isinstance(form, Made):
        return [size for _, size in form.fields]
    if form.path.count(".") > _DEEPEST:
        return [(Anything(quantity("unbounded"), TEXT),)]
    return [declared(one.type, _below(form.path, name)) for name, one in form.type.fields.items()]


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def element(size: Size) -> Size:
    """Return what a macro with one variable meets in a list, or in a map: its keys."""
    return either(*(_element(form) for form in size))


def _element(form: Form) -> Size:
    match form:
        case Listed():
            return form.element
        case Mapped():
            return form.key
        case Anything():
            return (form,)
        case _:
            return NONE


def indexed(size: Size) -> Size:
    """Return what stands at an index of a list, at a key of a map."""
    return either(*(_indexed(form) for form in size))


def _indexed(form: Form) -> Size:
    match form:
        case Listed():
            return form.element
        case Mapped():
            return form.value
        case Anything():
            return (form,)
        case Held(held):
            return (Held(indexed(held)),)
        case _:
            return NONE


def selected(size: Size, name: str) -> Size:
    """Return what a field is."""
    return either(*(_selected(form, name) for form in size))


def _selected(form: Form, name: str) -> Size:
    match form:
        case Fields(found, path):
            return (
                declared(found.fields[name].type, _below(path, name))
                if name in found.fields
                else NONE
            )
        case Made(fields):
            return dict(fields).get(name, NONE)
        case Mapped():
            return dict(form.named).get(name, form.value)
        case Anything():
            return (form,)
        case Held(held):
            return (Held(selected(held, name)),)
        case _:
            return NONE


def held(size: Size) -> Size:
    """Return what an optional holds; what is no optional is left as it is."""
    return either(*(form.inner if isinstance(form, Held) else (form,) for form in size))


def made(size: Size) -> Size:
    """Return the size of a list with some of the members, in any order; anything else stays as it is."""
    return tuple(replace(form, path="") if isinstance(form, Listed) else form for form in size)


def _most(size: Size, of: Callable[[Form], Growth]) -> Growth:
    return reduce(Growth.either, map(of, size), NOTHING)


# ----- several forms


def either(*sizes: Size) -> Size:
    """Return the size of a value that may be any of these."""
    found: list[Form] = []
    for form in dict.fromkeys(form for size in sizes for form in size):
        for place, other in enumerate(found):
            both = _both(other, form)
            if both is not None:
                found[place] = both
                break
        else:
            found.append(form)
    return tuple(found) if len(found) <= _MOST_FORMS else _heap(tuple(found))


def _both(left: Form, right: Form) -> Form | None:
    """Return one form for two; None where they are better kept apart."""
    match left, right:
        case Text(a), Text(b):
            return Text(a.either(b))
        case Whole(a), Whole(b):
            return Whole(max(a, b))
        case Moment(a, x, paths), Moment(b, y, others):
            return Moment(_larger(a, b), _larger(x, y), paths | others)
        case Length(a), Length(b):
            return Length(max(a, b))
        case Listed(a, x, "", origin), Listed(b, y, "", other):
            return Listed(a.either(b), either(x, y), "", origin if origin == other else "")
        case Mapped(), Mapped():
            return _maps(left, right)
        case Made(a), Made(b) if [name for name, _ in a] == [name for name, _ in b]:
            return Made(tuple((name, either(x, y)) for (name, x), (_, y) in zip(a, b, strict=True)))
        case Held(a), Held(b):
            return Held(either(a, b))
        case Anything(a, x), Anything(b, y):
            return Anything(a.either(b), x.either(y))
        case _:
            return None


def _larger(left: int | None, right: int | None) -> int | None:
    return None if left is None or right is None else max(left, right)


def _maps(left: Mapped, right: Mapped) -> Mapped:
    mine, others = dict(left.named), dict(right.named)
    named = {name: either(size, others[name]) for name, size in mine.items() if name in others}
    return Mapped(
        left.members.either(right.members),
        either(left.key, right.key),
        either(left.value, right.value),
        tuple(named.items()),
    )


def _heap(size: Size) -> Size:
    return (Anything(inside(size), longest(size)),)
