"""
How a number grows with the sizes of a snapshot: a sum of products, such as 12 + 5 x blockers x change_events.

All coefficients are positive, so leaving something out makes a sum smaller and the coefficientwise maximum
of two sums is an upper bound of both. A sum that would have too many products is replaced by a larger one
with few, never cut.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Final

from auditor.language.cel.joins import FEW
from auditor.language.cost.sizes import CloseSizes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from auditor.language.cost.sizes import Sizes

MOST: Final = 2**63 - 1
"""What is this large is not told apart."""

_MOST_TERMS: Final = 400
_MOST_FACTORS: Final = 24
FEWEST_DAYS: Final[Mapping[str, int]] = {"days": 1, "weeks": 7, "months": 28, "quarters": 90}
"""The fewest days of a calendar unit."""


@dataclass(frozen=True, slots=True, order=True)
class Quantity:
    """Something of a snapshot that can be counted."""

    kind: str
    """``members`` of a list, those ``sharing`` one value of a field, those that an index finds (``joined``),
    characters of the longest ``text``, units of the ``calendar``, or ``unbounded``."""
    path: str = ""
    """Of the list; of the calendar the fields whose instants bound it, with commas."""
    field: str = ""
    """That is shared; of the calendar the unit."""
    value: str = ""
    """The text that is shared, where the policy says it."""
    is_filled: bool = False
    """Whether none counts as one."""

    @property
    def is_list(self) -> bool:
        """Whether it says how long a list is, and not how long a text."""
        return self.kind != "text"

    def count(self, sizes: Sizes) -> int:
        """Return the quantity in one snapshot."""
        return max(self._count(sizes), int(self.is_filled))

    def _count(self, sizes: Sizes) -> int:
        match self.kind:
            case "members":
                return sizes.members(self.path)
            case "sharing":
                return self._sharing(sizes)
            case "joined":
                return self._found(sizes)
            case "text":
                return sizes.text()
            case "calendar":
                days = FEWEST_DAYS[self.field]
                return self._days(sizes) // days + (0 if days == 1 else 2)
            case _:
                return MOST

    def _found(self, sizes: Sizes) -> int:
        """Return how many members an index leaves of a list; one of a few is looked through."""
        members = sizes.members(self.path)
        few = min(members, FEW)
        # There is one list of a name, but many of a field of records, and one of those may be short.
        if "." not in self.path and members > FEW:
            few = 0
        return max(few, self._sharing(sizes))

    def _sharing(self, sizes: Sizes) -> int:
        if self.value and isinstance(sizes, CloseSizes):
            return sizes.sharing(self.path, self.field, self.value)
        return sizes.bucket(self.path, self.field)

    def _days(self, sizes: Sizes) -> int:
        if isinstance(sizes, CloseSizes):
            return sizes.between(self.path.split(",") if self.path else ())
        return sizes.calendar()

    def __str__(self) -> str:
        match self.kind:
            case "members":
                path = self.path.removesuffix(".**").replace(".*", ".(each)")
                return f"values in {path}" if self.path.endswith(".**") else path
            case "joined" | "sharing":
                return f"{self.path} of one {self.field}"
            case "text":
                return "characters of a text"
            case "calendar":
                return f"{self.field} of the calendar"
            case _:
                return "a number that nothing limits"


Product = tuple[Quantity, ...]
"""Sorted; a quantity may stand in it more than once."""

UNBOUNDED: Final = Quantity("unbounded")


class Growth:
    """A sum of products of quantities, each with a positive whole factor."""

    __slots__ = ("_hash", "terms")

    def __init__(self, terms: Mapping[Product, int]) -> None:
        self.terms = terms if len(terms) <= _MOST_TERMS else _fewer(terms)
        """Factor of each product; a number without quantities is the empty product."""
        self._hash: int | None = None

    def __eq__(self, other: object) -> bool:
        """Tell whether two sums are the same."""
        return isinstance(other, Growth) and self.terms == other.terms

    def __hash__(self) -> int:
        """Return the same for equal sums."""
        if self._hash is None:
            self._hash = hash(frozenset(self.terms.items()))
        return self._hash

    @property
    def degree(self) -> int:
        """The most lengths of lists that are multiplied with each other."""
        return max(map(_degree, self.terms), default=0)

    @property
    def quantities(self) -> frozenset[Quantity]:
        """All that it depends on."""
        return frozenset(one for product in self.terms for one in product)

    def __add__(self, other: Growth) -> Growth:
        """Add two sums."""
        if not self.terms or not other.terms:
            return self if self.terms else other
        terms = dict(self.terms)
        for product, factor in other.terms.items():
            terms[product] = terms.get(product, 0) + factor
        return Growth(terms)

    def __mul__(self, other: Growth) -> Growth:
        """Multiply two sums."""
        terms: dict[Product, int] = {}
        for product, factor in self.terms.items():
            for other_product, other_factor in other.terms.items():
                whole = _product(product, other_product)
                terms[whole] = terms.get(whole, 0) + factor * other_factor
        return Growth(terms)

    def either(self, other: Growth) -> Growth:
        """Return what is at least as large as the larger of the two."""
        if self is other or not other.terms:
            return self
        if not self.terms:
            return other
        terms = _by_finer(self.terms, other.terms)
        for product, factor in _by_finer(other.terms, terms).items():
            terms[product] = max(terms.get(product, 0), factor)
        return Growth(terms)

    def smaller(self, other: Growth) -> Growth:
        """Return the one of the two that grows less; each is an upper bound of the same number."""
        return min(self, other, key=_rank)

    def at(self, sizes: Mapping[Quantity, int]) -> int:
        """Return the number, where each quantity is known."""
        sum_ = 0
        for product, factor in self.terms.items():
            for one in product:
                factor *= sizes[one]  # noqa: PLW2901 - becomes the term's value
            sum_ += factor
        return min(sum_, MOST)


NOTHING: Final = Growth({})


def number(value: int) -> Growth:
    """Return a number that does not grow."""
    return Growth({(): value}) if value else NOTHING


@cache
def quantity(kind: str, path: str = "", field: str = "", value: str = "") -> Growth:
    """Return a quantity as a sum."""
    return Growth({(Quantity(kind, path, field, value),): 1})


def total(parts: Iterable[Growth]) -> Growth:
    """Add many sums."""
    terms: dict[Product, int] = {}
    for part in parts:
        for product, factor in part.terms.items():
            terms[product] = terms.get(product, 0) + factor
    return Growth(terms)


def _by_finer(terms: Mapping[Product, int], others: Mapping[Product, int]) -> dict[Product, int]:
    """Count in the units of the calendar in which the others count, where those are shorter: so there are fewer terms."""
    counted: dict[Product, int] = {}
    for product, factor in terms.items():
        finer = product
        for unit in _FINER:
            if finer in others:
                break
            finer = _in_units(product, unit)
        chosen = finer if finer in others else product
        counted[chosen] = counted.get(chosen, 0) + factor
    return counted


_FINER: Final = ("months", "weeks")


@cache
def _in_units(product: Product, unit: str) -> Product:
    """Return the same product with no unit of the calendar that is longer than *unit*."""
    shorter = (
        replace(one, field=unit)
        if one.kind == "calendar" and FEWEST_DAYS[one.field] > FEWEST_DAYS[unit]
        else one
        for one in product
    )
    return tuple(sorted(shorter))


def _product(left: Product, right: Product) -> Product:
    if not left or not right:
        return left or right
    whole = tuple(sorted((*left, *right)))
    return whole if len(whole) <= _MOST_FACTORS else (UNBOUNDED,)


def _degree(product: Product) -> int:
    return sum(quantity.is_list for quantity in product)


def _rank(growth: Growth) -> tuple[int, int, int]:
    return (
        max(map(len, growth.terms), default=0),
        len(growth.terms),
        sum(growth.terms.values()),
    )


@cache
def _filled(one: Quantity) -> Quantity:
    return replace(one, is_filled=True)


def _fewer(terms: Mapping[Product, int]) -> dict[Product, int]:
    """Replace all products by one that is at least as large as each: the most often that a quantity stands in any."""
    most: dict[Quantity, int] = {}
    for product in terms:
        for one, often in Counter(map(_filled, product)).items():
            most[one] = max(most.get(one, 0), often)
    whole = tuple(sorted(one for one, often in most.items() for _ in range(often)))
    kept = whole if len(whole) <= _MOST_FACTORS else (UNBOUNDED,)
    return {kept: sum(terms.values())}
