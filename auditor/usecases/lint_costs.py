"""
How does the cost of a policy grow, and may it run out of its budget?

Told before anything is judged, for a project that is large and not absurd: how many steps an actual snapshot takes is
counted where it is judged. The bound assumes the worst of everything, so that it exceeds the budget is told, and is
no reproach; a doubt is what goes through more combinations of whole lists than there are steps.

Source: LANGUAGE.md, section 7; docs/lint.md; docs/decisions/0018.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Final

from auditor.evaluation.exact import STEP_BUDGET
from auditor.language.cel.diagnostics import Diagnostic
from auditor.model.errors import PolicyError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.language.cost.bounds import Bound, PolicyCost
    from auditor.language.cost.growth import Product, Quantity
    from auditor.language.one_policy import ReadPolicy

MANY: Final = 1_000_000_000
"""Steps beyond which nobody reads the digits."""
_MOST_TERMS: Final = 2
"""Products that a sentence names."""


@dataclass(frozen=True, slots=True)
class LintedCost:
    """How the cost of one policy grows."""

    policy: str
    lists: int
    """How many whole lists of the snapshot, or stretches of the calendar, it goes through inside each other."""
    terms: tuple[tuple[str, ...], ...]
    """Products of list lengths that it grows with, the longest first: ``(("blockers", "change_events"),)``."""
    steps: int
    """The bound for one subject, or for finding the subjects, in a large project; never more than `MANY`."""

    def in_words(self) -> str:
        """Say what it grows with, the longest products only."""
        if not self.terms:
            return "does not grow"
        shown = [" x ".join(term) for term in self.terms[:_MOST_TERMS]]
        more = len(self.terms) - len(shown)
        ways = "one smaller way" if more == 1 else f"{more} smaller ways"
        grows = f"grows with {' and with '.join(shown)}" + (f", and in {ways}" if more else "")
        return f"{grows}; in a large project perhaps beyond its budget" if self.is_long else grows

    @property
    def is_long(self) -> bool:
        """Whether the bound is more than the steps that are allowed."""
        return self.steps > STEP_BUDGET


class LargeProject:
    """The sizes of a large project, for which a policy's cost is told. Source: docs/lint.md."""

    _MEMBERS: Final = {
        "sprints": 60,
        "work_items": 5_000,
        "change_events": 20_000,
        "risks": 300,
        "blockers": 500,
        "meetings": 2_000,
        "approvals": 1_000,
    }
    _OTHERS: Final = 200
    _IN_A_RECORD: Final = 20
    _TEXT: Final = 1_000
    _DAYS: Final = 1_100

    def members(self, path: str) -> int:
        """Return how long a list is; see `auditor.language.cost.sizes`."""
        return self._MEMBERS.get(path, self._IN_A_RECORD if "." in path else self._OTHERS)

    def bucket(self, path: str, field: str) -> int:  # noqa: ARG002 - whichever field it is
        """Return how many members share a value."""
        return min(self.members(path), self._IN_A_RECORD)

    def text(self) -> int:
        """Return the characters of the longest text."""
        return self._TEXT

    def calendar(self) -> int:
        """Return the days that expressions can read: three years."""
        return self._DAYS


@dataclass(frozen=True, slots=True)
class CostOfPolicy:
    """What one policy can cost."""

    read: ReadPolicy
    cost: PolicyCost

    @property
    def _worst(self) -> Bound:
        """What may take most of a budget: one subject, or finding them all."""
        sizes = LargeProject()
        return max((self.cost.of_subject, self.cost.of_finding), key=lambda one: one.steps(sizes))

    @property
    def _deepest(self) -> tuple[Quantity, ...]:
        """The most whole lists that it goes through inside each other."""
        products = [tuple(filter(_is_whole, product)) for product in self.cost.of_all.growth.terms]
        return max(products, key=lambda product: (len(product), product), default=())

    @property
    def linted(self) -> LintedCost:
        """Return it as a result."""
        steps = self._worst.steps(LargeProject())
        terms = self.cost.terms
        return LintedCost(self.read.draft.id, len(self._deepest), terms, min(steps, MANY))

    def doubts(self) -> Iterator[PolicyError]:
        """Yield what is to be said where combinations of whole lists alone are more than the budget."""
        sizes = LargeProject()
        for bound, whom in (
            (self.cost.of_finding, "finding the subjects"),
            (self.cost.of_subject, "one subject"),
        ):
            count, lists = max(map(_combinations, bound.growth.terms), default=(0, ()))
            if count > STEP_BUDGET:
                shown = " x ".join(_sized(one, sizes) for one in lists)
                yield self._doubt(
                    f"in a large project {whom} may go through {_shown(count)} combinations, and"
                    f" {STEP_BUDGET:,} steps are allowed: {shown}"
                )
                return

    def _doubt(self, message: str) -> PolicyError:
        sizes = LargeProject()
        costly = max(self.cost.parts, key=lambda part: part.bound.steps(sizes), default=None)
        hint = (
            "compare a field in a filter of its own (`x.filter(y, y.id == ...)`), so that few are left to go"
            " through, or go through a list once, in a `let`"
        )
        for placed in self.read.expressions:
            if costly is not None and placed.checked is costly.expression:
                expr = placed.checked.expr
                return placed.error(Diagnostic("cost", message, hint, expr.start, expr.end))
        node = self.read.draft.root.get("id") or self.read.draft.root
        return PolicyError(
            message, hint=hint, location=node.location, excerpt=node.excerpt, slug="policy-cost"
        )


def _combinations(product: Product) -> tuple[int, tuple[Quantity, ...]]:
    """Return how many combinations of members of whole lists there are in a product, and the lists."""
    lists = tuple(
        one
        for one in product
        if one.kind == "unbounded" or (one.kind == "members" and "." not in one.path)
    )
    return prod(one.count(LargeProject()) for one in lists), lists


def _sized(one: Quantity, sizes: LargeProject) -> str:
    return str(one) if one.kind == "unbounded" else f"{one.count(sizes):,} {one}"


def _is_whole(one: Quantity) -> bool:
    return one.kind == "calendar" or (one.kind == "members" and "." not in one.path)


def _shown(steps: int) -> str:
    return f"{steps:,}" if steps < MANY else f"more than {MANY:,}"
