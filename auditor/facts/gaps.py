"""
Why facts are unobserved, and how a gap makes a value disappear.

A reader could take a gap for a comment. It outranks the data: a value that a gap names is removed, so that
for everything above a missing key is the only sign of "unobserved". The one exception is ``truncated``: the
elements that were read stay, and the list is open.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from auditor.documents.pointer import index_of, split

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

UNOBSERVED: Final = "unobserved"
"""The reason where the source gave none."""

TRUNCATED: Final = "truncated"
EVERY: Final = "*"
"""Token of a gap's pointer that stands for every element of a list."""


class Gaps:
    """
    The gaps of one snapshot.

    Args:
        reasons: JSON Pointer, with ``*`` for every element of a list, to the reason.
        original: Translates a pointer of the facts at hand into one of the whole snapshot, which the gaps
            speak of; None where the facts are the whole snapshot.
    """

    def __init__(
        self, reasons: Mapping[str, str], *, original: Callable[[str], str] | None = None
    ) -> None:
        self._reasons = dict(reasons)
        self._patterns = [(split(pointer), reason) for pointer, reason in sorted(reasons.items())]
        self._original = original

    def __bool__(self) -> bool:
        return bool(self._patterns)

    def also(self, reasons: Mapping[str, str]) -> Gaps:
        """Return the same gaps and some more; a gap of the source itself keeps its reason."""
        return Gaps({**reasons, **self._reasons}, original=self._original)

    def through(self, original: Callable[[str], str]) -> Gaps:
        """Return the same gaps for facts in which records were left out (see `View.original`)."""
        return Gaps(self._reasons, original=original)

    def reason_for(self, pointer: str) -> str:
        """
        Say why the fact at *pointer* is unobserved.

        Returns:
            The reason of the gap that names it or what it is part of, the most exact one first;
            ``unobserved`` where there is none. A truncated list explains its missing elements only,
            not what is missing in the elements that were read.
        """
        tokens = self._tokens(pointer)
        best: tuple[tuple[int, int], str] | None = None
        for pattern, reason in self._patterns:
            covers = len(pattern) == len(tokens) or reason != TRUNCATED
            if covers and len(pattern) <= len(tokens) and _matches(pattern, tokens):
                rank = (len(pattern), -pattern.count(EVERY))
                if best is None or rank > best[0]:
                    best = (rank, reason)
        return UNOBSERVED if best is None else best[1]

    def is_truncated(self, pointer: str) -> bool:
        """Tell whether the list at *pointer* was cut short."""
        tokens = self._tokens(pointer)
        return any(
            reason == TRUNCATED and len(pattern) == len(tokens) and _matches(pattern, tokens)
            for pattern, reason in self._patterns
        )

    def truncated(self) -> frozenset[str]:
        """Return the names of the fields whose lists were cut short, wherever they stand: ``escalations``."""
        return frozenset(
            next((part for part in reversed(pattern) if _is_name(part)), "")
            for pattern, reason in self._patterns
            if reason == TRUNCATED
        )

    def removals(self) -> list[list[str]]:
        """Return the pointers, as tokens, of all values that are to disappear."""
        return [pattern for pattern, reason in self._patterns if pattern and reason != TRUNCATED]

    def _tokens(self, pointer: str) -> list[str]:
        return split(self._original(pointer) if self._original else pointer)


def are_gaps(value: object) -> bool:
    """Tell whether *value* is a mapping of JSON Pointers to reasons, before any schema has looked at it."""
    return isinstance(value, dict) and all(_is_gap(*gap) for gap in value.items())


def _is_gap(pointer: object, reason: object) -> bool:
    try:
        return isinstance(pointer, str) and isinstance(reason, str) and bool(split(pointer))
    except ValueError:
        return False


def apply(document: dict[str, Any], gaps: Gaps) -> dict[str, Any]:
    """
    Remove every value that a gap other than ``truncated`` names.

    Returns:
        The document itself where nothing was to be removed, else a copy that shares what did not change.
    """
    for tokens in gaps.removals():
        document = _without(document, tokens)
    return document


def _without(node: Any, tokens: Sequence[str]) -> Any:  # noqa: ANN401 - any fact
    """Return *node* without the values at *tokens*; the node itself where there are none."""
    head, rest = tokens[0], tokens[1:]
    if isinstance(node, list):
        if not rest:
            return node  # an element cannot be unobserved: its list would lose count
        return _each(node, [head] if head != EVERY else [str(i) for i in range(len(node))], rest)
    if not isinstance(node, dict):
        return node
    is_every = head == EVERY and EVERY not in node
    keys = [key for key in node if is_every or key == head]
    changed: dict[str, Any] | None = None
    for key in keys:
        below = _without(node[key], rest) if rest else None
        if rest and below is node[key]:
            continue
        changed = dict(node) if changed is None else changed
        if rest:
            changed[key] = below
        else:
            del changed[key]
    return node if changed is None else changed


def _each(node: list[Any], positions: list[str], rest: Sequence[str]) -> list[Any]:
    changed = node
    for position in positions:
        index = index_of(position, len(node))
        if index is None:
            continue
        below = _without(node[index], rest)
        if below is not node[index]:
            changed = list(node) if changed is node else changed
            changed[index] = below
    return changed


def _is_name(token: str) -> bool:
    return token != EVERY and not token.isdecimal()


def _matches(pattern: Sequence[str], tokens: Sequence[str]) -> bool:
    """Tell whether the first tokens are those of the pattern."""
    return all(part in (EVERY, token) for part, token in zip(pattern, tokens, strict=False))
