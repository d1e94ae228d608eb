"""
How many steps a macro takes at most, and how large what it gives can be.

The counterpart of `auditor.evaluation.comprehensions` and of the files beside it, one case for each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.language.cel.ast import Ident, Literal, Select
from auditor.language.cel.joins import joined_field
from auditor.language.cost import forms, values
from auditor.language.cost.charges import STEP
from auditor.language.cost.forms import (
    PLAIN,
    Anything,
    Fields,
    Form,
    Held,
    Listed,
    Made,
    Mapped,
    Moment,
    Size,
)
from auditor.language.cost.growth import NOTHING, Growth, number, quantity, total
from auditor.language.cost.results import LONGEST, days_beyond, paths_of, units

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from auditor.language.cel.ast import Comprehension, Expr

    Estimate = tuple[Growth, Size]
    Of = Callable[[Expr, Mapping[str, Size]], Estimate]
    """Estimates an argument with macro variables."""

_TRUTHS: Final = frozenset({"exists", "exists_one", "count"})
_UNITS: Final = {"daily": "days", "weekly": "weeks", "monthly": "months"}
_ID: Final = 16
"""Characters of the id of a calendar unit."""


def estimate(node: Comprehension, of: Of, local: Mapping[str, Size]) -> Estimate:
    """Estimate a macro, without the step of its own node."""
    cost, source = of(node.range, local)
    if node.macro == "bind":
        more, size = of(node.args[0], {**local, node.variables[0]: source})
        return cost + more, size
    if node.macro in {"optMap", "optFlatMap"}:
        inner = {**local, node.variables[0]: values.held(source)}
        more, size = of(node.args[0], inner)
        return cost + more, (Held(size),) if node.macro == "optMap" else size
    more, size = _Macro(node, of, local, source).estimate()
    return cost + more, size


class _Macro:
    """A macro over a list or map whose size is known."""

    def __init__(
        self, node: Comprehension, of: Of, local: Mapping[str, Size], source: Size
    ) -> None:
        self._node = node
        self._of = of
        self._outer = local
        self._source = source
        self._members = values.members(source)
        self._element = values.element(source)
        self._local = {**local, **self._bound()}

    def _bound(self) -> dict[str, Size]:
        names = self._node.variables
        if len(names) == 1:
            return {names[0]: self._element}
        maps = tuple(form for form in self._source if isinstance(form, Mapped | Anything))
        keys = values.element(maps)
        return {names[0]: values.either(keys, PLAIN), names[1]: values.indexed(self._source)}

    def estimate(self) -> Estimate:
        """Return steps, in thousandths, and the size of the result."""
        macro = self._node.macro
        if macro in _TRUTHS:
            return self._filtered()[0], PLAIN
        match macro:
            case "filter":
                return self._filtered()
            case "map" | "transformList" | "transformMap" | "transformMapEntry":
                return self._mapped()
            case "groupBy":
                return self._grouped()
            case "daily" | "weekly" | "monthly":
                return self._series()
            case "cycles" | "reachable":
                return self._walked()
            case "sumReaches":
                limit = self._of(self._node.args[1], self._outer)[0]
                return self._each(0)[0] + limit, PLAIN
            case "sortBy":
                return self._each(0)[0], self._part({})
            case "latest" | "earliest":
                return self._each(0)[0], self._element
            case _:  # all, sum
                return self._each(0)[0], PLAIN

    def _each(self, argument: int, members: Growth | None = None) -> Estimate:
        """Return the cost of an argument for every member, and its size."""
        cost, size = self._of(self._node.args[argument], self._local)
        return (self._members if members is None else members) * cost, size

    def _part(self, members: Mapping[Form, Growth]) -> Size:
        """Return the size of a list with some of the members, by what is known of how many of each form."""
        kept = []
        for form in self._source:
            count = members.get(form, values.members((form,)))
            origin = form.origin if isinstance(form, Listed) else ""
            kept.append(Listed(count, values.element((form,)), "", origin))
        return values.either(tuple(kept))

    def _filtered(self) -> Estimate:
        """Return the cost of a condition, and the size of the list that it lets through."""
        join = joined_field(self._node)
        if join is None:
            return self._each(0)[0], self._part({})
        field, other = join
        seen, kept = NOTHING, {}
        text = other.value if isinstance(other, Literal) and isinstance(other.value, str) else ""
        for form in self._source:
            seen = seen.either(_joined(form, field, text))
            kept[form] = _sharing(form, field, text)
        looked_up = self._of(other, self._outer)[0]
        return self._each(0, seen)[0] + looked_up, self._part(kept)

    def _mapped(self) -> Estimate:
        costs, members = [NOTHING], self._members
        if len(self._node.args) > 1:  # a filter first
            cost, kept = self._filtered()
            costs.append(cost)
            members = values.members(kept)
        cost, size = self._each(len(self._node.args) - 1, members)
        costs.append(cost)
        result: Size
        match self._node.macro:
            case "transformMap":
                key = self._local[self._node.variables[0]]
                result = (Mapped(members, key, size),)
            case "transformMapEntry":
                many = members * values.members(size)
                result = (Mapped(many, values.element(size), values.indexed(size)),)
            case _:
                result = forms.listed(members, size)
        return total(costs), result

    def _grouped(self) -> Estimate:
        cost, key = self._each(0)
        # Each of the groups, once more for each member of which the key is not known.
        pairs = self._members if self._has_certain_key() else self._members * self._members
        field = self._field()
        kept = {form: _sharing(form, field) for form in self._source} if field else {}
        group = Made((("items", self._part(kept)), ("key", key)))
        return cost + (pairs + self._members) * STEP, forms.listed(self._members, (group,))

    def _field(self) -> str | None:
        """Return the field of a member by which they are grouped; None for anything more."""
        match self._node.args[0]:
            case Select(operand=Ident(name=name), field=field, test=False):
                return field if name == self._node.variables[0] else None
        return None

    def _has_certain_key(self) -> bool:
        """Whether every member has a key: the field of a record that is never unobserved."""
        field = self._field()
        found = [
            form.type.fields.get(field)
            for form in self._element
            if isinstance(form, Fields) and field
        ]
        return len(found) == len(self._element) and all(
            one is not None and one.required and not one.is_state for one in found
        )

    def _series(self) -> Estimate:
        cost, moment = self._each(0)
        unit = _UNITS[self._node.macro]
        many = units(unit, moment, moment)
        # Each unit, once more for each member of which the instant is not known exactly.
        pairs = many * (number(1) + self._members)
        last, value = self._of(self._node.args[1], self._local)
        beyond = days_beyond(moment)
        beyond = None if beyond is None else beyond + LONGEST[unit]
        ends: Size = (Moment(beyond, None, paths_of(moment)),)
        record = Made((("ends_at", ends), ("id", forms.text(_ID)), ("value", value)))
        return total((cost, pairs * STEP, many * last)), forms.listed(many, (record,))

    def _walked(self) -> Estimate:
        named, key = self._each(0)
        led, ends = self._each(1)
        arrows = self._members * values.members(ends)
        ids = values.either(key, values.element(ends))
        nodes = (self._members + arrows) * number(2_000)
        if self._node.macro == "cycles":
            circle = forms.listed(self._members, key)
            return total((named, led, nodes)), forms.listed(self._members, circle)
        start, size = self._of(self._node.args[2], self._outer)
        reached = number(1) + arrows
        cost = total((named, led, nodes, start, reached * STEP))
        return cost, forms.listed(reached, values.either(ids, size))


def _joined(form: Form, field: str, text: str) -> Growth:
    """Return at how many members of a list an evaluation looks where *field* is to be one text."""
    if isinstance(form, Listed) and form.path and form.path == form.origin:
        return quantity("joined", form.path, field, text)
    return values.members((form,))


def _sharing(form: Form, field: str, text: str = "") -> Growth:
    """Return how many members of a list can have one text in *field*, or none that is known."""
    members = values.members((form,))
    if isinstance(form, Listed) and form.origin:
        return quantity("sharing", form.origin, field, text).smaller(members)
    return members
