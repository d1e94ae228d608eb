"""
How many steps a policy takes at most, as a function of the sizes of a snapshot.

One subject has a budget of its own, and finding the subjects another one. Whatever a verdict may need is
counted: a name that a policy binds once for each subject, a definition at every call, the demands twice,
because a word that stands in for a missing fact asks them again.

The bound holds where what a list is joined by (``x.field == other``) is known. Where it is not, a verdict
that rests on it is decided by the exact evaluator anyway, which counts for itself.

Source: LANGUAGE.md, section 7; docs/cost.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from auditor.facts.types import nullable
from auditor.language.attestation import ATTESTATION
from auditor.language.cost import forms, values
from auditor.language.cost.charges import STEP
from auditor.language.cost.expressions import Estimator
from auditor.language.cost.growth import NOTHING, Growth, Product, number, total
from auditor.language.headroom import make_room

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from auditor.facts.types import ObjectType
    from auditor.language.cel.checked import CheckedExpr
    from auditor.language.cost.forms import Size
    from auditor.language.cost.sizes import Sizes
    from auditor.language.plan import CompiledPolicy
    from auditor.language.registry import Functions
    from auditor.model.location import Location

SUBJECT_STEPS: Final = 20
"""Steps of a subject, or of the beginning of one, beside those of its expressions."""
_THOUSANDTHS: Final = 1_000
_TWICE: Final = number(2)


@dataclass(frozen=True, slots=True)
class Bound:
    """An upper bound of steps."""

    growth: Growth
    """In thousandths of a step."""

    def steps(self, sizes: Sizes) -> int:
        """Return the bound for one snapshot, in steps."""
        counted = {one: one.count(sizes) for one in self.growth.quantities}
        return self.growth.at(counted) // _THOUSANDTHS

    @property
    def degree(self) -> int:
        """How many lengths of lists are multiplied at most: 0 for what does not grow."""
        return self.growth.degree

    @property
    def terms(self) -> tuple[tuple[str, ...], ...]:
        """
        What it grows with, in words.

        Returns:
            The products that no other one contains, the longest first, each as the names of its factors.
        """
        return tuple(dict.fromkeys(_named(product) for product in _largest(self.growth)))

    def in_words(self) -> str:
        """Say what it grows with: ``grows with blockers x change_events, and with sprints``."""
        terms = [" x ".join(term) for term in self.terms]
        return f"grows with {', and with '.join(terms)}" if terms else "does not grow"

    def mostly(self, sizes: Sizes) -> str | None:
        """Say what most of it goes through in one snapshot: ``5,000 blockers x 20,000 change_events``."""
        counted = {one: one.count(sizes) for one in self.growth.quantities}
        products = [
            (Growth({product: factor}).at(counted), product)
            for product, factor in self.growth.terms.items()
            if any(one.is_list for one in product)
        ]
        if not products:
            return None
        product = max(products)[1]
        return " x ".join(f"{counted[one]:,} {one}" for one in product if one.is_list)


@dataclass(frozen=True, slots=True)
class Part:
    """One expression of a policy."""

    label: str
    """As a sentence names it: ``clause 2``, ``the name 'since'``, ``'when'``."""
    expression: CheckedExpr
    bound: Bound
    """Of one evaluation, without the names that it uses."""
    is_finding: bool
    """Whether it counts against the budget of finding the subjects, not against that of one subject."""
    location: Location | None
    """Where it stands; None where only the file is known."""


@dataclass(frozen=True, slots=True)
class PolicyCost:
    """What a policy can cost at most."""

    of_subject: Bound
    """One subject, in all phases."""
    of_finding: Bound
    """Finding the subjects."""
    of_all: Bound
    """Both, over all subjects: what a whole run of the policy grows with."""
    parts: tuple[Part, ...] = field(repr=False)
    """In the order in which they stand in a policy."""
    paths: frozenset[str]
    """Lists of the snapshot on which it depends; see `auditor.language.cost.sizes`."""

    def subject(self, sizes: Sizes) -> int:
        """Return the most steps that one subject takes."""
        return self.of_subject.steps(sizes)

    def finding(self, sizes: Sizes) -> int:
        """Return the most steps that finding the subjects takes."""
        return self.of_finding.steps(sizes)

    @property
    def terms(self) -> tuple[tuple[str, ...], ...]:
        """What a run of the policy grows with; see `Bound.terms`."""
        return self.of_all.terms

    @property
    def degree(self) -> int:
        """How many lengths of lists a run of the policy multiplies at most."""
        return self.of_all.degree


def policy_cost(policy: CompiledPolicy, root: ObjectType, functions: Functions) -> PolicyCost:
    """
    Derive what a policy can cost at most.

    Args:
        policy: Checked against *root*.
        root: Type of the snapshots.
        functions: What the policy can call.
    """
    make_room()
    counted = _Counted(policy, Estimator(functions, dict(_variables(policy, root))))
    finding, subjects = counted.finding()
    subject = counted.subject()
    whole = finding + subjects * subject
    quantities = whole.quantities | finding.quantities | subject.quantities
    return PolicyCost(
        Bound(subject),
        Bound(finding),
        Bound(whole),
        tuple(counted.parts),
        frozenset(one.path for one in quantities if one.path and one.kind != "calendar"),
    )


def _variables(policy: CompiledPolicy, root: ObjectType) -> Iterator[tuple[str, Size]]:
    for name, found in root.fields.items():
        yield name, forms.declared(found.type, name)
    yield "as_of", (forms.Moment(0),)
    yield "period", forms.stretch(0, None)
    yield "params", (forms.Made(tuple((n, values.of_value(v)) for n, v in sorted(policy.params))),)
    yield "attestation", forms.declared(nullable(ATTESTATION), "attestation")


class _Counted:
    """Counts the parts of one policy, in the order in which they name each other."""

    def __init__(self, policy: CompiledPolicy, estimator: Estimator) -> None:
        self.parts: list[Part] = []
        self._policy = policy
        self._estimator = estimator
        self._places = {place.name: place.at(0) for place in policy.places}

    def finding(self) -> tuple[Growth, Growth]:
        """Return the cost of finding the subjects, and how many there can be."""
        costs: list[Growth] = []
        subjects = number(1)
        for name, checked in self._policy.subjects:
            cost, size = self._part(f"the list of '{name}' in 'for'", checked, f"for/{name}")
            found = values.members(size)
            costs.append(subjects * (cost + found * number(SUBJECT_STEPS) * STEP))
            subjects = subjects * found
            self._estimator.names[name] = values.indexed(size)
        key = self._optional("'key'", self._policy.key, "key")
        return total((*costs, subjects * key)), subjects

    def subject(self) -> Growth:
        """Return the cost of one subject."""
        policy = self._policy
        costs: list[Growth] = []
        for name, checked in policy.let:
            label, place = f"the name '{name}'", f"let/{name}"
            cost, self._estimator.names[name] = self._part(label, checked, place)
            costs.append(cost)
        for place, condition in (
            ("at", policy.at),
            ("when", policy.when),
            ("due", policy.due),
            ("owner", policy.owner),
        ):
            costs.append(self._optional(f"'{place}'", condition, place))
        costs.append(self._optional("the word 'inScope'", policy.scope, "define/inScope"))
        costs.append(_TWICE * total(self._clauses()))
        return total(costs)

    def _clauses(self) -> Iterable[Growth]:
        for index, clause in enumerate(self._policy.clauses):
            yield self._part(f"clause {index + 1}", clause.that, f"require/{index}")[0]
            for part in clause.say.parts:
                if part is not None and not isinstance(part, str):
                    label, place = f"the sentence of clause {index + 1}", f"say/{index}"
                    yield self._part(label, part, place)[0]

    def _optional(self, label: str, checked: CheckedExpr | None, place: str) -> Growth:
        return NOTHING if checked is None else self._part(label, checked, place)[0]

    def _part(self, label: str, checked: CheckedExpr, place: str) -> tuple[Growth, Size]:
        cost, size = self._estimator.estimate(checked)
        is_finding = place == "key" or place.startswith("for/")
        self.parts.append(Part(label, checked, Bound(cost), is_finding, self._places.get(place)))
        return cost, size


def _largest(growth: Growth) -> list[Product]:
    """Return the products of lengths of lists that no other one contains, the longest first."""
    lists = {tuple(one for one in product if one.is_list) for product in growth.terms} - {()}
    largest: list[Product] = []
    for product in sorted(lists, key=lambda found: (-len(found), found)):
        if not any(_contains(other, product) for other in largest):
            largest.append(product)
    return largest


def _contains(larger: Product, smaller: Product) -> bool:
    return all(larger.count(one) >= smaller.count(one) for one in set(smaller))


def _named(product: Product) -> tuple[str, ...]:
    return tuple(str(one) for one in product)
