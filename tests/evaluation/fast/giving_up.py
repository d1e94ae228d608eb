"""
On what the fast path gives up, when nothing hides it.

Generated code catches three kinds of exceptions, whatever raised them. Here only its own is caught, so that a
missing key which is no field, or a comparison of something else than a day with an instant, comes to light.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import pytest

from auditor.facts.instants import BareDay
from auditor.facts.types import ListType, ObjectType, unwrap
from tests.evaluation.fast.faulty import OURS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from auditor.evaluation.fast.plan import FastPlan
    from tests.evaluation.fast.corpus import Matter
    from tests.evaluation.fast.faulty import FastPath

_BROAD: Final = frozenset({"no key", "no such kind"})
"""What generated code calls the exceptions that are not its own."""
_ORDERED: Final = "an instant known only to its day has no order"
"""What such a day says when something is to be ordered with it."""


class _Never(Exception):
    """Is never raised."""


def is_expected(raised: KeyError | TypeError, fields: Collection[str]) -> bool:
    """Tell whether it is the missing key of a declared field, or what a day in an instant's place refuses."""
    if isinstance(raised, KeyError):
        return raised.args[0] in fields
    return BareDay.__name__ in str(raised) or _ORDERED in str(raised)


@contextmanager
def nothing_hidden(code: FastPath = OURS) -> Iterator[None]:
    """Let a missing key and a misfit out of generated code."""
    known = code.runtime.Runtime.function

    def function(self: Any, name: Any) -> Any:
        return _Never if name in _BROAD else known(self, name)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(code.runtime.Runtime, "function", function)
        for kind in ("KeyError", "TypeError"):
            patch.setattr(code.facts, kind, _Never, raising=False)
        yield


def what_it_gives_up_on(plan: FastPlan, matter: Matter, root: ObjectType) -> Iterator[str]:
    """
    Yield for each policy what made it give up: ``leave``, ``field``, ``day`` or ``nothing``.

    Anything else is told in full.
    """
    fields = frozenset(field_names(root))
    with nothing_hidden():
        run = plan.over(matter.facts())
        for policy in matter.exact:
            try:
                answers = run.decide(policy)
            except (KeyError, TypeError) as raised:
                if is_expected(raised, fields):
                    yield "field" if isinstance(raised, KeyError) else "day"
                else:
                    yield f"{matter.name}: {raised!r}"
            else:
                yield "nothing" if answers else "leave"


def field_names(root: ObjectType) -> Iterator[str]:
    """Yield the name of every field of a document."""
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
