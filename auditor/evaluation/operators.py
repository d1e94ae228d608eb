"""
The operators and functions that an ordinary overload cannot express.

`SPECIAL` get their operands unevaluated (logic, so that a deciding operand absorbs the others);
`STRICT` get finished values and may decline, so that a library's overload is tried.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.evaluation.equality import doubts, equal, merge
from auditor.evaluation.fields import optional_select
from auditor.evaluation.optionals import indexed, otherwise
from auditor.evaluation.scope import NOTHING
from auditor.evaluation.shapes import plain, type_name
from auditor.language.values import (
    Day,
    Failure,
    Hollow,
    Listing,
    MapValue,
    Optional,
    Timestamp,
    TypeValue,
    Unknown,
    Value,
    map_key,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from auditor.evaluation.machine import Machine
    from auditor.evaluation.scope import Locals
    from auditor.evaluation.trail import Trail
    from auditor.language.cel.ast import Call

    Special = Callable[[Machine, Call, Locals], Value]
    Strict = Callable[[Machine, Call, list[Value]], Value]


# ----- logic


def _logic(machine: Machine, node: Call, local: Locals, *, deciding: bool) -> Value:
    """
    Evaluate ``&&`` (an operand that is false decides) or ``||`` (one that is true does).

    Unknown outranks error, a deciding operand absorbs both. The value is vacuous if every deciding
    operand is; without one, if any operand is (LANGUAGE.md, section 2, rule 7).
    """
    results: list[tuple[Value, Trail]] = []
    for argument in node.args:
        results.append(machine.apart(argument, local))
        if results[-1][0] is deciding:
            break  # decided for good, and on facts: no other operand could change it or its mark
    return combine(machine, node, results, deciding=deciding)


def combine(
    machine: Machine, node: Call, results: list[tuple[Value, Trail]], *, deciding: bool
) -> Value:
    """Combine evaluated operands of a logical operator, and keep the notes of those that decided."""
    decided = [(value, trail) for value, trail in results if plain(value) is deciding]
    if decided:
        machine.trail.extend(trail for _, trail in decided)
        machine.trail.reached += len(results) - len(decided)
        vacuous = all(isinstance(value, Hollow) for value, _ in decided)
        return Hollow(deciding) if vacuous else deciding
    unknown = [(value, trail) for value, trail in results if isinstance(value, Unknown)]
    if unknown:
        machine.trail.extend(trail for _, trail in unknown)
        return merge(*(value for value, _ in unknown))
    for value, trail in results:
        finished = plain(value)
        if not isinstance(finished, bool):
            machine.trail.extend([trail])
            return finished if isinstance(finished, Failure) else _not_bool(node, finished)
    machine.trail.extend(trail for _, trail in results)
    vacuous = any(isinstance(value, Hollow) for value, _ in results)
    return Hollow(not deciding) if vacuous else not deciding


def _not_bool(node: Call, value: Value) -> Failure:
    message = f"'{node.function}' wants true or false, not a {type_name(value)}"
    return Failure("no_overload", message, node.id)


def _and(machine: Machine, node: Call, local: Locals) -> Value:
    return _logic(machine, node, local, deciding=False)


def _or(machine: Machine, node: Call, local: Locals) -> Value:
    return _logic(machine, node, local, deciding=True)


def _not(machine: Machine, node: Call, local: Locals) -> Value:
    value = machine.eval(node.args[0], local)
    finished = plain(value)
    if isinstance(finished, Unknown | Failure):
        return finished
    if not isinstance(finished, bool):
        return _not_bool(node, finished)
    return Hollow(not finished) if isinstance(value, Hollow) else not finished


def _conditional(machine: Machine, node: Call, local: Locals) -> Value:
    test, then, otherwise = node.args
    chosen = plain(machine.eval(test, local))
    if isinstance(chosen, Unknown):
        # Whoever supplies the condition may find that its branch waits on something else.
        branches = (plain(machine.apart(branch, local)[0]) for branch in (then, otherwise))
        return merge(chosen, *(found for found in branches if isinstance(found, Unknown)))
    if isinstance(chosen, Failure):
        return chosen
    if not isinstance(chosen, bool):
        return _not_bool(node, chosen)
    return machine.eval(then if chosen else otherwise, local)


def _dyn(machine: Machine, node: Call, local: Locals) -> Value:
    return machine.eval(node.args[0], local)


def _not_supported(machine: Machine, node: Call, local: Locals) -> Value:
    """Ask whether the source can never show a fact; every other state of it is false."""
    value = plain(machine.eval(node.args[0], local))
    return isinstance(value, Unknown) and all(
        cause.reason == "not_supported" for cause in value.causes
    )


SPECIAL: Final[Mapping[tuple[str, bool], Special]] = {
    ("_&&_", False): _and,
    ("_||_", False): _or,
    ("!_", False): _not,
    ("_?_:_", False): _conditional,
    ("dyn", False): _dyn,
    ("notSupported", False): _not_supported,
    ("or", True): otherwise,
    ("orValue", True): otherwise,
}
"""By name and whether it is a method."""


# ----- strict


def _equal(machine: Machine, _node: Call, arguments: list[Value]) -> Value:
    return equal(arguments[0], arguments[1], machine)


def _not_equal(machine: Machine, _node: Call, arguments: list[Value]) -> Value:
    same = equal(arguments[0], arguments[1], machine)
    return same if isinstance(same, Unknown) else not same


def _in(machine: Machine, node: Call, arguments: list[Value]) -> Value:
    needle, haystack = arguments
    if isinstance(haystack, MapValue):
        identity = map_key(needle)
        return identity is not None and identity in haystack.entries
    if not isinstance(haystack, Listing):
        message = f"'in' wants a list or a map, not a {type_name(haystack)}"
        return Failure("no_overload", message, node.id)
    if needle is None or isinstance(needle, str):
        texts = machine.joins.texts(haystack)
        if texts is not None:
            return needle in texts
    maybe: list[Value] = [haystack.rest]
    for item in haystack.items:
        same = equal(needle, item.value, machine)
        if same is True and item.doubt is None:
            return True
        if same is not False:
            maybe.extend((same, item.doubt))
    reasons = merge(*maybe)
    return reasons if reasons.causes else False


def _index(machine: Machine, node: Call, arguments: list[Value]) -> Value:
    container, key = arguments
    if isinstance(container, Optional):
        return indexed(machine, node, arguments, _index)
    if isinstance(container, MapValue):
        identity = map_key(key)
        if identity is None:
            return Failure("key_type", f"a {type_name(key)} cannot be a map key", node.id)
        found = container.entries.get(identity)
        if found is None:
            return Failure("no_such_key", "the map has no such key", node.id)
        return found[1]
    if not isinstance(container, Listing):
        message = f"a {type_name(container)} cannot be indexed"
        return Failure("no_overload", message, node.id)
    is_whole = key.is_integer() if isinstance(key, float) else isinstance(key, int)
    if isinstance(key, bool) or not is_whole:
        return Failure("bad_index", "a list is indexed with a whole number", node.id)
    if container.is_open:
        return doubts(container)
    if not 0 <= key < len(container):
        message = f"index {int(key)} is outside a list of {len(container)}"
        return Failure("index_range", message, node.id)
    item = container.items[int(key)]
    machine.trail.facts.extend(item.facts)
    return item.value


def _optional_index(machine: Machine, node: Call, arguments: list[Value]) -> Value:
    return indexed(machine, node, arguments, _index)


def _size(machine: Machine, _node: Call, arguments: list[Value]) -> Value:
    match arguments[0]:
        case Listing() as listing:
            if listing.is_open:
                return doubts(listing)
            # How many there are rests on that for which a filter let them through.
            machine.trail.facts.extend(fact for item in listing.items for fact in item.facts)
            return len(listing) if listing.grounded else Hollow(0)
        case MapValue() as mapping:
            return len(mapping.entries)
        case _:
            return NOTHING


def _type(_machine: Machine, _node: Call, arguments: list[Value]) -> Value:
    return TypeValue(type_name(arguments[0]))


def _add(machine: Machine, _node: Call, arguments: list[Value]) -> Value:
    left, right = arguments
    if not (isinstance(left, Listing) and isinstance(right, Listing)):
        return NOTHING
    machine.spend(len(left) + len(right))
    rests = [part.rest for part in (left, right) if part.rest is not None]
    return Listing(
        (*left.items, *right.items),
        merge(*rests) if rests else None,
        grounded=left.grounded or right.grounded,
    )


def _ordering(
    decide: Callable[[Timestamp, Timestamp, Timestamp, Timestamp], bool | None],
) -> Strict:
    """Make a comparison of two instants of which one is known only to its day."""

    def compare(_machine: Machine, _node: Call, arguments: list[Value]) -> Value:
        left, right = arguments
        days = [value for value in arguments if isinstance(value, Day)]
        if not days or not all(isinstance(value, Day | Timestamp) for value in arguments):
            return NOTHING
        decided = decide(*bounds(left), *bounds(right))
        if decided is None:
            return Unknown(frozenset(day.cause for day in days))
        return decided

    return compare


def bounds(value: Day | Timestamp) -> tuple[Timestamp, Timestamp]:
    """Return the first and the last instant that a value may stand for."""
    return (value.first, value.last) if isinstance(value, Day) else (value, value)


def _less(a: Timestamp, b: Timestamp, c: Timestamp, d: Timestamp) -> bool | None:
    return True if b < c else False if a >= d else None


def _less_equal(a: Timestamp, b: Timestamp, c: Timestamp, d: Timestamp) -> bool | None:
    return True if b <= c else False if a > d else None


def _greater(a: Timestamp, b: Timestamp, c: Timestamp, d: Timestamp) -> bool | None:
    return _less(c, d, a, b)


def _greater_equal(a: Timestamp, b: Timestamp, c: Timestamp, d: Timestamp) -> bool | None:
    return _less_equal(c, d, a, b)


STRICT: Final[Mapping[tuple[str, int], Strict]] = {
    ("_==_", 2): _equal,
    ("_!=_", 2): _not_equal,
    ("@in", 2): _in,
    ("_[_]", 2): _index,
    ("_[?_]", 2): _optional_index,
    ("_?._", 2): optional_select,
    ("size", 1): _size,
    ("type", 1): _type,
    ("_+_", 2): _add,
    ("_<_", 2): _ordering(_less),
    ("_<=_", 2): _ordering(_less_equal),
    ("_>_", 2): _ordering(_greater),
    ("_>=_", 2): _ordering(_greater_equal),
}
"""By name and number of operands, the receiver included."""
