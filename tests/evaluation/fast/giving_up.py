"""
On what the fast path gives up, when nothing hides it.

Generated code catches three kinds of exceptions, whatever raised them. Here only its own is caught, so that a
missing key which is no field, or a comparison of something else than a day with an instant, comes to light.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from auditor.evaluation.fast import facts as facts_module
from auditor.evaluation.fast.leave import Leave
from auditor.evaluation.fast.runtime import Runtime
from auditor.facts.instants import BareDay
from auditor.facts.types import ListType, ObjectType, unwrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.evaluation.fast.plan import FastPlan
    from tests.evaluation.fast.corpus import Matter

_BROAD: Final = frozenset({"no key", "no such kind"})
"""What generated code calls the exceptions that are not its own."""

_ORDERED: Final = "an instant known only to its day has no order"
"""What such a day says when something is to be ordered with it."""


class _Never(Exception):  # noqa: N818 - it stands where exceptions are named
    """Is never raised."""


def what_it_gives_up_on(plan: FastPlan, matter: Matter, root: ObjectType) -> Iterator[str]:
    """
    Yield for each policy what made it give up: ``leave``, ``field``, ``day`` or ``nothing``.

    Anything else is told in full.
    """
    known = Runtime.function
    fields = frozenset(_fields(root))

    def function(self: Runtime, name: Any) -> Any:
        return _Never if name in _BROAD else known(self, name)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Runtime, "function", function)
        for kind in ("Leave", "KeyError", "TypeError"):
            patch.setattr(facts_module, kind, _Never, raising=False)
        run = plan.over(matter.facts())
        for policy in matter.exact:
            try:
                answers = run.decide(policy)
            except Leave:
                yield "leave"
            except KeyError as missing:
                (key,) = missing.args
                yield "field" if key in fields else f"{matter.name}: no key {key!r}"
            except TypeError as refused:
                yield "day" if BareDay.__name__ in str(refused) or _ORDERED in str(refused) else f"{matter.name}: {refused!r}"
            else:
                yield "nothing" if answers else "leave"


def _fields(root: ObjectType) -> Iterator[str]:
    pending, seen = [root], {id(root)}
    while pending:
        for name, field in pending.pop().fields.items():
            yield name
            found = unwrap(field.type)
            while isinstance(found, ListType):
                found = unwrap(found.element)
            if isinstance(found, ObjectType) and id(found) not in seen:
                seen.add(id(found))
                pending.append(found)
