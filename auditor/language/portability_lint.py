"""
What is there to say of policies that cel-python is to judge, too?

Every expression is looked at in its place, the holes of sentences among them; a word (``define``) is told once,
where it is written, and every expression that uses it says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.language.cel.diagnostics import Diagnostic
from auditor.language.policy_expressions import PlacedExpr
from auditor.language.portability import obstacles, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.language.one_policy import ReadPolicy
    from auditor.language.policy_compiler import ReadPolicies
    from auditor.language.registry import Functions
    from auditor.model.errors import PolicyError


def portability_doubts(read: ReadPolicies, functions: Functions) -> tuple[PolicyError, ...]:
    """
    Find where cel-python would answer differently or not at all, sorted by place.

    Args:
        read: The policies; of one that is wrong only what could be understood.
        functions: What expressions may call.

    Returns:
        Warnings: auditor's own engine answers all the same.
    """
    said = [error for found in read.policies for error in _Portability(found, functions).errors()]
    said.sort(key=lambda error: (error.sort_key(), error.slug))
    # A word is checked with the types of each use: of one part of it every rule speaks once.
    once = {(error.slug, error.location): error for error in reversed(said)}
    return tuple(reversed(once.values()))


class _Portability:
    """Looks at the expressions of one policy, and at the words that they use."""

    def __init__(self, read: ReadPolicy, functions: Functions) -> None:
        self._read = read
        self._functions = functions
        self._words: dict[str, list[PolicyError]] = {}
        """What is said inside each word, and inside those that it uses."""

    def errors(self) -> Iterator[PolicyError]:
        for placed in self._read.expressions:
            yield from self._of(placed)
        for said in self._words.values():
            yield from said

    def _of(self, placed: PlacedExpr) -> list[PolicyError]:
        """Return what is said in one expression; of a word in it only that it is one."""
        found = [
            placed.error(one.diagnostic()) for one in obstacles(placed.checked, self._functions)
        ]
        told: set[str] = set()
        for call, body in words(placed.checked):
            draft = self._read.words[call.function][1]
            inside = self._of(PlacedExpr(draft.body, body))
            self._words.setdefault(call.function, []).extend(inside)
            if inside and call.function not in told:
                told.add(call.function)
                message = f"the word '{call.function}' is not portable ({draft.body.location})"
                one = Diagnostic("portable-word", message, None, call.start, call.end)
                found.append(placed.error(one))
        return found
