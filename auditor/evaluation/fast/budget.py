"""
Whether the exact evaluator could decide a policy within its steps.

Only then the fast path, which counts none, may answer: where the exact one would give up, so must it.

Source: LANGUAGE.md, section 7.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Final

from auditor.evaluation.exact import STEP_BUDGET
from auditor.evaluation.fast import code
from auditor.language.cost.growth import MOST
from auditor.language.cost.sizes import CloseSizes, SnapshotSizes

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    from auditor.language.cost.bounds import PolicyCost
    from auditor.language.cost.growth import Growth, Quantity

_THOUSANDTHS: Final = 1_000
"""Of a step, in which bounds count."""


class _RoughSizes(SnapshotSizes):
    """
    Sizes that are quickly told, none too small.

    Args:
        document: As it is judged.
        text: Characters of its longest text, or more.
        days: Most days that a list of days, weeks and so on may go through.
    """

    def __init__(self, document: Mapping[str, Any], text: int, days: int) -> None:
        super().__init__(document)
        self._text = text
        self._days = days

    def text(self) -> int:
        """Return the characters of the longest text."""
        return self._text

    def calendar(self) -> int:
        """Return the days that the fast path goes through before it gives up."""
        return self._days


class _RougherSizes(_RoughSizes):
    def bucket(self, path: str, field: str) -> int:
        """Return as many as there are at all."""
        del field
        return self.members(path)


class _Sizes(CloseSizes):
    """
    Sizes as they are, but for the longest text.

    Args:
        document: As it is judged.
        text: Characters of its longest text, or more.
        instants: The judged one, and the ends of the period.
    """

    def __init__(
        self, document: Mapping[str, Any], text: int, instants: Sequence[dt.datetime]
    ) -> None:
        super().__init__(document, instants)
        self._text = text

    def text(self) -> int:
        """Return the characters of the longest text."""
        return self._text


class Budget:
    """
    Tells which policies are within their steps over a snapshot.

    Args:
        costs: What each policy can cost at most.
    """

    def __init__(self, costs: Mapping[str, PolicyCost]) -> None:
        self._needs = {
            name: cost.of_finding.growth.quantities | cost.of_subject.growth.quantities
            for name, cost in costs.items()
        }
        growths = [(cost.of_finding.growth, cost.of_subject.growth) for cost in costs.values()]
        found = {one for pair in growths for growth in pair for one in growth.quantities}
        self._quantities: list[Quantity] = sorted(found)
        self._bounds = _compiled(growths, self._quantities)

    def within(
        self, document: Mapping[str, Any], text: int, days: int, instants: Sequence[dt.datetime]
    ) -> frozenset[str]:
        """
        Return the policies that certainly are.

        Args:
            document: As it is judged.
            text: Characters of its longest text, or more.
            days: Most days that a list of days, weeks and so on may go through.
            instants: The judged one, and the ends of the period.
        """
        found: frozenset[str] = frozenset()
        for sizes in (
            _RougherSizes(document, text, days),
            _RoughSizes(document, text, days),
            _Sizes(document, text, instants),
        ):
            found |= self._below(sizes, found)
            if len(found) == len(self._needs):
                break
        return found

    def _below(self, sizes: SnapshotSizes, found: frozenset[str]) -> frozenset[str]:
        """Return those that are below the limit by *sizes*; what is found already is not counted again."""
        needed = frozenset().union(*(q for name, q in self._needs.items() if name not in found))
        counts = [one.count(sizes) if one in needed else MOST for one in self._quantities]
        limit = STEP_BUDGET * _THOUSANDTHS
        bounds = zip(self._needs, self._bounds(counts), strict=True)
        return frozenset(policy for policy, bound in bounds if max(bound) <= limit)


def _compiled(
    growths: list[tuple[Growth, Growth]], quantities: list[Quantity]
) -> Callable[[list[int]], tuple[tuple[int, int], ...]]:
    """Return what works out all bounds from the counts of *quantities*: there are many, for each snapshot."""
    variables = {one: f"v{place + 5}" for place, one in enumerate(quantities)}
    factors = sorted({factor for pair in growths for one in pair for factor in one.terms.values()})
    named = {factor: f"v{place + 5 + len(quantities)}" for place, factor in enumerate(factors)}

    def added(growth: Growth) -> ast.expr:
        terms: list[ast.expr] = []
        for product, factor in growth.terms.items():
            value: ast.expr = code.name(named[factor])
            for one in product:
                value = code.times(value, code.name(variables[one]))
            terms.append(value)
        return code.call(code.name("v3"), code.tuple_of(terms))

    body: code.Block = []
    if variables:
        body.append(code.unpack(list(variables.values()), code.name("v1")))
    if named:
        body.append(code.unpack(list(named.values()), code.name("v2")))
    sums = [code.tuple_of([added(one) for one in pair]) for pair in growths]
    body.append(code.answer(code.tuple_of(sums)))
    tree = ast.Module([code.function("v0", ("v1", "v2", "v3"), body)], [])
    names: dict[str, Any] = {"__builtins__": {}}
    exec(compile(tree, "<bounds>", "exec"), names)  # noqa: S102 - nothing but sums of products
    bounds = names["v0"]
    return lambda counts: bounds(counts, factors, sum)
